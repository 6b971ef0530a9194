"""The text of printed pages: what a question says can be read out of the file, in its order."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from tempfile import NamedTemporaryFile

import pytest
from bank_draws import template_of

from examgen.bank import bank_ids
from examgen.paper import variant_sheet
from examgen.render import exam_document, write
from examgen.render.words import WORDS
from examgen.sheet import ExamSheet, QuestionSheet
from examgen.text import Language
from examgen.typeset import Box, plain, plain_text
from examgen.variant import Variants

LANGUAGES: tuple[Language, ...] = ("en", "de")
SOFT_HYPHEN = "\u00ad"
BLANKS = re.compile(rf"[\s{SOFT_HYPHEN}]+")


@cache
def variants_of(name: str) -> Variants:
    """A variant of a question of the bank, good or bad."""
    template = template_of(name)
    return Variants(template, template.sampler(5).draw([2]))


@cache
def questions(language: Language) -> tuple[QuestionSheet, ...]:
    """Every question of the bank."""
    return tuple(
        variant_sheet(variants_of(name), 0, language, number)
        for number, name in enumerate(bank_ids(), start=1)
    )


def exam(language: Language, question: QuestionSheet) -> ExamSheet:
    """An exam of one question, with little else on its pages."""
    return ExamSheet(
        title="Test", course="", date="", duration="", language=language, page_size="A4",
        instructions=(), student="1", name="Ada", code="AAA-BBB", points="1",
        questions=(question,),
    )  # fmt: skip


@cache
def texts(language: Language) -> dict[str, str]:
    """The text of every question as it is read out of one file, blanks left out."""
    documents = [exam_document(exam(language, question)) for question in questions(language)]
    bare = [
        replace(one, pages=tuple(replace(page, furniture=()) for page in one.pages))
        for one in documents
    ]
    with NamedTemporaryFile(suffix=".pdf") as file:
        write(bare, file.name)
        command = ["pdftotext", "-raw", file.name, "-"]  # as a screen reader meets it
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    pages = iter(done.stdout.split("\f"))
    read = ("".join(next(pages) for _ in one.pages) for one in bare)
    return dict(zip(bank_ids(), map(squeezed, read), strict=True))


def squeezed(text: str) -> str:
    """A text without blanks and without the hyphens of divided words."""
    return BLANKS.sub("", text)


def said(question: QuestionSheet, language: Language, column: int) -> Iterator[str]:
    """What a question says, from top to bottom; of its givens the symbols or the numbers, since
    their table may have several rows."""
    words = WORDS[language]
    yield f"{words.question} {question.number}. {plain_text(question.title)}"
    yield from map(plain_text, question.stem)
    yield from map(plain, question.equations)
    yield from (plain(pair[column]) for pair in question.givens)
    yield words.conventions
    yield from map(plain_text, question.conventions)
    yield from map(plain, question.working)
    for part in question.parts:
        yield f"({part.label}) {plain_text(part.ask)}"
        yield plain_text(part.note)
        yield from (f"{plain(slot.label)} =" for slot in part.slots)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(len(bank_ids())), ids=bank_ids())
def test_a_question_is_read_in_its_order(place: int, language: Language) -> None:
    """Stem, equations, givens, conventions, tasks and labels: all of it, one after the other."""
    read = texts(language)[bank_ids()[place]]
    for column in (0, 1):
        at = 0
        for text in said(questions(language)[place], language, column):
            found = read.find(squeezed(text), at)
            assert found >= 0, f"not in its place: {text!r}, after {read[:at][-60:]!r}"
            at = found + len(squeezed(text))
    assert not set("□\ufffd\\$") & set(read)


def test_words_are_divided() -> None:
    """German words are long: some of the bank's stand on two lines."""
    documents = (exam_document(exam("de", question)) for question in questions("de"))
    inks = (
        mark.ink
        for document in documents
        for page in document.pages
        for _, block in page.blocks
        for mark in block.marks
    )
    assert any(SOFT_HYPHEN in run.text for ink in inks if isinstance(ink, Box) for run in ink.runs)
