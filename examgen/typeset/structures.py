"""Commands with arguments: fractions, roots, braces, brackets, grids."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from examgen.errors import suggestion
from examgen.typeset.cursor import Token
from examgen.typeset.environments import ENVIRONMENTS, grid, trouble
from examgen.typeset.reader import CELL, Reader
from examgen.typeset.symbols import SIZES, SYMBOLS, TYPED, Class, class_of
from examgen.typeset.tree import (
    Atom,
    Braced,
    Bracket,
    Fenced,
    Fraction,
    Root,
    Row,
    Scripts,
    Tree,
    single,
)


def _fraction(reader: Reader, token: Token, display: bool | None = None) -> Tree:
    over = reader.argument(token)
    return Fraction(over, reader.argument(token), display)


def _root(reader: Reader, token: Token) -> Tree:
    if reader.peek() != "[":
        return Root(reader.argument(token))
    reader.take()
    degree = reader.row("]")
    if reader.peek() != "]":
        reader.fail("'[' is never closed", token.column)
    reader.take()
    return Root(reader.argument(token), degree)


def _operator(reader: Reader, token: Token) -> Tree:
    if reader.peek() == "*":
        reader.take()
    return Atom(reader.verbatim(token), "op", "upright")


def _negated(reader: Reader, token: Token) -> Tree:
    base = single(reader.argument(token))
    struck = unicodedata.normalize("NFC", f"{base.text}\u0338") if isinstance(base, Atom) else ""
    if not isinstance(base, Atom) or len(struck) != 1:
        reader.fail("'\\not' before what cannot be struck out", token.column)
    return replace(base, text=struck)


def _dots(reader: Reader, token: Token) -> Tree:
    """Dots on the axis between signs, on the baseline elsewhere, as amsmath chooses."""
    following = SYMBOLS.get(reader.peek()[1:], (reader.peek(),))[0]
    between_signs = class_of(TYPED.get(following, following)) in ("bin", "rel", "op")
    return Atom("⋯" if between_signs else "…", "inner")


def _braced(reader: Reader, token: Token, over: bool) -> Tree:
    return Braced(reader.argument(token), over=over)


def _stacked(reader: Reader, token: Token, over: bool, cls: Class | None = None) -> Tree:
    script = reader.argument(token)
    base = single(reader.argument(token))
    if cls and isinstance(base, Atom):
        base = replace(base, cls=cls)
    if over:
        return Scripts(base, sup=script, limits="always")
    return Scripts(base, sub=script, limits="always")


def _fenced(reader: Reader, token: Token) -> Tree:
    left = reader.bracket(token)
    body = reader.row("\\right")
    if reader.peek() != "\\right":
        reader.fail("'\\left' without '\\right'", token.column)
    return Fenced(left, body, reader.bracket(reader.take()))


def _sized(reader: Reader, token: Token, step: int, cls: Class | None = None) -> Tree:
    column = reader.tokens[reader.at].column if reader.peek() else None
    char = reader.bracket(token)
    if not char:
        reader.fail(f"'{token.text}' lacks its bracket", column)
    return Bracket(char, step, cls or class_of(char))


def _environment(reader: Reader, token: Token) -> Tree:
    name = reader.verbatim(token)
    if name not in ENVIRONMENTS or name == "substack":
        hint = suggestion(name, ENVIRONMENTS)
        reader.fail(f"unknown environment '{name}'{hint}", token.column)
    columns = "" if ENVIRONMENTS[name].columns else _column_letters(reader, token)
    rows = _rows(reader, *CELL)
    if reader.peek() != "\\end":
        reader.fail(f"'\\begin{{{name}}}' without '\\end{{{name}}}'", token.column)
    closing = reader.take()
    if (ending := reader.verbatim(closing)) != name:
        reader.fail(f"'\\begin{{{name}}}' ended by '\\end{{{ending}}}'", closing.column)
    return _grid(reader, name, rows, columns, token)


def _column_letters(reader: Reader, token: Token) -> str:
    letters = reader.verbatim(token).replace(" ", "")
    if not letters or set(letters) - set("lcr"):
        reader.fail(f"columns '{letters}': only 'l', 'c' and 'r' are set", token.column)
    return letters


def _substack(reader: Reader, token: Token) -> Tree:
    if reader.peek() != "{":
        reader.fail(f"'{token.text}' lacks its '{{...}}'", token.column)
    opening = reader.take()
    rows = _rows(reader, "\\\\")
    if reader.peek() != "}":
        reader.fail("'{' is never closed", opening.column)
    reader.take()
    return _grid(reader, "substack", rows, "", token)


def _rows(reader: Reader, *until: str) -> list[list[Tree]]:
    """Rows of cells; the last one is left out where it is empty."""
    rows: list[list[Tree]] = [[reader.row(*until)]]
    while reader.peek() in ("&", "\\\\") and reader.peek() in until:
        separator = reader.take()
        if separator.text == "\\\\":
            _check_no_length(reader, separator)
            rows.append([])
        rows[-1].append(reader.row(*until))
    return rows[:-1] if len(rows) > 1 and rows[-1] == [Row()] else rows


def _check_no_length(reader: Reader, separator: Token) -> None:
    if reader.peek() == "[" and reader.tokens[reader.at].column == separator.column + 2:
        reader.fail("no length is read after '\\\\'; leave '[...]' out")


def _grid(reader: Reader, name: str, rows: list[list[Tree]], columns: str, token: Token) -> Tree:
    if wrong := trouble(name, rows, columns):
        reader.fail(wrong, token.column)
    return grid(name, rows, columns)


_SIDES: dict[str, Class | None] = {"": None, "l": "open", "r": "close", "m": "rel"}
STRUCTURES: dict[str, Callable[[Reader, Token], Tree]] = {
    "frac": _fraction,
    "dfrac": partial(_fraction, display=True),
    "tfrac": partial(_fraction, display=False),
    "sqrt": _root,
    "operatorname": _operator,
    "not": _negated,
    "dots": _dots,
    "underbrace": partial(_braced, over=False),
    "overbrace": partial(_braced, over=True),
    "overset": partial(_stacked, over=True),
    "underset": partial(_stacked, over=False),
    "stackrel": partial(_stacked, over=True, cls="rel"),
    "substack": _substack,
    "left": _fenced,
    "begin": _environment,
    **{
        f"{size}{side}": partial(_sized, step=step, cls=cls)
        for size, step in SIZES.items()
        for side, cls in _SIDES.items()
    },
}
"""What reads the rest of a command, whose name is given."""
