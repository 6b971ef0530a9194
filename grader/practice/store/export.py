"""All that is kept of a student, as JSON; and its erasure.

The document, version 1, is a mapping:

    format      "examgen-practice"
    version     1
    settings    by name, all text: exam (a date), language, seed (of the variants drawn), stock
    numbers     by question, the number of its next variant
    standings   by skill: due, last, begun, learned, mastered (times and dates, or null), rounds,
                missed, and of FSRS stability (days), difficulty (1 to 10), state (1 learning, 2
                review, 3 relearning)
    rounds      a list, first to last: id, begun, closed (null if open), task, attempts, hints (by
                slot, steps shown), passed (slots left as they were), grades (by skill: right,
                helped, missed)
    task        question, fingerprint (of its template), structure, numbers (pairs of name and
                exact fraction), asked (slots), skill, mixed
    attempts    slot, response (verbatim), at, feedback: verdict, reason, note, column, mistakes,
                follows, trail

Times are ISO 8601 with the zone they were written in.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from examgen.errors import ExamgenError, Problem
from grader.practice.store import codec, places, schema
from grader.practice.store.connections import SIGNATURE
from grader.practice.store.notes import in_words
from grader.practice.store.store import Store
from grader.practice.values import Attempt, Round

FORMAT = "examgen-practice"
VERSION = 1


def export_data(store: Store) -> str:
    """Everything in the progress file as JSON; what it tells is said at the top of this module."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "settings": store.settings(),
        "numbers": store.numbers(),
        "standings": {
            skill: codec.standing_fields(one) for skill, one in store.standings().items()
        },
        "rounds": [_round(one) for one in store.rounds()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _round(one: Round) -> dict[str, Any]:
    return {
        "id": one.id,
        "begun": one.begun.isoformat(),
        "closed": one.closed and one.closed.isoformat(),
        "task": codec.task_fields(one.task),
        "attempts": [_attempt(each) for each in one.attempts],
        "hints": dict(one.hints),
        "passed": sorted(one.passed),
        "grades": dict(one.grades),
    }


def _attempt(one: Attempt) -> dict[str, Any]:
    return {
        "slot": one.slot,
        "response": one.response,
        "at": one.at.isoformat(),
        "feedback": codec.feedback_fields(one.feedback),
    }


def check_elsewhere(store: Store, target: Path) -> None:
    """Raises ExamgenError where writing to `target` would destroy a file of the progress itself."""
    kept = [one.resolve() for one in places.everything(store.path)]
    if target.resolve() in kept:
        raise ExamgenError(Problem("your progress itself is kept here", file=str(target)))


def erase(path: Path | None = None) -> tuple[Path, ...]:
    """Delete the progress file, its backups and what was set aside; which files those were.

    Raises ExamgenError if the file is another program's, or a file cannot be deleted.
    """
    path = path or places.default_path()
    with in_words(path):
        if path.is_file() and not _may_be_ours(path):
            raise ExamgenError(Problem("this is no file with progress of practice", file=str(path)))
        files = [*places.everything(places.real(path)), *([path] if path.is_symlink() else [])]
        for one in files:
            one.unlink(missing_ok=True)
    return tuple(files)


def _may_be_ours(path: Path) -> bool:
    """Whether a file has our mark, or no content; one with a damaged first page has neither."""
    with path.open("rb") as handle:
        head = handle.read(72)
    mark = int.from_bytes(head[68:], "big")
    return not head or (head.startswith(SIGNATURE) and mark == schema.APPLICATION_ID)
