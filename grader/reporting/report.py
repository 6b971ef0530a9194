"""The report on a graded exam: one page that holds all it needs, to be read and to be printed.

What students wrote stands there escaped, shortened and without control characters. No script, no
file beside it, nothing from a network; the same bytes for the same grades.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from examgen.files import replacing
from examgen.manifest import Manifest, Question, Slot
from grader.arrays import Counts, Floats
from grader.gradebook import Graded
from grader.marking.verdicts import Verdict
from grader.reporting import wording
from grader.reporting.analysis import Analysis, analyse, remarks
from grader.reporting.charts import COLOURS, histogram, verdict_bars
from grader.reporting.resemblance import LEAST, RARE, Resemblances, resemblances
from grader.reporting.statistics import Item
from grader.reporting.tallies import (
    shortened,
    tally_follow_throughs,
    tally_mistakes,
    unread,
    verdict_counts,
    waiting,
)

if TYPE_CHECKING:
    from jinja2 import Environment


LIMIT = 200
"""Rows that a list of single answers has at most; details.csv has all of them."""
_BINS = 20
_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


@dataclass(frozen=True)
class SlotRow:
    """One answer slot with its statistics, and its verdicts by their words.

    labels: what it asks for, several where its structures differ.
    """

    slot: Slot
    labels: tuple[str, ...]
    name: str  # its id within the block
    item: Item
    remarks: tuple[str, ...]
    verdicts: Mapping[str, int]


@dataclass(frozen=True)
class Block:
    """Slots that are asked together: all of a question, or those of one of its templates.

    prefix: what their ids begin with. verdicts: those that were given. bars: a picture of them.
    """

    prefix: str
    template: str
    rows: tuple[SlotRow, ...]
    verdicts: tuple[str, ...]
    bars: str


@dataclass(frozen=True)
class Section:
    """One question with its statistics and its slots."""

    question: Question
    item: Item
    alpha_without: float
    remarks: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Histogram:
    """How many students reached what: counts of the bins, from where to where, and a picture."""

    bins: tuple[tuple[float, float, int], ...]
    picture: str


def write_report(graded: Graded, path: Path, notes: Sequence[str] = ()) -> None:
    """Write the report as one HTML file, readable by its owner only: it shows ids and answers.

    notes: sentences on this run, shown at its end with those on the answer file.
    """
    page = _environment().get_template("report.html.j2").render(_content(graded, notes))
    with replacing(path, mode=0o600) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")


def _content(graded: Graded, notes: Sequence[str]) -> dict[str, Any]:
    """All that the page shows, by the names that its template uses."""
    answers, marks, slots = graded.answers, graded.marks, graded.manifest.slots
    analysis = analyse(graded)
    counts = verdict_counts(marks)
    waits, different = waiting(answers, marks, slots, LIMIT)
    ids = graded.manifest.students.student
    return {
        "language": "en",
        "exam": graded.manifest.exam,
        "roster": len(ids),
        "answers": answers,
        "analysis": analysis,
        "histogram": _histogram(analysis) if len(analysis.totals) else None,
        "sections": tuple(_sections(graded.manifest, analysis, counts)),
        "remarked": sum(1 for item in analysis.slots if remarks(item)),
        "verdicts": _by_words(counts.sum(axis=0)),
        "colours": {verdict.words: colour for verdict, colour in COLOURS.items()},
        "rubric": tuple(_rubric(graded.manifest)),
        "mistakes": tally_mistakes(marks, slots),
        "follow_throughs": tally_follow_throughs(marks, slots),
        "unread": unread(answers, marks, slots, LIMIT),
        "waiting": waits,
        "waiting_texts": different,
        "resemblances": _resemblances(graded),
        "rejected": answers.rejected[:LIMIT],
        "notes": tuple(dict.fromkeys((*notes, *answers.notes))),
        "slot_ids": [slot.id for slot in slots],
        "student_id": lambda place: shortened(ids[int(answers.students[place])]),
        "slot_decimals": wording.decimals([slot.points for slot in slots]),
        "question_decimals": wording.decimals([q.points for q in graded.manifest.questions]),
        "limit": LIMIT,
        "least": LEAST,
        "rare": RARE,
    }


def _sections(manifest: Manifest, analysis: Analysis, counts: Counts) -> Iterator[Section]:
    places = iter(range(len(manifest.slots)))
    for number, question in enumerate(manifest.questions):
        prefixes = {next(places): _prefix(slot, question) for slot in question.slots}
        item = analysis.questions[number]
        yield Section(
            question=question,
            item=item,
            alpha_without=float(analysis.question_reliability.if_deleted[number]),
            remarks=remarks(item),
            blocks=tuple(
                _block(prefix, list(block), manifest, analysis, counts)
                for prefix, block in groupby(prefixes, prefixes.__getitem__)
            ),
        )


def _prefix(slot: Slot, question: Question) -> str:
    """What the ids of a file's slots begin with, `q3.lstm.`; `q3.` if there is but one file."""
    files = question.files if len(question.files) > 1 else ()
    own = (f"{question.id}.{file}." for file in files)
    return next((prefix for prefix in own if slot.id.startswith(prefix)), f"{question.id}.")


def _block(
    prefix: str, places: list[int], manifest: Manifest, analysis: Analysis, counts: Counts
) -> Block:
    rows = tuple(
        _slot_row(manifest.slots[place], prefix, analysis.slots[place], counts[place])
        for place in places
    )
    return Block(
        prefix=prefix,
        template=prefix.partition(".")[2].removesuffix("."),
        rows=rows,
        verdicts=tuple(_by_words(counts[places].sum(axis=0))),
        bars=verdict_bars(f"bars{places[0]}", [row.name for row in rows], counts[places]),
    )


def _slot_row(slot: Slot, prefix: str, item: Item, counts: Counts) -> SlotRow:
    name = slot.id.removeprefix(prefix)
    return SlotRow(slot, slot.labels, name, item, remarks(item), _by_words(counts))


def _by_words(counts: Counts) -> dict[str, int]:
    """The verdicts that were given, in the order of the bars."""
    return {verdict.words: int(counts[verdict]) for verdict in COLOURS if counts[verdict]}


def _histogram(analysis: Analysis) -> Histogram:
    edges = _edges(max(analysis.maxima))
    counts, _ = np.histogram(analysis.totals, edges)
    picture = histogram(counts, edges, analysis.spread.mean, analysis.spread.median, "points")
    bins = zip(pairwise(edges.tolist()), counts.tolist(), strict=True)
    return Histogram(tuple((low, high, count) for (low, high), count in bins), picture)


def _edges(most: float) -> Floats:
    """Bins of a round width from zero to at least the maximum; the last holds its upper edge.

    >>> _edges(32).tolist()[-3:]
    [28.0, 30.0, 32.0]
    """
    step = next((step for step in _STEPS if most / step <= _BINS), most / _BINS)
    return np.arange(max(1, math.ceil(most / step)) + 1, dtype=np.float64) * step


def _resemblances(graded: Graded) -> Resemblances:
    """Of the wrong numbers that nothing else explains."""
    responses = graded.answers.readings.values[graded.answers.cells.codes]
    wrong = graded.marks.verdicts == Verdict.WRONG
    return resemblances(responses, wrong, graded.key.expected, graded.key.tolerance)


# --- words ---------------------------------------------------------------------------------------


def _rubric(manifest: Manifest) -> Iterator[str]:
    """What the marks were given by, a sentence each."""
    shares = sorted({slot.follow_through for slot in manifest.slots if slot.kind == "number"})
    if shares:
        yield f"A number that follows from an earlier wrong answer earns {_span(*shares)}."
    if shares and shares[0] < 1 and any(slot.kind == "formula" for slot in manifest.slots):
        yield "It earns all of them where the same student’s formula for the quantity is right."
    yield from _partial_marks(manifest)
    penalty, step = manifest.rubric.penalty, manifest.rubric.round_to
    yield f"A wrong answer costs {f'{penalty:.0%} of its points' if penalty else 'nothing'}."
    yield f"Totals are rounded half up to {step:g}." if step else "Totals are not rounded."
    yield "No question and no total is below zero or above its maximum."


def _partial_marks(manifest: Manifest) -> Iterator[str]:
    granted = {
        f"{share:.0%} for ‘{name.replace('_', ' ')}’"
        for slot in manifest.slots
        for name, share in slot.partial.items()
    }
    if granted:
        named = "; ".join(sorted(granted))
        yield f"Part marks for known mistakes, where the template grants them: {named}."


def _span(low: float, *others: float) -> str:
    """What ascending shares earn, in words.

    >>> _span(0.5), _span(0.0, 0.5, 1.0)
    ('50% of its points', 'between 0% and 100% of its points, depending on the slot')
    """
    if others:
        return f"between {low:.0%} and {others[-1]:.0%} of its points, depending on the slot"
    return {1.0: "all of its points", 0.0: "none of its points"}.get(
        low, f"{low:.0%} of its points"
    )


def _environment() -> Environment:
    from examgen.html.environment import environment

    made = environment("grader.reporting")
    made.filters |= {
        "number": wording.number,
        "points": wording.points,
        "chance": wording.chance,
        "percent": wording.percent,
        "plural": wording.plural,
        "short": shortened,
    }
    return made
