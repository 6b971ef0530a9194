"""Reading the proofs: can every text and formula be set? Asked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from examgen.diagrams import diagram
from examgen.equations import equations, shown_quantities
from examgen.errors import ExamgenError, Problem, cut
from examgen.exam import Exam
from examgen.slots import texts_of
from examgen.solution import slot_label
from examgen.strict_yaml import load
from examgen.template import Template, document, placed
from examgen.text import Language, Text, fill
from examgen.typeset import layout, plain, plain_text, segments
from examgen.typeset.breaking import measured_parts
from examgen.typeset.prose import pieces

SIZE, LINE = 10.5, 479.0  # points, of type and lines on paper
SMALLEST = 0.7  # of its size, to which a formula may be shrunk to fit a line
WIDEST_SYMBOL = 150.0


def proofread(exam: Exam) -> None:
    """Raises ExamgenError with every text of the exam and its templates that cannot be set."""
    problems = list(_exam_problems(exam))
    for template in {t.name: t for question in exam.questions for t in question.templates}.values():
        problems += template_problems(template)
    if problems:
        raise ExamgenError(dict.fromkeys(problems))


def template_problems(template: Template) -> list[Problem]:
    """The texts, symbols and equations of a template that cannot be set, with their lines."""
    found = [*_text_problems(template), *_symbol_problems(template)]
    if not _of_symbols(found):  # else all that is made of them would fail with them
        found += _formula_problems(template)
    if not found:  # reading the file again takes longer than all of this
        return []
    located = replace(document(template), file=template.origin or template.id)
    return [placed(problem, located) for problem in dict.fromkeys(found)]


def _text_problems(template: Template) -> Iterator[Problem]:
    zeros = dict.fromkeys(template.quantities.givens, "0")
    for path, text in texts_of(template.file):
        for written in [text] if isinstance(text, str) else text.values():
            yield from _problems(path, partial(_set, written, zeros))


def _symbol_problems(template: Template) -> list[Problem]:
    found: list[Problem] = []
    for name, tex in template.file.symbols.items():
        found += _problems(f"symbols.{name}", partial(_set_symbol, tex))
    return found or list(_twins(template))


def _formula_problems(template: Template) -> Iterator[Problem]:
    for path, tex in _formulas(template):
        yield from _problems(path, partial(plain, tex))
    if template.file.equations:
        yield from _wide_equations(template)


def untranslated(exam: Exam) -> str:
    """Which questions have a text that is not in the language of the exam; or nothing."""
    language = exam.file.language
    found = [
        f"{question.id} ({template.id})"
        for question in exam.questions
        for template in question.templates
        if any(_is_foreign(text, language) for _, text in texts_of(template.file))
    ]
    return f"not all in {_NAMES[language]}: {', '.join(dict.fromkeys(found))}" if found else ""


def _is_foreign(text: Text, language: Language) -> bool:
    """Whether a text is printed in another language; one of no language is told by its words."""
    if not isinstance(text, str):
        return language not in text
    words = set(re.findall(r"[a-zäöüß]+", re.sub(r"\$.*?\$", "", text).lower()))
    other: Language = "en" if language == "de" else "de"
    return bool(words & _WORDS[other]) and not words & _WORDS[language]


_NAMES: dict[Language, str] = {"en": "English", "de": "German"}
_WORDS: dict[Language, frozenset[str]] = {
    "en": frozenset({"a", "and", "are", "compute", "for", "has", "is", "of", "the", "with"}),
    "de": frozenset({"auf", "berechnen", "das", "der", "die", "ein", "ist", "mit", "und", "von"}),
}
"""Words that hardly a sentence of a language is without, and that the other one has not."""


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
            for problem in _problems(path, partial(_set_text, written)):
                yield placed(problem, located)


def _set(text: str, numbers: dict[str, str]) -> None:
    _set_text(fill(text, numbers))


def _set_text(text: str) -> None:
    plain_text(text)
    for piece in pieces(text):
        if piece.math:
            widest = max((part.box.width for part in segments(piece.text, SIZE)), default=0.0)
            _check_width(widest, LINE, piece.text)


def _set_symbol(tex: str) -> None:
    plain(tex)
    width = layout(tex, SIZE).width
    if width > WIDEST_SYMBOL:
        message = f"'{cut(tex, 30)}' is {width:.0f} points wide"
        raise ExamgenError(f"{message}, expected at most {WIDEST_SYMBOL:.0f} for a symbol")


def _check_width(width: float, room: float, tex: str) -> None:
    """Raises ExamgenError for what is shrunk too much, since no line can end within it."""
    if width * SMALLEST > room:
        raise ExamgenError(
            f"'{cut(tex, 30)}' has a part of {width:.0f} points where no line may end, expected "
            f"at most {room / SMALLEST:.0f}; lines end after signs outside of braces and brackets"
        )


def _problems(path: str, attempt: Callable[[], object]) -> list[Problem]:
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


# --- symbols that are printed alike ---------------------------------------------------------------


def _twins(template: Template) -> Iterator[Problem]:
    """Entries of `symbols:` by which two quantities are printed alike."""
    order = list(template.file.symbols)
    for names in _printed_alike(template):
        owned = {name: entry for name in names if (entry := _entry(name, order))}
        if len(set(owned.values())) + len(names) - len(owned) < 2 or not owned:
            continue
        last = max(owned, key=lambda name: order.index(owned[name]))
        other = next(name for name in names if owned.get(name) != owned[last])
        tex = cut(template.quantities.symbols.tex(last), 40)
        yield Problem(f"'{tex}' is also how {other} is printed", path=f"symbols.{owned[last]}")


def _printed_alike(template: Template) -> Iterable[list[str]]:
    """The names of quantities by what they are printed as; copies are meant to look alike."""
    quantities, symbols = template.quantities, template.quantities.symbols
    alike: dict[object, list[str]] = {}
    for name in dict.fromkeys([*quantities.values, *quantities.givens, *quantities.derived]):
        if name not in symbols.uses and name not in symbols.carries:
            box = layout(symbols.tex(name), SIZE)  # `{x}` is another tree than `x`
            alike.setdefault((box.runs, box.rules), []).append(name)
    return alike.values()


def _entry(name: str, entries: Iterable[str]) -> str:
    """The entry of `symbols:` that a quantity is printed by, if there is one."""
    return next((one for one in (name, name.partition("[")[0]) if one in entries), "")


# --- equations that no line is wide enough for ----------------------------------------------------


def _wide_equations(template: Template) -> Iterator[Problem]:
    """Equations are aligned at their first relation: the widest left side is room for none."""
    quantities = template.quantities
    cuts = [_widths(tex) for tex in equations(quantities)]
    lead = max((left for left, _ in cuts if left <= LINE / 2), default=0.0)
    for (name, _), tex, (left, widest) in zip(
        shown_quantities(quantities), equations(quantities), cuts, strict=True
    ):
        room = LINE - lead if left <= LINE / 2 else LINE
        check = partial(_check_width, max(left if room == LINE else 0.0, widest), room, tex)
        yield from _problems(_formula_path(template, name), check)


def _widths(tex: str) -> tuple[float, float]:
    """Of an equation's left side, and of the widest part of the rest that is not broken."""
    left, *rest = measured_parts(tex, SIZE)
    widest = max((box.width for part in rest for box, _ in part), default=0.0)
    return sum(box.width for box, _ in left), widest


def _formula_path(template: Template, name: str) -> str:
    """Where the formula of a quantity stands, in a graph of formulas."""
    graph = template.file.graph
    formulas: Iterable[str] = getattr(graph, "formulas", ())
    base = name.partition("[")[0]
    written = next((key for key in formulas if key.partition("[")[0] == base), "")
    return f"graph.formulas.{written}" if written else "graph"
