"""The commands of the TeX subset: one table a kind.

A class is that of TeX (The TeXbook, chapter 17): ord, op, bin, rel, open, close, punct.
"""

# ruff: noqa: SIM905 - a line of names reads better split than quoted one by one

from __future__ import annotations

from typing import Literal

Class = Literal["ord", "op", "bin", "rel", "open", "close", "punct", "space"]

_GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu "
        "nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega "
        "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(),
        "αβγδϵεζηθϑικλμνξοπϖρϱσςτυϕφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        strict=True,
    )
)
_ORDINARY = {
    "partial": "∂", "nabla": "∇", "infty": "∞", "ell": "ℓ", "top": "⊤", "bot": "⊥", "emptyset": "∅",
    "forall": "∀", "exists": "∃", "neg": "¬", "lnot": "¬", "dots": "…", "ldots": "…", "cdots": "⋯",
    "vdots": "⋮", "Re": "ℜ", "Im": "ℑ", "hbar": "ℏ", "degree": "°", "prime": "′",
    "_": "_", "%": "%", "&": "&", "#": "#", "$": "$", "vert": "|", "Vert": "‖", "|": "‖",
}  # fmt: skip
_BINARY = {
    "cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "odot": "⊙", "oplus": "⊕",
    "otimes": "⊗", "ominus": "⊖", "circ": "∘", "ast": "∗", "star": "⋆", "cup": "∪",
    "cap": "∩", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "setminus": "∖",
}  # fmt: skip
_RELATION = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈",
    "equiv": "≡", "sim": "∼", "simeq": "≃", "cong": "≅", "propto": "∝", "ll": "≪",
    "gg": "≫", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←",
    "leftrightarrow": "↔", "mapsto": "↦",
    "Rightarrow": "⇒", "implies": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "iff": "⇔",
    "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "mid": "∣",
    "parallel": "∥", "perp": "⊥", "colon": ":", "coloneqq": "≔",
}  # fmt: skip
_OPERATOR = {"sum": "∑", "prod": "∏", "int": "∫"}
_BRACKETS: dict[str, tuple[str, Class]] = {
    "{": ("{", "open"), "lbrace": ("{", "open"), "langle": ("⟨", "open"), "lfloor": ("⌊", "open"),
    "lceil": ("⌈", "open"), "lvert": ("|", "open"), "lVert": ("‖", "open"), "}": ("}", "close"),
    "rbrace": ("}", "close"), "rangle": ("⟩", "close"), "rfloor": ("⌋", "close"),
    "rceil": ("⌉", "close"), "rvert": ("|", "close"), "rVert": ("‖", "close"),
}  # fmt: skip


def _classed(table: dict[str, str], cls: Class) -> dict[str, tuple[str, Class]]:
    return {name: (char, cls) for name, char in table.items()}


SYMBOLS: dict[str, tuple[str, Class]] = {
    **_classed(_GREEK, "ord"),
    **_classed(_ORDINARY, "ord"),
    **_classed(_BINARY, "bin"),
    **_classed(_RELATION, "rel"),
    **_classed(_OPERATOR, "op"),
    **_BRACKETS,
}

_BY_CHAR: dict[str, Class] = {
    **{char: cls for char, cls in SYMBOLS.values() if char not in "|‖⊥:"},
    **dict.fromkeys("([", "open"),
    **dict.fromkeys(")]", "close"),
    **dict.fromkeys("+−·", "bin"),
    **dict.fromkeys("=<>:", "rel"),
    **dict.fromkeys(",;", "punct"),
}  # fmt: skip
TYPED = {"-": "−", "*": "∗", "·": "⋅"}  # what a key stands for in mathematics


def class_of(char: str) -> Class:
    """TeX's class of a character that stands in a formula as itself."""
    return _BY_CHAR.get(char, "ord")


FUNCTIONS = {
    name: name
    for name in "log exp ln lg sin cos tan sinh cosh tanh sec csc cot arctan arcsin arccos "
    "max min sup inf lim det dim ker deg gcd arg Pr".split()
} | {"argmax": "arg max", "argmin": "arg min"}
WITH_LIMITS = frozenset("max min sup inf lim det gcd Pr argmax argmin sum prod".split())

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
}  # fmt: skip

SPACES = {
    ",": 3 / 18, "thinspace": 3 / 18, ":": 4 / 18, ">": 4 / 18, ";": 5 / 18, "!": -3 / 18,
    " ": 0.25, "quad": 1.0, "qquad": 2.0,
}  # fmt: skip

IGNORED = frozenset(
    "displaystyle textstyle limits nolimits "
    "big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr".split()
)
