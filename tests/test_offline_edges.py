"""Marking in the browser as in Python where the table of vectors has no examples: at the edges.

An author's own tolerance, an answer to whole numbers that others go on from, answers at the end of
what is allowed, formulas that are right by what they must not use or that cancel.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from make_vectors import verdicts
from playwright.sync_api import Page
from small_exam import TINY
from test_offline_vectors import (
    MARK,
    marking_page,  # noqa: F401 - the fixture `page`
    told_by,
)

from examgen.drawing import draw_variants
from examgen.graph import evaluate
from examgen.mistakes import mistakes_of
from examgen.slots import Slot
from examgen.solution import expected_formula
from examgen.template import parse_templates
from examgen.tolerance import SLACK, widths
from examgen.variant import Variants
from grader.practice.marking import Marker
from grader.practice.offline.content import key_data
from grader.practice.offline.formulas import Pools
from grader.practice.offline.nodes import NodeTable
from grader.practice.offline.program import program

STEPS = TINY.replace("answers: z\n", "answers: z\n    decimals: 0\n").replace(
    "answers: dL/dw, w'\n", "answers: dL/dw, w'\n    tolerance: 0.25\n"
)
"""Steps of a half make z such that whole numbers are coarse; dL/dw may be off by a quarter."""
FLAT = STEPS.replace("(z - y)^2", "relu(z - 1000) * y").replace("require: [abs(dL/dw) > 0]\n", "")
"""A question of an author's who has not checked it: every derivative is 0, whatever is drawn."""


@pytest.fixture(scope="module")
def variants() -> Variants:
    """One variant."""
    return drawn(STEPS)


def drawn(text: str) -> Variants:
    """The first variant of a question."""
    (template,) = parse_templates(text, "steps.yaml")
    return draw_variants(template, 0, range(1), -1)


def compare(page: Page, variants: Variants, rounds: list[dict[str, str]]) -> list[str]:
    """Mark a variant in Python and in the browser; all verdicts, which are the same."""
    template, marker = variants.template, Marker(variants)
    table, pools = NodeTable(), Pools()
    made = program(template, mistakes_of(template), table, pools)
    expected = [verdicts(marker.mark(one, tuple(one))) for one in rounds]
    asked = [(key_data(variants, 0), one) for one in rounds]
    found = told_by(page, MARK, [made.data, table.written(), pools.written(), asked, []])
    said = [{slot: marks[0] for slot, marks in one.items()} for one in found]
    differing = [one for one in zip(rounds, said, expected, strict=True) if one[1] != one[2]]
    assert differing == []
    return [verdict for one in expected for verdict, *_ in one.values()]


def numbers(variants: Variants) -> list[dict[str, str]]:
    """Answers to the number slots: blank, right, at the edge, mistaken; and what follows."""
    z, dw, w = (slot for slot in variants.template.slots if slot.kind == "number")
    pairs = product(["", *near(variants, z)[:6]], ["", *near(variants, dw), *near(variants, w)])
    return [{z.id: one, dw.id: other, w.id: other} for one, other in pairs]


def near(variants: Variants, slot: Slot) -> list[str]:
    """The key, numbers about it, as far off as is allowed and just beyond, and known mistakes."""
    key = float(variants.expected(slot)[0])
    edges = [key + off for off in (0.0, 0.2, -0.25, 0.2501, 0.5, -1.0, 1.0001, 7.0, -key)]
    return list(dict.fromkeys(f"{one:.10g}" for one in (*edges, *mistaken(variants, slot))))


def mistaken(variants: Variants, slot: Slot) -> list[float]:
    """What known mistakes make of a number, with right and with rounded numbers on the way."""
    quantities = variants.template.quantities
    givens = {name: column[:1] for name, column in variants.draw.floats().items()}
    name = quantities.name(slot.quantity)
    nodes = [one.nodes[name] for one in mistakes_of(variants.template)]
    return [float(column[0]) for column in evaluate(nodes, givens)]


def test_numbers_at_the_edges(page: Page, variants: Variants) -> None:
    """Each verdict that there is on numbers comes up."""
    found = compare(page, variants, numbers(variants))
    assert {"right", "rounded", "follows", "mistake", "wrong"} <= set(found)


FORMULAS = {
    "{}": "right",
    "{} * dL/dL": "unreadable",
    "{} * (dL/dw / dL/dw)": "unreadable",
    "{} + 10^20*x - 10^20*x": "unreadable",
    "\N{MATHEMATICAL ITALIC SMALL X} * dL/dz = y": "unreadable",
    "{} = {} + 1": "unreadable",
}
"""Right, right by what it must not use, right as far as anybody can see, sides that differ."""


def test_formulas_at_the_edges(page: Page, variants: Variants) -> None:
    """The reasons are at the same characters, too."""
    (slot,) = (one for one in variants.template.slots if one.kind == "formula")
    right = expected_formula(variants.template, slot)
    rounds = [{slot.id: form.replace("{}", right)} for form in FORMULAS]
    assert compare(page, variants, rounds) == list(FORMULAS.values())


def test_a_formula_that_cannot_be_compared(page: Page) -> None:
    """Is neither right nor wrong, whatever it is."""
    flat = drawn(FLAT)
    (slot,) = (one for one in flat.template.slots if one.kind == "formula")
    assert compare(page, flat, [{slot.id: "0"}, {slot.id: "x"}]) == ["unreadable", "unreadable"]


def test_widths_are_rounded_up_alike(page: Page) -> None:
    """To two digits: numbers that have no more, but for an error of float64, and powers of ten."""
    tens = np.array([10.0**power for power in range(-6, 7)])
    beside = (np.nextafter(tens, 0), np.nextafter(tens, 1e9))
    for places in range(7):
        two_digits = np.arange(10, 100) * 10.0**-places
        arriving = np.concatenate([[0.0], tens, *beside, (two_digits - 10.0**-places) / SLACK])
        found = page.evaluate(
            "([all, places]) => all.map((one) => width(one, places))", [arriving.tolist(), places]
        )
        assert found == widths(arriving, places).tolist()
