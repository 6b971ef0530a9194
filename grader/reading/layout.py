"""Where everything stands in the columns of one answer file."""

from __future__ import annotations

from dataclasses import dataclass

from grader.reading.identities import Holds
from grader.reading.packed import Packing


@dataclass(frozen=True)
class Place:
    """Where a slot's answers are: a column (from 0), or a part (from 1) of a packed one."""

    column: int
    part: int | None = None
    packing: Packing = "parts"


@dataclass(frozen=True)
class Layout:
    """The columns of a file: who, which paper, what, and when.

    `places` has one for each slot in paper order, None where there is no column; it is empty where
    each row is one answer, and `long` tells its columns: slot and response. `code`: the code that
    is printed on the paper. `notes` say how the columns were understood.
    """

    name: str
    student: tuple[int, ...]
    holds: Holds
    places: tuple[Place | None, ...]
    long: tuple[int, int] | None = None
    time: int | None = None
    attempt: int | None = None
    code: int | None = None
    blank: str | None = None
    notes: tuple[str, ...] = ()
