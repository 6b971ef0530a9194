"""The questions of the bank worked out by hand: plain numpy, a line a result, no graph.

Every model takes the printed numbers, a pen that writes each result down and tells what to go on
with, and the name of a mistake (or of none) that the student makes wherever it can be made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Givens = Mapping[str, Floats]
Pen = Callable[[str, Floats], Floats]
"""What was found for a quantity -> the number that the student goes on with."""


def logistic(z: Floats) -> Floats:
    """The logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def sigmoid_slope(z: Floats, out: Floats, mistake: str) -> Floats:
    """The derivative of the logistic function at z, whose value there is `out`."""
    wrong = {
        "act_deriv_ignored": np.ones_like(z),
        "act_value_for_deriv": out,
        "deriv_at_output": logistic(out) * (1 - logistic(out)),
        "sigmoid_prime_z(1-z)": z * (1 - z),
    }
    return wrong.get(mistake, out * (1 - out))


def tanh_slope(z: Floats, out: Floats, mistake: str) -> Floats:
    """The derivative of tanh at z, whose value there is `out`."""
    wrong = {
        "act_deriv_ignored": np.ones_like(z),
        "act_value_for_deriv": out,
        "deriv_at_output": 1 - np.tanh(out) ** 2,
        "tanh_prime_1-tanh": 1 - out,
        "tanh_prime_as_sigmoid": out * (1 - out),
    }
    return wrong.get(mistake, 1 - out**2)


def relu(z: Floats, mistake: str) -> Floats:
    """ReLU(z), or what is taken for it."""
    wrong = {"activation_skipped_forward": z, "relu_abs": np.abs(z)}
    return np.asarray(wrong.get(mistake, np.maximum(z, 0.0)))


def relu_slope(z: Floats, mistake: str) -> Floats:
    """ReLU'(z), zero at zero, or what is taken for it."""
    wrong = {
        "relu_deriv_ignored": np.ones_like(z),
        "act_value_for_deriv": np.maximum(z, 0.0),
        "relu_deriv_wrong_variable": (z < 0).astype(float),
    }
    return wrong.get(mistake, (z > 0).astype(float))


def error_slope(output: Floats, target: Floats, factor: float, mistake: str) -> Floats:
    """The derivative of `factor`/2 times the squared error by the output."""
    wrong = {"loss_factor_dropped": 1.0, "loss_factor_added": 2.0}
    sign = -1.0 if mistake == "loss_sign" else 1.0
    return sign * wrong.get(mistake, factor) * (output - target)


def step(weight: Floats, rate: Floats, gradient: Floats, mistake: str) -> Floats:
    """One step of gradient descent."""
    wrong = {
        "ascent": weight + rate * gradient,
        "lr_dropped": weight - gradient,
        "increment_reported": -rate * gradient,
    }
    return wrong.get(mistake, weight - rate * gradient)


def two_steps(first: Floats, second: Floats, mistake: str) -> Floats:
    """The derivative by a weight that two steps share."""
    wrong = {
        "last_step_only": second,
        "first_step_only": first,
        "time_mean": (first + second) / 2,
        "paths_multiplied": first * second,
    }
    return wrong.get(mistake, first + second)


def product(upstream: Floats, other: Floats, own: Floats, mistake: str) -> Floats:
    """The derivative by a weight `own` that is multiplied by `other`."""
    wrong = {"own_factor_in_product": upstream * own, "upstream_dropped": other}
    return wrong.get(mistake, upstream * other)


def back(upstream: Floats, weight: Floats, own: Floats, mistake: str) -> Floats:
    """The derivative by what is multiplied by a weight, which is `own`."""
    wrong = {
        "own_factor_in_product": upstream * own,
        "upstream_dropped": weight,
        "weight_factor_dropped": upstream,
    }
    return wrong.get(mistake, upstream * weight)


def paths(skip: Floats, main: Floats, mistake: str, *more: Floats) -> Floats:
    """Paths from a quantity to the loss: skip connections, and one through a weight."""
    skips = [skip, *more]
    count = 1 + len(skips)
    total = sum(skips)
    wrong = {
        "skip_path_forgotten": main,
        "main_path_forgotten": total,
        "paths_multiplied": np.prod([*skips, main], axis=0),
        "paths_averaged": (total + main) / count,
    }
    return np.asarray(wrong.get(mistake, total + main))


def mlp(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """mlp-2-2-2."""
    w12, w21 = (g["w21"], g["w12"]) if m == "transposed_index" else (g["w12"], g["w21"])
    b1, b2 = (0 * g["b1"], 0 * g["b2"]) if m == "bias_dropped_forward" else (g["b1"], g["b2"])
    b3, b4 = (0 * g["b3"], 0 * g["b4"]) if m == "bias_dropped_forward" else (g["b3"], g["b4"])
    b1 = g["b2"] if m == "wrong_bias" else b1
    h1 = pen("h1", g["i1"] * g["w11"] + g["i2"] * w21 + b1)
    h2 = pen("h2", g["i1"] * w12 + g["i2"] * g["w22"] + b2)
    h3, h4 = pen("h3", relu(h1, m)), pen("h4", relu(h2, m))
    o1 = pen("o1", h3 * g["w31"] + h4 * g["w41"] + b3)
    o2 = pen("o2", h3 * g["w32"] + h4 * g["w42"] + b4)
    halves = 1.0 if m == "loss_half_forgotten_forward" else 0.5
    pen("L", halves * (o1 - g["t1"]) ** 2 + halves * (o2 - g["t2"]) ** 2)
    do1 = pen("dL/do1", error_slope(o1, g["t1"], 1.0, m))
    do2 = pen("dL/do2", error_slope(o2, g["t2"], 1.0, m))
    through = {"first head": do1 * g["w31"], "second head": do2 * g["w32"]}
    through["paths_multiplied"] = through["first head"] * through["second head"]
    through["weight_factor_dropped"] = do1 + do2
    dh3 = pen("dL/dh3", through.get(m, do1 * g["w31"] + do2 * g["w32"]))
    if m == "upstream_dropped":
        dh3 = g["w31"] + g["w32"]
    dh1 = pen("dL/dh1", dh3 * relu_slope(h1, m))
    neighbour = m == "wrong_parameter"
    dw21 = product(dh1, g["i1"] if neighbour else g["i2"], w21, m)
    dw21 = pen("dL/dw21", dw21)
    pen("w21'", step(g["w21"], g["eta"], dw21, m))


def skip_cell(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """modified-recurrent-cell; dL/dh_t is the message from step t+1."""
    w, h0 = g["w"], 0 * g["h_0"] if m == "hprev_dropped_forward" else g["h_0"]
    skip0 = 0 * h0 if m == "skip_dropped_forward" else h0
    s1 = pen("s[1]", h0 + g["x[1]"])
    o1 = pen("o[1]", s1 * w)
    y1 = pen("yhat[1]", o1 + skip0)
    h1 = y1 if "state is output" in read else o1 + skip0
    h1 = 0 * h1 if m == "hprev_dropped_forward" else h1
    s2 = pen("s[2]", h1 + g["x[2]"])
    o2 = pen("o[2]", s2 * w)
    y2 = pen("yhat[2]", o2 + (0 * h1 if m == "skip_dropped_forward" else h1))
    dy1 = pen("dL/dyhat[1]", error_slope(y1, g["y[1]"], 2.0, m))
    dy2 = pen("dL/dyhat[2]", error_slope(y2, g["y[2]"], 2.0, m))
    do2 = pen("dL/do[2]", dy2)
    dw2 = pen("dL/dw[2]", product(do2, s2, w, m))
    ds2 = pen("dL/ds[2]", back(do2, w, s2, m))
    dy2 = do2 if "output and state are o" in read else dy2
    dh1 = pen("dL/dh[1]", paths(dy2, ds2, m))
    do1 = {"truncated_bptt": dy1, "message_total_confusion": dh1}.get(m, dy1 + dh1)
    do1 = pen("dL/do[1]", do1)
    dw1 = pen("dL/dw[1]", product(do1, s1, w, m))
    ds1 = pen("dL/ds[1]", back(do1, w, s1, m))
    onward = (do1,) if "output and state are o" in read else (dy1, dh1)
    first, *more = (dy1,) if m == "truncated_bptt" else onward
    pen("dL/dh_0", paths(first, ds1, m, *more))
    dw = pen("dL/dw", two_steps(dw1, dw2, m))
    pen("w'", step(w, g["eta"], dw, m))


def elman(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """elman-relu; dL/dh_t is the total derivative."""
    w_xh, w_hh, w_hy = g["w_xh"], g["w_hh"], g["w_hy"]
    x1, x2 = g["x[1]"], g["x[2]"]
    h0 = 0 * g["h_0"] if m == "hprev_dropped_forward" else g["h_0"]
    a1 = pen("a[1]", w_xh * x1 + w_hh * h0)
    h1 = pen("h[1]", relu(a1, m))
    before = 0 * h1 if m == "hprev_dropped_forward" else h1
    a2 = pen("a[2]", w_xh * x2 + w_hh * before)
    h2 = pen("h[2]", relu(a2, m))
    o1, o2 = pen("o[1]", w_hy * h1), pen("o[2]", w_hy * h2)
    y1, y2 = pen("yhat[1]", relu(o1, m)), pen("yhat[2]", relu(o2, m))
    seen = "masks of own values" in read
    a1, a2, o1, o2 = (h1, h2, y1, y2) if seen else (a1, a2, o1, o2)
    dy1 = pen("dL/dyhat[1]", error_slope(y1, g["y[1]"], 2.0, m))
    dy2 = pen("dL/dyhat[2]", error_slope(y2, g["y[2]"], 2.0, m))
    do1 = pen("dL/do[1]", dy1 * relu_slope(o1, m))
    do2 = pen("dL/do[2]", dy2 * relu_slope(o2, m))
    dh2 = pen("dL/dh[2]", back(do2, w_hy, h2, m))
    da2 = pen("dL/da[2]", dh2 * relu_slope(a2, m))
    here, later = back(do1, w_hy, h1, m), back(da2, w_hh, h1, m)
    wrong = {"truncated_bptt": here, "gradient_overwritten": later,
             "paths_averaged": (here + later) / 2, "paths_multiplied": here * later,
             "message_total_confusion": later}  # fmt: skip
    dh1 = pen("dL/dh[1]", wrong.get(m, here + later))
    da1 = pen("dL/da[1]", dh1 * relu_slope(a1, m))
    pen("dL/dx[1]", back(da1, w_xh, x1, m))
    pen("dL/dx[2]", back(da2, w_xh, x2, m))
    shifted = m == "time_index_off_by_one"
    dx1 = pen("dL/dw_xh[1]", product(da1, x2 if shifted else x1, w_xh, m))
    dx2 = pen("dL/dw_xh[2]", product(da2, x1 if shifted else x2, w_xh, m))
    pen("dL/dw_xh", two_steps(dx1, dx2, m))
    hidden = two_steps(product(da1, h0, w_hh, m), product(da2, before, w_hh, m), m)
    output = two_steps(product(do1, h1, w_hy, m), product(do2, h2, w_hy, m), m)
    if m == "wrong_parameter":
        hidden, output = output, hidden
    dw_hh = pen("dL/dw_hh", hidden)
    pen("dL/dw_hy", output)
    pen("w_hh'", step(w_hh, g["eta"], dw_hh, m))


def entropy_slope(output: Floats, label: Floats, mistake: str) -> Floats:
    """The derivative of the binary cross-entropy by the output."""
    first, second = -label / output, (1 - label) / (1 - output)
    wrong = {"bce_sign": -first - second, "bce_second_term_sign": first - second}
    return wrong.get(mistake, first + second)


def entropy_cell(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """recurrent-cell-bce; dL/dh_t is the total derivative."""
    w, h0 = g["w_oh"], 0 * g["h_0"] if m == "hprev_dropped_forward" else g["h_0"]
    o1 = pen("o[1]", h0 + g["x[1]"])
    h1 = pen("h[1]", o1 * w)
    y1 = pen("yhat[1]", h1)
    before = y1 if "state is output" in read else h1
    o2 = pen("o[2]", (0 * before if m == "hprev_dropped_forward" else before) + g["x[2]"])
    h2 = pen("h[2]", o2 * w)
    y2 = pen("yhat[2]", h2)
    if "entropy of the states" in read:
        y1, y2 = h1, h2
    dy1 = pen("dL/dyhat[1]", entropy_slope(y1, g["y[1]"], m))
    dy2 = pen("dL/dyhat[2]", entropy_slope(y2, g["y[2]"], m))
    dh2 = pen("dL/dh[2]", dy2)
    do2 = pen("dL/do[2]", back(dh2, w, o2, m))
    wrong = {"truncated_bptt": dy1, "gradient_overwritten": do2, "paths_multiplied": dy1 * do2,
             "paths_averaged": (dy1 + do2) / 2, "message_total_confusion": do2}  # fmt: skip
    dh1 = pen("dL/dh[1]", wrong.get(m, dy1 + do2))
    pen("dL/do[1]", back(dh1, w, o1, m))
    dw1 = pen("dL/dw_oh[1]", product(dh1, o1, w, m))
    dw2 = pen("dL/dw_oh[2]", product(dh2, o2, w, m))
    dw = pen("dL/dw_oh", two_steps(dw1, dw2, m))
    pen("w_oh'", step(w, g["eta"], dw, m))


def lstm(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """lstm-intermediate-nodes; dL/dh_1 = g_h and dL/dC_1 = g_C are printed."""
    c0 = g["h_0"] if m == "cell_hidden_mixed" else g["C_0"]
    h0 = 0 * g["h_0"] if m == "hprev_dropped_forward" else g["h_0"]
    b = pen("b[1]", h0 + g["x[1]"])
    zf, zi = pen("z_f[1]", g["w1"] * b), pen("z_i[1]", g["w2"] * b)
    zc, zo = pen("z_ctilde[1]", g["w3"] * b), pen("z_o[1]", g["w4"] * b)
    skipped = m == "activation_skipped_forward"
    f = pen("f[1]", zf if skipped else logistic(zf))
    i = pen("i[1]", zi if skipped else logistic(zi))
    c = pen("ctilde[1]", zc if skipped else np.tanh(zc))
    o = pen("o[1]", zo if skipped else logistic(zo))
    a = pen("a[1]", f * g["C_0"] + i * c)
    e = pen("e[1]", a if skipped else np.tanh(a))
    d = pen("d[1]", o * e)
    y = pen("yhat[1]", d if skipped else logistic(d))
    dy = pen("dL/dyhat[1]", error_slope(y, g["y[1]"], 2.0, m))
    slopes = "" if skipped else m
    one = np.ones_like(y)
    dd = dy * (one if skipped else sigmoid_slope(d, y, slopes))
    dd = pen("dL/dd[1]", dd if m == "truncated_bptt" else dd + g["g_h"])
    de, do = pen("dL/de[1]", product(dd, o, e, m)), pen("dL/do[1]", product(dd, e, o, m))
    own = de * (one if skipped else tanh_slope(a, e, slopes))
    da = pen("dL/da[1]", own if m == "truncated_bptt" else own + g["g_C"])
    dc, di = pen("dL/dctilde[1]", product(da, i, c, m)), pen("dL/di[1]", product(da, c, i, m))
    df = pen("dL/df[1]", product(da, c0, f, m))
    pen("dL/dC_0", product(da, f, c0, m))
    dzf = pen("dL/dz_f[1]", df * (one if skipped else sigmoid_slope(zf, f, slopes)))
    dzi = pen("dL/dz_i[1]", di * (one if skipped else sigmoid_slope(zi, i, slopes)))
    dzc = pen("dL/dz_ctilde[1]", dc * (one if skipped else tanh_slope(zc, c, slopes)))
    dzo = pen("dL/dz_o[1]", do * (one if skipped else sigmoid_slope(zo, o, slopes)))
    gates = [dzf * g["w1"], dzi * g["w2"], dzc * g["w3"], dzo * g["w4"]]
    if m == "weight_factor_dropped":
        gates = [dzf, dzi, dzc, dzo]
    total = sum(gates)
    wrong = {"gradient_overwritten": gates[0], "first_path_only": gates[3],
             "paths_averaged": total / 4, "path_forgotten": total - gates[2]}  # fmt: skip
    pen("dL/db[1]", wrong.get(m, total))
    neighbour = dzi * b if m == "wrong_parameter" else dzf * b
    dw1 = pen("dL/dw1", neighbour)
    pen("w1'", step(g["w1"], g["eta"], dw1, m))


def two_heads(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """residual-two-heads."""
    w, x = g["w"], g["x"]
    k = pen("k", x)
    ell = pen("l", w * k + (0 * g["b"] if m == "bias_dropped_forward" else g["b"]))
    y2 = pen("yhat2", ell)
    ell = y2 if "l is output" in read else ell
    mid = pen("m", ell + (0 * x if m == "skip_dropped_forward" else x))
    skipped = m == "activation_skipped_forward"
    y1 = pen("yhat1", mid if skipped else logistic(mid))
    dy1 = pen("dL/dyhat1", error_slope(y1, g["y1"], 2.0, m))
    dy2 = pen("dL/dyhat2", error_slope(y2, g["y2"], 2.0, m))
    dm = pen("dL/dm", dy1 * (1.0 if skipped else sigmoid_slope(mid, y1, m)))
    heads = {"head_forgotten": dm, "paths_multiplied": dm * dy2, "paths_averaged": (dm + dy2) / 2}
    dl = pen("dL/dl", heads.get(m, dm + dy2))
    pen("dL/db", dl * k if m == "bias_gradient_times_input" else dl)
    dw = pen("dL/dw", product(dl, k, w, m))
    dk = pen("dL/dk", back(dl, w, k, m))
    straight = 0 * dm if m == "skip_dropped_forward" else dm
    pen("dL/dx", paths(straight, dk, m))
    pen("w'", step(w, g["eta"], dw, m))


def three_branches(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """multi-branch-two-heads."""
    x, bias = g["x"], 0.0 if m == "bias_dropped_forward" else 1.0
    z1, z3 = pen("z1", g["w1"] * x + bias * g["b1"]), pen("z3", g["w3"] * x)
    skipped = m == "activation_skipped_forward"
    e = pen("e", z1 if skipped else logistic(z1))
    f = pen("f", g["w2"] * x + bias * g["b2"])
    third = pen("g", z3 if skipped else logistic(z3))
    y1, y2 = pen("yhat1", e + f + third), pen("yhat2", third)
    dy1 = pen("dL/dyhat1", error_slope(y1, g["y"], 2.0, m))
    dy2 = pen("dL/dyhat2", error_slope(y2, g["y"], 2.0, m))
    de, df = pen("dL/de", dy1), pen("dL/df", dy1)
    heads = {"head_forgotten": dy1, "paths_multiplied": dy1 * dy2,
             "paths_averaged": (dy1 + dy2) / 2}  # fmt: skip
    dg = pen("dL/dg", heads.get(m, dy1 + dy2))
    dz1 = pen("dL/dz1", de * (1.0 if skipped else sigmoid_slope(z1, e, m)))
    dz3 = pen("dL/dz3", dg * (1.0 if skipped else sigmoid_slope(z3, third, m)))
    dw1, dw2 = product(dz1, x, g["w1"], m), product(df, x, g["w2"], m)
    dw3 = product(dz3, x, g["w3"], m)
    if m == "wrong_parameter":
        dw1, dw2, dw3 = dw2, dw3, dw1
    pen("dL/dw1", dw1)
    pen("dL/dw2", dw2)
    dw3 = pen("dL/dw3", dw3)
    pen("w3'", step(g["w3"], g["eta"], dw3, m))


def two_sigmoids(g: Givens, pen: Pen, m: str, read: frozenset[str] = frozenset()) -> None:
    """residual-two-sigmoids."""
    x, w1, w2 = g["x"], g["w1"], g["w2"]
    z = pen("z", w1 * x + (0 * g["b1"] if m == "bias_dropped_forward" else g["b1"]))
    skipped = m == "activation_skipped_forward"
    s = pen("s", z if skipped else logistic(z))
    o = pen("o", w2 * s + (0 * x if m == "skip_dropped_forward" else x))
    y = pen("yhat", o if skipped else logistic(o))
    pen("L", (y - g["y"]) ** 2)
    dy = pen("dL/dyhat", error_slope(y, g["y"], 2.0, m))
    do = pen("dL/do", dy * (1.0 if skipped else sigmoid_slope(o, y, m)))
    dw2, ds = pen("dL/dw2", product(do, s, w2, m)), pen("dL/ds", back(do, w2, s, m))
    dz = pen("dL/dz", ds * (1.0 if skipped else sigmoid_slope(z, s, m)))
    db1 = pen("dL/db1", dz * x if m == "bias_gradient_times_input" else dz)
    dz = db1 if "slope by z is slope by b1" in read else dz
    pen("dL/dw1", product(dz, x, w1, m))
    straight = 0 * do if m == "skip_dropped_forward" else do
    pen("dL/dx", paths(straight, dz * w1, m))
    pen("w2'", step(w2, g["eta"], dw2, m))
