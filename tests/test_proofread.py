"""Tests of what is refused before anything is printed: what cannot be set, told apart or read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_exam import TINY

from examgen.bank import bank_ids, find_templates
from examgen.errors import ExamgenError
from examgen.exam import load_exam
from examgen.proofread import LINE, SIZE, proofread, template_problems, untranslated
from examgen.render import style
from examgen.starters import starter, topologies
from examgen.template import parse_template

EXAM = "title: T\nseed: 123456789012345\nlanguage: {language}\nquestions:\n  - use: ./s1.yaml\n"
SUM = "+".join(f"x_{{{n}}}" for n in range(60))
WORD = "m" * 60


def told(text: str) -> list[str]:
    """What is wrong with a template in the file s1.yaml."""
    return [str(problem) for problem in template_problems(parse_template(text, "s1.yaml"))]


def with_symbols(symbols: str) -> str:
    """The small template with symbols of its own."""
    return TINY.replace("parts:\n", f"symbols: {symbols}\nparts:\n")


def exam_of(folder: Path, template: str, language: str = "en") -> Path:
    """An exam of one template."""
    (folder / "s1.yaml").write_text(template, encoding="utf-8")
    (folder / "exam.yaml").write_text(EXAM.format(language=language), encoding="utf-8")
    return folder / "exam.yaml"


def test_lines_are_those_of_the_paper() -> None:
    """Proofreading does not load the pages, so it has the measures of their type by itself."""
    assert (style.SIZE, style.Style("A4").text_width) == pytest.approx((SIZE, LINE), abs=0.5)


@pytest.mark.parametrize("name", bank_ids())
def test_the_bank_can_be_set(name: str) -> None:
    """No formula is too wide, and no two quantities are printed alike."""
    for template in find_templates(name):
        assert template_problems(template) == []


@pytest.mark.parametrize("topology", topologies())
def test_the_starters_can_be_set(topology: str) -> None:
    """In both languages."""
    assert told(starter("my-question", topology, "en")) == []
    assert told(starter("my-question", topology, "de")) == []


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        ("{z: x}", ["symbols.z: 'x' is also how x is printed"]),
        ("{z: '{x}'}", ["symbols.z: '{x}' is also how x is printed"]),
        ("{z: q, x: q}", ["symbols.x: 'q' is also how z is printed"]),
        ("{z: x, x: z}", []),
        ("{z: x_1}", []),
    ],
)
def test_no_symbol_is_that_of_another_quantity(symbols: str, expected: list[str]) -> None:
    """However it is written; two that swap their symbols still differ."""
    line = with_symbols(symbols)[: with_symbols(symbols).index("symbols:")].count("\n") + 1
    assert told(with_symbols(symbols)) == [f"s1.yaml:{line}: {problem}" for problem in expected]


def test_a_formula_is_not_shrunk_beyond_reading() -> None:
    """In braces no line may end, and without them it may."""
    stem = next(line for line in TINY.splitlines() if line.startswith("stem:"))
    (problem,) = told(TINY.replace(stem, f"stem: {{en: '${{{SUM}}}$'}}"))
    assert "stem: '{x_{0}+x_{1}+x_{2}+x_{3}+x_{4…' has a part of " in problem
    assert problem.startswith("s1.yaml:")
    assert "expected at most 684; lines end after signs outside of braces" in problem
    assert told(TINY.replace(stem, f"stem: {{en: '${SUM}$'}}")) == []


def test_an_exams_own_texts_are_measured(tmp_path: Path) -> None:
    """As those of its questions are."""
    path = exam_of(tmp_path, TINY)
    path.write_text(path.read_text() + f"instructions: '${{{SUM}}}$'\n", encoding="utf-8")
    with pytest.raises(ExamgenError, match=r"exam.yaml:6: instructions: .* where no line may end"):
        proofread(load_exam(path))


def test_a_symbol_is_short() -> None:
    """It stands in tables and before answers."""
    (problem,) = told(with_symbols(f"{{z: '{WORD}'}}"))
    assert "symbols.z: " in problem
    assert problem.endswith("points wide, expected at most 150 for a symbol")


def test_an_equation_is_not_shrunk_beyond_reading() -> None:
    """It is told where the formula stands; brackets are not broken."""
    terms = " + ".join(f"x*x*x*{n}.125" for n in range(1, 30))
    (problem,) = told(TINY.replace("z: ", f"z: x*({terms}) + ", 1))
    assert ": graph.formulas.z: '" in problem
    assert "where no line may end, expected at most" in problem


@pytest.mark.parametrize(
    ("ask", "language", "expected"),
    [
        ("{en: Compute it.}", "de", "not all in German: q1 (tiny)"),
        ("Compute the value.", "de", "not all in German: q1 (tiny)"),
        ("Berechnen Sie $a$ und $of$.", "de", ""),
        ("{en: Compute it., de: Berechnen Sie.}", "de", ""),
        ("'$z$'", "de", ""),
        ("{de: Berechnen Sie.}", "en", "not all in English: q1 (tiny)"),
        ("Berechnen Sie das Gewicht.", "en", "not all in English: q1 (tiny)"),
    ],
)
def test_questions_of_another_language_are_named(
    tmp_path: Path, ask: str, language: str, expected: str
) -> None:
    """Where no language is said, common words tell which it is."""
    text = re.sub(r"- ask: .*", lambda _: f"- ask: {ask}", TINY)
    assert untranslated(load_exam(exam_of(tmp_path, text, language))) == expected
