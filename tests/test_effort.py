"""How much work a variant asks, against counting by hand and by other means."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from bank_draws import template_of
from small_exam import TINY

from examgen.counting import differentiated, digits
from examgen.drawing import draw_variants
from examgen.effort import (
    COMPONENTS,
    efforts,
    fair_space,
    limits,
)
from examgen.errors import ExamgenError
from examgen.graph import exactly
from examgen.nodes import Node, constant
from examgen.sampling import scattered
from examgen.template import Template, parse_template, parse_templates
from examgen.variant import Variants, fixed_variant

RELUS = """
id: relus
title: ReLUs that may die
graph:
  topology: mlp
  layers: [2, 3, 1]
  activation: relu
  loss: half_squared_error
sample:
  "*": {from: -2, to: 2, step: 0.5, except: [0]}
  eta: 0.1
EFFORT
parts:
  - ask: Compute.
    answers: "L, dL/dw1[1,1], dL/dw1[2,1], dL/dw1[1,2]"
    points: 1
"""


def relus(effort: str = "") -> Template:
    """A network whose units are on in some draws and off in others."""
    return parse_template(RELUS.replace("EFFORT", effort), "relus.yaml")


def one(text: str, **givens: str) -> dict[str, int]:
    """The effort of one instance of a template."""
    variant = fixed_variant(
        parse_template(text, "t.yaml"), {k: Fraction(v) for k, v in givens.items()}
    )
    return {name: int(counts[0]) for name, counts in efforts(variant).items()}


def test_a_tiny_graph_counted_by_hand() -> None:
    """z = 0.5*2 + 1 = 2, dL/dz = 2*(2 - 3) = -2, dL/dw = -2*2 = -4, w' = 0.5 - 0.1*(-4) = 0.9."""
    assert one(TINY, x="2", w="1/2", b="1", y="3") == {
        "paths": 1,
        "products": 3,  # w*x, dL/dz*x, eta*dL/dw; 2*(-1) is none
        "sums": 3,  # + b, - y, w - ...
        "negatives": 2,
        "digits": 9,  # five givens, z, dL/dz, dL/dw, w'
        "transcendentals": 0,
        "trivial": 0,
    }


def test_what_is_no_work_does_not_count() -> None:
    """A factor of one, a summand of zero, an error of zero."""
    found = one(TINY, x="1", w="2", b="0", y="2")
    assert (found["products"], found["sums"]) == (0, 1)  # z - y = 0 is still to be found out
    assert found["paths"] == 0  # its slope is zero
    assert found["trivial"] == 2  # dL/dz = 0 and dL/dw = 0


def test_functions_are_counted_once_each() -> None:
    """sigmoid(z) also serves its slope; a power of one half is a root, a square none."""
    text = TINY.replace("z: w*x + b", "z: sigmoid(w*x + b) + exp(b)^0.5 + w^2")
    assert one(text, x="2", w="1", b="1", y="3")["transcendentals"] == 3


def walked(node: Node, target: Node, values: dict[str, Fraction]) -> int:
    """Alive paths from a node to a target, one by one."""
    if node is target:
        return 1
    slopes = node.op.vjp(constant(1), node, *node.args)
    alive = exactly(slopes, values)
    pairs = zip(node.args, alive, strict=True)
    return sum(walked(arg, target, values) for arg, slope in pairs if slope != 0)


@pytest.mark.parametrize("name", ["mlp-2-2-2", "modified-recurrent-cell", "elman-relu"])
def test_paths_are_those_that_walking_finds(name: str) -> None:
    """From the loss back to everything that a derivative is asked by."""
    template = template_of(name)
    draw = scattered(template.space, 6)
    loss = template.quantities.values[template.quantities.loss]
    found = efforts(Variants(template, draw))["paths"]
    for variant in range(6):
        givens = draw.exact(variant)
        ways = [walked(loss, target, givens) for target in differentiated(template)]
        assert found[variant] == sum(ways) > 0


def test_a_dead_unit_ends_its_paths() -> None:
    """And not those of its neighbours."""
    template = relus("effort: {equal: [], within: {}}")
    variants = Variants(template, scattered(template.space, 200))
    on = [
        [column > 0 for column in values]
        for values in zip(
            *(
                [variants.quantities(n)[f"h1[{unit}]"] > 0 for n in range(200)]
                for unit in (1, 2, 3)
            ),
            strict=True,
        )
    ]
    names = {source.name for source in differentiated(template)}
    assert names == {"w1[1,1]", "w1[2,1]", "w1[1,2]"}
    assert len({tuple(states) for states in on}) > 3
    assert len(set(efforts(variants)["paths"].tolist())) > 1


def test_a_slope_that_is_always_zero_leads_nowhere() -> None:
    """A step does not move: of the two ways from w to z one is alive."""
    text = TINY.replace("z: w*x + b", "z: w*x + b*relu'(w)")
    assert one(text, x="2", w="1", b="1", y="5")["paths"] == 1


def test_digits_are_those_of_the_written_number() -> None:
    """Against the decimal library, which strips zeros itself."""
    rng = np.random.default_rng(0)
    values = np.round(rng.normal(size=(3, 400)) * 10.0 ** rng.integers(-3, 4, (3, 400)), 5)
    decimals = np.array([1, 4, 6])
    found = digits(values, decimals)
    for row, places in enumerate(decimals):
        for value, count in zip(values[row], found[row], strict=True):
            written = round(abs(Decimal(repr(float(value)))), int(places))
            shown = f"{written:f}"
            shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
            assert count == max(1, len(shown.replace(".", "").lstrip("0")))


def test_every_component_is_counted_for_every_variant() -> None:
    """Integers, and the same alone as together."""
    variants = draw_variants(template_of("recurrent-cell-bce"), 3, range(50))
    found = efforts(variants)
    assert tuple(found) == COMPONENTS
    alone = efforts(draw_variants(template_of("recurrent-cell-bce"), 3, [17]))
    for name, counts in found.items():
        assert counts.shape == (50,)
        assert counts.dtype.kind == "i"
        assert counts[17] == alone[name][0]


# --- the same work for everybody ------------------------------------------------------------------


def spread(variants: Variants) -> dict[str, tuple[int, int, int]]:
    """The least, the median and the most of every component."""
    return {
        name: (int(counts.min()), int(np.median(counts)), int(counts.max()))
        for name, counts in efforts(variants).items()
    }


def test_paths_are_equal_however_many_units_may_die() -> None:
    """As many as most draws have, but never none; without the condition they differ."""
    free = Variants(relus(), scattered(relus().space, 1024))
    low, _, high = spread(free)["paths"]
    assert low == 0 < high
    held = spread(draw_variants(relus(), 1, range(300)))["paths"]
    often = np.bincount(efforts(free)["paths"])
    assert held[0] == held[2] == 1 + often[1:].argmax()


def test_no_paths_at_all_are_never_usual() -> None:
    """A unit that is off in most draws is on in all that are asked."""
    text = TINY.replace("z: w*x + b", "z: relu(w*x - 8)").replace("abs(dL/dw) > 0", "eta > 0")
    template = parse_template(text.replace("  b: {from: -4, to: 4, step: 1}\n", ""), "t.yaml")
    assert spread(Variants(template, scattered(template.space, 300)))["paths"] == (0, 0, 1)
    assert spread(draw_variants(template, 1, range(100)))["paths"] == (1, 1, 1)


def test_the_condition_stands_among_the_others() -> None:
    """With how many candidates failed it."""
    acceptance = draw_variants(relus(), 1, range(100)).draw.acceptance
    assert acceptance is not None
    (text,) = [text for text in acceptance.failures if text.startswith("paths == ")]
    failed, judged = acceptance.failures[text]
    assert 0 < failed < judged
    assert any(text.startswith("digits within ") for text in acceptance.failures)


@pytest.mark.parametrize("component", ["negatives", "products", "sums", "trivial", "digits"])
def test_any_component_can_be_held(component: str) -> None:
    """Equal, or within a share of the usual number."""
    equal = relus(f"effort: {{equal: [{component}], within: {{}}}}")
    low, _, high = spread(draw_variants(equal, 2, range(60)))[component]
    assert low == high
    near = relus(f"effort: {{equal: [], within: {{{component}: 0.2}}}}")
    (limit,) = (one for one in limits(near) if one.component == component)
    low, _, high = spread(draw_variants(near, 2, range(60)))[component]
    assert limit.least <= low <= high <= limit.most
    usual = np.median(efforts(Variants(near, scattered(near.space, 1024)))[component])
    assert 0.8 * int(usual) <= limit.least <= limit.most <= 1.2 * int(usual)


def test_the_usual_work_depends_on_the_template_alone() -> None:
    """Not on what was drawn before, nor on a seed."""
    first, second = relus(), relus()
    draw_variants(second, 99, range(20))
    assert limits(first) == limits(second)


@pytest.mark.parametrize(
    ("written", "equal", "within"),
    [
        ("{}", ["paths"], {"digits": "1/2"}),
        ("{within: {paths: 1/5}}", [], {"paths": "1/5", "digits": "1/2"}),
        ("{within: {products: 1/5}}", ["paths"], {"products": "1/5", "digits": "1/2"}),
        ("{equal: [products]}", ["products"], {"digits": "1/2"}),
        ("{equal: [digits], within: {paths: 1}}", ["digits"], {"paths": "1"}),
        ("{equal: [], within: {}}", [], {}),
    ],
)
def test_what_is_not_mentioned_stays_as_usual(
    written: str, equal: list[str], within: dict[str, str]
) -> None:
    """Paths equal unless they are given a share, digits within a half unless they are mentioned."""
    form = relus(f"effort: {written}").file.effort
    assert form.equal == equal
    assert form.within == {name: Fraction(share) for name, share in within.items()}


def test_nothing_is_held_in_two_ways() -> None:
    """It would be equal, and the share without effect."""
    with pytest.raises(ExamgenError, match="paths stands under equal and under within"):
        relus("effort: {equal: [paths], within: {paths: 1/5}}")


def test_where_nothing_is_held_nothing_is_narrowed() -> None:
    """The space is the author's."""
    template = relus("effort: {equal: [], within: {}}")
    assert fair_space(template) is template.space


def test_every_structure_has_its_own_usual_work() -> None:
    """Two steps have fewer paths than three."""
    text = RELUS.replace("EFFORT", "choose: {hidden: [2, 3]}").replace(
        "[2, 3, 1]", "[2, <hidden>, 1]"
    )
    text = text.replace(", dL/dw1[1,2]", "")
    two, three = parse_templates(text, "t.yaml")
    usual = [limits(template)[1].most for template in (two, three)]
    assert usual[0] < usual[1]
    for template in (two, three):
        held = spread(draw_variants(template, 1, range(50)))["paths"]
        assert held[0] == held[2]


def test_a_template_without_numbers_has_paths_alone() -> None:
    """Nothing is written, and yet there is something to follow."""
    head = TINY[: TINY.index("parts:")]
    text = head + "parts:\n  - ask: Give it.\n    derive: dL/dw\n    points: 1\n"
    found = one(text, x="2", w="1/2", b="1", y="3")
    assert found.pop("paths") == 1
    assert not any(found.values())
