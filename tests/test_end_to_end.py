"""From exam.yaml to marks: what the builder writes is what the grader reads."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from bank_draws import SOME
from small_exam import run, students, write_exam

from examgen.answer_key import make_manifest, sheet_csv
from examgen.build import build, versions
from examgen.exam import draw_exam, load_exam
from examgen.manifest import Manifest
from examgen.manifest_file import read_manifest, write_manifest
from grader.grade import Writing, grade
from grader.summary import Summary

CLASS = 4
FEW = ["mlp-2-2-2", "elman-relu", "residual-two-heads", "lstm-intermediate-nodes"]
CHOICE = "{choose: '1 of [mlp-2-2-2, residual-two-sigmoids]', points: 7, id: pick}"


def written(folder: Path, names: list[str], count: int) -> Path:
    """An exam of these questions, and one to choose, for a small class; no pages are set."""
    uses = [f"{{use: {name}}}" for name in names]
    exam = load_exam(write_exam(folder, [*uses, CHOICE], templates={}))
    drawn = draw_exam(exam, count)
    manifest = make_manifest(exam, drawn, students(count))
    (folder / "instructor").mkdir()
    (folder / "instructor" / "key.csv").write_text(sheet_csv(manifest, drawn), encoding="utf-8")
    (folder / "answers.csv").write_text(sheet_csv(manifest, None), encoding="utf-8")
    write_manifest(manifest, folder / "instructor" / "manifest.json")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some questions of the bank."""
    return written(tmp_path_factory.mktemp("exam"), FEW, CLASS)


@pytest.fixture(scope="module")
def manifest(built: Path) -> Manifest:
    """What the grader knows of it."""
    return read_manifest(built / "instructor/manifest.json")


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def key_of(built: Path) -> list[dict[str, str]]:
    """The right answers, a row a student."""
    return table(built / "instructor/key.csv")


def graded(built: Path, rows: list[dict[str, str]], folder: Path, report: bool = False) -> Summary:
    """The summary for some rows of answers."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    paths = (folder / "in.csv", built / "instructor/manifest.json", folder / "graded")
    return grade(*paths, writing=Writing(report=report))


def details(folder: Path) -> list[dict[str, str]]:
    """The details of a grading."""
    return table(folder / "graded" / "details.csv")


def test_the_key_gets_full_marks(tmp_path: Path) -> None:
    """Every number and formula of the key is right, for every student and kind of question."""
    built = written(tmp_path, list(SOME), 2)
    summary = graded(built, key_of(built), tmp_path, report=True)
    found = details(tmp_path)
    assert not [row for row in found if row["verdict"] != "right"]
    assert all(row["points"] == row["max_points"] for row in found)
    assert summary.graded == 2
    assert summary.rejected == 0
    assert summary.verdicts == {"right": len(found)}


def test_points_add_up(built: Path, manifest: Manifest, tmp_path: Path) -> None:
    """Slots to questions, questions to totals, and the maximum to what the papers say."""
    graded(built, key_of(built), tmp_path)
    possible = sum(question.points for question in manifest.questions)
    found = details(tmp_path)
    for row in table(tmp_path / "graded" / "grades.csv"):
        mine = [line for line in found if line["student"] == row["student"]]
        assert sum(float(line["max_points"]) for line in mine) == pytest.approx(possible)
        assert float(row["max"]) == pytest.approx(possible)
        total = sum(float(row[question.id]) for question in manifest.questions)
        assert float(row["total"]) == pytest.approx(total)
        assert float(row["total"]) == pytest.approx(sum(float(line["points"]) for line in mine))


def test_the_blank_sheet_gets_nothing_and_no_error(built: Path, tmp_path: Path) -> None:
    """All is blank, nobody is rejected, every total is zero."""
    summary = graded(built, table(built / "answers.csv"), tmp_path)
    assert summary.verdicts["blank"] == summary.cells > 0
    assert (summary.graded, summary.rejected, summary.mean) == (CLASS, 0, 0)
    assert {row["total"] for row in table(tmp_path / "graded" / "grades.csv")} == {"0"}


@pytest.mark.parametrize(("tolerances", "right"), [(0.9, True), (2.0, False)])
def test_the_tolerance_divides_right_from_wrong(
    built: Path, manifest: Manifest, tmp_path: Path, tolerances: float, right: bool
) -> None:
    """Just inside is right, two tolerances off is not, above and below."""
    rows = [dict.fromkeys(row, "") | {"student": row["student"]} for row in key_of(built)]
    for slot in manifest.slots:
        if slot.kind == "number":
            expected, width = manifest.expected(slot.id), manifest.tolerance(slot.id)
            for number, row in enumerate(rows):
                if expected[number] == expected[number]:
                    sign = 1 if number % 2 else -1
                    row[slot.id] = f"{expected[number] + sign * tolerances * width[number]:.12f}"
    graded(built, rows, tmp_path)
    kinds = {slot.id: slot.kind for slot in manifest.slots}
    found = [row["verdict"] for row in details(tmp_path) if kinds[row["slot"]] == "number"]
    assert found
    assert [verdict == "right" for verdict in found] == [right] * len(found)


def test_another_students_numbers_are_wrong(
    built: Path, manifest: Manifest, tmp_path: Path
) -> None:
    """Copying from a neighbour does not pay: hardly a number is right."""
    rows = key_of(built)
    copied = [
        {**other, "student": row["student"]}
        for row, other in zip(rows, rows[1:] + rows[:1], strict=True)
    ]
    graded(built, copied, tmp_path)
    kinds = {slot.id: slot.kind for slot in manifest.slots}
    numbers = [row["verdict"] for row in details(tmp_path) if kinds[row["slot"]] == "number"]
    assert numbers.count("right") < 0.2 * len(numbers)
    assert numbers.count("follows") < 0.4 * len(numbers)  # where no printed number enters


def test_the_key_reads_as_numbers_with_the_decimals_asked_for(
    built: Path, manifest: Manifest
) -> None:
    """No exponent, no more decimals than asked, never minus zero."""
    for slot in manifest.slots:
        if slot.kind == "number":
            for row in key_of(built):
                cell = row[slot.id]
                assert cell != "-0"
                assert not cell or len(cell.partition(".")[2]) <= (slot.decimals or 0)
                assert "e" not in cell.lower()


def test_both_programs_work_together_from_the_command_line(tmp_path: Path) -> None:
    """build, then grade: exit code 0, and a summary whose counts add up."""
    exam = write_exam(tmp_path, ["{use: ./tiny.yaml, id: Q1}", "{use: ./tiny.yaml, id: q1}"])
    out = tmp_path / "out"
    done = run("examgen", "build", exam, "--versions", "3", "-o", out, "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 exams" in done.stdout
    manifest = out / "instructor" / "manifest.json"
    arguments = ["grade", out / "instructor" / "key.csv", "--manifest", manifest, "-o"]
    done = run("grader", *arguments, tmp_path / "graded")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 = 3 graded + 0 rejected" in done.stdout
    assert "24 = 24 right" in done.stdout


def test_two_uses_of_one_template_differ(built: Path, tmp_path: Path) -> None:
    """The same question twice in an exam is not the same exercise twice."""
    exam = load_exam(write_exam(tmp_path, ["{use: ./tiny.yaml}", "{use: ./tiny.yaml}"]))
    manifest = read_manifest(build(exam, versions(5), tmp_path / "out").manifest)
    first, second = (
        [tuple(manifest.givens(q, name)[n] for name in "xwby") for n in range(5)]
        for q in ("q1", "q2")
    )
    assert all(a != b for a, b in zip(first, second, strict=True))
