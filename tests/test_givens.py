"""Families of givens that add up to 1."""

from __future__ import annotations

from fractions import Fraction

import pytest

from examgen.givens import wholes


def of(**families: str) -> dict[str, Fraction | None]:
    """Givens of rows of numbers; `?` for one that differs, `/` between the rows of a matrix."""
    found: dict[str, Fraction | None] = {}
    for name, written in families.items():
        rows = written.split("/")
        for i, row in enumerate(rows, start=1):
            for j, value in enumerate(row.split(), start=1):
                index = f"{i},{j}" if len(rows) > 1 else f"{j}"
                found[f"{name}[{index}]"] = None if value == "?" else Fraction(value)
    return found


@pytest.mark.parametrize(
    ("families", "found"),
    [
        ({"y": "0 1 0"}, ["y[1] y[2] y[3]"]),
        ({"y": "1 2"}, []),
        ({"y": "0.1 0.2 0.7", "x": "1 ?"}, ["y[1] y[2] y[3]"]),
        ({"y": "1"}, []),
        ({"y": "-1 2"}, []),
        ({"y": "0 1 ?"}, []),
        ({"y": "1 0/0 1"}, ["y[1,1] y[1,2]", "y[2,1] y[2,2]"]),
        ({"y": "1 1/0 0"}, ["y[1,1] y[2,1]", "y[1,2] y[2,2]"]),
        ({"y": "? ?/0 1"}, ["y[2,1] y[2,2]"]),
    ],
)
def test_a_whole_has_shares_that_add_up_to_1(families: dict[str, str], found: list[str]) -> None:
    """Two or more, none negative, the same in every variant; of a matrix its rows, or columns."""
    assert [" ".join(family) for family in wholes(of(**families))] == found


def test_names_without_brackets_are_families_too() -> None:
    """As a network names its targets: y1, y2; other names are nobody's."""
    fixed = {"y1": Fraction(1), "y2": Fraction(0), "eta": Fraction(1), "y_1": Fraction(1)}
    assert wholes(fixed) == (("y1", "y2"),)
