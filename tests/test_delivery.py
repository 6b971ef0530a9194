"""Marks of a graded exam in the export of a learning-management system."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from examgen.errors import ExamgenError
from grader.gradebook import Graded
from grader.lms.delivery import Delivery
from grader.marking.verdicts import Reason, Verdict
from tests.graded_class import graded_class, manifest_of


def worksheet(folder: Path, graded: Graded) -> Path:
    """A grading worksheet of the whole roster, in German and in the encoding of old Windows."""
    rows = ["ID;Vollständiger Name;E-Mail-Adresse;Bewertung;Bestwertung;Feedback als Kommentar"]
    most = graded.marks.possible.sum(axis=1).max()
    students = graded.manifest.students
    for place, student in enumerate(students.student):
        name = f"Zoë {student}"
        rows.append(f"Teilnehmer/in{100 + place};{name};{student};;{most:.2f};")
    path = folder / "grades.csv"
    path.write_text("\r\n".join(rows), encoding="cp1252")
    return path


SLOT = "q1.z"
FOLLOWS = ("7", Verdict.FOLLOWS, Reason("follows", "folgt aus der Antwort zu $h_1$"))


def german_class(folder: Path) -> Graded:
    """An exam in German; the first answer of the first student follows another one."""
    manifest = manifest_of(folder / "exam", language="de")
    return graded_class(manifest, {(0, SLOT): FOLLOWS})


def test_the_export_of_another_name_encoding_and_decimal_sign(tmp_path: Path) -> None:
    """It lies in a folder of its own, so that `grades.csv` is not taken for that of the run."""
    graded = german_class(tmp_path)
    into = worksheet(tmp_path, graded)
    stage = tmp_path / "stage"
    stage.mkdir()
    with pytest.raises(ExamgenError, match="--into-encoding cp1252"):
        Delivery("moodle-worksheet", into).write(graded, tmp_path)
    delivery = Delivery("moodle-worksheet", into, decimal="comma", encoding="cp1252")
    delivery.write(graded, stage)
    assert [str(path.relative_to(stage)) for path in stage.rglob("*.csv")] == [
        "moodle-worksheet/grades.csv"
    ]
    text = (stage / delivery.name / "grades.csv").read_bytes().decode("cp1252")
    mark = f"{float(graded.marks.points[0].sum()):.2f}".replace(".", ",")
    assert f";{mark};" in text


def test_students_are_told_in_the_language_of_the_exam(tmp_path: Path) -> None:
    """The verdict and the reason, whose mathematics is plain text there."""
    graded = german_class(tmp_path)
    into = worksheet(tmp_path, graded)
    Delivery("moodle-worksheet", into, encoding="cp1252").write(graded, tmp_path)
    text = (tmp_path / "moodle-worksheet" / "grades.csv").read_bytes().decode("cp1252")
    assert f"{SLOT}: Folgefehler (folgt aus der Antwort zu h" in text
    assert "$" not in text


def test_an_export_is_needed(tmp_path: Path) -> None:
    """But for Gradescope, which takes a file a student."""
    with pytest.raises(ExamgenError, match="--into FILE"):
        Delivery("canvas", None)
    graded = german_class(tmp_path)
    told = Delivery("gradescope", None).write(graded, tmp_path)
    written = list((tmp_path / "gradescope").iterdir())
    assert len(written) == len(np.unique(graded.answers.students))
    assert told == (("gradescope", f"{len(written)} files of results"),)
