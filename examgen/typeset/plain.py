"""A formula as one line of Unicode, for terminals and for who cannot see the page."""

from __future__ import annotations

import unicodedata

from examgen.typeset.parse import parse
from examgen.typeset.symbols import Class
from examgen.typeset.tree import (
    Accent,
    Atom,
    Fenced,
    Fraction,
    Root,
    Row,
    Scripts,
    Space,
    Tree,
)

_SUB = dict(
    zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_SUP = dict(zip("0123456789+−=()inT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀᵀ", strict=True))


def plain(tex: str) -> str:
    r"""The formula on one line.

    >>> plain(r"\frac{\partial L}{\partial w_{21}} = -0.5 \hat y")
    '∂L/∂w₂₁ = −0.5ŷ'

    Raises:
        ExamgenError: as `parse` does.
    """
    return _line(parse(tex)).strip()


def _line(tree: Tree) -> str:
    if isinstance(tree, Atom):
        return tree.text
    if isinstance(tree, Space):
        return " " if tree.em > 0.1 else ""
    if isinstance(tree, Row):
        return _row(tree)
    if isinstance(tree, Scripts):
        return _line(tree.base) + _script(tree.sub, "_", _SUB) + _above(tree)
    return _structure(tree)


def _structure(tree: Tree) -> str:
    if isinstance(tree, Fraction):
        return f"{_wrapped(tree.over)}/{_wrapped(tree.under)}"
    if isinstance(tree, Accent):
        base = _line(tree.base)
        return unicodedata.normalize("NFC", base[:1] + tree.mark + base[1:])
    if isinstance(tree, Root):
        return f"√{_wrapped(tree.body)}"
    assert isinstance(tree, Fenced), "bug: not yet in plain"
    return f"{tree.left}{_line(tree.body)}{tree.right}"


def _above(tree: Scripts) -> str:
    return "′" * tree.primes + _script(tree.sup, "^", _SUP)


def _script(tree: Tree | None, sign: str, small: dict[str, str]) -> str:
    if tree is None:
        return ""
    text = _line(tree).replace(" ", "")
    if all(char in small for char in text):
        return "".join(small[char] for char in text)
    grouped = text.isalnum() or (text.startswith("(") and text.endswith(")"))
    return f"{sign}{text}" if grouped else f"{sign}({text})"


def _wrapped(tree: Tree) -> str:
    text = _line(tree)
    loose = any(char in text for char in " +/⋅×⊙") or text.startswith("−")
    return f"({text})" if loose else text


def _row(tree: Row) -> str:
    text, before = "", "open"
    for item in tree.items:
        cls = class_of_tree(item)
        text += _spaced(item, cls, before)
        before = cls if cls != "space" else before
    return text


def _spaced(item: Tree, cls: str, before: str) -> str:
    line = _line(item)
    if cls == "rel" or (cls == "bin" and before not in ("open", "bin", "rel", "op", "punct")):
        return f" {line} "
    if cls == "punct":
        return f"{line} "
    if cls == "op" and before in ("ord", "close"):
        return f" {line}"
    return f" {line}" if before == "op" and cls == "ord" else line


def class_of_tree(tree: Tree) -> Class:
    """TeX's class of a whole part: that of its nucleus."""
    if isinstance(tree, Atom):
        return tree.cls
    if isinstance(tree, Scripts):
        return class_of_tree(tree.base)
    return "space" if isinstance(tree, Space) or tree == Row() else "ord"
