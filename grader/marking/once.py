"""Things that are costly to make, kept: each is made once, whichever thread needs it first."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Once(Generic[K, V]):
    """What a function makes of each key; who needs what another thread is making waits for that.

    >>> squares = Once(lambda number: number**2)
    >>> squares(3), squares(3)
    (9, 9)
    """

    def __init__(self, make: Callable[[K], V]) -> None:
        self._make = make
        self._made: dict[K, V] = {}
        self._locks: dict[K, Lock] = {}

    def __call__(self, key: K) -> V:
        """The thing for a key. Raises what making it raises, and tries again the next time."""
        with self._locks.setdefault(key, Lock()):
            if key not in self._made:
                self._made[key] = self._make(key)
            return self._made[key]
