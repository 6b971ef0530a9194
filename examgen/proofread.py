"""Reading the proofs: can every text and formula be set? Asked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from examgen.diagrams import diagram
from examgen.equations import equations
from examgen.errors import ExamgenError, Problem
from examgen.exam import Exam
from examgen.slots import texts_of
from examgen.solution import slot_label
from examgen.strict_yaml import load
from examgen.template import Template, document, placed
from examgen.text import Text, fill
from examgen.typeset import plain, plain_text


def proofread(exam: Exam) -> None:
    """Raises ExamgenError with every text of the exam and its templates that cannot be set."""
    problems = list(_exam_problems(exam))
    for template in {t.name: t for question in exam.questions for t in question.templates}.values():
        problems += template_problems(template)
    if problems:
        raise ExamgenError(dict.fromkeys(problems))


def template_problems(template: Template) -> list[Problem]:
    """The texts, symbols and equations of a template that cannot be set, with their lines."""
    zeros = dict.fromkeys(template.quantities.givens, "0")
    found: list[Problem] = []
    for path, text in texts_of(template.file):
        for written in [text] if isinstance(text, str) else text.values():
            found += _problems(path, partial(_set, written, zeros))
    for name, tex in template.file.symbols.items():
        found += _problems(f"symbols.{name}", partial(plain, tex))
    if not _of_symbols(found):  # else all that is made of them would fail with them
        for path, tex in _formulas(template):
            found += _problems(path, partial(plain, tex))
    if not found:  # reading the file again takes longer than all of this
        return []
    located = document(template)
    return [placed(problem, located) for problem in dict.fromkeys(found)]


def _of_symbols(problems: Iterable[Problem]) -> bool:
    return any(problem.path.startswith("symbols.") for problem in problems)


def _exam_problems(exam: Exam) -> Iterator[Problem]:
    name, text = next(iter(exam.sources.items()))
    located = load(text, name)
    form = exam.file
    fields: list[tuple[str, Text]] = [
        (field, getattr(form, field)) for field in ("title", "course", "date", "duration")
    ]
    fields += [("instructions", text) for text in form.all_instructions]
    fields += [("aids", text) for text in form.all_aids]
    for path, field in fields:
        for written in [field] if isinstance(field, str) else field.values():
            for problem in _problems(path, partial(plain_text, written)):
                yield placed(problem, located)


def _set(text: str, numbers: dict[str, str]) -> str:
    return plain_text(fill(text, numbers))


def _problems(path: str, attempt: Callable[[], str]) -> list[Problem]:
    try:
        attempt()
    except ExamgenError as error:
        return [problem.at(path=path) for problem in error.problems]
    return []


def _formulas(template: Template) -> Iterator[tuple[str, str]]:
    """What stands in TeX on paper."""
    quantities = template.quantities
    if template.file.equations:
        yield from (("graph", tex) for tex in equations(quantities))
    if figure := diagram(quantities, field=template.file.figure):
        yield from (("graph", vertex.label) for vertex in figure.vertices)
    for slot in template.slots:
        yield "parts", slot_label(template, slot)
