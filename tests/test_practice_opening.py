"""Setting up practice: what is asked for, what is remembered, and the program's options."""

from __future__ import annotations

import gc
import json
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from queue import SimpleQueue

import pytest
from small_exam import TINY

from examgen import cli
from examgen.errors import ExamgenError
from grader.practice import opening
from grader.practice.desk import Desk
from grader.practice.opening import Wishes, background, opened
from grader.practice.store import Store, open_store
from grader.practice.values import RoundView


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A new one; nothing is done ahead."""
    monkeypatch.setattr(opening, "background", lambda: lambda work: None)
    with open_store(tmp_path / "p.sqlite3") as new:
        yield new


def begun(desk: Desk) -> RoundView:
    """The first round."""
    view = desk.start()
    assert isinstance(view, RoundView)
    return view


def question_of(store: Store) -> str:
    """What the open round asks."""
    found = store.open_round()
    assert found is not None
    return found.task.question


# --- what is practised ---------------------------------------------------------------------------


def test_a_question_is_asked_as_a_whole(store: Store) -> None:
    """All its parts, the skills of which are not named."""
    view = begun(opened(store, Wishes(("mlp-2-2-2",))))
    assert question_of(store) == "mlp-2-2-2"
    assert len(view.sheet.parts) == 6
    assert view.skill == ""


def test_a_file_is_asked_as_a_whole(store: Store, tmp_path: Path) -> None:
    """A template of the student's own."""
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    view = begun(opened(store, Wishes((str(path),))))
    assert view.sheet.title == "A tiny graph"
    assert len(view.sheet.parts) == 3


def test_a_file_may_be_named_in_any_way(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The round that is open goes on, wherever the student stands."""
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    numbers = set()
    for folder, written in (("", "./tiny.yaml"), ("sub", "../tiny.yaml"), ("", "sub/../tiny.yaml")):
        monkeypatch.chdir(tmp_path / folder)
        numbers.add(begun(opened(store, Wishes((written,)))).id)
    assert len(numbers) == 1


@pytest.mark.parametrize("topic", ["relu", "slope:relu", "Derivative of ReLU", "ReLU"])
def test_a_topic_is_asked_in_parts(store: Store, topic: str) -> None:
    """By the skill that it names, in whatever words."""
    view = begun(opened(store, Wishes((topic,))))
    assert view.skill == "Derivative of ReLU"
    assert len(view.sheet.parts) == 1


def test_without_topics_all_is_practised(store: Store) -> None:
    """From the first skill on."""
    assert begun(opened(store, Wishes())).skill == "Forward pass"


@pytest.mark.parametrize(
    ("topic", "told"),
    [("relo", "relu"), ("mlp-2-2-3", "mlp-2-2-2"), ("nosuch.yaml", "nosuch.yaml"), ("", "topic")],
)
def test_a_wrong_topic_is_told(store: Store, topic: str, told: str) -> None:
    """In words, with what was meant; no round is begun."""
    with pytest.raises(ExamgenError, match=told):
        opened(store, Wishes((topic,))).start()
    assert store.open_round() is None


def test_the_language_is_remembered(store: Store) -> None:
    """Until another one is asked for."""
    assert opened(store, Wishes()).language == "en"
    assert opened(store, Wishes(language="de")).language == "de"
    assert opened(store, Wishes()).language == "de"
    assert opened(store, Wishes(language="en")).language == "en"


def test_an_exam_that_is_over_is_not_told(store: Store) -> None:
    """It is kept, but there is nothing to get ready for."""
    assert opened(store, Wishes(exam=date(2020, 1, 1))).progress().exam is None


def test_the_exam_is_remembered(store: Store) -> None:
    """It is on the progress page from then on."""
    day = date(2099, 2, 3)
    assert opened(store, Wishes()).progress().exam is None
    assert opened(store, Wishes(exam=day)).progress().exam == day
    assert opened(store, Wishes()).progress().exam == day


def test_the_limits_of_a_day(store: Store) -> None:
    """As wished, else as usual."""
    assert opened(store, Wishes()).progress().limit == 20
    assert opened(store, Wishes(rounds=3)).progress().limit == 3


# --- ahead ---------------------------------------------------------------------------------------


def test_work_ahead_is_done_in_turn_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one other thread, which no problem ends, and which gives way to others soon."""
    intervals: list[float] = []
    monkeypatch.setattr(sys, "setswitchinterval", intervals.append)
    monkeypatch.setattr(gc, "set_threshold", lambda *counts: None)
    done: SimpleQueue[tuple[int, str]] = SimpleQueue()

    def work(number: int) -> Callable[[], None]:
        return lambda: done.put((number, threading.current_thread().name))

    def fail() -> None:
        raise ExamgenError("told when it is asked for")

    put = background(pause=0)
    for job in (work(1), fail, work(2)):
        put(job)
    found = [done.get(timeout=120) for _ in range(2)]
    assert [number for number, _ in found] == [1, 2]
    assert {name for _, name in found}.isdisjoint({threading.current_thread().name})
    assert intervals
    assert max(intervals) < 0.001


def test_a_resumed_round_is_prepared_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer after a restart comes as fast as any."""
    works: list[Callable[[], None]] = []
    monkeypatch.setattr(opening, "background", lambda: works.append)
    for count in (1, 2):
        opened(store, Wishes(("mlp-2-2-2",))).start()
        assert len(works) == count


# --- the program ---------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def practice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`examgen practice`, run in this process: exit code, output, errors."""
    monkeypatch.setattr(opening, "background", lambda: lambda work: None)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # pictures are kept there

    def call(*arguments: str | Path, typed: str = "") -> tuple[int, str, str]:
        from io import BytesIO, TextIOWrapper

        data = ["--data", str(tmp_path / "p.sqlite3")]
        monkeypatch.setattr(sys, "argv", ["examgen", "practice", *map(str, arguments), *data])
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(typed.encode())))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out, err

    return call


def test_practice_and_progress(practice: Run) -> None:
    """A round is begun and left, and the page tells of it."""
    code, out, err = practice("relu", "--rounds", "7", typed="skip\nquit\n")
    assert (code, err) == (0, "")
    assert "Trains: Derivative of ReLU" in out
    assert out.endswith("Rounds today: 0 of 7.\n")
    code, out, err = practice("--progress", "--language", "de")
    assert (code, err) == (0, "")
    assert "Nicht begonnen: Vorwärtsdurchlauf" in out


def test_export_has_what_was_answered(practice: Run, tmp_path: Path) -> None:
    """As JSON, and a word about where."""
    practice("mlp-2-2-2", typed="0.123\n")
    code, out, _ = practice("--export", tmp_path / "all.json")
    assert code == 0
    assert "all.json" in out
    kept = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert "0.123" in json.dumps(kept)


def test_erase_asks_first(practice: Run, tmp_path: Path) -> None:
    """No or nothing leaves all as it is; yes deletes, and then there is nothing."""
    practice("mlp-2-2-2", typed="0.123\n")
    data = tmp_path / "p.sqlite3"
    for typed in ("n\n", ""):
        code, _, err = practice("--erase", typed=typed)
        assert code == 1
        assert "Aborted" in err
        assert data.exists()
    code, out, _ = practice("--erase", typed="y\n")
    assert (code, data.exists()) == (0, False)
    assert f"deleted {data}" in out
    code, out, _ = practice("--erase", "--yes")
    assert code == 0
    assert "there was nothing" in out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--exam", "2026-13-01"), "--exam"),
        (("--rounds", "0"), "--rounds"),
        (("--new", "-1"), "--new"),
        (("--language", "fr"), "--language"),
        (("--port", "70000"), "--port"),
        (("--hint",), "--hint"),
    ],
)
def test_wrong_usage(practice: Run, tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    """Exit code 2, the option by its name, and nothing is kept."""
    code, _, err = practice(*options)
    assert code == 2
    assert told in err
    assert not (tmp_path / "p.sqlite3").exists()


def test_wrong_topic(practice: Run) -> None:
    """Exit code 1 and one sentence."""
    code, out, err = practice("relo")
    assert (code, out) == (1, "")
    assert "there is no topic 'relo' (did you mean 'relu'?)" in err


def test_an_export_that_cannot_be_written(practice: Run, tmp_path: Path) -> None:
    """Exit code 1 and one sentence."""
    code, _, err = practice("--export", tmp_path / "none" / "all.json")
    assert code == 1
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
