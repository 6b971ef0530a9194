"""A class simulated from manifest.json alone: the models of `hand_models`, and how students write.

Nothing of examgen or of the grader is used here: the manifest is read as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import hand_models
import numpy as np
from hand_models import Floats, Givens
from numpy.typing import NDArray

Model = Callable[..., None]
Texts = NDArray[np.object_]

MODELS: Mapping[str, Model] = {
    "mlp-2-2-2": hand_models.mlp,
    "modified-recurrent-cell": hand_models.skip_cell,
    "elman-relu": hand_models.elman,
    "recurrent-cell-bce": hand_models.entropy_cell,
    "lstm-intermediate-nodes": hand_models.lstm,
    "residual-two-heads": hand_models.two_heads,
    "multi-branch-two-heads": hand_models.three_branches,
    "residual-two-sigmoids": hand_models.two_sigmoids,
}
READINGS: Mapping[str, tuple[frozenset[str], ...]] = {
    "modified-recurrent-cell": (
        frozenset(),
        frozenset({"state is output"}),
        frozenset({"output and state are o"}),
        frozenset({"state is output", "output and state are o"}),
    ),
    "elman-relu": (frozenset(), frozenset({"masks of own values"})),
    "recurrent-cell-bce": (
        frozenset(),
        frozenset({"state is output"}),
        frozenset({"entropy of the states"}),
    ),
    "residual-two-heads": (frozenset(), frozenset({"l is output"})),
    "residual-two-sigmoids": (frozenset(), frozenset({"slope by z is slope by b1"})),
}
"""Ways to go on that are all right: which of two equal quantities is used."""


@dataclass(frozen=True)
class Question:
    """One question of the manifest: the slots of its numbers and formulas, givens and key."""

    template: str
    slots: tuple[Mapping[str, Any], ...]
    givens: Givens
    expected: Mapping[str, Floats]
    tolerance: Mapping[str, Floats]
    formulas: Mapping[str, str]

    @property
    def numbers(self) -> tuple[Mapping[str, Any], ...]:
        """The slots that ask for numbers."""
        return tuple(slot for slot in self.slots if slot["kind"] == "number")

    def model(self) -> Model:
        """Its solution by hand."""
        return MODELS[self.template]

    def readings(self) -> tuple[frozenset[str], ...]:
        """What may be used for what."""
        return READINGS.get(self.template, (frozenset(),))


def read_questions(path: Path) -> tuple[tuple[str, ...], tuple[Question, ...]]:
    """The students' ids and the questions of a manifest."""
    content = json.loads(path.read_text(encoding="utf-8"))["content"]
    students = tuple(content["students"]["student"])
    return students, tuple(_question(content, each) for each in content["questions"])


def _question(content: Mapping[str, Any], each: Mapping[str, Any]) -> Question:
    key = content["key"]
    numbers = [slot["id"] for slot in each["slots"] if slot["kind"] == "number"]
    return Question(
        template=each["templates"][0],
        slots=tuple(each["slots"]),
        givens={name: _column(text) for name, text in content["given"][each["id"]].items()},
        expected={name: _column(key[name]["expected"]) for name in numbers},
        tolerance={name: _column(key[name]["tolerance"]) for name in numbers},
        formulas={
            slot["id"]: key[slot["id"]]["formula"][0]
            for slot in each["slots"]
            if slot["kind"] == "formula"
        },
    )


def _column(text: str) -> Floats:
    return np.array([float(number) for number in text.split(" ")])


# --- pens ----------------------------------------------------------------------------------------


def half_up(values: Floats, places: int) -> Floats:
    """Ties away from zero, of the number that stands on the calculator."""
    scaled = np.round(np.abs(values) * 10.0**places, 6)
    return np.asarray(np.copysign(np.floor(scaled + 0.5), values) / 10.0**places)


def half_even(values: Floats, places: int) -> Floats:
    """Ties to the even digit."""
    return np.asarray(np.round(values, places))


def unrounded(values: Floats, places: int) -> Floats:
    """All digits are kept."""
    return values


@dataclass
class Notes:
    """A pen that keeps what was found: `kept` as it came, `used` as the student goes on with it.

    slips: for a quantity what is written in place of what was found, NaN where nothing is.
    """

    keep: Callable[[Floats, int], Floats] = unrounded
    places: int = 4
    slips: Mapping[str, Floats] = field(default_factory=dict)
    kept: dict[str, Floats] = field(default_factory=dict)
    used: dict[str, Floats] = field(default_factory=dict)

    def __call__(self, name: str, found: Floats) -> Floats:
        """What to go on with."""
        value = self.keep(found, self.places)
        if (slip := self.slips.get(name)) is not None:
            found = np.where(np.isnan(slip), found, slip)
            value = np.where(np.isnan(slip), value, slip)
        self.kept[name], self.used[name] = found, value
        return value


def rows_of(givens: Givens, rows: NDArray[np.int64]) -> Givens:
    """The printed numbers of some students."""
    return {name: values[rows] for name, values in givens.items()}


def worked(
    question: Question,
    givens: Givens,
    mistake: str = "",
    read: frozenset[str] = frozenset(),
    keep: Callable[[Floats, int], Floats] = unrounded,
    slips: Mapping[str, Floats] | None = None,
) -> Notes:
    """A question worked out in one way."""
    notes = Notes(keep=keep, places=places_of(question), slips=slips or {})
    with np.errstate(all="ignore"):
        question.model()(givens, notes, mistake, read)
    return notes


def places_of(question: Question) -> int:
    """The decimals asked for, the same everywhere."""
    return int(question.numbers[0]["decimals"])


# --- spellings -----------------------------------------------------------------------------------


def python_format(value: float, places: int) -> str:
    """As a program prints it."""
    return f"{value:.{places}f}"


def school_round(value: float, places: int) -> str:
    """Half away from zero, in decimals."""
    quantum = Decimal(1).scaleb(-places)
    return str(Decimal(repr(round(value, 10))).quantize(quantum, ROUND_HALF_UP))


def cut_off(value: float, places: int) -> str:
    """The digits beyond are dropped."""
    quantum = Decimal(1).scaleb(-places)
    return str(Decimal(repr(round(value, 10))).quantize(quantum, ROUND_DOWN))


def more_digits(value: float, places: int) -> str:
    """Two more than asked."""
    return f"{value:.{places + 2}f}"


def all_digits(value: float, places: int) -> str:
    """What a calculator of ten digits shows."""
    return f"{value:.10g}"


def fraction(value: float, places: int) -> str:
    """As a fraction where that is what the value is."""
    nearest = Fraction(value).limit_denominator(10000)
    exact = abs(float(nearest) - value) < 1e-12 * max(1.0, abs(value))
    return str(nearest) if exact else python_format(value, places)


ODD: tuple[Callable[[str], str], ...] = (
    lambda text: text.replace("-", "−"),
    lambda text: text.replace("-", "– "),
    lambda text: f"  {text} ",
    lambda text: f"x = {text}",
    lambda text: f"{text}e0",
    lambda text: f"{text}·10^0",
    lambda text: f"${text}$",
    lambda text: text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text,
    lambda text: "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in text),
    lambda text: f"≈ {text}",
    lambda text: f"{text}.".replace("..", ".") if "." in text else text,
    lambda text: f"({text})" if text.startswith("-") else text,
    lambda text: f'"{text}"',
    lambda text: f"\u200b{text}\u00a0",
)
UNREADABLE: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text} or so",
    lambda text: f"{text}; {text}1",
    lambda text: "2026-01-02",
    lambda text: f"{text} %",
    lambda text: "NaN",
    lambda text: f"{text} ± 0.1",
    lambda text: "1 1/2",
    lambda text: f"2*{text}",
    lambda text: "???",
)


# --- students ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """What some students did with one question, axis 0 the `rows`; by slot id.

    texts: what they wrote. values: the numbers in it, NaN for none. doing: `right`, `slip`,
    `blank`, `unreadable`, or `computed` from what stands before, perhaps by a mistake; for formulas
    the mistake.
    """

    plan: str
    mistake: str
    rows: NDArray[np.int64]
    texts: Mapping[str, Texts]
    values: Mapping[str, Floats]
    doing: Mapping[str, Texts]


@dataclass(frozen=True)
class Formula:
    """A formula in some spelling, and the mistake behind it, if any."""

    text: str
    mistake: str = ""


Formulas = Mapping[str, Mapping[str, tuple[Formula, ...]]]
"""By template and quantity."""


@dataclass(frozen=True)
class Class:
    """All of the class: its questions, and the works, some for each question."""

    students: tuple[str, ...]
    questions: tuple[Question, ...]
    works: tuple[tuple[Work, ...], ...]


Plan = Callable[["Desk"], Work]


@dataclass(frozen=True)
class Desk:
    """Some students with a question before them."""

    name: str
    question: Question
    rows: NDArray[np.int64]
    rng: np.random.Generator
    read: frozenset[str]
    formulas: Mapping[str, tuple[Formula, ...]]

    @property
    def givens(self) -> Givens:
        """Their printed numbers."""
        return rows_of(self.question.givens, self.rows)

    def work(
        self,
        values: Mapping[str, Floats],
        write: Callable[[float, int], str],
        doing: str,
        mistake: str = "",
    ) -> Work:
        """Numbers written down; formulas in all spellings, in turn."""
        texts: dict[str, Texts] = {}
        kinds: dict[str, Texts] = {}
        places = places_of(self.question)
        for slot in self.question.slots:
            if slot["kind"] == "formula":
                key = (Formula(self.question.formulas[slot["id"]]),)
                known = self.formulas.get(slot["quantity"], key)
                mine = [known[row % len(known)] for row in self.rows]
                texts[slot["id"]] = np.array([each.text for each in mine], dtype=object)
                kinds[slot["id"]] = np.array([each.mistake for each in mine], dtype=object)
                continue
            found = values[slot["quantity"]]
            cells = [write(float(v), places) if np.isfinite(v) else "" for v in found]
            texts[slot["id"]] = np.array(cells, dtype=object)
            kinds[slot["id"]] = np.where(texts[slot["id"]] == "", "blank", doing).astype(object)
        return Work(self.name, mistake, self.rows, texts, _numbers(self, texts, values), kinds)


def _numbers(
    desk: Desk, texts: Mapping[str, Texts], values: Mapping[str, Floats]
) -> dict[str, Floats]:
    """The numbers in what was written."""
    found = {}
    for slot in desk.question.numbers:
        cells = texts[slot["id"]]
        found[slot["id"]] = np.array([float(Fraction(c)) if c else np.nan for c in cells])
    return found


# honest: how they go on, and how they write the answer
HONEST: Mapping[str, tuple[Callable[[Floats, int], Floats], Callable[[float, int], str]]] = {
    "half up": (half_up, school_round),
    "half even": (half_even, python_format),
    "half up on the way": (half_up, python_format),
    "unrounded": (unrounded, python_format),
    "unrounded, half up": (unrounded, school_round),
    "cut off at the end": (unrounded, cut_off),
    "rounded, cut off at the end": (half_up, cut_off),
    "more digits": (unrounded, more_digits),
    "all digits": (unrounded, all_digits),
    "fractions": (unrounded, fraction),
}


def honest(keep: Callable[[Floats, int], Floats], write: Callable[[float, int], str]) -> Plan:
    """Right all the way."""

    def plan(desk: Desk) -> Work:
        notes = worked(desk.question, desk.givens, keep=keep, read=desk.read)
        return desk.work(notes.kept, write, "right")

    return plan


def mistaken(mistake: str, keep: Callable[[Floats, int], Floats]) -> Plan:
    """One mistake wherever it can be made, all else computed from it."""

    def plan(desk: Desk) -> Work:
        notes = worked(desk.question, desk.givens, mistake, desk.read, keep)
        return desk.work(notes.used, python_format, "computed", mistake)

    return plan


def slipping(
    count: int, keep: Callable[[Floats, int], Floats], left_out: float = 0.0, mistake: str = ""
) -> Plan:
    """Some numbers got wrong, all that follows computed from them; perhaps gaps in between."""

    def plan(desk: Desk) -> Work:
        read = desk.read
        slips: dict[str, Floats] = {}
        size = len(desk.rows)
        names = [slot["quantity"] for slot in desk.question.numbers]
        for _ in range(count):
            found = worked(desk.question, desk.givens, mistake, read, keep, slips).kept
            chosen = desk.rng.integers(len(names), size=size)
            for n, name in enumerate(names):
                wrong = half_up(_wrong(found[name], desk.rng), places_of(desk.question))
                before = slips.get(name, np.full(size, np.nan))
                slips[name] = np.where((chosen == n) & np.isnan(before), wrong, before)
        notes = worked(desk.question, desk.givens, mistake, read, keep, slips)
        work = desk.work(notes.used, python_format, "computed", mistake)
        return _with_gaps(_with_slips(work, desk, slips), desk, left_out)

    return plan


def _wrong(values: Floats, rng: np.random.Generator) -> Floats:
    """A sign, a factor, a digit, a tenth."""
    digit = values + rng.choice([-1, 1], len(values)) * rng.choice([0.1, 0.3, 1, 2], len(values))
    choices = [-values, 2 * values, values / 2, digit, digit, values * 10]
    wrong = np.choose(rng.integers(len(choices), size=len(values)), choices)
    near = (np.abs(wrong - values) < 0.02) | ~np.isfinite(wrong)
    return np.where(near, values + 0.7, wrong)


def _with_slips(work: Work, desk: Desk, slips: Mapping[str, Floats]) -> Work:
    for slot in desk.question.numbers:
        work.doing[slot["id"]][~np.isnan(slips[slot["quantity"]])] = "slip"
    return work


def _with_gaps(work: Work, desk: Desk, share: float) -> Work:
    """Answers left out, slips never."""
    for slot in desk.question.numbers:
        cells = (desk.rng.random(len(work.rows)) < share) & (work.doing[slot["id"]] != "slip")
        work.texts[slot["id"]][cells] = ""
        work.doing[slot["id"]][cells] = "blank"
        work.values[slot["id"]][cells] = np.nan
    return work


def respelled(spellings: tuple[Callable[[str], str], ...], doing: str, share: float) -> Plan:
    """Right numbers, some oddly spelled."""

    def plan(desk: Desk) -> Work:
        notes = worked(desk.question, desk.givens, keep=half_up)
        work = desk.work(notes.kept, school_round, "right")
        for slot in desk.question.numbers:
            for row in np.flatnonzero(desk.rng.random(len(work.rows)) < share):
                spell = spellings[int(desk.rng.integers(len(spellings)))]
                work.texts[slot["id"]][row] = spell(work.texts[slot["id"]][row])
                work.doing[slot["id"]][row] = doing
        return work

    return plan


def blank(desk: Desk) -> Work:
    """Right, with a third left out."""
    notes = worked(desk.question, desk.givens, keep=half_up)
    return _with_gaps(desk.work(notes.kept, school_round, "right"), desk, 1 / 3)


def plans(mistakes: Mapping[str, tuple[str, ...]], template: str) -> Iterator[tuple[str, Plan]]:
    """All plans for a question, by name."""
    for name, (keep, write) in HONEST.items():
        yield f"honest: {name}", honest(keep, write)
    for count in (1, 2):
        for keep in (half_up, half_even, unrounded):
            yield f"{count} slips, {keep.__name__}", slipping(count, keep)
            yield f"{count} slips with gaps, {keep.__name__}", slipping(count, keep, 0.3)
    for mistake in mistakes[template]:
        for keep in (unrounded, half_up):
            yield f"mistake: {mistake}, {keep.__name__}", mistaken(mistake, keep)
    yield "blanks", blank
    yield "odd spellings", respelled(ODD, "right", 1.0)
    yield "unreadable", respelled(UNREADABLE, "unreadable", 0.3)


def simulated(
    path: Path, mistakes: Mapping[str, tuple[str, ...]], formulas: Formulas, seed: int
) -> Class:
    """A class that answers the exam of a manifest; plans go round among the students."""
    students, questions = read_questions(path)
    rng = np.random.default_rng(seed)
    works = []
    for question in questions:
        ways = [
            (name, plan, read)
            for name, plan in plans(mistakes, question.template)
            for read in question.readings()
        ]
        turn = rng.permutation(len(students)) % len(ways)
        works.append(
            tuple(
                plan(Desk(name, question, rows, rng, read, formulas.get(question.template, {})))
                for n, (name, plan, read) in enumerate(ways)
                if len(rows := np.flatnonzero(turn == n))
            )
        )
    return Class(students, questions, tuple(works))
