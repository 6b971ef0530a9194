"""The command line of the grader: reads arguments, prints, and nothing else."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from examgen.errors import ExamgenError

if TYPE_CHECKING:
    from grader.grade import Reading
    from grader.lms.delivery import Delivery
    from grader.summary import Summary

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

AnswersArgument = Annotated[
    list[Path],
    typer.Argument(
        readable=False, help="CSV, TSV or XLSX: one file, several, or a folder of them."
    ),
]
ManifestOption = Annotated[
    Path,
    typer.Option("--manifest", "-m", readable=False, help="manifest.json of the built exam."),
]
ClassOption = Annotated[
    Path | None,
    typer.Option(
        "--class", readable=False, help="CSV: student,version of a class that took versions."
    ),
]
OutOption = Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")]
DecimalOption = Annotated[
    Literal["auto", "point", "comma"],
    typer.Option(help="Decimal sign of the answers; auto decides from all cells of a file."),
]
EncodingOption = Annotated[
    str | None, typer.Option(help="Of the answers; by default UTF-8, or UTF-16 with a mark.")
]
DuplicatesOption = Annotated[
    Literal["error", "first", "last", "best"],
    typer.Option(help="Which of a student's submissions counts; error: none, all are listed."),
]
MapOption = Annotated[
    Path | None,
    typer.Option(
        "--map",
        readable=False,
        help="YAML: which column of an export is which; see `grader mapping`.",
    ),
]
DetailsOption = Annotated[
    Literal["csv", "parquet", "none"], typer.Option(help="A line per answer, as what file.")
]
ReportOption = Annotated[bool, typer.Option(help="Write report.html.")]
FeedbackOption = Annotated[
    bool, typer.Option(help="Write a page a student, HTML and PDF, into feedback/.")
]
ForOption = Annotated[
    Literal["canvas", "moodle", "moodle-worksheet", "gradescope", "blackboard"] | None,
    typer.Option("--for", help="Fill the marks into this system's own export."),
]
IntoOption = Annotated[
    Path | None,
    typer.Option("--into", readable=False, help="The export; a filled-in copy goes to the folder."),
]
ColumnOption = Annotated[
    str | None, typer.Option(help="Header of the export's column for the marks.")
]
IntoDecimalOption = Annotated[
    Literal["auto", "point", "comma"],
    typer.Option(help="Decimal sign of the export; auto sees it in its other numbers."),
]
IntoEncodingOption = Annotated[str | None, typer.Option(help="Of the export.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace marks that stand there.")
]
ScaleOption = Annotated[
    bool, typer.Option("--scale", help="Scale the marks to the system's own maximum.")
]


@app.callback()
def grader() -> None:
    """Grade what students answered to an exam that examgen built."""


@app.command()
def grade(
    answers: AnswersArgument,
    manifest: ManifestOption,
    out: OutOption,
    takers: ClassOption = None,
    decimal: DecimalOption = "auto",
    encoding: EncodingOption = None,
    duplicates: DuplicatesOption = "error",
    mapping: MapOption = None,
    details: DetailsOption = "csv",
    report: ReportOption = True,
    feedback: FeedbackOption = False,
    lms: ForOption = None,
    into: IntoOption = None,
    column: ColumnOption = None,
    overwrite: OverwriteOption = False,
    scale: ScaleOption = False,
    into_decimal: IntoDecimalOption = "auto",
    into_encoding: IntoEncodingOption = None,
) -> None:
    """Grade answers: grades.csv, details.csv, rejected.csv and report.html."""
    from grader.grade import Writing
    from grader.grade import grade as run

    reading = _reading(takers, decimal, encoding, duplicates, mapping)
    delivery = _delivery(lms, into, column, overwrite, scale, into_decimal, into_encoding)
    _print(
        run(answers, manifest, out, reading, Writing(details, report, feedback, _jobs(), delivery))
    )


@app.command()
def regrade(
    answers: AnswersArgument,
    manifest: ManifestOption,
    out: OutOption,
    since: Annotated[
        Path, typer.Option(readable=False, help="Folder of the earlier run; it is only read.")
    ],
    changes: Annotated[
        Path | None,
        typer.Option(
            readable=False, help="YAML: mended keys, tolerances, slots dropped or given to all."
        ),
    ] = None,
    hand: Annotated[
        Path | None,
        typer.Option(readable=False, help="CSV of marks by hand: student,slot,points[,note]."),
    ] = None,
    takers: ClassOption = None,
    decimal: DecimalOption = "auto",
    encoding: EncodingOption = None,
    duplicates: DuplicatesOption = "error",
    mapping: MapOption = None,
    details: DetailsOption = "csv",
    report: ReportOption = True,
    feedback: FeedbackOption = False,
    lms: ForOption = None,
    into: IntoOption = None,
    column: ColumnOption = None,
    overwrite: OverwriteOption = False,
    scale: ScaleOption = False,
    into_decimal: IntoDecimalOption = "auto",
    into_encoding: IntoEncodingOption = None,
) -> None:
    """Grade again with changes: changes.csv tells whose mark changes, and by how much."""
    from grader.grade import Writing
    from grader.grade import regrade as run

    reading = _reading(takers, decimal, encoding, duplicates, mapping)
    delivery = _delivery(lms, into, column, overwrite, scale, into_decimal, into_encoding)
    writing = Writing(details, report, feedback, _jobs(), delivery)
    _print(run(answers, manifest, out, since, changes, hand, reading, writing))


@app.command()
def report(
    out: OutOption,
    answers: Annotated[
        list[Path] | None,
        typer.Argument(
            readable=False, help="CSV, TSV or XLSX: one file, several, or a folder of them."
        ),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option("--manifest", "-m", readable=False, help="manifest.json of the built exam."),
    ] = None,
    practice: Annotated[
        Path | None,
        typer.Option(
            readable=False, metavar="DIR", help="Instead: what students shared of their practice."
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(readable=False, help="CSV: with --practice, tells who shared nothing."),
    ] = None,
    language: Annotated[
        Literal["en", "de"] | None, typer.Option(help="With --practice: of the page; en or de.")
    ] = None,
    takers: ClassOption = None,
    decimal: DecimalOption = "auto",
    encoding: EncodingOption = None,
    duplicates: DuplicatesOption = "error",
    mapping: MapOption = None,
    feedback: FeedbackOption = True,
) -> None:
    """All of `grade`, with a page of feedback a student; or what a class has practised."""
    if practice is not None:
        if answers or manifest:
            raise typer.BadParameter("--practice DIR takes no answers and no --manifest")
        from grader.practice.classroom.report import practice_report

        _print_lines(practice_report(practice, out, roster, language or "en").lines)
        return
    if not answers or manifest is None:
        raise typer.BadParameter("ANSWERS... and --manifest are needed, or --practice DIR")
    if roster is not None or language is not None:
        raise typer.BadParameter("--roster and --language go with --practice DIR")
    from grader.grade import Writing
    from grader.grade import grade as run

    reading = _reading(takers, decimal, encoding, duplicates, mapping)
    _print(run(answers, manifest, out, reading, Writing(feedback=feedback, jobs=_jobs())))


@app.command()
def mapping(
    answers: Annotated[
        Path,
        typer.Argument(readable=False, help="An export whose columns are to be understood."),
    ],
    manifest: ManifestOption,
    encoding: EncodingOption = None,
) -> None:
    """Print how the columns of an export are read, as YAML to edit and to give by --map."""
    from examgen.manifest_file import read_manifest
    from grader.reading.mapping import print_mapping
    from grader.reading.responses import guess_mapping

    guessed = guess_mapping(answers, read_manifest(manifest), encoding=encoding)
    print(print_mapping(guessed), end="")


@app.command()
def simulate(
    manifest: Annotated[
        Path, typer.Argument(readable=False, help="manifest.json of an exam, or exam.yaml.")
    ],
    students: Annotated[int, typer.Option(min=1, max=1_000_000, help="Size of the class.")] = 1000,
    seed: Annotated[int, typer.Option(help="Another seed is another class.")] = 1,
) -> None:
    """Grade an artificial class whose truth is known, and tell how well that went."""
    from grader.simulate import class_of, lines
    from grader.simulate import simulate as run

    _print_lines(lines(run(class_of(manifest, students), seed)))


def main() -> None:
    """Run the app; what is wrong with an input is told in words, and the exit code is 1."""
    # Ended from outside, a run takes its unfinished files with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except ExamgenError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def _reading(
    takers: Path | None,
    decimal: Literal["auto", "point", "comma"],
    encoding: str | None,
    duplicates: Literal["error", "first", "last", "best"],
    mapping: Path | None,
) -> Reading:
    from grader.grade import Reading

    sign = None if decimal == "auto" else decimal
    return Reading(takers, sign, encoding, duplicates, mapping)


def _delivery(
    lms: Literal["canvas", "moodle", "moodle-worksheet", "gradescope", "blackboard"] | None,
    into: Path | None,
    column: str | None,
    overwrite: bool,
    scale: bool,
    decimal: Literal["auto", "point", "comma"],
    encoding: str | None,
) -> Delivery | None:
    from grader.lms.delivery import Delivery

    if lms is None:
        if into is not None:
            raise ExamgenError("--into FILE needs --for, the system that the file is from")
        return None
    sign = None if decimal == "auto" else decimal
    return Delivery(lms, into, column, overwrite, scale, sign, encoding)


def _jobs() -> int:
    return os.cpu_count() or 1


def _print(summary: Summary) -> None:
    _print_lines(_lines(summary))


def _print_lines(lines: Iterable[tuple[str, str]]) -> None:
    if sys.stdout.isatty():
        _print_table(lines)
    else:
        print("\n".join(f"{name}: {value}" for name, value in lines))


def _print_table(lines: Iterable[tuple[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    for name, value in lines:
        table.add_row(name, Text(value))
    Console(highlight=False).print(table)


def _lines(summary: Summary) -> list[tuple[str, str]]:
    """The summary as pairs of name and value, its counts written as the sums they are."""
    verdicts = " + ".join(f"{count:,} {name}" for name, count in summary.verdicts.items())
    return [
        (
            "rows",
            f"{summary.rows_in:,} = {summary.rows_used:,} graded + {summary.rejected:,} rejected",
        ),
        *((("students", f"{summary.graded:,}"),) if summary.graded != summary.rows_used else ()),
        *((("answers", f"{summary.cells:,} = {verdicts}"),) if summary.cells else ()),
        ("decimal sign", summary.decimal),
        *((("mean", f"{summary.mean:.2f} of {summary.possible:.2f}"),) if summary.graded else ()),
        *summary.changes,
        *(("note", note) for note in summary.notes),
        *(("written", str(file)) for file in summary.files),
    ]
