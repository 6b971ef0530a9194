"""How a round went for each skill that it trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from examgen.misconceptions import DECLARED, TABLE
from grader.practice.skills import SKILLS
from grader.practice.skills.grades import ABOUT, grades, most_specific
from grader.practice.values import Attempt, Feedback, Grade, Judged, Round, Task

NOW = datetime(2026, 5, 4, 10)
SKILLS_OF = {
    "h": ("forward", "activation"),
    "z": ("forward",),
    **dict.fromkeys(("z1", "z2", "z3", "z4"), ("forward",)),
    "dh": ("chain", "paths"),
    "dz": ("slope:relu",),
    "dw": ("chain",),
    "all": ("chain", "slope:relu", "paths"),
    "sum": ("shared:time",),
    "new": ("update:sgd",),
    "formula": ("paths", "derive"),
}


@dataclass
class Played:
    """A round in the making."""

    asked: tuple[str, ...]
    attempts: list[Attempt] = field(default_factory=list)
    hints: dict[str, int] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)

    def says(self, slot: str, verdict: Judged, *mistakes: str, coarse: bool = False) -> Played:
        """One more answer, and what was said of it."""
        feedback = Feedback(slot, verdict, mistakes=mistakes, coarse=coarse)
        self.attempts.append(Attempt(slot, "1", feedback, NOW))
        return self

    def hinted(self, slot: str, steps: int = 1) -> Played:
        """Steps of the derivation were shown."""
        self.hints[slot] = steps
        return self

    def leaves(self, slot: str) -> Played:
        """The student goes on without this answer."""
        self.passed.add(slot)
        return self

    @property
    def grades(self) -> dict[str, Grade]:
        """The grades of the round as it is now."""
        task = Task("q", "f", 0, (), self.asked)
        one = Round(1, task, NOW, tuple(self.attempts), self.hints, frozenset(self.passed))
        return grades(one, SKILLS_OF)


def played(*asked: str) -> Played:
    """A round that asks some slots."""
    return Played(asked)


# --- right ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["right", "rounded", "follows"])
def test_a_good_first_answer_is_right_for_all_skills_of_its_slot(verdict: Judged) -> None:
    """What follows from an earlier slip was done right."""
    found = played("dh").says("dh", verdict).grades
    assert found == {"chain": "right", "paths": "right"}


def test_hints_make_it_helped() -> None:
    """Of the hinted slot alone; and of a skill of two slots the worse counts."""
    found = played("dz", "dw", "dh").says("dz", "right").says("dw", "right").says("dh", "right")
    assert found.hinted("dh").grades == {
        "chain": "helped", "slope:relu": "right", "paths": "helped",
    }  # fmt: skip


def test_too_few_decimals_are_no_miss() -> None:
    """The next answer is graded; only who leaves it at that has none that is right."""
    coarse = played("dw").says("dw", "wrong", coarse=True)
    assert coarse.says("dw", "right").grades == {"chain": "right"}
    erred = played("dw").says("dw", "wrong", coarse=True).says("dw", "mistake", "loss_sign")
    left = played("dw").says("dw", "wrong", coarse=True).leaves("dw")
    assert erred.grades == left.grades == {"chain": "missed"}


def test_missed_is_worse_than_helped() -> None:
    """One slot of a skill was right with a hint, another wrong."""
    found = played("dz", "all").says("dz", "right").hinted("dz")
    assert found.says("all", "mistake", "relu_deriv_ignored").grades == {"slope:relu": "missed"}


def test_an_answer_that_could_not_be_read_is_no_answer() -> None:
    """What is graded is the first that could be."""
    found = played("dz").says("dz", "unreadable").says("dz", "right").grades
    assert found == {"slope:relu": "right"}


def test_only_the_first_answer_counts() -> None:
    """What came after a correction tells nothing."""
    assert played("dz").says("dz", "wrong").says("dz", "right").grades == {"slope:relu": "missed"}


def test_grades_are_in_teaching_order() -> None:
    """As the other lists of skills are."""
    found = played("new", "dz", "z").says("new", "right").says("dz", "wrong").says("z", "right")
    assert list(found.grades) == ["forward", "slope:relu", "update:sgd"]


# --- named mistakes ---------------------------------------------------------------------------


def test_a_named_mistake_is_charged_to_its_skill_and_spares_the_others() -> None:
    """A forgotten slope says nothing of the paths, for or against."""
    found = played("all").says("all", "mistake", "relu_deriv_ignored").grades
    assert found == {"slope:relu": "missed"}
    found = played("all").says("all", "mistake", "path_forgotten").grades
    assert found == {"paths": "missed"}


def test_other_slots_tell_of_the_skills_that_were_spared() -> None:
    """The chain rule was right elsewhere."""
    found = played("dw", "all").says("dw", "right").says("all", "mistake", "relu_deriv_ignored")
    assert found.grades == {"chain": "right", "slope:relu": "missed"}


def test_a_missed_skill_stays_missed_where_it_was_right_elsewhere() -> None:
    """By a named mistake the worst counts."""
    found = played("dz", "all").says("dz", "right").says("all", "mistake", "relu_deriv_ignored")
    assert found.grades["slope:relu"] == "missed"


def test_a_mistake_in_what_a_skill_builds_upon_is_charged_there() -> None:
    """A factor forgotten in a sum over paths is a slip in the chain rule, not in the sum."""
    found = played("formula").says("formula", "mistake", "weight_factor_dropped").grades
    assert found == {"chain": "missed"}


def test_mistakes_that_cannot_be_told_apart_are_all_charged() -> None:
    """Both lead to the number that was given."""
    found = played("all").says("all", "mistake", "relu_deriv_ignored", "path_forgotten").grades
    assert found == {"slope:relu": "missed", "paths": "missed"}


@pytest.mark.parametrize("name", ["an_authors_own", "bce_sign"])
def test_mistakes_about_nothing_in_the_slot_count_as_wrong(name: str) -> None:
    """An author's own has no skill; the most specific ones are meant."""
    assert played("dz").says("dz", "mistake", name).grades == {"slope:relu": "missed"}
    assert played("h").says("h", "mistake", name).grades == {"activation": "missed"}


def test_an_own_mistake_and_a_known_one_are_charged_to_the_known() -> None:
    """What has a skill tells more."""
    found = played("all").says("all", "mistake", "an_authors_own", "relu_deriv_ignored").grades
    assert found == {"slope:relu": "missed"}


# --- wrong without a name ---------------------------------------------------------------------


def test_a_wrong_answer_is_charged_to_the_most_specific_skills() -> None:
    """Not to what these build upon."""
    assert played("h").says("h", "wrong").grades == {"activation": "missed"}
    assert played("z").says("z", "wrong").grades == {"forward": "missed"}
    found = played("all").says("all", "wrong").grades
    assert found == {"slope:relu": "missed", "paths": "missed"}


def test_a_skill_that_was_right_elsewhere_is_not_suspected() -> None:
    """If the slope was right in its own slot, it was the paths."""
    found = played("dz", "all").says("dz", "right").says("all", "wrong").grades
    assert found == {"slope:relu": "right", "paths": "missed"}


def test_where_all_were_right_elsewhere_all_are_suspected() -> None:
    """Something was wrong, so the worst counts."""
    found = played("dz", "dh", "all").says("dz", "right").says("dh", "right").says("all", "wrong")
    assert found.grades == {"chain": "right", "slope:relu": "missed", "paths": "missed"}


def mended(*first: Judged) -> Played:
    """A round of four sums of which some were wrong at first."""
    slots = ("z1", "z2", "z3", "z4")
    found = played(*slots)
    for slot, verdict in zip(slots, first, strict=True):
        found.says(slot, verdict)
        if verdict != "right":
            found.says(slot, "right")
    return found


def test_a_slip_among_several_answers_is_no_miss() -> None:
    """One in three that was mended without being told how; more than that are no slips."""
    assert mended("right", "wrong", "right", "right").grades == {"forward": "helped"}
    assert mended("right", "wrong", "wrong", "right").grades == {"forward": "missed"}
    assert played("z1", "z2").says("z1", "right").says("z2", "wrong").says(
        "z2", "right"
    ).grades == {"forward": "missed"}


def test_only_what_was_mended_by_oneself_is_a_slip() -> None:
    """Not what was left, what hints told, or what has a name."""
    asked = ("z1", "z2", "z3")
    begun = [played(*asked).says("z1", "right").says("z2", "right") for _ in range(3)]
    assert begun[0].says("z3", "wrong").leaves("z3").grades == {"forward": "missed"}
    hinted = begun[1].says("z3", "wrong").hinted("z3").says("z3", "right")
    assert hinted.grades == {"forward": "missed"}
    named = begun[2].says("z3", "mistake", "wrong_bias").says("z3", "right")
    assert named.grades == {"forward": "missed"}


# --- left and skipped -------------------------------------------------------------------------


def test_a_slot_that_was_left_is_missed() -> None:
    """Whether its derivation was read to the end or not."""
    assert played("dz").leaves("dz").grades == {"slope:relu": "missed"}
    assert played("dz").hinted("dz", 5).leaves("dz").grades == {"slope:relu": "missed"}


def test_a_wrong_answer_that_was_left_is_graded_by_the_answer() -> None:
    """Its mistake is known, whatever came then."""
    found = played("all").says("all", "mistake", "path_forgotten").leaves("all").grades
    assert found == {"paths": "missed"}


def test_a_slot_that_was_not_come_to_has_no_grade() -> None:
    """A round that was broken off tells nothing of the rest."""
    assert played("dz", "dh").says("dz", "right").grades == {"slope:relu": "right"}
    assert played("dz", "dh").grades == {}
    assert played("dz").says("dz", "unreadable").grades == {}
    assert played("dz").hinted("dz").grades == {}


def test_a_slot_without_skills_has_no_grade() -> None:
    """One that a newer catalogue does not know."""
    assert played("other").says("other", "wrong").grades == {}
    assert played("other").says("other", "right").grades == {}


# --- what mistakes are about ------------------------------------------------------------------


def test_every_known_mistake_is_about_something() -> None:
    """All rows of the table and all names that authors share, and nothing else."""
    assert set(ABOUT) == {row.name for row in TABLE} | set(DECLARED)
    known = {one.id for one in SKILLS}
    for skills in ABOUT.values():
        assert skills
        assert set(skills) <= known
        assert len(set(skills)) == len(skills)


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        (["forward", "chain", "slope:relu", "paths"], {"slope:relu", "paths"}),
        (["forward"], {"forward"}),
        (["chain", "paths", "cell:elman", "message"], {"cell:elman", "message"}),
        (["loss:squared", "chain"], {"loss:squared", "chain"}),
        (["chain", "update:sgd", "spot"], {"spot"}),
        (["of an older version", "forward"], {"of an older version", "forward"}),
        ([], set()),
    ],
)
def test_the_most_specific_skills(skills: Iterable[str], expected: set[str]) -> None:
    """Those that no other one builds upon."""
    assert most_specific(skills) == expected
