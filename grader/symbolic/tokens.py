"""Tokens of a formula: numbers, signs, and words with their subscripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


class NotRead(Exception):  # noqa: N818 (it never leaves this package)
    """Why a text cannot be read, and the column at which."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


@dataclass(frozen=True)
class Unit:
    """A part of a word; a glued one belongs to the name before it."""

    text: str
    glued: bool = False


@dataclass(frozen=True)
class Token:
    """A number, a word or a sign; later also a name or a function.

    partial: a word after ∂ or an upright d. tail: `-1` or `+1` that follows a word ending in t at
    once, as in `h_t-1`. raised: a word with an index such as ^{(2)}, which may be a power.
    """

    kind: Literal["number", "word", "sign", "name", "function", "asked", "euler", "end"]
    text: str
    column: int
    units: tuple[Unit, ...] = field(default=(), compare=False)
    partial: bool = False
    tail: str = ""
    raised: bool = False

    @property
    def key(self) -> str:
        """The word in its one spelling."""
        return "".join(unit.text for unit in self.units)
