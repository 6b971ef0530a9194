"""Formulas in words: what is heard says which formula it is."""

from __future__ import annotations

import re

import pytest
from formulas import formulas
from hypothesis import given
from hypothesis import strategies as st

from examgen.errors import ExamgenError
from examgen.typeset.speech import speech
from examgen.typeset.spoken import MARKS, SIGNS, sign
from examgen.typeset.symbols import ACCENTS, FUNCTIONS, SYMBOLS


@pytest.mark.parametrize(
    ("tex", "english", "german"),
    [
        (
            r"\frac{\partial L}{\partial w_{21}} = 0.65",
            "fraction partial L over partial w sub 2 1 end fraction equals 0.65",
            "Bruch partiell L durch partiell w Index 2 1 Ende Bruch gleich 0.65",
        ),
        (r"\hat y_1 - y_1", "y hat sub 1 minus y sub 1", "y Dach Index 1 minus y Index 1"),
        (
            "h_{t-1} + h_t",
            "h sub t minus 1 end sub plus h sub t",
            "h Index t minus 1 Ende Index plus h Index t",
        ),
        ("v_1h_1", "v sub 1, h sub 1", "v Index 1, h Index 1"),
        ("x^2 y^3", "x squared y cubed", "x Quadrat y hoch drei"),
        ("x^{-1}", "x to the power minus 1 end power", "x hoch minus 1 Ende hoch"),
        (
            "x^{(l)}",
            "x super open paren l close paren end super",
            "x oben Klammer auf l Klammer zu Ende oben",
        ),
        (r"W^\top x", "W transpose x", "W transponiert x"),
        ("f''(0{,}5)", "f double prime open paren 0,5 close paren", None),
        (r"\sqrt{x+1}", "square root of x plus 1 end root", "Wurzel aus x plus 1 Ende Wurzel"),
        (r"\sqrt[3]{x}", "cube root of x end root", "dritte Wurzel aus x Ende Wurzel"),
        (r"\sqrt[n]{x}", "root of degree n of x end root", None),
        (
            r"\sum_{i=1}^n x_i",
            "sum from i equals 1 to n of x sub i",
            "Summe von i gleich 1 bis n über x Index i",
        ),
        (r"\sum_k y_k", "sum for k of y sub k", "Summe über k von y Index k"),
        (r"\lim_{n\to\infty}", "limit for n right arrow infinity of", None),
        (r"\log_2 x", "log sub 2, x", "Logarithmus Index 2, x"),
        (r"\tanh^2 z", "hyperbolic tangent squared z", "Tangens hyperbolicus Quadrat z"),
        (
            r"\underbrace{a+b}_{c} \cdot d",
            "underbrace a plus b with c underneath times d",
            "Klammer unter a plus b mit c darunter mal d",
        ),
        (r"\overbrace{a}^{n}", "overbrace a with n above it", "Klammer über a mit n darüber"),
        (
            r"\begin{cases} z & \text{if } z > 0, \\ 0 & \text{else.} \end{cases}",
            "2 cases, case 1: z if z greater than 0; case 2: 0 else, end cases",
            "2 Fälle, Fall 1: z if z größer als 0; Fall 2: 0 else, Ende Fälle",
        ),
        (
            r"\begin{bmatrix}1 & 2\\3 & 4\end{bmatrix}",
            "2 by 2 matrix, row 1: 1; 2; row 2: 3; 4, end matrix",
            "2 mal 2 Matrix, Zeile 1: 1; 2; Zeile 2: 3; 4, Ende Matrix",
        ),
        (r"\begin{pmatrix}a\\b\end{pmatrix}", "column vector a; b end vector", None),
        (r"\begin{pmatrix}a & b\end{pmatrix}", "row vector a; b end vector", None),
        (
            r"\begin{vmatrix}a\end{vmatrix}",
            "determinant of 1 by 1 matrix, row 1: a, end matrix",
            None,
        ),
        (
            r"\begin{aligned}a &= b\\ &= c\end{aligned}",
            "2 lines, line 1: a equals b; line 2: equals c, end lines",
            None,
        ),
        (r"\left|x\right|", "absolute value of x end absolute value", "Betrag von x Ende Betrag"),
        (r"\left\|x\right\|_2", "norm of x end norm sub 2", None),
        (r"\mathbb{R}\mathcal{L}\mathbf{W}", "double-struck R script L bold W", None),
        (r"\boldsymbol{\theta}\Sigma", "bold theta capital sigma", "fett Theta großes Sigma"),
        (r"\mathrm{ReLU}(z)", "ReLU open paren z close paren", "ReLU Klammer auf z Klammer zu"),
        (r"a, \quad b", "a comma, b", "a Komma, b"),
        (r"\widehat{ab}\hat a", "group a b end group hat a hat", None),
        (r"{a+b}^2", "group a plus b end group squared", None),
        (r"a \overset{x}{=} b", "a equals with x above b", "a gleich mit x darüber b"),
        (r"\frac{}{2}", "fraction empty over 2 end fraction", "Bruch leer durch 2 Ende Bruch"),
        ("90^\\circ", "90 degrees", "90 Grad"),
        ("", "", ""),
    ],
)
def test_words(tex: str, english: str, german: str | None) -> None:
    """Every construct in words of both languages."""
    assert speech(tex) == english
    if german is not None:
        assert speech(tex, "de") == german


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\frac{a}{b} + c", r"\frac{a}{b + c}"),
        (r"\frac{a + b}{c}", r"a + \frac{b}{c}"),
        (r"\frac{\frac ab}{c}", r"\frac{a}{\frac bc}"),
        (r"\sqrt{a} + b", r"\sqrt{a + b}"),
        ("h_{t-1}", "h_t - 1"),
        ("w_{21}", "w_2 1"),
        ("h_{tx}", "h_t x"),
        ("x^{2+a}", "x^2 + a"),
        ("{a+b}^2", "a + b^2"),
        ("a_{b_c}", "a_b c"),
        (r"\hat{ab}", r"a \hat b"),
        (r"\sum_{i}^{n} x", r"\sum_{i} nx"),
        (r"\underbrace{a}_{b} c", r"\underbrace{a}_{bc}"),
        (r"\underbrace{a + b}_{c}", r"a + \underbrace{b}_{c}"),
        ("x'_1", "x_{1'}"),
        (r"\mathbf{W}x", r"W\mathbf{x}"),
        (r"\Sigma", r"\sigma"),
        (r"\sum", r"\Sigma"),
        (r"f(x)", r"f[x]"),
    ],
)
def test_different_formulas_sound_different(one: str, other: str, language: str) -> None:
    """What stands under a bar, a root or in a script is heard to end."""
    assert speech(one, language) != speech(other, language)


@pytest.mark.parametrize("language", [0, 1])
def test_every_sign_has_words(language: int) -> None:
    """All commands of the tables are called by a word of letters, in both languages."""
    for char, _ in SYMBOLS.values():
        assert re.fullmatch(r"[\w -]+", sign(char, language)), char
        assert sign(char, language) != char or char.isalnum(), char
    assert set(MARKS) == set(ACCENTS.values())


def test_different_signs_sound_different() -> None:
    """Signs of one class are told apart, but for those that mean the same."""
    same = {"⋅": "×", "⩽": "≤", "⩾": "≥", "…": "⋯", "/": "÷", "≜": "≔", "⟹": "⇒", "⟸": "⇐"}
    same |= {"⟺": "⇔", "⟼": "↦", "∪": "⋃", "∩": "⋂", "⊗": "⨂"}
    for language in (0, 1):
        heard: dict[str, str] = {}
        for char in SIGNS:
            if char not in same:
                assert heard.setdefault(sign(char, language), char) == char


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_spoken(name: str) -> None:
    """Functions are called by words, without a stray command."""
    for language in ("en", "de"):
        assert re.fullmatch(r"[\w ]+ x", speech(f"\\{name} x", language))


@given(formulas(), st.sampled_from(["en", "de"]))
def test_any_formula_is_spoken(tex: str, language: str) -> None:
    """Words only, in one line, and whatever is opened is closed."""
    said = speech(tex, language)
    assert not re.search(r"[\\{}^\n]|  |None", said), said
    assert said == said.strip()
    begin, end = (("fraction", "end fraction"), ("Bruch", "Ende Bruch"))[language == "de"]
    words = re.findall(rf"\b{begin}\b", said)
    assert len(words) == 2 * len(re.findall(rf"\b{end}\b", said))


def test_what_the_paper_refuses_is_refused() -> None:
    """The same parser, so the same words."""
    with pytest.raises(ExamgenError, match="unknown command"):
        speech(r"\foo")
    with pytest.raises(AssertionError, match="no words in 'fr'"):
        speech("x", "fr")
