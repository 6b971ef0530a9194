"""A formula as MathML Core, from the tree that the paper is set from: the same spaces, the same
letters upright. A browser sets it without any script.

MathML Core: https://www.w3.org/TR/mathml-core/. It knows `mathvariant="normal"` only, so bold and
other letters are those of Unicode's mathematical alphabets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise

from examgen.typeset.parse import parse
from examgen.typeset.prose import pieces
from examgen.typeset.spacing import MEDIUM, THICK, THIN, between, classes
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
    Style,
    Tree,
)

LONG = 12  # parts of a link of a chain that stay on one line

_OPERATORS = frozenset({"bin", "rel", "open", "close", "punct"})
# Spaces before and after that a browser leaves of its own accord (MathML Core, appendix B.2).
_USUAL: dict[str, tuple[float, float]] = {
    **dict.fromkeys("+−±⋅×", (MEDIUM, MEDIUM)),
    **dict.fromkeys("=<>≤≥≠≈", (THICK, THICK)),
    ",": (0.0, THIN),
    ";": (0.0, THIN),
}
_MARKS = {
    "\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0307": "˙", "\u0308": "¨", "\u20d7": "→",
}  # fmt: skip
# First characters of the mathematical alphabets for A, a, Α, α and 0 (none: left as they are).
_ALPHABETS: dict[Style, tuple[int, int, int, int, int]] = {
    "bold": (0x1D400, 0x1D41A, 0x1D6A8, 0x1D6C2, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, 0x1D6E2, 0x1D6FC, 0),
    "bold italic": (0x1D468, 0x1D482, 0x1D71C, 0x1D736, 0),
}
_RANGES = (("A", "Z"), ("a", "z"), ("Α", "Ω"), ("α", "ω"), ("0", "9"))
_PLANCK = {"\U0001d455": "ℎ"}  # the one hole among these letters
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@lru_cache(maxsize=8_000)
def mathml(tex: str, *, display: bool = False) -> str:
    r"""One `<math>` element; `display` with full-size fractions, on a line of its own.

    >>> mathml("w_1")
    '<math><msub><mi>w</mi><mn>1</mn></msub></math>'

    Raises:
        ExamgenError: as `parse` does.
    """
    kind = ' display="block"' if display else ""
    return f"<math{kind}>{_row(parse(tex).items)}</math>"


@lru_cache(maxsize=8_000)
def breakable(tex: str) -> str:
    """A displayed formula as several `<math>` elements with blanks between, where a line may end:
    before relations, and in a long link of the chain before its signs.

    Raises:
        ExamgenError: as `parse` does.
    """
    items = parse(tex).items
    found = classes(items)
    starts = [i for i, cls in enumerate(found) if cls == "rel" and i and found[i - 1] != "rel"]
    links = _cut(range(len(items)), starts)
    found_pieces = [piece for link in links for piece in _cut(link, _signs(link, items, found))]
    rows = (_written(items[p.start : p.stop], found[p.start : p.stop]) for p in found_pieces)
    return " ".join(f'<math displaystyle="true">{"".join(row)}</math>' for row in rows)


def _cut(places: range, at: Sequence[int]) -> list[range]:
    """The places cut before each of `at`, empty pieces left out."""
    bounds = [places.start, *at, places.stop]
    return [range(a, b) for a, b in pairwise(bounds) if a < b]


def _signs(link: range, items: Sequence[Tree], found: Sequence[Class]) -> list[int]:
    """Sums that a long link may be broken before, or else products; never inside brackets."""
    if len(link) <= LONG:
        return []
    depth, outer = 0, []
    for i in link:
        depth += (found[i] == "open") - (found[i] == "close")
        if not depth and found[i] == "bin" and i > link.start + 1:
            outer.append(i)
    sums = [i for i in outer if isinstance(item := items[i], Atom) and item.text in "+−"]
    return sums or outer


def html_prose(text: str) -> str:
    r"""Prose with mathematics between dollar signs as HTML; all else in it stands for itself.

    >>> html_prose("a < b, $w$")
    'a &lt; b, <math><mi>w</mi></math>'

    Raises:
        ExamgenError: as `examgen.typeset.prose.pieces` does.
    """
    return "".join(mathml(p.text) if p.math else escaped(p.text) for p in pieces(text))


def escaped(text: str) -> str:
    """Text that stands for itself in HTML and XML; what neither may hold is shown as such."""
    return escape(_NO_XML.sub("\ufffd", text))


def _row(items: Sequence[Tree], *, script: bool = False) -> str:
    return "".join(_written(items, classes(items), script=script))


def _group(tree: Tree, *, script: bool) -> str:
    """A part as one element."""
    items = tree.items if isinstance(tree, Row) else (tree,)
    written = _row(items, script=script)
    return written if len(items) == 1 else _mrow(written)


def _mrow(inner: str) -> str:
    return f"<mrow>{inner}</mrow>"


def _written(items: Sequence[Tree], found: Sequence[Class], *, script: bool = False) -> list[str]:
    """The elements of each part of a row, the space before it included."""
    solid = [cls for cls in found if cls != "space"]
    around = iter(zip([None, *solid], [*solid[1:], None], strict=False))
    written = []
    for item, cls in zip(items, found, strict=True):
        before, after = (None, None) if cls == "space" else next(around)
        if isinstance(item, Atom) and item.cls in _OPERATORS:
            written.append(_operator(item.text, item.cls, cls, before, after, script))
        else:
            gap = "" if isinstance(item, Fenced) else _gap(before, cls, script)
            written.append(gap + _element(item, script))
    return written


def _gap(before: Class | None, cls: Class, script: bool) -> str:
    """The space beside the name of a function; signs bring their own."""
    if before is None or before in _OPERATORS or "op" not in (before, cls):
        return ""
    return _blank(between(before, cls, script=script))


def _blank(em: float) -> str:
    """Space of a width in em; MathML has no negative space."""
    return f'<mspace width="{em:.4f}em"></mspace>' if em > 0 else ""


def _operator(
    text: str, own: Class, cls: Class, before: Class | None, after: Class | None, script: bool
) -> str:
    if own in ("open", "close"):
        return _mo(text, stretchy="false", form="prefix" if own == "open" else "postfix")
    if cls == "ord":  # a sign before its number, as in (-1)
        return _mo(text, form="prefix", lspace="0", rspace="0")
    left = between(before, cls, script=script) if before not in (None, "punct", "rel") else 0.0
    right = between(cls, after, script=script) if after else 0.0
    if before and after and (left, right) == _USUAL.get(text):
        return _mo(text)
    return _mo(text, form="infix", lspace=_em(left), rspace=_em(right))


def _em(width: float) -> str:
    return f"{width:.4f}em" if width else "0"


def _mo(text: str, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<mo{written}>{escaped(text)}</mo>"


def _element(tree: Tree, script: bool) -> str:
    return _WRITERS[type(tree)](tree, script)


def _atom(tree: Atom, script: bool) -> str:
    if tree.cls == "op" and tree.style == "math":
        return _mo(tree.text, movablelimits="true")
    if tree.style == "text" or (" " in tree.text and tree.cls != "op"):
        return f"<mtext>{_letters(tree)}</mtext>"
    if tree.text.replace(".", "").isdecimal():
        return f"<mn>{_letters(tree)}</mn>"
    return _identifier(tree)


def _identifier(tree: Atom) -> str:
    """A browser slants a single letter unless told not to, and no longer word."""
    upright = tree.style == "upright" or not tree.text.isalpha() or "Α" <= tree.text <= "Ω"
    if len(tree.text) == 1 and upright:
        return f'<mi mathvariant="normal">{_letters(tree)}</mi>'
    return f"<mi>{_letters(tree)}</mi>"


def _letters(tree: Atom) -> str:
    """Blanks stay, at the edges too; bold and italic words in letters of their own."""
    text = tree.text.replace(" ", "\N{NO-BREAK SPACE}")
    firsts = _ALPHABETS.get(tree.style)
    if firsts and not (tree.style == "italic" and len(text) == 1):
        text = "".join(_restyled(char, firsts) for char in text)
    return escaped(text)


def _restyled(char: str, firsts: Sequence[int]) -> str:
    for (low, high), first in zip(_RANGES, firsts, strict=True):
        if first and low <= char <= high:
            styled = chr(first + ord(char) - ord(low))
            return _PLANCK.get(styled, styled)
    return char


def _space(tree: Space, script: bool) -> str:
    return _blank(tree.em)


def _nested(tree: Row, script: bool) -> str:
    return _group(tree, script=script) if tree.items else ""


def _scripts(tree: Scripts, script: bool) -> str:
    if tree.limits != "never" and not tree.primes:
        return _limits(tree)
    base = _primed(tree, script)
    above = _group(tree.sup, script=True) if tree.sup is not None else ""
    below = _group(tree.sub, script=True) if tree.sub is not None else ""
    if above and below:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    if above:
        return f"<msup>{base}{above}</msup>"
    return f"<msub>{base}{below}</msub>" if below else base


def _primed(tree: Scripts, script: bool) -> str:
    """The base with its primes, which stand high of their own: raised once more they fly away."""
    base = _group(tree.base, script=script)
    if not tree.primes:
        return base
    return _mrow(base + _mo("′" * tree.primes, form="postfix", lspace="0", rspace="0"))


def _limits(tree: Scripts) -> str:
    """Limits below and above in displays, at the side in lines: browsers move them."""
    base = _group(tree.base, script=False)
    if isinstance(tree.base, Atom) and tree.base.style != "math":  # max, not a large sign
        base = _mo(tree.base.text, movablelimits="true", form="prefix", lspace="0", rspace="0")
    below = _group(tree.sub, script=True) if tree.sub is not None else ""
    above = _group(tree.sup, script=True) if tree.sup is not None else ""
    if above and below:
        return f"<munderover>{base}{below}{above}</munderover>"
    return f"<mover>{base}{above}</mover>" if above else f"<munder>{base}{below}</munder>"


def _fraction(tree: Fraction, script: bool) -> str:
    return f"<mfrac>{_group(tree.over, script=script)}{_group(tree.under, script=script)}</mfrac>"


def _accent(tree: Accent, script: bool) -> str:
    base = _group(tree.base, script=script)
    wide = "false" if _is_single(tree.base) else "true"
    return f'<mover accent="true">{base}{_mo(_MARKS[tree.mark], stretchy=wide)}</mover>'


def _is_single(tree: Tree) -> bool:
    items = tree.items if isinstance(tree, Row) else (tree,)
    return len(items) == 1 and isinstance(items[0], Atom) and len(items[0].text) == 1


def _root(tree: Root, script: bool) -> str:
    return f"<msqrt>{_group(tree.body, script=script)}</msqrt>"


def _fenced(tree: Fenced, script: bool) -> str:
    """Brackets that grow only where there is need: fonts offer larger ones for a mere minus."""
    grows = "true" if _is_tall(tree.body) else "false"
    left = _mo(tree.left, form="prefix", stretchy=grows) if tree.left else ""
    right = _mo(tree.right, form="postfix", stretchy=grows) if tree.right else ""
    return _mrow(left + _group(tree.body, script=script) + right)


def _is_tall(tree: Tree | None) -> bool:
    if isinstance(tree, Row):
        return any(map(_is_tall, tree.items))
    if isinstance(tree, Scripts):
        return tree.limits != "never" or any(map(_is_tall, (tree.base, tree.sub, tree.sup)))
    if isinstance(tree, Fenced | Accent):
        return _is_tall(tree.body if isinstance(tree, Fenced) else tree.base)
    return isinstance(tree, Fraction | Root)


_WRITERS: dict[type, Callable[..., str]] = {
    Atom: _atom,
    Space: _space,
    Row: _nested,
    Scripts: _scripts,
    Fraction: _fraction,
    Accent: _accent,
    Root: _root,
    Fenced: _fenced,
}
