"""What authors read when something is wrong: the text of a file, and the one sentence expected."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from small_exam import write_exam

from examgen.bank import find_template
from examgen.check.published import published_findings
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError, suggestion
from examgen.exam import load_exam
from examgen.lowering import function_names
from examgen.proofread import template_problems
from examgen.template import parse_template

GOOD = """\
id: one
title: One neuron
graph:
  topology: formulas
  index: {i: 2, j: 3}
  formulas:
    a[i]: sum(W[i,j]*x[j])
    z: a[1] + a[2] + b
    yhat: sigmoid(z)
  loss: (yhat - y)^2
sample:
  W: [[1, 2, 3], [4, 5, 6]]
  x[*]: {from: -2, to: 2, step: 0.25}
  b: {from: -2, to: 2, step: 0.25}
  y: 1
require:
  - abs(z) < 2
parts:
  - ask: Compute $z$ and $\\hat y$.
    answers: z, yhat
    points: 2
"""
WHOLE = "the whole file"
GRU = """\
id: gated
title: A gated unit
graph:
  topology: gru
  steps: 2
  loss_at: last
sample: {h_0: 0}
parts:
  - ask: Compute.
    answers: h[1]
    points: 1
"""


def problems(text: str) -> list[str]:
    """What is wrong with a template, without the file's name."""
    with pytest.raises(ExamgenError) as caught:
        parse_template(text, "q.yaml")
    return [str(problem).removeprefix("q.yaml:") for problem in caught.value.problems]


def replaced(old: str, new: str) -> str:
    """The good template with one place changed."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_the_good_file_is_good() -> None:
    """So what the others tell is what was changed."""
    assert len(parse_template(GOOD, "q.yaml").slots) == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # what formulas lack
        ("answers: z, yhat", "answers: z, b'",
         "20: parts[0].answers: b' needs the learning rate: add `eta:` under sample"),
        ("answers: z, yhat", "answers: z, dyhat/dz",
         "20: parts[0].answers: there is no 'dyhat/dz': only the loss has derivatives here, "
         "as dL/dz"),
        ("answers: z, yhat", "answers: z[1]",
         "20: parts[0].answers: there is no quantity 'z[1]': 'z' has no index"),
        ("answers: z, yhat", "answers: a",
         "20: parts[0].answers: there is no quantity 'a': it has an index, as in a[1]"),
        ("sigmoid(z)", "sigmoyd(z)",
         "9: graph.formulas.yhat: column 1: 'sigmoyd' is no function (did you mean 'sigmoid'?)"),
        ("sigmoid(z)", "sin(z)",
         "9: graph.formulas.yhat: column 1: 'sin' is no function; there are "
         f"{', '.join(function_names())}"),
        ("sigmoid(z)", "mse(z, y)",
         "9: graph.formulas.yhat: column 1: 'mse' is no function (did you mean "
         "'mean_squared_error'?)"),
        ("sigmoid(z)", "sigmoid z",
         "9: graph.formulas.yhat: column 9: found 'z', expected an operator or the end; "
         "write sigmoid*z, or sigmoid(z)"),
        ("+ b\n", "+ 2b\n",
         "8: graph.formulas.z: column 16: found 'b', expected an operator or the end; write 2*b"),
        ("+ b\n", "+ 2(b)\n",
         "8: graph.formulas.z: column 16: found '(', expected an operator or the end; "
         "between two factors stands a *"),
        ("loss: (yhat - y)^2", "loss: squared_error(yhat)",
         "10: graph.loss: column 1: squared_error: found 1 argument, expected predictions, then "
         "as many targets: squared_error(yhat, y)"),
        ("loss: (yhat - y)^2", "loss: mse",
         "10: graph.loss: 'mse' lacks its arguments, prediction, then target: "
         "mean_squared_error(yhat, y)"),
        ("loss: (yhat - y)^2", "loss: bce",
         "10: graph.loss: 'bce' lacks its arguments, prediction, then target: bce(yhat, y)"),
        ("  loss: (yhat - y)^2\n", "",
         "3: graph.loss: there is no quantity 'L' to be the loss; `loss:` is a quantity, or a "
         "formula such as (yhat - y)^2"),
        ("abs(z) < 2", "abs(z) => 2",
         "17: require[0]: column 8: '=>' has no meaning in a formula; write >="),
        ("abs(z) < 2", "abs(z) = 2",
         "17: require[0]: column 8: '=' has no meaning in a formula; write =="),
        ("abs(z) < 2", "z ≤ 2",
         "17: require[0]: column 3: '≤' has no meaning in a formula; write <="),
        # what stands where it does not belong
        ("  loss: (yhat - y)^2", "loss: (yhat - y)^2",
         "10: loss: 'loss' is no field here: it belongs below `graph:`; mend the indentation"),
        ("    yhat: sigmoid(z)", "  yhat: sigmoid(z)",
         "9: graph.yhat: 'yhat' is no field here: if it belongs below `formulas:`, indent it"),
        ("parts:\n  - ask", "parts:\n  - conventions: []\n    ask",
         "19: parts[0].conventions: 'conventions' is no field here: it belongs to the file "
         "itself, not below `parts:`; indent it less"),
        ("    points: 2\n", "    point: 2\n    points: 1\n",
         "21: parts[0].point: 'point' is no field here (did you mean 'points'?)"),
        # numbers and what is drawn
        ("b: {from: -2, to: 2, step: 0.25}", "b: {from: -2, to: 2, step: 0,25}",
         "14: sample.b.25: '25' is no field here: numbers have a decimal point, as in 0.25, "
         "no comma"),
        ("y: 1\n", "y: 0,5\n", "15: sample.y: found '0,5', expected a decimal point: 0.5"),
        ("b: {from: -2, to: 2, step: 0.25}", "b: {from: -2, to: 2, step: 0.3}",
         "14: sample.b: steps of 0.3 never meet 2, the last value is 1.9; write to: 1.9, or "
         "another step"),
        ("W: [[1, 2, 3], [4, 5, 6]]", "W: [1, 2, 3]", "12: sample.W: W is 2x3, found 3"),
        ("W: [[1, 2, 3], [4, 5, 6]]", "W: [[1, 2], [3, 4], [5, 6]]",
         "12: sample.W: W is 2x3, found 3x2"),
        ("  W: [[1, 2, 3], [4, 5, 6]]\n", "",
         "11: sample: nothing says how some givens are drawn: add W[*]"),
        # what is asked
        ("answers: z, yhat", "answers: z, z", "20: parts[0].answers: 'z' is asked twice"),
        ("answers: z, yhat", "answers: a[*], a[1]", "20: parts[0].answers: 'a[1]' is asked twice"),
        ("answers: z, yhat", "answers: z, b",
         "20: parts[0].answers: 'b' is given, and printed: there is nothing to compute"),
        ("    z: a[1]", "    zz: a[1]",
         "9: graph.formulas.yhat: nothing says what 'z' is: no formula and no entry of sample "
         "(did you mean 'zz'?)"),
        ("points: 2", "points: 0", "19: parts[0]: found 0 points, expected more"),
        ("points: 2", "points: [1, 2, 3]", "21: parts[0].points: found 3 points for 2 answers"),
        ("title: One neuron", "title: One {q",
         "2: title: '{q': a brace without its partner; {eta} stands for the number drawn for eta"),
        ("parts:\n", "symbols: {yhatt: q}\nparts:\n",
         "18: symbols.yhatt: there is no quantity 'yhatt' (did you mean 'yhat'?)"),
        ("parts:\n", "mistakes: {same: {replace: {z: 'b + a[2] + a[1]'}, say: No.}}\nparts:\n",
         "18: mistakes.same: nothing is different under it: these are the right formulas"),
        (WHOLE, GRU, "7: sample: nothing says how some givens are drawn: add w_*, u_*, x[*], y[2]"),
        (WHOLE, "title: T\nseed: 1\nquestions: [{use: one}]\n",
         "1: this is an exam, not a template"),
    ],
)  # fmt: skip
def test_one_sentence_tells_what_is_wrong(old: str, new: str, expected: str) -> None:
    """With its line, its place, and what to write."""
    text = new if old == WHOLE else replaced(old, new)
    assert problems(text) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: One neuron", "title: One {b} and $\\frac{1}{2}$ and \\{"),
        ("points: 2", "points: [0, 2]"),
        ("parts:\n", "symbols: {a: q, yhat: p, dL/dz: '\\delta', W: V}\nparts:\n"),
        ("x[*]: {from: -2, to: 2, step: 0.25}", "x[1]: 1\n  x[*]: {from: -2, to: 2, step: 0.25}"),
        ("parts:\n", "mistakes: {sign: {replace: {z: 'a[1] - a[2] + b'}, say: No.}}\nparts:\n"),
        ("parts:\n", "parts:\n  - {ask: First., answers: z, points: 1}\n"),
    ],
)
def test_what_only_looks_wrong_is_fine(old: str, new: str) -> None:
    """An answer without points of its own, a general entry beside a special one, TeX's braces."""
    assert parse_template(replaced(old, new), "q.yaml").id == "one"


def test_what_cannot_be_satisfied_is_told_with_its_condition(tmp_path: Path) -> None:
    """In the file and on its line, whether a template is drawn alone or in an exam."""
    path = tmp_path / "one.yaml"
    path.write_text(replaced("abs(z) < 2", "yhat > 1"), encoding="utf-8")
    with pytest.raises(ExamgenError) as caught:
        draw_variants(find_template(str(path)), 0, [0])
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}:17: require[0]: 1 variant is wanted")
    assert "'yhat > 1' fails for 100 % of the candidates" in problem.message


def test_a_symbol_that_cannot_be_read_is_told_once() -> None:
    """Not again for every formula in which it stands."""
    template = parse_template(replaced("parts:\n", "symbols: {z: '\\foo'}\nparts:\n"), "q.yaml")
    (problem,) = template_problems(template)
    assert str(problem) == "q.yaml:18: symbols.z: unknown command '\\foo' at column 1 of '\\foo'"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("../t/highway.yaml", "4: questions[0]: found '../t/highway.yaml', expected "
         "`use: ../t/highway.yaml`"),
        ("{use: ./nope.yaml}", "4: questions[0]: {folder}/nope.yaml: there is no such file"),
        ("{use: mlp-2-2}", "4: questions[0]: there is no question 'mlp-2-2' in the bank (did you "
         "mean 'mlp-2-2-2'?); a file of yours ends in .yaml"),
    ],
)  # fmt: skip
def test_a_question_that_is_not_there_is_told_where_the_exam_names_it(
    tmp_path: Path, question: str, expected: str
) -> None:
    """A bare name gets the field that is missing."""
    path = write_exam(tmp_path, [question])
    with pytest.raises(ExamgenError) as caught:
        load_exam(path)
    assert str(caught.value) == f"{path}:{expected.replace('{folder}', str(tmp_path))}"


def test_a_template_is_no_exam(tmp_path: Path) -> None:
    """One sentence, not one for every field."""
    path = tmp_path / "exam.yaml"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(ExamgenError) as caught:
        load_exam(path)
    assert str(caught.value) == (
        f"{path}:1: this is a template, not an exam; an exam names it below `questions:`, by `use:`"
    )


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("{b: 1}", "x[1], x[2], x[3] are missing in given"),
        ("{x: [1, 1, 1]}", "b is missing in given"),
        ("{x: [1, 1, 1], b: 1}", ""),
    ],
)
def test_an_instance_lacks_no_number_that_its_answers_need(given: str, missing: str) -> None:
    """Those with one value, and those that no answer depends on, need not be told."""
    text = f"published: {{source: A book, given: {given}, answers: {{z: 22}}}}\n"
    template = parse_template(GOOD + text, "q.yaml")
    (finding,) = published_findings([template])
    assert finding.seen == (missing or "1 printed answer agrees")
    assert finding.holds == (not missing)
    assert template.grids["y"].values == (Fraction(1),)


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("loss", ["loss"], ""),
        ("yhat", ["at"], ""),
        ("foo", ["rfloor"], ""),
        ("zz", ["z"], " (did you mean 'z'?)"),
        ("sigmoyd", ["tanh", "sigmoid"], " (did you mean 'sigmoid'?)"),
    ],
)
def test_nothing_is_suggested_that_helps_nobody(word: str, known: list[str], expected: str) -> None:
    """Neither the word itself nor one of quite another length."""
    assert suggestion(word, known) == expected
