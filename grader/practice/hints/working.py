"""Hints to the wrong line of a printed working: what should stand there, among ever fewer lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from examgen.printing import define
from examgen.solution import written_out
from examgen.solution.plan import Plan
from examgen.solution.sentences import Sentences
from examgen.solution.words import WORDS as SOLUTION_WORDS
from examgen.text import Language
from grader.practice.hints.drafts import Draft
from grader.practice.hints.words import WORDS, HintWords


def wrong_line(plan: Plan, language: Language) -> Iterator[Draft]:
    """From line to line what should stand there; which one is wrong only at the end."""
    planted, words = plan.template.planted, WORDS[language]
    assert planted is not None, "bug: no working"
    lines = [_right_line(plan, name, planted.names) for name in planted.names]
    yield Draft("rule", (words.check,))
    yield Draft("rule", (words.should,), tuple(lines))
    for first, last in narrowed(planted.wrong, len(lines)):
        yield _among(first, last, lines, words)
    sentences = Sentences(plan, SOLUTION_WORDS[language], language)
    yield Draft("answer", (sentences.mistake(planted),), answers=True)


def _right_line(plan: Plan, name: str, above: Collection[str]) -> str:
    """What a line should compute, from the lines above it."""
    hidden = set(plan.quantities.adjoints) - {*above, name}
    node = written_out(plan.quantities.nodes[name], hidden)
    return f"{plan.symbols.tex(name)} = {define(node, plan.symbols)}"


def _among(first: int, last: int, lines: Sequence[str], words: HintWords) -> Draft:
    """That the wrong line is one of some, counted from 0."""
    said = [words.right_above.format(first=first + 1)] if first else []
    word = words.either if last - first == 2 else words.among
    said.append(word.format(first=first + 1, last=last))
    return Draft("local", tuple(said), tuple(lines[first:last]))


def narrowed(wrong: int, count: int) -> Iterator[tuple[int, int]]:
    """Ever fewer lines, from the first up to before the last, with the wrong one among them.

    They are halved, so that where the wrong one is among them cannot be guessed; two are left.
    """
    first, last = 0, count
    while last - first > 3:
        middle = (first + last) // 2
        first, last = (first, middle) if wrong < middle else (middle, last)
        yield first, last
