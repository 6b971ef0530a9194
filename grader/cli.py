"""The command line of the grader: reads arguments, prints, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from examgen.errors import ExamgenError

if TYPE_CHECKING:
    from grader.grade import Summary

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def grader() -> None:
    """Grade what students answered to an exam that examgen built."""


@app.command()
def grade(
    answers: Annotated[
        Path, typer.Argument(help="CSV: a column 'student', then a column per answer slot.")
    ],
    manifest: Annotated[
        Path, typer.Option("--manifest", "-m", help="manifest.json of the built exam.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write the grades to.")],
    decimal: Annotated[
        Literal["auto", "point", "comma"],
        typer.Option(help="Decimal sign of the file; auto decides from all its cells."),
    ] = "auto",
    details: Annotated[
        Literal["csv", "parquet", "none"], typer.Option(help="A line per answer, as what file.")
    ] = "csv",
    encoding: Annotated[
        str | None, typer.Option(help="Of the answers; by default UTF-8, or UTF-16 with a mark.")
    ] = None,
) -> None:
    """Grade an answer file: write grades.csv, details.csv and rejected.csv."""
    from grader.grade import grade as run

    forced = None if decimal == "auto" else decimal
    summary = run(answers, manifest, out, decimal=forced, details=details, encoding=encoding)
    _print(summary)


def main() -> None:
    """Run the app; what is wrong with an input is told in words, and the exit code is 1."""
    try:
        app()
    except ExamgenError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def _print(summary: Summary) -> None:
    if sys.stdout.isatty():
        _print_table(summary)
    else:
        print("\n".join(f"{name}: {value}" for name, value in _lines(summary)))


def _print_table(summary: Summary) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    for name, value in _lines(summary):
        table.add_row(name, Text(value))
    Console(highlight=False).print(table)


def _lines(summary: Summary) -> list[tuple[str, str]]:
    """The summary as pairs of name and value, its counts written as the sums they are."""
    verdicts = " + ".join(f"{count:,} {name}" for name, count in summary.verdicts.items())
    return [
        (
            "rows",
            f"{summary.rows_in:,} = {summary.graded:,} graded + {summary.rejected:,} rejected",
        ),
        ("answers", f"{summary.cells:,} = {verdicts}"),
        ("decimal sign", summary.decimal),
        *((("mean", f"{summary.mean:.2f} of {summary.possible:.2f}"),) if summary.graded else ()),
        *(("note", note) for note in summary.notes),
        *(("written", str(file)) for file in summary.files),
    ]
