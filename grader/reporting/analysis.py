"""What the statistics say of one graded exam: its totals, its questions and slots, its variants.

An answer that was not asked of a student or that waits for a human is missing, not zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from examgen.manifest import Manifest, Question, file_of
from grader.arrays import Bools, Floats, Indices
from grader.gradebook import Graded
from grader.marking.rubric import by_question, question_totals, totals
from grader.marking.verdicts import Verdict
from grader.reporting.statistics import (
    GroupEffect,
    Item,
    Reliability,
    Spread,
    group_effect,
    item_statistics,
    reliability,
    spread,
)

HARD, EASY = 0.2, 0.95
"""Difficulties (shares of the points reached) below and beyond which an item is remarked on."""
WEAK = 0.1
"""A discrimination below it is remarked on."""
ENOUGH = 10
"""Of fewer students no discrimination is remarked on."""
MOST_GROUPS = 40
_SEED = 20_150_401  # of the shuffles; another one moves p in its third decimal


@dataclass(frozen=True)
class Comparison:
    """Shares of the points reached, between forms of a question or groups of the roster."""

    title: str
    names: tuple[str, ...]
    effect: GroupEffect


@dataclass(frozen=True)
class Analysis:
    """The statistics of a graded exam.

    maxima: the different maximal totals. empty_sheets: the graded who left all blank. pending:
    points that wait for a human, over all students. questions, slots: in paper order; slots_for_all
    tells which slots `slot_reliability` is computed on.
    """

    totals: Floats  # (graded,)
    maxima: tuple[float, ...]
    spread: Spread
    empty_sheets: int
    pending: float
    questions: tuple[Item, ...]
    slots: tuple[Item, ...]
    question_reliability: Reliability
    slot_reliability: Reliability
    slots_for_all: Bools  # (slots,)
    comparisons: tuple[Comparison, ...]


def analyse(graded: Graded) -> Analysis:
    """Compute all statistics; what a small class does not allow is NaN."""
    marks = graded.marks
    waits = marks.verdicts == Verdict.NEEDS_A_HUMAN
    marked = graded.key.asked & ~waits
    total, most = totals(marks, graded.manifest)
    points, possible = _question_points(graded, marked)
    for_all = marked.all(axis=0) if len(marked) else np.zeros(marked.shape[1], dtype=bool)
    return Analysis(
        totals=total,
        maxima=tuple(np.unique(most).tolist()),
        spread=spread(total),
        empty_sheets=_empty_sheets(graded),
        pending=float(marks.possible[waits].sum()),
        questions=item_statistics(points, possible),
        slots=item_statistics(np.where(marked, marks.points, np.nan), marks.possible),
        question_reliability=reliability(np.nan_to_num(points)),
        slot_reliability=reliability(marks.points[:, for_all]),
        slots_for_all=for_all,
        comparisons=tuple(_comparisons(graded, points, possible)),
    )


def remarks(item: Item) -> tuple[str, ...]:
    """What is odd about an item, in words.

    >>> remarks(Item(students=30, difficulty=0.1, sd=0.3, discrimination=-0.2))
    ('very hard', 'negative discrimination')
    """
    return tuple(_remarks(item))


def _remarks(item: Item) -> Iterator[str]:
    if item.difficulty < HARD:
        yield "very hard"
    if item.difficulty > EASY:
        yield "very easy"
    if item.students >= ENOUGH:
        if item.discrimination < 0:
            yield "negative discrimination"
        elif item.discrimination < WEAK:
            yield "hardly discriminates"


def _question_points(graded: Graded, marked: Bools) -> tuple[Floats, Floats]:
    """Points (NaN where nothing is marked) and maximum of each question, `(graded, questions)`."""
    most = by_question(np.where(marked, graded.marks.possible, 0.0), graded.manifest)
    return np.where(most > 0, question_totals(graded.marks, graded.manifest), np.nan), most


def _empty_sheets(graded: Graded) -> int:
    blank = ~graded.key.asked | (graded.marks.verdicts == Verdict.BLANK)
    return int(blank.all(axis=1).sum())


def _comparisons(graded: Graded, points: Floats, possible: Floats) -> Iterator[Comparison]:
    """Each question that has several forms, by each choice; the total, by group of the roster."""
    students = graded.answers.students
    for place, question in enumerate(graded.manifest.questions):
        template = graded.manifest.template_of(question.id)[students]
        share = _share(points[:, place], possible[:, place])
        for by, values, group in _forms(graded.manifest, question):
            chosen = group[template]
            there = chosen >= 0
            title = f"Question {place + 1} by {by}"
            yield _comparison(title, values, share[there], chosen[there])
    groups = np.array(graded.manifest.students.group, dtype=object)[students]
    names, of = np.unique(groups.astype(str), return_inverse=True)
    if 1 < len(names) <= MOST_GROUPS:
        share = _share(np.nansum(points, axis=1), possible.sum(axis=1))
        named = tuple(name or "no group" for name in names.tolist())
        yield _comparison("The whole exam by group of the roster", named, share, of)


def _forms(
    manifest: Manifest, question: Question
) -> Iterator[tuple[str, tuple[str, ...], Indices]]:
    """By what a question's templates differ, the names of it, and the name's place, `(templates,)`.

    That is the file, and whatever a file leaves to be chosen; -1 for templates of other files.
    """
    files = [file_of(template) for template in question.templates]
    if len(question.files) > 1:
        yield "template", question.files, np.array([question.files.index(file) for file in files])
    choices = [manifest.choice_of(template) for template in question.templates]
    for file in question.files:
        own = [choice if of == file else {} for choice, of in zip(choices, files, strict=True)]
        for name in dict.fromkeys(name for choice in own for name in choice):
            values = tuple(dict.fromkeys(choice[name] for choice in own if choice))
            places = [values.index(choice[name]) if choice else -1 for choice in own]
            by = f"‘{name}’ of {file}" if len(question.files) > 1 else f"‘{name}’"
            yield by, values, np.array(places)


def _comparison(title: str, names: tuple[str, ...], shares: Floats, groups: Indices) -> Comparison:
    there = ~np.isnan(shares)
    rng = np.random.default_rng(_SEED)
    return Comparison(title, names, group_effect(shares[there], groups[there], len(names), rng))


def _share(points: Floats, possible: Floats) -> Floats:
    missing = np.full(len(points), np.nan)
    shares: Floats = np.divide(points, possible, out=missing, where=possible > 0)
    return shares
