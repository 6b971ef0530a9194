"""The graph behind each paper: the manifest's own texts, and the numbers each student was given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_exam import OTHER, TINY, students, write_exam

from examgen.answer_key import make_manifest
from examgen.errors import ExamgenError
from examgen.exam import draw_exam, load_exam
from examgen.graph import evaluate
from examgen.manifest import Manifest, TemplateRecord
from grader.marking.papers import papers

CHOICE = "{choose: '1 of [./tiny.yaml, ./other.yaml]', id: pick}"
COUNT = 40


def manifest_of(folder: Path, questions: list[str] | None = None) -> Manifest:
    """The manifest of a small exam for a class."""
    exam = load_exam(write_exam(folder, questions))
    return make_manifest(exam, draw_exam(exam, COUNT), students(COUNT))


def with_text(manifest: Manifest, name: str, text: str) -> Manifest:
    """The manifest with another text of a template."""
    return replace(manifest, templates={**manifest.templates, name: TemplateRecord("", text)})


def test_the_graph_makes_the_key(tmp_path: Path) -> None:
    """Every number of the key follows from template and givens, at its place among the slots."""
    manifest = manifest_of(tmp_path, ["{use: ./tiny.yaml}", CHOICE])
    chosen = np.array([3, 1, 17, 30])
    found = papers(manifest, chosen)
    assert [paper.question for paper in found] == [0, 1, 1]
    for paper in found:
        for place, slot in zip(paper.columns, paper.template.slots, strict=True):
            listed = manifest.slots[place]
            assert (listed.quantity, listed.kind) == (slot.quantity, slot.kind)
            if slot.kind == "number":
                (values,) = evaluate([paper.template.node(slot)], paper.givens)
                key = manifest.expected(listed.id)[chosen[paper.rows]]
                np.testing.assert_allclose(values, key)


def test_every_answer_is_on_one_paper(tmp_path: Path) -> None:
    """What is asked of a student is covered once, and nothing else."""
    manifest = manifest_of(tmp_path, [CHOICE, "{use: ./tiny.yaml}"])
    covered = np.zeros((COUNT, len(manifest.slots)), int)
    for paper in papers(manifest, np.arange(COUNT)):
        covered[np.ix_(paper.rows, paper.columns)] += 1
    for place, slot in enumerate(manifest.slots):
        if slot.kind == "number":
            asked = ~np.isnan(manifest.expected(slot.id))
            np.testing.assert_array_equal(covered[:, place], asked)


def test_templates_that_nobody_got_are_left_out(tmp_path: Path) -> None:
    """One student has one template of two; nobody has none."""
    manifest = manifest_of(tmp_path, [CHOICE])
    (only,) = papers(manifest, np.array([0]))
    assert only.template.id == ("tiny", "other")[int(manifest.template_of("pick")[0])]
    assert papers(manifest, np.array([], dtype=np.int64)) == ()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("answers: z", "answers: L", r"found q1\.z .*, expected q1\.L \(a number: L\)"),
        ("answers: z\n", "answers: z, L\n", "expected q1.L"),
        ("dL/dw, w'\n    points: [1, 0.5]", "dL/dw\n    points: 1", "expected no more slots"),
    ],
)
def test_slots_that_do_not_fit_are_told(tmp_path: Path, old: str, new: str, found: str) -> None:
    """With the question, what stands there and what should."""
    manifest = with_text(manifest_of(tmp_path), "tiny", TINY.replace(old, new))
    with pytest.raises(ExamgenError, match=f"q1: its slots do not fit its templates: .*{found}"):
        papers(manifest, np.arange(3))


def test_a_given_that_is_missing_is_told(tmp_path: Path) -> None:
    """A template that prints a number of which the manifest has none."""
    text = TINY.replace("w*x + b", "w*x + b + c").replace("  y: {", "  c: 1\n  y: {")
    with pytest.raises(ExamgenError, match=r"given\.q1: no numbers for 'c', which tiny prints"):
        papers(with_text(manifest_of(tmp_path), "tiny", text), np.arange(3))
    manifest = manifest_of(tmp_path)
    gap = {**manifest.given["q1"], "x": " ".join(["nan"] * COUNT)}
    with pytest.raises(ExamgenError, match="no numbers for 'x'"):
        papers(replace(manifest, given={"q1": gap}), np.arange(3))


def test_a_faulty_text_is_told_with_its_place(tmp_path: Path) -> None:
    """As in a template file."""
    text = OTHER.replace("z: w*x - b", "z: w*x - sigmoyd(b)")
    with pytest.raises(ExamgenError, match=r"other:7: .*sigmoyd"):
        papers(with_text(manifest_of(tmp_path, [CHOICE]), "other", text), np.arange(3))
