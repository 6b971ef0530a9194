"""Random formulas of the TeX subset, for properties of all that reads or prints them."""

from __future__ import annotations

from hypothesis import strategies as st

from examgen.typeset.alphabets import ALPHABETS
from examgen.typeset.symbols import ACCENTS, FUNCTIONS, SPACES, SYMBOLS

_WRAPPERS = (
    r"\frac{%}{%}", r"\dfrac{%}{%}", r"\tfrac{%}{%}", r"\sqrt{%}", r"\sqrt[{%}]{%}", "{%}_{%}",
    "{%}^{%}", "{%}'_{%}^{%}", r"\sum_{%}^{%}", r"\int\limits_{%}", r"\operatorname*{arg}_{%}",
    r"\left({%}\right]", r"\left.{%}\middle|{%}\right\}", r"\underbrace{%}_{%}",
    r"\overbrace{%}^{%}", r"\overset{%}{%}", r"\underset{%}{=}", r"{\displaystyle %}",
    r"{\textstyle %}", r"\begin{cases}% & %\\ %\end{cases}", r"\sum_{\substack{%\\ %}}",
    r"\begin{aligned}% &= % \\ &+ %\end{aligned}", r"\begin{pmatrix}% & % \\ % & %\end{pmatrix}",
    r"\begin{array}{lr}% & %\end{array}", r"\begin{smallmatrix}%\end{smallmatrix}",
    *(rf"\{name}{{%}}" for name in (*ACCENTS, *ALPHABETS)),
)  # fmt: skip
_LEAVES = (
    *"abLxyz0123456789+-*/=<>()[]|!,;:.", "", "0.65", "-1.5", "0{,}5", r"\text{if } ", r"\dots",
    r"\textbf{no}", r"\operatorname{ReLU}", r"\bigl(", r"\Bigr|", r"\not=", r"\_",
    *(f"\\{name} " for name in (*SYMBOLS, *FUNCTIONS, *SPACES)),
)  # fmt: skip


def _wrapped(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def filled(wrapper: str) -> st.SearchStrategy[str]:
        return st.tuples(*[parts] * wrapper.count("%")).map(lambda inner: _fill(wrapper, inner))

    return st.one_of(
        st.sampled_from(_WRAPPERS).flatmap(filled), st.lists(parts, max_size=4).map(" ".join)
    )


def _fill(wrapper: str, inner: tuple[str, ...]) -> str:
    first, *rest = wrapper.split("%")
    return first + "".join(part + after for part, after in zip(inner, rest, strict=True))


def formulas() -> st.SearchStrategy[str]:
    """Formulas in TeX, nested a few levels deep."""
    return st.recursive(st.sampled_from(_LEAVES), _wrapped, max_leaves=12)
