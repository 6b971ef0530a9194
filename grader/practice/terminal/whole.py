"""All answers to a question before any is marked: one after the other, back, and once over all."""

from __future__ import annotations

from typing import Literal

from examgen.errors import cut, visible
from grader.practice.terminal import pages
from grader.practice.terminal.commands import Command
from grader.practice.terminal.screen import Screen
from grader.practice.values import RoundView

_Then = int | Literal["handed in", "another"]
"""What comes next: the answer at a place, from 0, or after the last one the look over them all; or
that this was the end, or that another question is wanted."""


class Answers:
    """What a student types for a question, and may change until it is handed in.

    given: the responses so far by slot, empty for those left open.
    """

    def __init__(self, screen: Screen, view: RoundView) -> None:
        self._screen, self._view = screen, view
        self.given: dict[str, str] = {}
        self._part = ""

    def are_handed_in(self) -> bool:
        """Ask for all of them; False where another question is wanted instead.

        Raises EOFError for enough.
        """
        then: _Then = 0
        while isinstance(then, int):
            then = self._asked(then) if then < len(self._view.slots) else self._looked_over()
        return then == "handed in"

    def _asked(self, place: int) -> _Then:
        """Ask for an answer, or once more for one that was given."""
        slot = self._view.slots[place]
        before = self.given.get(slot.slot.id, "")
        self._pose(slot.part)
        if before:
            self._screen.note("so_far", indent=2, response=cut(visible(before), pages.SHOWN))
        line, command = self._screen.line_for(slot)
        if command and command != "skip":
            return self._ordered(command, place, slot.part)
        if line and not command and not self._screen.takes(line, slot):
            return place
        self.given[slot.slot.id] = "" if command else line or before
        return self._first_not_asked()

    def _pose(self, part: str) -> None:
        """A part, where the one before was another one."""
        if part != self._part:
            self._screen.pose_part(self._view, part)
        self._part = part

    def _first_not_asked(self) -> _Then:
        """One answer alone needs no look over all of them."""
        slots = self._view.slots
        open_ = (place for place, slot in enumerate(slots) if slot.slot.id not in self.given)
        return next(open_, len(slots) if len(slots) > 1 else "handed in")

    def _looked_over(self) -> _Then:
        """Show all answers; one of them may be asked for again."""
        self._part = ""
        count = len(self._view.slots)
        self._screen.say(pages.overview(self._view, self.given, self._screen.language))
        self._screen.note("hand_in", indent=2, count=str(count))
        while (then := self._chosen(*self._screen.typed("> "))) is None:
            pass
        return then

    def _chosen(self, line: str, command: Command | None) -> _Then | None:
        """What a line below all answers means; None where it is told what may stand there."""
        count = len(self._view.slots)
        if command in ("hint", "solution"):
            self._screen.note("hints_after", indent=2)
            self._screen.note("hand_in", indent=2, count=str(count))
        elif command and command != "skip":
            return self._ordered(command, count)
        elif command or line not in ("", *map(str, range(1, count + 1))):
            self._screen.note("which", indent=2, count=str(count))
        else:
            return int(line) - 1 if line else "handed in"
        return None

    def _ordered(self, command: Command, place: int, part: str = "") -> _Then:
        """What concerns no answer."""
        if command == "next":
            return "another"
        if command == "back":
            if not place:
                self._screen.note("first", indent=2)
            return max(place - 1, 0)
        if command in ("hint", "solution", "skip"):
            self._screen.note("answer_first", indent=2)
        else:
            self._screen.order(command, self._view, part)
        return place
