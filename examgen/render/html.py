"""Templates of HTML pages with mathematics: escaped by default, filters for prose and formulas."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from examgen.render.style import part_label
from examgen.render.worked import formula_of
from examgen.typeset.mathml import breakable, escaped, html_prose, mathml


def environment(package: str) -> Environment:
    """The templates of a package, with filters for what stands on papers."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "prose": lambda text: Markup(html_prose(text)),
        "math": lambda tex: Markup(mathml(tex)),
        "display": lambda tex: Markup(breakable(tex)),
        "expected": _expected,
        "verbatim": lambda text: Markup(escaped(text)),
        "part": part_label,
    }
    return made


def _expected(text: str) -> Markup:
    """The expected answer: a formula that may be broken, or prose."""
    formula = formula_of(text)
    return Markup(html_prose(text) if formula is None else breakable(formula))
