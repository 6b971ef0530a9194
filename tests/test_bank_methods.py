"""Questions on skips, shared weights, optimisers, normalisation and attention, derived anew.

Each question is written down here once more in plain array arithmetic, from its textbook form and
not from its template. Gradients come from HIPS autograd, the steps of an optimiser from a loop,
and, where textbooks print a gradient in closed form, from that form as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from wrong_answers import wrong_answers

from examgen.template import Template, parse_templates
from examgen.tolerance import tolerances
from examgen.variant import Variants

VARIANTS = 120

Numbers = Mapping[str, Any]
Values = dict[str, Any]


def families(givens: Numbers, *names: str) -> Any:
    """`x[1]`, `x[2]` or `x_1`, `x_2` as one array: (elements, variants)."""
    return anp.array([givens[name] for name in names])


def listed(name: str, count: int, indices: str = "") -> list[str]:
    """x[1], x[2], ...; with indices "1," k[1,1], k[1,2], ..."""
    return [f"{name}[{indices}{k}]" for k in range(1, count + 1)]


def spread_out(name: str, array: Any) -> Values:
    """The elements of a vector or matrix by their indexed names."""
    if array.ndim == 2:
        return {f"{name}[{i}]": row for i, row in enumerate(array, start=1)}
    return {
        f"{name}[{i},{j}]": row
        for i, rows in enumerate(array, start=1)
        for j, row in enumerate(rows, start=1)
    }


def slopes(loss: Callable[..., Any], *points: Any) -> list[Any]:
    """The gradients of a loss, summed over variants, by each of its arguments."""
    return [grad(lambda *p: anp.sum(loss(*p)), k)(*points) for k in range(len(points))]


# --- residual block and Siamese pair -------------------------------------------------------------


def residual_block(g: Numbers, choice: Mapping[str, str]) -> Values:
    """Two layers, a skip past both and one past the layer that `choice` names."""
    first = choice["short"].startswith("the first")

    def after_hidden(h: Any, x: Any, w_2: Any) -> Any:
        if first:
            return w_2 * (h + x) + g["b_2"] + x
        return w_2 * h + g["b_2"] + h + x

    def hidden(x: Any, w_1: Any) -> Any:
        z = w_1 * x + g["b_1"]
        return anp.where(z > 0, z, g["alpha"] * z)

    def error(m: Any) -> Any:
        return (g["w_3"] * m - g["y"]) ** 2 / 2

    x, w_1, w_2 = g["x"], g["w_1"], g["w_2"]
    h = hidden(x, w_1)
    m = after_hidden(h, x, w_2)
    by_x, by_w_1, by_w_2 = slopes(
        lambda x, w_1, w_2: error(after_hidden(hidden(x, w_1), x, w_2)), x, w_1, w_2
    )
    return {
        "h": h,
        "s": h + x if first else w_2 * h + g["b_2"] + h,
        "m": m,
        "yhat": g["w_3"] * m,
        "dL/dm": slopes(error, m)[0],
        "dL/dh": slopes(lambda h: error(after_hidden(h, x, w_2)), h)[0],
        "dL/dx": by_x,
        "dL/dw_1": by_w_1,
        "dL/dw_2": by_w_2,
        "w_1'": w_1 - g["eta"] * by_w_1,
    }


def siamese_pair(g: Numbers, choice: Mapping[str, str]) -> Values:
    """Two inputs through one tanh unit; each branch has copies of its own of the weights."""
    x = anp.array([families(g, *listed("x", 2, f"{branch},")) for branch in (1, 2)])
    weights = families(g, "w1", "w2")
    sign = 1.0 if choice["pair"] == "dissimilar" else -1.0

    def loss_of(distance: Any) -> Any:
        return anp.maximum(0.0, sign * (g["m"] - distance)) ** 2 / 2

    def loss_at(z: Any) -> Any:
        return loss_of(anp.abs(anp.tanh(z[0]) - anp.tanh(z[1])))

    def pre_activations(first: Any, second: Any, bias: Any) -> Any:
        return anp.array([anp.sum(first * x[0], 0) + bias, anp.sum(second * x[1], 0) + bias])

    z = pre_activations(weights, weights, g["b"])
    e = np.tanh(z)
    by_first, by_second, by_bias = slopes(
        lambda *p: loss_at(pre_activations(*p)), weights, weights, g["b"]
    )
    (by_z,) = slopes(loss_at, z)
    n = int(choice["n"])
    total = by_first[n - 1] + by_second[n - 1]
    return {
        **spread_out("e", e),
        "L": loss_at(z),
        "dL/dD": slopes(loss_of, np.abs(e[0] - e[1]))[0],
        "dL/dz[1]": by_z[0],
        "dL/dz[2]": by_z[1],
        f"dL/dw{n}[1]": by_first[n - 1],
        f"dL/dw{n}[2]": by_second[n - 1],
        f"dL/dw{n}": total,
        "dL/db": by_bias,
        f"w{n}'": weights[n - 1] - g["eta"] * total,
    }


# --- optimisers ----------------------------------------------------------------------------------


def clipped_step(g: Numbers, choice: Mapping[str, str]) -> Values:
    """Clipping by the global norm, then a step with decoupled decay."""

    def output(w: Any) -> Any:
        return w[1] * (w[0] * g["x"] + g["b"])

    w = families(g, "w_1", "w_2")
    (gradient,) = slopes(lambda w: (output(w) - g["y"]) ** 2 / 2, w)
    norm = np.linalg.norm(gradient, axis=0)
    clipped = np.where(norm > g["theta"], g["theta"] / norm, 1.0) * gradient
    after = (1 - g["eta"] * g["lambda"]) * w - g["eta"] * clipped
    return {
        "h": w[0] * g["x"] + g["b"],
        "yhat": output(w),
        "n": norm,
        **{f"g_{i}": gradient[i - 1] for i in (1, 2)},
        **{f"gtilde_{i}": clipped[i - 1] for i in (1, 2)},
        **{f"w_{i}'": after[i - 1] for i in (1, 2)},
    }


def momentum(g: Numbers, choice: Mapping[str, str]) -> Values:
    """Two steps in a loop; `choice` names the definition."""
    damping = 1.0 if choice["rule"].startswith("classical") else 1 - g["beta"]
    weight, velocity, found = g["w_0"], g["m_0"], {}
    for t in (1, 2):
        x, y = g[f"x_{t}"], g[f"y_{t}"]

        def output(w: Any, x: Any = x) -> Any:
            return g["u"] * (w * x + g["b"])

        (gradient,) = slopes(lambda w, y=y, out=output: (out(w) - y) ** 2 / 2, weight)
        found |= {f"yhat_{t}": output(weight), f"g_{t}": gradient}
        velocity = g["beta"] * velocity + damping * gradient
        weight = weight - g["eta"] * velocity
        found |= {f"m_{t}": velocity, f"w_{t}": weight}
    return found


def rmsprop(g: Numbers, choice: Mapping[str, str]) -> Values:
    """One step on a quadratic form, whose gradient is (H + H^T) w."""
    w, old = families(g, "w_1", "w_2"), families(g, "s_1", "s_2")

    def loss(w: Any) -> Any:
        return g["a_1"] * w[0] ** 2 + g["a_2"] * w[1] ** 2 + g["c"] * w[0] * w[1]

    (gradient,) = slopes(loss, w)
    average = g["gamma"] * old + (1 - g["gamma"]) * gradient**2
    rates = g["eta"] * (average + g["epsilon"]) ** -0.5
    after = w - rates * gradient
    names = {"g": gradient, "snew": average, "r": rates}
    return {
        **{f"{name}_{i}": values[i - 1] for name, values in names.items() for i in (1, 2)},
        **{f"w_{i}'": after[i - 1] for i in (1, 2)},
    }


def adam(g: Numbers, choice: Mapping[str, str]) -> Values:
    """Algorithm 1 of Kingma and Ba, in a loop."""
    weight, first, second, found = g["w_0"], 0.0, 0.0, {}
    for t in (1, 2):
        scale, centre = g[f"a_{t}"], g[f"c_{t}"]
        (gradient,) = slopes(lambda w, a=scale, c=centre: a * (w - c) ** 2, weight)
        first = g["beta1"] * first + (1 - g["beta1"]) * gradient
        second = g["beta2"] * second + (1 - g["beta2"]) * gradient**2
        corrected = first / (1 - g["beta1"] ** t), second / (1 - g["beta2"] ** t)
        weight = weight - g["eta"] * corrected[0] / (np.sqrt(corrected[1]) + g["epsilon"])
        found |= {f"g_{t}": gradient, f"m_{t}": first, f"v_{t}": second, f"w_{t}": weight}
        found |= {f"mhat_{t}": corrected[0], f"vhat_{t}": corrected[1]}
    return found


# --- normalisation -------------------------------------------------------------------------------


def normalised(x: Any, epsilon: Any) -> Any:
    """Mean zero and variance one over axis 0, up to epsilon."""
    return (x - anp.mean(x, axis=0)) / anp.sqrt(anp.var(x, axis=0) + epsilon)


def closed_form(upstream: Any, x: Any, epsilon: Any) -> Any:
    """The gradient through a normalisation as textbooks print it: no path is followed for it."""
    xhat = normalised(x, epsilon)
    inner = upstream - upstream.mean(axis=0) - xhat * (upstream * xhat).mean(axis=0)
    return inner / np.sqrt(x.var(axis=0) + epsilon)


def batch_norm(g: Numbers, choice: Mapping[str, str]) -> Values:
    """One feature of a batch of three, with the derivatives by the outputs given."""
    x, upstream = families(g, *listed("x", 3)), families(g, *listed("u", 3))

    def loss(x: Any, gamma: Any, beta: Any) -> Any:
        return anp.sum(upstream * (gamma * normalised(x, g["epsilon"]) + beta), axis=0)

    def loss_of_statistics(mean: Any, variance: Any) -> Any:
        outputs = g["gamma"] * (x - mean) / anp.sqrt(variance + g["epsilon"])
        return anp.sum(upstream * outputs, axis=0)

    def loss_of_mean(mean: Any) -> Any:
        return loss_of_statistics(mean, anp.mean((x - mean) ** 2, axis=0))

    mean, variance = x.mean(axis=0), x.var(axis=0)
    by_x, by_gamma, by_beta = slopes(loss, x, g["gamma"], g["beta"])
    np.testing.assert_allclose(
        by_x, closed_form(g["gamma"] * upstream, x, g["epsilon"]), rtol=1e-9, atol=1e-12
    )
    outputs = g["gamma"] * normalised(x, g["epsilon"]) + g["beta"]
    return {
        "mu": mean,
        "r": np.sqrt(variance + g["epsilon"]),
        **spread_out("xhat", normalised(x, g["epsilon"])),
        **spread_out("y", outputs),
        "dL/dgamma": by_gamma,
        "dL/dbeta": by_beta,
        "dL/dv": slopes(loss_of_statistics, mean, variance)[1],
        "dL/dmu": slopes(loss_of_mean, mean)[0],
        **{f"dL/d{name}": row for name, row in spread_out("x", by_x).items()},
    }


def layer_norm(g: Numbers, choice: Mapping[str, str]) -> Values:
    """Three features of one example, each with a gain and a bias."""
    a, gains, biases, targets = (families(g, *listed(name, 3)) for name in "agbt")

    def error(y: Any) -> Any:
        return anp.sum((y - targets) ** 2, axis=0) / 2

    def loss(a: Any, gains: Any, biases: Any) -> Any:
        return error(gains * normalised(a, g["epsilon"]) + biases)

    ahat = normalised(a, g["epsilon"])
    by_a, by_gains, by_biases = slopes(loss, a, gains, biases)
    (by_ahat,) = slopes(lambda ahat: error(gains * ahat + biases), ahat)
    np.testing.assert_allclose(by_a, closed_form(by_ahat, a, g["epsilon"]), rtol=1e-9, atol=1e-12)
    k = int(choice["k"])
    gradients = {"g": by_gains, "b": by_biases, "ahat": by_ahat, "a": by_a}
    return {
        "mu": a.mean(axis=0),
        "s": np.sqrt(a.var(axis=0) + g["epsilon"]),
        **spread_out("y", gains * ahat + biases),
        **{
            f"dL/d{name}": row
            for base, gradient in gradients.items()
            for name, row in spread_out(base, gradient).items()
        },
        f"g[{k}]'": gains[k - 1] - g["eta"] * by_gains[k - 1],
    }


# --- attention -----------------------------------------------------------------------------------


def attention(g: Numbers, choice: Mapping[str, str]) -> Values:
    """softmax(Q K^T / sqrt(d)) V for two tokens, with matrices."""
    queries, keys = (
        anp.array([families(g, *listed(name, 2, f"{token},")) for token in (1, 2)]) for name in "qk"
    )  # (tokens, components, variants)
    values, targets = families(g, *listed("v", 2)), families(g, *listed("y", 2))

    def scores_of(queries: Any, keys: Any) -> Any:
        return anp.einsum("icn,jcn->ijn", queries, keys) / anp.sqrt(keys.shape[1])

    def weights_of(scores: Any) -> Any:
        exponentials = anp.exp(scores - anp.max(scores, axis=1, keepdims=True))
        return exponentials / anp.sum(exponentials, axis=1, keepdims=True)

    def outputs_of(scores: Any, values: Any) -> Any:
        return anp.einsum("ijn,jn->in", weights_of(scores), values)

    def loss(scores: Any, values: Any) -> Any:
        return anp.sum((outputs_of(scores, values) - targets) ** 2, axis=0) / 2

    scores = scores_of(queries, keys)
    by_scores, by_values = slopes(loss, scores, values)
    _, by_keys = slopes(lambda q, k: loss(scores_of(q, k), values), queries, keys)
    gradients = {"s": by_scores, "v": by_values, "k": by_keys}
    return {
        **spread_out("s", scores),
        **spread_out("p", weights_of(scores)),
        **spread_out("o", outputs_of(scores, values)),
        **{
            f"dL/d{name}": row
            for base, gradient in gradients.items()
            for name, row in spread_out(base, gradient).items()
        },
    }


# --- the tests ------------------------------------------------------------------------------------

ORACLES: dict[str, Callable[[Numbers, Mapping[str, str]], Values]] = {
    "residual-two-skips": residual_block,
    "siamese-shared-weights": siamese_pair,
    "clipping-and-weight-decay": clipped_step,
    "momentum-two-steps": momentum,
    "rmsprop-step": rmsprop,
    "adam-two-steps": adam,
    "batch-norm-backward": batch_norm,
    "layer-norm": layer_norm,
    "attention-two-tokens": attention,
}

every_question = pytest.mark.parametrize("question", ORACLES)


@cache
def structures(question: str) -> tuple[Template, ...]:
    """All structures of a question of the bank."""
    name = f"{question}.yaml"
    return parse_templates(files("question_bank").joinpath(name).read_text(encoding="utf-8"), name)


@cache
def drawn(question: str, structure: int) -> Variants:
    """Some variants of one structure: all that is acceptable, not only the best of it."""
    template = structures(question)[structure]
    return Variants(template, template.sampler(11).draw(range(VARIANTS)))


@every_question
def test_keys_are_what_the_textbook_form_gives(question: str) -> None:
    """Every number that is asked, in every structure."""
    for template in structures(question):
        variants = drawn(question, template.structure)
        expected = ORACLES[question](variants.draw.floats(), template.choice)
        for slot in template.slots:
            if slot.kind == "number":
                np.testing.assert_allclose(
                    variants.expected(slot),
                    np.broadcast_to(expected[slot.quantity], VARIANTS),
                    rtol=1e-9,
                    atol=1e-9,
                    err_msg=f"{template.name}: {slot.quantity}",
                )


@every_question
def test_structures_share_columns_and_differ_in_what_they_ask(question: str) -> None:
    """One answer sheet holds all; no two structures are the same question."""
    templates = structures(question)
    columns = {tuple(slot.id for slot in template.slots) for template in templates}
    assert len(columns) == 1
    assert len({template.fingerprint for template in templates}) == len(templates)


def test_derivatives_by_normalised_inputs_add_up_to_zero() -> None:
    """Shifting all inputs changes nothing, so the keys of the last part must cancel."""
    for question, base in (("batch-norm-backward", "dL/dx"), ("layer-norm", "dL/da")):
        for template in structures(question):
            variants = drawn(question, template.structure)
            last = [slot for slot in template.slots if slot.quantity in listed(base, 3)]
            assert len(last) == 3
            total = sum(variants.expected(slot) for slot in last)
            np.testing.assert_allclose(total, 0, atol=1e-12)


def test_first_step_of_adam_has_the_length_of_its_rate() -> None:
    """Whatever the gradient: what the feedback says is true to the decimals asked."""
    variants = drawn("adam-two-steps", 0)
    givens = variants.draw.floats()
    keys = {slot.quantity: variants.expected(slot) for slot in variants.template.slots}
    step = keys["w_1"] - givens["w_0"]
    np.testing.assert_allclose(step, -givens["eta"] * np.sign(keys["g_1"]), atol=1e-7)


def test_clipping_always_has_something_to_do() -> None:
    """The clipped gradient is as long as the threshold, and points as before."""
    variants = drawn("clipping-and-weight-decay", 0)
    keys = {
        slot.quantity: variants.expected(slot)
        for slot in variants.template.slots
        if slot.kind == "number"
    }
    length = np.hypot(keys["gtilde_1"], keys["gtilde_2"])
    np.testing.assert_allclose(length, variants.draw.floats()["theta"])
    assert np.all(keys["n"] > length)
    assert np.all(keys["gtilde_1"] * keys["g_1"] > 0)


@every_question
def test_every_mistake_of_the_author_leads_to_a_wrong_answer(question: str) -> None:
    """Each can be told from the key in a third of what is acceptable; the best of that is drawn."""
    for template in structures(question):
        variants = drawn(question, template.structure)
        found = wrong_answers(variants)
        told = found.separable(tolerances(variants)).any(axis=1).mean(axis=1)
        shares = dict(zip((m.name for m in found.mistakes), told, strict=True))
        for name in template.file.mistakes:
            assert shares[name] >= 0.3, f"{template.name}: {name}"
