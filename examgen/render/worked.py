"""The worked answers as blocks: sentences, and formulas aligned at their relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from examgen.render.blocks import Block, Mark
from examgen.render.equations import display
from examgen.render.notes import notes_blocks
from examgen.render.question import heading
from examgen.render.style import LABEL_INDENT, PART_GAP, apart, paragraphs, part_label, tied
from examgen.render.tables import givens
from examgen.render.words import Words
from examgen.sheet import QuestionSheet, Step, WorkedPart


def worked_blocks(
    question: QuestionSheet,
    worked: Sequence[WorkedPart],
    words: Words,
    width: float,
    *,
    notes: bool = False,
) -> list[Block]:
    """A question's heading, its numbers, and the worked answer to every part.

    notes: with what instructors are told of each.
    """
    blocks = [heading(question, words, width), *tied(givens(question.givens, width))]
    for part in worked:
        blocks += worked_part(part, words.language, width)
        blocks += notes_blocks(part.notes if notes else (), words, width)
    return blocks


def worked_part(part: WorkedPart, language: str, width: float) -> list[Block]:
    """The worked answer to one part, its label in the margin; nothing for an empty one."""
    inner = width - LABEL_INDENT
    blocks = [block for step in part.steps for block in _step(step, language, inner)]
    blocks += [block for text in part.feedback for block in paragraphs(text, inner, language)]
    if not blocks:
        return []
    blocks = [_indented(block, LABEL_INDENT) for block in blocks]
    return [_tagged(blocks[0], part.label), *blocks[1:-1], *_last(blocks[1:])]


def _step(step: Step, language: str, width: float) -> list[Block]:
    """A sentence that leads in, kept with the first of the formulas after it."""
    sentences = paragraphs(step.text, width, language) if step.text else []
    if not step.formulas:
        return sentences
    last = [replace(block, keep=True) for block in sentences[-1:]]
    return [*sentences[:-1], *last, *display(step.formulas, width, centred=False)]


def _last(blocks: Sequence[Block]) -> list[Block]:
    return [replace(block, keep=False) for block in blocks[-1:]]


def _tagged(block: Block, label: str) -> Block:
    """A part's first block with the part's label before it, on the baseline of its first line."""
    tag = Mark(0.0, block.marks[0].y, apart(part_label(label)))
    return replace(block, marks=(tag, *block.marks), before=PART_GAP)


def formula_of(line: str) -> str | None:
    """The TeX of a line that is one formula, with or without its dollars; None for a sentence."""
    text = line.strip()
    if text.startswith("$") and text.endswith("$") and text.count("$") == 2:
        return text[1:-1]
    if "$" not in text and ("=" in text or "\\" in text):
        return text
    return None


def _indented(block: Block, by: float) -> Block:
    return replace(block, marks=tuple(replace(mark, x=mark.x + by) for mark in block.marks))
