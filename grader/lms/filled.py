"""The account of an export that marks were filled into: what became of every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.reading.identities import examples


@dataclass(frozen=True)
class Existing:
    """A mark that stood on the export already and is not that of this grading."""

    student: str
    there: str
    mark: float

    def __str__(self) -> str:
        return f"{self.student} ({self.there[:20]}, here {self.mark:.2f})"


@dataclass(frozen=True)
class Filled:
    """What became of every row of the export, and of every graded student.

    Each row is one of: filled, already (had this very mark), kept or replaced (had another one),
    absent (submitted nothing), stranger (not in the exam), suspect (resembles a student, with the
    reason), barred (the system takes no mark there). not_there: graded, but not on the export.
    feedback counts the texts.
    """

    column: str
    key: str
    rows: int
    filled: int = 0
    already: int = 0
    feedback: int = 0
    kept: tuple[Existing, ...] = ()
    replaced: tuple[Existing, ...] = ()
    absent: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    not_there: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        listed = (self.kept, self.replaced, self.absent, self.strangers, self.suspects, self.barred)
        assert self.rows == self.filled + self.already + sum(map(len, listed)), "bug: a row is lost"

    def lines(self) -> Iterator[tuple[str, str]]:
        """The account as pairs of name and value, to be printed; lists with their first entries."""
        yield "column", f"{self.column} (students by '{self.key}')"
        yield "marks", f"{self.rows:,} rows = {self.filled:,} filled in{self._others()}"
        if self.feedback:
            yield "feedback", f"{self.feedback:,} filled in"
        for name, entries in self._lists().items():
            if entries:
                yield name, f"{len(entries):,}: {examples(map(str, entries), len(entries))}"
        yield from (("note", note) for note in self.notes)

    def _others(self) -> str:
        counts = {"there already": self.already}
        counts |= {name: len(entries) for name, entries in self._lists().items()}
        counts.pop(_NOT_THERE)
        return "".join(f" + {count:,} {name}" for name, count in counts.items() if count)

    def _lists(self) -> dict[str, Sequence[object]]:
        return {
            "kept with another mark": self.kept,
            "replaced": self.replaced,
            "without a submission": self.absent,
            "not in the exam": self.strangers,
            "suspect, not joined": self.suspects,
            "that take no mark": self.barred,
            _NOT_THERE: self.not_there,
        }


_NOT_THERE = "graded, not on the export"
