"""The mistakes that can be made in the graph of a template, found once."""

from __future__ import annotations

from examgen.misconceptions import Misconception, misconceptions
from examgen.template import Template


def mistakes_of(template: Template) -> tuple[Misconception, ...]:
    """All mistakes that can be made in a template's graph, as `misconceptions` orders them."""
    return template.space.once(_mistakes, template)


def _mistakes(template: Template) -> tuple[Misconception, ...]:
    return misconceptions(template.quantities)
