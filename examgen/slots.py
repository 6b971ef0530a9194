"""The parts of a question and their answer slots, as a template file lists them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import partial
from typing import Literal, TypeVar

from examgen.errors import ExamgenError, Problem, guarded, suggestion
from examgen.headings import as_texts, headed, part_at, starless
from examgen.misconceptions import TABLE
from examgen.part_file import PartFile
from examgen.quantities import Quantities
from examgen.strict_yaml import Data
from examgen.template_file import TemplateFile
from examgen.text import Text

T = TypeVar("T")


@dataclass(frozen=True)
class Slot:
    """One answer: the quantity, how it is to be given, what it is worth.

    quantity: the name as the template writes it. step: for a formula that holds at every step, the
    step whose graph is printed with t. using: the derivatives a formula may speak of, None for
    those that the graph has one step up. points: exact. tolerance and follow_through: the
    author's, if any. partial_marks: the share of the points for a known mistake, by its name.
    """

    id: str
    quantity: str
    kind: Literal["number", "formula"]
    points: Fraction
    decimals: int
    tolerance: Fraction | None
    step: int | None = None
    using: tuple[str, ...] | None = None
    follow_through: Fraction | None = None
    partial_marks: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A part as it is asked, with its slots; `label` is `a`, or `a.i` for a part of a part."""

    label: str
    ask: Text
    hint: Text | None
    points: Fraction
    slots: tuple[Slot, ...]
    feedback: Text | None = None
    space: Fraction | None = None


def read_parts(
    form: TemplateFile, quantities: Quantities, problems: list[Problem], document: Data = None
) -> list[Part]:
    """All parts in paper order; what is wrong with one is noted among the problems.

    document: the file as written, before choices are made; slots go by the names there.
    """
    parts: list[Part] = []
    taken: dict[str, int] = {}
    known = [*(row.name for row in TABLE), *form.mistakes]
    problems += _unknown_mistakes(form.partial_marks, "partial_marks", known)
    for label, path, part in flattened(form.parts):
        problems += _unknown_mistakes(part.partial_marks, f"{path}.partial_marks", known)
        before = part_at(document, path)
        make = partial(_slots, part, form, quantities, taken, before, path)
        slots = guarded(problems, path, make)
        if isinstance(slots, tuple):
            parts.append(_part(label, part, slots))
    return parts


def _part(label: str, part: PartFile, slots: tuple[Slot, ...]) -> Part:
    points = sum((slot.points for slot in slots), Fraction(0))
    return Part(label, part.ask, part.hint, points, slots, part.feedback, part.space)


def _unknown_mistakes(
    marks: Mapping[str, Fraction], path: str, known: Sequence[str]
) -> Iterator[Problem]:
    """Names of mistakes that no misconception has."""
    for name in marks:
        if name not in known:
            message = f"'{name}' is no known mistake{suggestion(name, known)}"
            yield Problem(message, path=f"{path}.{name}")


def flattened(
    parts: Sequence[PartFile], prefix: str = "", path: str = "parts"
) -> Iterator[tuple[str, str, PartFile]]:
    """Label, place in the file and content of every part and part of a part."""
    labels = "abcdefghijklmnopqrstuvwxyz" if not prefix else _ROMAN
    for number, part in enumerate(parts):
        place = f"{path}[{number}]"
        label = prefix + (labels[number] if number < len(labels) else str(number + 1))
        yield label, place, part
        if part.parts is not None:
            yield from flattened(part.parts, f"{label}.", f"{place}.parts")


_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]


def _slots(
    part: PartFile,
    form: TemplateFile,
    quantities: Quantities,
    taken: dict[str, int],
    before: Mapping[str, Data],
    path: str,
) -> tuple[Slot, ...]:
    """The slots of a part; before: the part as written, before choices are made."""
    numbers = _at(f"{path}.answers", partial(_numbers, part, before, form, quantities))
    formulas = _at(f"{path}.derive", partial(_formulas, part, before, form, quantities))
    points = _at(f"{path}.points", partial(_split_points, part, len(numbers) + len(formulas)))
    using = _at(f"{path}.using", partial(_using, part, quantities))
    slots = []
    for place, (written, heading) in enumerate([*numbers, *formulas]):
        kind: Literal["number", "formula"] = "number" if place < len(numbers) else "formula"
        quantity, step = _quantity(written, kind, quantities)
        prefix = "derive_" if kind == "formula" else ""
        slots.append(
            Slot(
                id=_unique(prefix + slot_name(heading), taken),
                quantity=quantity,
                kind=kind,
                points=points[place],
                decimals=form.decimals if part.decimals is None else part.decimals,
                tolerance=part.tolerance,
                step=step,
                using=using if kind == "formula" else None,
                follow_through=_first_said(part.follow_through, form.follow_through),
                partial_marks={**form.partial_marks, **part.partial_marks},
            )
        )
    return tuple(slots)


def _at(path: str, make: Callable[[], T]) -> T:
    """What `make` returns; what is wrong with it stands at `path`."""
    try:
        return make()
    except ExamgenError as error:
        raise ExamgenError(problem.at(path=path) for problem in error.problems) from None


def _numbers(
    part: PartFile, before: Mapping[str, Data], form: TemplateFile, quantities: Quantities
) -> list[tuple[str, str]]:
    """The numbers that a part asks, each with its heading."""
    found = [
        member
        for name, heading in _headed(part.answers, before.get("answers"))
        for member in _members(name, heading, quantities)
    ]
    return _checked(found, "number", form, quantities)


def _formulas(
    part: PartFile, before: Mapping[str, Data], form: TemplateFile, quantities: Quantities
) -> list[tuple[str, str]]:
    """The formulas that a part asks, each with its heading."""
    return _checked(_headed(part.derive, before.get("derive")), "formula", form, quantities)


def _checked(
    asked: list[tuple[str, str]], kind: str, form: TemplateFile, quantities: Quantities
) -> list[tuple[str, str]]:
    """What is asked, if there is such a thing, it is asked once, and the paper does not tell it."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for written, _ in asked:
        guarded(problems, "", partial(_check_asked, written, kind, form, quantities, seen))
    if problems:
        raise ExamgenError(problems)
    return asked


def _check_asked(
    written: str, kind: str, form: TemplateFile, quantities: Quantities, seen: set[str]
) -> None:
    name = quantities.name(_quantity(written, kind, quantities)[0])
    drawn = any(one == name or matches(one, name) for one in form.sample)
    if name in quantities.givens and drawn:
        raise ExamgenError(f"'{written}' is given, and printed: there is nothing to compute")
    if name in seen:
        raise ExamgenError(f"'{written}' is asked twice")
    seen.add(name)


def _first_said(*shares: Fraction | None) -> Fraction | None:
    return next((share for share in shares if share is not None), None)


def _using(part: PartFile, quantities: Quantities) -> tuple[str, ...] | None:
    """The names under which the derivatives stand that a formula may speak of."""
    if part.using is None:
        return None
    return tuple(
        quantities.name(_quantity(written, "formula", quantities)[0])
        for written in listed(part.using)
    )


def listed(written: str | list[str] | None) -> list[str]:
    """Names separated by commas; a comma inside brackets belongs to the name."""
    if written is None:
        return []
    texts = [written] if isinstance(written, str) else written
    names = [name.strip() for text in texts for name in re.split(r",(?![^\[(]*[\])])", text)]
    if "" in names:
        raise ExamgenError(f"a name is missing in '{', '.join(texts)}'")
    return names


def _headed(written: str | list[str] | None, before: Data) -> list[tuple[str, str]]:
    """Names separated by commas, each with its heading."""
    names = listed(written)
    return headed(names, listed(as_texts(before)) or names)


def _members(written: str, heading: str, quantities: Quantities) -> list[tuple[str, str]]:
    """The name, or for `dL/dw[*]` all quantities it matches, in the order of their indices.

    Each with its heading.
    """
    if "*" not in written:
        return [(written, heading)]
    found = [name for name in quantities.nodes if matches(written, name)]
    if not found:
        raise ExamgenError(f"'{written}' matches no quantity")
    found.sort(key=lambda name: [int(i) for i in re.findall(r"\d+", name)])
    return [(name, starless(heading, written, name)) for name in found]


def _split_points(part: PartFile, count: int) -> list[Fraction]:
    """What each answer is worth."""
    if not isinstance(part.points, list):
        return [(part.points or Fraction(0)) / max(count, 1)] * count
    if len(part.points) != count:
        raise ExamgenError(f"found {len(part.points)} points for {count} answers")
    return list(part.points)


def _quantity(written: str, kind: str, quantities: Quantities) -> tuple[str, int | None]:
    """The name with t made step 1, and that step where there was a t; both checked to exist."""
    general = kind == "formula" and re.search(r"\[t([-+]1)?\]", written) is not None
    if general:
        blueprint = quantities.blueprint
        if blueprint.ranges.get("t", 0) < 2 and not blueprint.continues:
            raise ExamgenError(f"'{written}' at any step t needs a graph of two steps or more")
        written = _at_first_step(written, blueprint.initial)
    quantities.name(written)
    return written, 1 if general else None


def _at_first_step(written: str, initial: Mapping[str, str]) -> str:
    """`dL/dh[t-1]` is `dL/dh_0` there, as `initial` (h_0 -> h) tells."""
    for first, state in initial.items():
        written = re.sub(rf"(?<=/d){state}\[t-1\]|\b{state}\[t-1\]", first, written)
    return written.replace("[t-1]", "[0]").replace("[t]", "[1]").replace("[t+1]", "[2]")


def texts_of(form: TemplateFile) -> Iterator[tuple[str, Text]]:
    """Every text of a template with its place in the file."""
    yield "title", form.title
    yield "stem", form.stem
    for number, text in enumerate(form.conventions):
        yield f"conventions[{number}]", text
    for name, mistake in form.mistakes.items():
        yield f"mistakes.{name}.say", mistake.say
    for _, path, part in flattened(form.parts):
        yield f"{path}.ask", part.ask
        if part.hint is not None:
            yield f"{path}.hint", part.hint
        if part.feedback is not None:
            yield f"{path}.feedback", part.feedback


def slot_name(written: str) -> str:
    """A name fit for a column heading.

    >>> slot_name("dL/dw[2]"), slot_name("w21'"), slot_name("message(h[t-1])")
    ('dL_dw_2', 'w21_new', 'message_h_prev')
    >>> slot_name("dL/d<asked>"), slot_name("<gate.w>'")
    ('dL_d_asked', 'gate_w_new')
    """
    spelled = written.replace("'", "_new").replace("[t-1]", "_prev").replace("[t+1]", "_next")
    return re.sub(r"\W+", "_", spelled.replace(">_", "_")).strip("_")


def _unique(name: str, taken: dict[str, int]) -> str:
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}_{taken[name]}"


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern such as `x[*]` or `w_*` covers a name; its brackets mean themselves."""
    literal_brackets = pattern.replace("[", "[[]").replace("?", "[?]")
    return "*" in pattern and fnmatchcase(name, literal_brackets)
