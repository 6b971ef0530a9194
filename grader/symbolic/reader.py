"""Reading a formula: from a text to the sides of an equation, each an expression.

`formula = formula = ...`: the asked quantity may stand on the left. Nothing is read but what the
scanner, the slot's names and the parser know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from examgen.expression import Expression
from grader.reading.numbers import DecimalSign, Unreadable
from grader.symbolic.characters import respelled
from grader.symbolic.names import Names
from grader.symbolic.parser import parsed
from grader.symbolic.scanner import tokens
from grader.symbolic.tokens import NotRead, Token
from grader.symbolic.words import resolve

MAX_LENGTH = 2_000
MOST_SIDES = 8


@dataclass(frozen=True)
class Formula:
    """What was read: the sides of an equation, all meant to be equal; usually one."""

    sides: tuple[Expression, ...]


def read_formula(
    text: str, names: Names, decimal: DecimalSign = "point"
) -> Formula | Unreadable | None:
    """The formula that a text means; None for blank, or why it cannot be read, and where."""
    if len(text) > MAX_LENGTH:
        return Unreadable(f"longer than {MAX_LENGTH} characters", MAX_LENGTH + 1)
    if not text.strip():
        return None
    try:
        found = tokens(respelled(_ended(text)), decimal, names.steps)
        return Formula(_sides(resolve(found, names)))
    except NotRead as error:
        return Unreadable(error.reason, error.column)


def _ended(text: str) -> str:
    """The text without a full stop at its end."""
    body = text.rstrip()
    return body[:-1] if body.endswith((".", ";")) and not body.endswith("..") else body


def _sides(found: Sequence[Token]) -> tuple[Expression, ...]:
    """Every side of the equation, without the asked quantity on the left."""
    sides: list[list[Token]] = [[]]
    for token in found:
        if token.kind == "sign" and token.text == "=":
            sides[-1].append(Token("end", "", token.column))
            sides.append([])
        else:
            sides[-1].append(token)
    if len(sides) > MOST_SIDES:
        raise NotRead(f"more than {MOST_SIDES} sides of an equation", sides[MOST_SIDES][-1].column)
    if len(sides) > 1 and [token.kind for token in sides[0]] == ["asked", "end"]:
        sides = sides[1:]
    return tuple(map(parsed, sides))
