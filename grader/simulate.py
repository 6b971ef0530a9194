"""How well the grader marks: an artificial class with known truth, marked as any other.

What is compared is the verdict on every answer with what its author did; see `grader.classroom`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examgen.answer_key import make_manifest
from examgen.drawing import capacity
from examgen.exam import draw_exam, load_exam
from examgen.manifest import Manifest
from examgen.manifest_file import read_manifest
from examgen.perturbation import source
from examgen.roster import Student
from examgen.solution import expected_formula
from grader.arrays import Bools, Floats
from grader.classroom import Truth, Way, answer, crowd, write_answers
from grader.grade import mark
from grader.gradebook import Graded
from grader.marking.carry import Guard
from grader.marking.papers import papers
from grader.marking.verdicts import Verdict, is_right


@dataclass(frozen=True)
class Outcome:
    """What became of the answers of one template; each field counts answers.

    honest: numbers of honest students, and those of them marked wrong. formulas: the right ones of
    all who are honest, and those not accepted. mistaken: answers that a misconception puts outside
    of the tolerance; of these accepted as right, following from an earlier answer (a trivial one
    too, that earns nothing), named rightly (the misconception is among those named), named wrongly,
    and not named; names: how many were given to those named rightly, all together. slips: wrong
    numbers, and those accepted; carried: what follows from a slip and is not the key, and what of
    it was credited; trivial: what follows so, but is refused because the slip makes it trivial.
    gaps, messy, illegible: answers left out, spelled oddly, spelled so that nobody can tell; and
    how many got another verdict than blank, right, unreadable.
    """

    template: str
    students: int
    honest: int
    honest_wrong: int
    formulas: int
    formulas_wrong: int
    mistaken: int
    mistaken_right: int
    mistaken_follows: int
    named: int
    misnamed: int
    unnamed: int
    names: int
    slips: int
    slips_right: int
    trivial: int
    carried: int
    credited: int
    gaps: int
    gaps_other: int
    messy: int
    messy_other: int
    illegible: int
    illegible_other: int

    @property
    def share_named(self) -> float:
        """Of the mistakes that were not carried on: those named."""
        given = self.named + self.misnamed + self.unnamed
        return self.named / given if given else 1.0

    @property
    def names_each(self) -> float:
        """How many names a mistake that was named rightly got: several may coincide."""
        return self.names / self.named if self.named else 1.0


def class_of(path: Path, students: int) -> Manifest:
    """An exam for an artificial class of this size.

    path: a manifest, or exam.yaml, from which numbers are drawn for each student as far as its
    questions have room. Students beyond that get the same numbers again, in turn. Raises
    ExamgenError.
    """
    return crowd(
        read_manifest(path) if path.suffix == ".json" else _drawn(path, students), students
    )


def _drawn(path: Path, students: int) -> Manifest:
    exam = load_exam(path)
    rooms = (capacity(template) for question in exam.questions for template in question.templates)
    count = min(students, *rooms)
    roster = tuple(Student(f"s{number:07d}", "", "", "") for number in range(count))
    return make_manifest(exam, draw_exam(exam, count), roster)


def simulate(exam: Manifest, seed: int) -> Iterator[Outcome]:
    """Let the class answer, mark it, and compare; an outcome a template."""
    students = len(exam.students)
    rng = np.random.default_rng(seed)
    truths = [answer(paper, rng) for paper in papers(exam, np.arange(students))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write_answers(truths, exam, path)
        graded = mark(path, exam)
    assert len(graded.answers.students) == students, "bug: a row of the class was lost"
    for truth in truths:
        yield _outcome(truth, graded)


def lines(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, str]]:
    """The outcomes as pairs of name and value, to be printed."""
    for one in outcomes:
        yield "template", f"{one.template}, {one.students:,} students"
        yield "honest answers", f"{one.honest:,}, marked wrong {one.honest_wrong:,}"
        yield "right formulas", f"{one.formulas:,}, not accepted {one.formulas_wrong:,}"
        yield (
            "mistaken answers",
            f"{one.mistaken:,} off by more than the tolerance, accepted {one.mistaken_right:,}, "
            f"following an earlier one {one.mistaken_follows:,}",
        )
        yield (
            "mistakes named",
            f"{one.share_named:.2%}: rightly {one.named:,}, wrongly {one.misnamed:,}, "
            f"not {one.unnamed:,}; {one.names:,} names, {one.names_each:.2f} each",
        )
        yield "slips", f"{one.slips:,}, accepted {one.slips_right:,}"
        yield (
            "carried errors",
            f"{one.carried:,}, credited {one.credited:,}; refused as trivial {one.trivial:,}",
        )
        yield "left out", f"{one.gaps:,}, not counted as blank {one.gaps_other:,}"
        yield "odd spellings", f"{one.messy:,}, not read rightly {one.messy_other:,}"
        yield "illegible", f"{one.illegible:,}, not told so {one.illegible_other:,}"


def _outcome(truth: Truth, graded: Graded) -> Outcome:
    compared = _Compared.of(truth, graded)
    return Outcome(
        template=truth.paper.template.name,
        students=len(truth.way),
        **compared.honest(),
        **compared.mistaken(),
        **compared.slips(),
        **compared.spellings(),
    )


@dataclass(frozen=True)
class _Compared:
    """Truth beside verdicts, `(rows, slots)`."""

    truth: Truth
    verdicts: NDArray[np.uint8]
    named: Bools  # the student's misconception is among those named
    names: NDArray[np.int64]  # how many are named
    guarded: Bools  # nothing is carried forward, though something would follow
    expected: Floats
    tolerance: Floats
    numeric: Bools  # (slots,)

    @classmethod
    def of(cls, truth: Truth, graded: Graded) -> _Compared:
        place = np.ix_(truth.paper.rows, truth.paper.columns)
        return cls(
            truth=truth,
            verdicts=graded.marks.verdicts[place],
            named=_named(truth, graded, place),
            names=_names(graded)[graded.marks.reason_of[place]],
            guarded=_guarded(truth, graded)[graded.marks.reason_of[place]],
            expected=graded.key.expected[place],
            tolerance=graded.key.tolerance[place],
            numeric=np.array([slot.kind == "number" for slot in truth.paper.template.slots]),
        )

    def _of(self, *ways: Way) -> NDArray[np.uint8]:
        return self.verdicts[np.isin(self.truth.way, ways)]

    def honest(self) -> dict[str, int]:
        """Numbers and formulas that are right."""
        numbers = self._of(Way.HONEST)[:, self.numeric]
        formulas = self._of(Way.HONEST, Way.SLIP, Way.MESSY)[:, ~self.numeric]
        return {
            "honest": numbers.size,
            "honest_wrong": _other(numbers, Verdict.RIGHT),
            "formulas": formulas.size,
            "formulas_wrong": _other(formulas, Verdict.RIGHT),
        }

    def mistaken(self) -> dict[str, int]:
        """Answers that a misconception makes plainly wrong."""
        rows = self.truth.mistake >= 0
        shows = self._separable()[rows]
        verdicts, named = self.verdicts[rows][shows], self.named[rows][shows]
        accepted = verdicts == Verdict.RIGHT
        follows = (verdicts == Verdict.FOLLOWS) | self.guarded[rows][shows]
        known = verdicts == Verdict.KNOWN_MISTAKE
        return {
            "mistaken": int(shows.sum()),
            "mistaken_right": int(accepted.sum()),
            "mistaken_follows": int(follows.sum()),
            "named": int((known & named).sum()),
            "misnamed": int((known & ~named).sum()),
            "unnamed": int((~accepted & ~follows & ~known).sum()),
            "names": int(self.names[rows][shows][known & named].sum()),
        }

    def _separable(self) -> Bools:
        """Numbers off by more than the tolerance and a unit of rounding; other formulas."""
        template = self.truth.paper.template
        units = np.array([10.0**-slot.decimals for slot in template.slots])
        with np.errstate(invalid="ignore"):
            off = np.abs(self.truth.values - self.expected) > self.tolerance + units
        formulas = [
            "" if slot.kind == "number" else expected_formula(template, slot)
            for slot in template.slots
        ]
        other = np.where(self.numeric, off, self.truth.texts != np.array(formulas, dtype=object))
        return np.asarray(other & (self.truth.texts != ""))

    def slips(self) -> dict[str, int]:
        """Numbers got wrong, and what was computed from them."""
        rows = np.flatnonzero(self.truth.slipped >= 0)
        right = is_right(self.truth.values, self.expected, self.tolerance)[rows]
        wrong = ~right & np.isfinite(self.truth.values[rows])
        at_slip = wrong & self._same_result[self.truth.slipped[rows]]
        downstream = wrong & ~at_slip & at_slip.any(axis=1, keepdims=True)
        verdicts, trivial = self.verdicts[rows], self.guarded[rows] & downstream
        return {
            "slips": int(at_slip.sum()),
            "slips_right": int((verdicts[at_slip] == Verdict.RIGHT).sum()),
            "trivial": int(trivial.sum()),
            "carried": int((downstream & ~trivial).sum()),
            "credited": int((verdicts[downstream] == Verdict.FOLLOWS).sum()),
        }

    @property
    def _same_result(self) -> Bools:
        """Which slots ask for the same result, perhaps under another name, `(slots, slots)`."""
        template = self.truth.paper.template
        results = [source(template.node(slot)) for slot in template.slots]
        return np.array([[one is other for other in results] for one in results])

    def spellings(self) -> dict[str, int]:
        """Answers left out, spelled oddly, or illegible."""
        left_out = np.asarray(self.truth.texts[self.truth.way == Way.GAPS] == "", dtype=bool)
        blank = self._of(Way.GAPS)[left_out]
        messy = self._of(Way.MESSY)[:, self.numeric]
        illegible = self._illegible()
        return {
            "gaps": blank.size,
            "gaps_other": _other(blank, Verdict.BLANK),
            "messy": messy.size,
            "messy_other": _other(messy, Verdict.RIGHT),
            "illegible": illegible.size,
            "illegible_other": _other(illegible, Verdict.UNREADABLE),
        }

    def _illegible(self) -> NDArray[np.uint8]:
        return np.asarray(self.verdicts[self.truth.spoiled])


def _other(verdicts: NDArray[np.uint8], expected: Verdict) -> int:
    return int((verdicts != expected).sum())


def _names(graded: Graded) -> NDArray[np.int64]:
    """How many misconceptions each reason names, `(reasons,)`."""
    return np.array([len(reason.mistakes) for reason in graded.marks.reasons])


def _guarded(truth: Truth, graded: Graded) -> Bools:
    """Which reasons say that a guard refused to carry, `(reasons,)`."""
    sentences = truth.paper.sentences(graded.manifest)
    refusals = {sentences.guarded(guard) for guard in Guard if guard}
    return np.array([reason in refusals for reason in graded.marks.reasons])


def _named(truth: Truth, graded: Graded, place: tuple[NDArray[np.int64], ...]) -> Bools:
    """Whether the reason of each verdict names the student's own misconception."""
    names = [one.name for one in truth.known]
    reasons = graded.marks.reasons
    names_of: Sequence[Sequence[str]] = [reason.mistakes for reason in reasons]
    table = np.array([[name in found for found in names_of] for name in [*names, ""]])
    return np.asarray(table[truth.mistake[:, None], graded.marks.reason_of[place]])
