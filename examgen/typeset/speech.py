r"""A formula in words, for those who listen to it, in English and in German.

What spreads over a line is fenced by words (`fraction ... over ... end fraction`), so that two
different formulas do not sound the same; short scripts are left open. A comma, which is a short
rest to who listens, parts what is written side by side after a script: `v sub 1, h sub 1`. A comma
of the formula itself is the word. This is the pattern of MathSpeak, with fewer words. As there,
capital Latin letters sound like small ones where nothing else tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from examgen.typeset.parse import parse
from examgen.typeset.phrases import PHRASES
from examgen.typeset.spacing import class_of_tree
from examgen.typeset.spoken import MARKS, NAMES, sign
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

_LANGUAGES = ("en", "de")
_LARGE = frozenset("∑∏∐∫∬∭∮⋃⋂⨁⨂⨀⋁⋀")


@lru_cache(maxsize=8_000)
def speech(tex: str, language: str = "en") -> str:
    r"""The formula in words of a language, `en` or `de`.

    >>> speech(r"\frac{\partial L}{\partial w_{21}} = 0.65")
    'fraction partial L over partial w sub 2 1 end fraction equals 0.65'

    Raises:
        ExamgenError: as `parse` does.
    """
    assert language in _LANGUAGES, f"bug: no words in {language!r}"
    return _Speaker(_LANGUAGES.index(language)).say(parse(tex))


class _Speaker:
    """Says trees in one language: 0 is English, 1 German."""

    def __init__(self, language: int) -> None:
        self.language = language

    def say(self, tree: Tree | None) -> str:
        """The words of a part; none for an empty one."""
        return _SPEAKERS[type(tree)](self, tree) if tree is not None else ""

    def phrase(self, key: str, *words: object) -> str:
        found = (str(word) or self.phrase("empty") for word in words)
        return PHRASES[key][self.language].format(*found)

    # --- rows

    def row(self, tree: Row) -> str:
        """The parts one after the other; a comma where a script would run into what follows."""
        said = [(item, words) for item in tree.items if (words := self.part(item))]
        text = said[0][1] if said else ""
        for (before, _), (item, words) in pairwise(said):
            text += ("," if _runs_on(before, item) else "") + (" " if words != "," else "") + words
        return re.sub(r",(?: ,)+", ",", text).removesuffix(",").strip()

    def part(self, item: Tree) -> str:
        """A part of a row; a wide space is a rest."""
        if isinstance(item, Space):
            return "," if item.em >= 1.0 else ""
        return self.say(item)

    # --- characters

    def atom(self, tree: Atom) -> str:
        if tree.style == "text" or tree.cls == "op":
            return self.named(tree)
        words = self.word(tree.text)
        return self.phrase("bold", words) if tree.style.startswith("bold") else words

    def named(self, tree: Atom) -> str:
        if len(tree.text) == 1 and tree.style == "math":
            return sign(tree.text, self.language)
        words = NAMES.get(tree.text)
        return words[self.language] if words and tree.cls == "op" else tree.text.strip()

    def word(self, text: str) -> str:
        """A number or a word as it stands, a single sign by its name."""
        if len(text) == 1:
            return sign(text, self.language)
        if text.isascii() and (text.isalnum() or re.fullmatch(r"[0-9]+[.,][0-9]+", text)):
            return text
        return re.sub(" +", " ", "".join(map(self.letter, text))).strip()

    def letter(self, char: str) -> str:
        said = " " if char == " " else sign(char, self.language)
        return said if len(said) == 1 else f" {said} "

    def bracket(self, tree: Bracket) -> str:
        return sign(tree.char, self.language)

    # --- scripts

    def scripts(self, tree: Scripts) -> str:
        base = self.base(tree.base)
        if class_of_tree(tree.base) == "op" and not tree.primes and _is_ranged(tree):
            return self.ranged(tree, base)
        if tree.limits == "always":
            return self.stacked(tree, base)
        return self.raised(tree, self.lowered(tree, self.primed(base, tree.primes)))

    def base(self, tree: Tree) -> str:
        """What bears scripts, as a group where they would seem to belong to its end only."""
        several = isinstance(single(tree), Row | Braced) and tree != Row()
        return self.phrase("group", self.say(tree)) if several else self.say(tree)

    def ranged(self, tree: Scripts, base: str) -> str:
        below, above = self.say(tree.sub), self.say(tree.sup)
        if below and above:
            return self.phrase("over range", base, below, above)
        return self.phrase("over", base, below) if below else self.phrase("up to", base, above)

    def stacked(self, tree: Scripts, base: str) -> str:
        base = self.primed(base, tree.primes)
        below, above = self.say(tree.sub), self.say(tree.sup)
        if below and above:
            return self.phrase("both", base, below, above)
        return self.phrase("below", base, below) if below else self.phrase("above", base, above)

    def primed(self, base: str, primes: int) -> str:
        if primes > 2:
            return self.phrase("primes", base, primes)
        return self.phrase(("prime", "double prime")[primes - 1], base) if primes else base

    def lowered(self, tree: Scripts, base: str) -> str:
        if tree.sub is None:
            return base
        key = "sub" if _is_short(tree.sub) else "long sub"
        return self.phrase(key, base, self.spelled(tree.sub))

    def raised(self, tree: Scripts, base: str) -> str:
        if tree.sup is None:
            return base
        if usual := _usual_power(tree.sup):
            return self.phrase(usual, base)
        if _is_index(tree.sup):
            return self.phrase("super", base, self.say(tree.sup))
        key = "power" if _is_short(tree.sup) else "long power"
        return self.phrase(key, base, self.say(tree.sup))

    def spelled(self, tree: Tree) -> str:
        """An index digit by digit: w sub 2 1."""
        item = single(tree)
        if isinstance(item, Atom) and item.text.isdecimal():
            return " ".join(item.text)
        return self.say(tree)

    # --- structures

    def fraction(self, tree: Fraction) -> str:
        return self.phrase("fraction", self.say(tree.over), self.say(tree.under))

    def accent(self, tree: Accent) -> str:
        key = "accent" if isinstance(single(tree.base), Atom) else "long accent"
        return self.phrase(key, self.say(tree.base), MARKS[tree.mark][self.language])

    def root(self, tree: Root) -> str:
        body = self.say(tree.body)
        if tree.degree is None:
            return self.phrase("root", body)
        if _text(tree.degree) == "3":
            return self.phrase("cube root", body)
        return self.phrase("nth root", self.say(tree.degree), body)

    def braced(self, tree: Braced) -> str:
        key = "overbrace" if tree.over else "underbrace"
        if tree.label is None:
            return self.phrase(f"bare {key}", self.say(tree.body))
        return self.phrase(key, self.say(tree.body), self.say(tree.label))

    def styled(self, tree: Styled) -> str:
        return self.say(tree.body)

    def fenced(self, tree: Fenced) -> str:
        body = single(tree.body)
        if isinstance(body, Grid) and (words := self.fenced_grid(tree, body)):
            return words
        if tree.left == tree.right and tree.left in ("|", "‖"):
            return self.phrase("norm" if tree.left == "‖" else "absolute", self.say(tree.body))
        left, right = (
            sign(char, self.language) if char else "" for char in (tree.left, tree.right)
        )
        return " ".join(filter(None, (left, self.say(tree.body), right)))

    def fenced_grid(self, tree: Fenced, body: Grid) -> str:
        """Brackets around matrices are not said, nor is the brace of cases."""
        if body.kind == "cases" and tree.left == "{" and not tree.right:
            return self.say(body)
        if body.kind == "matrix" and tree.left + tree.right in ("()", "[]"):
            return self.matrix(body, "matrix")
        bars = body.kind == "matrix" and tree.left == tree.right == "|"
        return self.matrix(body, "determinant") if bars else ""

    def grid(self, tree: Grid) -> str:
        if tree.kind == "small" and len(tree.columns) == 1:  # the lines of substack
            return "; ".join(self.cells(cells) for cells in tree.rows)
        if tree.kind == "cases":
            return self.lines(tree, "cases", "case")
        if tree.kind == "aligned":
            return self.lines(tree, "lines", "line")
        return self.matrix(tree, "matrix")

    def lines(self, tree: Grid, whole: str, line: str) -> str:
        numbered = enumerate(tree.rows, 1)
        said = (self.phrase(line, i, self.cells(cells)) for i, cells in numbered)
        return self.phrase(whole, len(tree.rows), "; ".join(said))

    def cells(self, cells: Sequence[Tree]) -> str:
        """The cells of a line, without the punctuation at its end and before its condition."""
        said = (
            self.say(cell).rstrip(".").removesuffix(f" {sign(',', self.language)}")
            for cell in cells
        )
        return " ".join(filter(None, said))

    def matrix(self, tree: Grid, key: str) -> str:
        high, wide = len(tree.rows), len(tree.columns)
        if key == "matrix" and 1 in (high, wide) and high != wide:
            entries = [cell for cells in tree.rows for cell in cells]
            vector = "column vector" if wide == 1 else "row vector"
            return self.phrase(vector, self.entries(entries))
        numbered = enumerate(tree.rows, 1)
        rows = "; ".join(self.phrase("row", i, self.entries(cells)) for i, cells in numbered)
        return self.phrase(key, high, wide, rows)

    def entries(self, cells: Sequence[Tree]) -> str:
        return "; ".join(self.say(cell) or self.phrase("empty") for cell in cells)


def _runs_on(before: Tree, item: Tree) -> bool:
    """Whether what follows could be heard as a part of the script before it."""
    open_ended = isinstance(before, Scripts) and _ends_open(before)
    return open_ended and class_of_tree(item) in ("ord", "inner", "op")


def _ends_open(tree: Scripts) -> bool:
    if class_of_tree(tree.base) == "op" and _is_ranged(tree):
        return False
    if tree.sup is not None:
        return _is_short(tree.sup) and not _usual_power(tree.sup) and tree.limits != "always"
    return tree.sub is not None and _is_short(tree.sub) and tree.limits != "always"


def _is_ranged(tree: Scripts) -> bool:
    """Whether the scripts of an operator are its range: log sub 2 and sine squared are none."""
    base = single(tree.base)
    large = isinstance(base, Atom) and base.style == "math" and base.text in _LARGE
    return (tree.sub is not None or tree.sup is not None) and (large or tree.limits != "never")


def _is_short(tree: Tree) -> bool:
    """Whether a script is letters and digits only, so that it ends by itself."""
    return all(isinstance(item, Atom) and item.cls == "ord" for item in parts(single(tree)))


def _text(tree: Tree) -> str:
    item = single(tree)
    return item.text if isinstance(item, Atom) else ""


def _usual_power(tree: Tree) -> str:
    return {
        "2": "squared",
        "3": "cubed",
        "⊤": "transpose",
        "𝖳": "transpose",
        "∗": "star",
        "∘": "degrees",
    }.get(_text(tree), "")


def _is_index(tree: Tree) -> bool:
    """Whether a superscript stands in brackets, as the number of a layer does."""
    items = parts(tree)
    first = items[0] if items else None
    return isinstance(first, Atom) and first.text in ("(", "[")


_SPEAKERS: dict[type, Callable[..., str]] = {
    Atom: _Speaker.atom,
    Space: lambda speaker, tree: "",
    Row: _Speaker.row,
    Scripts: _Speaker.scripts,
    Fraction: _Speaker.fraction,
    Accent: _Speaker.accent,
    Root: _Speaker.root,
    Fenced: _Speaker.fenced,
    Bracket: _Speaker.bracket,
    Braced: _Speaker.braced,
    Styled: _Speaker.styled,
    Grid: _Speaker.grid,
}
