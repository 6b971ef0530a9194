"""Checking questions: a sound one passes, and each thing that can be wrong is found and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from small_exam import TINY

from examgen.bank import bank_ids, find_template
from examgen.check import Finding, Report, Verdict, check
from examgen.check import draws as draws_module
from examgen.check import sample as sample_module
from examgen.check.distributions import distributions
from examgen.check.guessing import Guess, guess_findings
from examgen.check.sample import LEAST, Sample, draw_sample
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.template import Template, parse_templates
from examgen.variant import Variants

HEAD = TINY[: TINY.index("parts:")]


def structures(text: str) -> tuple[Template, ...]:
    """The structures of a template."""
    return parse_templates(text, "tiny.yaml")


def report(text: str, variants: int = 300) -> Report:
    """The report on a template."""
    return check(structures(text), variants)


def finding(text: str, name: str, variants: int = 300) -> Finding:
    """The finding with a name, of a template; there is one."""
    (found,) = (one for one in report(text, variants).findings if one.name == name)
    return found


def asking(answers: str, extra: str = "") -> str:
    """The tiny template with one part that asks for other answers."""
    part = f"  - ask: Give it.\n    answers: {answers}\n    points: 1\n"
    return HEAD + "parts:\n" + part + extra


def test_a_sound_question_passes() -> None:
    """Every finding is there, holds, and gives neither reason nor advice."""
    found = report(TINY)
    assert found.verdict is Verdict.PASS, found.findings
    assert [one.name for one in found.findings] == [
        "texts", "acceptance", "room", "conditions", "finite", "duplicates", "equal keys",
        "guessable", "detected", "identified", "mistakes", "effort", "tolerances", "gradients",
        "keys", "rounding",
    ]  # fmt: skip
    assert not any(one.why or one.advice for one in found.findings)
    assert (found.id, found.title, found.variants) == ("tiny", "A tiny graph", 300)
    assert found.structures == ("tiny",)


def test_the_same_variants_give_the_same_report() -> None:
    """How long drawing took does not count."""
    first, second = report(TINY, 120), report(TINY, 120)
    assert first.findings == second.findings
    assert first.figures.guesses == second.figures.guesses
    assert check(structures(TINY), 120, seed=1).figures.guesses != first.figures.guesses


def test_structures_share_the_variants() -> None:
    """Each gets its part of them, but never too few; all are told with what they chose."""
    text = "choose:\n  sign: ['+', '-']\n" + TINY.replace("w*x + b", "w*x <sign> b")
    found = report(text, 300)
    assert found.structures == ("tiny#1: sign = +", "tiny#2: sign = -")
    assert found.variants == 300
    assert report(text, 20).variants == 2 * LEAST
    assert {one.structure for one in found.figures.rooms} == {"tiny#1", "tiny#2"}


# --- drawing -------------------------------------------------------------------------------------


def test_what_cannot_be_drawn_is_found() -> None:
    """With the condition that fails; the rest cannot be looked at."""
    found = report(TINY.replace("require: [abs(dL/dw) > 0]", "require: [z > 100]"))
    assert [one.name for one in found.findings] == ["texts", "draws"]
    assert found.findings[1].verdict is Verdict.FAIL
    assert "z > 100" in found.findings[1].seen


def test_conditions_that_bite_are_told() -> None:
    """The share of what each judged, the most biting first."""
    figures = report(TINY.replace("abs(dL/dw) > 0", "z > 0, b > 0")).figures
    (room,) = figures.rooms
    shares = {bite.condition: bite.share for bite in room.bites}
    assert shares["z > 0"] == pytest.approx(0.5, abs=0.1)
    assert [bite.share for bite in room.bites] == sorted(shares.values(), reverse=True)
    assert room.rate < 0.4


def test_little_room_is_a_warning() -> None:
    """A class that fits may still be served; all there is is looked at."""
    text = TINY.replace("b: {from: -4, to: 4, step: 1}", "b: 1").replace(
        "y: {from: -5, to: 5, step: 0.5}", "y: 2"
    )
    found = report(text, 1000)
    (room,) = (one for one in found.findings if one.name == "room")
    assert room.verdict is Verdict.WARN
    assert found.variants < 1000


def repeating(template: Template, seed: int, numbers: Sequence[int]) -> Variants:
    """A faulty draw: every other variant is the one before it."""
    drawn = draw_variants(template, seed, numbers)
    places = {name: place - place % 1 for name, place in drawn.draw.places.items()}
    for place in places.values():
        place[1::2] = place[::2]
    return Variants(template, replace(drawn.draw, places=places))


def test_papers_that_are_alike_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should two variants ever share their numbers."""
    monkeypatch.setattr(sample_module, "draw_variants", repeating)
    found = finding(TINY, "duplicates", 200)
    assert found.verdict is Verdict.FAIL
    assert found.seen == "100 in 200 variants"


def test_keys_that_are_alike_are_found() -> None:
    """Other numbers, the same answers: a neighbour's are worth copying."""
    coarse = asking("s").replace("z: w*x + b", "z: w*x + b\n    s: sign(z) + 2*sign(w)")
    coarse = coarse.replace("L: (z - y)^2", "L: (z + s - y)^2").replace("require:", "margin: 0\n#")
    found = finding(coarse, "equal keys")
    assert found.verdict is Verdict.FAIL
    assert "chance" in found.seen
    assert finding(asking("z"), "equal keys").verdict is Verdict.WARN
    assert finding(TINY, "equal keys").verdict is Verdict.PASS


def test_broken_conditions_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws are judged again by exact rationals, not believed."""
    (template,) = structures(TINY)
    stricter = structures(TINY.replace("abs(dL/dw) > 0", "x == 1"))[0].conditions

    def unfiltered(_: Template, seed: int, numbers: range) -> Variants:
        drawn = draw_variants(template, seed, numbers)
        return Variants(replace(template, conditions=stricter), drawn.draw)

    monkeypatch.setattr(sample_module, "draw_variants", unfiltered)
    found = finding(TINY, "conditions", 150)
    assert found.verdict is Verdict.FAIL
    assert "not x == 1" in found.seen


def test_infinite_answers_are_found() -> None:
    """A key must be finite for every draw; nothing that rests on keys is looked at."""
    text = TINY.replace("z: w*x + b", "z: w*x + b + exp(exp(x^4))").replace("require: [", "#")
    found = report(text)
    assert found.findings[-1].name in {"finite", "draws"}
    assert found.findings[-1].verdict is Verdict.FAIL
    assert "z is not finite" in found.findings[-1].seen


def test_texts_that_cannot_be_set_are_found() -> None:
    """With the line, before the exam is built."""
    found = finding(TINY.replace("Compute $z$.", r"Compute $\zeta_$."), "texts")
    assert found.verdict is Verdict.FAIL
    assert "tiny.yaml:17: parts[0].ask" in found.seen


# --- guessing ------------------------------------------------------------------------------------

DEAD = asking("h, dL/dw").replace("z: w*x + b", "z: w*x + b\n    h: relu(z)")
DEAD = DEAD.replace("L: (z - y)^2", "L: (h + z - y)^2").replace("require: [", "require: [z < 0, ")


def test_a_dead_unit_can_be_guessed() -> None:
    """Its answer is zero for everybody."""
    found = finding(DEAD, "guessable")
    assert found.verdict is Verdict.FAIL
    assert found.seen == "h is 0 in 100 %"
    assert "1 at h" in found.why


def test_an_author_may_bear_what_can_be_guessed() -> None:
    """With a reason, which is told; the bound holds for all other slots."""
    found = finding(DEAD + "guessable: {h: the unit is meant to be dead}\n", "guessable")
    assert found.verdict is Verdict.PASS
    assert "h is 0 in 100 %, borne: the unit is meant to be dead" in found.seen
    other = finding(DEAD + "guessable: {dL/dw: this is another one}\n", "guessable")
    assert other.verdict is Verdict.FAIL


def test_several_answers_may_be_borne_at_once() -> None:
    """By a pattern, as answers are asked; otherwise the advice names each that fails."""
    text = POOLED.replace("dL/dw[*]", "z[*]")
    grid = "{from: -5, to: 5, step: 0.5}"
    fixed = f"  'x[*]': [2, -2, {grid}]\n  'w[*]': [2, 3, {grid}]\n  y: {grid}\n"
    text = text[: text.index('  "*"')] + fixed.replace("[*]", "") + text[text.index("require") :]
    found = finding(text, "guessable")
    assert "guessable: {z[1]: why, z[2]: why}" in found.advice
    borne = finding(text + "guessable: {'z[*]': they are meant to be fixed}\n", "guessable")
    assert borne.verdict is Verdict.PASS
    assert borne.seen.count("borne: they are meant to be fixed") == 2
    with pytest.raises(ExamgenError, match=r"guessable\.q"):
        structures(text + "guessable: {'q[*]': nothing}\n")


def test_a_misspelt_guessable_answer_is_a_problem_of_the_file() -> None:
    """It would bear nothing, and say nothing."""
    with pytest.raises(ExamgenError, match=r"tiny.yaml:\d+: guessable.zz: .*'zz'"):
        structures(TINY + "guessable: {zz: no such quantity}\n")
    with pytest.raises(ExamgenError, match="guessable"):
        structures(TINY + "guessable: {z: ''}\n")


def test_structures_are_guessed_together() -> None:
    """What is 0 in one structure of three is 0 for a third of the class."""
    text = "choose:\n  slope: [0, 1, 2]\n" + DEAD.replace("h: relu(z)", "h: <slope>*z + 0*relu(z)")
    (guess,) = (one for one in report(text).figures.guesses if one.slot == "h")
    assert guess.asked == 300
    assert guess.share == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize(
    ("count", "asked", "verdict"),
    [
        (15, 100, Verdict.PASS),
        (20, 100, Verdict.WARN),
        (24, 100, Verdict.FAIL),
        (150, 1000, Verdict.PASS),
        (170, 1000, Verdict.WARN),
        (180, 1000, Verdict.FAIL),
        (1510, 10_000, Verdict.WARN),
        (1600, 10_000, Verdict.FAIL),
    ],
)
def test_a_little_above_the_bound_may_be_chance(count: int, asked: int, verdict: Verdict) -> None:
    """It is a warning, which names the remedy; the more variants, the less chance there is."""
    guess = Guess("z", "z", "0", count, asked, 9)
    assert guess.verdict is verdict
    (found,) = guess_findings([guess])
    assert found.verdict is verdict
    assert ("--variants" in found.why) == (verdict is Verdict.WARN)


# --- mistakes ------------------------------------------------------------------------------------


def test_mistakes_that_the_tolerance_takes_in_are_found() -> None:
    """A tolerance that takes every answer tells nothing apart."""
    found = report(asking("dL/dw", "    tolerance: 9000\n"))
    failing = {one.name for one in found.of(Verdict.FAIL)}
    assert {"detected", "mistakes"} <= failing
    (told,) = (one for one in found.findings if one.name == "mistakes")
    near = told.seen.split("; never, since it stays within three tolerances: ")[1]
    assert "loss_sign" in near.split(";")[0].split(", ")
    assert "mistakes:" in told.advice
    assert "tolerances" in {one.name for one in found.of(Verdict.WARN)}


def test_mistakes_that_are_never_told_have_their_reason() -> None:
    """What is asked, or what is drawn, or the tolerance."""
    text = asking("z").replace("z: w*x + b", "z: relu(w*x + b)")
    text = text.replace("require: [", "require: [w*x + b > 0, ")
    (one,) = report(text).figures.separations
    assert one.never["loss_sign"] == "no number that is asked depends on it"
    assert one.never["activation_skipped_forward"] == "the numbers drawn never show it"


def test_mistakes_are_counted_by_part() -> None:
    """Those that no answer of a part depends on do not count there, nor those never visible."""
    (one,) = report(TINY).figures.separations
    parts = {group.part: group for group in one.groups}
    assert set(parts) == {"a", "c"}
    assert not any(name.startswith("lr_") for name, _ in parts["a"].seen)
    assert any(name.startswith("lr_") for name, _ in parts["c"].seen)
    told = parts["c"].all
    assert told.detected.shape == told.identified.shape == (300,)
    assert np.all(told.identified <= told.detected)


POOLED = """
id: pooled
title: The largest of three
graph:
  topology: formulas
  index: {i: 3}
  formulas: {"z[i]": "w[i]*x[i]", m: "max(z[i])"}
  loss: (m - y)^2
sample:
  "*": {from: -5, to: 5, step: 0.5, except: [-1, 0, 1]}
require: [abs(m - y) >= 1]
parts:
  - {ask: Compute it., answers: "dL/dw[*]", points: 3}
"""


def test_mistakes_that_cannot_show_are_a_warning() -> None:
    """Two products of three are not the maximum; no draw could show mistakes there."""
    found = finding(POOLED, "detected")
    assert found.verdict is Verdict.WARN, found
    assert "100 % of what can show" in found.seen
    assert "not the maximum" in found.why
    assert "leave it so" in found.advice
    wide = finding(POOLED.replace("points: 3", "points: 3, tolerance: 900"), "detected")
    assert wide.verdict is Verdict.FAIL
    assert "below 80 % of what can show" in wide.why


def test_mistakes_that_coincide_are_listed() -> None:
    """By their names, in the parts where nothing can tell them apart."""
    (one,) = check([find_template("mlp-2-2-2")], 200).figures.separations
    alike = [names for group in one.groups for names in group.alike]
    assert alike
    assert all(len(names) > 1 and set(names) <= set(one.mistakes) for names in alike)


def test_rare_mistakes_come_first() -> None:
    """Each with the share of variants that tell it; what all tell is not seldom."""
    (one,) = check([find_template("mlp-2-2-2")], 200).figures.separations
    for group in one.groups:
        shares = [share for _, share in group.seen]
        assert shares == sorted(shares)
        assert all(share < 1 for _, share in group.seldom)
        assert len(group.seldom) < len(group.seen)
    assert any(group.seldom for group in one.groups)


def test_the_table_says_where_a_mistake_is_seen() -> None:
    """A share for each slot that depends on it, nothing for the others."""
    (one,) = report(TINY).figures.separations
    row = one.table[one.mistakes.index("loss_sign at L")]
    assert one.slots == ("z", "dL_dw", "w_new")
    assert np.isnan(row[0])
    assert row[1] > 0.9
    assert row[2] > 0.9


def test_questions_without_numbers_pass() -> None:
    """There is nothing to guess, to tolerate or to tell apart."""
    formula = HEAD + "parts:\n  - ask: Give it.\n    derive: dL/dw\n    points: 1\n"
    assert report(formula).verdict is Verdict.PASS


# --- effort --------------------------------------------------------------------------------------


def test_structures_that_ask_unequal_work_are_found() -> None:
    """What the template holds equal is equal across structures, too."""
    text = "choose:\n  more: ['', '+ w*y']\n" + TINY.replace("L: (z - y)^2", "L: (z <more>)^2 - y")
    found = finding(text, "effort")
    assert found.verdict is Verdict.FAIL
    assert "'equal: [paths]' does not hold for all structures" in found.why
    assert "write in the template: effort: {equal: [], within: {digits: 0.5, paths: 0." in (
        found.advice
    )
    advised = found.advice.split("template: ")[1]
    mended = text.replace("require:", f"{advised}\nrequire:")
    assert finding(mended, "effort").verdict is Verdict.PASS
    loose = text.replace("require:", "effort: {equal: [], within: {paths: 1}}\nrequire:")
    assert finding(loose, "effort").verdict is Verdict.PASS


def test_the_spread_of_every_component_is_measured() -> None:
    """Those that are bounded have a band, and nothing lies outside of it."""
    spreads = {one.component: one for one in report(TINY).figures.spreads}
    assert {"paths", "products", "digits"} <= set(spreads)
    assert spreads["paths"].limits is not None
    assert spreads["products"].limits is None
    assert not any(one.fails for one in spreads.values())
    assert all(one.least <= one.median <= one.most for one in spreads.values())


# --- rounding and numbers ------------------------------------------------------------------------


def test_a_tolerance_that_refuses_honest_rounding_is_found() -> None:
    """With who is refused where, and how far off they are."""
    text = asking("L, dL/dw", "    tolerance: 0.0000001\n    decimals: 1\n")
    found = finding(text.replace("w*x + b", "w*x/3 + b"), "rounding")
    assert found.verdict is Verdict.FAIL
    assert "is refused at" in found.seen


def test_numbers_are_described() -> None:
    """Every given that varies, and every answer."""
    described = {one.name: one for one in report(TINY).figures.distributions}
    assert list(described) == ["b", "w", "x", "y", "z", "dL_dw", "w_new"]
    x = described["x"]
    assert (x.least, x.most, x.distinct, x.kind) == (-5, 5, 20, "given")
    assert len(x.counts) == 21  # a bar for each half, zero left out
    assert x.counts[10] == 0
    assert sum(x.counts) == x.variants == 300
    assert described["x"].negative == pytest.approx(0.5, abs=0.1)
    assert described["z"].lower <= described["z"].median <= described["z"].upper


def test_zero_is_not_negative() -> None:
    """The share of negative answers is that of those below zero."""
    text = asking("z").replace(
        "x: {from: -5, to: 5, step: 0.5, except: [0]}", "x: {choose: [-1, 1]}"
    )
    text = text.replace("b: {from: -4, to: 4, step: 1}", "b: {choose: [1, 2]}")
    text = text.replace("w: {from: -5, to: 5, step: 0.5, except: [0]}", "w: {choose: [1, 2]}")
    samples = draw_sample(structures(text), 100, 0)
    described = {one.name: one for one in distributions(samples)}
    keys = samples[0].keys["z"]
    assert (keys == 0).any()
    assert described["z"].negative == np.mean(keys < 0)


def test_a_sample_is_what_a_class_draws() -> None:
    """The variants of an exam with that seed, not others."""
    (sample,) = draw_sample(structures(TINY), 50, 7)
    drawn = draw_variants(structures(TINY)[0], 7, range(50))
    assert isinstance(sample, Sample)
    for name, place in drawn.draw.places.items():
        assert np.array_equal(sample.variants.draw.places[name], place)
    assert draws_module.duplicates([sample]) == 0


SOUND = {
    "texts", "published", "acceptance", "conditions", "finite", "duplicates", "gradients", "keys",
    "rounding",
}  # fmt: skip
"""What must hold whatever the grids of a question can tell apart."""


@pytest.mark.parametrize("name", bank_ids())
def test_questions_of_the_bank_are_sound(name: str) -> None:
    """Keys, draws and tolerances of a structure of each; docs/fairness.md has the rest."""
    found = check([find_template(name)], 60)
    there = {one.name for one in found.findings}
    assert SOUND - {"published"} <= there
    wrong = [one for one in found.of(Verdict.FAIL) if one.name.split()[0] in SOUND]
    assert wrong == []
