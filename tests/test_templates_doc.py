"""docs/templates.md: every file in it works, every output in it is real, nothing is left out."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from examgen.check import check
from examgen.cli import app
from examgen.definitions import define
from examgen.drawing import draw_variants
from examgen.equations import equations
from examgen.errors import ExamgenError
from examgen.exam_file import ExamFile, Marking, QuestionFile, WorkingSpaceFile
from examgen.functions import COMPOSITES
from examgen.lowering import ALIASES, PORTS
from examgen.nodes import GIVEN
from examgen.ops import OPS
from examgen.part_file import PartFile
from examgen.proofread import template_problems
from examgen.sample_file import Choose, Span
from examgen.template import parse_template, parse_templates
from examgen.template_file import Effort, Mistake, Published, Spot, TemplateFile
from examgen.topology import Topology
from examgen.topology.mlp import MlpNames
from examgen.topology.residual import Head, ResidualLayer, Skip
from examgen.typeset.breaking import segments

PAGE = (Path(__file__).parent.parent / "docs" / "templates.md").read_text(encoding="utf-8")
LESSONS, REFERENCE = PAGE.split("\n# Reference\n")
SPECS = get_args(get_args(Topology)[0])
_OF_GRAPHS = (MlpNames, ResidualLayer, Skip, Head)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TIME = re.compile(r"drawn in \d+\.\d\d s")


@dataclass(frozen=True)
class Step:
    """A block of the page: a file as it then stands, and an output that is shown, if it is one."""

    number: int
    file: str
    shown: str = ""

    @property
    def id(self) -> str:
        """Of the question."""
        return self.file.partition("\n")[0].removeprefix("id: ")


def _fields(text: str) -> dict[str, str]:
    """The top-level fields of a YAML text by name, each with all of its lines."""
    parts = re.split(r"^(?=\w+:)", text, flags=re.MULTILINE)
    assert parts[0] == "", "a block begins with a field"
    return {part.partition(":")[0]: part for part in parts[1:]}


def _steps() -> Iterator[Step]:
    """The blocks of the lessons in order; a part of a file takes the place of fields before it."""
    now: dict[str, str] = {}
    for number, (kind, content) in enumerate(_BLOCK.findall(LESSONS)):
        if kind == "yaml":
            now = (now if not content.startswith("id:") else {}) | _fields(content)
        yield Step(number, "".join(now.values()), content if kind == "text" else "")


STEPS = list(_steps())
FILES = [step for step in STEPS if not step.shown]
OUTPUTS = [step for step in STEPS if step.shown.startswith("$ ")]
(ERRORS,) = (step for step in STEPS if step.shown and step not in OUTPUTS)


def _named(steps: list[Step]) -> dict[str, object]:
    return {"argvalues": steps, "ids": [f"{step.number}-{step.id}" for step in steps]}


def test_the_page_has_its_ten_steps() -> None:
    """Each with a file or an output; the blocks of the page are all looked at."""
    lessons = re.findall(r"^## (\d+)\. ", LESSONS, re.MULTILINE)
    assert lessons == [str(number) for number in range(1, 11)]
    for lesson in re.split(r"^## \d+\. ", LESSONS, flags=re.MULTILINE)[1:]:
        assert _BLOCK.search(lesson)
    assert len(FILES) > 14
    assert len(OUTPUTS) > 1
    assert PAGE.count("\n```") == 2 * len(STEPS)


@pytest.mark.parametrize("step", **_named(FILES))
def test_every_file_draws_and_can_be_set(step: Step) -> None:
    """In all of its structures."""
    templates = parse_templates(step.file, f"{step.id}.yaml")
    for template in templates:
        assert template_problems(template) == []
        assert len(draw_variants(template, 0, range(3)).draw) == 3


@pytest.mark.parametrize("step", **_named([FILES[0], FILES[-1]]))
def test_the_first_and_the_last_file_pass_their_check(step: Step) -> None:
    """The last one with its published instance."""
    report = check(parse_templates(step.file, f"{step.id}.yaml"), 100)
    assert [finding for finding in report.findings if not finding.holds] == []
    assert ("published:" in step.file) == ("published" in {f.name for f in report.findings})


@pytest.mark.parametrize("step", **_named(OUTPUTS))
def test_every_output_is_what_the_command_prints(
    step: Step, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the file as it then stands beside one; only times differ. WRITE_DOC=1 mends the page."""
    monkeypatch.chdir(tmp_path)
    Path(f"{step.id}.yaml").write_text(step.file, encoding="utf-8")
    command, _, shown = step.shown.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "examgen"
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    if os.environ.get("WRITE_DOC"):
        page = Path(__file__).parent.parent / "docs" / "templates.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(step.shown, f"{command}\n{result.stdout}"), encoding="utf-8")
    assert _TIME.sub("", result.stdout) == _TIME.sub("", shown), (
        "out of date: WRITE_DOC=1 python -m pytest tests/test_templates_doc.py"
    )


def test_the_error_messages_are_real() -> None:
    """The mistakes told of in the first step give the messages shown."""
    example, messages = FILES[0].file, ERRORS.shown.splitlines()
    for right, wrong, message in (
        ("yhat: sigmoid(z)", "yhat: sigmoyd(z)", messages[0]),
        ("  eta: 0.5", "  etta: 0.5", messages[1]),
    ):
        assert right in example
        with pytest.raises(ExamgenError) as caught:
            parse_template(example.replace(right, wrong), "neuron.yaml")
        assert message in str(caught.value).splitlines()


@cache
def _words() -> frozenset[str]:
    """Everything that the reference has in code."""
    code = " ".join(re.findall(r"`([^`]+)`", REFERENCE))
    return frozenset(re.findall(r"[A-Za-z_]+'?", code))


@pytest.mark.parametrize(
    "form",
    [TemplateFile, PartFile, Published, Mistake, Effort, Spot, Choose, Span, *_OF_GRAPHS, *SPECS],
)
def test_the_reference_has_every_field(form: type[BaseModel]) -> None:
    """By the name that an author writes."""
    fields = {field.alias or name for name, field in form.model_fields.items()}
    assert fields - {"topology"} <= _words()


@pytest.mark.parametrize("spec", SPECS)
def test_the_table_of_topologies_has_their_fields_and_no_others(spec: type[BaseModel]) -> None:
    """A row a topology."""
    (name,) = get_args(spec.model_fields["topology"].annotation)
    (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", REFERENCE, re.MULTILINE)
    own = set(spec.model_fields) - {"topology", "learning_rate", "derived"}
    written = set(re.findall(r"`([a-z_]+)(?::[^`]*)?`", row))
    assert own <= written
    assert written - own <= {"shared", "separate", "new", "old"}


def _network(topology: str, **fields: object) -> TemplateFile:
    """A file with nothing but a graph: the names that it makes."""
    graph = {"topology": topology, **fields}
    part = {"ask": "?", "answers": "L", "points": 1}
    form = {"id": "q", "title": "Q", "graph": graph, "sample": {}, "parts": [part]}
    return TemplateFile.model_validate(form)


@pytest.mark.parametrize(
    ("row", "forms"),
    [
        ("an `mlp`", [_network("mlp", layers=[2, 2, 1], activation=["relu", "sigmoid"])]),
        ("an `elman` of one unit", [_network("elman", bias=True, output="sigmoid")]),
        (
            "an `elman` of several",
            [_network("elman", bias=True, inputs=2, hidden=2, output="sigmoid")],
        ),
        ("an `lstm`, `shared`", [_network("lstm", bias=True)]),
        ("an `lstm`, `separate`", [_network("lstm", bias=True, weights="separate")]),
        ("a `gru`", [_network("gru", bias=True)]),
    ],
    ids=str,
)
def test_the_names_that_topologies_make_are_told(row: str, forms: list[TemplateFile]) -> None:
    """All of them and no others, but for the loss and the copies that steps use."""
    (given, computed) = re.findall(
        rf"^\| {re.escape(row)} \| (.*) \| (.*) \|$", REFERENCE, re.MULTILINE
    )[0]
    for form in forms:
        values = define(form.graph.blueprint().definitions, form.graph.blueprint().ranges)
        own = {name: node for name, node in values.items() if node.op.name not in ("use", "carry")}
        givens = {_shape(name) for name, node in own.items() if node.op is GIVEN}
        assert givens == {_shape(name) for name in re.findall(r"`([^`]+)`", given)} - {"bias"}
        others = {_shape(name) for name in own} - givens - {"L"}
        assert others == {_shape(name) for name in re.findall(r"`([^`]+)`", computed)} - {"output"}


def _shape(name: str) -> str:
    """A name with its numbers left open."""
    return re.sub(r"\d+", "1", name.partition("[")[0])


@pytest.mark.parametrize("form", [ExamFile, QuestionFile, Marking, WorkingSpaceFile])
def test_the_section_on_exams_has_every_field(form: type[BaseModel]) -> None:
    """In its table, or in what follows."""
    section = REFERENCE.partition("## An exam")[2]
    words = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", section))))
    assert set(form.model_fields) <= words


def test_the_table_of_exam_fields_has_no_others() -> None:
    """Those of the file."""
    table = REFERENCE.partition("## An exam")[2].partition("\n\n**")[0]
    cells = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    assert {n for cell in cells for n in re.findall(r"`(\w+)`", cell)} == set(ExamFile.model_fields)


def test_braces_keep_parentheses_on_one_line() -> None:
    """As the page says: the formula it shows may be cut in two places, without braces in three."""
    (shown,) = re.findall(r"`\$(.*\{\(1 - .*)\$`", LESSONS)
    assert len(segments(shown, 10)) == 3
    assert len(segments(shown.replace("{(", "(").replace(")}", ")"), 10)) == 4


def test_derived_formulas_are_not_printed() -> None:
    """As the page says of rules of one's own."""
    (step,) = (step for step in FILES if step.id == "momentum" and "beta*m_0" in step.file)
    template = parse_template(step.file, "momentum.yaml")
    assert not [tex for tex in equations(template.quantities) if r"\beta" in tex]


def test_the_table_of_fields_has_those_of_a_file_and_no_others() -> None:
    """In the order of the form."""
    table = REFERENCE.partition("## Fields")[2].partition("\n\n**")[0]
    cells = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    names = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(names) == sorted(TemplateFile.model_fields)


def test_the_reference_has_every_function() -> None:
    """Ops that are signs or the program's own have none."""
    signs = {"add", "sub", "mul", "div", "neg", "pow", "gt", "ge", "lt", "le", "eq", "ne"}
    inner = {"constant", "given", "copy", "use", "carry", "decimals_over", "max'"}
    functions = {*OPS, *COMPOSITES, *ALIASES, *PORTS} - signs - inner
    assert functions <= _words()


def test_defaults_are_those_of_the_form() -> None:
    """As the table of fields gives them."""
    for name in ("margin", "candidates", "decimals"):
        (cell,) = re.findall(rf"^\| `{name}` \| .*; ([\d.]+) \|$", REFERENCE, re.MULTILINE)
        assert float(cell) == float(TemplateFile.model_fields[name].default)


def test_links_lead_somewhere() -> None:
    """To headings of the page, or to pages beside it."""
    headings = re.findall(r"^#+ (.*)", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(links) > 4
    for link in links:
        page, _, anchor = link.partition("#")
        assert not page or (Path(__file__).parent.parent / "docs" / page).exists()
        assert not anchor or anchor in anchors
