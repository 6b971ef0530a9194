"""Accents, lines and braces over and under a body (The TeXbook, appendix G, rules 9, 10 and 12)."""

from __future__ import annotations

from examgen.typeset.box import Box, place, rule
from examgen.typeset.context import Context, set_tree
from examgen.typeset.fonts import MATH, digest
from examgen.typeset.letters import Nucleus, glyph_box, nucleus
from examgen.typeset.mathfont import attachment, dotless, flat, sizes
from examgen.typeset.stretch import widened
from examgen.typeset.tree import Accent, Braced

OVERLINE, UNDERLINE = "\u0305", "\u0332"
BRACE_GAP = 0.1  # em, added under a body: the font's own distance lets a brace touch an index


@set_tree.register
def _accent(tree: Accent, at: Context) -> Box:
    if tree.mark == OVERLINE:
        return _overline(set_tree(tree.base, at.cramp()), at)
    if tree.mark == UNDERLINE:
        return _underline(set_tree(tree.base, at), at)
    base = _dotless(nucleus(tree.base, at.cramp()))
    return _marked(tree.mark, base, tree.wide, at)


def _overline(body: Box, at: Context) -> Box:
    thick, gap = at.const("OverbarRuleThickness"), at.const("OverbarVerticalGap")
    bar = rule(body.width, thick, body.height + gap)
    box = place([(0.0, 0.0, body), (0.0, 0.0, bar)], body.width)
    return Box(box.width, box.height + at.const("OverbarExtraAscender"), box.depth, box.ink)


def _underline(body: Box, at: Context) -> Box:
    thick, gap = at.const("UnderbarRuleThickness"), at.const("UnderbarVerticalGap")
    bar = rule(body.width, thick, -body.depth - gap - thick)
    box = place([(0.0, 0.0, body), (0.0, 0.0, bar)], body.width)
    return Box(box.width, box.height, box.depth + at.const("UnderbarExtraDescender"), box.ink)


def _dotless(base: Nucleus) -> Nucleus:
    if base.glyph is None or dotless(base.glyph) == base.glyph:
        return base
    glyph, (run,) = dotless(base.glyph), base.box.runs
    box = glyph_box((glyph,), run.text, run.size)
    found = attachment(glyph)
    attach = box.width / 2 if found is None else found * run.size
    return Nucleus(box, base.italic, attach, box.height, base.simple, glyph, base.em)


def _marked(mark: str, base: Nucleus, wide: bool, at: Context) -> Box:
    """A mark with its middle over that of the base, as high as the base is tall (rule 12)."""
    box = base.box
    plain = digest(MATH)["characters"][ord(mark)]
    chosen = _widest(plain, box.width / at.em) if wide else plain
    # The font gives the middle of a mark for its usual form only; its low form is drawn alike.
    middle = attachment(chosen)
    if box.height > at.const("FlattenedAccentBaseHeight"):
        chosen = flat(chosen)
    drawn = glyph_box((chosen,), mark, at.em)
    x = base.attach - (drawn.width / 2 if middle is None else middle * at.em)
    raised = max(0.0, box.height - at.const("AccentBaseHeight"))
    return place([(0.0, 0.0, box), (x, raised, drawn)], box.width)


def _widest(glyph: int, width: float) -> int:
    """The widest form of a mark that its base covers, at least the plain one."""
    fitting = [one for one, length in sizes(glyph, "horizontal").variants if length <= width]
    return fitting[-1] if fitting else glyph


@set_tree.register
def _braced(tree: Braced, at: Context) -> Box:
    box = _with_brace(tree, at)
    if tree.label is None:
        return box
    label = set_tree(tree.label, at.superscript() if tree.over else at.subscript())
    if tree.over:
        gap = max(at.const("UpperLimitBaselineRiseMin"), at.const("UpperLimitGapMin") + label.depth)
        y = box.height + gap
    else:
        gap = max(
            at.const("LowerLimitBaselineDropMin"), at.const("LowerLimitGapMin") + label.height
        )
        y = -box.depth - gap
    width = max(box.width, label.width)
    parts = [((width - box.width) / 2, 0.0, box), ((width - label.width) / 2, y, label)]
    return place(parts, width)


def _with_brace(tree: Braced, at: Context) -> Box:
    """The brace hangs under the body's depth, or stands as high over it as an accent."""
    body = set_tree(tree.body, at if not tree.over else at.cramp())
    brace = widened("⏞" if tree.over else "⏟", body.width, at)
    y = (
        max(0.0, body.height - at.const("AccentBaseHeight"))
        if tree.over
        else -body.depth - BRACE_GAP * at.em
    )
    width = max(body.width, brace.width)
    parts = [((width - body.width) / 2, 0.0, body), ((width - brace.width) / 2, y, brace)]
    return place(parts, width)
