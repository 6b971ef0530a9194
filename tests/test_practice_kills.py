"""Killed at any moment, a student has lost no answer that was taken, and the file opens."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import killed_store
import pytest

KILLS = 200
GROUPS = 4
"""Groups of students, each with a file of their own, who are killed at the same time."""


def started(path: Path) -> subprocess.Popen[str]:
    """A program that kills its share of the students."""
    command = [sys.executable, killed_store.__file__, str(path), str(KILLS // GROUPS)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_no_answer_is_lost_and_the_file_opens_after_200_kills(tmp_path: Path) -> None:
    """Every answer that was said to be kept is there; many were killed in a transaction."""
    running = [started(tmp_path / f"progress-{number}.sqlite3") for number in range(GROUPS)]
    results = []
    for one in running:
        out, error = one.communicate(timeout=300)
        assert one.returncode == 0, error
        results.append(json.loads(out))
    assert [one["lost"] for one in results] == [[]] * GROUPS
    assert sum(one["said"] for one in results) >= KILLS // 2
    assert sum(one["midst"] for one in results) >= KILLS // 20
