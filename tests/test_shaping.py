"""Names in scripts that the text faces lack: what is drawn, where, and what is copied."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from test_render import question, sheet

from examgen.render import exam_document, write
from examgen.typeset import BOLD, REGULAR, Box, Run, text_box, verbatim_lines
from examgen.typeset.shaping import face_of, leftward

NAMES = {
    "Arabic": "محمد عبد الله",
    "Hebrew": "שלום כהן",
    "Chinese": "王小明",
    "Korean": "김철수",
    "Japanese": "山田 太郎",
    "Devanagari": "अमित कुमार",
    "Thai": "สมชาย ใจดี",
    "Cyrillic": "Ольга Иванова",
    "mixed": "Ali علي Smith",
}


def runs(text: str) -> list[Run]:
    """The runs of a text from left to right."""
    return sorted(text_box(text, REGULAR, 10.0).runs, key=lambda run: run.x)


def glyphs(text: str) -> list[int]:
    """What is drawn, from left to right, without blanks."""
    return [glyph for run in runs(text) if run.text != " " for glyph in run.glyphs]


def copied(text: str) -> str:
    """All that is copied, in the order in which it is drawn, from left to right."""
    return "".join(run.text for run in runs(text))


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_all_of_a_name_is_set(name: str) -> None:
    """Every character has a glyph, none is the box of a missing one, nothing is lost in copying."""
    box = text_box(name, REGULAR, 10.0)
    assert box.width > 5.0
    assert all(glyph > 0 for run in box.runs for glyph in run.glyphs)
    assert sorted(copied(name).replace(" ", "")) == sorted(name.replace(" ", ""))


def test_arabic_letters_join() -> None:
    """A letter has another shape before, between and after its like: beh, three in a row, each of
    which keeps its dot."""
    (_, dot), three = glyphs("ب"), glyphs("ببب")
    joined = [glyph for glyph in three if glyph not in glyphs("ب")]
    assert len(set(joined)) == len(joined) == three.count(dot) == 3


def test_arabic_letters_that_do_not_join_stand_alone() -> None:
    """Alef after alef has one shape only."""
    assert glyphs("اا") == glyphs("ا") * 2


@pytest.mark.parametrize("name", ["שלום", "כהן"])
def test_what_runs_to_the_left_begins_at_the_right(name: str) -> None:
    """The first letter stands rightmost."""
    assert copied(name) == name[::-1]


def test_a_foreign_word_among_latin_ones_keeps_its_place() -> None:
    """The line runs to the right, the word in it to the left."""
    first, *between, last = copied("Ali שלום Smith").split()
    assert (first, last) == ("Ali", "Smith")
    assert "".join(between) == "םולש"


def test_brackets_open_to_the_left() -> None:
    """Around a Hebrew word they are drawn the other way round, and still hold it."""
    drawn = copied("כהן (חיפה)")
    assert drawn.strip().startswith("(")
    assert drawn.index("(") < drawn.index("ח") < drawn.index(")")


def test_a_mark_sits_on_its_letter() -> None:
    """A Hebrew point takes no room of its own; a Thai vowel stands above its consonant."""
    assert text_box("שָ", REGULAR, 10.0).width == pytest.approx(text_box("ש", REGULAR, 10.0).width)
    assert text_box("ที", REGULAR, 10.0).height > text_box("ท", REGULAR, 10.0).height + 0.5


def test_a_devanagari_vowel_may_stand_before_its_consonant() -> None:
    """In मि the vowel is drawn first though it is said second."""
    assert glyphs("मि")[-1] == glyphs("म")[0]


def test_latin_names_need_no_shaping() -> None:
    """Nor do Greek and Cyrillic ones: the text faces have them, in bold as well."""
    for name in ("Łukasz Żółć", "Νίκος", "Ольга", "Nguyễn Thị"):
        assert {run.face for run in text_box(name, BOLD, 10.0).runs} == {BOLD}
        assert not leftward(name)
    assert face_of("A") is None


def test_a_name_that_runs_to_the_left_stays_on_one_line() -> None:
    """Its words would change places if they were set one by one."""
    (line,) = verbatim_lines(NAMES["Arabic"] * 3, 60.0, 10.0)
    assert isinstance(line, Box)
    assert line.width <= 60.0 + 1e-6


@pytest.mark.parametrize("cover", [False, True])
def test_names_are_found_in_the_file(tmp_path: Path, cover: bool) -> None:
    """In head, cover and print file, as they stand in the roster."""
    exams = [sheet(name=name, cover=cover, questions=(question(),)) for name in NAMES.values()]
    write(map(exam_document, exams), tmp_path / "all.pdf")
    read = subprocess.run(
        ["pdftotext", tmp_path / "all.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    for script in ("Chinese", "Korean", "Japanese", "Cyrillic"):
        assert read.count(NAMES[script]) >= 2
    assert "□" not in read
