"""The head of an exam: title, whose it is, and the table of points."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.render.blocks import Block, Mark
from examgen.render.style import SIZE, SMALL, THICK_RULE, THIN_RULE, prose
from examgen.render.words import Words
from examgen.sheet import ExamSheet
from examgen.typeset import (
    BOLD,
    REGULAR,
    Box,
    rule,
    stack,
    text_box,
    verbatim_lines,
)

TITLE_SIZE = 17.0
CELL = 34.0  # points, the width of a column of the table of points


def front_blocks(sheet: ExamSheet, words: Words, width: float, *, solution: bool) -> list[Block]:
    """Everything above the first question."""
    title = f"{sheet.title} – {words.solution}" if solution else sheet.title
    blocks = [prose(title, width, size=TITLE_SIZE, face=BOLD, before=0.0)]
    facts = " · ".join(fact for fact in (sheet.course, sheet.date, sheet.duration) if fact)
    if facts:
        blocks.append(prose(facts, width))
    blocks.append(_whose(sheet, words, width))
    blocks.append(Block(1.0, (Mark(0.0, 1.0, rule(width, THICK_RULE)),), before=9.0))
    if not solution:
        blocks += [prose(text, width) for text in sheet.instructions]
        blocks += _points(sheet, words, width)
    return blocks


def _whose(sheet: ExamSheet, words: Words, width: float) -> Block:
    """Name and student number at the left, variant and points at the right, two lines each."""
    right = width * 0.66
    left_facts = ((words.name, sheet.name), (words.student, sheet.student))
    right_facts = ((words.variant, sheet.code), (words.points.capitalize(), sheet.points))
    left_marks, left_height = fact_marks(left_facts, 0.0, right - 16.0)
    right_marks, right_height = fact_marks(right_facts, right, width - right)
    return Block(max(left_height, right_height), (*left_marks, *right_marks), before=12.0)


def fact_marks(
    facts: Sequence[tuple[str, str]], x: float, width: float
) -> tuple[list[Mark], float]:
    """Facts with their names, a line each, and the height of it all."""
    labels = [text_box(f"{label}:", REGULAR, SIZE) for label, _ in facts]
    indent = max(label.width for label in labels) + 6.0
    marks: list[Mark] = []
    y = 0.0
    for label, (_, value) in zip(labels, facts, strict=True):
        box = _value(value, width - indent)
        y += box.height
        marks += [Mark(x, y, label), Mark(x + indent, y, box)]
        y += box.depth + 2.5
    return marks, y


def _value(text: str, width: float) -> Box:
    """The fact itself, or a line to write it on."""
    if text.strip():
        return stack(verbatim_lines(text, width, SIZE, BOLD), width, SIZE)
    line = rule(width, THIN_RULE, -2.0)
    return Box(width, 0.72 * SIZE, 0.26 * SIZE, line.ink)


def _points(sheet: ExamSheet, words: Words, width: float) -> list[Block]:
    """A table to note the points in: a column a question, and the total."""
    columns = [(str(q.number), q.points) for q in sheet.questions]
    columns.append((words.total, sheet.points))
    names = (words.question, words.points.capitalize(), words.reached)
    lead = max(text_box(name, REGULAR, SMALL).width for name in names) + 10.0
    fit = max(1, int((width - lead) / CELL))
    return [
        _points_table(columns[i : i + fit], names, lead, width) for i in range(0, len(columns), fit)
    ]


def _points_table(
    columns: Sequence[tuple[str, str]], names: Sequence[str], lead: float, width: float
) -> Block:
    step, cells = 15.0, [(*column, "") for column in columns]
    total = lead + CELL * len(columns)
    left = (width - total) / 2
    marks = [
        Mark(left, step * i, rule(total, THICK_RULE if i in (0, 3) else THIN_RULE))
        for i in range(4)
    ]
    for i, name in enumerate(names):
        y = step * i + 10.5
        marks.append(Mark(left + 2.0, y, text_box(name, REGULAR, SMALL)))
        for j, cell in enumerate(cells):
            box = text_box(cell[i], REGULAR, SMALL)
            middle = left + lead + CELL * (j + 0.5)
            marks.append(Mark(middle - box.width / 2, y, box))
    return Block(3 * step, tuple(marks), before=10.0)
