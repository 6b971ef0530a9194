"""Commands of TeX that students paste, by what they mean in a formula. All others are refused."""

from __future__ import annotations

from examgen.notation import GREEK

SKIPPED = frozenset((
    *" ,;:!()[]", "quad", "qquad", "left", "right", "displaystyle", "textstyle", "thinspace",
    "limits",
    *(f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")),
))  # fmt: skip
"""Spaces, sizes of brackets and the marks around mathematics."""

SIGNS = {
    **dict.fromkeys(("cdot", "times", "ast", "odot", "circ", "bullet", "star"), "*"),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("ge", "geq", "geqslant"), ">="),
    **dict.fromkeys(("le", "leq", "leqslant"), "<="),
    **dict.fromkeys(("{", "lbrace"), "("),
    **dict.fromkeys(("}", "rbrace"), ")"),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), "frac"),
    "div": "/",
    "gt": ">",
    "lt": "<",
    "prime": "'",
}

FONTS = frozenset((
    "mathrm", "text", "operatorname", "mathit", "mathbf", "mathbb", "mathsf", "mathds", "textrm",
    "textit", "textup", "boldsymbol", "bm", "mathnormal",
))  # fmt: skip

ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), "hat"),
    **dict.fromkeys(("tilde", "widetilde"), "tilde"),
    **dict.fromkeys(("bar", "overline"), "bar"),
}
"""Written before their letter. Behind it (`characters`) they are called `acchat` and so on."""

BEHIND = {"acchat": "hat", "acctilde": "tilde", "accbar": "bar"}

LETTERS = {
    **{name: name for name in sorted(GREEK)},
    **{f"var{name}": name for name in ("epsilon", "theta", "sigma", "phi", "rho")},
    **{name: name for name in ("tanh", "exp", "ln", "log", "max", "min", "sqrt")},
    "ell": "l",
}
"""Greek letters and functions: they are words."""
