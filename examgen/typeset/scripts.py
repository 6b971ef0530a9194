"""Superscripts, subscripts, primes and limits (The TeXbook, appendix G, rules 13a and 18)."""

from __future__ import annotations

from examgen.typeset.box import Box, place, row
from examgen.typeset.context import Context, set_tree
from examgen.typeset.fonts import MATH, digest
from examgen.typeset.letters import Nucleus, glyph_box, nucleus
from examgen.typeset.mathfont import Corner, corner_kern, small
from examgen.typeset.tree import Braced, Scripts, single


@set_tree.register
def _scripts(tree: Scripts, at: Context) -> Box:
    if _over_and_under(tree, at):
        return _limits(tree, nucleus(tree.base, at), at)
    base = nucleus(tree.base, at)
    above = _above(tree, at)
    below = set_tree(tree.sub, at.subscript()) if tree.sub else None
    up, down = _shifts(base, above, below, at)
    parts, width = [(0.0, 0.0, base.box)], base.box.width
    behind = at.const("SpaceAfterScript")
    if above:
        x = base.box.width + _kern(base, "TopRight", above, up)
        parts.append((x, up, above))
        width = max(width, x + above.width + behind)
    if below and tree.sub:
        # It goes under the part of a letter that leans out.
        x = base.box.width - base.italic + _kern(base, "BottomRight", below, -down)
        parts.append((x, -down, below))
        width = max(width, x + below.width + behind)
    return place(parts, width)


def _over_and_under(tree: Scripts, at: Context) -> bool:
    if isinstance(single(tree.base), Braced):
        return True
    return tree.limits == "always" or (tree.limits == "display" and at.display and not tree.primes)


def _above(tree: Scripts, at: Context) -> Box | None:
    """Primes, then the superscript."""
    boxes = []
    if tree.primes:
        boxes.append(_primes(tree.primes, at.superscript()))
    if tree.sup:
        boxes.append(set_tree(tree.sup, at.superscript()))
    # A single box keeps its own depth, which is below zero for a prime.
    return row(boxes) if len(boxes) > 1 else next(iter(boxes), None)


def _primes(count: int, at: Context) -> Box:
    prime = small(digest(MATH)["characters"][ord("′")], at.depth)
    return glyph_box((prime,) * count, "′" * count, at.em)


def _shifts(
    base: Nucleus, above: Box | None, below: Box | None, at: Context
) -> tuple[float, float]:
    """How far the superscript goes up and the subscript down (rules 18a to 18f)."""
    up = at.const("SuperscriptShiftUpCramped" if at.cramped else "SuperscriptShiftUp")
    down = at.const("SubscriptShiftDown")
    if not base.simple:
        up = max(up, base.height - at.const("SuperscriptBaselineDropMax"))
        down = max(down, base.box.depth + at.const("SubscriptBaselineDropMin"))
    if above:
        up = max(up, above.depth + at.const("SuperscriptBottomMin"))
    if below:
        down = max(down, below.height - at.const("SubscriptTopMax"))
    return _apart(up, down, above, below, at) if above and below else (up, down)


def _apart(up: float, down: float, above: Box, below: Box, at: Context) -> tuple[float, float]:
    """Both scripts with a gap between them: the superscript is raised, then both are moved."""
    bottom = up - above.depth
    lacking = at.const("SubSuperscriptGapMin") - (bottom - (below.height - down))
    if lacking <= 0:
        return up, down
    room = at.const("SuperscriptBottomMaxWithSubscript") - bottom
    raised = min(max(room, 0.0), lacking)
    # TeX moves the subscript alone; a raised letter with an index looks steadier if both give way.
    rest = (lacking - raised) / 2
    return up + raised + rest, down + rest


def _kern(base: Nucleus, corner: Corner, script: Box, shift: float) -> float:
    """How much nearer a script comes where the outlines of both leave room, at its two edges."""
    if base.glyph is None:
        return 0.0
    if corner == "TopRight":
        opposite: Corner = "BottomLeft"
        heights = (base.box.height, shift - script.depth)
    else:
        opposite = "TopLeft"
        heights = (script.height + shift, -base.box.depth)
    first = _only_glyph(script)
    return max(
        base.em * corner_kern(base.glyph, corner, height / base.em)
        + (first[1] * corner_kern(first[0], opposite, (height - shift) / first[1]) if first else 0)
        for height in heights
    )


def _only_glyph(script: Box) -> tuple[int, float] | None:
    """The only glyph of a script and its size, if it is a single one."""
    if len(script.runs) == 1 and len(script.runs[0].glyphs) == 1:
        run = script.runs[0]
        return (run.glyphs[0], run.size) if run.face == MATH else None
    return None


def _limits(tree: Scripts, base: Nucleus, at: Context) -> Box:
    """Scripts over and under the base, moved by half of how far it leans (rule 13a)."""
    above, below = _above(tree, at), None
    if tree.sub:
        below = set_tree(tree.sub, at.subscript())
    lean = base.italic / 2
    width = max(box.width for box in (base.box, above, below) if box)
    parts = [((width - base.box.width) / 2, 0.0, base.box)]
    if above:
        gap = max(at.const("UpperLimitBaselineRiseMin"), at.const("UpperLimitGapMin") + above.depth)
        parts.append(((width - above.width) / 2 + lean, base.box.height + gap, above))
    if below:
        gap = max(
            at.const("LowerLimitBaselineDropMin"), at.const("LowerLimitGapMin") + below.height
        )
        parts.append(((width - below.width) / 2 - lean, -base.box.depth - gap, below))
    return place(parts, width)
