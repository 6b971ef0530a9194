"""Lines that are no answers: the commands, other words for them, and what was nearly one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal

Command = Literal["hint", "solution", "skip", "back", "next", "again", "help", "quit"]

COMMANDS: Mapping[str, Command] = {
    "?": "hint",
    "hint": "hint",
    "show": "hint",
    "solution": "solution",
    "skip": "skip",
    "back": "back",
    "next": "next",
    "again": "again",
    "help": "help",
    "quit": "quit",
    "exit": "quit",
}
"""None of them is a formula that any question asks."""

_ALSO: Mapping[str, Command] = {
    "q": "quit",
    "bye": "quit",
    "h": "help",
    "??": "help",
    "ende": "quit",
    "hilfe": "help",
    "hinweis": "hint",
    "lösung": "solution",
    "zurück": "back",
    "weiter": "next",
    "nochmal": "again",
}
"""Habits from elsewhere; one letter may be an answer where a formula is asked."""

_WORDS = re.compile(r"[^\W\d_]+( [^\W\d_]+)*")


def command_in(line: str, *, formula: bool) -> Command | None:
    """The command that a line is; formula: whether the answer would be one, -q for example.

    >>> [command_in(one, formula=True) for one in ("Skip", ":q", "q", "-q")]
    ['skip', 'quit', None, None]
    """
    word = line.strip().casefold()
    if word in COMMANDS:
        return COMMANDS[word]
    bare = word.lstrip(":/" if formula else ":/-").removesuffix("()").rstrip("!")
    if formula and bare == word and len(word) == 1:
        return None
    return COMMANDS.get(bare) or _ALSO.get(bare)


def is_words(line: str) -> bool:
    """Whether a line is nothing but words.

    >>> is_words("skip it"), is_words("0.5"), is_words("2 pi")
    (True, False, False)
    """
    return _WORDS.fullmatch(line.strip()) is not None


def nearly(line: str) -> str | None:
    """The command that was meant by words that are none; None for other lines.

    >>> nearly("hlep"), nearly("skip it"), nearly("relu"), nearly("0.5")
    ('help', 'skip', None, None)
    """
    if not is_words(line):
        return None
    first = line.casefold().split()[0]
    if first in _ALSO:
        return next(name for name, does in COMMANDS.items() if does == _ALSO[first] and name != "?")
    near = get_close_matches(first, [one for one in COMMANDS if one != "?"], n=1)
    return near[0] if near else None
