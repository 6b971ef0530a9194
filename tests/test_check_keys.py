"""Keys computed twice, and printed answers recomputed: what is wrong by a thousandth is found."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from small_exam import TINY

from examgen.bank import find_template
from examgen.check import Finding
from examgen.check import keys as keys_module
from examgen.check.keys import gradient_errors, gradient_finding, key_finding
from examgen.check.published import agrees, published_findings
from examgen.check.sample import Sample, draw_sample
from examgen.drawing import draw_variants
from examgen.nodes import Node, constant
from examgen.ops import OPS
from examgen.template import Template, parse_template

GIVEN = "given: {x: 2, w: 0.5, b: 1, y: 3}"  # z = 2, dL/dz = -2, dL/dw = -4


def published(entries: str, text: str = TINY, given: str = GIVEN) -> list[Finding]:
    """The findings about a published instance of the tiny template."""
    instance = f"published:\n  source: A book\n  {given}\n  {entries}\n"
    return list(published_findings([parse_template(text + instance, "tiny.yaml")]))


def test_right_published_answers_hold() -> None:
    """To the digits that are printed; all are told together."""
    (found,) = published("answers: {z: '2', dL/dz: '-2.0', dL/dw: -4, w': '0.900'}")
    assert found.holds
    assert found.seen == "4 printed answers agree"
    assert list(published_findings([parse_template(TINY, "tiny.yaml")])) == []


@pytest.mark.parametrize("entry", ["z: '2.1'", "dL/dw: '4'", "w': '0.91'", "w': '0.8995'"])
def test_a_wrong_published_answer_is_found(entry: str) -> None:
    """And told with the right one beside it."""
    (found,) = published(f"answers: {{x: 2, {entry}}}")
    assert not found.holds
    assert found.name == f"published {entry.partition(':')[0]}"
    assert "computed" in found.seen
    assert "A book" in found.why


def test_a_misprint_that_is_right_is_found() -> None:
    """Who calls a right answer a misprint is told so."""
    (found,) = published("misprints: {z: '2.0'}")
    assert not found.holds
    assert "misprinted as 2.0, in truth 2" in found.seen
    (other,) = published("misprints: {z: '2.1'}")
    assert other.holds


def test_published_numbers_outside_of_a_domain_are_found() -> None:
    """A logarithm of zero is no answer, printed or not, and no traceback."""
    text = TINY.replace("z: w*x + b", "z: w*x + log(b)").replace(
        "{from: -4, to: 4", "{from: 1, to: 9"
    )
    found = published("answers: {z: 1}\n  misprints: {L: 1}", text, GIVEN.replace("b: 1", "b: 0"))
    assert [one.name for one in found] == ["published z", "published L"]
    assert all("undefined" in one.seen and not one.holds for one in found)


@pytest.mark.parametrize(
    ("printed", "true", "same"),
    [
        ("0.65", Fraction(13, 20), True),
        ("0.20", Fraction(1966, 10000), True),
        ("0.197", Fraction(1966, 10000), True),
        ("0.196", Fraction(1966, 10000), False),
        ("0.5", Fraction(45, 100), True),
        ("0.4", Fraction(45, 100), True),
        ("-3", Fraction(-5, 2), True),
        ("-2", Fraction(-5, 2), True),
        ("-1", Fraction(-5, 2), False),
        ("1.5e-3", Fraction(15, 10000), True),
        ("1e2", Fraction(149), True),
        ("1e2", Fraction(151), False),
        ("0", Fraction(0), True),
        ("3", Fraction(-3), False),
    ],
)
def test_printed_numbers_agree_to_their_last_digit(
    printed: str, true: Fraction, same: bool
) -> None:
    """Half a unit of the last digit, ties either way."""
    assert agrees(printed, true) is same


# --- gradients -----------------------------------------------------------------------------------


def sample(template: Template, count: int = 60) -> list[Sample]:
    """Some variants of a template."""
    return list(draw_sample([template], count, 0))


def wrong(op: Any) -> Callable[..., tuple[Node, ...]]:
    """The op's gradient rule, off by a thousandth."""
    factor = constant(Fraction(1001, 1000))

    def vjp(bar: Node, out: Node, *args: Node) -> tuple[Node, ...]:
        return tuple(OPS["mul"](factor, part) for part in op.vjp(bar, out, *args))

    return vjp


@pytest.mark.parametrize(
    ("name", "op"),
    [
        ("mlp-2-2-2", "relu"),
        ("lstm-intermediate-nodes", "sigmoid"),
        ("lstm-intermediate-nodes", "tanh"),
        ("recurrent-cell-bce", "log"),
        ("modified-recurrent-cell", "square"),
    ],
)
def test_a_gradient_wrong_by_a_thousandth_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, op: str
) -> None:
    """For the rule of any op that the question uses."""
    sound = find_template(name)
    samples = sample(sound)
    assert gradient_finding(samples).holds
    planted = OPS[op]
    monkeypatch.setitem(planted.__dict__, "vjp", wrong(replace(planted)))
    faulty = replace(samples[0].variants, template=parse_template(sound.text, name))
    found = gradient_finding([Sample(faulty)])
    assert not found.holds
    assert "dL/d" in found.seen


def test_gradients_that_are_not_numbers_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a number is not small, wherever it stands in the list."""
    samples = sample(parse_template(TINY, "tiny.yaml"))
    for errors in ({"dL/da": math.nan, "dL/db": 1e-12}, {"dL/da": 1e-12, "dL/db": math.nan}):
        monkeypatch.setattr(keys_module, "gradient_errors", lambda *_, found=errors: found)
        assert not gradient_finding(samples).holds


def test_errors_are_measured_for_every_gradient() -> None:
    """Of givens and of computed quantities alike."""
    template = parse_template(TINY, "tiny.yaml")
    errors = gradient_errors(template, draw_variants(template, 0, range(50)).draw.floats())
    assert set(errors) >= {"dL/dx", "dL/dw", "dL/db", "dL/dz"}
    assert max(errors.values()) < 1e-7


def test_values_are_broadcast_for_every_variant() -> None:
    """A gradient that is the same for all variants is compared for each."""
    template = parse_template(TINY.replace("(z - y)^2", "3*z + y"), "tiny.yaml")
    errors = gradient_errors(template, draw_variants(template, 0, range(8)).draw.floats())
    assert np.isfinite(list(errors.values())).all()


# --- keys ----------------------------------------------------------------------------------------


def test_keys_are_computed_twice() -> None:
    """Exactly where the graph allows, else to more digits; both are told."""
    assert "3 exact)" in key_finding(sample(parse_template(TINY, "tiny.yaml"))).seen
    assert "to more digits)" in key_finding(sample(find_template("lstm-intermediate-nodes"))).seen


@pytest.mark.parametrize("formula", ["w*x + b", "w*x + tanh(b)"])
def test_a_key_that_is_off_is_found(monkeypatch: pytest.MonkeyPatch, formula: str) -> None:
    """By a millionth, in one variant."""
    samples = sample(parse_template(TINY.replace("w*x + b", formula), "tiny.yaml"), 20)
    assert key_finding(samples).holds
    keys = samples[0].keys["dL_dw"].copy()
    keys[7] *= 1 + 1e-6
    monkeypatch.setitem(samples[0].keys, "dL_dw", keys)
    found = key_finding(samples)
    assert not found.holds
    assert "dL_dw, variant 7" in found.seen


def test_digits_that_cancel_are_found() -> None:
    """Where subtracting equal numbers leaves only rounding."""
    text = TINY.replace("w*x + b", "exp(30 + 0*b) - exp(30 + 1e-9*w*x)")
    text = text.replace("require: [abs(dL/dw) > 0]", "candidates: 1").replace("dL/dw, w'", "z, L")
    found = key_finding(sample(parse_template(text, "tiny.yaml"), 20))
    assert not found.holds
