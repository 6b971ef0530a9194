"""Tests of the report: one sound page that says what happened, and runs nothing students wrote."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from report_class import FOLLOWS, MISTAKE, SLOTS, make_graded, make_manifest

from examgen.manifest import Rubric
from grader.gradebook import Graded
from grader.marking.verdicts import Verdict
from grader.reading.tabular import Rejected
from grader.reporting.report import LIMIT, _edges, write_report

APART = {"td", "th", "dt", "dd", "li", "p", "caption", "title"}
VOID = {"meta", "br", "link", "img", "input", "hr"}
NASTY = '<script>alert("x")</script>&amp;\u202e{{7*7}}'
Attributes = dict[str, str]


class Page(HTMLParser):
    """The elements of a page, its visible text, and whether every element is closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; it is open unless it is void."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself, as those of SVG do."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element; words of two cells stay apart."""
        self.words.append(" " if tag in APART else "")
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        """The visible words with single blanks."""
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[Attributes]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def report(graded: Graded, folder: Path, notes: tuple[str, ...] = ()) -> Page:
    """The report, parsed."""
    write_report(graded, folder / "report.html", notes)
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_the_page_is_sound(tmp_path: Path) -> None:
    """Language, title, every element closed, every id once, every link inside the page arrives."""
    page = report(make_graded(cells={(0, "q1.h"): ("?", Verdict.UNREADABLE)}), tmp_path)
    assert not page.open
    assert page.all("html") == [{"lang": "en"}]
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert set(ids.values()) == {1}
    targets = {attributes["href"].removeprefix("#") for attributes in page.all("a")}
    assert {"unreadable", "question-1", "question-2"} <= targets <= set(ids)
    used = [
        use for use in page.all("use") if use.get("xlink:href", "").removeprefix("#") not in ids
    ]
    assert not used


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    """No script, no picture, font, style or link from elsewhere."""
    report(make_graded(), tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\"'\s)]+", text))
    assert addresses <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/1998/Math/MathML",
    }
    page = Page(text)
    assert not [tag for tag in ("script", "img", "link", "iframe", "object") if page.all(tag)]
    assert not re.findall(r"@import|@font-face|url\((?!#)", text)


def test_pictures_and_tables_say_what_they_are(tmp_path: Path) -> None:
    """Every picture has its numbers in words, every table a caption and heads with a scope."""
    page = report(make_graded(), tmp_path)
    pictures = [a for a in page.all("div") if a.get("role") == "img"]
    assert len(pictures) == len(page.all("figure")) == 4
    assert all(re.search(r": \d+", picture["aria-label"]) for picture in pictures)
    assert "1 to 1.5 points" in pictures[0]["aria-label"] or "points: " in pictures[0]["aria-label"]
    assert len(page.all("caption")) == len(page.all("table")) > 5
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))


def test_the_counts_add_up(tmp_path: Path) -> None:
    """Rows in, graded and rejected; answers by verdict; who handed in nothing."""
    rejected = (Rejected(9, "x,1,2", "unknown student"),)
    text = report(make_graded(40, absent=3, rejected=rejected), tmp_path).text
    assert "Rows in the answer files: 38 = 37 graded + 1 rejected" in text
    total, parts = re.search(r"Answers: (\d+) = ([^.]+)\.", text).groups()  # type: ignore[union-attr]
    assert sum(map(int, re.findall(r"\d+", parts))) == int(total) == 4 * 37 + 2 * 19 + 18
    assert "Of the 40 students on the roster 3 handed in nothing" in text
    assert "9 unknown student x,1,2" in text


def test_the_figures_are_those_of_numpy(tmp_path: Path) -> None:
    """Mean, SD, quartiles and a discrimination, as printed."""
    graded = make_graded()
    points = graded.marks.points
    total = points.sum(axis=1)
    text = report(graded, tmp_path).text
    row = [40, total.mean(), total.std(ddof=1), total.min()]
    row += [*np.quantile(total, [0.25, 0.5, 0.75]), total.max()]
    assert " ".join([str(row[0]), *(f"{value:.2f}" for value in row[1:])]) in text
    rest = np.corrcoef(points[:, 0], total - points[:, 0])[0, 1]
    share = points[:, 0].mean()
    sd = points[:, 0].std(ddof=1)
    assert f"1.0 40 {share:.2f} {sd:.2f} {rest:.2f}".replace("-", "−") in text


def test_what_students_wrote_is_only_shown(tmp_path: Path) -> None:
    """No markup, no template, no control character out of responses, ids, rows or notes."""
    manifest = make_manifest(40)
    ids = (NASTY, *manifest.students.student[1:])
    manifest = replace(manifest, students=replace(manifest.students, student=ids))
    cells = {
        (0, "q1.h"): (NASTY, Verdict.UNREADABLE),
        (0, "q1.form"): (NASTY, Verdict.NEEDS_A_HUMAN),
    }
    graded = make_graded(40, cells, manifest, rejected=(Rejected(9, NASTY, NASTY),), notes=(NASTY,))
    page = report(graded, tmp_path, (NASTY[:-1],))
    shown = NASTY.replace("\u202e", "�")
    assert page.text.count(shown) >= 4
    assert not page.all("script")
    assert "{{7*7}}" in page.text


def test_long_texts_are_cut(tmp_path: Path) -> None:
    """Nobody pushes the table off the page."""
    cells = {(0, "q1.h"): ("9" * 5000, Verdict.UNREADABLE)}
    text = report(make_graded(cells=cells), tmp_path).text
    assert "9" * 79 + "…" in text
    assert "9" * 80 not in text


def test_long_lists_are_cut_and_counted(tmp_path: Path) -> None:
    """After the limit the page says how many more there are, and where."""
    cells = {(i, "q1.h"): ("?", Verdict.UNREADABLE) for i in range(LIMIT + 30)}
    rejected = tuple(Rejected(i, "x", "unknown student") for i in range(LIMIT + 7))
    page = report(make_graded(LIMIT + 30, cells, rejected=rejected), tmp_path)
    assert page.text.count(" q1.h ? ") == LIMIT
    assert "30 more: all are in the details" in page.text
    assert "7 more: all are in rejected.csv" in page.text


def test_mistakes_and_carried_errors_are_tallied(tmp_path: Path) -> None:
    """With counts, slots, and the sentence with its mathematics set."""
    cells = {(i, "q1.dL_dh"): ("1", Verdict.KNOWN_MISTAKE, MISTAKE) for i in range(6)}
    cells |= {(i, "q1.dL_dw"): ("1", Verdict.FOLLOWS, FOLLOWS) for i in range(4)}
    page = report(make_graded(cells=cells), tmp_path)
    assert re.search(r"relu deriv ignored 6 6 q1.dL_dh \(6\) ∂ ?L ?∂ ?h lacks ReLU", page.text)
    assert "q1.dL_dw 4 q1.h (4)" in page.text
    assert page.all("math")


def test_a_copy_is_shown_with_its_chance(tmp_path: Path) -> None:
    """Student 4 handed in the numbers of student 8's paper; the words are careful."""
    manifest = make_manifest(40)
    copied = [SLOTS[i] for i in (0, 1, 2, 4, 5)]
    cells = {(4, s): (str(manifest.expected(s)[8]), Verdict.WRONG) for s in copied}
    text = report(make_graded(40, cells, manifest, wrong=0), tmp_path).text
    assert re.search(r"s00004 s00008 5 of 5 q1.h, .*q2.elman.w (1 in [\d,]+|less than 1)", text)
    assert "something to look at, not a proof" in text


def test_variants_are_compared(tmp_path: Path) -> None:
    """By template where a question has several, and by group."""
    text = report(make_graded(), tmp_path).text
    assert re.search(r"Question 2 by template.* elman 20 0\.\d\d lstm 20 0\.\d\d", text)
    assert re.search(r"by group of the roster.* A 14 0\.\d\d B 13 0\.\d\d C 13 0\.\d\d", text)
    assert "permutation test, 1,999 shuffles" in text


@pytest.mark.parametrize(
    ("rubric", "slot", "words"),
    [
        (Rubric(), {}, ["earns all of its points", "costs nothing", "not rounded"]),
        (Rubric(0.25, 0.5), {}, ["costs 25% of its points", "rounded half up to 0.5"]),
        (Rubric(), {"follow_through": 0.0}, ["earlier wrong answer earns none of its points"]),
        (
            Rubric(),
            {"follow_through": 0.5},
            ["earns 50% of its points", "formula for the quantity"],
        ),
        (Rubric(), {"partial": {"loss_sign": 0.5}}, ["50% for ‘loss sign’"]),
    ],
)
def test_the_rubric_in_force_is_stated(
    rubric: Rubric, slot: dict[str, float], words: list[str], tmp_path: Path
) -> None:
    """Follow-through, part marks, penalty and rounding, in words."""
    text = report(make_graded(manifest=make_manifest(40, rubric, **slot)), tmp_path).text
    assert [word for word in words if word not in text] == []


def test_a_class_of_nobody(tmp_path: Path) -> None:
    """An answer file without a single graded row still makes a page."""
    page = report(make_graded(3, absent=3, rejected=(Rejected(2, "x", "no"),)), tmp_path)
    assert "Nobody is graded." in page.text
    assert "Rows in the answer files: 1 = 0 graded + 1 rejected" in page.text
    assert "nan" not in page.text


@pytest.mark.parametrize("students", [1, 2, 3])
def test_a_class_of_hardly_anybody(students: int, tmp_path: Path) -> None:
    """What cannot be computed is a dash, never nan."""
    page = report(make_graded(students), tmp_path)
    assert "nan" not in page.text
    assert "–" in page.text


def test_the_same_grades_give_the_same_bytes(tmp_path: Path) -> None:
    """No date, no random id."""
    for name in ("a", "b"):
        write_report(make_graded(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """It shows ids, answers and suspicions."""
    write_report(make_graded(), tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("most", [0.0, 0.5, 1, 7.5, 10, 32, 60, 100, 1234, 1e9])
def test_the_bins_hold_every_total(most: float) -> None:
    """From zero to the maximum, at most 20 of them, of equal and round width."""
    edges = _edges(most)
    assert edges[0] == 0
    assert edges[-1] >= most
    assert 2 <= len(edges) <= 22
    assert math.isclose(np.ptp(np.diff(edges)), 0, abs_tol=1e-6)
