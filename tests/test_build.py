"""Building: exactly the promised files, the same bytes however they are made, nothing half done."""

from __future__ import annotations

import csv
import io
import os
import pickle
import re
import shutil
import signal
import stat
import subprocess
import time
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader
from small_exam import OTHER, SEED, TINY, command, contents, run, students, write_exam

from examgen import answer_key, press
from examgen.answer_key import make_manifest, sheet_csv
from examgen.build import build, versions
from examgen.errors import ExamgenError
from examgen.exam import draw_exam, load_exam
from examgen.files import file_name
from examgen.manifest_file import read_manifest
from examgen.render import exam_document, paint, write
from examgen.render.pdf import Painted
from examgen.roster import Student

TWO = ["{use: ./tiny.yaml}", "{choose: '1 of [./tiny.yaml, ./other.yaml]', points: 3}"]
FIVE = 5


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exam file of two questions."""
    return write_exam(tmp_path_factory.mktemp("source"), TWO)


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That exam, built for five students."""
    return build(load_exam(source), students(FIVE), tmp_path_factory.mktemp("out") / "exam").folder


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def text_of(path: Path) -> str:
    """All that a PDF says: its pages, and its metadata."""
    reader = PdfReader(path)
    return "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)])


def rows_of(text: str) -> list[list[str]]:
    """The rows of a CSV text."""
    return list(csv.reader(io.StringIO(text)))


# --- what is there -------------------------------------------------------------------------------


def test_exactly_the_promised_files_are_written(built: Path) -> None:
    """No file is missing, and none is left over."""
    folders = ("students", "instructor/solutions")
    expected = {f"{folder}/{s.student}.pdf" for folder in folders for s in students(FIVE)} | {
        "print/all.pdf",
        "print/formula_sheet.pdf",
        "instructor/solutions.pdf",
        "instructor/key.csv",
        "instructor/manifest.json",
        "instructor/exam-id.txt",
        "answers.csv",
    }
    assert set(contents(built)) == expected
    assert sorted(p.name for p in built.iterdir()) == [
        "answers.csv",
        "instructor",
        "print",
        "students",
    ]


def test_only_the_owner_reads_what_instructors_keep(built: Path) -> None:
    """The folder and each file in it are closed to all others."""
    assert mode(built / "instructor") == 0o700
    assert {mode(path) for path in (built / "instructor/solutions").iterdir()} == {0o600}
    assert {path.name: mode(path) for path in (built / "instructor").iterdir()} == {
        "solutions": 0o700,
        "solutions.pdf": 0o600,
        "key.csv": 0o600,
        "manifest.json": 0o600,
        "exam-id.txt": 0o600,
    }


def test_the_print_file_is_all_papers_in_roster_order(built: Path) -> None:
    """Its pages are those of the students' files, one after the other."""
    singles = [
        page.extract_text()
        for student in students(FIVE)
        for page in PdfReader(built / "students" / f"{student.student}.pdf").pages
    ]
    assert [p.extract_text() for p in PdfReader(built / "print/all.pdf").pages] == singles


def test_the_same_bytes_for_any_number_of_processes(
    source: Path, built: Path, tmp_path: Path
) -> None:
    """Three workers write what one does."""
    again = build(load_exam(source), students(FIVE), tmp_path / "elsewhere", jobs=3)
    assert contents(again.folder) == contents(built)


@pytest.mark.parametrize("hash_seed", ["1", "4711"])
def test_the_same_bytes_for_any_hash_seed(tmp_path: Path, hash_seed: str) -> None:
    """Neither sets nor dictionaries decide what is written."""
    exam = write_exam(tmp_path, TWO)
    done = run(
        "examgen", "build", exam, "--versions", "2", "-o", tmp_path / "a", PYTHONHASHSEED=hash_seed
    )
    assert done.returncode == 0, done.stderr
    here = build(load_exam(exam), versions(2), tmp_path / "b")
    assert contents(here.folder) == contents(tmp_path / "a")


def test_a_student_has_the_same_numbers_in_a_class_of_any_size(
    source: Path, tmp_path: Path
) -> None:
    """The first five of fifty are as in a class of five, and so are their papers."""
    exam = load_exam(source)
    small = make_manifest(exam, draw_exam(exam, 5), students(5))
    large = make_manifest(exam, draw_exam(exam, 50), students(50))
    for name in ("z", "dL_dw", "w_new"):
        assert large.expected(f"q1.{name}")[:5].tolist() == small.expected(f"q1.{name}").tolist()
    assert large.students.code[:5] == small.students.code
    assert large.template_of("q2")[:5].tolist() == small.template_of("q2").tolist()
    rows = rows_of(sheet_csv(large, draw_exam(exam, 50)))[:6]
    assert rows == rows_of(sheet_csv(small, draw_exam(exam, 5)))


def test_variant_codes_are_distinct(source: Path) -> None:
    """No two of a thousand students share a code."""
    exam = load_exam(source)
    manifest = make_manifest(exam, draw_exam(exam, 1000), students(1000))
    assert len(set(manifest.students.code)) == 1000


def test_versions_are_lettered() -> None:
    """A to Z, then AA; never a letter twice."""
    names = [student.student for student in versions(703)]
    assert names[:3] == ["A", "B", "C"]
    assert names[25:28] == ["Z", "AA", "AB"]
    assert names[701:] == ["ZZ", "AAA"]
    assert len(set(names)) == 703


def test_an_empty_roster_is_refused(source: Path, tmp_path: Path) -> None:
    """There is no exam for nobody."""
    with pytest.raises(ExamgenError, match="no student"):
        build(load_exam(source), (), tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- key and answer sheet ------------------------------------------------------------------------


def test_key_and_answer_sheet_have_the_same_columns(built: Path) -> None:
    """In paper order, and as the manifest has them; the sheet is blank beside the ids."""
    key = rows_of((built / "instructor/key.csv").read_text(encoding="utf-8"))
    sheet = rows_of((built / "answers.csv").read_text(encoding="utf-8"))
    manifest = read_manifest(built / "instructor/manifest.json")
    assert key[0] == sheet[0] == ["student", *(slot.id for slot in manifest.slots)]
    assert key[0][1:5] == ["q1.z", "q1.derive_dL_dw", "q1.dL_dw", "q1.w_new"]
    assert [row[0] for row in key[1:]] == [row[0] for row in sheet[1:]]
    assert {cell for row in sheet[1:] for cell in row[1:]} == {""}


def test_a_chosen_question_has_columns_for_each_and_answers_for_one(built: Path) -> None:
    """What a student is not asked stays blank in the key and NaN in the manifest."""
    manifest = read_manifest(built / "instructor/manifest.json")
    key = rows_of((built / "instructor/key.csv").read_text(encoding="utf-8"))
    chosen = manifest.template_of("q2")
    assert set(chosen) == {0, 1}
    for number, row in enumerate(key[1:]):
        cells = dict(zip(key[0], row, strict=True))
        asked, other = ("tiny", "other") if chosen[number] == 0 else ("other", "tiny")
        for name in ("z", "dL_dw", "w_new"):
            expected = manifest.expected(f"q2.{asked}.{name}")[number]
            assert abs(float(cells[f"q2.{asked}.{name}"]) - expected) < 1e-4
            assert cells[f"q2.{other}.{name}"] == ""
        assert (cells[f"q2.{asked}.derive_dL_dw"], cells[f"q2.{other}.derive_dL_dw"]) == (
            "dL/dz*x",
            "",
        )


def test_not_asked_is_nan_in_the_manifest(built: Path) -> None:
    """Every student has a number in exactly one of the two columns."""
    manifest = read_manifest(built / "instructor/manifest.json")
    missing = [manifest.expected(f"q2.{name}.z") for name in ("tiny", "other")]
    assert all((a != a) != (b != b) for a, b in zip(*missing, strict=True))


# --- secrets -------------------------------------------------------------------------------------


def test_students_files_tell_neither_seed_nor_answers_nor_others(built: Path) -> None:
    """Neither on the page nor in the metadata, nor in the bytes around."""
    manifest = read_manifest(built / "instructor/manifest.json")
    for number, student in enumerate(students(FIVE)):
        path = built / "students" / f"{student.student}.pdf"
        text = text_of(path)
        assert student.student in text
        assert student.name in text
        found = {token.replace("\N{MINUS SIGN}", "-") for token in re.findall(r"[−\d.]+", text)}
        assert str(SEED) not in text
        assert str(SEED).encode() not in path.read_bytes()
        for other in students(FIVE):
            if other != student:
                assert other.student not in text
                assert other.name not in text
        for index, code in enumerate(manifest.students.code):
            assert (code in text) == (index == number)
        answers = {
            f"{manifest.expected(slot.id)[number]:g}"
            for slot in manifest.slots
            if slot.kind == "number"
        }
        givens = {
            f"{manifest.givens(q, name)[number]:g}"
            for q, names in manifest.given.items()
            for name in names
        }
        printed = {"0.1", "1", "2", "3", "4", "5", "6", "0.5", "1.5", "-1"} | givens
        assert answers - printed, "this student's answers are all numbers of the paper anyway"
        assert not (answers - printed) & found


def test_the_solutions_show_what_students_files_do_not(built: Path) -> None:
    """The test above would see an answer: the solutions hold them all."""
    manifest = read_manifest(built / "instructor/manifest.json")
    text = text_of(built / "instructor/solutions.pdf").replace("\N{MINUS SIGN}", "-")
    for number in range(FIVE):
        assert f"{manifest.expected('q1.w_new')[number]:g}" in text
    assert str(SEED) not in text


# --- going on, and starting over -----------------------------------------------------------------


def test_missing_papers_are_made_again(source: Path, built: Path, tmp_path: Path) -> None:
    """A second run writes what is missing and nothing else, to the same bytes."""
    exam, out = load_exam(source), tmp_path / "out"
    build(exam, students(FIVE), out)
    kept = out / "students" / "70002.pdf"
    before = kept.stat().st_mtime_ns
    (out / "students" / "70001.pdf").unlink()
    (out / "instructor" / "manifest.json").unlink()
    assert build(exam, students(FIVE), out).written == 1
    assert kept.stat().st_mtime_ns == before
    assert contents(out) == contents(built)


def test_a_filled_in_answer_sheet_is_kept(source: Path, tmp_path: Path) -> None:
    """Going on, and even replacing the exam, never loses collected answers."""
    out = build(load_exam(source), students(2), tmp_path / "out").folder
    filled = (out / "answers.csv").read_text(encoding="utf-8").replace("70001,", "70001,0.65")
    (out / "answers.csv").write_text(filled, encoding="utf-8")
    build(load_exam(source), students(2), out)
    assert (out / "answers.csv").read_text(encoding="utf-8") == filled
    with pytest.raises(ExamgenError, match="filled in"):
        build(load_exam(source), students(3), out, replace=True)
    assert (out / "answers.csv").read_text(encoding="utf-8") == filled
    assert (out / "students" / "70001.pdf").exists()


def _started(folder: Path) -> bool:
    return len(list(folder.glob("students/*.pdf"))) >= 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_build_goes_on(tmp_path: Path, jobs: int) -> None:
    """SIGKILL in the middle; the next run ends with the same bytes, and no leftovers."""
    exam, count, out = write_exam(tmp_path, TWO), 24, tmp_path / "out"
    arguments = ["build", exam, "--versions", str(count), "-o", out, "--jobs", str(jobs)]
    process = subprocess.Popen(command("examgen", *arguments), stdout=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while not _started(out) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=120)  # the pipe ends when the workers, too, have ended
    assert process.returncode == -signal.SIGKILL, "the build was over before it could be killed"
    assert not (out / "instructor" / "manifest.json").exists()
    (out / "students" / ".0123456789abcdef.part").write_bytes(b"%PDF-1.4 cut off")
    build(load_exam(exam), versions(count), out)
    assert contents(out) == contents(build(load_exam(exam), versions(count), tmp_path / "b").folder)


@pytest.mark.parametrize("change", ["exam", "template", "roster", "version", "order"])
def test_changed_inputs_are_refused_and_replaced_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Nothing is touched without --replace; with it, nothing of the old exam is left."""
    out = build(load_exam(write_exam(tmp_path)), students(3), tmp_path / "out").folder
    before, roster = contents(out), students(2)
    if change == "exam":
        write_exam(tmp_path, title="Another")
    elif change == "template":
        (tmp_path / "tiny.yaml").write_text(TINY.replace("step: 1", "step: 2"), encoding="utf-8")
    elif change == "version":
        monkeypatch.setattr(answer_key, "__version__", "999")
    elif change == "order":
        roster = students(3)[::-1]
    if change not in ("roster", "order"):
        roster = students(3)
    exam = load_exam(tmp_path / "exam.yaml")
    with pytest.raises(ExamgenError, match="other inputs") as caught:
        build(exam, roster, out)
    assert len(caught.value.problems) == 1
    assert contents(out) == before
    build(exam, roster, out, replace=True)
    assert contents(out) == contents(build(exam, roster, tmp_path / "fresh").folder)


@pytest.mark.parametrize(
    "name", ["students/thesis.pdf", "instructor/x", "answers.csv", "print/all.pdf"]
)
def test_a_folder_with_other_files_is_refused(source: Path, tmp_path: Path, name: str) -> None:
    """Files of unknown origin are neither overwritten nor mixed with, even by --replace."""
    path = tmp_path / "out" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"precious")
    exam = load_exam(source)
    for replace in (False, True):
        with pytest.raises(ExamgenError, match="other files"):
            build(exam, students(1), tmp_path / "out", replace=replace)
    assert contents(tmp_path / "out") == {name: b"precious"}


def test_a_file_where_the_folder_should_be_is_told(source: Path, tmp_path: Path) -> None:
    """One sentence, with the path."""
    (tmp_path / "out").write_text("a file")
    exam = load_exam(source)
    for place in ("out", "out/deeper"):
        with pytest.raises(ExamgenError, match="out"):
            build(exam, students(1), tmp_path / place)
    assert (tmp_path / "out").read_text() == "a file"


@pytest.mark.parametrize(
    ("template", "fields"),
    [
        (TINY.replace("Look at $z$.", r"Look at $\nonsense$."), {}),
        (TINY.replace("Give the derivative.", "Give $the derivative."), {}),
        (TINY.replace("Compute $z$.", "'Compute $$.'"), {}),
        (TINY.replace("title: {en: A tiny graph", r"title: {en: A \tiny graph"), {}),
        (TINY.replace("parts:", "symbols: {z: '\\frac{'}\nparts:"), {}),
        (TINY, {"title": "It costs $5"}),
        (TINY, {"course": "'A \\backslash'"}),
        (TINY, {"instructions": "['fine', 'a $ b']"}),
        (TINY.replace("step: 0.5", "step: 5").replace("step: 1", "step: 8"), {}),
    ],
)
def test_a_build_that_fails_leaves_nothing(
    tmp_path: Path, template: str, fields: dict[str, str]
) -> None:
    """Bad texts and grids too small are found before the first file is written."""
    exam = write_exam(tmp_path, templates={"tiny.yaml": template}, **fields)
    with pytest.raises(ExamgenError):
        build(load_exam(exam), students(60), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_texts_that_cannot_be_set_are_told_with_their_lines(tmp_path: Path) -> None:
    """All of them at once, of the exam and of its templates."""
    template = TINY.replace("Look at $z$.", r"Look at $\nonsense$.").replace("Compute $z$", "$z")
    exam = write_exam(tmp_path, templates={"tiny.yaml": template}, title="It costs $5")
    with pytest.raises(ExamgenError) as caught:
        build(load_exam(exam), students(1), tmp_path / "out")
    places = [(p.file, p.line, p.path) for p in caught.value.problems]
    assert places == [
        ("exam.yaml", 1, "title"),
        (str(tmp_path / "tiny.yaml"), 3, "stem"),
        (str(tmp_path / "tiny.yaml"), 17, "parts[0].ask"),
    ]


def test_a_page_that_cannot_be_set_ends_the_build_without_a_half_file(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails late leaves no manifest, no torn file, and a folder that can be gone on with."""
    exam, out = load_exam(source), tmp_path / "out"
    write = press._write

    def failing(document: Painted, path: Path, mode: int) -> None:
        if path.name == "70001.pdf":
            raise ExamgenError("no ink")
        write(document, path, mode)

    monkeypatch.setattr(press, "_write", failing)
    with pytest.raises(ExamgenError, match="no ink"):
        build(exam, students(3), out)
    assert not (out / "instructor/manifest.json").exists()
    assert not list(out.rglob("*.part"))
    monkeypatch.undo()
    build(exam, students(3), out)
    assert contents(out) == contents(build(exam, students(3), tmp_path / "b").folder)


@pytest.mark.parametrize("lost", ["print/all.pdf", "instructor/solutions.pdf"])
def test_a_file_of_all_is_bound_anew_from_the_same_pages(
    source: Path, built: Path, tmp_path: Path, lost: str
) -> None:
    """And what each student has is neither written again nor changed."""
    out = tmp_path / "out"
    shutil.copytree(built, out)
    (out / lost).unlink()
    before = {path: path.stat().st_mtime_ns for path in out.glob("**/*.pdf")}
    again = build(load_exam(source), students(FIVE), out)
    assert again.written == 1
    assert contents(out) == contents(built)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_pages_survive_the_way_from_one_process_to_another(source: Path) -> None:
    """Bound by another process they give the same bytes as here."""
    exam = load_exam(source)
    papers = press.Papers(exam, draw_exam(exam, 2), tuple(students(2)))
    pages = [paint(exam_document(papers.sheet(number))) for number in range(2)]
    here, there = io.BytesIO(), io.BytesIO()
    write(pages, here)
    write(pickle.loads(pickle.dumps(pages)), there)
    assert here.getvalue() == there.getvalue()


# --- rosters -------------------------------------------------------------------------------------

STRANGE_IDS = [
    "../x",
    "CON",
    "a/b",
    "..",
    "nul.pdf",
    "a\\b",
    "C:x",
    "é",
    "x" * 90,
    "a b",
    ".hidden",
]


def test_strange_ids_never_leave_the_folder(tmp_path: Path) -> None:
    """Each student has a file of their own, inside students/, and keeps the id on paper."""
    roster = [Student(text) for text in STRANGE_IDS]
    exam = load_exam(write_exam(tmp_path / "in", templates={"tiny.yaml": TINY}))
    out = build(exam, roster, tmp_path / "deep" / "out").folder
    names = {f"{file_name(text)}.pdf" for text in STRANGE_IDS}
    assert {p.name for p in (out / "students").iterdir()} == names
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in names}) == len(roster)
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]
    sheet = rows_of((out / "answers.csv").read_text(encoding="utf-8"))
    assert [row[0] for row in sheet[1:]] == STRANGE_IDS


NAMES = ["<b>Bold</b>", "=1+1", "{eta}", "$x$ \\frac{1}{2}", "100 % & #1 ~_^", "a" * 300, "שלום"]


def test_names_are_never_markup(tmp_path: Path) -> None:
    """A name is printed as it stands, whatever it looks like."""
    roster = [Student(f"s{n}", name) for n, name in enumerate(NAMES)]
    exam = load_exam(write_exam(tmp_path))
    out = build(exam, roster, tmp_path / "out").folder
    for student in roster[:5]:
        assert student.name in text_of(out / "students" / f"{student.student}.pdf")
    long = re.sub(r"\s", "", text_of(out / "students" / "s5.pdf"))
    assert "a" * 300 in long


def test_templates_under_one_id_are_told_apart(tmp_path: Path) -> None:
    """Two different files with the same id would be one in the manifest."""
    texts = {"tiny.yaml": TINY, "copy.yaml": TINY.replace("w*x", "2*w*x"), "other.yaml": OTHER}
    exam = write_exam(tmp_path, ["{use: ./tiny.yaml}", "{use: ./copy.yaml}"], texts)
    with pytest.raises(ExamgenError, match="another template with the id 'tiny'"):
        load_exam(exam)


# --- options -------------------------------------------------------------------------------------


def test_large_print_changes_one_paper_and_no_number(source: Path, built: Path) -> None:
    """The same code and key; all other files are as they were, but for those with all papers."""
    out = built.parent / "large"
    build(load_exam(source), students(FIVE), out, large=["70002"])
    before, after = contents(built), contents(out)
    assert {name for name in before if before[name] != after[name]} == {
        "students/70002.pdf",
        "print/all.pdf",
        "instructor/exam-id.txt",
    }
    usual, large = (PdfReader(folder / "students/70002.pdf") for folder in (built, out))
    assert len(large.pages) > len(usual.pages)
    with pytest.raises(ExamgenError, match="other inputs"):
        build(load_exam(source), students(FIVE), out)


def test_large_print_for_nobody_is_told(source: Path, tmp_path: Path) -> None:
    """An id that the roster lacks, with what may have been meant."""
    with pytest.raises(ExamgenError, match="did you mean '70001'"):
        build(load_exam(source), students(2), tmp_path / "out", large=["7001"])
    assert not (tmp_path / "out").exists()


def test_progress_ends_with_all_files(source: Path, tmp_path: Path) -> None:
    """Whoever waits is told at the end that all is there."""
    told: list[tuple[int, int]] = []
    build(load_exam(source), students(2), tmp_path, progress=lambda *one: told.append(one))
    assert told[-1] == (6, 6)
