"""What a row of the table of misconceptions is, and how its feedback is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.rules import Rules
from examgen.nodes import Op
from examgen.notation import Symbols

MOST_NAMES = 3
"""So many quantities are listed in a sentence."""


@dataclass(frozen=True)
class Word:
    """A word in each language."""

    en: str
    de: str


Fill = str | tuple[str, ...] | Op | int | Word
"""What stands in for `{x}` in a sentence: one quantity or some, a function, a number, a word."""


@dataclass(frozen=True)
class Instance:
    """A rule at one place: the quantity it acts on (empty: everywhere), what it does."""

    where: str
    rules: Rules
    fills: Mapping[str, Fill] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A misconception: where in a graph it can occur, and what to tell who has it.

    en, de: the sentence, with `{x}` for what an instance fills in and `[[tex|plain]]` for
    mathematics that is the same for all.
    """

    id: str
    name: str
    instances: Callable[[Anatomy], Iterator[Instance]]
    en: str
    de: str


_BLANK = re.compile(r"\[\[(?P<tex>.*?)\|(?P<plain>.*?)\]\]|\{(?P<fill>\w+)\}")


def filled(text: str, fills: Mapping[str, Fill], symbols: Symbols, language: str, tex: bool) -> str:
    """A sentence with its blanks filled in and its mathematics in one of the two spellings."""

    def written(blank: re.Match[str]) -> str:
        if blank["fill"]:
            return _shown(fills[blank["fill"]], symbols, language, tex)
        return f"${blank['tex']}$" if tex else blank["plain"]

    return _BLANK.sub(written, text)


def _shown(fill: Fill, symbols: Symbols, language: str, tex: bool) -> str:
    if isinstance(fill, tuple):
        shown = [_shown(name, symbols, language, tex) for name in fill[:MOST_NAMES]]
        return ", ".join([*shown, *["…"] * (len(fill) > MOST_NAMES)])
    if isinstance(fill, Word):
        return fill.de if language == "de" else fill.en
    if isinstance(fill, Op):
        return f"${fill.notation.tex}$" if tex else fill.notation.plain
    if isinstance(fill, int):
        return str(fill)
    # A state that enters a step is written as the state; its derivative is the message to it.
    return f"${symbols.tex(fill)}$" if tex else symbols.plain(symbols.carries.get(fill, fill))
