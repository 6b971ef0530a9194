"""Progress in one file: what is kept is read back, exported and erased."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept_progress import (
    DAY,
    HOSTILE,
    NOW,
    TASK,
    TODAY,
    answer,
    fill,
    practise,
    progress_path,  # noqa: F401 - the fixture `path`
)

from examgen.errors import ExamgenError
from grader.practice.schedule import reviewed
from grader.practice.schedule.standing import Standing
from grader.practice.store import (
    codec,
    connections,
    erase,
    export_data,
    open_store,
)
from grader.practice.values import Round

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
def test_any_response_is_kept_verbatim(path: Path, text: str) -> None:
    """And any reason, name of a mistake, or setting."""
    with open_store(path, NOW) as store:
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


def test_a_clock_that_lost_its_battery_keeps_nobody_from_practising(path: Path) -> None:
    """West of Greenwich it is still 1969 then; the right time comes back later."""
    evening = datetime.fromtimestamp(0, timezone(timedelta(hours=-5)))
    with open_store(path, evening) as store:
        one = practise(store, evening)
    with open_store(path, NOW) as store:
        kept = store.round(one.id)
        assert kept is not None
        assert kept.closed == evening
        assert store.notes == ()


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
