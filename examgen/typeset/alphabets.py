"""Letters in other alphabets: Unicode's mathematical ones, and trees restyled in them.

Blackboard, script, Fraktur and sans-serif letters are characters of their own; bold and italic ones
stay what they are and get a style, for fonts and searches know them better so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import groupby
from typing import Any

from examgen.typeset.tree import Atom, Row, Style, Tree

_STYLES: dict[str, Style] = {
    "mathrm": "upright",
    "mathup": "upright",
    "mathbf": "bold",
    "mathit": "italic",
    "boldsymbol": "bold italic",
    "bm": "bold italic",
}
_SIGN_BY_SIGN = frozenset({"boldsymbol", "bm", "mathcal", "mathbb"})  # no words, but products
# First characters for A, a, Α, α and 0 (none: left as they are), and the holes in the ranges, which
# older blocks of Unicode fill.
_FIRSTS: dict[str, tuple[int, int, int, int, int]] = {
    "bold": (0x1D400, 0x1D41A, 0x1D6A8, 0x1D6C2, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, 0x1D6E2, 0x1D6FC, 0),
    "bold italic": (0x1D468, 0x1D482, 0x1D71C, 0x1D736, 0x1D7CE),
    "mathbb": (0x1D538, 0x1D552, 0, 0, 0x1D7D8),
    "mathcal": (0x1D49C, 0x1D4B6, 0, 0, 0),
    "mathfrak": (0x1D504, 0x1D51E, 0, 0, 0),
    "mathsf": (0x1D5A0, 0x1D5BA, 0, 0, 0),
}
_RANGES = (("A", "Z"), ("a", "z"), ("Α", "Ω"), ("α", "ω"), ("0", "9"))
_OTHER: dict[str, dict[str, str]] = {
    "bold": {"∇": "𝛁", "∂": "𝛛", "ϵ": "𝛜", "ϑ": "𝛝", "ϕ": "𝛟", "ϱ": "𝛠", "ϖ": "𝛡"},
    "italic": {"h": "ℎ"},
    "bold italic": {"∇": "𝛁", "∂": "𝝏", "ϵ": "𝝐", "ϑ": "𝝑", "ϕ": "𝝓", "ϱ": "𝝔", "ϖ": "𝝕"},
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "mathfrak": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}
ALPHABETS = (*_STYLES, "mathbb", "mathcal", "mathscr", "mathfrak", "mathsf")
"""The commands that change the letters of their argument."""


def lettered(text: str, alphabet: str) -> str:
    """Letters and digits as characters of a mathematical alphabet, where Unicode has them.

    >>> lettered("W1", "bold"), lettered("R1", "mathbb")
    ('𝐖𝟏', 'ℝ𝟙')
    """
    return "".join(_letter(char, alphabet) for char in text)


def _letter(char: str, alphabet: str) -> str:
    if other := _OTHER.get(alphabet, {}).get(char):
        return other
    for (low, high), first in zip(_RANGES, _FIRSTS[alphabet], strict=True):
        if first and low <= char <= high:
            return chr(first + ord(char) - ord(low))
    return char


def restyled(tree: Tree, command: str) -> Tree:
    """Every letter of a tree in another alphabet; a word of letters becomes one unit."""
    alphabet = "mathcal" if command == "mathscr" else command
    return _restyled(tree, alphabet)


def _restyled(tree: Tree, alphabet: str) -> Tree:
    if isinstance(tree, Atom):
        return _atom(tree, alphabet)
    changed = _mapped(tree, lambda part: _restyled(part, alphabet))
    if isinstance(changed, Row) and alphabet not in _SIGN_BY_SIGN:
        return Row(joined(changed.items, str.isalnum))
    return changed


def _atom(tree: Atom, alphabet: str) -> Atom:
    if tree.cls == "op" or tree.style == "text":
        return tree
    if alphabet not in _STYLES:
        return replace(tree, text=lettered(tree.text, alphabet), style="upright")
    if alphabet in ("boldsymbol", "bm"):
        return replace(tree, style="bold italic" if _is_slanted(tree) else "bold")
    return replace(tree, style=_STYLES[alphabet])


def _is_slanted(tree: Atom) -> bool:
    """Whether it is an italic letter by itself: capital Greek letters and signs are not."""
    return tree.style in ("math", "italic") and tree.text.isalpha() and not "Α" <= tree.text <= "Ω"


def _mapped(tree: Any, change: Callable[[Tree], Tree]) -> Tree:
    """The tree with its parts changed, one level deep."""
    found = {field.name: getattr(tree, field.name) for field in fields(tree)}
    changed: Tree = replace(tree, **{name: _mapped_value(v, change) for name, v in found.items()})
    return changed


def _mapped_value(value: Any, change: Callable[[Tree], Tree]) -> Any:
    if isinstance(value, tuple):
        return tuple(_mapped_value(part, change) for part in value)
    return change(value) if isinstance(value, Tree) else value


def joined(items: tuple[Tree, ...], belongs: Callable[[str], bool]) -> tuple[Tree, ...]:
    """Neighbouring ordinary characters of one style and kind made one unit."""

    def key(placed: tuple[int, Tree]) -> object:
        place, item = placed
        if isinstance(item, Atom) and item.cls == "ord" and belongs(item.text):
            return item.style
        return place  # not the item itself, which may well stand there twice

    groups = ([item for _, item in group] for _, group in groupby(enumerate(items), key))
    return tuple(members[0] if len(members) == 1 else _one(members) for members in groups)


def _one(members: list[Tree]) -> Tree:
    atoms = [member for member in members if isinstance(member, Atom)]
    return replace(atoms[0], text="".join(atom.text for atom in atoms))
