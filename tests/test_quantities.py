"""All quantities of a question by name: values, adjoints, messages, totals, updates, derived."""

from __future__ import annotations

import numpy as np
import pytest

from examgen.definitions import Definition
from examgen.errors import ExamgenError
from examgen.graph import evaluate, exactly
from examgen.quantities import Quantities, derive_quantities
from examgen.topology.blueprint import Blueprint
from examgen.topology.recurrent_cell import step_losses
from examgen.topology.unroll import unroll


def cell(message_first: bool = False, **derived: str) -> Quantities:
    """h[t] = w x[t] + h[t-1], read out as it is, over two steps."""
    step = {"h[t]": "w*x[t] + h[t-1]", "yhat[t]": "h[t]"}
    losses = step_losses("sum((yhat[t] - y[t])^2)")
    blueprint = unroll({"h": "h_0"}, step, 2, losses)
    return derive_quantities(
        blueprint, "eta", derived, declared=["eta"], message_first=message_first
    )


NUMBERS = {"x[1]": 1, "x[2]": 2, "w": 3, "h_0": 1, "y[1]": 0, "y[2]": 5, "eta": 10}


def value(quantities: Quantities, name: str) -> float:
    """The value of a quantity at NUMBERS: h is 4 and 10, L = 16 + 25."""
    arrays = {given: np.array([float(number)]) for given, number in NUMBERS.items()}
    return float(evaluate([quantities.node(name)], arrays)[0][0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("h[1]", 4), ("L", 41), ("L[1]", 16), ("dL/dyhat[2]", 10), ("dL/dh[2]", 10),
        ("dL/dh[1]", 18), ("total(h[1])", 18), ("message(h[1])", 10), ("message(h[2])", 0),
        ("total(h[2])", 10), ("message(h_0)", 18), ("dL/dw[1]", 18), ("dL/dw[2]", 20),
        ("dL/dw", 38),
        ("w'", 3 - 380), ("dL/dL", 1), ("dL/dx[2]", 30), ("h_0'", 1 - 180), ("dL/dh_0", 18),
    ],
)  # fmt: skip
def test_every_sense_of_a_derivative_has_a_name(name: str, expected: float) -> None:
    """Totals, messages, per-step contributions, their sum, and the update."""
    assert value(cell(), name) == expected


def test_a_template_says_which_sense_is_the_bare_one() -> None:
    """With the message first, dL/dh[1] is what arrives from step 2."""
    quantities = cell(message_first=True)
    assert value(quantities, "dL/dh[1]") == value(quantities, "message(h[1])") == 10
    assert value(quantities, "dL/dh[2]") == 0
    assert value(quantities, "total(h[1])") == 18


def test_the_author_may_derive_further_quantities() -> None:
    """Over values, gradients and updates; a derived update takes the place of the plain one."""
    quantities = cell(m="0.5*m_0 + dL/dw", **{"w'": "w - eta*m", "g[t]": "dL/dw[t]*2"})
    NUMBERS["m_0"] = 4
    assert value(quantities, "m") == 40
    assert value(quantities, "w'") == 3 - 400
    assert value(quantities, "g[2]") == 40
    assert "m_0" in quantities.givens
    del NUMBERS["m_0"]


def test_without_a_learning_rate_there_are_no_updates() -> None:
    """And none of the learning rate itself."""
    blueprint = Blueprint((Definition("L", "w*w"),))
    assert not derive_quantities(blueprint, "eta", {}).updates
    assert list(derive_quantities(blueprint, "eta", {}, declared=["eta"]).updates) == ["w'"]


def test_givens_are_what_is_drawn() -> None:
    """Leaves of the graph, and the learning rate; not the copies of each step."""
    assert sorted(cell().givens) == sorted(NUMBERS)


def test_conditions_with_a_free_index_hold_at_every_step() -> None:
    """`h[t] > 0` makes one truth a step; a sum binds its index."""
    quantities = cell()
    assert len(quantities.build_for_all("h[t] > 0")) == 2
    assert len(quantities.build_for_all("sum(h[t]) > 0")) == 1
    assert len(quantities.build_for_all("dL/dw > 0")) == 1
    truths = quantities.build_for_all("dL/dw[t] > 18")
    assert exactly(truths, NUMBERS) == [0, 1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("dL/dv", "there is no quantity 'dL/dv' (did you mean 'dL/dw'?)"),
        ("message(w)", "'w' is no state"),
        ("message(h[7])", "'h[7]' is no state (did you mean 'h[1]'?)"),
        ("total(yhat[1])", "'yhat[1]' is no state"),
        ("yhat[3]", "there is no quantity 'yhat[3]' (did you mean 'yhat[1]'?)"),
        ("", "there is no quantity ''"),
    ],
)
def test_an_unknown_quantity_is_named_with_the_nearest(name: str, message: str) -> None:
    """Internal names of ports are never suggested."""
    with pytest.raises(ExamgenError) as refused:
        cell().name(name)
    assert str(refused.value).startswith(message[:-20])
    assert "_in" not in str(refused.value)


def test_a_loss_that_is_no_quantity_is_refused() -> None:
    """With its place in the template."""
    with pytest.raises(ExamgenError, match=r"graph\.loss: there is no quantity 'E'"):
        derive_quantities(Blueprint((Definition("L", "x"),), loss="E"), "eta", {})


def test_a_condition_that_explodes_is_refused() -> None:
    """A slope of a slope of a slope: its text is short, what it stands for is not."""
    with pytest.raises(ExamgenError, match="more operations than anybody can follow"):
        cell().build("sigmoid'(" * 60 + "w" + ")" * 60 + " > 0")


@pytest.mark.parametrize("rate", ["a + b", "2", ""])
def test_the_learning_rate_is_a_name(rate: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ExamgenError):
        derive_quantities(Blueprint((Definition("L", "x"),)), rate, {}, declared=[rate])


def test_the_learning_rate_is_kept() -> None:
    """Whether it stands in a formula or only among what is drawn; None without one."""
    blueprint = Blueprint((Definition("L", "w*w"),))
    assert derive_quantities(blueprint, "eta", {}).rate is None
    rate = derive_quantities(blueprint, "eta", {}, declared=["eta"]).rate
    assert rate is not None
    assert rate.name == "eta"
