"""Documents written as tagged PDF; the same input gives the same bytes."""

from examgen.render.pdf.writer import Target, write

__all__ = ["Target", "write"]
