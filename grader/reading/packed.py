"""Cells that hold several answers: `part 1: 0; part 2: -0.65`, or `0,-0.65`.

Moodle packs the gaps of a cloze question with a word in the site's language; Canvas joins several
blanks by commas and writes a comma inside one as `\\,`. A student can type `0; part 2: 9`, which
makes two parts of one: where the parts are not 1, 2, 3 … the whole cell cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import pyarrow as pa

from grader.reading.tabular import marked_fault, without_mark

Packing = Literal["parts", "commas"]

_PART = re.compile(r"(?:^|;\s*)(?P<word>[^\W\d_]+)\s*(?P<number>\d{1,3})\s*:")
_COMMA = re.compile(r"(?<!\\),")


def parts_in(text: str) -> int:
    """How many parts a cell is packed from; 0 for a cell that is not packed, or forged.

    >>> parts_in("part 1: 0; part 2: -0.65"), parts_in("-0.65")
    (2, 0)
    """
    found = _split_parts(text)
    return len(found) if isinstance(found, list) else 0


def unpack(column: pa.ChunkedArray, wanted: Sequence[int], how: Packing) -> list[pa.ChunkedArray]:
    """A dictionary column cut into one for each wanted part (from 1)."""
    chunks: list[list[pa.Array]] = [[] for _ in wanted]
    for chunk in column.chunks:
        cells = [_part_cells(text, wanted, how) for text in chunk.dictionary.to_pylist()]
        for place, made in enumerate(chunks):
            texts = pa.array([parts[place] for parts in cells], pa.string())
            made.append(_distinct(texts, chunk.indices))
    kind = pa.dictionary(pa.int32(), pa.string())
    return [pa.chunked_array(made, type=kind) for made in chunks]


def _distinct(texts: pa.StringArray, indices: pa.Array) -> pa.DictionaryArray:
    """Coded texts whose dictionary holds each of them once."""
    coded = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices.take(indices), coded.dictionary)


def _part_cells(text: str, wanted: Sequence[int], how: Packing) -> list[str]:
    text = without_mark(text)
    if text.strip() in ("", "-"):
        return [""] * len(wanted)
    found = _split_parts(text) if how == "parts" else _split_commas(text, max(wanted))
    if isinstance(found, str):
        return [marked_fault(text, found)] * len(wanted)
    return [found[part - 1] if part <= len(found) else _absent(text, part) for part in wanted]


def _absent(text: str, part: int) -> str:
    return marked_fault(text, f"there is no part {part} in this cell")


def _split_parts(text: str) -> list[str] | str:
    """The parts of a packed cell, or why it cannot be cut in exactly one way."""
    marks = list(_PART.finditer(text))
    if not marks or marks[0].start() != 0:
        return "a cell that is not cut into parts, such as 'part 1: …'"
    marks = [mark for mark in marks if mark["word"] == marks[0]["word"]]
    numbers = [int(mark["number"]) for mark in marks]
    if numbers != list(range(1, len(numbers) + 1)):
        listed = ", ".join(map(str, numbers[:20]))
        return f"the parts of the cell are {listed}: a response that imitates a part"
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]


def _split_commas(text: str, count: int) -> list[str] | str:
    found = [part.strip().replace("\\,", ",") for part in _COMMA.split(text)]
    if len(found) != count:
        return f"{len(found)} answers between commas, where {count} were asked"
    return found
