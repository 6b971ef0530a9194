"""The paper: one PDF an exam, its worked solution, and all exams in one file to print."""

from examgen.render.document import write_exam, write_print, write_solution, write_solutions

__all__ = ["write_exam", "write_print", "write_solution", "write_solutions"]
