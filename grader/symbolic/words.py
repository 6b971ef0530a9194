"""What words mean: names, functions, derivatives written as quotients, and products of names.

A word that is no name may be a product of names (`w2s`) if it is so in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from examgen.errors import cut
from grader.symbolic.names import Names
from grader.symbolic.tokens import NotRead, Token, Unit

FUNCTIONS = {
    **dict.fromkeys(("sigma", "sigmoid", "logistic", "sigm"), "sigmoid"),
    **dict.fromkeys(("relu", "ReLU", "RELU", "Relu", "ReLu"), "relu"),
    **dict.fromkeys(("lrelu", "LReLU", "leakyrelu", "LeakyReLU"), "leaky_relu"),
    **dict.fromkeys(("tanh", "Tanh"), "tanh"),
    **dict.fromkeys(("ln", "log"), "log"),
    **dict.fromkeys(("exp", "sqrt", "abs", "max", "min", "softplus", "sign"), ""),
    "sgn": "sign",
}
"""The function of the formula language for each spelling; "" for its own."""
_WITH_SLOPE = ("sigmoid", "relu", "tanh", "leaky_relu")
_MOST_FACTORS = 3  # of a word that is a product; what is longer is more likely a word
_MOST_SHOWN = 24


def function_of(key: str) -> str:
    """The function that a word means, or nothing.

    >>> function_of("ReLU"), function_of("dsigmoid"), function_of("sigma1"), function_of("f")
    ('relu', "sigmoid'", 'sigmoid', '')
    """
    found = re.fullmatch(r"(d?)([A-Za-z]+?)(prime)?([0-9]?)", key)
    if found is None or found[2] not in FUNCTIONS:
        return ""
    slope, name, prime, number = found.groups()
    function = FUNCTIONS[name] or name
    if (slope or prime or number) and function not in _WITH_SLOPE:
        return ""
    return f"{function}'" if slope or prime else function


def resolve(found: Sequence[Token], names: Names) -> list[Token]:
    """The tokens with names and functions for words. Raises NotRead for what is neither."""
    resolved: list[Token] = []
    place = 0
    while place < len(found):
        derivative = _derivative(found, place, names)
        if derivative is not None:
            token, place = derivative
            resolved.append(token)
        elif found[place].kind == "word":
            resolved += _word(found, place, names)
            place += 1
        else:
            resolved.append(found[place])
            place += 1
    return resolved


_OPEN, _CLOSE = ("(", "{"), (")", "}")


def _derivative(found: Sequence[Token], place: int, names: Names) -> tuple[Token, int] | None:
    r"""`dL/dx`, `\frac{dL}{dx}`, `dL/d(x)`, `message(x)` as one token, and the place behind it."""
    first = found[place]
    if port := _port(found, place, names):
        return port
    is_fraction = first.text == "frac"
    above = _differential(found, place + is_fraction)
    if above is None or not (is_fraction or _is_sign(found[above[1]], "/")):
        return None
    below = _differential(found, above[1] + (not is_fraction))
    if below is None or not _are_differentials(above[0], below[0], names):
        return None
    if above[0].key != f"d{names.loss}":
        raise NotRead(
            f"the local derivative {_shown(above[0].text)}/{_shown(below[0].text)} "
            "has to be written out",
            first.column,
        )
    return _looked_up(f"{above[0].key}{below[0].key}", first, below[0], names), below[1]


def _are_differentials(above: Token, below: Token, names: Names) -> bool:
    if not (above.key.startswith("d") and below.key.startswith("d")):
        return False
    if above.partial or below.partial or above.key == f"d{names.loss}":
        return True
    both = (above.key, below.key)
    return all(key[1:] in names.known and key not in names.known for key in both)


def _differential(found: Sequence[Token], place: int) -> tuple[Token, int] | None:
    """`dx`, `(dx)`, `{d x}`, `d(x)` as one word, and the place behind."""
    opened = _is_sign(found[place], *_OPEN)
    inner = _apart(found, place + opened) or _bare(found, place + opened)
    if inner is None or not opened:
        return inner
    return (inner[0], inner[1] + 1) if _is_sign(found[inner[1]], *_CLOSE) else None


def _apart(found: Sequence[Token], place: int) -> tuple[Token, int] | None:
    """`d(x)` and `d x`: the d and the name are two words."""
    if found[place].kind != "word" or found[place].key != "d":
        return None
    inner = _bracketed(found, place + 1) or _bare(found, place + 1)
    if inner is None:
        return None
    units = (Unit("d"), *inner[0].units)
    return replace(inner[0], text=f"d{inner[0].text}", units=units), inner[1]


def _bare(found: Sequence[Token], place: int) -> tuple[Token, int] | None:
    """A word, and the place behind it."""
    return (found[place], place + 1) if found[place].kind == "word" else None


def _bracketed(found: Sequence[Token], place: int) -> tuple[Token, int] | None:
    """A word in brackets, and the place behind them."""
    if not _is_sign(found[place], *_OPEN) or found[place + 1].kind != "word":
        return None
    return (found[place + 1], place + 3) if _is_sign(found[place + 2], *_CLOSE) else None


def _port(found: Sequence[Token], place: int, names: Names) -> tuple[Token, int] | None:
    if found[place].key not in ("message", "total") or not _is_sign(found[place + 1], "("):
        return None
    inner = _bracketed(found, place + 1)
    if inner is None:
        return None
    key = f"{found[place].key}({inner[0].key})"
    return _looked_up(key, found[place], inner[0], names), inner[1]


def _is_sign(token: Token, *signs: str) -> bool:
    return token.kind == "sign" and token.text in signs


def _looked_up(key: str, first: Token, last: Token, names: Names) -> Token:
    shown = f"{_shown(first.text)}/{_shown(last.text)}".replace("frac/", f"d{names.loss}/")
    token = _name(key, replace(first, text=shown), names)
    if token is None:
        raise _unknown(shown, first.column, names)
    _refuse_tail(last, key, names)
    return token


def _name(key: str, token: Token, names: Names) -> Token | None:
    """The token of a key that is a name; None for one that is not."""
    if key in names.choices:
        meant = " or ".join(names.choices[key])
        raise NotRead(f"'{_shown(token.text)}' may mean {meant}: write which", token.column)
    if key in names.known:
        return Token("name", names.known[key], token.column)
    if key in names.asked:
        return Token("asked", token.text, token.column)
    return None


def _word(found: Sequence[Token], place: int, names: Names) -> list[Token]:
    """What a word on its own means: a name, a function, or a product of names."""
    token, behind = found[place], found[place + 1]
    key = token.key
    plain = "".join(unit.text for unit in (*token.units[:1], *token.units[2:]))
    if token.raised and key in names.known and plain in names.known:
        raise NotRead(f"'{token.text}' may be an index or a power", token.column)
    if (name := None if token.partial and key == "d" else _name(key, token, names)) is not None:
        _refuse_tail(token, key, names)
        return [name]
    if function := function_of(key):
        return [Token("function", function, token.column)]
    if key == "e" and _is_sign(behind, "^"):
        return [Token("euler", "e", token.column)]
    factors = _factors(token, names)
    if not factors:
        raise _unknown(token.text, token.column, names)
    _refuse_tail(token, factors[-1], names)
    return [_factor(part, token, names) for part in factors]


def _refuse_tail(token: Token, key: str, names: Names) -> None:
    """`h_t-1` without blanks: h of the step before, or h_t less one?"""
    if token.tail and key.removeprefix(f"d{names.loss}d") + token.tail in names.other_steps:
        text = f"{_shown(token.text)}{token.tail}"
        braced = re.sub(r"_?t([-+]1)$", r"_(t\1)", text)
        spaced = f"{_shown(token.text)} {token.tail[0]} 1"
        raise NotRead(f"'{text}' may mean {braced} or {spaced}: write which", token.column)


def _factors(token: Token, names: Names) -> tuple[str, ...]:
    """The names whose product a word is, if that can be read in one way; else nothing."""
    key = token.key
    if token.partial or (key.startswith("d") and key[1:] in {*names.known, names.loss}):
        return ()
    readings = list(_readings(token.units, names, _MOST_FACTORS))
    if len(readings) > 1:
        ways = " or ".join("*".join(reading) for reading in readings[:2])
        raise NotRead(f"'{_shown(token.text)}' may mean {ways}: write which", token.column)
    return readings[0] if readings else ()


def _factor(key: str, token: Token, names: Names) -> Token:
    found = _name(key, token, names)
    if found is not None:
        return found
    return Token("function", function_of(key), token.column)


def _readings(units: Sequence[Unit], names: Names, most: int) -> Iterator[tuple[str, ...]]:
    """Every way to read units as at most so many names, the last of which may be a function."""
    if not units:
        yield ()
        return
    key = ""
    for count, unit in enumerate(units, start=1):
        key += unit.text
        if most and (count == len(units) or not units[count].glued):
            last = count == len(units)
            if key in names.known or key in names.choices or (last and function_of(key)):
                for rest in _readings(units[count:], names, most - 1):
                    yield (key, *rest)


def _unknown(text: str, column: int, names: Names) -> NotRead:
    shown = _shown(text)
    near = get_close_matches(shown, names.offered, n=1, cutoff=0.6)
    meant = f" (did you mean {near[0]}?)" if near else ""
    more = ", ..." if len(names.offered) > _MOST_SHOWN else ""
    listed = ", ".join(names.offered[:_MOST_SHOWN]) + more
    reason = f'there is no quantity "{shown}" here{meant}; a formula may use {listed}'
    return NotRead(reason, column)


def _shown(text: str) -> str:
    return cut(text, 20)
