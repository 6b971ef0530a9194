"""Where bytes stand in a large text, window by window, so that it takes little memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.arrays import Counts, Indices
from grader.reading.tabular import MAX_RAW, shortened

_WINDOW = 2**24


def line_spans(content: bytes) -> Indices:
    """First and last byte of each line, `(lines, 2)`."""
    found = [positions for _, positions in _hits(content, b"\n")]
    ends = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    if not content.endswith(b"\n"):
        ends = np.append(ends, len(content))
    return np.column_stack((np.concatenate(([0], ends[:-1] + 1))[: len(ends)], ends))


def counts(content: bytes, byte: bytes, spans: Indices) -> Counts:
    """How often a byte stands in each span, `(spans,)`; spans ascend and do not overlap."""
    edges = spans.ravel()
    before = np.zeros(len(edges), dtype=np.int64)
    if byte in content:
        seen = 0
        for start, positions in _hits(content, byte):
            inside = slice(*np.searchsorted(edges, (start, start + _WINDOW)))
            before[inside] = seen + np.searchsorted(positions, edges[inside])
            seen += len(positions)
        before[edges >= start + _WINDOW] = seen
    return before[1::2] - before[::2]


def _hits(content: bytes, byte: bytes) -> Iterator[tuple[int, Indices]]:
    """The start of each window, and where in it (counted from the text's start) the byte stands."""
    data = np.frombuffer(content, dtype=np.uint8)
    for at in range(0, len(data), _WINDOW):
        yield at, np.flatnonzero(data[at : at + _WINDOW] == ord(byte)) + at


def shown(content: bytes, span: Indices, limit: int = MAX_RAW) -> str:
    """The text of a span, its end left out where it is long."""
    start, end = span.tolist()
    text = content[start : min(end, start + 4 * limit)].decode(errors="replace")
    whole = len(text) <= limit and start + 4 * limit >= end
    return shortened(text, None if whole else end - start, limit)
