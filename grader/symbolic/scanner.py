r"""From text to tokens: numbers, signs, and words with their subscripts.

A word is a row of units, which are letters, digits, and whole subscripts: `\hat{y}_{t-1}` has the
units `y`, `hat`, `t-1`. Joined, they are the word's key, the same for all spellings of a name.
"""

from __future__ import annotations

import re
from dataclasses import replace

from grader.reading.numbers import DecimalSign
from grader.symbolic.characters import Spelled
from grader.symbolic.latex import ACCENTS, BEHIND, FONTS, LETTERS, SIGNS, SKIPPED
from grader.symbolic.tokens import NotRead, Token, Unit

MOST_UNITS = 60
MOST_TOKENS = 500

_COMMAND = re.compile(r"\\([A-Za-z]+|[^A-Za-z])", re.DOTALL)
_GROUP = re.compile(r"\{([^{}]{0,40})\}")
_SIGN = re.compile(r"\*\*|<=|>=|[-+*/^()\[\]{}|<>='_,;]")
_NUMBERS = {
    "point": re.compile(r"(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?![0-9.])"),
    "comma": re.compile(r"(?:[0-9]{1,15}(?:,[0-9]{1,15})?|,[0-9]{1,15})(?![0-9.])"),
}
_SCIENTIFIC = re.compile(r"[eE][+-]?[0-9]")
_BRACKETED = re.compile(
    r"\[\s*([A-Za-z0-9]{1,9}(?:\s*[+-]\s*[0-9])?(?:\s*,\s*[A-Za-z0-9]{1,9}){0,3})\s*\]"
)
_STEP = r"\s*(t(?:\s*[+-]\s*[0-9])?)\s*"
_AT_STEP = re.compile(
    rf"\({_STEP}\)|\^\{{\({_STEP}\)\}}|\^\({_STEP}\)|\^\{{{_STEP}\}}|\^(t)(?![A-Za-z0-9])"
)
_RAISED = re.compile(r"\^\{\s*\(\s*([0-9])\s*\)\s*\}")
_TAIL = re.compile(r"[-+]1(?![\w.(\[{^])")
_BEFORE_SCRIPT = re.compile(r" *(?=[_^']|\\acc)")
_UPRIGHT_D = re.compile(r"\\(?:mathrm|text)\s*\{\s*d\s*\}")
_ONE = re.compile(r"\\(?:mathbb|mathbf|mathds|mathrm|text)\s*\{\s*1\s*\}")
_SCRIPT_WORD = re.compile(r"\s*([A-Za-z0-9]+(?:\s*[+-]\s*[0-9])?)\s*")


def tokens(spelled: Spelled, decimal: DecimalSign = "point", steps: bool = False) -> list[Token]:
    """All tokens, an `end` last. steps: whether t is an index. Raises NotRead."""
    return _Scanner(spelled, decimal, steps).all()


class _Scanner:
    """One pass over the text, from left to right."""

    def __init__(self, spelled: Spelled, decimal: DecimalSign, steps: bool) -> None:
        self.spelled, self.text = spelled, spelled.text
        self.decimal: DecimalSign = decimal
        self.steps = steps
        self.place = 0

    def all(self) -> list[Token]:
        found: list[Token] = []
        while True:
            self.skip()
            token = self.next()
            found.append(token)
            if token.kind == "end":
                return found
            if len(found) == MOST_TOKENS:
                raise NotRead("too long to be the formula asked for", token.column)

    # --- what means nothing --------------------------------------------------------------------

    def skip(self) -> None:
        """Move over blanks and commands without a meaning of their own."""
        while self.place < len(self.text):
            command = self.command()
            if self.text[self.place] in " ~$":
                self.place += 1
            elif command in SKIPPED:
                self.place += len(command) + 1
            else:
                break

    def command(self) -> str:
        """The name of the command that stands here, or nothing."""
        if not self.text.startswith("\\", self.place):
            return ""
        found = _COMMAND.match(self.text, self.place)
        return found[1] if found else ""

    # --- tokens --------------------------------------------------------------------------------

    def next(self) -> Token:
        column = self.column
        if self.place == len(self.text):
            return Token("end", "", column)
        command = self.command()
        if command in SIGNS:
            self.place += len(command) + 1
            return Token("sign", SIGNS[command], column)
        if command in FONTS and (one := _ONE.match(self.text, self.place)):  # an indicator
            self.place = one.end()
            return Token("number", "1", column)
        if command == "partial" or (command in FONTS and self.upright_d()):
            return self.partial(column)
        character = self.text[self.place]
        if command or (character.isalpha() and character.isascii()):
            return self.word(column)
        if character.isdigit() or character in ".,":
            return self.number(column)
        if found := _SIGN.match(self.text, self.place):
            self.place = found.end()
            return Token("sign", "^" if found[0] == "**" else found[0], column)
        raise NotRead(f"'{character}' has no meaning in a formula", column)

    @property
    def column(self) -> int:
        return self.spelled.column(self.place)

    def number(self, column: int) -> Token:
        found = _NUMBERS[self.decimal].match(self.text, self.place)
        if found is None:
            raise NotRead(self.no_number(), column)
        self.place = found.end()
        if _SCIENTIFIC.match(self.text, self.place):
            raise NotRead("powers of ten such as 1e-3 are not read in formulas", column)
        return Token("number", found[0].replace(",", "."), column)

    def no_number(self) -> str:
        if self.text[self.place] == "," or (self.decimal == "point" and "," in self.text):
            return "a comma has no meaning here"
        other = "point" if self.decimal == "comma" else "comma"
        return f"a {other}, or a number too long to be read"

    def partial(self, column: int) -> Token:
        r"""`\partial h_t` and `\mathrm{d} h_t` are one word."""
        upright = self.upright_d()
        self.place = upright.end() if upright else self.place + len(r"\partial")
        self.skip()
        if not (self.letter() or self.command() in {*LETTERS, *ACCENTS, *FONTS}):
            return Token("word", "d", column, units=(Unit("d"),), partial=True)
        word = self.word(column)
        return replace(word, units=(Unit("d"), *word.units), partial=True, text=f"d{word.text}")

    def upright_d(self) -> re.Match[str] | None:
        return _UPRIGHT_D.match(self.text, self.place)

    def at(self, *starts: str) -> bool:
        return self.text.startswith(starts, self.place)

    def letter(self) -> bool:
        character = self.text[self.place : self.place + 1]
        return character.isascii() and character.isalpha()

    # --- words ---------------------------------------------------------------------------------

    def word(self, column: int) -> Token:
        start = self.place
        units: list[Unit] = []
        raised = False
        while len(units) <= MOST_UNITS:
            added = self.units(bool(units))
            if added is None:
                break
            units += added
            if found := self.raised(bool(units)):
                units.insert(1, Unit(found, glued=True))
                raised = True
        text = self.text[start : self.place]
        if not units or len(units) > MOST_UNITS:
            shown = text[:20] or self.text[start : start + 12]
            raise NotRead(f"'{shown}' has no meaning in a formula", column)
        tail = _TAIL.match(self.text, self.place) if self.steps and text.endswith("t") else None
        return Token(
            "word", text, column, units=tuple(units), tail=tail[0] if tail else "", raised=raised
        )

    def units(self, going_on: bool) -> list[Unit] | None:
        """The next units of a word; None where it ends."""
        if self.place >= len(self.text):
            return None
        command = self.command()
        character = self.text[self.place]
        if command:
            return self.command_units(command, going_on)
        if character.isascii() and (character.isalpha() or (character.isdigit() and going_on)):
            self.place += 1
            return [Unit(character)]
        if character == "_" and going_on:
            self.place += 1
            return self.script()
        return self.index() if going_on else None

    def raised(self, going_on: bool) -> str:
        found = _RAISED.match(self.text, self.place) if going_on and self.at("^") else None
        if found is None:
            return ""
        self.place = found.end()
        return found[1]

    def index(self) -> list[Unit] | None:
        found = _BRACKETED.match(self.text, self.place) if self.at("[") else None
        if self.steps and self.at("(", "^"):
            found = _AT_STEP.match(self.text, self.place)
        if found is None:
            return None
        self.place = found.end()
        inner = next(group for group in found.groups() if group)
        return [Unit(re.sub(r"[\s,]", "", inner), glued=True)]

    def command_units(self, command: str, going_on: bool) -> list[Unit] | None:
        if command in BEHIND:
            self.after_command(command)
            return [Unit(BEHIND[command], glued=True)]
        if command in LETTERS and not going_on:
            self.after_command(command)
            return [Unit(LETTERS[command])]
        if command in ACCENTS and not going_on:
            self.place += len(command) + 1
            return self.accented(ACCENTS[command])
        if command in FONTS and not going_on:
            self.place += len(command) + 1
            return [Unit(letter) for letter in self.argument().replace(" ", "")]
        return None

    def after_command(self, command: str) -> None:
        """Move behind a command; blanks before a script belong to it."""
        self.place += len(command) + 1
        if found := _BEFORE_SCRIPT.match(self.text, self.place):
            self.place = found.end()

    def accented(self, accent: str) -> list[Unit]:
        r"""`\hat y`, `\hat{y}`, `\hat{y_t}`: the accent follows its letter."""
        first, *others = self.nested(self.argument())
        return [first, Unit(accent, glued=True), *(replace(o, glued=True) for o in others)]

    def argument(self) -> str:
        """What a command acts on: a group without groups inside, or one character."""
        while self.place < len(self.text) and self.text[self.place] == " ":
            self.place += 1
        if found := _GROUP.match(self.text, self.place):
            self.place = found.end()
            return found[1]
        if not self.letter():
            raise NotRead("a letter is missing here", self.column)
        self.place += 1
        return self.text[self.place - 1]

    def nested(self, text: str) -> list[Unit]:
        """The units of a group's content, which is one word."""
        inner = _Scanner(Spelled(text, (self.column,) * (len(text) + 1)), self.decimal, False)
        inner.skip()
        units = list(inner.word(self.column).units)
        inner.skip()
        if inner.place < len(text):
            raise NotRead(f"'{text}' is no name", self.column)
        return units

    def script(self) -> list[Unit]:
        """What stands behind an underscore."""
        column, character = self.column, self.text[self.place : self.place + 1]
        if character == "\\":
            first, *others = self.units(False) or [Unit("")]
            return [replace(first, glued=True), *others]
        if character in "{([" and character:
            return [Unit(self.script_group(), glued=True)]
        if character.isascii() and character.isalnum():
            self.place += 1
            return [Unit(character, glued=True)]
        raise NotRead("an index is missing after the underscore", column)

    def script_group(self) -> str:
        """`{t-1}`, `(t-1)`, `{\\tilde{c},t}` without blanks, commas and braces."""
        column, start = self.column, self.place
        depth = 0
        while self.place < len(self.text) and self.place - start < 80:
            depth += (self.text[self.place] in "{([") - (self.text[self.place] in "})]")
            self.place += 1
            if depth == 0:
                if parts := self.script_parts(start):
                    return "".join(map(self.script_part, parts))
                break
        raise NotRead("an index in brackets is empty, or too long", column)

    def script_parts(self, start: int) -> list[str]:
        return [part for part in self.text[start + 1 : self.place - 1].split(",") if part.strip()]

    def script_part(self, part: str) -> str:
        if found := _SCRIPT_WORD.fullmatch(part.strip(" ()")):
            return found[1].replace(" ", "")
        return "".join(unit.text for unit in self.nested(part.strip()))
