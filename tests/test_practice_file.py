"""The file of progress: who may read it, which version it has, where it may lie."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kept_progress import (
    NOW,
    TASK,
    answer,
    edit,
    fill,
    progress_path,  # noqa: F401 - the fixture `path`
)

from examgen.errors import ExamgenError
from grader.practice.store import (
    default_path,
    erase,
    export_data,
    open_store,
    places,
    schema,
)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_only_the_owner_may_read_the_file(path: Path) -> None:
    """Also one that others could read before, and the backups."""
    fill(path)
    path.chmod(0o644)
    open_store(path, NOW).close()
    modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    assert modes == dict.fromkeys(["progress.sqlite3", "progress.backup-1.sqlite3"], 0o600)
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_file_lies_in_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As platformdirs has it."""
    monkeypatch.setattr(places, "user_data_path", lambda name, **_: tmp_path / name)
    assert default_path() == tmp_path / "examgen" / "progress.sqlite3"
    with open_store(now=NOW) as store:
        assert store.path == default_path()
    assert erase() == (default_path(),)


NEXT = """
ALTER TABLE settings RENAME TO old;
CREATE TABLE settings (
  name TEXT PRIMARY KEY, value TEXT NOT NULL, since TEXT NOT NULL DEFAULT 'a; b'
) STRICT;
INSERT INTO settings (name, value) SELECT name, upper(value) FROM old;
DROP TABLE old;
"""


def test_an_older_file_becomes_one_of_this_version(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are moved to the tables of the next version, once."""
    fill(path)
    with open_store(path, NOW) as store:
        store.set("language", "de")
        before = export_data(store)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, NEXT))
    for _ in range(2):
        with open_store(path, NOW) as store:
            assert store.setting("language") == "DE"
            assert json.loads(export_data(store))["rounds"] == json.loads(before)["rounds"]
    connection = sqlite3.connect(path)
    assert schema.version(connection) == 2
    assert connection.execute("SELECT since FROM settings").fetchone() == ("a; b",)
    connection.close()


def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of its statements neither."""
    fill(path)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, f"{NEXT} DROP TABLE no_such;"))
        with pytest.raises(ExamgenError, match="no such table: no_such"):
            open_store(path, NOW)
    assert path.read_bytes() == before
    open_store(path, NOW).close()


def newer(path: Path) -> None:
    """A file of the next version."""
    fill(path)
    edit(path, "PRAGMA user_version = 2")


def foreign(path: Path) -> None:
    """A database of another program, with a mark of its own."""
    edit(path, "CREATE TABLE rounds (id INTEGER, attempts TEXT)")
    edit(path, "PRAGMA application_id = 17")


def unmarked(path: Path) -> None:
    """A database of another program without any mark."""
    edit(path, "CREATE TABLE rounds (id INTEGER, attempts TEXT)")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [(newer, "newer version"), (foreign, "no file with progress"), (unmarked, "no file with")],
)
def test_a_file_that_is_not_for_us_is_refused_untouched(
    path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    """In a sentence that names the file; nothing appears beside it."""
    path.parent.mkdir()
    make(path)
    before = {one: one.read_bytes() for one in path.parent.iterdir()}
    with pytest.raises(ExamgenError, match=sentence) as caught:
        open_store(path, NOW)
    assert str(path) in str(caught.value)
    assert {one: one.read_bytes() for one in path.parent.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_leads_to_the_file_itself(path: Path, tmp_path: Path) -> None:
    """Which is mended and erased; backups lie beside it, and the link stays one until it goes."""
    fill(path)
    link = tmp_path / "link.sqlite3"
    link.symlink_to(path)
    path.write_bytes(path.read_bytes()[:-4096])
    with open_store(link, NOW) as store:
        assert "damaged" in store.notes[0]
    assert link.is_symlink()
    assert len([*path.parent.iterdir()]) > 2
    assert link in erase(link)
    assert [*path.parent.iterdir()] == []
    assert [*tmp_path.iterdir()] == [path.parent]


def test_a_place_that_cannot_hold_a_file_is_told(path: Path) -> None:
    """A folder in its place; a file in the place of the folder; a folder of the kernel's."""
    path.mkdir(parents=True)
    with pytest.raises(ExamgenError, match="this is no file"):
        open_store(path, NOW)
    blocked = path.parent / "note.txt"
    blocked.write_text("mine", encoding="utf-8")
    with pytest.raises(ExamgenError):
        open_store(blocked / "progress.sqlite3", NOW)
    assert blocked.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_may_not_be_written_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the system when the file is made, by SQLite when it is changed."""
    fill(path)
    plain = sqlite3.connect

    def read_only(file: object, **options: object) -> sqlite3.Connection:
        return plain(f"file:{file}?mode=ro", uri=True, **options)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", read_only)
        with (
            open_store(path, NOW) as store,
            pytest.raises(ExamgenError, match="it cannot be written"),
        ):
            store.begin(TASK, NOW)

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.practice.store.opening.os.open", denied)
    with pytest.raises(ExamgenError, match="Permission denied"):
        open_store(path.with_name("other.sqlite3"), NOW)


def test_a_full_disk_loses_nothing_that_was_kept(path: Path) -> None:
    """The answer that finds no room is refused in a sentence, and those before it stay."""
    with open_store(path, NOW) as store:
        one = store.begin(TASK, NOW)
        pages = store._file._connection.execute("PRAGMA page_count").fetchone()[0]
        store._file._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        kept: list[bool] = []

        def answer_for_long() -> None:
            while store.attempted(one.id, [answer("1" * 1000)]):
                kept.append(True)

        with pytest.raises(ExamgenError, match="no space left on the disk"):
            answer_for_long()
        found = store.round(one.id)
        assert found is not None
        assert 0 < len(found.attempts) == len(kept)
    with open_store(path, NOW) as store:
        assert store.attempted(one.id, [answer()])
