"""Titles of mistakes: every known one has its own, in both languages."""

from __future__ import annotations

from examgen.misconceptions import DECLARED, TABLE
from examgen.misconceptions.titles import TITLES, mistake_title


def test_every_mistake_has_a_title_of_its_own() -> None:
    """And nothing else has."""
    assert set(TITLES) == {row.name for row in TABLE} | set(DECLARED)
    for language in ("en", "de"):
        titles = [mistake_title(name, language) for name in TITLES]
        assert len(set(titles)) == len(titles)


def test_an_authors_own_mistake_goes_by_its_name() -> None:
    """There are no other words for it."""
    assert mistake_title("forgot_my_rule", "de") == "forgot my rule"
