"""Bookmarks of files: where they lead, and what they say."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pytest
from pypdf import PdfReader
from test_render import question, sheet, solution

from examgen.render import exam_document, solution_document, write
from examgen.render.blocks import Document


def bookmarks(documents: Iterable[Document]) -> list[tuple[str, int]]:
    """What the bookmarks of a file say, and the number of the page that each leads to."""
    target = io.BytesIO()
    write(documents, target)
    reader = PdfReader(target)
    entries: list[Any] = reader.outline
    return [(entry.title, reader.get_destination_page_number(entry)) for entry in entries]


@pytest.mark.parametrize("cover", [False, True])
def test_an_exam_has_a_bookmark_for_each_question(cover: bool) -> None:
    """Its number and title in plain words; headings of the cover are none."""
    exam = sheet(cover=cover, questions=tuple(question(n) for n in (1, 2, 3)))
    found = bookmarks([exam_document(exam)])
    assert [text for text, _ in found] == [
        f"Question {n}. Perceptron with h units" for n in (1, 2, 3)
    ]
    assert found[0][1] == int(cover)
    assert [page for _, page in found] == sorted(page for _, page in found)


def test_many_exams_have_one_bookmark_each() -> None:
    """Whose they are: by name and number, by number alone, or by version."""
    exams = (
        sheet(),
        sheet(name="", student="7"),
        sheet(name="", student="", version="B"),
        sheet(name="王小明", student="8"),
    )
    found = bookmarks(map(exam_document, exams))
    assert [text for text, _ in found] == ["Ada Lovelace · 0012345", "7", "Version B", "王小明 · 8"]
    assert found[0][1] == 0
    assert len({page for _, page in found}) == 4


def test_solutions_have_them_too() -> None:
    """A bookmark a question."""
    ((text, page),) = bookmarks([solution_document(solution())])
    assert text.startswith("Question 1.")
    assert page == 0


def test_a_file_without_headings_has_none() -> None:
    """No empty list of bookmarks."""
    assert bookmarks([exam_document(sheet(questions=()))]) == []
