"""Students who are killed while they answer: run as a program, it prints what became of them.

    python tests/killed_store.py FILE KILLS

KILLS times: a child answers round after round, and says each answer once it is kept; it is killed
with SIGKILL at a random moment; then the file is looked at. What a process has written outlives
it, so nobody waits for the disk here, as they do against a loss of power.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.practice.schedule import reviewed
from grader.practice.store import connections, open_store
from grader.practice.values import Attempt, Feedback, Task

NOW = datetime(2026, 5, 4, 17, 0, tzinfo=UTC)


def answer_for_ever(path: Path, said: int, name: str) -> None:
    """Begin rounds, answer and end them; every response is another."""
    with open_store(path, NOW) as store:
        for number in range(10**9):
            response = f"{name}-{number}"
            task = Task("q", "f", 0, (("w", "1/2"),), ("a",), "chain", False)
            one = store.begin(task, NOW)
            store.attempted(one.id, [Attempt("a", response, Feedback("a", "right"), NOW)])
            os.write(said, f"{one.id} {response}\n".encode())
            now = NOW + timedelta(seconds=number % 9999)
            standing = reviewed(store.standings().get("chain"), "chain", "right", False, now)
            store.closed(one.id, {"chain": "right"}, [standing], now)


def killed(path: Path, name: str, moment: float, early: bool) -> list[str]:
    """What a child said before it was killed, `moment` seconds after it began or first spoke."""
    reading, said = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        answer_for_ever(path, said, name)
        os._exit(1)
    os.close(said)
    if not early:
        select.select([reading], [], [], 120)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        return pipe.read().splitlines()


def kept(path: Path) -> set[str]:
    """The answers in a file; it opens, nothing in it had to be mended, and it is sound."""
    with open_store(path, NOW) as store:
        assert store.notes == (), store.notes
        assert len(store.standings()) == min(1, len(store.days()))
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = connection.execute("SELECT round, response FROM attempts").fetchall()
    connection.close()
    return {f"{number} {response}" for number, response in found}


def main(path: Path, kills: int) -> None:
    """Kill, look, and print what was said, what lost, and how often a transaction was cut off."""
    connections.SYNCHRONOUS = "OFF"
    chance = random.Random(path.name)
    told: set[str] = set()
    midst, lost = 0, set[str]()
    for number in range(kills):
        early = number % 4 == 0  # in the midst of opening, now and then
        told |= {*killed(path, str(number), chance.uniform(0, 0.02 if early else 0.008), early)}
        midst += Path(f"{path}-journal").exists()
        lost |= told - kept(path)
    print(json.dumps({"said": len(told), "midst": midst, "lost": sorted(lost)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
