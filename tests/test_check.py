"""Checking templates: a right one passes, and each thing that can be wrong is found and named."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from small_exam import TINY

from examgen import check
from examgen.bank import bank_ids, find_template
from examgen.check import SEEDS, Finding, agrees, check_template, gradient_errors
from examgen.nodes import Node, constant
from examgen.ops import OPS
from examgen.template import Template, parse_template
from examgen.variant import Variants, draw_variants

GIVEN = "given: {x: 2, w: 0.5, b: 1, y: 3}"  # z = 2, dL/dz = -2, dL/dw = -4


@pytest.fixture(autouse=True)
def few_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty seeds find what two hundred find, in a tenth of the time."""
    monkeypatch.setattr(check, "SEEDS", 20)


def tiny(extra: str = "") -> Template:
    """The tiny template with something added."""
    return parse_template(TINY + extra, "tiny.yaml")


def failures(template: Template) -> list[Finding]:
    """What is wrong."""
    return [finding for finding in check_template(template) if not finding.holds]


def published(entries: str) -> Template:
    """The tiny template with a published instance."""
    return tiny(f"published:\n  source: A book\n  {GIVEN}\n  {entries}\n")


@pytest.mark.parametrize("name", bank_ids())
def test_the_bank_passes(name: str) -> None:
    """Every finding about every question holds; texts, draws and gradients are looked at."""
    findings = list(check_template(find_template(name)))
    assert all(finding.holds for finding in findings), [f for f in findings if not f.holds]
    instances = find_template(name).file.instances
    printed = sum(len(i.answers) + len(i.misprints) for i in instances)
    assert len([f for f in findings if f.what.startswith("published")]) == printed
    assert {f.what for f in findings if not f.what.startswith("published")} == {
        "texts and formulas can be set",
        "draws are distinct",
        "draws are finite, in their domains, off kinks",
        "acceptance",
        "gradients against central differences",
        "mistakes",
    }


def test_two_hundred_seeds_are_tried() -> None:
    """The number that is promised; the other tests here try fewer."""
    assert SEEDS == 200


def test_right_published_answers_hold() -> None:
    """To the digits that are printed."""
    template = published("answers: {z: '2', dL/dz: '-2.0', dL/dw: -4, w': '0.900'}")
    found = [f for f in check_template(template) if f.what.startswith("published")]
    assert [f.what for f in found] == [f"published {n}" for n in ("z", "dL/dz", "dL/dw", "w'")]
    assert all(f.holds for f in found)


@pytest.mark.parametrize("entry", ["z: '2.1'", "dL/dw: '4'", "w': '0.91'", "w': '0.8995'"])
def test_a_wrong_published_answer_is_found(entry: str) -> None:
    """And told with the right one beside it."""
    (finding,) = failures(published(f"answers: {{x: 2, {entry}}}"))
    assert finding.what == f"published {entry.partition(':')[0]}"
    assert "computed" in finding.seen


def test_a_misprint_that_is_right_is_found() -> None:
    """Who calls a right answer a misprint is told so."""
    (finding,) = failures(published("misprints: {z: '2.0'}"))
    assert finding.what == "published z"
    assert not failures(published("misprints: {z: '2.1'}"))


def test_published_numbers_outside_of_a_domain_are_found() -> None:
    """A logarithm of zero is no answer, printed or not, and no traceback."""
    text = TINY.replace("z: w*x + b", "z: w*x + log(b)").replace(
        "{from: -4, to: 4", "{from: 1, to: 9"
    )
    given = GIVEN.replace("b: 1", "b: 0")
    text += f"published:\n  source: A book\n  {given}\n  answers: {{z: 1}}\n  misprints: {{L: 1}}\n"
    found = failures(parse_template(text, "tiny.yaml"))
    assert [f.what for f in found] == ["published z", "published L"]
    assert all("undefined" in f.seen for f in found)


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
    right = find_template(name)
    assert not [f for f in failures(right) if f.what.startswith("gradients")]
    planted = OPS[op]
    monkeypatch.setitem(planted.__dict__, "vjp", wrong(replace(planted)))
    (finding,) = [f for f in failures(find_template(name)) if f.what.startswith("gradients")]
    assert "dL/d" in finding.seen


def test_gradients_that_are_not_numbers_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a number is not small, wherever it stands in the list."""
    for errors in ({"dL/da": math.nan, "dL/db": 1e-12}, {"dL/da": 1e-12, "dL/db": math.nan}):
        monkeypatch.setattr(check, "gradient_errors", lambda *_, found=errors: found)
        (finding,) = failures(tiny())
        assert finding.what == "gradients against central differences"


def test_errors_are_measured_for_every_gradient() -> None:
    """Of givens and of computed quantities alike."""
    template = tiny()
    errors = gradient_errors(template, draw_variants(template, 0, range(50)).draw.floats())
    assert set(errors) >= {"dL/dx", "dL/dw", "dL/db", "dL/dz"}
    assert max(errors.values()) < 1e-7


def test_an_unsatisfiable_template_is_found() -> None:
    """With the condition that fails."""
    text = TINY.replace("require: [abs(dL/dw) > 0]", "require: [z > 100]")
    (finding,) = failures(parse_template(text, "tiny.yaml"))
    assert finding.what == "draws"
    assert "z > 100" in finding.seen


def test_infinite_answers_are_found() -> None:
    """A key must be finite for every draw."""
    text = TINY.replace("z: w*x + b", "z: w*x + b + exp(exp(x^4))").replace("require: [", "#")
    found = [f for f in failures(parse_template(text, "tiny.yaml")) if f.what.startswith("draws")]
    assert "z is not finite" in found[0].seen


def test_repeated_draws_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should two variants of a seed ever share their numbers."""
    monkeypatch.setattr(check, "draw_variants", lambda t, s, n: draw_variants(t, s, [0] * len(n)))
    found = [f for f in failures(tiny()) if f.what == "draws are distinct"]
    assert "80 repeated" in found[0].seen


def test_broken_conditions_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws are judged again by exact rationals, not believed."""
    template = tiny()
    stricter = (
        tiny().conditions
        + parse_template(TINY.replace("abs(dL/dw) > 0", "x == 1"), "tiny.yaml").conditions
    )

    def unfiltered(_: Template, seed: int, numbers: range) -> Variants:
        drawn = draw_variants(tiny(), seed, numbers)
        return Variants(replace(template, conditions=stricter), drawn.draw)

    monkeypatch.setattr(check, "draw_variants", unfiltered)
    found = failures(replace(template, conditions=stricter))
    assert "not x == 1" in next(f.seen for f in found if "kinks" in f.what)


def test_texts_that_cannot_be_set_are_found() -> None:
    """With the line, before the exam is built."""
    text = TINY.replace("Compute $z$.", r"Compute $\zeta_$.")
    (finding,) = failures(parse_template(text, "tiny.yaml"))
    assert finding.what == "texts and formulas can be set"
    assert "tiny:17: parts[0].ask" in finding.seen


def test_values_are_broadcast_for_every_variant() -> None:
    """A gradient that is the same for all variants is compared for each."""
    template = parse_template(TINY.replace("(z - y)^2", "3*z + y"), "tiny.yaml")
    errors = gradient_errors(template, draw_variants(template, 0, range(8)).draw.floats())
    assert np.isfinite(list(errors.values())).all()


def mistakes(template: Template) -> Finding:
    """The finding about mistakes."""
    (finding,) = (f for f in check_template(template) if f.what == "mistakes")
    return finding


def test_mistakes_that_cannot_be_told_from_the_key_are_named() -> None:
    """With the reason: the tolerance, the numbers drawn, or what is asked."""
    assert mistakes(tiny()).holds
    seen = mistakes(find_template("mlp-2-2-2")).seen
    assert re.match(r"\d+ of \d+ told from the key, \d+ in half of the draws; never: ", seen)
    assert "relu_deriv_ignored (the numbers drawn never show it)" in seen
    assert "bias_gradient_times_input (no number that is asked depends on it)" in seen
    wide = parse_template(
        TINY.replace("answers: dL/dw, w'", "answers: dL/dw, w'\n    tolerance: 1000"), "tiny.yaml"
    )
    assert "lr_dropped (it stays within the tolerance)" in mistakes(wide).seen


def test_a_template_that_exposes_no_mistake_is_found() -> None:
    """A tolerance that takes every answer, say."""
    head = TINY[: TINY.index("parts:")]
    blunt = "parts:\n  - ask: Give it.\n    answers: dL/dw\n    points: 1\n    tolerance: 9000\n"
    assert not mistakes(parse_template(head + blunt, "tiny.yaml")).holds
    formula = "parts:\n  - ask: Give it.\n    derive: dL/dw\n    points: 1\n"
    assert mistakes(parse_template(head + formula, "tiny.yaml")).holds
