"""Why an answer could not be read, in German: grader/feedback/unread.py."""

from __future__ import annotations

import pytest

from grader.feedback.unread import GERMAN, in_language
from grader.reading.numbers import read_number
from grader.reading.unreadable import ROWS, Unreadable
from tests.number_cases import SECTIONS


def test_every_reason_of_the_number_reader_is_known_in_german() -> None:
    """A row added to the table of reasons needs its sentence here."""
    reasons = {reason.format(mark="comma", others="points") for _, _, reason in ROWS}
    assert reasons - set(GERMAN) == set()


def test_every_unreadable_spelling_is_explained_in_german() -> None:
    """All that the cases of the number grammar lead to."""
    untold = set()
    for section in SECTIONS:
        for case in section.cases:
            read = read_number(case[0], section.decimal)
            if isinstance(read, Unreadable) and in_language(str(read), "de") == str(read):
                untold.add(read.reason)
    assert untold == set()


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("two signs (at character 2)", "zwei Vorzeichen (bei Zeichen 2)"),
        ("two signs", "zwei Vorzeichen"),
        (
            "longer than 100 characters (at character 101)",
            "länger als 100 Zeichen (bei Zeichen 101)",
        ),
        ("found 'a)', expected ')'", "'a)', wo ')' stehen muss"),
        ("found the end, expected ')'", "die Formel hört auf, wo ')' folgen muss"),
        ("'{0}' is no name", "'{0}' ist kein Name"),
        (
            "the inverse of tanh, or one over it?",
            "die Umkehrung von tanh, oder eins durch tanh?",
        ),
        ("something nobody has said yet (at character 3)", "something nobody has said yet"),
    ],
)
def test_what_stands_in_the_answer_is_kept(english: str, german: str) -> None:
    """Its text is never taken for a form, and a sentence without translation stays."""
    assert in_language(english, "de").startswith(german)
    assert in_language(english, "en") == english
