"""Sets a student's desk up: what is practised, how much, in which language."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from examgen.bank import bank_ids, find_templates, is_file
from examgen.errors import ExamgenError
from examgen.text import Language
from grader.practice.desk import Desk
from grader.practice.library import Library
from grader.practice.planner import Plan
from grader.practice.schedule import Limits
from grader.practice.skills.catalogue import Catalogue, bank_catalogue, catalogue_of, whole_path
from grader.practice.store import Store

if TYPE_CHECKING:
    from grader.practice.classroom.set_file import PracticeSet

PAUSE = 0.2
"""Seconds: longer than it takes to show a question, shorter than to read it."""


@dataclass(frozen=True)
class Wishes:
    """What a student asks for; None: as it was, or as usual.

    topics: ids of questions and files of templates, which are then asked as a whole; or skills,
    cells, losses. rounds, new: at most so many a day, of rounds and of skills to begin. set_file:
    an instructor's set, of which topics are taken; it says what is not wished otherwise.
    """

    topics: tuple[str, ...] = ()
    rounds: int | None = None
    new: int | None = None
    exam: date | None = None
    language: Language | None = None
    set_file: Path | None = None


def opened(store: Store, wishes: Wishes) -> Desk:
    """The desk of a student. Raises ExamgenError for a topic that there is not, a faulty set."""
    chosen = _set(wishes.set_file)
    plan = _plan(wishes.topics) if chosen is None else _plan_of(chosen, wishes.topics)
    language = _language(store, wishes.language, chosen)
    _keep_exam(store, wishes.exam, chosen)
    return Desk(
        store, Library(language), replace(plan, limits=_limits(wishes, chosen)), ahead=background()
    )


def _set(path: Path | None) -> PracticeSet | None:
    """The set; what reads one takes a moment to load, and waits until there is one."""
    if path is None:
        return None
    from grader.practice.classroom.set_file import read_set

    return read_set(path)


def _language(store: Store, wished: Language | None, chosen: PracticeSet | None) -> Language:
    """What is wished is kept for the next time."""
    if wished is not None:
        store.set("language", wished)
    return spoken(store, wished, chosen)


def spoken(store: Store, wished: Language | None, chosen: PracticeSet | None) -> Language:
    """The language that is wished, else the one before; a set speaks where nothing ever was."""
    found = wished or store.setting("language") or (chosen.language if chosen else None)
    return "de" if found == "de" else "en"


_SET_EXAM = "exam of a set"


def _keep_exam(store: Store, wished: date | None, chosen: PracticeSet | None) -> None:
    """What is wished is kept. The day of a set is, too, but once: a student may change it after."""
    told = chosen.exam.isoformat() if chosen and chosen.exam else None
    is_news = told is not None and told != store.setting(_SET_EXAM)
    if is_news:
        store.set(_SET_EXAM, told)
    if wished is not None or is_news:
        store.set("exam", wished.isoformat() if wished else told)


def _limits(wishes: Wishes, chosen: PracticeSet | None) -> Limits:
    """The student's own words go before the set's: its limits are advice, and no lock."""
    usual = Limits()
    return Limits(
        rounds=_first(wishes.rounds, chosen.rounds if chosen else None, usual.rounds),
        new=_first(wishes.new, chosen.new if chosen else None, usual.new),
    )


def _first(*numbers: int | None) -> int:
    """The first number that is one; 0 is."""
    return next(number for number in numbers if number is not None)


def _plan_of(chosen: PracticeSet, topics: tuple[str, ...]) -> Plan:
    from grader.practice.classroom.set_file import narrowed  # loaded already: there is a set

    catalogue, questions = narrowed(chosen, topics)
    return Plan(catalogue, trains=chosen.trains, questions=questions, title=chosen.title)


def _plan(topics: tuple[str, ...]) -> Plan:
    """Whole questions where nothing but questions is named, else what is due of the topics."""
    named = dict.fromkeys(whole_path(Path(one)) if is_file(one) else one for one in topics)
    questions = [topic for topic in named if is_file(topic) or topic in bank_ids()]
    files = [topic for topic in questions if is_file(topic)]
    others = [topic for topic in named if topic not in files]
    own = catalogue_of([one for file in files for one in find_templates(file)]).parts
    bank = bank_catalogue()
    offered = bank.about(others).parts if others else () if files else bank.parts
    return Plan(
        Catalogue((*offered, *own)),
        trains=Catalogue((*bank.parts, *own)),
        questions=tuple(questions) if len(questions) == len(named) else (),
    )


_SWITCH = 0.0005  # seconds, where Python takes 5 ms
_YOUNG = 50_000  # objects, where Python takes 700


def background(pause: float = PAUSE) -> Callable[[Callable[[], None]], object]:
    """Runs work one after the other, beside what the student does; the program waits for one at
    its end, no more: to tear a thread out of numpy's midst would crash it.

    pause: seconds before each, in which the question that was just posed gets onto the screen: two
    threads that compute would take turns. How soon they do, and how often garbage is looked for,
    is set for the whole program.
    """
    queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
    ending = Event()
    # Who answers meanwhile gets their turn at once, whenever a file or a page has been written.
    sys.setswitchinterval(_SWITCH)
    # Graphs are many small objects that stay: to look for garbage among them takes as long again.
    gc.set_threshold(_YOUNG, 20, 20)

    def work() -> None:
        while True:
            job = queue.get()
            if ending.wait(pause):
                return
            with suppress(ExamgenError):  # it is told when it is asked for
                job()

    def end() -> None:
        for impatient in (signal.SIGINT, signal.SIGTERM):  # would break the waiting off
            signal.signal(impatient, signal.SIG_IGN)
        ending.set()
        queue.put(end)  # for one that waits
        thread.join()

    thread = Thread(target=work, daemon=True)  # others are waited for before `end` is called
    thread.start()
    atexit.register(end)
    return queue.put
