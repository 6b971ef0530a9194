"""The setter's rules: styles, scripts, accents, fences of every size, braces and grids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from examgen.typeset import Box, Run, layout
from examgen.typeset.fonts import MATH, advance, digest, glyph
from examgen.typeset.mathfont import constants, small

SIZE = 10.0
GALLERY = yaml.safe_load((Path(__file__).parent / "data" / "gallery.yaml").read_text("utf-8"))


def run_of(box: Box, text: str) -> Run:
    """The first run of a text."""
    return next(run for run in box.runs if run.text == text)


def runs() -> Iterator[Run]:
    """All runs of the gallery."""
    for row in GALLERY:
        yield from layout(row["tex"], SIZE, row.get("display", False)).runs


def test_every_run_can_be_drawn() -> None:
    """A run has glyphs of its font, and a kern for each of them or none at all."""
    for run in runs():
        assert run.glyphs
        assert max(run.glyphs) < len(digest(run.face)["advances"])
        assert len(run.kerns) in (0, len(run.glyphs))


def test_copied_text_is_plain() -> None:
    """A variable is copied as its letter, not as a sign of a mathematical alphabet."""
    texts = "".join(run.text for run in runs())
    assert "x" in texts
    assert not any(0x1D400 <= ord(char) < 0x1D7CE for char in texts)


def test_cramped_superscripts_stay_lower() -> None:
    """Under a root a superscript is raised less, by the constants of the font."""
    free, cramped = layout("x^2", SIZE), layout(r"\sqrt{x^2}", SIZE)
    assert run_of(free, "2").y == pytest.approx(constants()["SuperscriptShiftUp"] * SIZE)
    low = run_of(cramped, "2").y
    assert low == pytest.approx(constants()["SuperscriptShiftUpCramped"] * SIZE)


def test_styles_of_fractions() -> None:
    """Parts of fractions are full in displays and small in lines, or as \\dfrac and \\tfrac say."""

    def size(tex: str, display: bool) -> float:
        return run_of(layout(tex, SIZE, display), "a").size

    assert size(r"\frac ab", True) == size(r"\dfrac ab", False) == SIZE
    assert size(r"\frac ab", False) == size(r"\tfrac ab", True) == pytest.approx(0.7 * SIZE)


def test_scripts_have_their_own_shapes() -> None:
    """Letters, digits and primes of scripts are the forms drawn for small sizes."""
    box = layout("x_2'", SIZE)
    assert run_of(box, "2").glyphs == (small(glyph(MATH, "2").id, 1),)
    assert run_of(box, "2").glyphs != (glyph(MATH, "2").id,)
    assert run_of(box, "′").glyphs != (glyph(MATH, "′").id,)


def test_italic_correction_parts_the_scripts() -> None:
    """Over a leaning letter the superscript begins further to the right than the subscript."""
    box = layout("f_1^2", SIZE)
    assert run_of(box, "2").x > run_of(box, "1").x
    upright = layout("1_1^2", SIZE)
    assert run_of(upright, "2").x == pytest.approx(upright.runs[2].x, abs=0.6)


def test_accent_follows_the_lean_of_its_letter() -> None:
    """The hat of a d stands over its stem, not over the middle of its width."""

    def middle(tex: str) -> float:
        hat = run_of(layout(tex, SIZE), "\u0302")
        ink = glyph(MATH, "\u0302")
        return (hat.x + (ink.left + ink.right) / 2 * SIZE) / layout(tex, SIZE).width

    assert middle(r"\hat d") > middle(r"\hat x") > 0.45


def test_an_accented_i_loses_its_dot() -> None:
    """A hat replaces the dot of an i, which is still copied as an i."""
    box = layout(r"\hat i", SIZE)
    assert run_of(box, "i").glyphs != layout("i", SIZE).runs[0].glyphs


def test_wide_hats_grow() -> None:
    """A wide hat over two letters is another glyph than that over one."""
    narrow, wide = layout(r"\hat{xy}", SIZE), layout(r"\widehat{xy}", SIZE)
    assert run_of(narrow, "\u0302").glyphs != run_of(wide, "\u0302").glyphs


def test_author_chooses_the_size_of_a_bracket() -> None:
    """Each step from \\big to \\Bigg is taller."""
    boxes = [layout(rf"\{name}l(", SIZE) for name in ("big", "Big", "bigg", "Bigg")]
    tall = [box.height + box.depth for box in boxes]
    assert tall == sorted(tall)
    assert tall[0] > layout("(", SIZE).height + layout("(", SIZE).depth
    assert tall[3] == pytest.approx(30, abs=1.5)


def test_middle_bar_is_as_tall_as_its_fence() -> None:
    """\\middle grows with \\left and \\right."""
    box = layout(r"\left(\frac ab \middle| c\right)", SIZE, True)
    pieces = [run for run in box.runs if run.glyphs == run_of(box, "|").glyphs]
    assert len(pieces) > 1
    assert [run.text for run in pieces] == ["|", *[""] * (len(pieces) - 1)]


@pytest.mark.parametrize("rows", [2, 5, 9, 20])
@pytest.mark.parametrize("fence", ["()", "[]", r"\{\}", "||"])
def test_fences_cover_bodies_of_any_height(fence: str, rows: int) -> None:
    """Beyond the largest drawn bracket it is put together of parts, and copied as one."""
    body = r"\begin{matrix}" + r"\\".join("x" * rows) + r"\end{matrix}"
    right = fence[len(fence) // 2 :]
    box = layout(rf"\left{fence[: len(fence) // 2]}{body}\right{right}", SIZE, True)
    inner = layout(body, SIZE, True)
    assert box.height + box.depth >= inner.height + inner.depth - 0.1 * SIZE - 0.01
    assert "".join(run.text for run in box.runs).count(right.removeprefix("\\")) >= 1
    assert len("".join(run.text for run in box.runs)) == rows + 2


def test_long_brace_covers_its_body() -> None:
    """A brace over a long sum is one run of glyphs that share ends, as wide as the sum."""
    body = "+".join("a" * 20)
    box, inner = layout(rf"\underbrace{{{body}}}_n", SIZE, True), layout(body, SIZE, True)
    brace = run_of(box, "⏟")
    width = sum(advance(MATH, one) for one in brace.glyphs) + sum(brace.kerns)
    assert width * SIZE == pytest.approx(inner.width, rel=0.01)
    assert run_of(box, "n").y < -inner.depth


def test_brace_label_stands_in_the_middle() -> None:
    """What a brace means is centred on it, above or below."""
    for tex, sign in ((r"\underbrace{a+b}_n", -1), (r"\overbrace{a+b}^n", 1)):
        box = layout(tex, SIZE, True)
        label = run_of(box, "n")
        assert label.x == pytest.approx(box.width / 2, abs=0.3 * SIZE)
        assert label.y * sign > 0


def test_aligned_lines_meet_at_the_sign() -> None:
    """All lines have their relation at the same place."""
    box = layout(r"\begin{aligned} a + b &= c \\ &= d \\ e &= f\end{aligned}", SIZE, True)
    places = [run.x for run in box.runs if run.text == "="]
    assert len(places) == 3
    assert places == pytest.approx([places[0]] * 3)


def test_cases_are_flush_left() -> None:
    """Values and conditions of cases begin under each other."""
    box = layout(r"\begin{cases} z & z > 1 \\ 0 & w \le 1 \end{cases}", SIZE, True)
    assert run_of(box, "z").x == pytest.approx(run_of(box, "0").x)
    assert run_of(box, "{").x == 0.0


def test_cells_of_a_matrix_are_centred() -> None:
    """A narrow cell stands in the middle of its column."""
    box = layout(r"\begin{matrix} x + y + z \\ a \end{matrix}", SIZE, True)
    narrow = run_of(box, "a")
    assert narrow.x + 0.5 * advance(MATH, narrow.glyphs[0]) * SIZE == pytest.approx(box.width / 2)


def test_tall_cells_do_not_touch() -> None:
    """Rows of a matrix move apart where fractions need it."""
    box = layout(r"\begin{matrix} \dfrac ab \\ \dfrac cd \end{matrix}", SIZE, True)
    ink = glyph(MATH, "𝑐").top - glyph(MATH, "𝑏").bottom
    assert run_of(box, "b").y - run_of(box, "c").y >= (ink + 0.2) * SIZE


def test_degree_stands_in_the_nook_of_the_root() -> None:
    """The degree of a root is tiny, raised, and left of the body."""
    box = layout(r"\sqrt[3]{x}", SIZE)
    degree, body = run_of(box, "3"), run_of(box, "x")
    assert degree.size == pytest.approx(0.55 * SIZE)
    assert degree.y > 0
    assert degree.x < body.x


def test_fraction_is_an_ordinary_neighbour() -> None:
    """As in LaTeX, a letter after a fraction keeps no more than the bar's own margin."""
    box = layout(r"\frac12 x", SIZE)
    assert run_of(box, "x").x == pytest.approx(layout(r"\frac12", SIZE).width)


def test_greek_capitals_are_upright_and_bold_ones_bold() -> None:
    """Bold symbols come from the font's bold alphabets."""
    assert layout(r"\Sigma", SIZE).runs[0].glyphs == (glyph(MATH, "Σ").id,)
    assert layout(r"\boldsymbol{\theta}", SIZE).runs[0].glyphs == (glyph(MATH, "𝜽").id,)
    assert layout(r"\mathbf{W}", SIZE).runs[0].glyphs == (glyph(MATH, "𝐖").id,)


def test_limits_of_an_integral_stand_beside_it() -> None:
    """An integral keeps its bounds at its side in displays, the lower one nearer."""
    box = layout(r"\int_a^b x", SIZE, True)
    assert run_of(box, "a").x < run_of(box, "b").x
    assert run_of(box, "a").x > 0


@pytest.mark.parametrize(
    ("opening", "closing"), [(r"\hat{", "}"), (r"\left(a\middle|", r"\right)"), (r"\sqrt{", "}")]
)
def test_deep_nesting_is_no_burden(opening: str, closing: str) -> None:
    """What is set twice at each level would take for ever in a formula as deep as may be."""
    box = layout(opening * 20 + "x" + closing * 20, SIZE)
    assert run_of(box, "x").size == SIZE
