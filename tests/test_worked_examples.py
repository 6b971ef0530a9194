"""Worked examples that others have published, written as templates: right to the printed digit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml

from examgen.bank import find_template
from examgen.graph import record
from examgen.template import Template
from examgen.template_file import Published

DATA = Path(__file__).parent / "data"
CASES = {
    case["id"]: case
    for case in yaml.safe_load((DATA / "worked_examples.yaml").read_text(encoding="utf-8"))["cases"]
}
BOWL = [f"w[{t},{i}]" for t in (1, 2, 3) for i in (1, 2)]
QUANTITIES: dict[str, dict[str, dict[str, str]]] = {
    "P01": {
        "p01-mazur": {
            **{n: n for n in ("net_h1", "h1", "h2", "o1", "o2")},
            **{f"w{k}_new": f"w{k}'" for k in range(1, 9)},
            "E": "L",
            "dE_dw5": "dL/dw5",
            "E_after": "L_after",
            "b2_o1_new_if_updated": "b2_o1",
            "b2_o2_new_if_updated": "b2_o2",
        }
    },
    "P04": {
        "p04-neuron": {"f": "f", **{f"d{n}": f"df/d{n}" for n in ("w0", "x0", "w1", "x1", "w2")}}
    },
    "P05": {"p05-product": {"f": "f", **{f"df_d{n}": f"df/d{n}" for n in "xyz"}}},
    "P06": {"p06-max": {"f": "f", **{f"d{n}": f"df/d{n}" for n in "xyzw"}}},
    "P10": {"p10-micrograd": {"g": "g", "dg_da": "dg/da", "dg_db": "dg/db"}},
    "P14": {
        "p14-bits": {
            "yh": "yhat[1]",
            "J": "L",
            "dz3": "dL/dz3[1]",
            "dW3_0": "dL/dw3[1,1]",
            "dW3_1": "dL/dw3[2,1]",
            "dz2_0": "dL/dz2[1]",
            "dz2_1": "dL/dz2[2]",
            "dW2_00": "dL/dw2[1,1]",
            "dW2_10": "dL/dw2[1,2]",  # ours is from unit 1 to unit 2, theirs row 1, column 0
            "dz1_0": "dL/dz1[1]",
            "dz1_1": "dL/dz1[2]",
        }
    },
    "P18": {
        "p18-adam-step": {"q4_step": "step"},
        "p18-adam-square": {"gb_theta1": "theta_1"},
        "p18-gradient-descent": {f"gd_{t}_{i}": f"w{i}'" for t in (1, 2, 3) for i in (1, 2)},
        "p18-rmsprop": {f"rms_{t}_{i}": f"w[{t},{i}]" for t in (1, 2) for i in (1, 2)},
        "p18-adam": {f"adam_{t}_{i}": f"w[{t},{i}]" for t in (2, 3) for i in (1, 2)},
    },
    "P24": {
        "p24-convolution": {
            f"{n}{i}{j}": f"{n}[{i + 1},{j + 1}]" for n in "yp" for i in (0, 1) for j in (0, 1)
        },
        "p24-square": {"dy_dx3": "dy/dx[4]"},
    },
}
"""For every case our templates, and in each our name of every number."""

ENTRIES = [
    (case, template, entry, name)
    for case, templates in QUANTITIES.items()
    for template, names in templates.items()
    for entry, name in names.items()
]


@cache
def worked(template_id: str) -> Template:
    """One of the worked examples as a template."""
    return find_template(str(DATA / "worked" / f"{template_id}.yaml"))


def instance_of(template: Template, entry: str) -> Published:
    """The published instance an entry belongs to: the only one, or that of its step (gd_2_1)."""
    instances = template.file.instances
    return instances[0] if len(instances) == 1 else instances[int(entry.split("_")[1]) - 1]


def value_of(template: Template, instance: Published, name: str) -> float:
    """A quantity with the published givens."""
    givens = {given: np.array([float(value)]) for given, value in instance.given.items()}
    return float(record([template.quantities.node(name)])(givens)[0][0])


def half_unit(printed: str) -> float:
    """Half a unit of the last printed digit, and what floating point may add."""
    return 0.5 * 10.0 ** -len(printed.partition(".")[2]) + 1e-12


def test_every_published_number_is_looked_at() -> None:
    """No entry of the collection is left out."""
    looked_at = {(case, entry) for case, _, entry, _ in ENTRIES}
    assert looked_at == {(case, e["id"]) for case in CASES for e in CASES[case]["asked"]}


@pytest.mark.parametrize(("case", "template_id", "entry", "name"), ENTRIES)
def test_number_is_right(case: str, template_id: str, entry: str, name: str) -> None:
    """To the last digit printed, or where the source rounded too early to the recomputed one."""
    template = worked(template_id)
    instance = instance_of(template, entry)
    (asked,) = (e for e in CASES[case]["asked"] if e["id"] == entry)
    printed, value = asked["published"], value_of(template, instance, name)
    assert value == pytest.approx(asked["recomputed"], rel=1e-9, abs=1e-12)
    if asked["verdict"] == "RIGHT":
        assert instance.answers[name] == printed
        assert abs(value - float(printed)) <= half_unit(printed)
    else:
        assert instance.misprints[name] == printed
        assert abs(value - float(printed)) > half_unit(printed)
