"""Answers printed in a source: recomputed, and misprints told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from examgen.check.findings import Finding, judged
from examgen.check.wording import plural
from examgen.graph import topological
from examgen.notation import decimal
from examgen.template import Template
from examgen.template_file import Published
from examgen.variant import fixed_variant, is_finite


def published_findings(templates: Sequence[Template]) -> Iterator[Finding]:
    """A finding for each printed answer or misprint that is not what it should be, and for all."""
    found = [
        finding
        for template in templates
        for instance in template.file.instances
        for finding in _instance(template, instance)
    ]
    failing = [finding for finding in found if not finding.holds]
    yield from failing
    if found and not failing:
        yield judged("published", False, _agreeing(len(found)))


def _agreeing(count: int) -> str:
    return plural(count, "printed answer agrees", "printed answers agree")


def _instance(template: Template, instance: Published) -> Iterator[Finding]:
    if missing := _missing(template, instance):
        yield judged(
            "published",
            True,
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing in given",
            f"the answers of {instance.source} cannot be computed again",
            "give all numbers that are printed there",
        )
        return
    values = fixed_variant(template, instance.given).quantities(0)
    for name, printed in instance.answers.items():
        value = values[template.quantities.name(name)]
        yield judged(
            f"published {name}",
            not (is_finite(value) and agrees(printed, Fraction(value))),
            f"printed {printed}, computed {_shown(value)}",
            f"{instance.source} prints another number than the formulas give",
            "mend the formulas or the numbers given; a misprint of the source goes to misprints",
        )
    for name, printed in instance.misprints.items():
        value = values[template.quantities.name(name)]
        yield judged(
            f"published {name}",
            not (is_finite(value) and not agrees(printed, Fraction(value))),
            f"misprinted as {printed}, in truth {_shown(value)}",
            "what is called a misprint is right",
            "move it to answers",
        )


def _missing(template: Template, instance: Published) -> list[str]:
    """The givens that the printed answers depend on, drawn from several values, and not given."""
    nodes = map(template.quantities.node, [*instance.answers, *instance.misprints])
    needed = {node.name for node in topological(nodes)}
    return [
        name
        for name, grid in template.grids.items()
        if name in needed and name not in instance.given and len(grid.values) > 1
    ]


def _shown(value: Fraction | float) -> str:
    return decimal(Fraction(value), 10) if is_finite(value) else "undefined"


def agrees(printed: str, true: Fraction) -> bool:
    """Whether a printed number is the true one to its last digit (either way of rounding a tie).

    >>> agrees("0.20", Fraction(1966, 10000)), agrees("0.2", Fraction(1, 3))
    (True, False)
    """
    number = Decimal(printed)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "bug: the form admits finite numbers only"
    half_unit = Fraction(10) ** exponent / 2
    # What is computed in floating point may be off by its own rounding.
    slack = abs(true) * Fraction(1, 10**12)
    return abs(Fraction(number) - true) <= half_unit + slack
