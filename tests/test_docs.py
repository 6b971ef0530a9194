"""What the documents show is what happens."""

from __future__ import annotations

import contextlib
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examgen.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks of a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, f"no {language} blocks"
    return found


@pytest.mark.parametrize("block", blocks(README, "text"))
def test_readme_shows_the_real_output(block: str) -> None:
    """A block that begins with `$ command` goes on with what the command prints."""
    first, _, shown = block.partition("\n")
    program, *arguments = shlex.split(first.removeprefix("$ "))
    assert program == "examgen"
    printed = CliRunner().invoke(app, arguments).stdout
    assert printed == shown, f"README.md is out of date; `{first[2:]}` prints:\n{printed}"


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every command of the quickstart but the installation has run."""
    from grader.cli import app as grader

    folder = tmp_path_factory.mktemp("quickstart")
    (folder / "samples").symlink_to(ROOT / "samples")
    lines = blocks(README, "sh")[1].splitlines()[1:]
    assert len(lines) == 4
    with contextlib.chdir(folder):
        for line in lines:
            program, *arguments = shlex.split(line)
            result = CliRunner().invoke(grader if program == "grader" else app, arguments)
            assert result.exit_code == 0, result.output
    return folder


def test_readme_quickstart_runs(quickstart: Path) -> None:
    """Every command succeeds as it stands, and the last one writes the grades."""
    assert (quickstart / "graded" / "grades.csv").exists()


def test_the_page_of_misconceptions_is_what_the_table_says() -> None:
    """Every mistake by its id and name, with its own sentence."""
    made = runpy.run_path(str(ROOT / "docs" / "make_misconceptions.py"))["page"]()
    assert made == (ROOT / "docs" / "misconceptions.md").read_text(encoding="utf-8"), (
        "out of date: python docs/make_misconceptions.py > docs/misconceptions.md"
    )
    numbers = re.findall(r"^\| MC(\d\d) \|", made, re.MULTILINE)
    assert sorted(map(int, numbers)) == list(range(1, 60))


def test_sample_answers_belong_to_the_sample_exam(quickstart: Path, tmp_path: Path) -> None:
    """samples/answers.csv is what its script makes of today's key."""
    script = str(ROOT / "samples" / "make_answers.py")
    out = tmp_path / "answers.csv"
    command = [sys.executable, script, str(quickstart / "out/instructor"), str(out)]
    subprocess.run(command, check=True)
    assert out.read_bytes() == (ROOT / "samples/answers.csv").read_bytes(), (
        "samples/answers.csv is out of date; samples/make_answers.py says how to make it anew"
    )
