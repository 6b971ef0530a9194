"""Which part of which question trains a skill next: a fresh one, or after a miss the same again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256

from grader.practice.schedule import Choice, Done
from grader.practice.skills.catalogue import Catalogue, PartEntry
from grader.practice.values import GOOD, Round

USUAL_SIZE = 4
"""Quantities that a part works out for a new skill: enough to see the point of it."""

LONG = 9
"""More of them than in that a part tires; it is asked only where no other trains the skill."""


def part_for(
    choice: Choice,
    catalogue: Catalogue,
    begun: Collection[str],
    recent: Sequence[Done],
    last: Round | None,
    seed: int,
) -> PartEntry:
    """The part that is asked for a choice; one of those that train its skill.

    begun: the skills that are no news. recent: the rounds of the last days. last: the last round;
    after a miss the part of it comes again where the skill was missed. Otherwise one with little
    else that is new, not a long one, about the skill in most of its answers where the skill is
    announced, of a question that was seen seldom, seldom asked itself, of a usual length for a
    skill that is new, and of equals any, by a hash of the seed and of how often.
    """
    parts = catalogue.parts_for(choice.skill)
    assert parts, f"bug: nothing trains {choice.skill}"
    if choice.reason == "again" and last is not None:
        same = [one for one in parts if _is_part(one, last)]
        if same:
            return max(same, key=lambda one: _slips(one, last, choice.skill))
    seen = Counter(done.question for done in recent)
    asked = Counter((done.question, slot) for done in recent for slot in done.asked)
    known = {choice.skill, *begun}

    def rank(one: PartEntry) -> tuple[int, bool, bool, int, int, int, bytes]:
        news = len(set(one.skills) - known)
        length = abs(one.size - USUAL_SIZE) if choice.skill not in begun else 0
        often = asked[one.question, one.slots[0][0]]
        lot = _lot(one, seed, len(recent))
        aside = not choice.mixed and not _is_about(one, choice.skill)
        return news, one.size > LONG, aside, seen[one.question], often, length, lot

    return min(parts, key=rank)


def _is_about(one: PartEntry, skill: str) -> bool:
    """Whether most answers to a part train a skill."""
    return 2 * sum(skill in skills for _, skills in one.slots) > len(one.slots)


def _is_part(one: PartEntry, last: Round) -> bool:
    """Whether a round asked a part, alone or among others."""
    task = last.task
    if (one.question, one.structure) != (task.question, task.structure):
        return False
    return {slot for slot, _ in one.slots} <= set(task.asked)


def _slips(one: PartEntry, last: Round, skill: str) -> int:
    """In how many answers to a part a skill was asked and the first was not a good one."""
    first = (last.first(slot) for slot, skills in one.slots if skill in skills)
    return sum(one is None or one.feedback.verdict not in GOOD for one in first)


def _lot(one: PartEntry, seed: int, rounds: int) -> bytes:
    """What decides among equals: by chance, but the same whenever it is asked."""
    return sha256(f"{seed} {rounds} {one.question} {one.structure} {one.label}".encode()).digest()


def question_for(questions: Sequence[str], recent: Sequence[Done]) -> str:
    """Of the questions that the student chose the one that was asked longest ago."""
    order = [done.question for done in recent]
    return min(questions, key=lambda one: _last(order, one))


def _last(order: Sequence[str], question: str) -> int:
    """The place of its last round, -1 if there was none."""
    return max((place for place, name in enumerate(order) if name == question), default=-1)
