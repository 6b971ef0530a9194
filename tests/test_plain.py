"""Formulas on one line of Unicode: readable in a terminal, and true to the formula."""

from __future__ import annotations

import pytest
from formulas import formulas
from hypothesis import given

from examgen.typeset.plain import plain


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{\partial L}{\partial w_{21}}", "∂L/∂w₂₁"),
        (r"\frac{\partial^2 L}{\partial w^2}", "∂²L/∂w²"),
        (r"\frac{a+b}{-2}", "(a + b)/(−2)"),
        (r"\frac{\left(a+b\right)}{c}", "(a + b)/c"),
        (r"\frac{1}{2a}", "1/(2a)"),
        (r"\frac12 x", "(1/2)x"),
        (r"2\tfrac12", "2(1/2)"),
        (r"\dfrac12 (a-b)^2", "(1/2)(a − b)²"),
        (r"\frac12 \cdot x", "1/2 ⋅ x"),
        (r"\frac{\frac ab}{c}", "(a/b)/c"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt{xy}", "√(xy)"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"\sqrt[n]{x}", "ⁿ√x"),
        (r"90^\circ", "90°"),
        (r"w^* + W^\top", "w* + Wᵀ"),
        (r"x^{a+b}_c", "x_c^(a+b)"),
        (r"\widehat{ab}\ \hat a", "(ab)\u0302 â"),
        (r"\overline{ab}", "a\u0305b\u0305"),
        (r"\mathbb{1}[z>0]", "𝟙[z > 0]"),
        (r"\mathsf{ReLU}(x)\mathcal{L}", "ReLU(x)ℒ"),
        (r"\operatorname{ReLU}'\left(z\right) - 1", "ReLU′(z) − 1"),
        (r"-\ln\left(x\right)", "−ln(x)"),
        (r"\underbrace{a+b}_{\partial L} \cdot c", "(a + b) [∂L] ⋅ c"),
        (r"\overbrace{a}^{n}", "a [n]"),
        (r"\underbrace{a+b}", "a + b"),
        (r"a \overset{!}{=} b", "a =^! b"),
        (r"\left.\frac ab\right|_{x=0}", "(a/b)|ₓ₌₀"),
        (r"\bigl(a\bigr)", "(a)"),
        (r"a \bigm| b", "a | b"),
        (r"\begin{pmatrix}a & b\\c & d\end{pmatrix}", "[a b; c d]"),
        (r"\begin{vmatrix}a & b\\c & d\end{vmatrix}", "|a b; c d|"),
        (r"\begin{matrix}a & b\\c & d\end{matrix}", "[a b; c d]"),
        (r"\begin{aligned}a &= b\\ &= c\end{aligned}", "a = b; = c"),
        (r"\sum_{\substack{i \\ j}}", "∑_(i,j)"),
        (r"\begin{cases}z, & z>0,\\0 & \text{else.}\end{cases}", "{ z z > 0; 0 else."),
        (r"\displaystyle\frac12 x", "(1/2)x"),
        (r"0{,}65", "0,65"),
        (r"\frac{}{}", "/"),
    ],
)
def test_line(tex: str, line: str) -> None:
    """Every construct has its form on one line, without doubt what belongs to what."""
    assert " ".join(plain(tex).split()) == line


def test_cases_read_as_a_sentence() -> None:
    """The value and its condition, one case after the other."""
    tex = r"f(z) = \begin{cases} z & \text{if } z > 0, \\ 0 & \text{otherwise} \end{cases}"
    assert plain(tex) == "f(z) = { z if z > 0; 0 otherwise"


@given(formulas())
def test_any_formula_is_one_line(tex: str) -> None:
    """No formula of the subset fails or breaks the line, nor does a command show."""
    line = plain(tex)
    assert "\n" not in line
    assert "\\" not in line
