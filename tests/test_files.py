"""Names that are safe on any disk, and files that are there whole or not at all."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examgen.errors import ExamgenError
from examgen.files import (
    decode_text,
    file_name,
    fold,
    read_text,
    replacing,
    write_atomically,
)

RESERVED = ["CON", "prn", "Aux", "NUL", "com1", "LPT9", "COM¹", "CLOCK"]
HOSTILE = ["../x", "a/b", "a\\b", "C:x", "nul.txt", ".", "..", "", " ", "a.", "a ", "-rf", "a\0b"]
HOSTILE += ["a" * 300, "学" * 80, "\ud800", "a\u200bb", "x?*<>|", "~root", "$HOME", "a\nb"]
MIXED = st.text(st.sampled_from("aAbBßfﬁ1¹é.e\u0301/_-\\ :0\u0130ıiKk")) | st.text()


def names(folder: Path) -> list[str]:
    """What a folder holds."""
    return [path.name for path in folder.iterdir()]


# --- names ---


@pytest.mark.parametrize("plain", ["s0123456", "00123", "Ada_Lovelace-2", "Müller", "学生42"])
def test_plain_ids_name_their_file(plain: str) -> None:
    """An id of letters, digits, - and _ is its own file name."""
    assert file_name(plain) == plain


@pytest.mark.parametrize("hostile", HOSTILE + RESERVED)
def test_hostile_ids_get_a_hashed_name(hostile: str) -> None:
    """What is no plain file name ends in a hash and holds nothing that a disk could mistake."""
    name = file_name(hostile)
    assert name[-9] == "-"
    assert set(name[-8:]) <= set("0123456789abcdef")
    assert not set(name) & set("./\\: \0<>|?*~$\n")
    assert 0 < len(name) <= 80
    assert len(name.encode()) <= 200


@given(MIXED)
def test_a_name_never_leaves_its_folder(student: str) -> None:
    """Whatever the id, the file is a direct child of the folder, visible, and never an option."""
    path = Path("/out/students") / f"{file_name(student)}.pdf"
    assert path.resolve().parent == Path("/out/students")
    assert path.name[0] not in ".-"
    assert unicodedata.is_normalized("NFC", path.name)
    assert len(path.name.encode()) <= 255


@given(st.lists(MIXED, min_size=2, max_size=30))
def test_distinct_ids_have_distinct_names(students: list[str]) -> None:
    """Ids that differ under fold differ in file name, on a case-insensitive disk too."""
    distinct = {fold(student): student for student in students}.values()
    assert len({file_name(student).casefold() for student in distinct}) == len(distinct)


@pytest.mark.parametrize("other", [str.upper, str.lower, str.swapcase])
def test_an_id_that_looks_hashed_is_hashed_again(other) -> None:
    """Nobody can take another's file by being called like it."""
    first = file_name("a/b")
    assert file_name(other(first)).casefold() != first
    assert file_name("A_B-ﬀ345678") != "A_B-ﬀ345678"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("AB1", "ab1"),
        ("™", "tm"),
        ("é", "e\u0301"),
        ("ﬁ", "FI"),
        ("１", "1"),
        ("Strauß", "STRAUSS"),
    ],
)
def test_fold_forgets_case_and_form(one: str, two: str) -> None:
    """Texts that a file system may take for each other fold to the same."""
    assert fold(one) == fold(two)
    assert fold(one) != fold(two + "x")


# --- reading ---


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_each_encoding(tmp_path: Path, codec: str) -> None:
    """UTF-8 with or without a byte order mark, and UTF-16 with one, give the text alone."""
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(codec, "")
    (tmp_path / "a").write_bytes((mark + "naïve ŷ\r\n").encode(codec))
    assert read_text(tmp_path / "a", 100) == "naïve ŷ\r\n"


def test_other_encodings_are_refused_with_their_line() -> None:
    """Latin-1 text is refused at the line of its first foreign byte."""
    with pytest.raises(ExamgenError, match=r"r\.csv:2: this is not UTF-8 text \(byte 0xfc\)"):
        decode_text("a\nMüller".encode("latin-1"), "r.csv")
    with pytest.raises(ExamgenError, match="not UTF-16"):
        decode_text(b"\xff\xfea", "r.csv")


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing", "no such file"), (".", "folder"), ("long", "larger than 1 KiB"), ("a\0", "null")],
)
def test_what_cannot_be_read_is_a_problem(tmp_path: Path, name: str, message: str) -> None:
    """No file, a folder, a file too long and an impossible name each have their sentence."""
    (tmp_path / "long").write_bytes(b"x" * 1025)
    with pytest.raises(ExamgenError, match=message):
        read_text(tmp_path / name, 1024)


# --- writing ---


@pytest.mark.parametrize("data", ["ŷ\r\n", "ŷ\r\n".encode()])
def test_a_file_is_written_verbatim(tmp_path: Path, data: str | bytes) -> None:
    """Text becomes UTF-8 with its own line ends; the old content is gone, no other file is left."""
    path = tmp_path / "a.csv"
    path.write_text("old and longer")
    write_atomically(path, data)
    assert path.read_bytes() == "ŷ\r\n".encode()
    assert names(tmp_path) == ["a.csv"]


def test_a_secret_file_is_never_open_to_others(tmp_path: Path) -> None:
    """The mode holds while the file is written and after, whatever the old file's was."""
    path = tmp_path / "key.csv"
    path.write_text("old")
    path.chmod(0o644)
    with replacing(path, 0o600) as temporary:
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        assert temporary.parent == tmp_path
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    """When writing fails midway the old file stands and the temporary one is gone."""
    path = tmp_path / "a"
    path.write_text("old")

    def write_half() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("nowhere/a", "cannot be written"),
        ("folder", "this is no file"),
        ("pipe", "this is no file"),
        ("pipe/a", "cannot be written"),
        ("a" * 300, "cannot be written"),
    ],
)
def test_a_refusal_to_write_is_a_problem(tmp_path: Path, place: str, why: str) -> None:
    """A folder that is not there, or what is in the file's place, is named in the error."""
    (tmp_path / "folder" / "full").mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ExamgenError, match=f"{place}: {why}"):
        write_atomically(tmp_path / place, b"x")
    assert set(names(tmp_path)) == {"folder", "pipe"}
