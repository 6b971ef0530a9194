"""Which derivatives a formula may speak of as it stands: those that a reader has met."""

from __future__ import annotations

import re
from collections.abc import Iterable

from examgen.notation import Symbols
from examgen.slots import Part, Slot
from examgen.solution.products import slashed
from examgen.template import Template
from examgen.text import in_language

_STEP = re.compile(r"\[(\d+)\]$")
_SPACES = re.compile(r"\s+")


class Known:
    """What has been asked, computed or named, part after part.

    Any other derivative is a step in between: a formula that begins with it needs the line that
    says what it is.
    """

    def __init__(self, template: Template, language: str) -> None:
        self._template = template
        self._language = language
        self._names: set[str] = set()
        self._asked = ""

    def begin(self, part: Part, shown: Iterable[str]) -> None:
        """A part begins; shown: what has been computed up to it."""
        formulas = (slot.quantity for slot in part.slots if slot.kind == "formula")
        self._names |= {*shown, *map(self._template.quantities.name, formulas)}
        self._asked += _plain(in_language(part.ask, self._language))

    def add(self, name: str) -> None:
        """A derivative has a line now."""
        self._names.add(name)

    def is_new(self, name: str, slot: Slot, symbols: Symbols) -> bool:
        """Whether nobody has spoken of a derivative that the formula of a slot begins with.

        What another step has sent is known: the formula is one of a recursion.
        """
        if name in self._names or name in (slot.using or ()) or _is_of_another_step(name, slot):
            return False
        return _plain(slashed(symbols.tex(name))) not in self._asked


def _is_of_another_step(name: str, slot: Slot) -> bool:
    index = _STEP.search(name)
    return slot.step is not None and index is not None and int(index[1]) != slot.step


def _plain(text: str) -> str:
    """Without blanks, all derivatives with a slash."""
    return _SPACES.sub("", slashed(text))
