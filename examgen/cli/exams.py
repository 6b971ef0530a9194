"""Commands on exams: a folder of papers, keys and solutions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from examgen.roster import Student

app = typer.Typer()

_SHORT_SEED = 2**32  # all smaller ones can be tried against a printed paper


@app.command()
def build(
    exam: Annotated[Path, typer.Argument(help="The exam file, exam.yaml.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")],
    roster: Annotated[
        Path | None, typer.Option(help="CSV: student, and name, email, group, seat, large.")
    ] = None,
    versions: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Versions A, B, C ... for no one by name.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that set pages.")] = (
        os.cpu_count() or 1
    ),
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an exam built from other inputs.")
    ] = False,
    large: Annotated[
        str | None,
        typer.Option(metavar="STUDENT,...|all", help="Large print for these, same numbers."),
    ] = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Solutions with the mistakes to look for.")
    ] = False,
    html: Annotated[
        bool, typer.Option("--html", help="Pages for a screen too, a file a student.")
    ] = False,
    force: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Print what fails its check; the manifest says why."),
    ] = None,
) -> None:
    """Build an exam: a PDF a student, print file, solutions, key, manifest, answer sheet.

    Solutions come both ways: all in solutions.pdf to mark by, and in solutions/ one a student to
    hand out afterwards.
    """
    from examgen.build import build as run
    from examgen.build import versions as lettered
    from examgen.exam import load_exam
    from examgen.proofread import untranslated

    if (roster is None) == (versions is None):
        raise typer.BadParameter("give either --roster or --versions")
    students = _listed(roster) if roster is not None else lettered(versions or 0)
    paper = load_exam(exam)
    if paper.file.seed < _SHORT_SEED:
        print(f"note: {exam}: a seed this short can be guessed; take 15 digits", file=sys.stderr)
    if foreign := untranslated(paper):
        print(f"note: {exam}: {foreign}", file=sys.stderr)
    with _progress() as progress:
        built = run(
            paper, students, out, jobs=jobs, replace=replace, force=force,
            large=_large(large, students), notes=notes, html=html, progress=progress,
        )  # fmt: skip
    print(
        f"{built.students} exam{'s' * (built.students != 1)} in {out / 'students'}, "
        f"{built.written} files written\n"
        f"to print:     {out / 'print' / 'all.pdf'}\n"
        f"formulas:     {out / 'print' / 'formula_sheet.pdf'}\n"
        f"solutions:    {out / 'instructor' / 'solutions.pdf'}\n"
        f"one each:     {out / 'instructor' / 'solutions'}\n"
        f"key:          {out / 'instructor' / 'key.csv'}\n"
        f"answer sheet: {out / 'answers.csv'}\n"
        + (f"for screens:  {out / 'html'}\n" if html else "")
        + f"manifest:     {built.manifest}\n"
        f"effort:       {built.effort}"
    )


def _listed(roster: Path) -> tuple[Student, ...]:
    """The students of a roster, with a note where it has columns that are not used."""
    from examgen.roster import read_full_roster

    found = read_full_roster(roster)
    if found.unused:
        print(f"note: {roster}: {found.unused}", file=sys.stderr)
    return found.students


def _large(written: str | None, students: Sequence[Student]) -> list[str]:
    """The ids that `--large` names."""
    if written == "all":
        return [student.student for student in students]
    return [name.strip() for name in (written or "").split(",") if name.strip()]


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Setting pages")

        def update(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield update
