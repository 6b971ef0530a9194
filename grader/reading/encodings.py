"""The text of a file as UTF-8 bytes, whatever it was written in, without holding it many times."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from examgen.errors import ExamgenError, Problem

MAX_BYTES = 2**31 - 1
_WINDOW = 2**24
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_BOM = "\ufeff".encode()
NAME_IT = "name its encoding, for example --encoding cp1252"


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """The whole of a regular file; raises `ExamgenError` for what is none, or is too large."""
    most = MAX_BYTES if limit is None else limit
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if path.is_dir() else "no regular file"
            raise ExamgenError(Problem(f"cannot be read: {kind}", file=str(path)))
        if status.st_size > most:
            raise ExamgenError(Problem(f"larger than {most:,} bytes", file=str(path)))
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise ExamgenError(Problem(f"cannot be read: {reason}", file=str(path))) from error


def as_utf8(raw: bytes, encoding: str | None, path: Path, otherwise: str = NAME_IT) -> bytes:
    """The text in UTF-8 without byte order mark, its lines ended by newlines.

    `encoding` None: what the byte order mark says, else UTF-8. `otherwise`: what to do about a file
    of another encoding. Raises `ExamgenError`.
    """
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    try:
        if not raw.isascii() or encoding or marked:
            raw = _recoded(raw, encoding or marked or "utf-8").removeprefix(_BOM)
    except LookupError as error:
        raise ExamgenError(f"unknown encoding '{encoding}'") from error
    except UnicodeError as error:
        message = f"not {encoding or marked or 'UTF-8'} text"
        line, found = _first_fault(raw, encoding or marked or "utf-8")
        hint = "" if marked else f": {otherwise}"
        raise ExamgenError(Problem(f"{message}{found}{hint}", file=str(path), line=line)) from error
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw


def _first_fault(raw: bytes, encoding: str) -> tuple[int, str]:
    """The line and the byte where a text ends to be one; in UTF-16 lines cannot be counted so."""
    try:
        raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
            return 0, f" ({error.reason})"
        line = raw.count(b"\n", 0, error.start) + 1
        return line, f" (byte 0x{raw[error.start]:02x})"
    return 0, ""


def _recoded(raw: bytes, encoding: str) -> bytes:
    """The text in UTF-8, a window at a time: Python's own text takes up to four times the room."""
    " ".encode(encoding)  # raises for what is a codec and no text encoding, such as base64
    decoder = codecs.getincrementaldecoder(encoding)()
    view, parts = memoryview(raw), []
    same = codecs.lookup(encoding).name == "utf-8"
    for at in range(0, len(view) or 1, _WINDOW):
        text = decoder.decode(view[at : at + _WINDOW], at + _WINDOW >= len(view))
        if not same:
            parts.append(text.encode())
    return raw if same else b"".join(parts)
