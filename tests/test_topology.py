"""Topologies against plain Python written by hand, differentiated by an outside engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from pydantic import TypeAdapter

from examgen.errors import ExamgenError
from examgen.graph import evaluate
from examgen.quantities import Quantities, derive_quantities
from examgen.topology import Spec, Topology

Values = dict[str, Any]
Loss = Callable[[Values], Any]


def spec(**fields: Any) -> Spec:
    """A topology as a template file would give it."""
    return TypeAdapter(Topology).validate_python(fields)


def quantities(**fields: Any) -> Quantities:
    """All quantities of a topology, with a learning rate."""
    form = spec(**fields)
    return derive_quantities(form.blueprint(), "eta", {}, declared=["eta"])


def drawn(graph: Quantities, seed: int = 0) -> dict[str, float]:
    """Random numbers for all givens; targets are probabilities."""
    rng = np.random.default_rng(seed)
    return {
        name: float(rng.uniform(0.1, 0.9) if name.startswith("y") else rng.uniform(-1.5, 1.5))
        for name in graph.givens
    }


def values(graph: Quantities, names: list[str], givens: Mapping[str, float]) -> list[float]:
    """The values of some quantities."""
    arrays = {name: np.array([value]) for name, value in givens.items()}
    return [float(found[0]) for found in evaluate([graph.node(name) for name in names], arrays)]


def assert_agrees(graph: Quantities, loss: Loss, seed: int = 0) -> None:
    """Loss, all gradients and all updates are those of a loss written by hand."""
    givens = drawn(graph, seed)
    names = [name for name in givens if name != "eta"]
    expected = autograd.grad(loss)(givens)
    (found,) = values(graph, [graph.loss], givens)
    assert found == pytest.approx(float(loss(givens)), rel=1e-9)
    slopes = values(graph, [f"d{graph.loss}/d{name}" for name in names], givens)
    np.testing.assert_allclose(slopes, [expected[name] for name in names], rtol=1e-8, atol=1e-10)
    updated = values(graph, [f"{name}'" for name in names], givens)
    by_hand = [givens[name] - givens["eta"] * expected[name] for name in names]
    np.testing.assert_allclose(updated, by_hand, rtol=1e-8, atol=1e-10)


def sigmoid(z: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + anp.exp(-z))


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "sigmoid": sigmoid,
    "tanh": anp.tanh,
    "softplus": lambda z: anp.log(1 + anp.exp(z)),
}


def error(kind: str, outputs: list[Any], targets: list[Any]) -> Any:
    """The losses of the language, by hand."""
    pairs = list(zip(outputs, targets, strict=True))
    if kind == "bce":
        return -sum(y * anp.log(p) + (1 - y) * anp.log(1 - p) for p, y in pairs)
    if kind == "cross_entropy":
        return -sum(y * anp.log(p) for p, y in pairs)
    squares = sum((p - y) ** 2 for p, y in pairs)
    return squares * {"half_squared_error": 0.5, "mean_squared_error": 1 / len(pairs)}.get(kind, 1)


# --- multilayer perceptrons -----------------------------------------------------------------------


def mlp_loss(layers: list[int], activations: list[str], kind: str, bias: bool) -> Loss:
    """A forward pass in loops."""

    def loss(v: Values) -> Any:
        units = [v[f"x[{i + 1}]"] for i in range(layers[0])]
        for depth, (fan_in, fan_out) in enumerate(pairwise(layers), start=1):
            sums = [
                sum(units[i] * v[f"w{depth}[{i + 1},{j + 1}]"] for i in range(fan_in))
                + (v[f"b{depth}[{j + 1}]"] if bias else 0)
                for j in range(fan_out)
            ]
            if activations[depth - 1] == "softmax":
                total = sum(anp.exp(z) for z in sums)
                units = [anp.exp(z) / total for z in sums]
            else:
                units = [ACTIVATIONS[activations[depth - 1]](z) for z in sums]
        return error(kind, units, [v[f"y[{j + 1}]"] for j in range(layers[-1])])

    return loss


@pytest.mark.parametrize(
    ("layers", "activation", "kind", "bias"),
    [
        ([2, 2, 2], ["relu", "linear"], "half_squared_error", True),
        ([3, 4, 2, 3], ["tanh", "leaky_relu", "softmax"], "cross_entropy", True),
        ([2, 3, 1], ["softplus", "sigmoid"], "bce", False),
        ([1, 5, 2], ["sigmoid", "sigmoid"], "bce", True),
        ([4, 3], ["linear"], "mean_squared_error", True),
        ([1, 1], ["tanh"], "squared_error", False),
        ([2, 11, 2], ["tanh", "linear"], "squared_error", True),
    ],
)
def test_mlp(layers: list[int], activation: list[str], kind: str, bias: bool) -> None:
    """Any widths, an activation a layer, any loss."""
    graph = quantities(topology="mlp", layers=layers, activation=activation, loss=kind, bias=bias)
    assert_agrees(graph, mlp_loss(layers, activation, kind, bias))


def test_one_activation_is_for_the_hidden_layers() -> None:
    """The outputs are then linear."""
    graph = quantities(topology="mlp", layers=[2, 2, 2], activation="relu")
    assert_agrees(graph, mlp_loss([2, 2, 2], ["relu", "linear"], "half_squared_error", True))


def test_mlp_with_names_of_its_own() -> None:
    """The names of the first source exam, and its numbers."""
    names = {
        "inputs": ["i1", "i2"],
        "pre_activations": [["h1", "h2"], ["a1", "a2"]],
        "activations": [["h3", "h4"], ["o1", "o2"]],
        "weights": [[["w11", "w12"], ["w21", "w22"]], [["w31", "w32"], ["w41", "w42"]]],
        "biases": [["b1", "b2"], ["b3", "b4"]],
        "targets": ["t1", "t2"],
    }
    graph = quantities(topology="mlp", layers=[2, 2, 2], names=names)
    numbers = {"i1": 2, "i2": -1, "w11": 1, "w12": -0.5, "w21": 0.5, "w22": -1, "w31": 0.5}
    numbers |= {"w32": -1, "w41": -0.5, "w42": 1, "b1": 0.5, "b2": -0.5, "b3": -1, "b4": 0.5}
    numbers |= {"t1": 1, "t2": 0.5, "eta": 0.1}
    found = values(graph, ["h1", "h4", "o2", "L", "dL/dw21", "w21'"], numbers)
    np.testing.assert_allclose(found, [2, 0, -1.5, 2.5, -1.5, 0.65])


@pytest.mark.parametrize(
    "names",
    [
        {"inputs": ["a"]},
        {"weights": [[["a", "b"]]]},
        {"inputs": ["a b", "c"]},
        {"inputs": ["a*", "c"]},
    ],
)
def test_names_of_the_wrong_shape_are_refused(names: dict[str, Any]) -> None:
    """As many as there are units, and each a name."""
    with pytest.raises(ValueError, match="names"):
        spec(topology="mlp", layers=[2, 1], names=names)


# --- recurrent networks ---------------------------------------------------------------------------


def assert_ports(
    graph: Quantities, givens: dict[str, float], states: list[str], steps: int
) -> None:
    """Message at the last step zero; a total is what arrives directly and the message."""
    for state in states:
        last, *_ = values(graph, [f"message({state}[{steps}])"], givens)
        assert last == 0
        for step in range(1, steps):
            total, bare, message, entering = values(
                graph,
                [f"total({state}[{step}])", f"dL/d{state}[{step}]", f"message({state}[{step}])",
                 f"dL/d{state}_in[{step + 1}]"],
                givens,
            )  # fmt: skip
            assert total == bare
            assert message == entering
            nudged = graph.node(f"{state}_in[{step + 1}]")
            assert message == pytest.approx(slope_of(graph, nudged, givens), rel=1e-5, abs=1e-8)
            own = slope_of(graph, graph.node(f"{state}[{step}]"), givens)
            assert total == pytest.approx(own, rel=1e-5, abs=1e-8)


def slope_of(graph: Quantities, node: Any, givens: dict[str, float]) -> float:
    """dL/dnode by central differences: the node is overridden and the rest follows."""
    arrays = {name: np.array([value, value]) for name, value in givens.items()}
    (here,) = evaluate([node], {name: array[:1] for name, array in arrays.items()})
    shifted = np.array([here[0] + 1e-6, here[0] - 1e-6])
    (loss,) = evaluate([graph.node(graph.loss)], arrays, {node: shifted})
    return float((loss[0] - loss[1]) / 2e-6)


def assert_sums(
    graph: Quantities, givens: dict[str, float], parameters: list[str], steps: int
) -> None:
    """A parameter's gradient is the sum of the contributions of all steps."""
    for name in parameters:
        total, *parts = values(
            graph, [f"dL/d{name}", *(f"dL/d{name}[{t}]" for t in range(1, steps + 1))], givens
        )
        assert total == pytest.approx(sum(parts), rel=1e-12, abs=1e-14)
        assert len(parts) == steps


def elman_loss(hidden: int, inputs: int, steps: int, kind: str, at: str) -> Loss:
    """An Elman network in loops, with tanh states, sigmoid outputs and biases."""

    def loss(v: Values) -> Any:
        unit = (lambda i: str(i)) if hidden > 1 else (lambda i: "")
        put = (lambda i: str(i)) if inputs > 1 else (lambda i: "")
        tail = lambda *parts: f"_{''.join(parts)}" if "".join(parts) else ""  # noqa: E731
        h = {j: v[f"h{unit(j)}_0"] for j in range(1, hidden + 1)}
        outputs = []
        for t in range(1, steps + 1):
            h = {
                j: anp.tanh(
                    sum(
                        v[f"x{put(i)}[{t}]"] * v[f"w_xh{tail(put(i), unit(j))}"]
                        for i in range(1, inputs + 1)
                    )
                    + sum(h[k] * v[f"w_hh{tail(unit(k), unit(j))}"] for k in h)
                    + v[f"b_h{tail(unit(j))}"]
                )
                for j in h
            }
            outputs.append(sigmoid(sum(h[j] * v[f"w_hy{tail(unit(j))}"] for j in h) + v["b_y"]))
        every = range(1, steps + 1) if at == "all" else [steps]
        return sum(error(kind, [outputs[t - 1]], [v[f"y[{t}]"]]) for t in every)

    return loss


@pytest.mark.parametrize(
    ("hidden", "inputs", "steps", "kind", "at"),
    [(1, 1, 2, "squared_error", "all"), (2, 1, 3, "bce", "all"),
    (2, 3, 3, "half_squared_error", "last"), (1, 2, 1, "bce", "all")],
)  # fmt: skip
def test_elman(hidden: int, inputs: int, steps: int, kind: str, at: str) -> None:
    """Several inputs, units and steps; loss at all steps or at the last."""
    graph = quantities(
        topology="elman", hidden=hidden, inputs=inputs, steps=steps, loss=kind, loss_at=at,
        output="sigmoid", bias=True,
    )  # fmt: skip
    assert_agrees(graph, elman_loss(hidden, inputs, steps, kind, at))
    givens = drawn(graph)
    states = [f"h{j}" for j in range(1, hidden + 1)] if hidden > 1 else ["h"]
    assert_ports(graph, givens, states, steps)
    parameters = [name for name in givens if name.startswith("w_")] + ["b_y"]
    assert_sums(graph, givens, parameters, steps)


def lstm_loss(steps: int, weights: str, bias: bool) -> Loss:
    """The cell as a textbook has it."""

    def loss(v: Values) -> Any:
        h, c, total = v["h_0"], v["C_0"], 0.0
        for t in range(1, steps + 1):
            z = {}
            for number, gate in enumerate(("f", "i", "ctilde", "o"), start=1):
                if weights == "shared":
                    z[gate] = (h + v[f"x[{t}]"]) * v[f"w{number}"]
                else:
                    z[gate] = v[f"x[{t}]"] * v[f"w_{gate}"] + h * v[f"u_{gate}"]
                z[gate] = z[gate] + (v[f"b_{gate}"] if bias else 0)
            c = c * sigmoid(z["f"]) + sigmoid(z["i"]) * anp.tanh(z["ctilde"])
            h = anp.tanh(c) * sigmoid(z["o"])
            total = total + (sigmoid(h) - v[f"y[{t}]"]) ** 2
        return total

    return loss


@pytest.mark.parametrize("weights", ["shared", "separate"])
@pytest.mark.parametrize(("steps", "bias"), [(1, False), (2, True), (4, False)])
def test_lstm(steps: int, weights: str, bias: bool) -> None:
    """Shared or separate weights, with and without biases."""
    graph = quantities(topology="lstm", steps=steps, weights=weights, bias=bias)
    assert_agrees(graph, lstm_loss(steps, weights, bias))
    givens = drawn(graph)
    assert_ports(graph, givens, ["h", "C"], steps)
    shared = ["w1", "w2", "w3", "w4"]
    assert_sums(graph, givens, shared if weights == "shared" else ["u_f", "w_o"], steps)


def gru_loss(steps: int, update: str) -> Loss:
    """Both conventions of what z weighs."""

    def loss(v: Values) -> Any:
        h, total = v["h_0"], 0.0
        for t in range(1, steps + 1):
            x = v[f"x[{t}]"]
            z = sigmoid(x * v["w_z"] + h * v["u_z"] + v["b_z"])
            r = sigmoid(x * v["w_r"] + h * v["u_r"] + v["b_r"])
            candidate = anp.tanh(x * v["w_h"] + r * h * v["u_h"] + v["b_h"])
            keep = 1 - z if update == "new" else z
            h = keep * h + (1 - keep) * candidate
            total = total + (h - v[f"y[{t}]"]) ** 2
        return total

    return loss


@pytest.mark.parametrize("update", ["new", "old"])
@pytest.mark.parametrize("steps", [1, 3])
def test_gru(steps: int, update: str) -> None:
    """z weighs the new state or the old one."""
    graph = quantities(topology="gru", steps=steps, update=update, bias=True)
    assert_agrees(graph, gru_loss(steps, update))
    assert_ports(graph, drawn(graph), ["h"], steps)
    assert_sums(graph, drawn(graph), ["w_z", "u_h", "b_r"], steps)


def test_a_cell_of_ones_own_with_two_states() -> None:
    """The author's equations, a decimal in them kept, a state used twice and carried."""
    graph = quantities(
        topology="recurrent_cell", steps=3, state={"h": "h_0", "m": "m_0"},
        step={"m[t]": "0.5*m[t-1] + tanh(w*x[t])",
              "h[t]": "h[t-1]*u + m[t]", "yhat[t]": "h[t]*m[t]"},
        loss="sum(0.5*(yhat[t] - y[t])^2)",
    )  # fmt: skip

    def loss(v: Values) -> Any:
        h, m, total = v["h_0"], v["m_0"], 0.0
        for t in (1, 2, 3):
            m = 0.5 * m + anp.tanh(v["w"] * v[f"x[{t}]"])
            h = h * v["u"] + m
            total = total + 0.5 * (h * m - v[f"y[{t}]"]) ** 2
        return total

    assert_agrees(graph, loss)
    assert_ports(graph, drawn(graph), ["h", "m"], 3)
    assert_sums(graph, drawn(graph), ["w", "u"], 3)
    assert [
        definition.formula
        for definition in graph.blueprint.definitions
        if definition.name == "m[t]"
    ] == ["0.5*m_in[t] + tanh(w[t]*x[t])"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"step": {"h": "x"}}, "'h' must be a name indexed by the step"),
        ({"step": {"h[1]": "x"}}, "must be a name indexed by the step"),
        ({"step": {"o[t]": "x[t]"}}, "no equation for the state h[t]"),
        ({"step": {"h[t]": "(", "o[t]": "1 +"}}, "graph.step.h[t]: column 2"),
        ({"state": {"h": "h_0 + 1"}}, "is a formula; a single name"),
        ({"loss": "sum(2)"}, "a sum over steps needs a name with [t]"),
        ({"loss": "(("}, "graph.loss: column 3"),
    ],
)  # fmt: skip
def test_a_faulty_cell_is_refused(fields: dict[str, Any], message: str) -> None:
    """With the place of the mistake."""
    good: dict[str, Any] = {
        "state": {"h": "h_0"},
        "step": {"h[t]": "h[t-1]*w"},
        "loss": "sum(h[t]^2)",
    }
    with pytest.raises(ExamgenError) as refused:
        spec(topology="recurrent_cell", steps=2, **(good | fields)).blueprint()
    assert message in str(refused.value)
    assert len(refused.value.problems) == (
        2 if "o[t]" in str(fields) and "1 +" in str(fields) else 1
    )


# --- residual networks ----------------------------------------------------------------------------


def test_residual_with_skips_and_heads() -> None:
    """A skip from the input, one from a layer, two heads, one of them on a sum of two."""
    graph = quantities(
        topology="residual", input="x",
        layers=[
            {"name": "k"},
            {"name": "l", "weight": "w1", "bias": "b1", "activation": "sigmoid"},
            {"name": "m", "weight": "w2", "activation": "tanh", "pre": "z"},
            {"name": "n", "from": "l", "weight": "w3"},
        ],
        skips=[{"from": "x", "to": "l", "sum": "r"}, {"from": "l", "to": "m", "sum": "s"}],
        heads=[
            {"name": "yhat1", "from": ["n", "s"], "activation": "relu", "target": "y1"},
            {"name": "yhat2", "from": "s", "target": "y2"},
        ],
        loss="squared_error",
    )  # fmt: skip

    def loss(v: Values) -> Any:
        layer = sigmoid(v["w1"] * v["x"] + v["b1"])
        summed = anp.tanh(v["w2"] * (layer + v["x"])) + layer
        first = ACTIVATIONS["relu"](v["w3"] * layer + summed)
        return (first - v["y1"]) ** 2 + (summed - v["y2"]) ** 2

    for seed in range(4):
        assert_agrees(graph, loss, seed)
    assert {"L[1]", "L[2]", "r", "s", "z", "z_l"} <= set(graph.values)


def test_a_skip_has_to_lead_to_a_layer() -> None:
    """Not to the input, and to nothing unknown."""
    for target in ("x", "q"):
        form = spec(
            topology="residual", layers=[{"name": "l", "weight": "w"}],
            skips=[{"from": "x", "to": target, "sum": "s"}],
            heads=[{"name": "p", "from": "l", "target": "y"}],
        )  # fmt: skip
        with pytest.raises(ExamgenError, match=rf"graph.skips\[0\].to: '{target}' is no layer"):
            form.blueprint()


def test_plain_formulas_with_indices_and_any_loss() -> None:
    """The author writes everything; the loss is a quantity or a formula."""
    graph = quantities(
        topology="formulas", formulas={"h[i]": "tanh(w[i]*x)", "p": "sum(h[i]*v[i])"},
        index={"i": 2},
        loss="half_squared_error(p, y)",
    )  # fmt: skip

    def loss(v: Values) -> Any:
        p = sum(anp.tanh(v[f"w[{i}]"] * v["x"]) * v[f"v[{i}]"] for i in (1, 2))
        return 0.5 * (p - v["y"]) ** 2

    assert_agrees(graph, loss)
    named = quantities(topology="formulas", formulas={"E": "w^2"}, loss="E")
    assert named.loss == "E"
    assert values(named, ["dE/dw"], {"w": 3, "eta": 0})[0] == 6
