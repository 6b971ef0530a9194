"""Every question of the bank is true to its source, and the same to an outside engine."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import yaml
from autograd import grad
from bank_draws import VARIANTS, drawn, template_of, values_of

from examgen.bank import bank_ids
from examgen.slots import Slot
from examgen.template import Template
from examgen.text import fill, in_language, placeholders
from examgen.typeset.prose import pieces

TEMPLATES = {
    "S1": "mlp-2-2-2",
    "S2": "multi-branch-two-heads",
    "S3": "elman-relu",
    "S4": "residual-two-sigmoids",
    "S5": "recurrent-cell-bce",
    "S6": "lstm-intermediate-nodes",
    "S7": "residual-two-heads",
    "S8": "modified-recurrent-cell",
}
OVER_TIME = ["S3", "S5", "S8"]
NAMES: dict[str, dict[str, str]] = {
    "S1": {"lr": "eta"},
    "S3": {"ay1": "o[1]", "ay2": "o[2]"},
    "S6": {
        **{name: f"{name}[1]" for name in "abdefi"},
        "C0": "C_0",
        "C_prev": "C_0",
        "Cp": "C[1]",
        "hp": "h[1]",
        "kC": "g_C",
        "kh": "g_h",
        "ct": "ctilde[1]",
        "og": "o[1]",
        "o_gate": "o[1]",
        "yh": "yhat[1]",
        "y": "y[1]",
        "z1": "z_f[1]",
        "z2": "z_i[1]",
        "z3": "z_ctilde[1]",
        "z4": "z_o[1]",
    },
    "S7": {"wk": ""},
    "S8": {"n1": "", "n2": ""},
}
"""Names of the source where the rules of `ours` do not give ours; empty: no quantity of its own."""

SOURCE = {
    system["id"]: system
    for system in yaml.safe_load(
        (Path(__file__).parent / "data" / "source_exams.yaml").read_text(encoding="utf-8")
    )["systems"]
}

every_template = pytest.mark.parametrize("template_id", bank_ids())
every_source = pytest.mark.parametrize("source", SOURCE)


def ours(source: str, name: str) -> str:
    """Our name of a quantity that the source calls `name`: dL_dw_1 is dL/dw[1]."""
    if name.endswith("_new"):
        return f"{ours(source, name.removesuffix('_new'))}'"
    if name.startswith("dL_d"):
        inner = ours(source, name.removeprefix("dL_d"))
        return f"dL/d{inner}" if inner else ""
    if name in NAMES.get(source, {}):
        return NAMES[source][name]
    name = re.sub("^yh", "yhat", name)
    indexed = re.fullmatch(r"(\w+?)_?([012])", name)
    if indexed and (source in OVER_TIME or indexed[1] == "L"):
        return "h_0" if name == "h0" else f"{indexed[1]}[{indexed[2]}]"
    return name


def numbers_of(source: str) -> dict[str, float]:
    """The source's givens, or our numbers where it prints none, under our names."""
    system = SOURCE[source]
    numbers = {
        ours(source, name): float(value)
        for name, value in {**system["given"], **system.get("probe", {})}.items()
    }
    if source == "S6":  # b is a sum with us
        numbers |= {"h_0": 0.25, "x[1]": numbers.pop("b[1]") - 0.25}
    return {"eta": 0.1, **{name: value for name, value in numbers.items() if name}}


# --- the files ------------------------------------------------------------------------------------


def test_bank_holds_the_eight_questions_of_the_source() -> None:
    """One file a question, and five kinds of graphs among them."""
    assert set(TEMPLATES.values()) <= set(bank_ids())
    kinds = {template_of(template_id).file.graph.topology for template_id in bank_ids()}
    assert {"mlp", "elman", "recurrent_cell", "lstm", "residual"} <= kinds


@every_template
def test_template_loads_under_its_own_name(template_id: str) -> None:
    """A file's name is its id, and it has points and a worked-out title."""
    template = template_of(template_id)
    assert template.id == template_id
    assert template.points > 0


def texts(template: Template) -> Iterator[Any]:
    """Everything of a template that is printed as prose."""
    form = template.file
    yield from (form.title, form.stem, *form.conventions)
    for part in template.parts:
        yield from (part.ask, *([part.hint] if part.hint else []))


@every_template
def test_texts_are_there_in_both_languages_and_can_be_set(template_id: str) -> None:
    """English and German say the same formulas, and nothing in them cannot be typeset."""
    for text in texts(template_of(template_id)):
        assert set(text) == {"en", "de"}
        numbers = dict.fromkeys(placeholders(text), "0.1")
        set_up = {
            language: [p.text for p in pieces(fill(in_language(text, language), numbers)) if p.math]
            for language in ("en", "de")
        }
        assert sorted(set_up["en"]) == sorted(set_up["de"])


@every_template
def test_columns_of_the_answer_sheet_are_distinct(template_id: str) -> None:
    """No two slots of a question share an id."""
    ids = [slot.id for slot in template_of(template_id).slots]
    assert len(set(ids)) == len(ids)


# --- true to the source ---------------------------------------------------------------------------


def asked_names(slot: Slot) -> set[str]:
    """The quantities that a slot asks for; a formula for step t asks for every step's."""
    if slot.step is None:
        return {slot.quantity}
    steps = {re.sub(r"\[1\]", f"[{step}]", slot.quantity) for step in (1, 2)}
    before = {slot.quantity, slot.quantity.replace("h_0", "h[1]").replace("C_0", "C[1]")}
    return steps | before


@every_source
def test_everything_the_source_asks_is_asked(source: str) -> None:
    """As a number or as a formula."""
    template = template_of(TEMPLATES[source])
    asked = set().union(*(asked_names(slot) for slot in template.slots))
    wanted = {
        ours(source, item["id"]) for item in SOURCE[source]["asked"] if item["asked_in_source"]
    }
    assert wanted <= asked


@every_source
def test_source_numbers_give_the_right_answers(source: str) -> None:
    """Also for what the source does not ask, and for what it gets wrong."""
    template = template_of(TEMPLATES[source])
    items = {ours(source, item["id"]): item["correct"] for item in SOURCE[source]["asked"]}
    found = values_of(template, list(items), numbers_of(source))
    for name, correct in items.items():
        assert found[name] == pytest.approx(correct, rel=1e-9, abs=1e-9), name


@pytest.mark.parametrize("source", [s for s in SOURCE if SOURCE[s]["given"]])
def test_printed_numbers_of_the_source_are_published(source: str) -> None:
    """Right ones as answers, wrong ones as misprints beside the truth."""
    (instance,) = template_of(TEMPLATES[source]).file.instances
    for item in SOURCE[source]["asked"]:
        if isinstance(item["written"], float):
            name = ours(source, item["id"])
            assert float(instance.answers[name]) == item["correct"]
            if item["verdict"] == "WRONG":
                assert float(instance.misprints[name]) == item["written"]


@every_template
def test_published_answers_are_true_and_misprints_are_not(template_id: str) -> None:
    """To the last printed digit."""
    template = template_of(template_id)
    for instance in template.file.instances:
        givens = {name: float(value) for name, value in instance.given.items()}
        for name, printed in instance.answers.items():
            half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
            true = values_of(template, [name], givens)[name][0]
            assert abs(true - float(printed)) <= half + 1e-12, name
            assert name not in instance.misprints or (
                abs(true - float(instance.misprints[name])) > half
            )


# --- an outside engine ----------------------------------------------------------------------------

FUNCTIONS = {
    "relu": lambda z: anp.maximum(z, 0.0),
    "sigmoid": lambda z: 1.0 / (1.0 + anp.exp(-z)),
    "tanh": anp.tanh,
    "log": anp.log,
}


def outside(source: str, givens: Mapping[str, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Values and gradients by the source's own equations and HIPS autograd, under our names.

    Each quantity is nudged by a number of its own; the gradient by the nudge is its adjoint.
    """
    values: dict[str, Any] = {}

    def loss(nudges: Mapping[str, Any]) -> Any:
        values.clear()
        values.update({name: value + nudges[name] for name, value in givens.items()})
        for equation in SOURCE[source]["equations"]:
            name, formula = equation.split(" = ", 1)
            values[name] = eval(formula, {**FUNCTIONS, **values}) + nudges[name]
        return anp.sum(values["L"])

    loss(defaultdict(float))
    found = {ours(source, name): value for name, value in values.items()}
    adjoints = grad(loss)({name: np.zeros(VARIANTS) for name in values})
    found |= {ours(source, f"dL_d{name}"): adjoint for name, adjoint in adjoints.items()}
    return {name: value for name, value in found.items() if name}


@every_source
def test_outside_engine_agrees_on_values_and_gradients(source: str) -> None:
    """Autograd on the source's equations gives what the template's graph gives."""
    template = template_of(TEMPLATES[source])
    givens = dict(drawn(template.id))
    known = {*SOURCE[source]["given"], *SOURCE[source].get("probe", {})} - {"lr"}
    theirs = {name: givens.get(ours(source, name)) for name in known}
    if source == "S6":
        theirs["b"] = givens["h_0"] + givens["x[1]"]
    expected = outside(source, theirs)
    for name in givens:
        if f"dL/d{name}" in expected:
            expected[f"{name}'"] = givens[name] - givens["eta"] * expected[f"dL/d{name}"]
    asked = {slot.quantity for slot in template.slots} | set(expected)
    found = values_of(template, sorted(asked), givens)
    for name in asked:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-9, err_msg=name)
