"""Whose paper a row answers, where the file says so: the code printed on each paper.

A code is compared without case, blanks and dashes. A blank cell tells nothing, nor does what is
much shorter than a code: a column called `variant` may hold numbers of a course's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from examgen.errors import cut
from examgen.manifest import Students
from grader.arrays import Indices
from grader.reading.identities import examples
from grader.reading.submissions import Origin
from grader.reading.tabular import header_cell

_UNSEEN = r"[\s\pZ\p{Pd}−_]+"
_LONGEST = 40  # characters of a code that are shown


def other_papers(origin: Origin, students: Indices, roster: Students) -> dict[int, str]:
    """The rows that answer another paper than that of their student, with the reason.

    `students` `(rows,)`: places in the roster, -1 where none is known; such rows are left out.
    """
    printed = _Printed(roster)
    found: dict[int, str] = {}
    for start, sheet in zip(origin.starts.tolist(), origin.sheets, strict=False):
        if sheet.codes is not None:
            whose = students[start : start + len(sheet)]
            others = printed.others(sheet.codes.combine_chunks(), whose)
            found |= {start + row: reason for row, reason in others}
    return found


@dataclass(frozen=True)
class _Printed:
    """The codes on the papers of a roster."""

    roster: Students

    @cached_property
    def forms(self) -> pa.StringArray:
        return _same_form(pa.array(self.roster.code, pa.string()))

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """The students with each code: several share a version."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, form in enumerate(self.forms.to_pylist()):
            found[form].append(place)
        return dict(found)

    def others(self, told: pa.StringArray, students: Indices) -> Iterator[tuple[int, str]]:
        """The rows of a file that tell a code that is not that of their student, and the reason."""
        forms = _same_form(told)
        own = self.forms.take(pa.array(students, mask=students < 0))
        short = pc.less(pc.multiply(pc.utf8_length(forms), 2), pc.utf8_length(own))
        untold = pc.or_(pc.or_(pc.equal(forms, ""), pc.equal(own, "")), short)
        same = pc.or_(pc.equal(forms, own), untold)
        differ = np.flatnonzero(~pc.fill_null(same, True).to_numpy(zero_copy_only=False))
        pairs = zip(forms.take(differ).to_pylist(), told.take(differ).to_pylist(), strict=True)
        for row, (form, written) in zip(differ.tolist(), pairs, strict=True):
            yield row, self.reason(form, written)

    def reason(self, form: str, written: str) -> str:
        """Whose paper it is instead."""
        places = self.places.get(form)
        if places is None:
            shown = cut(header_cell(written), _LONGEST)
            return f"answers to another exam or variant: no paper has the code {shown}"
        owners = examples((self.roster.student[place] for place in places), len(places))
        return f"answers to another variant: {self.roster.code[places[0]]} is the paper of {owners}"


def _same_form(codes: pa.StringArray) -> pa.StringArray:
    """What is equal for two ways to write one code."""
    return pc.replace_substring_regex(pc.utf8_upper(codes), _UNSEEN, "")
