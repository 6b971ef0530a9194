"""Formula answers: what is read, what is right, and that nothing a student types does harm."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from formula_spellings import CASES, CELL, ELMAN, LSTM, MLP, SIGMOIDS
from hostile_formulas import HEAVY, HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from examgen.bank import bank_ids, find_template
from examgen.graph import topological
from examgen.printing import TEX, define
from examgen.slots import Slot
from examgen.solution import answer_node, expected_formula, slot_label, symbols_of
from examgen.template import Template, parse_template
from examgen.vocabulary import vocabulary
from grader.symbolic import FormulaMarker, Right, Unreadable, Wrong
from grader.symbolic.points import ENOUGH, draw_points

LETTER = {Right: "R", Wrong: "W", Unreadable: "U", type(None): "B"}


def formula_slots() -> list[tuple[str, str]]:
    """Template and slot of every formula that the bank asks for."""
    return [
        (name, slot.id.removeprefix("derive_"))
        for name in bank_ids()
        for slot in find_template(name).slots
        if slot.kind == "formula"
    ]


@lru_cache
def template_of(name: str) -> Template:
    """A template of the bank."""
    return find_template(name)


def slot_of(template: Template, slot: str) -> Slot:
    """A formula slot by its id without `derive_`."""
    return next(one for one in template.slots if one.id == f"derive_{slot}")


@lru_cache
def marker(name: str, slot: str) -> FormulaMarker:
    """The marker of a slot of the bank."""
    return FormulaMarker(template_of(name), slot_of(template_of(name), slot))


def reason(name: str, slot: str, text: str) -> str:
    """Why a text is not read."""
    verdict = marker(name, slot).mark(text)
    assert isinstance(verdict, Unreadable)
    return str(verdict)


every_slot = pytest.mark.parametrize(("name", "slot"), formula_slots())


# --- reading and comparing -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "slot", "text", "verdict"), CASES)
def test_spellings(name: str, slot: str, text: str, verdict: str) -> None:
    """What students write has the verdict that a person would give it."""
    found = marker(name, slot).mark(text)
    assert LETTER[type(found)] == verdict, found


def test_there_are_enough_spellings() -> None:
    """Of every kind of verdict, over all of the bank's questions that ask for a formula."""
    assert len(CASES) >= 200
    assert {name for name, *_ in CASES} == {name for name, _ in formula_slots()}
    for letter in "RW":
        assert {case[0] for case in CASES if case[3] == letter} == {n for n, _ in formula_slots()}
    assert all(sum(case[3] == verdict for case in CASES) >= 50 for verdict in "RWU")


@every_slot
def test_the_expected_formula_is_right(name: str, slot: str) -> None:
    """As the key prints it, as TeX, and as an equation with the asked quantity on the left."""
    template = template_of(name)
    one = slot_of(template, slot)
    text = expected_formula(template, one)
    tex = define(answer_node(template, one), symbols_of(template, one), TEX)
    for written in (text, tex, f"${tex}$", f"{slot_label(template, one)} = {tex}"):
        assert marker(name, slot).mark(written) == Right(), written


@every_slot
@pytest.mark.parametrize("change", ["-({})", "2*({})", "({})/2", "({}) + 1", "({})*0", "({})^2"])
def test_a_changed_formula_is_wrong(name: str, slot: str, change: str) -> None:
    """A sign, a factor, a summand: at these points nothing is right by accident."""
    text = expected_formula(template_of(name), slot_of(template_of(name), slot))
    assert isinstance(marker(name, slot).mark(change.format(text)), Wrong)


@every_slot
def test_cancelling_numbers_prove_nothing(name: str, slot: str) -> None:
    """A large number that is added and taken away does not make everything equal."""
    found = marker(name, slot).mark("1000000^3*w1 - 1000000^3*w1")
    other = marker(name, slot).mark("1000000^3 - 1000000^3")
    assert not isinstance(found, Right)
    assert isinstance(other, Unreadable)


@every_slot
def test_the_asked_quantity_is_no_answer(name: str, slot: str) -> None:
    """`dL/dh = dL/dh` says nothing, however it is spelled."""
    template = template_of(name)
    one = slot_of(template, slot)
    tex = slot_label(template, one)
    plain = symbols_of(template, one).plain(template.quantities.name(one.quantity))
    for text in (tex, plain, f"{plain} = {plain}", f"{plain} + 0", f"1*{tex}"):
        assert isinstance(marker(name, slot).mark(text), Unreadable), text


@pytest.mark.parametrize(
    ("text", "verdict"), [("dL/dyhat*1,0 + 1,00*dL/dh", "R"), ("dL/dyhat*1.0 + dL/dh", "U")]
)
def test_decimal_commas(text: str, verdict: str) -> None:
    """In a file with decimal commas, a comma between digits is one, and a point is none."""
    assert LETTER[type(marker(CELL, "dL_do_t").mark(text, "comma"))] == verdict


def test_sides_of_an_equation_must_be_equal() -> None:
    """A chain of equal sides is right; one that changes on the way is for a person to judge."""
    one = marker(CELL, "dL_do_t")
    assert one.mark("dL/do = dL/dh + 2(yhat-y) = dL/dh + dL/dyhat") == Right()
    assert "sides" in reason(CELL, "dL_do_t", "dL/do = dL/dyhat = dL/dyhat + dL/dh")
    assert isinstance(one.mark("dL/do = dL/dyhat = 2(yhat-y)"), Wrong)


def test_e_is_a_quantity_where_there_is_one() -> None:
    """e^x is read as exp only where nothing is called e."""
    assert marker(SIGMOIDS, "dL_dz").mark("dL/ds*e^z/(1+e^z)^2") == Right()
    assert "exp(x)" in reason(LSTM, "dL_da_t", "dL/de*(1-(e^a-e^-a)^2/(e^a+e^-a)^2)+dL/dC")


def test_dead_units_decide() -> None:
    """Behind a dead unit the next one is exactly on its kink; without such points this is right."""
    assert isinstance(marker(ELMAN, "dL_da_t").mark("dL/dh"), Wrong)
    assert isinstance(marker(MLP, "dL_dh_to_unit").mark("dL/dh3"), Wrong)


# --- what is said about it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "text", "said"),
    [
        (
            "dL_do_t",
            "dL/dyhatt1 + dL/dh",
            'no quantity "dL/dyhatt1" here (did you mean dL/dyhat_t?)',
        ),
        ("dL_do_t", "dL/dyhat + dL/dk", "a formula may use w, h_(t-1), x_t"),
        ("dL_do_t", "dL/dyhat + dL/dk", "(at character 12)"),
        ("dL_do_t", "dL/ds_t/w", "dL/ds[t] rests on dL/do[t], which is asked for (at character 1)"),
        ("dL_do_t", "dL/do_t", "dL/do_t is what is asked for"),
        ("dL_do_t", "h+w", "'h' may mean h_(t-1) or h_t: write which"),
        (
            "dL_dw_t",
            "w*(h_t-1)",
            "'h_t-1' may mean h_(t-1) or h_t - 1: write which (at character 4)",
        ),
        ("dL_do_t", "dyhat/do", "the local derivative dyhat/do has to be written out"),
        ("dL_do_t", "1/2y", "write (a/b)*c or a/(b*c) (at character 4)"),
        ("dL_do_t", "f(w)", 'no quantity "f"'),
        ("dL_do_t", "w & y", "'&' has no meaning in a formula (at character 3)"),
        ("dL_do_t", "(w", "found the end, expected ')' (at character 3)"),
        ("dL_do_t", "w^y", "an exponent has to be a number"),
        ("dL_do_t", "w^65", "exponents are read up to 64"),
        ("dL_do_t", "tanh w y", "put the argument of tanh in brackets"),
        ("dL_do_t", "w'", "w' is not a quantity of the forward pass"),
        ("dL_do_t", "  ŷₜ·§", "'§' has no meaning in a formula (at character 6)"),
        ("dL_do_t", r"\foo w", r"'\foo w' has no meaning in a formula (at character 1)"),
    ],
)
def test_reasons(slot: str, text: str, said: str) -> None:
    """What cannot be read is told with its place, and what could be meant."""
    assert said in reason(CELL, slot, text)


# --- bounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_not_read(text: str) -> None:
    """Code, markup, commands and fragments are refused with a place inside the text."""
    verdict = marker(CELL, "dL_ds_t").mark(text)
    assert isinstance(verdict, Unreadable)
    assert 1 <= verdict.column <= len(text) + 1


@pytest.mark.parametrize("text", HEAVY, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize(
    "name_slot", [(CELL, "dL_ds_t"), (LSTM, "dL_db_t")], ids=lambda one: one[0]
)
def test_heavy_texts_are_answered(text: str, name_slot: tuple[str, str]) -> None:
    """Long and deep texts lead to a verdict, never to an exception."""
    assert type(marker(*name_slot).mark(text)) in LETTER


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_has_a_verdict(text: str) -> None:
    """Whatever Unicode there is."""
    verdict = marker(LSTM, "dL_db_t").mark(text)
    assert type(verdict) in LETTER
    assert not isinstance(verdict, Right)


PIECES = st.sampled_from(
    [
        *"wxyhtLd123()[]{}+-*/^_'=,.| ",
        "dL/d",
        "∂",
        r"\frac",
        r"\hat",
        "sigma",
        "ŷ",
        "²",
        "e^",
        "dL/dh_t",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_row_of_pieces_has_a_verdict(text: str) -> None:
    """Formulas cut up and put together again."""
    for one in (marker(CELL, "dL_do_t"), marker(SIGMOIDS, "dL_dz")):
        assert type(one.mark(text)) in LETTER


# --- other graphs --------------------------------------------------------------------------------

MATRIX = """\
id: matrix
title: Matrices
graph:
  topology: mlp
  layers: [2, 2, 1]
  activation: tanh
  loss: squared_error
sample:
  x[*]: {choose: [1, 2]}
  w1[*]: {choose: [1, 2]}
  w2[*]: {choose: [1, 2]}
  b1[*]: {choose: [1, 2]}
  b2[*]: {choose: [1, 2]}
  y*: {choose: [1, 2]}
  eta: 0.1
parts:
  - ask: Give it.
    derive: dL/dw1[1,2]
    points: 1
"""


def test_indices_of_matrices() -> None:
    """Two indices, in brackets or as the paper prints them, with the layer above."""
    template = parse_template(MATRIX, "matrix.yaml")
    (slot,) = template.slots
    one = FormulaMarker(template, slot)
    text = expected_formula(template, slot)
    tex = define(answer_node(template, slot), symbols_of(template, slot), TEX)
    assert one.mark(text) == Right()
    assert one.mark(tex) == Right()
    assert isinstance(one.mark(f"({text})*w2[1,1]"), Wrong | Unreadable)
    assert isinstance(one.mark(f"({text})*w1[1,1]"), Wrong)
    assert isinstance(one.mark(rf"({text}) w^{{(1)}}_{{11}}"), Wrong)


AMBIGUOUS = """\
id: ambiguous
title: Names in names
graph:
  topology: formulas
  formulas: {p: x*yz + xy*z, L: p^2}
sample: {x: 1, yz: 2, xy: 3, z: 4, eta: 0.1}
parts: [{ask: Give it., derive: dL/dx, points: 1}]
"""


def test_a_word_that_is_two_products_is_not_read() -> None:
    """`xyz` may be x*yz or xy*z; `pyz` is one product only, `xy` one name."""
    template = parse_template(AMBIGUOUS, "ambiguous.yaml")
    one = FormulaMarker(template, template.slots[0])
    found = one.mark("2xyz")
    assert isinstance(found, Unreadable)
    assert found.reason == "'xyz' may mean x*yz or xy*z: write which"
    assert one.mark("2pyz") == Right()
    assert isinstance(one.mark("2xy"), Wrong)


# --- points --------------------------------------------------------------------------------------


@every_slot
def test_points_lie_on_all_sides_of_all_kinks(name: str, slot: str) -> None:
    """And at enough of them the derivative asked for is not zero."""
    quantities = template_of(name).quantities
    words = vocabulary(template_of(name), slot_of(template_of(name), slot))
    points = draw_points(quantities, words.asked, words.names)
    assert np.count_nonzero(np.abs(points.expected) > 1e-3) >= ENOUGH
    order = topological([quantities.nodes[one] for one in (*words.names, words.asked)])
    kinks = {kink.name for node in order for kink in node.op.kinks(*node.args)}
    for kink in kinks - {None}:
        assert np.count_nonzero(points.values[str(kink)] > 0) >= 6
        assert np.count_nonzero(points.values[str(kink)] < 0) >= 6
    assert all(np.isfinite(points.values[one]).all() for one in words.names)


# --- givens that add up to 1 ---------------------------------------------------------------------

LABELS = """\
id: labels
title: A fixed label
CHOOSE
graph:
  topology: formulas
  index: {i: 3}
  formulas:
    z[i]: x*w[i]
    p[i]: softmax(z[i], z[*])
  loss: cross_entropy(p[*], y[*])
sample:
  x: X
  w[*]: {from: -2, to: 2, step: 0.25}
  LABEL
parts:
  - ask: Give the derivatives.
    derive: dL/dz[1], dL/dw[1]
    points: 2
"""


VARYING = "y[1]: {choose: [0, 1]}\n  y[2]: 1\n  y[3]: 0"


def labels(label: str, x: str = "{choose: [-2, 2, 3]}", choose: str = "") -> Template:
    """A softmax with a cross-entropy, and what is sampled for its label and its input."""
    written = LABELS.replace("LABEL", label).replace("X", x).replace("CHOOSE", choose)
    return parse_template(written, "labels.yaml")


@pytest.mark.parametrize(
    "template",
    [
        labels("y: [0, 1, 0]"),
        labels("y: [0.25, 0.5, 0.25]"),
        labels("y: <true>", choose="choose: {true: [[0, 1, 0], [1, 0, 0]]}"),
    ],
)
def test_output_minus_label_is_right_where_the_labels_add_up_to_1(template: Template) -> None:
    """And nothing else of the numbers printed is made use of; the key says the same, shortly."""
    one = FormulaMarker(template, template.slots[0])
    for right in ("p_1 - y_1", "(y_1 + y_2 + y_3)*p_1 - y_1", "p_1 - 1 + y_2 + y_3"):
        assert one.mark(right) == Right(), right
    for wrong in ("p_1", "p_1 - y_3", "y_2*p_1 - y_1", "p_1 - 1", "(y_1 + y_2)*p_1 - y_1"):
        assert isinstance(one.mark(wrong), Wrong), wrong
    assert expected_formula(template, template.slots[0]) == "p[1] - y[1]"


@pytest.mark.parametrize("label", ["y: [1, 1, 0]", "y: [-1, 1, 1]", VARYING])
def test_other_labels_have_to_be_added_up(label: str) -> None:
    """Where some paper may have labels with another sum, or they are no shares of a whole."""
    template = labels(label)
    one = FormulaMarker(template, template.slots[0])
    assert isinstance(one.mark("p_1 - y_1"), Wrong)
    assert one.mark("(y_1 + y_2 + y_3)*p_1 - y_1") == Right()
    assert expected_formula(template, template.slots[0]) == "(y[1] + y[2] + y[3])*p[1] - y[1]"


def test_a_factor_that_is_always_1_is_not_to_be_forgotten() -> None:
    """A single given of 1 is no family that adds up to 1."""
    template = labels("y: [0, 1, 0]", x="1")
    one = FormulaMarker(template, template.slots[1])
    assert one.mark("dL/dz_1*x") == Right()
    assert isinstance(one.mark("dL/dz_1"), Wrong)
