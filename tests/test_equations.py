"""Displayed formulas: aligned, broken, numbered, in columns."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from examgen.render.blocks import Block
from examgen.render.chains import HANG
from examgen.render.equations import AIR, BASELINES, FEW, display, numbered
from examgen.render.style import SIZE
from examgen.typeset import Box, Formula, Run, flat, layout, relation_parts

WIDTH = 480.0
SUM = "L = " + " + ".join([r"a_1 \cdot b_1"] * 14)
CHAIN = "y = " + " = ".join(["a + b + c + d + e + f"] * 6)


def ink(block: Block) -> Box:
    """The type of a line."""
    box = block.marks[-1].ink
    assert isinstance(box, Box)
    return replace(box, ink=tuple(flat(box)))


def text_of(block: Block) -> str:
    """The characters of a line in the order in which they are read."""
    return "".join(run.text for run in ink(block).runs)


def relations(block: Block) -> list[float]:
    """Where the equals signs of a line stand."""
    mark = block.marks[-1]
    return [mark.x + run.x for run in ink(block).runs if isinstance(run, Run) and run.text == "="]


def test_first_relations_stand_under_each_other() -> None:
    """Lines of a derivation are aligned at their first relation, the left sides end there."""
    blocks = display(["z = 1", r"z_{123} = 2 = 3", r"\frac{a}{b} = 4", "x < 5"], WIDTH)
    assert len({round(relations(block)[0], 3) for block in blocks[:3]}) == 1
    assert blocks[1].marks[0].x < blocks[0].marks[0].x
    widest = max(ink(block).width + block.marks[0].x for block in blocks)
    assert blocks[1].marks[0].x + widest == pytest.approx(WIDTH, abs=30.0)


def test_flush_left_begins_at_the_margin() -> None:
    """Not centred, the widest left side begins the line."""
    blocks = display(["z = 1", "z_{123} = 2"], WIDTH, centred=False)
    assert min(block.marks[0].x for block in blocks) == pytest.approx(0.0)


PRODUCTS = "x = " + " + ".join([r"a \cdot b \cdot c \cdot d"] * 6)
TIMES = "\N{DOT OPERATOR}"


def test_a_sum_of_products_is_broken_before_its_terms() -> None:
    """A row begins with + and not inside a product, however ragged that leaves the rows."""
    for width in range(150, 400, 10):
        rows = [text_of(block) for block in display([PRODUCTS], float(width))]
        assert not any(text.startswith(TIMES) for text in rows)
        assert all(text.startswith("+") for text in rows[1:])


def test_a_product_that_fits_into_no_row_is_broken_and_indented() -> None:
    """Before a sign of multiplication at last, further in than a sum would go on."""
    product = r" \cdot ".join(["a"] * 40)
    first, *others = display([f"x = {product} + b"], 200.0, centred=False)
    assert text_of(first).startswith("x=")
    assert text_of(others[0]).startswith(TIMES)
    assert {round(block.marks[0].x - others[0].marks[0].x, 3) for block in others} <= {0.0, -HANG}
    assert others[0].marks[0].x == pytest.approx(relations(first)[0] + 2 * HANG, abs=5.0)


def test_chain_is_broken_at_relations_into_even_lines() -> None:
    """A chain that is too long is broken at its relations, under the first of which the others
    stand, and no line is a short rest."""
    blocks = display([CHAIN], 260.0)
    assert [text_of(block).count("=") for block in blocks] == [2, 2, 2]
    assert len({round(relations(block)[0], 3) for block in blocks}) == 1
    assert all(text_of(block).startswith("=") for block in blocks[1:])


def test_sum_is_broken_at_its_signs_with_an_indent() -> None:
    """Where there is no relation left, a line begins with a sign and further right."""
    blocks = display([SUM], 300.0)
    assert len(blocks) > 1
    assert all(text_of(block)[0] in "+⋅" for block in blocks[1:])
    axis = relations(blocks[0])[0]
    assert all(block.marks[0].x - axis == pytest.approx(HANG, abs=3.0) for block in blocks[1:])


@pytest.mark.parametrize("width", [90.0, 150.0, 300.0, 480.0])
@pytest.mark.parametrize("tex", [SUM, CHAIN, "a" * 60 + " = b", r"\left(" + SUM + r"\right) = 1"])
def test_nothing_is_wider_than_the_line(tex: str, width: float) -> None:
    """Whatever cannot be broken is made smaller as the last resort."""
    for block in display([tex, "a = b"], width):
        mark = block.marks[-1]
        assert mark.x >= -1e-6
        assert mark.x + ink(block).width <= width + 1e-6


def test_what_can_be_broken_is_not_made_smaller() -> None:
    """Broken lines are set in the size of the text."""
    sizes = {run.size for block in display([SUM, CHAIN], 200.0) for run in ink(block).runs}
    assert max(sizes) == SIZE
    assert all(size in (SIZE, *script_sizes()) for size in sizes)


def script_sizes() -> set[float]:
    """Those of scripts in text of that size."""
    return {run.size for run in layout("a_{b_c}", SIZE).runs}


def test_a_block_a_line_and_none_of_them_alone() -> None:
    """A page may end between the lines of a derivation, not after the first or before the last."""
    blocks = display([f"a_{{{i}}} = {i}" for i in range(6)], WIDTH)
    assert [block.keep for block in blocks] == [True, False, False, False, True, False]
    assert [block.keep for block in display(["a = 1", "b = 2", "c = 3"], WIDTH)] == [
        True,
        True,
        False,
    ]
    assert [block.keep for block in display(["a = 1"], WIDTH)] == [False]


def test_baselines_are_even_and_tall_lines_have_air() -> None:
    """Simple lines stand one distance apart, fractions further."""
    blocks = display(
        ["a = 1", "b = 2", "c = 3", r"d = \frac{\frac{a}{b}}{\frac{c}{d}}", "e = 1"], WIDTH
    )
    tops = [0.0]
    for block, following in pairwise(blocks):
        tops.append(tops[-1] + block.height + following.before)
    baselines = [top + block.marks[0].y for top, block in zip(tops, blocks, strict=True)]
    steps = [b - a for a, b in pairwise(baselines)]
    assert steps[:2] == pytest.approx([BASELINES] * 2)
    assert min(steps[2:]) > BASELINES
    assert all(block.before >= AIR for block in blocks)


def units(blocks: list[Block]) -> list[str]:
    """The TeX that is read out, line by line."""
    inks = [mark.ink for block in blocks for mark in block.marks if isinstance(mark.ink, Box)]
    return [part.tex for box in inks for part in box.ink if isinstance(part, Formula)]


def test_every_line_says_what_stands_on_it() -> None:
    """The lines of a broken formula are read out one by one, and together they are all of it."""
    blocks = display([CHAIN, "a = b"], 200.0)
    said = units(blocks)
    assert {block.role for block in blocks} == {"Formula"}
    assert said[-1] == "a = b"
    assert " ".join(said[:-1]) == CHAIN
    assert not any(block.continues or block.alternative for block in blocks)


def test_what_cannot_be_told_apart_is_said_at_once() -> None:
    """Where a line's TeX cannot be cut out of the formula's, the first line says it all."""
    tex = "{a = b} " + " ".join(["= {c + d} = e"] * 20)
    blocks = display([tex], 200.0)
    assert "".join(units(blocks)).replace(" ", "") == tex.replace(" ", "")


def test_numbers_stand_before_their_formulas() -> None:
    """Every formula has its number on its baseline, flush right, and says it."""
    blocks = numbered([f"a_{{{i}}} = {i}" for i in range(11)], WIDTH)
    ends = []
    for number, block in enumerate(blocks, start=1):
        tag, formula = block.marks
        assert isinstance(tag.ink, Box)
        assert "".join(run.text for run in tag.ink.runs) == str(number)
        assert tag.y == formula.y
        ends.append(round(tag.x + tag.ink.width, 3))
    assert len(set(ends)) == 1
    assert numbered([], WIDTH) == []


def test_many_short_formulas_are_two_columns_read_down() -> None:
    """More than eight short formulas save space, their order kept from top to bottom."""
    tex = [f"a_{{{i}}} = b + {i}" for i in range(FEW + 1)]
    (block,) = display(tex, WIDTH)
    assert [mark.x < WIDTH / 2 for mark in block.marks] == [True] * 5 + [False] * 4
    assert [mark.y for mark in block.marks[:4]] == [mark.y for mark in block.marks[5:]]
    assert block.height < sum(each.height + each.before for each in display(tex[:FEW], WIDTH))
    assert units([block]) == tex
    assert len(display(tex[:FEW], WIDTH)) == FEW
    assert len(display([*tex, CHAIN], WIDTH)) > FEW


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{cases} a = b & c \\ d & e = f \end{cases}",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"\left( a = b + c \right)",
        r"\underbrace{a = b + c}_{d = e}",
    ],
)
def test_what_is_within_is_no_place_to_break(tex: str) -> None:
    """Brackets, braces and grids are one part, whatever signs they hold."""
    assert [len(part) for part in relation_parts(tex, SIZE)] == [1]
    assert [len(part) for part in relation_parts(f"x = {tex}", SIZE)] == [1, 1]
