"""Structures of one question, from the draw to the marks: shared columns, fair choices."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from small_exam import TINY, students, write_exam
from typer.testing import CliRunner

from examgen.answer_key import make_manifest, sheet_csv
from examgen.cli import app
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.exam import Exam, draw_exam, load_exam
from examgen.manifest import Manifest, TemplateRecord
from examgen.manifest_file import read_manifest, write_manifest
from examgen.paper import exam_sheet
from examgen.samples import write_samples
from examgen.structures import structures_of
from examgen.template import parse_templates
from grader.feedback.marked import Sheets
from grader.grade import mark
from grader.gradebook import Graded
from grader.marking.changes import Changes, SlotChange, changed_manifest
from grader.marking.changes_file import read_changes
from grader.marking.papers import papers
from grader.marking.rubric import totals
from grader.marking.verdicts import Verdict
from grader.reporting.analysis import analyse
from grader.reporting.report import write_report
from grader.simulate import class_of, simulate

SHAPED = """\
id: shaped
title: {en: A small net, de: Ein kleines Netz}
candidates: 1
choose:
  activation: [sigmoid, tanh]
  weight: [u, v]
  what: [h, 'h, z']
graph:
  topology: formulas
  formulas:
    z: u*x + v*y
    h: <activation>(z)
  loss: (h - t)^2
sample:
  x: {from: -3, to: 3, step: 0.5, except: [0]}
  y: {from: -3, to: 3, step: 0.5, except: [0]}
  u: {from: -2, to: 2, step: 0.25, except: [0]}
  v: {from: -2, to: 2, step: 0.25, except: [0]}
  t: {choose: [-1, 1, 2]}
  eta: 0.5
require: [abs(dL/du) > 0.05, abs(dL/dv) > 0.05, abs(z) < 3]
parts:
  - ask: Compute it.
    answers: <what>
    points: 2
  - ask: {en: Derive for $<weight>$., de: Leiten Sie nach $<weight>$ ab.}
    derive: dL/d<weight>
    points: 1
  - ask: Compute.
    answers: dL/d<weight>, <weight>'
    points: [1, 1]
"""
COUNT = 40
CHOICE = "{choose: '1 of [./shaped.yaml, ./tiny.yaml]', points: 4}"
FILES = {"tiny.yaml": TINY, "shaped.yaml": SHAPED}


def loaded(folder: Path, *questions: str) -> Exam:
    """An exam with these questions, one of `shaped` by default."""
    return load_exam(write_exam(folder, list(questions) or ["{use: ./shaped.yaml}"], FILES))


@cache
def shaped() -> tuple[Exam, Manifest]:
    """The exam of `shaped` alone, and its manifest."""
    with TemporaryDirectory() as folder:
        exam = loaded(Path(folder))
    return exam, manifest_of(exam)


def manifest_of(exam: Exam, count: int = COUNT) -> Manifest:
    """The manifest of an exam drawn for a class."""
    return make_manifest(exam, draw_exam(exam, count), students(count))


def key_of(exam: Exam, manifest: Manifest) -> list[dict[str, str]]:
    """The answer sheet with right answers."""
    text = sheet_csv(manifest, draw_exam(exam, len(manifest.students)))
    return list(csv.DictReader(io.StringIO(text)))


# --- who gets which ------------------------------------------------------------------------------


def test_a_structure_depends_on_the_number_of_the_student_alone() -> None:
    """Not on the class or the order; each structure comes about equally often."""
    prints = [template.fingerprint for template in parse_templates(SHAPED, "s")]
    every = structures_of(prints, 7, range(4000))
    assert np.bincount(every, minlength=8).min() > 4000 / 8 * 0.8
    assert structures_of(prints, 7, [17, 3, 999]).tolist() == every[[17, 3, 999]].tolist()
    assert (structures_of(prints, 8, range(4000)) == every).mean() < 0.2
    assert (structures_of(prints, 7, range(4000), use=1) == every).mean() < 0.2


def test_students_keep_their_structure_and_numbers_in_a_larger_class(tmp_path: Path) -> None:
    """Two uses of one file differ."""
    exam = loaded(tmp_path, "{use: ./shaped.yaml}", "{use: ./shaped.yaml}")
    small, large = manifest_of(exam, 9), manifest_of(exam, 30)
    for name in ("q1", "q2"):
        assert small.template_of(name).tolist() == large.template_of(name)[:9].tolist()
        assert small.givens(name, "x").tolist() == large.givens(name, "x")[:9].tolist()
    assert large.template_of("q1").tolist() != large.template_of("q2").tolist()


def test_variants_of_a_structure_are_distinct_and_its_own(tmp_path: Path) -> None:
    """Nobody of a structure has the numbers of another; each has the answers of its graph."""
    (drawn,) = draw_exam(loaded(tmp_path), COUNT)
    for variants in drawn.variants:
        rows = [tuple(variants.draw.exact(n).values()) for n in range(len(variants.draw))]
        assert len(set(rows)) == len(rows)
    keys = [variants.template.sampler(1).key for variants in drawn.variants]
    assert len(set(keys)) == 8


# --- columns -------------------------------------------------------------------------------------


def test_structures_share_the_columns_of_the_answer_sheet(tmp_path: Path) -> None:
    """What a structure does not ask is empty there, and everything else is filled in."""
    exam, manifest = shaped()
    assert [slot.id for slot in manifest.slots] == [
        "q1.what",
        "q1.what_2",
        "q1.derive_dL_d_weight",
        "q1.dL_d_weight",
        "q1.weight_new",
    ]
    for row, place in zip(key_of(exam, manifest), manifest.template_of("q1"), strict=True):
        choice = manifest.choice_of(manifest.questions[0].templates[place])
        assert (row["q1.what_2"] != "") == (choice["what"] == "h, z")
        assert all(row[slot.id] for slot in manifest.slots if slot.id != "q1.what_2")


def test_the_manifest_tells_the_structures(tmp_path: Path) -> None:
    """The text once, what each structure chooses, and what a slot is in each."""
    _, manifest = shaped()
    assert list(manifest.templates) == ["shaped"]
    record = manifest.templates["shaped"]
    assert len(record.structures) == 8
    assert manifest.questions[0].templates[2] == "shaped#3"
    assert manifest.choice_of("shaped#3") == {"activation": "sigmoid", "weight": "v", "what": "h"}
    slots = {slot.id: slot for slot in manifest.slots}
    assert slots["q1.weight_new"].labels == ("u'", "v'")
    assert [form and form.points for form in slots["q1.what"].forms][:2] == [2, 1]
    assert [form is None for form in slots["q1.what_2"].forms] == [True, False] * 4
    worth = (
        manifest.worth(np.arange(COUNT))
        * ~np.isnan(
            np.array([manifest.expected(s.id) for s in manifest.slots if s.kind == "number"]).T
        )[:, [0, 1, 0, 2, 3]]
    )
    np.testing.assert_allclose(worth.sum(axis=1), 5)


def test_the_manifest_is_written_and_read(tmp_path: Path) -> None:
    """With scores and work of every variant; a broken reference is told."""
    manifest = manifest_of(loaded(tmp_path, CHOICE))
    write_manifest(manifest, tmp_path / "m.json")
    assert read_manifest(tmp_path / "m.json") == manifest
    assert {"paths", "digits"} <= set(manifest.fairness["q1"].effort)
    lost = {"shaped": replace(manifest.templates["shaped"], structures=())}
    broken = replace(manifest, templates={**manifest.templates, **lost})
    write_manifest(broken, tmp_path / "m.json")
    with pytest.raises(ExamgenError, match="unknown template 'shaped#1'"):
        read_manifest(tmp_path / "m.json")


def test_a_manifest_of_version_2_is_read(tmp_path: Path) -> None:
    """It has no structures, no fairness, no forms."""
    manifest = manifest_of(loaded(tmp_path, "{use: ./tiny.yaml}"))
    old = replace(manifest, fairness={})
    write_manifest(old, tmp_path / "m.json")
    document = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    content = document["content"]
    del content["fairness"], content["forced"]
    del content["templates"]["tiny"]["structures"]
    for slot in content["questions"][0]["slots"]:
        del slot["forms"]
    from examgen.manifest_file import _canonical, _sha256

    document |= {"version": 2, "sha256": _sha256(_canonical(content))}
    (tmp_path / "m.json").write_text(json.dumps(document), encoding="utf-8")
    assert read_manifest(tmp_path / "m.json") == old


def test_papers_show_the_students_own_structure(tmp_path: Path) -> None:
    """Its symbols in the boxes, its function in the equations."""
    exam = loaded(tmp_path)
    drawn = draw_exam(exam, 12)
    roster = students(12)
    for number, student in enumerate(roster):
        sheet = exam_sheet(exam, drawn, student, number).questions[0]
        choice = drawn[0].of(number)[0].template.choice
        assert any("tanh" in text for text in sheet.equations) == (choice["activation"] == "tanh")
        assert sheet.parts[2].slots[1].label == f"{choice['weight']}'"
        assert f"${choice['weight']}$" in sheet.parts[1].ask


# --- marks ---------------------------------------------------------------------------------------


def marked(
    folder: Path, rows: list[dict[str, str]], manifest: Manifest, **said: SlotChange
) -> Graded:
    """A filled-in sheet, marked; changes by slot, `__` for the dot."""
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    slots = {name.replace("__", "."): change for name, change in said.items()}
    return mark(folder / "answers.csv", manifest, changes=Changes(slots=slots))


def verdicts(graded: Graded, slot: str) -> list[str]:
    """What became of the answers to one slot."""
    place = [one.id for one in graded.manifest.slots].index(slot)
    return [Verdict(one).words for one in graded.marks.verdicts[:, place].tolist()]


@pytest.mark.parametrize("question", ["{use: ./shaped.yaml}", CHOICE])
def test_the_key_gets_full_marks(tmp_path: Path, question: str) -> None:
    """In every structure, and beside another file that a question may be drawn from."""
    exam = loaded(tmp_path, question)
    manifest = manifest_of(exam)
    graded = marked(tmp_path, key_of(exam, manifest), manifest)
    total, possible = totals(graded.marks, manifest)
    np.testing.assert_allclose(total, float(exam.points))
    np.testing.assert_allclose(possible, float(exam.points))
    counts = set(graded.marks.verdicts.ravel().tolist())
    assert counts == {Verdict.RIGHT, Verdict.NOT_ASKED}


def test_an_answer_to_another_structure_is_wrong(tmp_path: Path) -> None:
    """The derivative by u is none by v."""
    exam, manifest = shaped()
    rows = [row | {"q1.derive_dL_d_weight": "dL/dh*sigma'(z)*x"} for row in key_of(exam, manifest)]
    found = verdicts(marked(tmp_path, rows, manifest), "q1.derive_dL_d_weight")
    for verdict, place in zip(found, manifest.template_of("q1"), strict=True):
        choice = manifest.choice_of(manifest.questions[0].templates[place])
        fits = (choice["activation"], choice["weight"]) == ("sigmoid", "u")
        assert (verdict == "right") == fits


def test_errors_are_carried_in_every_structure(tmp_path: Path) -> None:
    """The update follows the student's own derivative; the note names it as the paper does."""
    exam, manifest = shaped()
    rows = key_of(exam, manifest)
    for row, place in zip(rows, range(COUNT), strict=True):
        template = manifest.questions[0].templates[manifest.template_of("q1")[place]]
        weight = manifest.choice_of(template)["weight"]
        own = float(row["q1.dL_d_weight"]) + 1
        row["q1.dL_d_weight"] = f"{own:.4f}"
        row["q1.weight_new"] = f"{manifest.givens('q1', weight)[place] - 0.5 * own:.4f}"
    graded = marked(tmp_path, rows, manifest)
    assert set(verdicts(graded, "q1.weight_new")) == {"follows"}
    notes = {graded.marks.reasons[n].text for n in graded.marks.reason_of[:, 4].tolist()}
    assert notes == {f"follows from the answer to dL/d{w} (q1.dL_d_weight)" for w in "uv"}
    rich = {graded.marks.reasons[n].rich for n in graded.marks.reason_of[:, 4].tolist()}
    assert [any(rf"\partial {w}}}" in text for text in rich) for w in "uv"] == [True, True]


def test_formulas_are_accepted_for_the_structures_named(tmp_path: Path) -> None:
    """Where keys differ, a plain list of formulas would be right for nobody knows whom."""
    exam, manifest = shaped()
    rows = [row | {"q1.derive_dL_d_weight": "dL/dh*x"} for row in key_of(exam, manifest)]
    change = SlotChange(accept={"shaped#1": ["x*dL/dh"]})
    found = verdicts(
        marked(tmp_path, rows, manifest, q1__derive_dL_d_weight=change), "q1.derive_dL_d_weight"
    )
    assert [one == "right" for one in found] == (manifest.template_of("q1") == 0).tolist()
    path = tmp_path / "changes.yaml"
    for accept, message in [
        ("['x']", r"has several forms; say for which: {shaped#1: \[...\]}"),
        ("{'shaped#9': ['x']}", r"has no form 'shaped#9' \(did you mean 'shaped#8'\?\)"),
        ("{'shaped#1': [' ']}", "a formula of 1 to 2000 characters"),
    ]:
        path.write_text(
            f"slots: {{q1.derive_dL_d_weight: {{accept: {accept}}}}}\n", encoding="utf-8"
        )
        with pytest.raises(ExamgenError, match=message):
            read_changes(path, manifest)


def test_changed_points_hold_for_every_structure(tmp_path: Path) -> None:
    """What only some are asked leaves the question's own points alone."""
    _, manifest = shaped()
    slots = {"q1.what": SlotChange(points=Fraction(3)), "q1.what_2": SlotChange(points=Fraction(2))}
    changed = changed_manifest(manifest, Changes(slots=slots))
    np.testing.assert_array_equal(changed.worth(np.arange(COUNT))[:, 0], 3)
    assert changed.questions[0].points == manifest.questions[0].points + 1


def test_texts_with_other_choices_are_told(tmp_path: Path) -> None:
    """The manifest's text must offer what the manifest says that students got."""
    _, manifest = shaped()
    record = manifest.templates["shaped"]
    text = record.text.replace("[sigmoid, tanh]", "[tanh, sigmoid]")
    other = replace(manifest, templates={"shaped": TemplateRecord("", text, record.structures)})
    with pytest.raises(ExamgenError, match=r"shaped#\d: its choices are not those of its text"):
        papers(other, np.arange(COUNT))


def test_the_report_tells_of_forms_and_choices(tmp_path: Path) -> None:
    """A column in several forms says so, and every choice is compared."""
    exam = loaded(tmp_path, CHOICE)
    manifest = manifest_of(exam)
    graded = marked(tmp_path, key_of(exam, manifest), manifest)
    write_report(graded, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("(in 2 forms)") == 3
    titles = [one.title for one in analyse(graded).comparisons]
    assert titles == [
        "Question 1 by template",
        "Question 1 by ‘activation’ of shaped",
        "Question 1 by ‘weight’ of shaped",
        "Question 1 by ‘what’ of shaped",
    ]
    names = [one.names for one in analyse(graded).comparisons]
    assert names[:2] == [("shaped", "tiny"), ("sigmoid", "tanh")]


def test_feedback_names_what_the_paper_named(tmp_path: Path) -> None:
    """Labels, formulas and steps of the student's own structure."""
    exam = loaded(tmp_path)
    manifest = manifest_of(exam, 12)
    rows = key_of(exam, manifest)
    for row in rows:
        row["q1.dL_d_weight"] = row["q1.derive_dL_d_weight"] = ""
    sheets = Sheets(marked(tmp_path, rows, manifest))
    for row in range(12):
        name = manifest.questions[0].templates[manifest.template_of("q1")[row]]
        choice = manifest.choice_of(name)
        (question,) = sheets.of(row).questions
        formula, slope, update = question.answers[-3:]
        assert update.label == f"{choice['weight']}'"
        assert slope.label.endswith(rf"\partial {choice['weight']}}}")
        given = {"u": "x", "v": "y"}[choice["weight"]]
        assert given in formula.expected
        assert question.worked


def test_an_artificial_class_is_marked_rightly(tmp_path: Path) -> None:
    """No honest answer is wrong in any structure."""
    write_exam(tmp_path, ["{use: ./shaped.yaml}"], FILES)
    outcomes = list(simulate(class_of(tmp_path / "exam.yaml", 100), 1))
    assert [one.template for one in outcomes] == [f"shaped#{n}" for n in range(1, 9)]
    assert sum(one.students for one in outcomes) == 100
    assert not any(one.honest_wrong or one.formulas_wrong for one in outcomes)


# --- the command line ----------------------------------------------------------------------------


def test_the_variant_shown_is_that_of_the_student(tmp_path: Path) -> None:
    """What it chooses is told with the key only; a structure may be asked for."""
    path = tmp_path / "shaped.yaml"
    path.write_text(SHAPED, encoding="utf-8")
    prints = [template.fingerprint for template in parse_templates(SHAPED, "s")]
    own = int(structures_of(prints, 3, [5])[0])
    shown = ("--variant", "5", "--seed", "3", "--json")
    data = json.loads(show(path, *shown, "--key"))
    assert data["structure"] == own + 1
    assert "choice" not in json.loads(show(path, *shown))
    assert re.search(r"activation +tanh +chosen", show(path, "--structure", "8", "--key"))
    assert "h: tanh(z)" in show(path, "--structure", "8", "--formulas")
    refused = CliRunner().invoke(app, ["show", str(path), "--structure", "9"]).exception
    assert "there is no structure 9: the file has 8" in str(refused)


def show(path: Path, *options: str) -> str:
    """What `examgen show` prints."""
    return CliRunner().invoke(app, ["show", str(path), *options]).stdout


def test_samples_of_all_structures_share_a_table(tmp_path: Path) -> None:
    """A column for each choice; empty where a structure has no such answer."""
    templates = parse_templates(SHAPED, "s")
    write_samples(templates, 3, COUNT, tmp_path / "s.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "s.csv").read_text(encoding="utf-8"))))
    places = structures_of([one.fingerprint for one in templates], 3, range(COUNT))
    assert [row["choose.what"] for row in rows] == [templates[n].choice["what"] for n in places]
    for number in (0, 7, 31):
        template, row = templates[places[number]], rows[number]
        variants = draw_variants(template, 3, [number])
        assert float(row["x"]) == variants.draw.floats()["x"][0]
        keys = {
            f"key.{s.id}": variants.expected(s)[0] for s in template.slots if s.kind == "number"
        }
        assert {name: float(row[name]) for name in keys} == pytest.approx(keys)
        assert (row["key.what_2"] == "") == ("key.what_2" not in keys)
