r"""One spelling for every character: Unicode mathematics as a small TeX in ASCII.

`ŷ₁ · σ′(z)` becomes `y\hat_{1}*\sigma '(z)`; every character remembers its column in the text.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_ACCENTS = {"\u0302": r"\acchat ", "\u0303": r"\acctilde ", "\u0304": r"\accbar "}
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "∂": "partial",
}  # fmt: skip
_SAME = {
    **dict.fromkeys("−‐‑‒–—―⁃﹘﹣－➖˗", "-"),
    **dict.fromkeys("＋﹢➕", "+"),
    **dict.fromkeys("·⋅∙•×✕✖∗＊⊙∘", "*"),
    **dict.fromkeys("/⁄∕／÷", "/"),
    **dict.fromkeys("′’‘´ʹ＇`", "'"),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\ufeff\t\n\r", " "),
    "″": "''", "＾": "^", "√": r"\sqrt ", "½": "(1/2)", "≥": ">=", "≤": "<=", "⟨": "(", "⟩": ")",
    "𝟙": "1", "𝟏": "1", "＝": "=", "（": "(", "）": ")", "∣": "|", "｜": "|", "，": ",", "．": ".",
}  # fmt: skip
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵗ", "0123456789+-()t", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₜₓₕₐₑₒᵢₗₘₙₖₛᵧ", "0123456789+-()txhaeoilmnksy", strict=True))


@dataclass(frozen=True)
class Spelled:
    """A text in one spelling; `columns[i]` is where its character i stands in the original."""

    text: str
    columns: tuple[int, ...]

    def column(self, place: int) -> int:
        """The column (from 1) of a place, also of the end."""
        return self.columns[min(place, len(self.columns) - 1)]


def respelled(text: str) -> Spelled:
    r"""The text in one spelling.

    >>> respelled("∂L/∂ŷₜ").text
    '\\partial L/\\partial y\\acchat _{t}'
    """
    parts: list[str] = []
    columns: list[int] = []
    open_script = ""
    for column, character in enumerate(text, start=1):
        script = "^" if character in _RAISED else "_" if character in _LOWERED else ""
        piece = "}" if open_script and script != open_script else ""
        if script:
            piece += (script + "{" if script != open_script else "") + _scripted(character)
        else:
            piece += _plain(character)
        open_script = script
        parts.append(piece)
        columns += [column] * len(piece)
    end = "}" if open_script else ""
    return Spelled("".join(parts) + end, (*columns, *[len(text) + 1] * (len(end) + 1)))


def _scripted(character: str) -> str:
    return _RAISED.get(character) or _LOWERED[character]


def _plain(character: str) -> str:
    if character.isascii():
        return _SAME.get(character, character)
    if character in _GREEK:
        return f"\\{_GREEK[character]} "
    if character in _SAME:
        return _SAME[character]
    if character.isspace():
        return " "
    return "".join(map(_decomposed, unicodedata.normalize("NFKD", character)))


def _decomposed(character: str) -> str:
    """One character of the decomposition: a letter, an accent behind it, or what nothing means."""
    if character in _ACCENTS:
        return _ACCENTS[character]
    if character in _GREEK:  # 𝜎, a mathematical italic
        return f"\\{_GREEK[character]} "
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
