"""The rows that a damaged SQLite file still gives, read in memory: the file stays as it is.

What was cut off is put back as zeros, so that SQLite opens the rest; where the first page is lost,
which says what tables there are, that of a new file takes its place: its tables lie on the same
pages. (Format: sqlite.org/fileformat2.html.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.practice.store import schema

Row = dict[str, Any]

LARGEST = 1 << 28  # bytes of a file that is read
SMALLEST = 40  # bytes of a row: where it is unknown how many there were, no more are looked for

BLOCK = 8  # rows, about as many as a page holds

MOST_EMPTY = 50  # blocks in a row that are lost: what follows is lost too, as in a file cut off

_LOST = (sqlite3.Error, UnicodeDecodeError)  # what SQLite says of damage quotes it

_PAGE = 4096
_VERSIONS = slice(18, 20)  # in the header: whether there is a write-ahead log
_PAGES = slice(28, 32)  # in the header: how many pages the file has


def salvaged(path: Path) -> Iterator[tuple[str, list[Row]]]:
    """Table by table, the rows that can be read; none of a file that is of another version."""
    if path.stat().st_size > LARGEST:
        return
    for image in _images(path.read_bytes()):
        connection = _opened(image)
        try:
            if _is_readable(connection):
                yield from [(table, _rows(connection, table)) for table in schema.TABLES]
                return
        finally:
            connection.close()


def _images(data: bytes) -> Iterator[bytes]:
    """What to try: the file as it is, its end put back; the same with the first page of a new."""
    if len(data) < _PAGE:
        return
    yield _filled(data)
    yield _filled(_first_page() + data[_PAGE:])


def _filled(data: bytes) -> bytes:
    """Without a write-ahead log, and as long as the header says, or else that made to fit."""
    said = int.from_bytes(data[_PAGES], "big")
    there = -(-len(data) // _PAGE)
    pages = said if there <= said <= LARGEST // _PAGE else there
    image = bytearray(data.ljust(pages * _PAGE, b"\0")[: pages * _PAGE])
    image[_VERSIONS] = b"\1\1"
    image[_PAGES] = pages.to_bytes(4, "big")
    image[92:96] = image[24:28]  # so that the number of pages is believed
    return bytes(image)


def _first_page() -> bytes:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE}")
        schema.migrate(connection, schema.MIGRATIONS)
        return connection.serialize()[:_PAGE]
    finally:
        connection.close()


def _opened(image: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(image)
    connection.text_factory = _marked
    return connection


def _is_readable(connection: sqlite3.Connection) -> bool:
    """Whether it says what its tables are like, and that it is of this version."""
    try:
        return schema.version(connection) == len(schema.MIGRATIONS) and schema.is_whole(connection)
    except _LOST:
        return False


def _rows(connection: sqlite3.Connection, table: str) -> list[Row]:
    """From the front and from the back as far as they go, and between these by blocks."""
    front, whole = _until_damage(connection, table, "ORDER BY rowid ASC")
    if whole:
        return [*front.values()]
    back, _ = _until_damage(connection, table, "ORDER BY rowid DESC")
    first = max(front, default=0) + 1
    farthest = first + _size(connection) // SMALLEST
    between = range(first, min(min(back, default=farthest), farthest))
    return [*front.values(), *back.values(), *_by_blocks(connection, table, between)]


def _size(connection: sqlite3.Connection) -> int:
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    return int(pages) * _PAGE


def _until_damage(
    connection: sqlite3.Connection, table: str, which: str
) -> tuple[dict[int, Row], bool]:
    """Rows by their number, and whether these are all."""
    found: dict[int, Row] = {}
    try:
        found.update(_numbered(connection, table, which))
    except _LOST:
        return found, False
    return found, True


def _by_blocks(connection: sqlite3.Connection, table: str, numbers: range) -> list[Row]:
    """The rows of these numbers, a few at a time: a page that is lost ends no more than a block."""
    found: dict[int, Row] = {}
    empty = 0
    for start in numbers[::BLOCK]:
        block, whole = _block(connection, table, start, min(start + BLOCK, numbers.stop) - 1)
        found |= block
        empty = 0 if block or whole else empty + 1
        if empty == MOST_EMPTY:
            break
    return [*found.values()]


def _block(
    connection: sqlite3.Connection, table: str, first: int, last: int
) -> tuple[dict[int, Row], bool]:
    """The rows from a number to another, from both ends, and whether nothing between is lost."""
    rows = f"WHERE rowid BETWEEN {first} AND {last} ORDER BY rowid"
    front, whole = _until_damage(connection, table, f"{rows} ASC")
    return (
        (front, True)
        if whole
        else (front | _until_damage(connection, table, f"{rows} DESC")[0], False)
    )


def _numbered(connection: sqlite3.Connection, table: str, which: str) -> Iterator[tuple[int, Row]]:
    found = connection.execute(f"SELECT rowid, * FROM {table} NOT INDEXED {which}")
    columns = [name for name, *_ in found.description][1:]
    for number, *values in found:
        yield number, dict(zip(columns, values, strict=True))


def _marked(data: bytes) -> str:
    """Text; bytes that are none become what SQLite will refuse to take."""
    return data.decode("utf-8", errors="surrogateescape")
