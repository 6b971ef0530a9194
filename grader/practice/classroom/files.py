"""Shares of a whole class, read in bulk: each file is used, or listed with the reason why not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from examgen.errors import ExamgenError, Problem, visible
from examgen.files import fold
from examgen.roster import Student
from examgen.text import Language
from grader.practice.classroom.share import Share, read_share
from grader.practice.classroom.words import REASONS

MOST_FILES = 100_000


@dataclass(frozen=True)
class Used:
    """A share that counts. file: below the folder. student: of the roster, if it is on it."""

    file: str
    share: Share
    student: Student | None = None


@dataclass(frozen=True)
class Unused:
    """A file that does not count. said: what is wrong with it, or which file counts instead."""

    file: str
    said: str
    kind: Literal["faulty", "later", "same"] = "faulty"

    @property
    def reason(self) -> str:
        """Why it does not count."""
        return self.told("en")

    def told(self, language: Language) -> str:
        """The same in a language; what is wrong with a file is told in English in each."""
        return REASONS[language][self.kind].format(said=self.said)


@dataclass(frozen=True)
class Shares:
    """What was found in a folder. used: a share a student, by name."""

    used: tuple[Used, ...]
    unused: tuple[Unused, ...]

    @property
    def files(self) -> int:
        """How many there were."""
        return len(self.used) + len(self.unused)


def gathered(folder: Path, roster: Sequence[Student] = ()) -> Shares:
    """All shares (*.json) in a folder and those below it; of a student the latest counts.

    Who is told by id, e-mail or full name of the roster is the same student under each of them.
    Raises ExamgenError if there is no such folder, or nothing in it.
    """
    paths = _paths(folder)
    if not paths:
        message = "there are no shares (*.json) in this folder"
        raise ExamgenError(Problem(message, file=str(folder)))
    whose = _directory(roster)
    found: list[Used] = []
    unused: list[Unused] = []
    for path in paths:
        file = _shown(path.relative_to(folder))
        try:
            share = _read(path)
            found.append(Used(file, share, whose(share.name)))
        except ExamgenError as error:
            unused.append(Unused(file, visible(error.problems[0].message)))
    used, earlier = _latest(found)
    files = sorted((*unused, *earlier), key=lambda one: one.file)
    return Shares(tuple(sorted(used, key=_order)), tuple(files))


def _read(path: Path) -> Share:
    """The share in a file; a pipe or a device among them would keep the reader waiting for ever."""
    if path.exists() and not path.is_file():
        raise ExamgenError(
            Problem("this is no file, but a folder, a pipe or a device", file=str(path))
        )
    if path.exists() and not path.stat().st_size:  # nor is what links to /proc ever read
        raise ExamgenError(Problem("it is empty", file=str(path)))
    return read_share(path)


def _paths(folder: Path) -> list[Path]:
    """The files, in an order that depends on nothing but their names."""
    if not folder.is_dir():
        raise ExamgenError(Problem("there is no such folder", file=str(folder)))
    found: list[Path] = []
    for place, _, names in os.walk(folder, onerror=_refuse):  # links to folders are not followed
        found += [Path(place) / name for name in names if name.lower().endswith(".json")]
        if len(found) > MOST_FILES:
            raise ExamgenError(
                Problem(
                    f"found more than {MOST_FILES:,} shares, expected those of one class",
                    file=str(folder),
                )
            )
    return sorted(found, key=os.fspath)


def _refuse(error: OSError) -> NoReturn:
    """A folder that cannot be read would be missing without a word."""
    message = f"cannot be read: {error.strerror}"
    raise ExamgenError(Problem(message, file=str(error.filename)))


def _shown(path: Path) -> str:
    """A file's name as text that moves no cursor; what is none in it is replaced."""
    return visible(path.as_posix().encode("utf-8", "replace").decode())


def _order(one: Used) -> tuple[str, str]:
    return fold(one.share.name), one.file


def _latest(found: Iterable[Used]) -> tuple[list[Used], Iterator[Unused]]:
    """The last share of each student, and the others."""
    latest: dict[str, Used] = {}
    others: list[tuple[Used, str]] = []
    for one in sorted(found, key=_age):
        key = one.student.student if one.student else f"\0{fold(one.share.name)}"
        if key in latest:
            others.append((latest[key], key))
        latest[key] = one
    return list(latest.values()), (_instead(one, latest[key]) for one, key in others)


def _instead(one: Used, other: Used) -> Unused:
    """A share instead of which another of the same student counts."""
    return Unused(one.file, other.file, "same" if one.share == other.share else "later")


def _age(one: Used) -> tuple[str, int, str]:
    """By day; on one day the one with more rounds is later."""
    rounds = sum(skill.rounds for skill in one.share.skills)
    return one.share.on.isoformat(), rounds, one.file


def _directory(roster: Sequence[Student]) -> Callable[[str], Student | None]:
    """Who is meant by a name; an id before an e-mail, this before a full name that is one's own."""
    known: dict[str, Student | None] = {}
    for attribute in ("student", "email", "name"):
        own: dict[str, Student | None] = {}
        for one in roster:
            word = fold(getattr(one, attribute))
            own[word] = None if word in own else one
        known = {**own, **known}
    known.pop("", None)
    return lambda name: known.get(fold(name))
