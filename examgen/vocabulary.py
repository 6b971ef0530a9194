"""Which names may appear in the formula that a slot asks for, and how the paper says so.

Allowed are all quantities of the forward pass and, of the derivatives, those that `using` lists;
without `using`, those that the asked one rests on and those asked for before it. A derivative that
itself rests on the asked one never is: `dL/do = dL/ds / w` would go round in a circle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from examgen.graph import topological
from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.ops import OPS, PORTS
from examgen.slots import Part, Slot
from examgen.solution import symbols_of, without_symbol
from examgen.template import Template

_SLOPES = ("relu", "leaky_relu", "sigmoid", "tanh")
_SHOWN = (*_SLOPES, "softplus", "exp", "log", "sqrt", "abs", "max", "min")


@dataclass(frozen=True)
class Vocabulary:
    """What a formula for one slot may speak of; all names are names of `Quantities`.

    asked: the quantity that is asked for. values: the forward pass. derivatives: those allowed.
    refused: every other derivative, and why it is not allowed. symbols: as the slot is printed.
    step: the step that is called t, None where the formula is for fixed steps.
    """

    asked: str
    values: tuple[str, ...]
    derivatives: tuple[str, ...]
    refused: Mapping[str, str]
    symbols: Symbols
    step: int | None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything allowed, values first."""
        return (*self.values, *self.derivatives)

    def plain(self, name: str) -> str:
        """How a student types a name."""
        return self.symbols.plain(name)


def vocabulary(template: Template, slot: Slot) -> Vocabulary:
    """The names that a formula for a slot may use."""
    asked = template.quantities.name(slot.quantity)
    symbols = symbols_of(template, slot)
    derivatives = tuple(_allowed(template, slot, asked))
    return Vocabulary(
        asked=asked,
        values=tuple(_values(template)),
        derivatives=derivatives,
        refused={
            name: _refusal(template, slot, name, asked)
            for name in template.quantities.adjoints
            if name not in derivatives and name != asked
        },
        symbols=symbols,
        step=slot.step,
    )


def _values(template: Template) -> Iterator[str]:
    """The forward pass without the copies that unrolling makes: they are what they copy."""
    for name, node in template.quantities.values.items():
        if node.op not in PORTS:
            yield name


def _allowed(template: Template, slot: Slot, asked: str) -> Iterator[str]:
    for name in _nearer(template, slot, asked) if slot.using is None else slot.using:
        if name != asked and asked not in _rests_on(template.quantities.nodes[name]):
            yield name


def _nearer(template: Template, slot: Slot, asked: str) -> Iterator[str]:
    """Derivatives that have a symbol and that the asked one rests on, or that are asked before."""
    rests_on = _rests_on(template.quantities.nodes[asked])
    before = _asked_before(template, slot)
    hidden = without_symbol(template)
    for name in template.quantities.adjoints:
        if (name in rests_on or _family(name) in before) and name not in hidden:
            yield name


def _rests_on(node: Node) -> set[str | None]:
    """Names of all that a node is computed from, and its own."""
    return {part.name for part in topological([node])}


def _asked_before(template: Template, slot: Slot) -> set[str]:
    """Families of the derivatives that earlier slots ask for."""
    ids = [other.id for other in template.slots]
    earlier = template.slots[: ids.index(slot.id)]
    return {_family(template.quantities.name(other.quantity)) for other in earlier}


def _family(name: str) -> str:
    """A name at whatever step: dL/dx[] of dL/dx[2]."""
    return re.sub(r"\[\d+\]$", "[]", name)


def _refusal(template: Template, slot: Slot, name: str, asked: str) -> str:
    plain = symbols_of(template, slot).plain
    if asked in _rests_on(template.quantities.nodes[name]):
        return f"{plain(name)} rests on {plain(asked)}, which is asked for"
    if slot.using is None:
        return f"{plain(name)} is neither nearer to the loss nor asked for before"
    return f"of the derivatives only {', '.join(map(plain, slot.using))} may be used here"


# --- on paper ----------------------------------------------------------------------------------

_SENTENCES = {
    "en": "Allowed in formulas: {allowed}. As text: {typed}.",
    "de": "In Formeln erlaubt: {allowed}. Als Text: {typed}.",
}
_VALUES = {
    "en": "all quantities of the forward pass",
    "de": "alle Größen des Vorwärtsdurchlaufs",
}
_NEARER = {
    "en": "derivatives of ${loss}$ nearer to the loss or asked for before",
    "de": "Ableitungen von ${loss}$, die näher am Verlust liegen oder vorher gefragt sind",
}
_TYPED = {"relu": "ReLU", "sigmoid": "sigma", "tanh": "tanh"}
_ONLY = {"en": "of the derivatives only {names}", "de": "von den Ableitungen nur {names}"}


def stated(template: Template, part: Part, language: str) -> str:
    """What formulas of a part may contain, as prose for the paper; empty for a part without any.

    It says what is allowed, not what is needed: the same for all formulas of the part.
    """
    slots = [slot for slot in part.slots if slot.kind == "formula"]
    if not slots:
        return ""
    functions = ", ".join(f"${tex}$" for tex in _functions(template))
    allowed = [_VALUES[language], functions, _derivatives(template, slots[0], language)]
    return _SENTENCES[language].format(
        allowed="; ".join(filter(None, allowed)), typed=", ".join(_typed(template, slots[0]))
    )


def _functions(template: Template) -> list[str]:
    """The functions of the graph and their derivatives: the paper shows them anyway."""
    used = _ops(template)
    names = [name for name in _SHOWN if name in used]
    slopes = [f"{name}'" for name in names if name in _SLOPES]
    return [OPS[name].notation.tex for name in (*names, *slopes)]


def _derivatives(template: Template, slot: Slot, language: str) -> str:
    if slot.using is None:
        quantities = template.quantities
        return _NEARER[language].format(loss=quantities.symbols.tex(quantities.loss))
    tex = symbols_of(template, slot).tex
    return _ONLY[language].format(names=", ".join(f"${inline(tex(name))}$" for name in slot.using))


def inline(tex: str) -> str:
    r"""A derivative on one line.

    >>> print(inline(r"\frac{\partial L}{\partial \hat{y}_t}"))
    \partial L/\partial \hat{y}_t
    """
    found = re.fullmatch(r"\\frac\{(\S+ ?\w+)\}\{(.+)\}", tex)
    return f"{found[1]}/{found[2]}" if found else tex


def _typed(template: Template, slot: Slot) -> Iterator[str]:
    """How what is hard to type is typed: an accent, an index, a derivative (the asked one)."""
    words = vocabulary(template, slot)
    spelled = {name: typed(words.plain(name)) for name in words.values}
    here = [name for name in words.values if words.step in (None, _step(name))]
    accented = [name for name in here if "hat" in words.symbols.tex(name)]
    indexed = [name for name in words.values if "(" in spelled[name]]
    examples = (spelled[name] for name in (*(accented or here)[:1], *indexed[:1]))
    yield from dict.fromkeys(examples)  # one may show both
    yield typed(words.plain(words.asked))
    used = _ops(template)
    yield from (f"{said}'(...)" for name, said in _TYPED.items() if name in used)


def _ops(template: Template) -> set[str]:
    """The ops that the forward pass is printed with, by name."""
    nodes = topological(template.quantities.values.values())
    spelled = [node.op.spelling(*node.args) for node in nodes if node.op.spelling is not None]
    return {node.op.name for node in topological([*nodes, *spelled])}


def _step(name: str) -> int | None:
    found = re.search(r"\[(\d+)", name)
    return int(found[1]) if found else None


def typed(plain: str) -> str:
    """A name of the formula language as it is typed most easily.

    >>> typed("h[t-1]"), typed("dL/dyhat[t]"), typed("w21")
    ('h_(t-1)', 'dL/dyhat_t', 'w21')
    """
    return re.sub(r"\[(.*?)\]", lambda m: f"_{m[1]}" if m[1].isalnum() else f"_({m[1]})", plain)
