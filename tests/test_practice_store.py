"""Progress in one file: what is kept is read back, and no damage to the file is a traceback."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examgen.errors import ExamgenError
from grader.practice.schedule import reviewed
from grader.practice.schedule.standing import Standing
from grader.practice.store import (
    Store,
    codec,
    connections,
    default_path,
    erase,
    export_data,
    open_store,
    places,
    schema,
)
from grader.practice.values import Attempt, Feedback, Grade, Round, Task

NOW = datetime(2026, 5, 4, 17, 0, tzinfo=timezone(timedelta(hours=2)))
TODAY = NOW.date()
DAY = timedelta(days=1)

HOSTILE = "'; DROP TABLE rounds; --\n=1+1\x00<b>\\ud800 ∂L/∂w 𝟙 \u202e"
TASK = Task(
    question="mlp-2-2-2",
    fingerprint="f" * 64,
    structure=1,
    numbers=(("w_1", "-1/2"), ("x", "3")),
    asked=("h", "dL/dw_1"),
    skill="chain",
)
FEEDBACK = Feedback(
    slot="h",
    verdict="mistake",
    reason="ReLU' was left out",
    note=HOSTILE,
    column=3,
    mistakes=("no-relu",),
    follows=("z",),
    trail=(("z", "h"), ("h", "L")),
)


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody pulls a plug in these tests."""
    monkeypatch.setattr(connections, "SYNCHRONOUS", "OFF")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a progress file may come to lie."""
    return tmp_path / "data" / "progress.sqlite3"


def answer(text: str = "-0.125", slot: str = "h", **changes: object) -> Attempt:
    """A response with its feedback."""
    return Attempt(slot, text, replace(FEEDBACK, slot=slot, **changes), NOW)  # type: ignore[arg-type]


def practise(store: Store, now: datetime, grade: Grade = "right", skill: str = "chain") -> Round:
    """A whole round: two answers, a hint, a slot that was left, and its end."""
    one = store.begin(replace(TASK, skill=skill), now)
    store.attempted(one.id, [answer(), answer("2", "dL/dw_1", verdict="right", mistakes=())])
    store.hinted(one.id, "h", 2, now)
    store.passed(one.id, "h", now)
    standing = reviewed(store.standings().get(skill), skill, grade, False, now)
    store.closed(one.id, {skill: grade}, [standing], now)
    return one


def fill(path: Path, rounds: int = 20, days: int = 2) -> None:
    """Days of practice, the last of them today."""
    for day in reversed(range(days)):
        now = NOW - day * DAY
        with open_store(path, now) as store:
            for number in range(rounds // days):
                grade: Grade = "missed" if number % 5 == 0 else "right"
                practise(store, now + timedelta(minutes=number), grade, f"skill-{number % 7}")


def edit(path: Path, statement: str, *values: object) -> None:
    """Change the file by hand."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement, values)
    connection.close()


# --- rounds --------------------------------------------------------------------------------------


def test_a_round_is_read_back_as_it_was_kept(path: Path) -> None:
    """Field by field, from the file, by another store."""
    with open_store(path, NOW) as store:
        begun = store.begin(TASK, NOW)
        assert store.round(begun.id) == begun == Round(begun.id, TASK, NOW)
        first, second = answer(HOSTILE), answer("0,5", column=None, trail=())
        assert store.attempted(begun.id, [first, second])
        assert store.hinted(begun.id, "h", 2, NOW)
        assert store.hinted(begun.id, "h", 1, NOW), "the most is kept"
        assert store.passed(begun.id, "h", NOW)
        assert store.passed(begun.id, "h", NOW)
        standing = reviewed(None, "chain", "missed", False, NOW)
        assert store.closed(begun.id, {"chain": "missed", "loss": "right"}, [standing], NOW)
    with open_store(path, NOW) as store:
        assert store.round(begun.id) == Round(
            id=begun.id,
            task=TASK,
            begun=NOW,
            attempts=(first, second),
            hints={"h": 2},
            passed=frozenset({"h"}),
            closed=NOW,
            grades={"chain": "missed", "loss": "right"},
        )
        assert store.standings() == {"chain": standing}
        assert store.notes == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(text=st.text(max_size=200))
def test_any_response_is_kept_verbatim(tmp_path: Path, text: str) -> None:
    """And any reason, name of a mistake, or setting."""
    with open_store(tmp_path / "progress.sqlite3", NOW) as store:
        one = store.begin(replace(TASK, question=text), NOW)
        kept = answer(text, reason=text, note=text, mistakes=(text,))
        store.attempted(one.id, [kept])
        store.set("language", text)
        found = store.round(one.id)
        assert found is not None
        assert found.attempts == (kept,)
        assert found.task.question == store.setting("language") == text


def test_what_cannot_be_kept_is_told_in_a_sentence(path: Path) -> None:
    """Half a character, a text without end, a thousand answers; and the store goes on."""
    with open_store(path, NOW) as store:
        one = store.begin(TASK, NOW)
        for attempts, sentence in [
            ([answer("\ud800")], "characters that no file can hold"),
            ([answer("1" * 2001)], "more than 2,000 characters"),
            ([answer("1", note="n" * 200_000)], "too long"),
            ([answer("1")] * 501, "no more than 500 answers"),
        ]:
            with pytest.raises(ExamgenError, match=sentence):
                store.attempted(one.id, attempts)
        assert store.attempted(one.id, [answer("1" * 2000)] * 500)
        with pytest.raises(ExamgenError, match="500"):
            store.attempted(one.id, [answer()])


def test_a_round_ends_once(path: Path) -> None:
    """What comes after its end changes nothing."""
    with open_store(path, NOW) as store:
        one = practise(store, NOW)
        before = export_data(store)
        other = reviewed(None, "chain", "missed", False, NOW + DAY)
        assert not store.closed(one.id, {"loss": "missed"}, [other], NOW + DAY)
        assert not store.attempted(one.id, [answer()])
        assert not store.hinted(one.id, "dL/dw_1", 3, NOW)
        assert not store.passed(one.id, "dL/dw_1", NOW)
        assert export_data(store) == before


def test_an_end_is_kept_as_a_whole_or_not_at_all(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure at its last step takes back the first."""
    with open_store(path, NOW) as store:
        one = store.begin(TASK, NOW)
        standing = reviewed(None, "chain", "right", False, NOW)
        with monkeypatch.context() as patch:
            patch.setattr(codec, "standing_fields", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                store.closed(one.id, {"chain": "right"}, [standing], NOW)
        assert store.round(one.id) == one
        assert store.closed(one.id, {"chain": "right"}, [standing], NOW)


def test_the_open_round_is_the_latest(path: Path) -> None:
    """Rounds that have ended are not; an unknown one is told."""
    with open_store(path, NOW) as store:
        assert store.open_round() is None
        first, second = store.begin(TASK, NOW), store.begin(TASK, NOW)
        assert store.open_round() == second
        store.closed(second.id, {}, [], NOW, skipped=True)
        assert store.open_round() == first
        assert store.round(99) is None
        for change in (
            lambda: store.attempted(99, [answer()]),
            lambda: store.hinted(99, "h", 1, NOW),
            lambda: store.passed(99, "h", NOW),
            lambda: store.closed(99, {}, [], NOW),
        ):
            with pytest.raises(ExamgenError, match="there is no round 99"):
                change()


# --- what has been done --------------------------------------------------------------------------


def test_rounds_are_counted_on_the_days_of_the_student(path: Path) -> None:
    """Until four in the morning it is still the day before; skipped ones are told, not counted."""
    with open_store(path, NOW) as store:
        late = practise(store, NOW.replace(day=5, hour=3), "missed")
        early = practise(store, NOW)
        skipped = store.begin(TASK, NOW)
        store.closed(skipped.id, {}, [], NOW + timedelta(minutes=1), skipped=True)
        tomorrow = practise(store, NOW + DAY)
        store.begin(TASK, NOW)
        today = store.rounds_between(TODAY, TODAY)
        assert [one.round for one in today] == [early.id, skipped.id, late.id]
        assert [one.clean for one in today] == [True, False, False]
        assert [one.missed for one in today] == [(), (), ("chain",)]
        assert [one.skipped for one in today] == [False, True, False]
        assert today[0].skill == "chain"
        assert [one.round for one in store.rounds_between(TODAY, TODAY + DAY)][3:] == [tomorrow.id]
        assert store.days() == ((TODAY, 2, 1), (TODAY + DAY, 1, 1))


def test_a_mistake_made_twice_in_an_answer_counts_once(path: Path) -> None:
    """By its name, in how many answers."""
    with open_store(path, NOW) as store:
        first, second = store.begin(TASK, NOW), store.begin(TASK, NOW)
        store.attempted(first.id, [answer("1"), answer("1"), answer("1", slot="dL/dw_1")])
        store.attempted(second.id, [answer(mistakes=("no-relu", "sign")), answer(mistakes=())])
        assert store.mistakes() == {"no-relu": 3, "sign": 1}


# --- settings, numbers, stock --------------------------------------------------------------------


def test_settings_are_kept_and_taken_away(path: Path) -> None:
    """The seed is drawn once; each file has its own; nonsense in its place is replaced."""
    with open_store(path, NOW) as store:
        assert store.setting("exam") is None
        store.set("exam", "2026-07-01")
        store.set("exam", "2026-07-02")
        assert store.setting("exam") == "2026-07-02"
        store.set("exam", None)
        assert store.settings() == {}
        seed = store.seed
        assert 0 <= seed < 2**63
    with open_store(path, NOW) as store:
        assert store.seed == seed
        store.set("seed", "12 monkeys")
        assert store.seed == store.seed != seed


def test_no_two_variants_have_the_same_number(path: Path) -> None:
    """From two stores on the file, in four threads."""

    def draw(_: int) -> list[int]:
        with open_store(path, NOW) as store:
            return [store.next_number("mlp") for _ in range(25)]

    open_store(path, NOW).close()
    with ThreadPoolExecutor(4) as threads:
        drawn = [number for numbers in threads.map(draw, range(4)) for number in numbers]
    assert sorted(drawn) == [*range(100)]
    with open_store(path, NOW) as store:
        assert store.next_number("lstm") == 0
        assert store.numbers() == {"lstm": 1, "mlp": 100}


def test_a_task_in_stock_is_taken_out_when_it_is_begun(path: Path) -> None:
    """Another one leaves it there."""
    with open_store(path, NOW) as store:
        assert store.stock() is None
        store.put(TASK)
        assert store.stock() == TASK
        store.begin(replace(TASK, structure=0), NOW)
        assert store.stock() == TASK
        store.begin(TASK, NOW)
        assert store.stock() is None
        store.put(TASK)
        store.put(None)
        assert store.stock() is None


# --- several at once -----------------------------------------------------------------------------


def test_two_stores_see_each_others_answers(path: Path) -> None:
    """Two terminals, or a terminal and a browser."""
    with open_store(path, NOW) as one, open_store(path, NOW) as two:
        begun = one.begin(TASK, NOW)
        two.attempted(begun.id, [answer("1")])
        one.attempted(begun.id, [answer("2")])
        found = two.round(begun.id)
        assert found is not None
        assert [each.response for each in found.attempts] == ["1", "2"]


def test_who_waits_too_long_is_told_why(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And once the other is done it goes on."""
    monkeypatch.setattr(connections, "PATIENCE", 0.01)
    with open_store(path, NOW) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ExamgenError, match="another program is using it"):
            store.begin(TASK, NOW)
        with pytest.raises(ExamgenError, match="another program is using it"):
            open_store(path, NOW)
        other.close()
        assert store.begin(TASK, NOW).id == 1


# --- the file ------------------------------------------------------------------------------------


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


def test_a_file_cut_anywhere_opens(filled: Path, tmp_path: Path) -> None:
    """With the backup of the morning all but today's rounds are there, without it what is left."""
    chance, whole = random.Random(5), filled.read_bytes()
    saved = []
    for number in range(60):
        content = whole[: chance.randrange(1, len(whole))]
        place = tmp_path / str(number) / "progress.sqlite3"
        saved.append(rounds_saved(damaged(filled, place, content, backups=number % 2 == 0)))
        assert place.with_name("progress.damaged-2026-05-04.sqlite3").read_bytes() == content
        if number % 10 == 1:
            with open_store(place, NOW) as store:
                assert len(json.loads(export_data(store))["rounds"]) == saved[-1] + 1
    assert min(saved[::2]) >= 180
    assert sum(saved[1::2]) / 30 > 60, saved


def test_a_file_overwritten_anywhere_opens(filled: Path, tmp_path: Path) -> None:
    """Up to 10,000 bytes of noise, among them at its beginning, cost few rounds."""
    chance, whole = random.Random(6), filled.read_bytes()
    saved = []
    for number in range(20):
        size = chance.choice([10, 100, 1000, 10_000])
        start = chance.randrange(len(whole) - size) if number % 5 else 0
        content = whole[:start] + chance.randbytes(size) + whole[start + size :]
        place = tmp_path / str(number) / "progress.sqlite3"
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


# --- export and erasure --------------------------------------------------------------------------


def test_the_export_tells_everything(path: Path) -> None:
    """Every row of every table is in it, and it is read back as it was."""
    with open_store(path, NOW) as store:
        practise(store, NOW)
        store.set("exam", "2026-07-01")
        store.next_number("mlp")
        rounds, standings = list(store.rounds()), store.standings()
        found = json.loads(export_data(store))
    assert list(found) == ["format", "version", "settings", "numbers", "standings", "rounds"]
    assert (found["format"], found["version"]) == ("examgen-practice", 1)
    assert found["settings"] == {"exam": "2026-07-01"}
    assert found["numbers"] == {"mlp": 1}
    assert {
        skill: codec.read_standing(skill, fields) for skill, fields in found["standings"].items()
    } == standings
    [one] = found["rounds"]
    assert codec.read_task(one["task"]) == TASK
    assert [
        (each["response"], codec.read_feedback(each["slot"], each["feedback"]))
        for each in one["attempts"]
    ] == [(each.response, each.feedback) for each in rounds[0].attempts]
    assert (one["hints"], one["passed"], one["grades"]) == ({"h": 2}, ["h"], {"chain": "right"})
    assert one["closed"] == NOW.isoformat()


def test_erasing_leaves_nothing_of_it(path: Path) -> None:
    """Backups and damaged files go too; what is another's stays."""
    fill(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:9000])
    open_store(path, NOW).close()
    path.with_name("progress.sqlite3-journal").touch()
    mine = path.with_name("thesis.txt")
    mine.touch()
    gone = erase(path)
    assert len(gone) >= 4
    assert [*path.parent.iterdir()] == [mine]
    assert erase(path) == ()
    with open_store(path, NOW) as store:
        assert list(store.rounds()) == []
        assert store.notes == ()


@pytest.mark.parametrize("content", [b"Dear diary", b"SQLite format 3\0" + bytes(99)])
def test_another_programs_file_is_not_erased(path: Path, content: bytes) -> None:
    """It bears no mark of ours."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(ExamgenError, match="no file with progress"):
        erase(path)
    assert path.read_bytes() == content


@given(
    standing=st.builds(
        Standing,
        skill=st.text(),
        due=st.datetimes(datetime(2000, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC)),
        last=st.dates(date(2000, 1, 1), date(2900, 1, 1)),
        stability=st.floats(0.001, 1e5),
        difficulty=st.floats(1, 10),
        state=st.integers(1, 3),
        rounds=st.integers(1, 10**6),
        missed=st.integers(0, 10**6),
        begun=st.dates(date(2000, 1, 1), date(2900, 1, 1)),
        learned=st.none() | st.dates(date(2000, 1, 1), date(2900, 1, 1)),
    )
)
def test_a_standing_is_read_as_it_was_written(standing: Standing) -> None:
    """To the last bit."""
    fields = codec.read(codec.written(codec.standing_fields(standing)))
    assert codec.read_standing(standing.skill, fields) == standing
