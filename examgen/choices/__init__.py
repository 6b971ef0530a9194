"""Choices: a document whose `choose:` offers alternatives, written out for every combination.

`<name>` stands for the alternative that is chosen, `<name.field>` for a field of it. Alone in its
place it is the alternative itself (a number, a list, a mapping); inside a text it is its text.
Every place of the written document knows its line in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from examgen.choices.alternatives import labels
from examgen.choices.offers import FIELD, faulty_references, offered_alternatives
from examgen.choices.writing import Writer
from examgen.errors import ExamgenError, Problem
from examgen.strict_yaml import MOST_PROBLEMS, Data, Located

MOST_STRUCTURES = 64


@dataclass(frozen=True)
class Structure:
    """A document with every `<name>` replaced.

    number: its place among all combinations, from 0. choice: the alternative of each name, as
    people say it; empty for a document without `choose:`.
    """

    number: int
    choice: Mapping[str, str]
    located: Located


@dataclass(frozen=True)
class Choices:
    """What a document leaves open: the alternatives of each name.

    problems: what is wrong with them, and with the places that speak of them; the structures can
    be written all the same, so that what is wrong elsewhere is told, too.
    """

    located: Located
    alternatives: Mapping[str, tuple[Data, ...]]
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return prod(map(len, self.alternatives.values()))

    def choice(self, number: int) -> dict[str, str]:
        """The alternatives of a structure, as people say them."""
        places = self._places(number)
        return {name: self.labels[name][place] for name, place in places.items()}

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Every alternative as people say it; two of one name never read alike."""
        return {name: labels(values) for name, values in self.alternatives.items()}

    def structure(self, number: int) -> Structure:
        """The document of one combination. Raises ExamgenError for one that there is not."""
        if not 0 <= number < len(self):
            count = f"{len(self)} structure{'s' if len(self) > 1 else ''}"
            raise ExamgenError(f"there is no structure {number + 1}: the file has {count}")
        if not self.alternatives:
            return Structure(0, {}, self.located)
        places = self._places(number).items()
        chosen = {name: self.alternatives[name][place] for name, place in places}
        writer = Writer(self.located, chosen)
        data = writer.write(self.located.data, (), (), None)
        problems = (*self.located.problems, *writer.problems)
        located = Located(data, self.located.file, writer.lines, problems)
        return Structure(number, self.choice(number), located)

    def _places(self, number: int) -> dict[str, int]:
        """Which alternative of each name; the last name varies fastest."""
        sizes = [range(len(values)) for values in self.alternatives.values()]
        return dict(zip(self.alternatives, list(product(*sizes))[number], strict=True))

    def told(self, found: Sequence[Sequence[Problem]]) -> list[Problem]:
        """The problems of all structures, each once.

        found: those of each structure. What is not wrong in all of them says in which: "with
        activation = softmax: ...". What differs in the alternatives' names alone is told once.
        """
        where: dict[Problem, list[int]] = {}
        for number, problems in enumerate(found):
            for problem in dict.fromkeys(problems):
                where.setdefault(problem, []).append(number)
        first: dict[Problem, Problem] = {}
        for problem, numbers in where.items():
            first.setdefault(self._general(problem, numbers[0]), problem)
        told = [self._with_choice(problem, where[problem]) for problem in first.values()]
        return _shortened(told)

    def _general(self, problem: Problem, number: int) -> Problem:
        """The problem with names for the alternatives in its words."""
        message, path = problem.message, problem.path
        for name, label in self.choice(number).items():
            bound = "" if len(label) > 1 else r"\b"
            word = re.compile(f"{bound}{re.escape(label)}{bound}")
            message, path = word.sub(f"<{name}>", message), word.sub(f"<{name}>", path)
        return replace(problem, message=message, path=path)

    def _with_choice(self, problem: Problem, numbers: Sequence[int]) -> Problem:
        """The problem with the choices that it occurs in, if not in all."""
        choices = [self.choice(number) for number in numbers]
        narrow = []
        for name, every in self.labels.items():
            seen = list(dict.fromkeys(choice[name] for choice in choices))
            if len(seen) < len(every):
                narrow.append(f"{name} = {' or '.join(seen)}")
        if not narrow:
            return problem
        return replace(problem, message=f"with {', '.join(narrow)}: {problem.message}")


def read_choices(located: Located) -> Choices:
    """The choices of a document. Raises ExamgenError where no structure can be made of them."""
    offered = located.data.get(FIELD) if isinstance(located.data, dict) else None
    if offered is None:
        return Choices(located, {})
    alternatives, problems = offered_alternatives(offered, located)
    if not (isinstance(offered, dict) and alternatives and len(alternatives) == len(offered)):
        raise ExamgenError(problems or located.problem((FIELD,), "expected names to choose for"))
    count = prod(map(len, alternatives.values()))
    if count > MOST_STRUCTURES:
        message = f"{count} combinations, expected at most {MOST_STRUCTURES}"
        raise ExamgenError([*problems, located.problem((FIELD,), message)])
    problems += faulty_references(alternatives, located)
    return Choices(located, alternatives, tuple(problems))


def _shortened(problems: list[Problem]) -> list[Problem]:
    """The first problems, and how many there are besides."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    last = Problem(f"and {more} more problems", file=problems[0].file)
    return [*problems[:MOST_PROBLEMS], last]
