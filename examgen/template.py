"""A template, read and understood: its quantities, its grids and conditions, its answer slots.

Everything wrong with a file is reported together, each problem with its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property, partial, reduce
from hashlib import sha256
from pathlib import Path
from typing import Literal

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.files import read_text
from examgen.nodes import Node
from examgen.ops import OPS
from examgen.printing import PLAIN, show
from examgen.quantities import Quantities, derive_quantities
from examgen.sampling import Sampler
from examgen.space import Condition, Grid, Space, safety_conditions
from examgen.strict_yaml import Located, load
from examgen.template_file import PartFile, TemplateFile, values_of
from examgen.text import Text, placeholders
from examgen.validation import validated

MOST_BYTES = 256 << 10


@dataclass(frozen=True)
class Slot:
    """One answer: the quantity, how it is to be given, what it is worth.

    quantity: the name as the template writes it. step: for a formula that holds at every step, the
    step whose graph is printed with t. using: the derivatives a formula may speak of, None for
    those that the graph has one step up. points: exact. tolerance: the author's, if any.
    """

    id: str
    quantity: str
    kind: Literal["number", "formula"]
    points: Fraction
    decimals: int
    tolerance: Fraction | None
    step: int | None = None
    using: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Part:
    """A part as it is asked, with its slots; `label` is `a`, or `a.i` for a part of a part."""

    label: str
    ask: Text
    hint: Text | None
    points: Fraction
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Template:
    """A question that can be drawn. `text` is the file's own text."""

    file: TemplateFile
    text: str
    quantities: Quantities
    grids: Mapping[str, Grid]
    conditions: tuple[Condition, ...]
    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        """The template's id."""
        return self.file.id

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All slots in paper order."""
        return tuple(slot for part in self.parts for slot in part.slots)

    @property
    def points(self) -> Fraction:
        """What the whole question is worth."""
        return sum((slot.points for slot in self.slots), Fraction(0))

    def node(self, slot: Slot) -> Node:
        """The node of a slot's answer."""
        return self.quantities.node(slot.quantity)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of what decides the numbers: graph, grids, conditions, slots; not of the prose."""
        content = self.file.model_dump(
            mode="json",
            include={"id", "graph", "sample", "require", "margin", "state_gradient"},
            fallback=str,
        )
        content["answers"] = [slot.quantity for slot in self.slots]
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def sampler(self, seed: int, use: int = 0) -> Sampler:
        """The draws of this template under a seed; `use` tells apart two uses in one exam."""
        key = sha256(f"{seed}\n{self.fingerprint}\n{use}".encode()).digest()
        return Sampler(self.space, key)

    @cached_property
    def space(self) -> Space:
        """What may be drawn, and what of it is acceptable."""
        return Space(self.grids, self.conditions)


def load_template(path: Path) -> Template:
    """Read a template file. Raises ExamgenError with all that is wrong with it."""
    return parse_template(read_text(path, MOST_BYTES), str(path))


def parse_template(text: str, file: str) -> Template:
    """A template from its text; `file` names it in problems."""
    located = load(text, file)
    try:
        form = validated(TemplateFile, located)
        return _understood(form, text)
    except ExamgenError as error:
        raise ExamgenError(placed(problem, located) for problem in error.problems) from None


def placed(problem: Problem, located: Located) -> Problem:
    """The problem with the file and the line of the place that its path names."""
    if problem.line:
        return problem
    return problem.at(file=located.file, line=located.line(_key_path(problem.path)))


def _key_path(path: str) -> tuple[str | int, ...]:
    """`parts[2].answers` as keys. Keys of formulas have brackets of their own: `s[t]`, `h[1]`."""
    keys: list[str | int] = []
    for step in path.split("."):
        keys.append(step)
        base, _, rest = step.partition("[")
        if rest.endswith("]") and rest[:-1].isdigit():
            keys += [base, int(rest[:-1])]
    return tuple(keys)


def _understood(form: TemplateFile, text: str) -> Template:
    problems: list[Problem] = []
    declared = [name for name in form.sample if "*" not in name]
    try:
        quantities = derive_quantities(
            form.graph.blueprint(),
            form.graph.learning_rate,
            form.graph.derived,
            declared=declared,
            overrides=form.symbols,
            message_first=form.state_gradient == "message",
        )
    except ExamgenError as error:
        raise ExamgenError(p.at(path="graph") for p in error.problems) from None
    grids = _grids(form, quantities, problems)
    conditions = _conditions(form, quantities, problems)
    parts = _parts(form, quantities, problems)
    problems += _unknown_names(form, quantities)
    if problems:
        raise ExamgenError(problems)
    asked = [quantities.node(slot.quantity) for part in parts for slot in part.slots]
    safety = safety_conditions(
        asked, form.margin, lambda node: show(node, quantities.symbols, PLAIN)
    )
    return Template(form, text, quantities, grids, (*conditions, *safety), tuple(parts))


def _guarded(problems: list[Problem], path: str, make: Callable[[], object]) -> object:
    """What `make` returns; its problems are noted under `path`, and None returned."""
    try:
        return make()
    except ExamgenError as error:
        problems += [problem.at(path=path) for problem in error.problems]
        return None


# --- givens ------------------------------------------------------------------------------------


def _grids(form: TemplateFile, quantities: Quantities, problems: list[Problem]) -> dict[str, Grid]:
    grids: dict[str, Grid] = {}
    made: dict[str, Grid] = {}
    for name in quantities.givens:
        pattern = _pattern_for(name, form.sample)
        if pattern is None:
            others = [other for other in (*quantities.values, *form.sample) if other != name]
            near = suggestion(name, others)
            message = f"nothing says what '{name}' is: no formula and no entry of sample{near}"
            problems.append(Problem(message, path=_first_use(name, quantities)))
            continue
        if pattern not in made:
            made[pattern] = Grid(values_of(form.sample[pattern]))
        grids[name] = made[pattern]
    for pattern in form.sample:
        if pattern not in made:
            near = suggestion(pattern, [*quantities.givens, form.graph.learning_rate])
            problems.append(
                Problem(f"'{pattern}' matches no given{near}", path=f"sample.{pattern}")
            )
    return grids


def _pattern_for(name: str, patterns: Mapping[str, object]) -> str | None:
    """The entry that says how a given is drawn: its own name, else the most specific pattern."""
    if name in patterns:
        return name
    matching = [pattern for pattern in patterns if _matches(pattern, name)]
    return max(matching, key=lambda pattern: len(pattern.replace("*", "")), default=None)


def _matches(pattern: str, name: str) -> bool:
    literal_brackets = pattern.replace("[", "[[]").replace("?", "[?]")
    return "*" in pattern and fnmatchcase(name, literal_brackets)


def _first_use(name: str, quantities: Quantities) -> str:
    word = re.compile(rf"(?<!\w){re.escape(name.partition('[')[0])}(?!\w)")
    paths = [d.path for d in quantities.blueprint.definitions if word.search(d.formula)]
    # The author's equation has a longer path than what unrolling it adds.
    return max(paths, key=lambda path: path.count("."), default="graph")


def _conditions(
    form: TemplateFile, quantities: Quantities, problems: list[Problem]
) -> list[Condition]:
    conditions: list[Condition] = []
    for number, text in enumerate(form.require):
        node = _guarded(problems, f"require[{number}]", partial(_truth, text, quantities))
        if isinstance(node, Node):
            conditions.append(Condition(text, node))
    return conditions


_TRUTHS = ("gt", "ge", "lt", "le", "eq", "ne", "and", "or", "not")


def _truth(text: str, quantities: Quantities) -> Node:
    """The truth of a condition; one that speaks of h[t] must hold for every t."""
    nodes = quantities.build_for_all(text)
    if nodes[0].op.name not in _TRUTHS:
        raise ExamgenError(f"'{text}' is no condition; expected a comparison such as h1 > 0")
    return reduce(OPS["and"], nodes)


# --- parts and slots ---------------------------------------------------------------------------


def _parts(form: TemplateFile, quantities: Quantities, problems: list[Problem]) -> list[Part]:
    parts: list[Part] = []
    taken: dict[str, int] = {}
    for label, path, part in _flattened(form.parts):
        slots = _guarded(problems, path, partial(_slots, part, form.decimals, quantities, taken))
        if isinstance(slots, tuple):
            points = sum((slot.points for slot in slots), Fraction(0))
            parts.append(Part(label, part.ask, part.hint, points, slots))
    return parts


def _flattened(
    parts: Sequence[PartFile], prefix: str = "", path: str = "parts"
) -> Iterator[tuple[str, str, PartFile]]:
    labels = "abcdefghijklmnopqrstuvwxyz" if not prefix else _ROMAN
    for number, part in enumerate(parts):
        place = f"{path}[{number}]"
        label = prefix + (labels[number] if number < len(labels) else str(number + 1))
        yield label, place, part
        if part.parts is not None:
            yield from _flattened(part.parts, f"{label}.", f"{place}.parts")


_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]


def _slots(
    part: PartFile, decimals: int, quantities: Quantities, taken: dict[str, int]
) -> tuple[Slot, ...]:
    numbers = [name for one in _listed(part.answers) for name in _members(one, quantities)]
    formulas = _listed(part.derive)
    points = _split_points(part, len(numbers) + len(formulas))
    slots = []
    for place, written in enumerate([*numbers, *formulas]):
        kind: Literal["number", "formula"] = "number" if place < len(numbers) else "formula"
        quantity, step = _quantity(written, kind, quantities)
        prefix = "derive_" if kind == "formula" else ""
        slots.append(
            Slot(
                id=_unique(prefix + slot_name(written), taken),
                quantity=quantity,
                kind=kind,
                points=points[place],
                decimals=decimals if part.decimals is None else part.decimals,
                tolerance=part.tolerance,
                step=step,
                using=_using(part, quantities) if kind == "formula" else None,
            )
        )
    return tuple(slots)


def _using(part: PartFile, quantities: Quantities) -> tuple[str, ...] | None:
    """The names under which the derivatives stand that a formula may speak of."""
    if part.using is None:
        return None
    return tuple(
        quantities.name(_quantity(written, "formula", quantities)[0])
        for written in _listed(part.using)
    )


def _listed(written: str | list[str] | None) -> list[str]:
    """Names separated by commas; a comma inside brackets belongs to the name."""
    if written is None:
        return []
    texts = [written] if isinstance(written, str) else written
    names = [name.strip() for text in texts for name in re.split(r",(?![^\[(]*[\])])", text)]
    if "" in names:
        raise ExamgenError(f"a name is missing in '{', '.join(texts)}'")
    return names


def _members(written: str, quantities: Quantities) -> list[str]:
    """The name, or for `dL/dw[*]` all quantities it matches, in the order of their indices."""
    if "*" not in written:
        return [written]
    found = [name for name in quantities.nodes if _matches(written, name)]
    if not found:
        raise ExamgenError(f"'{written}' matches no quantity")
    return sorted(found, key=lambda name: [int(i) for i in re.findall(r"\d+", name)])


def _split_points(part: PartFile, count: int) -> list[Fraction]:
    if not isinstance(part.points, list):
        return [(part.points or Fraction(0)) / max(count, 1)] * count
    if len(part.points) != count:
        raise ExamgenError(f"found {len(part.points)} points for {count} answers")
    return list(part.points)


def _quantity(written: str, kind: str, quantities: Quantities) -> tuple[str, int | None]:
    """The name with t made step 1, and that step where there was a t; both checked to exist."""
    general = kind == "formula" and re.search(r"\[t(-1)?\]", written) is not None
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
    return written.replace("[t-1]", "[0]").replace("[t]", "[1]")


def slot_name(written: str) -> str:
    """A name fit for a column heading.

    >>> slot_name("dL/dw[2]"), slot_name("w21'"), slot_name("message(h[t-1])")
    ('dL_dw_2', 'w21_new', 'message_h_prev')
    """
    spelled = written.replace("'", "_new").replace("[t-1]", "_prev").replace("[t+1]", "_next")
    return re.sub(r"\W+", "_", spelled).strip("_")


def _unique(name: str, taken: dict[str, int]) -> str:
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}_{taken[name]}"


def _unknown_names(form: TemplateFile, quantities: Quantities) -> Iterator[Problem]:
    """Placeholders that are no givens, and published names that are no quantities."""
    texts = [
        ("stem", form.stem),
        *((f"conventions[{n}]", t) for n, t in enumerate(form.conventions)),
    ]
    texts += [(f"{path}.ask", part.ask) for _, path, part in _flattened(form.parts)]
    for path, text in texts:
        for name in placeholders(text):
            if name not in quantities.givens:
                near = suggestion(name, quantities.givens)
                yield Problem(f"{{{name}}} is no given{near}", path=path)
    for instance in form.instances:
        for name in instance.given:
            if name not in quantities.givens:
                near = suggestion(name, quantities.givens)
                yield Problem(f"'{name}' is no given{near}", path="published.given")
        for name in [*instance.answers, *instance.misprints]:
            found: list[Problem] = []
            _guarded(found, "published.answers", partial(quantities.name, name))
            yield from found
