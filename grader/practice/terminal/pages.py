"""Pieces of a round as text for a terminal; what students wrote never is markup there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from examgen.errors import cut, visible
from examgen.sheet import PartSheet, QuestionSheet
from examgen.text import Language
from examgen.typeset import plain, plain_text
from grader.practice.terminal.lines import Caret, Columns, Line
from grader.practice.terminal.words import GRADE_SIGNS, SIGNS, WORDS
from grader.practice.values import (
    Attempt,
    Feedback,
    Hint,
    MarkedPart,
    MarkedStep,
    RoundView,
    SlotView,
)
from grader.practice.words import GRADES, VERDICTS

WIDEST = 88
"""Characters of a line; longer ones are hard to read."""
SHOWN = 60
"""Characters of a response that is repeated."""
_MANY = 6  # equations from which on they stand in two columns


def question(view: RoundView, language: Language, figure: RenderableType | None) -> RenderableType:
    """Everything above the parts: title, stem, figure, numbers, conventions."""
    words, sheet = WORDS[language], view.sheet
    return Group(
        *_heading(view, words),
        *(Group(Text(), _prose(paragraph)) for paragraph in sheet.stem),
        *_block(_equations(sheet)),
        *_block([figure] if figure is not None else []),
        *_block(_numbers(words["given"], sheet.givens)),
        *_block(_working(sheet.working)),
        *_block(_numbers(words["known"], view.known)),
        *_block(_bullets(sheet.conventions)),
    )


def _heading(view: RoundView, words: Mapping[str, str]) -> Iterator[RenderableType]:
    yield Line(Text(plain_text(view.sheet.title), style="bold"))
    if view.skill:
        yield Line(Text(words["trains"].format(skill=view.skill), style="dim"))
    elif view.mixed:
        yield Line(Text(words["mixed"], style="dim"))


def _block(lines: Iterable[RenderableType]) -> list[RenderableType]:
    """Lines with a blank one before them, if there are any."""
    found = list(lines)
    return [Text(), *found] if found else []


def _prose(text: str, indent: int = 0, style: str = "") -> Line:
    return Line(Text(plain_text(text), style=style), indent)


def _equations(sheet: QuestionSheet) -> Iterator[RenderableType]:
    """Few of them one under the other, many in two columns where they fit."""
    if len(sheet.equations) < _MANY:
        yield from _formulas(sheet.equations)
    else:
        yield Columns([plain(tex) for tex in sheet.equations], indent=4, down=True, most=2)


def _formulas(formulas: Iterable[str], indent: int = 4) -> Iterator[RenderableType]:
    for tex in formulas:
        yield Line(Text(plain(tex)), indent, hanging=4)


def _working(lines: Sequence[str]) -> Iterator[RenderableType]:
    for number, tex in enumerate(lines, start=1):
        yield Line(Text(f"{number:>4}  {plain(tex)}"), hanging=8)


def _bullets(conventions: Iterable[str]) -> Iterator[RenderableType]:
    for one in conventions:
        yield Line(Text(f"· {plain_text(one)}"), hanging=2)


def _numbers(title: str, pairs: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    """Symbols and numbers side by side, as many on a line as there is room for."""
    if pairs:
        yield Line(Text(f"{title}:"))
        yield Columns([f"{plain(symbol)} = {plain(number)}" for symbol, number in pairs], indent=4)


def part(sheet: PartSheet) -> RenderableType:
    """What a part asks, and what formulas may be made of."""
    asked = Text.assemble((f"({sheet.label}) ", "bold"), plain_text(sheet.ask))
    note = [_prose(sheet.note, 4, "dim")] if sheet.note else []
    return Group(Text(), Line(asked, hanging=4), *note)


def feedback(said: Feedback, response: str, language: Language) -> RenderableType:
    """What is said of a response; where it could not be read, with a caret under the place."""
    sign, style = SIGNS[said.verdict]
    told = Text.assemble((f"{sign} {_verdict(said, language)}".rstrip(), style))
    if said.reason:
        told = told.append(f" {plain_text(said.reason)}")
    if said.verdict != "unreadable":
        return Line(told, 2, hanging=2)
    note = visible(said.note)  # it may cite the response
    if said.column is None:
        return Line(told.append(f" {note}"), 2, hanging=2)
    before, after = response[: said.column - 1], response[said.column - 1 :]
    return Group(Line(told, 2), Caret(visible(before), visible(after), note, style, 4))


def _verdict(said: Feedback, language: Language) -> str:
    """The verdict in words; the reason says itself what is right about a rounded answer."""
    if said.verdict == "rounded" and said.reason:
        return ""
    stop = ":" if said.verdict == "unreadable" else "."
    return f"{VERDICTS[language][said.verdict]}{stop}"


def hint(step: Hint, number: int, left: int, language: Language) -> RenderableType:
    """A step of a derivation, and how many there are."""
    head = WORDS[language]["hint"].format(n=number, all=number + left)
    told = Text.assemble((head, "bold"), f"  {plain_text(step.text)}".rstrip())
    return Group(Line(told, 2, hanging=2), *_formulas(step.formulas, 6))


def worked(parts: Sequence[MarkedPart], language: Language) -> RenderableType:
    """The worked solution, the student's own answers beside its steps."""
    words = WORDS[language]
    blocks: list[RenderableType] = [Text(), Line(Text(words["solution"], style="bold underline"))]
    for one in parts:
        blocks += [Text(), Line(Text(f"({one.label})", style="bold"))]
        for step in one.steps:
            blocks += _step(step, words)
        for text in one.feedback:
            blocks += [Text(), _prose(text)]
    return Group(*blocks)


def _step(step: MarkedStep, words: Mapping[str, str]) -> Iterator[RenderableType]:
    if step.step.text:
        yield _prose(step.step.text)
    yield from _formulas(step.step.formulas)
    for own in step.own:
        yield Line(_own(own, words), 6, hanging=2)


def _own(own: Attempt, words: Mapping[str, str]) -> Text:
    sign, style = SIGNS[own.feedback.verdict]
    response = cut(visible(own.response), SHOWN)
    return Text(f"{sign} {words['yours'].format(response=response)}", style=style)


def outcome(view: RoundView, language: Language) -> RenderableType:
    """What a round trained, and how it went."""
    words = WORDS[language]
    lines: list[RenderableType] = []
    if not view.worked:
        lines.append(Line(Text(words["all_right"], style="bold green")))
    if view.grades:
        told = Text(f"{words['went']}: ")
        for place, (name, grade) in enumerate(view.grades):
            sign, style = GRADE_SIGNS[grade]
            told.append(" · " if place else "").append(f"{name}\N{NO-BREAK SPACE}")
            meaning = "" if grade == "right" else GRADES[language][grade]
            told.append(f"{sign}\N{NO-BREAK SPACE}{meaning}".rstrip(), style=style)
        lines.append(Line(told))
    return Group(*_block(lines))


def answered(slot: SlotView, response: str, number: str = "") -> RenderableType:
    """An answer with its part and its label: the same may be asked as a formula and a number."""
    told = Text.assemble(f"{number}({slot.part}) ", (plain(slot.slot.label), "bold"), " = ")
    return Line(told.append(cut(visible(response), SHOWN)), hanging=len(number) + 4)


def overview(view: RoundView, given: Mapping[str, str], language: Language) -> RenderableType:
    """All answers under their numbers, before they are marked. given: by slot, empty if open."""
    words = WORDS[language]
    lines = [
        answered(slot, given.get(slot.slot.id) or words["open"], f"{number:>4}  ")
        for number, slot in enumerate(view.slots, start=1)
    ]
    return Group(Text(), Line(Text(words["given_so_far"], style="bold")), *lines)
