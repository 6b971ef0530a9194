"""Each mistake gives the numbers worked out by hand for it, and is told in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from bank_draws import template_of
from wrong_answers import wrong_answers

from examgen.bank import bank_ids
from examgen.differentiate import (
    Backward,
    adjoint_name,
    all_uses,
    chain_rule,
    differentiate,
)
from examgen.drawing import draw_variants
from examgen.graph import record, topological
from examgen.misconceptions import (
    DECLARED,
    ELSEWHERE,
    MOST_INSTANCES,
    TABLE,
    Misconception,
    misconceptions,
)
from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.rules import Interner, Rules
from examgen.nodes import Node
from examgen.printing import PLAIN, define
from examgen.quantities import Quantities, derive_quantities
from examgen.tolerance import tolerances
from examgen.topology.blueprint import Spec
from examgen.topology.elman import Elman
from examgen.topology.formulas import Formulas
from examgen.topology.gru import Gru
from examgen.topology.lstm import Lstm
from examgen.topology.mlp import Mlp
from examgen.topology.recurrent_cell import RecurrentCell
from examgen.typeset import layout

every_template = pytest.mark.parametrize("template_id", bank_ids())

SOURCE = {
    system["id"]: system
    for system in yaml.safe_load(
        (Path(__file__).parent / "data" / "source_exams.yaml").read_text(encoding="utf-8")
    )["systems"]
}


def sigmoid(z: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-z))


def question(spec: Spec) -> Quantities:
    """The quantities of a topology, with updates."""
    return derive_quantities(spec.blueprint(), "eta", {}, declared=["eta"])


def formulas(loss: str, **written: str) -> Quantities:
    """The quantities of some formulas."""
    return question(Formulas(topology="formulas", formulas=written, loss=loss))


FOUND: dict[int, tuple[Quantities, tuple[Misconception, ...]]] = {}


def found_in(quantities: Quantities) -> tuple[Misconception, ...]:
    """Its mistakes, built once."""
    if id(quantities) not in FOUND:
        FOUND[id(quantities)] = quantities, misconceptions(quantities)
    return FOUND[id(quantities)][1]


SPECS: dict[str, Spec] = {
    "softmax": Mlp(
        topology="mlp", layers=[2, 2, 3], activation=["tanh", "softmax"], loss="cross_entropy"
    ),
    "gru": Gru(topology="gru", steps=2, bias=True),
    "lstm": Lstm(topology="lstm", steps=2, weights="separate", bias=True),
    "wide elman": Elman(topology="elman", steps=3, inputs=2, hidden=2, bias=True),
    "mean": Mlp(topology="mlp", layers=[2, 3, 2], loss="mean_squared_error"),
    "windows": Formulas(
        topology="formulas",
        index={"i": 4, "j": 2, "a": 2},
        formulas={
            "z[i]": "sum(k[a] * x[i+a-1])",
            "p[j]": "max(z[2*j-1], z[2*j])",
            "yhat": "sum(v[j] * p[j])",
        },
        loss="(yhat - y)^2 + lam * sum(v[j]^2)",
    ),
}


@cache
def spec(name: str) -> Quantities:
    """The quantities of one of SPECS."""
    return question(SPECS[name])


ALL = [*bank_ids(), *SPECS]
every_graph = pytest.mark.parametrize("graph", ALL)


def graph_of(name: str) -> Quantities:
    """A graph of the bank or of SPECS."""
    return spec(name) if name in SPECS else template_of(name).quantities


def values(nodes: list[Node], givens: Mapping[str, float]) -> list[float]:
    """The values of some nodes at one point."""
    arrays = {name: np.array([float(value)]) for name, value in givens.items()}
    return [float(value[0]) for value in record(nodes)(arrays)]


def answers(
    quantities: Quantities, name: str, asked: str, givens: Mapping[str, float]
) -> dict[str, list[float]]:
    """What a mistake answers to a quantity, by the place where it is made."""
    mistakes = [m for m in found_in(quantities) if m.name == name]
    assert mistakes, f"{name} does not occur"
    nodes = [m.nodes[quantities.name(asked)] for m in mistakes]
    by_place: dict[str, list[float]] = {}
    for mistake, value in zip(mistakes, values(nodes, givens), strict=True):
        by_place.setdefault(mistake.where, []).append(value)
    return by_place


# --- numbers by hand ------------------------------------------------------------------------------

# The network of the exam: h = (2, -0.5), relu -> (2, 0), o = (0, -1.5), dL/do = (-1, -2).
MLP = {
    "i1": 2, "i2": -1, "w11": 1, "w12": -0.5, "w21": 0.5, "w22": -1, "w31": 0.5, "w32": -1,
    "w41": -0.5, "w42": 1, "b1": 0.5, "b2": -0.5, "b3": -1, "b4": 0.5, "t1": 1, "t2": 0.5,
    "eta": 0.1,
}  # fmt: skip
# h = 0.5, 0.5; dL/dyhat = -2, 2; dL/dh = -2 + 2 * 0.5 = -1, 2; o = 1, 1; dL/dw[t] = -1, 2.
BCE = {
    "h_0": 0, "x[1]": 1, "x[2]": 0.5, "w_oh": 0.5, "y[1]": 1, "y[2]": 0, "eta": 0.05,
}  # fmt: skip
# z = 0, s = 0.5, o = 0, yhat = 0.5, dL/dyhat = -1, dL/do = -0.25, dL/ds = 0.5, dL/dz = 0.125.
TWO = {"x": 1, "w1": 0.5, "b1": -0.5, "w2": -2, "y": 1, "eta": 0.5}
# The same without b1: dL/db1 = dL/do w2 s (1 - s).
BIASLESS = {"s": sigmoid(0.5), "yhat": sigmoid(1 - 2 * sigmoid(0.5))}
BIASLESS["do"] = 2 * (BIASLESS["yhat"] - 1) * BIASLESS["yhat"] * (1 - BIASLESS["yhat"])
BIASLESS["db1"] = BIASLESS["do"] * -2 * BIASLESS["s"] * (1 - BIASLESS["s"])
# h = 4, 2; o = 2, 1; dL/dyhat = 2, 2; dL/dh = 2 * 0.5 + 1 * 1, 1; dL/dw_hh = 0 + 4.
ELMAN = {
    "h_0": 0, "x[1]": 2, "x[2]": -1, "w_xh": 2, "w_hh": 1, "w_hy": 0.5, "y[1]": 1, "y[2]": 0,
    "eta": 0.1,
}  # fmt: skip
CELL = {"h_0": 1, "x[1]": 1, "x[2]": -2, "w": 0.5, "y[1]": 1, "y[2]": 0, "eta": 0.1}
# s = 2, o = 1, yhat = 2, s = 0, o = 0, yhat = 2; dL/dyhat = 2, 4; into step 2: 0.5 * 4 + 4 = 6;
# dL/do = 8, 4; dL/dw[t] = 16, 0; dL/ds[1] = 4.
LSTM = SOURCE["S6"]["probe"]
CELL_OF_LSTM = {
    "x[1]": LSTM["b"] - 0.3, "h_0": 0.3, "C_0": LSTM["C0"], "y[1]": LSTM["y"], "g_C": LSTM["kC"],
    "g_h": LSTM["kh"], "eta": 1, **{f"w{n}": LSTM[f"w{n}"] for n in (1, 2, 3, 4)},
}  # fmt: skip


def lstm_by_hand() -> dict[str, float]:
    """The cell of the exam, written once more."""
    b = LSTM["b"]
    f, i, o = (sigmoid(b * LSTM[w]) for w in ("w1", "w2", "w4"))
    ctilde = math.tanh(b * LSTM["w3"])
    a = LSTM["C0"] * f + i * ctilde
    e = math.tanh(a)
    yhat = sigmoid(e * o)
    dd = 2 * (yhat - LSTM["y"]) * yhat * (1 - yhat) + LSTM["kh"]
    da = dd * o * (1 - e * e) + LSTM["kC"]
    return {"f": f, "i": i, "o": o, "ctilde": ctilde, "a": a, "e": e, "dd": dd, "da": da}


HAND = lstm_by_hand()
BANK_CASES = [
    # a path of two forgotten: the skip adds dL/do itself, the main path -0.25 * w2 * 0.25 * w1
    ("residual-two-sigmoids", TWO, "skip_path_forgotten", "dL/dx", "x", 0.0625),
    ("residual-two-sigmoids", TWO, "main_path_forgotten", "dL/dx", "x", -0.25),
    ("residual-two-sigmoids", TWO, "paths_multiplied", "dL/dx", "x", -0.25 * 0.0625),
    ("residual-two-sigmoids", TWO, "paths_averaged", "dL/dx", "x", (-0.25 + 0.0625) / 2),
    ("residual-two-sigmoids", TWO, "skip_dropped_forward", "o", "x", -1),
    ("residual-two-sigmoids", TWO, "activation_skipped_forward", "o", "s", 1),
    ("residual-two-sigmoids", TWO, "bias_dropped_forward", "o", "b1", sigmoid(0.5) * -2 + 1),
    # Who forgets a bias finds its gradient all the same, where they take the others: z = 0.5.
    ("residual-two-sigmoids", TWO, "bias_dropped_forward", "dL/db1", "b1", BIASLESS["db1"]),
    ("residual-two-sigmoids", TWO, "sigmoid_prime_z(1-z)", "dL/do", "yhat", 0),
    ("residual-two-sigmoids", TWO, "act_deriv_ignored", "dL/do", "yhat", -1),
    ("residual-two-sigmoids", TWO, "act_value_for_deriv", "dL/db1", "s", 0.25),
    ("residual-two-sigmoids", TWO, "deriv_at_output", "dL/do", "yhat",
     -sigmoid(0.5) * (1 - sigmoid(0.5))),
    ("residual-two-sigmoids", TWO, "upstream_dropped", "dL/dw2", "w2", 0.5),
    ("residual-two-sigmoids", TWO, "loss_factor_dropped", "dL/dyhat", "L", -0.5),
    ("residual-two-sigmoids", TWO, "loss_sign", "dL/do", "L", 0.25),
    ("residual-two-sigmoids", TWO, "ascent", "w2'", "", -2 - 0.5 * 0.125),
    ("residual-two-sigmoids", TWO, "lr_dropped", "w2'", "", -2 + 0.125),
    ("residual-two-sigmoids", TWO, "increment_reported", "w2'", "", 0.5 * 0.125),
    ("mlp-2-2-2", MLP, "loss_factor_added", "dL/do1", "", -2),
    # L = (0 - 1)^2 / 2 + (-1.5 - 0.5)^2 / 2
    ("mlp-2-2-2", MLP, "head_forgotten", "L", "", 0.5),
    ("mlp-2-2-2", MLP, "loss_half_forgotten_forward", "L", "", 5),
    ("mlp-2-2-2", MLP, "wrong_bias", "o2", "b4", -3),
    ("mlp-2-2-2", MLP, "wrong_parameter", "dL/dw21", "dL/dw21", 3),
    ("mlp-2-2-2", MLP, "relu_deriv_ignored", "dL/dw22", "h4", -(0.5 - 2)),
    ("mlp-2-2-2", MLP, "relu_deriv_wrong_variable", "dL/dw21", "h3", 0),
    ("mlp-2-2-2", MLP, "relu_abs", "o2", "h4", -1),
    ("mlp-2-2-2", MLP, "first_path_only", "dL/dh3", "h3", 2),
    ("mlp-2-2-2", MLP, "gradient_overwritten", "dL/dh3", "h3", -0.5),
    ("mlp-2-2-2", MLP, "head_forgotten", "dL/dh3", "", 2),
    ("mlp-2-2-2", MLP, "own_factor_in_product", "dL/dw31", "o1", -0.5),
    ("mlp-2-2-2", MLP, "bias_gradient_times_input", "dL/db1", "b1", 3),
    ("mlp-2-2-2", MLP, "transposed_index", "h1", "", 2 * 1 - 1 * -0.5 + 0.5),
    # w31' = 0.5 - 0.1 * -2, w32' = -1 - 0.1 * -4
    ("mlp-2-2-2", MLP, "updated_weight_upstream", "dL/dh3", "", -0.7 + 1.2),
    ("recurrent-cell-bce", BCE, "last_step_only", "dL/dw_oh", "w_oh", 2),
    ("recurrent-cell-bce", BCE, "first_step_only", "dL/dw_oh", "w_oh", -1),
    ("recurrent-cell-bce", BCE, "time_mean", "dL/dw_oh", "w_oh", 0.5),
    ("recurrent-cell-bce", BCE, "truncated_bptt", "dL/dw_oh", "h[1]", 0),
    ("recurrent-cell-bce", BCE, "truncated_bptt", "dL/dh[1]", "h[1]", -2),
    ("recurrent-cell-bce", BCE, "message_total_confusion", "dL/dh[1]", "h[1]", 1),
    ("recurrent-cell-bce", BCE, "hprev_dropped_forward", "h[2]", "", 0.25),
    ("recurrent-cell-bce", BCE, "bce_sign", "dL/dyhat[2]", "", -2),
    ("recurrent-cell-bce", BCE, "bce_second_term_sign", "dL/dyhat[2]", "", -2),
    ("recurrent-cell-bce", BCE, "weight_factor_dropped", "dL/dh[1]", "w_oh", 0),
    ("modified-recurrent-cell", CELL, "skip_path_forgotten", "message(h[1])", "h_in[2]", 2),
    ("modified-recurrent-cell", CELL, "batch_sum_vs_mean", "dL/dw", "", 8),
    ("modified-recurrent-cell", CELL, "time_index_off_by_one", "s[2]", "", 3),
    ("modified-recurrent-cell", CELL, "time_index_off_by_one", "dL/dw[2]", "", 8),
    ("modified-recurrent-cell", CELL, "time_index_off_by_one", "dL/dw[1]", "", 0),
    ("elman-relu", ELMAN, "wrong_parameter", "dL/dw_hy", "dL/dw_hy", 4),
    ("lstm-intermediate-nodes", CELL_OF_LSTM, "cell_hidden_mixed", "dL/df[1]", "",
     HAND["da"] * 0.3),
    ("lstm-intermediate-nodes", CELL_OF_LSTM, "cell_hidden_mixed", "a[1]", "",
     0.3 * HAND["f"] + HAND["i"] * HAND["ctilde"]),
    ("lstm-intermediate-nodes", CELL_OF_LSTM, "tanh_prime_1-tanh", "dL/da[1]", "e[1]",
     HAND["dd"] * HAND["o"] * (1 - HAND["e"]) + LSTM["kC"]),
    ("lstm-intermediate-nodes", CELL_OF_LSTM, "tanh_prime_as_sigmoid", "dL/da[1]", "e[1]",
     HAND["dd"] * HAND["o"] * HAND["e"] * (1 - HAND["e"]) + LSTM["kC"]),
    ("lstm-intermediate-nodes", CELL_OF_LSTM, "message_total_confusion", "dL/dd[1]", "d[1]",
     LSTM["kh"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("template_id", "givens", "name", "asked", "where", "expected"), BANK_CASES
)
def test_wrong_answers_are_those_worked_out_by_hand(
    template_id: str,
    givens: Mapping[str, float],
    name: str,
    asked: str,
    where: str,
    expected: float,
) -> None:
    """A mistake at its place gives the number that a student with it would write."""
    found = answers(template_of(template_id).quantities, name, asked, givens)
    assert any(value == pytest.approx(expected, abs=1e-12) for value in found[where]), found


# z = 1 + 2*3, 3 + 2*0, 0 + 2*2, 2 - 2*1 = 7, 3, 4, 0; p = 7, 4; yhat = 7 - 8 = -1; dL/dyhat = -4.
WINDOWS = {
    "x[1]": 1, "x[2]": 3, "x[3]": 0, "x[4]": 2, "x[5]": -1, "k[1]": 1, "k[2]": 2, "v[1]": 1,
    "v[2]": -2, "y": 1, "lam": 0.5, "eta": 0.1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "asked", "where", "expected"),
    [
        ("conv_kernel_flip", "z[1]", "", 2 * 1 + 1 * 3),
        ("conv_kernel_flip", "dL/dx[1]", "", -4 * 2),  # on the way back only
        ("conv_kernel_flip", "dL/dk[1]", "", -4 * 3 + 8 * 2),  # that of k[2]
        ("maxpool_gradient_to_all", "dL/dz[2]", "", -4),
        ("maxpool_gradient_to_all", "dL/dz[2]", "p[1]", -4),
        ("maxpool_gradient_to_all", "dL/dk[1]", "p[2]", -4 * 1 + 8 * 0 + 8 * 2),
        ("weight_decay_forgotten", "dL/dv[1]", "", -4 * 7),
    ],
)
def test_windows_and_penalties(name: str, asked: str, where: str, expected: float) -> None:
    """A kernel turned round, a pooled gradient for every cell, a penalty without a gradient."""
    quantities = spec("windows")
    assert values([quantities.nodes[z] for z in ("z[1]", "z[4]", "yhat")], WINDOWS) == [7, 0, -1]
    assert expected in answers(quantities, name, asked, WINDOWS)[where]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("conv_kernel_flip", {"a": "w[1]*x[1] + w[2]*x[2]", "b": "w[1]*u[1] + w[2]*u[2]"}),
        ("conv_kernel_flip", {"a": "w[1]*x[1] + w[2]*x[2]", "b": "v[1]*x[2] + v[2]*x[3]"}),
        ("conv_kernel_flip", {"a": "w[1]*x[1]", "b": "w[1]*x[2]"}),
        ("conv_kernel_flip", {"a": "w[1]*x[1] + w[2]*x[3]", "b": "w[1]*x[2] + w[2]*x[4]"}),
        ("conv_kernel_flip", {"a": "w[1]*x[1] + w[2]*u[2]", "b": "w[1]*x[2] + w[2]*u[3]"}),
        ("conv_kernel_flip", {"a": "w[1]*w[3] + w[2]*w[4]", "b": "w[1]*w[2] + w[2]*w[3]"}),
        ("conv_kernel_flip", {"a": "(w[1]*x[1] + w[2]*x[2])*(w[1]*x[2] + w[2]*x[3])",
                              "b": "w[1]*x[7] + w[2]*x[8]"}),
        ("conv_kernel_flip", {"a": "q[1,1]*k[1,1] + q[1,2]*k[1,2]",
                              "b": "q[1,1]*k[2,1] + q[1,2]*k[2,2]"}),
        ("conv_kernel_flip", {"a": "q[1,1]*k[1,1] + q[2,1]*k[2,1]",
                              "b": "q[1,1]*k[1,2] + q[2,1]*k[2,2]"}),
        ("maxpool_gradient_to_all", {"a": "max(0, w*x)", "b": "max(z, 0.1*z)"}),
        ("weight_decay_forgotten", {"a": "w^2", "b": "(w*x - y)^2"}),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_window_or_a_penalty(name: str, written: dict[str, str]) -> None:
    """Shared weights without a regular shift, the scores of an attention, ReLUs,
    squares that are no term of the loss.
    """
    quantities = formulas("(a*b - y)^2", **written)
    assert name not in {mistake.name for mistake in found_in(quantities)}


@pytest.mark.parametrize("indices", ["[{}]", "[1,{}]", "[{},1]"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_kernels_slide_along_either_side(indices: str, stride: int) -> None:
    """Over inputs that overlap, that touch, and that leave some cells out."""
    w, x = ([name + indices.format(n) for n in range(1, 6)] for name in ("w", "x"))
    quantities = formulas(
        "(a*b - y)^2",
        a=f"{w[0]}*{x[0]} + {w[1]}*{x[1]}",
        b=f"{w[0]}*{x[stride]} + {w[1]}*{x[stride + 1]}",
    )
    assert "conv_kernel_flip" in {mistake.name for mistake in found_in(quantities)}


def test_softmax_mistakes() -> None:
    """p instead of p - onehot, and the diagonal of the Jacobian alone."""
    quantities = spec("softmax")
    givens = {name: 0.1 * n - 0.4 for n, name in enumerate(sorted(quantities.givens))}
    givens |= {"y[1]": 0, "y[2]": 1, "y[3]": 0}
    z = np.array(values([quantities.nodes[f"z2[{k}]"] for k in (1, 2, 3)], givens))
    p = np.exp(z) / np.exp(z).sum()
    for k in range(3):
        (whole,) = answers(quantities, "softmax_ce_no_onehot", f"dL/dz2[{k + 1}]", givens)[""]
        assert whole == pytest.approx(p[k], rel=1e-12)
        (diagonal,) = answers(quantities, "softmax_diag_only", f"dL/dz2[{k + 1}]", givens)[""]
        assert diagonal == pytest.approx(-(1 - p[k]) * (k == 1), rel=1e-12)


def test_the_gates_of_a_gru_exchanged() -> None:
    """h = z h_prev + (1 - z) htilde where the paper says the opposite."""
    quantities = spec("gru")
    givens = {name: 0.3 + 0.1 * n for n, name in enumerate(sorted(quantities.givens))}
    z, htilde = values([quantities.nodes["z[1]"], quantities.nodes["htilde[1]"]], givens)
    (wrong,) = answers(quantities, "gate_convention_swapped", "h[1]", givens)[""]
    assert wrong == pytest.approx(z * givens["h_0"] + (1 - z) * htilde, rel=1e-12)


def test_the_mean_of_squared_errors() -> None:
    """The factor 1/2 of a mean over two outputs left out."""
    quantities = spec("mean")
    givens = {name: 0.3 + 0.1 * n for n, name in enumerate(sorted(quantities.givens))}
    (right,) = values([quantities.nodes["dL/dyhat[1]"]], givens)
    (wrong,) = answers(quantities, "batch_sum_vs_mean", "dL/dyhat[1]", givens)[""]
    assert wrong == pytest.approx(2 * right, rel=1e-12)


def test_a_message_is_added_twice() -> None:
    """dL/dh[1] = -2 + 1 + 1."""
    quantities = template_of("recurrent-cell-bce").quantities
    found = answers(quantities, "message_total_confusion", "dL/dh[1]", BCE)["h[1]"]
    assert any(value == pytest.approx(0) for value in found)


def test_division_by_zero_is_no_number() -> None:
    """A forward mistake may lead out of a domain: NaN or infinity, never an exception."""
    quantities = formulas("L", z="w*x + b", p="relu(z)", L="log(p + 0) + 1/z")
    givens = {"w": 1, "x": 1, "b": -1, "eta": 1}
    wrong = [m.nodes["L"] for m in found_in(quantities)]
    assert not all(math.isfinite(value) for value in values(wrong, givens))


def test_formulas_without_names_of_their_own() -> None:
    """A loss that holds the whole network; quantities are named by the formula they stand in."""
    quantities = formulas("L", L="(relu(w*x + b) - y)^2")
    givens = {"w": 2, "x": 1, "b": 1, "y": 5, "eta": 1}  # relu(3) - 5 = -2
    assert answers(quantities, "loss_factor_dropped", "dL/dw", givens) == {"L": [-2]}
    assert answers(quantities, "bias_dropped_forward", "L", givens) == {"b": [9]}
    assert answers(quantities, "weight_factor_dropped", "dL/dx", givens) == {"w": [-4]}
    assert answers(quantities, "own_factor_in_product", "dL/dw", givens) == {"L": [-8]}
    entropy = formulas("L", L="bce(sigmoid(w*x), y)")
    assert {"bce_sign", "act_deriv_ignored"} < {m.name for m in found_in(entropy)}
    for mistake in found_in(quantities) + found_in(entropy):
        assert mistake.sentence(quantities.symbols, "en", tex=True)


def test_parameters_of_a_cell_need_no_special_names() -> None:
    """What every step copies is a parameter: a weight where it multiplies, a bias where not."""
    step = {"h[t]": "k*x[t] + h[t-1] + c", "yhat[t]": "h[t]"}
    cell = RecurrentCell(
        topology="recurrent_cell", steps=2, state={"h": "h_0"}, step=step,
        loss="sum((yhat[t] - y[t])^2)",
    )  # fmt: skip
    quantities = question(cell)
    givens = {"k": 2, "c": 1, "x[1]": 1, "x[2]": 3, "h_0": 0, "y[1]": 0, "y[2]": 0, "eta": 1}
    assert 2 in answers(quantities, "bias_dropped_forward", "h[1]", givens)["c"]
    assert 20 in answers(quantities, "weight_factor_dropped", "dL/dx[2]", givens)["k"]


# --- the source exams' own mistakes ---------------------------------------------------------------


def asked_in(source: str, name: str) -> dict[str, object]:
    """An answer of a source exam."""
    return next(entry for entry in SOURCE[source]["asked"] if entry["id"] == name)


def diagnosed(
    template_id: str, asked: str, givens: Mapping[str, float], written: float
) -> set[str]:
    """Names of the mistakes whose answer to a quantity is the written one, and not the key."""
    quantities = template_of(template_id).quantities
    name = quantities.name(asked)
    touching = [m for m in found_in(quantities) if m.nodes[name] is not quantities.nodes[name]]
    (key,) = values([quantities.nodes[name]], givens)
    assert abs(key - written) > 1e-6
    wrong = values([m.nodes[name] for m in touching], givens)
    return {m.name for m, v in zip(touching, wrong, strict=True) if abs(v - written) < 1e-9}


def test_the_factor_that_a_solution_lost() -> None:
    """Exam of 26 July 2021: dL/db1 = -0.0625, where w2 = -2 was forgotten."""
    assert "weight_factor_dropped" in diagnosed("residual-two-sigmoids", "dL/db1", TWO, -0.0625)


def test_the_message_that_a_solution_took_for_the_total() -> None:
    """Exam of 29 March 2023: dL/dC_0 = dL/dC_1 f instead of dL/da f."""
    written = asked_in("S6", "dL_dC_prev")["written"]
    assert isinstance(written, float)
    found = diagnosed("lstm-intermediate-nodes", "dL/dC_0", CELL_OF_LSTM, written)
    assert "message_total_confusion" in found


def test_the_activation_around_too_much() -> None:
    """MLP exam: o2 as relu(h2) w42 + relu(h1 w32 + b3) is 0 for -1.5, with b4 as well."""
    assert "activation_scope" in diagnosed("mlp-2-2-2", "o2", MLP, 0)


def test_the_gradient_of_another_weight() -> None:
    """Mock exam of 2021: the block headed dL/dw_hy derives dL/dw_hh; and no sum over t."""
    hh = asked_in("S3", "dL_dw_hh")["correct"]
    assert isinstance(hh, float)
    assert "wrong_parameter" in diagnosed("elman-relu", "dL/dw_hy", ELMAN, hh)
    for step, name in (("dL_dw_xh_1", "first_step_only"), ("dL_dw_xh_2", "last_step_only")):
        written = asked_in("S3", step)["correct"]
        assert isinstance(written, float)
        assert name in diagnosed("elman-relu", "dL/dw_xh", ELMAN, written)


# --- formulas -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template_id", "name", "where", "asked", "formula"),
    [
        ("mlp-2-2-2", "weight_factor_dropped", "w31", "dL/dh3", "dL/do1 + dL/do2*w32"),
        ("mlp-2-2-2", "first_path_only", "h3", "dL/dh3", "dL/do2*w32"),
        ("mlp-2-2-2", "act_deriv_ignored", "h3", "dL/dh1", "dL/dh3"),
        ("mlp-2-2-2", "upstream_dropped", "w21", "dL/dw21", "i2"),
        ("mlp-2-2-2", "updated_weight_upstream", "", "dL/dh3", "dL/do1*w31' + dL/do2*w32'"),
        ("recurrent-cell-bce", "truncated_bptt", "h[1]", "dL/dh[1]", "dL/dyhat[1]"),
        ("modified-recurrent-cell", "skip_path_forgotten", "h_in[2]", "dL/dh[1]", "dL/ds[2]"),
        ("residual-two-sigmoids", "sigmoid_prime_z(1-z)", "s", "dL/dz", "dL/ds*z*(1 - z)"),
        ("lstm-intermediate-nodes", "message_total_confusion", "a[1]", "dL/dC_0",
         "dL/dC[1]*f[1]"),
        ("lstm-intermediate-nodes", "path_forgotten", "b[1]", "dL/db[1]",
         "dL/dz_f[1]*w1 + dL/dz_i[1]*w2 + dL/dz_ctilde[1]*w3"),
    ],
)  # fmt: skip
def test_the_wrong_formula_is_the_definition(
    template_id: str, name: str, where: str, asked: str, formula: str
) -> None:
    """One level of names deep, so that a formula answer can be diagnosed by the same mistakes."""
    quantities = template_of(template_id).quantities
    written = {
        define(m.nodes[quantities.name(asked)], quantities.symbols, PLAIN)
        for m in found_in(quantities)
        if (m.name, m.where) == (name, where)
    }
    assert formula in written


# --- what a mistake is ----------------------------------------------------------------------------


@every_graph
def test_every_quantity_has_a_node_of_its_name(graph: str) -> None:
    """All quantities, under their names, computable from the givens."""
    quantities = graph_of(graph)
    for mistake in found_in(quantities):
        assert list(mistake.nodes) == list(quantities.nodes)
        assert all(node.name == name for name, node in mistake.nodes.items())
        assert any(mistake.nodes[name] is not node for name, node in quantities.nodes.items())


@every_graph
def test_what_a_mistake_leaves_alone_is_the_right_node(graph: str) -> None:
    """Not an equal one: whatever is built of right nodes, on right nodes, is one of them."""
    quantities = graph_of(graph)
    right = set(topological(quantities.nodes.values()))
    by_form = {(n.op, n.args, n.value, n.name): n for n in right}
    for mistake in found_in(quantities):
        for node in topological(mistake.nodes.values(), done=right):
            assert (node.op, node.args, node.value, node.name) not in by_form


@pytest.mark.parametrize("graph", ["mlp-2-2-2", "elman-relu", "softmax"])
def test_only_what_lies_upstream_is_differentiated_again(graph: str) -> None:
    """All other adjoints are right ones: the same as from a whole pass by the other rules."""
    quantities = graph_of(graph)
    anatomy, interner = Anatomy(quantities), Interner(quantities)
    loss = quantities.values[quantities.loss]
    names = {node: adjoint_name(quantities.loss, name) for name, node in quantities.values.items()}
    names = {node: name for node, name in names.items() if name in quantities.adjoints}
    again = 0
    rules = [one.rules for row in TABLE for one in row.instances(anatomy)]
    for one in (rule for rule in rules if rule.local or rule.total):
        whole = differentiate(loss, names, whole_pass(one))
        found = anatomy.right_pass.by(one)
        again += len(found)
        for node, name in names.items():
            bars = [whole[node], found.get(name, quantities.adjoints[name])]
            assert len(set(interner.intern(bars))) == 1, name
    passes = sum(bool(rule.local or rule.total) for rule in rules)
    assert 0 < again < 0.7 * passes * len(names)


def whole_pass(rules: Rules) -> Backward:
    """The rules of a backward pass, for every node."""
    return Backward(
        local=lambda bar, node: rules.local.get(node, chain_rule)(bar, node),
        total=lambda node, flows: (
            rules.total[node](flows) if node in rules.total else all_uses(node, flows)
        ),
    )


def test_one_place_comes_before_several() -> None:
    """So it is named where a number cannot tell whether the same was done elsewhere, too."""
    found = found_in(graph_of("lstm"))
    for id_ in {mistake.id for mistake in found}:
        several = [not mistake.where for mistake in found if mistake.id == id_]
        assert several == sorted(several)


def test_a_backward_mistake_leaves_the_values_alone() -> None:
    """And a forward mistake changes what follows only, with its gradients."""
    quantities = template_of("mlp-2-2-2").quantities
    for mistake in found_in(quantities):
        changed = {n for n in quantities.nodes if mistake.nodes[n] is not quantities.nodes[n]}
        if mistake.name in ("act_deriv_ignored", "weight_factor_dropped", "ascent"):
            assert not changed & set(quantities.values)
        if (mistake.name, mistake.where) == ("activation_skipped_forward", "h3"):
            assert changed & set(quantities.values) == {"h3", "o1", "o2", "L[1]", "L[2]", "L"}
            assert "dL/dw31" in changed


def test_updates_follow_their_gradients() -> None:
    """A weight is updated wrongly where its gradient is wrong, and only there."""
    quantities = template_of("mlp-2-2-2").quantities
    some = [m for m in found_in(quantities) if m.name in ("act_deriv_ignored", "first_path_only")]
    assert some
    for mistake in some:
        changed = {n for n in quantities.nodes if mistake.nodes[n] is not quantities.nodes[n]}
        updates = {n for n in quantities.updates if f"dL/d{n[:-1]}" in changed}
        assert changed & set(quantities.updates) == updates
        assert updates


def test_derived_formulas_follow_a_mistake() -> None:
    """An author's momentum is built on the wrong gradient; a plain update stays what it is."""
    blueprint = Formulas(topology="formulas", formulas={"L": "(w*x - y)^2"}).blueprint()
    derived = {"m": "beta*m_0 + dL/dw", "w'": "w - eta*m"}
    quantities = derive_quantities(blueprint, "eta", derived, declared=["eta"])
    givens = {"w": 2, "x": 3, "y": 4, "beta": 0.5, "m_0": 8, "eta": 0.1}  # dL/dw = 12
    assert answers(quantities, "loss_factor_dropped", "m", givens)["L"] == [10]
    assert answers(quantities, "loss_factor_dropped", "w'", givens)["L"] == [1]
    assert answers(quantities, "ascent", "x'", givens)[""] == [3 + 0.1 * 8]
    assert answers(quantities, "ascent", "w'", givens)[""] == [2 - 0.1 * 16]


@every_graph
def test_no_rule_makes_the_same_mistake_twice(graph: str) -> None:
    """And their number is bounded."""
    found = found_in(graph_of(graph))
    forms = [(m.id, tuple(m.nodes.values())) for m in found]
    assert len(set(forms)) == len(forms)
    assert 0 < len(found) <= MOST_INSTANCES


@pytest.mark.parametrize(
    "large",
    [
        Mlp(topology="mlp", layers=[12, 12, 12]),
        Elman(topology="elman", steps=40),
        Lstm(topology="lstm", steps=12),
    ],
)
def test_large_graphs_have_fewer_places_but_all_kinds(large: Spec) -> None:
    """One mistake of every kind that the graph can have is built in any case."""
    quantities = question(large)
    kinds = {row.id for row in TABLE if next(row.instances(Anatomy(quantities)), None)}
    found = found_in(quantities)
    assert {m.id for m in found} == kinds
    assert len(found) <= MOST_INSTANCES


def test_every_mistake_occurs_somewhere() -> None:
    """Each row of the table on the bank or on a small graph; the list of all has no gaps."""
    seen = {m.id for graph in ALL for m in found_in(graph_of(graph))}
    seen = {number for number in seen if not number.startswith("OWN")} - set(DECLARED.values())
    assert seen == {row.id for row in TABLE}
    numbers = [f"MC{n:02d}" for n in range(1, 60)]
    assert sorted([*seen, *DECLARED.values(), *ELSEWHERE]) == numbers
    assert len({row.name for row in TABLE}) == len(TABLE)


def test_the_same_graph_gives_the_same_mistakes() -> None:
    """In the same order."""
    quantities = template_of("lstm-intermediate-nodes").quantities
    once, again = misconceptions(quantities), misconceptions(quantities)
    told, told_again = (
        [(m.id, m.where, m.sentence(quantities.symbols, "en", tex=True)) for m in found]
        for found in (once, again)
    )
    assert told == told_again


def test_the_means_of_a_loss_are_mistaken_in_the_order_of_the_formula() -> None:
    """Whatever the nodes' addresses are: half of each of six means is forgotten, first to last."""
    outputs = {f"p{k}": f"w{k}*x" for k in range(12)}
    means = " + ".join(f"(square(p{k}) + square(p{k + 1}))/2" for k in range(0, 12, 2))
    quantities = formulas("L", **outputs, L=means)
    right = quantities.nodes
    touched = [
        [p for p in outputs if mistake.nodes[f"dL/d{p}"] is not right[f"dL/d{p}"]]
        for mistake in found_in(quantities)
        if mistake.name == "batch_sum_vs_mean"
    ]
    assert touched == [[f"p{k}", f"p{k + 1}"] for k in range(0, 12, 2)]


# --- sentences ------------------------------------------------------------------------------------


@every_graph
def test_sentences_are_whole_in_both_languages(graph: str) -> None:
    """No blank is left; plain text has no TeX in it; what stands in $...$ can be set."""
    quantities = graph_of(graph)
    for mistake in found_in(quantities):
        told = {}
        for language in ("en", "de"):
            plain = mistake.sentence(quantities.symbols, language, tex=False)
            rich = mistake.sentence(quantities.symbols, language, tex=True)
            assert not re.search(r"[{}$\\]|\[\[|\]\]|_in\b|, \.|  ", plain), plain
            assert re.fullmatch(r"[A-Z$].*\.", rich), rich
            told[language] = plain
            words, formulas_in = rich.split("$")[::2], rich.split("$")[1::2]
            assert not any(re.search(r"[{}\\_^]", text) for text in words), rich
            assert len(rich.split("$")) % 2 == 1
            for formula in set(formulas_in):
                assert layout(formula, 10).width > 0
        assert told["en"] != told["de"]


def test_sentences_speak_of_the_question() -> None:
    """Its own symbols, in TeX and in plain text."""
    quantities = template_of("mlp-2-2-2").quantities
    (mistake,) = (
        m for m in found_in(quantities) if (m.name, m.where) == ("weight_factor_dropped", "w31")
    )
    english = mistake.sentence(quantities.symbols, "en", tex=True)
    assert english == "You forgot to multiply by $w_{31}$ on the way back."
    german = mistake.sentence(quantities.symbols, "de", tex=False)
    assert german == "Sie haben auf dem Rückweg vergessen, mit w31 zu multiplizieren."


MIXED = {
    "u": "sigmoid(v1*x + b1)", "g": "tanh(v2*x + b1)", "r": "sigmoid(v3*x + b2)",
    "p": "u*w1 + g*w2 + r*w3 + b3", "yhat": "p + b1",
}  # fmt: skip


def told(quantities: Quantities, name: str, language: str = "de") -> set[str]:
    """What those with a mistake read, for each of its places."""
    return {
        mistake.sentence(quantities.symbols, language, tex=False)
        for mistake in found_in(quantities)
        if mistake.name == name
    }


def sentences(name: str, language: str = "de") -> set[str]:
    """What is told of a mistake in a network of unlike activations."""
    return told(MIXED_NETWORK, name, language)


MIXED_NETWORK = formulas("1/2*(yhat - y)^2", **MIXED)


@pytest.mark.parametrize(
    ("name", "one", "mixed"),
    [
        ("activation_skipped_forward",
         "Sie haben vergessen, bei u, r die Aktivierung sigmoid anzuwenden.",
         "Sie haben vergessen, bei u, g, r die Aktivierung anzuwenden."),
        ("act_deriv_ignored",
         "Sie haben auf dem Rückweg von u, r die Ableitung von sigmoid ausgelassen.",
         "Sie haben auf dem Rückweg von u, g, r die Ableitung der Aktivierung ausgelassen."),
        ("act_value_for_deriv",
         "Sie haben mit dem Wert g von tanh multipliziert statt mit der Ableitung.",
         "Sie haben mit den Werten u, g, r der Aktivierungen multipliziert statt mit den "
         "Ableitungen."),
        ("deriv_at_output",
         "Die Ableitung von tanh wird an der Voraktivierung g gebildet, nicht am Ausgang g.",
         "Die Ableitung jeder Aktivierung wird an den Voraktivierungen u, g, r gebildet, "
         "nicht an den Ausgängen u, g, r."),
        ("activation_scope",
         "tanh gehört nur um die Voraktivierung der verdeckten Einheit g, "
         "nicht um deren Produkt in p.",
         "Die Aktivierung gehört nur um die Voraktivierung jeder verdeckten Einheit (u, g, r), "
         "nicht um deren Produkt in p."),
    ],
)  # fmt: skip
def test_unlike_activations_are_not_called_by_the_first(name: str, one: str, mixed: str) -> None:
    """A group of one activation names it; a mixed one names none."""
    assert {one, mixed} <= sentences(name)
    blamed = {s for s in sentences(name) if {"u", "g"} <= set(re.findall(r"\w+", s))}
    assert not any(re.search("sigmoid|tanh", sentence) for sentence in blamed)


def test_a_number_is_told_only_where_it_is_that_of_all() -> None:
    """With x used three times and c twice, both together have no number."""
    quantities = formulas("(d - y)^2", a="x*c", b="x*c + 1", d="a + b*x")
    assert told(quantities, "gradient_overwritten") == {
        "Die Gradienten aller Verwendungen jeder der Größen x, c sind zu addieren; "
        "einer darf andere nicht überschreiben.",
        "Die Gradienten aller drei Verwendungen von x sind zu addieren; "
        "einer darf die anderen nicht überschreiben.",
        "Die Gradienten beider Verwendungen von c sind zu addieren; "
        "einer darf den anderen nicht überschreiben.",
    }
    assert told(quantities, "first_path_only", "en") == {
        f"Only one of the {which} was counted; the paths through all of them lead to the loss."
        for which in ("uses of each of x, c", "three uses of x", "two uses of c")
    }


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bias_dropped_forward", "Die Bias b1, b2, b3 fehlen."),
        ("bias_dropped_forward", "Der Bias b2 fehlt."),
    ],
)
def test_german_is_inflected(name: str, sentence: str) -> None:
    """One quantity is, more are."""
    assert sentence in sentences(name)


def test_terms_and_steps_are_counted_in_words() -> None:
    """Up to twelve; two are both."""
    assert told(template_of("mlp-2-2-2").quantities, "head_forgotten") == {
        "Der Verlust hat zwei Terme; Sie haben nur einen verwendet."
    }
    quantities = template_of("elman-relu").quantities
    assert (
        "Die Gradienten von w_xh, w_hh, w_hy sind jeweils die Summe über beide Schritte, "
        "nicht ihr Mittelwert."
    ) in told(quantities, "time_mean")
    wide = spec("wide elman")
    assert any("aller drei Schritte" in s for s in told(wide, "last_step_only"))
    assert any("sind für den nächsten Schritt keine Konstanten" in s
               for s in told(wide, "truncated_bptt"))  # fmt: skip
    long = formulas("L", L=" + ".join(f"(w*x{n} - y{n})^2" for n in range(13)))
    assert "The loss has 13 terms; you used only twelve." in told(long, "head_forgotten", "en")


@pytest.mark.parametrize(
    ("template_id", "name", "listed"),
    [
        ("mlp-2-2-2", "weight_factor_dropped", "w31, w41, w32, …"),
        ("lstm-two-steps", "own_factor_in_product", "h[2], z_o[2], C[2], …"),
        ("lstm-two-steps", "tanh_prime_1-tanh", "e[2], ctilde[2], e[1], …"),
    ],
)
def test_of_many_places_on_the_way_back_those_nearest_to_the_loss_are_named(
    template_id: str, name: str, listed: str
) -> None:
    """Whatever derivative is wrong, the way to it begins there."""
    said = told(template_of(template_id).quantities, name, "en")
    assert any(listed in sentence for sentence in said), said


def test_what_branches_share_has_copies_not_steps() -> None:
    """A network used twice on one example has no steps; its two copies are counted."""
    quantities = template_of("siamese-shared-weights").quantities
    for name in ("last_step_only", "first_step_only", "time_mean"):
        english, german = told(quantities, name, "en"), told(quantities, name)
        assert all("copies" in one and "step" not in one for one in english)
        assert all("Kopien" in one and "Schritt" not in one for one in german)
    assert "The gradient of b is the sum over both copies, not their mean." in told(
        quantities, "time_mean", "en"
    )


# --- told apart on the bank -----------------------------------------------------------------------


@every_template
def test_every_mistake_is_diagnosed_as_itself(template_id: str) -> None:
    """What a student with a mistake writes, rounded, is matched by that mistake and not the key."""
    template = template_of(template_id)
    variants = draw_variants(template, 3, range(50))
    found = wrong_answers(variants)
    widths = tolerances(variants)
    told = found.separable(widths)
    assert told.any()
    tolerance = np.array([widths[slot.id] for slot in found.slots])
    units = np.array([10.0**-slot.decimals for slot in found.slots])[:, None]
    rounded = np.round(found.answers / units) * units
    with np.errstate(invalid="ignore"):  # what is not finite is told by nothing
        own = np.abs(rounded - found.answers) <= np.maximum(tolerance, units / 2 * 1.0001)
    assert own[told].all()
    assert not (np.abs(rounded - found.keys) <= tolerance)[told].any()
