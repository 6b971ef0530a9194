"""Mathematics and prose: what is read, how it is set, and what is said of a mistake."""

from __future__ import annotations

import pytest

from examgen.errors import ExamgenError
from examgen.typeset import (
    Box,
    fitted,
    layout,
    lines,
    plain,
    plain_text,
    relation_parts,
    segments,
    stack,
    text_box,
    verbatim_lines,
)
from examgen.typeset.fonts import MATH, MISSING, REGULAR, glyph
from examgen.typeset.symbols import ACCENTS, FUNCTIONS, SYMBOLS

SIZE = 10.0


def text_of(box: Box) -> str:
    """All characters of a box in the order drawn."""
    return "".join(run.text for run in box.runs)


def x_of(box: Box, char: str) -> float:
    """Where the first run with a character begins."""
    return next(run.x for run in box.runs if char in run.text)


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{\partial L}{\partial w_{21}}", "∂L/∂w₂₁"),
        (r"\frac{a+b}{-2}", "(a + b)/(−2)"),
        (r"\hat y_1 = -0.5", "ŷ₁ = −0.5"),
        (r"\tilde c_t", "c\u0303ₜ"),
        (r"h_{t-1}^2", "hₜ₋₁²"),
        (r"h_{t,1}", "h_(t,1)"),
        (r"w'_{21}", "w₂₁′"),
        (r"w^\prime", "w′"),
        (r"\operatorname{ReLU}(z) = \max(0, z)", "ReLU(z) = max(0, z)"),
        (r"\sum_{i=1}^2 v_i h_i", "∑ᵢ₌₁² vᵢhᵢ"),
        (r"\left\{\sqrt{x+1}\right\}", "{√(x + 1)}"),
        (r"a \le b \ne c \to \infty", "a ≤ b ≠ c → ∞"),
        (r"x\quad\text{if } y", "x if y"),
    ],
)
def test_plain_writes_one_line(tex: str, line: str) -> None:
    """A formula on one line of Unicode keeps its meaning."""
    assert " ".join(plain(tex).split()) == line


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"x + \sigm", r"unknown command '\\sigm' \(did you mean 'sigma'\?\) at column 5"),
        (r"{a", r"'\{' is never closed at column 1"),
        (r"a}", r"'\}' without '\{' at column 2"),
        (r"\frac{a}", r"'\\frac' lacks its argument at column 1"),
        (r"x^", r"'\^' lacks its argument at column 2"),
        (r"a_b_c", r"a second '_' .* at column 4"),
        (r"\left( a", r"'\\left' without '\\right' at column 1"),
        (r"a \right)", r"without '\\left' at column 3"),
        (r"\left a b", r"'a' is no bracket at column 7"),
        (r"\text{\alpha}", r"a command inside text at column 7"),
        (r"\text{a", r"never closed at column 6"),
        (r"a $ b", r"'\$' is not understood in a formula at column 3"),
        ("{" * 40, r"nested deeper than 24 levels at column 25"),
        ("x" * 5000, r"formula of 5000 characters"),
        ("\\", r"unknown command"),
    ],
)
def test_mistake_is_named_with_its_column(tex: str, message: str) -> None:
    """A formula that cannot be read says what is wrong and where."""
    with pytest.raises(ExamgenError, match=message):
        layout(tex, SIZE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a $x b", "'\\$' at column 3 is never closed"),
        ("a $$ b", "an empty formula at column 3"),
        (r"see \alpha", "a backslash outside"),
        (r"$\foo$", "unknown command"),
    ],
)
def test_prose_mistake_is_named(text: str, message: str) -> None:
    """Prose with a stray dollar or backslash is refused."""
    with pytest.raises(ExamgenError, match=message):
        lines(text, 300.0, SIZE)


@pytest.mark.parametrize("command", sorted({*SYMBOLS, *FUNCTIONS}))
def test_every_command_is_in_the_fonts(command: str) -> None:
    """No command of the table ends in the square of a missing glyph, nor in its own name."""
    drawn = text_of(layout(f"\\{command} ", SIZE))
    assert drawn
    assert MISSING not in drawn
    assert "\\" not in drawn


@pytest.mark.parametrize("accent", sorted(ACCENTS))
@pytest.mark.parametrize("base", ["y", "c", "L", r"\theta", "xy"])
def test_accent_stands_over_its_letter(accent: str, base: str) -> None:
    """An accented letter is as wide as the letter and taller, or deeper for a line under it."""
    bare, marked = layout(base, SIZE), layout(f"\\{accent}{{{base}}}", SIZE)
    assert marked.width == pytest.approx(bare.width, rel=0.1)
    if accent == "underline":
        assert marked.depth > bare.depth
    else:
        assert marked.height > bare.height


def test_variables_are_italic_and_digits_upright() -> None:
    """Letters are the italics of the Math face; digits are upright, and function names words."""
    runs = layout(r"x2\tanh", SIZE).runs
    assert [(run.text, run.face) for run in runs] == [("x", MATH), ("2", MATH), ("tanh", REGULAR)]
    assert [run.glyphs for run in runs[:2]] == [(glyph(MATH, c).id,) for c in "𝑥2"]


def test_hyphen_is_a_minus_sign() -> None:
    """A number's sign is U+2212."""
    assert text_of(layout("-0.5", SIZE)) == "−0.5"


def test_minus_is_spaced_as_its_place_demands() -> None:
    """A binary minus has space around it, a sign has none."""
    binary, sign = layout("a-b", SIZE), layout("{-}b", SIZE)
    assert x_of(binary, "b") - x_of(binary, "−") > x_of(sign, "b") + 0.1 * SIZE


def test_relation_before_a_sum_keeps_its_space() -> None:
    """An equals sign is as far from a sum as from a letter."""
    after_sum = layout(r"a=\sum b", SIZE)
    after_letter = layout("a=b", SIZE)
    assert x_of(after_sum, "∑") == pytest.approx(x_of(after_letter, "b"))


def test_scripts_shrink_twice_and_stay_readable() -> None:
    """Scripts two deep are smaller each time, never under half the size."""
    sizes = [run.size for run in layout("a_{b_{c_{d}}}", SIZE).runs]
    assert sizes[0] > sizes[1] > sizes[2] >= 0.55 * SIZE
    assert sizes[3] == sizes[2]


def test_scripts_stand_above_and_below() -> None:
    """A superscript is above the baseline, a subscript below, and they do not touch."""
    base, sup, sub = layout("x^2_1", SIZE).runs
    assert sub.y < base.y < sup.y


def test_fraction_has_its_bar_between_its_parts() -> None:
    """A displayed fraction is numerator, bar, denominator from top to bottom."""
    box = layout(r"\frac{a}{b}", SIZE, display=True)
    (over, under), (bar,) = box.runs, box.rules
    assert over.y > bar.y > under.y
    assert over.size == SIZE


def test_limits_go_under_a_displayed_sum_only() -> None:
    """In a line the limits of a sum stand beside it."""
    shown = layout(r"\sum_{i}", SIZE, display=True)
    inline = layout(r"\sum_{i}", SIZE)
    assert x_of(shown, "i") < shown.width / 2 < x_of(inline, "i")


def test_brackets_grow_with_their_body() -> None:
    """Brackets around a displayed fraction are as tall as it."""
    body = layout(r"\frac{a}{b}", SIZE, display=True)
    fenced = layout(r"\left(\frac{a}{b}\right)", SIZE, display=True)
    assert fenced.height >= 0.9 * body.height
    assert fenced.runs[0].glyphs != layout("(", SIZE).runs[0].glyphs
    assert fenced.runs[0].text == "("


def test_segments_make_the_whole() -> None:
    """Cutting a formula for a line break loses no width and no sign."""
    tex = r"z = w_{11}x_1 + b \le c"
    whole = layout(tex, SIZE)
    parts = segments(tex, SIZE)
    assert len(parts) == 4
    assert sum(part.box.width + part.gap for part in parts) == pytest.approx(whole.width)
    assert "".join(text_of(part.box) for part in parts) == text_of(whole)


def test_relation_parts_cut_a_chain() -> None:
    """A chain is cut at its relations, and each part at its signs."""
    parts = relation_parts("a = b + c = d", SIZE)
    assert [["".join(map(text_of, part))] for part in parts] == [["a"], ["=b+c"], ["=d"]]
    assert [len(part) for part in parts] == [1, 2, 1]


def test_prose_fits_its_lines() -> None:
    """No line is wider than asked for, and full lines are justified."""
    text = r"The loss is $L = \frac{1}{2}(\hat y - y)^2$ and costs \$5. " * 6
    found = lines(text, 200.0, SIZE)
    assert len(found) == 5
    assert all(line.width <= 200.01 for line in found)
    assert found[0].width == pytest.approx(200.0)
    assert "$5." in "".join(map(text_of, found))


def test_formula_sticks_to_its_punctuation() -> None:
    """A comma after a formula does not move to the next line."""
    for width in range(20, 60):
        found = lines("word $x$, word", float(width), SIZE)
        assert not any(text_of(line).startswith(",") for line in found)


def test_long_words_and_formulas_are_cut_or_shrunk() -> None:
    """Whatever is wider than a line still fits it."""
    word = verbatim_lines("W" * 300, 100.0, SIZE)
    assert len(word) > 20
    assert all(line.width <= 100.0 for line in word)
    formula = lines("$" + "a" * 300 + "$", 100.0, SIZE)
    assert formula[0].width == pytest.approx(100.0)


def test_verbatim_text_means_nothing() -> None:
    """Dollars, backslashes and markup stand for themselves in a name."""
    name = r'<b>&"$x$\alpha'
    assert text_of(verbatim_lines(name, 500.0, SIZE)[0]) == name


@pytest.mark.parametrize("char", ["ᚠ", "😀", "𐎀", "\x07", "\u202e"])
def test_missing_glyph_is_a_visible_square(char: str) -> None:
    """What the fonts do not have is drawn as a square."""
    assert text_of(text_box(char, REGULAR, SIZE)) == MISSING


def test_accents_of_a_name_are_composed() -> None:
    """A letter and its combining mark become the letter that the font has."""
    assert text_of(text_box("e\u0301", REGULAR, SIZE)) == "é"


def test_plain_text_of_prose() -> None:
    """Prose with formulas on one line, a dollar unescaped."""
    assert plain_text("Give $\\hat y_1$\n for  \\$3.") == "Give ŷ₁ for $3."


def test_paragraph_stacks_its_lines() -> None:
    """A paragraph hangs from its first line and is as deep as its lines."""
    box = stack(lines("word " * 40, 100.0, SIZE), 100.0, SIZE)
    assert box.depth > 10 * SIZE > box.height


def test_fitted_shrinks_and_never_grows() -> None:
    """A box is scaled down to a width, and left alone where it is narrower."""
    box = layout(r"\frac{a}{b}", SIZE)
    half = fitted(box, box.width / 2)
    assert half.height == pytest.approx(box.height / 2)
    assert half.rules[0].width == pytest.approx(box.rules[0].width / 2)
    assert fitted(box, 2 * box.width) is box


def test_primes_of_named_operators_are_set_in_displays_too() -> None:
    """ReLU' keeps its prime on a line of its own: it is no operator with limits."""
    for display in (False, True):
        runs = layout(r"\operatorname{ReLU}'\left(h_1\right)", 10, display=display).runs
        assert "".join(run.text for run in runs) == "ReLU′(h1)"


def test_an_accent_does_not_move_the_subscript() -> None:
    """The index of a y with a hat stands on the line of that of a plain y."""

    def index_height(tex: str) -> float:
        return next(run.y for run in layout(tex, 10).runs if run.text == "1")

    assert index_height(r"\hat{y}_1") == index_height("y_1")
