"""The conversation: a line is typed, the desk does what it means, what came of it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.console import Console, RenderableType
from rich.text import Text

from examgen.sheet import Diagram
from examgen.typeset import plain, plain_text
from grader.practice.desk import Desk
from grader.practice.terminal import pages
from grader.practice.terminal.standing import progress_page, when
from grader.practice.terminal.words import WORDS
from grader.practice.values import Rest, RoundView, SlotView

Read = Callable[[str], str]
"""A prompt -> the line that was typed; raises EOFError at the end of input."""
Draw = Callable[[Diagram], RenderableType | None]
"""A figure as text, or as a link to a file with it."""

HINT, SOLUTION, LEAVE, NEXT, QUIT, AGAIN, HELP = (
    "hint",
    "solution",
    "leave",
    "next",
    "quit",
    "again",
    "help",
)
COMMANDS: Mapping[str, str] = {
    "?": HINT,
    "hint": HINT,
    "show": HINT,
    "solution": SOLUTION,
    "skip": LEAVE,
    "next": NEXT,
    "quit": QUIT,
    "exit": QUIT,
    "again": AGAIN,
    "help": HELP,
}
"""Lines that are no answers; none of them is a formula that any question asks."""


class Talk:
    """A session at a terminal. whole: all answers of a question are asked before any is marked."""

    def __init__(
        self, desk: Desk, console: Console, read: Read, draw: Draw, *, whole: bool = False
    ) -> None:
        self._desk, self._console = desk, console
        self._read, self._draw, self._whole = read, draw, whole
        self._language = desk.language
        self._words = WORDS[self._language]

    def run(self) -> None:
        """Ask until the student has enough. Everything is kept as it is typed."""
        try:
            found = self._desk.start()
            while True:
                found = self._rested(found) if isinstance(found, Rest) else self._asked(found)
        except (EOFError, KeyboardInterrupt):
            self._say(Text())
        self._bye()

    def _say(self, *what: RenderableType) -> None:
        for one in what:
            self._console.print(one, width=min(self._console.width, pages.WIDEST))

    def _typed(self, prompt: str) -> str:
        """A line; raises EOFError where it says that this is enough."""
        line = self._read(prompt).strip()
        if COMMANDS.get(line.casefold()) == QUIT:
            raise EOFError
        return line

    def _bye(self) -> None:
        progress = self._desk.progress()
        words = self._words["bye"].format(rounds=progress.rounds_today, limit=progress.limit)
        self._say(Text(words, style="dim"))

    def _rested(self, rest: Rest) -> RoundView | Rest:
        """Nothing is to be done; whoever likes goes on all the same."""
        words = self._words["limit" if rest.limit else "nothing"].format(rounds=rest.rounds)
        if rest.due:
            words += " " + self._words["due"].format(when=when(rest.due, self._language))
        self._say(Text(f"\n{words}", style="bold"), Text(self._words["ahead"], style="dim"))
        self._typed("> ")
        found = self._desk.next(ahead=True)
        if isinstance(found, Rest):  # there is nothing that could be practised at all
            raise EOFError
        return found

    # --- a round ---------------------------------------------------------------------------------

    def _asked(self, view: RoundView) -> RoundView | Rest:
        """A round from its question to its end, and the next one."""
        self._pose(view)
        if self._whole and not any(slot.attempts for slot in view.slots):
            view = self._all_at_once(view)
        shown = ""
        while (current := view.current) is not None:
            slot = view.of(current)
            if slot.part != shown:
                self._pose_part(view, slot.part)
                shown = slot.part
            after = self._step(view, slot)
            if after is None:
                self._desk.skip(view.id)
                return self._desk.next()
            view = after
        return self._ended(view)

    def _pose(self, view: RoundView) -> None:
        figure = self._draw(view.sheet.diagram) if view.sheet.diagram else None
        self._say(Text(), pages.question(view, self._language, figure))
        self._say(Text(f"\n{self._words['keys']}", style="dim"))

    def _pose_part(self, view: RoundView, label: str) -> None:
        for sheet in view.sheet.parts:
            if f"{label}.".startswith(f"{sheet.label}."):
                self._say(pages.part(sheet))

    def _all_at_once(self, view: RoundView) -> RoundView:
        """Ask for every answer, then have them marked together."""
        self._say(Text(self._words["whole"], style="dim"))
        responses: dict[str, str] = {}
        shown = ""
        for slot in view.slots:
            if slot.part != shown:
                self._pose_part(view, slot.part)
                shown = slot.part
            responses[slot.slot.id] = self._typed(_prompt(slot))
        after = self._desk.answer(view.id, responses)
        for slot in after.slots:
            self._tell(after, slot, named=True)
        return after

    def _step(self, view: RoundView, slot: SlotView) -> RoundView | None:
        """One line about a slot; None for another question."""
        line = self._typed(_prompt(slot))
        number, name = view.id, slot.slot.id
        command = COMMANDS.get(line.casefold())
        if not line or command == HELP:
            self._say(Text(self._words["help"], style="dim"))
        elif command == AGAIN:
            self._pose(view)
            self._pose_part(view, slot.part)
        elif command == NEXT:
            return None
        elif command == LEAVE:
            view = self._desk.leave(number, name)
            self._say(Text(f"  {self._words['left']}", style="dim"))
        elif command in (HINT, SOLUTION):
            view = self._hinted(view, name, to_the_end=command == SOLUTION)
        else:
            view = self._desk.answer(number, {name: line})
            self._tell(view, view.of(name))
        return view

    def _hinted(self, view: RoundView, slot: str, to_the_end: bool) -> RoundView:
        while True:
            view = self._desk.hint(view.id, slot)
            found = view.of(slot)
            if found.hints:
                self._say(pages.hint(found.hints[-1], len(found.hints), self._language))
            if found.settled or not to_the_end:
                return view

    def _tell(self, view: RoundView, slot: SlotView, named: bool = False) -> None:
        """What is said of the last answer, and where in the figure the mistake is."""
        if slot.last is None:
            return
        if named:
            self._say(Text(plain(slot.slot.label), style="bold"))
        said = slot.last.feedback
        self._say(pages.feedback(said, slot.last.response, self._language))
        if said.trail and view.sheet.diagram and (drawn := self._draw(view.sheet.diagram)):
            self._say(drawn)

    def _ended(self, view: RoundView) -> RoundView | Rest:
        """The worked solution after a miss, what was trained, and on."""
        for slot in view.slots:
            if slot.passed and slot.expected:
                told = self._words["expected"].format(answer=plain_text(slot.expected))
                self._say(Text(f"  {plain(slot.slot.label)}: {told}"))
        if view.worked:
            self._say(pages.worked(view.worked, self._language))
        self._say(pages.outcome(view, self._language), Text(self._words["more"], style="dim"))
        self._typed("> ")
        return self._desk.next()

    def progress(self) -> None:
        """Show where the student stands."""
        self._say(progress_page(self._desk.progress(), self._language))


def _prompt(slot: SlotView) -> str:
    hint = f" ({slot.slot.hint})" if slot.slot.hint else ""
    return f"  {plain(slot.slot.label)}{hint} = "
