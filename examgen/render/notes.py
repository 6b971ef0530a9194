"""What instructors are told beside a worked answer: the mistakes to look for."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.render.blocks import Block, Frame, Mark
from examgen.render.style import FRAME_PAD, LABEL_INDENT, SMALL
from examgen.render.words import Words
from examgen.typeset import BOLD, REGULAR, lines, stack, text_box

_INDENT = 10.0  # points, of a note behind its dot


def notes_blocks(notes: Sequence[str], words: Words, width: float) -> list[Block]:
    """The notes to a part in a light box, indented as the answer above; none for none."""
    if not notes:
        return []
    left, wide = LABEL_INDENT, width - LABEL_INDENT
    inner = wide - 2 * FRAME_PAD - _INDENT
    title = text_box(words.notes, BOLD, SMALL)
    y = FRAME_PAD - 2.0 + title.height
    marks = [Mark(left + FRAME_PAD, y, title, "LBody", 0)]
    for row, text in enumerate(notes, start=1):
        box = stack(lines(text, inner, SMALL, REGULAR, words.language), inner, SMALL)
        y += 3.5 + box.height
        marks.append(Mark(left + FRAME_PAD, y, text_box("•", REGULAR, SMALL), "Lbl", row))
        marks.append(Mark(left + FRAME_PAD + _INDENT, y, box, "LBody", row))
        y += box.depth
    height = y + FRAME_PAD - 3.0
    light = Mark(left, height, Frame(wide, height, fill=0.955, line=0.0), "Artifact")
    return [Block(height, (light, *marks), before=6.0, role="L")]
