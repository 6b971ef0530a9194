"""Exams, solutions and the combined print written as PDF; the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from examgen.render.blocks import Block, Page, paginated
from examgen.render.front import front_blocks
from examgen.render.ink import draw_block, draw_box
from examgen.render.question import question_blocks
from examgen.render.words import WORDS, Words
from examgen.render.worked import worked_blocks
from examgen.sheet import ExamSheet, Solution
from examgen.typeset import REGULAR, font, plain_text, text_box

SIDE, TOP, BOTTOM, FOOT = 58.0, 54.0, 62.0, 36.0  # points
_SIZES = {"A4": A4, "Letter": LETTER}

Target = Path | str | BinaryIO


def write_exam(sheet: ExamSheet, path: Target) -> None:
    """Write one student's exam.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    write_pages([(sheet, _exam(sheet))], path, f"{plain_text(sheet.title)} – {sheet.code}")


def write_print(sheets: Sequence[ExamSheet], path: Target) -> None:
    """Write all exams into one file in the order given, each with its own page numbers.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    assert sheets, "bug: nothing to print"
    write_pages(((sheet, _exam(sheet)) for sheet in sheets), path, plain_text(sheets[0].title))


def write_solution(solution: Solution, path: Target) -> None:
    """Write the worked answers to one student's exam.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    sheet = solution.exam
    title = f"{plain_text(sheet.title)} – {WORDS[sheet.language].solution} – {sheet.code}"
    write_pages([(sheet, _solution(solution))], path, title)


def write_solutions(solutions: Sequence[Solution], path: Target) -> None:
    """Write the worked answers to all exams into one file, in the order given.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    assert solutions, "bug: nothing to print"
    first = solutions[0].exam
    title = f"{plain_text(first.title)} – {WORDS[first.language].solution}"
    write_pages(((each.exam, _solution(each)) for each in solutions), path, title)


def _exam(sheet: ExamSheet) -> list[Block]:
    words, width = WORDS[sheet.language], text_width(sheet)
    blocks = front_blocks(sheet, words, width, solution=False)
    for question in sheet.questions:
        blocks += question_blocks(question, words, width)
    return blocks


def _solution(solution: Solution) -> list[Block]:
    sheet = solution.exam
    words, width = WORDS[sheet.language], text_width(sheet)
    blocks = front_blocks(sheet, words, width, solution=True)
    for question, worked in zip(sheet.questions, solution.worked, strict=True):
        blocks += worked_blocks(question, worked, words, width)
    return blocks


def text_width(sheet: ExamSheet) -> float:
    """The width of a line of text, in points."""
    return float(_SIZES[sheet.page_size][0]) - 2 * SIDE


def write_pages(
    documents: Iterable[tuple[ExamSheet, list[Block]]], path: Target, title: str
) -> None:
    """Write blocks on the pages that a sheet asks for, one document after the other."""
    canvas: Any = None
    for sheet, blocks in documents:
        if canvas is None:
            canvas = _canvas(sheet, path, title)
        _draw(canvas, sheet, blocks)
    with _binary_streams():
        canvas.save()


@contextmanager
def _binary_streams() -> Iterator[None]:
    """Pages are compressed and no more: as ASCII they would be a quarter larger, and ReportLab
    encodes them slowly. Its setting is global, so it is put back."""
    before = rl_config.useA85
    rl_config.useA85 = 0
    try:
        yield
    finally:
        rl_config.useA85 = before


def _canvas(sheet: ExamSheet, path: Target, title: str) -> Any:
    font(REGULAR)
    target = str(path) if isinstance(path, Path) else path
    # With a font of our own to begin with, no page names an unembedded Helvetica.
    canvas = Canvas(
        target, invariant=1, pageCompression=1, initialFontName=REGULAR, lang=sheet.language
    )
    canvas.setTitle(title)
    canvas.setSubject(plain_text(sheet.course))
    canvas.setCreator("examgen")
    return canvas


def _draw(canvas: Any, sheet: ExamSheet, blocks: Sequence[Block]) -> None:
    size = _SIZES[sheet.page_size]
    pages = paginated(blocks, size[1] - TOP - BOTTOM)
    for number, page in enumerate(pages, start=1):
        canvas.setPageSize(size)
        _draw_page(canvas, page, size[1] - TOP)
        _draw_footer(canvas, sheet, WORDS[sheet.language], number, len(pages))
        canvas.showPage()


def _draw_page(canvas: Any, page: Page, top: float) -> None:
    for y, block in page.blocks:
        draw_block(canvas, block, SIDE, top - y)


def _draw_footer(canvas: Any, sheet: ExamSheet, words: Words, page: int, pages: int) -> None:
    left = text_box(sheet.code, REGULAR, 9.0)
    right = text_box(words.page.format(page=page, pages=pages), REGULAR, 9.0)
    draw_box(canvas, left, SIDE, FOOT)
    draw_box(canvas, right, SIDE + text_width(sheet) - right.width, FOOT)
