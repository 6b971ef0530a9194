"""The worked answers as blocks: sentences, and formulas aligned at their relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from examgen.render.blocks import Block
from examgen.render.parts import (
    LABEL_INDENT,
    SIZE,
    display,
    givens,
    heading,
    labelled,
    part_label,
    prose,
)
from examgen.render.words import Words
from examgen.sheet import QuestionSheet, WorkedPart


def worked_blocks(
    question: QuestionSheet, worked: Sequence[WorkedPart], words: Words, width: float
) -> list[Block]:
    """A question's heading, its numbers, and the worked answer to every part."""
    blocks = [heading(question, words, width), *givens(question.givens, width)]
    for part in worked:
        blocks += _part(part, width)
    return blocks


def _part(part: WorkedPart, width: float) -> list[Block]:
    blocks: list[Block] = []
    for is_formula, group in groupby(part.lines, key=lambda line: formula_of(line) is not None):
        texts = list(group)
        if is_formula:
            blocks += _formulas(part.label if not blocks else "", texts, width)
        elif blocks:
            blocks += [_indented(prose(text, width - LABEL_INDENT), LABEL_INDENT) for text in texts]
        else:
            blocks.append(replace(labelled(part.label, texts[0], width), keep=True))
            blocks += [
                _indented(prose(text, width - LABEL_INDENT), LABEL_INDENT) for text in texts[1:]
            ]
    return blocks


def _formulas(label: str, texts: Sequence[str], width: float) -> list[Block]:
    found = [tex for tex in map(formula_of, texts) if tex is not None]
    blocks = [_indented(b, LABEL_INDENT) for b in display(found, width - LABEL_INDENT)]
    if not label:
        return blocks
    tag = labelled(label, "", width)
    return [replace(tag, keep=True), *blocks]


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


__all__ = ["SIZE", "formula_of", "part_label", "worked_blocks"]
