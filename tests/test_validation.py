"""Tests of the words in which a form says what does not fit: the author's, not the library's."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from examgen.errors import ExamgenError
from examgen.exam_file import ExamFile
from examgen.strict_yaml import load, read
from examgen.template_file import TemplateFile
from examgen.validation import validated


class Shelf(BaseModel):
    """A small form."""

    model_config = ConfigDict(strict=True)

    start: int = Field(1, alias="from", le=9)
    open: bool = True
    name: str = ""


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a text as a shelf, without its file."""
    path = folder / "shelf.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExamgenError) as caught:
        validated(Shelf, read(path))
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", "1: expected fields such as `from:` and `open:`"),
        ("open: perhaps\n", "1: open: expected true or false, found 'perhaps'"),
        ("open: 1.50\n", "1: open: expected true or false, found 1.5"),
        ("name: true\n", "1: name: expected text, found 'true'"),
        ("name: 100.0\n", "1: name: found the number 100, expected text; put it in quotes"),
        ("name: 1e-3\n", "1: name: found the number 0.001, expected text; put it in quotes"),
        ("from: 10\n", "1: from: expected less than or equal to 9, found 10"),
        (f"open: {50 * 'x'}\n", f"1: open: expected true or false, found '{39 * 'x'}…'"),
    ],
)
def test_what_was_found_stands_there_as_it_was_written(
    tmp_path: Path, text: str, expected: str
) -> None:
    """Decimals are no fractions, truth is written small, and the fields are the form's own."""
    assert problems(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("working_space: lines", "working_space: expected fields such as {kind: lines, height: 5}, "
         "found 'lines'"),
        ("working_space: 3", "working_space: expected fields such as {kind: blank, height: 5}, "
         "found 3"),
        ("marking: no", "marking: expected fields such as {follow_through: 1, penalty: 0}, "
         "found 'no'"),
        ("duration: 60", "duration: found the number 60, expected text; put it in quotes"),
    ],
)  # fmt: skip
def test_what_was_expected_can_be_copied(text: str, expected: str) -> None:
    """Fields stand there as they would be written, with the word that was found among them."""
    exam = f"title: T\nseed: 1\nquestions: [{{use: mlp-2-2-2}}]\n{text}\n"
    with pytest.raises(ExamgenError) as caught:
        validated(ExamFile, load(exam, "e.yaml"))
    assert str(caught.value) == f"e.yaml:4: {expected}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("graph:", "graph: lstm", "graph: expected fields such as {topology: formulas, ...}, "
         "found 'lstm'"),
        ("parts:", "parts: [a]", "parts[0]: expected fields such as {ask: ..., answers: ...}, "
         "found 'a'"),
    ],
)  # fmt: skip
def test_fields_without_usual_values_are_named(old: str, new: str, expected: str) -> None:
    """And those that differ from topology to topology are the topology."""
    form = {"id": "a", "title": "b", "graph": "{topology: formulas, formulas: {z: x}, loss: z}"}
    form |= {"sample": "{x: 1}", "parts": "[{ask: a, answers: z, points: 1}]"}
    text = "".join(f"{key}: {value}\n" for key, value in form.items() if f"{key}:" != old)
    with pytest.raises(ExamgenError) as caught:
        validated(TemplateFile, load(f"{text}{new}\n", "t.yaml"))
    assert str(caught.value) == f"t.yaml:5: {expected}"
