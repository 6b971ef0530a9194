"""Which part is asked for a skill: short ones, about it, fresh ones; after a slip the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from grader.practice.picking import LONG, part_for, question_for
from grader.practice.schedule import Choice, Done
from grader.practice.skills.catalogue import Catalogue, PartEntry, bank_catalogue
from grader.practice.values import Attempt, Feedback, Judged, Round, Task

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
NEW, DUE = Choice("paths", False, "new"), Choice("paths", True, "due")
AGAIN = Choice("paths", False, "again")


def part(
    question: str, label: str = "a", size: int = 4, skills: str = "paths", others: int = 0
) -> PartEntry:
    """A part with one slot of some skills, and others of the chain rule."""
    own = tuple(skills.split())
    slots = ((f"{label}0", own), *((f"{label}{n + 1}", ("chain",)) for n in range(others)))
    return PartEntry(question, 0, label, slots, (*own, "chain") if others else own, size)


def picked(
    *parts: PartEntry,
    choice: Choice = NEW,
    begun: tuple[str, ...] = ("chain",),
    recent: tuple[Done, ...] = (),
    last: Round | None = None,
    seed: int = 1,
) -> str:
    """Question and label of what is picked."""
    found = part_for(choice, Catalogue(parts), begun, recent, last, seed)
    return f"{found.question} {found.label}"


def done(question: str, *asked: str) -> Done:
    """A round that was done before."""
    return Done(1, question, "paths", False, NOW, date(2026, 3, 1), False, (), asked)


def played(question: str, verdicts: Mapping[str, Judged]) -> Round:
    """A round with the first answers to its slots."""
    task = Task(question, "f", 0, (), tuple(verdicts))
    said = (Attempt(slot, "1", Feedback(slot, one), NOW) for slot, one in verdicts.items())
    return Round(1, task, NOW, tuple(said))


def test_little_else_is_new() -> None:
    """A skill that was not begun waits for its turn."""
    assert picked(part("q", skills="paths derive"), part("r", others=1)) == "r a"


@pytest.mark.parametrize("choice", [NEW, DUE])
def test_long_parts_are_asked_where_no_other_trains_the_skill(choice: Choice) -> None:
    """A round is no exam."""
    seen = (done("r", "a0"),)
    long, short = part("q", size=LONG + 1), part("r", size=LONG)
    assert picked(long, short, choice=choice, recent=seen) == "r a"
    assert picked(part("q", size=LONG + 1), choice=choice) == "q a"


def test_what_is_announced_is_asked_in_most_answers() -> None:
    """A mixed round may ask it beside other things, so that more parts take part."""
    aside, about = part("q", others=1), part("r", size=9)
    assert picked(aside, about) == "r a"
    seen = (done("r", "a0"),)
    assert picked(aside, about, choice=DUE, begun=("chain", "paths"), recent=seen) == "q a"


def test_a_new_skill_begins_with_a_part_of_usual_length() -> None:
    """Neither a trifle nor a burden."""
    assert picked(part("q", size=1), part("r", size=4), part("s", size=8)) == "r a"


def test_questions_and_parts_that_were_seldom_seen_come_first() -> None:
    """The same part every day would be learnt by heart."""
    two = (part("q", "a"), part("q", "b"), part("r", "a"))
    assert picked(*two, recent=(done("q", "a0"),), choice=DUE) == "r a"
    seen = (done("q", "b0"), done("r", "a0"), done("r", "a0"))
    assert picked(*two, recent=seen, choice=DUE) == "q a"


def test_after_a_miss_the_part_comes_again_where_it_was_missed() -> None:
    """Of a whole question not the first that trains the skill."""
    parts = (part("q", "a"), part("q", "b"), part("r", "a"))
    last = played("q", {"a0": "right", "b0": "wrong"})
    assert picked(*parts, choice=AGAIN, last=last) == "q b"
    other = played("s", {"a0": "wrong"})
    assert picked(*parts, choice=AGAIN, last=other, recent=(done("q", "a0"),)) == "r a"


def test_equals_are_mixed_by_the_seed() -> None:
    """Not all students begin with the same question."""
    parts = tuple(part(name) for name in "pqrstu")
    assert len({picked(*parts, seed=seed) for seed in range(20)}) > 2


def test_every_skill_of_the_bank_begins_with_a_short_part() -> None:
    """But where there is none: each with what comes before it begun."""
    bank = bank_catalogue()
    sizes = {}
    for place, skill in enumerate(bank.skills):
        choice = Choice(skill, False, "new")
        found = part_for(choice, bank, bank.skills[:place], (), None, 1)
        sizes[skill] = found.size
        assert len(found.slots) <= 6
    assert max(sizes.values()) <= LONG


def test_whole_questions_come_in_turn() -> None:
    """The one that was asked longest ago."""
    assert question_for(("q", "r"), ()) == "q"
    assert question_for(("q", "r"), (done("q"),)) == "r"
    assert question_for(("q", "r"), (done("q"), done("r"))) == "q"
