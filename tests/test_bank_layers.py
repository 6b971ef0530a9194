"""Layers of the bank, convolution, pooling, dropout and the like, against formulas written by hand.

Values and gradients come from plain numpy under autograd; the printed workings of the two questions
with a mistake in them come from rules written here, one a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from bank_draws import values_of

from examgen.bank import find_templates
from examgen.template import Template
from examgen.variant import Variants
from examgen.working import working

VARIANTS = 120
SEED = 5

Values = dict[str, Any]
Model = Callable[["Sheet"], None]


class Sheet(Values):
    """Givens and results by name; what is written down is moved by its nudge."""

    def __init__(self, givens: Mapping[str, Any], nudges: Mapping[str, Any]) -> None:
        super().__init__({name: value + nudges[name] for name, value in givens.items()})
        self.nudges = nudges

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value + self.nudges[name])


def cells(s: Sheet, name: str, count: int) -> None:
    """A kernel of two taps, not turned round."""
    for i in range(1, count + 1):
        s[f"{name}[{i}]"] = s["w[1]"] * s[f"x[{i}]"] + s["w[2]"] * s[f"x[{i + 1}]"]


def convolution(s: Sheet) -> None:
    """Four places, ReLU, a linear layer."""
    cells(s, "z", 4)
    for i in range(1, 5):
        s[f"h[{i}]"] = anp.maximum(s[f"z[{i}]"], 0)
    s["yhat"] = sum(s[f"v[{i}]"] * s[f"h[{i}]"] for i in range(1, 5))
    s["L"] = (s["yhat"] - s["y"]) ** 2 / 2


def pooling(s: Sheet) -> None:
    """Four cells, two windows, a linear layer."""
    cells(s, "c", 4)
    s["p[1]"] = anp.where(s["c[1]"] > s["c[2]"], s["c[1]"], s["c[2]"])
    s["p[2]"] = anp.where(s["c[3]"] > s["c[4]"], s["c[3]"], s["c[4]"])
    s["yhat"] = s["v[1]"] * s["p[1]"] + s["v[2]"] * s["p[2]"]
    s["L"] = (s["yhat"] - s["y"]) ** 2 / 2


def dropout(s: Sheet) -> None:
    """Three units, two of them kept and scaled; without the mask when tested."""
    for j in (1, 2, 3):
        s[f"z[{j}]"] = s[f"w[1,{j}]"] * s["x[1]"] + s[f"w[2,{j}]"] * s["x[2]"] + s[f"b[{j}]"]
        s[f"h[{j}]"] = anp.maximum(s[f"z[{j}]"], 0)
        s[f"d[{j}]"] = s["s"] * s[f"h[{j}]"] * s[f"m[{j}]"]
    s["yhat"] = sum(s[f"v[{j}]"] * s[f"d[{j}]"] for j in (1, 2, 3)) + s["c"]
    s["L"] = (s["yhat"] - s["y"]) ** 2 / 2
    s["yhat_test"] = sum(s[f"v[{j}]"] * s[f"h[{j}]"] for j in (1, 2, 3)) + s["c"]


def recurrent(steps: int, activation: Callable[[Any], Any], steepest: float) -> Model:
    """One unit over some steps; the factors of its Jacobian by autograd."""

    def model(s: Sheet) -> None:
        before = s["h_0"]
        product = 1.0
        for t in range(1, steps + 1):
            s[f"a[{t}]"] = s["w"] * before + s["u"] * s[f"x[{t}]"]
            s[f"h[{t}]"] = activation(s[f"a[{t}]"])
            slope = grad(lambda a: anp.sum(activation(a)))(s[f"a[{t}]"])
            s[f"k[{t}]"] = s["w"] * slope
            product, before = product * s[f"k[{t}]"], s[f"h[{t}]"]
        s["J"] = product
        s["B"] = (anp.abs(s["w"]) * steepest) ** steps
        s["L"] = (before - s["y"]) ** 2 / 2

    return model


def tied(s: Sheet) -> None:
    """The same weights there and back."""
    s["h"] = s["w[1]"] * s["x[1]"] + s["w[2]"] * s["x[2]"] + s["b"]
    for i in (1, 2):
        s[f"xhat[{i}]"] = s[f"w[{i}]"] * s["h"] + s[f"c[{i}]"]
    s["L"] = sum((s[f"xhat[{i}]"] - s[f"x[{i}]"]) ** 2 for i in (1, 2)) / 2


def perceptron(s: Sheet) -> None:
    """Two tanh units and a linear output."""
    for j in (1, 2):
        s[f"z{j}"] = s["x1"] * s[f"w1{j}"] + s["x2"] * s[f"w2{j}"] + s[f"b{j}"]
        s[f"h{j}"] = anp.tanh(s[f"z{j}"])
    s["yhat"] = s["h1"] * s["v1"] + s["h2"] * s["v2"] + s["b3"]
    s["L"] = (s["yhat"] - s["y"]) ** 2 / 2


def elman(s: Sheet) -> None:
    """Two steps, a linear output and a squared error after each."""
    before = s["h_0"]
    for t in (1, 2):
        s[f"a[{t}]"] = s["w_xh"] * s[f"x[{t}]"] + s["w_hh"] * before
        s[f"h[{t}]"] = anp.tanh(s[f"a[{t}]"])
        before = s[f"h[{t}]"]
        s[f"yhat[{t}]"] = s["w_hy"] * before
    s["L"] = sum((s[f"yhat[{t}]"] - s[f"y[{t}]"]) ** 2 for t in (1, 2))


def logistic(a: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + anp.exp(-a))


MODELS: dict[str, list[Model]] = {
    "convolution-1d": [convolution] * 4,
    "max-pooling": [pooling] * 4,
    "dropout-mask": [dropout] * 6,
    "vanishing-gradient": [
        recurrent(steps, *cell) for cell in ((anp.tanh, 1), (logistic, 0.25)) for steps in (3, 4)
    ],
    "tied-autoencoder": [tied] * 2,
    "error-spotting": [perceptron] * 16,
    "error-spotting-rnn": [elman] * 14,
}
"""The formulas of every structure of a file."""

CASES = [(name, number) for name, models in MODELS.items() for number in range(len(models))]
STRUCTURES = {name: find_templates(name) for name in MODELS}


def drawn(template: Template) -> dict[str, np.ndarray[Any, Any]]:
    """The numbers of some variants."""
    return template.sampler(SEED).draw(range(VARIANTS)).floats()


def by_hand(model: Model, givens: Mapping[str, Any]) -> Values:
    """Values and gradients of a model, under our names."""
    nothing: dict[str, Any] = defaultdict(float)
    sheet = Sheet(givens, nothing)
    model(sheet)

    def loss(nudges: Mapping[str, Any]) -> Any:
        moved = Sheet(givens, nudges)
        model(moved)
        return anp.sum(moved["L"])

    slopes = grad(loss)({name: np.zeros(VARIANTS) for name in sheet})
    return {**sheet, **{f"dL/d{name}": slope for name, slope in slopes.items()}}


def test_every_structure_has_its_formulas() -> None:
    """None is left out."""
    assert {name: len(found) for name, found in STRUCTURES.items()} == {
        name: len(models) for name, models in MODELS.items()
    }


@pytest.mark.parametrize(("name", "number"), CASES)
def test_answers_are_those_computed_by_hand(name: str, number: int) -> None:
    """Every number that is asked, values, gradients and updates, in many variants."""
    template = STRUCTURES[name][number]
    givens = drawn(template)
    right = by_hand(MODELS[name][number], givens)
    asked = [slot.quantity for slot in template.slots if slot.kind == "number"]
    if template.planted is not None:
        asked = [*template.planted.names, "w21'" if name == "error-spotting" else "w_hh'"]
    for quantity, values in values_of(template, asked, givens).items():
        expected = (
            givens[quantity[:-1]] - givens["eta"] * right[f"dL/d{quantity[:-1]}"]
            if quantity.endswith("'")
            else right[quantity]
        )
        np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-11, err_msg=quantity)


# --- printed workings -----------------------------------------------------------------------------

Rule = Callable[[Mapping[str, Any]], Any]
Rules = dict[str, Rule]


def slope(h: Any) -> Any:
    """tanh' from the value of tanh."""
    return 1 - h**2


PERCEPTRON: Rules = {
    "z1": lambda n: n["x1"] * n["w11"] + n["x2"] * n["w21"] + n["b1"],
    "z2": lambda n: n["x1"] * n["w12"] + n["x2"] * n["w22"] + n["b2"],
    "h1": lambda n: np.tanh(n["z1"]),
    "h2": lambda n: np.tanh(n["z2"]),
    "yhat": lambda n: n["h1"] * n["v1"] + n["h2"] * n["v2"] + n["b3"],
    "L": lambda n: (n["yhat"] - n["y"]) ** 2 / 2,
    "dL/dyhat": lambda n: n["yhat"] - n["y"],
    "dL/dh1": lambda n: n["dL/dyhat"] * n["v1"],
    "dL/dz1": lambda n: n["dL/dh1"] * slope(n["h1"]),
    "dL/dw21": lambda n: n["dL/dz1"] * n["x2"],
    "w21'": lambda n: n["w21"] - n["eta"] * n["dL/dw21"],
}
ELMAN: Rules = {
    "a[1]": lambda n: n["w_xh"] * n["x[1]"] + n["w_hh"] * n["h_0"],
    "h[1]": lambda n: np.tanh(n["a[1]"]),
    "a[2]": lambda n: n["w_xh"] * n["x[2]"] + n["w_hh"] * n["h[1]"],
    "h[2]": lambda n: np.tanh(n["a[2]"]),
    "yhat[1]": lambda n: n["w_hy"] * n["h[1]"],
    "yhat[2]": lambda n: n["w_hy"] * n["h[2]"],
    "dL/dyhat[1]": lambda n: 2 * (n["yhat[1]"] - n["y[1]"]),
    "dL/dyhat[2]": lambda n: 2 * (n["yhat[2]"] - n["y[2]"]),
    "dL/dh[2]": lambda n: n["dL/dyhat[2]"] * n["w_hy"],
    "dL/da[2]": lambda n: n["dL/dh[2]"] * slope(n["h[2]"]),
    "dL/dh[1]": lambda n: n["dL/dyhat[1]"] * n["w_hy"] + n["dL/da[2]"] * n["w_hh"],
    "dL/da[1]": lambda n: n["dL/dh[1]"] * slope(n["h[1]"]),
    "dL/dw_hh": lambda n: n["dL/da[1]"] * n["h_0"] + n["dL/da[2]"] * n["h[1]"],
    "w_hh'": lambda n: n["w_hh"] - n["eta"] * n["dL/dw_hh"],
}
WRONG: dict[str, list[Rules]] = {
    "error-spotting": [
        {"z1": lambda n: n["x1"] * n["w11"] + n["x2"] * n["w21"] + n["b2"]},
        {"z2": lambda n: n["x1"] * n["w12"] + n["x2"] * n["w22"]},
        {"h1": lambda n: n["z1"], "dL/dz1": lambda n: n["dL/dh1"]},
        {"h2": lambda n: n["z2"]},
        {"yhat": lambda n: n["h1"] * n["v1"] + n["h2"] * n["v2"]},
        {"L": lambda n: (n["yhat"] - n["y"]) ** 2, "dL/dyhat": lambda n: 2 * (n["yhat"] - n["y"])},
        {"dL/dyhat": lambda n: n["y"] - n["yhat"]},
        {"dL/dyhat": lambda n: 2 * (n["yhat"] - n["y"])},
        {"dL/dh1": lambda n: n["dL/dyhat"]},
        {"dL/dh1": lambda n: n["dL/dyhat"] * n["h1"]},
        {"dL/dz1": lambda n: n["dL/dh1"]},
        {"dL/dz1": lambda n: n["dL/dh1"] * (1 - n["h1"])},
        {"dL/dw21": lambda n: n["dL/dz1"] * n["w21"]},
        {"dL/dw21": lambda n: n["dL/dz1"] * n["x1"]},
        {"w21'": lambda n: n["w21"] + n["eta"] * n["dL/dw21"]},
        {"w21'": lambda n: n["w21"] - n["dL/dw21"]},
    ],
    "error-spotting-rnn": [
        {"a[1]": lambda n: n["w_xh"] * n["x[2]"] + n["w_hh"] * n["h_0"]},
        {"a[2]": lambda n: n["w_xh"] * n["x[1]"] + n["w_hh"] * n["h[1]"]},
        {"h[2]": lambda n: n["a[2]"], "dL/da[2]": lambda n: n["dL/dh[2]"]},
        {"dL/dyhat[1]": lambda n: n["yhat[1]"] - n["y[1]"]},
        {"dL/dyhat[2]": lambda n: 2 * (n["y[2]"] - n["yhat[2]"])},
        {"dL/dh[2]": lambda n: n["dL/dyhat[2]"] * n["h[2]"]},
        {"dL/da[2]": lambda n: n["dL/dh[2]"] * (1 - n["h[2]"])},
        {"dL/dh[1]": lambda n: n["dL/dyhat[1]"] * n["w_hy"]},
        {"dL/dh[1]": lambda n: (n["dL/dyhat[1]"] * n["w_hy"] + n["dL/da[2]"] * n["w_hh"]) / 2},
        {"dL/da[1]": lambda n: n["dL/dh[1]"] * n["h[1]"]},
        {"dL/dw_hh": lambda n: n["dL/da[2]"] * n["h[1]"]},
        {"dL/dw_hh": lambda n: (n["dL/da[1]"] * n["h_0"] + n["dL/da[2]"] * n["h[1]"]) / 2},
        {"w_hh'": lambda n: n["w_hh"] + n["eta"] * n["dL/dw_hh"]},
        {"w_hh'": lambda n: n["w_hh"] - n["dL/dw_hh"]},
    ],
}
"""What each structure of a question gets wrong; the first line of each is the one asked for."""
RIGHT = {"error-spotting": PERCEPTRON, "error-spotting-rnn": ELMAN}
SPOTS = [(name, number) for name, found in WRONG.items() for number in range(len(found))]


@pytest.mark.parametrize(("name", "number"), SPOTS)
def test_workings_are_those_of_somebody_who_makes_the_mistake(name: str, number: int) -> None:
    """Line by line from the printed values above, rounded; number and right value are the key's."""
    template = STRUCTURES[name][number]
    rules = {**RIGHT[name], **WRONG[name][number]}
    variants = Variants(template, template.sampler(SEED).draw(range(20)))
    first = next(iter(WRONG[name][number]))
    line, value = template.slots[:2]
    assert set(variants.expected(line)) == {list(rules).index(first) + 1}
    for row in range(len(variants.draw)):
        known = {given: float(number) for given, number in variants.draw.exact(row).items()}
        for (quantity, rule), printed in zip(rules.items(), working(variants, row), strict=True):
            if quantity == first:
                right = RIGHT[name][quantity](known)
                assert variants.expected(value)[row] == pytest.approx(right, abs=1e-3)
                assert abs(rule(known) - right) > 1e-3
            found = re.search(r"(?:=|\\approx) (-?[\d.]+)$", printed)
            assert found, printed
            assert float(found[1]) == pytest.approx(rule(known), abs=0.500001e-4), quantity
            known[quantity] = float(found[1])


@pytest.mark.parametrize("name", WRONG)
def test_no_line_is_the_answer_of_many_papers(name: str) -> None:
    """At least seven lines, and none in more than 15 % of the structures."""
    lines = [next(iter(rules)) for rules in WRONG[name]]
    assert len(set(lines)) >= 7
    assert max(map(lines.count, lines)) / len(lines) <= 0.15


def test_the_sentence_speaks_of_the_place_where_the_mistake_was_made() -> None:
    """Of the weight whose line is printed, not of all weights that it could befall."""
    told = set()
    for template in STRUCTURES["error-spotting-rnn"]:
        planted = template.planted
        assert planted is not None
        if planted.mistake.name in ("time_mean", "last_step_only"):
            told.add(planted.mistake.sentence(template.quantities.symbols, "en", tex=False))
    assert len(told) == 2
    assert all("w_hh" in text and "w_xh" not in text for text in told)
