"""The conversation: a line is typed, the desk does what it means, what came of it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from examgen.typeset import plain, plain_text
from grader.practice.desk import Clock, Desk, local_time
from grader.practice.terminal import pages
from grader.practice.terminal.commands import nearly
from grader.practice.terminal.lines import Line
from grader.practice.terminal.screen import Draw, Read, Screen
from grader.practice.terminal.standing import progress_page, when
from grader.practice.terminal.whole import Answers
from grader.practice.values import GOOD, Rest, RoundView, SlotView, Trail


class Talk:
    """A session at a terminal. whole: all answers of a question are asked before any is marked.

    clock: the present, as the desk has it.
    """

    def __init__(
        self,
        desk: Desk,
        console: Console,
        read: Read,
        draw: Draw,
        *,
        whole: bool = False,
        clock: Clock = local_time,
    ) -> None:
        self._desk, self._clock, self._whole = desk, clock, whole
        self._screen = Screen(console, read, draw, desk.language)
        self._language, self._words = self._screen.language, self._screen.words

    def run(self) -> None:
        """Ask until the student has enough. Everything is kept as it is typed."""
        if title := self._desk.title:
            self._screen.say(Text(), Text(title, style="bold"))
        try:
            found = self._begun()
            while True:
                found = self._rested(found) if isinstance(found, Rest) else self._asked(found)
        except (EOFError, KeyboardInterrupt):
            self._screen.say(Text())
        progress = self._desk.progress()
        limit = str(progress.limit)
        self._screen.note("bye", rounds=str(progress.rounds_today), limit=limit)

    def progress(self) -> None:
        """Show where the student stands."""
        self._screen.say(progress_page(self._desk.progress(), self._language, self._clock()))

    # --- between rounds --------------------------------------------------------------------------

    def _begun(self) -> RoundView | Rest:
        """The first round, or the one that was left open."""
        found = self._desk.start()
        if isinstance(found, RoundView) and _is_touched(found):
            self._screen.say(Text())
            self._screen.note("resumed")
        return found

    def _rested(self, rest: Rest) -> RoundView | Rest:
        """Nothing is to be done; whoever likes goes on all the same."""
        words = self._words[rest.why].format(rounds=rest.rounds)
        if rest.due:
            due = when(rest.due, self._clock(), self._language)
            words += " " + self._words["due"].format(when=due)
        self._screen.say(Text(), Line(Text(words, style="bold")))
        self._on("ahead")
        found = self._desk.next(ahead=True)
        if isinstance(found, Rest):  # there is nothing that could be practised at all
            raise EOFError
        return found

    def _on(self, words: str) -> None:
        """Wait until the student wants more; what else is typed was meant for another place."""
        self._screen.note(words)
        line, command = self._screen.typed("> ")
        while line and command != "next":
            if command == "help":
                self._screen.help()
            self._screen.note(words)
            line, command = self._screen.typed("> ")

    # --- a round ---------------------------------------------------------------------------------

    def _asked(self, view: RoundView) -> RoundView | Rest:
        """A round from its question to its end, and the next one."""
        whole = self._whole and not _is_touched(view)
        self._screen.pose(view, "whole" if whole else "keys")
        if whole:
            after = self._all_at_once(view)
            if after is None:
                return self._put_aside(view)
            view = after
        shown = ""
        while (current := view.current) is not None:
            slot = view.of(current)
            if slot.part != shown:
                self._screen.pose_part(view, slot.part)
                shown = slot.part
            after = self._step(view, slot)
            if after is None:
                return self._put_aside(view)
            view = after
        return self._ended(view)

    def _put_aside(self, view: RoundView) -> RoundView | Rest:
        self._desk.skip(view.id)
        return self._desk.next()

    def _step(self, view: RoundView, slot: SlotView) -> RoundView | None:
        """One line about a slot; None for another question."""
        line, command = self._screen.line_for(slot)
        name = slot.slot.id
        if command in ("hint", "solution"):
            return self._hinted(view, name, to_the_end=command == "solution")
        if command == "skip":
            self._screen.note(_how_left(view, slot), indent=2)
            return self._desk.leave(view.id, name)
        if command == "next":
            return None
        if command == "back":
            self._screen.note("no_way_back", indent=2)
        elif command:
            self._screen.order(command, view, slot.part)
        elif self._screen.takes(line, slot):
            return self._answered(view, slot, line)
        return view

    def _answered(self, view: RoundView, slot: SlotView, line: str) -> RoundView:
        """What is said of an answer; none of one to a round that was ended from elsewhere."""
        after = self._desk.answer(view.id, {slot.slot.id: line})
        found = after.of(slot.slot.id)
        if len(found.attempts) > len(slot.attempts):
            self._tell(after, found, draw=_way(found) != _way(slot), miss=not slot.attempts)
        return after

    def _hinted(self, view: RoundView, slot: str, to_the_end: bool) -> RoundView:
        while True:
            view = self._desk.hint(view.id, slot)
            found = view.of(slot)
            if found.hints:
                said = pages.hint(found.hints[-1], len(found.hints), found.left, self._language)
                self._screen.say(said)
            if found.settled or not to_the_end:
                return view

    def _tell(self, view: RoundView, slot: SlotView, *, draw: bool, miss: bool) -> None:
        """What is said of the last answer.

        draw: whether to show where in the figure the mistake is; miss: and how to go on after one.
        """
        if slot.last is None:
            return
        said = slot.last.feedback
        self._screen.say(pages.feedback(said, slot.last.response, self._language))
        if draw and said.trail and view.sheet.diagram is not None:
            self._screen.draw_again(view.sheet.diagram)
        meant = nearly(slot.last.response) if said.verdict == "unreadable" else None
        if meant:
            self._screen.note("meant", indent=2, word=meant)
        elif miss and said.verdict not in GOOD:
            self._screen.note("miss", indent=2)

    def _ended(self, view: RoundView) -> RoundView | Rest:
        """The worked solution after a miss, what was trained, and on."""
        for slot in view.slots:
            if slot.passed and slot.left:
                told = self._words["expected"].format(answer=plain_text(slot.expected))
                self._screen.say(Line(Text(f"{plain(slot.slot.label)}: {told}"), 2, hanging=2))
        if view.worked:
            self._screen.say(pages.worked(view.worked, self._language))
        self._screen.say(pages.outcome(view, self._language))
        missed = any(grade == "missed" for _, grade in view.grades)
        self._on("more_again" if missed else "more")
        return self._desk.next()

    # --- all answers at once ---------------------------------------------------------------------

    def _all_at_once(self, view: RoundView) -> RoundView | None:
        """Have every answer before they are marked together; None for another question."""
        answers = Answers(self._screen, view)
        with self._kept(view, answers):
            if not answers.are_handed_in():
                return None
        after = self._desk.answer(view.id, answers.given)
        self._screen.say(Text())
        figure = after.sheet.diagram is not None
        first = next((slot for slot in after.slots if figure and _way(slot)), None)
        for slot in after.slots:
            self._tell_named(after, slot, draw=slot is first)
        if not after.ended:
            self._screen.note("miss", indent=2)
        return after

    @contextmanager
    def _kept(self, view: RoundView, answers: Answers) -> Iterator[None]:
        """Whoever leaves in between has given the answers so far."""
        try:
            yield
        except (EOFError, KeyboardInterrupt):
            self._desk.answer(view.id, answers.given)
            raise

    def _tell_named(self, view: RoundView, slot: SlotView, *, draw: bool) -> None:
        """What is said of one of many answers, which stands far above by now."""
        if slot.last:
            self._screen.say(pages.answered(slot, slot.last.response))
            self._tell(view, slot, draw=draw, miss=False)
        if draw:
            self._screen.say(Text())


def _how_left(view: RoundView, slot: SlotView) -> str:
    """What to say of an answer that is left; what could not be read is none."""
    if all(one.feedback.verdict == "unreadable" for one in slot.attempts):
        return "left_open"
    return "left_last" if slot is view.slots[-1] else "left"


def _way(slot: SlotView) -> Trail:
    """Where in the figure the mistake in the last answer is; nothing where there is none."""
    return slot.last.feedback.trail if slot.last else ()


def _is_touched(view: RoundView) -> bool:
    """Whether anything was done about a round."""
    return any(slot.attempts or slot.hints or slot.settled for slot in view.slots)
