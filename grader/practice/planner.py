"""What is asked next: by the schedule, or by the student's own choice of questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from examgen.errors import ExamgenError
from grader.practice.library import Library
from grader.practice.picking import part_for, question_for
from grader.practice.posed import draw_numbers
from grader.practice.schedule import (
    Choice,
    Done,
    Limits,
    choose,
    day_of,
    is_full,
    next_due,
    reviewed,
    rounds_of,
)
from grader.practice.skills.catalogue import Catalogue
from grader.practice.skills.words import taught
from grader.practice.store import Store
from grader.practice.values import Rest, Round, Task, Why

_RECENT = 14  # days


@dataclass(frozen=True)
class Plan:
    """What is practised: a catalogue of parts, and how much of it.

    trains: what every part trains that there is, whether it is offered now or not. questions: whole
    questions that the student chose; where there are none, skills come as they are due. title: of
    the instructor's set, if it is one.
    """

    catalogue: Catalogue
    trains: Catalogue
    limits: Limits = field(default_factory=Limits)
    questions: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Planner:
    """Chooses and draws tasks, from what has been done so far."""

    store: Store
    library: Library
    plan: Plan

    @property
    def limits(self) -> Limits:
        """How much a day, and up to when."""
        written = self.store.setting("exam")
        limits = self.plan.limits
        return replace(limits, exam=date.fromisoformat(written)) if written else limits

    def wants(self, task: Task) -> bool:
        """Whether a task is what is practised here, so that its round may go on."""
        plan = self.plan
        if plan.questions:
            return task.question in plan.questions
        return task.question in plan.catalogue.questions and task.skill in plan.catalogue.skills

    def next(self, now: datetime, ahead: bool) -> Task | Rest:
        """What is asked now; ahead: whether beyond what is due and the day's limit, too."""
        done, limits = self.done_today(now), self.limits
        standings, offered = self.store.standings(), self.plan.catalogue.skills
        choice = choose(standings, offered, done, limits, now, ahead)
        limit = is_full(done, limits) and not ahead
        if not limit and self.plan.questions and (choice is None or choice.reason != "again"):
            return self._whole_in_stock(now) or self._whole(now, at_once=True)()
        if limit or choice is None:
            waiting = any(skill not in standings for skill in offered)
            why: Why = "limit" if limit else "new" if waiting else "done"
            return Rest(why, rounds_of(done), next_due(standings, offered, done, limits, now))
        stock, skipped = self.store.stock(), bool(done) and done[-1].skipped
        if stock and (skipped or _is_for(stock, choice)) and self._is_sound(stock):
            return stock  # whoever skips wants another question, not the same skill at any price
        return self._drawing(choice, self._last(done), now, at_once=True)()

    def first(self, now: datetime) -> Callable[[], Task] | None:
        """What draws the task that a session begins with; None where there will be a rest."""
        done = self.done_today(now)
        offered, limits = self.plan.catalogue.skills, self.limits
        choice = choose(self.store.standings(), offered, done, limits, now)
        if self.plan.questions and (choice is None or choice.reason != "again"):
            return self._whole(now, at_once=False)
        if choice is None:
            return None
        return self._drawing(choice, self._last(done), now, at_once=False)

    def foreseen(self, begun: Round, now: datetime) -> Callable[[], Task] | None:
        """What draws the next task if a round goes well, to be kept as the stock.

        None where nothing comes next, or it is there. What is returned takes long, and may be
        called while others use the store.
        """
        going, stock = self._as_done(begun, now), self.store.stock()
        if self.plan.questions:
            there = self._whole_in_stock(now, going)
            return None if there else self._whole(now, going, at_once=False)
        choice = self._after(begun, going, now)
        if choice is None or (stock and _is_for(stock, choice) and self._is_sound(stock)):
            return None
        return self._drawing(choice, begun, now, going, at_once=False)

    def _is_sound(self, stock: Task) -> bool:
        """Whether a task that was drawn ahead is wanted still, and can be posed."""
        try:
            return self.wants(stock) and bool(self.library.posed(stock))
        except ExamgenError:
            return False

    def _drawing(
        self,
        choice: Choice,
        last: Round | None,
        now: datetime,
        *going: Done,
        at_once: bool,
    ) -> Callable[[], Task]:
        """What draws a task for a choice; going: the round that is not done yet, if any."""
        begun = {*self.store.standings(), *(skill for one in going for skill, _ in one.grades)}
        recent = (*self._recent(now), *going)
        part = part_for(choice, self.plan.catalogue, begun, recent, last, self.store.seed)
        slots = tuple(slot for slot, _ in part.slots)
        draw = self._drawn(part.question, part.structure, slots, at_once)
        return lambda: replace(draw(), skill=choice.skill, mixed=choice.mixed)

    def _next_whole(self, now: datetime, *going: Done) -> tuple[str, int]:
        """Which question of those that the student chose is next, and which of its structures."""
        recent = (*self._recent(now), *going)
        question = question_for(self.plan.questions, recent)
        structures = self.plan.catalogue.structures(question)
        return question, structures[len(recent) % len(structures)]

    def _whole(self, now: datetime, *going: Done, at_once: bool) -> Callable[[], Task]:
        """What draws a whole question."""
        question, structure = self._next_whole(now, *going)
        slots = tuple(slot.id for slot in self.library.template(question, structure).slots)
        draw = self._drawn(question, structure, slots, at_once)
        return lambda: replace(draw(), mixed=True)

    def _whole_in_stock(self, now: datetime, *going: Done) -> Task | None:
        """The next whole question, if it was drawn ahead and still can be posed."""
        stock = self.store.stock()
        if stock is None or stock.skill:
            return None
        same = (stock.question, stock.structure) == self._next_whole(now, *going)
        return stock if same and self._is_sound(stock) else None

    def _drawn(
        self, question: str, structure: int, slots: tuple[str, ...], at_once: bool
    ) -> Callable[[], Task]:
        seed, number = self.store.seed, self.store.next_number(question)

        def draw() -> Task:
            template = self.library.template(question, structure)
            numbers = draw_numbers(template, seed, number, at_once=at_once)
            return Task(question, template.fingerprint, structure, numbers, slots)

        return draw

    def _after(self, begun: Round, going: Done, now: datetime) -> Choice | None:
        """What would be chosen if this round went well; ahead of time if nothing else is left."""
        standings, mixed = self.store.standings(), begun.task.mixed
        for skill, grade in going.grades:
            before = standings.get(skill)
            standings[skill] = reviewed(before, skill, grade, mixed, now, self.limits)
        done = (*self.done_today(now), going)
        offered, limits = self.plan.catalogue.skills, self.limits
        due = choose(standings, offered, done, limits, now)
        return due or choose(standings, offered, done, limits, now, ahead=True)

    def _as_done(self, begun: Round, now: datetime) -> Done:
        """A round as it will be if it goes well."""
        task = begun.task
        trained = self.plan.trains.skills_of(task.question, task.structure)
        right = taught(skill for slot in task.asked for skill in trained.get(slot, ()))
        return Done(
            round=begun.id,
            question=task.question,
            skill=task.skill,
            mixed=task.mixed,
            closed=now,
            day=day_of(now),
            skipped=False,
            grades=tuple((skill, "right") for skill in right),
            asked=task.asked,
        )

    def done_today(self, now: datetime) -> tuple[Done, ...]:
        """The rounds that were closed today, oldest first."""
        return self.store.rounds_between(day_of(now), day_of(now))

    def _recent(self, now: datetime) -> tuple[Done, ...]:
        return self.store.rounds_between(day_of(now) - timedelta(days=_RECENT), day_of(now))

    def _last(self, done: Sequence[Done]) -> Round | None:
        return self.store.round(done[-1].round) if done else None


def _is_for(stock: Task, choice: Choice) -> bool:
    """Whether a task that was drawn ahead is what was chosen; after a miss none is."""
    return (stock.skill, stock.mixed) == (choice.skill, choice.mixed) and choice.reason != "again"
