"""Templates: what is understood, and what is wrong with a file, all of it, on the right lines."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from bank_draws import SOURCE
from calls import within

import examgen.bank
from examgen.bank import find_template
from examgen.errors import ExamgenError
from examgen.graph import evaluate
from examgen.slots import slot_name
from examgen.template import Template, parse_template

GOOD = """\
id: small
title: A small question
graph:
  topology: recurrent_cell
  steps: 2
  state: {h: h_0}
  step:
    s[t]: w*x[t] + h[t-1]
    h[t]: relu(s[t])
    yhat[t]: h[t]
  loss: sum((yhat[t] - y[t])^2)
sample:
  x[*]: {from: -2, to: 2, step: 0.5, except: [0]}
  w: {choose: [-1, -0.5, 0.5, 1]}
  y[*]: {choose: [0, 1]}
  h_0: 0
  eta: 1e-1
require:
  - abs(dL/dw) > 0
  - h[t] < 3
parts:
  - ask: Compute with $\\eta = {eta}$.
    answers: yhat[1], dL/dw, w'
    points: [1, 2, 0.5]
  - ask: Derive.
    derive: dL/dh[t]
    points: 2
"""


def problems(text: str) -> list[str]:
    """What is wrong with a template, a line each, the file's name left out."""
    with pytest.raises(ExamgenError) as refused:
        parse_template(text, "q.yaml")
    assert all(problem.file == "q.yaml" for problem in refused.value.problems)
    return [str(problem).removeprefix("q.yaml:") for problem in refused.value.problems]


def replaced(old: str, new: str) -> str:
    """The good template with one thing changed."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_a_good_template_is_understood() -> None:
    """Slots, points, grids and conditions, exact."""
    template = parse_template(GOOD, "q.yaml")
    assert [slot.id for slot in template.slots] == ["yhat_1", "dL_dw", "w_new", "derive_dL_dh_t"]
    assert [slot.points for slot in template.slots] == [1, 2, Fraction(1, 2), 2]
    assert template.points == Fraction(11, 2)
    assert [slot.step for slot in template.slots] == [None, None, None, 1]
    assert [part.label for part in template.parts] == ["a", "b"]
    assert template.grids["eta"].values == (Fraction(1, 10),)
    assert len(template.grids["x[1]"].values) == 8
    assert [one.text for one in template.conditions][:2] == ["abs(dL/dw) > 0", "h[t] < 3"]
    assert any("s[2]" in one.text for one in template.conditions[2:])


def test_drawn_variants_meet_the_conditions() -> None:
    """Those of the author at every step, and those of every question."""
    template = parse_template(GOOD, "q.yaml")
    draw = template.sampler(7).draw(range(100))
    nodes = [template.quantities.node(name) for name in ("h[1]", "h[2]", "s[1]", "dL/dw")]
    first, second, inner, slope = evaluate(nodes, draw.floats())
    assert max(first.max(), second.max()) < 3
    assert abs(inner).min() > 0.01
    assert abs(slope).min() > 0


def test_seed_use_and_content_decide_the_numbers_and_prose_does_not() -> None:
    """A mended text keeps everybody's numbers."""

    def drawn(text: str, seed: int = 1, use: int = 0) -> dict[str, Fraction]:
        return parse_template(text, "q.yaml").sampler(seed, use).draw([3]).exact(0)

    assert drawn(GOOD) == drawn(replaced("A small question", "Another title"))
    assert drawn(GOOD) == drawn(replaced("Derive.", "Derive it."))
    others = [drawn(GOOD, seed=2), drawn(GOOD, use=1), drawn(replaced("h[t] < 3", "h[t] < 4"))]
    assert all(drawn(GOOD) != other for other in others)


def test_parts_may_have_parts() -> None:
    """They are labelled a.i, a.ii, and have their own points."""
    text = replaced("  - ask: Derive.\n    derive: dL/dh[t]\n    points: 2\n", """\
  - ask: Both.
    parts:
      - {ask: One., answers: L, points: 1}
      - {ask: Two., answers: "L[1], L[2]", points: 3, decimals: 2, tolerance: 0.5}
""")  # fmt: skip
    template = parse_template(text, "q.yaml")
    assert [part.label for part in template.parts] == ["a", "b", "b.i", "b.ii"]
    last = template.slots[-1]
    assert (last.points, last.decimals, last.tolerance) == (Fraction(3, 2), 2, Fraction(1, 2))


def test_what_holds_for_a_template_is_overruled_by_a_part() -> None:
    """Shares for what follows and for known mistakes, mistake by mistake."""
    text = replaced("require:", "follow_through: 0.5\n"
                    "partial_marks: {ascent: 0.25, lr_dropped: 0.25}\nrequire:")  # fmt: skip
    text = text.replace("[1, 2, 0.5]", "[1, 2, 0.5]\n    partial_marks: {ascent: 0.75}")
    asked, *_, derived = parse_template(text, "q.yaml").slots
    assert asked.follow_through == derived.follow_through == Fraction(1, 2)
    assert asked.partial_marks == {"ascent": Fraction(3, 4), "lr_dropped": Fraction(1, 4)}
    assert derived.partial_marks == {"ascent": Fraction(1, 4), "lr_dropped": Fraction(1, 4)}


@pytest.mark.parametrize(
    ("written", "name"),
    [("dL/dw[2]", "dL_dw_2"), ("w21'", "w21_new"), ("message(h[1])", "message_h_1"),
    ("w[1,2]", "w_1_2")],
)  # fmt: skip
def test_slot_names(written: str, name: str) -> None:
    """Fit for a column heading."""
    assert slot_name(written) == name


def test_equal_questions_have_slots_of_their_own() -> None:
    """The second one is numbered."""
    more = "  - {ask: Again., answers: 'yhat[1]', points: 1}\n"
    template = parse_template(GOOD + 2 * more, "q.yaml")
    ids = [slot.id for slot in template.slots if slot.quantity == "yhat[1]"]
    assert ids == ["yhat_1", "yhat_1_2", "yhat_1_3"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("steps: 2", "steps: 2\n  steps: 3", "6: graph: 'steps' is given twice, first on line 5"),
        ("relu(s[t])", "rellu(s[t])", "9: graph.step.h[t]: column 1: 'rellu' is no function"),
        ("h[t-1]", "h[t]", "8: graph.step.s[t]: a cycle: "),
        ("w*x[t]", "v*x[t]", "8: graph.step.s[t]: nothing says what 'v' is"),
        ("steps: 2", "steps: true", "5: graph.steps: expected a valid integer"),
        ("steps: 2", "steps: 65", "5: graph.steps: expected less than or equal to 64, found 65"),
        ("  state", "   state", "6: "),
        ("  h_0: 0", "  no: 0", "6: graph.state: nothing says what 'h_0' is"),
        ("topology: recurrent_cell", "topology: recurent_cell",
        "3: graph: 'recurent_cell' is none"),
        ("  topology: recurrent_cell\n", "", "3: graph: the field 'topology' is missing"),
        ("title:", "titel:", "2: titel: 'titel' is no field here (did you mean 'title'?)"),
        ("title: A small question\n", "", "1: the field 'title' is missing"),
        ("step: 0.5", "step: 0", "13: sample.x[*]: step must be above zero"),
        ("step: 0.5", "step: 1e-9", "13: sample.x[*]: more than 10000 values"),
        ("step: 0.5", "step: 1,5", "13: "),
        ("from: -2", "from: 3", "13: sample.x[*]: to lies below from"),
        ("h_0: 0", "h_0: true", "16: sample.h_0: found true or false, expected a number"),
        ("h_0: 0", "h_0: 012", "16: sample.h_0: '012' begins with a zero"),
        ("h_0: 0", "h_0: 1/0", "16: sample.h_0: found '1/0', expected a number"),
        ("h_0: 0", "h_0: .inf", "16: sample.h_0: '.inf' is not a finite number"),
        ("h_0: 0", "h_0: ²/3", "16: sample.h_0: found '²/3', expected a number"),
        ("h_0: 0", "h_0: {choose: []}", "16: sample.h_0"),
        ("w: {choose", "ww: {choose", "14: sample.ww: 'ww' matches no given (did you mean 'w'?)"),
        ("abs(dL/dw) > 0", "abs(dL/dv) > 0", "19: require[0]: there is no quantity 'dL/dv'"),
        ("abs(dL/dw) > 0", "abs(dL/dw)", "19: require[0]: 'abs(dL/dw)' is no condition"),
        ("abs(dL/dw) > 0", "0 < w < 1", "19: require[0]: column 7: two comparisons in a row"),
        ("abs(dL/dw) > 0", "x[k] > 0", "19: require[0]: the index 'k' has no range"),
        ("{eta}", "{etta}", "22: parts[0].ask: {etta} is no given (did you mean 'eta'?)"),
        ("yhat[1], dL", "yhat[3], dL", "23: parts[0].answers: there is no quantity 'yhat[3]'"),
        ("yhat[1], dL", "yhat[1], , dL", "23: parts[0].answers: a name is missing"),
        ("[1, 2, 0.5]", "[1, 2]", "24: parts[0].points: found 2 points for 3 answers"),
        ("[1, 2, 0.5]", "-1", "22: parts[0]: points are never negative"),
        ("    points: 2\n", "", "25: parts[1]: expected points"),
        ("    derive: dL/dh[t]\n", "", "25: parts[1]: expected answers, derive or parts"),
        ("    points: 2\n", "    points: 2\n    partial_marks: {loss_sing: 0.5}\n",
        "28: parts[1].partial_marks.loss_sing: 'loss_sing' is no known mistake "
        "(did you mean 'loss_sign'?)"),
        ("require:", "partial_marks: {asent: 0.5}\nrequire:",
        "18: partial_marks.asent: 'asent' is no known mistake (did you mean 'ascent'?)"),
        ("require:", "partial_marks: {ascent: 2}\nrequire:",
        "18: partial_marks.ascent: expected less than or equal to 1"),
        ("    derive: dL/dh[t]\n",
        "    tolerance: 0.5\n    parts:\n      - {ask: D., derive: L, points: 1}\n",
        "25: parts[1]: found points, tolerance beside parts, expected with the answers"),
        ("title: A small question", "title: &a [*a, *a]", "2: title"),
        ("title: A small question", "title: !!python/object:os.system", "2: title: the tag"),
        (
            "title: A small question",
            "title: 5",
            "2: title: found the number 5, expected text; put it in quotes",
        ),
        ("id: small", "id: ../etc", "1: id: expected the pattern"),
        ("loss: sum((yhat[t] - y[t])^2)", "loss: E", "11: graph.loss: "),
    ],
)  # fmt: skip
def test_each_mistake_has_a_clear_report(old: str, new: str, expected: str) -> None:
    """File, line, path, what was found, what was expected."""
    found = problems(replaced(old, new))
    assert any(line.startswith(expected) for line in found), found


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    """In sample, require and parts together; and all formulas of a graph together."""
    text = (
        replaced("w: {choose", "ww: {choose").replace("h[t] < 3", "h[t] <").replace("{eta}", "{q}")
    )
    lines = [line.split(":")[0] for line in problems(text)]
    assert sorted(set(lines), key=int) == ["8", "14", "20", "22"]
    text = (
        replaced("relu(s[t])", "relu(")
        .replace("w*x[t] +", "w**")
        .replace("yhat[t]: h[t]", "yhat[t]: )")
    )
    lines = [line.split(":")[0] for line in problems(text)]
    assert {"9", "10"} <= set(lines)


def test_a_number_such_as_1e_3_is_a_number() -> None:
    """PyYAML alone reads it as text."""
    template = parse_template(replaced("eta: 1e-1", "eta: 1e-3"), "q.yaml")
    assert template.grids["eta"].values == (Fraction(1, 1000),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"), ("\n# nothing\n", "the file is empty"),
        ("- a\n", "expected fields such as"),
        ("5", "expected fields such as"), ("[" * 5000, "nested deeper"),
        ("{a: " * 5000, "nested deeper"),
        ("a: &a [1]\nb: [*a, *a]", "refers to another place"), ("x" * 300_000, "larger than"),
    ],
    ids=["empty", "comment", "list", "number", "lists", "mappings", "aliases", "large"],
)  # fmt: skip
def test_what_is_no_template_is_refused(text: str, message: str) -> None:
    """With one sentence."""
    assert any(message in line for line in problems(text))


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    """As bad input, not as a traceback."""
    for path in (tmp_path, tmp_path / "missing.yaml"):
        with pytest.raises(ExamgenError):
            find_template(str(path))


HOSTILE_FORMULAS = {
    "power": "x^1000000", "negative power": "x^-1000000", "tower": "9^9^9^9*x",
    "powers of powers": "(" * 8 + "x" + "^16)" * 8, "zero": "x/0", "zero by zero": "x/(1 - 1)",
    "huge number": "x*1e300", "huge numbers": "x" + "*1e30" * 60, "huge first": "1e30*" * 60 + "x",
    "log of zero": "log(x - x)", "many": "max(" + ",".join("x" * 1500) + ")",
    "long sum": "relu(sum(" + ",".join("x" * 1500) + "))", "slopes": "tanh'(" * 60 + "x" + ")" * 60,
    "losses": "bce(" * 60 + "x" + ",1)" * 60, "relus": "relu(" * 90 + "x" + ")" * 90,
    "itself": "L", "derivative": "dL/dx", "update": "x'", "port": "message(x)",
}  # fmt: skip


def drawn_or_refused(text: str) -> bool:
    """Whether variants can be drawn; only an ExamgenError says no, with a place."""
    try:
        template = parse_template(text, "q.yaml")
    except ExamgenError as error:
        assert all(problem.file == "q.yaml" for problem in error.problems)  # noqa: PT017
        return False
    try:
        return len(template.sampler(1).draw([0, 1])) == 2
    except ExamgenError as error:
        assert str(error)  # noqa: PT017
        return False


@pytest.mark.parametrize("formula", HOSTILE_FORMULAS.values(), ids=HOSTILE_FORMULAS)
def test_hostile_formulas_are_drawn_or_refused_in_time(formula: str) -> None:
    """With little work, without any other exception."""
    text = f"""id: h
title: H
graph: {{topology: formulas, formulas: {{L: "{formula}"}}}}
sample: {{x: {{from: 1, to: 9, step: 0.5}}}}
parts: [{{ask: A, answers: "L, dL/dx", points: 1}}]
"""
    assert within(1_500_000, lambda: drawn_or_refused(text))


HOSTILE_GRAPHS = [
    "{topology: mlp, layers: [16, 16, 16, 16, 16, 16, 16, 16]}",
    "{topology: mlp, layers: [16, 16, 16, 16], activation: [softmax, softmax, softmax], "
    "loss: cross_entropy}",
    "{topology: elman, steps: 64, hidden: 8, inputs: 8}",
    "{topology: lstm, steps: 64, weights: separate, bias: true}",
    "{topology: recurrent_cell, steps: 64, state: {h: h_0}, "
    "step: {'h[t]': 'h[t-1]^2 + w'}, loss: 'sum(h[t])'}",
    "{topology: recurrent_cell, steps: 64, state: {h: h_0}, "
    "step: {'h[t]': 'exp(h[t-1])'}, loss: 'h[64]'}",
    "{topology: recurrent_cell, steps: 64, state: {h: h_0}, "
    "step: {'h[t]': '1/(h[t-1] + w)'}, loss: 'h[64]'}",
    "{topology: formulas, formulas: {'h[i,j]': 'x[i,j]^2', L: 'sum(h[i,j])'}, "
    "index: {i: 64, j: 64}}",
    "{topology: formulas, formulas: {'h[i,j,k]': 'x[i,j,k]'}, index: {i: 64, j: 64, k: 64}}",
    "{topology: formulas, formulas: {L: 'x'}, learning_rate: 'a + b'}",
    "{topology: mlp, layers: [1, 1], names: {inputs: ['a b']}}",
    "{topology: residual, layers: [{name: a, weight: w}], heads: [{name: p, from: [], target: y}]}",
]


@pytest.mark.parametrize("graph", HOSTILE_GRAPHS, ids=lambda graph: graph[:60])
def test_hostile_graphs_are_drawn_or_refused_in_time(graph: str) -> None:
    """As large as the format allows, and larger."""
    text = f"""id: h
title: H
graph: {graph}
sample: {{"*": {{from: -2, to: 2, step: 0.1}}}}
parts: [{{ask: A, answers: L, points: 1}}]
"""
    assert within(12_000_000, lambda: drawn_or_refused(text))


def test_patterns_of_many_stars_do_not_take_for_ever() -> None:
    """Matching a name is linear in it."""
    text = replaced("  h_0: 0", f"  h_0: 0\n  '{'*a' * 30}b': 1").replace("w*x", f"w*{'a' * 60}*x")
    assert problems(text)
    assert within(150_000, lambda: problems(text))


# --- mutations of the bank ------------------------------------------------------------------------

BANK = [
    (Path(__file__).parents[1] / "question_bank" / f"{name}.yaml").read_text(encoding="utf-8")
    for name in SOURCE
]
SNIPPETS = [
    "[t]", "[t-1]", "'", "^1000000", "^-3", "1e300", "*", "(", ")", "sum(", "max(", "[*]", "dL/d",
    "message(", "{", "}", "-", "64", "true", "null", "eta", "L", "\n", "  ", ": ", ", ",
    "choose:", "1/0",
    " and ", " > ", "decimals(", "$", "é", "²", "relu'", "pow", "==", "- ", "#", "&a", "*a",
    "!!set",
    "|", '"', "[t+1]", "w'", "0", "9" * 50, "a" * 300,
]  # fmt: skip


def mutated(text: str, rng: random.Random) -> str:
    """The text with a few things put in, taken out, exchanged or doubled."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        place, kind = rng.randrange(len(text)), rng.random()
        lines = text.split("\n")
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        words = re.findall(r"[\w.\[\]']+", text)
        if kind < 0.4:
            text = text[:place] + rng.choice(SNIPPETS) + text[place:]
        elif kind < 0.55:
            text = text[:place] + text[place + rng.randrange(1, 12) :]
        elif kind < 0.7:
            lines[one], lines[other] = lines[other], lines[one]
            text = "\n".join(lines)
        elif kind < 0.8:
            text = "\n".join([*lines[:one], lines[other], *lines[one:]])
        else:
            text = text.replace(rng.choice(words), rng.choice([*words, *SNIPPETS]), 1)
    return text


@pytest.mark.parametrize("seed", range(8))
def test_mutated_templates_are_understood_or_refused(seed: int) -> None:
    """Nothing but an ExamgenError comes out of the loader or the sampler, and soon."""
    rng = random.Random(seed)
    assert BANK
    for _ in range(25):
        text = mutated(rng.choice(BANK), rng)
        assert within(1_500_000, partial(drawn_or_refused, text))


def test_the_bank_is_where_the_tests_look() -> None:
    """Its files are among those that the package lists."""
    assert set(SOURCE) < set(examgen.bank.bank_ids())
    assert isinstance(examgen.bank.find_template(examgen.bank.bank_ids()[0]), Template)


FAULTY_ALL_OVER = """\
id: many
title: Many faults
graph:
  topology: formulas
  formulas:
    h: sigmoyd(w*x)
    o: h*v + b
  loss: (o - y)^2
sample:
  x: 1e-3
  w: {choose: [no, 1]}
  b: 2
  b: 3
  v: {from: 1, to: 2, step: 0.5}
  y: 012
parts:
  - ask: Compute
    answers: o
    point: 2
"""


def test_one_report_tells_of_yaml_form_and_graph() -> None:
    """A double key, a refused number, a wrong field and an unknown op do not hide each other."""
    with pytest.raises(ExamgenError) as caught:
        parse_template(FAULTY_ALL_OVER, "many.yaml")
    assert [problem.line for problem in caught.value.problems] == [13, 15, 11, 19, 6]


def test_a_faulty_formula_hides_nothing_and_blames_nothing_else() -> None:
    """Names that only the faulty formula uses are quantities still."""
    sound = FAULTY_ALL_OVER.replace("[no, 1]", "[2, 1]").replace("  b: 3\n", "")
    sound = sound.replace("012", "1").replace("point:", "points:")
    with pytest.raises(ExamgenError) as caught:
        parse_template(sound.replace("answers: o", "answers: o, dL/dw, dL/dq"), "many.yaml")
    assert [problem.line for problem in caught.value.problems] == [6, 17]
    assert len(parse_template(sound.replace("sigmoyd", "sigmoid"), "many.yaml").slots) == 1
