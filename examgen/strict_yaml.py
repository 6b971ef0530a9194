"""YAML as authors mean it: plain data and the line of every place, or all that is wrong with it.

A careful subset. Numbers are exact, `no` is text, and what YAML reads differently from what people
see (a key given twice, an alias, a tag, a merge, `012`) is refused. Only the parser of PyYAML is
used: its events become dicts, lists and scalars here, so no object can ever be constructed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import yaml

from examgen.errors import ExamgenError, Problem
from examgen.files import decode_text, read_text
from examgen.yaml_scalars import (
    CONTROL,
    name_of,
    problems_of_key,
    resolve_plain,
    resolve_quoted,
)
from examgen.yaml_syntax import explain_syntax

Data: TypeAlias = "dict[str, Data] | list[Data] | str | bool | int | Fraction | None"
KeyPath: TypeAlias = tuple[str | int, ...]

MOST_BYTES = 256 << 10
MOST_EVENTS = 50_000
DEEPEST = 30
MOST_PROBLEMS = 50
LONGEST_SHOWN = 60

_LINE_END = re.compile("\r\n|\r|\n")


@dataclass(frozen=True)
class Located:
    """Plain data read from a file, and the line (from 1) on which each place of it begins.

    >>> load("graph:\\n  steps: 2\\n", "exam.yaml").line(("graph", "steps"))
    2
    """

    data: Data
    file: str
    lines: Mapping[KeyPath, int]
    problems: tuple[Problem, ...] = ()

    def line(self, path: KeyPath) -> int:
        """The line of the deepest place on the path: a key's own line, a list item's first line.

        Steps that lead nowhere are skipped, since pydantic's error places name union members too.
        """
        place: KeyPath = ()
        for step in path:
            if (*place, step) in self.lines:
                place = (*place, step)
        return self.lines[place]

    def problem(self, path: KeyPath, message: str) -> Problem:
        """A problem with what stands at the path."""
        return Problem(message, file=self.file, line=self.line(path), path=print_path(path))


def print_path(path: KeyPath) -> str:
    """A path as people write it; list items count from 0.

    >>> print_path(("parts", 2, "points"))
    'parts[2].points'
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def _short(text: str) -> str:
    """A key or a value as a message can show it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def read(path: Path) -> Located:
    """Read a YAML file; raises ExamgenError with every problem found in it."""
    return load(read_text(path, MOST_BYTES), str(path))


def load(text: str | bytes, file: str) -> Located:
    """Read a YAML text; `file` names it in the problems of the ExamgenError that is raised."""
    located = salvage(text, file)
    if located.problems:
        raise ExamgenError(located.problems)
    return located


def salvage(text: str | bytes, file: str) -> Located:
    """What can be read of a YAML text, with its problems; what was refused is None there.

    So the rest can be checked in the same pass. Raises ExamgenError for what hides the rest: a
    syntax error, a file too large, an empty one.
    """
    if len(text) > MOST_BYTES:
        raise ExamgenError(Problem(f"larger than {MOST_BYTES >> 10} KiB", file=file))
    if isinstance(text, bytes):
        text = decode_text(text, file)
    builder = _Builder(text.removeprefix("\ufeff"))
    try:
        data = builder.build()
    except yaml.MarkedYAMLError as error:
        last = [explain_syntax(error, builder.source)]
        raise ExamgenError(_shortened([*builder.problems, *last], file)) from None
    except ExamgenError as error:
        raise ExamgenError(_shortened([*builder.problems, *error.problems], file)) from None
    return Located(data, file, builder.lines, tuple(_shortened(builder.problems, file)))


def _shortened(problems: list[Problem], file: str) -> list[Problem]:
    """The first problems, in the order of their lines, and how many there are besides."""
    shown = sorted(problems, key=lambda problem: problem.line)[:MOST_PROBLEMS]
    if more := len(problems) - len(shown):
        shown.append(Problem(f"and {more} more problems"))
    return [problem.at(file=file) for problem in shown]


@dataclass
class _Builder:
    """Makes data of a text's events, and collects lines and problems on its way."""

    text: str
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = _LINE_END.split(self.text)
        self.events = _bounded(self.text)

    def build(self) -> Data:
        """The data of the only document. Raises at what makes the rest unreadable."""
        _refuse_control_characters(self.text)
        next(self.events)  # the start of the stream
        first = next(self.events)
        if not isinstance(first, yaml.DocumentStartEvent):
            raise ExamgenError("the file is empty")
        data = self.node((), next(self.events))
        if data is None and not self.problems:
            raise ExamgenError("the file is empty")
        next(self.events)  # the end of the document
        second = next(self.events)
        if isinstance(second, yaml.DocumentStartEvent):
            self.refuse("a second document begins here; write one document a file", second, ())
        return data

    def refuse(self, message: str, event: yaml.Event, path: KeyPath) -> None:
        """Remember a problem at an event."""
        self.problems.append(Problem(message, line=_line(event), path=print_path(path)))

    def node(self, path: KeyPath, event: yaml.Event) -> Data:
        """The data that begins with an event, whose place is `path`."""
        self.lines.setdefault(path, _line(event))
        self.refuse_references(path, event)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(path, event)
        return None  # an alias, which has been refused

    def refuse_references(self, path: KeyPath, event: yaml.Event) -> None:
        """Aliases, anchors and tags: what is not written where it stands."""
        anchor: str | None = getattr(event, "anchor", None)
        tag: str | None = getattr(event, "tag", None)
        shown = _short(anchor or "")
        if isinstance(event, yaml.AliasEvent):
            message = f"'*{shown}' refers to another place; write it out, or put it in quotes"
            self.refuse(message, event, path)
        elif anchor is not None:
            message = f"'&{shown}' names a place; write out what refers to it, or use quotes"
            self.refuse(message, event, path)
        if tag is not None:
            name = _short(tag.replace("tag:yaml.org,2002:", "!!"))
            self.refuse(f"the tag '{name}' is not allowed here; leave it out", event, path)

    def sequence(self, path: KeyPath) -> list[Data]:
        """A list, up to its end."""
        items: list[Data] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node((*path, len(items)), event))
        return items

    def mapping(self, path: KeyPath) -> dict[str, Data]:
        """A dict, up to its end; a key that is refused is left out, with its value looked at."""
        items: dict[str, Data] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(path, event)
            place = (*path, "?" if key is None else key)
            if key in items:
                message = f"'{_short(key)}' is given twice, first on line {self.lines[place]}"
                self.refuse(message, event, path)
            self.lines.setdefault(place, _line(event))
            value = self.node(place, next(self.events))
            if key is not None:
                items.setdefault(key, value)
        return items

    def key(self, path: KeyPath, event: yaml.Event) -> str | None:
        """A key as written, or None when it was refused."""
        before = len(self.problems)
        if not isinstance(event, yaml.ScalarEvent):
            if not isinstance(event, yaml.AliasEvent):  # an alias is refused as such
                self.refuse("a key must be plain text; put it in quotes", event, path)
            self.node((*path, "?"), event)
            return None
        self.refuse_references(path, event)
        for message in problems_of_key(event.value, quoted=bool(event.style)):
            self.refuse(message, event, path)
        return event.value if len(self.problems) == before else None

    def scalar(self, path: KeyPath, event: yaml.ScalarEvent) -> Data:
        """Text if it is quoted or a block, else what the plain words mean."""
        try:
            if event.style:
                return resolve_quoted(event.value, escapes=event.style == '"')
            self.refuse_swallowed_item(event)
            return resolve_plain(event.value)
        except ExamgenError as error:
            self.refuse(str(error), event, path)
            return None

    def refuse_swallowed_item(self, event: yaml.ScalarEvent) -> None:
        """A list item indented too far, which YAML takes for more of the text above."""
        if any(line.lstrip().startswith("- ") for line in self.source[_line(event) : _end(event)]):
            raise ExamgenError("a '- ' on the next line is read as text; mend the indentation")


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None, "bug: the parser marks every event"
    return event.start_mark.line + 1


def _end(event: yaml.Event) -> int:
    """The line on which an event ends."""
    assert event.end_mark is not None, "bug: the parser marks every event"
    return event.end_mark.line + 1


def _refuse_control_characters(text: str) -> None:
    match = CONTROL.search(text)
    if match:
        line = len(_LINE_END.findall(text, 0, match.start())) + 1
        message = f"a character that no text has: {name_of(match[0])}"
        raise ExamgenError(Problem(message, line=line))


def _bounded(text: str) -> Iterator[yaml.Event]:
    """The parser's events, ended by an error where there are too many or they nest too deep."""
    depth = 0
    for count, event in enumerate(_events(text)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise ExamgenError(Problem(f"nested deeper than {DEEPEST} levels", line=_line(event)))
        if count > MOST_EVENTS:
            raise ExamgenError(Problem("too many values for one file", line=_line(event)))
        yield event


def _events(text: str) -> Iterator[yaml.Event]:
    # The Python parser, not the one in C: the same messages and limits on every machine.
    loader = yaml.SafeLoader(text)
    try:
        while loader.check_event():
            yield loader.get_event()  # type: ignore[no-untyped-call]  # so in its stubs
    except (ValueError, OverflowError):  # "\U00110000": no such character
        mark = loader.get_mark()
        message = f"an escape that is no character (column {mark.column + 1})"
        raise ExamgenError(Problem(message, line=mark.line + 1)) from None
    finally:
        loader.dispose()
