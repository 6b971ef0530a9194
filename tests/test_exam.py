"""exam.yaml: read strictly, told apart, drawn so that nothing depends on the order."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from small_exam import OTHER, TINY, write_exam

from examgen.errors import ExamgenError
from examgen.exam import DrawnQuestion, Exam, draw_exam, load_exam

CHOOSE = "{choose: '1 of [./tiny.yaml, ./other.yaml]'}"


def loaded(folder: Path, *questions: str, **fields: str) -> Exam:
    """An exam with these questions."""
    return load_exam(write_exam(folder, list(questions), **fields))


def refusal(folder: Path, *questions: str, **fields: str) -> str:
    """What is said of an exam that cannot be read."""
    with pytest.raises(ExamgenError) as caught:
        loaded(folder, *questions, **fields)
    return str(caught.value)


def numbers(question: DrawnQuestion, student: int) -> dict[str, Fraction]:
    """The givens of one student."""
    variants, row = question.of(student)
    return variants.draw.exact(row)


@pytest.mark.parametrize(
    ("question", "fields", "message"),
    [
        ("{use: ./tiny.yaml, point: 3}", {}, "point"),
        ("{use: ./tiny.yaml, points: -1}", {}, "greater than 0"),
        ("{use: ./tiny.yaml, points: 0}", {}, "greater than 0"),
        ("{use: ./tiny.yaml, points: yes}", {}, "expected a number"),
        ("{points: 3}", {}, "expected either use or choose"),
        ("{use: ./tiny.yaml, choose: '1 of [a, b]'}", {}, "expected either use or choose"),
        ("{choose: '2 of [./tiny.yaml, ./other.yaml]'}", {}, "expected 1 of"),
        ("{choose: './tiny.yaml'}", {}, "expected 1 of"),
        ("{choose: '1 of []'}", {}, "different questions"),
        ("{choose: '1 of [./tiny.yaml, ./tiny.yaml]'}", {}, "different questions"),
        ("{use: mlp-2-2}", {}, "did you mean 'mlp-2-2-2'?"),
        ("{use: ./nowhere.yaml}", {}, "there is no such file"),
        ("{use: ./tiny.yaml, id: 1st}", {}, "id"),
        ("{use: ./tiny.yaml, id: 'a b'}", {}, "id"),
        ("{use: ./tiny.yaml}", {"seeds": "3"}, "seeds"),
        ("{use: ./tiny.yaml}", {"seed": "-3"}, "seed"),
        ("{use: ./tiny.yaml}", {"seed": "1.5"}, "seed"),
        ("{use: ./tiny.yaml}", {"seed": "9223372036854775808"}, "seed"),
        ("{use: ./tiny.yaml}", {"language": "fr"}, "language"),
        ("{use: ./tiny.yaml}", {"page_size": "A5"}, "page_size"),
        ("{use: ./tiny.yaml}", {"title": "''"}, "title"),
        ("{use: ./tiny.yaml}", {"title": "x" * 301}, "title"),
    ],
)
def test_a_faulty_exam_file_is_refused(
    tmp_path: Path, question: str, fields: dict[str, str], message: str
) -> None:
    """With the file, the line, and what is wrong."""
    text = refusal(tmp_path, question, **fields)
    assert message in text
    assert text.startswith(f"{tmp_path}/")
    assert all(line.split(":")[1].isdigit() or "no such file" in line for line in text.splitlines())


def test_the_seed_is_required(tmp_path: Path) -> None:
    """There is no seed that anybody could guess."""
    path = write_exam(tmp_path)
    kept = [line for line in path.read_text().splitlines() if not line.startswith("seed")]
    path.write_text("\n".join(kept))
    with pytest.raises(ExamgenError, match="seed"):
        load_exam(path)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Those of exam.yaml and those inside a template, each with file and line."""
    broken = TINY.replace("z: w*x + b", "z: w*x + sigmoyd(b)")
    texts = {"tiny.yaml": TINY, "broken.yaml": broken}
    questions = ["{use: ./tiny.yaml}", "{use: ./broken.yaml}", "{use: mlp}", "{use: ./tiny.yaml}"]
    questions[3] = "{use: ./tiny.yaml, id: q1}"
    with pytest.raises(ExamgenError) as caught:
        load_exam(write_exam(tmp_path, questions, texts))
    places = [(Path(p.file).name, p.line) for p in caught.value.problems]
    assert places == [("broken.yaml", 7), ("exam.yaml", 6), ("exam.yaml", 7)]
    messages = [p.message for p in caught.value.problems]
    assert "did you mean 'sigmoid'" in messages[0]
    assert "the id 'q1' is used twice" in messages[2]


def test_question_files_are_found_beside_the_exam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative to exam.yaml, wherever the command runs."""
    write_exam(tmp_path / "course")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    exam = load_exam(Path("../course/exam.yaml"))
    assert [t.id for q in exam.questions for t in q.templates] == ["tiny"]


def test_points_are_those_of_the_template_unless_given(tmp_path: Path) -> None:
    """Scaled to the slots in proportion, exactly."""
    exam = loaded(tmp_path, "{use: ./tiny.yaml}", "{use: ./tiny.yaml, points: 1}")
    assert [question.points for question in exam.questions] == [3, 1]
    assert exam.points == 4
    assert [slot.points for slot in exam.questions[1].slots] == [
        (Fraction(1, 3),),
        (Fraction(1, 6),),
        (Fraction(1, 3),),
        (Fraction(1, 6),),
    ]


def test_a_choice_of_unequal_points_needs_points(tmp_path: Path) -> None:
    """Otherwise students' papers would be worth different sums."""
    texts = {"tiny.yaml": TINY, "other.yaml": OTHER.replace("points: 0.5", "points: 5")}
    path = write_exam(tmp_path, [CHOOSE], texts)
    with pytest.raises(ExamgenError, match="differ in points"):
        load_exam(path)
    path = write_exam(tmp_path, [CHOOSE.replace("}", ", points: 6}")], texts)
    assert load_exam(path).points == 6


def test_columns_are_named_by_question_and_slot(tmp_path: Path) -> None:
    """With the template's id only where there is a choice; an id of one's own replaces q1."""
    exam = loaded(tmp_path, "{use: ./tiny.yaml, id: warmup}", CHOOSE)
    assert [slot.id for slot in exam.questions[0].slots][:2] == ["warmup.z", "warmup.derive_dL_dw"]
    assert [slot.id for slot in exam.questions[1].slots][::4] == ["q2.tiny.z", "q2.other.z"]


def test_numbers_do_not_depend_on_the_order_of_questions(tmp_path: Path) -> None:
    """The same template at another place, beside other questions, draws the same."""
    first = loaded(tmp_path, "{use: ./tiny.yaml}", "{use: ./other.yaml}")
    second = loaded(tmp_path, "{use: mlp-2-2-2}", "{use: ./other.yaml}", "{use: ./tiny.yaml}")
    drawn, again = draw_exam(first, 6), draw_exam(second, 6)
    for student in range(6):
        assert numbers(drawn[0], student) == numbers(again[2], student)
        assert numbers(drawn[1], student) == numbers(again[1], student)


def test_numbers_depend_on_the_seed(tmp_path: Path) -> None:
    """Another seed, other numbers."""
    drawn, again = (draw_exam(loaded(tmp_path, "{use: ./tiny.yaml}", seed=s), 9) for s in "12")
    assert all(numbers(drawn[0], n) != numbers(again[0], n) for n in range(9))


def test_numbers_do_not_depend_on_prose(tmp_path: Path) -> None:
    """Mending a typo after the exam is drawn changes nobody's numbers."""
    exam = write_exam(tmp_path)
    before = draw_exam(load_exam(exam), 5)
    mended = TINY.replace("Look at $z$.", "Look at $z$!")
    again = draw_exam(load_exam(write_exam(tmp_path, templates={"tiny.yaml": mended})), 5)
    assert [numbers(before[0], n) for n in range(5)] == [numbers(again[0], n) for n in range(5)]


def test_no_two_students_share_their_numbers(tmp_path: Path) -> None:
    """Distinct in every question, and a second use draws anew."""
    drawn = draw_exam(loaded(tmp_path, "{use: ./tiny.yaml}", "{use: ./tiny.yaml}"), 500)
    for question in drawn:
        assert len({tuple(numbers(question, n).values()) for n in range(500)}) == 500
    same = sum(numbers(drawn[0], n) == numbers(drawn[1], n) for n in range(500))
    assert same < 5


def test_a_choice_is_fair_stable_and_independent(tmp_path: Path) -> None:
    """About half each; the same for a class of any size; two choices are not tied together."""
    exam = loaded(tmp_path, CHOOSE, CHOOSE)
    first, second = (question.asked for question in draw_exam(exam, 2000))
    small = draw_exam(exam, 10)
    assert small[0].asked.tolist() == first[:10].tolist()
    for student in range(10):
        assert numbers(small[0], student) == numbers(draw_exam(exam, 200)[0], student)
    assert 900 < first.sum() < 1100
    assert 900 < second.sum() < 1100
    assert 900 < int(np.count_nonzero(first == second)) < 1100


def test_too_large_a_class_is_refused_by_the_template_that_is_too_small(tmp_path: Path) -> None:
    """With the name of the question and how many there are."""
    small = TINY.replace("step: 0.5", "step: 5").replace("step: 1", "step: 4")
    exam = load_exam(write_exam(tmp_path, templates={"tiny.yaml": small}))
    with pytest.raises(ExamgenError, match=r"tiny: 50 variants are wanted, .* room for \d+"):
        draw_exam(exam, 50)


PART_SHARE = TINY.replace("    points: [1, 0.5]", "    points: [1, 0.5]\n    follow_through: 0.25")
ALL_SHARES = PART_SHARE.replace("parts:", "follow_through: 0.75\nparts:", 1)


@pytest.mark.parametrize(
    ("template", "question", "exam", "shares"),
    [
        (TINY, "", "{}", [1, 1, 1, 1]),
        (TINY, "", "{follow_through: 0.5}", [0.5, 0.5, 0.5, 0.5]),
        (PART_SHARE, "", "{follow_through: 0.5}", [0.5, 0.5, 0.25, 0.25]),
        (ALL_SHARES, "", "{follow_through: 0.5}", [0.75, 0.75, 0.25, 0.25]),
        (ALL_SHARES, ", follow_through: 0", "{follow_through: 0.5}", [0, 0, 0, 0]),
    ],
)
def test_the_share_for_carried_errors_is_the_most_particular_one(
    tmp_path: Path, template: str, question: str, exam: str, shares: list[float]
) -> None:
    """The question's entry in the exam, else the part, else the template, else the exam."""
    path = write_exam(
        tmp_path, [f"{{use: ./tiny.yaml{question}}}"], {"tiny.yaml": template}, marking=exam
    )
    slots = load_exam(path).questions[0].slots
    assert [float(slot.follow_through) for slot in slots] == shares


@pytest.mark.parametrize(
    ("marking", "message"),
    [
        ("{follow_through: 1.5}", "marking.follow_through"),
        ("{penalty: -0.1}", "marking.penalty"),
        ("{round_to: 0}", "marking.round_to"),
        ("{rounding: 0.5}", "marking.rounding"),
    ],
)
def test_marking_is_checked(tmp_path: Path, marking: str, message: str) -> None:
    """Shares lie between zero and one, steps above zero, and nothing unknown stands there."""
    assert message in refusal(tmp_path, "{use: ./tiny.yaml}", marking=marking)
