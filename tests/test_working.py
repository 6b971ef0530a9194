"""A printed working on paper, on screen and in the solution."""

from __future__ import annotations

import io
import re
from fractions import Fraction

import pytest
from pypdf import PdfReader
from test_planted import RIGHT, TEXT, drawn, planting

from examgen.paper import variant_sheet
from examgen.render.blocks import Block
from examgen.render.equations import NUMBER_GAP, numbered
from examgen.render.question import question_blocks, working
from examgen.render.words import WORDS
from examgen.solution import worked_parts
from examgen.template import parse_template
from examgen.terminal import question_data, question_text
from examgen.typeset import Box
from examgen.variant import fixed_variant

_NUMBERS = "x=2 w=0.3 v=1.5 b=-0.5 c=0.4 y=1.5 eta=0.1"
GIVENS = {name: Fraction(value) for name, value in (pair.split("=") for pair in _NUMBERS.split())}
LANGUAGES = pytest.mark.parametrize("language", ["en", "de"])


def test_the_sheet_shows_the_formula_of_the_mistake_and_its_consequences() -> None:
    """Every line as a worked solution has it: symbols, numbers, value."""
    sheet = variant_sheet(fixed_variant(planting("loss_sign"), GIVENS), 0, "en")
    assert sheet.working[0] == r"z = w \cdot x + b = 0.3 \cdot 2 - 0.5 = 0.1"
    assert sheet.working[4].endswith(r"= -\left(0.5496 - 1.5\right) = 0.9504")
    assert sheet.working[5].endswith(r"= 0.9504 \cdot 1.5 = 1.4256")


def test_the_number_of_a_line_needs_no_decimals() -> None:
    """Nothing is said of decimals in its box, and the others keep the usual ones."""
    sheet = variant_sheet(drawn(planting("loss_sign")), 0, "en")
    assert [slot.hint for part in sheet.parts for slot in part.slots] == ["", "", ""]
    assert sheet.conventions[-1] == "Give numbers to 4 decimals, or exactly."
    alone = TEXT.replace("wrong_line, right_value", "wrong_line").replace("[1, 1]", "1")
    sheet = variant_sheet(drawn(parse_template(alone, "t")), 0, "en")
    assert [slot.id for slot in sheet.parts[0].slots] == ["wrong_line"]


@LANGUAGES
def test_the_boxes_say_what_n_and_v_n_are(language: str) -> None:
    """In the language of the exam; a question's other quantities have their symbols only."""
    sheet = variant_sheet(drawn(planting("loss_sign")), 0, language)
    german = language == "de"
    line, value = (
        ("Nummer der Zeile", "richtiger Wert") if german else ("number of the line", "right value")
    )
    assert [slot.label for part in sheet.parts for slot in part.slots] == [
        rf"\text{{{line} }}n",
        rf"\text{{{value} }}v_n",
        "w'",
    ]


def test_only_a_working_is_printed_where_there_is_one() -> None:
    """A question without one has no heading for it."""
    words = WORDS["en"]
    assert working((), words, 400.0) == []
    sheet = variant_sheet(drawn(planting("loss_sign")), 0, "en")
    with_it = question_blocks(sheet, words, 480.0)
    assert len(with_it) > len(working(sheet.working, words, 480.0)) > len(RIGHT)


def leftmost(block: Block) -> float:
    """Where a block begins."""
    return min(mark.x for mark in block.marks)


def test_numbers_stand_before_their_lines_right_aligned() -> None:
    """On the baseline of a line's first row; a broken line has one number."""
    lines = [*[r"x = 1"] * 9, "y = " + " = ".join(["aaaaaaaaaaaa"] * 12)]
    blocks = numbered(lines, 300.0)
    tags = [block for block in blocks if len(block.marks) > 1]
    assert len(tags) == len(lines) < len(blocks)
    ends = set()
    for block in tags:
        tag, *others = block.marks
        assert isinstance(tag.ink, Box)
        assert tag.y == others[0].y
        ends.add(round(tag.x + tag.ink.width, 6))
        assert min(mark.x for mark in others) >= tag.x + tag.ink.width + NUMBER_GAP - 1e-6
    assert len(ends) == 1
    assert all(leftmost(block) >= 0 for block in blocks)


@LANGUAGES
def test_the_solution_tells_line_mistake_and_right_line(language: str) -> None:
    """In the language of the exam; the lines above it are not worked out again."""
    template = planting("tanh_prime_1-tanh")
    variants = fixed_variant(template, GIVENS)
    first, second = worked_parts(variants, 0, language)
    planted = template.planted
    assert planted is not None
    mistake, right = first.steps
    assert planted.mistake.sentence(template.quantities.symbols, language, True) in mistake.text
    assert ("Zeile 7" if language == "de" else "Line 7") in mistake.text
    assert mistake.formulas == ("n = 7",)
    assert ("Richtig lautet Zeile 7" if language == "de" else "Line 7 should read") in right.text
    line, value = right.formulas
    assert line.startswith(r"\frac{\partial L}{\partial z} = ")
    assert r"\tanh'\left(z\right)" in line
    assert value.startswith(r"v_n = \frac{\partial L}{\partial z} ")
    lines = [formula for step in second.steps for formula in step.formulas]
    labels = [r"\frac{\partial L}{\partial w}", "w'"]
    assert [line.partition(" = ")[0] for line in lines] == labels


def test_the_terminal_and_json_have_the_lines() -> None:
    """Numbered as on paper."""
    variants = drawn(planting("loss_sign"))
    sheet = variant_sheet(variants, 0, "en")
    text = question_text(sheet)
    assert re.findall(r"^(\d)  ", text, re.M) == [str(n) for n in range(1, 10)]
    data = question_data(sheet, variants, 0, key=True)
    assert data["working"] == list(sheet.working)
    assert data["key"]["wrong_line"] == 5


@LANGUAGES
def test_the_paper_has_the_working_under_its_heading(language: str) -> None:
    """All lines with their numbers, and nowhere the right one."""
    from test_render import sheet as exam_of

    from examgen.render import write_exam

    template = planting("loss_sign")
    question = variant_sheet(fixed_variant(template, GIVENS), 0, language)
    target = io.BytesIO()
    write_exam(exam_of(language=language, questions=(question,)), target)
    pages = "".join(page.extract_text() for page in PdfReader(target).pages)
    assert WORDS[language].working in pages  # type: ignore[index]
    assert all(re.search(rf"(?m)^{n}(?!\S)|\b{n} ", pages) for n in range(1, 10))
    assert not re.search(r"\(\d\)", pages)
    assert ("Nummer der Zeile" if language == "de" else "number of the line") in pages
    assert "0.9504" in pages
    assert "\N{MINUS SIGN}0.9504" not in pages
