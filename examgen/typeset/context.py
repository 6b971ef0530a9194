"""Where in a formula something is set: TeX's styles (The TeXbook, chapter 17), and sizes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache, singledispatch

from examgen.typeset.box import Box
from examgen.typeset.mathfont import constants
from examgen.typeset.tree import Tree

DISPLAY, TEXT, SCRIPT, SCRIPT_SCRIPT = range(4)


@dataclass(frozen=True)
class Context:
    """The size of the formula's letters in points, its style, and whether superscripts stay low."""

    size: float
    style: int = TEXT
    cramped: bool = False
    fence: float = 0.0  # points, how tall \\middle is here

    def __hash__(self) -> int:
        """Of its fields, found once."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.size, self.style, self.cramped, self.fence))

    @cached_property
    def em(self) -> float:
        """The size of letters here, in points."""
        if self.style == SCRIPT:
            return self.size * constants()["ScriptPercentScaleDown"]
        if self.style == SCRIPT_SCRIPT:
            return self.size * constants()["ScriptScriptPercentScaleDown"]
        return self.size

    @property
    def display(self) -> bool:
        """Whether operators are large and fractions of full size."""
        return self.style == DISPLAY

    @property
    def depth(self) -> int:
        """How deep in scripts: 0, 1 or 2."""
        return max(0, self.style - TEXT)

    def const(self, name: str) -> float:
        """A constant of the font here, in points."""
        return constants()[name] * self.em

    def by_style(self, display: str, other: str) -> float:
        """One of two constants: of displays, or of all other styles."""
        return self.const(display if self.display else other)

    def cramp(self) -> Context:
        """The same style with low superscripts."""
        return _context(self.size, self.style, True)

    def styled(self, display: bool) -> Context:
        """In display or in text style."""
        return _context(self.size, DISPLAY if display else TEXT, self.cramped)

    def superscript(self) -> Context:
        """For what stands above (rule 17)."""
        return _context(self.size, SCRIPT if self.style <= TEXT else SCRIPT_SCRIPT, self.cramped)

    def subscript(self) -> Context:
        """For what stands below."""
        return self.superscript().cramp()

    def deepest(self) -> Context:
        """For the degree of a root."""
        return _context(self.size, SCRIPT_SCRIPT, self.cramped)

    def numerator(self) -> Context:
        """For the upper part of a fraction."""
        return _context(self.size, min(self.style + 1, SCRIPT_SCRIPT), self.cramped)

    def denominator(self) -> Context:
        """For the lower part."""
        return self.numerator().cramp()


@lru_cache(maxsize=256)
def _context(size: float, style: int, cramped: bool) -> Context:
    return Context(size, style, cramped)


@singledispatch
def set_tree(tree: Tree, at: Context) -> Box:
    """A part of a formula in a box. The modules of this package add a rule a kind of node."""
    raise AssertionError(f"bug: no rule sets a {type(tree).__name__}")
