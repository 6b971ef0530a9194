"""The conversation: a line is typed, the desk does what it means, what came of it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from examgen.sheet import Diagram
from examgen.typeset import plain, plain_text
from grader.practice.desk import Clock, Desk, local_time
from grader.practice.terminal import pages
from grader.practice.terminal.commands import Command, command_in, is_words, nearly
from grader.practice.terminal.lines import Line
from grader.practice.terminal.standing import progress_page, when
from grader.practice.terminal.words import HELP, WORDS
from grader.practice.values import GOOD, Rest, RoundView, SlotView

Read = Callable[[str], str]
"""A prompt -> the line that was typed; raises EOFError at the end of input."""
Draw = Callable[[Diagram, bool], RenderableType | None]
"""A figure as text, or as a link to a file with it; arrow by arrow only where that is wanted."""


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
        self._desk, self._console, self._clock = desk, console, clock
        self._read, self._draw, self._whole = read, draw, whole
        self._language = desk.language
        self._words = WORDS[self._language]
        self._knows_keys = False

    def run(self) -> None:
        """Ask until the student has enough. Everything is kept as it is typed."""
        try:
            found = self._begun()
            while True:
                found = self._rested(found) if isinstance(found, Rest) else self._asked(found)
        except (EOFError, KeyboardInterrupt):
            self._say(Text())
        self._bye()

    def progress(self) -> None:
        """Show where the student stands."""
        self._say(progress_page(self._desk.progress(), self._language, self._clock()))

    # --- speaking and listening ------------------------------------------------------------------

    def _say(self, *what: RenderableType) -> None:
        for one in what:
            # an address may be longer than a line: cut, it leads nowhere
            self._console.print(one, width=min(self._console.width, pages.WIDEST), crop=False)

    def _note(self, name: str, indent: int = 0, **values: str) -> None:
        """Something said in passing."""
        told = Text(self._words[name].format(**values), style="dim")
        self._say(Line(told, indent, hanging=2))

    def _typed(self, prompt: str, *, formula: bool = False) -> tuple[str, Command | None]:
        """A line and the command that it is; raises EOFError where that says: enough."""
        line = self._read(prompt).strip()
        command = command_in(line, formula=formula)
        if command == "quit":
            raise EOFError
        return line, command

    def _line_for(self, slot: SlotView) -> tuple[str, Command | None]:
        """What is typed for an answer; a long label stands on a line of its own."""
        label, hint = plain(slot.slot.label), slot.slot.hint
        named = f"{label} ({plain_text(hint)})" if hint else label
        prompt = f"  {named} = "
        if cell_len(prompt) > self._console.width - 20:
            self._say(Line(Text(named), 2))
            prompt = "  = "
        return self._typed(prompt, formula=slot.slot.kind == "formula")

    def _bye(self) -> None:
        progress = self._desk.progress()
        self._note("bye", rounds=str(progress.rounds_today), limit=str(progress.limit))

    def _help(self) -> None:
        wide = max(len(name) for name, _ in HELP[self._language]) + 2
        for name, does in HELP[self._language]:
            self._say(Line(Text(f"{name:{wide}}{does}"), 2, hanging=wide))
        self._say(Line(Text(self._words["help"]), 2))

    # --- between rounds --------------------------------------------------------------------------

    def _begun(self) -> RoundView | Rest:
        """The first round, or the one that was left open."""
        found = self._desk.start()
        if isinstance(found, RoundView) and _is_touched(found):
            self._say(Text())
            self._note("resumed")
        return found

    def _rested(self, rest: Rest) -> RoundView | Rest:
        """Nothing is to be done; whoever likes goes on all the same."""
        words = self._words["limit" if rest.limit else "nothing"].format(rounds=rest.rounds)
        if rest.due:
            due = when(rest.due, self._clock(), self._language)
            words += " " + self._words["due"].format(when=due)
        self._say(Text(), Line(Text(words, style="bold")))
        self._on("ahead")
        found = self._desk.next(ahead=True)
        if isinstance(found, Rest):  # there is nothing that could be practised at all
            raise EOFError
        return found

    def _on(self, words: str) -> None:
        """Wait until the student wants more."""
        self._note(words)
        while self._typed("> ")[1] == "help":
            self._help()

    # --- a round ---------------------------------------------------------------------------------

    def _asked(self, view: RoundView) -> RoundView | Rest:
        """A round from its question to its end, and the next one."""
        self._pose(view)
        if self._whole and not _is_touched(view):
            after = self._all_at_once(view)
            if after is None:
                return self._put_aside(view)
            view = after
        shown = ""
        while (current := view.current) is not None:
            slot = view.of(current)
            if slot.part != shown:
                self._pose_part(view, slot.part)
                shown = slot.part
            after = self._step(view, slot)
            if after is None:
                return self._put_aside(view)
            view = after
        return self._ended(view)

    def _put_aside(self, view: RoundView) -> RoundView | Rest:
        self._desk.skip(view.id)
        return self._desk.next()

    def _pose(self, view: RoundView) -> None:
        sheet = view.sheet
        figure = self._draw(sheet.diagram, not sheet.equations) if sheet.diagram else None
        self._say(Text(), pages.question(view, self._language, figure))
        if not self._knows_keys:
            self._say(Text())
            self._note("keys")
            self._knows_keys = True

    def _pose_part(self, view: RoundView, label: str) -> None:
        for sheet in view.sheet.parts:
            if f"{label}.".startswith(f"{sheet.label}."):
                self._say(pages.part(sheet))

    def _step(self, view: RoundView, slot: SlotView) -> RoundView | None:
        """One line about a slot; None for another question."""
        line, command = self._line_for(slot)
        name = slot.slot.id
        if command in ("hint", "solution"):
            return self._hinted(view, name, to_the_end=command == "solution")
        if command == "skip":
            self._note("left" if slot.last else "left_open", indent=2)
            return self._desk.leave(view.id, name)
        if command:
            return self._ordered(command, view, slot.part)
        if not self._is_answer(line, slot):
            return view
        view = self._desk.answer(view.id, {name: line})
        self._tell(view, slot, view.of(name))
        return view

    def _ordered(self, command: Command, view: RoundView, part: str) -> RoundView | None:
        """What does not concern one slot."""
        if command == "next":
            return None
        if command == "again":
            self._pose(view)
            self._pose_part(view, part)
        else:
            self._help()
        return view

    def _is_answer(self, line: str, slot: SlotView) -> bool:
        """Whether a line may be one; words never are a number: a command was meant."""
        words = slot.slot.kind == "number" and is_words(line)
        if not line:
            self._note("keys", indent=2)
        elif words:
            self._note("no_command", indent=2, word=nearly(line) or "help")
        return bool(line) and not words

    def _hinted(self, view: RoundView, slot: str, to_the_end: bool) -> RoundView:
        while True:
            view = self._desk.hint(view.id, slot)
            found = view.of(slot)
            if found.hints:
                said = pages.hint(found.hints[-1], len(found.hints), found.left, self._language)
                self._say(said)
            if found.settled or not to_the_end:
                return view

    def _tell(self, view: RoundView, before: SlotView, slot: SlotView) -> None:
        """What is said of the last answer, where in the figure the mistake is, and how to go on."""
        if slot.last is None:
            return
        said = slot.last.feedback
        self._say(pages.feedback(said, slot.last.response, self._language))
        seen = before.last.feedback.trail if before.last else ()
        if said.trail and said.trail != seen and view.sheet.diagram:
            drawn = self._draw(view.sheet.diagram, True)
            self._say(*([drawn] if drawn else []))
        meant = nearly(slot.last.response) if said.verdict == "unreadable" else None
        if meant:
            self._note("meant", indent=2, word=meant)
        elif said.verdict not in GOOD and not before.attempts:
            self._note("miss", indent=2)

    def _ended(self, view: RoundView) -> RoundView | Rest:
        """The worked solution after a miss, what was trained, and on."""
        for slot in view.slots:
            if slot.passed and slot.expected:
                told = self._words["expected"].format(answer=plain_text(slot.expected))
                self._say(Line(Text(f"{plain(slot.slot.label)}: {told}"), 2, hanging=2))
        if view.worked:
            self._say(pages.worked(view.worked, self._language))
        self._say(pages.outcome(view, self._language))
        missed = any(grade == "missed" for _, grade in view.grades)
        self._on("more_again" if missed else "more")
        return self._desk.next()

    # --- all answers at once ---------------------------------------------------------------------

    def _all_at_once(self, view: RoundView) -> RoundView | None:
        """Ask for every answer, then have them marked together; None for another question."""
        self._note("whole")
        responses: dict[str, str] = {}
        with self._kept(view, responses):
            shown = ""
            for slot in view.slots:
                if slot.part != shown:
                    self._pose_part(view, slot.part)
                    shown = slot.part
                line = self._collected(view, slot)
                if line is None:
                    return None
                responses[slot.slot.id] = line
        after = self._desk.answer(view.id, responses)
        self._say(Text())
        for slot in after.slots:
            self._tell_named(after, slot)
        return after

    @contextmanager
    def _kept(self, view: RoundView, responses: dict[str, str]) -> Iterator[None]:
        """Whoever leaves in between has given the answers so far."""
        try:
            yield
        except (EOFError, KeyboardInterrupt):
            self._desk.answer(view.id, responses)
            raise

    def _collected(self, view: RoundView, slot: SlotView) -> str | None:
        """An answer that is marked later, empty for one left open; None for another question."""
        while True:
            line, command = self._line_for(slot)
            if command == "skip" or not line:
                return ""
            if command == "next":
                return None
            if command in ("hint", "solution"):
                self._note("answer_first", indent=2)
            elif command:
                self._ordered(command, view, slot.part)
            elif self._is_answer(line, slot):
                return line

    def _tell_named(self, view: RoundView, slot: SlotView) -> None:
        """What is said of one of many answers, which stands far above by now."""
        if slot.last:
            self._say(pages.answered(slot, slot.last))
            self._tell(view, slot, slot)


def _is_touched(view: RoundView) -> bool:
    """Whether anything was done about a round."""
    return any(slot.attempts or slot.hints or slot.settled for slot in view.slots)
