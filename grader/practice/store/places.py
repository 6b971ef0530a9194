"""Where the progress file lies, and what may lie beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from platformdirs import user_data_path

BACKUPS = 2
"""How many backups there are, of different days."""


def default_path() -> Path:
    """The progress file in the user's data folder."""
    return user_data_path("examgen", appauthor=False) / "progress.sqlite3"


def real(path: Path) -> Path:
    """The file itself where a path is a link to it: what lies beside it lies beside the file."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def backups(path: Path) -> tuple[Path, ...]:
    """Where the backups lie, the newest first.

    >>> [each.name for each in backups(Path("progress.sqlite3"))]
    ['progress.backup-1.sqlite3', 'progress.backup-2.sqlite3']
    """
    return tuple(_beside(path, f"backup-{number}") for number in range(1, BACKUPS + 1))


def unfinished(path: Path) -> Path:
    """Where a file is written that will take the place of another."""
    return path.with_name(f"{path.name}.part")


def lock(path: Path) -> Path:
    """A file that is held while a damaged one is mended."""
    return path.with_name(f"{path.name}.lock")


def set_aside(path: Path, now: datetime) -> Path:
    """A name that nothing has yet for a damaged file; it bears the date."""
    word = f"damaged-{now:%Y-%m-%d}"
    names = (_beside(path, word if not n else f"{word}-{n + 1}") for n in range(1000))
    return next(one for one in names if not one.exists())


def companions(path: Path) -> tuple[Path, ...]:
    """What SQLite may lay beside a file while it is written."""
    return tuple(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))


def everything(path: Path) -> Iterable[Path]:
    """Every file there is of this progress: itself, backups, damaged ones, what was unfinished."""
    files = [path, *backups(path), *sorted(path.parent.glob(_beside(path, "damaged-*").name))]
    for file in (*files, unfinished(path), lock(path)):
        yield from (one for one in (file, *companions(file)) if one.is_file() or one.is_symlink())


def _beside(path: Path, word: str) -> Path:
    return path.with_name(f"{path.stem}.{word}{path.suffix}")
