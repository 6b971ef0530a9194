"""TeX mathematics to a tree: a whitelist of commands, bounded in length and depth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import NoReturn

from examgen.errors import ExamgenError, suggestion
from examgen.typeset.symbols import (
    ACCENTS,
    FUNCTIONS,
    IGNORED,
    SPACES,
    SYMBOLS,
    TYPED,
    WITH_LIMITS,
    class_of,
)
from examgen.typeset.tree import (
    Accent,
    Atom,
    Fenced,
    Fraction,
    Root,
    Row,
    Scripts,
    Space,
    Style,
    Tree,
)

MAX_LENGTH = 4000
MAX_DEPTH = 24

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\\|\s+|.", re.DOTALL)
_ALPHABETS: dict[str, Style] = {
    "mathrm": "upright",
    "mathup": "upright",
    "mathsf": "upright",
    "mathbf": "bold",
    "mathit": "italic",
    "boldsymbol": "bold italic",
    "bm": "bold italic",
    "mathbb": "bold",
    "mathcal": "italic",
}
_TEXTS: dict[str, Style] = {
    "text": "text",
    "textrm": "text",
    "mbox": "text",
    "textbf": "bold",
    "textit": "italic",
}
_LETTERLIKE = {
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
}


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    column: int


@lru_cache(maxsize=4_000)
def parse(tex: str) -> Row:
    """Read a formula (without its dollars).

    Raises:
        ExamgenError: with the column of an unknown command, an unbalanced brace, a missing
            argument, or of a formula that is too long or too deep.
    """
    if len(tex) > MAX_LENGTH:
        raise ExamgenError(f"formula of {len(tex)} characters; at most {MAX_LENGTH} are set")
    parser = _Parser(tex)
    tree = parser.row(until=None)
    parser.end()
    return tree


def _tokens(tex: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(tex):
        if not match[0].isspace():
            yield _Token(match[0], match.start() + 1)


class _Parser:
    """A cursor over the tokens; every method reads one construct and moves on."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.tokens = list(_tokens(tex))
        self.at = 0
        self.depth = 0

    def fail(self, message: str, column: int | None = None) -> NoReturn:
        column = column or (self.tokens[self.at].column if self.peek() else len(self.tex) + 1)
        shown = self.tex if len(self.tex) <= 60 else f"{self.tex[:57]}..."
        raise ExamgenError(f"{message} at column {column} of '{shown}'")

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def end(self) -> None:
        if self.peek() == "}":
            self.fail("'}' without '{'")
        if self.peek():
            self.fail(f"'{self.peek()}' without '\\left'")

    def row(self, until: str | None) -> Row:
        """Parts up to (not including) the closing token."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"nested deeper than {MAX_DEPTH} levels")
        items: list[Tree] = []
        while self.peek() not in ("", "}", "\\right", until):
            items.append(self.scripted())
        self.depth -= 1
        return Row(_numbers_joined(items))

    def scripted(self) -> Tree:
        base = Row() if self.peek() in ("^", "_", "'") else self.nucleus()
        limits = isinstance(base, Atom) and (
            (base.cls == "op" and base.style == "math") or base.text in WITH_LIMITS
        )
        found = Scripts(base, limits="display" if limits else "never")
        while self.peek() in ("^", "_", "'"):
            found = self.script(found)
        return base if found == Scripts(base, limits=found.limits) else found

    def script(self, found: Scripts) -> Scripts:
        token = self.take()
        if token.text == "'":
            return replace(found, primes=found.primes + 1)
        slot = "sub" if token.text == "_" else "sup"
        if getattr(found, slot) is not None:
            self.fail(f"a second '{token.text}' on the same base", token.column)
        argument = self.argument(token)
        if slot == "sup" and argument in (Atom("′"), Row((Atom("′"),))):
            return replace(found, primes=found.primes + 1)
        return replace(found, sub=argument) if slot == "sub" else replace(found, sup=argument)

    def argument(self, owner: _Token) -> Tree:
        """A braced group, or a single token."""
        if self.peek() in ("", "}", "^", "_", "&"):
            self.fail(f"'{owner.text}' lacks its argument", owner.column)
        return self.nucleus()

    def nucleus(self) -> Tree:
        token = self.take()
        if token.text == "{":
            return self.group(token)
        if token.text.startswith("\\"):
            return self.command(token)
        if token.text in "&$":
            self.fail(f"'{token.text}' is not understood in a formula", token.column)
        if token.text == "~":
            return Space(SPACES[" "])
        char = TYPED.get(token.text, token.text)
        return Atom(char, class_of(char))

    def group(self, opening: _Token) -> Row:
        inner = self.row(until="}")
        if self.peek() != "}":
            self.fail("'{' is never closed", opening.column)
        self.take()
        return inner

    def command(self, token: _Token) -> Tree:
        name = token.text[1:]
        if name in SYMBOLS:
            return Atom(*SYMBOLS[name])
        if name in FUNCTIONS:
            return Atom(FUNCTIONS[name], "op", "upright")
        if name in SPACES:
            return Space(SPACES[name])
        if name in IGNORED:
            return Row()
        return self.structure(name, token)

    def structure(self, name: str, token: _Token) -> Tree:
        if name in ACCENTS:
            return Accent(ACCENTS[name], self.argument(token))
        if name in _ALPHABETS:
            return _restyled(self.argument(token), name)
        if name in _TEXTS:
            return Atom(self.verbatim(token), "ord", _TEXTS[name])
        if name in _STRUCTURES:
            return _STRUCTURES[name](self, token)
        known = [*SYMBOLS, *FUNCTIONS, *ACCENTS, *_ALPHABETS, *_TEXTS, *_STRUCTURES, *SPACES]
        return self.fail(f"unknown command '{token.text}'{suggestion(name, known)}", token.column)

    def verbatim(self, owner: _Token) -> str:
        """The characters of a braced argument, blanks kept, `\\_` and its like unescaped."""
        if self.peek() != "{":
            self.fail(f"'{owner.text}' lacks its '{{...}}'", owner.column)
        opening = self.take()
        while self.peek() not in ("", "{", "}"):
            self.at += 1
        if self.peek() != "}":
            self.fail("'{' is never closed", opening.column)
        raw = self.tex[opening.column : self.take().column - 1]
        if wrong := re.search(r"\\(?![_%&#$ ])", raw):
            self.fail("a command inside text", opening.column + wrong.start() + 1)
        return re.sub(r"\\(.)", r"\1", re.sub(r"\s+", " ", raw))

    def fraction(self, token: _Token) -> Tree:
        over = self.argument(token)
        return Fraction(over, self.argument(token))

    def root(self, token: _Token) -> Tree:
        return Root(self.argument(token))

    def operator(self, token: _Token) -> Tree:
        return Atom(self.verbatim(token), "op", "upright")

    def fenced(self, token: _Token) -> Tree:
        left = self.bracket(token)
        body = self.row(until="\\right")
        if self.peek() != "\\right":
            self.fail("'\\left' without '\\right'", token.column)
        return Fenced(left, body, self.bracket(self.take()))

    def bracket(self, owner: _Token) -> str:
        if not self.peek():
            self.fail(f"'{owner.text}' lacks its bracket", owner.column)
        token = self.take()
        char = SYMBOLS.get(token.text[1:], (token.text,))[0]
        if char not in _FENCES:
            self.fail(f"'{token.text}' is no bracket", token.column)
        return "" if char == "." else char


_FENCES = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉/.")
_STRUCTURES: dict[str, Callable[[_Parser, _Token], Tree]] = {
    "frac": _Parser.fraction,
    "dfrac": _Parser.fraction,
    "tfrac": _Parser.fraction,
    "sqrt": _Parser.root,
    "operatorname": _Parser.operator,
    "left": _Parser.fenced,
}


def _restyled(tree: Tree, alphabet: str) -> Tree:
    """Every character of a tree in another alphabet; a word of letters becomes one unit."""
    if isinstance(tree, Atom):
        letter = _LETTERLIKE.get(alphabet, {}).get(tree.text)
        if letter:
            return Atom(letter, tree.cls, "upright")
        return replace(tree, style=_ALPHABETS[alphabet])
    if isinstance(tree, Scripts):
        return replace(tree, base=_restyled(tree.base, alphabet))
    if isinstance(tree, Row):
        return Row(_words_joined([_restyled(item, alphabet) for item in tree.items]))
    return tree


def _words_joined(items: list[Tree]) -> tuple[Tree, ...]:
    return _joined(items, str.isalnum)


def _numbers_joined(items: list[Tree]) -> tuple[Tree, ...]:
    return _joined(items, lambda text: all(c.isdigit() or c == "." for c in text))


def _joined(items: list[Tree], belongs: Callable[[str], bool]) -> tuple[Tree, ...]:
    """Neighbouring ordinary characters of one style and kind made one unit."""

    def key(item: Tree) -> object:
        if isinstance(item, Atom) and item.cls == "ord" and belongs(item.text):
            return item.style
        return id(item)

    merged: list[Tree] = []
    for _, group in groupby(items, key):
        members = list(group)
        first = members[0]
        if len(members) > 1 and isinstance(first, Atom):
            text = "".join(m.text for m in members if isinstance(m, Atom))
            first = replace(first, text=text)
        merged.append(first)
    return tuple(merged)
