"""From marks to what one student gets back: their answers, what was expected, and the steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, cast

from numpy.typing import NDArray

from examgen.errors import ExamgenError, cut, visible
from examgen.manifest import SlotForm
from examgen.marked import MarkedAnswer, MarkedExam, MarkedQuestion, Tone
from examgen.notation import decimal
from examgen.typeset import plain_text
from examgen.typeset.prose import pieces
from grader.arrays import Floats, Indices
from grader.feedback.steps import Steps, steps_of
from grader.feedback.unread import in_language
from grader.gradebook import Graded
from grader.marking.rubric import question_totals, totals
from grader.marking.verdicts import Verdict

LONGEST_RESPONSE = 300  # characters that are shown

_TONES: dict[Verdict, tuple[Tone, str]] = {
    Verdict.RIGHT: ("good", "✓"),
    Verdict.WRONG: ("bad", "×"),
    Verdict.BLANK: ("bad", "–"),
    Verdict.UNREADABLE: ("bad", "?"),
    Verdict.NEEDS_A_HUMAN: ("open", "…"),
    Verdict.FOLLOWS: ("partly", "→"),
    Verdict.KNOWN_MISTAKE: ("bad", "×"),
    Verdict.GIVEN_TO_ALL: ("good", "✓"),
    Verdict.BY_HAND: ("open", "○"),
}
_WORDS: dict[str, dict[Verdict, str]] = {
    "en": {
        Verdict.RIGHT: "right",
        Verdict.WRONG: "wrong",
        Verdict.BLANK: "no answer",
        Verdict.UNREADABLE: "not readable",
        Verdict.NEEDS_A_HUMAN: "still to be marked",
        Verdict.FOLLOWS: "follows an earlier answer",
        Verdict.KNOWN_MISTAKE: "known mistake",
        Verdict.GIVEN_TO_ALL: "given to all",
        Verdict.BY_HAND: "marked by hand",
    },
    "de": {
        Verdict.RIGHT: "richtig",
        Verdict.WRONG: "falsch",
        Verdict.BLANK: "keine Antwort",
        Verdict.UNREADABLE: "nicht lesbar",
        Verdict.NEEDS_A_HUMAN: "noch zu bewerten",
        Verdict.FOLLOWS: "Folgefehler",
        Verdict.KNOWN_MISTAKE: "bekannter Fehler",
        Verdict.GIVEN_TO_ALL: "allen gegeben",
        Verdict.BY_HAND: "von Hand bewertet",
    },
}
_FULL = {
    "en": "Full marks: every answer is right. Well done!",
    "de": "Volle Punktzahl: Alle Antworten sind richtig. Sehr gut!",
}
_WAITING = {
    "en": "Answers worth {points} are still to be marked and not in the total yet.",
    "de": "Antworten im Wert von {points} sind noch zu bewerten und fehlen in der Summe.",
}
_POINTS = {"en": ("point", "points"), "de": ("Punkt", "Punkten")}
_MISSED = frozenset(
    {Verdict.WRONG, Verdict.KNOWN_MISTAKE, Verdict.BLANK, Verdict.UNREADABLE, Verdict.FOLLOWS}
)


@dataclass(frozen=True)
class Sheets:
    """The marked exams of all graded students; templates are read and evaluated once for all."""

    graded: Graded

    def of(self, row: int) -> MarkedExam:
        """The marked exam of one student, by their place among the graded.

        Raises ExamgenError where the manifest's templates cannot be read.
        """
        manifest = self.graded.manifest
        exam, students, place = manifest.exam, manifest.students, int(self._students[row])
        total, possible = (float(column[row]) for column in self._totals)
        return MarkedExam(
            title=exam.title,
            course=exam.course,
            date=exam.date,
            language=cast("Literal['en', 'de']", self.language),
            student=students.student[place],
            name=students.name[place],
            code=students.code[place],
            points=rounded_points(total),
            possible=rounded_points(possible),
            percent=_percent(total, possible, self.language),
            remarks=tuple(self._remarks(row, total, possible)),
            questions=tuple(self._questions(row)),
        )

    @property
    def language(self) -> str:
        """The language of the paper; English where the page has no words in it."""
        language = self.graded.manifest.exam.language
        return language if language in _WORDS else "en"

    @property
    def _students(self) -> Indices:
        return self.graded.answers.students

    @cached_property
    def _totals(self) -> tuple[Floats, Floats]:
        return totals(self.graded.marks, self.graded.manifest)

    @cached_property
    def _question_totals(self) -> Floats:
        return question_totals(self.graded.marks, self.graded.manifest)

    @cached_property
    def _steps(self) -> Steps:
        return steps_of(self.graded)

    def _remarks(self, row: int, total: float, possible: float) -> Iterator[str]:
        marks = self.graded.marks
        if possible and total >= possible:
            yield _FULL[self.language]
        waiting = marks.verdicts[row] == Verdict.NEEDS_A_HUMAN
        if open_points := float(marks.possible[row, waiting].sum()):
            one, many = _POINTS[self.language]
            text = f"{rounded_points(open_points)} {one if open_points == 1 else many}"
            yield _WAITING[self.language].format(points=text)

    def _questions(self, row: int) -> Iterator[MarkedQuestion]:
        first = 0
        for number, question in enumerate(self.graded.manifest.questions):
            places = range(first, first + len(question.slots))
            asked = [place for place in places if self.graded.key.asked[row, place]]
            first = places.stop
            worked = self._steps.worked(row, number, [p for p in asked if self._is_missed(row, p)])
            yield MarkedQuestion(
                number=number + 1,
                title=self._steps.title(row, number) or question.title,
                points=rounded_points(float(self._question_totals[row, number])),
                possible=rounded_points(float(self.graded.marks.possible[row, asked].sum())),
                answers=told(
                    [self._answer(row, number, place) for place in asked],
                    self._steps.feedback(row, number),
                ),
                givens=self._steps.givens(row, number) if worked else (),
                worked=worked,
            )

    def _is_missed(self, row: int, place: int) -> bool:
        marks = self.graded.marks
        short = marks.points[row, place] < marks.possible[row, place]
        verdict = marks.verdicts[row, place]
        return verdict in _MISSED or (verdict == Verdict.BY_HAND and bool(short))

    def _answer(self, row: int, number: int, place: int) -> MarkedAnswer:
        graded, slot = self.graded, self.graded.manifest.slots[place]
        verdict = Verdict(int(graded.marks.verdicts[row, place]))
        tone, sign = _TONES[verdict]
        reason, note = self._reason(row, place)
        form = self._steps.form(row, number, place)
        return MarkedAnswer(
            part=slot.part,
            label=form.label,
            response=cut(self._response(row, place), LONGEST_RESPONSE),
            expected=self._expected(row, number, place, form),
            tone=tone,
            sign=sign,
            verdict=_WORDS[self.language][verdict],
            points=rounded_points(float(graded.marks.points[row, place])),
            possible=rounded_points(float(graded.marks.possible[row, place])),
            reason=reason,
            note=note,
        )

    def line(self, row: int, place: int) -> str:
        """One answer in a line of plain text: its slot, the verdict, and the reason for it."""
        slot = self.graded.manifest.slots[place]
        verdict = _WORDS[self.language][Verdict(int(self.graded.marks.verdicts[row, place]))]
        rich, note = self._reason(row, place)
        reason = plain_text(rich) if rich else note
        return f"{slot.id}: {verdict}" + (f" ({reason})" if reason else "")

    def _response(self, row: int, place: int) -> str:
        cells = self.graded.answers.cells
        return visible(str(cells.texts[int(cells.codes[row, place])].as_py() or ""))

    def _expected(self, row: int, number: int, place: int, slot: SlotForm) -> str:
        """The right answer as prose: a number as it is asked for, or a formula."""
        if self.graded.manifest.slots[place].kind == "formula":
            return self._steps.formula(row, number, place)
        value = Fraction(repr(float(self.graded.key.expected[row, place])))
        return f"${decimal(value, 6 if slot.decimals is None else slot.decimals)}$"

    def _reason(self, row: int, place: int) -> tuple[str, str]:
        """Why an answer got its verdict: as prose, or as text that stands for itself."""
        marks, answers = self.graded.marks, self.graded.answers
        reason = marks.reasons[int(marks.reason_of[row, place])]
        unreadable = marks.verdicts[row, place] == Verdict.UNREADABLE
        if reason.rich and not unreadable and _is_prose(reason.rich):
            return reason.rich, ""
        text = reason.text
        if unreadable and not text:
            text = answers.readings.reasons.get(int(answers.cells.codes[row, place]), "")
        if unreadable:
            text = in_language(text, self.language)
        return "", cut(text[:1].upper() + text[1:], LONGEST_RESPONSE)


def told(
    answers: Sequence[MarkedAnswer], feedback: Mapping[str, tuple[str, ...]]
) -> tuple[MarkedAnswer, ...]:
    """The answers, the last one of each part with what is said of the part, parts of it first."""
    said: dict[int, tuple[str, ...]] = {}
    for label, texts in reversed(list(feedback.items())):
        own = [n for n, one in enumerate(answers) if f"{one.part}.".startswith(f"{label}.")]
        if own:
            said[own[-1]] = said.get(own[-1], ()) + texts
    return tuple(replace(one, feedback=said.get(n, ())) for n, one in enumerate(answers))


def narrowed(graded: Graded, rows: Indices) -> Graded:
    """A graded exam of some of the graded students alone."""
    answers, key, marks = graded.answers, graded.key, graded.marks

    def some(array: NDArray[Any]) -> NDArray[Any]:
        return array[rows]

    return replace(
        graded,
        answers=replace(
            answers,
            students=some(answers.students),
            rows=some(answers.rows),
            cells=replace(answers.cells, codes=some(answers.cells.codes)),
        ),
        key=replace(
            key,
            expected=some(key.expected),
            tolerance=some(key.tolerance),
            asked=some(key.asked),
        ),
        marks=replace(
            marks,
            verdicts=some(marks.verdicts),
            points=some(marks.points),
            possible=some(marks.possible),
            reason_of=some(marks.reason_of),
        ),
    )


def rounded_points(points: float) -> str:
    """Points as printed, to two decimals at most.

    >>> rounded_points(2.0), rounded_points(0.333333), rounded_points(-0.5)
    ('2', '0.33', '−0.5')
    """
    return decimal(Fraction(repr(points)), 2).replace("-", "\N{MINUS SIGN}")


def _percent(total: float, possible: float, language: str) -> str:
    if not possible:
        return ""
    shown = decimal(Fraction(repr(total)) / Fraction(repr(possible)) * 100, 1)
    return f"{shown}%" if language == "en" else f"{shown}\N{NO-BREAK SPACE}%"


def _is_prose(text: str) -> bool:
    try:
        pieces(text)
    except ExamgenError:
        return False
    return True
