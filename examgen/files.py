"""Files in and out: bounded reading of text, names that are safe on any disk, atomic writing."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from examgen.errors import ExamgenError, Problem

TEMPORARY_SUFFIX = ".part"
"""How the name of a file that is not finished yet ends."""

_LONGEST_NAME = 80  # characters
_LONGEST_NAME_BYTES = 200  # file systems stop at 255, and an extension is still to come
_HASHED = re.compile(r"-[0-9a-f]{8}\Z")
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin", "conout", "clock"]
    + [f"{device}{digit}" for device in ("com", "lpt") for digit in range(10)]
)
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)


# --- reading ------------------------------------------------------------------------------------


def read_text(path: Path, limit: int) -> str:
    """The text of a UTF-8 or (with a byte order mark) UTF-16 file of at most `limit` bytes.

    Raises ExamgenError if it cannot be opened, is longer, or is not such text.
    """
    data = _read_bytes(path, limit + 1)
    if len(data) > limit:
        raise ExamgenError(Problem(f"larger than {_size(limit)}", file=str(path)))
    return decode_text(data, str(path))


def _read_bytes(path: Path, count: int) -> bytes:
    """The first `count` bytes, so that neither /dev/zero nor a film fills the memory."""
    try:
        with path.open("rb") as handle:
            return handle.read(count)
    except FileNotFoundError:
        message = "there is no such file"
    except IsADirectoryError:
        message = "this is a folder, not a file"
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    raise ExamgenError(Problem(message, file=str(path)))


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"


def decode_text(data: bytes, file: str) -> str:
    """Bytes as text, without its byte order mark; `file` names them in the ExamgenError."""
    codec, name = _encoding(data)
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x}" if name == "UTF-8" else error.reason
        message = f"this is not {name} text ({found}); save the file with the encoding UTF-8"
        raise ExamgenError(Problem(message, file=file, line=line)) from None


def _encoding(data: bytes) -> tuple[str, str]:
    """The codec that a byte order mark asks for, and what people call it."""
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return codec, name
    return "utf-8", "UTF-8"


def fold(text: str) -> str:
    """What is the same for two texts that a file system or a reader may take for each other.

    Case and Unicode form are gone; folding first makes texts with equal `casefold()` fold equally.

    >>> fold("ＡＢ１") == fold("ab1")
    True
    """
    for _ in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text).casefold())
    return text


def file_name(student_id: str) -> str:
    """A file name without extension for a student: never empty, hidden, reserved or a path.

    Letters, digits, `-` and `_` stay (in NFC). Whatever else stood there becomes `_`; then, and
    when the name is reserved on Windows or too long, eight digits of the id's SHA-256 follow, so
    that ids that differ under `fold` differ in name on a case-insensitive disk too.

    >>> file_name("s0123456"), file_name("../x")
    ('s0123456', '___x-d6b96a97')
    """
    given = unicodedata.normalize("NFC", student_id)
    stem = "".join(char if _is_kept(char) else "_" for char in given) or "_"
    if stem.startswith("-"):  # would read as an option in a shell
        stem = "_" + stem[1:]
    if stem == given and not _needs_hash(stem):
        return stem
    digest = hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_cut(stem, len(digest) + 1)}-{digest}"


def _is_kept(char: str) -> bool:
    """Letters, digits and the marks that belong to them; no separator and nothing invisible."""
    return char in "-_" or unicodedata.category(char)[0] in "LNM"


def _needs_hash(stem: str) -> bool:
    """Reserved, too long, or looking like a name that already got its hash."""
    folded = fold(stem)
    return folded in _RESERVED or bool(_HASHED.search(folded)) or _cut(stem, 0) != stem


def _cut(stem: str, room: int) -> str:
    """The stem, shortened so that `room` more ASCII characters fit into the longest name."""
    data = stem[: _LONGEST_NAME - room].encode()[: _LONGEST_NAME_BYTES - room]
    return data.decode(errors="ignore")


# --- writing ------------------------------------------------------------------------------------


@contextmanager
def replacing(path: Path, mode: int = 0o644) -> Iterator[Path]:
    """A new empty file beside `path`, to be written by the caller; it takes `path`'s place after.

    It has `mode` (less the umask) from its first moment. Nobody ever sees half a file: an exception
    removes the new file and leaves the old one. Raises ExamgenError if the folder refuses.
    """
    temporary = path.parent / f".{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
    try:
        with _explained(path):
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield temporary
        with _explained(path):
            _flush(temporary)
            temporary.replace(path)
            _flush(path.parent)
    finally:
        with suppress(OSError):  # what went wrong before tells more
            temporary.unlink()


def write_atomically(path: Path, data: bytes | str, mode: int = 0o644) -> None:
    """Write a whole file (text as UTF-8, line ends as they are), or leave the old one as it was.

    Raises ExamgenError if it cannot be written: a device, too, would be replaced by a file.
    """
    content = data.encode() if isinstance(data, str) else data
    with _explained(path):
        is_other = path.exists() and not path.is_file()
    if is_other:
        raise ExamgenError(Problem("this is no file, but a folder or a device", file=str(path)))
    with replacing(path, mode) as temporary, _explained(path):
        temporary.write_bytes(content)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """An operating system's refusal, as a problem with the file that was to be written."""
    try:
        yield
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise ExamgenError(Problem(message, file=str(path))) from error


def _flush(path: Path) -> None:
    """Have what was written to a file, or to a folder's list of names, reach the disk."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # Windows cannot open a folder
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
