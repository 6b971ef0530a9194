"""Sets a student's desk up: what is practised, how much, in which language."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from queue import SimpleQueue
from threading import Thread

from examgen.bank import bank_ids, find_templates
from examgen.errors import ExamgenError
from examgen.text import Language
from grader.practice.catalogue import Catalogue, bank_catalogue, catalogue_of
from grader.practice.desk import Desk
from grader.practice.library import Library
from grader.practice.planner import Plan
from grader.practice.schedule import Limits
from grader.practice.store import Store


@dataclass(frozen=True)
class Wishes:
    """What a student asks for; None: as it was, or as usual.

    topics: ids of questions and files of templates, which are then asked as a whole; or skills,
    cells, losses. rounds, new: at most so many a day, of rounds and of skills to begin.
    """

    topics: tuple[str, ...] = ()
    rounds: int | None = None
    new: int | None = None
    exam: date | None = None
    language: Language | None = None


def opened(store: Store, wishes: Wishes) -> Desk:
    """The desk of a student. Raises ExamgenError for a topic that there is not."""
    language = _language(store, wishes.language)
    if wishes.exam is not None:
        store.set("exam", wishes.exam.isoformat())
    plan = replace(_plan(wishes.topics), limits=_limits(wishes))
    return Desk(store, Library(language), plan, ahead=background())


def _language(store: Store, wished: Language | None) -> Language:
    """What is wished is kept for the next time."""
    if wished is not None:
        store.set("language", wished)
    return "de" if store.setting("language") == "de" else "en"


def _limits(wishes: Wishes) -> Limits:
    usual = Limits()
    return Limits(
        rounds=usual.rounds if wishes.rounds is None else wishes.rounds,
        new=usual.new if wishes.new is None else wishes.new,
    )


def _plan(topics: tuple[str, ...]) -> Plan:
    """Whole questions where nothing but questions is named, else what is due of the topics."""
    questions = [topic for topic in topics if _is_file(topic) or topic in bank_ids()]
    files = [topic for topic in questions if _is_file(topic)]
    others = [topic for topic in topics if topic not in files]
    own = catalogue_of([one for file in files for one in find_templates(file)]).parts
    bank = bank_catalogue()
    offered = bank.about(others).parts if others else () if files else bank.parts
    return Plan(
        Catalogue((*offered, *own)),
        trains=Catalogue((*bank.parts, *own)),
        questions=tuple(questions) if len(questions) == len(topics) else (),
    )


def _is_file(topic: str) -> bool:
    return topic.endswith((".yaml", ".yml"))


def background() -> Callable[[Callable[[], None]], object]:
    """Runs work one after the other, beside what the student does; it ends with the program."""
    queue: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def work() -> None:
        while True:
            with suppress(ExamgenError):  # it is told when it is asked for
                queue.get()()

    Thread(target=work, daemon=True).start()
    return queue.put
