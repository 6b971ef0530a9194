"""A working with a mistake in it: where it stands, what follows from it, what is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from examgen.errors import ExamgenError
from examgen.graph import record
from examgen.misconceptions import misconceptions
from examgen.planted import EXACTLY, RIGHT_VALUE, WRONG_LINE
from examgen.template import Template, parse_template
from examgen.tolerance import tolerances
from examgen.variant import Variants
from examgen.working import working

LINES = "z, h, yhat, L, dL/dyhat, dL/dh, dL/dz, dL/dw, w'"
TEXT = """\
id: one-unit
title: Find the mistake
graph:
  topology: formulas
  formulas:
    z: w*x + b
    h: tanh(z)
    yhat: v*h + c
  loss: half_squared_error(yhat, y)
spot:
  lines: LINES
  mistake: loss_sign
sample:
  x: {from: -3, to: 3, step: 0.5, except: [0]}
  w: {choose: [-0.5, -0.3, 0.3, 0.5]}
  v: {choose: [-2, -1.5, 1.5, 2]}
  b: {choose: [-0.5, 0.5]}
  c: {choose: [-0.4, 0.4]}
  y: {choose: [-1.5, 1.5]}
  eta: {choose: [0.1, 0.2]}
parts:
  - ask: Which line is wrong, and what should stand there?
    answers: wrong_line, right_value
    points: [1, 1]
  - ask: Go on.
    answers: "w'"
    points: 1
""".replace("LINES", LINES)


def planting(mistake: str, at: str = "", lines: str = LINES) -> Template:
    """The unit's working with a mistake in it."""
    text = TEXT.replace(LINES, lines).replace("loss_sign", f"{mistake}\n  at: {at or repr('')}")
    return parse_template(text, "unit.yaml")


def drawn(template: Template, count: int = 40) -> Variants:
    """Some variants."""
    return Variants(template, template.sampler(3).draw(range(count)))


def last(line: str) -> float:
    """The value that a line ends with."""
    found = re.search(r"(?:=|\\approx) (-?[\d.]+)$", line)
    assert found, line
    return float(found[1])


WRONG: dict[tuple[str, str], tuple[int, Callable[..., float]]] = {
    ("bias_dropped_forward", "z"): (1, lambda g: g["w"] * g["x"]),
    ("loss_sign", ""): (5, lambda g, z, h, yhat, loss: g["y"] - yhat),
    ("loss_factor_added", ""): (5, lambda g, z, h, yhat, loss: 2 * (yhat - g["y"])),
    ("weight_factor_dropped", "dL/dh"): (6, lambda g, z, h, yhat, loss, dy: dy),
    ("tanh_prime_1-tanh", ""): (7, lambda g, z, h, yhat, loss, dy, dh: dh * (1 - h)),
    ("act_deriv_ignored", ""): (7, lambda g, z, h, yhat, loss, dy, dh: dh),
    ("own_factor_in_product", "dL/dw"): (8, lambda g, *lines: lines[6] * g["w"]),
    ("ascent", ""): (9, lambda g, *lines: g["w"] + g["eta"] * lines[7]),
    ("lr_dropped", ""): (9, lambda g, *lines: g["w"] - lines[7]),
}
"""The line that each mistake makes wrong, and what it says there, from the lines above it."""

RIGHT: list[Callable[..., float]] = [
    lambda g: g["w"] * g["x"] + g["b"],
    lambda g, z: np.tanh(z),
    lambda g, z, h: g["v"] * h + g["c"],
    lambda g, z, h, yhat: (yhat - g["y"]) ** 2 / 2,
    lambda g, z, h, yhat, loss: yhat - g["y"],
    lambda g, z, h, yhat, loss, dy: dy * g["v"],
    lambda g, z, h, yhat, loss, dy, dh: dh * (1 - h**2),
    lambda g, *lines: lines[6] * g["x"],
    lambda g, *lines: g["w"] - g["eta"] * lines[7],
]

every_mistake = pytest.mark.parametrize(("mistake", "at"), WRONG)


@every_mistake
def test_lines_follow_from_the_lines_above_as_printed(mistake: str, at: str) -> None:
    """One formula is the wrong one, all others are right, and each value is rounded."""
    variants = drawn(planting(mistake, at))
    place, formula = WRONG[mistake, at]
    rules = [formula if n == place else rule for n, rule in enumerate(RIGHT, start=1)]
    for row in range(len(variants.draw)):
        givens = {name: float(value) for name, value in variants.draw.exact(row).items()}
        lines = [last(line) for line in working(variants, row)]
        assert len(lines) == len(RIGHT)
        for number, rule in enumerate(rules):
            assert lines[number] == pytest.approx(rule(givens, *lines[:number]), abs=0.500001e-4)


@every_mistake
def test_the_wrong_line_is_asked_and_what_should_stand_there(mistake: str, at: str) -> None:
    """Its number exactly; the right value is what the printed lines above it lead to."""
    template = planting(mistake, at)
    variants = drawn(template)
    number, value, _ = template.slots
    place = WRONG[mistake, at][0]
    assert (number.decimals, number.tolerance) == (0, EXACTLY)
    assert set(variants.expected(number)) == {place}
    widths = tolerances(variants)[value.id]
    for row, expected in enumerate(variants.expected(value)):
        givens = {name: float(value) for name, value in variants.draw.exact(row).items()}
        lines = [last(line) for line in working(variants, row)]
        right = RIGHT[place - 1](givens, *lines[: place - 1])
        assert right == pytest.approx(expected, abs=float(widths[row]))
        assert abs(lines[place - 1] - expected) > 2.5 * widths[row]


def test_a_variant_that_hides_the_mistake_is_never_drawn() -> None:
    """With b = 0 nobody could see that b was left out."""
    text = TEXT.replace("loss_sign", "bias_dropped_forward\n  at: z")
    wider = parse_template(text.replace("b: {choose: [-0.5, 0.5]}", "b: {choose: [0, 1]}"), "t")
    draw = wider.sampler(1).draw(range(60))
    assert set(draw.floats()["b"]) == {1.0}
    (failed,) = [text for text in draw.acceptance.failures if "line 1" in text]  # type: ignore[union-attr]
    assert failed == "line 1 (z) differs visibly from the right one"
    hidden = text.replace("b: {choose: [-0.5, 0.5]}", "b: 0")
    with pytest.raises(ExamgenError, match=r"line 1 .z. differs visibly"):
        parse_template(hidden, "t").sampler(1).draw([0])


def test_an_own_tolerance_counts() -> None:
    """What lies within three of them is not visibly wrong."""
    lenient = TEXT.replace("points: [1, 1]", "tolerance: 0.5\n    points: [1, 1]")
    draw = parse_template(lenient, "t").sampler(1).draw(range(50))
    variants = Variants(parse_template(lenient, "t"), draw)
    assert (np.abs(variants.expected(variants.template.slots[1])) > 0.74).all()  # twice, for a sign


@pytest.mark.parametrize(("mistake", "at"), [*WRONG, ("wrong_parameter", "dL/dw")])
def test_who_gives_the_printed_value_back_is_known(mistake: str, at: str) -> None:
    """The planted mistake is among those that the question is marked with."""
    template = planting(mistake, at)
    variants = drawn(template)
    planted = template.planted
    assert planted is not None
    known = [made for made in misconceptions(template.quantities) if made.name == mistake]
    asked = template.quantities.name(RIGHT_VALUE)
    wrong = record([made.nodes[asked] for made in known])(variants.draw.floats())
    printed = [last(working(variants, row)[planted.wrong]) for row in range(len(variants.draw))]
    assert min(np.abs(np.array(printed) - values).max() for values in wrong) < 2e-3
    assert all(made.nodes[WRONG_LINE] is template.quantities.nodes[WRONG_LINE] for made in known)


def test_quantities_between_the_lines_are_written_out() -> None:
    """A formula speaks of the lines above it and of givens, of nothing else."""
    template = planting("loss_sign", lines="h, L, dL/dyhat, dL/dw")
    lines = working(drawn(template), 0)
    assert r"\tanh\left(w \cdot x + b\right)" in lines[0]
    assert r"\left(v \cdot h + c - y\right)" in lines[2]
    assert r"\hat{y}" not in lines[1]


def test_a_mistake_may_show_in_later_lines_too() -> None:
    """Where it acts at one quantity; the first line is the wrong one."""
    template = planting("activation_skipped_forward", "h")
    planted = template.planted
    assert planted is not None
    assert planted.quantity == "h"
    values = [last(line) for line in working(drawn(template), 0)]
    assert values[1] == values[0]
    assert values[6] == values[5]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("loss_sign", "los_sign"), "unit.yaml:12: spot.mistake: 'los_sign' is no known mistake "
         "(did you mean 'loss_sign'?)"),
        (("loss_sign", "skip_path_forgotten"), "12: spot.mistake: 'skip_path_forgotten' cannot be "
         "made in this graph"),
        (("mistake: loss_sign", "mistake: ascent\n  at: h"), "13: spot.at: 'ascent' does not act "
         "at 'h'; expected one of w'"),
        (("loss_sign", "own_factor_in_product"), "spot.mistake: 'own_factor_in_product' acts at "
         "several lines: dL/dw, dL/dh; say which by `at:`"),
        (("dL/dw, w'", "dL/dw"), None),
        (("lines: z, h", "lines: zz, h"), "11: spot.lines: there is no quantity 'zz'"),
        (("lines: z, h", "lines: z, z, h"), "11: spot.lines: 'z' is listed twice"),
        (("lines: z, h", "lines: x, z, h"), "spot.lines: 'x' is given; expected quantities"),
        ((LINES, "z"), "spot.lines: found 1 lines, expected 2 to 40"),
        ((LINES, "z, h, yhat, L"), "spot.mistake: 'loss_sign' changes none of the lines"),
        (("z: w*x + b", "z: w*x + b\n    wrong_line: 2*z"), "'wrong_line' is a quantity of the"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_working_is_told(change: tuple[str, str], told: str | None) -> None:
    """With file, line and what to write; nothing else is complained of besides."""
    text = TEXT.replace(*change)
    assert text != TEXT
    if told is None:
        assert parse_template(text, "unit.yaml").planted is not None
        return
    with pytest.raises(ExamgenError, match=re.escape(told)) as caught:
        parse_template(text, "unit.yaml")
    assert len(caught.value.problems) == 1


def test_other_faults_of_the_file_are_told_besides() -> None:
    """A faulty working hides nothing."""
    text = TEXT.replace("loss_sign", "los_sign").replace("points: 1\n", "points: [1, 2]\n")
    with pytest.raises(ExamgenError, match="2 points for 1 answers") as caught:
        parse_template(text, "unit.yaml")
    assert len(caught.value.problems) == 2


def test_a_mistake_of_the_authors_own_can_be_planted() -> None:
    """By its name, as any other."""
    own = "mistakes:\n  halved: {replace: {dL/dh: dL/dyhat*v/2}, say: Not half of it.}\nsample:"
    text = TEXT.replace("sample:", own).replace("mistake: loss_sign", "mistake: halved")
    template = parse_template(text, "unit.yaml")
    planted = template.planted
    assert planted is not None
    assert planted.quantity == "dL/dh"
    assert planted.mistake.sentence(template.quantities.symbols, "en", True) == "Not half of it."


def test_other_mistakes_draw_other_numbers() -> None:
    """Which mistake is planted is part of what the numbers depend on; a text is not."""
    one, other = planting("loss_sign"), planting("ascent")
    assert one.fingerprint != other.fingerprint
    file = one.file.model_copy(update={"title": "Another title"})
    assert replace(one, file=file).fingerprint == one.fingerprint


def test_without_a_working_there_is_none() -> None:
    """No lines are printed, and its quantities are unknown."""
    text = re.sub(r"spot:\n(  .*\n)+", "", TEXT)
    with pytest.raises(ExamgenError, match="no quantity 'wrong_line'"):
        parse_template(text, "unit.yaml")
    plain = parse_template(text.replace("wrong_line, right_value", "z, h"), "unit.yaml")
    assert working(drawn(plain), 0) == ()
