"""What is shown at a terminal, and the lines that are typed there; nothing is marked here."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.text import Text

from examgen.sheet import Diagram
from examgen.text import Language
from examgen.typeset import plain, plain_text
from grader.practice.terminal import pages
from grader.practice.terminal.commands import Command, command_in, is_words, nearly
from grader.practice.terminal.lines import Line, broken
from grader.practice.terminal.words import HELP, WORDS
from grader.practice.values import RoundView, SlotView

Read = Callable[[str], str]
"""A prompt -> the line that was typed; raises EOFError at the end of input."""
Draw = Callable[[Diagram, bool], RenderableType | None]
"""A figure as text, or as a link to a file with it; arrow by arrow only where that is wanted."""

_ROOM = 20  # characters that are left for an answer beside its label


class Screen:
    """A terminal in a language of practice."""

    def __init__(self, console: Console, read: Read, draw: Draw, language: Language) -> None:
        self._console, self._read, self._draw = console, read, draw
        self.language, self.words = language, WORDS[language]
        self._told: set[str] = set()

    # --- speaking --------------------------------------------------------------------------------

    def say(self, *what: RenderableType) -> None:
        """Show some things, one under the other."""
        # Not by themselves, as texts would be joined to one that is wrapped again; not cut, as the
        # address of a figure leads nowhere then.
        self._console.print(Group(*what), width=self._width, crop=False)

    @property
    def _width(self) -> int:
        """Of the lines: the window may have been made narrower."""
        return min(self._console.width, pages.WIDEST)

    def note(self, name: str, indent: int = 0, **values: str) -> None:
        """Something said in passing, by its name among the words."""
        told = broken(self.words[name].format(**values), self._width - indent, hanging=2)
        self.say(Line(Text(told, style="dim"), indent, hanging=2))

    def help(self) -> None:
        """The commands, and what an answer is."""
        wide = max(len(name) for name, _ in HELP[self.language]) + 2
        for name, does in HELP[self.language]:
            self.say(Line(Text(f"{name:{wide}}{does}"), 2, hanging=wide))
        self.say(Line(Text(self.words["help"]), 2))

    def pose(self, view: RoundView, keys: str = "") -> None:
        """A question up to its parts. keys: the name of what tells, once, what may be typed."""
        sheet = view.sheet
        figure = self._draw(sheet.diagram, not sheet.equations) if sheet.diagram else None
        self.say(Text(), pages.question(view, self.language, figure))
        if keys and keys not in self._told:
            self.say(Text())
            self.note(keys)
            self._told.add(keys)

    def pose_part(self, view: RoundView, label: str) -> None:
        """A part, after what it is a part of; all of them without a label."""
        for sheet in view.sheet.parts:
            if not label or f"{label}.".startswith(f"{sheet.label}."):
                self.say(pages.part(sheet))

    def draw_again(self, diagram: Diagram) -> None:
        """The figure for what is marked in it, arrow by arrow if need be."""
        drawn = self._draw(diagram, True)
        self.say(*([drawn] if drawn else []))

    # --- listening -------------------------------------------------------------------------------

    def typed(self, prompt: str, *, formula: bool = False) -> tuple[str, Command | None]:
        """A line and the command that it is; raises EOFError where that says: enough."""
        line = self._read(prompt).strip()
        command = command_in(line, formula=formula)
        if command == "quit":
            raise EOFError
        return line, command

    def line_for(self, slot: SlotView) -> tuple[str, Command | None]:
        """What is typed for an answer; a long label stands on a line of its own."""
        label, hint = plain(slot.slot.label), slot.slot.hint
        named = f"{label} ({plain_text(hint)})" if hint else label
        prompt = f"  {named} = "
        if cell_len(prompt) > self._console.width - _ROOM:
            self.say(Line(Text(named), 2))
            prompt = "  = "
        return self.typed(prompt, formula=slot.slot.kind == "formula")

    def order(self, command: Command, view: RoundView, part: str) -> None:
        """Do what concerns no answer: the question once more, with a part or all; or help."""
        if command == "again":
            self.pose(view)
            self.pose_part(view, part)
        else:
            self.help()

    def takes(self, line: str, slot: SlotView) -> bool:
        """Whether a line may be an answer; words never are a number: a command was meant."""
        words = slot.slot.kind == "number" and is_words(line)
        if not line:
            self.note("keys", indent=2)
        elif words:
            self.note("no_command", indent=2, word=nearly(line) or "help")
        return bool(line) and not words
