"""A template file under its author's pen: what it says now, and what is made of that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from examgen.check.report import QUICK, Report, check
from examgen.preview.look import Look, Reading, Source, Wanted, look, reading, source
from examgen.serving.aside import Bench

T = TypeVar("T")

SETTLES = 0.1
"""Seconds after which a file that has changed must be the same still.

An editor may empty a file before it writes it, or take it away before it puts a new one there.
"""

_LONGEST_WRITE = 20  # times SETTLES


class Desk:
    """One file; all of its methods run in one event loop.

    The file is read, which is cheap, whenever somebody asks: that works for every editor and every
    disk. Drawing and checking have a thread each, so that neither keeps the page waiting. What was
    made of a file that has been saved since is dropped, and made anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = 0
        self._source = Source("", ())
        self._now = self._good = Reading(self._source)
        self._reading = asyncio.Lock()
        self._drawing, self._checking = Bench(), Bench()
        self._report: tuple[int, Report | None] = (-1, None)

    async def refresh(self) -> int:
        """Read the file; the number of what it says, which rises whenever that changes."""
        async with self._reading:
            found = source(self.path)
            if self.version and found == self._source:
                return self.version
            self._source = await self._settled(found)
            self.version += 1
            return self.version

    async def _settled(self, found: Source) -> Source:
        """What a file that is being written says in the end."""
        for _ in range(_LONGEST_WRITE):
            await asyncio.sleep(SETTLES)
            before, found = found, source(self.path)
            if found == before:
                break
        return found

    async def look(self, wanted: Wanted) -> tuple[int, Look]:
        """The file as it is now, and its number."""
        await self.refresh()

        async def drawn() -> Look:
            now = await self._read()
            task = partial(look, self.path.name, now, self._good, wanted)
            found = await self._drawing.run(task)
            if found.question is not None and not found.stale:
                self._good = now
            return found

        return await self._newest(drawn)

    async def check(self) -> tuple[int, Report | None]:
        """The file's number, and a quick check of it, worked out once; None where it is faulty."""
        await self.refresh()

        async def judged() -> Report | None:
            number, known = self._report
            if number == self.version:
                return known
            now = await self._read()
            if not now.templates:
                return None
            return await self._checking.run(partial(check, now.templates, QUICK))

        self._report = await self._newest(judged)
        return self._report

    async def _read(self) -> Reading:
        """The templates of the file as it is now."""
        if self._now.source is not self._source:
            self._now = await self._drawing.run(partial(reading, self._source, self.path.name))
        return self._now

    async def _newest(self, make: Callable[[], Awaitable[T]]) -> tuple[int, T]:
        """What was made while nobody saved the file."""
        while True:
            number = self.version
            made = await make()
            if number == self.version:
                return number, made

    def close(self) -> None:
        """Let everybody go who waits."""
        self._drawing.close()
        self._checking.close()
