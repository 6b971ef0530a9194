"""From variants to sheets: what stands on paper, in which order, and what must not."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction
from pathlib import Path

import pytest
from pypdf import PdfReader
from small_exam import SEED, TINY, students, write_exam

from examgen.bank import bank_ids, find_template
from examgen.drawing import draw_variants
from examgen.exam import Exam, draw_exam, load_exam
from examgen.numerals import given_tex, given_text
from examgen.paper import exam_sheet, ordered_givens, solution_sheet, variant_codes, variant_sheet
from examgen.render import write_exam as print_exam
from examgen.render import write_solution
from examgen.roster import Student
from examgen.sheet import AnswerSlot, ExamSheet, QuestionSheet
from examgen.template import Template, parse_template
from examgen.typeset import plain, plain_text
from examgen.variant import fixed_variant

every_question = pytest.mark.parametrize("name", bank_ids())


def template_of(text: str) -> Template:
    """A template that is a file of its own."""
    return parse_template(text, "tiny.yaml")


SOMEBODY = Student("1")


def sheet_of(exam: Exam, student: Student = SOMEBODY) -> ExamSheet:
    """The exam of a class of one."""
    return exam_sheet(exam, draw_exam(exam, 1), student, 0)


def texts_in(value: object, but: str = "") -> list[str]:
    """Every string inside a sheet, but for those in fields of one name."""
    if isinstance(value, str):
        return [value]
    if dataclasses.is_dataclass(value):
        names = [f.name for f in dataclasses.fields(value) if f.name != but]
        return [text for name in names for text in texts_in(getattr(value, name), but)]
    if isinstance(value, tuple):
        return [text for item in value for text in texts_in(item, but)]
    return []


def printed(sheet: ExamSheet, folder: Path) -> PdfReader:
    """The sheet as a PDF."""
    print_exam(sheet, folder / "sheet.pdf")
    return PdfReader(folder / "sheet.pdf")


def text_of(reader: PdfReader) -> str:
    """The words on all pages."""
    return "\n".join(page.extract_text() for page in reader.pages)


# --- numbers as printed --------------------------------------------------------------------------


def test_a_third_on_a_grid_stands_as_a_third_on_paper() -> None:
    """In the table, and where the text speaks of it."""
    template = template_of(
        TINY.replace("w: {from: -5, to: 5, step: 0.5, except: [0]}", "w: {choose: [1/3, -1/3]}")
        .replace("Compute $z$.", "'Compute $z$ for $w = {w}$.'")
        .replace("eta: 0.1", "eta: 0.000000000001")
    )
    sheet = variant_sheet(fixed_variant(template, {"w": Fraction(-1, 3)}), 0, "en")
    assert dict(sheet.givens)["w"] == "\N{MINUS SIGN}1/3"
    assert dict(sheet.givens)[r"\eta"] == "10^{-12}"
    assert sheet.parts[0].ask == "Compute $z$ for $w = -1/3$."


@every_question
def test_the_table_holds_the_numbers_drawn(name: str) -> None:
    """Every given once, with the number that the key was computed from."""
    template = find_template(name)
    variants = draw_variants(template, 2, [5])
    sheet = variant_sheet(variants, 0, "en")
    shown = dict(sheet.givens)
    assert len(shown) == len(sheet.givens) == len(template.grids)
    for given, value in variants.draw.exact(0).items():
        assert _read(shown[template.quantities.symbols.tex(given)]) == value


def _read(given: str) -> Fraction:
    """The number that a given of the table shows."""
    factor, _, power = given.replace("\N{MINUS SIGN}", "-").rpartition("10^{")
    if not power.endswith("}"):
        return Fraction(given.replace("\N{MINUS SIGN}", "-"))
    mantissa = factor.removesuffix(r" \cdot ")
    return Fraction(f"{mantissa}1" if mantissa in ("", "-") else mantissa) * Fraction(10) ** int(
        power.removesuffix("}")
    )


@pytest.mark.parametrize("number", ["0.00000001", "-0.000012", "-0.00000001", "0.00001", "0.01"])
def test_a_given_with_many_zeros_is_a_power_of_ten(number: str) -> None:
    """Which is read at a glance, and is the same number."""
    shown = given_tex(number)
    assert _read(shown) == Fraction(number)
    assert "00000" not in shown.replace("10^", "")


def test_givens_stand_in_the_order_of_the_template() -> None:
    """As `sample` names them, and x[2] before x[10]."""
    text = (
        "id: x\ntitle: T\ngraph: {topology: formulas, formulas: {L: 'sum(w[i]*x[i]) + b_2 + b_1'}, "
        "index: {i: 11}}\nsample:\n  b_*: 1\n  x[*]: 2\n  x[3]: 5\n  w[*]: 3\n"
        "parts: [{ask: A, answers: L, points: 1}]\n"
    )
    names = ordered_givens(parse_template(text, "x.yaml"))
    one_to_eleven = range(1, 12)
    assert set(names[:2]) == {"b_1", "b_2"}
    assert names[2:] == [f"{name}[{i}]" for name in "xw" for i in one_to_eleven]


def test_families_that_share_a_pattern_stay_together() -> None:
    """`*` for everything does not mix inputs and weights; what has an entry stands there."""
    text = (
        "id: x\ntitle: T\ngraph: {topology: mlp, layers: [2, 2, 1]}\n"
        "sample: {'*': 1, eta: 0.1}\nparts: [{ask: A, answers: L, points: 1}]\n"
    )
    names = ordered_givens(parse_template(text, "x.yaml"))
    families = [name.partition("[")[0] for name in names]
    assert len(
        [f for f, before in zip(families, ["", *families], strict=False) if f != before]
    ) == (len(set(families)))
    assert names[-1] == "eta"
    assert [n for n in names if n.startswith("w1")] == ["w1[1,1]", "w1[1,2]", "w1[2,1]", "w1[2,2]"]


def test_points_of_parts_add_up_to_those_of_the_question(tmp_path: Path) -> None:
    """Also where the exam gives it other points than its template."""
    exam = load_exam(write_exam(tmp_path, ["{use: ./tiny.yaml, points: 7}"]))
    sheet = sheet_of(exam)
    (question,) = sheet.questions
    assert question.points == sheet.points == "7"
    assert sum(Fraction(part.points) for part in question.parts) == 7


# --- codes ---------------------------------------------------------------------------------------


def test_variant_codes_are_distinct_and_readable() -> None:
    """Seven characters, none that is taken for another; other seeds, other codes."""
    codes = variant_codes(SEED, range(2000))
    assert len(set(codes)) == 2000
    assert all(len(code) == 7 and code[3] == "-" for code in codes)
    assert not set("".join(codes)) & set("01IOlo")
    other = variant_codes(SEED + 1, range(2000))
    assert sum(a == b for a, b in zip(codes, other, strict=True)) <= 1


def test_codes_do_not_tell_the_place_in_the_roster() -> None:
    """Neighbours' codes are not neighbours."""
    codes = variant_codes(SEED, range(200))
    assert codes != sorted(codes)
    assert len({code[:2] for code in codes}) > 100


# --- the sheet -----------------------------------------------------------------------------------


def test_a_sheet_tells_no_answer_and_no_seed(tmp_path: Path) -> None:
    """Not in any field, printed or not; points are the same for all and may equal an answer."""
    exam = load_exam(write_exam(tmp_path))
    drawn = draw_exam(exam, 20)
    for number, student in enumerate(students(20)):
        sheet = exam_sheet(exam, drawn, student, number)
        texts = [t.replace("\N{MINUS SIGN}", "-") for t in texts_in(sheet, but="points")]
        words = {word for text in texts for word in text.split()}
        variants, row = drawn[0].of(number)
        givens = {given_text(value) for value in variants.draw.exact(row).values()}
        answers = {variants.printed(s, row) for s in variants.template.slots if s.kind == "number"}
        assert not words & (answers - givens - {"4"})  # "numbers to 4 decimals"
        assert not any(str(SEED) in text for text in texts_in(sheet))
        assert not any("dL/dz*x" in text for text in texts_in(sheet))


def test_what_the_roster_says_is_verbatim(tmp_path: Path) -> None:
    """Name and id reach the sheet unchanged, whatever they look like."""
    exam = load_exam(write_exam(tmp_path))
    student = Student("$x$", "<b>{eta}</b> \\frac & 100 %")
    sheet = sheet_of(exam, student)
    assert (sheet.student, sheet.name) == (student.student, student.name)
    assert student.name in text_of(printed(sheet, tmp_path))


@every_question
@pytest.mark.parametrize("language", ["en", "de"])
def test_all_texts_of_the_bank_can_be_set(name: str, language: str) -> None:
    """In both languages, with no placeholder left open."""
    sheet = variant_sheet(draw_variants(find_template(name), 0, [1]), 0, language)
    prose = [sheet.title, *sheet.stem, *sheet.conventions, *(part.ask for part in sheet.parts)]
    for text in prose:
        assert plain_text(text).strip()
        assert "{eta}" not in text
    for part in sheet.parts:
        for slot in part.slots:
            assert plain(slot.label)
    assert sheet.stem
    form = find_template(name).file
    assert bool(sheet.equations) == form.equations
    assert (sheet.diagram is None) == form.figure.is_none


def slots_without_words(sheet: QuestionSheet) -> list[AnswerSlot]:
    """The boxes, with the symbols only that stand before them."""
    return [
        dataclasses.replace(slot, label=re.sub(r"\\text\{[^}]*\}", "", slot.label))
        for part in sheet.parts
        for slot in part.slots
    ]


@every_question
def test_the_languages_differ_in_words_only(name: str) -> None:
    """The same numbers, equations and slots; another text."""
    variants = draw_variants(find_template(name), 0, [1])
    english, german = (variant_sheet(variants, 0, language) for language in ("en", "de"))
    assert english.givens == german.givens
    assert english.equations == german.equations
    assert slots_without_words(english) == slots_without_words(german)
    assert all(a.ask != b.ask for a, b in zip(english.parts, german.parts, strict=True))
    assert english.title != german.title


def test_german_papers_are_german(tmp_path: Path) -> None:
    """Fixed words, texts with a German version, and the PDF's language."""
    exam = load_exam(write_exam(tmp_path, language="de", instructions="{en: Think., de: Denken.}"))
    reader = printed(sheet_of(exam, Student("5", "Ada")), tmp_path)
    text = " ".join(text_of(reader).split())
    for word in ("Aufgabe 1. Ein kleiner Graph 3 Punkte", "Denken.", "Punkte", "Seite 1 von 1"):
        assert word in text
    for word in ("Question", "points", "page", "Think", "Reached", "Give numbers"):
        assert word not in text
    assert reader.trailer["/Root"]["/Lang"] == "de"
    drawn = draw_exam(exam, 1)
    write_solution(solution_sheet(sheet_of(exam), drawn, 0), tmp_path / "s.pdf")
    assert "Lösung" in text_of(PdfReader(tmp_path / "s.pdf"))


@pytest.mark.parametrize(("size", "points"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_pages_have_the_size_asked_for(tmp_path: Path, size: str, points: tuple[int, int]) -> None:
    """A4 or Letter, every page."""
    exam = load_exam(write_exam(tmp_path, page_size=size))
    for page in printed(sheet_of(exam), tmp_path).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == points


@pytest.mark.parametrize(
    "title",
    ["word " * 59, "x" * 300, "Costs $5\\,000$", "50 % & <b>more</b> #1 ~ ^", "日本語 עברית"],
)
def test_titles_of_any_kind_are_printed(tmp_path: Path, title: str) -> None:
    """Long ones are broken into lines, markup stands as it is, nothing leaves the page."""
    exam = load_exam(write_exam(tmp_path, title=f"'{title.strip()}'"))
    reader = printed(sheet_of(exam), tmp_path)
    text = "".join(text_of(reader).split())
    plain_title = "".join(plain_text(title).split())
    if title.isascii():
        assert plain_title in text
    assert "\\" not in text
    assert "$" not in text


def test_the_paper_says_how_many_decimals(tmp_path: Path) -> None:
    """Once for all, and in the boxes that need others; not a word where no number is asked for."""
    sheet = variant_sheet(draw_variants(template_of(TINY), 0, [0]), 0, "en")
    assert sheet.conventions == ("Give numbers to 4 decimals, or exactly.",)
    text = TINY[: TINY.index("parts:")] + "parts: [{ask: Derive., derive: dL/dw, points: 1}]\n"
    sheet = variant_sheet(draw_variants(template_of(text), 0, [0]), 0, "de")
    assert sheet.conventions == ()


def test_a_box_that_needs_other_decimals_says_so() -> None:
    """Most numbers to four decimals, this one to two."""
    parts = (
        "[{ask: A., answers: 'z, L', points: 1}, {ask: B., answers: w', points: 1, decimals: 2}]"
    )
    template = template_of(TINY[: TINY.index("parts:")] + f"parts: {parts}\n")
    sheet = variant_sheet(draw_variants(template, 0, [0]), 0, "en")
    assert sheet.conventions == ("Give numbers to 4 decimals, or exactly.",)
    hints = [slot.hint for part in sheet.parts for slot in part.slots]
    assert hints == ["", "", "decimals: 2"]


def test_parts_of_parts_are_labelled_and_headed(tmp_path: Path) -> None:
    """`a` without points or boxes of its own, then `a.i` and `a.ii`."""
    inner = "[{ask: First., answers: z, points: 1}, {ask: Then., answers: L, points: 2}]"
    text = TINY[: TINY.index("parts:")] + f"parts: [{{ask: 'For $w = 1$:', parts: {inner}}}]\n"
    sheet = variant_sheet(draw_variants(template_of(text), 0, [0]), 0, "en")
    assert [(p.label, p.points, len(p.slots)) for p in sheet.parts] == [
        ("a", "", 0),
        ("a.i", "1", 1),
        ("a.ii", "2", 1),
    ]


def test_figure_and_equations_can_be_left_out() -> None:
    """Where the question is to draw them."""
    text = TINY.replace("graph:", "equations: false\nfigure: false\ngraph:", 1)
    sheet = variant_sheet(draw_variants(template_of(text), 0, [0]), 0, "en")
    assert sheet.equations == ()
    assert sheet.diagram is None


def test_the_solution_is_that_of_the_sheet(tmp_path: Path) -> None:
    """Each student's own numbers, for every question and part."""
    exam = load_exam(write_exam(tmp_path, ["{use: ./tiny.yaml}", "{use: ./other.yaml}"]))
    drawn = draw_exam(exam, 3)
    for number, student in enumerate(students(3)):
        solution = solution_sheet(exam_sheet(exam, drawn, student, number), drawn, number)
        assert solution.exam.student == student.student
        for question, worked in zip(solution.exam.questions, solution.worked, strict=True):
            assert [part.label for part in worked] == [part.label for part in question.parts]
            given = {tex: text.replace("\N{MINUS SIGN}", "-") for tex, text in question.givens}
            first = worked[0].steps[0].formulas[0].replace(r"\left(", "").replace(r"\right)", "")
            assert f"{given['w']} \\cdot {given['x']}" in first
