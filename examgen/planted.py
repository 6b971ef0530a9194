"""A printed working with one mistake in it: which line is wrong, and what should stand there.

The lines are quantities of the question as they come about under a misconception. Every line is
computed from the lines above as they are printed, so what follows the wrong line follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial, reduce
from operator import add

from examgen.conditions import Condition
from examgen.differentiate import differentiate
from examgen.errors import ExamgenError, Problem, guarded, suggestion
from examgen.graph import topological
from examgen.misconceptions import TABLE, Misconception, misconceptions
from examgen.nodes import ADD, GIVEN, SUB, Node, constant, given, named
from examgen.ops import COPIES, OPS
from examgen.quantities import Quantities
from examgen.slots import Part, Slot, listed
from examgen.template_file import Spot, TemplateFile

WRONG_LINE, RIGHT_VALUE = "wrong_line", "right_value"
"""Quantities that a question with a working has besides: a line's number, counted from 1, and what
should stand there."""
EXACTLY = Fraction(1, 100)
"""The tolerance of a line's number: no other number is it."""
MOST_LINES = 40
_SYMBOLS = {WRONG_LINE: "n", RIGHT_VALUE: "v_n"}
_TOLERANCES = Fraction(7, 2)
"""So many of them the wrong line is off in every variant: three, and what rounding tolerances up to
two digits adds."""
_ROUNDING = Fraction(101, 100)


@dataclass(frozen=True)
class Planted:
    """A working with a mistake in it.

    lines: for each quantity its definition; the lines above are givens in it. wrong: the place of
    the wrong line, from 0. values: every line's quantity over the numbers of the question.
    """

    mistake: Misconception
    lines: Mapping[str, Node]
    wrong: int
    values: Mapping[str, Node]

    @property
    def quantity(self) -> str:
        """The quantity of the wrong line."""
        return self.names[self.wrong]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The quantities of all lines, in order."""
        return tuple(self.lines)

    @property
    def before(self) -> tuple[str, ...]:
        """The quantities of the lines above the wrong one, which are right."""
        return self.names[: self.wrong]

    def asked_of(self, quantities: Quantities) -> Quantities:
        """The right quantities, with the number of the wrong line and what should stand there."""
        if taken := [name for name in _SYMBOLS if name in quantities.nodes]:
            raise ExamgenError(f"'{taken[0]}' is a quantity of the graph; give that another name")
        return _asked(quantities, self.wrong, self.quantity)

    def condition(self, quantities: Quantities, slots: Iterable[Slot], decimals: int) -> Condition:
        """That the wrong line can be seen to be wrong.

        It is off by more than three tolerances of the answer that should stand there: the author's
        tolerance, or what rounding the lines above and the answer itself may come to.
        """
        right = quantities.nodes[self.quantity]
        asked = [slot for slot in slots if slot.quantity == RIGHT_VALUE]
        own = [slot.tolerance for slot in asked if slot.tolerance is not None]
        least = _arriving(right, min([decimals, *(slot.decimals for slot in asked)]))
        tolerance = constant(own[0]) if own else least
        off = OPS["abs"](OPS["sub"](self.values[self.quantity], right))
        text = f"line {self.wrong + 1} ({self.quantity}) differs visibly from the right one"
        return Condition(text, OPS["gt"](off, constant(_TOLERANCES) * tolerance))


def _asked(quantities: Quantities, wrong: int, quantity: str) -> Quantities:
    """The quantities with those that a working adds."""
    extra = {
        WRONG_LINE: named(constant(wrong + 1), WRONG_LINE),
        RIGHT_VALUE: named(quantities.nodes[quantity], RIGHT_VALUE),
    }
    symbols = quantities.symbols
    return replace(
        quantities,
        derived={**quantities.derived, **extra},
        symbols=replace(symbols, overrides={**_SYMBOLS, **symbols.overrides}),
    )


def _arriving(right: Node, decimals: int) -> Node:
    """How far rounding may take an answer: see `examgen.tolerance`, to the first order."""
    unit = Fraction(1, 10**decimals)
    results = [
        node
        for node in topological([right])
        if node.name is not None and node.op is not GIVEN and node.op not in COPIES
    ]
    slopes = differentiate(right, [node for node in results if node is not right]).values()
    sizes = reduce(add, (OPS["abs"](slope) for slope in slopes), constant(0))
    return constant(unit) + constant(_ROUNDING * unit / 2) * sizes


def exact_lines(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts, slots for the number of a line without decimals and without tolerance."""
    return tuple(replace(part, slots=tuple(map(_exact, part.slots))) for part in parts)


def _exact(slot: Slot) -> Slot:
    return replace(slot, decimals=0, tolerance=EXACTLY) if slot.quantity == WRONG_LINE else slot


# --- planting ------------------------------------------------------------------------------------


def read_planted(
    form: TemplateFile, quantities: Quantities, problems: list[Problem]
) -> tuple[Quantities, Planted | None]:
    """The working of a template, if it has one, and its quantities with those that it adds.

    What is wrong is noted among the problems; then the first line stands for the wrong one.
    """
    if form.spot is None:
        return quantities, None
    spot = form.spot
    planted = guarded(problems, "spot", lambda: plant(spot, quantities, misconceptions(quantities)))
    if planted is None:
        return _asked(quantities, 0, quantities.loss), None
    extended = guarded(problems, "spot", partial(planted.asked_of, quantities))
    return extended or _asked(quantities, planted.wrong, planted.quantity), planted


def plant(spot: Spot, quantities: Quantities, known: Sequence[Misconception]) -> Planted:
    """The working that a template asks for.

    known: the misconceptions of its graph. Raises ExamgenError for lines that are no quantities,
    an unknown mistake, one that no line shows, and one that makes not exactly one line wrong.
    """
    names = _lines(spot, quantities)
    workings = [_working(one, names, quantities) for one in _named(spot, known)]
    return _only(spot, [working for working in workings if working.faults])


@dataclass(frozen=True)
class _Working:
    """The lines under a mistake, and the places of those whose definition is another one."""

    mistake: Misconception
    lines: Mapping[str, Node]
    values: Mapping[str, Node]
    faults: tuple[str, ...]

    @property
    def planted(self) -> Planted:
        wrong = list(self.lines).index(self.faults[0])
        return Planted(self.mistake, self.lines, wrong, self.values)


def _lines(spot: Spot, quantities: Quantities) -> list[str]:
    """The quantities of the lines. Raises ExamgenError with all that is wrong with them."""
    problems: list[Problem] = []
    names: list[str] = []
    for written in listed(spot.lines):
        try:
            name = quantities.name(written)
            if quantities.nodes[name].op is GIVEN:
                raise ExamgenError(f"'{written}' is given; expected quantities to compute")
            if name in names:
                raise ExamgenError(f"'{written}' is listed twice")
            names.append(name)
        except ExamgenError as error:
            problems += [problem.at(path="spot.lines") for problem in error.problems]
    if not problems and not 2 <= len(names) <= MOST_LINES:
        message = f"found {len(names)} lines, expected 2 to {MOST_LINES}"
        problems.append(Problem(message, path="spot.lines"))
    if problems:
        raise ExamgenError(problems)
    return names


def _named(spot: Spot, known: Sequence[Misconception]) -> list[Misconception]:
    """The misconceptions of a graph that go by the name."""
    found = [one for one in known if one.name == spot.mistake]
    if found:
        return found
    names = dict.fromkeys([*(row.name for row in TABLE), *(one.name for one in known)])
    if spot.mistake in names:
        message = f"'{spot.mistake}' cannot be made in this graph"
    else:
        message = f"'{spot.mistake}' is no known mistake{suggestion(spot.mistake, names)}"
    raise ExamgenError(Problem(message, path="spot.mistake"))


def _only(spot: Spot, workings: Sequence[_Working]) -> Planted:
    """The one working that is meant. Raises ExamgenError where there is none, or more than one."""
    if not workings:
        message = f"'{spot.mistake}' changes none of the lines"
        raise ExamgenError(Problem(message, path="spot.mistake"))
    meant = _at(spot, workings)
    placed = [one for one in meant if one.mistake.where]
    single = [one for one in (*placed, *meant) if len(one.faults) == 1] or placed
    if not single:
        wrong = ", ".join(meant[0].faults)
        message = f"'{spot.mistake}' makes more than one line wrong: {wrong}; list one of them"
        raise ExamgenError(Problem(message, path="spot.lines"))
    places = list(dict.fromkeys(working.faults[0] for working in single))
    if len(places) > 1:
        message = f"'{spot.mistake}' acts at several lines: {', '.join(places)}; say which by `at:`"
        raise ExamgenError(Problem(message, path="spot.at" if spot.at else "spot.mistake"))
    return single[0].planted


def _at(spot: Spot, workings: Sequence[_Working]) -> Sequence[_Working]:
    """Those at the place that is named: the line itself, or the quantity that the mistake is at."""
    if not spot.at:
        return workings
    lines = [working for working in workings if working.faults[0] == spot.at]
    acting = [working for working in workings if working.mistake.where == spot.at]
    if lines or acting:
        return lines or acting
    places = dict.fromkeys(
        place for working in workings for place in (working.mistake.where, *working.faults) if place
    )
    near = suggestion(spot.at, places) or f"; expected one of {', '.join(places)}"
    raise ExamgenError(
        Problem(f"'{spot.mistake}' does not act at '{spot.at}'{near}", path="spot.at")
    )


# --- lines ---------------------------------------------------------------------------------------


def _working(mistake: Misconception, names: Sequence[str], quantities: Quantities) -> _Working:
    """The lines under a mistake, as definitions and as values."""
    lines: dict[str, Node] = {}
    values: dict[str, Node] = {}
    faults: list[str] = []
    for name in names:
        above = {other: given(other) for other in lines}
        lines[name] = _over(mistake.nodes[name], above)
        values[name] = _over(mistake.nodes[name], values)
        if not _alike(lines[name], _over(quantities.nodes[name], above)):
            faults.append(name)
    return _Working(mistake, lines, values, tuple(faults))


def _over(root: Node, above: Mapping[str, Node]) -> Node:
    """A node in terms of the lines above it; other quantities in it are written out."""
    new: dict[Node, Node] = {}
    for node in topological([root]):
        if node is not root and node.name is not None and node.name in above:
            new[node] = above[node.name]
        elif node.op is GIVEN or not node.args:
            new[node] = node
        else:
            args = tuple(new[arg] for arg in node.args)
            new[node] = _without_nothing(replace(node, args=args, name=None))
    return named(new[root], root.name or "")


def _without_nothing(node: Node) -> Node:
    """A sum without b - b, which stands for a term that was forgotten."""
    if node.op is SUB and node.args[0].name == node.args[1].name is not None:
        return constant(0)
    if node.op is ADD and constant(0).value in (arg.value for arg in node.args):
        return node.args[0] if node.args[1].value == 0 else node.args[1]
    return node


def _alike(one: Node, other: Node) -> bool:
    """Whether two nodes say the same: equal ops, numbers and names throughout."""
    numbers: dict[object, int] = {}
    found: dict[Node, int] = {}
    for node in topological([one, other]):
        args = tuple(found[arg] for arg in node.args)
        key = (node.op, args, node.value, node.name)
        found[node] = numbers.setdefault(key, len(numbers))
    return found[one] == found[other]
