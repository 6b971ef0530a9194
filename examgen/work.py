"""Independent tasks on several processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def run(tasks: Sequence[Callable[[], Result]], jobs: int) -> Iterator[Result]:
    """The results in the order in which they come; tasks must survive pickling for `jobs` > 1.

    The first exception of a task is raised, and what has not begun by then is left undone.
    """
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield task()
        return
    with ProcessPoolExecutor(jobs, initializer=_end_with_parent) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _end_with_parent() -> None:
    """Watch the parent from a worker: one that is killed must not leave its workers behind."""
    parent = parent_process()
    assert parent is not None, "bug: no worker"

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()
