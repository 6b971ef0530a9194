"""Tasks on one process and on several."""

from __future__ import annotations

import os
from functools import partial

import pytest

from examgen.errors import ExamgenError
from examgen.work import run


def double(number: int) -> int:
    """Twice the number."""
    return 2 * number


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
