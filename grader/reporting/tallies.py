"""How often what happened: verdicts, known mistakes, carried errors, and what needs eyes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from examgen.errors import cut
from examgen.manifest import Slot
from grader.arrays import Counts, Indices
from grader.marking.verdicts import Marks, Verdict
from grader.reading.responses import Answers

MAX_SHOWN = 80
"""Characters of a response, a row or an id that a page shows."""


@dataclass(frozen=True)
class MistakeTally:
    """How often a misconception explained an answer, where, and what was said of it.

    names: several where they explained the very same answers. slots: ids with counts, the most
    frequent first. feedback: the sentence that most of them got, with mathematics between dollar
    signs.
    """

    names: tuple[str, ...]
    count: int
    students: int
    slots: tuple[tuple[str, int], ...]
    feedback: str


@dataclass(frozen=True)
class FollowTally:
    """How many of a slot's answers followed earlier wrong answers, and to which slots."""

    slot: str
    count: int
    after: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Unread:
    """An answer that could not be read: whose (a place among the graded), where and why.

    file: empty where only one file was read.
    """

    student: int
    row: int
    file: str
    slot: str
    response: str
    reason: str


@dataclass(frozen=True)
class Waiting:
    """One text that waits for a human in a slot, and how many students wrote it."""

    slot: str
    response: str
    students: int


def verdict_counts(marks: Marks) -> Counts:
    """How often each verdict was given, `(slots, verdicts)`."""
    slots = marks.verdicts.shape[1]
    counts = [np.bincount(marks.verdicts[:, i], minlength=len(Verdict)) for i in range(slots)]
    return np.array(counts, dtype=np.int64).reshape(slots, len(Verdict))


def tally_mistakes(marks: Marks, slots: tuple[Slot, ...]) -> tuple[MistakeTally, ...]:
    """Every misconception that was diagnosed, the most frequent first.

    An answer that several misconceptions explain counts for each of them; those that no answer of
    the class tells apart stand together.
    """
    answers: dict[str, set[_Group]] = defaultdict(set)
    groups = [_Group(*each) for each in _reasoned(marks, Verdict.KNOWN_MISTAKE)]
    for group in groups:
        for name in marks.reasons[group.reason].mistakes:
            answers[name].add(group)
    alike: dict[frozenset[_Group], list[str]] = defaultdict(list)
    for name in sorted(answers):
        alike[frozenset(answers[name])].append(name)
    tallies = (_tally(names, same, marks, slots) for same, names in alike.items())
    return tuple(sorted(tallies, key=lambda tally: (-tally.count, tally.names)))


def tally_follow_throughs(marks: Marks, slots: tuple[Slot, ...]) -> tuple[FollowTally, ...]:
    """Which slots followed which earlier wrong answers, in paper order, the most frequent first.

    An answer that follows several earlier ones counts once for its slot, and for each of them.
    """
    counts: dict[int, int] = defaultdict(int)
    after: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for number, slot, students in _reasoned(marks, Verdict.FOLLOWS):
        counts[slot] += len(students)
        for earlier in marks.reasons[number].follows:
            after[slot][earlier] += len(students)
    return tuple(
        FollowTally(slots[slot].id, counts[slot], _by_count(after[slot])) for slot in sorted(counts)
    )


def unread(
    answers: Answers, marks: Marks, slots: tuple[Slot, ...], limit: int
) -> tuple[Unread, ...]:
    """The first answers that could not be read, by student."""
    students, places = np.nonzero(marks.verdicts == Verdict.UNREADABLE)
    pairs = zip(students[:limit].tolist(), places[:limit].tolist(), strict=True)
    return tuple(_unread(answers, marks, slots, *pair) for pair in pairs)


def waiting(
    answers: Answers, marks: Marks, slots: tuple[Slot, ...], limit: int
) -> tuple[tuple[Waiting, ...], int]:
    """Answers that wait for a human, equal texts of a slot together; at most `limit`, and of how
    many."""
    students, places = np.nonzero(marks.verdicts == Verdict.NEEDS_A_HUMAN)
    texts = len(answers.cells.texts)
    codes = places.astype(np.int64) * texts + answers.cells.codes[students, places]
    distinct, counts = np.unique(codes, return_counts=True)
    order = np.lexsort((distinct, -counts, distinct // max(1, texts)))[:limit]
    shown = tuple(
        Waiting(slots[place].id, shortened(answers.cells.texts[text].as_py()), count)
        for (place, text), count in zip(
            (divmod(code, texts) for code in distinct[order].tolist()),
            counts[order].tolist(),
            strict=True,
        )
    )
    return shown, len(distinct)


def shortened(text: str) -> str:
    """A text as a page shows it: one line, cut off, and nothing in it that steers or hides.

    >>> shortened("a\\tb" + 100 * "c")[:6], len(shortened(100 * "c"))
    ('a�bccc', 80)
    """
    shown = cut(text, MAX_SHOWN)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in shown)


@dataclass(frozen=True, eq=False)
class _Group:
    """The students whose answer to a slot got a verdict for the same reason."""

    reason: int
    slot: int
    students: Indices


def _reasoned(marks: Marks, verdict: Verdict) -> Iterator[tuple[int, int, Indices]]:
    """Each reason given with a verdict, each slot, and the students: by reason, then by slot."""
    students, places = np.nonzero((marks.verdicts == verdict) & (marks.reason_of > 0))
    slots = marks.verdicts.shape[1]
    codes = marks.reason_of[students, places].astype(np.int64) * slots + places
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    if len(starts):
        groups = np.split(students[order], starts[1:])
        for code, group in zip(codes[order][starts].tolist(), groups, strict=True):
            yield *divmod(code, slots), group


def _tally(
    names: list[str], groups: frozenset[_Group], marks: Marks, slots: tuple[Slot, ...]
) -> MistakeTally:
    """Of the answers that these mistakes explain; a sentence about them alone is preferred."""
    by_slot: dict[str, int] = defaultdict(int)
    by_sentence: dict[tuple[int, str], int] = defaultdict(int)
    for group in groups:
        reason = marks.reasons[group.reason]
        by_slot[slots[group.slot].id] += len(group.students)
        by_sentence[-len(reason.mistakes), reason.rich] += len(group.students)
    (_, feedback), _ = max(by_sentence.items(), key=lambda entry: (entry[0][0], entry[1], entry[0]))
    students = np.unique(np.concatenate([group.students for group in groups]))
    return MistakeTally(
        names=tuple(names),
        count=sum(by_slot.values()),
        students=len(students),
        slots=_by_count(by_slot),
        feedback=feedback,
    )


def _by_count(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def _unread(
    answers: Answers, marks: Marks, slots: tuple[Slot, ...], student: int, place: int
) -> Unread:
    code = int(answers.cells.codes[student, place])
    several = len(answers.files) > 1
    said = marks.reasons[int(marks.reason_of[student, place])].text
    return Unread(
        student=student,
        row=int(answers.rows[student]),
        file=shortened(answers.files[int(answers.file_of[student])]) if several else "",
        slot=slots[place].id,
        response=shortened(answers.cells.texts[code].as_py()),
        reason=said or answers.readings.reasons.get(code, ""),
    )
