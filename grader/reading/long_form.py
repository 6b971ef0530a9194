"""Files with a row an answer, `student,slot,response`: which rows make whose submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from examgen.errors import suggestion
from grader.arrays import Indices
from grader.reading.submissions import Chosen, Duplicates, Origin, choose
from grader.reading.tabular import marked_fault

_HINTS = 100  # unknown names for which the nearest slot is looked up
_WHOLE = " (best is for files with a row a submission: say first or last)"


@dataclass(frozen=True)
class LongRows:
    """The rows that are used, sorted by student, with the slot of each; and the others' reasons.

    `lost` are the (student, slot) of which none of several responses counts.
    """

    rows: Indices
    slots: Indices
    reasons: dict[int, str]
    lost: tuple[tuple[int, int], ...]
    unordered: int


def sort_long_rows(
    rows: Indices,
    students: Indices,
    origin: Origin,
    slot_ids: Sequence[str],
    policy: Duplicates,
) -> LongRows:
    """The rows `rows` of long files, whose students are known: find slots, settle duplicates.

    `students` `(all rows,)` by row number.
    """
    slots, reasons = _slots(rows, origin, slot_ids)
    known = slots >= 0
    rows, slots = rows[known], slots[known]
    groups = students[rows] * max(1, len(slot_ids)) + slots
    chosen = _chosen(groups, rows, origin, policy)
    reasons |= {int(rows[index]): reason for index, reason in chosen.dropped.items()}
    gone = np.setdiff1d(groups[~chosen.kept], groups[chosen.indices])
    order = chosen.indices[np.argsort(students[rows[chosen.indices]], kind="stable")]
    lost = tuple(divmod(int(group), max(1, len(slot_ids))) for group in gone)
    return LongRows(rows[order], slots[order], reasons, lost, chosen.unordered)


def _chosen(groups: Indices, rows: Indices, origin: Origin, policy: Duplicates) -> Chosen:
    """`best` cannot be told of single answers: none of several counts."""
    if policy != "best":
        return choose(groups, rows, origin, policy, "response to this slot")
    chosen = choose(groups, rows, origin, "error", "response to this slot")
    return replace(chosen, dropped={i: why + _WHOLE for i, why in chosen.dropped.items()})


def _slots(
    rows: Indices, origin: Origin, slot_ids: Sequence[str]
) -> tuple[Indices, dict[int, str]]:
    """The slot of each row, -1 where there is none of that name, and why."""
    found = np.full(len(origin.file_of), -1, dtype=np.int64)
    written: dict[int, pa.ChunkedArray] = {}
    ids = pa.array(slot_ids, pa.string())
    for index, sheet in enumerate(origin.sheets):
        if sheet.slots is not None:
            names = pc.utf8_trim_whitespace(sheet.slots)
            places = pc.fill_null(pc.index_in(names, value_set=ids), -1).to_numpy()
            found[origin.starts[index] : origin.starts[index + 1]] = places
            written[index] = names
    slots = found[rows]
    names = {row: _written(row, written, origin) for row in rows[slots < 0].tolist()}
    why = {name: _why(name, slot_ids) for name in islice(dict.fromkeys(names.values()), _HINTS)}
    return slots, {row: why.get(name) or _why(name, ()) for row, name in names.items()}


def _written(row: int, written: dict[int, pa.ChunkedArray], origin: Origin) -> str:
    sheet = int(origin.file_of[row])
    text: str = written[sheet][row - int(origin.starts[sheet])].as_py()
    return text


def _why(name: str, slot_ids: Sequence[str]) -> str:
    if not name:
        return "no slot"
    hint = suggestion(name, slot_ids) if len(name) < 100 else ""
    return f"unknown slot '{name[:80]}'{hint}"


LOST = marked_fault("", "several responses to this slot, and none of them counts")
"""What stands in the slot of a student whose responses to it were all rejected."""
