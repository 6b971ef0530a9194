"""Why a text is not one number: the first form that fits names the reason and the place."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTH = (
    r"(?:jan|ene|gen|jän|sty|led|feb|fév|fev|lut|mar|mär|mrz|mrt|apr|avr|abr|kwi|ma[iyj]|mei|mag"
    r"|jui?n|giu|cze|jui?l|lug|lip|aug|aoû|ago|sie|sep|set|wrz|o[ck]t|ott|paź|nov|lis|de[cz]|déc"
    r"|dic|gru)[^\W\d_]*"
)
_DATE = re.compile(
    rf"""
      ^[0-9]{{4}}[-/.][0-9]{{1,2}}(?:[-/.][0-9]{{1,2}}.*)?$      # 2026-01-02
    | ^[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][0-9]{{2,4}}$           # 01/02/2026
    | ^(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])\.$        # 1.2.
    | ^(?:0[0-9]/[0-9]{{1,2}}|[0-9]{{1,2}}/0[0-9])$              # 01/02
    | ^[0-9]{{1,2}}[.\-/ ]*{_MONTH}\.?(?:[.\-/ ]*[0-9]{{2,4}})?$ # 02. Jan, 1-févr.
    | ^{_MONTH}\.?[.\-/ ]*[0-9]{{1,4}}$                          # Jan-26
    | [0-9]月[0-9]+日                                            # 1月2日
    | [0-9]:[0-5][0-9](?![0-9.])                                 # 12:30
    """,
    re.VERBOSE | re.IGNORECASE,
)

_GOING_ON = "digits that go on: round them, or write a fraction"
_SEVERAL = "more than one number"
_MIXED = "a mixed number: write it as one fraction or as a decimal"
_CALCULATION = "a calculation: its result was asked"
_FUNCTION = r"√|(?:sqrt|exp|ln|log[0-9]*|sin|cos|tanh?|sigmoid|relu|max|min|abs)\ *[({0-9]"

# In this order: the first row that fits names the reason. Where its second form begins, behind what
# the first one allows, is the place that is told. No groups: their numbers are those of the rows.
ROWS = (
    (r"^", r"[-+]?\ *\\?(?:nan|inf|infinity|infty|∞|undefined)$", "not a finite number"),
    (r"^", r"#", "an error of a spreadsheet, not a number"),
    (r"^", r"[-+]?(?:0[xob][0-9a-f]|&h)", "not written in decimal digits"),
    (r"", r"(?![0-9])\d", "digits of two scripts"),
    (r"", r"\u00ad", "a soft hyphen: a minus, or nothing"),
    (r"[0-9]", r"_[0-9]", "an underscore between digits"),
    (r"^", r"(?:n\ ?[./]?\ ?a\.?|none|null|nil|[-?.,_/x*]+)$", "a placeholder, not a number"),
    (r"^", r"(?:true|false|yes|no|wahr|falsch|ja|nein)$", "a yes or no, not a number"),
    (r"", r"±", "a margin: give the number only"),
    (r"[0-9.]\ *", r"\+/?-", "a margin: give the number only"),
    (r"", r"[%‰]|\bper ?cent\b", "a percent sign: 65 % may mean 0.65 or 65"),
    (r"", r"[<>≤≥≠]|!=", "an inequality or an arrow, not one number"),
    (r"", r"\.\.\.|…|[\u0304\u0305\u0307]", _GOING_ON),
    (r"", r"\\(?:overline|bar|l?dots)|\.[0-9]*\([0-9]+\)", _GOING_ON),
    (r"[0-9]\ *", r"\b(?:or|and|oder|und|ou|et|bzw)\b", _SEVERAL),
    (r"[0-9.]\ *(?:[,;&|]\ +|;)", r"[-+.0-9]", _SEVERAL),
    (r"^[^=]*=[^=]*", r"=", "two equals signs: which number counts is not plain"),
    (r"^", r"[^0-9]*[=:]$", "a name without a number"),
    (r"", r"=", "an equation whose other side is not a name: give the number only"),
    (r"[0-9]\ +", r"[0-9]+\ */\ *[0-9]", _MIXED),
    (r"[0-9]\ *", r"\([0-9]+\)/\(", _MIXED),
    (r"[0-9]", r"'[0-9]", "an apostrophe: a thousands mark, or a decimal sign"),
    (r"^", r"'", "an apostrophe: the mark of a spreadsheet, or a decimal sign"),
    (r"", r",", "a {mark}, where this file has decimal {others}"),
    (r"\.[0-9]*", r"\.", "two decimal signs"),
    (r"[*·x]\ *10\ *", r"[-+]\ *[0-9]+$", "a power of ten without its sign: write 10^-3"),
    (r"^[-+]?[0-9]+", r"·[0-9]+$", "a raised dot: a product, or a decimal sign"),
    (r"", r"[-+]\ *\(?\ *[-+]", "two signs"),
    (r"^", r"\([^()]*\)$", "brackets, which in bookkeeping mean a negative number"),
    (r"[0-9.]\ *", r"[-+]$", "a sign behind the number"),
    (r"(?:^[-+]?|[0-9.])\ *\*?", r"[ij]$", "an imaginary part"),
    (r"[0-9.]\ *", r"e\ *[-+]?$", "an exponent is missing"),
    (r"^", r"[-+]?\ *e\ *[-+]?[0-9]", "nothing stands before the exponent"),
    (r"[0-9.]\ *e\ *[-+]?[0-9]*", r"\.", "an exponent that is not a whole number"),
    (r"", r":", "a colon: a time, a ratio, or a division"),
    (r"", r"[$€£¥₹¢]", "a currency sign"),
    (r"", _FUNCTION, _CALCULATION),
    (r"^[0-9.]+\ *", r"-\ *[0-9.]+$", "a range, or a subtraction: one number was asked"),
    (r"[0-9.)]\ *", r"[-+*/·^²³]|x\ *[0-9.(]|pi\b|π", _CALCULATION),
    (r"[0-9]\.?\ +", r"[.0-9]", "a blank inside the number"),
    (r"[0-9]\.?\ *", r"[^\W\d_]|°|\(", "a unit or a word: give the number only"),
    (r"[0-9.]\ *", r"[!?]$", "a mark behind the number"),
    (r"^", r"[^0-9]*[^\W\d_][^0-9]*$", "words, not a number"),
    (r"^", r"[^0-9]*$", "no digits"),
    (r"^", r"[^-+.0-9]", "something before the number: give the number only"),
)
_FORMS = re.compile(
    "|".join(f".*?(?:{before})({form})" for before, form, _ in ROWS), re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text is no number, and the character (from 1) at which that shows."""

    reason: str
    column: int

    def __str__(self) -> str:
        return f"{self.reason} (at character {self.column})"


def looks_like_a_date(text: str) -> bool:
    """Whether a spreadsheet may have made the text out of a fraction or a decimal.

    >>> looks_like_a_date("02. Jan"), looks_like_a_date("1/2")
    (True, False)
    """
    return _DATE.search(text) is not None


def explain(body: str, start: int, stop: int, *, point_file: bool) -> Unreadable:
    """The reason for a body that begins at `start` of its text and reads as a number up to `stop`.

    The body's decimal sign is a point, whatever it was in the file; a comma is a foreign sign.
    """
    mark, others = ("comma", "points") if point_file else ("point", "commas")
    if not (fits := _FORMS.match(body)) or not (row := fits.lastindex):
        return Unreadable("not a number on its own", start + stop + 1)
    reason = ROWS[row - 1][2].format(mark=mark, others=others)
    return Unreadable(reason, start + fits.start(row) + 1)
