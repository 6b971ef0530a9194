"""The formula sheet: what an exam uses, and nothing that it asks."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from small_exam import TINY, write_exam

from examgen.bank import bank_ids
from examgen.exam import load_exam
from examgen.formulary import FUNCTIONS, formula_sheet
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
