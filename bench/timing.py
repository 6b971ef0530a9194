"""Medians of repeated runs, and how they are printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def median_seconds(run: Callable[[], object], runs: int = 7) -> float:
    """The median time of a call, after one that does not count."""
    run()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def report(what: str, rate: float, unit: str, bar: str, peer: tuple[str, float] | None) -> None:
    """One line: the figure, its bar, and the ratio to a peer measured in the same run."""
    beside = f"; {rate / peer[1]:,.1f} x {peer[0]}" if peer else ""
    print(f"{what}: {rate:,.4g} {unit} (bar: {bar}{beside})")
