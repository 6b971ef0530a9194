"""The formula sheet: what an exam uses, and nothing that it asks."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from small_exam import TINY, write_exam
from tex_arithmetic import value_of

from examgen.bank import bank_ids
from examgen.exam import load_exam
from examgen.formulary import FUNCTIONS, LOSS_FORMULAS, formula_sheet
from examgen.functions import LOSSES
from examgen.ops import OPS
from examgen.render import write_formula_sheet
from examgen.sheet import FormulaSheet


def formulas(sheet: FormulaSheet) -> str:
    """All that stands on a sheet."""
    return " ".join(tex for group in sheet.groups for line in group.lines for tex in line)


def test_every_function_is_an_op() -> None:
    """The table goes by the names of the ops."""
    assert set(FUNCTIONS) <= set(OPS)


def test_a_small_exam_has_a_small_sheet(tmp_path: Path) -> None:
    """A square, the chain rule and the update; nothing that its graph does not use."""
    found = formulas(formula_sheet(load_exam(write_exam(tmp_path))))
    for tex in ("z^2", r"\frac{\partial u_k}{\partial x}", r"\leftarrow"):
        assert tex in found
    for tex in (r"\sigma", r"\tanh", "ReLU"):
        assert tex not in found


def test_the_slope_of_a_loss_is_left_out_where_a_derivative_is_to_be_given(tmp_path: Path) -> None:
    """It could be the answer; where only numbers are asked for, it helps."""
    named = TINY.replace("(z - y)^2", "squared_error(z, y)")
    derives = load_exam(write_exam(tmp_path / "a", templates={"tiny.yaml": named}))
    part = named[named.index("  - ask: Give the derivative.") : named.index("  - ask: Compute the")]
    computes = load_exam(
        write_exam(tmp_path / "b", templates={"tiny.yaml": named.replace(part, "")})
    )
    slope = r"2 (\hat{y}_k - y_k)"
    assert slope not in formulas(formula_sheet(derives))
    assert slope in formulas(formula_sheet(computes))


def titles_of(sheet: FormulaSheet) -> list[str]:
    """The headings of a sheet."""
    return [group.title for group in sheet.groups]


def test_the_heading_promises_derivatives_of_losses_only_where_there_are_some(
    tmp_path: Path,
) -> None:
    """`Losses` alone, above losses alone."""
    named = TINY.replace("(z - y)^2", "squared_error(z, y)")
    part = named[named.index("  - ask: Give the derivative.") : named.index("  - ask: Compute the")]
    bare, full = (
        titles_of(formula_sheet(load_exam(write_exam(tmp_path / name, templates={"tiny.yaml": t}))))
        for name, t in (("a", named), ("b", named.replace(part, "")))
    )
    assert "Losses" in bare
    assert "Losses and their derivatives" in full


@pytest.mark.parametrize("name", [*FUNCTIONS, *LOSS_FORMULAS])
def test_logarithms_are_written_as_papers_write_them(name: str) -> None:
    """`ln`, as in the equations of a question."""
    assert r"\log" not in " ".join(ALL[name]).replace("logsumexp", "")


# --- conventions ---------------------------------------------------------------------------------

CHOICE = """\
choose:
  shift: [{sign: '+'}, {sign: '-'}]
"""
SAID = """\
conventions: ['The value is $z = w x <shift.sign> b$.', 'The rate is {eta}.', 'Here $w$ is {w}.']
"""


def conventions(folder: Path, *templates: str) -> list[tuple[str, ...]]:
    """The conventions on the sheet of an exam whose one question is one of these templates."""
    files = {f"t{place}.yaml": text for place, text in enumerate(templates)}
    use = ", ".join(f"./{name}" for name in files)
    exam = load_exam(write_exam(folder, [f"{{choose: '1 of [{use}]'}}"], files))
    return [group.texts for group in formula_sheet(exam).groups if "Conv" in group.title]


def test_conventions_that_structures_do_not_share_are_left_out(tmp_path: Path) -> None:
    """A plus in one and a minus in the other; the same rate in both, and a weight drawn for each
    student."""
    chosen = TINY.replace("graph:", f"{CHOICE}graph:").replace("w*x + b", "w*x <shift.sign> b")
    assert conventions(tmp_path, chosen + SAID) == [("The rate is 0.1.",)]


def test_conventions_of_alternatives_are_those_that_all_print(tmp_path: Path) -> None:
    """The order is that of the first; a rate of another number is another convention."""
    said = "conventions: [{0} one., {0} two., 'Rate {{eta}}.']\n"
    one, other = TINY + said.format("Rule"), TINY.replace("id: tiny", "id: other")
    more = other.replace("eta: 0.1", "eta: 0.2") + said.format("Rule").replace("Rule one.", "No.")
    assert conventions(tmp_path / "a", one, more) == [("Rule two.",)]
    assert conventions(tmp_path / "b", one) == [("Rule one.", "Rule two.", "Rate 0.1.")]
    assert conventions(tmp_path / "c", one, other) == []


# --- the whole bank ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sheet_of_the_whole_bank_can_be_set(tmp_path: Path, language: str) -> None:
    """Every function, loss and convention in both languages."""
    uses = [f"{{use: {name}}}" for name in bank_ids()]
    exam = load_exam(write_exam(tmp_path, uses, language=language))
    target = io.BytesIO()
    write_formula_sheet(formula_sheet(exam), target)
    text = "".join(page.extract_text() for page in PdfReader(target).pages)
    assert ("Formelsammlung" if language == "de" else "Formula sheet") in text
    assert "tanh" in text


# --- what is printed is right --------------------------------------------------------------------

KS = (1, 2, 3)
POINT: dict[str, float] = {
    r"\hat{y}": 0.7, r"\alpha": 0.1, "u'": 0.4, "v'": -0.6, "u": 1.7, "v": 2.3, "e": math.e,
    "n": 3.0, "a": 0.9, "b": 0.2, "y": 0.25, "z": 0.8,
    **{rf"\hat{{y}}_{k}": 0.3 * k for k in KS}, **{f"y_{k}": 0.2 + 0.1 * k for k in KS},
    **{f"p_{k}": 0.15 * k for k in KS}, **{f"z_{k}": 0.4 * k - 0.9 for k in KS},
}  # fmt: skip
INDICES = {"i": "1", "j": "2", "k": "3"}
SCALAR = (
    "relu", "leaky_relu", "sigmoid", "tanh", "softplus", "exp", "log", "sqrt", "abs", "square",
    "pow",
)  # fmt: skip
SLOPES = [
    *((name, "z", {}) for name in SCALAR),
    *(("softmax", f"z_{j}", {"i": i, "j": j}) for i in "12" for j in "12"),
    *(("logsumexp", f"z_{i}", {"i": i}) for i in "123"),
    ("max", "a", {}),
    *((name, rf"\hat{{y}}_{k}", {"k": k}) for name in LOSSES if "squared" in name for k in "123"),
    ("bce", r"\hat{y}", {}),
    *(("cross_entropy", f"p_{k}", {"k": k}) for k in "123"),
]
ALL = {**FUNCTIONS, **LOSS_FORMULAS}


def value(tex: str, point: Mapping[str, float], indices: Mapping[str, str]) -> float:
    """The right side of a printed formula, at a point and for some indices."""
    right = tex.partition(" = ")[2]
    softmax = FUNCTIONS["softmax"][0].partition(" = ")[2]
    right = right.replace(r"\operatorname{softmax}_i(z)", softmax)
    right = _summed(_chosen(right, point))
    for name, number in indices.items():
        right = re.sub(rf"(?<=_){name}\b|(?<=\[){name}(?= )|(?<== ){name}(?=\])", number, right)
    right = re.sub(r"\\mathbb\{1\}\[(\d) = (\d)\]", lambda m: str(int(m[1] == m[2])), right)
    longest = sorted(point, key=len, reverse=True)
    return value_of(_spelled(right), {name: point[name] for name in longest})


def _softmax(point: Mapping[str, float]) -> dict[str, float]:
    """The p that belong to the z."""
    powers = [math.exp(point[f"z_{k}"]) for k in KS]
    return {f"p_{k}": power / sum(powers) for k, power in zip(KS, powers, strict=True)}


def _chosen(tex: str, point: Mapping[str, float]) -> str:
    """The case that holds at the point, where there are two."""
    cases = re.search(r"\\begin\{cases\} (.*?) & z > 0 \\\\ (.*?) & z \\le 0 \\end\{cases\}", tex)
    return tex.replace(cases[0], cases[1 if point["z"] > 0 else 2]) if cases else tex


def _summed(tex: str) -> str:
    """Sums over k written out; one reaches to the end of its group."""
    before, found, after = tex.rpartition(r"\sum_k ")
    if not found:
        return tex
    depths = np.cumsum([{"{": 1, "}": -1}.get(char, 0) for char in after])
    end = int(np.argmax(depths < 0)) if (depths < 0).any() else len(after)
    terms = [re.sub(r"_k\b", f"_{k}", after[:end]) for k in KS]
    return _summed(f"{before}({' + '.join(terms)}){after[end:]}")


def _spelled(tex: str) -> str:
    """The TeX of a textbook as the calculator reads it."""
    tex = re.sub(r"\\ln ([a-z\\{}]+(?:_\d)?)", r"\\ln(\1)", tex)
    tex = tex.replace(r"\ln (", r"\ln(")
    tex = re.sub(r"\\tanh\^2\((.)\)", r"\\tanh(\1)^2", tex)
    tex = tex.replace("(", r"\left(").replace(")", r"\right)")
    tex = re.sub(r"\|(.)\|", r"\\left|\1\\right|", tex)
    return tex.replace("[", r"\left[").replace("]", r"\right]")


@pytest.mark.parametrize(("name", "by", "indices"), SLOPES)
@pytest.mark.parametrize("shift", [0.0, -1.3])
def test_printed_derivatives_are_those_of_printed_functions(
    name: str, by: str, indices: dict[str, str], shift: float
) -> None:
    """By a central difference, right and left of the kink."""
    if shift and name not in ("relu", "leaky_relu", "abs", "sigmoid", "max", "tanh", "square"):
        shift = 0.05
    step, point = 1e-5, {**POINT, by: POINT[by] + shift}
    point |= _softmax(point) if name == "softmax" else {}
    function, slope = ALL[name]
    above, below = (
        value(function, {**point, by: point[by] + side * step}, indices) for side in (1, -1)
    )
    found = value(slope, point, indices)
    assert found == pytest.approx((above - below) / (2 * step), rel=1e-6, abs=1e-9)


def test_every_printed_derivative_is_tried() -> None:
    """All pairs of both tables; that of a quotient has a test of its own."""
    assert {name for name, _, _ in SLOPES} | {"div"} == set(ALL)


def test_the_rule_of_the_quotient() -> None:
    """u' and v' as they are on a line through (u, v)."""
    function, slope = FUNCTIONS["div"]
    step = 1e-5
    above, below = (
        value(function, {**POINT, "u": 1.7 + side * 0.4 * step, "v": 2.3 - side * 0.6 * step}, {})
        for side in (1, -1)
    )
    assert value(slope, POINT, {}) == pytest.approx((above - below) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("name", [name for name in SCALAR if OPS[name].arity == 1])
def test_printed_functions_are_those_of_the_ops(name: str) -> None:
    """The formula and the op give the same numbers."""
    at, out = np.array([0.8]), np.empty(1)
    OPS[name].forward(at, out)
    assert value(FUNCTIONS[name][0], POINT, {}) == pytest.approx(out[0])


def test_a_wrong_derivative_would_be_found() -> None:
    """One that is off by a factor of 1.001 lies outside what is allowed."""
    right = value(FUNCTIONS["tanh"][1], POINT, {})
    assert right * 1.001 != pytest.approx(right, rel=1e-6)
