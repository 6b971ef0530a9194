"""Exams, solutions and the combined print as documents of pages, and as PDF files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain

from examgen.render.blocks import Block, Document, Mark, Page, paginated
from examgen.render.cover import cover_blocks
from examgen.render.formulas import formula_blocks
from examgen.render.front import front_blocks, solution_front
from examgen.render.header import foot, furniture
from examgen.render.magnify import magnified
from examgen.render.pdf import Painted, Target, opened, paint, write
from examgen.render.question import TALLEST, question_blocks
from examgen.render.style import LARGE, SIZE, Style
from examgen.render.words import WORDS, Words
from examgen.render.worked import worked_blocks
from examgen.sheet import ExamSheet, FormulaSheet, Solution
from examgen.typeset import ITALIC, plain_text, text_box

_Furniture = Callable[[ExamSheet, Words, Style, int, int], tuple[Mark, ...]]
_COVER_SCALES = (1.5, 1.4)  # 14.7 point type, not less
_FIGURE = 0.7  # of the height of the text: what no figure is higher than


def write_exam(sheet: ExamSheet, path: Target) -> None:
    """Write one student's exam.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    write([exam_document(sheet)], path)


def write_print(sheets: Iterable[ExamSheet], path: Target) -> None:
    """Write all exams into one file in the order given, each with its own page numbers.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    with bound_together(path) as add:
        for sheet in sheets:
            add(paint(exam_document(sheet)))


def write_solution(solution: Solution, path: Target, *, notes: bool = False) -> None:
    """Write the worked answers to one student's exam; notes: with the mistakes to look for.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    write([solution_document(solution, notes=notes)], path)


@contextmanager
def bound_together(path: Target) -> Iterator[Callable[[Painted], None]]:
    """One file that takes documents one by one; its title is what their titles share."""
    with opened(path) as add:
        yield lambda one: add(replace(one, title=one.title.rpartition(" – ")[0]))


# --- what is on the pages ------------------------------------------------------------------------


def style_of(sheet: ExamSheet) -> Style:
    """The page of an exam; large print has less white around it."""
    if sheet.large:
        return Style(sheet.page_size, LARGE, side=54.0, top=98.0, bottom=60.0)
    return Style(sheet.page_size)


def exam_document(sheet: ExamSheet) -> Document:
    """The pages of one student's exam.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    words, style = WORDS[sheet.language], style_of(sheet)
    width, tallest = style.text_width, min(TALLEST, _FIGURE * style.text_height)
    first = [] if sheet.cover else front_blocks(sheet, words, width)
    rest = [
        b for q in sheet.questions for b in question_blocks(q, words, width, tallest, style.margin)
    ]
    pages = [*_cover(sheet, words, style), *_pages([first + rest], style)]
    if sheet.duplex and len(pages) % 2:
        pages = [*pages, *_pages([[_blank(words, style)]], style)]
    return _document(sheet, pages, style, _title(sheet), furniture)


def solution_document(solution: Solution, *, notes: bool = False) -> Document:
    """The worked answers to one student's exam; notes: with the mistakes to look for.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    sheet = replace(solution.exam, large=False)
    words, style = WORDS[sheet.language], style_of(sheet)
    blocks = solution_front(sheet, words, style.text_width)
    for question, worked in zip(sheet.questions, solution.worked, strict=True):
        blocks += worked_blocks(question, worked, words, style.text_width, notes=notes)
    return _document(
        sheet, _pages([blocks], style), style, _title(sheet, words.solution), furniture
    )


def _cover(sheet: ExamSheet, words: Words, style: Style) -> list[Page]:
    """The cover, if there is one; in large print as large as one page holds."""
    if not sheet.cover:
        return []
    smaller = (scale for scale in _COVER_SCALES if scale < style.scale)
    styles = [replace(style, scale=scale) for scale in (style.scale, *smaller)]
    made = (_pages([cover_blocks(sheet, words, one.text_width)], one) for one in styles)
    return next((pages for pages in made if len(pages) == 1), None) or list(
        _pages([cover_blocks(sheet, words, style.text_width)], style)
    )


def _blank(words: Words, style: Style) -> Block:
    """What stands on a page that has nothing else on it, in its middle."""
    box = text_box(words.blank_page, ITALIC, SIZE)
    y = 0.42 * style.text_height
    return Block(y, (Mark((style.text_width - box.width) / 2, y, box),))


def _title(sheet: ExamSheet, suffix: str = "") -> str:
    return " – ".join(part for part in (plain_text(sheet.title), suffix, sheet.code) if part)


def _owner(sheet: ExamSheet, words: Words) -> str:
    """Name and number, or the version."""
    if sheet.version:
        return f"{words.version} {sheet.version}"
    return " · ".join(part for part in (sheet.name, sheet.student) if part)


def _pages(sections: Sequence[Sequence[Block]], style: Style) -> list[Page]:
    """Pages without furniture; each section begins on one of its own."""
    height = style.text_height * style.scale
    made = (paginated(magnified(blocks, style.scale), height) for blocks in sections)
    return list(chain.from_iterable(made))


def _document(
    sheet: ExamSheet, pages: Sequence[Page], style: Style, title: str, dress: _Furniture
) -> Document:
    words, count = WORDS[sheet.language], len(pages)
    dressed = (
        replace(page, furniture=dress(sheet, words, style, number, count))
        for number, page in enumerate(pages, start=1)
    )
    return Document(
        tuple(dressed), style.width, style.height, style.side, style.top, title,
        sheet.language, plain_text(sheet.course), _owner(sheet, words),
    )  # fmt: skip


# --- pages of another kind -----------------------------------------------------------------------


def text_width(sheet: ExamSheet) -> float:
    """The width of a line of text on a page that has no head, in points."""
    return Style(sheet.page_size).text_width


def write_pages(
    documents: Iterable[tuple[ExamSheet, list[Block]]], path: Target, title: str
) -> None:
    """Write blocks on pages with a foot and no head, one document after the other."""
    write((_footed(sheet, blocks, title) for sheet, blocks in documents), path)


def write_formula_sheet(sheet: FormulaSheet, path: Target) -> None:
    """Write the formula sheet of an exam.

    Raises:
        ExamgenError: for TeX that cannot be read.
    """
    words = WORDS[sheet.language]
    bare = _bare(sheet)
    blocks = formula_blocks(sheet, words, text_width(bare))
    write([_footed(bare, blocks, _title(bare, words.formula_sheet))], path)


def _bare(sheet: FormulaSheet) -> ExamSheet:
    """What the foot of a page is made from: an exam of nobody."""
    return ExamSheet(
        title=sheet.title, course=sheet.course, date="", duration="", language=sheet.language,
        page_size=sheet.page_size, instructions=(), student="", name="", code="", points="",
        questions=(),
    )  # fmt: skip


def _footed(sheet: ExamSheet, blocks: list[Block], title: str) -> Document:
    style = Style(sheet.page_size, top=54.0)
    return _document(sheet, _pages([blocks], style), style, title, foot)
