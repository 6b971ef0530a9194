"""The MathML elements that the parts of a formula become.

MathML Core has no attributes for the columns of tables, so their cells bear a style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from examgen.typeset.leaves import blank, em, escaped, identifier, letters, mo
from examgen.typeset.spacing import MEDIUM, THICK, THIN, between, classes
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

_SIGNS = frozenset({"bin", "rel", "punct"})
# Spaces before and after that a browser leaves of its own accord (MathML Core, appendix B.2).
_USUAL: dict[str, tuple[float, float]] = {
    **dict.fromkeys("+−±⋅×", (MEDIUM, MEDIUM)),
    **dict.fromkeys("=<>≤≥≠≈", (THICK, THICK)),
    ",": (0.0, THIN),
    ";": (0.0, THIN),
}
_MARKS = {
    "\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0305": "‾", "\u0332": "_", "\u0307": "˙",
    "\u0308": "¨", "\u20d7": "→", "\u030c": "ˇ", "\u0306": "˘", "\u0301": "´", "\u0300": "`",
    "\u030a": "˚",
}  # fmt: skip
_WIDE_MARKS = _MARKS | {"\u0302": "\u0302"}  # the hat that fonts have wider forms of
_BRACE_BELOW, _BRACE_ABOVE = "⏟", "⏞"
_STEP = (0.0, 1.2, 1.8, 2.4, 3.0)  # em: heights of \big to \Bigg in plain TeX at 10 points
_LOWERED = 'scriptlevel="-1" voffset="-0.33em" height="0.4em" depth="0"'
# Browsers centre and align cells as blocks, which the standard words for text do not move.
_ALIGN = {"l": "-webkit-left", "c": "-webkit-center", "r": "-webkit-right"}


@dataclass(frozen=True, slots=True)
class Level:
    """Whether a part is displayed, and whether it is in script letters."""

    display: bool = False
    script: bool = False

    def scripts(self) -> Level:
        """That of a script."""
        return Level(script=True)

    def inner(self) -> Level:
        """That of the parts of a fraction."""
        return Level(script=self.script or not self.display)


def elements(items: Sequence[Tree], found: Sequence[Class], at: Level) -> list[str]:
    """The elements of each part of a row, the space before it included.

    found: the class of each part.
    """
    solid = [cls for cls in found if cls != "space"]
    after = iter([*solid[1:], None])
    written: list[str] = []
    before: tuple[Tree, Class] | None = None
    for item, cls in zip(items, found, strict=True):
        if cls == "space":
            written.append(_element(item, at))
            continue
        written.append(_spaced(item, cls, before, next(after), at))
        before = item, cls
    return written


def _spaced(
    item: Tree, cls: Class, before: tuple[Tree, Class] | None, after: Class | None, at: Level
) -> str:
    """An element with the space before it; signs bring theirs at both sides."""
    left = between(before[1], cls, script=at.script) if before else 0.0
    if before and _is_sign(*before):
        left = 0.0
    if _is_sign(item, cls) and isinstance(item, Atom):
        right = between(cls, after, script=at.script) if after else 0.0
        return _sign(item, left, right, inside=_is_inside(before, after))
    return blank(left) + _element(item, at)


def _is_inside(before: tuple[Tree, Class] | None, after: Class | None) -> bool:
    """Whether a browser sees an element at either side, and hence takes a sign for a binary one."""
    return before is not None and before[0] != Row() and after is not None


def _is_sign(item: Tree, cls: Class) -> bool:
    return isinstance(item, Atom) and cls in _SIGNS


def _sign(item: Atom, left: float, right: float, *, inside: bool) -> str:
    if inside and (left, right) == _USUAL.get(item.text):
        return mo(letters(item))
    return mo(letters(item), form="infix", lspace=em(left), rspace=em(right))


def _element(tree: Tree, at: Level) -> str:
    return _WRITERS[type(tree)](tree, at)


def _row(tree: Row, at: Level) -> str:
    return _group(tree, at) if tree.items else ""


def _group(tree: Tree | None, at: Level) -> str:
    """A part as one element."""
    items = parts(tree) if tree is not None else ()
    written = _contents(Row(items), at)
    alone = len(items) == 1 and not isinstance(items[0], Space)
    return written if alone and items[0] != Row() else f"<mrow>{written}</mrow>"


# --- characters


def _atom(tree: Atom, at: Level) -> str:
    if tree.cls == "op" and tree.style == "math":
        return mo(tree.text, movablelimits="true")
    if tree.cls in ("open", "close"):
        form = "prefix" if tree.cls == "open" else "postfix"
        return mo(letters(tree), stretchy="false", form=form)
    if tree.cls in _SIGNS:  # a sign before its number, as in (-1)
        return mo(letters(tree), form="prefix", lspace="0", rspace="0")
    if tree.style == "text" or (" " in tree.text and tree.cls != "op"):
        return f"<mtext>{escaped(letters(tree))}</mtext>"
    if re.fullmatch(r"[0-9]*[.,]?[0-9]+", tree.text):
        return f"<mn>{escaped(letters(tree))}</mn>"
    return identifier(tree)


def _space(tree: Space, at: Level) -> str:
    return blank(tree.em)


def _bracket(tree: Bracket, at: Level) -> str:
    form = {"open": "prefix", "close": "postfix"}.get(tree.cls, "infix")
    if not tree.step:
        return mo(tree.char, form="infix", stretchy="true", lspace="0", rspace="0")
    size = f"{_STEP[tree.step]}em"
    sizes = {"minsize": size, "maxsize": size}
    drawn = mo(tree.char, form=form, stretchy="true", lspace="0", rspace="0", **sizes)
    return f"<mrow>{drawn}</mrow>"  # a row of its own: as a base of scripts it would not grow


# --- scripts, accents and braces


def _scripts(tree: Scripts, at: Level) -> str:
    if tree.limits != "never" and not tree.primes:
        return _limits(tree, at)
    above = _group(tree.sup, at.scripts()) if tree.sup is not None else ""
    below = _group(tree.sub, at.scripts()) if tree.sub is not None else ""
    stacked = tree.primes > 0 and bool(below)
    base = _group(tree.base, at) if stacked else _primed(tree, at)
    above = _over_index(tree.primes, above) if stacked else above
    return _attached(base, below, above, "msub", "msup", "msubsup")


def _over_index(primes: int, above: str) -> str:
    """Primes above an index, as on paper, and what is raised with them.

    Browsers take no form of a prime drawn for scripts, so it is the usual one in its usual size,
    lowered by what a script is raised: it stands as high as without an index.
    """
    sign = mo("′" * primes, form="postfix", lspace="0", rspace="0")
    lowered = f"<mpadded {_LOWERED}>{sign}</mpadded>"
    return f"<mrow>{lowered}{above}</mrow>" if above else lowered


def _attached(base: str, below: str, above: str, sub: str, sup: str, both: str) -> str:
    if above and below:
        return f"<{both}>{base}{below}{above}</{both}>"
    if above:
        return f"<{sup}>{base}{above}</{sup}>"
    return f"<{sub}>{base}{below}</{sub}>" if below else base


def _primed(tree: Scripts, at: Level) -> str:
    """The base with its primes; without an index they stand high enough of their own."""
    base = _group(tree.base, at)
    if not tree.primes:
        return base
    primes = mo("′" * tree.primes, form="postfix", lspace="0", rspace="0")
    return f"<mrow>{base}{primes}</mrow>"


def _limits(tree: Scripts, at: Level) -> str:
    """Limits below and above, in displays only where they may move: browsers see to it."""
    base = single(tree.base)
    written = _limited(base, tree.limits) if isinstance(base, Atom) else _group(base, at)
    below = _group(tree.sub, at.scripts()) if tree.sub is not None else ""
    above = _group(tree.sup, at.scripts()) if tree.sup is not None else ""
    return _attached(written, below, above, "munder", "mover", "munderover")


def _limited(base: Atom, limits: str) -> str:
    """The sign or name that bears limits; as a name, it would be an operator of no size."""
    if base.cls not in ("op", *_SIGNS):
        return _atom(base, Level())
    movable = {"movablelimits": "true" if limits == "display" else "false"}
    if base.cls == "op" and base.style == "math":
        return mo(base.text, **movable)
    form = "prefix" if base.cls == "op" else "infix"
    return mo(letters(base), **movable, form=form, lspace="0", rspace="0")


def _accent(tree: Accent, at: Level) -> str:
    below = tree.mark == "\u0332"
    wide = tree.wide and not isinstance(single(tree.base), Atom)
    mark = mo((_WIDE_MARKS if wide else _MARKS)[tree.mark], stretchy=str(tree.wide).lower())
    name, kind = ("munder", "accentunder") if below else ("mover", "accent")
    return f'<{name} {kind}="true">{_group(tree.base, at)}{mark}</{name}>'


def _braced(tree: Braced, at: Level) -> str:
    brace = mo(_BRACE_ABOVE if tree.over else _BRACE_BELOW, stretchy="true")
    name, kind = ("mover", "accent") if tree.over else ("munder", "accentunder")
    written = f'<{name} {kind}="true">{_group(tree.body, at)}{brace}</{name}>'
    if tree.label is None:
        return written
    return f"<{name}>{written}{_group(tree.label, at.scripts())}</{name}>"


# --- structures


def _fraction(tree: Fraction, at: Level) -> str:
    if tree.display is None:
        return f"<mfrac>{_group(tree.over, at.inner())}{_group(tree.under, at.inner())}</mfrac>"
    own = Level(tree.display).inner()
    opening = f"<mfrac {_style(tree.display)}>"
    return f"{opening}{_group(tree.over, own)}{_group(tree.under, own)}</mfrac>"


def _style(display: bool) -> str:
    return f'displaystyle="{str(display).lower()}" scriptlevel="0"'


def _styled(tree: Styled, at: Level) -> str:
    body = _group(tree.body, Level(tree.display))
    return f"<mstyle {_style(tree.display)}>{body}</mstyle>"


def _root(tree: Root, at: Level) -> str:
    body = _group(tree.body, at)
    if tree.degree is None:
        return f"<msqrt>{body}</msqrt>"
    return f"<mroot>{body}{_group(tree.degree, at.scripts())}</mroot>"


def _fenced(tree: Fenced, at: Level) -> str:
    """Brackets that grow only where there is need: fonts offer larger ones for a mere minus."""
    grows = "true" if _is_tall(tree.body) else "false"
    left = mo(tree.left, form="prefix", stretchy=grows) if tree.left else ""
    right = mo(tree.right, form="postfix", stretchy=grows) if tree.right else ""
    return f"<mrow>{left}{_group(tree.body, at)}{right}</mrow>"


def _is_tall(tree: Tree | None) -> bool:
    if isinstance(tree, Row):
        return any(map(_is_tall, tree.items))
    if isinstance(tree, Scripts):
        return tree.limits != "never" or any(map(_is_tall, (tree.base, tree.sub, tree.sup)))
    if isinstance(tree, Fenced | Accent):
        return _is_tall(tree.body if isinstance(tree, Fenced) else tree.base)
    return not isinstance(tree, Atom | Space | None)


def _grid(tree: Grid, at: Level) -> str:
    inner = Level(display=tree.kind == "aligned", script=tree.kind == "small")
    last = len(tree.rows) - 1
    rows = "".join(
        f"<mtr>{_cells(tree, cells, inner, last=i == last, first=not i)}</mtr>"
        for i, cells in enumerate(tree.rows)
    )
    return f"<mtable{_table_style(tree, at)}>{rows}</mtable>"


def _table_style(tree: Grid, at: Level) -> str:
    if tree.kind == "aligned":
        return ' displaystyle="true"'
    if tree.kind == "small":
        return "" if at.script else ' scriptlevel="+1"'
    return ' scriptlevel="0"' if at.script else ""


def _cells(tree: Grid, cells: Sequence[Tree], at: Level, *, first: bool, last: bool) -> str:
    return "".join(
        f'<mtd style="{_cell_style(tree, column, first, last)}">{_contents(cell, at)}</mtd>'
        for column, cell in enumerate(cells)
    )


def _contents(cell: Tree, at: Level) -> str:
    items = parts(cell)
    return "".join(elements(items, classes(items), at))


def _cell_style(tree: Grid, column: int, first: bool, last: bool) -> str:
    """Alignment and gaps, by half at either side; none at the edges of the grid."""
    wide = len(tree.columns) - 1
    left = _column_gap(tree, column) / 2 if column else 0.0
    right = _column_gap(tree, column + 1) / 2 if column < wide else 0.0
    gap = {"small": 0.1, "aligned": 0.25}.get(tree.kind, 0.15)
    padding = f"{em(0 if first else gap)} {em(right)} {em(0 if last else gap)} {em(left)}"
    return f"text-align:{_ALIGN[tree.columns[column]]};padding:{padding}"


def _column_gap(tree: Grid, column: int) -> float:
    """The space before a column, in em: aligned ones meet at their signs, pairs stand apart."""
    if tree.kind == "aligned":
        return 0.0 if column % 2 else 2.0
    return 0.5 if tree.kind == "small" else 1.0


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
