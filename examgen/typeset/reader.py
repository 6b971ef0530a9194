"""Rows, groups and scripts of a formula; what a command means is left to `parse`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from examgen.typeset.alphabets import joined
from examgen.typeset.cursor import Cursor, Token
from examgen.typeset.spacing import class_of_tree
from examgen.typeset.symbols import SPACES, TYPED, WITH_LIMITS, class_of
from examgen.typeset.tree import (
    Atom,
    Braced,
    Bracket,
    Limits,
    Row,
    Scripts,
    Space,
    Styled,
    Tree,
    single,
)

MAX_DEPTH = 24
CELL = ("&", "\\\\", "\\end")
STYLES = {"\\displaystyle": True, "\\textstyle": False}

_SCRIPTS = frozenset({"^", "_", "'"})
_SCRIPTED = _SCRIPTS | {"\\limits", "\\nolimits"}
_COMMA = Atom(",")  # that of a number, which is no punctuation
_CLOSERS = ("", "}", "\\right")


class Reader(Cursor, ABC):
    """A cursor whose methods read one construct each and move on."""

    depth = 0
    raw: Sequence[Tree] = ()  # parts of the row that was read last, so many up to that token
    met: Sequence[tuple[int, int]] = ()

    @abstractmethod
    def command(self, token: Token) -> Tree:
        """What a command and its arguments mean."""

    @abstractmethod
    def bracket(self, owner: Token) -> str:
        """The bracket after \\left and its like; empty for a dot."""

    def end(self) -> None:
        """Raises ExamgenError unless all of the formula was read."""
        if self.peek() == "}":
            self.fail("'}' without '{'")
        if self.peek():
            self.fail(f"'{self.peek()}' without '\\left'")

    def deeper(self) -> None:
        """One level further down, of which there are a few only."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"nested deeper than {MAX_DEPTH} levels")

    def row(self, *until: str) -> Row:
        """Parts up to (not including) a closing token."""
        self.deeper()
        closers = {*_CLOSERS, *until}
        items: list[Tree] = []
        met = [(0, self.at)]
        while self.peek() not in closers:
            items.extend(self.parts(until))
            met.append((len(items), self.at))
        self.depth -= 1
        self.raw, self.met = items, met
        return Row(whole_numbers(items))

    def parts(self, until: tuple[str, ...]) -> tuple[Tree, ...]:
        """The next part, or all to the end of the group where a change of style comes next."""
        if self.peek() in STYLES:
            display = STYLES[self.take().text]
            return tuple(_styled(item, display) for item in self.row(*until).items)
        if self.peek() == "\\middle" and "\\right" in until:
            return (Bracket(self.bracket(self.take()), 0, "open"),)
        return (self.scripted(),)

    # --- scripts

    def scripted(self) -> Tree:
        """A part with its scripts and primes."""
        start = self.at
        base = Row() if self.peek() in _SCRIPTS else self.number() or self.nucleus()
        if self.peek() not in _SCRIPTED:
            return base
        found = bare = self.limits(Scripts(base, limits=self.usual_limits(start, base)))
        while self.peek() in _SCRIPTS:
            found = self.script(found)
        return base if found is bare else _labelled(found)

    def number(self) -> Atom | None:
        """Digits with a point among them as one part, for a script belongs to the whole number."""
        digits = ""
        while self.peek().isdecimal() or (self.peek() == "." and self.peek(1).isdecimal()):
            digits += self.take().text
        return Atom(digits) if digits else None

    def usual_limits(self, start: int, base: Tree) -> Limits:
        """Where the scripts of the part that starts there go if nothing else is said."""
        if isinstance(base, Braced):
            return "always"
        command = self.texts[start]
        starred = command == "\\operatorname" and self.texts[start + 1] == "*"
        return "display" if starred or command[1:] in WITH_LIMITS else "never"

    def limits(self, found: Scripts) -> Scripts:
        """What \\limits and \\nolimits after an operator ask for."""
        while self.peek() in ("\\limits", "\\nolimits"):
            if class_of_tree(found.base) != "op":
                self.fail(f"'{self.peek()}' without an operator before it")
            above = self.take().name == "limits"
            found = replace(found, limits="always" if above else "never")
        return found

    def script(self, found: Scripts) -> Scripts:
        """One more script or prime."""
        token = self.take()
        if token.text == "'":
            return _primed(found)
        slot = "sub" if token.text == "_" else "sup"
        if getattr(found, slot) is not None:
            self.fail(f"a second '{token.text}' on the same base", token.column)
        argument = self.argument(token)
        if slot == "sup" and single(argument) == Atom("′"):
            return _primed(found)
        sub, sup = (argument, found.sup) if slot == "sub" else (found.sub, argument)
        return Scripts(found.base, sub, sup, found.primes, found.limits)

    def argument(self, owner: Token) -> Tree:
        """A braced group, or a single token."""
        if self.peek() in (*_CLOSERS, "^", "_", *CELL):
            self.fail(f"'{owner.text}' lacks its argument", owner.column)
        if self.peek() == "{":
            return self.nucleus()
        self.deeper()
        found = self.nucleus()
        self.depth -= 1
        return found

    def nucleus(self) -> Tree:
        """A part without its scripts."""
        token = self.take()
        if token.text == "{":
            return self.group(token)
        if token.text.startswith("\\"):
            return self.command(token)
        if token.text in "&$":
            place = "in a formula" if token.text == "$" else "outside a matrix"
            self.fail(f"'{token.text}' is not understood {place}", token.column)
        if token.text == "~":
            return Space(SPACES[" "])
        return _typed(token.text)

    def group(self, opening: Token) -> Tree:
        """What stands in braces."""
        inner = self.row()
        if self.peek() != "}":
            self.fail("'{' is never closed", opening.column)
        self.take()
        return _COMMA if inner.items == (Atom(",", "punct"),) else inner


def _primed(found: Scripts) -> Scripts:
    return replace(found, primes=found.primes + 1)


@lru_cache(maxsize=500)
def _typed(char: str) -> Atom:
    """What a key stands for."""
    meant = TYPED.get(char, char)
    return Atom(meant, class_of(meant))


def whole_numbers(items: Sequence[Tree]) -> tuple[Tree, ...]:
    """Digits and the commas among them as one part."""
    commas = any(item is _COMMA for item in items)
    return joined(tuple(items), _is_of_a_number) if commas else tuple(items)


def _is_of_a_number(text: str) -> bool:
    return text == "," or text.strip(".").replace(".", "").isdecimal()


def _styled(item: Tree, display: bool) -> Tree:
    """A part in another style, unless it looks the same in both or has its own already."""
    fixed = isinstance(item, Space | Bracket | Styled) or item == Row()
    letter = isinstance(item, Atom) and (item.cls != "op" or item.style != "math")
    return item if fixed or letter else Styled(item, display)


def _labelled(found: Scripts) -> Tree:
    """A script on the side of a brace is the label of the brace."""
    base = found.base
    if not isinstance(base, Braced):
        return found
    label = found.sup if base.over else found.sub
    other = replace(found, sup=None) if base.over else replace(found, sub=None)
    other = replace(other, base=replace(base, label=label))
    return other if other.sub or other.sup or other.primes else other.base
