"""TeX mathematics to a tree: a whitelist of commands, bounded in length and depth."""

from __future__ import annotations

from functools import lru_cache

from examgen.errors import ExamgenError, suggestion
from examgen.typeset.alphabets import ALPHABETS, restyled
from examgen.typeset.cursor import Token
from examgen.typeset.reader import MAX_DEPTH, STYLES, Reader, whole_numbers
from examgen.typeset.structures import STRUCTURES
from examgen.typeset.symbols import (
    ACCENTS,
    FENCES,
    FUNCTIONS,
    REFUSED,
    SPACES,
    SYMBOLS,
    WIDE,
)
from examgen.typeset.tree import Accent, Atom, Row, Space, Style, Tree

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "parse", "part_ends"]

MAX_LENGTH = 4000

_TEXTS: dict[str, Style] = {
    "text": "text",
    "textrm": "text",
    "textnormal": "text",
    "textsf": "text",
    "mbox": "text",
    "textbf": "bold",
    "textit": "italic",
}


_SIGNS: dict[str, Tree] = {
    **{name: Atom(char, cls) for name, (char, cls) in SYMBOLS.items()},
    **{name: Atom(text, "op", "upright") for name, text in FUNCTIONS.items()},
    **{name: Space(em) for name, em in SPACES.items()},
}


@lru_cache(maxsize=8_000)
def parse(tex: str) -> Row:
    """Read a formula (without its dollars).

    Raises:
        ExamgenError: with the column of an unknown command, an unbalanced brace, a missing
            argument, or of a formula that is too long or too deep.
    """
    if len(tex) > MAX_LENGTH:
        raise ExamgenError(f"formula of {len(tex)} characters; at most {MAX_LENGTH} are set")
    parser = _Parser(tex)
    tree = parser.row()
    parser.end()
    return tree


def part_ends(tex: str) -> list[int | None]:
    """Where in the TeX so many parts of the formula end: none, one, ...; None where parts are
    not apart there, as after a change of style.

    Raises:
        ExamgenError: as `parse` does.
    """
    parser = _Parser(tex)
    ends: list[int | None] = [None] * (len(parser.row().items) + 1)
    columns = [*(token.column - 1 for token in parser.tokens), len(tex)]
    for count, at in parser.met:
        ends[len(whole_numbers(parser.raw[:count]))] = columns[at]
    return ends


class _Parser(Reader):
    """A reader that knows the commands."""

    def command(self, token: Token) -> Tree:
        name = token.name
        return _SIGNS.get(name) or self.construct(name, token)

    def construct(self, name: str, token: Token) -> Tree:
        if name in ACCENTS:
            return Accent(ACCENTS[name], self.argument(token), wide=name in WIDE)
        if name in ALPHABETS:
            return restyled(self.argument(token), name)
        if name in _TEXTS:
            return Atom(self.verbatim(token), "ord", _TEXTS[name])
        if name in STRUCTURES:
            return STRUCTURES[name](self, token)
        return self.unknown(token)

    def unknown(self, token: Token) -> Tree:
        if token.text == "\\\\":
            self.fail("a new line outside of aligned lines or a matrix", token.column)
        if token.text in STYLES:
            self.fail(f"'{token.text}' is no argument; write '{{{token.text} ...}}'", token.column)
        if token.name in REFUSED:
            self.fail(f"'{token.text}' is refused ({REFUSED[token.name]})", token.column)
        known = [*SYMBOLS, *FUNCTIONS, *ACCENTS, *ALPHABETS, *_TEXTS, *STRUCTURES, *SPACES]
        hint = suggestion(token.name, known)
        return self.fail(f"unknown command '{token.text}'{hint}", token.column)

    def bracket(self, owner: Token) -> str:
        if not self.peek():
            self.fail(f"'{owner.text}' lacks its bracket", owner.column)
        token = self.take()
        char = SYMBOLS.get(token.name, (token.text,))[0]
        char = {"<": "⟨", ">": "⟩"}.get(char, char)
        if char != "." and char not in FENCES:
            self.fail(f"'{token.text}' is no bracket", token.column)
        return "" if char == "." else char
