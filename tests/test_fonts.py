"""The bundled fonts: digests that tell the truth about them, outlines, kerning, joined letters."""

from __future__ import annotations

import hashlib
import json
import runpy
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont

from examgen.typeset import text_box
from examgen.typeset.fonts import (
    FOREIGN_FACES,
    ITALIC,
    MATH,
    REGULAR,
    Face,
    advance,
    digest,
    face_path,
    glyph,
    kern,
    outline,
)

FACES = tuple(face for face in get_args(Face) if face not in FOREIGN_FACES)
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("face", FACES)
def test_digest_is_that_of_the_font(face: Face) -> None:
    """A digest was made from the very file that ships."""
    assert digest(face)["sha256"] == hashlib.sha256(face_path(face).read_bytes()).hexdigest(), (
        "out of date: python docs/make_digests.py"
    )


@pytest.mark.parametrize("face", [MATH, ITALIC])
def test_digest_says_what_the_font_says(face: Face) -> None:
    """Made again from the font, the digest is the same."""
    made = runpy.run_path(str(ROOT / "docs" / "make_digests.py"))["digest"](face_path(face))
    assert made == json.loads(face_path(face).with_suffix(".json").read_text())


@pytest.mark.parametrize("face", FACES)
def test_outlines_lie_in_their_bounds(face: Face) -> None:
    """The path of a glyph covers the ink that its font says it has."""
    source = TTFont(face_path(face))
    for index in range(0, len(source.getGlyphOrder()), 40):
        name = source.getGlyphName(index)
        assert advance(face, index) == source["hmtx"][name][0] / 1000
        pen, ours = BoundsPen(source.getGlyphSet()), BoundsPen(None)
        source.getGlyphSet()[name].draw(pen)
        parse_path(outline(face, index), ours)
        assert ours.bounds == pytest.approx(pen.bounds)


def test_a_blank_has_no_outline() -> None:
    """A space is drawn as nothing."""
    assert outline(REGULAR, glyph(REGULAR, " ").id) == ""


@pytest.mark.parametrize(
    ("pair", "units"),
    # the advance of the first letter as HarfBuzz shapes the pair, less that of the letter alone
    [("AV", -100), ("To", -70), ("oo", 0), ("f)", 70)],
)
def test_pairs_are_kerned_as_harfbuzz_does(pair: str, units: int) -> None:
    """Letters that gape are drawn together, and those that clash apart."""
    left, right = (glyph(REGULAR, char).id for char in pair)
    assert kern(REGULAR, left, right) * 1000 == pytest.approx(units)
    box, alone = text_box(pair, REGULAR, 10.0), sum(glyph(REGULAR, c).width for c in pair)
    assert box.width == pytest.approx(10 * alone + units / 100)
    assert box.runs[0].kerns == pytest.approx((units / 1000, 0.0) if units else ())


@pytest.mark.parametrize("word", ["fi", "fl", "ff", "ffi", "ffl"])
def test_joined_letters_are_copied_as_letters(word: str) -> None:
    """An f and what it touches have shapes of their own, a glyph a letter."""
    (run,) = text_box(word, REGULAR, 10.0).runs
    assert run.text == word
    assert len(run.glyphs) == len(word)
    usual = [glyph(REGULAR, char).id for char in word]
    touched = [a != b for a, b in zip(run.glyphs, usual, strict=True)]
    assert touched == [*(True for _ in pairwise(word)), word[-1] != "f"]


def test_no_glyph_refers_to_another() -> None:
    """A glyph can be taken out of its font alone."""
    source = TTFont(face_path(REGULAR))
    assert not any(source["glyf"][name].isComposite() for name in source.getGlyphOrder())


@pytest.mark.parametrize("char", "✓×→○–…⁴₀₁₉⁻₊⅞≈−·ŷẑ")
def test_what_pages_and_students_write_has_a_glyph(char: str) -> None:
    """Signs of verdicts, and small digits in answers."""
    assert glyph(REGULAR, char).char == char
