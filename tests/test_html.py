"""The exam on screen: it says what the paper says, runs nothing, loads nothing, tells no answer."""

from __future__ import annotations

import re
import stat
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from small_exam import contents, students, write_exam

from examgen.build import build
from examgen.errors import ExamgenError
from examgen.exam import DrawnQuestion, draw_exam, load_exam
from examgen.formulary import formula_sheet
from examgen.html.environment import font, verbatim
from examgen.html.figures import figure
from examgen.html.formulas import WIDE, chain, is_wide, is_worded, named, prose, room
from examgen.html.pages import exam_page, formula_page, solution_page
from examgen.paper import exam_sheet, solution_sheet
from examgen.render.words import WORDS
from examgen.roster import Student
from examgen.sheet import AnswerSlot, Diagram, ExamSheet, PartSheet, Vertex, WorkingSpace

VOID = {"meta", "link", "br", "hr"}
APART = {"p", "th", "td", "dt", "dd", "h3", "a"}
NAME = "\u202e<script>alert(1)</script>\"' $\\frac{ مريم"
TWO = ["{use: ./tiny.yaml}", "{use: ./other.yaml}"]
BANK = ["{use: mazur-network}", "{use: elman-relu}", "{use: residual-two-sigmoids}"]


class Page(HTMLParser):
    """The tags, attributes and words of a page; opening and closing tags must match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said = ""
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; it is open unless it is void."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element of SVG that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """It closes the last one that is open; words of two cells stay apart."""
        assert self.open.pop() == tag
        self.said += " " * (tag in APART)

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if "style" not in self.open:
            self.said += data

    @property
    def words(self) -> str:
        """What is read, with single blanks."""
        return " ".join(self.said.split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def drawn_exam(
    folder: Path, questions: list[str] | None = None, student: Student | None = None, **fields: Any
) -> tuple[ExamSheet, tuple[DrawnQuestion, ...]]:
    """The exam of the first of two students."""
    exam = load_exam(write_exam(folder, questions or TWO, **fields))
    drawn = draw_exam(exam, 2)
    return exam_sheet(exam, drawn, student or Student("4711", "Ada", "", ""), 0), drawn


@pytest.fixture
def sheet(tmp_path: Path) -> ExamSheet:
    """An exam of two small questions."""
    return drawn_exam(tmp_path)[0]


# --- what stands there ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_says_what_the_paper_says(language: str, tmp_path: Path) -> None:
    """Title, facts, name, variant, questions with their points, tasks, hints, conventions."""
    fields: dict[str, Any] = {"course": "Deep Learning", "date": "today", "duration": "60 min"}
    sheet, _ = drawn_exam(tmp_path, BANK, language=language, **fields)
    page = Page(exam_page(sheet))
    expected = [sheet.title, *fields.values(), sheet.name, sheet.student, sheet.code]
    for question in sheet.questions:
        texts = [question.title, *question.stem, *question.conventions, *question.working]
        texts += [part.ask for part in question.parts] + [part.note for part in question.parts]
        expected += [piece for text in texts for piece in re.split(r"\$[^$]*\$", text)]
        expected += [slot.hint for part in question.parts for slot in part.slots]
    missing = [
        one for one in expected if "\\" not in one and " ".join(one.split()) not in page.words
    ]
    assert missing == []
    assert page.all("html")[0]["lang"] == language
    assert WORDS["de" if language == "de" else "en"].question in page.words


def test_every_given_field_figure_and_equation_is_there(tmp_path: Path) -> None:
    """As many of each as on the sheet."""
    sheet, _ = drawn_exam(tmp_path, BANK)
    first, *others = sheet.questions
    questions = (replace(first, working=("a = b", "b = c = d")), *others)
    html = exam_page(replace(sheet, questions=questions))
    slots = [slot for q in questions for part in q.parts for slot in part.slots]
    counts = Counter(re.findall(r'<li class="(number|formula) (short|medium|long)">', html))
    assert counts == Counter((slot.kind, slot.length) for slot in slots)
    assert html.count("<svg") == sum(q.diagram is not None for q in questions) > 0
    assert html.count('role="rowheader"') == sum(len(q.givens) for q in questions) > 0
    assert html.count('<p class="chain">') == sum(len(q.equations) for q in questions) > 0
    assert html.count('class="count"') == 2


def test_points_are_those_of_the_paper(sheet: ExamSheet) -> None:
    """In the table of questions, beside each part, and in all."""
    words = Page(exam_page(sheet)).words
    assert all(f"{q.number}. {q.title} {q.points} " in words for q in sheet.questions)
    assert f"Total {sheet.points}" in words
    assert words.count(" 0.5 pts") == len(sheet.questions)


def test_a_solution_has_the_steps_the_feedback_and_on_demand_the_notes(tmp_path: Path) -> None:
    """The notes are for instructors alone."""
    sheet, drawn = drawn_exam(tmp_path, ["{use: mazur-network}"])
    solution = solution_sheet(sheet, drawn, 0, notes=True)
    assert any(part.notes for part in solution.worked[0])
    plain, told = solution_page(solution), solution_page(solution, notes=True)
    steps = [step for part in solution.worked[0] for step in part.steps]
    assert plain.count('<p class="chain">') == sum(len(step.formulas) for step in steps)
    assert 'class="notes"' not in plain
    assert told.count('class="notes"') == sum(bool(part.notes) for part in solution.worked[0])
    assert "Solution" in Page(plain).words


def test_the_formula_sheet_has_all_groups_and_lines(tmp_path: Path) -> None:
    """Each line with the one beside it."""
    made = formula_sheet(load_exam(write_exam(tmp_path, BANK)))
    html = formula_page(made)
    assert html.count("<section") == len(made.groups) > 3
    lines = [line for group in made.groups for line in group.lines]
    assert html.count('class="pair"') == len(lines)
    assert all(group.title in Page(html).words for group in made.groups)


def test_a_version_for_no_one_has_lines_to_write_on(sheet: ExamSheet) -> None:
    """And the letter of the version."""
    html = exam_page(replace(sheet, student="", name="", version="B"))
    assert html.count('<dd class="line"></dd>') == 2
    assert "Version B" in Page(html).words
    assert "Seat" not in Page(html).words
    assert "Seat 12 <a>" in Page(exam_page(replace(sheet, seat="12 <a>"))).words


def test_large_print_and_room_to_work_are_kept(sheet: ExamSheet) -> None:
    """Large type all over; room to work in is for those who print the page."""
    assert 'class="large"' not in exam_page(sheet)
    assert 'class="large"' in exam_page(replace(sheet, large=True))
    slot = AnswerSlot("q1.z", "z")
    part = PartSheet("a", "Compute.", "1", (slot,), space=WorkingSpace("grid", 4.5))
    question = replace(sheet.questions[0], parts=(part,))
    assert 'style="height:4.5cm"' in exam_page(replace(sheet, questions=(question,)))


# --- what never stands there ---------------------------------------------------------------------


def test_a_page_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    """No script, handler, form or address; a policy that would forbid them."""
    sheet, drawn = drawn_exam(tmp_path, BANK)
    exam = load_exam(tmp_path / "exam.yaml")
    solution = solution_sheet(sheet, drawn, 0)
    for html in (exam_page(sheet), solution_page(solution), formula_page(formula_sheet(exam))):
        page = Page(html)
        assert not {"script", "img", "link", "iframe", "object", "form", "input"} & {
            tag for tag, _ in page.tags
        }
        names = [(tag, name, value) for tag, found in page.tags for name, value in found.items()]
        assert not [one for one in names if one[1].startswith("on") or one[1] == "src"]
        assert all((value or "").startswith("#") for _, name, value in names if name == "href")
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", html)
        assert re.findall(r"url\(.{6}", html) == ['url("data:']
        policy = next(m for m in page.all("meta") if "http-equiv" in m)["content"] or ""
        assert "default-src 'none'" in policy
        assert "script" not in policy


def test_names_are_text(tmp_path: Path) -> None:
    """Whatever a roster says is no markup, no mathematics, and turns no other text around."""
    sheet, _ = drawn_exam(tmp_path, student=Student("<i>&1", NAME, "", ""))
    html = exam_page(sheet)
    assert "\u202e" not in html
    assert (
        "<bdi>\ufffd&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27; $\\frac{ مريم</bdi>" in html
    )
    page = Page(html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert "<i>&1" in page.words


def test_an_author_s_text_is_text_too(sheet: ExamSheet) -> None:
    """Titles, stems and hints may hold what looks like markup, and templates of pages."""
    evil = "<b onclick='x'>{{ 7 * 7 }}</b>"
    slot = AnswerSlot("q1.z", "z", hint=evil)
    part = PartSheet("a", evil, evil, (slot,), note=evil)
    question = replace(sheet.questions[0], title=evil, stem=(evil,), parts=(part,))
    page = Page(exam_page(replace(sheet, title=evil, course=evil, questions=(question,))))
    assert "b" not in {tag for tag, _ in page.tags}
    assert page.words.count(evil) == 10
    assert "49" not in page.words


def test_no_answer_is_on_a_student_s_page(tmp_path: Path) -> None:
    """Nor the ids of slots, the seed, or another student's code."""
    sheet, drawn = drawn_exam(tmp_path)
    words = Page(exam_page(sheet)).words
    shown = {number for q in sheet.questions for _, number in q.givens}
    for question in drawn:
        variants, row = question.of(0)
        for slot in variants.template.slots:
            if slot.kind == "number":
                key = variants.printed(slot, row).replace("-", "\N{MINUS SIGN}")
                given = key in shown or len(key) < 4
                assert given or not re.search(rf"(?<![\d.]){re.escape(key)}(?![\d.])", words)
    assert str(load_exam(tmp_path / "exam.yaml").file.seed) not in exam_page(sheet)
    assert "dL_dw" not in exam_page(sheet)


def test_what_cannot_be_read_is_told(sheet: ExamSheet) -> None:
    """With one clear sentence, as for the paper."""
    broken = replace(sheet, instructions=("Give $x",))
    with pytest.raises(ExamgenError, match="never closed"):
        exam_page(broken)


# --- pages are sound -----------------------------------------------------------------------------


def test_ids_are_there_once_and_links_arrive(tmp_path: Path) -> None:
    """Also where two questions have the same figure."""
    questions = ["{use: elman-relu}", "{use: elman-relu}"]
    page = Page(exam_page(drawn_exam(tmp_path, questions)[0]))
    ids = Counter(found["id"] for _, found in page.tags if "id" in found)
    assert set(ids.values()) == {1}
    targets = {found["href"] for tag, found in page.tags if "href" in found}
    targets |= {f"#{found['aria-labelledby']}" for found in page.all("section")}
    assert {str(target).removeprefix("#") for target in targets} <= set(ids)


def test_headings_stand_in_order(tmp_path: Path) -> None:
    """One of the first level, and none skips a level."""
    sheet, drawn = drawn_exam(tmp_path, BANK)
    notes = solution_page(solution_sheet(sheet, drawn, 0, notes=True), notes=True)
    for html in (exam_page(sheet), notes):
        levels = [int(tag[1]) for tag, _ in Page(html).tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))


def test_the_same_sheet_gives_the_same_bytes(sheet: ExamSheet) -> None:
    """And another student another page."""
    assert exam_page(sheet) == exam_page(replace(sheet))
    assert exam_page(sheet) != exam_page(replace(sheet, code="AAA-BBB"))


# --- pieces --------------------------------------------------------------------------------------


def test_long_formulas_may_be_broken_and_short_ones_not() -> None:
    """At their relations; a comma stays with the formula before it."""
    assert prose("Let $a = b$.").count("<math") == 1
    long = "$a_{1} + a_{2} + a_{3} = b_{1} + b_{2} + b_{3} = c$"
    assert prose(f"Let {long} be").count("<math") == 3
    assert prose("($w$), so").startswith('<span class="tied">(<math>')
    assert "</math>),</span> so" in prose("($w$), so")
    assert "tied" not in prose("of $w$ and")


def test_a_chain_is_cut_before_its_first_relation() -> None:
    """So that formulas can be aligned there; what has no relation stands right of it."""
    left, right = chain("a + b = c = d")
    assert re.sub("<[^>]*>", "", left) == "a+b"
    assert re.sub("<[^>]*>", "", right).split() == ["=c", "=d"]
    assert chain("a + b")[0] == ""


def test_what_may_be_wider_than_a_phone_is_known() -> None:
    """It gets a box that scrolls and that a keyboard can reach."""
    assert not is_wide(("a = b", "x + y = z"))
    assert is_wide(("a = b", rf"z = \frac{{{' + '.join(['x'] * WIDE)}}}{{2}}"))
    assert is_worded(r"\text{number of the line } n")
    assert not is_worded(r"\frac{\partial L}{\partial w_{21}}")
    assert room((("x", "1"), ("y", "-0.5"))) == ""
    assert room((("x", "0.123456"),)) == "long"
    assert room((("x", "123456.123456"),)) == "longest"


def test_a_symbol_in_the_head_of_a_row_has_words() -> None:
    """In the language of the page."""
    assert 'aria-label="w sub 1"' in named("w_1", "en")
    assert 'aria-label="w Index 1"' in named("w_1", "de")


def test_a_wide_figure_can_be_scrolled_and_a_small_one_is_whole() -> None:
    """Its letters would be too small on a phone."""
    few = Diagram((Vertex("a", "a", column=0, row=0),), (), "A vertex.")
    many = Diagram(tuple(Vertex(f"v{n}", "v", column=n, row=0) for n in range(12)), (), "Many.")
    assert figure(few).startswith("<figure><svg")
    assert 'class="wide" tabindex="0"' in figure(many)
    assert "<title" in figure(few)


def test_text_that_turns_letters_around_is_shown_as_such() -> None:
    """All of Unicode's marks of direction; a name in Arabic needs none."""
    assert verbatim("a\u2066b\u200f") == "a\ufffdb\ufffd"
    assert verbatim("مريم") == "مريم"


def test_the_font_of_formulas_is_small_and_has_its_licence() -> None:
    """A page carries it, so it may weigh 60 KB at most."""
    assert len(font()) < 60_000
    folder = Path(__file__).parents[1] / "examgen" / "html" / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8").upper()


# --- building ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exam file of two small questions."""
    return write_exam(tmp_path_factory.mktemp("source"), TWO)


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That exam, built with pages for a screen."""
    folder = tmp_path_factory.mktemp("out") / "exam"
    return build(load_exam(source), students(3), folder, html=True).folder


def test_pages_lie_beside_the_papers(built: Path) -> None:
    """A page a student, a formula sheet, and worked answers for the instructor's eyes."""
    names = {f"{student.student}.html" for student in students(3)}
    found = {name for name in contents(built) if name.endswith(".html")}
    assert found == {
        "html/formula_sheet.html",
        *(f"html/students/{name}" for name in names),
        *(f"instructor/solutions/{name}" for name in names),
    }
    for path in (built / "instructor" / "solutions").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((built / "html" / "formula_sheet.html").stat().st_mode) & 0o044


def test_without_the_option_there_are_none(source: Path, built: Path, tmp_path: Path) -> None:
    """And all else is the same; asked for later, they are added to what is there."""
    exam = load_exam(source)
    build(exam, students(3), tmp_path / "exam")
    without = contents(tmp_path / "exam")
    assert not [name for name in without if name.endswith(".html")]
    assert not (tmp_path / "exam" / "html").exists()
    again = build(exam, students(3), tmp_path / "exam", html=True)
    assert again.written == 7
    assert contents(tmp_path / "exam") == contents(built)


def test_pages_are_the_same_for_any_number_of_processes(
    source: Path, built: Path, tmp_path: Path
) -> None:
    """Byte by byte."""
    build(load_exam(source), students(3), tmp_path / "exam", html=True, jobs=2)
    assert contents(tmp_path / "exam") == contents(built)


def test_a_build_that_was_cut_off_goes_on(source: Path, tmp_path: Path) -> None:
    """Pages that are there stay as they are, the others are written."""
    exam, folder = load_exam(source), tmp_path / "exam"
    build(exam, students(3), folder, html=True)
    page, gone = (folder / "html" / "students" / f"7000{n}.html" for n in (0, 1))
    page.write_text("kept", encoding="utf-8")
    gone.unlink()
    assert build(exam, students(3), folder, html=True).written == 1
    assert page.read_text(encoding="utf-8") == "kept"
    assert gone.exists()


def test_another_exam_replaces_the_pages_only_when_told(source: Path, tmp_path: Path) -> None:
    """No page of the old exam stays, also where the new one has none."""
    folder = tmp_path / "exam"
    build(load_exam(source), students(2), folder, html=True)
    other = load_exam(write_exam(tmp_path / "other", seed="1234567890123456"))
    with pytest.raises(ExamgenError, match="--replace"):
        build(other, students(2), folder, html=True)
    build(other, students(2), folder, replace=True)
    assert not [name for name in contents(folder) if name.endswith(".html")]


def test_somebody_s_own_pages_are_not_overwritten(source: Path, tmp_path: Path) -> None:
    """A folder html/ that no build has made is left alone."""
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(ExamgenError, match="other files"):
        build(load_exam(source), students(2), tmp_path, html=True)
    assert (tmp_path / "html" / "index.html").read_text(encoding="utf-8") == "mine"
