"""Templates that have been read and tasks that have been posed, kept for the next call."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from examgen.bank import find_template
from examgen.template import Template
from examgen.text import Language
from grader.practice.posed import Posed, pose
from grader.practice.values import Task

if TYPE_CHECKING:
    from grader.marking.graphs import Graphs

_TEMPLATES = 64
_POSED = 32
_GRAPHS = 16  # they are large


class Library:
    """The questions that rounds are made of.

    Several threads may ask; what two ask for at once is made twice, alike.
    """

    def __init__(self, language: Language = "en", folder: Path | None = None) -> None:
        self.language = language
        read = lru_cache(_TEMPLATES)(lambda name, place: find_template(name, folder, place))
        self.template: Callable[[str, int], Template] = read
        """A structure of a question by the question's name and its place. Raises ExamgenError."""
        self._graphs: Callable[[str, int], Graphs] = lru_cache(_GRAPHS)(self._made)
        self.posed: Callable[[Task], Posed] = lru_cache(_POSED)(self._pose)
        """A task made whole. Raises ChangedError, and ExamgenError for a question that is gone."""

    def _pose(self, task: Task) -> Posed:
        name, place = task.question, task.structure
        graphs = partial(self._graphs, name, place)
        return pose(task, self.template(name, place), self.language, graphs)

    def _made(self, name: str, place: int) -> Graphs:
        from grader.marking.graphs import Graphs  # not before something is to be marked

        return Graphs(self.template(name, place))
