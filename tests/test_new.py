"""`examgen new`: questions to begin with, one a topology and language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from examgen.check import check
from examgen.check.findings import Verdict
from examgen.cli import app
from examgen.cli.questions import Kind
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.starters import LONGEST_ID, starter, topologies, write_starter
from examgen.strict_yaml import load
from examgen.template import parse_template, parse_templates
from examgen.template_file import TemplateFile
from examgen.text import Language
from examgen.topology import Topology

LANGUAGES: tuple[Language, ...] = get_args(Language)
ALL = [(topology, language) for topology in topologies() for language in LANGUAGES]
_TEXTS = {"title", "stem", "conventions", "ask", "hint", "feedback"}


def test_there_is_a_question_for_every_topology() -> None:
    """A topology that is added needs one, too."""
    specs = get_args(get_args(Topology)[0])
    assert topologies() == sorted(get_args(Kind))
    assert topologies() == sorted(get_args(s.model_fields["topology"].annotation)[0] for s in specs)


@pytest.mark.parametrize(("topology", "language"), ALL)
def test_every_question_draws_and_shows_what_authors_need(
    topology: str, language: Language
) -> None:
    """It draws, and has conditions, conventions, hints, feedback and both kinds of answers."""
    template = parse_template(starter("my-own", topology, language), "my-own.yaml")
    variants = draw_variants(template, 0, range(3))
    assert len(variants.draw) == 3
    assert (template.id, template.file.graph.topology) == ("my-own", topology)
    assert template.file.require
    assert template.file.conventions
    assert {slot.kind for slot in template.slots} == {"number", "formula"}
    assert any(part.hint for part in template.file.parts)
    assert any(part.feedback for part in template.file.parts)


@pytest.mark.parametrize("topology", topologies())
def test_every_question_passes_its_check(topology: str) -> None:
    """Without a warning; texts do not change the draws, so one language stands for both."""
    report = check(parse_templates(starter("my-own", topology), "my-own.yaml"), 100)
    assert [f for f in report.findings if f.verdict is not Verdict.PASS] == []
    assert report.variants == 100


@pytest.mark.parametrize("topology", topologies())
def test_both_languages_are_one_question(topology: str) -> None:
    """They differ in texts and comments only, and each is in its own language."""
    english, german = (load(starter("q", topology, one), "q").data for one in LANGUAGES)
    assert _without_texts(english) == _without_texts(german)
    assert _texts(english).isdisjoint(_texts(german))
    comments = [re.findall(r"#.*", starter("q", topology, one)) for one in LANGUAGES]
    assert len(comments[0]) == len(comments[1]) > 8
    prose = [{c for c in found if re.search(r"[a-z]{3}", c)} for found in comments]
    assert prose[0].isdisjoint(prose[1] - {"# choose:"})


def _without_texts(data: object) -> object:
    if isinstance(data, dict):
        return {key: _without_texts(value) for key, value in data.items() if key not in _TEXTS}
    return [_without_texts(one) for one in data] if isinstance(data, list) else data


def _texts(data: object) -> set[str]:
    if isinstance(data, list):
        return {text for one in data for text in _texts(one)}
    if not isinstance(data, dict):
        return {data} if isinstance(data, str) else set()
    return {text for key in _TEXTS & set(data) for text in _texts(data[key])} | {
        text for one in data.get("parts", []) for text in _texts(one)
    }


@pytest.mark.parametrize("topology", topologies())
def test_the_alternatives_in_comments_work_when_they_are_no_comments(topology: str) -> None:
    """What the comment says to write elsewhere is written there."""
    text = starter("my-own", topology)
    (name,) = re.findall(r"^#   (\w+): \[", text, re.MULTILINE)
    (line,) = re.findall(rf"^#   {name}: .*?with `(.*)`", text, re.MULTILINE)
    key = line.partition(": ")[0]
    used = re.sub(r"^# (choose:|  \w+:)", r"\1", text, flags=re.MULTILINE)
    end = r"\w+" if key == "activation" else ".*"
    *_, last = re.finditer(rf"(?<=[ {{]){re.escape(key)}: {end}", used)
    used = used[: last.start()] + line + used[last.end() :]
    if key == "answers":  # the points are for as many answers as there are then
        used = re.sub(r"(answers: dL/d<.*\n    points: ).*", r"\g<1>2", used)
    templates = parse_templates(used, "my-own.yaml")
    assert len(templates) == 2
    assert all(name in template.choice for template in templates)


@pytest.mark.parametrize(
    "written", ["", "My-Question", "-a", "a_b", "../a", "a b", "ä", "a\n", "a" * (LONGEST_ID + 1)]
)
def test_an_id_that_no_question_can_have_gets_a_sentence(written: str, tmp_path: Path) -> None:
    """And nothing is written."""
    with pytest.raises(ExamgenError, match="expected at most 60 lower-case letters"):
        write_starter(written, "mlp", tmp_path / "q.yaml")
    assert list(tmp_path.iterdir()) == []


def test_ids_are_those_of_template_files() -> None:
    """The longest one is an id of a template."""
    text = starter("a" * LONGEST_ID, "mlp")
    assert parse_template(text, "q.yaml").id == "a" * LONGEST_ID
    pattern = next(
        m.pattern for m in TemplateFile.model_fields["id"].metadata if hasattr(m, "pattern")
    )
    assert pattern == "^[a-z0-9][a-z0-9-]*$"


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    """It is never overwritten, not even by a question of the same id."""
    path = tmp_path / "q.yaml"
    path.write_text("mine")
    with pytest.raises(ExamgenError, match="is there already"):
        write_starter("q", "mlp", path)
    assert path.read_text() == "mine"


def test_where_a_file_goes(tmp_path: Path) -> None:
    """Into a folder under its id, or where it is told to; other names and places get a sentence."""
    assert write_starter("q", "mlp", tmp_path) == tmp_path / "q.yaml"
    assert write_starter("q", "mlp", tmp_path / "other.yml").exists()
    with pytest.raises(ExamgenError, match=r"ends in \.yaml"):
        write_starter("q", "mlp", tmp_path / "q.txt")
    with pytest.raises(ExamgenError, match="cannot be written"):
        write_starter("q", "mlp", tmp_path / "nowhere" / "q.yaml")


def test_the_command_writes_a_file_named_after_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder one is in, and says what is next; the second time it keeps the file."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["new", "my-lstm", "--topology", "lstm"])
    assert result.exit_code == 0, result.output
    assert result.stdout == "my-lstm.yaml is there; next: examgen preview my-lstm.yaml\n"
    text = Path("my-lstm.yaml").read_text(encoding="utf-8")
    assert text == starter("my-lstm", "lstm")
    assert text.startswith("id: my-lstm\n")
    again = CliRunner().invoke(app, ["new", "my-lstm"])
    assert isinstance(again.exception, ExamgenError)


def test_the_schema_goes_beside_the_file(tmp_path: Path) -> None:
    """With --schema the first line tells editors where it is, and the file loads as before."""
    result = CliRunner().invoke(app, ["new", "q", "--schema", "-o", str(tmp_path)])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "q.yaml").read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    name = first.removeprefix("# yaml-language-server: $schema=")
    schema = json.loads((tmp_path / name).read_text(encoding="utf-8"))
    assert {"id", "graph", "sample", "parts"} <= set(schema["properties"])
    assert rest == starter("q", "formulas")
    assert parse_template(text, "q.yaml").id == "q"
