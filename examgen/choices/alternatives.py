"""What an alternative is: its kind, its texts, and how people say it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import get_args

from examgen.errors import cut
from examgen.notation import decimal
from examgen.strict_yaml import Data, KeyPath
from examgen.text import Language

LANGUAGES = frozenset(get_args(Language))
REFERENCE = re.compile(r"<([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?>")
_LONGEST_LABEL = 60
_PLACES = 70  # decimals: more than a number in a file can have


def has_fields(value: Data) -> bool:
    """Whether an alternative is a mapping, and not a text in several languages."""
    return isinstance(value, dict) and not is_text(value)


def is_text(value: Data) -> bool:
    """Whether an alternative is a text in several languages."""
    return isinstance(value, dict) and bool(value) and LANGUAGES.issuperset(value)


def texts(data: Data) -> Iterator[str]:
    """Every text and every key of some data."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)
    elif isinstance(data, str):
        yield data


def places_in(value: Data) -> Iterator[KeyPath]:
    """Every place inside some data."""
    children: Sequence[tuple[str | int, Data]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for key, child in children:
        yield (key,)
        yield from ((key, *rest) for rest in places_in(child))


def spoken(text: Mapping[str, Data], language: str) -> Data:
    """A text in a language, or in the one there is."""
    return text.get(language, next(iter(text.values())))


def kind_of(value: Data) -> str:
    """What an alternative is that fits into no text."""
    if is_text(value):
        return "a text in several languages"
    return "a list" if isinstance(value, list) else "several fields"


def worded(value: Data) -> str:
    """A plain value as text.

    >>> worded(Fraction(1, 4)), worded(True), worded("relu")
    ('0.25', 'true', 'relu')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return decimal(Fraction(value), _PLACES) if isinstance(value, int | Fraction) else str(value)


def labels(values: Sequence[Data]) -> tuple[str, ...]:
    """Alternatives as people say them; those that would read alike are numbered."""
    plain = [cut(label(value), _LONGEST_LABEL) for value in values]
    often, met = Counter(plain), Counter[str]()
    told = []
    for one in plain:
        met[one] += 1
        told.append(f"{one} ({met[one]})" if often[one] > 1 else one)
    return tuple(told)


def label(value: Data) -> str:
    """An alternative as people say it: a text by itself, a mapping by its first field.

    >>> label({"w": "w_f", "word": "forget gate"}), label([1, 2])
    ('w_f', '1, 2')
    """
    if isinstance(value, dict):
        return label(next(iter(value.values()), None))
    if isinstance(value, list):
        return ", ".join(map(label, value))
    return "nothing" if value is None else worded(value)
