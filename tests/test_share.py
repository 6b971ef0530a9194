"""Shares of a student's progress: what is in them, what never is, and what is refused."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from practice_desk import MONDAY

from examgen import cli
from examgen.errors import ExamgenError
from examgen.misconceptions.titles import mistake_title
from grader.practice.classroom.set_file import read_set
from grader.practice.classroom.share import (
    MOST,
    MOST_BYTES,
    MOST_DAYS,
    MOST_MISTAKES,
    MOST_SKILLS,
    Share,
    SharedDay,
    SharedMistake,
    SharedSkill,
    read_share,
    share_text,
    write_share,
)
from grader.practice.classroom.sharing import agreed, share_of, told
from grader.practice.schedule import Limits, reviewed
from grader.practice.store import Store, open_store
from grader.practice.values import Attempt, Feedback, Grade, Task

SECRET = "0.73519"


def practised(
    store: Store,
    skill: str,
    grade: Grade,
    mistake: str = "",
    day: int = 0,
    skipped: bool = False,
    missed: tuple[str, ...] = (),
) -> None:
    """A round on a skill that ended so; missed: other skills that went wrong in it."""
    now = MONDAY + timedelta(days=day)
    task = Task("mlp-2-2-2", "f" * 64, 0, (("w", "73519/100000"),), ("h",), skill)
    begun = store.begin(task, now)
    feedback = Feedback("h", "mistake" if mistake else "wrong", mistakes=(mistake,) * bool(mistake))
    store.attempted(begun.id, [Attempt("h", SECRET, feedback, now)])
    before = store.standings().get(skill)
    standing = reviewed(before, skill, grade, False, now, Limits())
    grades: dict[str, Grade] = {skill: grade, **dict.fromkeys(missed, "missed")}
    store.closed(begun.id, grades, [standing], now, skipped)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A student with some rounds behind them."""
    made = open_store(tmp_path / "progress.sqlite3")
    practised(made, "forward", "right", missed=("activation",))
    practised(made, "chain", "missed", "forgot_relu")
    practised(made, "chain", "missed", "forgot_relu", day=1)
    practised(made, "cell:lstm", "missed", "ascent", day=1)
    practised(made, "forward", "missed", day=2, skipped=True)
    return made


LATER = MONDAY + timedelta(days=5)


def shared(store: Store) -> Share:
    """What is shared of all."""
    return share_of(store, "Ada", LATER)


def full() -> Share:
    """A share that has all that it may have, as long as it may be."""
    name = "\U0001d538" * 100
    start = date(2026, 1, 1)
    return Share(
        name=name,
        on=date(2027, 1, 1),
        set_=name,
        class_=name,
        skills=[
            SharedSkill(skill=f"{'s' * 37}:{n:02}", stage="mastered", rounds=MOST, missed=MOST)
            for n in range(MOST_SKILLS)
        ],
        mistakes=[
            SharedMistake(mistake=f"{'m' * 58}{n:02}", count=MOST) for n in range(MOST_MISTAKES)
        ],
        days=[
            SharedDay(day=start + timedelta(days=n), rounds=MOST, clean=MOST)
            for n in range(MOST_DAYS)
        ],
    )


# --- what is in it -------------------------------------------------------------------------------


def test_it_has_skills_mistakes_and_days(store: Store) -> None:
    """As they stand; a round that was skipped is no round of its day."""
    share = shared(store)
    skills = {one.skill: one for one in share.begun}
    assert {one: (skills[one].stage, skills[one].rounds, skills[one].missed) for one in skills} == {
        "forward": ("learning", 2, 1),
        "chain": ("learning", 2, 2),
        "cell:lstm": ("learning", 1, 1),
    }
    assert [(one.mistake, one.count) for one in share.mistakes] == [
        ("forgot_relu", 2),
        ("ascent", 1),
    ]
    assert [(one.day.day, one.rounds, one.clean) for one in share.days] == [(2, 2, 0), (3, 2, 0)]
    assert share.on == LATER.date()
    assert len(share.skills) > 20


def test_of_a_set_only_its_skills_are_shared(store: Store, tmp_path: Path) -> None:
    """Days and mistakes, too, are those of rounds on its skills."""
    path = tmp_path / "set.yaml"
    path.write_text("title: Week 3\nclass: DL\nskills: [chain, forward]\n", encoding="utf-8")
    share = share_of(store, "Ada", LATER, read_set(path))
    assert [one.skill for one in share.skills] == ["forward", "chain"]
    assert [(one.mistake, one.count) for one in share.mistakes] == [("forgot_relu", 2)]
    assert [(one.day.day, one.rounds, one.clean) for one in share.days] == [(2, 2, 1), (3, 1, 0)]
    assert (share.set_, share.class_) == ("Week 3", "DL")


def test_nothing_else_is_in_it(store: Store) -> None:
    """Nothing typed, no question, no number, no time of day, no seed."""
    assert store.seed
    text = share_text(shared(store))
    for secret in (SECRET, "73519", "mlp-2-2-2", "T10", ":00", str(store.seed), "fff"):
        assert secret not in text
    content = json.loads(text)["content"]
    assert {*content} == {"name", "on", "set", "class", "skills", "mistakes", "days"}
    assert {key for one in content["skills"] for key in one} == {
        "skill", "stage", "rounds", "missed",
    }  # fmt: skip
    assert {key for one in content["days"] for key in one} == {"day", "rounds", "clean"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_of_it_is_told(store: Store, language: Any) -> None:
    """Every count of a skill and a mistake stands in the words that a student agrees to."""
    said = told(shared(store), "s.json", language)
    assert f"forgot relu (2), {mistake_title('ascent', language)} (1)" in said
    forms = {"en": "one path: learning, rounds: 2", "de": "Pfad: im Lernen, Runden: 2"}
    chain = forms[language]
    assert chain in said
    assert "2026-03-02" in said
    assert "2026-03-03" in said
    assert "Ada" in said


def test_a_new_student_can_share(tmp_path: Path) -> None:
    """That there is nothing yet."""
    share = share_of(open_store(tmp_path / "p.sqlite3"), "Ada", LATER)
    assert (share.begun, share.days, share.mistakes) == ((), [], [])
    assert "not practised yet" in told(share, "s.json", "en")


def test_a_clock_that_was_wrong_does_no_harm(store: Store) -> None:
    """Rounds of the future, and of long ago, are left out."""
    practised(store, "chain", "right", day=9000)
    practised(store, "chain", "right", day=-20000)
    assert [one.day.day for one in shared(store).days] == [2, 3]
    assert share_of(store, "Ada", MONDAY.replace(year=1970)).days == []


@pytest.mark.parametrize("name", ["Chain", "cha)n", "=1+1", "c" * 41, ""])
def test_a_skill_whose_name_was_damaged_is_left_out(name: str, store: Store) -> None:
    """And so is a mistake; all else is shared."""
    before = share_of(store, "Ada", MONDAY)
    practised(store, name, "right", mistake="=forgot", day=30)
    assert share_of(store, "Ada", MONDAY) == before


@pytest.mark.parametrize(
    "name", ["", "  ", "\u200b \ufeff", "a" * 101, "a\nb", "a\u202eb", "a\udc80"]
)
def test_names_that_are_none(name: str, store: Store) -> None:
    """Are refused in a sentence."""
    with pytest.raises(ExamgenError, match="as your instructor knows you"):
        share_of(store, name, LATER)


# --- the file ------------------------------------------------------------------------------------


def test_what_is_written_is_read(store: Store, tmp_path: Path) -> None:
    """The same, and anew over an earlier one; others cannot read it."""
    path = tmp_path / "s.json"
    for name in ("Ada", "=1+1 <b>Ö\u05d0"):
        share = share_of(store, name, LATER)
        write_share(share, path)
        assert read_share(path) == share
        assert read_share(path).name == name
    assert path.stat().st_mode & 0o077 == 0


def test_the_largest_is_small(tmp_path: Path) -> None:
    """And is read."""
    path = tmp_path / "s.json"
    write_share(full(), path)
    assert 18_000 < path.stat().st_size <= MOST_BYTES
    assert read_share(path) == full()


def test_no_other_file_is_overwritten(store: Store, tmp_path: Path) -> None:
    """What is no share stays."""
    path = tmp_path / "thesis.txt"
    path.write_text("dear reader", encoding="utf-8")
    with pytest.raises(ExamgenError, match="there already"):
        write_share(shared(store), path)
    assert path.read_text(encoding="utf-8") == "dear reader"


def sealed(content: Any, /, **head: Any) -> str:
    """A file with a right checksum around any content."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    total = hashlib.sha256(text.encode()).hexdigest()
    whole = {"format": "examgen-practice-share", "version": 1, "sha256": total, "content": content}
    return json.dumps(whole | head)


def forged(**changes: Any) -> dict[str, Any]:
    """The content of a small share, with changes."""
    skill = {"skill": "chain", "stage": "learning", "rounds": 3, "missed": 1}
    content: dict[str, Any] = {
        "name": "A", "on": "2026-03-02", "set": "", "class": "", "skills": [skill],
        "mistakes": [{"mistake": "m", "count": 1}],
        "days": [{"day": "2026-03-01", "rounds": 3, "clean": 2}],
    }  # fmt: skip
    return content | changes


def refused(folder: Path, text: str | bytes) -> str:
    """What is said of a file."""
    path = folder / "s.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ExamgenError) as caught:
        read_share(path)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(str(path))
    return said


def test_what_the_forger_makes_is_read(tmp_path: Path) -> None:
    """So that the refusals below are for what they change."""
    path = tmp_path / "s.json"
    path.write_text(sealed(forged()), encoding="utf-8")
    assert read_share(path).rounds == 3


SKILL = forged()["skills"][0]
DAY = forged()["days"][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"typed": "x"},
        {"name": ""},
        {"name": "a" * 101},
        {"name": "a\u202e"},
        {"name": "\ud800"},
        {"name": 3},
        {"on": "02.03.2026"},
        {"on": "1999-12-31"},
        {"on": "2026-W10-1"},
        {"on": "2026-03-02T10"},
        {"on": 20260302},
        {"skills": [SKILL | {"rounds": 2.5}]},
        {"skills": [SKILL | {"rounds": 3.0}]},
        {"skills": [SKILL | {"rounds": True}]},
        {"skills": [SKILL | {"rounds": -1}]},
        {"skills": [SKILL | {"rounds": 100_000}]},
        {"skills": [SKILL | {"rounds": 10**400}]},
        {"skills": [SKILL | {"missed": 4}]},
        {"skills": [SKILL | {"stage": "genius"}]},
        {"skills": [SKILL | {"stage": "new"}]},
        {"skills": [SKILL | {"skill": "<b>"}]},
        {"skills": [SKILL | {"at": "10:00"}]},
        {"skills": [SKILL, SKILL]},
        {"skills": [SKILL | {"skill": f"s{n}"} for n in range(49)]},
        {"skills": {}},
        {"mistakes": [{"mistake": "=1+1", "count": 1}]},
        {"mistakes": [{"mistake": "m", "count": 1}] * 2},
        {"days": [DAY | {"clean": 4}]},
        {"days": [DAY, DAY]},
        {"days": [DAY | {"day": "2026-03-03"}]},
        {"days": [DAY | {"day": "2026-13-03"}]},
    ],
)
def test_what_no_share_says_is_refused(changes: dict[str, Any], tmp_path: Path) -> None:
    """With a right checksum, in one sentence."""
    assert "no share says this" in refused(tmp_path, sealed(forged(**changes)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "no share"),
        (b"\xff\xfe\x00", "not UTF-16"),
        (b"\x80", "not UTF-8"),
        (b"[]", "this is no share of practice"),
        (b"[" * 9000, "cannot be read as JSON"),
        (b'{"format": "x"}', "this is no share of practice"),
        (b'{"format": NaN}', "cannot be read as JSON"),
        (b'{"a": 1, "a": 2}', "cannot be read as JSON"),
        (b" " * (MOST_BYTES + 1), "larger than 20 KiB"),
        (sealed(forged(), version=2), "written by another version: found 2, this one reads 1"),
        (sealed(forged(), version=True), "written by another version"),
        (sealed(forged(), version=None), "written by another version: found null"),
        (sealed(forged(), more=1), "a field that no share has: 'more'"),
        (sealed(forged(), content=forged(name="B")), "its checksum does not match"),
        (sealed(forged(), sha256=3), "its checksum does not match"),
        (sealed(None), "no share says this"),
        (sealed(forged())[:-20], "it is cut off"),
    ],
)
def test_other_files_are_refused(text: str | bytes, said: str, tmp_path: Path) -> None:
    """In one sentence each."""
    assert said in refused(tmp_path, text)


def test_any_flipped_letter_is_seen(store: Store, tmp_path: Path) -> None:
    """Or changes nothing but blanks."""
    text = share_text(shared(store))
    path = tmp_path / "s.json"
    for place in range(0, len(text), 23):
        path.write_text(text[:place] + "~" + text[place + 1 :], encoding="utf-8")
        with pytest.raises(ExamgenError):
            read_share(path)


# --- the command ---------------------------------------------------------------------------------


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> int:
    """How `examgen practice` ends."""
    data = ["--data", str(folder / "p.sqlite3")]
    monkeypatch.setattr(sys, "argv", ["examgen", "practice", *data, *arguments])
    try:
        cli.main()
    except SystemExit as error:
        return int(error.code or 0)
    return 0


def test_without_consent_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Away from a terminal it is given by --yes, after the words."""
    path = tmp_path / "s.json"
    sharing = ("--share", str(path), "--as", "Ada")
    assert run(monkeypatch, tmp_path, *sharing) == 1
    said = capsys.readouterr()
    assert "under the name “Ada”" in said.out
    assert "nothing was written: agree to it" in said.err
    assert not path.exists()
    assert run(monkeypatch, tmp_path, *sharing, "--yes", "--language", "de") == 0
    assert "Sonst nichts" in capsys.readouterr().out
    assert read_share(path).name == "Ada"


@pytest.mark.parametrize(
    ("answer", "written"), [("n", False), ("", False), ("y", True), (" Ja ", True), ("yep", False)]
)
def test_at_a_terminal_it_is_asked(
    answer: str, written: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And done only after a yes."""
    path = tmp_path / "s.json"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    code = run(monkeypatch, tmp_path, "--share", str(path), "--as", "Ada")
    assert (path.exists(), code) == (written, 0 if written else 1)


def test_no_answer_is_no_consent() -> None:
    """Nor is the end of the input."""

    def nobody(_: str) -> str:
        raise EOFError

    assert not agreed(nobody, "en")
    assert agreed(lambda asked: "j" if "einverstanden" in asked else "", "de")


def test_a_share_needs_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a name needs a share."""
    assert run(monkeypatch, tmp_path, "--share", str(tmp_path / "s.json"), "--yes") == 1
    assert "--as: expected a name" in capsys.readouterr().err
    assert run(monkeypatch, tmp_path, "--as", "Ada") == 2
    assert run(monkeypatch, tmp_path, "chain", "--share", "s.json", "--as", "Ada") == 2
