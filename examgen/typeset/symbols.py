"""The commands of the TeX subset: one table a kind.

A class is that of TeX (The TeXbook, chapter 17): ord, op, bin, rel, open, close, punct,
inner; and fence, for what stands between brackets that grow.
"""

# ruff: noqa: SIM905 - a line of names reads better split than quoted one by one

from __future__ import annotations

from typing import Literal

Class = Literal["ord", "op", "bin", "rel", "open", "close", "punct", "inner", "fence", "space"]

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
    "varnothing": "∅", "forall": "∀", "exists": "∃", "nexists": "∄", "neg": "¬", "lnot": "¬",
    "vdots": "⋮", "Re": "ℜ", "Im": "ℑ", "hbar": "ℏ", "degree": "°", "prime": "′", "aleph": "ℵ",
    "wp": "℘", "angle": "∠", "triangle": "△", "surd": "√", "dagger": "†", "ddagger": "‡",
    "imath": "ı", "jmath": "ȷ",
    "_": "_", "%": "%", "&": "&", "#": "#", "$": "$", "vert": "|", "Vert": "‖", "|": "‖",
}  # fmt: skip
_BINARY = {
    "cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "odot": "⊙", "oplus": "⊕",
    "otimes": "⊗", "ominus": "⊖", "oslash": "⊘", "circ": "∘", "bullet": "∙", "ast": "∗",
    "star": "⋆", "diamond": "⋄", "cup": "∪", "cap": "∩", "uplus": "⊎", "sqcup": "⊔", "sqcap": "⊓",
    "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "setminus": "∖", "boxplus": "⊞",
    "boxtimes": "⊠", "boxdot": "⊡", "ltimes": "⋉", "rtimes": "⋊",
}  # fmt: skip
_RELATION = {
    "le": "≤", "leq": "≤", "leqslant": "⩽", "ge": "≥", "geq": "≥", "geqslant": "⩾", "lt": "<",
    "gt": ">", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼", "simeq": "≃",
    "cong": "≅", "asymp": "≍", "doteq": "≐", "triangleq": "≜", "propto": "∝", "ll": "≪", "gg": "≫",
    "lesssim": "≲", "gtrsim": "≳", "prec": "≺", "succ": "≻", "preceq": "≼", "succeq": "≽",
    "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆", "subsetneq": "⊊",
    "supset": "⊃", "supseteq": "⊇", "supsetneq": "⊋", "mid": "∣", "nmid": "∤", "parallel": "∥",
    "perp": "⊥", "models": "⊨", "vdash": "⊢", "dashv": "⊣", "colon": ":", "coloneqq": "≔",
    "coloneq": "≔", "eqqcolon": "≕",
}  # fmt: skip
_ARROW = {
    "to": "→", "rightarrow": "→", "gets": "←", "leftarrow": "←", "leftrightarrow": "↔",
    "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "longrightarrow": "⟶",
    "longleftarrow": "⟵", "longleftrightarrow": "⟷", "Longrightarrow": "⟹", "implies": "⟹",
    "Longleftarrow": "⟸", "impliedby": "⟸", "Longleftrightarrow": "⟺", "iff": "⟺", "mapsto": "↦",
    "longmapsto": "⟼", "hookrightarrow": "↪", "hookleftarrow": "↩", "uparrow": "↑",
    "downarrow": "↓", "updownarrow": "↕", "Uparrow": "⇑", "Downarrow": "⇓", "Updownarrow": "⇕",
    "nearrow": "↗", "searrow": "↘", "swarrow": "↙", "nwarrow": "↖", "rightharpoonup": "⇀",
    "leftharpoonup": "↼", "rightleftharpoons": "⇌", "leftrightarrows": "⇆",
    "rightleftarrows": "⇄", "twoheadrightarrow": "↠", "leadsto": "⇝", "nrightarrow": "↛",
    "nRightarrow": "⇏",
}  # fmt: skip
_INTEGRAL = {"int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮"}
_OPERATOR = {
    "sum": "∑", "prod": "∏", "coprod": "∐", "bigcup": "⋃", "bigcap": "⋂", "bigoplus": "⨁",
    "bigotimes": "⨂", "bigodot": "⨀", "bigvee": "⋁", "bigwedge": "⋀",
}  # fmt: skip
_INNER = {
    "ldots": "…", "dotsc": "…", "dotso": "…", "cdots": "⋯", "dotsb": "⋯", "dotsm": "⋯",
    "dotsi": "⋯", "ddots": "⋱",
}  # fmt: skip
_BRACKETS: dict[str, tuple[str, Class]] = {
    "{": ("{", "open"), "lbrace": ("{", "open"), "langle": ("⟨", "open"), "lfloor": ("⌊", "open"),
    "lceil": ("⌈", "open"), "lvert": ("|", "open"), "lVert": ("‖", "open"), "lbrack": ("[", "open"),
    "}": ("}", "close"), "rbrace": ("}", "close"), "rangle": ("⟩", "close"),
    "rfloor": ("⌋", "close"), "rceil": ("⌉", "close"), "rvert": ("|", "close"),
    "rVert": ("‖", "close"), "rbrack": ("]", "close"),
}  # fmt: skip


def _classed(table: dict[str, str], cls: Class) -> dict[str, tuple[str, Class]]:
    return {name: (char, cls) for name, char in table.items()}


SYMBOLS: dict[str, tuple[str, Class]] = {
    **_classed(_GREEK, "ord"),
    **_classed(_ORDINARY, "ord"),
    **_classed(_BINARY, "bin"),
    **_classed(_RELATION, "rel"),
    **_classed(_ARROW, "rel"),
    **_classed(_OPERATOR, "op"),
    **_classed(_INTEGRAL, "op"),
    **_classed(_INNER, "inner"),
    **_BRACKETS,
}

_BY_CHAR: dict[str, Class] = {
    **{char: cls for char, cls in SYMBOLS.values() if char not in "|‖⊥:√"},
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
    for name in "log exp ln lg sin cos tan sinh cosh tanh coth sec csc cot arctan arcsin arccos "
    "max min sup inf lim det dim ker deg gcd arg hom Pr".split()
} | {"argmax": "arg max", "argmin": "arg min", "limsup": "lim sup", "liminf": "lim inf"}
WITH_LIMITS = frozenset("max min sup inf lim det gcd Pr argmax argmin limsup liminf".split()) | set(
    _OPERATOR
)
"""Commands whose scripts go below and above in displays; integrals keep theirs at the side."""

FENCES = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉/\\↑↓↕⇑⇓⇕")
"""What may stand after \\left, \\right, \\middle and \\big."""

ACCENTS = {
    "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307", "ddot": "\u0308",
    "vec": "\u20d7", "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "mathring": "\u030a", "widehat": "\u0302", "widetilde": "\u0303", "overline": "\u0305",
    "underline": "\u0332", "overrightarrow": "\u20d7",
}  # fmt: skip
WIDE = frozenset("widehat widetilde overline underline overrightarrow".split())

SPACES = {
    ",": 3 / 18, "thinspace": 3 / 18, ":": 4 / 18, ">": 4 / 18, "medspace": 4 / 18, ";": 5 / 18,
    "thickspace": 5 / 18, "!": -3 / 18, "negthinspace": -3 / 18, " ": 0.25, "enspace": 0.5,
    "quad": 1.0, "qquad": 2.0,
}  # fmt: skip

SIZES = {"big": 1, "Big": 2, "bigg": 3, "Bigg": 4}
"""Bracket sizes, which also take an l, r or m."""

REFUSED = {
    "tag": "equations carry no numbers",
    "label": "equations carry no numbers",
    "hspace": "use '\\,', '\\;', '\\quad' or '\\qquad'",
    "vspace": "a formula has no vertical space",
    "hline": "arrays are set without rules",
    "color": "papers are printed in black",
    "scriptstyle": "only '\\displaystyle' and '\\textstyle' are set",
    "over": "use '\\frac{...}{...}'",
    "newcommand": "commands cannot be defined in a formula",
    "def": "commands cannot be defined in a formula",
    "limits": "it stands without an operator",
    "nolimits": "it stands without an operator",
    "middle": "it stands without its '\\left'",
    "end": "it stands without its '\\begin'",
}
"""Commands of TeX that are known and not set, each with what to do instead."""
