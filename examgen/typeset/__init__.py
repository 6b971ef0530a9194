"""Mathematics and prose on paper: a TeX subset set in boxes of glyphs and rules.

The face is narrow, so that another engine can take this one's place: `layout` sets a formula,
`relation_parts` and `segments` cut it where it may be broken, `lines` and `stack` set prose,
`plain` and `plain_text` write one line of Unicode. All raise `ExamgenError` with the column.
"""

from examgen.typeset.box import (
    Box,
    Formula,
    Ink,
    Rule,
    Run,
    fitted,
    flat,
    formula,
    place,
    row,
    rule,
    scaled,
    space,
)
from examgen.typeset.breaking import relation_parts, segments
from examgen.typeset.fonts import BOLD, BOLD_ITALIC, ITALIC, REGULAR, Face
from examgen.typeset.layout import layout
from examgen.typeset.plain import plain
from examgen.typeset.prose import lines, plain_text, stack, verbatim_lines
from examgen.typeset.textline import text_box

__all__ = [
    "BOLD",
    "BOLD_ITALIC",
    "ITALIC",
    "REGULAR",
    "Box",
    "Face",
    "Formula",
    "Ink",
    "Rule",
    "Run",
    "fitted",
    "flat",
    "formula",
    "layout",
    "lines",
    "place",
    "plain",
    "plain_text",
    "relation_parts",
    "row",
    "rule",
    "scaled",
    "segments",
    "space",
    "stack",
    "text_box",
    "verbatim_lines",
]
