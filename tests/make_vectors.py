"""Writes tests/data/marking_vectors.json.gz: responses, and what the marker in Python says of them.

Run it after a change of marking: .venv/bin/python tests/make_vectors.py
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from conftest import of_the_bank

from examgen.drawing import draw_variants
from examgen.graph import evaluate
from examgen.notation import decimal
from examgen.solution import expected_formula
from examgen.tolerance import tolerances
from examgen.variant import Variants, fixed_variant
from grader.marking.graphs import Graphs
from grader.practice.marking import Marker

PATH = Path(__file__).parent / "data" / "marking_vectors.json.gz"
REFRESH = "refresh with: .venv/bin/python tests/make_vectors.py"
ROUNDS, VARIANTS = 24, 2
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
UNREADABLE = ("?", "1,234", "1 1/2", "0.5.1", "3 %", "abc", "2*3", "--1", "1/0", "x = ", "5 apples")
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
            responses = self._responses(row)
            marker = Marker(self.variants, row, graphs=self.graphs)
            numbers = {name: str(value) for name, value in self.variants.draw.exact(row).items()}
            yield {
                "question": self.question,
                "structure": self.structure,
                "numbers": numbers,
                "responses": responses,
                "marked": marked(marker, responses),
            }

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
            text = decimal(exact, places if kind < 0.9 else max(places - 1, 0))
        return text.replace(".", ",") if self.random.random() < 0.15 else text

    def _formula(self, slot: Any, chance: float) -> str:
        if chance < 0.25:
            return self.random.choice(BROKEN)
        right = expected_formula(self.template, slot)
        if chance < 0.5 or not self.graphs.mistakes:
            return right
        if chance < 0.6:
            return f"{right} + 1e-3"
        one = self.random.choice(self.graphs.mistakes)
        return expected_formula(self.template, slot, one.nodes)


def marked(marker: Marker, responses: Mapping[str, str]) -> dict[str, list[Any]]:
    """Verdict, mistakes, what is followed, and the column, by slot; blank ones are left out."""
    found = marker.mark(responses, tuple(responses))
    return {
        slot: [one.verdict, list(one.mistakes), list(one.follows), one.column]
        for slot, one in found.items()
    }


def variant_of(vector: Mapping[str, Any]) -> Variants:
    """The variant that a vector is about."""
    numbers = {name: Fraction(text) for name, text in vector["numbers"].items()}
    return fixed_variant(of_the_bank(vector["question"])[vector["structure"]], numbers)


def read_vectors() -> list[dict[str, Any]]:
    """The table."""
    found: list[dict[str, Any]] = json.loads(gzip.decompress(PATH.read_bytes()))
    return found


def made(seed: int = 0) -> list[dict[str, Any]]:
    """The table anew."""
    return [one for pair in QUESTIONS for one in Vectors(*pair, Random(f"{seed} {pair}")).rounds()]


def main() -> None:
    """Write the table."""
    text = json.dumps(made(), ensure_ascii=False, separators=(",", ":"))
    PATH.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
