"""A class simulated by other code, from manifest.json alone, and marked by the command line."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml
from independent_class import (
    MODELS,
    Class,
    Formula,
    Formulas,
    Question,
    Work,
    rows_of,
    simulated,
    worked,
)
from small_exam import run, write_exam

from examgen.answer_key import make_manifest
from examgen.bank import find_template
from examgen.exam import draw_exam, load_exam
from examgen.manifest_file import write_manifest
from examgen.roster import Student

STUDENTS = 400
DATA = Path(__file__).parent / "data"

STEPS = ("ascent", "lr_dropped", "increment_reported")
SQUARE = (*STEPS, "loss_factor_dropped", "loss_sign")
PATHS = ("skip_path_forgotten", "main_path_forgotten", "paths_multiplied", "paths_averaged")
TIME = ("truncated_bptt", "message_total_confusion", "last_step_only", "first_step_only",
        "time_mean", "hprev_dropped_forward")  # fmt: skip
FACTORS = ("own_factor_in_product", "upstream_dropped", "weight_factor_dropped")
SLOPES = ("act_deriv_ignored", "act_value_for_deriv", "deriv_at_output", "sigmoid_prime_z(1-z)")
FORWARD = ("bias_dropped_forward", "skip_dropped_forward", "activation_skipped_forward")
MISTAKES: Mapping[str, tuple[str, ...]] = {
    "mlp-2-2-2": (
        *(*STEPS, *FACTORS, "loss_factor_added", "loss_sign", "transposed_index"),
        *("bias_dropped_forward", "wrong_bias", "paths_multiplied", "wrong_parameter", "relu_abs"),
        *("activation_skipped_forward", "act_value_for_deriv", "relu_deriv_wrong_variable"),
        "loss_half_forgotten_forward",
    ),
    "modified-recurrent-cell": (*SQUARE, *PATHS, *TIME, *FACTORS, "skip_dropped_forward"),
    "elman-relu": (
        *(*SQUARE, *TIME, *FACTORS, "gradient_overwritten", "paths_averaged", "paths_multiplied"),
        *("time_index_off_by_one", "wrong_parameter", "act_value_for_deriv"),
        "relu_deriv_wrong_variable",
    ),
    "recurrent-cell-bce": (
        *(*STEPS, *TIME, *FACTORS, "bce_sign", "bce_second_term_sign"),
        *("gradient_overwritten", "paths_multiplied", "paths_averaged"),
    ),
    "lstm-intermediate-nodes": (
        *(*SQUARE, *SLOPES, *FACTORS, "tanh_prime_1-tanh", "tanh_prime_as_sigmoid"),
        *("truncated_bptt", "cell_hidden_mixed", "activation_skipped_forward", "paths_averaged"),
        *("hprev_dropped_forward", "gradient_overwritten", "first_path_only", "path_forgotten"),
        "wrong_parameter",
    ),
    "residual-two-heads": (
        *(*SQUARE, *PATHS, *SLOPES, *FORWARD, *FACTORS),
        *("head_forgotten", "bias_gradient_times_input"),
    ),
    "multi-branch-two-heads": (
        *(*SQUARE, *SLOPES, "head_forgotten", "paths_multiplied", "paths_averaged"),
        *("bias_dropped_forward", "activation_skipped_forward", "own_factor_in_product"),
        *("upstream_dropped", "wrong_parameter"),
    ),
    "residual-two-sigmoids": (
        *(*SQUARE, *PATHS, *SLOPES, *FORWARD, *FACTORS, "bias_gradient_times_input"),
    ),
}
"""What students do wrong, by the name that the report should give it."""
SPELLED = yaml.safe_load((DATA / "independent_formulas.yaml").read_text(encoding="utf-8"))
FORMULAS: Formulas = {
    template: {
        quantity: (
            *map(Formula, texts["right"]),
            *(Formula(text, name) for name, some in texts["wrong"].items() for text in some),
        )
        for quantity, texts in quantities.items()
    }
    for template, quantities in SPELLED.items()
}
ALSO = {
    "gradient_overwritten": "first_path_only",
    "first_path_only": "gradient_overwritten",
}
"""Which of two paths is processed last is a matter of taste."""
TRIVIAL = "an earlier wrong answer makes this one trivial: no follow-through"


@dataclass(frozen=True)
class Marked:
    """An answer, and what became of it."""

    question: Question
    work: Work
    slot: str
    place: int  # among the rows of the work
    line: Mapping[str, str]  # of details.csv

    @property
    def doing(self) -> str:
        """What its author did there."""
        return str(self.work.doing[self.slot][self.place])

    @property
    def verdict(self) -> str:
        """What the grader says."""
        return self.line["verdict"]

    @property
    def value(self) -> float:
        """The number that was written."""
        return float(self.work.values[self.slot][self.place])

    @property
    def key(self) -> float:
        """The number that is right."""
        return float(self.question.expected[self.slot][self.work.rows[self.place]])

    @property
    def tolerance(self) -> float:
        """How far it may lie off."""
        return float(self.question.tolerance[self.slot][self.work.rows[self.place]])

    @property
    def off(self) -> bool:
        """Whether it is plainly wrong."""
        return abs(self.value - self.key) > self.tolerance * (1 + 1e-9)

    @property
    def named(self) -> set[str]:
        """The mistakes that the note names."""
        return set(self.line["note"].partition(": ")[0].split(", "))


@dataclass(frozen=True)
class Result:
    """The class, and the files that the command line wrote about it."""

    students: Class
    details: Mapping[tuple[str, str], Mapping[str, str]]
    grades: Mapping[str, Mapping[str, str]]
    rejected: list[Mapping[str, str]]

    def numbers(self) -> Iterator[Marked]:
        """Every number of every student."""
        for question, works in zip(self.students.questions, self.students.works, strict=True):
            for work in works:
                for slot in question.numbers:
                    for place, row in enumerate(work.rows):
                        line = self.details[self.students.students[row], slot["id"]]
                        yield Marked(question, work, slot["id"], place, line)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def first_structure(text: str) -> str:
    """A template's text with the first of all alternatives written into it."""
    found = re.search(r"^choose:\n(?:[ #].*\n)+", text, re.M)
    if found is None:
        return text

    def chosen(reference: re.Match[str]) -> str:
        value = first[reference[1]]
        value = value[reference[2]] if reference[2] else value
        if isinstance(value, list):
            return f"[{', '.join(value)}]"
        return str(value["en"] if isinstance(value, dict) else value)

    offered = yaml.load(found[0], yaml.BaseLoader)["choose"]  # all as text: `on` is no boolean
    first = {name: values[0] for name, values in offered.items()}
    plain = re.sub(r"<(\w+)(?:\.(\w+))?>", chosen, text.replace(found[0], ""))
    return re.sub(r"^  choice: .*\n", "", plain, flags=re.M)


def build(folder: Path) -> Path:
    """The manifest of an exam with every question that is worked out by hand here."""
    uses = [f"{{use: ./{name}.yaml}}" for name in MODELS]
    texts = {f"{name}.yaml": first_structure(find_template(name).text) for name in MODELS}
    exam = load_exam(write_exam(folder, uses, texts))
    roster = tuple(Student(f"s{number:04d}", "", "", "") for number in range(STUDENTS))
    path = folder / "manifest.json"
    write_manifest(make_manifest(exam, draw_exam(exam, STUDENTS), roster), path)
    return path


def write_answers(students: Class, path: Path, comma: bool = False) -> None:
    """All that was written, in wide form; comma: with decimal commas, formulas left out."""
    slots = [slot for question in students.questions for slot in question.slots]
    cells = {slot["id"]: np.full(len(students.students), "", dtype=object) for slot in slots}
    for works in students.works:
        for work in works:
            for name, texts in work.texts.items():
                cells[name][work.rows] = texts
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";" if comma else ",")
        writer.writerow(["student", *cells])
        for n, student in enumerate(students.students):
            row = [str(column[n]) for column in cells.values()]
            if comma:
                kinds = [slot["kind"] for slot in slots]
                row = [
                    text.replace(".", ",") if kind == "number" else ""
                    for text, kind in zip(row, kinds, strict=True)
                ]
            writer.writerow([student, *row])


def grade(answers: Path, manifest: Path, out: Path) -> list[dict[str, str]]:
    """The details that the command line writes."""
    done = run("grader", "grade", answers, "-m", manifest, "-o", out, "--no-report")
    assert done.returncode == 0, done.stderr[-2000:]
    return table(out / "details.csv")


def by_answer(details: list[dict[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """Details by student and slot."""
    return {(line["student"], line["slot"]): line for line in details}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exam."""
    return build(tmp_path_factory.mktemp("independent"))


@pytest.fixture(scope="module")
def result(manifest: Path) -> Result:
    """The class and its marks."""
    folder = manifest.parent
    students = simulated(manifest, MISTAKES, FORMULAS, seed=7)
    write_answers(students, folder / "answers.csv")
    details = grade(folder / "answers.csv", manifest, folder / "out")
    grades = {row["student"]: row for row in table(folder / "out/grades.csv")}
    return Result(students, by_answer(details), grades, table(folder / "out/rejected.csv"))


def test_the_key_is_what_comes_out_by_hand(result: Result) -> None:
    """Graph and derivation by hand agree about every number of every student."""
    for question in result.students.questions:
        found = worked(question, question.givens).kept
        for slot in question.numbers:
            np.testing.assert_allclose(
                found[slot["quantity"]], question.expected[slot["id"]], rtol=1e-9, atol=1e-12
            )


def test_no_honest_answer_is_wrong(result: Result) -> None:
    """However they round and write, and whatever they leave out elsewhere."""
    honest = [one for one in result.numbers() if one.doing == "right"]
    assert len(honest) > 5000
    assert len({one.work.plan for one in honest}) > 10
    wrong = [(one.work.plan, one.line) for one in honest if one.verdict != "right"]
    assert wrong == []


def test_blank_and_unreadable_are_told_so(result: Result) -> None:
    """Neither is wrong, and neither is taken for the other."""
    for doing in ("blank", "unreadable"):
        found = Counter(one.verdict for one in result.numbers() if one.doing == doing)
        assert set(found) == {doing}
        assert found[doing] > 100


def carries(one: Marked) -> list[float]:
    """What follows from a student's own other answers, by every right reading."""
    question, work = one.question, one.work
    rows = work.rows[[one.place]]
    slips = {
        slot["quantity"]: work.values[slot["id"]][[one.place]]
        for slot in question.numbers
        if slot["id"] != one.slot
    }
    (quantity,) = (s["quantity"] for s in question.numbers if s["id"] == one.slot)
    givens = rows_of(question.givens, rows)
    return [
        float(worked(question, givens, read=read, slips=slips).used[quantity][0])
        for read in question.readings()
    ]


def follows(one: Marked) -> bool:
    """Whether an answer is what its author's own other answers lead to."""
    return any(abs(value - one.value) <= 2 * one.tolerance for value in carries(one))


def test_a_slip_is_not_accepted(result: Result) -> None:
    """But where a second one is what would have followed without the first."""
    slips = [one for one in result.numbers() if one.doing == "slip" and one.off]
    assert len(slips) > 500
    accepted = [one for one in slips if one.verdict not in ("wrong", "known mistake")]
    assert all(one.verdict == "follows" for one in accepted)
    assert all(one.work.plan.startswith("2 slips") for one in accepted)
    assert len(accepted) < 0.01 * len(slips)


def test_all_that_follows_from_slips_is_credited(result: Result) -> None:
    """To the last one; what is refused is zero, and would take no work at all."""
    found = [
        one
        for one in result.numbers()
        if one.doing == "computed" and not one.work.mistake and one.off
    ]
    refused = [one for one in found if one.verdict != "follows"]
    assert len(found) > 1000
    assert [one.line for one in refused if one.line["note"] != TRIVIAL] == []
    assert all(abs(one.value) <= one.tolerance for one in refused)
    assert len(refused) < 0.05 * len(found)
    near = {one.verdict for one in result.numbers() if one.doing == "computed" and not one.off}
    assert near == {"right"}


def test_mistakes_are_not_accepted_and_are_named(result: Result) -> None:
    """Where the mistake was made it is named; what is computed from it follows."""
    found = [
        one for one in result.numbers() if one.work.mistake and one.off and one.doing != "blank"
    ]
    assert {one.work.mistake for one in found} == {m for each in MISTAKES.values() for m in each}
    assert not [one.line for one in found if one.verdict == "right"]
    made = [one for one in found if not follows(one)]
    assert len(made) > 1000
    rightly = Counter(
        bool(one.named & {one.work.mistake, ALSO.get(one.work.mistake, "")})
        and one.verdict == "known mistake"
        for one in made
    )
    assert rightly[True] >= 0.97 * len(made)
    assert sum(one.verdict == "follows" for one in made) <= 0.002 * len(made)


def test_what_follows_from_a_mistake_is_credited(result: Result) -> None:
    """The mistake is charged where it was made, and only there; zero from zero earns nothing."""
    found = [one for one in result.numbers() if one.work.mistake and one.off and follows(one)]
    other = [one for one in found if one.verdict != "follows" and one.line["note"] != TRIVIAL]
    assert len(found) > 1000
    assert len(other) <= 0.005 * len(found)
    assert all(one.verdict == "known mistake" for one in other)


def test_points_and_totals_are_what_the_verdicts_say(result: Result) -> None:
    """Full points for what is right or follows, none for the rest; added up to two decimals."""
    earns = {"right": 1.0, "follows": 1.0}
    for student in result.students.students:
        total, possible = 0.0, 0.0
        for number, question in enumerate(result.students.questions, 1):
            lines = [(s, result.details[student, s["id"]]) for s in question.slots]
            marks = [earns.get(line["verdict"], 0.0) * s["points"] for s, line in lines]
            assert [float(line["points"]) for _, line in lines] == pytest.approx(marks)
            assert float(result.grades[student][f"q{number}"]) == pytest.approx(sum(marks))
            total += sum(marks)
            possible += sum(s["points"] for s in question.slots)
        assert float(result.grades[student]["total"]) == pytest.approx(total)
        assert float(result.grades[student]["max"]) == pytest.approx(possible)


def test_nobody_is_lost(result: Result) -> None:
    """Every student has a row, and none was rejected."""
    assert list(result.grades) == list(result.students.students)
    assert result.rejected == []


def test_decimal_commas_change_nothing(manifest: Path, result: Result, tmp_path: Path) -> None:
    """The same numbers with commas, parted by semicolons: the same verdicts."""
    write_answers(result.students, tmp_path / "answers.csv", comma=True)
    found = by_answer(grade(tmp_path / "answers.csv", manifest, tmp_path / "out"))
    numbers = [one for one in result.numbers() if one.doing != "unreadable"]
    assert len(numbers) > 10_000
    other = [
        one.line
        for one in numbers
        if found[one.line["student"], one.slot]["verdict"] != one.verdict
    ]
    assert other == []


def test_formulas_in_many_spellings(result: Result) -> None:
    """The right ones are right, the wrong ones are known mistakes."""
    seen: set[tuple[str, str]] = set()
    for question, works in zip(result.students.questions, result.students.works, strict=True):
        slots = [slot["id"] for slot in question.slots if slot["kind"] == "formula"]
        for work in works:
            for slot in slots:
                for place, row in enumerate(work.rows):
                    line = result.details[result.students.students[row], slot]
                    text, mistake = work.texts[slot][place], work.doing[slot][place]
                    seen.add((slot, text))
                    verdict = "known mistake" if mistake else "right"
                    assert line["verdict"] == verdict, (text, line["note"])
                    names = line["note"].partition(": ")[0].split(", ")
                    assert {mistake, ALSO.get(mistake, mistake)} & set(names), (text, names)
    assert len(seen) > 120
