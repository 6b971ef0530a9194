"""The page that a student gets back: what stands on it, and what never does."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from graded_class import Cell, graded_class, manifest_of
from pypdf import PdfReader
from small_exam import SEED, contents, students

from examgen.errors import ExamgenError
from examgen.files import file_name
from examgen.manifest import FormulaKey, Manifest, NumberKey
from examgen.marked import MarkedExam
from examgen.render.blocks import Block
from examgen.render.feedback import feedback_blocks
from examgen.roster import Student
from examgen.sheet import WorkedPart
from examgen.typeset import Box
from grader.feedback.marked import LONGEST_RESPONSE, Sheets, rounded_points
from grader.feedback.page import feedback_page
from grader.feedback.write import write_feedback
from grader.gradebook import Graded
from grader.marking.verdicts import Reason, Verdict

Z, DERIVED, SLOPE, STEP = "q1.z", "q1.derive_dL_dw", "q1.dL_dw", "q1.w_new"
VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = "<script>alert('x')</script> & $\\frac{ =1+1 \x00\x07"


class Page(HTMLParser):
    """The tags and the text of a page; open and closing tags must match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It closes the last one that is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what is read; the style sheet is not."""
        if self.open[-1:] != ["style"]:
            self.words += data


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Four students of a small exam."""
    return manifest_of(tmp_path / "exam", 4)


def page(graded: Graded, row: int = 0) -> Page:
    """The page of one student."""
    return Page(feedback_page(Sheets(graded).of(row)))


def exam_of(manifest: Manifest, cells: Mapping[tuple[int, str], Cell]) -> MarkedExam:
    """The marked exam of the first student."""
    return Sheets(graded_class(manifest, cells)).of(0)


def written(graded: Graded, folder: Path, jobs: int = 1) -> dict[str, bytes]:
    """All feedback by its file's name."""
    write_feedback(graded, folder, jobs=jobs)
    return contents(folder)


# --- the files ------------------------------------------------------------------------------------


def test_every_graded_student_gets_a_page_and_nobody_else(
    manifest: Manifest, tmp_path: Path
) -> None:
    """HTML and PDF, named after the student; who submitted nothing gets none."""
    graded = graded_class(manifest, {(2, "absent"): ("", Verdict.BLANK)})
    assert write_feedback(graded, tmp_path / "feedback") == 3
    expected = {f"7000{n}.{kind}" for n in (0, 1, 3) for kind in ("html", "pdf")}
    assert set(contents(tmp_path / "feedback")) == expected


def test_only_their_owner_reads_the_files(manifest: Manifest, tmp_path: Path) -> None:
    """Marks are nobody else's business."""
    write_feedback(graded_class(manifest), tmp_path / "f")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "f").iterdir()}
    assert modes == {0o600}


def test_some_students_and_one_format_on_demand(manifest: Manifest, tmp_path: Path) -> None:
    """Named by their ids; an id that was not graded is told."""
    graded = graded_class(manifest, {(2, "absent"): ("", Verdict.BLANK)})
    ids = {"70001", "70003"}
    assert write_feedback(graded, tmp_path / "f", formats=("html",), students=ids) == 2
    assert set(contents(tmp_path / "f")) == {"70001.html", "70003.html"}
    assert write_feedback(graded, tmp_path / "none", students=()) == 0
    with pytest.raises(ExamgenError, match="'70002' is none of the graded students"):
        write_feedback(graded, tmp_path / "f", students={"70002"})


def test_a_hostile_id_is_no_path(tmp_path: Path) -> None:
    """The files have the names that papers have."""
    student = Student("../../etc/passwd", "<b>Eve</b>", "")
    manifest = manifest_of(tmp_path / "exam", [student])
    write_feedback(graded_class(manifest), tmp_path / "deep" / "f")
    name = file_name(student.student)
    assert set(contents(tmp_path / "deep")) == {f"f/{name}.html", f"f/{name}.pdf"}


def test_the_same_bytes_twice_and_for_any_number_of_processes(
    manifest: Manifest, tmp_path: Path
) -> None:
    """Two workers write what one does."""
    graded = graded_class(manifest, {(1, Z): ("3", Verdict.WRONG)})
    once = written(graded, tmp_path / "a")
    assert len(once) == 8
    assert written(graded, tmp_path / "b") == once
    assert written(graded, tmp_path / "c", jobs=2) == once


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_problem_leaves_no_half_of_the_pages(
    manifest: Manifest, tmp_path: Path, jobs: int
) -> None:
    """Pages appear all together; those of an earlier run stay as they were."""
    before = written(graded_class(manifest), tmp_path / "f")
    broken = replace(manifest, exam=replace(manifest.exam, title="costs $5"))
    with pytest.raises(ExamgenError, match="never closed"):
        write_feedback(graded_class(broken), tmp_path / "f", jobs=jobs)
    assert contents(tmp_path / "f") == before
    assert len(list((tmp_path / "f").iterdir())) == len(before)


# --- nobody else's data ---------------------------------------------------------------------------


def test_a_page_depends_on_its_own_student_alone(tmp_path: Path) -> None:
    """Other names, other answers and other keys for all the others leave the bytes as they are."""
    cells: dict[tuple[int, str], Cell] = {(0, Z): ("2.5", Verdict.WRONG)}
    one = manifest_of(tmp_path / "x", 3)
    others = [students(1)[0], Student("x1", "Someone Else", ""), Student("x2", "N. N.", "")]
    other = manifest_of(tmp_path / "x", others)
    key = other.key[Z]
    assert isinstance(key, NumberKey)
    own, *_ = key.expected.split()
    other = replace(other, key={**other.key, Z: replace(key, expected=f"{own} 77 88")})
    first = written(graded_class(one, cells), tmp_path / "a")
    more: dict[tuple[int, str], Cell] = {
        (1, Z): ("", Verdict.BLANK),
        (2, STEP): ("9", Verdict.WRONG),
    }
    second = written(graded_class(other, {**cells, **more}), tmp_path / "b")
    for name in ("70000.html", "70000.pdf"):
        assert first[name] == second[name]


def test_nothing_of_others_nor_the_seed_is_on_a_page(manifest: Manifest, tmp_path: Path) -> None:
    """Neither in the text nor in the bytes; one's own name, id and code are."""
    files = written(graded_class(manifest, {(0, Z): ("2.5", Verdict.WRONG)}), tmp_path / "f")
    roster = manifest.students
    people = list(zip(roster.student, roster.name, roster.code, strict=True))
    for mine, name, code in people:
        pdf = PdfReader(tmp_path / "f" / f"{mine}.pdf")
        shown = "".join(p.extract_text() for p in pdf.pages) + str(pdf.metadata)
        for text in (shown, files[f"{mine}.html"].decode()):
            assert all(own in text for own in (mine, name, code))
            secrets = [str(SEED), manifest.exam.id, "@example.org"]
            secrets += [part for other in people if other[0] != mine for part in other]
            assert not [secret for secret in secrets if secret in text]


def test_a_page_loads_nothing_and_runs_nothing(manifest: Manifest) -> None:
    """No script, no picture, no address, no handler."""
    found = page(graded_class(manifest))
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(found.tags)
    names = {name for name, _ in found.attributes}
    assert not [name for name in names if name in ("src", "href") or name.startswith("on")]
    html = feedback_page(Sheets(graded_class(manifest)).of(0))
    assert "http:" not in html
    assert "https:" not in html
    assert re.findall(r"url\(.{6}", html) == ['url("data:']  # the font of formulas


# --- what students wrote --------------------------------------------------------------------------


def test_what_a_student_wrote_is_shown_and_never_markup(manifest: Manifest, tmp_path: Path) -> None:
    """In both formats, as it was written; what no page can hold is shown as missing."""
    cells: dict[tuple[int, str], Cell] = {(0, Z): (HOSTILE, Verdict.UNREADABLE, Reason(HOSTILE))}
    graded = graded_class(manifest, cells)
    found = page(graded)
    assert "script" not in found.tags
    assert found.words.count("<script>alert('x')</script> & $\\frac{ =1+1 \ufffd\ufffd") == 2
    write_feedback(graded, tmp_path / "f")
    text = PdfReader(tmp_path / "f" / "70000.pdf").pages[0].extract_text()
    assert "<script>alert('x')</script>" in text
    assert "=1+1" in text


def test_a_long_response_is_cut(manifest: Manifest, tmp_path: Path) -> None:
    """A page stays a page, whatever was sent; the end of the cut is marked."""
    cells: dict[tuple[int, str], Cell] = {(0, Z): ("x y😀" * 30_000, Verdict.UNREADABLE)}
    graded = graded_class(manifest, cells)
    response = Sheets(graded).of(0).questions[0].answers[0].response
    assert len(response) == LONGEST_RESPONSE
    assert response.endswith("…")
    assert write_feedback(graded, tmp_path / "f") == 4


def test_a_reason_that_is_no_prose_stands_for_itself(manifest: Manifest) -> None:
    """Prose is set as such; what cannot be read as prose is shown as plain text."""
    good = Reason("it is w", "It is $w_1$.")
    bad = Reason("costs $5 \\x", "It costs $5 \\x.")
    exam = exam_of(
        manifest, {(0, Z): ("1", Verdict.WRONG, good), (0, SLOPE): ("1", Verdict.WRONG, bad)}
    )
    reasons = [(a.reason, a.note) for a in exam.questions[0].answers]
    assert reasons == [("It is $w_1$.", ""), ("", ""), ("", "Costs $5 \\x"), ("", "")]
    html = feedback_page(exam)
    assert "<msub><mi>w</mi><mn>1</mn></msub>" in html
    assert "Costs $5 \\x" in html


# --- what stands there ----------------------------------------------------------------------------


def test_each_answer_stands_beside_what_was_expected(manifest: Manifest) -> None:
    """With its verdict in words and a sign, its points, and the number rounded as asked."""
    exam = exam_of(manifest, {(0, Z): ("-1.75", Verdict.WRONG)})
    first, second, *_ = exam.questions[0].answers
    key = manifest.expected(Z)[0]
    assert (first.part, first.label, first.response) == ("a", "z", "-1.75")
    assert float(first.expected.strip("$")) == round(key, manifest.slots[0].decimals)
    assert (first.sign, first.verdict, first.points, first.possible) == ("×", "wrong", "0", "1")
    assert (second.sign, second.verdict, second.points) == ("✓", "right", "0.5")
    assert second.expected == r"$\frac{\partial L}{\partial z} \cdot x$"
    assert (exam.points, exam.possible, exam.percent) == ("2", "3", "66.7%")


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.NOT_ASKED])
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_verdict_has_words_and_a_sign(
    tmp_path: Path, verdict: Verdict, language: str
) -> None:
    """Nothing is told by colour alone."""
    manifest = manifest_of(tmp_path / "exam", 1, language=language)
    exam = exam_of(manifest, {(0, Z): ("1", verdict)})
    answer = exam.questions[0].answers[0]
    assert answer.sign
    assert answer.verdict
    assert answer.verdict in page(graded_class(manifest, {(0, Z): ("1", verdict)})).words


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.NOT_ASKED])
@pytest.mark.parametrize("language", ["en", "de"])
def test_no_verdict_is_broken(tmp_path: Path, verdict: Verdict, language: str) -> None:
    """Its column is as wide as its words, the longest too."""
    manifest = manifest_of(tmp_path / "exam", 1, language=language)
    exam = exam_of(manifest, {(0, Z): ("1", verdict)})
    said = exam.questions[0].answers[0].verdict
    runs = [
        run.text
        for block in feedback_blocks(exam, 470.0)
        for mark in block.marks
        if isinstance(mark.ink, Box)
        for run in mark.ink.runs
    ]
    assert said in runs


def lines_of(part: WorkedPart) -> list[str]:
    """The formulas of a worked answer."""
    return [formula for step in part.steps for formula in step.formulas]


def test_steps_are_shown_for_what_was_missed(manifest: Manifest) -> None:
    """For the part of a wrong answer; not for what is right or waits for a human."""
    missed = [Verdict.WRONG, Verdict.KNOWN_MISTAKE, Verdict.BLANK, Verdict.FOLLOWS]
    for verdict in missed:
        (part,) = exam_of(manifest, {(0, Z): ("1", verdict)}).questions[0].worked
        assert part.label == "a"
        assert [line.split(" = ")[0] for line in lines_of(part)] == ["z"]
    for verdict in (Verdict.RIGHT, Verdict.NEEDS_A_HUMAN, Verdict.GIVEN_TO_ALL):
        question = exam_of(manifest, {(0, Z): ("1", verdict)}).questions[0]
        assert question.worked == ()
        assert question.givens == ()


def test_a_missed_formula_is_derived(manifest: Manifest) -> None:
    """With braces, in its part; that of a slot that was answered rightly is not."""
    (part,) = exam_of(manifest, {(0, DERIVED): ("2", Verdict.WRONG)}).questions[0].worked
    (line,) = [line for line in lines_of(part) if line.startswith(r"\frac{\partial L}{\partial w}")]
    assert r"\underbrace" in line
    assert line.endswith(r" = \frac{\partial L}{\partial z} \cdot x")
    (part,) = exam_of(manifest, {(0, Z): ("2", Verdict.WRONG)}).questions[0].worked
    assert not any("partial" in line for line in lines_of(part))


def test_steps_use_the_student_s_own_numbers(manifest: Manifest) -> None:
    """Every student's steps end in their own key."""
    cells: dict[tuple[int, str], Cell] = {(n, Z): ("", Verdict.BLANK) for n in range(4)}
    sheets = Sheets(graded_class(manifest, cells))
    for row in range(4):
        question = sheets.of(row).questions[0]
        last = lines_of(question.worked[0])[-1].rpartition("= ")[2]
        assert float(last) == manifest.expected(Z)[row]
        given = {name: float(number) for name, number in question.givens}
        assert given["w"] * given["x"] + given["b"] == manifest.expected(Z)[row]


def test_a_mended_key_is_shown_and_not_contradicted(manifest: Manifest) -> None:
    """The expected answer is the key's; steps that lead elsewhere are left out."""
    number, formula = manifest.key[Z], manifest.key[DERIVED]
    assert isinstance(number, NumberKey)
    assert isinstance(formula, FormulaKey)
    mended: dict[str, NumberKey | FormulaKey] = {
        Z: replace(number, expected="99 99 99 99"),
        DERIVED: FormulaKey(("2*x",)),
    }
    manifest = replace(manifest, key={**manifest.key, **mended})
    cells: dict[tuple[int, str], Cell] = {
        (0, Z): ("1", Verdict.WRONG),
        (0, SLOPE): ("1", Verdict.WRONG),
    }
    question = exam_of(manifest, cells).questions[0]
    assert [a.expected for a in question.answers[:2]] == ["$99$", "2*x"]
    assert [part.label for part in question.worked] == ["c"]


def test_only_the_slots_of_one_s_own_template_are_listed(tmp_path: Path) -> None:
    """Of two templates that a question chooses from, a student has seen one."""
    questions = ["{choose: '1 of [./tiny.yaml, ./other.yaml]'}"]
    manifest = manifest_of(tmp_path / "exam", 12, questions)
    cells: dict[tuple[int, str], Cell] = {
        (n, slot.id): ("", Verdict.BLANK) for n in range(12) for slot in manifest.slots
    }
    sheets = Sheets(graded_class(manifest, cells))
    mine = manifest.template_of("q1")
    assert set(mine) == {0, 1}
    for row, template in enumerate(mine):
        question = sheets.of(row).questions[0]
        assert len(question.answers) == 4
        sign = "-" if manifest.questions[0].templates[template] == "other" else "+"
        assert f" {sign} b" in lines_of(question.worked[0])[0]


def test_full_marks_are_praised(manifest: Manifest) -> None:
    """In a line, and with no steps."""
    exam = exam_of(manifest, {})
    assert exam.remarks == ("Full marks: every answer is right. Well done!",)
    assert exam.percent == "100%"
    assert not any(question.worked for question in exam.questions)
    assert exam_of(manifest, {(0, Z): ("", Verdict.BLANK)}).remarks == ()


def test_what_waits_for_a_human_is_said(manifest: Manifest) -> None:
    """And how much it is worth."""
    exam = exam_of(manifest, {(0, DERIVED): ("w*x", Verdict.NEEDS_A_HUMAN)})
    assert exam.remarks == (
        "Answers worth 0.5 points are still to be marked and not in the total yet.",
    )
    exam = exam_of(manifest, {(0, Z): ("w*x", Verdict.NEEDS_A_HUMAN)})
    assert "worth 1 point are" in exam.remarks[0]


def test_the_page_speaks_the_language_of_the_paper(tmp_path: Path) -> None:
    """All of its words; numbers keep the decimal point of the paper."""
    shown = {}
    for language in ("en", "de"):
        manifest = manifest_of(tmp_path / language, 1, language=language)
        graded = graded_class(manifest, {(0, Z): ("", Verdict.BLANK)})
        found = page(graded)
        assert ("lang", language) in found.attributes
        write_feedback(graded, tmp_path / f"f{language}")
        pdf = PdfReader(tmp_path / f"f{language}" / "70000.pdf").pages[0].extract_text()
        shown[language] = [found.words, pdf]
    words = {
        "en": (
            "Feedback",
            "Your answer",
            "Expected",
            "right",
            "no answer",
            "Steps",
            "A tiny graph",
        ),
        "de": (
            "Rückmeldung",
            "Ihre Antwort",
            "Erwartet",
            "richtig",
            "keine",
            "Rechenweg",
            "kleiner",
        ),
    }
    for language, other in (("en", "de"), ("de", "en")):
        for text in shown[language]:
            assert [word for word in words[language] if word not in text] == []
            assert [word for word in words[other] if word in text] == []
            assert "0.5" in text


def test_the_pdf_says_what_it_is_and_no_more(manifest: Manifest, tmp_path: Path) -> None:
    """Title, language and program; no date of today, no name of a machine."""
    write_feedback(graded_class(manifest), tmp_path / "f", students={"70000"})
    pdf = PdfReader(tmp_path / "f" / "70000.pdf")
    found: Any = pdf.metadata
    root: Any = pdf.trailer["/Root"]
    assert found["/Title"] == f"Test – Feedback – {manifest.students.code[0]}"
    assert found["/Creator"] == "examgen"
    assert "/CreationDate" not in found
    assert root["/Lang"] == "en"


def test_many_answers_break_over_pages_and_none_is_lost(tmp_path: Path) -> None:
    """A long question: every row is drawn once, in order, and inside the page."""
    manifest = manifest_of(tmp_path / "exam", 1, ["{use: lstm-intermediate-nodes}"])
    cells: dict[tuple[int, str], Cell] = {
        (0, slot.id): (f"r{n:03d}r", Verdict.WRONG) for n, slot in enumerate(manifest.slots)
    }
    write_feedback(graded_class(manifest, cells), tmp_path / "f")
    pdf = PdfReader(tmp_path / "f" / "70000.pdf")
    text = "".join(page.extract_text() for page in pdf.pages)
    assert len(pdf.pages) > 1
    places = [text.index(f"r{n:03d}r") for n in range(len(manifest.slots))]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("points", "shown"),
    [(0.0, "0"), (2.5, "2.5"), (1 / 3, "0.33"), (-0.25, "−0.25"), (0.005, "0.01")],
)
def test_points_are_printed_short(points: float, shown: str) -> None:
    """Two decimals at most, half up, with a real minus."""
    assert rounded_points(points) == shown


def text_of(blocks: list[Block]) -> str:
    """All type of some blocks, in the order drawn, without blanks."""
    boxes = [mark.ink for block in blocks for mark in block.marks if isinstance(mark.ink, Box)]
    return "".join(run.text for box in boxes for run in box.runs).replace(" ", "")


def test_a_long_formula_is_broken_before_its_sums_and_kept_whole(manifest: Manifest) -> None:
    """On paper its terms stand under each other, each beginning with its sign."""
    long = "$" + " + ".join(rf"\frac{{a_{n}}}{{b}} \cdot c_{n} \cdot d" for n in range(6)) + "$"
    exam = exam_of(manifest, {})
    question = exam.questions[0]
    answers = (replace(question.answers[0], expected=long),)
    blocks = feedback_blocks(replace(exam, questions=(replace(question, answers=answers),)), 479.0)
    assert "+".join(f"a{n}b⋅c{n}⋅d" for n in range(6)) in text_of(blocks)
    cells = [m.ink for b in blocks for m in b.marks if isinstance(m.ink, Box) and m.ink.rules]
    assert max(box.height + box.depth for box in cells) > 45.0
    assert max(box.width for box in cells if len(box.rules) == 6) < 130.0
