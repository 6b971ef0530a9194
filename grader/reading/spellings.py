"""One spelling for what has many: signs, digits, blanks and quotation marks; LaTeX and HTML.

Behind this module a number grammar needs to know one minus, one blank and ten digits. A character
is replaced by one character, so that places in the text hold; mark-up, whose removal changes
lengths, comes with the place that each remaining character had.
"""

from __future__ import annotations

import html
import re
import unicodedata

GROUP_BLANK = "\u202f"
"""Stands for the blanks that typesetters put between groups of digits, and that nobody types."""

_INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\u061c\ufeff"
)
BLANKS = (
    " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u2800\u3000\u3164"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + _INVISIBLE
)
"""All that shows as nothing where it stands around a text."""

# What Unicode calls minus, hyphen or dash, and the long vowel sign that a Japanese keyboard gives
# for its minus key. A soft hyphen is not among them: it may mean nothing at all.
_KIN = {
    "-": "−‐‑‒–—―⁃﹘﹣－➖˗⁻₋ーｰ",
    "+": "＋﹢➕⁺₊",
    "*": "×✕✖＊∗⨯",
    "·": "⋅∙•",
    "/": "⁄∕／÷",
    "^": "＾ˆ",
    ".": "．。｡",
    ",": "，、",
    "'": "’‘ʼ`´′＇",
    '"': "“”„‟«»″＂",
    "=": "＝",
    ":": "：∶",
    ";": "；",
    "(": "（",
    ")": "）",
    "%": "％٪",
    "≈": "≃≅~∼～",
    "e": "EＥｅ\u0435\u0415⏨",  # with the Cyrillic letters that look the same
    "x": "XｘＸ\u0445\u0425",
    "d": "D",
    " ": "\t\n\r\v\f\u2800\u3164",
    GROUP_BLANK: "\xa0\u2007\u2009",
}
_ASCII = {code: chr(code) for code in range(128)}
_TABLE = _ASCII | {ord(kin): one for one, several in _KIN.items() for kin in several}

# A text without any of these is spelled by the table alone.
_FOREIGN = re.compile(rf"[^\x00-\x7f{GROUP_BLANK}·≈∂⁰¹²³⁴-⁹½]")
# Full-width and mathematical digits are typed and pasted between ordinary ones.
_LATIN_ZEROS = {0x30, 0xFF10, *range(0x1D7CE, 0x1D800, 10)}

_HOLDS_MARKUP = re.compile(rf"[\\&<{_INVISIBLE}]|\{{,\}}")
# Done in this order, everywhere in the text. Nothing here joins numbers that look apart.
_REWRITINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (rf"[{_INVISIBLE}]", ""),
        (r"<sup>([^<>]*)</sup>", r"^{\1}"),
        (r"<sub>([^<>]*)</sub>", r"_{\1}"),
        (r"</?(?:p|div|br)(?:\s[^<>]*)?/?>", " "),
        (r"</?(?:b|i|u|em|strong|span|code|math|mn)(?:\s[^<>]*)?>", ""),
        (r"\{,\}", ","),
        (r"\\,", GROUP_BLANK),
        (r"\\[ :;!]|\\(?:quad|left|right|displaystyle)(?![a-z])", " "),
        (r"\\(?:cdot|times|ast)(?![a-z])", "*"),
        (r"\\(?:approx|simeq)(?![a-z])", "≈"),
        (r"\\partial(?![a-z])", "∂"),
        (r"\\([%$#_])", r"\1"),
        (r"\\(?:text|mathrm|mathbf|boxed|num)\s*\{([^{}]*)\}", r"\1"),
        (r"\\(?:hat|tilde|bar|vec)(?:\s*\{(\\?[a-z]\w*)\}|\s+(?=\\?[a-z]))", r"\1"),
        (r"\\(?:[dtcs]|nice)?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1)/(\2)"),
        (r"\\[dt]?frac\s?([0-9])\s?([0-9])(?![0-9])", r"(\1)/(\2)"),
    )
)
_ENTITY = re.compile(r"&#?\w{1,8};")


def same_signs(text: str) -> str:
    """One spelling for each sign, digit and blank, character for character.

    Digits of a script other than Latin stay as they are where they stand among Latin ones.

    >>> same_signs("−２，５\\u2003×１０")
    '-2,5 *10'
    """
    spelled = text.translate(_TABLE)
    if not _FOREIGN.search(spelled):
        return spelled
    mixed = len({_script(digit) for digit in spelled if digit.isdecimal()}) > 1
    return "".join([_same_sign(character, mixed) for character in spelled])


def holds_markup(text: str) -> bool:
    """Whether a text may hold LaTeX, HTML or characters that nobody sees."""
    return _HOLDS_MARKUP.search(text) is not None


def without_markup(text: str) -> tuple[str, list[int]]:
    """The text as it looks when set, and for each of its characters and its end the former place.

    What mark-up turned into has the place where that mark-up begins.

    >>> without_markup(r"-\\tfrac{1}{2}")
    ('-(1)/(2)', [0, 1, 1, 1, 1, 1, 1, 1, 13])
    """
    places = list(range(len(text) + 1))
    text, places = _rewrite(text, places, _ENTITY, None)
    for pattern, replacement in _REWRITINGS:
        text, places = _rewrite(text, places, pattern, replacement)
    return text, places


def _rewrite(
    text: str, places: list[int], pattern: re.Pattern[str], replacement: str | None
) -> tuple[str, list[int]]:
    """Replace every match; without a replacement, by the character that the entity names."""
    pieces, kept, end = [], [], 0
    for match in pattern.finditer(text):
        new = html.unescape(match[0]) if replacement is None else match.expand(replacement)
        pieces += [text[end : match.start()], new]
        kept += places[end : match.start()] + [places[match.start()]] * len(new)
        end = match.end()
    return "".join([*pieces, text[end:]]), kept + places[end:]


def _same_sign(character: str, mixed: bool) -> str:
    if character == GROUP_BLANK:
        return character
    if character.isspace():
        return " "
    if character.isdecimal() and not (mixed and _script(character)):
        return str(unicodedata.decimal(character))
    return character


def _script(digit: str) -> int:
    """A number for the script of a digit: the code of its zero, or 0 for all Latin ones."""
    zero = ord(digit) - unicodedata.decimal(digit)
    return 0 if zero in _LATIN_ZEROS else zero
