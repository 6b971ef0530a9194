"""Which mistakes can show in a variant: not those that a dead branch hides from everybody."""

from __future__ import annotations

import numpy as np
from small_exam import TINY

from examgen.check.showing import Showing, showing
from examgen.draws import Draw
from examgen.graph import record
from examgen.nodes import Array
from examgen.sampling import scattered
from examgen.scoring import judge_of
from examgen.signatures import Group, Rows
from examgen.template import Template, parse_template
from examgen.tolerance import tolerances
from examgen.variant import Variants

HEAD = TINY[: TINY.index("parts:")].replace("z: w*x + b", "z: relu(w*x + b)")
HEAD = HEAD.replace("require: [abs(dL/dw) > 0]", "effort: {equal: [], within: {}}\nmargin: 1/4")
TEXT = HEAD + "parts:\n  - ask: Give it.\n    answers: dL/dw\n    points: 1\n"
"""A unit that is on in some variants, and a target that it meets exactly in some."""


def looked() -> tuple[Template, Draw, Showing, Group, Array]:
    """Scattered variants: what can show in them, the group of their slot, and all offsets."""
    template = parse_template(TEXT, "t.yaml")
    draw = scattered(template.space, 2000)
    variants = Variants(template, draw)
    signatures = judge_of(template).signatures
    (slot,) = template.slots
    keys = variants.expected(slot)[None]
    widths = tolerances(variants)[slot.id][None]
    found = showing(signatures.rows, draw, keys)
    rows = signatures.rows
    return template, draw, found, signatures.groups[0], rows.offsets(draw.floats(), widths)


def test_behind_a_unit_that_is_off_most_mistakes_cannot_show() -> None:
    """Those can that take the unit for one that is on; all others agree nearby, too."""
    _, draw, found, group, offsets = looked()
    far = found.rows.far(offsets)
    can = group.seen(found.rows_that_can(far))
    x = draw.floats()
    off = x["w"] * x["x"] + x["b"] < 0
    assert 0.2 < off.mean() < 0.8
    assert can[:, ~off].mean() > 0.6 > 0.5 > can[:, off].mean()
    told = found.told(group, offsets, far)
    assert np.mean(told.detected[off] == 1) > 0.9


def test_what_chance_hides_could_show() -> None:
    """An answer that meets its target exactly: every derivative is zero, right and wrong ones."""
    _, draw, found, group, offsets = looked()
    far = found.rows.far(offsets)
    x = draw.floats()
    z = x["w"] * x["x"] + x["b"]
    met = (z == x["y"]) & (z > 0)
    assert met.any()
    assert group.seen(found.rows_that_can(far))[:, met].mean() > 0.6
    told = found.told(group, offsets, far)
    assert (told.detected[met] < 0.5).all()
    assert not group.seen(far)[:, met].all(axis=1).all()
    assert np.median(told.detected[~met]) == 1


def test_only_coinciding_by_chance_counts() -> None:
    """Mistakes that are told are identified unless the numbers bring them together."""
    _, draw, found, group, offsets = looked()
    far = found.rows.far(offsets)
    told = found.told(group, offsets, far)
    assert (told.identified <= told.detected).all()
    plain = group.identified(offsets, group.seen(far)) / group.weights.sum()
    assert (told.identified >= plain - 1e-9).all()
    assert (told.identified < told.detected).any()
    assert len(draw) == len(told.detected)


def test_mistakes_that_nothing_near_tells_apart_are_identified() -> None:
    """Two of three agree here in both variants; however the numbers are moved, in the first."""
    rows = Rows(record([]), np.zeros(3, np.int64), 1)
    members = tuple(np.array([n]) for n in range(3))
    group = Group(rows, np.array([0]), members, np.ones(3), np.array([0]))
    here = np.array([[9.0, 9.0], [9.5, 9.5], [90.0, 90.0], [0.0, 0.0]])
    near = np.array([[9e6, 9e6], [9e6, 8e6], [9e7, 9e7], [0.0, 0.0]])
    told = Showing(rows, near).told(group, here, rows.far(here))
    np.testing.assert_allclose(told.detected, [1, 1])
    np.testing.assert_allclose(told.identified, [1, 1 / 3])
