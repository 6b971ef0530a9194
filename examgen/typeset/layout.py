"""A formula set in boxes: The TeXbook's appendix G with the constants of STIX Two Math."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from examgen.typeset import fences
from examgen.typeset.box import Box, lift, place, row, rule, space, text_box
from examgen.typeset.fonts import (
    BOLD,
    BOLD_ITALIC,
    ITALIC,
    LARGE,
    MATH,
    REGULAR,
    Face,
    glyph,
    has,
)
from examgen.typeset.parse import parse
from examgen.typeset.spacing import around_fraction, between, classes
from examgen.typeset.symbols import Class
from examgen.typeset.tree import (
    Accent,
    Atom,
    Fenced,
    Fraction,
    Root,
    Row,
    Scripts,
    Space,
    Style,
    Tree,
)

# em; the names are those of the OpenType MATH table
SCRIPT_SCALE = (1.0, 0.72, 0.6)
AXIS_HEIGHT = fences.AXIS_HEIGHT
SUPERSCRIPT_SHIFT_UP, SUPERSCRIPT_BOTTOM_MIN = 0.36, 0.12
SUPERSCRIPT_BASELINE_DROP_MAX = 0.23
SUBSCRIPT_SHIFT_DOWN, SUBSCRIPT_BASELINE_DROP_MIN = 0.21, 0.16
SUB_SUPERSCRIPT_GAP_MIN, SPACE_AFTER_SCRIPT = 0.15, 0.04
RULE_THICKNESS = 0.05
FRACTION_GAP, FRACTION_DISPLAY_GAP = 0.08, 0.15
LIMIT_GAP = 0.135
ACCENT_BASE_HEIGHT = 0.48
SLOPE = 0.3  # of the italic, for accents over tall letters

_FACES: dict[Style, Face] = {
    "upright": REGULAR,
    "text": REGULAR,
    "bold": BOLD,
    "italic": ITALIC,
    "bold italic": BOLD_ITALIC,
}


@dataclass(frozen=True, slots=True)
class _Context:
    """The size of the formula's letters in points, how deep in scripts, and whether displayed."""

    size: float
    level: int = 0
    display: bool = False

    @property
    def em(self) -> float:
        return self.size * SCRIPT_SCALE[self.level]

    def script(self) -> _Context:
        return replace(self, level=min(self.level + 1, 2), display=False)

    def inner(self) -> _Context:
        """For the parts of a fraction."""
        return replace(self, display=False) if self.display else self.script()


@lru_cache(maxsize=4_000)
def layout(tex: str, size: float, display: bool = False) -> Box:
    """A formula in one box; `size` in points, `display` with full-size fractions and limits.

    Raises:
        ExamgenError: as `parse` does.
    """
    return _set(parse(tex), _Context(size, display=display))


def classed_parts(tex: str, size: float, *, display: bool) -> list[tuple[Box, Class]]:
    """The parts of a formula, the space after each included, with their classes."""
    tree = parse(tex)
    boxes = _spaced(tree, _Context(size, display=display))
    return list(zip(boxes, classes(tree.items), strict=True))


def _set(tree: Tree, at: _Context) -> Box:
    return _SETTERS[type(tree)](tree, at)


def _row(tree: Row, at: _Context) -> Box:
    return row(_spaced(tree, at))


def _spaced(tree: Row, at: _Context) -> list[Box]:
    """One box a part, the space after it included."""
    boxes: list[Box] = []
    found = classes(tree.items)
    before: Class | None = None
    for item, cls in zip(tree.items, found, strict=True):
        if boxes and (gap := _gap(cls, before, at)):
            boxes.append(row([boxes.pop(), space(gap)]))
        boxes.append(_padded(_set(item, at), around_fraction(item) * at.em))
        before = before if cls == "space" else cls
    return boxes


def _padded(box: Box, pad: float) -> Box:
    return row([space(pad), box, space(box.slant + pad)])


def _gap(cls: Class, before: Class | None, at: _Context) -> float:
    if before is None or cls == "space":
        return 0.0
    return at.em * between(before, cls, script=at.level > 0)


def _atom(tree: Atom, at: _Context) -> Box:
    if tree.cls == "op" and tree.style == "math":
        return text_box(tree.text, LARGE if at.display else MATH, at.em)
    if tree.style == "math":
        return text_box(tree.text, _math_face(tree.text), at.em)
    return text_box(tree.text, _FACES[tree.style], at.em)


def _math_face(text: str) -> Face:
    """Variables are italic; digits, capital Greek and signs upright."""
    if text.isalpha() and len(text) == 1 and not "Α" <= text <= "Ω" and has(ITALIC, text):
        return ITALIC
    return REGULAR if text.isalnum() or text in "().,[]!%&#$_/?:;." else MATH


def _space(tree: Space, at: _Context) -> Box:
    return space(tree.em * at.em)


def _scripts(tree: Scripts, at: _Context) -> Box:
    base = _set(tree.base, at)
    if tree.limits != "never" and at.display and not tree.primes:
        return _with_limits(tree, base, at)
    above = _above(tree, at)
    below = _set(tree.sub, at.script()) if tree.sub else None
    up, down = _shifts(tree.base, base, above, below, at)
    parts = [(0.0, 0.0, base)]
    width = base.width
    if above:
        parts.append((base.width + base.slant, up, above))
        width = max(width, base.width + base.slant + above.width)
    if below:
        parts.append((base.width, -down, below))
        width = max(width, base.width + below.width)
    return place(parts, width + SPACE_AFTER_SCRIPT * at.em)


def _above(tree: Scripts, at: _Context) -> Box | None:
    """Primes and the superscript; the prime of a text font is raised already, so it is lowered."""
    boxes = []
    if tree.primes:
        size = at.em
        prime = text_box("′" * tree.primes, MATH, size)
        boxes.append(lift(prime, -SUPERSCRIPT_SHIFT_UP * at.em))
    if tree.sup:
        boxes.append(_set(tree.sup, at.script()))
    return row(boxes) if boxes else None


def _shifts(
    nucleus: Tree, base: Box, above: Box | None, below: Box | None, at: _Context
) -> tuple[float, float]:
    up, down = SUPERSCRIPT_SHIFT_UP * at.em, SUBSCRIPT_SHIFT_DOWN * at.em
    if isinstance(nucleus, Accent):  # over a single sign, scripts stand as without the accent
        nucleus = nucleus.base
        nucleus = (
            nucleus.items[0] if isinstance(nucleus, Row) and len(nucleus.items) == 1 else nucleus
        )
    if not isinstance(nucleus, Atom) or nucleus.cls == "op":
        up = max(up, base.height - SUPERSCRIPT_BASELINE_DROP_MAX * at.em)
        down = max(down, base.depth + SUBSCRIPT_BASELINE_DROP_MIN * at.em)
    if above:
        up = max(up, above.depth + SUPERSCRIPT_BOTTOM_MIN * at.em)
    if above and below:
        gap = (up - above.depth) - (below.height - down)
        down += max(0.0, SUB_SUPERSCRIPT_GAP_MIN * at.em - gap)
    return up, down


def _with_limits(tree: Scripts, base: Box, at: _Context) -> Box:
    above = _set(tree.sup, at.script()) if tree.sup else None
    below = _set(tree.sub, at.script()) if tree.sub else None
    width = max(box.width for box in (base, above, below) if box)
    parts = [((width - base.width) / 2, 0.0, base)]
    gap = LIMIT_GAP * at.em
    if above:
        parts.append(((width - above.width) / 2, base.height + gap + above.depth, above))
    if below:
        parts.append(((width - below.width) / 2, -base.depth - gap - below.height, below))
    return place(parts, width)


def _fraction(tree: Fraction, at: _Context) -> Box:
    over, under = _set(tree.over, at.inner()), _set(tree.under, at.inner())
    thick = RULE_THICKNESS * at.em
    gap = (FRACTION_DISPLAY_GAP if at.display else FRACTION_GAP) * at.em
    axis = AXIS_HEIGHT * at.em
    width = max(over.width + over.slant, under.width + under.slant)
    up = axis + thick / 2 + gap + max(over.depth, 0.0)
    down = under.height + gap + thick / 2 - axis
    bar = rule(width, thick, axis - thick / 2)
    parts = [((width - over.width) / 2, up, over), (0.0, 0.0, bar)]
    return place([*parts, ((width - under.width) / 2, -down, under)], width)


def _accent(tree: Accent, at: _Context) -> Box:
    letter = _single_letter(tree.base)
    composed = unicodedata.normalize("NFC", letter.text + tree.mark) if letter else ""
    if letter and len(composed) == 1 and has(REGULAR, composed):
        return _atom(replace(letter, text=composed), at)
    base = _set(tree.base, at)
    if tree.mark == "\u0304" and not letter:
        bar = rule(base.width, RULE_THICKNESS * at.em, base.height + 0.12 * at.em)
        return place([(0.0, 0.0, base), (0.0, 0.0, bar)], base.width)
    return _marked(tree.mark, base, letter, at)


def _marked(mark: str, base: Box, letter: Atom | None, at: _Context) -> Box:
    """A combining mark with the middle of its ink over the middle of the base, leaning with it."""
    drawn = glyph(MATH, mark)
    raised = max(0.0, base.height - ACCENT_BASE_HEIGHT * at.em)
    middle = (base.width + base.slant) / 2
    leaning = letter is not None and _math_face(letter.text) == ITALIC
    shift = SLOPE * (base.height / 2) if leaning and letter and letter.style == "math" else 0.0
    x = middle + shift / 2 - at.em * (drawn.left + drawn.right) / 2
    set_mark = text_box(mark, MATH, at.em)
    return place([(0.0, 0.0, base), (x, raised, set_mark)], base.width)


def _single_letter(tree: Tree) -> Atom | None:
    if isinstance(tree, Row) and len(tree.items) == 1:
        tree = tree.items[0]
    return tree if isinstance(tree, Atom) and len(tree.text) == 1 else None


def _root(tree: Root, at: _Context) -> Box:
    body = _set(tree.body, at)
    thick = RULE_THICKNESS * at.em
    gap = 0.1 * at.em
    sign, dy = fences.root_sign(body.height + gap + thick, body.depth, at.em)
    top = sign.height + dy
    bar = rule(body.width + 0.08 * at.em, thick, top - thick)
    x = sign.width
    return place([(0.0, dy, sign), (x, 0.0, bar), (x, 0.0, body)], x + bar.width)


def _fenced(tree: Fenced, at: _Context) -> Box:
    body = _set(tree.body, at)
    left = fences.bracket(tree.left, body, at.em)
    right = fences.bracket(tree.right, body, at.em)
    return row([left, body, space(body.slant), right])


_SETTERS: dict[type, Callable[..., Box]] = {
    Atom: _atom,
    Space: _space,
    Row: _row,
    Scripts: _scripts,
    Fraction: _fraction,
    Accent: _accent,
    Root: _root,
    Fenced: _fenced,
}
