"""Pages: the best division of blocks there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examgen.render.blocks import Block, Page, paginated
from examgen.render.pagebreak import Slab, fill_cost, page_ends, tops

HEIGHT = 700.0
LINE = Block(10.0, (), before=4.0, continues=True)
HEADING = Block(14.0, (), before=16.0, role="H2")


def cost_of(ends: tuple[int, ...], slabs: list[Slab], height: float) -> float:
    """What a division costs in total, page by page."""
    total = 0.0
    for a, b in pairwise((0, *ends)):
        page = slabs[a:b]
        used = sum(s.height for s in page) + sum(s.before for s in page[1:])
        give = sum(s.elastic for s in page[1:])
        if used - give > height and len(page) > 1:
            return float("inf")
        total += slabs[a].cost if a else 0.0
        total += fill_cost(used, give, height, slabs[b].fresh if b < len(slabs) else None)
    return total


SLABS = st.lists(
    st.builds(
        Slab,
        height=st.integers(10, 90).map(float),
        before=st.sampled_from([0.0, 5.0, 12.0]),
        elastic=st.sampled_from([0.0, 2.0]),
        cost=st.sampled_from([0.0, 40.0, 150.0, 3_000.0, 1e5]),
        fresh=st.sampled_from([1.0, 1.0, 0.5]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=150, deadline=None)
@given(SLABS, st.integers(60, 200).map(float))
def test_no_other_division_costs_less(slabs: list[Slab], height: float) -> None:
    """Of all ways to divide blocks among pages the one that is found costs least."""
    inner = range(1, len(slabs))
    every = [(*c, len(slabs)) for n in range(len(slabs)) for c in combinations(inner, n)]
    least = min(cost_of(ends, slabs, height) for ends in every)
    assert cost_of(page_ends(slabs, height), slabs, height) == pytest.approx(least)


def counts(pages: tuple[Page, ...]) -> list[int]:
    """How many blocks each page has."""
    return [len(page.blocks) for page in pages]


def test_every_block_has_its_place_below_the_one_before() -> None:
    """All blocks are there, in their order, none overlaps another, none reaches over the foot."""
    blocks = [replace(LINE, height=10.0 + i % 7, before=float(i % 13)) for i in range(200)]
    pages = paginated(blocks, HEIGHT)
    assert [block for page in pages for _, block in page.blocks] == blocks
    for page in pages:
        ends = [(top, top + block.height) for top, block in page.blocks]
        assert all(end <= top + 1e-9 for (_, end), (top, _) in pairwise(ends))
        assert ends[0][0] == 0.0
        assert ends[-1][1] <= HEIGHT + 1e-9


def test_nothing_is_one_empty_page() -> None:
    """A document has a page."""
    assert paginated([], HEIGHT) == (Page(()),)


def test_what_is_taller_than_a_page_has_one() -> None:
    """A block that no page holds stands alone and takes nothing with it."""
    assert counts(paginated([LINE, Block(900.0, ()), LINE], HEIGHT)) == [1, 1, 1]


@pytest.mark.parametrize("lines", range(2, 60))
def test_no_line_of_a_paragraph_is_alone(lines: int) -> None:
    """Wherever a paragraph falls, two lines or more of it stay on a page."""
    first = replace(LINE, continues=False)
    blocks = [Block(20.0 * (i + 1), ()) for i in range(5)] + [first, *[LINE] * (lines - 1)]
    for page in paginated([*blocks, Block(300.0, ())], HEIGHT):
        assert sum(block in (first, LINE) for _, block in page.blocks) != 1


@pytest.mark.parametrize("above", range(0, 700, 35))
def test_no_heading_stays_at_a_foot(above: int) -> None:
    """A heading is followed by what it heads, tied to it or not."""
    pages = paginated([Block(float(above), ()), HEADING, Block(90.0, ()), Block(200.0, ())], HEIGHT)
    assert all(page.blocks[-1][1] != HEADING for page in pages)


def test_question_begins_on_a_new_page_rather_than_is_torn() -> None:
    """Where a question would be broken after a few lines, it goes to the next page."""
    part = Block(150.0, (), before=11.0)
    blocks = [HEADING, *[part] * 3, HEADING, Block(60.0, (), before=5.0), *[part] * 3]
    assert counts(paginated(blocks, HEIGHT)) == [4, 5]


@pytest.mark.parametrize("above", range(0, 600, 50))
def test_figure_is_with_its_numbers(above: int) -> None:
    """Equations, figure and table of givens stay together."""
    group = [
        Block(100.0, (), 9.0, role="Formula"),
        Block(200.0, (), 9.0, role="Figure"),
        Block(40.0, (), 9.0, role="Table"),
    ]
    blocks = [Block(float(above), ()), *group, Block(300.0, (), 9.0)]
    for page in paginated(blocks, HEIGHT):
        assert len({block.role for _, block in page.blocks} & {"Formula", "Figure"}) != 1
        assert ("Figure" in roles(page)) == ("Table" in roles(page))


def roles(page: Page) -> list[str]:
    """What the blocks of a page are."""
    return [block.role for _, block in page.blocks]


def test_last_page_is_avoided_by_squeezing() -> None:
    """Spaces between blocks shrink a little where that saves a page with a single line."""
    blocks = [Block(56.0, (), before=15.0 if i else 0.0) for i in range(10)]
    (page,) = paginated(blocks, 675.0)
    gaps = [b - a - 56.0 for (a, _), (b, _) in pairwise(page.blocks)]
    assert gaps == pytest.approx([12.7777] * 9, abs=1e-3)
    assert counts(paginated(blocks, 640.0)) != [10]


def test_a_nearly_empty_last_page_is_avoided() -> None:
    """A page gives up a block rather than that one line stands alone on the last."""
    blocks = [*[Block(97.0, (), before=3.0)] * 7, Block(10.0, (), before=3.0)]
    assert counts(paginated(blocks, HEIGHT))[-1] > 1


def test_spaces_grow_to_fill_a_page_but_not_the_last() -> None:
    """A page that is almost full is filled, by the spaces between blocks and not those of lines."""
    slabs = [Slab(90.0), Slab(45.0, 10.0, 2.0), Slab(45.0, 4.0, 0.0)]
    assert tops(slabs, 195.0, last=False) == pytest.approx([0.0, 101.0, 150.0])
    assert tops(slabs, 195.0, last=True) == pytest.approx([0.0, 100.0, 149.0])
    assert tops(slabs, 300.0, last=False) == pytest.approx([0.0, 100.0, 149.0])


def test_lines_of_a_paragraph_keep_their_distance() -> None:
    """However a page is filled, its lines stand as far apart as they were set."""
    pages = paginated([LINE] * 120, HEIGHT)
    gaps = {round(b - a, 6) for page in pages for (a, _), (b, _) in pairwise(page.blocks)}
    assert gaps == {14.0}
