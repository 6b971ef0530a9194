"""The report on a class: every share counts or is listed, and nobody's name is markup."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from chromium import chromium
from playwright.sync_api import Browser
from test_axe import DESK, PHONE, objections, opened, width
from test_grader_cli import exit_code

from examgen.errors import ExamgenError
from examgen.roster import Student
from examgen.text import Language
from grader.practice.classroom.files import Shares, gathered
from grader.practice.classroom.report import Summary, practice_report
from grader.practice.classroom.share import (
    Share,
    SharedDay,
    SharedMistake,
    SharedSkill,
    write_share,
)
from grader.practice.classroom.tallies import mistake_rows, skill_rows, student_rows, week_rows
from grader.practice.classroom.words import CLASS_WORDS, REASONS

EVIL = '=HYPERLINK("http://x")<script>alert(1)</script>&'
DAY = date(2026, 3, 4)


def share(name: str, on: date = DAY, **others: Any) -> Share:
    """What somebody shares: one skill learned, one not begun."""
    content: dict[str, Any] = {
        "skills": [
            SharedSkill(skill="chain", stage="learned", rounds=4, missed=1),
            SharedSkill(skill="paths", stage="new", rounds=0, missed=0),
        ],
        "mistakes": [SharedMistake(mistake="forgot_relu", count=2)],
        "days": [SharedDay(day=on, rounds=4, clean=3)],
    }
    return Share(name=name, on=on, **(content | others))


def folder_of(folder: Path, *shares: Share) -> Path:
    """A folder with shares."""
    folder.mkdir(exist_ok=True)
    for number, one in enumerate(shares):
        write_share(one, folder / f"{number}.json")
    return folder


def names(shares: Shares) -> list[str]:
    """Whose shares count."""
    return [one.share.name for one in shares.used]


def report(
    tmp_path: Path, *shares: Share, roster: str = "", language: Language = "en"
) -> tuple[Summary, str]:
    """A report and its page."""
    path = tmp_path / "roster.csv"
    path.write_text(roster, encoding="utf-8")
    out = tmp_path / "out"
    folder = folder_of(tmp_path / "in", *shares)
    made = practice_report(folder, out, path if roster else None, language)
    return made, (out / "practice.html").read_text(encoding="utf-8")


def table(tmp_path: Path) -> list[dict[str, str]]:
    """The table, as a spreadsheet would read it."""
    with (tmp_path / "out" / "practice.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


# --- files ---------------------------------------------------------------------------------------


def test_every_file_is_used_or_listed(tmp_path: Path) -> None:
    """Damaged, foreign, huge, not to be opened: with its reason, and the sum is right."""
    folder = folder_of(tmp_path / "in", share("Ada"), share("Bo"))
    (folder / "sub").mkdir()
    text = (folder / "0.json").read_text(encoding="utf-8")
    (folder / "sub" / "changed.JSON").write_text(text.replace("Ada", "Eve"), encoding="utf-8")
    (folder / "cut.json").write_text(text[:200], encoding="utf-8")
    (folder / "foreign.json").write_text("{}", encoding="utf-8")
    (folder / "empty.json").touch()
    (folder / "huge.json").write_bytes(b" " * 10**6)
    (folder / "lost.json").symlink_to(tmp_path / "nowhere")
    (folder / "notes.txt").write_text("no share", encoding="utf-8")
    found = gathered(folder)
    assert names(found) == ["Ada", "Bo"]
    assert found.files == 8
    assert {one.file: one.reason.split(":")[0] for one in found.unused} == {
        "cut.json": "it is cut off",
        "empty.json": "it is empty",
        "foreign.json": "this is no share of practice",
        "huge.json": "larger than 20 KiB",
        "lost.json": "there is no such file",
        "sub/changed.JSON": "it is damaged or was changed",
    }


def test_the_latest_share_of_a_student_counts(tmp_path: Path) -> None:
    """By day, then by rounds; the others are told, and so is a copy."""
    more = [SharedSkill(skill="chain", stage="learned", rounds=9, missed=1)]
    early, late = share("Ada", DAY - timedelta(days=1)), share("ada")
    shares = (share("Ada", skills=more), early, late, share("Bo"), share("Bo"))
    found = gathered(folder_of(tmp_path / "in", *shares))
    assert [one.file for one in found.used] == ["0.json", "4.json"]
    assert [(one.file, one.reason) for one in found.unused] == [
        ("1.json", "a later share counts: 0.json"),
        ("2.json", "a later share counts: 0.json"),
        ("3.json", "the same share is in 4.json"),
    ]


def test_a_student_is_known_by_id_mail_or_name(tmp_path: Path) -> None:
    """Whatever the case; a name that two have is nobody's."""
    roster = [
        Student("007", "Ada Abel", "ada@example.org"),
        Student("008", "Bo Bell"),
        Student("009", "Bo Bell"),
    ]
    shares = [share(name) for name in ("ada abel", "ADA@example.org", "Bo Bell", "009", "X")]
    found = gathered(folder_of(tmp_path / "in", *shares), roster)
    known = {one.share.name: one.student and one.student.student for one in found.used}
    assert known == {"ADA@example.org": "007", "Bo Bell": None, "009": "009", "X": None}
    assert [one.file for one in found.unused] == ["0.json"]


def test_an_id_goes_before_a_name(tmp_path: Path) -> None:
    """Who is called like another's id does not take that one's place."""
    roster = [Student("a", "b"), Student("b", "c")]
    for name in ("b", "c"):
        [found] = gathered(folder_of(tmp_path / name, share(name)), roster).used
        assert found.student == Student("b", "c")


def test_file_names_that_are_no_text_are_shown(tmp_path: Path) -> None:
    """With what is none in them replaced."""
    folder = folder_of(tmp_path / "in", share("Ada"))
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff<b>.json")).write_text("{}", encoding="utf-8")
    found = gathered(folder)
    assert [one.file for one in found.unused] == ["?<b>.json"]
    practice_report(folder, tmp_path / "out")
    assert "<b>" not in (tmp_path / "out" / "practice.html").read_text(encoding="utf-8")


def test_no_name_of_a_file_or_field_moves_a_cursor(tmp_path: Path) -> None:
    """What a student chose is printed at the instructor's terminal."""
    folder = folder_of(tmp_path / "in", share("Ada"))
    document = json.loads((folder / "0.json").read_text(encoding="utf-8"))
    for number, extra in enumerate(("\x1b]0;x\x07", "\u202e")):
        found = json.dumps({**document, extra: 1}, ensure_ascii=False)
        (folder / f"{extra}{number}\n.json").write_text(found, encoding="utf-8")
    for one in practice_report(folder, tmp_path / "out").lines:
        assert "".join(one).isprintable(), one


@pytest.mark.parametrize("place", ["nowhere", "empty", "file"])
def test_a_folder_without_shares_is_told(place: str, tmp_path: Path) -> None:
    """In a sentence, and nothing is written."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExamgenError, match=f"{place}: there (is no such folder|are no shares)"):
        practice_report(tmp_path / place, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its students would be missing without a word."""
    folder = folder_of(tmp_path / "in", share("Ada"))

    def scandir(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.scandir", scandir)
    with pytest.raises(ExamgenError, match="in: cannot be read: Permission denied"):
        gathered(folder)


# --- figures -------------------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> Shares:
    """Three students, the last of whom shares less and practised in another week."""
    other = share(
        "C",
        DAY + timedelta(days=7),
        skills=[SharedSkill(skill="chain", stage="learning", rounds=1, missed=1)],
        mistakes=[SharedMistake(mistake="ascent", count=9)],
        days=[
            SharedDay(day=DAY + timedelta(days=7), rounds=1, clean=0),
            SharedDay(day=DAY + timedelta(days=6), rounds=2, clean=1),
            SharedDay(day=DAY + timedelta(days=4), rounds=0, clean=0),
        ],
    )
    return gathered(folder_of(tmp_path / "in", share("A"), share("B"), other))


def test_skills_are_counted_by_stage(three: Shares) -> None:
    """In teaching order; who does not share a skill is not counted for it."""
    chain, paths = skill_rows(three.used)
    assert (chain.name, paths.name) == ("Chain rule along one path", "Sum over paths")
    assert chain.stages == {"new": 0, "learning": 1, "learned": 2, "mastered": 0}
    assert (chain.students, chain.rounds, chain.missed) == (3, 9, 3)
    assert (paths.students, paths.stages["new"]) == (2, 2)


def test_mistakes_are_counted_by_student(three: Shares) -> None:
    """What most did comes first, however often one did another."""
    found = [(one.name, one.students, one.answers) for one in mistake_rows(three.used)]
    assert found == [("forgot relu", 2, 4), ("ascent instead of descent", 1, 9)]


def test_weeks_begin_on_monday(three: Shares) -> None:
    """A student with several days in a week is one; a day without rounds is none."""
    found = [(one.monday, one.students, one.rounds, one.clean) for one in week_rows(three.used)]
    assert found == [(date(2026, 3, 2), 2, 8, 6), (date(2026, 3, 9), 1, 3, 1)]


def test_students_have_their_days(three: Shares) -> None:
    """And how far they are."""
    *_, last = student_rows(three.used)
    assert (last.name, last.rounds, last.clean, last.days) == ("C", 3, 1, 2)
    assert last.last == DAY + timedelta(days=7)
    assert last.stages["learning"] == 1


# --- what is written -----------------------------------------------------------------------------


def test_the_table_has_a_row_a_student_and_skill(tmp_path: Path) -> None:
    """With what a spreadsheet would run made harmless."""
    report(tmp_path, share(EVIL), share("007"), roster="student,name\n007,Ada\n008,Bo\n")
    rows = table(tmp_path)
    assert len(rows) == 4
    assert {row["student"] for row in rows} == {"'" + EVIL, "007"}
    assert {row["roster"] for row in rows} == {"", "007"}
    assert rows[0]["skill"] == "chain"
    assert (rows[0]["stage"], rows[0]["rounds"], rows[0]["missed"]) == ("learned", "4", "1")


def test_no_text_of_a_student_is_markup(tmp_path: Path) -> None:
    """Neither names nor titles; nothing in the page runs."""
    _, page = report(tmp_path, share(EVIL, set_=EVIL, class_="$x$<i>"))
    assert "<script" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "$x$" in page


def test_who_shared_nothing_is_told(tmp_path: Path) -> None:
    """Of the roster; and who shared without being on it."""
    roster = "student,name\n1,Ada\n2,<b>Bo\n"
    made, page = report(tmp_path, share("Ada"), share("Zed"), roster=roster)
    assert [one.student for one in made.absent] == ["2"]
    assert ("roster", "2 = 1 shared + 1 not") in made.lines
    assert "&lt;b&gt;Bo" in page
    assert "Shared, but not on the roster" in page
    assert "Ada (1)" in page


def test_few_students_can_be_recognised(tmp_path: Path) -> None:
    """Fewer than five are told so; five are not."""
    few = [share(f"s{number}") for number in range(4)]
    _, page = report(tmp_path / "", *few)
    assert "Only 4 students shared" in page
    _, page = report(tmp_path, *few, share("s4"))
    assert "can be recognised" not in page


def test_the_same_shares_give_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order in which they were written."""
    shares = [share(f"s{number}") for number in range(6)]
    report(tmp_path, *shares)
    first = {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()}
    assert {*first} == {"practice.csv", "practice.html"}
    again = tmp_path / "again"
    shutil.copytree(tmp_path / "in", again)
    practice_report(again, tmp_path / "out")
    assert {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()} == first


def test_nothing_but_damaged_files_is_a_report_too(tmp_path: Path) -> None:
    """It says that nobody's share counts."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.json").write_text("{", encoding="utf-8")
    made = practice_report(folder, tmp_path / "out")
    assert made.lines[0] == ("files", "12 = 0 used + 12 not used")
    assert made.lines[11] == ("not used", "2 more, see practice.html")
    assert "Nobody’s share counts" in (tmp_path / "out" / "practice.html").read_text("utf-8")
    assert table(tmp_path) == []


def test_long_lists_say_what_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where the rest is."""
    limits = dict.fromkeys(("students", "absent", "files", "weeks", "mistakes", "sets"), 1)
    monkeypatch.setattr("grader.practice.classroom.report._LIMIT", limits)
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"x{number}.json").write_text("{", encoding="utf-8")
    shares = (share("A", set_="S"), share("B"), share("C", DAY + timedelta(days=7)))
    _, page = report(tmp_path, *shares, roster="student\n1\n2\n3\n")
    told = re.findall(r'<p class="note">(\d+ more: [^<]*)</p>', page)
    assert [one.split(":")[0] for one in told] == ["1 more", "2 more", "2 more", "2 more", "2 more"]


def test_the_roster_is_not_overwritten(tmp_path: Path) -> None:
    """Not even one that is called like the table."""
    out = tmp_path / "out"
    out.mkdir()
    roster = out / "practice.csv"
    roster.write_text("student\n1\n", encoding="utf-8")
    with pytest.raises(ExamgenError, match="would be replaced"):
        practice_report(folder_of(tmp_path / "in", share("A")), out, roster)
    assert roster.read_text(encoding="utf-8") == "student\n1\n"


# --- in German ------------------------------------------------------------------------------------


def braces(text: str) -> list[str]:
    """What is put into a text."""
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_every_word_is_there_in_both_languages() -> None:
    """With the same things put in, and the page has a use for it."""
    english, german = CLASS_WORDS["en"], CLASS_WORDS["de"]
    assert {name: braces(text) for name, text in german.items()} == {
        name: braces(text) for name, text in english.items()
    }
    template = (files("grader.practice.classroom") / "templates" / "class.html.j2").read_text()
    used = set(re.findall(r"words\.(\w+)", template)) | {"everything"}
    assert used == {*english}
    assert REASONS["de"].keys() == REASONS["en"].keys()


def test_the_page_is_german_on_demand(tmp_path: Path) -> None:
    """With its numbers; the table is the same, and what is wrong with a file is told in English."""
    skills = [SharedSkill(skill="chain", stage="learning", rounds=1201, missed=29)]
    folder = folder_of(tmp_path / "in", share("A", skills=skills), share("B"), share("B"))
    (folder / "x.json").write_text("{", encoding="utf-8")
    practice_report(folder, tmp_path / "en")
    practice_report(folder, tmp_path / "de", language="de")
    page = (tmp_path / "de" / "practice.html").read_text(encoding="utf-8")
    table, other = ((tmp_path / one / "practice.csv").read_bytes() for one in ("en", "de"))
    assert table == other
    assert '<html lang="de"' in page
    assert "Kettenregel" in page
    assert ">Im Lernen</th>" in page
    assert ">1.205</td>" in page
    assert ">2,5\xa0%</td>" in page
    assert '<td lang="en">this is no share' in page
    assert "<td>derselbe Lernstand steht in 2.json</td>" in page
    shown = set(re.split(r"[<>]", page))
    assert not shown & {text for text in CLASS_WORDS["en"].values() if "{" not in text}


# --- the command and the page --------------------------------------------------------------------


def test_the_command_tells_what_it_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what it did not."""
    folder = folder_of(tmp_path / "in", share("A"))
    (folder / "x.json").write_text("{}", encoding="utf-8")
    options = ("--language", "de", "-o", str(tmp_path / "out"))
    assert exit_code(monkeypatch, "report", "--practice", str(folder), *options) == 0
    assert "Übungsstand" in (tmp_path / "out" / "practice.html").read_text(encoding="utf-8")
    said = capsys.readouterr().out
    assert said.startswith("files: 2 = 1 used + 1 not used\nnot used: x.json: this is no share")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a.csv",),
        ("--practice", "in", "a.csv"),
        ("--practice", "in", "-m", "m.json"),
        ("a.csv", "-m", "m.json", "--roster", "r.csv"),
        ("a.csv", "-m", "m.json", "--language", "de"),
    ],
)
def test_wrong_usage_is_told(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers and practice are two reports."""
    assert exit_code(monkeypatch, "report", "-o", str(tmp_path / "out"), *arguments) == 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as found:
        yield found


def test_axe_has_no_objection(browser: Any, tmp_path: Path) -> None:
    """Nor is the page wider than a phone, nor does it load anything; light and dark."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{'x' * 90}.json").write_text("{", encoding="utf-8")
    shares = (share(EVIL), share("W" * 100), share("A"))
    report(tmp_path, *shares, roster="student,name\n1,مريم\n2,A\n", language="de")
    with opened(browser, (tmp_path / "out" / "practice.html").as_uri()) as (page, heard):
        assert heard == []
        assert width(page) == PHONE["width"]
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        assert width(page) == DESK["width"]
        assert objections(page) == []


def test_shares_are_plain_json(tmp_path: Path) -> None:
    """For an instructor's own program."""
    folder = folder_of(tmp_path / "in", share("A"))
    found = json.loads((folder / "0.json").read_text(encoding="utf-8"))
    assert found["content"]["skills"][0]["stage"] == "learned"
