"""Practice sets: what an instructor's file may say, and what a student's desk makes of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from practice_desk import Student
from small_exam import TINY

from examgen.errors import ExamgenError
from examgen.schema import schema_text
from examgen.strict_yaml import load
from grader.practice.classroom.set_file import PracticeSet, narrowed, read_set, set_schema
from grader.practice.desk import Desk
from grader.practice.opening import Wishes, opened
from grader.practice.skills.catalogue import bank_catalogue
from grader.practice.values import Rest

SAMPLE = Path(__file__).parents[1] / "samples" / "practice.yaml"
SMALL = "title: T\nquestions: [mlp-2-2-2, residual-two-heads]\n"


def reading(folder: Path, text: str) -> PracticeSet:
    """The set that a text tells."""
    path = folder / "set.yaml"
    path.write_text(text, encoding="utf-8")
    return read_set(path)


def refused(folder: Path, text: str) -> str:
    """What is said of a text that is no set, without the folder."""
    with pytest.raises(ExamgenError) as caught:
        reading(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


# --- the file ------------------------------------------------------------------------------------


def test_the_sample_is_a_set() -> None:
    """Its questions are offered for the skills that it names, its day is the sample exam's."""
    found = read_set(SAMPLE)
    assert (found.rounds, found.new, found.exam) == (15, 3, date(2027, 2, 11))
    assert found.class_name == "Introduction to Deep Learning"
    assert {"chain", "paths", "shared:time", "slope:relu"} <= {*found.catalogue.skills}
    assert "derive" not in found.catalogue.skills
    assert "softmax-cross-entropy" in found.catalogue.questions


def test_questions_alone_offer_all_their_skills(tmp_path: Path) -> None:
    """By schedule, in teaching order."""
    found = reading(tmp_path, SMALL)
    parts = [part for part in bank_catalogue().parts if part.question in found.catalogue.questions]
    assert found.catalogue.questions == ("mlp-2-2-2", "residual-two-heads")
    assert {*found.catalogue.parts} == {*parts}
    assert found.whole == ()


def test_skills_alone_take_the_bank(tmp_path: Path) -> None:
    """Of all questions the parts that train them."""
    found = reading(tmp_path, "title: T\nskills: [lstm, chain rule]\n")
    assert {"chain", "cell:lstm"} <= {*found.catalogue.skills}
    assert len(found.catalogue.questions) > 5


def test_a_set_may_be_the_whole_bank(tmp_path: Path) -> None:
    """With nothing but limits."""
    found = reading(tmp_path, "title: T\nnew: 0\n")
    assert found.catalogue == bank_catalogue()
    assert found.new == 0


def test_own_files_lie_beside_the_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are found again from any folder, and what they train is known."""
    (tmp_path / "own.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "set.yaml").write_text("title: T\nquestions: [own.yaml]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = read_set(Path("set.yaml"))
    assert found.catalogue.questions == (str(tmp_path / "own.yaml"),)
    part = found.catalogue.parts[0]
    assert found.trains.skills_of(part.question, part.structure)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Each with its line, and what may be meant."""
    text = "title: 3\nquestoins: [a]\nrounds: 0\nexam: 11.2.2027\nlanguage: fr\nwhole: maybe\n"
    said = refused(tmp_path, text).splitlines()
    assert len(said) == 6
    assert "set.yaml:2: questoins: 'questoins' is no field here (did you mean 'questions'?)" in said
    assert any(
        line.startswith("set.yaml:4: exam: found '11.2.2027', expected a date") for line in said
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: T\nquestions:\n  - mlp-2-2\n", "set.yaml:3: questions[0]: there is no question"),
        ("title: T\nquestions: [mlp-2-2]\n", "(did you mean 'mlp-2-2-2'?)"),
        ("title: T\nquestions: [no.yaml]\n", "set.yaml:2: questions[0]: no.yaml: there is no such"),
        (f"{SMALL}skills:\n  - chian\n", "set.yaml:4: skills[0]: there is no topic 'chian' (did"),
        (f"{SMALL}skills: [lstm]\n", "none of the questions trains 'lstm'; they train forward"),
        (f"{SMALL}skills: [chain, chain]\n", "'chain' stands there twice"),
        ("title: T\nquestions: [lstm-two-steps, lstm-two-steps]\n", "stands there twice"),
        (f"{SMALL}whole: true\nskills: [chain]\n", "leave out skills:"),
        ("title: T\nwhole: true\n", "needs questions"),
        ("title: T\nexam: 2027-02-30\n", "found '2027-02-30', expected a date"),
        ("title: T\nexam: 2027-W05-1\n", "expected a date such as 2027-02-11"),
        ("title: T\nexam: 2027\n", "expected a date such as 2027-02-11"),
        ('title: "a\\nb"\n', "set.yaml:1: title: "),
        ("title: ''\n", "set.yaml:1: title: "),
        ("title: T\nseed: 3\nquestions: [{use: mlp-2-2-2}]\n", "this is an exam, not a practice"),
        (TINY, "this is a question, not a practice set"),
        ("- mlp-2-2-2\n", "expected fields such as `title:` and `class:`"),
        ("title: T\ntitle: U\n", "is given twice"),
    ],
)
def test_what_is_no_set_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """In a sentence, with its place."""
    assert said in refused(tmp_path, text)


def test_a_faulty_question_is_told_with_its_own_place(tmp_path: Path) -> None:
    """The line is that of the question's file."""
    (tmp_path / "own.yaml").write_text(TINY.replace("z: w*x + b", "z: w*x + q"), encoding="utf-8")
    assert "own.yaml:" in refused(tmp_path, "title: T\nquestions: [own.yaml]\n")


def problems(document: dict[str, Any]) -> list[str]:
    """What the schema has against a document."""
    return [one.message for one in Draft202012Validator(set_schema()).iter_errors(document)]


def test_the_schema_takes_what_the_reader_takes() -> None:
    """And explains every field."""
    Draft202012Validator.check_schema(set_schema())
    sample = load(SAMPLE.read_bytes(), "practice.yaml").data
    assert isinstance(sample, dict)
    assert problems(sample) == []
    for wrong in ({"rounds": 0}, {"exam": "soon"}, {"until": "x"}, {"language": "fr"}):
        assert problems({**sample, **wrong})
    assert all(field["description"] for field in set_schema()["properties"].values())
    assert json.loads(schema_text(set_schema())) == set_schema()


# --- what a student wants of it ------------------------------------------------------------------


def test_topics_are_taken_of_the_set(tmp_path: Path) -> None:
    """A question of it as a whole, a skill as it is due; what it lacks is told."""
    chosen = reading(tmp_path, SMALL)
    assert narrowed(chosen, ["mlp-2-2-2"])[1] == ("mlp-2-2-2",)
    catalogue, whole = narrowed(chosen, ["paths"])
    assert (catalogue.skills, whole) == (("paths",), ())
    both, whole = narrowed(chosen, ["paths", "mlp-2-2-2"])
    assert whole == ()
    assert {"mlp-2-2-2", "residual-two-heads"} == {*both.questions}
    with pytest.raises(ExamgenError, match="in the set 'T': there is no topic 'lstm'"):
        narrowed(chosen, ["lstm"])


def test_own_files_are_named_by_their_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the student sees them from where they are."""
    (tmp_path / "own.yaml").write_text(TINY, encoding="utf-8")
    chosen = reading(tmp_path, "title: T\nquestions: [own.yaml, mlp-2-2-2]\n")
    monkeypatch.chdir(tmp_path)
    assert narrowed(chosen, ["own.yaml"])[1] == (str(tmp_path / "own.yaml"),)


def desk(student: Student, text: str, **wishes: Any) -> Desk:
    """A desk over a set."""
    path = student.folder / "set.yaml"
    path.write_text(text, encoding="utf-8")
    return opened(student.store(), Wishes(set_file=path, **wishes))


def test_the_set_says_what_the_student_does_not(tmp_path: Path) -> None:
    """Its limits are advice: what a student asks for goes first."""
    student, text = Student(tmp_path), f"{SMALL}rounds: 7\nnew: 1\nlanguage: de\nexam: 2999-02-11\n"
    plain = desk(student, text)
    assert (plain.language, plain.progress().limit) == ("de", 7)
    assert plain.progress().exam == date(2999, 2, 11)
    assert plain.title == "T"
    other = desk(student, text, rounds=30, language="en", exam=date(2999, 3, 1))
    assert (other.language, other.progress().limit) == ("en", 30)
    assert other.progress().exam == date(2999, 3, 1)


def test_a_student_may_change_the_day_of_a_set(tmp_path: Path) -> None:
    """It stays changed until the instructor changes it, too."""
    student, text = Student(tmp_path), f"{SMALL}exam: 2999-02-11\n"
    desk(student, text).set_exam(date(2999, 2, 1))
    assert desk(student, text).progress().exam == date(2999, 2, 1)
    assert desk(student, text.replace("02-11", "02-18")).progress().exam == date(2999, 2, 18)


def test_what_is_asked_is_of_the_set(tmp_path: Path) -> None:
    """By skill, a part of a question."""
    begun = desk(Student(tmp_path), f"{SMALL}skills: [paths]\n").start()
    assert not isinstance(begun, Rest)
    assert begun.skill == "Sum over paths"


def test_what_is_missed_beside_the_skills_of_a_set_comes_again(tmp_path: Path) -> None:
    """With the skill of the set that was asked with it, in the same part, with new numbers."""
    student = Student(tmp_path)
    found = desk(student, "title: T\nquestions: [modified-recurrent-cell]\nskills: [shared:time]\n")
    begun = found.start()
    assert not isinstance(begun, Rest)
    before = student.round(begun).task
    total, update = before.asked
    found.answer(begun.id, {total: student.right(begun, total)})
    found.leave(begun.id, update)
    assert student.round(begun).grades == {"shared:time": "right", "update:sgd": "missed"}
    again = found.next()
    assert not isinstance(again, Rest)
    after = student.round(again).task
    assert (after.asked, after.skill) == (before.asked, "shared:time")
    assert after.numbers != before.numbers


def test_whole_questions_come_in_turn(tmp_path: Path) -> None:
    """One after the other, with all their answers."""
    found = desk(Student(tmp_path), f"{SMALL}whole: true\n")
    first = found.start()
    assert not isinstance(first, Rest)
    found.skip(first.id)
    second = found.next()
    assert not isinstance(second, Rest)
    assert first.sheet.title != second.sheet.title
    assert not first.known
    assert len(first.sheet.parts) > 1
