"""Pages as files: each written once, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from examgen.files import write_atomically

Source = TypeVar("Source")


@dataclass(frozen=True)
class Pages(Generic[Source]):
    """Pages of one kind, a file each; what is there already is not written again."""

    sources: tuple[Source, ...]
    page: Callable[[Source], str]
    paths: tuple[Path, ...]
    mode: int = 0o644

    @property
    def missing(self) -> int:
        """How many files are not there yet."""
        return sum(not path.exists() for path in self.paths)

    def __call__(self) -> None:
        """Write what is missing."""
        for source, path in zip(self.sources, self.paths, strict=True):
            if not path.exists():
                write_atomically(path, self.page(source), self.mode)
