"""The formula language: what is read, how it binds, what is refused, and how quickly."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from calls import within
from hypothesis import given, settings
from hypothesis import strategies as st

from examgen.errors import ExamgenError
from examgen.expression import EVERY, Apply, Expression, Index, Literal, Reference, unparse, walk
from examgen.formula import MAX_LENGTH, parse, parse_reference


def shape(expression: Expression) -> str:
    """The tree with every operation in brackets."""
    if isinstance(expression, Apply):
        return f"({expression.function} {' '.join(map(shape, expression.args))})"
    return expression.name if isinstance(expression, Reference) else str(expression.value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b*c", "(add a (mul b c))"),
        ("a*b + c", "(add (mul a b) c)"),
        ("a - b - c", "(sub (sub a b) c)"),
        ("a / b / c", "(div (div a b) c)"),
        ("a / b * c", "(mul (div a b) c)"),
        ("a - (b - c)", "(sub a (sub b c))"),
        ("-a^2", "(neg (square a))"),
        ("(-a)^2", "(square (neg a))"),
        ("-a*b", "(mul (neg a) b)"),
        ("a^b^c", "(pow a (pow b c))"),
        ("a^-1", "(pow a -1)"),
        ("a**3", "(pow a 3)"),
        ("a^2", "(square a)"),
        ("2^-b", "(pow 2 (neg b))"),
        ("a·b − c×d", "(sub (mul a b) (mul c d))"),
        ("a - -b", "(sub a (neg b))"),
        ("+a", "a"),
        ("a + b > c*d", "(gt (add a b) (mul c d))"),
        ("a > 0 and b < 1 or c == 2", "(or (and (gt a 0) (lt b 1)) (eq c 2))"),
        ("not a > 0 and b > 0", "(and (not (gt a 0)) (gt b 0))"),
        ("(a > 0) == (b > 0)", "(eq (gt a 0) (gt b 0))"),
        ("delta/den", "(div delta den)"),
        ("d/w", "(div d w)"),
        ("dL/dw*2", "(mul dL/dw 2)"),
        ("a/dw", "(div a dw)"),
        ("dL/dw'", "dL/dw'"),
        ("max(a, b, c)", "(max a b c)"),
        ("relu'(z)", "(relu' z)"),
        ("1e-3", "1/1000"),
        (".5 + 2.", "(add 1/2 2)"),
        ("\ta\n+\n b ", "(add a b)"),
    ],
)
def test_precedence(text: str, tree: str) -> None:
    """Operators bind as in mathematics; powers from the right, a sign weaker than a power."""
    assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("w", Reference("w")),
        ("w'", Reference("w", prime=True)),
        ("h[1]", Reference("h", (Index(offset=1),))),
        ("h[t-1]", Reference("h", (Index.of("t", -1),))),
        ("h[t + 2]", Reference("h", (Index.of("t", 2),))),
        ("h[-1]", Reference("h", (Index(offset=-1),))),
        ("x[i+a-1]", Reference("x", (Index((("i", 1), ("a", 1)), -1),))),
        ("x[2*i-1]", Reference("x", (Index((("i", 2),), -1),))),
        ("x[2*(i-1)+a]", Reference("x", (Index((("i", 2), ("a", 1)), -2),))),
        ("x[-i+3, i*2]", Reference("x", (Index((("i", -1),), 3), Index((("i", 2),))))),
        ("x[i+a-i]", Reference("x", (Index.of("a"),))),
        ("x[i,*]", Reference("x", (Index.of("i"), EVERY))),
        ("dL/dw", Reference("w", of="L")),
        ("dLoss/dh_in[2]", Reference("h_in", (Index(offset=2),), of="Loss")),
        ("df/dx", Reference("x", of="f")),
        ("w[1]'", Reference("w", (Index(offset=1),), prime=True)),
        ("delta", Reference("delta")),
    ],
)
def test_names(text: str, reference: Reference) -> None:
    """Indices, derivatives and updates are parts of one name."""
    assert parse_reference(text) == reference
    assert parse(reference.name) == reference


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column 1: found the end, expected a number or a name"),
        ("a +", "column 4: found the end"),
        ("a $ b", "column 3: '$' has no meaning"),
        ("a b", "column 3: found 'b', expected an operator or the end"),
        ("(a", "column 3: found the end, expected ')'"),
        ("a)", "column 2: found ')', expected an operator or the end"),
        ("f(a,", "column 5: found the end"),
        ("h[", "column 3: found the end, expected a number or a name"),
        ("h[1.5]", "column 3: no index; expected a number, *, or a sum such as t-1 or 2*i+a-1"),
        ("h[t*u]", "column 3: no index"),
        ("h[i/2]", "column 3: no index"),
        ("h[2^i]", "column 3: no index"),
        ("h[x[1]]", "column 3: no index"),
        ("h[t']", "column 3: no index"),
        ("h[1, f(i)]", "column 6: no index"),
        ("h[t < 2]", "column 5: found '<', expected ']'"),
        ("h[**]", "column 3: found '^', expected a number or a name"),
        ("x''", "column 3: found ''', expected an operator or the end"),
        ("0 < a < 1", "column 7: two comparisons in a row; write a < b and b < c"),
        ("a = b", "column 3: '=' has no meaning"),
        ("1.2.3", "column 4: found '.3'"),
        ("é", "column 1: 'é' has no meaning"),
        ("__import__('os')", "column 12: found ''', expected a number or a name"),
        ("a.b", "column 2: '.' has no meaning"),
        ("1e300", "column 1: a number beyond"),
        ("9" * 41, "column 1: a number beyond"),
        ("and", "column 1: found 'and', expected a number or a name"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, message: str) -> None:
    """The column of the first wrong character, and what was expected there."""
    with pytest.raises(ExamgenError) as refused:
        parse(text)
    assert str(refused.value).startswith(message)


def test_a_formula_is_no_name() -> None:
    """Where one name is needed, a formula is refused."""
    with pytest.raises(ExamgenError, match="a single name such as"):
        parse_reference("a + b")


HOSTILE = {
    "brackets": "(" * 4000,
    "balanced": "(" * 1900 + "a" + ")" * 1900,
    "calls": "f(" * 1300 + "a" + ")" * 1300,
    "signs": "-" * 3999 + "a",
    "nots": "not " * 900 + "a",
    "powers": "a^" * 1900 + "a",
    "sums": "a+" * 1900 + "a",
    "commas": "f(" + "a," * 1900 + "a)",
    "one name": "a" * 4000,
    "one derivative": "dL" * 2000,
    "many derivatives": "dL/d" * 1000,
    "one number": "1" * 4000,
    "exponent": "1e" + "9" * 3990,
    "blanks": " " * 3990 + "a",
    "indices": "x[" + "t," * 1900 + "t]",
    "primes": "a" + "'" * 3900,
    "dots": "." * 4000,
    "too long": "a" * (MAX_LENGTH + 1),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_dealt_with_at_once(text: str) -> None:
    """Read or refused with a few calls for each of its characters, without a RecursionError."""

    def read() -> None:
        with suppress(ExamgenError):
            unparse(parse(text))

    assert within(300_000, read)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1.(),+-*/^<>=!'[]t dLxand_é$e", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but an ExamgenError comes out, and what was read is written back."""
    try:
        expression = parse(text)
    except ExamgenError:
        return
    assert parse(unparse(expression)) == expression


names = st.sampled_from(["a", "h[1]", "x[t-1]", "dL/dw", "w'", "delta"]).map(parse_reference)
numbers = st.decimals(0, 1000, places=3).map(lambda d: Literal(Fraction(d)))


def operations(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Formulas one operation deeper."""
    two = ("add", "sub", "mul", "div", "pow", "lt", "ge", "eq", "and", "or", "max")
    return st.one_of(
        st.builds(lambda f, a, b: Apply(f, (a, b)), st.sampled_from(two), inner, inner),
        st.builds(lambda f, a: Apply(f, (a,)), st.sampled_from(["square", "not", "relu"]), inner),
        st.builds(lambda a: Apply("neg", (a,)), inner.filter(lambda e: not isinstance(e, Literal))),
    ).filter(lambda e: e.function != "pow" or e.args[1] != Literal(Fraction(2)))


@settings(max_examples=400, deadline=None)
@given(st.recursive(names | numbers, operations, max_leaves=12))
def test_what_is_written_is_read_back(expression: Expression) -> None:
    """`parse(unparse(tree))` is the tree, whatever brackets that takes; decimals stay decimals."""
    assert parse(unparse(expression)) == expression


def test_walk_visits_every_part_once() -> None:
    """From the whole to its parts, from left to right."""
    assert [shape(part) for part in walk(parse("a*b + c"))] == [
        "(add (mul a b) c)", "(mul a b)", "a", "b", "c",
    ]  # fmt: skip


def test_size_and_depth_follow_the_tree() -> None:
    """They are known without walking, for bounds."""
    expression = parse("f(a*b, -c)")
    assert (expression.depth, expression.size) == (3, 6)
