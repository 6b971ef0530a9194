"""The page that a student gets back: answers beside those expected, steps to what was missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from examgen.marked import MarkedAnswer, MarkedExam, MarkedQuestion
from examgen.render.blocks import Block, Grey, Mark
from examgen.render.document import text_width, write_pages
from examgen.render.front import TITLE_SIZE, fact_marks
from examgen.render.pdf import Target
from examgen.render.style import SIZE, SMALL, THICK_RULE, THIN_RULE, part_label, prose, tied
from examgen.render.tables import givens
from examgen.render.words import FEEDBACK_WORDS, FeedbackWords
from examgen.render.worked import formula_of, worked_part
from examgen.sheet import ExamSheet
from examgen.typeset import (
    BOLD,
    REGULAR,
    Box,
    Face,
    fitted,
    layout,
    lines,
    place,
    plain_text,
    relation_parts,
    row,
    rule,
    stack,
    text_box,
    verbatim_lines,
)

# Shares of the width of the text; the answer and what was expected have the rest by halves.
_PART, _SYMBOL, _POINTS = 0.055, 0.115, 0.105
_LEAST, _MOST = 0.18, 0.32  # for the verdict, which is as wide as its words within these limits
_SIGN = 14.0  # points, from a verdict's sign to its words
_GUTTER = 8.0  # points, right of each column
_PAD = 5.0  # points, above and below the type of a row
_HAIRLINE, _LIGHT = 0.35, 0.7  # points; grey


def write_feedback(exam: MarkedExam, path: Target) -> None:
    """Write one student's marked exam as PDF.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    words, sheet = FEEDBACK_WORDS[exam.language], _sheet(exam)
    title = f"{plain_text(exam.title)} – {words.feedback} – {exam.code}"
    write_pages([(sheet, feedback_blocks(exam, text_width(sheet)))], path, title)


def _sheet(exam: MarkedExam) -> ExamSheet:
    """What the pages are made from: their size, their language and what stands in their foot."""
    return ExamSheet(
        title=exam.title,
        course=exam.course,
        date=exam.date,
        duration="",
        language=exam.language,
        page_size="A4",
        instructions=(),
        student=exam.student,
        name=exam.name,
        code=exam.code,
        points=exam.possible,
        questions=(),
    )


def feedback_blocks(exam: MarkedExam, width: float) -> list[Block]:
    """Everything on the page, from top to bottom."""
    words = FEEDBACK_WORDS[exam.language]
    columns = _Columns.of(exam, width)
    blocks = _head(exam, words, width)
    for question in exam.questions:
        blocks += _question(question, words, columns, width)
    return blocks


def _head(exam: MarkedExam, words: FeedbackWords, width: float) -> list[Block]:
    title = f"{exam.title} – {words.feedback}"
    facts = " · ".join(fact for fact in (exam.course, exam.date) if fact)
    blocks = [prose(title, width, size=TITLE_SIZE, face=BOLD, before=0.0)]
    blocks += [prose(facts, width)] if facts else []
    blocks.append(_whose(exam, words, width))
    blocks.append(Block(1.0, (Mark(0.0, 1.0, rule(width, THICK_RULE)),), before=9.0))
    return blocks + [
        prose(text, width, before=8.0, language=words.language) for text in exam.remarks
    ]


def _whose(exam: MarkedExam, words: FeedbackWords, width: float) -> Block:
    right = width * 0.6
    result = f"{exam.points} {words.of} {exam.possible}"
    result += f" ({exam.percent})" if exam.percent else ""
    own = ((words.name, exam.name), (words.student, exam.student))
    left_marks, left_height = fact_marks(own, 0.0, right - 16.0)
    reached = ((words.variant, exam.code), (words.points, result))
    right_marks, right_height = fact_marks(reached, right, width - right)
    return Block(max(left_height, right_height), (*left_marks, *right_marks), before=12.0)


def _question(
    question: MarkedQuestion, words: FeedbackWords, columns: _Columns, width: float
) -> list[Block]:
    points = f" ({question.points} {words.of} {question.possible})"
    title = f"{words.question} {question.number}. {question.title}{points}"
    blocks = [prose(title, width, size=12.0, face=BOLD, before=18.0, keep=True)]
    blocks += _table(question.answers, words, columns, width)
    if question.worked:
        blocks += _worked(question, words, width)
    return blocks


def _worked(question: MarkedQuestion, words: FeedbackWords, width: float) -> list[Block]:
    blocks = [prose(words.worked, width, face=BOLD, before=14.0, keep=True)]
    blocks += tied(givens(question.givens, width))
    for part in question.worked:
        blocks += worked_part(part, words.language, width)
    return blocks


# --- the table of answers ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Columns:
    """Where each column begins, and how wide it is."""

    x: tuple[float, ...]
    width: tuple[float, ...]

    @classmethod
    def of(cls, exam: MarkedExam, width: float) -> _Columns:
        """The same for all questions of an exam."""
        verdict = _verdict_width(exam, width)
        half = (width * (1.0 - _PART - _SYMBOL - _POINTS) - verdict) / 2
        wide = [_PART * width, _SYMBOL * width, half, half, verdict, _POINTS * width]
        return cls((0.0, *accumulate(wide[:-1])), tuple(w - _GUTTER for w in wide))


def _verdict_width(exam: MarkedExam, width: float) -> float:
    """As wide as the longest verdict of an exam, in points, so that none is broken."""
    said = {(answer.verdict, _face(answer)) for q in exam.questions for answer in q.answers}
    longest = max((text_box(*one, SIZE).width for one in said), default=0.0)
    return min(_MOST * width, max(_LEAST * width, _SIGN + longest + 0.1 + _GUTTER))


def _table(
    answers: tuple[MarkedAnswer, ...], words: FeedbackWords, columns: _Columns, width: float
) -> list[Block]:
    """The answers under a head, ruled as booktabs does; the head stays with the first answer and
    the last answer with the one before it."""
    rows, before = [_head_row(words, columns, width)], ""
    for answer in answers:
        shown = part_label(answer.part) if answer.part != before else ""
        rows.append(_row(answer, shown, words, columns, width))
        before = answer.part
    foot = Block(THICK_RULE, (Mark(0.0, THICK_RULE, rule(width, THICK_RULE)),))
    hairline = Mark(0.0, 0.0, Grey(rule(width, _HAIRLINE), _LIGHT))
    ruled = [replace(row, marks=(hairline, *row.marks)) for row in rows[2:]]
    body = [*rows[1:2], *ruled]
    return [*tied([*rows[:1], *body[:1]]), *body[1:-2], *tied(body[1:][-2:]), foot]


def _head_row(words: FeedbackWords, columns: _Columns, width: float) -> Block:
    names = ("", "", words.yours, words.expected, words.verdict)
    cells = [text_box(name, BOLD, SMALL) for name in names]
    last = text_box(words.points, BOLD, SMALL)
    y = _PAD + 0.72 * SMALL
    marks = [Mark(x, y, cell) for x, cell in zip(columns.x, cells, strict=False)]
    marks.append(Mark(width - last.width, y, last))
    bottom = y + 0.26 * SMALL + _PAD - 1.0
    top, middle = Mark(0.0, 0.0, rule(width, THICK_RULE)), rule(width, THIN_RULE)
    return Block(bottom, (top, *marks, Mark(0.0, bottom, middle)), before=7.0)


def _row(
    answer: MarkedAnswer, part: str, words: FeedbackWords, columns: _Columns, width: float
) -> Block:
    """One answer on a common baseline, and below it why it got its verdict."""
    points = text_box(f"{answer.points} {words.of} {answer.possible}", REGULAR, SIZE)
    cells = [
        text_box(part, REGULAR, SIZE),
        fitted(_symbol(answer.label), columns.width[1]),
        _own(answer, words, columns.width[2]),
        _expected(answer.expected, words, columns.width[3]),
        _verdict(answer, columns.width[4]),
    ]
    places = [*columns.x[:5], width - points.width]
    y = _PAD + max(0.72 * SIZE, *(cell.height for cell in cells))
    marks = [Mark(x, y, cell) for x, cell in zip(places, [*cells, points], strict=True)]
    bottom = y + max(0.26 * SIZE, *(cell.depth for cell in cells))
    why, bottom = _why(answer, words, columns.x[2], bottom, width)
    return Block(bottom + _PAD, (*marks, *why))


def _own(answer: MarkedAnswer, words: FeedbackWords, width: float) -> Box:
    return _ragged(answer.response if answer.response.strip() else words.nothing, width)


def _ragged(text: str, width: float, face: Face = REGULAR) -> Box:
    """Text that stands for itself, its lines not stretched: blanks may matter."""
    rows: list[str] = []
    for word in text.split():
        joined = f"{rows[-1]} {word}" if rows else word
        if rows and text_box(joined, face, SIZE).width <= width:
            rows[-1] = joined
        else:
            rows.append(word)
    cut = [box for line in rows for box in verbatim_lines(line, width, SIZE, face)]
    return stack(cut, width, SIZE)


def _symbol(tex: str) -> Box:
    """A symbol whose parts are large enough to read, a fraction of partials too."""
    inline = layout(tex, SIZE)
    return layout(tex, SMALL, display=True) if inline.rules else inline


def _expected(text: str, words: FeedbackWords, width: float) -> Box:
    """Prose, or a formula that is broken before its sums where it is long."""
    tex = formula_of(text)
    if tex is None:
        return _stacked(text, words, width, SIZE)
    box = _symbol(tex)
    if box.width <= width:
        return box
    pieces = [piece for part in relation_parts(tex, SMALL) for piece in part]
    terms = [row(term) for term in _terms(pieces)]
    return stack([fitted(term, width) for term in _filled(terms, width)], width, SMALL)


def _terms(pieces: Sequence[Box]) -> list[list[Box]]:
    """Pieces that begin with a sign, put together to the terms of a sum."""
    terms: list[list[Box]] = [[]]
    for piece in pieces:
        if terms[-1] and piece.runs and piece.runs[0].text[:1] in ("+", "−"):
            terms.append([])
        terms[-1].append(piece)
    return terms


def _filled(boxes: Sequence[Box], width: float) -> list[Box]:
    """As few lines as hold the boxes."""
    rows: list[list[Box]] = [[]]
    for box in boxes:
        if rows[-1] and sum(one.width for one in rows[-1]) + box.width > width:
            rows.append([])
        rows[-1].append(box)
    return [row(line) for line in rows]


def _verdict(answer: MarkedAnswer, width: float) -> Box:
    face = _face(answer)
    sign = text_box(answer.sign, face, SIZE)
    said = _ragged(answer.verdict, width - _SIGN, face)
    return place([(0.0, 0.0, sign), (_SIGN, 0.0, said)], width)


def _face(answer: MarkedAnswer) -> Face:
    """Bold for what is not right."""
    return REGULAR if answer.tone == "good" else BOLD


def _why(
    answer: MarkedAnswer, words: FeedbackWords, x: float, y: float, width: float
) -> tuple[list[Mark], float]:
    """The reason in small type under the answer, and where it ends."""
    marks: list[Mark] = []
    for box in _reasons(answer, words, width - x):
        y += 3.0 + box.height
        marks.append(Mark(x, y, box))
        y += box.depth
    return marks, y


def _reasons(answer: MarkedAnswer, words: FeedbackWords, width: float) -> list[Box]:
    found = [_stacked(answer.reason, words, width, SMALL)] if answer.reason else []
    if answer.note:
        found.append(stack(verbatim_lines(answer.note, width, SMALL), width, SMALL))
    return found + [_barred(text, words, width) for text in answer.feedback]


def _barred(text: str, words: FeedbackWords, width: float) -> Box:
    """What is said of a whole part, with a bar beside it."""
    indent = 8.0
    said = _stacked(text, words, width - indent, SMALL)
    bar = rule(THIN_RULE, said.height + said.depth)
    return place([(0.0, -said.depth, bar), (indent, 0.0, said)], width)


def _stacked(text: str, words: FeedbackWords, width: float, size: float) -> Box:
    return stack(lines(text, width, size, REGULAR, words.language), width, size)
