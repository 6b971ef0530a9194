"""The paper: one PDF an exam, its worked solution, and all exams in one file to print."""

from examgen.render.document import (
    exam_document,
    solution_document,
    write_exam,
    write_formula_sheet,
    write_print,
    write_solution,
    write_together,
)
from examgen.render.pdf import write

__all__ = [
    "exam_document",
    "solution_document",
    "write",
    "write_exam",
    "write_formula_sheet",
    "write_print",
    "write_solution",
    "write_together",
]
