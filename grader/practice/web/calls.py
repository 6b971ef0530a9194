"""What the pages ask of the desk where rounds are done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from examgen.text import Language
from grader.practice.values import Progress, Rest, RoundView


class Desk(Protocol):
    """A desk as pages see it; its calls may come from any thread.

    Those with a round's number raise ExamgenError where there is no such round.
    """

    @property
    def language(self) -> Language:
        """The language of all that it says."""

    @property
    def title(self) -> str:
        """What is practised, where that has a title."""

    def start(self) -> RoundView | Rest:
        """The round that is open, else the next one."""

    def next(self, ahead: bool = False) -> RoundView | Rest:
        """Another round; ahead: beyond the day's limit."""

    def view(self, number: int, /) -> RoundView:
        """A round as it is."""

    def answer(self, number: int, responses: Mapping[str, str], /) -> RoundView:
        """Responses by slot."""

    def hint(self, number: int, slot: str, /) -> RoundView:
        """The next step of a slot's derivation."""

    def leave(self, number: int, slot: str, /) -> RoundView:
        """Go on without an answer."""

    def skip(self, number: int, /) -> None:
        """End a round without grades."""

    def set_exam(self, day: date | None, /) -> None:
        """The day to be ready for; None for none."""

    def export(self) -> str:
        """All that is kept, as JSON."""

    def progress(self) -> Progress:
        """Where the student stands."""
