"""Hints without their numbers, which are put in for each variant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from examgen.solution import cases
from examgen.solution.lines import Line, Slope
from examgen.solution.printed import Numbers
from examgen.solution.words import Words
from grader.practice.values import Hint

MOST = 8
"""Steps of a derivation; short ones are joined until there are no more."""

Kind = Literal["author", "rule", "paths", "local", "numbers", "answer"]


@dataclass(frozen=True)
class Ends:
    """A line up to its numbers (open), with its value (whole), or its name and value alone."""

    line: Line
    where: Literal["open", "whole", "value"]

    @property
    def is_computed(self) -> bool:
        """Whether there is anything to compute: a number in place of a name is nothing."""
        inserted = self.line.inserted
        return inserted is not None and len(inserted.names) + len("".join(inserted.pieces)) > 1

    def tex(self, numbers: Numbers) -> str:
        """The line with the numbers of a variant."""
        if self.where == "whole":
            return self.line.tex(numbers)
        if self.where == "value":
            # what merely equals another number says so
            shown = self.line.pieces[:1] if self.is_computed else self.line.pieces
            return f"{' = '.join(dict.fromkeys(shown))} {numbers[self.line.name or ''].end}"
        assert self.line.inserted is not None, "bug: a line without numbers"
        return " = ".join(dict.fromkeys((*self.line.pieces, self.line.inserted.tex(numbers))))


@dataclass(frozen=True)
class Draft:
    """A hint: sentences, formulas, and the slopes that depend on a sign; see `Hint`.

    optional: whether the derivation can be followed without it.
    """

    kind: Kind
    texts: tuple[str, ...]
    formulas: tuple[str | Ends, ...] = ()
    slopes: tuple[Slope, ...] = ()
    answers: bool = False
    optional: bool = False

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.texts or self.formulas)

    @property
    def lines(self) -> list[Line]:
        """The lines with numbers in it."""
        return [one.line for one in self.formulas if isinstance(one, Ends)]

    def without_values(self, names: Collection[str]) -> Draft:
        """The same, lines for some quantities only up to the numbers put in."""
        formulas = (
            replace(one, where="open") if isinstance(one, Ends) and one.line.name in names else one
            for one in self.formulas
        )
        return replace(self, formulas=tuple(formulas))

    def hint(self, numbers: Numbers, words: Words) -> Hint:
        """The hint with the numbers of a variant."""
        formulas = tuple(one if isinstance(one, str) else one.tex(numbers) for one in self.formulas)
        told = [*cases(self.slopes, numbers, words)]
        sentences = [*self.texts, *told] if self.kind == "numbers" else [*told, *self.texts]
        return Hint(self.kind, _text(sentences, words, bool(formulas)), formulas, self.answers)


def _text(sentences: Sequence[str], words: Words, goes_on: bool) -> str:
    """Sentences; the last ends in a colon where formulas follow."""
    text = words.lead([one.strip() for one in sentences if one.strip()])
    return text if goes_on or not text.endswith(":") else f"{text[:-1]}."


_JOINABLE = (("numbers", "numbers"), ("local", "local"), ("rule", "paths"), ("rule", "rule"))


def shortened(drafts: Sequence[Draft], one_after_the_other: str) -> tuple[Draft, ...]:
    """The drafts; where there are too many, optional ones are left out and neighbours joined.

    one_after_the_other: what is said before numbers that were said to be needed separately.
    """
    found = list(drafts)
    for draft in [one for one in drafts if one.optional][: max(0, len(found) - MOST)]:
        found.remove(draft)
    for kinds in _JOINABLE:
        place = len(found) - 2
        while len(found) > MOST and place >= 0:
            one, other = found[place : place + 2]
            if (one.kind, other.kind) == kinds and not _is_last(found, place + 1):
                found[place : place + 2] = [_joined(one, other, one_after_the_other)]
            place -= 1
    return tuple(found)


def _is_last(found: Sequence[Draft], place: int) -> bool:
    """Whether a draft is the numbers of the answer itself, which stay alone."""
    return place >= len(found) - 2


def _joined(one: Draft, other: Draft, said: str) -> Draft:
    slopes = tuple(dict.fromkeys((*one.slopes, *other.slopes)))
    formulas = tuple(dict.fromkeys((*one.formulas, *other.formulas)))
    texts = (said,) if other.kind == "numbers" else (*one.texts, *other.texts)
    return Draft(other.kind, texts, formulas, slopes)
