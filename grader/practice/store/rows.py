"""What the rows of the tables tell: rounds, attempts, grades and standings as values."""

from __future__ import annotations

from typing import Any

from grader.practice.schedule import Done
from grader.practice.schedule.standing import Standing
from grader.practice.store import codec
from grader.practice.store.file import File
from grader.practice.values import Attempt, Grade, Round


class Rows:
    """Makes rounds of rows; what belongs to a round is read from the file. Raises ExamgenError.

    A row that makes no sense raises MeaninglessError, but for those that belong to a round: they
    are left out.
    """

    def __init__(self, file: File) -> None:
        self._file = file

    def round(self, number: int, task: str, begun: str, closed: str | None) -> Round:
        """A round from its row, with all that belongs to it."""
        return Round(
            id=number,
            task=codec.read_task(codec.read(task)),
            begun=codec.read_time(begun),
            attempts=self._attempts(number),
            hints=dict(self._of_round("slot, max(shown, 0)", "hints", number)),
            passed=frozenset(slot for (slot,) in self._of_round("slot", "passed", number)),
            closed=None if closed is None else codec.read_time(closed),
            grades=self._grades(number),
        )

    def _attempts(self, number: int) -> tuple[Attempt, ...]:
        rows = self._of_round("id, slot, response, feedback, at", "attempts", number)
        return tuple(self._file.read("attempts", rows, attempt_of))

    def _grades(self, number: int) -> dict[str, Grade]:
        rows = self._of_round("rowid, skill, grade", "grades", number)
        return dict(self._file.read("grades", rows, grade_of))

    def _of_round(self, columns: str, table: str, number: int) -> list[Any]:
        """The rows of a round in the order in which they were written."""
        statement = f"SELECT {columns} FROM {table} WHERE round = ? ORDER BY rowid"
        return self._file.rows(statement, number)

    def done(self, number: int, task: str, closed: str, day: str, skipped: int) -> Done:
        """A round that has ended, in short, from its row."""
        asked = codec.read_task(codec.read(task))
        return Done(
            round=number,
            question=asked.question,
            skill=asked.skill,
            mixed=asked.mixed,
            closed=codec.read_time(closed),
            day=codec.read_day(day),
            skipped=bool(skipped),
            grades=tuple(self._grades(number).items()),
            asked=asked.asked,
        )


def attempt_of(_: int, slot: str, response: str, feedback: str, at: str) -> Attempt:
    """An attempt from its row. Raises MeaninglessError, as all of these."""
    said = codec.read_feedback(slot, codec.read(feedback))
    return Attempt(slot, response, said, codec.read_time(at))


def grade_of(_: int, skill: str, grade: str) -> tuple[str, Grade]:
    """A skill and how it went, from its row."""
    return skill, codec.read_grade(grade)


def standing_of(skill: str, text: str) -> Standing:
    """A standing from its row."""
    return codec.read_standing(skill, codec.read(text))


def mistakes_in(_: int, number: int, slot: str, text: str) -> set[tuple[int, str, str]]:
    """The misconceptions that an attempt's row names, each with its round and slot."""
    feedback = codec.read_feedback(slot, codec.read(text))
    return {(number, slot, name) for name in feedback.mistakes}
