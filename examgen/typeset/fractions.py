"""Fractions and roots (The TeXbook, appendix G, rules 11 and 15)."""

from __future__ import annotations

from examgen.typeset.box import Box, place, rule
from examgen.typeset.context import Context, set_tree
from examgen.typeset.stretch import stretched
from examgen.typeset.tree import Fraction, Root, Tree


@set_tree.register
def _fraction(tree: Fraction, at: Context) -> Box:
    if tree.display is not None:
        at = at.styled(tree.display)
    over, under = set_tree(tree.over, at.numerator()), set_tree(tree.under, at.denominator())
    thick, axis = at.const("FractionRuleThickness"), at.const("AxisHeight")
    up = max(
        at.by_style("FractionNumeratorDisplayStyleShiftUp", "FractionNumeratorShiftUp"),
        axis
        + thick / 2
        + at.by_style("FractionNumDisplayStyleGapMin", "FractionNumeratorGapMin")
        + over.depth,
    )
    down = max(
        at.by_style("FractionDenominatorDisplayStyleShiftDown", "FractionDenominatorShiftDown"),
        under.height
        + at.by_style("FractionDenomDisplayStyleGapMin", "FractionDenominatorGapMin")
        + thick / 2
        - axis,
    )
    width = max(over.width, under.width)
    bar = rule(width, thick, axis - thick / 2)
    parts = [((width - over.width) / 2, up, over), (0.0, 0.0, bar)]
    return place([*parts, ((width - under.width) / 2, -down, under)], width)


@set_tree.register
def _root(tree: Root, at: Context) -> Box:
    """A root sign with the spare of its size shared above and below the body (rule 11)."""
    body = set_tree(tree.body, at.cramp())
    thick = at.const("RadicalRuleThickness")
    gap = at.by_style("RadicalDisplayStyleVerticalGap", "RadicalVerticalGap")
    tall = body.height + body.depth + gap + thick
    sign = stretched("√", tall, at)
    spare = sign.height + sign.depth - tall
    top = body.height + gap + max(spare, 0.0) / 2 + thick
    bar = rule(body.width, thick, top - thick)
    x = sign.width
    parts = [(0.0, top - sign.height, sign), (x, 0.0, bar), (x, 0.0, body)]
    root = place(parts, x + body.width)
    root = Box(root.width, top + at.const("RadicalExtraAscender"), root.depth, root.ink)
    return _with_degree(root, tree.degree, at) if tree.degree else root


def _with_degree(root: Box, degree: Tree, at: Context) -> Box:
    box = set_tree(degree, at.deepest())
    before, after = at.const("RadicalKernBeforeDegree"), at.const("RadicalKernAfterDegree")
    raised = at.const("RadicalDegreeBottomRaisePercent") / at.em
    up = raised * (root.height + root.depth) - root.depth
    x = max(0.0, before + box.width + after)
    return place([(max(0.0, x - after - box.width), up, box), (x, 0.0, root)], x + root.width)
