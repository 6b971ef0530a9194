"""Which part of which question trains a skill next: a fresh one, or after a miss the same again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256

from grader.practice.catalogue import Catalogue, PartEntry
from grader.practice.schedule import Choice, Done
from grader.practice.values import Task

USUAL_SIZE = 6
"""Quantities that a part works out: enough to see the point, not so many as to tire."""


def part_for(
    choice: Choice,
    catalogue: Catalogue,
    begun: Collection[str],
    recent: Sequence[Done],
    last: Task | None,
    seed: int,
) -> PartEntry:
    """The part that is asked for a choice; one of those that train its skill.

    begun: the skills that are no news. recent: the rounds of the last days. last: what the last
    round asked; after a miss the same part comes again if it trains the skill. Otherwise one with
    little else that is new, of a question that was seen seldom, of a usual length for a skill that
    is new, and of equals any, by a hash of the seed and of how often.
    """
    parts = catalogue.parts_for(choice.skill)
    assert parts, f"bug: nothing trains {choice.skill}"
    if choice.reason == "again" and (same := [one for one in parts if _is_part(one, last)]):
        return same[0]
    seen = Counter(done.question for done in recent)
    known = {choice.skill, *begun}

    def rank(one: PartEntry) -> tuple[int, int, int, bytes]:
        news = len(set(one.skills) - known)
        length = abs(one.size - USUAL_SIZE) if choice.skill not in begun else 0
        return news, seen[one.question], length, _mixed(one, seed, len(recent))

    return min(parts, key=rank)


def _is_part(one: PartEntry, task: Task | None) -> bool:
    """Whether a task asked a part, alone or among others."""
    if task is None or (one.question, one.structure) != (task.question, task.structure):
        return False
    return {slot for slot, _ in one.slots} <= set(task.asked)


def _mixed(one: PartEntry, seed: int, rounds: int) -> bytes:
    return sha256(f"{seed} {rounds} {one.question} {one.structure} {one.label}".encode()).digest()


def question_for(questions: Sequence[str], recent: Sequence[Done]) -> str:
    """Of the questions that the student chose the one that was asked longest ago."""
    order = [done.question for done in recent]
    return min(questions, key=lambda one: _last(order, one))


def _last(order: Sequence[str], question: str) -> int:
    """The place of its last round, -1 if there was none."""
    return max((place for place, name in enumerate(order) if name == question), default=-1)
