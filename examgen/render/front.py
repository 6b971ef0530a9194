"""The head of the first page, for an exam without a cover: title, whose it is, what to know."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.render.blocks import Block, Mark
from examgen.render.style import (
    PARAGRAPH_GAP,
    SIZE,
    THICK_RULE,
    THIN_RULE,
    TITLE,
    apart,
    paragraphs,
    prose,
)
from examgen.render.tables import points_table
from examgen.render.words import Words
from examgen.sheet import ExamSheet
from examgen.typeset import BOLD, Box, rule, stack, verbatim_lines

TITLE_SIZE = TITLE
_WRITTEN = 21.0  # points, the height of a line to write on
_WRITING = _WRITTEN - 0.26 * SIZE  # of that, what is above the baseline


def front_blocks(sheet: ExamSheet, words: Words, width: float) -> list[Block]:
    """Everything above the first question of an exam."""
    blocks = [*title_blocks(sheet.title, _facts(sheet), width), _whose(sheet, words, width)]
    blocks.append(full_rule(width))
    for text in sheet.instructions:
        blocks += paragraphs(text, width, words.language, PARAGRAPH_GAP + 2.0)
    blocks += _aids(sheet, words, width)
    return blocks + points_table(sheet, words, width)


def solution_front(sheet: ExamSheet, words: Words, width: float) -> list[Block]:
    """Everything above the first worked answer."""
    title = f"{sheet.title} – {words.solution}"
    return [*title_blocks(title, _facts(sheet), width), full_rule(width)]


def title_blocks(title: str, facts: Sequence[str], width: float) -> list[Block]:
    """A title, and facts in a line under it."""
    blocks = [prose(title, width, size=TITLE, face=BOLD, before=0.0, keep=True, role="H1")]
    return blocks + ([prose(" · ".join(facts), width, keep=True)] if facts else [])


def full_rule(width: float, before: float = 9.0) -> Block:
    """A line across the text, that tells nobody anything."""
    mark = Mark(0.0, 1.0, rule(width, THICK_RULE), "Artifact")
    return Block(1.0, (mark,), before=before, keep=True, role="Artifact")


def _facts(sheet: ExamSheet) -> list[str]:
    return [fact for fact in (sheet.course, sheet.date, sheet.duration) if fact]


def _aids(sheet: ExamSheet, words: Words, width: float) -> list[Block]:
    """`Permitted aids: a calculator; a page of notes`, or sentence after sentence."""
    if not sheet.aids:
        return []
    sentences = all(text.endswith((".", "!")) for text in sheet.aids)
    told = f"{words.aids}: {(' ' if sentences else '; ').join(sheet.aids)}"
    return paragraphs(told, width, words.language, PARAGRAPH_GAP + 2.0)


def _whose(sheet: ExamSheet, words: Words, width: float) -> Block:
    """Whose it is, in two columns on one baseline; lines to write on for what is not known."""
    right = width * 0.6
    first, *others = _owner(sheet, words)
    above = _WRITING if any(not value.strip() for _, value in (first, *others[:1])) else 0.0
    left_marks, left_height = fact_marks([first], 0.0, right - 16.0, above)
    right_marks, right_height = fact_marks(others, right, width - right, above)
    marks = (*left_marks, *right_marks)
    return Block(max(left_height, right_height), marks, before=12.0, keep=True)


def _owner(sheet: ExamSheet, words: Words) -> list[tuple[str, str]]:
    """Name, version, number and seat; no name where none is known: the head of the page asks it."""
    return [
        *([(words.name, sheet.name)] if sheet.name else []),
        *([(words.version, sheet.version)] if sheet.version else []),
        (words.student, sheet.student),
        *([(words.seat, sheet.seat)] if sheet.seat else []),
    ]


def fact_marks(
    facts: Sequence[tuple[str, str]], x: float, width: float, above: float = 0.0
) -> tuple[list[Mark], float]:
    """Facts with their names, a line each, and the height of it all.

    above: how far above its baseline the first line begins at least.
    """
    labels = [apart(f"{label}:") for label, _ in facts]
    indent = max((label.width for label in labels), default=0.0) + 3.4
    marks: list[Mark] = []
    y = 0.0
    for label, (_, value) in zip(labels, facts, strict=True):
        box = fact_value(value, width - indent)
        y += box.height if marks else max(box.height, above)
        marks += [Mark(x, y, label), Mark(x + indent, y, box)]
        y += box.depth + 2.5
    return marks, y


def fact_value(text: str, width: float) -> Box:
    """The fact itself, or a line to write it on."""
    if text.strip():
        return stack(verbatim_lines(text, width, SIZE, BOLD), width, SIZE)
    line = rule(width, THIN_RULE, -2.0)
    return Box(width, _WRITING, 0.26 * SIZE, line.ink)
