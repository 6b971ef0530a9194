"""Tasks on one process and on several."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from examgen.errors import ExamgenError
from examgen.work import in_order, run


def double(number: int) -> int:
    """Twice the number."""
    return 2 * number


def slow_at_first(number: int) -> int:
    """The number, the first ones later than the next."""
    time.sleep(0.02 * (number < 3))
    return number


class Lazily(list[int]):
    """As many items as are asked for."""

    def __init__(self, items: Iterator[int]) -> None:
        super().__init__([0, 0])
        self.items = items

    def __iter__(self) -> Iterator[int]:
        return self.items


def process(_: int) -> int:
    """Who does it."""
    return os.getpid()


def fail(number: int) -> int:
    """A task with a problem."""
    raise ExamgenError(f"number {number}")


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_every_task_is_done_once(jobs: int) -> None:
    """In whatever order, on however many processes."""
    assert sorted(run([partial(double, n) for n in range(7)], jobs)) == list(range(0, 14, 2))
    assert list(run([], jobs)) == []


def test_one_job_or_one_task_stays_here() -> None:
    """A process is started only where there is something to share."""
    assert set(run([partial(process, 0)], 4)) == {os.getpid()}
    assert set(run([partial(process, n) for n in range(3)], 1)) == {os.getpid()}
    assert os.getpid() not in set(run([partial(process, n) for n in range(3)], 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_problem_of_a_task_is_raised(jobs: int) -> None:
    """As itself, whichever process met it."""
    with pytest.raises(ExamgenError, match="number 1"):
        list(run([partial(double, 0), partial(fail, 1)], jobs))


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    """Even of those that take long at first."""
    assert list(in_order(slow_at_first, range(20), jobs)) == list(range(20))
    assert list(in_order(double, [], jobs)) == []
    with pytest.raises(ExamgenError, match="number 0"):
        list(in_order(fail, range(20), jobs))


def test_not_much_is_begun_before_results_are_taken() -> None:
    """Or they would pile up, and memory would grow with the class."""
    begun = []

    def numbers() -> Iterator[int]:
        for number in range(50):
            begun.append(number)
            yield number

    for count, _ in enumerate(in_order(double, Lazily(numbers()), 2), start=1):
        assert len(begun) <= count + 7
    assert len(begun) == 50


def test_collections_of_garbage_are_as_usual_afterwards() -> None:
    """They are rarer while pages are made in this process."""
    ours, usual = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*usual)
    try:
        results = in_order(lambda _: gc.get_threshold(), [0], 1)
        assert next(results)[0] > usual[0]
        assert list(results) == []
        assert gc.get_threshold() == usual
    finally:
        gc.set_threshold(*ours)


INTERRUPTED = """
import os, signal, time
from examgen.work import run

def work():
    os.write(1, b"begun\\n")  # in one piece: print writes a word and its end apart
    time.sleep(600)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs the tests may ignore it
    try:
        list(run([work] * 5, 2))
    except KeyboardInterrupt:
        print("ended", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are POSIX")
def test_ctrl_c_ends_the_workers_without_a_word(tmp_path: Path) -> None:
    """It reaches the whole process group; only the parent speaks, and no task is waited for."""
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert [running.stdout.readline() for _ in range(2)] == ["begun\n", "begun\n"]
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=120)
    assert (running.returncode, out, err) == (0, "ended\n", "")
