"""What a row of the table of misconceptions is, and how its feedback is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.rules import Rules
from examgen.nodes import Node, Op
from examgen.notation import Symbols

MOST_NAMES = 3
"""So many quantities are listed in a sentence."""


@dataclass(frozen=True)
class Word:
    """A word in each language."""

    en: str
    de: str


Fill = str | tuple[str, ...] | tuple[Op, ...] | int | Word | None
"""What stands in for `{x}` in a sentence: one quantity or some, functions, a number, a word; None
for a number that is not the same for all that the sentence is about."""


def ops_of(nodes: Iterable[Node]) -> tuple[Op, ...]:
    """The functions that some nodes apply, each once."""
    return tuple(dict.fromkeys(node.op for node in nodes))


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
    mathematics that is the same for all. `{x:# is|# are}` is said of one and of more, with `#` for
    the names; of a number `{k:both|all #|all}`: of 2, of more, of numbers that differ.
    """

    id: str
    name: str
    instances: Callable[[Anatomy], Iterator[Instance]]
    en: str
    de: str


_BLANK = re.compile(
    r"\[\[(?P<tex>.*?)\|(?P<plain>.*?)\]\]|\{(?P<fill>\w+)(?::(?P<forms>[^{}]*))?\}"
)
_WORDS = {
    "en": (
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    "de": (
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
    ),
}


def filled(text: str, fills: Mapping[str, Fill], symbols: Symbols, language: str, tex: bool) -> str:
    """A sentence with its blanks filled in and its mathematics in one of the two spellings."""

    def written(blank: re.Match[str]) -> str:
        if blank["fill"]:
            fill = fills[blank["fill"]]
            shown = _shown(fill, symbols, language, tex)
            form = "#" if blank["forms"] is None else _form(fill, shown, blank["forms"].split("|"))
            return form.replace("#", ", ".join(shown))
        return f"${blank['tex']}$" if tex else blank["plain"]

    return _BLANK.sub(written, text)


def _form(fill: Fill, shown: Sequence[str], forms: Sequence[str]) -> str:
    """What is said of so many: of one or of more; of a number, see `Row`."""
    if fill is None:
        return forms[2]
    one = fill == 2 if isinstance(fill, int) else len(shown) == 1 and not isinstance(fill, Word)
    return forms[0 if one else 1]


def _shown(fill: Fill, symbols: Symbols, language: str, tex: bool) -> list[str]:
    """What is listed in a sentence, each once, at most MOST_NAMES and an ellipsis."""
    items = fill if isinstance(fill, tuple) else () if fill is None else (fill,)
    shown = list(dict.fromkeys(_item(item, symbols, language, tex) for item in items))
    return [*shown[:MOST_NAMES], *["…"] * (len(shown) > MOST_NAMES)]


def _item(item: str | Op | int | Word, symbols: Symbols, language: str, tex: bool) -> str:
    if isinstance(item, Word):
        return item.de if language == "de" else item.en
    if isinstance(item, Op):
        return f"${item.notation.tex}$" if tex else item.notation.plain
    if isinstance(item, int):
        return number_word(item, language)
    # A state that enters a step is written as the state; its derivative is the message to it.
    return f"${symbols.tex(item)}$" if tex else symbols.plain(symbols.carries.get(item, item))


def number_word(number: int, language: str) -> str:
    """A number as prose has it: a word up to twelve, figures above.

    >>> number_word(12, "de"), number_word(13, "de")
    ('zwölf', '13')
    """
    words = _WORDS["de" if language == "de" else "en"]
    return words[number] if number < len(words) else str(number)
