"""Mistakes that a template declares: what follows from them, their names, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from examgen.errors import ExamgenError
from examgen.misconceptions import Misconception, misconceptions
from examgen.misconceptions.own import own_mistakes, under_own
from examgen.printing import PLAIN, define
from examgen.template import Template, parse_template
from examgen.template_file import Mistake

HEAD = """\
id: standard-score
title: A batch of two
graph:
  topology: formulas
  index: {i: 2}
  formulas:
    mu: mean(x[i])
    v: mean((x[i] - mu)^2)
    s: sqrt(v + eps)
    xhat[i]: (x[i] - mu)/s
  loss: sum(g[i]*xhat[i])
  derived:
    m: beta*m_0 + (1 - beta)*dL/dx[1]
    step: eta*m
sample:
  x[*]: {from: -3, to: 3, step: 0.5}
  g[*]: {choose: [-1, 1, 2]}
  eps: 0.01
  beta: 0.9
  m_0: 0.5
  eta: 0.1
require: [v > 0.5]
"""
PARTS = """\
parts:
  - ask: Compute.
    answers: dL/dx[*], step
    points: 3
"""


def template(mistakes: str, parts: str = PARTS) -> Template:
    """The question with some mistakes declared."""
    return parse_template(f"{HEAD}mistakes:\n{mistakes}{parts}", "q.yaml")


def own(mistakes: str) -> tuple[Template, list[Misconception]]:
    """The question and its mistakes of the author's own."""
    made = template(mistakes)
    names = {mistake.name for mistake in made.quantities.mistakes}
    return made, [m for m in misconceptions(made.quantities) if m.name in names]


def changed(made: Template, mistake: Misconception) -> dict[str, str]:
    """The quantities that are different under a mistake, with their definitions."""
    quantities = made.quantities
    return {
        name: define(mistake.nodes[name], quantities.symbols, PLAIN)
        for name in quantities.nodes
        if mistake.nodes[name] is not quantities.nodes[name]
    }


def test_a_replaced_adjoint_is_followed_by_what_uses_it() -> None:
    """Values stay; gradients below the replaced one, and what is derived of them, follow."""
    made, (mistake,) = own("  batchnorm_stats_constant: {replace: {dL/dmu: 0, dL/dv: 0}, say: x}\n")
    found = changed(made, mistake)
    assert found["dL/dmu"] == found["dL/dv"] == "0"
    assert found["dL/dx[1]"] == "dL/dxhat[1]/s"
    assert {"m", "step"} <= set(found)
    assert "s" not in found


def test_a_replaced_adjoint_may_speak_of_adjoints() -> None:
    """Of those nearer to the loss, of itself as it is not, and of values."""
    made, (mistake,) = own("  one: {replace: {'dL/dx[i]': 'dL/dxhat[i]/s - dL/dmu'}, say: x}\n")
    found = changed(made, mistake)
    assert found["dL/dx[2]"] == "dL/dxhat[2]/s - dL/dmu"
    assert set(found) == {"dL/dx[1]", "dL/dx[2]", "x[1]'", "x[2]'", "m", "step"}


def test_a_replaced_value_is_differentiated_anew() -> None:
    """Who takes another function takes its derivative, too."""
    made, (mistake,) = own("  eps_forgotten: {replace: {s: v + eps}, say: x}\n")
    found = changed(made, mistake)
    assert found["s"] == "v + eps"
    assert found["dL/dv"] == found["dL/deps"] == "dL/ds"
    assert mistake.nodes["mu"] is made.quantities.nodes["mu"]


def test_a_replaced_given_is_another_number() -> None:
    """Its name stays with its own gradient and update."""
    made, (mistake,) = own("  eps_forgotten: {replace: {eps: 0}, say: x}\n")
    found = changed(made, mistake)
    assert found["eps"] == "0"
    assert list(mistake.nodes) == list(made.quantities.nodes)


def test_replaced_updates_and_derived_quantities() -> None:
    """In any order, one of the other."""
    made, (mistake,) = own(
        "  wrong: {replace: {m: 'dL/dx[1] + beta*m_0', 'x[1]''': 'x[1] - step'}, say: x}\n"
    )
    assert changed(made, mistake) == {
        "m": "dL/dx[1] + beta*m_0",
        "step": "eta*m",
        "x[1]'": "x[1] - step",
    }


def test_several_replaced_at_once_see_each_other() -> None:
    """Every formula is over the quantities under the mistake."""
    made, (mistake,) = own("  both: {replace: {mu: 'x[1]', v: mu^2}, say: x}\n")
    found = changed(made, mistake)
    assert (found["mu"], found["v"]) == ("x[1]", "mu^2")
    assert "dL/dv" in found["dL/dmu"]
    assert "dL/dv" not in found["dL/dx[2]"]


def test_ids_and_names() -> None:
    """Those of the list of all mistakes where the name is one of it; others are numbered."""
    _, found = own(
        "  second: {replace: {s: v}, say: x}\n"
        "  batchnorm_stats_constant: {replace: {dL/dmu: 0}, say: x}\n"
        "  third: {replace: {s: sqrt(v)}, say: x}\n"
        "  ascent: {replace: {step: -eta*m}, say: x}\n"
    )
    ids = {(m.id, m.name) for m in found if m.id.startswith("OWN") or m.name == "ascent"}
    assert ids == {("MC39", "ascent"), ("OWN01", "second"), ("OWN02", "third")}
    assert ("MC57", "batchnorm_stats_constant") in {(m.id, m.name) for m in found}


def test_the_sentence_is_the_authors() -> None:
    """In each language, with mathematics or as a line of text."""
    made, (mistake,) = own(
        "  one:\n    replace: {s: v}\n    say:\n"
        "      en: 'Take the root: $s = \\sqrt{v}$.'\n      de: 'Wurzel ziehen: $\\hat s$.'\n"
    )
    symbols = made.quantities.symbols
    assert mistake.sentence(symbols, "en", tex=True) == r"Take the root: $s = \sqrt{v}$."
    assert mistake.sentence(symbols, "en", tex=False) == "Take the root: s = √v."
    assert mistake.sentence(symbols, "de", tex=False) == "Wurzel ziehen: ŝ."


def test_its_name_may_have_part_marks() -> None:
    """Which no other question knows."""
    marked = PARTS + "partial_marks: {eps_forgotten: 0.5}\n"
    assert template("  eps_forgotten: {replace: {s: sqrt(v)}, say: x}\n", marked)
    with pytest.raises(ExamgenError, match="'eps_forgotten' is no known mistake"):
        template("  other: {replace: {s: sqrt(v)}, say: x}\n", marked)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("{replace: {sigma: v}, say: x}", "there is no quantity 'sigma'"),
        ("{replace: {s: w + v}, say: x}", "there is no quantity 'w'"),
        ("{replace: {s: sqrt(v}, say: x}", "column 7: found the end, expected ')'"),
        ("{replace: {s: tahn(v)}, say: x}", "'tahn' is no function (did you mean 'tanh'?)"),
        ("{replace: {s: sqrt(v + eps)}, say: x}", "nothing is different under it"),
        ("{replace: {v: s}, say: x}", "a cycle: "),
        ("{replace: {s: dL/dv}, say: x}", "'dL/dv' is computed later, so it cannot be used here"),
        ("{replace: {dL/ds: step}, say: x}", "'step' is computed later"),
        ("{replace: {dL/dL: 2}, say: x}", "'dL/dL' is 1, whatever else"),
        ("{replace: {'xhat[k]': 1}, say: x}", "the index 'k' of 'xhat[k]' has no range"),
        ("{replace: {'xhat[i]': 1, 'xhat[2]': 2}, say: x}", "'xhat[2]' is replaced twice"),
        ("{replace: {s: v}, say: 'Add {eps}.'}", "{eps} is a number of one student"),
        ("{replace: {}, say: x}", "replace"),
        ("{replace: {s: v}}", "say"),
    ],
)
def test_what_is_wrong_with_a_mistake_is_told_with_its_line(mistake: str, message: str) -> None:
    """As with any other formula of a template."""
    with pytest.raises(ExamgenError) as refused:
        template(f"  one: {mistake}\n")
    assert message in str(refused.value)
    assert "q.yaml:24: mistakes.one" in str(refused.value)


def test_a_mistake_that_repeats_a_rule_is_there_once() -> None:
    """The author's sentence goes before the rule's."""
    made, found = own("  ascent: {replace: {'x[i]''': 'x[i] + eta*dL/dx[i]'}, say: Down.}\n")
    quantities = made.quantities
    sentences = {one.sentence(quantities.symbols, "en", tex=False) for one in found}
    forms = [tuple(one.nodes.values()) for one in found]
    assert "Down." in sentences
    assert len(set(forms)) == len(forms)


def test_declared_by_hand() -> None:
    """Without a template file, too."""
    quantities = replace(template("  one: {replace: {s: v}, say: x}\n").quantities, mistakes=())
    form = Mistake.model_validate({"replace": {"s": "2*v"}, "say": "x"})
    found = own_mistakes({"double": form}, quantities, [])
    nodes = under_own(quantities, found[0].instead)
    assert define(nodes["s"], quantities.symbols, PLAIN) == "2*v"
    assert nodes.keys() == quantities.nodes.keys()


def test_names_are_plain_words() -> None:
    """They stand in tables that spreadsheets read."""
    for name in ("'=cmd()'", "Eps forgotten", "-eps", "'2nd'"):
        with pytest.raises(ExamgenError, match=r"q\.yaml:24: mistakes"):
            template(f"  {name}: {{replace: {{s: v}}, say: x}}\n")
