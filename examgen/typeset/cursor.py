"""A place in a formula: its tokens one after the other, and errors with their column."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from examgen.errors import ExamgenError

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\\|\s+|.", re.DOTALL)
_SHOWN = 60  # characters of a formula that an error quotes


class Token(NamedTuple):
    """A command or a character, with its column from 1."""

    text: str
    column: int

    @property
    def name(self) -> str:
        """The command without its backslash."""
        return self.text[1:]


def _tokens(tex: str) -> list[Token]:
    found = [(match[0], match.start() + 1) for match in _TOKEN.finditer(tex)]
    return [Token(text, column) for text, column in found if not text.isspace()]


class Cursor:
    """Moves over the tokens of a formula; blanks between them mean nothing."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.tokens = _tokens(tex)
        self.texts = [*(token.text for token in self.tokens), "", ""]
        self.at = 0

    def fail(self, message: str, column: int | None = None) -> NoReturn:
        """Raises ExamgenError, with the column of the next token unless another one is given."""
        column = column or (self.tokens[self.at].column if self.peek() else len(self.tex) + 1)
        shown = self.tex if len(self.tex) <= _SHOWN else f"{self.tex[: _SHOWN - 3]}..."
        raise ExamgenError(f"{message} at column {column} of '{shown}'")

    def peek(self, ahead: int = 0) -> str:
        """The next token, or the one after it; empty at the end."""
        return self.texts[self.at + ahead]

    def take(self) -> Token:
        """The next token, moving past it."""
        token = self.tokens[self.at]
        self.at += 1
        return token

    def verbatim(self, owner: Token) -> str:
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
