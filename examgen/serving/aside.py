"""Work beside the event loop, in threads that nobody waits for at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


class EndedError(Exception):
    """The server ends before the work is done."""


class Bench:
    """Does one piece of work at a time.

    A pool of threads is waited for when a program ends; here Ctrl-C in the middle of a long check
    ends it at once.
    """

    def __init__(self) -> None:
        self._free = asyncio.Lock()
        self._doing: asyncio.Future[object] | None = None
        self._ended = False

    async def run(self, task: Callable[[], T]) -> T:
        """What a task returns or raises. Raises EndedError when the bench is closed before."""
        async with self._free:
            if self._ended:
                raise EndedError
            loop = asyncio.get_running_loop()
            done: asyncio.Future[T] = loop.create_future()

            def work() -> None:
                try:
                    result = task()
                except Exception as error:
                    _tell(loop, done, error=error)
                else:
                    _tell(loop, done, result=result)

            self._doing = done  # type: ignore[assignment]  # any kind of work
            Thread(target=work, daemon=True).start()
            return await done

    def close(self) -> None:
        """Let those go who wait."""
        self._ended = True
        if self._doing is not None and not self._doing.done():
            self._doing.set_exception(EndedError())


def _tell(
    loop: asyncio.AbstractEventLoop,
    done: asyncio.Future[T],
    result: T | None = None,
    error: Exception | None = None,
) -> None:
    """Settle a future from another thread; nobody may be there any more."""

    def settle() -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # a T: there was no error

    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)
