"""Which picture a graph gets, and the pictures: a module each."""

from examgen.diagrams.choosing import diagram, figure_problems

__all__ = ["diagram", "figure_problems"]
