"""Tables that are whole or not there, and folders of them: grader/tables.py."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pytest

from examgen.errors import ExamgenError
from grader.tables import guard, keep_inputs, staged

REPLACED = ("grades.csv", "report.html", "feedback")


def write(folder: Path, **texts: str) -> None:
    """Write an earlier or a new run: `grades` is grades.csv, `feedback` a page in a folder."""
    for name, text in texts.items():
        path = folder / {"feedback": "feedback/a.html", "report": "report.html"}.get(
            name, f"{name}.csv"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def content(folder: Path) -> dict[str, str]:
    """All files of a folder, hidden ones too."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_run_replaces_all_of_the_earlier_one(tmp_path: Path) -> None:
    """What the new run does not write goes, and files that are not the grader's stay."""
    write(tmp_path, grades="old", report="old", feedback="old", mine="mine")
    with staged(tmp_path, REPLACED) as stage:
        write(stage, grades="new", feedback="new")
    assert content(tmp_path) == {"grades.csv": "new", "feedback/a.html": "new", "mine.csv": "mine"}


def test_what_people_got_is_read_by_the_owner_alone(tmp_path: Path) -> None:
    """Also files in folders, and the folder itself where it is a new one."""
    out = tmp_path / "out"
    with staged(out, REPLACED) as stage:
        write(stage, grades="new", feedback="new")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [out, *out.rglob("*")]}
    assert modes == {"out": 0o700, "grades.csv": 0o600, "feedback": 0o700, "a.html": 0o600}


@pytest.mark.parametrize("error", [ExamgenError("no"), KeyboardInterrupt(), OSError("no")])
def test_a_run_that_fails_leaves_the_earlier_one(tmp_path: Path, error: BaseException) -> None:
    """Whole, and nothing beside it."""
    write(tmp_path, grades="old", report="old", feedback="old")
    before = content(tmp_path)
    expected = ExamgenError if isinstance(error, OSError) else type(error)

    def run() -> None:
        with staged(tmp_path, REPLACED) as stage:
            write(stage, grades="new")
            raise error

    with pytest.raises(expected):
        run()
    assert content(tmp_path) == before


@pytest.mark.parametrize("refused", range(5))
def test_files_that_cannot_be_moved_leave_the_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    """Whichever of the five moves is refused, as Windows refuses to move what is open in Excel."""
    write(tmp_path, grades="old", report="old", feedback="old")
    before, moves, replace = content(tmp_path), [], Path.replace

    def reluctant(path: Path, target: Path) -> Path:
        moves.append(path)
        if len(moves) == refused + 1:
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    def run() -> None:
        with staged(tmp_path, REPLACED) as new:
            write(new, grades="new", feedback="new")
            monkeypatch.setattr(Path, "replace", reluctant)

    with pytest.raises(ExamgenError, match="cannot be written"):
        run()
    assert content(tmp_path) == before


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from grader.tables import staged
    folder, moves, replace = Path(sys.argv[1]), int(sys.argv[2]), Path.replace

    def deadly(path, target):
        global moves
        if not (moves := moves - 1) + 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return replace(path, target)

    Path.replace = deadly
    with staged(folder, ("grades.csv", "report.html", "feedback")) as stage:
        (stage / "grades.csv").write_text("killed")
        (stage / "feedback").mkdir()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has neither this nor locks")
@pytest.mark.parametrize("moves", range(5))
def test_what_a_killed_run_left_is_tidied_up_by_the_next(tmp_path: Path, moves: int) -> None:
    """The earlier run stands there again, even where the next one fails at once."""
    write(tmp_path, grades="old", report="old", feedback="old")
    before = content(tmp_path)
    script = textwrap.dedent(KILLED)
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path), str(moves)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert any(path.name.startswith(".grading-") for path in tmp_path.iterdir())
    with pytest.raises(KeyError), staged(tmp_path, REPLACED):
        raise KeyError
    assert content(tmp_path) == before


def test_a_run_that_goes_on_is_not_tidied_up(tmp_path: Path) -> None:
    """Of two at a time each writes all of its files; the last word counts."""
    with staged(tmp_path, REPLACED) as first:
        with staged(tmp_path, REPLACED) as second:
            write(first, grades="first")
            write(second, grades="second", report="second")
        assert content(tmp_path)["report.html"] == "second"
    assert content(tmp_path) == {"grades.csv": "first"}


def test_a_file_is_no_folder_to_write_to(tmp_path: Path) -> None:
    """One sentence that names it."""
    (tmp_path / "out").write_text("")
    with (
        pytest.raises(ExamgenError, match="out: cannot be written: "),
        staged(tmp_path / "out", ()),
    ):
        raise AssertionError


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("-0.159", "-0.159"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t'=1"),
        ("x;=1+1", "x;'=1+1"),
        ('x; "=1+1"', 'x; "\'=1+1"'),
        ("a\n@SUM(1)", "a\n'@SUM(1)"),
        ("00012;-4,5;+3;-1e-3", "00012;-4,5;+3;-1e-3"),
        ("00012;-4,5;-3+cmd|' /C x'!A0", "00012;-4,5;'-3+cmd|' /C x'!A0"),
        ("a=b;c=d", "a=b;c=d"),
    ],
)
def test_no_spreadsheet_runs_what_a_student_wrote(text: str, guarded: str) -> None:
    """Nor one that cuts cells at semicolons, to which a quote inside a cell says nothing."""
    assert guard(pa.array(["1", text, ""])).to_pylist() == ["1", guarded, ""]


def test_what_is_read_is_not_replaced(tmp_path: Path) -> None:
    """Answers that are called as the marks are, and an export within a folder of an earlier run."""
    inputs = [tmp_path / "x/../grades.csv", tmp_path / "feedback/a.csv", tmp_path / "b.csv", None]
    with pytest.raises(ExamgenError) as caught:
        keep_inputs(tmp_path, REPLACED, inputs)
    assert [problem.file for problem in caught.value.problems] == list(map(str, inputs[:2]))
    keep_inputs(tmp_path / "out", REPLACED, inputs)
