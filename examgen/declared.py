"""What a template declares about its quantities: how givens are drawn, and what must hold.

Every name that it speaks of is checked to be one of its graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial, reduce

from examgen.conditions import Condition
from examgen.errors import ExamgenError, Problem, guarded, suggestion
from examgen.givens import family, gathered, misshapen_samples
from examgen.grids import Grid
from examgen.nodes import Node
from examgen.ops import OPS
from examgen.quantities import Quantities
from examgen.sample_file import values_of
from examgen.slots import matches, texts_of
from examgen.template_file import TemplateFile
from examgen.text import brace_problem, placeholders


def grids_of(
    form: TemplateFile, quantities: Quantities, problems: list[Problem]
) -> dict[str, Grid]:
    """How every given is drawn; those that nothing is said of are noted among the problems."""
    grids: dict[str, Grid] = {}
    made: dict[str, Grid] = {}
    missing: list[str] = []
    for name in quantities.givens:
        pattern = _pattern_for(name, form.sample)
        if pattern is None:
            missing.append(name)
            continue
        if pattern not in made:
            made[pattern] = Grid(values_of(form.sample[pattern]))
        grids[name] = made[pattern]
    misshapen = {base for base, _ in misshapen_samples(form.sample, quantities.givens)}
    left = [name for name in missing if family(name) not in misshapen]
    problems += _missing(left, form, quantities)
    return grids


MOST_ALONE = 3
"""Names without an entry that are told one by one: each may be a slip in a formula."""


def _missing(names: Sequence[str], form: TemplateFile, quantities: Quantities) -> Iterator[Problem]:
    """That sample does not speak of these givens."""
    if len(names) > MOST_ALONE:
        wanted = ", ".join(gathered(names, quantities.givens))
        yield Problem(f"nothing says how some givens are drawn: add {wanted}", path="sample")
        return
    known = (*quantities.values, *form.sample)
    for name in names:
        near = suggestion(name, [one for one in known if family(one) != family(name)])
        message = f"nothing says what '{name}' is: no formula and no entry of sample{near}"
        yield Problem(message, path=_first_use(name, quantities))


def unused_entries(form: TemplateFile, quantities: Quantities) -> list[Problem]:
    """Entries of sample that no given takes its numbers from, and those of another shape."""
    used = {_pattern_for(name, form.sample) for name in quantities.givens}
    known = [*quantities.givens, form.graph.learning_rate]
    misshapen = dict(misshapen_samples(form.sample, quantities.givens))
    return [
        *(Problem(message, path=f"sample.{base}") for base, message in misshapen.items()),
        *(
            Problem(
                f"'{pattern}' matches no given{suggestion(pattern, known)}",
                path=f"sample.{pattern}",
            )
            for pattern in form.sample
            if pattern not in used and family(pattern) not in misshapen
        ),
    ]


def _pattern_for(name: str, patterns: Mapping[str, object]) -> str | None:
    """The entry that says how a given is drawn: its own name, else the most specific pattern."""
    if name in patterns:
        return name
    matching = [pattern for pattern in patterns if matches(pattern, name)]
    return max(matching, key=lambda pattern: len(pattern.replace("*", "")), default=None)


def _first_use(name: str, quantities: Quantities) -> str:
    word = re.compile(rf"(?<!\w){re.escape(name.partition('[')[0])}(?!\w)")
    paths = [d.path for d in quantities.blueprint.definitions if word.search(d.formula)]
    # The author's equation has a longer path than what unrolling it adds.
    return max(paths, key=lambda path: path.count("."), default="graph")


def conditions_of(
    form: TemplateFile, quantities: Quantities, problems: list[Problem]
) -> list[Condition]:
    """What must hold; what is no condition is noted among the problems."""
    conditions: list[Condition] = []
    for number, text in enumerate(form.require):
        node = guarded(problems, f"require[{number}]", partial(_truth, text, quantities))
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


def unknown_names(form: TemplateFile, quantities: Quantities) -> Iterator[Problem]:
    """Placeholders that are no givens, and symbols and published names that are no quantities."""
    nodes = dict.fromkeys(one for name in quantities.nodes for one in (name, family(name)))
    for name in form.symbols:
        if name not in nodes:
            message = f"there is no quantity '{name}'{suggestion(name, nodes)}"
            yield Problem(message, path=f"symbols.{name}")
    for path, text in texts_of(form):
        if message := brace_problem(text):
            yield Problem(message, path=path)
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
            guarded(found, "published.answers", partial(quantities.name, name))
            yield from found
    for name in form.guessable:
        if any(matches(name, known) for known in quantities.nodes):
            continue
        unknown: list[Problem] = []
        guarded(unknown, f"guessable.{name}", partial(quantities.name, name))
        yield from unknown
