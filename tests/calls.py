"""How much is done, counted in calls: the same number on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


class TooMuchWorkError(AssertionError):
    """More calls than were allowed."""


def within(most: int, action: Callable[[], object]) -> int:
    """The calls of functions `action` makes, C's included; it is stopped after `most`.

    A single call that never returns is not seen: that is what `faulthandler_timeout` is for.
    """
    made = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        if event in {"call", "c_call"}:
            made += 1
            if made > most:
                sys.setprofile(None)
                raise TooMuchWorkError(f"more than {most:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return made
