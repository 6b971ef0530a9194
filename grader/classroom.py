"""An artificial class with known truth: who is honest, who errs how, and what they write.

Every student of the class gets the printed numbers of a student of the manifest, and for every
question a way of answering it. What they write is computed from the graph, not from the key.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examgen.columns import print_column
from examgen.graph import record
from examgen.manifest import Manifest, Students
from examgen.misconceptions import Misconception
from examgen.mistakes import mistakes_of
from examgen.nodes import Node
from examgen.perturbation import source
from examgen.rounders import honest, round_off
from examgen.slots import Slot
from examgen.solution import answer_node, expected_formula, over_names
from grader.arrays import Bools, Floats
from grader.marking.papers import Paper
from grader.symbolic import FormulaMarker, Right, Wrong
from grader.versions import lent

Texts = NDArray[np.object_]


class Way(IntEnum):
    """How a student answers a question."""

    HONEST = 0
    """Right, rounding on the way."""
    MISTAKEN = 1
    """One misconception, everywhere that it applies."""
    SLIP = 2
    """One number wrong, and all that follows computed from it."""
    GAPS = 3
    """Honest, with answers left out."""
    MESSY = 4
    """Honest, in all sorts of spellings."""
    ILLEGIBLE = 5
    """Honest, but some answers can be read in two ways or in none."""


SHARES = {
    Way.HONEST: 0.25,
    Way.MISTAKEN: 0.35,
    Way.SLIP: 0.2,
    Way.GAPS: 0.05,
    Way.MESSY: 0.1,
    Way.ILLEGIBLE: 0.05,
}
_GAP = 0.3
_FAULT = 0.3

_READABLE: tuple[Callable[[str], str], ...] = (
    lambda text: text.replace("-", "\N{MINUS SIGN}"),
    lambda text: f" {text}\N{NO-BREAK SPACE}",
    lambda text: text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text,
    lambda text: text if text.startswith("-") else f"+{text}",
    lambda text: f"{text}e0",
    lambda text: text + "0" if "." in text else text + ".0",
    lambda text: f"{text}·10^0",
)
_ILLEGIBLE: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text.replace('.', '')} 1/2",
    lambda text: f"about {text}",
    lambda text: f"{text} or {text}1",
    lambda text: "2026-01-02",
    lambda text: f"{text}%",
    lambda text: "NaN",
    lambda text: "1,234",
)


@dataclass(frozen=True)
class Truth:
    """What is so for each student of one paper, axis 0 its rows, axis 1 its slots.

    way: (rows,). mistake: (rows,) an index into `known`, -1 for none. slipped: (rows,) the slot of
    a slip, -1 for none. values: the numbers as the students computed them, rounded; NaN for
    formulas. texts: what they wrote. spoiled: what nobody can read.
    """

    paper: Paper
    known: tuple[Misconception, ...]
    way: NDArray[np.int64]
    mistake: NDArray[np.int64]
    slipped: NDArray[np.int64]
    values: Floats
    texts: Texts
    spoiled: Bools


def crowd(manifest: Manifest, count: int) -> Manifest:
    """The exam for a class of `count`, who get the numbers of the manifest's students in turn."""
    nothing = ("",) * count
    students = Students(
        student=tuple(f"s{number:07d}" for number in range(count)),
        name=nothing,
        group=nothing,
        email=nothing,
        code=nothing,
        variant=print_column(np.arange(count)),
    )
    return lent(manifest, students, np.arange(count) % len(manifest.students))


def answer(paper: Paper, rng: np.random.Generator) -> Truth:
    """What the students of a paper do and write."""
    size = len(paper.rows)
    known = mistakes_of(paper.template)
    way = rng.choice(list(SHARES), size=size, p=list(SHARES.values()))
    mistake = np.where(way == Way.MISTAKEN, rng.integers(len(known) or 1, size=size), -1)
    truth = Truth(
        paper=paper,
        known=known,
        way=way,
        mistake=mistake if known else np.full(size, -1),
        slipped=_slots_to_slip(paper, way, rng),
        values=np.full((size, len(paper.columns)), np.nan),
        texts=np.full((size, len(paper.columns)), "", dtype=object),
        spoiled=np.zeros((size, len(paper.columns)), dtype=bool),
    )
    _compute_honestly(truth, rng)
    _compute_mistakenly(truth, rng)
    _write(truth, rng)
    return truth


# --- numbers -------------------------------------------------------------------------------------


def _slots_to_slip(
    paper: Paper, way: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    numbers = _numbers(paper)
    if not len(numbers):
        return np.full(len(way), -1)
    return np.where(way == Way.SLIP, rng.choice(numbers, size=len(way)), -1)


def _numbers(paper: Paper) -> NDArray[np.int64]:
    return np.flatnonzero([slot.kind == "number" for slot in paper.template.slots])


def _compute_honestly(truth: Truth, rng: np.random.Generator) -> None:
    """Everybody's numbers, with the slips of those who slip carried on."""
    paper = truth.paper
    right = honest(paper.template, paper.givens, rng)
    slips: dict[Node, Floats] = {}
    for place in _numbers(paper):
        slot = paper.template.slots[place]
        slipping = truth.slipped == place
        wrong = round_off(_slip(right[slot.id], rng), slot.decimals, rng)
        node = source(paper.template.node(slot))
        before = slips.get(node, np.full(len(truth.way), np.nan))
        slips[node] = np.where(slipping, wrong, before)
    answers = honest(paper.template, paper.givens, rng, slips=slips)
    for place in _numbers(paper):
        truth.values[:, place] = answers[paper.template.slots[place].id]


def _slip(values: Floats, rng: np.random.Generator) -> Floats:
    """A number got wrong: a sign, a factor, a digit."""
    chosen = rng.integers(4, size=len(values))
    digit = values + rng.choice([-1, 1], size=len(values)) * rng.choice([0.1, 0.2, 0.5, 1, 2, 3])
    slips = [-values, 2 * values, values / 2, digit]
    return np.where(values == 0, digit, np.choose(chosen, slips))


def _compute_mistakenly(truth: Truth, rng: np.random.Generator) -> None:
    """The numbers of those who make a mistake, from its own graph; as they come, then rounded."""
    paper = truth.paper
    names = [paper.template.quantities.name(slot.quantity) for slot in paper.template.slots]
    for number, one in enumerate(truth.known):
        rows = np.flatnonzero(truth.mistake == number)
        if not len(rows):
            continue
        values = record([one.nodes[name] for name in names])(
            {name: column[rows] for name, column in paper.givens.items()}
        )
        for place in _numbers(paper):
            exact = np.broadcast_to(values[place], len(rows))
            decimals = paper.template.slots[place].decimals
            truth.values[rows, place] = round_off(exact, decimals, rng)


# --- texts ---------------------------------------------------------------------------------------


def _write(truth: Truth, rng: np.random.Generator) -> None:
    """What everybody writes down; what has no value is left out."""
    for place, slot in enumerate(truth.paper.template.slots):
        column = truth.texts[:, place]
        if slot.kind == "number":
            column[:] = _printed(truth.values[:, place], slot.decimals)
        else:
            column[:] = _formulas(truth, place)
    _spell(truth, Way.MESSY, _READABLE, rng)
    _spell(truth, Way.ILLEGIBLE, _ILLEGIBLE, rng)
    gaps = rng.random(truth.texts.shape) < _GAP
    truth.texts[gaps & (truth.way == Way.GAPS)[:, None]] = ""


def _printed(values: Floats, decimals: int) -> list[str]:
    return [f"{value:.{decimals}f}" if abs(value) < 1e15 else "" for value in values.tolist()]


def _formulas(truth: Truth, place: int) -> Texts:
    """Right formulas; those of who makes a mistake, where it can be said in the paper's names."""
    template = truth.paper.template
    slot = template.slots[place]
    texts: Texts = np.full(len(truth.way), expected_formula(template, slot), dtype=object)
    marker = FormulaMarker(template, slot)
    wrong = _other_lines(truth, slot)
    for number, one in enumerate(truth.known):
        rows = truth.mistake == number
        text = expected_formula(template, slot, one.nodes)
        if rows.any() and wrong[number] and isinstance(marker.mark(text), Right | Wrong):
            texts[rows] = text
    return texts


def _other_lines(truth: Truth, slot: Slot) -> list[bool]:
    """Which mistakes make another formula of a slot, and not the same one in another order."""
    template, givens = truth.paper.template, truth.paper.givens
    nodes = template.quantities.nodes
    values = dict(zip(nodes, record(list(nodes.values()))(givens), strict=True))
    graphs = [None, *(one.nodes for one in truth.known)]
    lines = [over_names(answer_node(template, slot, graph)) for graph in graphs]
    right, *others = record(lines)({**values, **givens})
    return [not np.allclose(other, right, rtol=1e-9, atol=1e-12) for other in others]


def _spell(
    truth: Truth,
    way: Way,
    spellings: Sequence[Callable[[str], str]],
    rng: np.random.Generator,
) -> None:
    """Respell numbers of those who answer in a certain way: all of them, or here and there."""
    chosen = np.zeros(truth.texts.shape, dtype=bool)
    chosen[:, _numbers(truth.paper)] = True
    chosen &= (truth.way == way)[:, None] & (truth.texts != "")
    if way is Way.ILLEGIBLE:
        chosen &= rng.random(chosen.shape) < _FAULT
        truth.spoiled[chosen] = True
    for row, place in np.argwhere(chosen).tolist():
        respell = spellings[int(rng.integers(len(spellings)))]
        truth.texts[row, place] = respell(truth.texts[row, place])


def write_answers(truths: Sequence[Truth], manifest: Manifest, path: Path) -> None:
    """The class's answers as a file in wide form."""
    count = len(manifest.students)
    texts = np.full((count, len(manifest.slots)), "", dtype=object)
    for truth in truths:
        texts[np.ix_(truth.paper.rows, truth.paper.columns)] = truth.texts
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["student", *(slot.id for slot in manifest.slots)])
        for student, row in zip(manifest.students.student, texts, strict=True):
            writer.writerow([student, *row])
