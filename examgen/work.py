"""Independent tasks on several processes."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import Pipe, parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 3  # items a process that are begun before the results of earlier ones were taken
_GARBAGE = (50_000, 20, 50)  # pages are trees of small objects, which hold no cycles

_task: Callable[[Any], Any]  # of a process that was started by `in_order`


def run(tasks: Sequence[Callable[[], Result]], jobs: int) -> Iterator[Result]:
    """The results in the order in which they come; tasks must survive pickling for `jobs` > 1.

    The first exception of a task is raised, and what has not begun by then is left undone. On
    Ctrl-C, or where no more results are asked for, so is what has begun.
    """
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield task()
        return
    with _pool(jobs) as pool:
        for future in as_completed([pool.submit(task) for task in tasks]):
            yield future.result()


def in_order(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """The task's result of every item, in their order; problems are dealt with as by `run`.

    Each process is given the task once, however large it is. Not many more items are begun than
    results were taken, so that these do not pile up.
    """
    if jobs == 1 or len(items) < 2:
        with seldom_collected():
            yield from map(task, items)
        return
    with _pool(jobs, task) as pool:
        begun: deque[Future[Result]] = deque()
        for item in items:
            begun.append(pool.submit(_do, item))
            if len(begun) > _AHEAD * jobs:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def _do(item: Any) -> Any:
    return _task(item)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles of garbage less often than usual, which takes a tenth of all time."""
    usual = gc.get_threshold()
    gc.set_threshold(*_GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _pool(jobs: int, task: Callable[[Any], Any] | None = None) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this one, and on Ctrl-C."""
    told, tell = Pipe(duplex=False)
    with told, tell, ProcessPoolExecutor(jobs, initializer=_begin, initargs=(told, task)) as pool:
        try:
            yield pool
        except BaseException as error:
            if not isinstance(error, Exception):
                tell.send_bytes(b"end")
            pool.shutdown(cancel_futures=True)
            raise


def _begin(told: Connection, task: Callable[[Any], Any] | None) -> None:
    """Let a worker end when the parent says so, or is killed, and not of its own accord.

    Ctrl-C reaches all processes at once: without this each worker would print a traceback.
    """
    global _task
    if task is not None:
        _task = task
    gc.freeze()  # what came with the fork is never garbage
    gc.set_threshold(*_GARBAGE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None, "bug: no worker"

    def watch() -> None:
        wait([parent.sentinel, told])  # nobody reads what is told, so that every worker sees it
        os._exit(1)

    Thread(target=watch, daemon=True).start()
