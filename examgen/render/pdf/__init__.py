"""Documents written as tagged PDF; the same input gives the same bytes."""

from examgen.render.pdf.painted import Painted, paint
from examgen.render.pdf.writer import Target, opened, write

__all__ = ["Painted", "Target", "opened", "paint", "write"]
