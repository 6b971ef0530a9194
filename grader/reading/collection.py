"""The files that hold answers to one exam, read, and those that do not, with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from examgen.errors import ExamgenError, Problem
from grader.reading.identities import Found, examples, find_students
from grader.reading.sheets import FEW, Reader, Sheet
from grader.reading.sources import Refused, Source, find_sources

MOST_PROBLEMS = 20
MOST_NOTES = 20  # about single files
_FEW_ROWS = 5  # a smaller file is not refused for its strangers while others are read


@dataclass(frozen=True)
class Collection:
    """The files that were read, whose their rows are (parallel), and all other files."""

    sheets: tuple[Sheet, ...]
    found: tuple[Found, ...]
    refused: tuple[Refused, ...]
    passed_over: tuple[Refused, ...]

    def notes(self) -> Iterator[str]:
        """What is odd about files: how they were understood, which were not read, and why."""
        yield from self._layout_notes()
        for files, what in (
            (self.refused, "files refused, nothing of them is graded"),
            (self.passed_over, "not read"),
        ):
            named = (f"{each.file} ({each.reason[:200]})" for each in files)
            if files:
                yield f"{what}: {examples(named, len(files))}"

    def _layout_notes(self) -> Iterator[str]:
        """Notes on single files; what is said of several is said once."""
        said: dict[str, list[str]] = {}
        for sheet in self.sheets:
            for note in sheet.layout.notes:
                said.setdefault(note, []).append(sheet.name)
        for note, files in list(said.items())[:MOST_NOTES]:
            alone = len(self.sheets) == 1
            yield note if alone else f"{examples(files, len(files))}: {note}"
        if (more := len(said) - MOST_NOTES) > 0:
            yield f"and {more:,} more such notes on single files"


@dataclass(frozen=True)
class _Failed:
    """A file that holds no answers to this exam, with all problems."""

    file: str
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> Refused:
        """The first problem, on one line."""
        return Refused(self.file, self.problems[0].message.partition("\n")[0])


def collect(paths: Sequence[Path], reader: Reader) -> Collection:
    """Read all files; raises `ExamgenError` with their problems where none holds answers."""
    sources = find_sources(paths)
    sheets, failed = _read_all(sources.files, reader)
    alone = len(sources.files) == 1
    pairs = list(zip(sheets, _find_all(sheets, reader), strict=True))
    strange = [_stranger(sheet, who, alone=alone) for sheet, who in pairs]
    failed += [each for each in strange if each]
    pairs = [pair for pair, each in zip(pairs, strange, strict=True) if not each]
    if not pairs:
        raise ExamgenError(_problems(failed))
    _refuse_other_class([who for _, who in pairs])
    return Collection(
        sheets=tuple(sheet for sheet, _ in pairs),
        found=tuple(who for _, who in pairs),
        refused=tuple(each.refused for each in failed),
        passed_over=sources.passed_over,
    )


def _read_all(sources: Sequence[Source], reader: Reader) -> tuple[list[Sheet], list[_Failed]]:
    sheets, failed = [], []
    for source in sources:
        try:
            sheets.append(reader.read(source))
        except ExamgenError as error:
            failed.append(_Failed(source.name, error.problems))
    return sheets, failed


def _find_all(sheets: Sequence[Sheet], reader: Reader) -> list[Found]:
    """The students of each file's rows; files that name them alike are looked up together."""
    found: dict[int, Found] = {}
    for holds in dict.fromkeys(sheet.layout.holds for sheet in sheets):
        these = [i for i, sheet in enumerate(sheets) if sheet.layout.holds == holds]
        chunks = [chunk for i in these for chunk in sheets[i].students.chunks]
        written = pa.chunked_array(chunks, type=pa.string())
        together = find_students(written, reader.manifest.students, holds)
        parts = together.split([len(sheets[i]) for i in these])
        found |= dict(zip(these, parts, strict=True))
    return [found[i] for i in range(len(sheets))]


def _stranger(sheet: Sheet, who: Found, *, alone: bool) -> _Failed | None:
    """A file whose students are not on the roster."""
    rows, strangers = len(sheet), int(np.count_nonzero(who.strangers))
    if rows >= (1 if alone else _FEW_ROWS) and rows - strangers < FEW * rows:
        problem = Problem(_other_class(rows, strangers), file=sheet.path)
        return _Failed(sheet.name, (problem,))
    return None


def _refuse_other_class(found: Sequence[Found]) -> None:
    """Many small files, each too small to be refused for its strangers."""
    rows = sum(len(who.students) for who in found)
    strangers = sum(int(np.count_nonzero(who.strangers)) for who in found)
    if rows and rows - strangers < FEW * rows:
        raise ExamgenError(_other_class(rows, strangers))


def _other_class(rows: int, strangers: int) -> str:
    return (
        f"answers to another exam: of its {rows:,} rows {strangers:,} name a student who is not on "
        "the roster"
    )


def _problems(failed: Sequence[_Failed]) -> list[Problem]:
    problems = [problem for each in failed for problem in each.problems]
    more = len(problems) - MOST_PROBLEMS
    return problems[:MOST_PROBLEMS] + ([Problem(f"and {more:,} more problems")] if more > 0 else [])
