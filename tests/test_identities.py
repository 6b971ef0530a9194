"""Tests of whose row is whose: nearly is not the same, and the same for two is nobody's."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from answer_files import make_class

from examgen.manifest import Students
from grader.reading.identities import Found, Holds, find_students

IDS = ("00123456", "12345678", "s2", "Zoë", "a-b", "120000")


def roster(ids: tuple[str, ...] = IDS) -> Students:
    """A roster with these ids."""
    blank = ("",) * len(ids)
    return Students(ids, blank, blank, blank, blank, "")


def look_up(*written: str, holds: Holds = "id", among: Students | None = None) -> Found:
    """The students that these texts name."""
    return find_students(
        pa.chunked_array([list(written)]), roster() if among is None else among, holds
    )


@pytest.mark.parametrize(
    "written", ["00123456", " 00123456\t", "\u00a000123456", "Zoë", "Zoe\u0308"]
)
def test_an_id_is_found_in_any_unicode_form_and_between_blanks(written: str) -> None:
    """Those are the same to whoever reads them."""
    assert look_up(written).students.tolist() == [IDS.index("Zoë" if "Z" in written else IDS[0])]


@pytest.mark.parametrize(
    ("written", "resembles"),
    [
        ("123456", "00123456"),
        ("123456.0", "00123456"),
        ("0123456", "00123456"),
        ("S2", "s2"),
        ("ｓ２", "s2"),
        ("s 2", "s2"),
        ("12.345.678", "12345678"),
        ("12,345,678", "12345678"),
        ("1.23E+07", "12345678"),
        ("1,2346e7", "12345678"),
        ("1.2E+05", "00123456', '120000"),
        ("zoë", "Zoë"),
        ("ab", "a-b"),
    ],
)
def test_what_resembles_an_id_is_suspect_and_never_joined(written: str, resembles: str) -> None:
    """Lost zeros, other case, thousands marks, shortened numbers: for a human to decide."""
    found = look_up(written)
    assert found.students.tolist() == [-1]
    reason = found.reasons[0]
    if not reason.startswith("suspect: "):
        assert "1,2346e7" in written, reason
    else:
        assert f"resembles '{resembles}' of the roster" in reason
    assert not found.strangers.any() or written == "1,2346e7"


@pytest.mark.parametrize("written", ["eve", "9.9E+99", "0", "-", "1.5", "s3"])
def test_a_stranger_is_one(written: str) -> None:
    """What resembles no id is unknown."""
    found = look_up(written)
    assert found.reasons == {0: "unknown student"}
    assert found.strangers.tolist() == [True]


def test_blank_names_nobody() -> None:
    """Also where somebody on the roster has no address."""
    assert look_up("", "  ").reasons == {0: "no student id", 1: "no student id"}
    assert look_up("", holds="email").reasons == {0: "no e-mail address"}


def test_addresses_and_names_have_no_case() -> None:
    """Names stand in either order."""
    students = make_class().students
    assert look_up("ADA@Example.org", holds="email", among=students).students.tolist() == [0]
    names = ("ross, BOB", "Bob  Ross", "Mey, Zoe\u0308", "Bob")
    found = look_up(*names, holds="name", among=students)
    assert found.students.tolist() == [1, 1, 2, -1]
    assert found.reasons == {3: "unknown name"}


def test_a_name_that_two_have_is_nobodys() -> None:
    """The ids of all who have it are named."""
    students = replace(make_class().students, name=("A B", "b, c", "b,  A", "C D"))
    found = look_up("A b", "c d", holds="name", among=students)
    assert found.students.tolist() == [-1, 3]
    assert found.reasons == {0: "ambiguous: this name is that of 00123456, zoë"}


def test_parts_keep_their_reasons() -> None:
    """Rows of several files looked up together and taken apart again."""
    found = look_up("eve", "s2", "S2", "", "eve")
    parts = found.split([1, 0, 3, 1])
    assert [part.students.tolist() for part in parts] == [[-1], [], [2, -1, -1], [-1]]
    assert [list(part.reasons) for part in parts] == [[0], [], [1, 2], [0]]
    assert [part.strangers.tolist() for part in parts] == [[True], [], [False] * 3, [True]]


def test_an_empty_roster_has_no_students() -> None:
    """And no row is joined to it."""
    assert look_up("s2", among=roster(())).reasons == {0: "unknown student"}
