"""Numbers put into a formula with as few signs as they need: `a + (-b)` is `a - b`.

A pattern writes each number where its name stood, a negative one in parentheses. What a person
would write is shorter, and equal: no `+ (-0.5)` or `- (-2)` in a sum, and no `-(-1)`.
"""

from __future__ import annotations

import re

_FRACTION = r"\\frac\{\d+\}\{\d+\}"
_NUMBER = rf"(?:{_FRACTION}|\d[\d.]*(?: \\cdot 10\^\{{-?\d+\}})?)"
_NEGATIVE = rf"\\left\(-({_NUMBER})\\right\)(?!\^)"
_ENDS = r"(?=$| \+| -|\\right|,|\}| >)"
_BEGINS = r"(^|\\left[(\[|]|\{|, )"
_FACTOR = r"(?<![^ ])"  # not the argument of a function, nor right after a coefficient
_RULES = tuple(
    (sign, re.compile(rule), short)
    for sign, rule, short in (
        (r" - \left(-", rf" - {_NEGATIVE}", r" + \1"),
        (r" + \left(-", rf" \+ {_NEGATIVE}{_ENDS}", r" - \1"),
        (r"(-\left(-", rf"{_FACTOR}\\left\(-{_NEGATIVE}\\right\)(?!\^)", r"\1"),
        (
            r"(-\frac{-",
            rf"{_FACTOR}\\left\(-\\frac\{{-({_NUMBER})\}}\{{({_NUMBER})\}}\\right\)(?!\^)",
            r"\\frac{\1}{\2}",
        ),
        (r"-\left(-", rf"{_BEGINS}-{_NEGATIVE}", r"\1\2"),
    )
)
"""What there is to be shortened, how it is found, and what it is then."""


def fewer_signs(tex: str) -> str:
    """A formula with numbers, without a sign that another one undoes.

    >>> fewer_signs(r"-3 - \\left(-1.5\\right)"), fewer_signs(r"2 + \\left(-1.5\\right)")
    ('-3 + 1.5', '2 - 1.5')
    >>> fewer_signs(r"2 + \\left(-1.5\\right) \\cdot 3"), fewer_signs(r"2 - \\left(-3\\right)^{2}")
    ('2 + \\\\left(-1.5\\\\right) \\\\cdot 3', '2 - \\\\left(-3\\\\right)^{2}')
    """
    for sign, rule, short in _RULES:
        if sign in tex:  # a hundred formulas a page, most of them without
            tex = rule.sub(short, tex)
    return tex
