"""The fixed words of a page, by language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it brings pydantic, which takes as long to load as all of this package
    from examgen.text import Language


@dataclass(frozen=True, slots=True)
class Words:
    """Every word that is not the author's, and the language that they and the texts are in."""

    language: Language
    question: str
    point: str
    points: str
    name: str
    student: str
    variant: str
    solution: str
    reached: str
    total: str
    conventions: str
    working: str
    page: str  # with {page} and {pages}
    version: str
    mark: str  # points in the margin, with {points}
    marks: str
    seat: str
    signature: str
    course: str
    date: str
    duration: str
    instructions: str
    aids: str
    your_working: str
    blank_page: str
    formula_sheet: str
    notes: str
    given: str
    questions: str


WORDS: dict[Language, Words] = {
    "en": Words(
        language="en",
        question="Question",
        point="point",
        points="points",
        name="Name",
        student="Student\N{NO-BREAK SPACE}no.",
        variant="Variant",
        solution="Solution",
        reached="Reached",
        total="Total",
        conventions="Conventions",
        working="Working",
        page="page {page} of {pages}",
        version="Version",
        mark="{points}\N{NO-BREAK SPACE}pt",
        marks="{points}\N{NO-BREAK SPACE}pts",
        seat="Seat",
        signature="Signature",
        course="Course",
        date="Date",
        duration="Duration",
        instructions="Instructions",
        aids="Permitted aids",
        your_working="Your working",
        blank_page="This page is intentionally left blank.",
        formula_sheet="Formula sheet",
        notes="Mistakes to look for",
        given="Given",
        questions="Questions",
    ),
    "de": Words(
        language="de",
        question="Aufgabe",
        point="Punkt",
        points="Punkte",
        name="Name",
        student="Matrikelnr.",
        variant="Variante",
        solution="Lösung",
        reached="Erreicht",
        total="Summe",
        conventions="Vereinbarungen",
        working="Rechnung",
        page="Seite {page} von {pages}",
        version="Version",
        mark="{points}\N{NO-BREAK SPACE}P.",
        marks="{points}\N{NO-BREAK SPACE}P.",
        seat="Platz",
        signature="Unterschrift",
        course="Veranstaltung",
        date="Datum",
        duration="Dauer",
        instructions="Hinweise",
        aids="Erlaubte Hilfsmittel",
        your_working="Ihre Rechnung",
        blank_page="Diese Seite bleibt frei.",
        formula_sheet="Formelsammlung",
        notes="Worauf zu achten ist",
        given="Gegeben",
        questions="Aufgaben",
    ),
}


@dataclass(frozen=True, slots=True)
class FeedbackWords:
    """The fixed words of the page that a student gets back."""

    language: Language
    feedback: str
    of: str
    question: str
    yours: str
    expected: str
    verdict: str
    points: str
    name: str
    student: str
    variant: str
    numbers: str
    worked: str
    nothing: str  # where there is no answer


FEEDBACK_WORDS: dict[Language, FeedbackWords] = {
    "en": FeedbackWords(
        language="en",
        feedback="Feedback",
        of="of",
        question="Question",
        yours="Your answer",
        expected="Expected",
        verdict="Verdict",
        points="Points",
        name="Name",
        student="Student",
        variant="Variant",
        numbers="Your numbers",
        worked="Steps to what was missed",
        nothing="–",
    ),
    "de": FeedbackWords(
        language="de",
        feedback="Rückmeldung",
        of="von",
        question="Aufgabe",
        yours="Ihre Antwort",
        expected="Erwartet",
        verdict="Bewertung",
        points="Punkte",
        name="Name",
        student="Matrikelnr.",
        variant="Variante",
        numbers="Ihre Zahlen",
        worked="Rechenweg zu dem, was gefehlt hat",
        nothing="–",
    ),
}


def counted(points: str, words: Words) -> str:
    """`1 point`, `2 points`, never apart at the end of a line."""
    return f"{points}\N{NO-BREAK SPACE}{words.point if points.strip() == '1' else words.points}"


def in_margin(points: str, words: Words) -> str:
    """`1 pt`, `2 pts`: as short as the margin is narrow."""
    return (words.mark if points.strip() == "1" else words.marks).format(points=points)
