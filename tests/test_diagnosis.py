"""Tests of naming mistakes: where they are made, on top of carried errors, all that coincide."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from small_exam import write_exam

from examgen.bank import bank_ids, find_template
from examgen.graph import record
from examgen.manifest import Manifest
from examgen.misconceptions import Misconception
from examgen.mistakes import mistakes_of
from grader.arrays import Floats
from grader.classroom import crowd
from grader.marking.diagnosis import diagnose
from grader.marking.graphs import Graphs
from grader.marking.numbers import Numbers
from grader.marking.papers import Paper, papers
from grader.simulate import class_of
from grader.versions import lent

CLASS = 60


def paper_of(manifest: Manifest) -> Paper:
    """The one paper of a manifest."""
    (paper,) = papers(manifest, np.arange(len(manifest.students)))
    return paper


@cache
def made(name: str) -> tuple[Paper, Manifest]:
    """A paper for a question of the bank, in its first structure, and the manifest it is from."""
    count = 2 * CLASS * find_template(name).structures
    with TemporaryDirectory() as folder:
        manifest = class_of(write_exam(Path(folder), [f"{{use: {name}}}"], {}), count)
    rows = np.flatnonzero(manifest.template_of("q1") == 0)[:CLASS]
    manifest = lent(manifest, crowd(manifest, CLASS).students, rows)
    return paper_of(manifest), manifest


def answers_of(paper: Paper, mistake: Misconception | None = None) -> Floats:
    """What a class answers that makes one mistake throughout, or none, `(rows, slots)`."""
    quantities = paper.template.quantities
    nodes = quantities.nodes if mistake is None else mistake.nodes
    answers = np.full((len(paper.rows), len(paper.columns)), np.nan)
    for place, slot in enumerate(paper.template.slots):
        if slot.kind == "number":
            (values,) = record([nodes[quantities.name(slot.quantity)]])(paper.givens)
            answers[:, place] = values
    return answers


def place_of(paper: Paper, quantity: str) -> int:
    """Where a number is asked."""
    slots = enumerate(paper.template.slots)
    return next(n for n, slot in slots if slot.kind == "number" and slot.quantity == quantity)


def tolerances(paper: Paper, manifest: Manifest) -> Floats:
    """The tolerance of every slot."""
    columns = [manifest.slots[int(column)] for column in paper.columns]
    nothing = np.full(len(paper.rows), np.nan)
    found = [manifest.tolerance(s.id) if s.kind == "number" else nothing for s in columns]
    return np.array(found).T


def named(
    paper: Paper, manifest: Manifest, responses: Floats, only: int | None = None
) -> list[list[set[str]]]:
    """The names given to every wrong answer (or those in one slot), `[row][slot]`."""
    return names_of(paper, responses, answers_of(paper), tolerances(paper, manifest), only)


def names_of(
    paper: Paper, responses: Floats, expected: Floats, width: Floats, only: int | None = None
) -> list[list[set[str]]]:
    """The same, for a key and tolerances that are known."""
    numbers = Numbers(paper.givens, responses, expected, width)
    asked = np.arange(len(paper.columns)) == only if only is not None else True
    found = diagnose(Graphs(paper.template), numbers, numbers.wrong & asked)
    sets = [{one.name for one in group} for group in found.sets]
    return [[sets[code] for code in row] for row in found.codes.tolist()]


def repeated(paper: Paper, times: int) -> Paper:
    """The same class again and again, with the same mistakes to make."""
    rows = np.arange(times * len(paper.rows))
    givens = {name: np.tile(values, times) for name, values in paper.givens.items()}
    return Paper(paper.question, paper.template, rows, paper.columns, givens)


@pytest.mark.parametrize("name", bank_ids())
def test_the_first_wrong_answer_of_a_mistake_is_named(name: str) -> None:
    """Whoever makes one mistake throughout has it named where it shows first, once a name."""
    paper, manifest = made(name)
    key, width = answers_of(paper), tolerances(paper, manifest)
    mistakes = list({one.name: one for one in mistakes_of(paper.template)}.values())
    responses = np.concatenate([answers_of(paper, mistake) for mistake in mistakes])
    key, width = (np.tile(one, (len(mistakes), 1)) for one in (key, width))
    off = (np.abs(responses - key) > 2 * width) & np.isfinite(responses)
    given = names_of(repeated(paper, len(mistakes)), responses, key, width)
    shown = np.flatnonzero(off.any(axis=1))
    for row in shown:
        mistake = mistakes[row // len(paper.rows)]
        names = set().union(*(given[row][slot] for slot in np.flatnonzero(off[row])))
        assert mistake.name in names, (mistake.name, mistake.where)
    assert len(shown) > 2 * CLASS


def test_a_mistake_is_named_on_top_of_a_carried_error() -> None:
    """A gradient got wrong by a slip, then ascent instead of descent from it."""
    paper, manifest = made("mlp-2-2-2")
    responses = answers_of(paper)
    gradient, update = place_of(paper, "dL/dw21"), place_of(paper, "w21'")
    responses[:, gradient] += 0.75
    responses[:, update] = paper.givens["w21"] + paper.givens["eta"] * responses[:, gradient]
    given = named(paper, manifest, responses, only=update)
    assert all("ascent" in row[update] for row in given)


def test_what_was_computed_rightly_from_a_mistake_is_no_mistake() -> None:
    """After ascent at w21 nothing else is named: the gradient before it is right."""
    paper, manifest = made("mlp-2-2-2")
    responses = answers_of(paper)
    update = place_of(paper, "w21'")
    slope = responses[:, place_of(paper, "dL/dw21")]
    responses[:, update] = paper.givens["w21"] + paper.givens["eta"] * slope
    for row in named(paper, manifest, responses):
        assert "ascent" in row[update]
        assert not set().union(*row[:update])


def test_numbers_without_a_mistake_behind_them_get_no_name() -> None:
    """A gradient off by an odd amount is explained by nothing."""
    paper, manifest = made("residual-two-sigmoids")
    responses = answers_of(paper)
    place = place_of(paper, "dL/dw1")
    responses[:, place] += 0.123456
    given = named(paper, manifest, responses)
    assert sum(bool(row[place]) for row in given) <= CLASS // 20


def test_all_mistakes_that_fit_are_named() -> None:
    """Leaving the 1/2 out of one loss term gives the same number by two mistakes: both are told."""
    paper, manifest = made("mlp-2-2-2")
    responses = answers_of(paper)
    place = place_of(paper, "dL/do1")
    responses[:, place] *= 2
    for row in named(paper, manifest, responses, only=place):
        assert {"loss_factor_added", "loss_half_forgotten_forward"} <= row[place]


def test_the_batch_names_as_one_student_alone() -> None:
    """Who else is in the class changes no name."""
    paper, manifest = made("modified-recurrent-cell")
    rng = np.random.default_rng(5)
    responses = np.array(
        [
            answers_of(
                paper, mistakes_of(paper.template)[rng.integers(len(mistakes_of(paper.template)))]
            )[row]
            for row in range(CLASS)
        ]
    )
    together = named(paper, manifest, responses)
    for row in range(0, CLASS, 7):
        chosen = np.array([row])
        givens = {name: values[chosen] for name, values in paper.givens.items()}
        alone = Paper(paper.question, paper.template, np.array([0]), paper.columns, givens)
        expected, width = answers_of(alone), tolerances(paper, manifest)[chosen]
        assert names_of(alone, responses[chosen], expected, width) == [together[row]]


def test_nothing_wrong_is_nothing_to_name() -> None:
    """A class of right answers and blanks gets no names."""
    paper, manifest = made("elman-relu")
    responses = answers_of(paper)
    responses[::2] = np.nan
    assert not any(names for row in named(paper, manifest, responses) for names in row)
