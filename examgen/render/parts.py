"""The parts of a question as blocks: prose, equations, figure, givens, answer boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from examgen.figure import scene
from examgen.render.blocks import Block, Frame, Grey, Mark
from examgen.render.words import Words, counted
from examgen.sheet import AnswerSlot, Diagram, PartSheet, QuestionSheet
from examgen.typeset import (
    BOLD,
    ITALIC,
    REGULAR,
    Box,
    Face,
    layout,
    lines,
    place,
    relation_parts,
    row,
    rule,
    segments,
    space,
    stack,
    text_box,
)

SIZE = 10.5
SMALL = 9.0
PARAGRAPH_GAP = 5.0
LABEL_INDENT = 18.0
CELL_PAD = 6.5  # points at either side of a number in the table of givens
THICK_RULE, THIN_RULE = 0.8, 0.45
SLOT_GAP = 7.0
FRAME_PAD = 8.0
NUMBER_HEIGHT, FORMULA_HEIGHT = 27.0, 40.0


def type_block(box: Box, *, x: float = 0.0, before: float = 0.0, keep: bool = False) -> Block:
    """Set type as a block."""
    return Block(box.height + box.depth, (Mark(x, box.height, box),), before, keep)


def prose(
    text: str,
    width: float,
    *,
    size: float = SIZE,
    face: Face = REGULAR,
    before: float = PARAGRAPH_GAP,
    keep: bool = False,
) -> Block:
    """A paragraph of prose."""
    box = stack(lines(text, width, size, face), width, size)
    return type_block(box, before=before, keep=keep)


def question_blocks(question: QuestionSheet, words: Words, width: float) -> list[Block]:
    """Everything that a student sees of a question."""
    blocks = [heading(question, words, width)]
    blocks += [prose(text, width) for text in question.stem]
    blocks += display(question.equations, width)
    if question.diagram:
        blocks.append(figure(question.diagram, width))
    blocks += givens(question.givens, width)
    if question.conventions:
        blocks.append(conventions(question.conventions, words, width))
    for part in question.parts:
        blocks += part_blocks(part, words, width)
    return [blocks[0], replace(blocks[1], keep=blocks[1].keep), *blocks[2:]]


def heading(question: QuestionSheet, words: Words, width: float, suffix: str = "") -> Block:
    """`Question 1. Title (9 points)`, tied to what follows."""
    points = f" ({counted(question.points, words)})"
    title = f"{words.question} {question.number}. {question.title}{suffix}{points}"
    return prose(title, width, size=12.0, face=BOLD, before=16.0, keep=True)


def figure(diagram: Diagram, width: float) -> Block:
    """A figure in the middle of the line."""
    drawn = scene(diagram, width)
    x = (width - drawn.width) / 2
    return Block(drawn.height, (Mark(x, drawn.height, drawn),), before=10.0)


@dataclass(frozen=True, slots=True)
class _Equation:
    """A displayed formula: what stands left of its first relation, and the rows right of it."""

    left: Box
    rows: tuple[Box, ...]


def display(equations: Sequence[str], width: float) -> list[Block]:
    """Formulas under each other, aligned at their first relation, in the middle of the line."""
    if not equations:
        return []
    cut = [relation_parts(tex, SIZE) for tex in equations]
    lead = max((parts[0].width for parts in cut if len(parts) > 1), default=0.0)
    room = width - lead
    aligned = [_aligned(parts, tex, room) for parts, tex in zip(cut, equations, strict=True)]
    widest = max(row.width for equation in aligned for row in equation.rows)
    left = max(0.0, (width - lead - widest) / 2)
    blocks: list[Block] = []
    for equation in aligned:
        blocks += _equation_blocks(equation, left + lead, first=not blocks)
    return blocks


def _aligned(parts: tuple[Box, ...], tex: str, room: float) -> _Equation:
    """The relations of a chain in as few rows as hold them."""
    if len(parts) == 1:
        return _Equation(space(0.0), _filled(segments(tex, SIZE, display=True), room))
    narrow = [p for part in parts[1:] for p in ([part] if part.width <= room else [part])]
    if any(part.width > room for part in narrow):
        pieces = segments(tex, SIZE, display=True)
        return _Equation(pieces[0], _filled(pieces[1:], room))
    return _Equation(parts[0], _filled(parts[1:], room))


def _filled(parts: Sequence[Box], room: float) -> tuple[Box, ...]:
    rows: list[list[Box]] = [[]]
    used = 0.0
    for part in parts:
        if rows[-1] and used + part.width > room:
            rows.append([])
            used = 0.0
        rows[-1].append(part)
        used += part.width
    return tuple(row(parts) for parts in rows)


def _equation_blocks(equation: _Equation, axis: float, *, first: bool) -> Iterator[Block]:
    for index, line in enumerate(equation.rows):
        parts = [(0.0, 0.0, line)]
        if index == 0:
            parts.insert(0, (-equation.left.width, 0.0, equation.left))
        box = place(parts, line.width)
        box = Box(
            box.width,
            max(box.height, 0.72 * SIZE),
            max(box.depth, 0.24 * SIZE),
            box.runs,
            box.rules,
        )
        gap = 7.0 if first and index == 0 else 4.5
        yield type_block(box, x=axis, before=gap, keep=index + 1 < len(equation.rows))


def givens(pairs: Sequence[tuple[str, str]], width: float) -> list[Block]:
    """A table of symbols over their numbers, ruled as booktabs does; wrapped where it is wide."""
    cells = [(layout(tex, SIZE), layout(number, SIZE)) for tex, number in pairs]
    blocks = [_table(group, width) for group in _balanced(cells, width)]
    return [
        replace(b, before=10.0 if i == 0 else 6.0, keep=i + 1 < len(blocks))
        for i, b in enumerate(blocks)
    ]


_Cell = tuple[Box, Box]


def _cell_width(cell: _Cell) -> float:
    return max(cell[0].width, cell[1].width) + 2 * CELL_PAD


def _balanced(cells: Sequence[_Cell], width: float) -> list[Sequence[_Cell]]:
    """The cells in as few rows as hold them, equally many in each."""
    for rows in range(1, len(cells) + 1):
        count = -(-len(cells) // rows)
        groups = [cells[i : i + count] for i in range(0, len(cells), count)]
        if all(sum(map(_cell_width, group)) <= width for group in groups):
            return groups
    return [[cell] for cell in cells]


def _table(cells: Sequence[_Cell], width: float) -> Block:
    total = sum(map(_cell_width, cells))
    above = max(0.72 * SIZE, *(symbol.height for symbol, _ in cells))
    below = max(0.2 * SIZE, *(symbol.depth for symbol, _ in cells))
    head = 4.0 + above
    middle = head + below + 4.0
    foot = middle + 4.5 + 0.72 * SIZE
    bottom = foot + 0.2 * SIZE + 4.0
    left = (width - total) / 2
    marks = [
        Mark(left, 0.0, rule(total, THICK_RULE)),
        Mark(left, middle, rule(total, THIN_RULE)),
        Mark(left, bottom, rule(total, THICK_RULE)),
    ]
    for symbol, number in cells:
        wide = _cell_width((symbol, number))
        marks.append(Mark(left + (wide - symbol.width) / 2, head, symbol))
        marks.append(Mark(left + (wide - number.width) / 2, foot, number))
        left += wide
    return Block(bottom, tuple(marks))


def conventions(texts: Sequence[str], words: Words, width: float) -> Block:
    """What the question takes for granted, in a light box."""
    inner = width - 2 * FRAME_PAD
    title = text_box(words.conventions, BOLD, SMALL)
    bullet = text_box("•", REGULAR, SMALL)
    y = FRAME_PAD - 2.0 + title.height
    marks = [Mark(FRAME_PAD, y, title)]
    y += 2.0
    for text in texts:
        box = stack(lines(text, inner - 10.0, SMALL), inner - 10.0, SMALL)
        y += 2.5 + box.height
        marks += [Mark(FRAME_PAD, y, bullet), Mark(FRAME_PAD + 10.0, y, box)]
        y += box.depth
    height = y + FRAME_PAD - 3.0
    light = Mark(0.0, height, Frame(width, height, fill=0.955, line=0.0))
    return Block(height, (light, *marks), before=10.0)


def part_blocks(part: PartSheet, words: Words, width: float) -> list[Block]:
    """`(a) ask (2 points)` and its answer boxes, tied together."""
    asked = f"{part.ask} ({counted(part.points, words)})" if part.points else part.ask
    blocks = [labelled(part.label, asked, width)]
    for slots in _runs(part.slots):
        blocks += (
            _number_rows(slots, width) if slots[0].kind == "number" else _formulas(slots, width)
        )
    return [*(replace(block, keep=True) for block in blocks[:-1]), blocks[-1]]


def labelled(label: str, text: str, width: float, before: float = 11.0) -> Block:
    """A paragraph with its label hanging in the margin of the text."""
    tag = text_box(part_label(label), REGULAR, SIZE)
    indent = max(LABEL_INDENT, tag.width + 5.0)
    box = stack(lines(text, width - indent, SIZE), width - indent, SIZE)
    marks = (Mark(0.0, box.height, tag), Mark(indent, box.height, box))
    height = box.height + box.depth
    return Block(height, marks, before=before)


def part_label(label: str) -> str:
    """`(a)`, whether or not the brackets came with it."""
    return label if label.startswith("(") or not label else f"({label})"


def _runs(slots: Sequence[AnswerSlot]) -> Iterator[list[AnswerSlot]]:
    """Neighbouring slots of one kind."""
    run: list[AnswerSlot] = []
    for slot in slots:
        if run and run[0].kind != slot.kind:
            yield run
            run = []
        run.append(slot)
    if run:
        yield run


def _number_rows(slots: Sequence[AnswerSlot], width: float) -> Iterator[Block]:
    """Boxes for numbers, up to four side by side."""
    inks = [_slot_label(slot) for slot in slots]
    hints = [text_box(slot.hint, ITALIC, 7.5) for slot in slots]
    widest = max(i.width + h.width for i, h in zip(inks, hints, strict=True))
    columns = max(1, min(4, int((width + SLOT_GAP) / (widest + 75.0 + SLOT_GAP))))
    columns = min(columns, max(2, len(slots))) if columns > 1 else 1
    wide = (width - (columns - 1) * SLOT_GAP) / columns
    tall = max(NUMBER_HEIGHT, *(i.height + i.depth + 10.0 for i in inks))
    cells = list(zip(inks, hints, strict=True))
    for start in range(0, len(cells), columns):
        marks: list[Mark] = []
        for column, (ink, hint) in enumerate(cells[start : start + columns]):
            marks += _slot(ink, hint, column * (wide + SLOT_GAP), wide, tall)
        yield Block(tall, tuple(marks), before=6.0 if start == 0 else SLOT_GAP - 1.5)


def _formulas(slots: Sequence[AnswerSlot], width: float) -> Iterator[Block]:
    """Boxes for formulas, each as wide as the text."""
    for slot in slots:
        ink = _slot_label(slot)
        tall = max(FORMULA_HEIGHT, ink.height + ink.depth + 14.0)
        marks = _slot(ink, text_box(slot.hint, ITALIC, 7.5), 0.0, width, tall)
        yield Block(tall, tuple(marks), before=6.0)


def _slot_label(slot: AnswerSlot) -> Box:
    return layout(f"{slot.label} =", SIZE, display=True)


def _slot(ink: Box, hint: Box, x: float, width: float, height: float) -> list[Mark]:
    """A frame with its label at the left, halfway up, and its hint in the lower right corner."""
    baseline = height / 2 + (ink.height - ink.depth) / 2
    marks = [Mark(x, height, Frame(width, height)), Mark(x + FRAME_PAD, baseline, ink)]
    if hint.runs:
        marks.append(Mark(x + width - hint.width - 4.0, height - 4.0, Grey(hint, 0.35)))
    return marks
