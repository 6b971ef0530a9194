"""The paper: one PDF an exam, its worked solution, and all exams in one file to print."""

from examgen.render.document import (
    bound_together,
    exam_document,
    solution_document,
    write_exam,
    write_formula_sheet,
    write_print,
    write_solution,
)
from examgen.render.pdf import paint, write

__all__ = [
    "bound_together",
    "exam_document",
    "paint",
    "solution_document",
    "write",
    "write_exam",
    "write_formula_sheet",
    "write_print",
    "write_solution",
]
