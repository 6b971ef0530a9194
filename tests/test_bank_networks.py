"""The bank's network questions against plain numpy and autograd, without our graph.

Each model below is written down from the textbook's formulas. `note` records a result under our
name of it and hands it on; derivatives come from nudging every result by a number of its own.
"""

from __future__ import annotations

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

VARIANTS = 120
SEED = 11

Values = Mapping[str, Any]
Note = Callable[[str, Any], Any]
Model = Callable[[Values, Note, Mapping[str, str]], Any]
"""Givens, what writes a result down, the structure's choice -> the loss."""


def sigmoid(z: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + anp.exp(-z))


def circuit(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """q = x + uy, r = qz, p = rq, f = r + wp + v times one of q, x, y."""
    known = dict(g)
    known["q"] = q = note("q", g["x"] + g["u"] * g["y"])
    r = note("r", q * g["z"])
    p = note("p", r * q)
    return note("f", r + g["w"] * p + g["v"] * known[choice["third"]])


def two_layers(g: Values, note: Note, activation: Callable[[Any], Any]) -> Any:
    """What two hidden units h1, h2 give to one output, before its activation."""
    h = {}
    for j in (1, 2):
        z = note(f"z{j}", g["x1"] * g[f"w1{j}"] + g["x2"] * g[f"w2{j}"] + g[f"b{j}"])
        h[j] = note(f"h{j}", activation(z))
    return h[1] * g["v1"] + h[2] * g["v2"] + g["b3"]


def classifier(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """Sigmoids, binary cross-entropy."""
    yhat = note("yhat", sigmoid(note("z3", two_layers(g, note, sigmoid))))
    return note("L", -(g["y"] * anp.log(yhat) + (1 - g["y"]) * anp.log(1 - yhat)))


def regression(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """tanh units, half the squared error."""
    return note("L", (note("yhat", two_layers(g, note, anp.tanh)) - g["y"]) ** 2 / 2)


def softmax_layer(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """Three logits of two inputs, minus the logarithm of the true class's probability."""
    logits = [
        note(f"z[{k}]", g[f"w[1,{k}]"] * g["x[1]"] + g[f"w[2,{k}]"] * g["x[2]"] + g[f"b[{k}]"])
        for k in (1, 2, 3)
    ]
    powers = [anp.exp(z) for z in logits]
    shares = [note(f"p[{k}]", power / sum(powers)) for k, power in enumerate(powers, start=1)]
    return note("L", -anp.log(shares[int(choice["true"]) - 1]))


def leaky_network(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """Two leaky ReLUs, two linear outputs, half of each squared error."""
    h = {}
    for j in (1, 2):
        z = note(f"z{j}", g["x1"] * g[f"w1{j}"] + g["x2"] * g[f"w2{j}"] + g[f"b{j}"])
        h[j] = note(f"h{j}", anp.where(z > 0, z, g["alpha"] * z))
    loss = 0.0
    for k in (1, 2):
        o = note(f"o{k}", h[1] * g[f"v1{k}"] + h[2] * g[f"v2{k}"] + g[f"b{k + 2}"])
        loss = loss + (o - g[f"t{k}"]) ** 2 / 2
    return note("L", loss)


def mazur(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """Mazur's 2-2-2 network: w1 to w8, one bias a layer."""
    h1 = note("h1", sigmoid(note("net_h1", g["w1"] * g["i1"] + g["w2"] * g["i2"] + g["b1"])))
    h2 = note("h2", sigmoid(note("net_h2", g["w3"] * g["i1"] + g["w4"] * g["i2"] + g["b1"])))
    o1 = note("o1", sigmoid(note("net_o1", g["w5"] * h1 + g["w6"] * h2 + g["b2"])))
    o2 = note("o2", sigmoid(note("net_o2", g["w7"] * h1 + g["w8"] * h2 + g["b2"])))
    return note("L", (g["t1"] - o1) ** 2 / 2 + (g["t2"] - o2) ** 2 / 2)


def elman(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """Three steps of tanh, the last one read out; every step has its own copy of the weights."""
    h = g["h_0"]
    for t in (1, 2, 3):
        w_xh, w_hh = note(f"w_xh[{t}]", g["w_xh"]), note(f"w_hh[{t}]", g["w_hh"])
        h = note(f"h[{t}]", anp.tanh(note(f"a[{t}]", w_xh * g[f"x[{t}]"] + w_hh * h)))
    return note("L", (note("yhat[3]", g["w_hy"] * h) - g["y[3]"]) ** 2 / 2)


def gru(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """One step; z weighs the candidate (new) or the old state (old)."""
    x, old = g["x[1]"], g["h_0"]
    z = note("z[1]", sigmoid(g["w_z"] * x + g["u_z"] * old))
    r = note("r[1]", sigmoid(g["w_r"] * x + g["u_r"] * old))
    new = note("htilde[1]", anp.tanh(g["w_h"] * x + g["u_h"] * (r * old)))
    mixed = (1 - z) * old + z * new if choice["blend"] == "new" else z * old + (1 - z) * new
    return note("L", (note("h[1]", mixed) - g["y[1]"]) ** 2)


def lstm(g: Values, note: Note, choice: Mapping[str, str]) -> Any:
    """Two steps, a weight for input and state in each gate, the last hidden state compared."""
    h, cell = g["h_0"], g["C_0"]
    functions = {"f": sigmoid, "i": sigmoid, "c": anp.tanh, "o": sigmoid}
    for t in (1, 2):
        gate = {}
        for name, function in functions.items():
            w, u = note(f"w_{name}[{t}]", g[f"w_{name}"]), note(f"u_{name}[{t}]", g[f"u_{name}"])
            ours = "ctilde" if name == "c" else name
            gate[name] = note(f"{ours}[{t}]", function(w * g[f"x[{t}]"] + u * h))
        cell = note(f"C[{t}]", gate["f"] * cell + gate["i"] * gate["c"])
        h = note(f"h[{t}]", gate["o"] * anp.tanh(cell))
    return note("L", (h - g["y"]) ** 2)


MODELS: dict[str, Model] = {
    "scalar-circuit-fan-out": circuit,
    "mlp-sigmoid-bce": classifier,
    "mlp-tanh": regression,
    "softmax-cross-entropy": softmax_layer,
    "mlp-leaky-relu": leaky_network,
    "mazur-network": mazur,
    "elman-tanh-three-steps": elman,
    "gru-step": gru,
    "lstm-two-steps": lstm,
}
STRUCTURES = {template.name: template for name in MODELS for template in find_templates(name, None)}

every_structure = pytest.mark.parametrize("name", STRUCTURES)


def drawn(template: Template) -> dict[str, np.ndarray[Any, Any]]:
    """The givens of some variants."""
    return template.sampler(SEED).draw(range(VARIANTS)).floats()


def expected(template: Template, givens: Values) -> dict[str, np.ndarray[Any, Any]]:
    """Values, derivatives and updates by the model and autograd, under our names."""
    values: dict[str, Any] = {}

    def loss(nudges: Values) -> Any:
        def note(name: str, value: Any) -> Any:
            values[name] = value + nudges[name]
            return values[name]

        moved = {name: value + nudges[name] for name, value in givens.items()}
        return anp.sum(MODELS[template.id](moved, note, template.choice))

    loss(defaultdict(float))
    names = [*values, *givens]
    found = dict(values)
    of = template.quantities.loss
    slopes = grad(loss)({name: np.zeros(VARIANTS) for name in names})
    found |= {f"d{of}/d{name}": slope for name, slope in slopes.items()}
    eta = givens["eta"]
    return found | {f"{name}'": givens[name] - eta * slopes[name] for name in givens}


@every_structure
def test_numbers_asked_are_those_of_an_outside_engine(name: str) -> None:
    """Every value, derivative and update that a structure asks for, in each of many variants."""
    template = STRUCTURES[name]
    givens = drawn(template)
    theirs = expected(template, givens)
    asked = [slot.quantity for slot in template.slots]
    ours = values_of(template, asked, givens)
    for quantity in asked:
        np.testing.assert_allclose(ours[quantity], theirs[quantity], rtol=1e-9, atol=1e-10)


def test_a_wrong_model_is_found_out() -> None:
    """The comparison is no formality: the other convention of a GRU does not pass."""
    template = STRUCTURES["gru-step#1"]
    givens = drawn(template)
    other = {"blend": "old" if template.choice["blend"] == "new" else "new"}
    values: dict[str, Any] = {}

    def note(name: str, value: Any) -> Any:
        values[name] = value
        return value

    gru(givens, note, other)
    ours = values_of(template, ["h[1]"], givens)["h[1]"]
    # |htilde - h_0| and |1 - 2 z| are bounded from below by the question's conditions.
    assert np.abs(ours - values["h[1]"]).min() > 0.01


# --- insights the questions are after ------------------------------------------------------------


def asked(name: str, quantities: list[str]) -> list[np.ndarray[Any, Any]]:
    """Some quantities of a structure's variants."""
    template = STRUCTURES[name]
    found = values_of(template, quantities, drawn(template))
    return [found[quantity] for quantity in quantities]


def test_cross_entropy_after_a_sigmoid_leaves_output_minus_label() -> None:
    """dL/dz = yhat - y."""
    slope, yhat, y = asked("mlp-sigmoid-bce#1", ["dL/dz3", "yhat", "y"])
    np.testing.assert_allclose(slope, yhat - y, atol=1e-12)


@pytest.mark.parametrize("true", ["1", "2", "3"])
def test_cross_entropy_after_a_softmax_leaves_output_minus_label(true: str) -> None:
    """dL/dz_k = p_k - y_k with the one-hot label y."""
    (name, *_) = (n for n, t in STRUCTURES.items() if t.choice.get("true") == true)
    for k in (1, 2, 3):
        slope, p = asked(name, [f"dL/dz[{k}]", f"p[{k}]"])
        np.testing.assert_allclose(slope, p - (true == str(k)), atol=1e-12)


def test_contributions_of_the_steps_add_up() -> None:
    """A shared weight's derivative is the sum over its copies."""
    for name, weight, steps in (
        ("elman-tanh-three-steps#1", "w_hh", 3),
        ("lstm-two-steps#1", "w_f", 2),
    ):
        whole, *parts = asked(
            name, [f"dL/d{weight}", *(f"dL/d{weight}[{t}]" for t in range(1, steps + 1))]
        )
        np.testing.assert_allclose(whole, sum(parts), atol=1e-12)


@pytest.mark.parametrize("name", [n for n in STRUCTURES if n.startswith("mlp-leaky-relu")])
def test_one_leaky_unit_is_negative_and_it_is_the_one_asked_about(name: str) -> None:
    """The derivative with respect to its pre-activation is alpha times that of its output."""
    unit = STRUCTURES[name].choice["negative"][-1]
    other = "2" if unit == "1" else "1"
    z, positive, above, below, alpha = asked(
        name, [f"z{unit}", f"z{other}", f"dL/dh{unit}", f"dL/dz{unit}", "alpha"]
    )
    assert (z < 0).all()
    assert (positive > 0).all()
    np.testing.assert_allclose(below, alpha * above, rtol=1e-12)
