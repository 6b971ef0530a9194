"""How quantities are written: in TeX for paper, in the formula language elsewhere.

A name is turned into a symbol by rule (`w21` -> w_{21}, `yhat[1]` -> \\hat y_1, `eta` -> \\eta,
`dL/dw` -> a fraction of partials); a template may give other symbols. Copies made by unrolling show
the step in parentheses: w^{(2)} is w as step 2 uses it, h_1^{(2)} is h_1 as it enters step 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau"
_OTHER = "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
GREEK = frozenset(f"{_LOWER} {_OTHER}".split())
_SPELLED = {
    **{letter: f"\\{letter}" for letter in sorted(GREEK)},
    "epsilon": r"\varepsilon",  # as texts write it; one symbol has one shape on a page
    "eps": r"\varepsilon",
}
_ACCENTS = {"hat": r"\hat", "tilde": r"\tilde", "bar": r"\bar"}
_NAME = re.compile(
    r"(?:d(?P<of>[A-Z]\w*|[a-z])/d(?=[A-Za-z_]))?(?P<base>[A-Za-z_]\w*)"
    r"(?:\[(?P<indices>[^\]]*)\])?(?P<prime>'?)"
)
PORT = re.compile(r"(?P<port>message|total)\((?P<state>.*)\)")
"""The derivative that arrives at a state from the next step, and all of it."""


def decimal(value: Fraction, places: int = 10) -> str:
    """The shortest exact decimal, or the one rounded half up where `places` are not enough.

    >>> decimal(Fraction(13, 20)), decimal(Fraction(-1, 3), 4), decimal(Fraction(3))
    ('0.65', '-0.3333', '3')
    """
    scaled = abs(value) * 10**places
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    whole, fraction = divmod(rounded, 10**places)
    digits = f"{fraction:0{places}d}".rstrip("0") if places else ""
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{whole}{'.' * bool(digits)}{digits}"


@dataclass(frozen=True)
class Symbols:
    """The symbols of one graph.

    overrides: TeX for a base name or a whole name. uses: per-step copies and what they copy;
    carries: states as they enter a step, and the state. initial: names of initial states and of
    their families (`h_0` -> `h`). message_first: whether dL/dh_t without more is the message that
    arrives from step t+1 (otherwise the total derivative). shared: states that are used for more
    than being carried on, so that the two differ. step: the step to print as t.
    """

    overrides: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, str] = field(default_factory=dict)
    carries: Mapping[str, str] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)
    message_first: bool = False
    shared: frozenset[str] = frozenset()
    step: int | None = None

    def at_step(self, step: int) -> Symbols:
        """The same symbols with `step` printed as t, the next one as t+1, and so on."""
        return replace(self, step=step)

    # --- TeX -----------------------------------------------------------------------------------

    def tex(self, name: str) -> str:
        """The name in TeX.

        >>> Symbols().tex("dL/dw21"), Symbols().tex("yhat[1]"), Symbols().tex("w'")
        ('\\\\frac{\\\\partial L}{\\\\partial w_{21}}', '\\\\hat{y}_1', "w'")
        """
        if name in self.overrides:
            return self.overrides[name]
        if port := PORT.fullmatch(name):
            return self._port_tex(port["port"], port["state"], "L")
        of, base, indices, prime = _split_name(name)
        if of:
            return self._derivative_tex(of, _target(name))
        return self._value_tex(base, indices) + prime

    def _derivative_tex(self, loss: str, name: str) -> str:
        of = self.tex(loss)
        if name in self.carries:
            return self._port_tex("message", self.carries[name], of)
        if name in self.uses:
            step = self._step(_split_name(name)[2])
            return _partial(of, f"{self.tex(self.uses[name])}^{{({step})}}")
        total = self.message_first and name in self.shared
        return _partial(of, self.tex(name), r"\mathrm{d}" if total else r"\partial ")

    def _port_tex(self, port: str, state: str, of: str) -> str:
        if port == "total":
            return self._derivative_tex(of, state)
        if self.message_first:
            return _partial(of, self.tex(state))
        step = "0" if state in self.initial else _split_name(state)[2]
        return _partial(of, f"{self.tex(state)}^{{({self._step(str(int(step) + 1))})}}")

    def _value_tex(self, base: str, indices: str) -> str:
        whole = f"{base}[{indices}]" if indices else base
        copied = self.uses.get(whole) or self.carries.get(whole)
        if copied is not None:
            return self.tex(copied)
        if base in self.initial and self.step is not None:
            base, indices = self.initial[base], "0"
        shown = tuple(self._step(i) for i in indices.split(",")) if indices else ()
        return symbol(base, shown, self.overrides)

    def _step(self, index: str) -> str:
        if self.step is None or not index.lstrip("-").isdigit():
            return index
        offset = int(index) - self.step
        return f"t{offset:+d}" if offset else "t"

    # --- plain text ----------------------------------------------------------------------------

    def plain(self, name: str) -> str:
        """The name in the formula language, as a student may write it in an answer."""
        if port := PORT.fullmatch(name):
            bare = (port["port"] == "message") == self.message_first
            shown = self.plain(port["state"])
            return f"dL/d{shown}" if bare else f"{port['port']}({shown})"
        of, base, indices, prime = _split_name(name)
        if of:
            return self._plain_derivative(of, _target(name))
        if base in self.initial and self.step is not None:
            base, indices = self.initial[base], "0"
        shown = ",".join(self._step(i) for i in indices.split(",")) if indices else ""
        return f"{base}[{shown}]{prime}" if shown else f"{base}{prime}"

    def _plain_derivative(self, of: str, name: str) -> str:
        if name in self.carries:
            return self.plain(f"message({self.carries[name]})")
        if self.message_first and name in self.shared:
            return f"total({self.plain(name)})"
        return f"d{of}/d{self.plain(name)}"


def _split_name(name: str) -> tuple[str, str, str, str]:
    """What it is a derivative of, the base, the indices, the prime; empty where there is none."""
    found = _NAME.fullmatch(name)
    assert found is not None, f"bug: '{name}' is no name"
    return found["of"] or "", found["base"], found["indices"] or "", found["prime"]


def _target(name: str) -> str:
    """x of dL/dx."""
    return name.partition("/d")[2]


def _partial(of: str, tex: str, sign: str = r"\partial ") -> str:
    return rf"\frac{{{sign}{of}}}{{{sign}{tex}}}"


def symbol(base: str, indices: tuple[str, ...], overrides: Mapping[str, str]) -> str:
    """A base name with indices in TeX.

    >>> symbol("w_xh", ("1",), {}), symbol("w1", ("1", "2"), {})
    ('w_{xh,1}', 'w^{(1)}_{12}')
    """
    joined = ("" if all(len(i) == 1 for i in indices) else ",").join(indices)
    if base in overrides:
        return _scripted(overrides[base], "", joined)
    letters = re.fullmatch(r"([A-Za-z]+?)(hat|tilde|bar)?(\d*)(?:_(\w+))?", base)
    if letters is None:
        return rf"\mathrm{{{base.strip('_').replace('_', ' ')}}}"
    stem, accent, digits, suffix = letters.groups()
    suffix = (suffix or "").replace("_", ",")
    below = (
        f"\\{suffix}"
        if suffix in GREEK
        else rf"\tilde{{{suffix[0]}}}"
        if (suffix.endswith("tilde") and len(suffix) == 6)
        else suffix
    )
    head = _SPELLED.get(stem) or (stem if len(stem) == 1 else rf"\mathrm{{{stem}}}")
    head = f"{_ACCENTS[accent]}{{{head}}}" if accent else head
    if digits and indices:
        return _scripted(head, f"({digits})", ",".join(filter(None, (below, joined))))
    return _scripted(head, "", ",".join(filter(None, (digits, below, joined))))


def _scripted(head: str, above: str, below: str) -> str:
    upper = f"^{{{above}}}" if above else ""
    return head + upper + (f"_{{{below}}}" if len(below) > 1 else f"_{below}" if below else "")
