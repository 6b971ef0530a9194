"""Tolerances: no honest rounding is ever outside, and little more than honest rounding inside."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from bank_draws import SOURCE
from small_exam import TINY

from examgen.bank import bank_ids, find_template
from examgen.drawing import draw_variants
from examgen.graph import record
from examgen.perturbation import is_intermediate, largest_deviation, perturbed, slopes, source
from examgen.rounders import honest, round_off
from examgen.template import Template, parse_template
from examgen.tolerance import tolerances, widths
from examgen.variant import Variants, fixed_variant

COUNT = 2000
WORKED = Path(__file__).parent / "data" / "worked"
POLES = (("recurrent-cell-bce", 0), ("adam-two-steps", 0))
"""In whole numbers, outputs between 0.1 and 0.9 and second moments below 0.5 are rounded to 0:
1/yhat has no bound there, nor has 1/(sqrt(vhat) + epsilon) with an epsilon of 1e-8."""
HIDDEN = (("error-spotting", 0), ("error-spotting-rnn", 0))
"""In whole numbers nobody could see which line is wrong, so there are no variants."""
CASES = [
    (name, decimals)
    for name in bank_ids()
    for decimals in ((4, 3, 2, 1, 0) if name in SOURCE else (3, 0))
    if (name, decimals) not in (*POLES, *HIDDEN)
]


@cache
def with_decimals(name: str, decimals: int) -> Template:
    """A question of the bank that asks for so many decimals."""
    return parse_template(f"{find_template(name).text}\ndecimals: {decimals}\n", name)


@cache
def drawn(name: str, decimals: int) -> Variants:
    """Some variants of it, drawn without choosing the best: what is true of these is of those."""
    template = with_decimals(name, decimals)
    sampler = template.sampler(3)
    return Variants(template, sampler.draw(range(min(COUNT, sampler.capacity))))


def with_parts(template: Template, answers: str, **fields: object) -> Template:
    """The template with one part that asks for these numbers."""
    head = template.text[: template.text.index("parts:")]
    more = "".join(f", {name}: {value}" for name, value in fields.items())
    return parse_template(
        f'{head}parts:\n  - {{ask: A., answers: "{answers}", points: 1{more}}}\n', "text"
    )


def published(template: Template) -> Variants:
    """The published instance of a worked example."""
    given = find_template(str(WORKED / f"{template.id}.yaml")).file.instances[0].given
    return fixed_variant(template, {name: Fraction(value) for name, value in given.items()})


def with_z(formula: str, decimals: int, **fields: object) -> Template:
    """The tiny template with another formula for z, asked with what follows from it."""
    text = TINY.replace("w*x + b", formula)
    return with_parts(parse_template(text, "tiny"), "z, dL/dw, w'", decimals=decimals, **fields)


# --- honest roundings ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "decimals"), CASES)
def test_an_honest_answer_is_never_outside(name: str, decimals: int) -> None:
    """Whoever rounds what he likes on the way, either way at ties, is right."""
    variants = drawn(name, decimals)
    template, allowed = variants.template, tolerances(variants)
    rng = np.random.default_rng(decimals)
    judged = 0
    for share in (0.3, 0.7, 1.0):
        answers = honest(template, variants.draw.floats(), rng, share=share)
        for slot in template.slots:
            if slot.kind == "number":
                off = np.abs(answers[slot.id] - variants.expected(slot))
                finite = np.isfinite(off)
                assert (off[finite] <= allowed[slot.id][finite]).all(), slot.id
                judged += finite.sum()
    assert judged > COUNT


@pytest.mark.parametrize("name", bank_ids())
def test_a_number_cut_off_passes(name: str) -> None:
    """The digits right, the last one not rounded."""
    variants = drawn(name, 3)
    for slot_id, allowed in tolerances(variants).items():
        (slot,) = (slot for slot in variants.template.slots if slot.id == slot_id)
        expected = variants.expected(slot)
        assert (np.abs(np.trunc(expected * 1000) / 1000 - expected) <= allowed).all()


def test_tolerances_are_not_much_wider_than_honest_answers() -> None:
    """Of all answers that need rounding, honest ones use most of the tolerance somewhere."""
    used: dict[tuple[str, str], float] = {}
    for name in ("lstm-intermediate-nodes", "residual-two-heads", "recurrent-cell-bce"):
        variants = drawn(name, 4)
        allowed, rng = tolerances(variants), np.random.default_rng(1)
        for _ in range(10):
            answers = honest(variants.template, variants.draw.floats(), rng)
            for slot in variants.template.slots:
                if slot.kind == "number":
                    off = np.abs(answers[slot.id] - variants.expected(slot)) / allowed[slot.id]
                    key = (name, slot.id)
                    used[key] = max(used.get(key, 0.0), float(off.max()))
    assert max(used.values()) <= 1
    assert min(share for share in used.values() if share > 0) > 0.25


# --- the bound -----------------------------------------------------------------------------------


def corners(template: Template, quantity: str, givens: dict[str, float], radius: float) -> float:
    """The largest deviation of a quantity over all corners of the roundings, by brute force."""
    target = source(template.quantities.node(quantity))
    moving = perturbed([target])
    names = [node.name or "" for node in moving.deviations.values()]
    steps = np.array(list(product((-radius, 0.0, radius), repeat=len(names)))).T
    size = steps.shape[1]
    inputs = {name: np.full(size, value) for name, value in givens.items()}
    (values,) = record([moving.before[target]])({**inputs, **dict(zip(names, steps, strict=True))})
    (exact,) = record([target])({name: np.array([value]) for name, value in givens.items()})
    return float(np.abs(values - exact).max())


@pytest.mark.parametrize("formula", ["w*x + b", "sigmoid(w*x) + b", "(w + b)*x*w", "tanh(b - w*x)"])
@pytest.mark.parametrize("quantity", ["L", "dL/dw", "w'"])
@pytest.mark.parametrize("radius", [0.5, 0.05, 0.00005])
def test_the_bound_is_the_worst_corner(formula: str, quantity: str, radius: float) -> None:
    """Never less, and for small roundings hardly more."""
    template = with_z(formula, 4)
    rng = np.random.default_rng(0)
    target = source(template.quantities.node(quantity))
    answer = slopes(perturbed([target]), target)
    for _ in range(20):
        givens = {name: round(float(rng.uniform(-2, 2)), 2) for name in "wxby"} | {"eta": 0.1}
        radii = [np.array([radius])] * len(answer.nodes)
        arrays = {name: np.array([value]) for name, value in givens.items()}
        found = float(largest_deviation(answer, arrays, radii)[0])
        worst = corners(template, quantity, givens, radius)
        assert found >= worst * (1 - 1e-9)
        assert found <= worst * (1 + 100 * radius) + 1e-12


def test_slopes_that_vanish_leave_the_second_order() -> None:
    """At z = y the loss is flat, and yet a rounded z makes it positive."""
    target = source(with_z("w*x + b", 4).quantities.node("L"))
    answer = slopes(perturbed([target]), target)
    givens = {name: np.array([1.0]) for name in "wx"} | {"b": np.zeros(1), "y": np.ones(1)}
    assert largest_deviation(answer, givens, [np.array([0.1])] * len(answer.nodes))[0] >= 0.01


def test_what_is_exact_with_the_decimals_asked_is_not_rounded() -> None:
    """Of the same question one variant has a unit only, the other what its rounding adds."""
    template = with_z("w*x + b", 1)
    half, whole = (
        tolerances(fixed_variant(template, dict(zip("wxby", map(Fraction, values), strict=True))))
        for values in (("0.5", "0.5", "1", "3"), ("2", "0.5", "1", "3"))
    )
    assert whole["dL_dw"].tolist() == [0.1]  # z = 2, dL/dz = -2
    assert half["z"].tolist() == [0.1]  # asked itself: nothing before it is rounded
    # z = 1.25 and dL/dz = -3.5; of half a unit of z arrives 2 x as much, of that of dL/dz x.
    assert half["dL_dw"][0] == widths(np.array([0.05 * (2 * 0.5 + 0.5)]), 1)[0] > 0.1


def test_exact_is_decided_in_integers() -> None:
    """0.1 + 0.2 needs one decimal, though float64 needs seventeen; a third never ends."""
    template = with_z("w*x + b", 1)
    for weight, unit_only in (("0.1", True), ("1/3", False)):
        given = {"w": Fraction(weight), "x": Fraction(1), "b": Fraction("0.2"), "y": Fraction(0)}
        width = tolerances(fixed_variant(template, given))["dL_dw"]
        assert (width[0] == 0.1) == unit_only


def test_an_exact_number_after_an_inexact_one_counts() -> None:
    """dL/dz = 2 (z - y) is whole where z = 0.5, but not for who rounded z to 1."""
    template = with_z("w*x + b", 0)
    given = dict(zip("wxby", map(Fraction, ("0.5", "1", "0", "0")), strict=True))
    assert tolerances(fixed_variant(template, given))["dL_dw"][0] > 1.1


def test_copies_are_no_second_rounding() -> None:
    """yhat_1 = h_1 is as good as h_1."""
    variants = drawn("recurrent-cell-bce", 4)
    found = tolerances(variants)
    np.testing.assert_array_equal(found["h_1"], found["yhat_1"])
    node = variants.template.quantities.node("yhat[1]")
    assert not is_intermediate(node)
    assert is_intermediate(source(node))


def test_coarser_results_on_the_way_count_as_they_are_asked() -> None:
    """z to one decimal makes dL/dw to four uncertain; z to six does not make it surer."""
    text = TINY[: TINY.index("parts:")]
    widths_of: dict[int, float] = {}
    for places in (1, 4, 6):
        parts = (
            f"parts:\n  - {{ask: A., answers: z, points: 1, decimals: {places}}}\n"
            "  - {ask: B., answers: dL/dw, points: 1, decimals: 4}\n"
        )
        template = parse_template(text + parts, "text")
        given = {"w": Fraction(1, 3), "x": Fraction(1), "b": Fraction(0), "y": Fraction(0)}
        widths_of[places] = tolerances(fixed_variant(template, given))["dL_dw"][0]
    assert widths_of[1] > 0.1
    assert widths_of[4] == widths_of[6] < 0.001


def test_masks_are_seen_before_rounding() -> None:
    """A unit at 0.3 is alive, though 0.3 is 0 to no decimals."""
    template = with_z("relu(w*x) + b", 0)
    given = dict(zip("wxby", map(Fraction, ("0.3", "1", "0", "-2")), strict=True))
    variants = fixed_variant(template, given)
    answers = honest(template, variants.draw.floats(), np.random.default_rng(0), share=1.0)
    assert answers["dL_dw"].tolist() == [4.0]  # z is rounded to 0: 2 (0 + 2), not nothing


def test_a_tolerance_does_not_reach_across_a_kink() -> None:
    """No rounding lets a living unit die, which would take all of its gradient away."""
    text = TINY.replace("w*x + b", "w*x + b\n    h: relu(z)").replace("(z - y)", "(h - y)")
    template = with_parts(parse_template(text, "tiny"), "dL/dw", decimals=0)
    given = dict(zip("wxby", map(Fraction, ("0.1", "3", "0", "-10")), strict=True))
    variants = fixed_variant(template, given)
    assert variants.expected(template.slots[0])[0] == pytest.approx(61.8)
    assert tolerances(variants)["dL_dw"][0] < 12


# --- widths --------------------------------------------------------------------------------------


def test_an_author_has_the_last_word() -> None:
    """Verbatim, for every variant."""
    variants = draw_variants(with_z("w*x + b", 2, tolerance=0.0123), 0, range(5))
    assert {tuple(values) for values in tolerances(variants).values()} == {(0.0123,) * 5}


def test_a_tolerance_is_readable() -> None:
    """Two significant digits, upwards; the decimal is the shortest text of the float64."""
    rng = np.random.default_rng(0)
    for decimals in range(10):
        arriving = rng.exponential(10.0 ** rng.integers(-decimals - 1, 3, 300))
        found = widths(arriving, decimals)
        digits = [repr(float(value)).partition("e")[0].replace(".", "") for value in found]
        assert max(len(text.strip("0")) for text in digits) <= 2
        least = 10.0**-decimals + 1.01 * arriving
        assert (found >= least * (1 - 1e-9)).all()
        assert (found <= least * 1.1).all()


def test_a_class_of_none_has_no_tolerances() -> None:
    """Empty arrays, one a slot."""
    found = tolerances(draw_variants(with_z("w*x + b", 2), 0, []))
    assert {name: values.shape for name, values in found.items()} == dict.fromkeys(found, (0,))
    assert list(found) == ["z", "dL_dw", "w_new"]


def test_chunks_make_no_difference() -> None:
    """More variants than are evaluated at once."""
    template = with_decimals("residual-two-heads", 4)
    many = tolerances(draw_variants(template, 3, range(17000)))
    few = tolerances(draw_variants(template, 3, range(16990, 17000)))
    for name, values in few.items():
        np.testing.assert_array_equal(values, many[name][-10:])


# --- worked examples -----------------------------------------------------------------------------


def test_a_tolerance_of_an_update_belongs_to_the_step() -> None:
    """In Mazur's example neither no step at all nor one uphill passes for a step."""
    names = [f"w{k}" for k in range(1, 9)]
    template = find_template(str(WORKED / "p01-mazur.yaml"))
    gradients = ", ".join(f"dL/d{name}" for name in names)
    template = with_parts(template, f"{gradients}, " + ", ".join(f"{n}'" for n in names))
    variants = published(template)
    allowed, values = tolerances(variants), variants.quantities(0)
    for name in names:
        width, step = allowed[f"{name}_new"][0], abs(values[f"{name}'"] - values[name])
        assert width < step
        gradient = (allowed[f"dL_d{name}"][0] / 1.01 - 0.00005) * 0.5  # what arrives, eta of it
        # The gradient is rounded on the way to the update, half a unit more.
        assert width <= widths(np.array([gradient + 0.5 * 0.00005]), 4)[0]


def test_published_answers_that_round_early_are_inside() -> None:
    """A solution that went on with -0.007 for -0.0067 is right to three decimals."""
    template = find_template(str(WORKED / "p14-bits.yaml"))
    instance = template.file.instances[0]
    names = [*instance.answers, *instance.misprints]
    template = with_parts(template, ", ".join(names), decimals=3)
    variants = published(template)
    allowed, values = tolerances(variants), variants.quantities(0)
    printed = {**instance.answers, **instance.misprints}
    off = {n: abs(float(text) - float(values[n])) for n, text in printed.items()}
    widest = {slot.quantity: float(allowed[slot.id][0]) for slot in template.slots}
    assert all(off[name] <= widest[name] for name in printed)
    assert all(off[name] > 0.0005 for name in ("dL/dw3[1,1]", "dL/dw2[1,1]"))  # rounded too early


def test_rounding_takes_ties_both_ways() -> None:
    """0.125 is 0.12 for some and 0.13 for others; what lies between is rounded alike by all."""
    rng = np.random.default_rng(0)
    assert set(round_off(np.full(100, 0.125), 2, rng)) == {0.12, 0.13}
    assert set(round_off(np.full(100, -2.5), 0, rng)) == {-2.0, -3.0}
    assert set(round_off(np.full(100, 0.1251), 2, rng)) == {0.13}
