"""Tests of the words in which a form says what does not fit: the author's, not the library's."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from examgen.errors import ExamgenError
from examgen.strict_yaml import read
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
        ("open: 1.50\n", "1: open: expected true or false, found '1.5'"),
        ("name: true\n", "1: name: expected text, found 'true'"),
        ("name: 100.0\n", "1: name: expected text, found '100'"),
        ("name: 1e-3\n", "1: name: expected text, found '0.001'"),
        ("from: 10\n", "1: from: expected less than or equal to 9, found '10'"),
        (f"open: {50 * 'x'}\n", f"1: open: expected true or false, found '{39 * 'x'}…'"),
    ],
)
def test_what_was_found_stands_there_as_it_was_written(
    tmp_path: Path, text: str, expected: str
) -> None:
    """Decimals are no fractions, truth is written small, and the fields are the form's own."""
    assert problems(tmp_path, text) == [expected]
