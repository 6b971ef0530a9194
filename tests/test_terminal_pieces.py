"""Pieces of a terminal's screen: lines, columns, rows, a mark under a place, a verdict."""

from __future__ import annotations

from io import StringIO

from rich.console import Console, RenderableType
from rich.text import Text

from grader.practice.terminal.lines import Caret, Columns, Line, Rows, broken
from grader.practice.terminal.pages import feedback
from grader.practice.values import Feedback


def test_lines_wrap_and_hang() -> None:
    """The first line is indented, the others more; a blank line stays empty."""
    console = Console(file=StringIO(), width=20)
    console.print(Line(Text("one two three four five six"), 2, hanging=3), Line(Text("")))
    assert isinstance(console.file, StringIO)
    assert console.file.getvalue() == "  one two three\n     four five six\n\n"


def test_no_line_ends_at_a_space_that_says_so() -> None:
    """And what stands there keeps its look."""
    told = Text.assemble("one two ", ("three\N{NO-BREAK SPACE}×", "bold"), " four")
    assert _shown(Line(told), 13) == "one two\nthree\N{NO-BREAK SPACE}× four\n"
    console = Console(file=StringIO(), width=13, force_terminal=True, color_system="256")
    console.print(Line(told))
    assert isinstance(console.file, StringIO)
    assert "\x1b[1mthree\N{NO-BREAK SPACE}×\x1b[0m four" in console.file.getvalue()


def test_things_to_type_are_kept_together() -> None:
    """A line ends between two of them; one that is too long for a line stays for others to wrap."""
    told = "? (hint)  skip (this answer)   quit"
    assert broken(told, 35) == told
    assert broken(told, 34) == "? (hint)  skip (this answer)\nquit"
    assert broken(told, 26, hanging=2) == "? (hint)\nskip (this answer)\nquit"
    assert broken(told, 1) == "? (hint)\nskip (this answer)\nquit"


def test_columns_are_read_across_or_down() -> None:
    """As many as fit, at most as many as wanted."""
    assert _shown(Columns("abcde", indent=1), 12) == " a   b   c\n d   e\n"
    assert _shown(Columns("abcde", down=True, most=2), 40) == "a   d\nb   e\nc\n"
    assert _shown(Columns(["wide", "wider"]), 8) == "wide\nwider\n"


def test_rows_fall_apart_where_they_are_too_wide() -> None:
    """A line each under a head, or two lines with the names of the cells."""
    rows = Rows([Text("who"), Text("n")], [[Text("Ada"), Text("1")], [Text("日"), Text("")]])
    assert _shown(rows, 20) == "who  n\nAda  1\n日\n"
    assert _shown(rows, 6) == "Ada\n n 1\n日\n\n"


def test_the_caret_is_beside_its_note_or_above() -> None:
    """Wherever there is room."""
    assert _shown(Caret("ab", "c", "here", "bold"), 20) == "abc\n  ^ here\n"
    assert _shown(Caret("ab", "c", "here", "bold"), 7) == "abc\n  ^\nhere\n"


def _shown(what: RenderableType, width: int) -> str:
    console = Console(file=StringIO(), width=width)
    console.print(what)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_rounded_otherwise() -> None:
    """A right number is told what rounding gives, and once that it is right."""
    said = Feedback("z", "rounded", "Right. Rounded to 1 decimal it is $-0.5$.")
    assert _shown(feedback(said, "-0.51", "en"), 80) == (
        "  ≈ Right. Rounded to 1 decimal it is −0.5.\n"
    )


def test_a_note_without_a_place() -> None:
    """What cannot be read anywhere has no caret; a note that cites it is safe."""
    said = Feedback("z", "unreadable", note="'\x1b[31m' is nothing")
    shown = _shown(feedback(said, "\x1b[31m", "en"), 80)
    assert shown == "  ? Cannot be read: '�[31m' is nothing\n"
