"""Which files are answers: one, several, or all of a folder; the others are named with a reason."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from examgen.errors import ExamgenError, Problem

FORMATS = (".csv", ".tsv", ".txt", ".xlsx")
MOST_FILES = 100_000
LONGEST_NAME = 80  # characters that are shown


@dataclass(frozen=True)
class Source:
    """A file to be read, and its name as it is shown: one line, different from all others."""

    path: Path
    name: str


@dataclass(frozen=True)
class Refused:
    """A file of which nothing is graded, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Sources:
    """The files to be read, in order, and those of a folder that are passed over."""

    files: tuple[Source, ...]
    passed_over: tuple[Refused, ...]


def find_sources(paths: Sequence[Path]) -> Sources:
    """Files as given, folders by the answer files in them, sorted by name; each file once.

    Raises `ExamgenError` for a folder without answer files, and for too many.
    """
    found: list[Path] = []
    passed: list[Refused] = []
    for path in paths:
        if path.is_dir():
            found += _in_folder(path, passed)
        else:
            found.append(path)
    once = list(dict.fromkeys(found))
    if not once:
        raise ExamgenError("no answer file was given")
    if len(once) > MOST_FILES:
        raise ExamgenError(f"more than {MOST_FILES:,} answer files")
    return Sources(tuple(_named(once)), tuple(passed))


def _in_folder(folder: Path, passed: list[Refused]) -> list[Path]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ExamgenError(Problem(message, file=printable(str(folder)))) from error
    reasons = [(entry, _reason(entry)) for entry in entries]
    passed += [Refused(printable(entry.name), reason) for entry, reason in reasons if reason]
    if found := [folder / entry.name for entry, reason in reasons if not reason]:
        return found
    message = f"cannot be read: no {', '.join(FORMATS)} file is in this folder"
    raise ExamgenError(Problem(message, file=printable(str(folder))))


def _reason(entry: os.DirEntry[str]) -> str:
    """Why an entry of a folder is no answer file; empty for one."""
    if entry.name.startswith("~$") or entry.name.startswith(".~lock"):
        return "the lock of a program that has it open"
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_symlink():
        return "a link: give the file itself"
    if entry.is_dir():
        return "a folder"
    if not entry.is_file():
        return "no regular file"
    if not entry.name.casefold().endswith(FORMATS):
        return "not " + ", ".join(FORMATS)
    return ""


def _named(paths: Sequence[Path]) -> Iterator[Source]:
    """Each file by its last name where that tells it apart, else by its path."""
    counts = Counter(printable(path.name) for path in paths)
    for path in paths:
        name = printable(path.name)
        yield Source(path, name if counts[name] == 1 else printable(str(path)))


def printable(name: str) -> str:
    """A file name on one line: line breaks and what else cannot be seen become signs.

    >>> printable("a\\nb.csv")
    'a�b.csv'
    """
    shown = "".join(char if char.isprintable() else "�" for char in name)
    return shown if len(shown) <= LONGEST_NAME else "…" + shown[-LONGEST_NAME:]
