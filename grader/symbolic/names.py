"""Which quantity a key means: every spelling of a name has one key, and keys are looked up.

`h_1`, `h[1]`, `h1`, `h_{1}` have the key `h1`; `dL/dh_t`, `dL_dh_t` and a fraction of partials have
`dLdht`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from examgen.notation import PORT, Symbols
from examgen.vocabulary import Vocabulary, typed
from grader.symbolic.characters import respelled
from grader.symbolic.scanner import tokens
from grader.symbolic.tokens import NotRead


@dataclass(frozen=True)
class Names:
    """The keys of everything that a text may speak of, or speaks of wrongly.

    known: the quantity of each key, also of derivatives that are not allowed: a formula with one
    of these may be plainly wrong. choices: keys that may mean several, and how each is typed.
    asked: keys of the asked quantity. offered: all that is allowed, as typed. loss: its key. steps:
    whether t is an index.
    """

    known: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    asked: frozenset[str]
    offered: tuple[str, ...]
    loss: str
    steps: bool

    @cached_property
    def other_steps(self) -> frozenset[str]:
        """Keys at the steps t-1 and t+1, without dL/."""
        keys = (*self.known, *self.choices, *self.asked)
        ends = ("t-1", "t+1")
        return frozenset(key.removeprefix(f"d{self.loss}d") for key in keys if key.endswith(ends))


Same = Callable[[str, str], bool]
"""Whether two quantities are one and the same, whatever they are called."""


def names_of(words: Vocabulary, loss: str, same: Same) -> Names:
    """The keys of a slot's vocabulary."""
    meant = _copies(words) | _meanings(words, words.names)
    known: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for key, quantities in meant.items():
        if all(same(quantities[0], other) for other in quantities[1:]):
            known[key] = quantities[0]
        else:
            choices[key] = tuple(dict.fromkeys(typed(words.plain(name)) for name in quantities))
    asked = frozenset(_meanings(words, [words.asked])) - meant.keys()
    for key, quantities in _meanings(words, words.refused).items():
        if key not in meant and key not in asked:
            known[key] = quantities[0]
    choices |= _other_steps(words, meant.keys() | asked)
    offered = tuple(dict.fromkeys(typed(words.plain(name)) for name in words.names))
    return Names(known, choices, asked, offered, plain_key(loss), words.step is not None)


def _meanings(words: Vocabulary, names: Iterable[str]) -> dict[str, list[str]]:
    """The quantities of every key: exact spellings first, then those without their index."""
    names = list(names)
    found: dict[str, list[str]] = {}
    for name in names:
        for key in _keys(words, name):
            found.setdefault(key, []).append(name)
    short: dict[str, list[str]] = {}
    for name in names:
        if key := _short(words, name):
            short.setdefault(key, []).append(name)
    return found | {key: names for key, names in short.items() if key not in found}


def _other_steps(words: Vocabulary, taken: Set[str]) -> dict[str, tuple[str, ...]]:
    """Keys without a step that would mean a derivative that is not allowed: it may be the next."""
    found: dict[str, tuple[str, ...]] = {}
    for name in words.refused:
        family = words.plain(name).partition("[")[0]
        allowed = map(words.plain, words.derivatives)
        members = [plain for plain in allowed if plain.partition("[")[0] == family]
        if members and (key := _short(words, name)) and key not in taken:
            found[key] = tuple(map(typed, (words.plain(name), *members)))
    return found


def _copies(words: Vocabulary) -> dict[str, list[str]]:
    """`w[t]`, a weight as step t uses it, is the weight itself."""
    uses = words.symbols.uses.items()
    return {key: [weight] for copy, weight in uses for key in _keys(words, copy)}


def _keys(words: Vocabulary, name: str) -> tuple[str, ...]:
    """The keys of a name at its own step and at step t, as text and as TeX."""
    plainest = words.symbols if words.step is None else _fixed(words.symbols)
    symbols = (words.symbols, plainest)
    keys = [plain_key(one.plain(name)) for one in symbols]
    keys += filter(None, (tex_key(one.tex(name)) for one in symbols))
    return tuple(dict.fromkeys(keys))


def _fixed(symbols: Symbols) -> Symbols:
    """The same symbols with numbers for steps."""
    return Symbols(
        symbols.overrides,
        symbols.uses,
        symbols.carries,
        symbols.initial,
        symbols.message_first,
        symbols.shared,
    )


def _short(words: Vocabulary, name: str) -> str:
    """The key without an index of step, where that index goes without saying.

    At any step t, `yhat` and `dL/dh` are those of step t; but the state `h` may be h_t or h_(t-1).
    """
    plain = words.plain(name)
    ends = ("[t]",) if "/d" in plain else ("[t]", "[t-1]")
    if not plain.endswith("]") or (words.step is not None and not plain.endswith(ends)):
        return ""
    return plain_key(plain.rpartition("[")[0])


def plain_key(plain: str) -> str:
    """The key of a name of the formula language.

    >>> plain_key("dL/dh[t-1]"), plain_key("w_xh"), plain_key("z_f[1]")
    ('dLdht-1', 'wxh', 'zf1')
    """
    if port := PORT.fullmatch(plain):
        return f"{port['port']}({plain_key(port['state'])})"
    return re.sub(r"[\[\]_/,]", "", plain)


def tex_key(tex: str) -> str:
    r"""The key of a name in TeX; nothing for what no student could type.

    >>> tex_key(r"\frac{\partial L}{\partial w_{xh}^{(t)}}"), tex_key(r"z_{\tilde{c},t}")
    ('dLdwxht', 'zctildet')
    """
    try:
        words = [token for token in tokens(respelled(tex), steps=True) if token.kind == "word"]
    except NotRead:
        return ""
    return "".join(word.key for word in words)
