"""Independent tasks on several processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Pipe, parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def run(tasks: Sequence[Callable[[], Result]], jobs: int) -> Iterator[Result]:
    """The results in the order in which they come; tasks must survive pickling for `jobs` > 1.

    The first exception of a task is raised, and what has not begun by then is left undone. On
    Ctrl-C, or where no more results are asked for, so is what has begun.
    """
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield task()
        return
    told, tell = Pipe(duplex=False)
    with told, tell, ProcessPoolExecutor(jobs, initializer=_obey, initargs=(told,)) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException as error:
            if not isinstance(error, Exception):
                tell.send_bytes(b"end")
            pool.shutdown(cancel_futures=True)
            raise


def _obey(told: Connection) -> None:
    """Let a worker end when the parent says so, or is killed, and not of its own accord.

    Ctrl-C reaches all processes at once: without this each worker would print a traceback.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None, "bug: no worker"

    def watch() -> None:
        wait([parent.sentinel, told])  # nobody reads what is told, so that every worker sees it
        os._exit(1)

    Thread(target=watch, daemon=True).start()
