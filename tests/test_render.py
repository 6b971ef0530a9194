"""The paper: what is on it, how it is divided into pages, and that it is the same every time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pdf_checker import problems, strings
from pypdf import PdfReader

from examgen.errors import ExamgenError
from examgen.render import write_exam, write_print, write_solution
from examgen.render.answers import answer_blocks
from examgen.render.blocks import Block, paginated
from examgen.render.tables import givens
from examgen.render.worked import formula_of
from examgen.sheet import (
    AnswerSlot,
    Diagram,
    Edge,
    ExamSheet,
    PartSheet,
    QuestionSheet,
    Solution,
    Step,
    Vertex,
    WorkedPart,
)

WIDTH = 475.0
DL_DW = r"\frac{\partial L}{\partial w_{21}}"


def question(number: int = 1) -> QuestionSheet:
    """A small question with everything in it."""
    return QuestionSheet(
        number=number,
        title="Perceptron with $h$ units",
        points="9",
        stem=(r"A network is trained on $L=\frac{1}{2}(\hat y - y)^2$; it cost \$5.",),
        equations=(r"z_i = \sum_{j=1}^2 w_{ij} x_j + b_i,", r"h_i = \operatorname{ReLU}(z_i)."),
        diagram=Diagram(
            (Vertex("x", "x_1", column=0, row=0, shaded=True), Vertex("h", "h_1", "box", 1, 0)),
            (Edge("x", "h", "w_{11}"),),
        ),
        givens=(("x_1", "1.5"), ("w_{11}", "-0.8"), (r"\eta", "0.1")),
        conventions=(r"The index of $w_{ij}$ is (to, from).",),
        parts=(
            PartSheet(
                "a",
                r"Compute $z_1$ and $\hat y$.",
                "1",
                (AnswerSlot("q1.z", "z_1", hint="3 decimals"), AnswerSlot("q1.y", r"\hat y")),
            ),
            PartSheet("b", f"Give ${DL_DW}$.", "8", (AnswerSlot("q1.g", DL_DW, "formula"),)),
        ),
    )


def sheet(**changes: object) -> ExamSheet:
    """An exam of one question."""
    exam = ExamSheet(
        title="Neural Networks",
        course="Machine Learning II",
        date="14 July 2025",
        duration="90 minutes",
        language="en",
        page_size="A4",
        instructions=("No aids.",),
        student="0012345",
        name="Ada Lovelace",
        code="A-0007",
        points="9",
        questions=(question(),),
    )
    return replace(exam, **changes)  # type: ignore[arg-type]


def solution() -> Solution:
    """Its worked answers."""
    chain = f"{DL_DW} = 4.64 \\cdot (-0.4) = -1.856"
    worked = (
        WorkedPart(
            "a", (Step("The forward pass with $b=0$ gives", (r"z_1 = w_{11} x_1 = -1.2",)),)
        ),
        WorkedPart("b", (Step("", (chain, chain)),)),
    )
    return Solution(sheet(), (worked,))


def written(write: Callable[..., None], what: object) -> bytes:
    """The bytes of a document."""
    target = io.BytesIO()
    write(what, target)
    return target.getvalue()


def pages_of(pdf: bytes) -> list[str]:
    """The text of every page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def flat(pages: Sequence[str]) -> str:
    """All text without its blanks."""
    return re.sub(r"\s+", "", "".join(pages))


DOCUMENTS: list[tuple[Callable[..., None], Any]] = [
    (write_exam, sheet()),
    (write_solution, solution()),
    (write_print, [sheet()] * 2),
]


@pytest.mark.parametrize(("write", "what"), DOCUMENTS)
def test_no_tex_is_left_on_the_page(write: Callable[..., None], what: object) -> None:
    """No backslash, no missing glyph, and no dollar but that of a price."""
    text = flat(pages_of(written(write, what))).replace("$5", "")
    assert "Question1." in text
    assert not set("$\\□") & set(text)


@pytest.mark.parametrize(("write", "what"), DOCUMENTS)
def test_same_input_gives_same_bytes(write: Callable[..., None], what: object) -> None:
    """A document does not depend on when, or after what, it is written."""
    first = written(write, what)
    written(write_exam, sheet(name="Someone Else Ωж"))
    assert written(write, what) == first


@pytest.mark.parametrize(("write", "what"), DOCUMENTS)
def test_files_keep_the_rules_of_tagged_pdf(write: Callable[..., None], what: object) -> None:
    """All ink is tagged or an artifact, all fonts are embedded, title and language are told."""
    assert problems(written(write, what)) == []


def test_nothing_in_the_file_tells_an_answer() -> None:
    """Neither text nor tags nor metadata of an exam hold what stands in its solution alone."""
    exam, answers = (strings(written(w, s)) for w, s in DOCUMENTS[:2])
    assert "1.856" in answers
    assert "1.856" not in exam
    assert "Ada Lovelace" in exam


def test_everything_is_on_the_page_in_order() -> None:
    """Header, stem, givens, conventions, parts and slots follow each other."""
    text = flat(pages_of(written(write_exam, sheet())))
    expected = [
        "NeuralNetworks", "MachineLearningII·14July2025·90minutes", "AdaLovelace", "0012345",
        "Noaids.", "Reached", "Question1.Perceptronwithhunits", "9points", "Anetwork",
        "zi=", "ReLU", "x1", "1.5", "−0.8", "Conventions", "(a)", "Compute", "1pt", "z1=",
        "3decimals", "(b)", "8pts", "AdaLovelace", "A-0007", "page1of1",
    ]  # fmt: skip
    place = 0
    for words in expected:
        assert words in text[place:], words
        place = text.index(words, place) + len(words)


def test_students_exam_tells_no_answer() -> None:
    """Of the solution nothing stands in the exam."""
    exam, answers = (flat(pages_of(written(w, s))) for w, s in DOCUMENTS[:2])
    assert "1.856" in answers
    assert "1.856" not in exam
    assert "Solution" in answers
    assert "Solution" not in exam


def test_worked_lines_stand_beside_their_labels() -> None:
    """Sentences and chains of a part follow its label, and a chain without dollars is one too."""
    text = flat(pages_of(written(write_solution, solution())))
    assert text.index("(a)") < text.index("forwardpass") < text.index("−1.2") < text.index("(b)")
    assert text.count("=−1.856") == 2


def test_german_words() -> None:
    """The fixed words follow the language of the exam."""
    pdf = written(write_exam, sheet(language="de"))
    text = flat(pages_of(pdf))
    for words in ("Aufgabe1.", "9Punkte", "1P.", "Seite1von1", "Vereinbarungen"):
        assert words in text
    assert str(PdfReader(io.BytesIO(pdf)).root_object["/Lang"]) == "de"


@pytest.mark.parametrize(("size", "width"), [("A4", 595), ("Letter", 612)])
def test_page_size(size: str, width: int) -> None:
    """The pages have the size that the exam asks for."""
    page = PdfReader(io.BytesIO(written(write_exam, sheet(page_size=size)))).pages[0]
    assert round(float(page.mediabox.width)) == width


def test_metadata_names_exam_and_nobody() -> None:
    """The title and the course are in the metadata, the student is not."""
    information = PdfReader(io.BytesIO(written(write_exam, sheet()))).metadata
    assert information is not None
    assert information.title == "Neural Networks – A-0007"
    assert not any("Ada" in str(v) or "0012345" in str(v) for v in information.values())


def test_pages_are_counted_exam_by_exam() -> None:
    """In the combined print every exam starts on a page of its own that says 1 of its own count."""
    long = sheet(code="B-1", questions=tuple(question(i) for i in range(1, 6)))
    pages = pages_of(written(write_print, [long, sheet()]))
    count = len(pages) - 1
    assert count > 1
    footers = [re.findall(r"page (\d+) of (\d+)", page)[-1] for page in pages]
    assert footers == [(str(i), str(count)) for i in range(1, count + 1)] + [("1", "1")]
    assert "B-1" in pages[0]
    assert "Neural Networks" in pages[-1]


@pytest.mark.parametrize("name", ['<b>Bobby</b> & "Tables"', r"$x$ \alpha", "x" * 300, "Žofie Ωж"])
def test_names_are_verbatim(name: str) -> None:
    """Nothing in a name is markup, mathematics, or too long."""
    assert flat([name]) in flat(pages_of(written(write_exam, sheet(name=name, student="../x"))))


@pytest.mark.parametrize("name", ["ᚠᚢᚦ", "𐎀𐎁", "😀", "\x00\x07\u202e"])
def test_foreign_scripts_are_replaced_visibly(name: str) -> None:
    """A character that the fonts lack is a square, and nothing breaks."""
    assert "□" in flat(pages_of(written(write_exam, sheet(name=name))))


@pytest.mark.parametrize(
    "changes",
    [
        {"questions": ()},
        {"title": "T" * 300, "course": "word " * 200},
        {"name": "", "student": "", "code": "", "date": "", "duration": "", "course": ""},
        {"questions": (QuestionSheet(1, "", "", (), (), None, (), (), ()),)},
        {"questions": (replace(question(), stem=("word " * 3000,)),)},
        {"questions": (replace(question(), equations=("a" * 300 + "=" + "b+" * 200 + "c",)),)},
        {"questions": (replace(question(), givens=tuple((f"w_{{{i}}}", "1") for i in range(99))),)},
    ],
)
def test_extremes_are_set(changes: dict[str, object]) -> None:
    """Nothing, very much and very wide input give pages."""
    pages = pages_of(written(write_exam, sheet(**changes)))
    assert f"page {len(pages)} of {len(pages)}" in pages[-1]


def test_bad_tex_is_an_error_of_the_author() -> None:
    """A stem that cannot be read stops the writing with its column."""
    with pytest.raises(ExamgenError, match="unknown command"):
        written(write_exam, sheet(questions=(replace(question(), stem=(r"$\foo$",)),)))


def test_path_or_file(tmp_path: Path) -> None:
    """A path and a binary file object get the same bytes."""
    target = tmp_path / "exam.pdf"
    write_exam(sheet(), target)
    assert target.read_bytes() == written(write_exam, sheet())


def test_tied_blocks_move_on_together() -> None:
    """A block that is tied to the next does not stay behind, and the head of a page has no gap."""
    head, body = Block(10.0, (), before=5.0, keep=True), Block(80.0, (), before=5.0)
    pages = paginated([Block(30.0, ()), head, body], 100.0)
    assert [len(page.blocks) for page in pages] == [1, 2]
    assert [y for y, _ in pages[1].blocks] == [0.0, 15.0]


def test_group_longer_than_a_page_is_divided() -> None:
    """Tied blocks that no page holds are divided between blocks."""
    pages = paginated([Block(60.0, (), keep=True)] * 4, 100.0)
    assert [len(page.blocks) for page in pages] == [1, 1, 1, 1]


def test_part_is_not_torn_from_its_boxes() -> None:
    """However full the page, the text of a part and its first box share one."""
    for lines in range(1, 40):
        stem = tuple("A line." for _ in range(lines))
        exam = sheet(questions=(replace(question(), stem=stem),))
        for page in pages_of(written(write_exam, exam)):
            assert ("Compute" in page) == ("3 decimals" in page)


def test_numbers_stand_side_by_side() -> None:
    """Eighteen number slots take few rows, evenly filled; a formula has a row to itself."""
    slots = [AnswerSlot(f"s{i}", f"z_{{{i}}}") for i in range(18)]
    rows = list(answer_blocks([*slots, AnswerSlot("f", "g", "formula")], WIDTH))
    assert [len(row.marks) // 2 for row in rows] == [4, 4, 4, 4, 2, 1]
    assert {row.role for row in rows} == {"Form"}


def test_a_long_table_is_parted_between_families() -> None:
    """Not in the middle of w, if the end of another family is as near as two cells."""
    pairs = [(f"{name}_{{{i}}}", "-12.25") for name in "xwb" for i in range(5)]
    one_family = [(f"w_{{{i}}}", "-12.25") for i in range(9)]
    assert _columns(givens(pairs, 460.0)) == [10, 5]
    assert _columns(givens(pairs, 380.0)) == [8, 7]  # ten do not fit
    assert _columns(givens(one_family, 340.0)) == [5, 4]


def _columns(blocks: Sequence[Block]) -> list[int]:
    return [sum(mark.role == "TH" for mark in block.marks) for block in blocks]


def test_long_table_is_wrapped_on_one_grid() -> None:
    """Thirty givens fit the line in rows of equal columns."""
    blocks = givens([(f"w_{{{i}}}", "-0.25") for i in range(30)], WIDTH)
    assert len(blocks) > 1
    columns = [sorted({round(m.x, 3) for m in block.marks})[0] for block in blocks]
    assert len(set(columns)) == 1
    assert columns[0] >= 0.0


@pytest.mark.parametrize(
    ("line", "tex"),
    [("$a=b$", "a=b"), ("a = b", "a = b"), ("$a$ and $b$", None), ("Plain words.", None)],
)
def test_formula_of_a_line(line: str, tex: str | None) -> None:
    """A line that is one formula is told from a sentence."""
    assert formula_of(line) == tex
