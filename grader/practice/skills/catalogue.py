"""Which parts of which questions train what: the bank's, shipped as a file, or an author's own.

The file is written by `docs/make_catalogue.py`; it is read at every start, so that no template has
to be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from examgen.errors import ExamgenError, Problem, cut, suggestion
from grader.practice.skills.topics import name_words, plain, skills_called
from grader.practice.skills.words import SKILLS, taught

if TYPE_CHECKING:
    from examgen.template import Template

FILE = "catalogue.json"
_MOST_TOPICS, _MOST_LETTERS, _MOST_SHOWN = 50, 200, 40


Slots = tuple[tuple[str, tuple[str, ...]], ...]
"""Ids of slots in paper order, each with the skills that it trains."""


@dataclass(frozen=True)
class PartEntry:
    """A part of one structure of a question.

    structure: its place in the file, from 0. slots: ids in paper order, each with the skills that
    it trains. skills: those that the part is offered for, in teaching order. size: how many
    quantities it has to work out. topology: of the question.
    """

    question: str
    structure: int
    label: str
    slots: Slots
    skills: tuple[str, ...]
    size: int
    topology: str = ""


@dataclass(frozen=True)
class Catalogue:
    """The parts that may be asked, by question and structure in paper order."""

    parts: tuple[PartEntry, ...]

    @cached_property
    def skills(self) -> tuple[str, ...]:
        """All skills that some part is offered for, in teaching order."""
        return tuple(skill.id for skill in SKILLS if skill.id in self._by_skill)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The questions, in order."""
        return tuple(dict.fromkeys(part.question for part in self.parts))

    @cached_property
    def _by_skill(self) -> Mapping[str, tuple[PartEntry, ...]]:
        found: dict[str, list[PartEntry]] = {}
        for part in self.parts:
            for skill in part.skills:
                found.setdefault(skill, []).append(part)
        return {skill: tuple(parts) for skill, parts in found.items()}

    def parts_for(self, skill: str) -> tuple[PartEntry, ...]:
        """The parts that are offered for a skill; none for one that there is not."""
        return self._by_skill.get(skill, ())

    def structures(self, question: str) -> tuple[int, ...]:
        """The structures of a question that there are, from 0; none for an unknown one."""
        found = (part.structure for part in self.parts if part.question == question)
        return tuple(dict.fromkeys(found))

    def skills_of(self, question: str, structure: int) -> dict[str, tuple[str, ...]]:
        """What each slot of one structure trains, by slot; nothing for an unknown one."""
        wanted = (question, structure)
        parts = (part for part in self.parts if (part.question, part.structure) == wanted)
        return {slot: skills for part in parts for slot, skills in part.slots}

    def about(self, topics: Sequence[str]) -> Catalogue:
        """What is about any of some topics.

        A topic is a question, a skill, the first half of one (`slope`), a topology, or words of a
        skill in English or German. Parts of a question or topology are offered for all that they
        train, the others for what they were looked for. Raises ExamgenError for unknown topics.
        """
        if len(topics) > _MOST_TOPICS:
            raise ExamgenError(f"found {len(topics)} topics, expected {_MOST_TOPICS} at most")
        whole, wanted = self._meant(topics)
        found = (self._offered(part, whole, wanted) for part in self.parts)
        return Catalogue(tuple(part for part in found if part.skills))

    def _meant(self, topics: Iterable[str]) -> tuple[set[str], set[str]]:
        """Questions and topologies, and skills, that topics stand for."""
        whole: set[str] = set()
        wanted: set[str] = set()
        unknown = []
        for topic in topics:
            found = self._named(plain(topic[:_MOST_LETTERS]))
            whole |= found[0]
            wanted |= found[1]
            unknown += [] if any(found) else [topic]
        if unknown:
            raise ExamgenError([Problem(self._no_topic(topic)) for topic in unknown])
        return whole, wanted

    def _named(self, topic: str) -> tuple[set[str], set[str]]:
        """What one topic stands for: questions or a topology, skills."""
        named = {part.topology for part in self.parts} - {""}
        if topic in self.questions:
            return {topic}, set()
        return {topic} & named, skills_called(topic, self.skills)

    def _offered(self, part: PartEntry, whole: set[str], wanted: set[str]) -> PartEntry:
        if part.question in whole or part.topology in whole:
            return part
        return replace(part, skills=tuple(skill for skill in part.skills if skill in wanted))

    @property
    def topics(self) -> tuple[str, ...]:
        """What may be asked for by id: skills, topologies, questions."""
        topologies = sorted({part.topology for part in self.parts} - {""})
        return tuple(dict.fromkeys((*self.skills, *topologies, *self.questions)))

    def _no_topic(self, topic: str) -> str:
        known = self.topics
        told = f"there is no topic '{cut(topic, _MOST_SHOWN)}'"
        if near := suggestion(plain(topic), [*known, *name_words()]):
            return told + near
        return f"{told}; `examgen list` has the questions, skills are {', '.join(self.skills)}"


# --- from templates -------------------------------------------------------------------------------


def whole_path(path: Path) -> str:
    """What the question of a file is called, so that a round finds it again from anywhere."""
    try:
        return str(path.resolve())
    except (OSError, RuntimeError):  # a link to itself: reading it says what is wrong
        return str(path.absolute())


def catalogue_of(templates: Iterable[Template]) -> Catalogue:
    """The catalogue of an author's own files: of each template the structures that are given.

    The question is called by the path of its file.
    """
    return Catalogue(tuple(part for one in templates for part in entries(one, one.origin)))


def entries(template: Template, question: str) -> Iterator[PartEntry]:
    """The parts of one structure; question: what it is called."""
    from examgen.solution.plan import Plan
    from grader.practice.skills.steps import own_steps, work
    from grader.practice.skills.training import trained

    plan = Plan(template)
    skills, steps = trained(plan), own_steps(plan)
    for part in template.parts:
        slots = tuple((slot.id, skills[slot.id]) for slot in part.slots)
        yield PartEntry(
            question=question,
            structure=template.structure,
            label=part.label,
            slots=slots,
            skills=_together(slots),
            size=work(steps, part),
            topology=template.file.graph.topology,
        )


def _together(slots: Slots) -> tuple[str, ...]:
    """The skills of some slots, in teaching order."""
    return taught(skill for _, own in slots for skill in own)


# --- the bank's file ------------------------------------------------------------------------------


def bank_catalogue() -> Catalogue:
    """The catalogue of the bank, read from the file that comes with the program."""
    text = files("grader.practice.skills").joinpath(FILE).read_text(encoding="utf-8")
    return read_catalogue(json.loads(text))


def read_catalogue(data: Any) -> Catalogue:
    """A catalogue from the data of a file; see `grader.practice.skills.catalogue_file`."""
    names = data["skills"]
    sets = [tuple(names[place] for place in places) for places in data["sets"]]
    models = [_model(row, sets) for row in data["parts"]]
    return Catalogue(
        tuple(
            models[place](question["id"], structure, question["topology"])
            for question in data["questions"]
            for structure, places in enumerate(question["structures"])
            for place in places
        )
    )


def _model(row: Any, sets: Sequence[tuple[str, ...]]) -> Callable[[str, int, str], PartEntry]:
    """What several parts have in common, to be completed: question, structure, topology."""
    label, size, places = row
    slots = tuple((slot, sets[place]) for slot, place in places)
    skills = _together(slots)

    def made(question: str, structure: int, topology: str) -> PartEntry:
        return PartEntry(question, structure, label, slots, skills, size, topology)

    return made
