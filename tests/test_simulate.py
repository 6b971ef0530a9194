"""Tests of the artificial class: on the whole bank the grader is right, and faults of it show."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from bank_draws import SOURCE
from small_exam import write_exam

from examgen.bank import bank_ids
from examgen.columns import print_column, read_column
from examgen.manifest import Manifest, NumberKey
from grader.classroom import crowd
from grader.marking import judge
from grader.marking.carry import Carried
from grader.simulate import Outcome, class_of, lines, simulate
from grader.versions import lent

CLASS = 240
STRUCTURES = 4
"""So many of a question's structures are tried, and all of those of the source exams."""


@cache
def class_for(name: str) -> Manifest:
    """A class for a question of the bank."""
    with TemporaryDirectory() as folder:
        manifest = class_of(write_exam(Path(folder), [f"{{use: {name}}}"], {}), CLASS)
    got = manifest.template_of("q1")
    structures = np.unique(got)
    if name in SOURCE or len(structures) <= STRUCTURES:
        return manifest
    chosen = structures[:: -(-len(structures) // STRUCTURES)]
    rows = np.resize(np.flatnonzero(np.isin(got, chosen)), CLASS)
    return lent(manifest, crowd(manifest, CLASS).students, rows)


def outcome_of(manifest: Manifest, seed: int = 3) -> Outcome:
    """What became of all answers, whatever structure they are to."""
    outcomes = list(simulate(manifest, seed))
    counts = [each.name for each in fields(Outcome) if each.name != "template"]
    sums = {name: sum(getattr(one, name) for one in outcomes) for name in counts}
    return Outcome(outcomes[0].template, **sums)


@pytest.mark.parametrize("name", bank_ids())
def test_the_grader_is_right_about_the_bank(name: str) -> None:
    """No honest answer is wrong, no mistake right; carried errors are credited, mistakes named."""
    outcome = outcome_of(class_for(name))
    assert outcome.students == CLASS
    counted = (outcome.honest, outcome.mistaken, outcome.slips, outcome.carried, outcome.messy)
    assert min(counted) > CLASS / 60  # of a question with few numbers, fewer
    assert outcome.honest_wrong == outcome.formulas_wrong == 0
    assert outcome.mistaken_right == outcome.slips_right == 0
    assert outcome.credited == outcome.carried
    assert outcome.share_named >= 0.95
    assert outcome.gaps_other == outcome.messy_other == outcome.illegible_other == 0


def test_a_tolerance_too_narrow_shows() -> None:
    """With a hundredth of the tolerance honest rounding is marked wrong."""
    manifest = class_for("residual-two-sigmoids")
    narrow = {
        name: replace(key, tolerance=print_column(read_column(key.tolerance) / 100))
        if isinstance(key, NumberKey)
        else key
        for name, key in manifest.key.items()
    }
    outcome = outcome_of(replace(manifest, key=narrow))
    assert outcome.honest_wrong > 0.1 * outcome.honest


def test_a_tolerance_too_wide_shows() -> None:
    """With a tolerance of 1 mistakes are accepted, and counted where the key's own would not."""
    manifest = class_for("residual-two-sigmoids")
    right = outcome_of(manifest)
    wide = {
        name: replace(key, tolerance=print_column(np.ones(CLASS)))
        if isinstance(key, NumberKey)
        else key
        for name, key in manifest.key.items()
    }
    outcome = outcome_of(replace(manifest, key=wide))
    assert outcome.slips < right.slips
    assert outcome.mistaken < right.mistaken


def test_without_carrying_nothing_is_credited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grader that follows nobody is found out."""

    def nobody(_graphs: object, _numbers: object, wrong: np.ndarray) -> Carried:
        nothing = np.full(wrong.shape, np.nan)
        none = np.zeros(wrong.shape)
        return Carried(
            nothing, nothing, none > 0, none.astype(np.uint8), none.astype(np.int32), ((),)
        )

    monkeypatch.setattr(judge, "carry", nobody)
    outcome = outcome_of(class_for("modified-recurrent-cell"))
    assert outcome.carried > CLASS / 6
    assert outcome.credited == 0


def test_the_same_seed_is_the_same_class() -> None:
    """Outcomes depend on exam and seed alone."""
    manifest = class_for("modified-recurrent-cell")
    assert list(simulate(manifest, 4)) == list(simulate(manifest, 4))
    assert list(simulate(manifest, 4)) != list(simulate(manifest, 5))


def test_a_manifest_lends_its_numbers_to_any_class(tmp_path: Path) -> None:
    """A class larger than the roster gets the roster's numbers in turn; a smaller one the first."""
    from examgen.manifest_file import write_manifest

    drawn = class_of(write_exam(tmp_path), 7)
    write_manifest(drawn, tmp_path / "manifest.json")
    for count in (3, 16):
        lent = class_of(tmp_path / "manifest.json", count)
        assert len(lent.students) == count
        for slot in ("q1.z", "q1.dL_dw"):
            assert lent.expected(slot).tolist() == np.resize(drawn.expected(slot), count).tolist()


def test_every_count_is_told() -> None:
    """No count is left out of what is printed."""
    outcome = Outcome("t", *(1000 + n for n in range(len(fields(Outcome)) - 1)))
    told = " ".join(value for _, value in lines([outcome]))
    assert all(f"{1000 + n:,}" in told for n in range(len(fields(Outcome)) - 1))
