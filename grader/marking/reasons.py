"""The sentences behind verdicts: plain for the instructor, with mathematics for the student."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examgen.misconceptions import Misconception
from examgen.misconceptions.titles import mistake_title
from examgen.solution import slot_label
from examgen.template import Template
from grader.marking.carry import Guard
from grader.marking.verdicts import Reason

MOST_SENTENCES = 3
"""So many mistakes that fit are explained; of further ones the titles are told."""

_WORDS: Mapping[str, Mapping[str | Guard, str]] = {
    "en": {
        "follows": "follows from the answer to {x}",
        "and": " and ",
        "or": " Or: ",
        "also": "Also fits: {titles}.",
        Guard.OUT_OF_DOMAIN: "earlier answers leave the domain of a function: nothing follows",
        Guard.DEGENERATE: "an earlier wrong answer makes this one trivial: no follow-through",
    },
    "de": {
        "follows": "folgt aus der Antwort zu {x}",
        "and": " und ",
        "or": " Oder: ",
        "also": "Auch passend: {titles}.",
        Guard.OUT_OF_DOMAIN: "frühere Antworten verlassen den Definitionsbereich: es folgt nichts",
        Guard.DEGENERATE: "eine frühere falsche Antwort macht diese trivial: keine Folgepunkte",
    },
}


@dataclass(frozen=True)
class Sentences:
    """Words the reasons for answers to a template; `text` is English, `rich` in the language.

    slots: the ids that its slots go by, in its order. Unknown languages are English.
    """

    template: Template
    language: str
    slots: Sequence[str]

    def follows(self, places: Sequence[int]) -> Reason:
        """An answer that follows from those at some places of the template."""
        return Reason(
            text=self._follows("en", [f"{self._symbol(p)} ({self.slots[p]})" for p in places]),
            rich=self._follows(self._language, [f"${self._tex(place)}$" for place in places]),
            follows=tuple(self.slots[place] for place in places),
        )

    def mistakes(self, known: Sequence[Misconception]) -> Reason:
        """An answer that some misconceptions lead to."""
        names = tuple(dict.fromkeys(one.name for one in known))
        return Reason(
            text=f"{', '.join(names)}: {self._sentences('en', known, tex=False)}",
            rich=self._sentences(self._language, known, tex=True),
            mistakes=names,
        )

    def guarded(self, guard: int) -> Reason:
        """A wrong answer for which nothing could be carried forward."""
        return Reason(_WORDS["en"][Guard(guard)], _WORDS[self._language][Guard(guard)])

    def unreadable(self, why: str) -> Reason:
        """A formula that cannot be read; dollar signs of the student's own are no mathematics."""
        return Reason(why, why.replace("$", "\N{FULLWIDTH DOLLAR SIGN}"))

    @property
    def _language(self) -> str:
        return self.language if self.language in _WORDS else "en"

    def _follows(self, language: str, shown: Sequence[str]) -> str:
        words = _WORDS[language]
        most, last = ", ".join(shown[:-1]), shown[-1]
        return words["follows"].format(x=f"{most}{words['and']}{last}" if most else last)

    def _sentences(self, language: str, known: Sequence[Misconception], tex: bool) -> str:
        words = _WORDS[language]
        symbols = self.template.quantities.symbols
        by_name = {one.name: one.sentence(symbols, language, tex) for one in reversed(known)}
        names = list(dict.fromkeys(one.name for one in known))
        told = words["or"].join(by_name[name] for name in names[:MOST_SENTENCES])
        rest = "; ".join(mistake_title(name, language) for name in names[MOST_SENTENCES:])
        return " ".join([told, *([words["also"].format(titles=rest)] if rest else [])])

    def _tex(self, place: int) -> str:
        return slot_label(self.template, self.template.slots[place])

    def _symbol(self, place: int) -> str:
        quantities = self.template.quantities
        return quantities.symbols.plain(quantities.name(self.template.slots[place].quantity))
