"""What is told of the progress file: notes in the student's language, errors as one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from examgen.errors import ExamgenError, Problem

TEXTS = {
    "damaged": {
        "en": "The file with your progress was damaged. Rounds that could be saved: {rounds}. "
        "The damaged file is kept as {aside}.",
        "de": "Die Datei mit Ihrem Lernstand war beschädigt. Gerettete Runden: {rounds}. "
        "Die beschädigte Datei liegt noch unter {aside}.",
    },
    "restored": {
        "en": "The file with your progress was gone. Rounds restored from a backup: {rounds}.",
        "de": "Die Datei mit Ihrem Lernstand fehlte. "
        "Aus einer Sicherungskopie wiederhergestellte Runden: {rounds}.",
    },
    "no_backup": {
        "en": "No backup of your progress could be made: {reason}.",
        "de": "Ihr Lernstand konnte nicht gesichert werden: {reason}.",
    },
    "skipped": {
        "en": "Entries in the file with your progress that make no sense and were left out: "
        "{count}.",
        "de": "Einträge in der Datei mit Ihrem Lernstand, die keinen Sinn ergeben und "
        "ausgelassen wurden: {count}.",
    },
}


@dataclass(frozen=True)
class Note:
    """Something a student ought to know of the file, to be said once."""

    kind: str
    values: tuple[tuple[str, str], ...]

    def text(self, language: str) -> str:
        """The note as a sentence or two; English if there are none in the language."""
        texts = TEXTS[self.kind]
        return texts.get(language, texts["en"]).format(**dict(self.values))


_WORDS = {
    "SQLITE_BUSY": "another program is using it; close that and try again",
    "SQLITE_LOCKED": "another program is using it; close that and try again",
    "SQLITE_FULL": "there is no space left on the disk",
    "SQLITE_READONLY": "it cannot be written",
    "SQLITE_PERM": "it cannot be written",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_CORRUPT": "it is damaged; start again, and what can be read of it will be saved",
    "SQLITE_NOTADB": "it is damaged; start again, and what can be read of it will be saved",
    "SQLITE_CONSTRAINT": "what is to be kept is too long, or makes no sense",
    "SQLITE_TOOBIG": "what is to be kept is too long",
}


def is_damage(error: sqlite3.Error) -> bool:
    """Whether a file is damaged, rather than in use, write-protected or too large for the disk."""
    return _code(error) in ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def reason(error: Exception) -> str:
    """An error of the file system or of SQLite in words."""
    if isinstance(error, OSError):
        return error.strerror or "it cannot be opened"
    if isinstance(error, UnicodeDecodeError):  # what SQLite says of damage quotes it
        return _WORDS["SQLITE_CORRUPT"]
    if isinstance(error, UnicodeError):
        return "what is to be kept holds characters that no file can hold"
    if isinstance(error, sqlite3.Error):
        return _WORDS.get(_code(error), str(error))
    return str(error)


def _code(error: sqlite3.Error) -> str:
    """The primary code: SQLITE_IOERR for SQLITE_IOERR_WRITE."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return "_".join(name.split("_")[:2])


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Errors of the file system and of SQLite become an ExamgenError about the file."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError) as error:
        raise ExamgenError(Problem(reason(error), file=str(path))) from error
