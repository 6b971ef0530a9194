"""A formula as a tree, the common ground of all that reads or prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from examgen.typeset.symbols import Class

Style = Literal["math", "upright", "bold", "bold italic", "italic", "text"]


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
    """A base with scripts and primes; `limits` puts the scripts below and above in displays."""

    base: Tree
    sub: Tree | None = None
    sup: Tree | None = None
    primes: int = 0
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    """Numerator over denominator."""

    over: Tree
    under: Tree


@dataclass(frozen=True, slots=True)
class Accent:
    """A combining mark over a base."""

    mark: str
    base: Tree


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    body: Tree


@dataclass(frozen=True, slots=True)
class Fenced:
    """A body between brackets that grow with it; an empty bracket draws nothing."""

    left: str
    body: Tree
    right: str


Tree = Atom | Space | Row | Scripts | Fraction | Accent | Root | Fenced
