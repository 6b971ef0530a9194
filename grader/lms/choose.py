"""What an export leaves open: which column is meant, its decimal sign, and what marks are out of.

What is not plain is an error that lists what could be meant; nothing is guessed.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from examgen.errors import ExamgenError, suggestion
from grader.lms.export import Export, MarkColumn
from grader.lms.systems import System
from grader.reading.identities import examples
from grader.reading.numbers import DecimalSign

DIFFERENT = 0.005
"""Marks and maxima have two decimals: what is nearer is the same."""

_CENT = Decimal("0.01")
_TWO_DECIMALS = re.compile(r"-?\d+([.,])\d{2}", re.ASCII)


def choose_column(export: Export, system: System, title: str, name: str | None) -> MarkColumn:
    """The column for the marks: the one named, else the one that plainly is meant.

    That is the only one with the exam's title in its header; else the only one without a mark; else
    the only one. Raises ExamgenError with all that could be meant.
    """
    if name is not None:
        return _named_column(export, name)
    titled = tuple(c for c in export.columns if _has_title(c.title, title))
    same = tuple(c for c in titled if _folded(c.title) == _folded(title))
    empty = tuple(c for c in titled or export.columns if _is_empty(export, system, c))
    for candidates in (same, titled, empty, export.columns):
        if len(candidates) == 1:
            return candidates[0]
    raise ExamgenError(f"which column is for the marks? Say --column; {_listed(export)}")


def _named_column(export: Export, name: str) -> MarkColumn:
    for found in (
        [c for c in export.columns if _folded(export.names[c.place]) == _folded(name)],
        [c for c in export.columns if _folded(c.title) == _folded(name)],
    ):
        if len(found) == 1:
            return found[0]
    hint = suggestion(name, [export.names[c.place] for c in export.columns])
    raise ExamgenError(f"'{name}' is not one column for marks{hint}; {_listed(export)}")


def _listed(export: Export) -> str:
    names = [f"'{export.names[column.place]}'" for column in export.columns]
    return f"columns for marks: {examples(names, len(names), 20) or 'none'}"


def _has_title(header: str, title: str) -> bool:
    words = re.escape(_folded(title))
    return bool(words and re.search(rf"(?<!\w){words}(?!\w)", _folded(header)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_empty(export: Export, system: System, column: MarkColumn) -> bool:
    return set(export.column(column.place)) <= system.blank | system.barred


def decimal_sign(export: Export, forced: DecimalSign | None) -> DecimalSign:
    """The sign that the export's own numbers have; a point where there are none.

    Only columns speak that mostly hold numbers of two decimals, as all systems write them.
    """
    if forced:
        return forced
    signs = set()
    for place in range(len(export.names)):
        cells = [cell for cell in export.column(place) if cell]
        found = [number[1] for number in map(_TWO_DECIMALS.fullmatch, cells) if number]
        if 2 * len(found) > len(cells):
            signs |= set(found)
    if len(signs) > 1:
        raise ExamgenError("it has decimal commas and points: say which with --into-decimal")
    return "comma" if signs == {","} else "point"


def two_decimals(mark: float) -> float:
    """A mark as it is written: rounded half up, as people do.

    >>> two_decimals(2.675), two_decimals(0.125)
    (2.68, 0.13)
    """
    return float(Decimal(repr(mark)).quantize(_CENT, ROUND_HALF_UP))


def out_of(total: float, maximum: float, theirs: float | None, *, scale: bool) -> float:
    """A mark out of the system's maximum, never above it.

    theirs: None where the export does not say. Raises ExamgenError where the two maxima differ and
    the mark is not to be converted.
    """
    theirs = maximum if theirs is None else theirs
    if abs(theirs - maximum) >= DIFFERENT:
        if not scale or maximum <= 0:
            raise ExamgenError(
                f"the marks there are out of {theirs:g}, those of the exam out of {maximum:g}: "
                "change the maximum there, or convert them with --scale"
            )
        total = total / maximum * theirs
    return min(two_decimals(total), theirs)
