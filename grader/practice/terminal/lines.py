"""Lines of a terminal: wrapped, indented, and without blanks at their ends."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

_GAP = 3  # blanks between columns
_NO_BREAK = "\N{NO-BREAK SPACE}"
_LETTER = "\ue000"  # of private use; rich ends lines at every kind of space


def broken(told: str, room: int, hanging: int = 0) -> str:
    """Things to type, with two blanks or more between them: lines end there rather than within one.

    hanging: blanks that come before all lines but the first, if there are several.

    >>> broken("? (hint)  next (question)  quit", 22)
    '? (hint)\\nnext (question)  quit'
    """
    if cell_len(told) <= room:
        return told
    whole, room = re.sub("(?<! ) (?! )", _NO_BREAK, told), max(room - hanging, 1)
    lines = textwrap.fill(whole, room, break_long_words=False, break_on_hyphens=False)
    return lines.replace(_NO_BREAK, " ")


@dataclass(frozen=True)
class Line:
    """A paragraph. indent: blanks before its first line; hanging: more of them before the rest."""

    text: Text
    indent: int = 0
    hanging: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        indent = min(self.indent, options.max_width // 4)
        hanging = min(self.hanging, options.max_width // 4)
        room = options.max_width - indent
        for place, line in enumerate(self._wrapped(console, room, hanging)):
            line.rstrip()
            blanks = " " * (indent + hanging * bool(place)) if line else ""
            yield Text.assemble(blanks, line, no_wrap=True, overflow="ignore")

    def _wrapped(self, console: Console, room: int, hanging: int) -> Sequence[Text]:
        if cell_len(self.text.plain) <= room and "\n" not in self.text.plain:
            return [self.text.copy()]
        whole = self.text.copy()
        whole.plain = whole.plain.replace(_NO_BREAK, _LETTER)
        lines = list(whole.wrap(console, max(room - hanging, 1)))
        for line in lines:
            line.plain = line.plain.replace(_LETTER, _NO_BREAK)
        return lines


@dataclass(frozen=True)
class Columns:
    """Short texts side by side in columns of equal width.

    down: whether they are read column by column. most: how many columns there may be.
    """

    cells: Sequence[str]
    indent: int = 0
    down: bool = False
    most: int = 100

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = max(map(cell_len, self.cells)) + _GAP
        room = options.max_width - self.indent + _GAP
        count = min(self.most, max(1, room // wide))
        for row in self._rows(count):
            told = "".join(cell + " " * (wide - cell_len(cell)) for cell in row)
            yield Line(Text(told.rstrip()), self.indent, hanging=4)

    def _rows(self, count: int) -> list[tuple[str, ...]]:
        height = -(-len(self.cells) // count)
        if not self.down:
            return list(zip_longest(*[iter(self.cells)] * count, fillvalue=""))
        columns = [self.cells[top : top + height] for top in range(0, len(self.cells), height)]
        return list(zip_longest(*columns, fillvalue=""))


@dataclass(frozen=True)
class Caret:
    """A line, a mark under one of its places, and what is to be said of that.

    before, after: the line as far as that place, and the rest. Of a line that is too long what is
    near the place is shown.
    """

    before: str
    after: str
    note: str
    style: str
    indent: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown = self._cut(max(options.max_width - self.indent, 8))
        place = cell_len(shown.before)
        yield Line(Text(shown.before + shown.after), self.indent)
        pointed = Text.assemble(" " * place, ("^", self.style))
        if self.indent + place + 2 + cell_len(self.note) <= options.max_width:
            yield Line(pointed.append(f" {self.note}"), self.indent)
        else:
            yield Line(pointed, self.indent)
            yield Line(Text(self.note), self.indent)

    def _cut(self, room: int) -> Caret:
        """The same with the line cut on both sides to so many cells."""
        if cell_len(self.before + self.after) <= room:
            return self
        before = self._end(self.before, room * 2 // 3)
        after = Text(self.after)
        after.truncate(room - cell_len(before), overflow="ellipsis")
        return replace(self, before=before, after=after.plain)

    @staticmethod
    def _end(text: str, room: int) -> str:
        if cell_len(text) <= room:
            return text
        while cell_len(text) >= room:  # short: a response is
            text = text[1:]
        return f"…{text}"


@dataclass(frozen=True)
class Rows:
    """Rows of cells under a head; where they are too wide each is a line and one below it."""

    head: Sequence[Text]
    rows: Sequence[Sequence[Text]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [max(map(_width, column)) for column in zip(self.head, *self.rows, strict=True)]
        if sum(widths) + 2 * len(widths) <= options.max_width:
            for row in (self.head, *self.rows):
                yield Line(Text("  ").join(map(_padded, row, widths)))
            return
        for name, *others in self.rows:
            told = zip(self.head[1:], others, strict=True)
            yield Line(name)
            yield Line(Text("  ").join(Text.assemble(h, " ", c) for h, c in told if c), indent=4)


def _width(cell: Text) -> int:
    return cell_len(cell.plain)


def _padded(cell: Text, width: int) -> Text:
    return Text.assemble(cell, " " * (width - _width(cell)))
