r"""Prose with mathematics between dollar signs, set in justified lines.

All else in the text stands for itself: nothing is markup. `\$` is a dollar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from examgen.errors import ExamgenError
from examgen.typeset.box import Box, fitted, place, row, space, text_box
from examgen.typeset.breaking import segments
from examgen.typeset.fonts import REGULAR, Face
from examgen.typeset.parse import parse
from examgen.typeset.plain import plain

LEADING = 1.32  # em from baseline to baseline, where no line is taller
STRUT_HEIGHT, STRUT_DEPTH = 0.72, 0.26  # em
LINE_GAP = 0.1  # em, the least between the ink of two lines
MAX_STRETCH = 2.6  # a blank wider than so many natural ones is not justified
MAX_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of prose: text, or a formula without its dollars."""

    text: str
    math: bool


@lru_cache(maxsize=2_000)
def pieces(text: str) -> tuple[Piece, ...]:
    r"""Prose split into text and formulas; `\$` is a dollar.

    Raises:
        ExamgenError: a dollar without its partner, an empty formula, a backslash outside
            mathematics, or a formula that cannot be read; with the column.
    """
    if len(text) > MAX_LENGTH:
        raise ExamgenError(f"text of {len(text)} characters; at most {MAX_LENGTH} are set")
    return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    start = 0
    opened: int | None = None
    for mark in re.finditer(r"\\.|\\|\$", text, re.DOTALL):
        if mark[0] == "$":
            yield _checked(text[start : mark.start()], opened)
            opened = mark.start() if opened is None else None
            start = mark.end()
        elif opened is None and mark[0] != "\\$":
            raise ExamgenError(f"a backslash outside $...$ at column {mark.start() + 1}")
    if opened is not None:
        raise ExamgenError(f"'$' at column {opened + 1} is never closed")
    yield _checked(text[start:], None)


def _checked(text: str, opened: int | None) -> Piece:
    if opened is None:
        return Piece(text.replace("\\$", "$"), math=False)
    if not text.strip():
        raise ExamgenError(f"an empty formula at column {opened + 1}")
    parse(text)
    return Piece(text, math=True)


def plain_text(text: str) -> str:
    """Prose with its formulas as Unicode, on one line.

    >>> plain_text(r"Compute $\\hat y_1$.")
    'Compute ŷ₁.'

    Raises:
        ExamgenError: as `pieces` does.
    """
    parts = (plain(piece.text) if piece.math else piece.text for piece in pieces(text))
    return " ".join("".join(parts).split())


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What is not broken, and whether a blank follows it."""

    box: Box
    blank: bool


@lru_cache(maxsize=2_000)
def lines(text: str, width: float, size: float, face: Face = REGULAR) -> tuple[Box, ...]:
    """Prose in lines of the width, in points.

    Raises:
        ExamgenError: as `pieces` does.
    """
    return _broken(_chunks(pieces(text), width, size, face), width, size)


def verbatim_lines(text: str, width: float, size: float, face: Face = REGULAR) -> tuple[Box, ...]:
    """Text in lines of the width; dollars and backslashes stand for themselves too."""
    return _broken(_chunks((Piece(text, math=False),), width, size, face), width, size)


def paragraph(text: str, width: float, size: float, face: Face = REGULAR) -> Box:
    """Prose in one box that hangs from the baseline of its first line.

    Raises:
        ExamgenError: as `pieces` does.
    """
    return stack(lines(text, width, size, face), width, size)


def stack(rows: Sequence[Box], width: float, size: float) -> Box:
    """Lines under each other at even distance, further where a tall formula needs it."""
    y, parts, depth = 0.0, [], 0.0
    for index, line in enumerate(rows):
        if index:
            y -= max(LEADING * size, depth + line.height + LINE_GAP * size)
        parts.append((0.0, y, line))
        depth = max(line.depth, STRUT_DEPTH * size)
    box = place(parts, width)
    height = max(box.height, STRUT_HEIGHT * size)
    return Box(width, height, max(box.depth, depth - y), box.ink)


def _chunks(found: Sequence[Piece], width: float, size: float, face: Face) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    glued = False  # no blank between this piece and the one before
    for piece in found:
        new = (
            _formula(piece.text, width, size)
            if piece.math
            else _words(piece.text, width, size, face)
        )
        if not piece.math and piece.text[:1].isspace() and chunks:
            chunks[-1] = _Chunk(chunks[-1].box, blank=True)
            glued = False
        if glued and chunks and new:
            new[0] = _Chunk(row([chunks.pop().box, new[0].box]), new[0].blank)
        chunks += new
        glued = bool(chunks) and not chunks[-1].blank
    return chunks


def _formula(tex: str, width: float, size: float) -> list[_Chunk]:
    return [_Chunk(fitted(box, width), blank=False) for box in segments(tex, size)]


def _words(text: str, width: float, size: float, face: Face) -> list[_Chunk]:
    chunks = []
    for match in re.finditer(r"([^ \t\r\n\f\v]+)([ \t\r\n\f\v]*)", text):
        parts = _cut(match[1], width, size, face)
        chunks += [_Chunk(part, blank=False) for part in parts[:-1]]
        chunks.append(_Chunk(parts[-1], blank=bool(match[2])))
    return chunks


def _cut(word: str, width: float, size: float, face: Face) -> list[Box]:
    """A word, in several parts where it is wider than a line."""
    box = text_box(word, face, size)
    if box.width <= width or len(word) < 2:
        return [box]
    keep = max(1, int(len(word) * width / box.width * 0.9))
    return [text_box(word[:keep], face, size), *_cut(word[keep:], width, size, face)]


def _broken(chunks: Sequence[_Chunk], width: float, size: float) -> tuple[Box, ...]:
    """First-fit lines; the last one, and any that would gape, end ragged."""
    blank = 0.25 * size
    rows: list[list[_Chunk]] = [[]]
    used = 0.0
    for chunk in chunks:
        if rows[-1] and used + chunk.box.width > width + 0.01:
            rows.append([])
            used = 0.0
        rows[-1].append(chunk)
        used += chunk.box.width + (blank if chunk.blank else 0.0)
    last = len(rows) - 1
    return tuple(_line(r, width, blank, size, i < last) for i, r in enumerate(rows) if r)


def _line(chunks: list[_Chunk], width: float, blank: float, size: float, full: bool) -> Box:
    gaps = sum(chunk.blank for chunk in chunks[:-1])
    spare = width - sum(chunk.box.width for chunk in chunks) - gaps * blank
    stretched = blank + spare / gaps if gaps else blank
    if full and stretched <= MAX_STRETCH * blank:
        blank = stretched
    boxes: list[Box] = []
    for chunk in chunks[:-1]:
        boxes += [chunk.box, _blank(blank, size) if chunk.blank else space(0.0)]
    end = _blank(0.0, size) if full else space(0.0)
    return row([*boxes, chunks[-1].box, end])


def _blank(width: float, size: float) -> Box:
    """A real blank, so that text copied off the page keeps its words apart."""
    box = text_box(" ", REGULAR, size)
    return Box(width, 0.0, 0.0, box.ink)
