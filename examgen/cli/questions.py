"""Commands on questions: look at them, write them, prove them."""

from __future__ import annotations

import json
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from examgen.errors import ExamgenError

if TYPE_CHECKING:
    from examgen.template import Template
    from examgen.variant import Variants

app = typer.Typer()

LARGEST = 2**63 - 1
_NUMBER = re.compile(
    r"[+-]?(\d{1,40}/\d{1,40}|(\d{1,40}\.?\d{0,40}|\.\d{1,40})(e[+-]?\d{1,2})?)", re.I
)

Which = Annotated[str, typer.Argument(help="A question of the bank, or a file ending in .yaml.")]
Kind = Literal["formulas", "mlp", "elman", "recurrent_cell", "lstm", "gru", "residual"]
Seed = Annotated[
    int, typer.Option(min=0, max=2**63 - 1, help="The same seed gives the same numbers.")
]


@app.command("list")
def list_() -> None:
    """List the questions of the bank."""
    from examgen.bank import bank_ids, find_template
    from examgen.numerals import points_text
    from examgen.terminal import table
    from examgen.text import in_language

    rows = [["question", "points", "structures", "kind", "title"]]
    for name in bank_ids():
        template = find_template(name)
        title = in_language(template.file.title, "en")
        points, count = points_text(template.points), str(template.structures)
        rows.append([name, points, count, template.file.graph.topology, title])
    print("\n".join(table(rows)))


@app.command()
def show(
    which: Which,
    variant: Annotated[int, typer.Option(min=0, max=LARGEST, help="Number of the variant.")] = 0,
    seed: Seed = 0,
    key: Annotated[bool, typer.Option("--key", help="Show every quantity's value.")] = False,
    formulas: Annotated[
        bool, typer.Option("--formulas", help="Show the formulas that the topology writes.")
    ] = False,
    given: Annotated[
        str | None, typer.Option(help="Numbers of your own: a=1,b=0.5; the rest is drawn.")
    ] = None,
    published: Annotated[
        bool, typer.Option("--published", help="The numbers printed in the question's source.")
    ] = False,
    structure: Annotated[
        int | None,
        typer.Option(min=1, help="Of several structures this one; default: the variant's own."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    language: Annotated[Literal["en", "de"], typer.Option(help="Of the texts.")] = "en",
) -> None:
    """Show one variant of a question: stem, givens, parts, and if asked the key."""
    from examgen.paper import feedback, variant_sheet
    from examgen.proofread import template_problems
    from examgen.terminal import (
        choice_rows,
        feedback_lines,
        formula_lines,
        question_data,
        question_text,
        table,
        value_rows,
    )

    template = _structure(which, structure, variant, seed, published)
    if problems := template_problems(template):
        raise ExamgenError(problems)
    if formulas:
        print("\n".join(formula_lines(template)))
        return
    variants = _variants(template, variant, seed, given, published)
    sheet = variant_sheet(variants, 0, language)
    if as_json:
        data = question_data(sheet, variants, 0, key)
        print(json.dumps(data, indent=2, ensure_ascii=False))
        return
    print(question_text(sheet))
    if key:
        rows = [*choice_rows(template), *value_rows(variants, 0)]
        print("\n" + "\n".join(table(rows)))
        for line in feedback_lines(feedback(variants, 0, language)):
            print(f"\n{line}")


def _structure(
    which: str, structure: int | None, variant: int, seed: int, published: bool
) -> Template:
    """The structure asked for, else one that was published, else that of the variant."""
    from examgen.bank import find_template, find_templates
    from examgen.structures import structures_of

    if structure is not None:
        return find_template(which, structure=structure - 1)
    templates = find_templates(which)
    if published:
        return next((one for one in templates if one.file.instances), templates[0])
    fingerprints = [template.fingerprint for template in templates]
    return templates[int(structures_of(fingerprints, seed, [variant])[0])]


def _variants(
    template: Template, variant: int, seed: int, given: str | None, published: bool
) -> Variants:
    """The variant to show, as the only one there is."""
    from examgen.drawing import draw_variants
    from examgen.variant import fixed_variant

    if published:
        if given is not None:
            raise typer.BadParameter("give either --given or --published")
        instances = template.file.instances
        if not instances:
            raise ExamgenError(f"{template.id} has no published numbers")
        return fixed_variant(template, instances[0].given)
    drawn = draw_variants(template, seed, [variant])
    if given is None:
        return drawn
    return fixed_variant(template, _numbers(given), drawn.draw.exact(0))


def _numbers(written: str) -> dict[str, Fraction]:
    """`a=1,x[1]=-0.5` as numbers by name."""
    numbers: dict[str, Fraction] = {}
    for entry in re.split(r",(?![^\[]*\])", written):
        name, _, value = (part.strip() for part in entry.partition("="))
        try:
            if not name or not _NUMBER.fullmatch(value):
                raise ValueError
            number = Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ExamgenError(f"--given: found '{entry}', expected a name = number") from None
        if name in numbers:
            raise ExamgenError(f"--given: '{name}' is there twice")
        numbers[name] = number
    return numbers


@app.command()
def sample(
    which: Which,
    out: Annotated[Path, typer.Option("--out", "-o", help="A .csv or .parquet file.")],
    variants: Annotated[int, typer.Option(min=1, help="How many.")] = 100,
    seed: Seed = 0,
) -> None:
    """Write drawn numbers and their key as a table, a row a variant."""
    from examgen.bank import find_templates
    from examgen.samples import write_samples

    write_samples(find_templates(which), seed, variants, out)
    print(f"{variants} variants in {out}")


@app.command()
def check(
    which: Annotated[
        list[str], typer.Argument(help="Questions of the bank, .yaml files, or an exam.yaml.")
    ],
    variants: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many of each question.")
    ] = 1000,
    seed: Seed = 0,
    html: Annotated[Path | None, typer.Option(help="Write a page with all figures.")] = None,
    as_json: Annotated[
        str | None, typer.Option("--json", metavar="FILE|-", help="Write data; - is the terminal.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="200 variants, no more.")] = False,
) -> None:
    """Prove questions: room, distinct, guessable, mistakes told, equal work, keys, rounding.

    An exam is checked under its own seed. The exit code is 1 if anything fails.
    """
    from examgen.check import QUICK, Verdict
    from examgen.check.data import reports_json
    from examgen.check.subjects import check_named
    from examgen.check.summary import report_lines, sentence

    count = min(variants, QUICK) if quick else variants
    reports = []
    for name in which:
        for report in check_named(name, count, seed):
            reports.append(report)
            if as_json != "-":
                print("\n".join(report_lines(report)), end="\n\n", flush=True)
            if report.seconds:  # never the same twice, so it is no part of the report
                print(f"note: {report.id}: drawn in {report.seconds:.2f} s", file=sys.stderr)
    if as_json == "-":
        print(reports_json(reports), end="")
    else:
        print(sentence(reports))
    if as_json not in (None, "-"):
        Path(as_json).write_text(reports_json(reports), encoding="utf-8")
    if html is not None:
        from examgen.check.page import write_page

        write_page(reports, html)
    if any(report.verdict is Verdict.FAIL for report in reports):
        raise typer.Exit(1)


@app.command()
def new(
    question: Annotated[str, typer.Argument(metavar="ID", help="Of the question: my-question.")],
    topology: Annotated[Kind, typer.Option(help="What kind of graph.")] = "formulas",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; by default ID.yaml.")
    ] = None,
    language: Annotated[Literal["en", "de"], typer.Option(help="Of texts and comments.")] = "en",
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON Schema beside it, for editors.")
    ] = False,
) -> None:
    """Write a question to begin with: a file that works, with comments."""
    from examgen.schema import schema_text, template_schema
    from examgen.starters import write_starter

    beside = schema_text(template_schema()) if schema else ""
    path = write_starter(question, topology, out or Path(f"{question}.yaml"), language, beside)
    print(f"{path} is there; next: examgen preview {path}")


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="The question's .yaml file.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 0,
    browse: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = True,
    language: Annotated[Literal["en", "de"], typer.Option(help="Of the texts.")] = "en",
) -> None:
    """Show a question in the browser while it is written; the page follows every save."""
    from examgen.preview import serve

    def tell(address: str) -> None:
        print(f"{file} is shown at {address} (Ctrl-C ends it)", flush=True)

    serve(file, port, language=language, tell=tell, browse=browse)


@app.command()
def schema(
    exam: Annotated[bool, typer.Option("--exam", help="Of exam.yaml, not of templates.")] = False,
    practice: Annotated[
        bool, typer.Option("--practice", help="Of practice sets, not of templates.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; by default it is printed.")
    ] = None,
) -> None:
    """Print the JSON Schema of template files, for editors."""
    from examgen.files import write_atomically
    from examgen.schema import exam_schema, schema_text, template_schema
    from grader.practice.classroom.set_file import set_schema

    if exam and practice:
        raise typer.BadParameter("--exam and --practice are two schemas; ask for one")
    wanted = exam_schema if exam else set_schema if practice else template_schema
    text = schema_text(wanted())
    if out is None:
        print(text, end="")
    else:
        write_atomically(out, text)
