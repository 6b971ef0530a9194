"""Tests of finding bytes window by window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.reading import scan


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text('a",\n', max_size=30).map(str.encode), window=st.integers(1, 12))
def test_lines_and_counts_are_those_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, content: bytes, window: int
) -> None:
    """Whatever the window, also where it ends with the text."""
    monkeypatch.setattr(scan, "_WINDOW", window)
    spans = scan.line_spans(content)
    lines = content.removesuffix(b"\n").split(b"\n") if content else [b""]
    assert [content[start:end] for start, end in spans] == lines
    for byte in (b'"', b",", b"\n"):
        expected = [line.count(byte) for line in lines]
        np.testing.assert_array_equal(scan.counts(content, byte, spans), expected)
