"""Damage to the file of progress: what can be read is kept, and nothing is a traceback."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from kept_progress import (
    DAY,
    NOW,
    TASK,
    TODAY,
    edit,
    fill,
    practise,
    progress_path,  # noqa: F401 - the fixture `path`
)

from examgen.errors import ExamgenError
from grader.practice.store import (
    backups,
    connections,
    export_data,
    open_store,
    places,
)

# --- damage --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"x", b"Dear diary,\n" * 999, bytes(5000), random.Random(1).randbytes(20_000)],
    ids=["letter", "text", "zeros", "noise"],
)
def test_what_is_no_progress_file_is_set_aside(path: Path, content: bytes) -> None:
    """Under a name with the date, byte by byte as it was; a new file begins."""
    path.parent.mkdir()
    path.write_bytes(content)
    with open_store(path, NOW) as store:
        assert list(store.rounds()) == []
        assert store.notes == (
            "The file with your progress was damaged. Rounds that could be saved: 0. "
            "The damaged file is kept as progress.damaged-2026-05-04.sqlite3.",
        )
        store.set("language", "de")
        assert store.notes[0].startswith("Die Datei mit Ihrem Lernstand war beschädigt.")
        practise(store, NOW)
    assert path.with_name("progress.damaged-2026-05-04.sqlite3").read_bytes() == content
    path.write_bytes(content)
    with open_store(path, NOW) as store:
        assert "progress.damaged-2026-05-04-2.sqlite3" in store.notes[0]


def test_an_empty_file_is_begun(path: Path) -> None:
    """A killed process may have left one; there is nothing to be told."""
    path.parent.mkdir()
    path.touch()
    with open_store(path, NOW) as store:
        assert store.notes == ()
        assert practise(store, NOW).id == 1


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 200 rounds on ten days, with its backups."""
    path = tmp_path_factory.mktemp("filled") / "progress.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "SYNCHRONOUS", "OFF")
        fill(path, rounds=200, days=10)
    return path


def damaged(filled: Path, path: Path, content: bytes, backups: bool) -> Path:
    """A file of this content in the place of the filled one."""
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    for source, target in zip(places.backups(filled), places.backups(path), strict=True):
        if backups:
            shutil.copy2(source, target)
    return path


def rounds_saved(path: Path) -> int:
    """How many rounds a damaged file still tells; everything in it can be used."""
    with open_store(path, NOW) as store:
        found = list(store.rounds())
        skills = {skill for one in found for skill in one.grades}
        assert skills <= set(store.standings())
        store.days(), store.mistakes(), store.rounds_between(TODAY, TODAY), store.seed
        assert practise(store, NOW).id > max([one.id for one in found], default=0)
        assert all("damaged" in note or "no sense" in note for note in store.notes)
    return len(found)


def test_a_file_cut_anywhere_opens(filled: Path, path: Path) -> None:
    """With the backup of the morning all but today's rounds are there, without it what is left."""
    chance, whole = random.Random(5), filled.read_bytes()
    saved = []
    for number in range(60):
        content = whole[: chance.randrange(1, len(whole))]
        place = path.parent / str(number) / "progress.sqlite3"
        saved.append(rounds_saved(damaged(filled, place, content, backups=number % 2 == 0)))
        assert place.with_name("progress.damaged-2026-05-04.sqlite3").read_bytes() == content
        if number % 10 == 1:
            with open_store(place, NOW) as store:
                assert len(json.loads(export_data(store))["rounds"]) == saved[-1] + 1
    assert min(saved[::2]) >= 180
    assert sum(saved[1::2]) / 30 > 60, saved


def test_a_file_overwritten_anywhere_opens(filled: Path, path: Path) -> None:
    """Up to 10,000 bytes of noise, among them at its beginning, cost few rounds."""
    chance, whole = random.Random(6), filled.read_bytes()
    saved = []
    for number in range(20):
        size = chance.choice([10, 100, 1000, 10_000])
        start = chance.randrange(len(whole) - size) if number % 5 else 0
        content = whole[:start] + chance.randbytes(size) + whole[start + size :]
        place = path.parent / str(number) / "progress.sqlite3"
        saved.append(rounds_saved(damaged(filled, place, content, backups=number % 2 == 0)))
    assert min(saved[::2]) >= 180
    assert sum(saved) / 20 > 170, saved


def test_a_rescued_file_draws_other_variants(path: Path) -> None:
    """Numbers of variants may have been lost, so the seed is drawn anew; settings stay."""
    fill(path)
    with open_store(path, NOW) as store:
        store.set("exam", "2026-07-01")
        seed = store.seed
    path.write_bytes(path.read_bytes()[:-4096])
    with open_store(path, NOW) as store:
        assert store.notes
        assert store.setting("exam") == "2026-07-01"
        assert store.seed != seed


def test_lost_standings_are_reckoned_from_the_grades(path: Path) -> None:
    """They come out as they were."""
    fill(path)
    with open_store(path, NOW) as store:
        before = store.standings()
    edit(path, "DELETE FROM standings WHERE skill <> 'skill-1'")
    path.write_bytes(path.read_bytes() + b"more")
    edit(path, "UPDATE rounds SET day = day")
    content = bytearray(path.read_bytes())
    content[100] = 77  # the kind of the first page
    path.write_bytes(content)
    with open_store(path, NOW) as store:
        assert len(store.notes) == 1
        assert len(list(store.rounds())) == 20
        assert store.standings() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rounds SET task = '{}' WHERE id = 1",
        "UPDATE rounds SET task = '[' WHERE id = 1",
        "UPDATE rounds SET task = replace(task, '\"mixed\":false', '\"mixed\":0') WHERE id = 1",
        "UPDATE rounds SET task = replace(task, '-1/2', '\\ud800') WHERE id = 1",
        "UPDATE rounds SET task = replace(task, '\"structure\":', '\"structure\":-') WHERE id = 1",
        "UPDATE rounds SET task = replace(task, ':1,', ':true,') WHERE id = 1",
        "UPDATE rounds SET begun = 'yesterday' WHERE id = 1",
        "UPDATE rounds SET begun = '2026-05-04' WHERE id = 1",
        "UPDATE rounds SET begun = '9999-12-31T23:59:59-12:00' WHERE id = 1",
        "UPDATE rounds SET day = '2026-05-99' WHERE id = 1",
        'UPDATE attempts SET feedback = \'{"verdict":"brilliant"}\' WHERE id = 1',
        "UPDATE attempts SET feedback = replace(feedback, '[\"z\"]', '\"z\"') WHERE id = 1",
        "UPDATE attempts SET feedback = replace(feedback, '[\"z\"]', '[7]') WHERE id = 1",
        "UPDATE attempts SET feedback = replace(feedback, '[[\"z\",', '[[') WHERE id = 1",
        "UPDATE attempts SET at = '' WHERE id = 1",
        "UPDATE grades SET grade = 'A+' WHERE round = 1",
        "UPDATE standings SET standing = replace(standing, ':2.3065,', ':1e999,')",
        "UPDATE standings SET standing = replace(standing, ':2.3065,', ':NaN,')",
        "UPDATE standings SET standing = replace(standing, '\"state\":2', '\"state\":true')",
        "UPDATE standings SET standing = replace(standing, '2026', '0001')",
        "UPDATE settings SET value = 'nothing' WHERE name = 'stock'",
        "UPDATE settings SET value = 'null' WHERE name = 'stock'",
    ],
)
def test_a_row_that_makes_no_sense_is_left_out_with_a_note(path: Path, statement: str) -> None:
    """It is counted once, however often it is met; the others are read."""
    with open_store(path, NOW) as store:
        practise(store, NOW)
        practise(store, NOW, skill="loss")
        store.put(TASK)
    edit(path, statement)
    with open_store(path, NOW) as store:
        for _ in range(2):
            rounds = list(store.rounds())
            store.standings(), store.stock(), store.days(), store.mistakes()
            store.rounds_between(TODAY - 9 * DAY, TODAY + 9 * DAY), store.round(1)
        assert rounds[-1].id == 2
        [note] = store.notes
        assert "make no sense and were left out" in note
        export_data(store)


def test_a_round_that_a_backup_knows_as_open_can_be_ended(path: Path) -> None:
    """Its grades may still be read where the row that tells of its end is lost."""
    with open_store(path, NOW) as store:
        practise(store, NOW)
        one = store.begin(TASK, NOW)
    with open_store(path, NOW + DAY) as store:  # the backup is made
        store.closed(one.id, {"chain": "right"}, [], NOW + DAY)
    edit(path, "UPDATE rounds SET task = '{' WHERE id = 2")
    path.write_bytes(path.read_bytes()[:-1])
    with open_store(path, NOW + DAY) as store:
        assert "damaged" in store.notes[0]
        assert store.round(one.id) == one
        assert store.closed(one.id, {"chain": "missed"}, [], NOW + DAY)
    edit(path, "UPDATE rounds SET closed = NULL")
    with open_store(path, NOW + DAY) as store:
        assert store.closed(one.id, {"chain": "right"}, [], NOW + DAY)


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        (b"(length(response)", b"(lenfth(response)"),
        (b"response TEXT", b"responce TEXT"),
        (b"EGNP", b"EGNQ"),
    ],
    ids=["function", "column", "mark"],
)
def test_damage_to_what_a_file_says_of_itself_is_mended(path: Path, was: bytes, is_: bytes) -> None:
    """No check of SQLite sees it, and every row is read."""
    fill(path)
    for one in places.backups(path):
        one.unlink(missing_ok=True)
    data = path.read_bytes()
    path.write_bytes(data.replace(was, is_, 1))
    assert path.read_bytes() != data
    with open_store(path, NOW) as store:
        assert "damaged" in store.notes[0]
        assert [len(one.attempts) for one in store.rounds()] == [2] * 20


def test_another_programs_file_stays_where_it_is_though_it_is_damaged(path: Path) -> None:
    """Whatever a check of it would say."""
    path.parent.mkdir()
    edit(path, "CREATE TABLE a (b)")
    edit(path, "INSERT INTO a VALUES (?)", b"x" * 20_000)
    path.write_bytes(path.read_bytes()[:8192] + bytes(4096) + path.read_bytes()[12288:])
    before = path.read_bytes()
    with pytest.raises(ExamgenError, match="no file with progress"):
        open_store(path, NOW)
    assert path.read_bytes() == before


# --- backups -------------------------------------------------------------------------------------


def test_a_backup_is_made_once_a_day_and_two_are_kept(path: Path) -> None:
    """Each as the file was when it was opened first on its day."""
    for day in range(4):
        for hour in range(2):
            with open_store(path, NOW + day * DAY + timedelta(hours=hour)) as store:
                practise(store, NOW + day * DAY)
    counts = []
    for one in places.backups(path):
        connection = sqlite3.connect(one)
        counts += connection.execute("SELECT count(*) FROM rounds").fetchone()
        connection.close()
    assert counts == [6, 4]
    assert sorted(one.name for one in path.parent.iterdir()) == [
        *("progress.backup-1.sqlite3", "progress.backup-2.sqlite3", "progress.sqlite3")
    ]


def test_two_programs_that_open_the_file_at_once_make_one_backup(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes second, in the midst of the first's copy, waits; the backup before stays."""
    fill(path)
    notes: list[str] = []

    def opened() -> None:
        with open_store(path, NOW + DAY) as store:
            notes.extend(store.notes)

    second, copy = Thread(target=opened), backups.copy

    def midway(*told: Any) -> None:
        monkeypatch.setattr(backups, "copy", copy)
        second.start()
        second.join(0.05)  # the second would be done by then
        copy(*told)

    monkeypatch.setattr(backups, "copy", midway)
    opened()
    second.join()
    assert notes == []
    made = [one.stat().st_mtime for one in places.backups(path)]
    assert made == [(NOW + DAY).timestamp(), NOW.timestamp()]
    assert not places.unfinished(path).exists()


@pytest.mark.parametrize("empty", [True, False])
def test_a_file_that_is_gone_comes_back_from_its_backup(path: Path, empty: bool) -> None:
    """Who wants to begin anew erases; a backup that is damaged is passed over."""
    fill(path, rounds=30, days=3)
    path.unlink()
    if empty:
        path.touch()
    places.backups(path)[0].write_bytes(b"noise")
    with open_store(path, NOW) as store:
        assert store.notes == (
            "The file with your progress was gone. Rounds restored from a backup: 10.",
        )


def test_a_backup_that_fails_keeps_nobody_from_practising(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told."""
    fill(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.practice.store.backups.copy", full)
    with open_store(path, NOW + DAY) as store:
        assert store.notes == (
            "No backup of your progress could be made: No space left on device.",
        )
        practise(store, NOW + DAY)
