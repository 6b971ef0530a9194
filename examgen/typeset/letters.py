"""Single signs: the glyph of a letter in its alphabet, and what scripts and accents ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from examgen.typeset.box import Box, Run, lift
from examgen.typeset.context import Context, set_tree
from examgen.typeset.fonts import (
    BOLD,
    BOLD_ITALIC,
    ITALIC,
    MATH,
    REGULAR,
    Face,
    digest,
    has,
    measured,
)
from examgen.typeset.mathfont import attachment, constants, extended, italic, sizes, small
from examgen.typeset.textline import text_box
from examgen.typeset.tree import Accent, Atom, Style, Tree, single

_WORDS: dict[Style, Face] = {
    "upright": REGULAR,
    "text": REGULAR,
    "bold": BOLD,
    "italic": ITALIC,
    "bold italic": BOLD_ITALIC,
    "math": ITALIC,
}
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"
_GREEK_CAPITALS = frozenset("ΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΑΒ∇")


def _alphabet(latin: int, greek: int, digits: int = 0) -> dict[str, str]:
    """Characters of Unicode's mathematical alphabets, from where each begins."""
    found = {char: chr(latin + i) for i, char in enumerate(_LATIN)}
    found |= {char: chr(greek + i) for i, char in enumerate(_GREEK)}
    return found | ({str(i): chr(digits + i) for i in range(10)} if digits else {})


_ITALIC = _alphabet(0x1D434, 0x1D6E2) | {"h": "ℎ", "ı": "𝚤", "ȷ": "𝚥"}
_ALPHABETS: dict[Style, dict[str, str]] = {
    "math": {k: v for k, v in _ITALIC.items() if k not in _GREEK_CAPITALS},
    "italic": _ITALIC,
    "bold": _alphabet(0x1D400, 0x1D6A8, 0x1D7CE),
    "bold italic": _alphabet(0x1D468, 0x1D71C, 0x1D7CE),
}


@dataclass(frozen=True, slots=True)
class Nucleus:
    """A set base of scripts or of an accent.

    box: its width includes the italic correction, except that of tall signs such as ∫.
    italic: that correction. attach: where an accent's middle goes, from the left edge.
    height: the height from which superscripts are reckoned. simple: whether scripts stand where
    they stand on a letter. glyph: its id, of a single sign of the Math face, else None.
    """

    box: Box
    italic: float
    attach: float
    height: float
    simple: bool
    glyph: int | None = None
    em: float = 0.0


def nucleus(tree: Tree, at: Context) -> Nucleus:
    """A base with what its scripts need to know (The TeXbook, appendix G, rules 12, 17 and 18)."""
    tree = single(tree)
    if isinstance(tree, Atom):
        return _atom(tree, at)
    box = set_tree(tree, at)
    if isinstance(tree, Accent) and isinstance(letter := single(tree.base), Atom):
        inner = _atom(letter, at.cramp())  # its scripts stand as without the accent
        return Nucleus(box, inner.italic, inner.attach, inner.height, inner.simple)
    return Nucleus(box, 0.0, box.width / 2, box.height, simple=False)


@set_tree.register
def _set_atom(tree: Atom, at: Context) -> Box:
    return _atom(tree, at).box


@lru_cache(maxsize=8_000)
def _atom(tree: Atom, at: Context) -> Nucleus:
    if glyphs := _glyphs(tree, at):
        return _signs(glyphs, tree, at)
    box = text_box(tree.text, _WORDS[tree.style], at.em)
    return Nucleus(box, 0.0, box.width / 2, box.height, simple=True)


def _glyphs(tree: Atom, at: Context) -> tuple[int, ...]:
    """Glyphs of the Math face, if it sets this atom: single signs, and numbers."""
    upright = tree.style in ("upright", "text") or (tree.style != "math" and len(tree.text) > 1)
    if tree.style == "text" or (upright and len(tree.text) > 1 and not tree.text.isdecimal()):
        return ()
    letters = _ALPHABETS.get(tree.style, {})
    drawn = [letters.get(char, char) for char in tree.text]
    if not all(has(MATH, char) for char in drawn):
        return ()
    characters = digest(MATH)["characters"]
    return tuple(small(characters[ord(char)], at.depth) for char in drawn)


def _signs(glyphs: tuple[int, ...], tree: Atom, at: Context) -> Nucleus:
    large = tree.cls == "op" and tree.style == "math" and len(glyphs) == 1
    if large and at.display:
        glyphs = (_large(glyphs[0]),)
    box = glyph_box(glyphs, tree.text, at.em)
    if large:  # rule 13: the middle of an operator is on the axis
        box = lift(box, at.const("AxisHeight") - (box.height - box.depth) / 2)
    last = glyphs[-1]
    lean = italic(last) * at.em
    inside = 0.0 if last in extended() else lean
    middle = attachment(last) if len(glyphs) == 1 else None
    attach = (box.width - inside + lean) / 2 if middle is None else middle * at.em
    only = last if len(glyphs) == 1 else None
    simple = not large and last not in extended()
    return Nucleus(box, lean, attach, box.height, simple, only, at.em)


def _large(glyph: int) -> int:
    least = constants()["DisplayOperatorMinHeight"]
    drawn = sizes(glyph, "vertical").variants
    return next((one for one, length in drawn if length >= least), drawn[-1][0] if drawn else glyph)


@lru_cache(maxsize=8_000)
def glyph_box(glyphs: tuple[int, ...], text: str, em: float) -> Box:
    """Glyphs of the Math face side by side; the italic correction of the last one included."""
    drawn = [measured(MATH, glyph, "") for glyph in glyphs]
    lean = 0.0 if glyphs[-1] in extended() else italic(glyphs[-1])
    width = sum(one.width for one in drawn) + lean
    top, bottom = max(one.top for one in drawn), min(one.bottom for one in drawn)
    run = Run(0.0, 0.0, MATH, em, text, glyphs)
    return Box(width * em, top * em, -bottom * em, (run,))
