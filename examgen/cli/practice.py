"""Commands for students: practise, in the terminal, in the browser or in a file to take along."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from examgen.text import Language
    from grader.practice.store import Store

app = typer.Typer()
export = typer.Typer(no_args_is_help=True, help="Write questions for use elsewhere.")


def _day(written: str) -> date:
    """A day as ISO 8601 writes it. Raises BadParameter for anything else."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"found '{written}', expected a date such as 2027-02-11") from None


_Language = Annotated[Literal["en", "de"] | None, typer.Option(help="Of all texts.")]


@app.command()
def practice(
    topics: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|TOPIC]...",
            help="Questions to do as a whole; or skills, cells, losses; default: what is due.",
        ),
    ] = None,
    web: Annotated[bool, typer.Option("--web", help="In the browser.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 0,
    browse: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = True,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole", help="All answers first, to look over and change, then the marking."
        ),
    ] = False,
    exam: Annotated[
        date | None,
        typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Spread the work up to it; is kept."),
    ] = None,
    no_exam: Annotated[bool, typer.Option("--no-exam", help="Forget the day of the exam.")] = False,
    set_: Annotated[
        Path | None,
        typer.Option("--set", readable=False, help="An instructor's practice set (YAML)."),
    ] = None,
    rounds: Annotated[int | None, typer.Option(min=1, max=200, help="A day; usually 20.")] = None,
    new: Annotated[
        int | None, typer.Option(min=0, max=50, help="New skills a day; usually 5.")
    ] = None,
    progress: Annotated[bool, typer.Option("--progress", help="Show where you stand.")] = False,
    share: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write your progress for your instructor, if you agree."),
    ] = None,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="By what name you share it.")
    ] = "",
    export_: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write all that is kept of you.")
    ] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Delete all that is kept of you.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing before sharing, erasing.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Where progress is kept."),
    ] = None,
    language: _Language = None,
) -> None:
    """Practise: fresh numbers, what went wrong and why, hints, and what is due comes back.

    In the terminal: ? or show for the next hint, solution for all, skip, next, back (with --whole),
    again, quit, help.
    """
    if erase:
        _erase(data, yes)
        return
    if progress and web:
        raise typer.BadParameter("--progress is for the terminal; the page of --web has its own")
    if name and share is None:
        raise typer.BadParameter("--as is the name for --share FILE")
    if share is not None and topics:
        raise typer.BadParameter("--share takes no topics; --set FILE shares what a set is about")
    from grader.practice.store import open_store

    with open_store(data) as store:
        for note in store.notes:
            print(f"note: {note}", file=sys.stderr)
        if export_ is not None:
            _export(store, export_)
            return
        if share is not None:
            _share(store, share, name, set_, yes, language)
            return
        from grader.practice.opening import Wishes, opened

        if exam and exam < date.today():
            print(f"note: {exam.isoformat()} is over: --exam is a day to come", file=sys.stderr)
        if no_exam:
            store.set("exam", None)
        wishes = Wishes(tuple(topics or ()), rounds, new, exam, language, set_)
        desk = opened(store, wishes)
        if web:
            from grader.practice.web import serve

            desk.get_ready()
            serve(desk, port, tell=_tell, browse=browse, whole=whole)
        else:
            from grader.practice.terminal import talk_here

            talk = talk_here(desk, whole=whole)
            talk.progress() if progress else talk.run()


def _tell(address: str) -> None:
    print(f"practice is at {address} (Ctrl-C ends it)", flush=True)


def _export(store: Store, path: Path) -> None:
    from examgen.files import write_atomically
    from grader.practice.store import check_elsewhere, export_data

    check_elsewhere(store, path)
    write_atomically(path, export_data(store))
    print(f"all that is kept of your practice is in {path}")


def _share(
    store: Store,
    path: Path,
    name: str,
    set_file: Path | None,
    yes: bool,
    language: Language | None,
) -> None:
    """Write a student's progress for others, after they saw in words what it is, and agreed."""
    from examgen.errors import ExamgenError
    from grader.practice.classroom.set_file import read_set
    from grader.practice.classroom.share import write_share
    from grader.practice.classroom.sharing import agreed, share_of, told
    from grader.practice.desk import local_time
    from grader.practice.opening import spoken
    from grader.practice.store import check_elsewhere

    check_elsewhere(store, path)
    chosen = read_set(set_file) if set_file else None
    words = spoken(store, language, chosen)
    made = share_of(store, name, local_time(), chosen)
    print(told(made, str(path), words), flush=True)
    if not yes and not sys.stdin.isatty():
        raise ExamgenError("nothing was written: agree to it at a terminal, or by --yes")
    if not yes and not agreed(input, words):
        raise ExamgenError("nothing was written")
    write_share(made, path)
    print(path)


def _erase(data: Path | None, yes: bool) -> None:
    from grader.practice.store import default_path, erase
    from grader.practice.terminal.figures import erase_figures

    path = data or default_path()
    if not yes:
        typer.confirm(f"Delete all practice in {path}?", abort=True)
    gone = (*erase(data), *erase_figures())
    print("\n".join(f"deleted {one}" for one in gone) or f"there was nothing in {path}")


@export.command("practice")
def export_practice(
    questions: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Questions, or files ending in .yaml.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The .html file to write.")],
    variants: Annotated[int, typer.Option(min=1, max=200, help="Of each question.")] = 20,
    apart: Annotated[
        Path | None,
        typer.Option(
            metavar="MANIFEST", readable=False, help="Leave out what this built exam printed."
        ),
    ] = None,
    language: _Language = None,
) -> None:
    """Write questions to practise into one file that works anywhere, without a server."""
    from examgen.bank import find_templates
    from examgen.manifest_file import read_manifest
    from grader.practice.offline import export_practice as run

    templates = [one for written in questions for one in find_templates(written)]
    exam = read_manifest(apart) if apart else None
    made = run(templates, out, variants=variants, language=language or "en", apart=exam)
    wanted = variants * len(set(questions))
    few = f" of {wanted}: the questions have no more" if made.variants < wanted else ""
    many = "variant" if made.variants == 1 else "variants"
    print(f"{made.variants} {many}{few}, in {made.path}, {made.bytes / 1000:.0f} kB")
