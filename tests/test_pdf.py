"""PDF files: whole, small, the same every time, and copied off the page as what they say."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pdf_checker import glyphs_shown, problems, sequences, to_unicode

from examgen.errors import ExamgenError
from examgen.figure import scene
from examgen.render.blocks import Block, Document, Frame, Grey, Mark, Page, Zoomed
from examgen.render.pdf import write
from examgen.render.pdf.faces import file_of, texts
from examgen.render.pdf.fonts import to_unicode as character_map
from examgen.render.pdf.fonts import widths
from examgen.render.pdf.operators import pieces, text_string
from examgen.render.pdf.truetype import TrueType, _components, gaps
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import BOLD, REGULAR, Box, Face, formula, layout, plain, row, rule, text_box
from examgen.typeset.fonts import FOREIGN_FACES
from examgen.typeset.shaping import characters

FACES: tuple[Face, ...] = get_args(Face)
DERIVATIVE = r"\frac{\partial L}{\partial w_{21}} = -1.25"
DIAGRAM = Diagram(
    (Vertex("x", "x_1", column=0, row=0, shaded=True), Vertex("h", "h_1", "box", 1, 0)),
    (Edge("x", "h", "w_{11}"),),
    alternative="x feeds h.",
)


def set_formula(tex: str, size: float = 10.0) -> Box:
    """A formula that is read out as one."""
    return formula(layout(tex, size), tex)


def text(words: str, size: float = 10.0) -> Box:
    """Words in the upright face."""
    return text_box(words, REGULAR, size)


def sentence() -> Box:
    """Words around a formula."""
    return row([text("The gradient "), set_formula(DERIVATIVE), text(" is known.")])


def line(ink: Any, role: Any = "P", **more: Any) -> Block:
    """A block of one mark."""
    return Block(20.0, (Mark(0.0, 14.0, ink),), role=role, **more)


def table() -> Block:
    """Two rows, the second shorter by a cell, and a rule that no one hears."""
    names = [Mark(40.0 * i, 10.0, set_formula(f"w_{i}"), "TH", 0) for i in range(3)]
    numbers = [Mark(40.0 * i, 30.0, text(f"{i}.5"), "TD", 1) for i in range(2)]
    marks = (Mark(0.0, 15.0, rule(120.0, 0.5)), *names, *numbers)
    return Block(40.0, marks, role="Table")


def entries() -> Block:
    """A list of two entries."""
    marks = [
        mark
        for i, words in enumerate(("First.", "Second."))
        for mark in (
            Mark(0.0, 10.0 + 14 * i, text("•"), "Lbl", i),
            Mark(10.0, 10.0 + 14 * i, text(words), "LBody", i),
        )
    ]
    return Block(30.0, tuple(marks), role="L")


def fields() -> Block:
    """Two answer boxes side by side, one with a hint in grey."""
    marks = []
    for i, tex in enumerate(("z_1 =", "z_2 =")):
        marks.append(Mark(120.0 * i, 30.0, Frame(110.0, 30.0)))
        marks.append(Mark(120.0 * i + 5, 20.0, set_formula(tex)))
    marks.append(Mark(200.0, 28.0, Grey(text("3 decimals", 7.0), 0.35)))
    return Block(30.0, tuple(marks), role="Form")


def blocks() -> tuple[Block, ...]:
    """One block of every kind."""
    drawn = scene(DIAGRAM, 300.0)
    return (
        line(text_box("Neural Networks", BOLD, 17.0), "H1"),
        line(text("Question 1"), "H2"),
        line(sentence()),
        table(),
        line(set_formula("L = x^2"), "Formula", alternative="L equals x squared"),
        Block(drawn.height, (Mark(0.0, drawn.height, drawn),), role="Figure"),
        Block(drawn.height, (Mark(0.0, drawn.height, Zoomed(drawn, 0.5)),), role="P"),
        entries(),
        fields(),
        Block(20.0, (Mark(0.0, 20.0, Frame(200.0, 20.0, line=0.0, fill=0.9)),), role="Artifact"),
        line(text("A paragraph that goes on")),
    )


def page(*shown: Block) -> Page:
    """Blocks under each other, and a foot."""
    placed, y = [], 0.0
    for block in shown:
        placed.append((y, block))
        y += block.height
    return Page(tuple(placed), (Mark(0.0, 700.0, text("page foot")),))


def document(**changes: Any) -> Document:
    """Two pages with everything."""
    pages = (page(*blocks()), page(line(text("overleaf."), continues=True)))
    entries = {"title": "Exam (A) – ∂", "language": "en", "subject": "Course & co", **changes}
    return Document(pages, 595.0, 842.0, 58.0, 54.0, **entries)


def written(*documents: Document) -> bytes:
    """The bytes of a file."""
    target = io.BytesIO()
    write(documents, target)
    return target.getvalue()


def opened(pdf: bytes) -> pikepdf.Pdf:
    """A file as a reader finds it."""
    return pikepdf.open(io.BytesIO(pdf))


# --- the file ------------------------------------------------------------------------------------


def test_the_sample_has_no_problem() -> None:
    """What has one block of every kind keeps all the rules, alone and with another document."""
    assert problems(written(document())) == []
    assert problems(written(document(), document(title="B", language="de"))) == []


def test_many_objects_are_spread_over_streams() -> None:
    """A file of more objects than one stream holds is whole."""
    many = written(*[document()] * 12)
    assert problems(many) == []
    assert many.count(b"/Type/ObjStm") > 12
    assert len(opened(many).pages) == 24


def test_path_text_and_file_get_the_same(tmp_path: Path) -> None:
    """A file is written to a path of either kind and to what is open."""
    write([document()], tmp_path / "a.pdf")
    write([document()], str(tmp_path / "b.pdf"))
    wanted = written(document())
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes() == wanted


def test_same_bytes_in_any_order_and_process() -> None:
    """Neither what was written before nor the process shows in a file."""
    wanted = written(document())
    written(document(title="Another"), Document((page(line(text("Ωж"))),), 1, 1, 0, 0, "t", "de"))
    code = "import sys, test_pdf as t; sys.stdout.buffer.write(t.written(t.document()))"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, check=True
    )
    assert made.stdout == written(document()) == wanted


def test_pages_that_share_a_file_share_its_fonts() -> None:
    """Fifty more exams in one file take far less room than fifty files."""
    one, many = len(written(document())), len(written(*[document()] * 51))
    assert many - one < 50 * one / 3


@pytest.mark.parametrize("title", ["(", r"a\b", "∂ (½) 𝑥", "<b>&amp;</b>", "tab\there", "é" * 500])
def test_titles_are_verbatim(title: str) -> None:
    """Nothing in a title is markup of either kind, in neither of the places where it stands."""
    pdf = written(document(title=title))
    assert problems(pdf) == []
    file = opened(pdf)
    assert str(file.docinfo.Title) == title
    with file.open_metadata() as found:
        assert found["dc:title"] == title


def test_a_file_tells_title_language_and_subject_and_no_more() -> None:
    """The information holds what the document says and the program's name."""
    file = opened(written(document()))
    information = file.docinfo
    told = {key: str(information[key]) for key in information.keys()}  # noqa: SIM118 - no dict
    assert told == {
        "/Title": "Exam (A) – ∂", "/Subject": "Course & co",
        "/Creator": "examgen", "/Producer": "examgen",
    }  # fmt: skip


def test_a_file_has_an_identifier_of_its_content() -> None:
    """Two files have the same identifier only if they are the same."""
    found = []
    for title in "AAB":
        file = opened(written(document(title=title)))
        found.append(bytes(file.trailer.ID[0]))
    assert found[0] == found[1] != found[2]


def test_what_fails_midway_leaves_no_file(tmp_path: Path) -> None:
    """A document that cannot be made takes the file with it."""

    def documents() -> Iterator[Document]:
        yield document()
        raise ExamgenError("no second one")

    with pytest.raises(ExamgenError, match="no second one"):
        write(documents(), tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


# --- type ----------------------------------------------------------------------------------------


def test_text_is_copied_as_it_reads() -> None:
    """Words as they are, a formula as its line of Unicode, all in reading order."""
    first, second = (sequences(page.obj) for page in opened(written(document())).pages)
    said = "".join(first[mcid] for mcid in sorted(first) if mcid >= 0)
    expected = [
        "Neural Networks", "Question 1", f"The gradient {plain(DERIVATIVE)} is known.", "w₀", "w₂",
        "0.5", "1.5", plain("L = x^2"), "x1", "First.", "•", "Second.", "z₁ =", "z₂ =",
        "3 decimals", "A paragraph",
    ]  # fmt: skip
    place = 0
    for words in expected:
        assert words in said[place:], words
        place = said.index(words, place) + len(words)
    assert second == {0: "overleaf.", -1: "page foot"}


@pytest.mark.parametrize("face", FACES)
def test_every_glyph_of_a_character_stands_for_it(face: Face) -> None:
    """What a font says of its glyphs is what its file says, on all planes."""
    cmap = TTFont(io.BytesIO(file_of(face).data), lazy=True)
    order = {cmap.getGlyphID(name): code for code, name in sorted(cmap.getBestCmap().items())[::-1]}
    assert len(order) > (90 if face in FOREIGN_FACES else 500)
    known = texts(face)
    for glyph, code in order.items():
        if code < 0x10000 and chr(code) != "ℎ":
            assert known[glyph] == chr(code)


def test_map_of_characters_reaches_above_the_first_plane() -> None:
    """Letters of the mathematical alphabets are copied as typed, others by their surrogates."""
    run = layout("x", 10.0).runs[0]
    assert texts(run.face)[run.glyphs[0]] == "x"
    small = layout("x_{1}", 10.0).runs[-1]
    assert texts(small.face)[small.glyphs[0]] == "1"
    assert small.glyphs != layout("1", 10.0).runs[0].glyphs
    known = texts("STIXTwoMath-Regular")
    high = next((g for g, char in known.items() if len(char) == 1 and ord(char) > 0xFFFF), None)
    if high is not None:
        code = known[high].encode("utf-16-be").hex().upper()
        assert f"<{high:04X}> <{code}>" in character_map("STIXTwoMath-Regular", [high])


def test_a_run_that_is_not_what_its_glyphs_say_brings_its_text() -> None:
    """Where glyphs would be copied as something else, the text stands beside them."""
    run = text("ab").runs[0]
    plainly = Box(9.0, 9.0, 0.0, (run,))
    assert "ActualText" not in pieces(plainly)[0].show
    other = Box(9.0, 9.0, 0.0, (type(run)(0.0, 0.0, run.face, 10.0, "ß(", run.glyphs),))
    assert f"/Span<</ActualText{text_string('ß(')}>>BDC" in pieces(other)[0].show


def test_kerns_move_the_glyphs_that_follow() -> None:
    """A kern of a tenth of an em is a hundred thousandths, and to the left is positive."""
    run = text("ab").runs[0]
    kerned = type(run)(0.0, 0.0, run.face, 10.0, "ab", run.glyphs, (-0.1, 0.0))
    first, second = run.glyphs
    assert f"[<{first:04X}>100<{second:04X}>]TJ" in pieces(Box(9.0, 9.0, 0.0, (kerned,)))[0].show


def _first_letters(face: Face) -> str:
    """Three letters of a face that has no Latin, each drawn by itself."""
    whole = TTFont(io.BytesIO(file_of(face).data), lazy=True)
    names, outlines = whole.getBestCmap(), whole["glyf"]
    letters = (char for char in sorted(characters(face).values()) if char.isalpha())
    return "".join(c for c in letters if outlines[names[ord(c)]].numberOfContours > 0)[:3]


@pytest.mark.parametrize("face", FACES)
def test_subset_draws_the_same_glyphs_and_no_others(face: Face) -> None:
    """Outlines and advances are those of the whole font, and all other glyphs are blank."""
    whole = TTFont(io.BytesIO(file_of(face).data), lazy=True)
    drawn_ones = "0=+" if face not in FOREIGN_FACES else _first_letters(face)
    ids = [whole.getGlyphID(whole.getBestCmap()[ord(char)]) for char in drawn_ones]
    part = TTFont(io.BytesIO(file_of(face).subset(ids)), checkChecksums=2)
    names = part.getGlyphOrder()
    assert len(names) == max(ids) + 1
    inked = {i for i, name in enumerate(names) if part["glyf"][name].numberOfContours}
    assert inked <= {0, *ids}
    for glyph in ids:
        assert part["hmtx"][names[glyph]] == whole["hmtx"][whole.getGlyphName(glyph)]
        drawn = [RecordingPen(), RecordingPen()]
        part.getGlyphSet()[names[glyph]].draw(drawn[0])
        whole.getGlyphSet()[whole.getGlyphName(glyph)].draw(drawn[1])
        assert drawn[0].value == drawn[1].value != []


def test_components_of_a_composite_are_found() -> None:
    """Places in bytes or words, scales of any kind: all parts are needed to draw the glyph."""
    head = struct.pack(">5h", -1, 0, 0, 1, 1)
    parts = [
        struct.pack(">HHbb", 0x20, 4, 1, 2),
        struct.pack(">HHhhh", 0x20 | 0x1 | 0x8, 5, 1, 2, 3),
        struct.pack(">HHbbhh", 0x20 | 0x40, 6, 1, 2, 3, 4),
        struct.pack(">HHbb4h", 0x20 | 0x80, 7, 1, 2, 3, 4, 5, 6),
        struct.pack(">HHbb", 0, 9, 1, 2),
    ]
    assert list(_components(head + b"".join(parts))) == [4, 5, 6, 7, 9]
    assert list(_components(struct.pack(">5h", 1, 0, 0, 1, 1))) == []


def test_subset_keeps_the_parts_of_a_composite() -> None:
    """A glyph made of another brings it along, and no third."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 0))
    pen.lineTo((0, 500))
    pen.closePath()
    square = pen.glyph()
    whole = TTGlyphPen({"part": square})
    whole.addComponent("part", (1, 0, 0, 1, 20, 0))
    names = [".notdef", "part", "other", "whole"]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": square, "part": square, "other": square, "whole": whole.glyph()})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader()
    builder.setupOS2()
    builder.setupPost()
    target = io.BytesIO()
    builder.save(target)
    part = TTFont(io.BytesIO(TrueType(target.getvalue()).subset([3])))
    inked = [part["glyf"][name].numberOfContours for name in part.getGlyphOrder()]
    assert inked == [1, 1, 0, -1]


def test_only_glyphs_on_the_pages_are_embedded() -> None:
    """A font file in a document draws what is shown and the sign for what is missing."""
    file = opened(written(document()))
    shown: dict[str, set[int]] = {}
    for each in file.pages:
        for name, glyphs in glyphs_shown(each.obj).items():
            shown.setdefault(name, set()).update(glyphs)
    fonts = file.pages[0].obj.Resources.Font
    assert set(shown) == set(fonts.keys())
    for name, font in fonts.items():
        program = TTFont(io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))
        order = program.getGlyphOrder()
        inked = {i for i, glyph in enumerate(order) if program["glyf"][glyph].numberOfContours}
        assert inked - {0} <= shown[name]
        assert set(to_unicode(font)) == shown[name]


def test_widths_are_grouped() -> None:
    """Neighbouring glyphs share a row of the array of widths."""
    assert list(gaps([])) == []
    first, second = (f"{file_of(REGULAR).width(g):g}" for g in (40, 41))
    assert widths(REGULAR, {40, 41, 90}) == (
        f"[40[{first} {second}]90[{file_of(REGULAR).width(90):g}]]"
    )


# --- other people's readers ----------------------------------------------------------------------


def run(*command: str) -> str:
    """What a program prints; the README names those that have to be installed."""
    assert shutil.which(command[0]) is not None, f"{command[0]} is not installed"
    made = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
    assert not made.stderr, made.stderr
    return made.stdout


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample as a file."""
    target = tmp_path_factory.mktemp("pdf") / "sample.pdf"
    write([document()], target)
    return str(target)


def test_qpdf_finds_no_error(path: str) -> None:
    """The syntax is that of PDF 1.7."""
    found = run("qpdf", "--check", path)
    assert "No syntax or stream encoding errors found" in found
    assert "PDF Version: 1.7" in found


def test_poppler_finds_fonts_and_tags(path: str) -> None:
    """Every font is embedded, a subset, with its characters; the file is tagged and has a title."""
    rows = run("pdffonts", path).splitlines()[2:]
    assert len(rows) > 2
    assert all("CID TrueType" in row and row.split()[-5:-2] == ["yes"] * 3 for row in rows)
    told = dict(line.split(":", 1) for line in run("pdfinfo", path).splitlines())
    assert told["Tagged"].strip() == "yes"
    assert told["Title"].strip() == "Exam (A) – ∂"


def test_poppler_reads_formulas_as_lines(path: str) -> None:
    """Text pulled out with poppler holds the sentence with its formula in one line of Unicode."""
    found = " ".join(run("pdftotext", "-raw", path, "-").split())
    assert f"The gradient {plain(DERIVATIVE)} is known." in found
    assert found.index("Question 1") < found.index("First.") < found.index("overleaf.")
