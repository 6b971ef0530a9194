"""TeX to a tree: every construct of the subset, every mistake with its column, and the bounds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from formulas import formulas
from hypothesis import given

from examgen.errors import ExamgenError
from examgen.typeset.environments import ENVIRONMENTS, MAX_COLUMNS, MAX_ROWS
from examgen.typeset.parse import MAX_DEPTH, MAX_LENGTH, parse, part_ends
from examgen.typeset.spacing import MEDIUM, THICK, THIN, between, class_of_tree, classes
from examgen.typeset.symbols import REFUSED
from examgen.typeset.tree import (
    Accent,
    Atom,
    Braced,
    Bracket,
    Fenced,
    Fraction,
    Grid,
    Root,
    Row,
    Scripts,
    Space,
    Styled,
    Tree,
    parts,
    single,
)

A, B = Atom("a"), Atom("b")
MANY_ROWS = r"a\\" * (MAX_ROWS + 1)


def only(tex: str) -> Tree:
    """The one part of a formula."""
    tree = single(parse(tex))
    assert not isinstance(tree, Row), tex
    return tree


def grid_of(tex: str) -> Grid:
    """The grid of a formula, out of its brackets."""
    tree = only(tex)
    tree = single(tree.body) if isinstance(tree, Fenced) else tree
    assert isinstance(tree, Grid)
    return tree


@pytest.mark.parametrize(
    ("tex", "tree"),
    [
        (r"\frac ab", Fraction(A, B)),
        (r"\dfrac ab", Fraction(A, B, display=True)),
        (r"\tfrac ab", Fraction(A, B, display=False)),
        ("a''_b", Scripts(A, sub=B, primes=2)),
        (r"a^\prime", Scripts(A, primes=1)),
        (r"\hat a", Accent("\u0302", A)),
        (r"\widehat a", Accent("\u0302", A, wide=True)),
        (r"\overline a", Accent("\u0305", A, wide=True)),
        (r"\underline a", Accent("\u0332", A, wide=True)),
        (r"\sqrt a", Root(A)),
        (r"\sqrt[3]a", Root(A, Row((Atom("3"),)))),
        (r"\left( a \right]", Fenced("(", Row((A,)), "]")),
        (r"\left. a \right|", Fenced("", Row((A,)), "|")),
        (r"\left<a\right>", Fenced("⟨", Row((A,)), "⟩")),
        (r"\left(a\middle|b\right)", Fenced("(", Row((A, Bracket("|", 0, "open"), B)), ")")),
        (r"\big(", Bracket("(", 1, "open")),
        (r"\Big|", Bracket("|", 2)),
        (r"\biggr|", Bracket("|", 3, "close")),
        (r"\Biggl[", Bracket("[", 4, "open")),
        (r"\bigm|", Bracket("|", 1, "rel")),
        (r"\underbrace a_b", Braced(A, B)),
        (r"\overbrace a^b", Braced(A, B, over=True)),
        (r"\underbrace a", Braced(A)),
        (r"\underbrace a_b^a", Scripts(Braced(A, B), sup=A, limits="always")),
        (r"\overset ab", Scripts(B, sup=A, limits="always")),
        (r"\underset ab", Scripts(B, sub=A, limits="always")),
        (r"\stackrel a\to", Scripts(Atom("→", "rel"), sup=A, limits="always")),
        (r"\sum_a^b", Scripts(Atom("∑", "op"), A, B, limits="display")),
        (r"\sum\limits_a", Scripts(Atom("∑", "op"), A, limits="always")),
        (r"\sum\nolimits_a", Scripts(Atom("∑", "op"), A)),
        (r"\int_a", Scripts(Atom("∫", "op"), A)),
        (r"\int\limits_a", Scripts(Atom("∫", "op"), A, limits="always")),
        (r"\max_a", Scripts(Atom("max", "op", "upright"), A, limits="display")),
        (r"\log_a", Scripts(Atom("log", "op", "upright"), A)),
        (r"\operatorname{f}_a", Scripts(Atom("f", "op", "upright"), A)),
        (r"\operatorname*{f}_a", Scripts(Atom("f", "op", "upright"), A, limits="display")),
        (r"\mathbb1", Atom("𝟙", "ord", "upright")),
        (r"\mathbb R", Atom("ℝ", "ord", "upright")),
        (r"\mathcal L", Atom("ℒ", "ord", "upright")),
        (r"\mathbf{ab}", Atom("ab", "ord", "bold")),
        (r"\boldsymbol\theta", Atom("θ", "ord", "bold italic")),
        (r"\boldsymbol\nabla", Atom("∇", "ord", "bold")),
        (r"\bm\Sigma", Atom("Σ", "ord", "bold")),
        (r"\text{if } ", Atom("if ", "ord", "text")),
        (r"\not=", Atom("≠", "rel")),
        (r"\not\in", Atom("∉", "rel")),
        ("0.65", Atom("0.65")),
        ("0{,}65", Atom("0,65")),
        ("12^a", Scripts(Atom("12"), sup=A)),
        (r"\qquad", Space(2.0)),
        ("{}_a", Scripts(Row(), A)),
    ],
)
def test_construct(tex: str, tree: Tree) -> None:
    """Each construct becomes its node."""
    assert only(tex) == tree


def test_every_letter_of_an_argument_is_restyled() -> None:
    """Bold reaches scripts, accents and fractions; products stay two letters, words become one."""
    assert only(r"\mathbf{\hat w_1}") == Scripts(
        Accent("\u0302", Atom("w", "ord", "bold")), Atom("1", "ord", "bold")
    )
    assert parts(single(parse(r"\bm{ab}"))) == (
        Atom("a", "ord", "bold italic"),
        Atom("b", "ord", "bold italic"),
    )
    assert only(r"\mathrm{\frac{ab}{2}}") == Fraction(
        Row((Atom("ab", "ord", "upright"),)), Row((Atom("2", "ord", "upright"),))
    )


def test_change_of_style_reaches_to_the_end_of_its_group() -> None:
    """And not beyond it; letters look the same in both styles and are left alone."""
    half = Fraction(Atom("1"), Atom("2"))
    items = parse(r"a {b \displaystyle + \frac12 \textstyle \frac12} \frac12").items
    inner = (B, Atom("+", "bin"), Styled(half, display=True), Styled(half, display=False))
    assert items == (A, Row(inner), half)


@pytest.mark.parametrize(
    ("tex", "kind", "columns", "brackets"),
    [
        (r"\begin{matrix}a&b\\b&a\end{matrix}", "matrix", "cc", ""),
        (r"\begin{pmatrix}a&b\\b&a\end{pmatrix}", "matrix", "cc", "()"),
        (r"\begin{bmatrix}a&b\\b&a\\\end{bmatrix}", "matrix", "cc", "[]"),
        (r"\begin{Bmatrix}a&b\\b&a\end{Bmatrix}", "matrix", "cc", "{}"),
        (r"\begin{vmatrix}a&b\\b&a\end{vmatrix}", "matrix", "cc", "||"),
        (r"\begin{Vmatrix}a&b\\b&a\end{Vmatrix}", "matrix", "cc", "‖‖"),
        (r"\begin{smallmatrix}a&b\\b&a\end{smallmatrix}", "small", "cc", ""),
        (r"\begin{array}{l r}a&b\\b&a\end{array}", "matrix", "lr", ""),
        (r"\begin{cases}a&b\\b&a\end{cases}", "cases", "ll", "{"),
        (r"\substack{a\\b}", "small", "c", ""),
    ],
)
def test_grid(tex: str, kind: str, columns: str, brackets: str) -> None:
    """Each environment becomes rows of cells of one kind, in its brackets."""
    tree = only(tex)
    found = grid_of(tex)
    assert (found.kind, found.columns) == (kind, columns)
    assert [[single(cell) for cell in cells] for cells in found.rows] == (
        [[A, B], [B, A]] if len(columns) == 2 else [[A], [B]]
    )
    assert brackets == (tree.left + tree.right if isinstance(tree, Fenced) else "")


@pytest.mark.parametrize("name", ["aligned", "align*", "split"])
def test_aligned_signs_keep_their_space(name: str) -> None:
    """A sign after the mark of alignment is a sign between two things, as in TeX."""
    grid = grid_of(rf"\begin{{{name}}} a &= b \\ &+ b \end{{{name}}}")
    assert (grid.kind, grid.columns) == ("aligned", "rl")
    for cells, cls in zip(grid.rows, ("rel", "bin"), strict=True):
        assert classes(parts(cells[1])) == ["ord", cls, "ord"]


def test_short_rows_are_filled() -> None:
    """A row with fewer cells than the widest gets empty ones."""
    assert grid_of(r"\begin{matrix}a&b&a\\b\end{matrix}").rows[1] == (Row((B,)), Row(), Row())


@pytest.mark.parametrize(("before", "dots"), [("+", "⋯"), ("=", "⋯"), (",", "…"), ("", "…")])
def test_dots_stand_where_amsmath_puts_them(before: str, dots: str) -> None:
    """On the axis before signs, on the baseline elsewhere."""
    assert parse(rf"a \dots {before}").items[1] == Atom(dots, "inner")


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"x + \sigm", r"unknown command '\\sigm' \(did you mean 'sigma'\?\) at column 5"),
        (r"\frc12", r"'\\frc' \(did you mean 'frac'\?\) at column 1"),
        (r"a \tag{1}", r"'\\tag' is refused \(equations carry no numbers\) at column 3"),
        (r"a\hspace{1cm}", r"'\\hspace' is refused \(use .*quad.*\) at column 2"),
        (r"a \\ b", r"a new line outside of aligned lines or a matrix at column 3"),
        (r"a & b", r"'&' is not understood outside a matrix at column 3"),
        (r"\begin{matrx}a\end{matrx}", r"'matrx' \(did you mean 'matrix'\?\) at column 1"),
        (r"\begin{cases}a", r"'\\begin\{cases\}' without '\\end\{cases\}' at column 1"),
        (r"\begin{cases}a\end{matrix}", r"ended by '\\end\{matrix\}' at column 15"),
        (r"\begin{cases}a}\end{cases}", r"'\\begin\{cases\}' without .* at column 1"),
        (r"\begin{cases}a&b&c\end{cases}", r"a row of 'cases' with 3 cells; it has at most 2"),
        (r"\begin{array}{c}a&b\end{array}", r"a row of 'array' with 2 cells; it has at most 1"),
        (r"\begin{array}{c|c}a\end{array}", r"columns 'c\|c'.* at column 1"),
        (r"\begin{matrix}a\\[2pt]b\end{matrix}", r"no length is read .* at column 18"),
        (r"\substack a", r"'\\substack' lacks its '\{...\}' at column 1"),
        (r"\end{cases}", r"'\\end' is refused .* at column 1"),
        (r"\left(a", r"'\\left' without '\\right' at column 1"),
        (r"a\middle|", r"'\\middle' is refused .* at column 2"),
        (r"\big a", r"'a' is no bracket at column 6"),
        (r"\big.", r"'\\big' lacks its bracket at column 5"),
        (r"\big", r"'\\big' lacks its bracket at column 1"),
        (r"\sqrt[3", r"'\[' is never closed at column 1"),
        (r"\not x", r"what cannot be struck out at column 1"),
        (r"\not{a+b}", r"what cannot be struck out at column 1"),
        (r"x\limits_1", r"'\\limits' without an operator before it at column 2"),
        (r"\limits", r"'\\limits' is refused .* at column 1"),
        (r"x^\displaystyle", r"'\\displaystyle' is no argument.* at column 3"),
        (r"\operatorname x", r"'\\operatorname' lacks its '\{...\}' at column 1"),
        (r"a_b_c", r"a second '_' on the same base at column 4"),
    ],
)
def test_mistake_is_named_with_its_column(tex: str, message: str) -> None:
    """What cannot be read is named, with its place and what to do."""
    with pytest.raises(ExamgenError, match=message):
        parse(tex)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_commands_say_why(name: str) -> None:
    """Commands of TeX that are not set are refused with a reason."""
    with pytest.raises(ExamgenError, match=r"is refused \(.+\) at column 1"):
        parse(f"\\{name}{{}}")


@pytest.mark.parametrize(
    "tex",
    [
        "x" * (MAX_LENGTH + 1),
        "{" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1),
        r"\hat" * 900 + "x",
        r"x^\sqrt" * 500,
        r"\frac1" * 600 + "2",
        r"\left(" * 600,
        r"\begin{matrix}" * 200,
        r"\displaystyle" * 300,
        rf"\begin{{matrix}}{'&' * MAX_COLUMNS}\end{{matrix}}",
        rf"\begin{{matrix}}{MANY_ROWS}\end{{matrix}}",
        rf"\substack{{{MANY_ROWS}}}",
    ],
)
def test_formulas_are_bounded(tex: str) -> None:
    """In length, in depth however it comes about, in rows and in columns."""
    with pytest.raises(ExamgenError):
        parse(tex)


def test_bounds_can_be_reached() -> None:
    """The largest grid and the deepest group are still read."""
    cells = "&".join("a" * MAX_COLUMNS) + r"\\ a" * (MAX_ROWS - 1)
    grid = grid_of(rf"\begin{{matrix}}{cells}\end{{matrix}}")
    assert (len(grid.rows), len(grid.columns)) == (MAX_ROWS, MAX_COLUMNS)
    assert single(parse("{" * (MAX_DEPTH - 1) + "a" + "}" * (MAX_DEPTH - 1))) == A


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_is_read(name: str) -> None:
    """Each of the table, with one cell."""
    spec = "{c}" if name == "array" else ""
    whole = r"\substack{a}" if name == "substack" else rf"\begin{{{name}}}{spec}a\end{{{name}}}"
    (cell,) = grid_of(whole).rows[0]
    cell = single(cell)
    assert (cell.body if isinstance(cell, Styled) else cell) in (A, Row((A,)))


def test_formula_is_read_once() -> None:
    """The same text gives the same tree."""
    assert parse("a+b") is parse("a+b")


@given(formulas())
def test_any_formula_of_the_subset_is_read(tex: str) -> None:
    """Whatever is put together from the constructs is read."""
    tree = parse(tex)
    assert len(classes(tree.items)) == len(tree.items)


# --- spacing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "cls"),
    [
        (r"\frac ab", "ord"),
        (r"\left(a\right)", "fence"),
        (r"\left(a\right)^2", "fence"),
        (r"\underbrace a_b", "inner"),
        (r"\cdots", "inner"),
        (r"\vdots", "ord"),
        (r"{=}", "ord"),
        (r"\overset ab", "ord"),
        (r"\overset a=", "rel"),
        (r"\stackrel ab", "rel"),
        (r"\sum_a", "op"),
        (r"\hat a", "ord"),
        (r"\bigl|", "open"),
        (r"\begin{matrix}a\end{matrix}", "ord"),
        (r"\,", "space"),
        ("{}", "ord"),
        (r"\displaystyle\sum", "op"),
    ],
)
def test_class_of_a_part(tex: str, cls: str) -> None:
    """The classes of The TeXbook, chapter 17."""
    assert class_of_tree(parse(tex).items[0]) == cls


TABLE = """
      ord op bin rel open close punct inner
ord   0   1  (2) (3) 0    0     0     (1)
op    1   1  *   (3) 0    0     0     (1)
bin   (2) (2) *  *   (2)  *     *     (2)
rel   (3) (3) *  0   (3)  0     0     (3)
open  0   0  *   0   0    0     0     0
close 0   1  (2) (3) 0    0     0     (1)
punct (1) (1) *  (1) (1)  (1)   (1)   (1)
inner (1) 1  (2) (3) (1)  0     (1)   (1)
"""


def test_spaces_are_those_of_the_texbook() -> None:
    """The table of chapter 18, printed as there; what is in brackets is left out in scripts."""
    names, *rows = [line.split() for line in TABLE.strip().splitlines()]
    widths = {"0": 0.0, "1": THIN, "2": MEDIUM, "3": THICK}
    for left, *cells in rows:
        for right, cell in zip(names, cells, strict=True):
            if cell != "*":
                width = widths[cell.strip("()")]
                assert between(left, right, script=False) == width
                assert between(left, right, script=True) == (0.0 if "(" in cell else width)


@pytest.mark.parametrize(
    ("tex", "found"),
    [
        ("-a", "ord ord"),
        ("a-b", "ord bin ord"),
        ("a=-b", "ord rel ord ord"),
        ("(-a)", "open ord ord close"),
        ("a+", "ord ord"),
        ("a+=b", "ord ord rel ord"),
        ("a--b", "ord bin ord ord"),
        (r"\underbrace a_b+b", "inner bin ord"),
        (r"a\,-b", "ord space bin ord"),
        (r"\left(a\middle|b\right)", "fence"),
    ],
)
def test_binary_signs_without_operands_are_ordinary(tex: str, found: str) -> None:
    """Appendix G, rules 5 and 6."""
    assert " ".join(classes(parse(tex).items)) == found


# --- where parts end -----------------------------------------------------------------------------


@given(formulas())
def test_a_formula_is_cut_where_its_parts_end(tex: str) -> None:
    """At both ends of a formula, and between all parts that stand apart in its TeX."""
    whole, ends = parse(tex).items, part_ends(tex)
    assert len(ends) == len(whole) + 1
    assert ends[-1] == len(tex)
    known = [end for end in ends if end is not None]
    assert known == sorted(known)
    assert not tex[: known[0]].strip()


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        (r"a_1 + \frac{1}{2} b", ["a_1", "+", r"\frac{1}{2}", "b"]),
        ("x' = -0.5", ["x'", "=", "-", "0.5"]),
        ("1{,}000 + 2", ["1{,}000", "+", "2"]),
        ("a a 0{,}5", ["a", "a", "0{,}5"]),
        (r"\left(a\right) \cdot c", [r"\left(a\right)", r"\cdot", "c"]),
    ],
)
def test_parts_of_a_formula_by_their_tex(tex: str, parts: list[str]) -> None:
    """A number with a comma is one; scripts belong to their base."""
    ends = part_ends(tex)
    assert [tex[a:b].strip() for a, b in pairwise(ends)] == parts


def test_parts_under_one_change_of_style_are_not_told_apart() -> None:
    """What is cut from them would be set in another style."""
    assert part_ends(r"\displaystyle a + b") == [0, None, None, 19]
