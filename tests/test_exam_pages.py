"""Pages of an exam: cover, head and foot, points in the margin, room to work in, large print."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import pytest
from pypdf import PdfReader
from test_render import flat, pages_of, question, sheet, written

from examgen.render import exam_document, write_exam
from examgen.render.answers import answer_blocks
from examgen.render.blocks import Block, Document, Grey, Page, Zoomed
from examgen.render.front import front_blocks
from examgen.render.header import cut
from examgen.render.magnify import magnified
from examgen.render.pdf import write
from examgen.render.qr import qr_box
from examgen.render.question import figure, part_blocks, question_blocks
from examgen.render.space import space_block
from examgen.render.style import CENTIMETRE, LARGE, Style
from examgen.render.words import WORDS
from examgen.sheet import AnswerSlot, Diagram, Edge, ExamSheet, Vertex, WorkingSpace
from examgen.typeset import BOLD, Box, Run

WIDTH = 475.0
EN = WORDS["en"]


def texts(exam: ExamSheet) -> list[str]:
    """The pages' text without blanks."""
    return [flat([page]) for page in pages_of(written(write_exam, exam))]


def test_every_page_says_whose_it_is() -> None:
    """Loose sheets can be told apart: name, number, code and place on each."""
    pages = texts(sheet(questions=tuple(question(i) for i in range(1, 6))))
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        for words in ("AdaLovelace", "0012345", "A-0007", f"page{number}of{len(pages)}"):
            assert words in page


def test_a_version_leaves_room_for_a_name() -> None:
    """Its letter is printed, name and number are lines to write on; each is asked once."""
    (page,) = texts(sheet(name="", student="", version="B"))
    assert "VersionB" in page
    assert "Version:B" in page
    assert page.count("Name:") == page.count("Studentno.:") == 1


def test_version_and_number_stand_on_one_baseline() -> None:
    """A line to write on is higher than a letter, and hangs no lower."""
    blocks = front_blocks(sheet(name="", student="", version="B"), EN, WIDTH)
    (whose,) = (block for block in blocks if "Version:" in _said(block))
    assert len({mark.y for mark in whose.marks}) == 1


def _said(block: Block) -> str:
    return "".join(run.text for mark in block.marks for run in _runs(mark.ink))


def test_the_cover_is_a_page_of_its_own() -> None:
    """All that is to be known and filled in; the first question begins on the next page."""
    cover, first, *_ = texts(sheet(cover=True, aids=("A calculator.",)))
    for words in ("14July2025", "90minutes", "Signature", "Seat", "Noaids.", "Acalculator."):
        assert words in cover
    assert "Question1." not in cover
    assert "Question1." in first


@pytest.mark.parametrize("language", ["en", "de"])
def test_both_sides_are_printed_from_an_odd_page(language: str) -> None:
    """An exam of an odd number of pages ends with one that says that it is blank."""
    pages = texts(sheet(duplex=True, language=language))
    assert len(pages) % 2 == 0
    assert flat([WORDS[language].blank_page]) in pages[-1]  # type: ignore[index]
    even = sheet(duplex=True, cover=True)
    assert len(texts(even)) == len(texts(replace(even, duplex=False))) == 2


def test_large_print_says_the_same_in_larger_type() -> None:
    """The same words and numbers on more pages; every size is multiplied."""
    usual, large = sheet(), sheet(large=True)
    assert {"1.5", "Conventions", "A-0007"} <= {
        word for word in ("1.5", "Conventions", "A-0007") if word in "".join(texts(large))
    }
    sizes = [
        {round(run.size, 2) for page in exam_document(one).pages for _, block in page.blocks
         for mark in block.marks if isinstance(mark.ink, Box) for run in mark.ink.runs}
        for one in (usual, large)
    ]  # fmt: skip
    assert sizes[1] >= {round(10.5 * LARGE, 2)}
    assert min(sizes[1]) > min(sizes[0])


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_large_print_stays_inside_the_line(page_size: str) -> None:
    """Set for a narrower line and magnified, it is as wide as the line again."""
    style = Style(page_size, LARGE)  # type: ignore[arg-type]
    blocks = question_blocks(question(), EN, style.text_width, 300.0)
    for block in magnified(blocks, LARGE):
        for mark in block.marks:
            width = mark.ink.size[0] if isinstance(mark.ink, Zoomed) else 0.0
            assert mark.x + width <= style.line + style.side
    assert style.line == pytest.approx(style.text_width * LARGE)


def row_of(count: int) -> Diagram:
    """A figure as long as its vertices are many, with a label on every arrow."""
    names = [f"v{i}" for i in range(count)]
    vertices = tuple(Vertex(name, "h_1", column=i, row=0) for i, name in enumerate(names))
    edges = tuple(Edge(a, b, "w_{12}") for a, b in pairwise(names))
    return Diagram(vertices, edges, "a row")


def test_wide_figures_are_turned_in_large_print() -> None:
    """Their type is of 13 points and more, what is said for them stays; short ones stand upright,
    and in normal print all do."""
    large, usual = Style("A4", LARGE), Style("A4")
    (block,) = magnified([figure(row_of(8), large.text_width, 299.0)], LARGE)
    turned = block.marks[0].ink
    assert isinstance(turned, Zoomed)
    assert turned.turned
    assert block.alternative == "a row"
    assert block.height == turned.size[1] == pytest.approx(turned.scene.width * turned.scale)
    assert block.height <= 1.4 * 299.0 * LARGE
    sizes = [max(r.size for r in label.box.runs) * turned.scale for label in turned.scene.labels]
    assert min(sizes) >= 13.0
    for diagram, style in ((row_of(3), large), (row_of(12), usual)):
        ink = figure(diagram, style.text_width, 495.0).marks[0].ink
        assert not (isinstance(ink, Zoomed) and ink.turned)


def test_a_turned_figure_has_its_foot_at_the_right() -> None:
    """Its lower left corner becomes the lower right one of its place on the page."""
    block = figure(row_of(8), 300.0, 299.0)
    ink = block.marks[0].ink
    assert isinstance(ink, Zoomed)
    page = Page(((0.0, block),))
    code = _content_of(Document((page,), 595.0, 842.0, 50.0, 50.0, "t", "en"))
    left, down = 50.0 + block.marks[0].x + ink.size[0], 842.0 - 50.0 - block.height
    assert f"q 0 {ink.scale:g} {-ink.scale:g} 0 {left:.2f} {down:.2f} cm" in code


def _content_of(document: Document) -> str:
    """The content of its first page."""
    file = io.BytesIO()
    write([document], file)
    content = PdfReader(file).pages[0].get_contents()
    assert content is not None
    return content.get_data().decode("latin-1")


def test_points_stand_in_the_margin() -> None:
    """Right of the text, and not in it."""
    first = part_blocks(question().parts[1], EN, WIDTH)[0]
    assert [mark.x > WIDTH for mark in first.marks] == [False, False, True]


@pytest.mark.parametrize("kind", ["lines", "grid", "blank"])
def test_room_to_work_in(kind: str) -> None:
    """As high as is asked for, and never higher than a page."""
    block = space_block(WorkingSpace(kind, 4.0), EN, WIDTH, 500.0)  # type: ignore[arg-type]
    assert block.height == pytest.approx(4 * CENTIMETRE)
    assert space_block(WorkingSpace("grid", 20.0), EN, WIDTH, 200.0).height == 200.0
    ruled = next(mark.ink for mark in block.marks if isinstance(mark.ink, Grey))
    assert bool(ruled.box.rules) == (kind != "blank")


def test_a_part_with_answers_has_room_and_one_without_has_none() -> None:
    """There is nothing to work out where nothing is asked."""
    part = replace(question().parts[0], space=WorkingSpace("lines", 3.0))
    usual = len(part_blocks(question().parts[0], EN, WIDTH))
    assert len(part_blocks(part, EN, WIDTH)) == usual + 1
    assert len(part_blocks(replace(part, slots=()), EN, WIDTH)) == 1


def test_boxes_grow_with_the_decimals_and_not_with_the_value() -> None:
    """More decimals, fewer boxes in a row; a long formula, a higher box."""
    rows = [
        next(answer_blocks([AnswerSlot(f"s{i}", "z", decimals=n) for i in range(8)], WIDTH))
        for n in (0, 9)
    ]
    assert len(rows[0].marks) > len(rows[1].marks)
    heights = [
        next(answer_blocks([AnswerSlot("s", "z", "formula", length=n)], WIDTH)).height
        for n in ("short", "medium", "long")
    ]
    assert heights == sorted(set(heights))


def test_a_row_of_boxes_has_one_baseline() -> None:
    """A fraction and a letter are answered on the same line."""
    slots = [AnswerSlot("a", "z"), AnswerSlot("b", r"\frac{\partial L}{\partial z}")]
    (row,) = answer_blocks(slots, WIDTH)
    assert len({round(mark.y, 6) for mark in row.marks if isinstance(mark.ink, Box)}) == 1


def test_qr_codes_differ_by_variant_and_page() -> None:
    """A code of its own for every page, dark in its three corners and as wide as it is high."""
    codes = [qr_box(code, page, 1.0) for code in ("ABC-DEF", "ABC-DEG") for page in (1, 2, 30)]
    assert len({code.rules for code in codes}) == 6
    for code in codes:
        assert code.width == code.height == 21.0
        top = sorted((rule.x, rule.width) for rule in code.rules if rule.y == 20.0)
        assert (top[0], top[-1]) == ((0.0, 7.0), (14.0, 7.0))


@pytest.mark.parametrize("length", [5, 80, 400, 5000])
def test_long_names_stay_on_one_line(length: int) -> None:
    """They are set smaller, and then cut."""
    box = cut("x" * length, 200.0, 9.0, BOLD)
    assert box.width <= 200.0 + 1e-6
    assert min(run.size for run in box.runs) >= 6.7


def test_the_table_of_points_is_wrapped() -> None:
    """Twelve questions, each with its column, inside the text."""
    exam = sheet(questions=tuple(question(i) for i in range(1, 13)))
    text = "".join(texts(replace(exam, cover=True, large=True)))
    assert text.count("Reached") > 1


def test_a_known_seat_is_printed() -> None:
    """On the cover and in the head of the first page; else the cover has room for it."""
    for cover in (True, False):
        first = texts(sheet(cover=cover, seat="Row 7, 12"))[0]
        assert "Row7,12" in first
        assert "Seat" in first
    assert "Seat" not in texts(sheet())[0]


def test_points_never_hang_off_what_can_be_printed() -> None:
    """In large print they stand at the end of the line, which the task leaves to them."""
    for large in (False, True):
        style = Style("A4", LARGE if large else 1.0, side=54.0 if large else 58.0)
        points = "12.25"
        part = replace(question().parts[0], points=points)
        block = part_blocks(part, EN, style.text_width, 300.0, style.margin)[0]
        *rest, mark = block.marks
        assert isinstance(mark.ink, Box)
        assert mark.x + mark.ink.width <= style.text_width + style.margin + 1e-6
        right = max(one.x + one.ink.width for one in rest if isinstance(one.ink, Box))
        assert mark.x >= right


def test_points_end_at_one_edge() -> None:
    """Whatever they are, they are right of the text and end under each other."""
    ends = set()
    for points in ("1", "2.5", "10"):
        block = part_blocks(replace(question().parts[0], points=points), EN, WIDTH)[0]
        mark = block.marks[-1]
        assert isinstance(mark.ink, Box)
        ends.add(round(mark.x + mark.ink.width, 3))
    assert len(ends) == 1


def test_many_rows_of_boxes_may_be_parted_in_their_middle() -> None:
    """Two rows stay with the task and two with each other; few rows stay together."""
    part = question().parts[1]
    for count, free in ((3, []), (4, [2]), (6, [2, 3, 4])):
        many = replace(part, slots=part.slots * count)
        blocks = part_blocks(many, EN, WIDTH)
        assert [i for i, block in enumerate(blocks[:-1]) if not block.keep] == free


def test_names_of_facts_are_words_of_their_own() -> None:
    """Copied out of the page, `Name:` and the name do not run together."""
    for exam in (sheet(), sheet(cover=True)):
        page = pages_of(written(write_exam, exam))[0]
        assert "NameAda" not in page
        assert "Name:Ada" not in page
        assert "(a)C" not in "".join(pages_of(written(write_exam, exam)))


def test_an_exam_of_one_question_needs_no_total() -> None:
    """Its points are the total."""
    assert "Total" not in texts(sheet())[0]
    assert "Total" in texts(sheet(questions=(question(1), question(2))))[0]


@pytest.mark.parametrize(
    ("aids", "told"),
    [
        (("a ruler", "notes"), "Permittedaids:aruler;notes"),
        (("A ruler.", "Notes."), "Permittedaids:Aruler.Notes."),
    ],
)
def test_aids_are_listed_as_they_are_written(aids: tuple[str, ...], told: str) -> None:
    """Words with semicolons between them, sentences without."""
    assert told in texts(sheet(aids=aids))[0]


def test_a_heading_is_not_stretched() -> None:
    """Blanks in the title of a question are as wide as any."""
    narrow = replace(question(), title="A recurrent cell with a skip connection for it")
    block = question_blocks(narrow, EN, 230.0)[0]
    title = block.marks[0].ink
    assert isinstance(title, Box)
    assert title.depth > 10.0  # two lines
    assert not any(any(kern > 0.01 for kern in run.kerns) for run in title.runs)


def test_long_words_are_divided() -> None:
    """Stem, task, note, conventions, instructions and aids, in the language of the exam."""
    text = "Die Rückwärtsausbreitung des Fehlers durchläuft Aktivierungsfunktionen. " * 4
    part = replace(question().parts[1], ask=text, note=text)
    asked = replace(question(), stem=(text,), conventions=(text,), parts=(part,))
    blocks = question_blocks(asked, WORDS["de"], 210.0)
    divided = [
        any("\u00ad" in run.text for mark in block.marks for run in _runs(mark.ink))
        for block in blocks
    ]
    assert sum(divided) >= 4
    assert not any(
        "\u00ad" in run.text
        for block in question_blocks(asked, WORDS["de"], 2_000.0)
        for mark in block.marks
        for run in _runs(mark.ink)
    )


def _runs(ink: object) -> tuple[Run, ...]:
    box = ink.box if isinstance(ink, Grey) else ink
    return box.runs if isinstance(box, Box) else ()
