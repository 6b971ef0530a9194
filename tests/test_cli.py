"""The command line of examgen: what it prints, how it ends, and that it never shows a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from small_exam import TINY, command, contents, run, write_exam
from typer.testing import CliRunner

from examgen import cli
from examgen.bank import bank_ids, find_template, find_templates
from examgen.drawing import draw_variants
from examgen.numerals import given_tex, given_text
from examgen.template import Template, parse_template
from examgen.typeset import plain
from examgen.variant import fixed_variant

HEAVY = ("numpy", "pyarrow", "reportlab", "pydantic", "rich.progress", "yaml")


class Ended:
    """How a command ended, and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run = Callable[..., Ended]


@pytest.fixture
def examgen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program, run in this process."""

    def call(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["examgen", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        return Ended(int(caught.value.code or 0), printed.out, printed.err)

    return call


# --- start, pipes, exit codes --------------------------------------------------------------------


@pytest.mark.parametrize("program", ["examgen", "grader"])
def test_help_starts_without_heavy_imports(program: str) -> None:
    """What a command needs is imported when it needs it."""
    code = (
        f"import sys; sys.argv = ['{program}', '--help']\n"
        f"from {program}.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n"
        f"    print([name for name in {HEAVY} if name in sys.modules], end.code, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr.strip() == "[] 0"
    assert "Usage" in done.stdout


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    """`examgen list | head -1`: no traceback when the pipe is closed."""
    for arguments in (["list"], ["show", "mlp-2-2-2", "--key"], ["schema"]):
        read, write = os.pipe()
        os.close(read)
        process = subprocess.Popen(command("examgen", *arguments), stdout=write, stderr=-1)
        os.close(write)
        _, err = process.communicate(timeout=120)
        assert b"Traceback" not in err
        assert b"BrokenPipe" not in err


def test_a_pipe_gets_no_escape_codes(tmp_path: Path) -> None:
    """Neither colours nor a progress bar where nobody looks."""
    exam = write_exam(tmp_path)
    for arguments in (
        ["show", "mlp-2-2-2", "--key"],
        ["build", exam, "--versions", "2", "-o", tmp_path / "out", "--jobs", "1"],
    ):
        done = run("examgen", *arguments, FORCE_COLOR="", TERM="xterm-256color")
        assert done.returncode == 0
        assert "\x1b" not in done.stdout + done.stderr
        assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "Usage"),
        (["nonsense"], 2, "No such command"),
        (["show"], 2, "Missing argument"),
        (["show", "mlp-2-2"], 1, "did you mean 'mlp-2-2-2'?"),
        (["show", "nowhere.yaml"], 1, "no such file"),
        (["show", "."], 1, "no question"),
        (["show", "./"], 1, "folder"),
        (["show", "/dev/null/x.yaml"], 1, "cannot be read"),
        (["show", "a\0b.yaml"], 1, "cannot be read"),
        (["show", "mlp-2-2-2", "--variant", "-1"], 2, "--variant"),
        (["show", "mlp-2-2-2", "--variant", "999999999999"], 1, "room for"),
        (["show", "mlp-2-2-2", "--variant", "9" * 30], 2, "--variant"),
        (["show", "mlp-2-2-2", "--variant", str(2**63 - 1)], 1, "room for"),
        (["show", "mlp-2-2-2", "--seed", "-1"], 2, "--seed"),
        (["show", "mlp-2-2-2", "--seed", "1e3"], 2, "--seed"),
        (["show", "mlp-2-2-2", "--language", "fr"], 2, "--language"),
        (["show", "mlp-2-2-2", "--given", ""], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1"], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1="], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "=1"], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1=one"], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1=nan"], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1=1/0"], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1=1e999999999"], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1=1,,i2=1"], 1, "expected a name = number"),
        (["show", "mlp-2-2-2", "--given", "i1=1,i1=2"], 1, "twice"),
        (["show", "mlp-2-2-2", "--given", "i3=1"], 1, "'i3' is no given"),
        (["show", "mlp-2-2-2", "--given", "h1=1"], 1, "'h1' is no given"),
        (["show", "mlp-2-2-2", "--given", "i1=1", "--published"], 2, "either"),
        (["sample", "mlp-2-2-2"], 2, "--out"),
        (["sample", "mlp-2-2-2", "-o", "x.txt"], 1, ".csv or .parquet"),
        (["sample", "mlp-2-2-2", "-o", "nowhere/x.csv"], 1, "cannot be written"),
        (["sample", "mlp-2-2-2", "-o", "x.csv", "--variants", "0"], 2, "--variants"),
        (["sample", "nothing", "-o", "x.csv"], 1, "no question"),
        (["build", "nowhere.yaml", "--versions", "1", "-o", "out"], 1, "no such file"),
        (["build", ".", "--versions", "1", "-o", "out"], 1, "folder"),
        (["build", "exam.yaml", "-o", "out"], 2, "either --roster or --versions"),
        (["build", "exam.yaml", "--versions", "0", "-o", "out"], 2, "--versions"),
        (["build", "exam.yaml", "--versions", "1", "--jobs", "0", "-o", "out"], 2, "--jobs"),
        (["build", "exam.yaml", "--roster", "nowhere.csv", "-o", "out"], 1, "no such file"),
        (["build", "exam.yaml", "--roster", "exam.yaml", "-o", "out"], 1, "student"),
        (["check"], 2, "Missing argument"),
        (["check", "nothing"], 1, "no question"),
    ],
)
def test_wrong_input_ends_in_words(
    examgen: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    """Exit code 1 for bad data, 2 for bad usage; one message, no traceback, nothing written."""
    monkeypatch.chdir(tmp_path)
    write_exam(tmp_path)
    before = contents(tmp_path)
    ended = examgen(*arguments)
    assert ended.code == code
    words = " ".join(re.sub("[│╭╮╰╯─]", " ", ended.err + ended.out).split())
    assert message in words
    assert "Traceback" not in words
    assert contents(tmp_path) == before


# --- list and show -------------------------------------------------------------------------------


def test_list_names_every_question(examgen: Run) -> None:
    """A line each, with its points and title."""
    ended = examgen("list")
    lines = ended.out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == bank_ids()
    assert ended.code == 0


@pytest.mark.parametrize("name", bank_ids())
@pytest.mark.parametrize("language", ["en", "de"])
def test_show_tells_the_whole_question(examgen: Run, name: str, language: str) -> None:
    """Stem, equations, givens and every part, without a trace of TeX."""
    ended = examgen("show", name, "--language", language, "--structure", "1")
    template = find_template(name)
    assert ended.code == 0
    for part in template.parts:
        assert f"({part.label})" in ended.out
    for mark in ("$", "\\", "{", "}"):
        assert mark not in ended.out
    for value in draw_variants(template, 0, [0]).draw.exact(0).values():
        assert plain(given_tex(given_text(value))) in ended.out


def rows_of(text: str) -> dict[str, tuple[str, ...]]:
    """The table of quantities: name, value, formula."""
    found = {}
    for line in text.splitlines():
        cells = re.split(r"\s{2,}", line.strip(), maxsplit=2)
        if line.startswith("  ") and len(cells) > 1:
            found[cells[0]] = tuple(cells[1:])
    return found


def test_show_key_has_every_quantity(examgen: Run) -> None:
    """Values, gradients in both senses, contributions of steps, and updates."""
    rows = rows_of(examgen("show", "elman-relu", "--key").out)
    names = ["a[1]", "yhat[2]", "L", "dL/dh[1]", "message(h[1])", "dL/dw_hh[2]", "dL/dw_hh"]
    for name in [*names, "w_hh'", "dL/dx[1]"]:
        assert name in rows
    values = draw_variants(find_template("elman-relu"), 0, [0]).quantities(0)
    for name in ("a[1]", "dL/dh[1]", "dL/dw_hh", "w_hh'"):
        assert Fraction(rows[name][0].lstrip("~")) == pytest.approx(values[name])
    assert rows["a[1]"][1] == "x[1]*w_xh + h_0*w_hh"


def test_show_json_has_numbers(examgen: Run) -> None:
    """Givens, values and key as numbers, by the names of quantities and slots."""
    ended = examgen("show", "elman-relu", "--json", "--key", "--given", "x[1]=-0.5,h_0=1/4")
    data = json.loads(ended.out)
    assert data["given"]["x[1]"] == -0.5
    assert data["given"]["h_0"] == 0.25
    assert data["values"]["a[1]"] == pytest.approx(
        -0.5 * data["given"]["w_xh"] + 0.25 * data["given"]["w_hh"]
    )
    template = find_template("elman-relu")
    assert list(data["key"]) == [slot.id for slot in template.slots if slot.kind == "number"]
    assert {type(v) for part in ("given", "values", "key") for v in data[part].values()} <= {
        int,
        float,
    }
    assert "key" not in json.loads(examgen("show", "elman-relu", "--json").out)
    assert "values" not in json.loads(examgen("show", "elman-relu", "--json").out)


def test_given_keeps_what_else_was_drawn(examgen: Run) -> None:
    """The author's numbers replace some; the others are those of the variant."""
    arguments = ["show", "mlp-2-2-2", "--json", "--variant", "7", "--seed", "3"]
    drawn = json.loads(examgen(*arguments).out)["given"]
    mine = json.loads(examgen(*arguments, "--given", " i1 = 17 , b1=-1/3").out)["given"]
    assert mine.pop("i1") == 17
    assert mine.pop("b1") == pytest.approx(-1 / 3)
    assert mine == {name: value for name, value in drawn.items() if name not in ("i1", "b1")}


@pytest.mark.parametrize("name", bank_ids())
def test_published_shows_the_sources_numbers(examgen: Run, name: str) -> None:
    """The published instance with its right answers, or that there is none."""
    ended = examgen("show", name, "--published", "--json", "--key")
    instances = [one for t in find_templates(name) for one in t.file.instances]
    if not instances:
        assert ended.code == 1
        assert "no published numbers" in ended.err
        return
    data = json.loads(ended.out)
    for given, value in instances[0].given.items():
        assert data["given"][given] == pytest.approx(float(value))
    for answer, printed in instances[0].answers.items():
        decimals = len(printed.partition(".")[2])
        assert data["values"][answer] == pytest.approx(float(printed), abs=0.5001 * 10**-decimals)


def written_again(template: Template, lines: list[str]) -> Template:
    """A template of plain formulas made of what `show --formulas` prints."""
    graph: dict[str, object] = {
        "topology": "formulas",
        "formulas": yaml.safe_load("\n".join(lines)),
        "loss": template.quantities.loss,
    }
    spans = re.findall(r"(\w+) = 1\.\.(\d+)", lines[0]) if lines[0].startswith("#") else []
    graph["index"] = {variable: int(last) for variable, last in spans}
    graph["learning_rate"] = template.file.graph.learning_rate
    graph["derived"] = dict(template.file.graph.derived)
    grids = dict.fromkeys(template.grids, 1)
    part = {"ask": "Compute.", "answers": [template.quantities.loss], "points": 1}
    document = {"id": "again", "title": "T", "graph": graph, "sample": grids, "parts": [part]}
    return parse_template(yaml.safe_dump(document, sort_keys=False), "again.yaml")


@pytest.mark.parametrize("name", bank_ids())
def test_formulas_read_back_as_the_same_graph(examgen: Run, name: str) -> None:
    """What --formulas prints is a graph of plain formulas with the same values and gradients."""
    lines = examgen("show", name, "--formulas", "--structure", "1").out.splitlines()
    template = find_template(name)
    again = written_again(template, lines)
    drawn = draw_variants(template, 5, [3])
    values = drawn.quantities(0)
    same = fixed_variant(again, drawn.draw.exact(0)).quantities(0)
    common = [n for n in values if n in same]
    assert set(template.quantities.adjoints) <= set(common)
    assert set(template.quantities.updates) <= set(common)
    for quantity in common:
        assert same[quantity] == pytest.approx(values[quantity], rel=1e-12, abs=1e-12)


# --- the rest ------------------------------------------------------------------------------------


def test_sample_writes_and_says_so(examgen: Run, tmp_path: Path) -> None:
    """A row a variant, below the header."""
    ended = examgen("sample", "elman-relu", "--variants", "7", "-o", tmp_path / "x.csv")
    assert ended.code == 0
    assert len((tmp_path / "x.csv").read_text().splitlines()) == 8
    assert "7 variants" in ended.out


def test_build_says_where_things_are(examgen: Run, tmp_path: Path) -> None:
    """And that a second run wrote nothing."""
    exam = write_exam(tmp_path)
    (tmp_path / "r.csv").write_text("student,name\n007,Ada\n", encoding="utf-8")
    arguments = ["build", exam, "--roster", tmp_path / "r.csv", "-o", tmp_path / "out"]
    ended = examgen(*arguments, "--jobs", "1")
    assert ended.code == 0
    for line in ended.out.splitlines()[1:-1]:
        assert Path(line.split()[-1]).exists()
    assert (tmp_path / "out/students/007.pdf").exists()
    assert "0 files written" in examgen(*arguments).out


def test_build_refuses_changed_inputs_with_one_sentence(examgen: Run, tmp_path: Path) -> None:
    """Exit code 1, and --replace goes on."""
    arguments = ["build", write_exam(tmp_path), "--versions", "1", "-o", tmp_path / "out"]
    assert examgen(*arguments).code == 0
    write_exam(tmp_path, title="Changed")
    ended = examgen(*arguments)
    assert ended.code == 1
    assert "--replace" in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert examgen(*arguments, "--replace").code == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk_is_told_in_words(tmp_path: Path, jobs: str) -> None:
    """No traceback, no torn file, no manifest: files may not grow beyond 6 kB here."""
    exam, out = write_exam(tmp_path), tmp_path / "out"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000)); "
    line = command("examgen", "build", exam, "--versions", "2", "-o", out, "--jobs", jobs)
    line[2] = limit + line[2]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert done.stderr.strip() == "cannot be written: File too large"
    assert {path.name for path in out.rglob("*") if path.is_file()} == {
        "answers.csv",
        "key.csv",
        "exam-id.txt",
    }


@pytest.mark.parametrize(
    "ids", ["a,A", "é,e\u0301", "x" * 300, "=1+1", "  ", "#REF!", "1.0E+05", "a\u200b"]
)
def test_hostile_rosters_are_refused(examgen: Run, tmp_path: Path, ids: str) -> None:
    """Ids that share a file, are too long, or were ruined by a spreadsheet; nothing is written."""
    roster = tmp_path / "r.csv"
    roster.write_text("student,name\n" + "".join(f"{i},N\n" for i in ids.split(",")), "utf-8")
    arguments = ["build", write_exam(tmp_path), "--roster", roster, "-o", tmp_path / "out"]
    ended = examgen(*arguments, "--jobs", "1")
    assert ended.code == 1
    assert ended.err.startswith(str(roster))
    assert not (tmp_path / "out").exists()


def test_check_tells_of_each_file_and_fails_if_one_does(examgen: Run, tmp_path: Path) -> None:
    """The files after a faulty one are still checked; the last line says all."""
    wrong = "published: {source: s, given: {x: 1, w: 1, b: 1, y: 0}, answers: {z: '3'}}\n"
    (tmp_path / "a.yaml").write_text(TINY + wrong, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(TINY.replace("id: tiny", "id: last"), encoding="utf-8")
    ended = examgen("check", "--quick", *(tmp_path / f"{name}.yaml" for name in "abc"))
    assert ended.code == 1
    failed = [line for line in ended.out.splitlines() if line.startswith("  FAIL")]
    assert len(failed) == 2
    assert "printed 3, computed 2" in ended.out
    assert "b.yaml" in ended.out
    last = ended.out.rstrip().splitlines()[-1]
    assert last.startswith("FAIL: tiny (published z), ")
    assert examgen("check", "--quick", tmp_path / "c.yaml").code == 0


def test_check_writes_a_page_and_data(examgen: Run, tmp_path: Path) -> None:
    """Beside what it prints; - is data alone on the terminal."""
    (tmp_path / "a.yaml").write_text(TINY, encoding="utf-8")
    arguments = ["check", tmp_path / "a.yaml", "--variants", "100"]
    page, data = tmp_path / "a.html", tmp_path / "a.json"
    ended = examgen(*arguments, "--html", page, "--json", data)
    assert ended.out.rstrip().splitlines()[-1].startswith("PASS: ")
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    alone = examgen(*arguments, "--json", "-")
    assert alone.out == data.read_text(encoding="utf-8")
    assert json.loads(alone.out)["reports"][0]["variants"] == 100


def test_an_exam_that_fails_its_check_is_printed_for_a_reason_only(
    examgen: Run, tmp_path: Path
) -> None:
    """Without one nothing is written; with one the manifest tells it."""
    blunt = TINY.replace("answers: dL/dw, w'", "answers: dL/dw, w'\n    tolerance: 9000")
    exam = write_exam(tmp_path, templates={"tiny.yaml": blunt})
    arguments = ["build", exam, "--versions", "2", "-o", tmp_path / "out"]
    ended = examgen(*arguments)
    assert ended.code == 1
    assert "q1: tiny: detected" in ended.err
    assert "--force REASON" in ended.err
    assert not (tmp_path / "out").exists()
    assert examgen(*arguments, "--force", " ").code == 1
    assert examgen(*arguments, "--force", "x" * 301).code == 1
    assert examgen(*arguments, "--force", "shown in the lecture").code == 0
    manifest = json.loads((tmp_path / "out/instructor/manifest.json").read_text(encoding="utf-8"))
    assert "shown in the lecture" in json.dumps(manifest)


def test_an_exam_that_passes_needs_no_reason(examgen: Run, tmp_path: Path) -> None:
    """One that is given all the same is not recorded; the spread of effort is told in one line."""
    arguments = ["build", write_exam(tmp_path), "--versions", "2", "-o", tmp_path / "out"]
    ended = examgen(*arguments, "--force", "in vain")
    assert ended.code == 0
    assert ended.out.splitlines()[-1].startswith("effort:       q1: tiny: paths ")
    assert "in vain" not in (tmp_path / "out/instructor/manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["schema"], ["schema", "--exam"]])
def test_a_schema_is_printed_or_written(examgen: Run, tmp_path: Path, arguments: list[str]) -> None:
    """The same either way."""
    printed = examgen(*arguments).out
    assert json.loads(printed)["$schema"].startswith("https://json-schema.org/")
    path = tmp_path / "schema.json"
    assert examgen(*arguments, "-o", path).out == ""
    assert path.read_text(encoding="utf-8") == printed


def test_a_seed_that_can_be_guessed_is_noted(tmp_path: Path) -> None:
    """A short seed builds, with a note; a long one without."""
    for seed, noted in ((7, True), (8113470256190437, False)):
        exam = tmp_path / f"{seed}.yaml"
        exam.write_text(f"title: T\nseed: {seed}\nquestions:\n  - use: residual-two-sigmoids\n")
        arguments = ["build", str(exam), "--versions", "1", "-o", str(tmp_path / str(seed))]
        result = CliRunner().invoke(cli.app, [*arguments, "--jobs", "1"])
        assert result.exit_code == 0
        assert ("can be guessed" in result.stderr) is noted


def test_columns_and_texts_that_are_not_used_are_noted(examgen: Run, tmp_path: Path) -> None:
    """A misspelt column would give a student small print; a German paper would be half English."""
    exam, roster = write_exam(tmp_path, language="de"), tmp_path / "r.csv"
    roster.write_text("student,name,Large Print,sead\n1,Ada,yes,4\n", encoding="utf-8")
    ended = examgen("build", exam, "--roster", roster, "-o", tmp_path / "out", "--jobs", "1")
    assert ended.code == 0
    assert ended.err.splitlines() == [
        f"note: {roster}: columns not used: 'Large Print' (did you mean 'large'?), 'sead' (did you "
        "mean 'seat'?)",
        f"note: {exam}: not all in German: q1 (tiny)",
    ]


def test_show_names_the_place_of_what_cannot_be_set(
    examgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the file, not by the question's id."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s1.yaml").write_text(TINY.replace("Look at $z$", "Look at $\\foo$"), "utf-8")
    ended = examgen("show", "s1.yaml")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("s1.yaml:3: stem: unknown command '\\foo'")
