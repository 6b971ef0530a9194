r"""Prose with mathematics between dollar signs, set in justified lines.

All else in the text stands for itself: nothing is markup. `\$` is a dollar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from examgen.errors import ExamgenError
from examgen.typeset.box import Box, fitted, place
from examgen.typeset.breaking import AFTER_RELATION, AT_HYPHEN, End, segments, word_parts
from examgen.typeset.fonts import REGULAR, Face
from examgen.typeset.justify import MOST_STRETCH, SHRINK, STRETCH, Chunk, Measures, set_line
from examgen.typeset.linebreak import NEVER, Demands, Part, badness, best_breaks
from examgen.typeset.parse import parse
from examgen.typeset.plain import plain
from examgen.typeset.shaping import leftward
from examgen.typeset.textline import text_box

LEADING = 1.32  # em from baseline to baseline, where no line is taller
STRUT_HEIGHT, STRUT_DEPTH = 0.72, 0.26  # em
LINE_GAP = 0.16  # em, the least between the ink of two lines
TOLERANCE, SECOND_TOLERANCE = 200.0, 400.0  # the badness of lines, without and with more breaks
SHORT_LINE = 2.5  # em, for the last line of a paragraph
SHORT_FORMULA, BEFORE_SHORT_FORMULA = 4.0, 60.0  # em; penalty for "weight / $w$"
MID_WORD = 5_000.0  # penalty for cutting what has no hyphenation but is wider than a line
MAX_LENGTH = 20_000
TIE = "\u00a0"  # a blank at which no line ends

_WORD = re.compile(rf"([^ \t\r\n\f\v{TIE}]*)([ \t\r\n\f\v{TIE}]*)")


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


@lru_cache(maxsize=2_000)
def lines(
    text: str,
    width: float,
    size: float,
    face: Face = REGULAR,
    language: str = "",
    *,
    ragged: bool = False,
) -> tuple[Box, ...]:
    """Prose in lines of the width, in points.

    language: `en` or `de`, for words that may be hyphenated; none are where it is not given.
    ragged: whether blanks keep their width, as in headings.

    Raises:
        ExamgenError: as `pieces` does.
    """
    return _broken(pieces(text), Measures(max(0.0, width), size, face, language, ragged))


def verbatim_lines(text: str, width: float, size: float, face: Face = REGULAR) -> tuple[Box, ...]:
    """Text in lines of the width; dollars and backslashes stand for themselves too.

    What runs to the left stays on one line, since its words cannot be set one by one.
    """
    if leftward(text):
        return (fitted(text_box(text, face, size), width),)
    at = Measures(max(0.0, width), size, face, ragged=True)
    return _broken((Piece(text, math=False),), at)


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


def _broken(found: Sequence[Piece], at: Measures) -> tuple[Box, ...]:
    """The best lines; words are hyphenated where there are no good ones without."""
    chunks, ends = _best(found, at)
    return tuple(set_line(chunks[a:b], at, last=b == len(chunks)) for a, b in pairwise((0, *ends)))


def _best(found: Sequence[Piece], at: Measures) -> tuple[list[Chunk], tuple[int, ...]]:
    """What is set, and where its lines end: asking less and less until there are lines."""
    chunks = whole = _chunks(found, replace(at, language=""))
    ends = _ends(whole, at, Demands(TOLERANCE, AFTER_RELATION))
    if ends is None:
        chunks = _chunks(found, at) if at.language else whole
        ends = _first_met(chunks, at)
    if ends is None:
        chunks, ends = whole, _ends(whole, at, Demands(anywhere=True))
    assert ends is not None, "bug: a part is wider than the line"
    return chunks, ends


def _first_met(chunks: Sequence[Chunk], at: Measures) -> tuple[int, ...] | None:
    """Words are divided rather than formulas, and either rather than that a line gapes."""
    weaker = (
        Demands(TOLERANCE, AFTER_RELATION),
        Demands(SECOND_TOLERANCE),
        Demands(badness(MOST_STRETCH)),
        Demands(),
    )
    return next((ends for each in weaker if (ends := _ends(chunks, at, each))), None)


def _ends(chunks: Sequence[Chunk], at: Measures, demands: Demands) -> tuple[int, ...] | None:
    if not chunks:
        return ()
    demands = replace(demands, shortest=SHORT_LINE * at.size)
    return best_breaks([chunk.part for chunk in chunks], at.width, demands)


def _chunks(found: Sequence[Piece], at: Measures) -> list[Chunk]:
    chunks: list[Chunk] = []
    for piece in found:
        if piece.math:
            formula = _formula(piece.text, at)
            _bind(chunks, formula, at)
            chunks += formula
            continue
        for word, blanks in _WORD.findall(piece.text):
            if word:
                chunks += _word(word, blanks, at)
            elif blanks and chunks:
                chunks[-1] = _before_blank(chunks[-1], at, _penalty(blanks))
    return chunks


def _penalty(blanks: str) -> float:
    return NEVER if TIE in blanks else 0.0


def _before_blank(chunk: Chunk, at: Measures, penalty: float) -> Chunk:
    blank = at.blank
    part = Part(chunk.part.width, blank, STRETCH * blank, SHRINK * blank, penalty)
    return Chunk(chunk.ink, part)


def _bind(chunks: list[Chunk], formula: Sequence[Chunk], at: Measures) -> None:
    """A short formula stays with the word that says what it is, if it can."""
    if not chunks or sum(c.part.width + c.part.blank for c in formula) > SHORT_FORMULA * at.size:
        return
    last = chunks[-1]
    if last.part.blank and isinstance(last.ink, str) and last.ink[-1:].isalpha():
        penalty = max(last.part.penalty, BEFORE_SHORT_FORMULA)
        chunks[-1] = _before_blank(last, at, penalty)


@lru_cache(maxsize=4_000)
def _formula(tex: str, at: Measures) -> tuple[Chunk, ...]:
    return tuple(
        Chunk(each, Part(min(each.box.width, at.width), each.gap, penalty=each.penalty))
        for each in segments(tex, at.size)
    )


@lru_cache(maxsize=8_000)
def _word(word: str, blanks: str, at: Measures) -> tuple[Chunk, ...]:
    """A word in the parts that are not divided, with the blanks after it."""
    cut = [part for whole, end in word_parts(word, at.language) for part in _cut(whole, end, at)]
    *parts, last = (Chunk(text, _word_part(text, end, at)) for text, end in cut)
    return *parts, _before_blank(last, at, _penalty(blanks)) if blanks else last


def _word_part(text: str, end: End, at: Measures) -> Part:
    width = min(text_box(text, at.face, at.size).width, at.width)
    if end == "never":
        return Part(width, penalty=NEVER)
    if end == "cut":
        return Part(width, penalty=MID_WORD)
    hyphen = text_box("-", at.face, at.size).width if end == "hyphen" else 0.0
    return Part(width, penalty=AT_HYPHEN, hyphen=hyphen, flagged=True)


def _cut(text: str, end: End, at: Measures) -> list[tuple[str, End]]:
    """A part of a word, in several where it is wider than a line."""
    width = text_box(text, at.face, at.size).width
    if width <= at.width or len(text) < 2:
        return [(text, end)]
    keep = max(1, int(len(text) * at.width / width * 0.9))
    return [*_cut(text[:keep], "cut", at), *_cut(text[keep:], end, at)]
