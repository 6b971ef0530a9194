"""What stands at the head and the foot of every page, so that loose sheets can be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from examgen.render.blocks import Mark
from examgen.render.qr import qr_box
from examgen.render.style import SMALL, THIN_RULE, Style
from examgen.render.words import Words
from examgen.sheet import ExamSheet
from examgen.typeset import BOLD, REGULAR, Box, Face, fitted, place, plain_text, rule, text_box

MODULE = 1.4  # points, a square of the QR code: 1/2 mm
GAP = 12.0  # between the columns, in points
_ABOVE = 16.0  # from the rule of the head to the text
_LEAST = 0.75  # a name is not set smaller than so many times its size; rather it is cut
_FURTHEST = 400  # characters


def furniture(
    sheet: ExamSheet, words: Words, style: Style, page: int, pages: int
) -> tuple[Mark, ...]:
    """Head and foot of a page of an exam, from the upper left corner of its text."""
    return (*_head(sheet, words, style, page), *foot(sheet, words, style, page, pages))


def _head(sheet: ExamSheet, words: Words, style: Style, page: int) -> Iterator[Mark]:
    """Whose it is at the left, the variant and its QR code at the right, and a rule."""
    base = -_ABOVE * min(style.scale, 1.5)
    line = _small(style)
    square = qr_box(sheet.code, page, MODULE * min(style.scale, 1.25))
    code = [*_lines((words.variant, sheet.code), line)]
    right = style.line - square.width - GAP
    room = right - max(box.width for box in code) - GAP
    yield Mark(0.0, base, rule(style.line, THIN_RULE))
    yield Mark(style.line - square.width, base - 5.0, square)
    low = base - 5.0 - (square.height - 1.36 * line - 0.72 * line) / 2
    for y, own, box in zip((low - 1.36 * line, low), _whose(sheet, words, room, line), code,
                           strict=True):  # fmt: skip
        yield Mark(0.0, y, own)
        yield Mark(right - box.width, y, box)


def _small(style: Style) -> float:
    """The size of type in head and foot: it grows less than the text does."""
    return SMALL * min(style.scale, 1.45)


def _lines(texts: tuple[str, str], size: float) -> tuple[Box, Box]:
    return text_box(texts[0], REGULAR, size), text_box(texts[1], BOLD, size)


def _whose(sheet: ExamSheet, words: Words, room: float, size: float) -> tuple[Box, Box]:
    """The name over the student number; or the version, under a line to write a name on."""
    name = cut(sheet.name, room, size, BOLD) if sheet.name else _to_fill_in(words.name, room, size)
    if sheet.version:
        return name, text_box(f"{words.version} {sheet.version}", BOLD, size)
    return name, cut(sheet.student, room, size, REGULAR)


def _to_fill_in(label: str, room: float, size: float) -> Box:
    """A label and a line to write on."""
    box = text_box(f"{label}:", REGULAR, size)
    line = rule(max(20.0, min(220.0, room - box.width - 5.0)), THIN_RULE, -2.0)
    return place([(0.0, 0.0, box), (box.width + 5.0, 0.0, line)], room)


def foot(sheet: ExamSheet, words: Words, style: Style, page: int, pages: int) -> tuple[Mark, ...]:
    """The exam at the left, the number of the page at the right."""
    size = _small(style)
    y = style.height - style.top - 32.0
    number = text_box(words.page.format(page=page, pages=pages), REGULAR, size)
    title = _title(sheet, style.line - number.width - GAP, size)
    return Mark(0.0, y, title), Mark(style.line - number.width, y, number)


def _title(sheet: ExamSheet, room: float, size: float) -> Box:
    texts = [plain_text(text) for text in (sheet.course, sheet.title) if text]
    return cut(" · ".join(texts), room, size, REGULAR)


@lru_cache(maxsize=512)
def cut(text: str, room: float, size: float, face: Face) -> Box:
    """A text on one line: as it is, a little smaller, or with its end left out."""
    text = text[:_FURTHEST]
    box = text_box(text, face, size)
    if box.width * _LEAST <= room:
        return fitted(box, room)
    keep = max(1, int(len(text) * room / (box.width * _LEAST)))
    shorter = text_box(f"{text[:keep].rstrip()}…", face, size)
    while keep > 1 and shorter.width * _LEAST > room:
        keep -= 1
        shorter = text_box(f"{text[:keep].rstrip()}…", face, size)
    return fitted(shorter, room)
