"""Tests of the pictures: SVG that stands inside a page, the same for the same numbers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.marking.verdicts import Verdict
from grader.reporting.charts import COLOURS, histogram, verdict_bars

COUNTS = np.arange(3 * len(Verdict)).reshape(3, len(Verdict))
LABELS = ["dL_dw", "$h_1$", "a<b"]


def bars(name: str = "bars") -> str:
    """Three slots with every verdict."""
    return verdict_bars(name, LABELS, COUNTS)


def bins() -> str:
    """Four bins with 3, 0, 5 and 2 students."""
    return histogram(np.array([3, 0, 5, 2]), np.arange(5.0), 2.4, 2.5, "points")


def texts(svg: str) -> list[str]:
    """All words in a picture."""
    return [
        element.text or ""
        for element in ElementTree.fromstring(svg).iter()
        if element.tag[-5:] == "}text"
    ]


@pytest.mark.parametrize("draw", [bars, bins])
def test_a_picture_is_one_element(draw) -> None:  # type: ignore[no-untyped-def]
    """No document head, no metadata, no style that reaches the page; well-formed."""
    svg = draw()
    assert svg.startswith("<svg")
    assert svg.endswith("</svg>")
    assert not re.search(r"<\?xml|<!DOCTYPE|<metadata|<style|<script|\d{4}-\d\d-\d\dT", svg)
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("draw", [bars, bins])
def test_the_same_numbers_give_the_same_picture(draw) -> None:  # type: ignore[no-untyped-def]
    """Nothing in it depends on when or where it was drawn."""
    assert draw() == draw()


def test_ids_of_two_pictures_stay_apart() -> None:
    """Each begins with the picture's name; what is referred to is there."""
    first, second = (set(re.findall(r' id="([^"]*)"', bars(name))) for name in ("one", "two"))
    assert first.isdisjoint(second)
    assert all(name.startswith("one-") for name in first)
    for svg in (bars("one"), bins()):
        used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', svg))
        assert used == set(re.findall(r' id="([^"]*)"', svg))


def test_bars_name_their_slots_and_numbers() -> None:
    """As text, escaped, with no mathematics read into it."""
    found = texts(bars())
    assert [text for text in found if text in LABELS] == LABELS
    assert str(COUNTS[2, Verdict.WRONG]) in found


def test_bars_show_the_verdicts_that_were_given() -> None:
    """Their colours and no others; what was not asked has none."""
    counts = np.zeros((2, len(Verdict)), dtype=np.int64)
    counts[0, Verdict.RIGHT] = counts[1, Verdict.BLANK] = counts[1, Verdict.NOT_ASKED] = 9
    svg = verdict_bars("bars", ["a", "b"], counts)
    shown = {verdict for verdict, colour in COLOURS.items() if colour in svg}
    assert shown == {Verdict.RIGHT, Verdict.BLANK}


def test_every_verdict_has_its_colour() -> None:
    """But for what was not asked; no two alike."""
    assert set(COLOURS) == set(Verdict) - {Verdict.NOT_ASKED}
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_a_slot_without_answers_has_an_empty_bar() -> None:
    """Nobody was asked: a label, no number, no warning."""
    svg = verdict_bars("bars", ["a"], np.zeros((1, len(Verdict)), dtype=np.int64))
    assert texts(svg) == ["a"]


def test_the_histogram_names_mean_and_median() -> None:
    """And its axes."""
    found = texts(bins())
    assert {"mean 2.4", "median 2.5", "points", "students"} <= set(found)
