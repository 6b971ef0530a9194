"""A formula as one line of Unicode, for terminals and for who cannot see the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from examgen.typeset.parse import parse
from examgen.typeset.spacing import class_of_tree
from examgen.typeset.symbols import Class
from examgen.typeset.tree import (
    Accent,
    Atom,
    Braced,
    Bracket,
    Fenced,
    Fraction,
    Grid,
    Root,
    Row,
    Scripts,
    Space,
    Styled,
    Tree,
    parts,
    single,
)

_SUB = dict(
    zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_SUP = dict(zip("0123456789+−=()inT⊤∘∗", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀᵀ°*", strict=True))
_BEFORE_FACTOR = frozenset({"ord", "inner", "fence", "close"})
_AFTER_FACTOR = frozenset({"ord", "inner", "fence", "open"})
_LOOSE = " +/⋅×⊙"  # signs that part what stands above or below a bar


@lru_cache(maxsize=8_000)
def plain(tex: str) -> str:
    r"""The formula on one line.

    >>> plain(r"\frac{\partial L}{\partial w_{21}} = -0.5 \hat y")
    '∂L/∂w₂₁ = −0.5ŷ'
    >>> plain(r"\begin{cases} z & \text{if } z > 0 \\ 0 & \text{else} \end{cases}")
    '{ z if z > 0; 0 else'

    Raises:
        ExamgenError: as `parse` does.
    """
    return _line(parse(tex)).strip()


def _line(tree: Tree) -> str:
    return _WRITERS[type(tree)](tree)


def _atom(tree: Atom) -> str:
    """Sans-serif letters as plain ones: few terminals have them."""
    sans = any("\U0001d5a0" <= char <= "\U0001d5d3" for char in tree.text)
    return unicodedata.normalize("NFKC", tree.text) if sans else tree.text


def _space(tree: Space) -> str:
    return " " if tree.em > 0.1 else ""


def _fraction(tree: Fraction) -> str:
    under = _wrapped(tree.under)
    several = len(parts(tree.under)) > 1 and not under.startswith(("(", "∂", "d"))
    return f"{_wrapped(tree.over)}/({under})" if several else f"{_wrapped(tree.over)}/{under}"


def _accent(tree: Accent) -> str:
    base = _line(tree.base)
    if tree.mark in "\u0305\u0332":
        return "".join(f"{char}{tree.mark}" for char in base)
    if tree.wide and len(base) > 1:
        return f"({base}){tree.mark}"
    return unicodedata.normalize("NFC", base[:1] + tree.mark + base[1:])


def _root(tree: Root) -> str:
    degree = _script(tree.degree, "", _SUP)
    sign = {"³": "∛", "⁴": "∜"}.get(degree, f"{degree}√")
    body = _wrapped(tree.body)
    return (
        f"{sign}({body})" if len(parts(tree.body)) > 1 and not body.startswith("(") else sign + body
    )


def _scripts(tree: Scripts) -> str:
    above = "′" * tree.primes + _script(tree.sup, "^", _SUP)
    return _line(tree.base) + _script(tree.sub, "_", _SUB) + above


def _script(tree: Tree | None, sign: str, small: dict[str, str]) -> str:
    if tree is None:
        return ""
    text = _line(tree).replace(" ", "")
    if all(char in small for char in text):
        return "".join(small[char] for char in text)
    grouped = len(text) == 1 or text.isalnum() or (text.startswith("(") and text.endswith(")"))
    return f"{sign}{text}" if grouped else f"{sign}({text})"


def _wrapped(tree: Tree) -> str:
    text = _line(tree)
    if isinstance(single(tree), Fenced):
        return text
    loose = any(char in text for char in _LOOSE) or text.startswith("−")
    return f"({text})" if loose else text


def _fenced(tree: Fenced) -> str:
    body = single(tree.body)
    if isinstance(body, Grid) and body.kind == "cases":
        return f"{tree.left} {_lines(body, '; ')}".rstrip() + f" {tree.right}".rstrip()
    if isinstance(body, Grid):
        left, right = ("[", "]") if tree.left in ("", "[", "(") else (tree.left, tree.right)
        return f"{left}{_lines(body, '; ')}{right}"
    inner = _line(tree.body) if tree.left and tree.right else _wrapped(tree.body)
    return f"{tree.left}{inner}{tree.right}"


def _bracket(tree: Bracket) -> str:
    return f" {tree.char} " if tree.cls == "rel" else tree.char


def _braced(tree: Braced) -> str:
    """What stands beyond the brace follows in square brackets."""
    label = f" [{_line(tree.label).strip()}]" if tree.label else ""
    return f"{_wrapped(tree.body)}{label}" if label else _line(tree.body)


def _styled(tree: Styled) -> str:
    return _line(tree.body)


def _grid(tree: Grid) -> str:
    if (tree.kind != "aligned" and len(tree.rows[0]) > 1) or tree.kind == "matrix":
        return f"[{_lines(tree, '; ')}]"
    return _lines(tree, "; " if tree.kind == "aligned" else ", ")


def _lines(tree: Grid, separator: str) -> str:
    return separator.join(" ".join(_cells(cells)) for cells in tree.rows)


def _cells(cells: tuple[Tree, ...]) -> list[str]:
    return [text for cell in cells if (text := _line(cell).strip().rstrip(",;"))]


def _row(tree: Row) -> str:
    text, before = "", "open"
    for line, cls in _written(tree.items):
        text += _spaced(line, cls, before)
        before = cls if cls != "space" else before
    return text


def _written(items: tuple[Tree, ...]) -> Iterator[tuple[str, str]]:
    """Each part and its class; a fraction beside a factor in brackets: 2(1/2), (1/2)x."""
    found = [class_of_tree(item) for item in items]
    befores, afters = _nearest(found), _nearest(found[::-1])[::-1]
    for item, cls, before, after in zip(items, found, befores, afters, strict=True):
        beside = before in _BEFORE_FACTOR or after in _AFTER_FACTOR
        called = cls == "fence" and before == "op"
        line = f"({_line(item)})" if beside and _is_fraction(item) else _line(item)
        yield line, "close" if called else cls


def _nearest(found: Sequence[Class]) -> list[Class | None]:
    """For each part the class of what comes before it, spaces left out."""
    nearest: list[Class | None] = []
    last: Class | None = None
    for cls in found:
        nearest.append(last)
        last = last if cls == "space" else cls
    return nearest


def _is_fraction(tree: Tree) -> bool:
    return isinstance(tree.body if isinstance(tree, Styled) else tree, Fraction)


def _is_fenced(tree: Tree) -> bool:
    return isinstance(tree, Fenced) or (isinstance(tree, Scripts) and _is_fenced(tree.base))


def _spaced(line: str, cls: str, before: str) -> str:
    if cls == "rel" or (cls == "bin" and before not in ("open", "bin", "rel", "op", "punct")):
        return f" {line} "
    if cls == "punct":
        return f"{line} "
    named = cls == "op" and before in ("ord", "close", "inner", "fence")
    return f" {line}" if named or (before == "op" and cls in ("ord", "inner", "fence")) else line


_WRITERS: dict[type, Callable[..., str]] = {
    Atom: _atom,
    Space: _space,
    Row: _row,
    Scripts: _scripts,
    Fraction: _fraction,
    Accent: _accent,
    Root: _root,
    Fenced: _fenced,
    Bracket: _bracket,
    Braced: _braced,
    Styled: _styled,
    Grid: _grid,
}
