"""A formula as a tree, the common ground of all that reads or prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from examgen.typeset.symbols import Class

Style = Literal["math", "upright", "bold", "bold italic", "italic", "text"]
Limits = Literal["never", "display", "always"]
Kind = Literal["matrix", "cases", "aligned", "small"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One or more characters that are set as a unit."""

    text: str
    cls: Class = "ord"
    style: Style = "math"


@dataclass(frozen=True, slots=True)
class Space:
    """White space, in em; negative space draws nearer."""

    em: float


@dataclass(frozen=True, slots=True)
class Row:
    """Parts side by side."""

    items: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with scripts and primes.

    limits: whether the scripts go below and above: where `display` letters are set, or always.
    """

    base: Tree
    sub: Tree | None = None
    sup: Tree | None = None
    primes: int = 0
    limits: Limits = "never"


@dataclass(frozen=True, slots=True)
class Fraction:
    """Numerator over denominator; `display` is None where the surroundings decide."""

    over: Tree
    under: Tree
    display: bool | None = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A combining mark over a base; a wide one grows with it.

    Wide are U+0302 and U+0303 (hat, tilde), U+0305 (overline), U+0332 (underline) and U+20D7.
    """

    mark: str
    base: Tree
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """A root; without a degree a square root."""

    body: Tree
    degree: Tree | None = None


@dataclass(frozen=True, slots=True)
class Fenced:
    """A body between brackets that grow with it; an empty bracket draws nothing."""

    left: str
    body: Tree
    right: str


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of a size chosen by the author: `step` 1 to 4 for \\big to \\Bigg.

    Step 0 is \\middle: it grows with the `Fenced` whose body it stands in.
    """

    char: str
    step: int
    cls: Class = "ord"


@dataclass(frozen=True, slots=True)
class Braced:
    """A body with a brace under or over it, and what stands beyond the brace."""

    body: Tree
    label: Tree | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Styled:
    """A body set in display or in text style, whatever the surroundings."""

    body: Tree
    display: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells: a matrix, cases, or aligned lines; brackets around it are `Fenced`.

    columns: a letter each, l, c or r. Cells of `aligned` are set as displays, and its columns, by
    turns r and l, meet without a gap; those of `cases` as text, flush left. A `small` grid is set
    in letters of script size, also where it is a script itself: smallmatrix, and the lines of
    substack.
    """

    rows: tuple[tuple[Tree, ...], ...]
    columns: str
    kind: Kind = "matrix"


Tree = (
    Atom
    | Space
    | Row
    | Scripts
    | Fraction
    | Accent
    | Root
    | Fenced
    | Bracket
    | Braced
    | Styled
    | Grid
)


def parts(tree: Tree) -> tuple[Tree, ...]:
    """What stands side by side in a tree: the items of a row, or the tree alone."""
    return tree.items if isinstance(tree, Row) else (tree,)


def single(tree: Tree) -> Tree:
    """A part without the braces around it: that of a row of one."""
    while isinstance(tree, Row) and len(tree.items) == 1:
        tree = tree.items[0]
    return tree
