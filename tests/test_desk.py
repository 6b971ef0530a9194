"""The desk: rounds from their choice to their end, over the real bank and a real store."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from practice_desk import Student

from examgen.drawing import draw_variants
from examgen.template import Template
from grader.practice.desk import Desk, UnknownRoundError
from grader.practice.posed import PRACTICE, draw_numbers
from grader.practice.schedule import Limits
from grader.practice.skills.catalogue import bank_catalogue
from grader.practice.store import Store
from grader.practice.values import LONGEST_RESPONSE, Rest, Round, RoundView, SlotView, Task


@pytest.fixture
def student(tmp_path: Path) -> Student:
    """Somebody new."""
    return Student(tmp_path)


def asked(found: RoundView | Rest) -> RoundView:
    """What has to be a round."""
    assert isinstance(found, RoundView)
    return found


def trained(task: Task) -> set[str]:
    """The skills of all that a task asks."""
    skills = bank_catalogue().skills_of(task.question, task.structure)
    return {skill for slot in task.asked for skill in skills[slot]}


def current(view: RoundView) -> SlotView:
    """The slot that is asked."""
    assert view.current is not None
    return view.of(view.current)


def finished(student: Student, desk: Desk, view: RoundView) -> RoundView:
    """The round with everything answered rightly."""
    while view.current is not None:
        view = desk.answer(view.id, {view.current: student.right(view, view.current)})
    return view


def test_a_new_student_begins_with_the_first_skill(student: Student) -> None:
    """It is announced, and only one part is asked."""
    view = asked(student.desk().start())
    assert view.skill == "Forward pass"
    assert not view.mixed
    assert len(view.sheet.parts) == 1
    assert not view.ended
    assert all(not slot.expected and not slot.attempts for slot in view.slots)


def test_a_round_of_right_answers(student: Student) -> None:
    """All skills of its slots are right, and nothing has to be explained."""
    desk = student.desk(questions=("mlp-2-2-2",))
    view = finished(student, desk, asked(desk.start()))
    assert view.ended
    assert view.worked == ()
    assert {grade for _, grade in view.grades} == {"right"}
    assert all(slot.expected for slot in view.slots)


def test_a_slip_is_followed_and_charged_once(student: Student) -> None:
    """What comes after it is right for who goes on from there; the end shows the whole way."""
    desk = student.desk(questions=("mlp-2-2-2",))
    view = asked(desk.start())
    first = current(view)
    key = Fraction(student.right(view, first.slot.id))
    view = desk.answer(view.id, {first.slot.id: str(float(key) + 100)})
    assert current(view).slot.id == first.slot.id
    assert current(view).last.feedback.verdict == "wrong"  # type: ignore[union-attr]
    view = desk.leave(view.id, first.slot.id)
    assert current(view).slot.id != first.slot.id
    assert view.of(first.slot.id).expected == ""
    while view.current is not None:
        view = desk.leave(view.id, view.current)
    assert view.of(first.slot.id).expected
    own = [attempt.response for part in view.worked for step in part.steps for attempt in step.own]
    assert str(float(key) + 100) in own
    assert "missed" in {grade for _, grade in view.grades}


def test_wrong_answers_may_be_mended_but_the_first_one_counts(student: Student) -> None:
    """The round goes on, and its skill is missed; of one slip in four numbers it is not."""
    desk = student.desk()
    for slips, grade in ((2, "missed"), (1, "helped")):
        view = asked(desk.next())
        assert len(view.slots) == 4
        for slot in [one.slot.id for one in view.slots[:slips]]:
            key = student.right(view, slot)
            desk.answer(view.id, {slot: "12345.678"})
            view = desk.answer(view.id, {slot: key})
            assert view.of(slot).settled
        view = finished(student, desk, view)
        assert ("Forward pass", grade) in view.grades


def test_after_a_miss_the_same_part_comes_with_new_numbers(student: Student) -> None:
    """So that it can be tried again at once."""
    desk = student.desk()
    view = asked(desk.start())
    while view.current is not None:
        view = desk.leave(view.id, view.current)
    after = asked(desk.next())
    assert after.id != view.id
    assert after.skill == view.skill
    assert after.sheet.parts[0].ask == view.sheet.parts[0].ask
    assert after.sheet.givens != view.sheet.givens


def test_hints_are_the_whole_derivation(student: Student) -> None:
    """One step at a time; the last tells the answer, and settles the slot."""
    desk = student.desk()
    view = asked(desk.start())
    slot = current(view).slot.id
    view = desk.hint(view.id, slot)
    assert len(view.of(slot).hints) == 1
    assert view.of(slot).left > 0
    assert not view.of(slot).settled
    while not view.of(slot).settled:
        view = desk.hint(view.id, slot)
    assert view.of(slot).hints[-1].answers
    assert view.of(slot).passed


def test_what_the_author_says_of_a_part_is_told_once(student: Student) -> None:
    """The other answers to it count as many hints less, whenever they are looked at."""
    desk = student.desk(questions=("mlp-tanh",))
    view = asked(desk.start())
    first, second, *_ = (slot.slot.id for slot in view.slots if slot.part == "b")
    while view.current != first:
        view = desk.leave(view.id, current(view).slot.id)
    view = desk.hint(view.id, first)
    before = view.of(first)
    assert [one.kind for one in before.hints] == ["author"]
    desk.leave(view.id, first)
    view = desk.hint(view.id, second)
    assert view.of(second).hints[0].kind != "author"
    assert view.of(first).left == before.left
    for _ in range(view.of(second).left):
        view = desk.hint(view.id, second)
    assert (view.of(second).left, view.of(second).settled) == (0, True)
    assert view.of(second).hints[-1].answers


def test_hints_come_for_what_is_asked_now(student: Student) -> None:
    """Those of a later slot would tell the answers to earlier ones."""
    desk = student.desk(questions=("mlp-2-2-2",))
    view = asked(desk.start())
    later = view.slots[3].slot.id
    assert desk.hint(view.id, later).of(later).hints == ()


def test_a_hint_makes_right_helped(student: Student) -> None:
    """It is free, and recorded."""
    desk = student.desk()
    view = asked(desk.start())
    desk.hint(view.id, current(view).slot.id)
    view = finished(student, desk, desk.view(view.id))
    assert ("Forward pass", "helped") in view.grades


def test_what_cannot_be_read_is_no_attempt_that_counts(student: Student) -> None:
    """It is told where, and the round goes well."""
    desk = student.desk()
    view = asked(desk.start())
    slot = current(view).slot.id
    view = desk.answer(view.id, {slot: "1,234"})
    said = view.of(slot).last.feedback  # type: ignore[union-attr]
    assert (said.verdict, said.column) == ("unreadable", 2)
    view = finished(student, desk, view)
    assert {grade for _, grade in view.grades} == {"right"}


def test_blank_settled_and_foreign_answers_change_nothing(student: Student) -> None:
    """Nor does a second answer in another tab."""
    desk = student.desk(questions=("mlp-2-2-2",))
    view = asked(desk.start())
    slot = current(view).slot.id
    assert desk.answer(view.id, {slot: "   ", "nonsense": "1"}) == view
    done = desk.answer(view.id, {slot: student.right(view, slot)})
    assert desk.answer(view.id, {slot: "17"}) == done


def test_a_monstrous_answer_is_cut_and_refused(student: Student) -> None:
    """And kept no longer than it has to be."""
    desk = student.desk()
    view = asked(desk.start())
    slot = current(view).slot.id
    view = desk.answer(view.id, {slot: "9" * 100_000})
    last = view.of(slot).last
    assert last is not None
    assert last.feedback.verdict == "unreadable"
    assert len(last.response) == LONGEST_RESPONSE


def test_a_round_goes_on_after_a_restart(student: Student) -> None:
    """With the same numbers and what has been answered."""
    view = asked(student.desk().start())
    again = student.desk()
    assert asked(again.start()) == view
    slot = current(view).slot.id
    after = again.answer(view.id, {slot: "0.125"})
    assert asked(student.desk().start()) == after


def test_a_round_whose_end_was_cut_off_ends_at_the_next_start(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between its last answer and its end, a round is graded as if nothing had been."""
    desk = student.desk()
    view = asked(desk.start())
    with monkeypatch.context() as patch:
        patch.setattr(Store, "closed", _killed)
        with pytest.raises(KeyboardInterrupt):
            finished(student, desk, view)
    again = student.desk()
    found = asked(again.start())
    assert (found.id, found.ended) == (view.id, True)
    assert {grade for _, grade in found.grades} == {"right"}
    assert {one.rounds for one in student.kept.standings().values()} == {1}
    assert asked(again.next()).id != view.id


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_answer_to_a_round_that_was_ended_elsewhere_is_not_shown_as_taken(
    student: Student,
) -> None:
    """Nor is it kept: the round stays as the other program left it."""
    desk, other = student.desk(), student.desk()
    view = asked(desk.start())
    slot = current(view).slot.id
    other.skip(view.id)
    after = desk.answer(view.id, {slot: "0.125"})
    assert (after.ended, after.of(slot).attempts) == (True, ())
    assert student.round(view).attempts == ()


def test_unknown_rounds_are_told(student: Student) -> None:
    """By a sentence."""
    with pytest.raises(UnknownRoundError, match="there is no round 7"):
        student.desk().view(7)


def test_skipping_ends_a_round_without_a_miss(student: Student) -> None:
    """Nothing was answered, so nothing is known of it; another one comes."""
    desk = student.desk()
    view = asked(desk.start())
    desk.skip(view.id)
    assert asked(desk.next()).id != view.id
    assert all(skill.missed == 0 for skill in desk.progress().skills)


def test_the_daily_limit_holds_until_one_goes_on(student: Student) -> None:
    """And the next day there is more."""
    desk = student.desk(limits=Limits(rounds=2))
    for _ in range(2):
        finished(student, desk, asked(desk.next()))
    rest = desk.next()
    assert rest == Rest("limit", 2, rest.due)  # type: ignore[union-attr]
    assert isinstance(desk.next(ahead=True), RoundView)
    student.clock.days(1)
    assert isinstance(student.desk(limits=Limits(rounds=2)).start(), RoundView)


def test_enough_new_skills_for_a_day_are_no_limit_of_rounds(student: Student) -> None:
    """Nor is it said that nothing is left; once all skills are begun it is."""
    desk = student.desk(("tanh", "sigmoid"), limits=Limits(new=1))
    for why in ("new", "done"):
        finished(student, desk, asked(desk.next()))
        rest = desk.next()
        assert isinstance(rest, Rest)
        assert rest.why == why
        student.clock.days(1)


def test_whole_questions_come_in_turn(student: Student) -> None:
    """Each with all of its slots."""
    desk = student.desk(questions=("mlp-tanh", "gru-step"))
    titles = []
    for _ in range(3):
        view = finished(student, desk, asked(desk.next()))
        assert view.skill == ""
        titles.append(view.sheet.title)
    assert titles[0] == titles[2] != titles[1]


def test_the_next_task_is_drawn_ahead(student: Student) -> None:
    """While the student thinks; if the round goes well it is what comes."""
    desk = student.desk()
    view = asked(desk.start())
    student.works.pop()()
    stock = student.kept.stock()
    assert stock is not None
    finished(student, desk, view)
    after = asked(desk.next())
    assert student.round(after).task == stock


def test_a_session_can_be_made_ready(student: Student) -> None:
    """What the first call gives is drawn before; an open round is left as it is."""
    desk = student.desk()
    desk.get_ready()
    student.works.pop()()
    stock = student.kept.stock()
    assert stock is not None
    view = asked(desk.start())
    assert student.round(view).task == stock
    student.works.clear()
    desk.get_ready()
    student.works.pop()()
    assert student.kept.stock() is None


def test_only_what_is_practised_is_made_ready(student: Student) -> None:
    """What another session drew ahead, for other topics, is not what this one begins with."""
    student.desk().get_ready()
    student.works.pop()()
    desk = student.desk(topics=("slope:relu",))
    desk.get_ready()
    student.works.pop()()
    with student.store() as store:
        stock = store.stock()
    assert stock is not None
    assert stock.skill == "slope:relu"
    assert student.round(asked(desk.start())).task == stock


def test_who_skips_gets_what_was_drawn_ahead(student: Student) -> None:
    """Another skill rather than a wait for the same one."""
    desk = student.desk()
    view = asked(desk.start())
    student.works.pop()()
    stock = student.kept.stock()
    desk.skip(view.id)
    after = asked(desk.next())
    assert student.round(after).task == stock


def test_earlier_parts_are_told_but_not_what_is_asked(student: Student) -> None:
    """A part of its own begins with the results it builds upon."""
    desk = student.desk(topics=("update:sgd",))
    view = asked(desk.start())
    assert view.known
    told = {symbol for symbol, _ in view.known}
    assert told.isdisjoint(slot.slot.label for slot in view.slots)


def test_a_changed_question_is_put_aside(student: Student, tmp_path: Path) -> None:
    """A round of it cannot be marked any more, so another begins."""
    from examgen.bank import find_template

    path = tmp_path / "mine.yaml"
    path.write_text(find_template("elman-relu").text, encoding="utf-8")
    from grader.practice.opening import Wishes, opened

    with student.store() as store:
        view = asked(opened(store, Wishes((str(path),))).start())
        path.write_text(find_template("mlp-tanh").text, encoding="utf-8")
        after = asked(opened(store, Wishes((str(path),))).start())
    assert after.id != view.id
    assert after.sheet.title != view.sheet.title


def test_practice_never_draws_as_exams_do(mlp: Template) -> None:
    """The same seed gives an exam other numbers."""
    exam = draw_variants(mlp, 5, range(50)).draw
    drawn = {tuple(exam.exact(row).items()) for row in range(50)}
    for number in range(50):
        numbers = draw_numbers(mlp, 5, number)
        assert tuple((name, Fraction(value)) for name, value in numbers) not in drawn
    assert PRACTICE < 0


@pytest.fixture(scope="module")
def mlp() -> Template:
    """A question."""
    from examgen.bank import find_template

    return find_template("mlp-2-2-2")


def test_progress_tells_where_one_stands(student: Student) -> None:
    """Skills with their stage and recall, the days, the mistakes."""
    desk = student.desk()
    finished(student, desk, asked(desk.start()))
    progress = desk.progress()
    first = next(skill for skill in progress.skills if skill.id == "forward")
    assert (first.rounds, first.missed) == (1, 0)
    assert first.recall == pytest.approx(1.0)
    assert first.stage != "new"
    assert progress.rounds_today == 1
    assert [one[1:] for one in progress.days] == [(1, 1)]


def test_german(student: Student) -> None:
    """All that is said is in the language of the desk."""
    view = asked(student.desk(language="de").start())
    assert view.skill == "Vorwärtsdurchlauf"


def test_the_first_day_leads_from_a_sum_to_the_first_slope(student: Student) -> None:
    """Five skills, one after the other, each in a round of a few answers."""
    desk = student.desk()
    names, sizes = [], []
    while isinstance(view := desk.next(), RoundView):
        student.works.pop()()  # what was drawn ahead is as good
        names.append(view.skill)
        assert len(trained(student.round(view).task) - set(student.kept.standings())) <= 1
        sizes.append(len(view.slots))
        finished(student, desk, view)
    assert names == [
        "Forward pass",
        "Activations",
        "Squared error",
        "Chain rule along one path",
        "Derivative of ReLU",
    ]
    assert max(sizes) <= 6


def test_what_no_file_can_hold_is_kept_as_a_question_mark(student: Student) -> None:
    """A terminal hands on bytes that are no text as half a character."""
    desk = student.desk()
    view = asked(desk.start())
    slot = current(view).slot.id
    last = desk.answer(view.id, {slot: "1\ud800"}).of(slot).last
    assert last is not None
    assert (last.response, last.feedback.verdict) == ("1?", "unreadable")


def test_what_comes_is_foreseen_with_all_that_a_round_trains(student: Student) -> None:
    """A round trains other skills, too; they are not due any more if it goes well."""
    desk = student.desk()
    view = asked(desk.next())
    for _ in range(7):  # the last two beyond what the day begins
        student.works.pop()()
        stock = student.kept.stock()
        finished(student, desk, view)
        view = asked(desk.next(ahead=True))
        assert student.round(view).task == stock


def test_the_next_whole_question_is_drawn_ahead(student: Student) -> None:
    """It is the other one; and it is asked but once."""
    desk = student.desk(questions=("mlp-tanh", "gru-step"))
    view = asked(desk.start())
    student.works.pop()()
    stock = student.kept.stock()
    assert stock is not None
    desk.skip(view.id)
    after = asked(desk.next())
    assert student.round(after).task == stock
    assert {stock.question, student.round(view).task.question} == {"mlp-tanh", "gru-step"}
    desk.skip(after.id)
    assert student.round(asked(desk.next())).task.numbers != stock.numbers


def test_who_skips_fast_does_not_wait_for_what_is_past(student: Student) -> None:
    """Nothing is drawn to follow a round that is left already; only the last one counts."""
    desk = student.desk()
    desk.skip(asked(desk.start()).id)
    asked(desk.next())
    drawn = student.kept.numbers()
    past, present = student.works
    past()
    assert (student.kept.stock(), student.kept.numbers()) == (None, drawn)
    present()
    assert student.kept.stock() is not None


def test_a_whole_question_that_lies_in_stock_is_not_drawn_again(student: Student) -> None:
    """Who opens the session again goes on with the round, and the next is there already."""
    student.desk(questions=("mlp-tanh", "gru-step")).start()
    student.works.pop()()
    drawn = student.kept.numbers()
    student.desk(questions=("mlp-tanh", "gru-step")).start()
    student.works.pop()()
    assert student.kept.numbers() == drawn == {"mlp-tanh": 1, "gru-step": 1}


def test_nothing_tells_an_answer_before_its_time(student: Student) -> None:
    """Over several draws: a number may stand on the page by accident, but not each time."""
    desk = student.desk(questions=("mlp-tanh", "gru-step", "lstm-two-steps", "mazur-network"))
    shown: dict[str, list[bool]] = {}
    for _ in range(8):
        view = asked(desk.next())
        for one in view.slots:
            key = student.right(view, one.slot.id).replace("-", "\N{MINUS SIGN}")
            found = f"${key}$" in repr(view) or f"'{key}'" in repr(view)
            shown.setdefault(f"{view.sheet.title} {one.slot.id}", []).append(found)
        desk.skip(view.id)
    assert not [slot for slot, found in shown.items() if all(found)]


def test_whatever_is_called_in_whatever_order(student: Student) -> None:
    """Three windows on one file: no error but an unknown round, and what is done stays done."""
    chance = Random(5)
    limits = Limits(rounds=4)
    german = student.desk(topics=("paths", "gru"), limits=limits, language="de")
    desks = [student.desk(limits=limits), german, student.desk(questions=("mlp-tanh",))]
    store, states = student.store(), {1: set[str]()}
    closed: dict[int, Round] = {}
    for _ in range(120):
        student.clock.now += timedelta(seconds=chance.choice([1, 60, 7200, -30]))
        call = chance.choice([*_CALLS, "answer", "answer"])
        number = chance.choice([*states, 99])
        view = _called(student, chance.choice(desks), call, number, chance)
        if isinstance(view, RoundView):
            states.setdefault(view.id, set())
        for number, settled in states.items():
            if (one := store.round(number)) is None:
                continue
            now = {slot for slot in one.task.asked if one.is_settled(slot)}
            assert settled <= now
            assert (one.closed is not None) or (one.current is not None and not one.grades)
            assert closed.setdefault(number, one) == one if one.closed else number not in closed
            states[number] = now
    assert len(closed) > 3


_CALLS = ("next", "start", "view", "hint", "leave", "skip", "progress", "ahead")


def _called(student: Student, desk: Desk, call: str, number: int, chance: Random) -> object:
    """One call with some arguments; None for a round that there is not."""
    try:
        if call in ("next", "start", "progress"):
            return getattr(desk, call)()
        if call == "ahead":
            return desk.next(ahead=True)
        if call in ("view", "skip"):
            return getattr(desk, call)(number)
        view = desk.view(number)
        slot = view.current or chance.choice([*(one.slot.id for one in view.slots), "none", ""])
        if call != "answer":
            return getattr(desk, call)(number, slot)
        key = "3" if slot in ("none", "") else student.right(view, slot)
        text = chance.choice([key, key, "77.5", "", "1,234", "\0<b>", "dL/dh*(", "\udcff"])
        return desk.answer(number, {slot: text})
    except UnknownRoundError:
        return None
