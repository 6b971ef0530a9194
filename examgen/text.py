"""Text of a template: one string, or one a language; and the numbers put into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from examgen.errors import ExamgenError, cut, suggestion

Language = Literal["en", "de"]
Text = Annotated[
    str | dict[Language, str],
    Field(description="A text with $mathematics$, or {en: ..., de: ...}"),
]

# A name in braces is a placeholder unless TeX needs the braces: after a command, ^, _ or }.
_PLACEHOLDER = re.compile(r"(?<![\\A-Za-z^_}])\{([A-Za-z_]\w*(?:\[[\d,]+\])?)\}")


def in_language(text: Text, language: str) -> str:
    """The text in a language; English, or whatever there is, where that is missing."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()))  # type: ignore[call-overload]


def placeholders(text: Text) -> list[str]:
    """The names in braces, in all languages."""
    texts = [text] if isinstance(text, str) else list(text.values())
    return [name for one in texts for name in _PLACEHOLDER.findall(one)]


def brace_problem(text: Text) -> str:
    """What is wrong with the braces outside of mathematics; empty where nothing is."""
    for one in [text] if isinstance(text, str) else text.values():
        for prose in re.sub(r"\\.", "", one).split("$")[::2]:
            bare = re.sub(r"\{[^{}]*\}", "", prose)
            if found := re.search(r"[{}]", bare):
                return (
                    f"'{cut(bare[found.start() :].strip(), 20)}': a brace without its partner; "
                    "{eta} stands for the number drawn for eta"
                )
    return ""


def fill(text: str, numbers: Mapping[str, str]) -> str:
    """The text with each placeholder replaced by its number.

    Raises ExamgenError for a name that is no given.

    >>> fill(r"$\\\\eta = {eta}$, $\\\\hat{y}$", {"eta": "0.1", "y": "1"})
    '$\\\\\\\\eta = 0.1$, $\\\\\\\\hat{y}$'
    """

    def number(match: re.Match[str]) -> str:
        if match[1] not in numbers:
            raise ExamgenError(f"{{{match[1]}}} is no given{suggestion(match[1], numbers)}")
        return numbers[match[1]]

    return _PLACEHOLDER.sub(number, text)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs, told apart by blank lines, each on one line."""
    return tuple(" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip())
