"""Writes tests/data/marking_vectors.json.gz: what Python reads in texts, and says of responses.

Run it after a change of marking: .venv/bin/python tests/make_vectors.py
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np
from conftest import of_the_bank
from number_cases import BLANKS, SECTIONS

from examgen.drawing import draw_variants
from examgen.graph import evaluate
from examgen.notation import decimal
from examgen.solution import expected_formula
from examgen.tolerance import tolerances
from examgen.variant import Variants, fixed_variant
from grader.marking import carry
from grader.marking.either_sign import read_alone
from grader.marking.graphs import Graphs
from grader.marking.numbers import Numbers
from grader.practice.marking import Marker
from grader.practice.values import Feedback
from grader.reading.numbers import DecimalSign, Number, Unreadable, read_number

PATH = Path(__file__).parent / "data" / "marking_vectors.json.gz"
REFRESH = "refresh with: .venv/bin/python tests/make_vectors.py"
ROUNDS, VARIANTS = 16, 2
"""Of each question; in each a dozen responses or so are marked."""

QUESTIONS = (
    ("adam-two-steps", 0),
    ("clipping-and-weight-decay", 0),
    ("elman-relu", 0),
    ("elman-tanh-three-steps", 1),
    ("error-spotting", 3),
    ("max-pooling", 1),
    ("mazur-network", 0),
    ("mlp-2-2-2", 5),
    ("modified-recurrent-cell", 0),
    ("multi-branch-two-heads", 0),
    ("recurrent-cell-bce", 0),
    ("residual-two-heads", 2),
    ("scalar-circuit-fan-out", 0),
    ("softmax-cross-entropy", 4),
    ("tied-autoencoder", 1),
)
STEEP, DEAD = ("softmax-cross-entropy", 4), ("elman-relu", 0)
"""Where what is carried on may be steep, and where a unit may be dead."""
SLIPS = 4_000
"""So many rounds of slips are tried in search of steep ones."""
UNREADABLE = ("?", "1,234", "1 1/2", "0.5.1", "3 %", "abc", "2*3", "--1", "1/0", "x = ", "5 apples")
ENDED = ("0,65,", "0,65;", "-1,5 .", "1,234.", "0.65.", "2,5 , ", "1.5;", "3,", "\u202e0,5", "x\t?")
WORDED = (
    *(
        "ca. 1,5",
        "ca.1,5",
        "approx. 1.5",
        "y = ca. 1,5",
        "etwa 1,234",
        "ca. 1,234",
        "1,234 m",
        "a,b",
    ),
    *(
        "\u00e4hnl. 1,5",
        "x\u00bd. 1,5",
        "ca.\u00a01,5",
        "&nbsp;ca. 1,5",
        "1.234,5",
        "c. 1.5, d. 2,5",
    ),
)
HIDDEN = ("\u202eq", "w\u0007", "\u2067w")
BROKEN = ("", "2 +", "dL/dq", "(w", "w**", "foo(3)", "1 2 3", "\u00e9 + 1", "0 = 1")


class Vectors:
    """Rounds of responses to one structure of a question, some right and some not."""

    def __init__(self, question: str, structure: int, random: Random) -> None:
        self.question, self.structure, self.random = question, structure, random
        self.template = of_the_bank(question)[structure]
        self.graphs = Graphs(self.template)
        self.variants = draw_variants(self.template, 11, range(VARIANTS), -1)
        self.widths = tolerances(self.variants)

    def rounds(self) -> Iterator[dict[str, Any]]:
        """Each with the verdicts of the marker."""
        for number in range(ROUNDS):
            row = number % len(self.variants.draw)
            yield self._round(row, self._responses(row))

    def _round(self, row: int, responses: Mapping[str, str]) -> dict[str, Any]:
        marker = Marker(self.variants, row, graphs=self.graphs)
        numbers = {name: str(value) for name, value in self.variants.draw.exact(row).items()}
        return {
            "question": self.question,
            "structure": self.structure,
            "numbers": numbers,
            "responses": responses,
            "marked": marked(marker, responses),
        }

    def exchanged(self) -> Iterator[dict[str, Any]]:
        """Right numbers, each in the slot after its own; and the same with the other sign."""
        slots = [slot for slot in self.template.slots if slot.kind == "number"]
        moved = [self.variants.printed(slot, 0) for slot in slots[-1:] + slots[:-1]]
        negated = [f"-{text}".replace("--", "") for text in moved]
        for how, texts in (("moved", moved), ("negated", negated)):
            responses = {slot.id: text for slot, text in zip(slots, texts, strict=True)}
            yield {**self._round(0, responses), "exchanged": how}

    def steep(self) -> Iterator[dict[str, Any]]:
        """Slips after which the cap on a carried tolerance counts: an answer within, one beyond."""
        numbers = self._slipped(np.random.default_rng(0))
        capped, free = (self._carried(numbers, widest) for widest in (carry.WIDEST, 1e9))
        most = np.maximum(capped.tolerance, 2.2 * numbers.tolerance)
        found = np.argwhere((free.tolerance > 1.5 * most) & (capped.tolerance == most))
        for row, place in found[:3].tolist():
            for share in (0.97, 1.2):
                own = numbers.responses[row].copy()
                own[place] = capped.expected[row, place] + share * capped.tolerance[row, place]
                yield self._round(0, self._written(own))

    def _slipped(self, random: np.random.Generator) -> Numbers:
        """Many rounds on the first variant, each with other slips."""
        column = Marker(self.variants, 0, graphs=self.graphs)._key
        expected, tolerance = (np.repeat(one, SLIPS, axis=0) for one in column)
        slips = random.normal(size=expected.shape) * 10 ** random.uniform(-1, 1.5, expected.shape)
        responses = expected + np.where(random.random(expected.shape) < 0.5, slips, 0)
        givens = self.variants.draw.part(np.zeros(SLIPS, np.int64)).floats()
        return Numbers(givens, np.round(responses, 6), expected, tolerance)

    def _carried(self, numbers: Numbers, widest: float) -> carry.Carried:
        with patch.object(carry, "WIDEST", widest):
            return carry.carry(self.graphs, numbers, numbers.wrong)

    def _written(self, own: Any) -> dict[str, str]:
        return {
            slot.id: decimal(Fraction(value), 9)
            for slot, value in zip(self.template.slots, own.tolist(), strict=True)
            if slot.kind == "number"
        }

    def dead(self) -> Iterator[dict[str, Any]]:
        """Formulas that have no value where a unit is dead, right or wrong elsewhere; and odd ones.

        What cannot be read in the odd ones are characters that are shown as others.
        """
        slots = [slot for slot in self.template.slots if slot.kind == "formula"]
        for more in ("", " + 1"):
            texts = [f"({expected_formula(self.template, one)}{more})*h[t]/h[t]" for one in slots]
            yield self._round(0, {one.id: text for one, text in zip(slots, texts, strict=True)})
        yield self._round(0, {one.id: text for one, text in zip(slots, HIDDEN, strict=False)})

    def _responses(self, row: int) -> dict[str, str]:
        """A text for most slots: own slips are gone on from."""
        own: dict[str, float] = {}
        texts = {}
        for slot in self.template.slots:
            chance = self.random.random()
            if chance < 0.1:
                continue
            if slot.kind == "formula":
                texts[slot.id] = self._formula(slot, chance)
            elif chance < 0.2:
                texts[slot.id] = self.random.choice(UNREADABLE)
            else:
                value = self._value(slot, row, own, chance)
                if np.isfinite(value) and abs(value) < 1e12:
                    texts[slot.id] = text = self._spelled(value, slot, row)
                    name = self.template.quantities.name(slot.quantity)
                    own[name] = self.random.choice((value, float(text.replace(",", "."))))
        return texts

    def _value(self, slot: Any, row: int, own: Mapping[str, float], chance: float) -> float:
        """The right number, one that follows from own slips, a known mistake, or a slip."""
        right = float(self.variants.expected(slot)[row])
        if chance < 0.35:
            return right
        if chance < 0.45:
            return right + self.random.choice((-1, 1, 0.5, 0.1, -right, -2 * right))
        name, known = self.template.quantities.name(slot.quantity), self.graphs.mistakes
        nodes = self.template.quantities.nodes
        if chance > 0.7 and known:
            nodes = dict(self.random.choice(known).nodes)
        givens = {key: column[row : row + 1] for key, column in self.variants.draw.floats().items()}
        above = {nodes[key]: np.array([value]) for key, value in own.items() if key != name}
        above.pop(nodes[name], None)
        return float(evaluate([nodes[name]], givens, above)[0][0])

    def _spelled(self, value: float, slot: Any, row: int) -> str:
        """As a student may write it: rounded, cut off, a little off, at the edge of rounding."""
        kind, places, exact = self.random.random(), slot.decimals, Fraction(value)
        if kind < 0.25:
            width = float(self.widths[slot.id][row])
            exact += Fraction(width * self.random.choice((-4, -1.4, -0.9, 0.7, 0.95, 1.2, 3)))
            text = decimal(exact, places + 3)
        elif kind < 0.35:
            text = decimal(Fraction(decimal(exact, places)) - Fraction(1, 2 * 10**places), 12)
        else:
            text = decimal(
                exact, places if kind < 0.9 else max(places - self.random.choice((1, 2)), 0)
            )
        return text.replace(".", ",") if self.random.random() < 0.15 else text

    def _formula(self, slot: Any, chance: float) -> str:
        if chance < 0.25:
            return self.random.choice(BROKEN)
        right = expected_formula(self.template, slot)
        if chance < 0.5 or not self.graphs.mistakes:
            return right
        if chance < 0.6:
            return f"{right} + 0.001"
        one = self.random.choice(self.graphs.mistakes)
        return expected_formula(self.template, slot, one.nodes)


def marked(marker: Marker, responses: Mapping[str, str]) -> dict[str, list[Any]]:
    """Verdict, mistakes, what is followed, and the column, by slot; blank ones are left out."""
    return verdicts(marker.mark(responses, tuple(responses)))


def verdicts(found: Mapping[str, Feedback]) -> dict[str, list[Any]]:
    """What the table holds of what was said of each slot."""
    return {
        slot: [one.verdict, list(one.mistakes), list(one.follows), one.column]
        for slot, one in found.items()
    }


def variant_of(vector: Mapping[str, Any]) -> Variants:
    """The variant that a vector is about."""
    numbers = {name: Fraction(text) for name, text in vector["numbers"].items()}
    return fixed_variant(of_the_bank(vector["question"])[vector["structure"]], numbers)


@dataclass(frozen=True)
class Table:
    """readings: text, decimal sign, what a reader of one file says of it, and of one that stands
    alone. rounds: see `Vectors`."""

    readings: list[list[Any]]
    rounds: list[dict[str, Any]]


def readings() -> Iterator[list[Any]]:
    """Texts of all kinds, read with either decimal sign."""
    cases = (case[0] for section in SECTIONS for case in section.cases)
    for text in dict.fromkeys((*cases, *BLANKS, *ENDED, *UNREADABLE, *WORDED)):
        yield from (read_both(text, sign) for sign in ("point", "comma"))


def read_both(text: str, sign: DecimalSign, sure: DecimalSign | None = None) -> list[Any]:
    """A reading as it stands in the table; sure: see `read_alone`."""
    return [text, sign, _read(read_number(text, sign)), _read(read_alone(text, sign, sure))]


def _read(found: Number | Unreadable | None) -> list[Any] | None:
    """A value and how it is written plainly; or a reason and its column."""
    if isinstance(found, Number):
        return [found.value, found.plain]
    return None if found is None else [found.reason, found.column]


def read_table() -> Table:
    """The table as it was written."""
    return Table(**json.loads(gzip.decompress(PATH.read_bytes())))


def made(seed: int = 0) -> Iterator[dict[str, Any]]:
    """The rounds anew."""
    for pair in QUESTIONS:
        vectors = Vectors(*pair, Random(f"{seed} {pair}"))
        yield from vectors.rounds()
        yield from vectors.exchanged()
        if pair == STEEP:
            yield from vectors.steep()
        if pair == DEAD:
            yield from vectors.dead()


def main() -> None:
    """Write the table."""
    table = {"readings": list(readings()), "rounds": list(made())}
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    PATH.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
