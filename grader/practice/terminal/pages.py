"""Pieces of a round as text for a terminal; what students wrote never is markup there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

from examgen.errors import cut, visible
from examgen.sheet import PartSheet
from examgen.typeset import plain, plain_text
from grader.practice.terminal.words import GRADES, SIGNS, VERDICTS, WORDS
from grader.practice.values import Attempt, Feedback, Hint, MarkedPart, MarkedStep, RoundView

WIDEST = 88
"""Characters of a line; longer ones are hard to read."""
_SHOWN = 60  # characters of a response that is repeated


def question(view: RoundView, language: str, figure: RenderableType | None) -> RenderableType:
    """Everything above the parts: title, stem, figure, numbers, conventions."""
    words, sheet = WORDS[language], view.sheet
    aim = words["trains"].format(skill=view.skill) if view.skill else ""
    aim = words["mixed"] if view.mixed and not aim else aim
    blocks: list[RenderableType] = [
        Text(plain_text(sheet.title), style="bold"),
        *([Text(aim, style="dim")] if aim else []),
        *(Text(f"\n{plain_text(paragraph)}") for paragraph in sheet.stem),
        *_block(_formulas(sheet.equations)),
        *([Text(), figure] if figure is not None else []),
        *_numbers(words["given"], sheet.givens),
        *_block(_working(sheet.working)),
        *_numbers(words["known"], view.known),
        *_block(Text(f"· {plain_text(one)}", style="dim") for one in sheet.conventions),
    ]
    return Group(*blocks)


def _block(lines: Iterable[RenderableType]) -> list[RenderableType]:
    """Lines with a blank one before them, if there are any."""
    found = list(lines)
    return [Text(), *found] if found else []


def _formulas(formulas: Iterable[str]) -> Iterator[RenderableType]:
    for tex in formulas:
        yield Padding(Text(plain(tex)), (0, 0, 0, 4))


def _working(lines: Sequence[str]) -> Iterator[Text]:
    for number, tex in enumerate(lines, start=1):
        yield Text(f"{number:>4}  {plain(tex)}")


def _numbers(title: str, pairs: Sequence[tuple[str, str]]) -> list[RenderableType]:
    """Symbols and numbers side by side, as many on a line as there is room for."""
    cells = [f"{plain(symbol)} = {plain(number)}" for symbol, number in pairs]
    return [Text(), Text(f"{title}:"), Padding(Columns(cells), (0, 0, 0, 4))] if cells else []


class Columns:
    """Short texts in columns of equal width, row by row."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = cells

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(map(len, self.cells)) + 3
        count = max(1, options.max_width // width)
        for row in zip_longest(*[iter(self.cells)] * count, fillvalue=""):
            yield Segment("".join(cell.ljust(width) for cell in row).rstrip())
            yield Segment.line()


def part(sheet: PartSheet) -> RenderableType:
    """What a part asks, and what formulas may be made of."""
    asked = Text.assemble((f"({sheet.label}) ", "bold"), plain_text(sheet.ask))
    note = [Text(plain_text(sheet.note), style="dim")] if sheet.note else []
    return Group(Text(), asked, *note)


def feedback(said: Feedback, response: str, language: str) -> RenderableType:
    """What is said of a response; where it could not be read, with a caret under the place."""
    sign, style = SIGNS[said.verdict]
    told = Text.assemble((f"{sign} {VERDICTS[language][said.verdict]}", style))
    if said.reason:
        told.append(f" {plain_text(said.reason)}")
    lines: list[RenderableType] = [told]
    if said.verdict == "unreadable":
        lines += _caret(said, response)
    return Padding(Group(*lines), (0, 0, 0, 2))


def _caret(said: Feedback, response: str) -> Iterator[RenderableType]:
    """The response, the place in it, the reason."""
    column = said.column or 1
    start = max(0, column - _SHOWN)
    yield Text(f"  {visible(response)[start : start + 2 * _SHOWN]}")
    yield Text.assemble(("  " + " " * (column - 1 - start) + "^ ", "bold magenta"), said.note)


def hint(step: Hint, number: int, language: str) -> RenderableType:
    """A step of a derivation."""
    head = Text(f"{WORDS[language]['hint'].format(n=number)}  ", style="bold cyan")
    lines: list[RenderableType] = [head.append(plain_text(step.text), style="none")]
    return Padding(Group(*lines, *_formulas(step.formulas)), (0, 0, 0, 2))


def worked(parts: Sequence[MarkedPart], language: str) -> RenderableType:
    """The worked solution, the student's own answers beside its steps."""
    words = WORDS[language]
    blocks: list[RenderableType] = [Text(), Text(words["solution"], style="bold underline")]
    for one in parts:
        blocks.append(Text(f"\n({one.label})", style="bold"))
        for step in one.steps:
            blocks += _step(step, words)
        blocks += [Text(f"\n{plain_text(text)}", style="italic") for text in one.feedback]
    return Group(*blocks)


def _step(step: MarkedStep, words: Mapping[str, str]) -> Iterator[RenderableType]:
    if step.step.text:
        yield Text(plain_text(step.step.text))
    yield from _formulas(step.step.formulas)
    for own in step.own:
        yield Padding(_own(own, words), (0, 0, 0, 4))


def _own(own: Attempt, words: Mapping[str, str]) -> Text:
    sign, style = SIGNS[own.feedback.verdict]
    response = cut(visible(own.response), _SHOWN)
    return Text(f"{sign} {words['yours'].format(response=response)}", style=style)


def outcome(view: RoundView, language: str) -> RenderableType:
    """What a round trained, and how it went."""
    words = WORDS[language]
    lines: list[RenderableType] = [Text()]
    if not view.worked:
        lines.append(Text(words["all_right"], style="bold green"))
    if view.grades:
        told = Text(f"{words['went']}: ")
        for place, (name, grade) in enumerate(view.grades):
            sign, style = GRADES[grade]
            told.append(" · " if place else "").append(f"{name} ").append(sign, style=style)
        lines.append(told)
    return Group(*lines)
