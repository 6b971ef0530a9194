"""What there is to say of a derivative: which rule, which paths, which local derivatives."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from examgen.notation import Symbols
from examgen.printing import show
from examgen.solution.lines import Slope, slopes_of
from examgen.solution.paths import spelled_slopes
from examgen.solution.products import Factor, slashed, target, variable
from examgen.solution.words import WORDS as SOLUTION_WORDS
from examgen.text import Language
from grader.practice.hints.derivation import Derivations, Leg
from grader.practice.hints.drafts import Draft
from grader.practice.hints.textbook import rules_on_the_way
from grader.practice.hints.words import WORDS

_MOST_DEFINITIONS = 4


class ChainHints:
    """Drafts about the ways of a derivative, in a language; see `Leg`."""

    def __init__(self, ways: Derivations, language: Language) -> None:
        self._ways = ways
        self._plan = ways.plan
        self._quantities = ways.plan.quantities
        self._words = WORDS[language]
        self._listed = SOLUTION_WORDS[language].listed
        self._count = SOLUTION_WORDS[language].count

    def rule(
        self, name: str, legs: Sequence[Leg], symbols: Symbols, *, asked_before: bool = False
    ) -> Draft:
        """Why there are so many terms, or only one."""
        said = [self._words.asked_before] if asked_before else []
        state = self._plan.last_state(name)
        if state is not None and symbols.step is None:
            said.append(self._words.last.format(x=self.inline(state)))
        said.append(self.reason(name, legs, symbols))
        if len(legs) == 1 and legs[0].is_direct:
            return Draft("rule", tuple(said), self._up_to_the_loss(name, symbols))
        return Draft("rule", tuple(said))

    def reason(self, name: str, legs: Sequence[Leg], symbols: Symbols) -> str:
        """How many ways there are, and why."""
        x, words = f"${self._variable(name, symbols)}$", self._words
        users = [self._user(leg, symbols) for leg in legs]
        if len(legs) == 1 and legs[0].is_direct:
            several = len(self._up_to_the_loss(name, symbols)) > 1
            word = words.direct_by_several if several else words.direct
            return word.format(x=x, loss=self._loss)
        if len(legs) == 1:
            return words.only.format(x=x, loss=self._loss, via=users[0])
        return self._fork(x, legs, users)

    def _fork(self, x: str, legs: Sequence[Leg], users: Sequence[str]) -> str:
        """That contributions are added up; users: what each way leads over."""
        words = self._words
        count = self._count(len(legs))
        if all(map(self._is_use, legs)):
            steps = "t" in self._quantities.blueprint.ranges
            return (words.uses_in_time if steps else words.uses).format(x=x, count=count)
        listed = self._listed(list(dict.fromkeys(users)))
        return words.feeds.format(x=x, users=listed, count=count, loss=self._loss)

    def _variable(self, name: str, symbols: Symbols) -> str:
        return variable(symbols, self._quantities.loss, name)

    def _is_use(self, leg: Leg) -> bool:
        """Whether a way begins with the copy of a parameter that one step uses."""
        value = self._quantities.values.get(leg.stations[1]) if len(leg.stations) > 1 else None
        return value is not None and value.op.name == "use"

    def _user(self, leg: Leg, symbols: Symbols) -> str:
        """What a quantity goes into first on its way."""
        if leg.is_direct:
            return self._words.directly.format(loss=self._loss)
        own = symbols.tex(leg.stations[0])
        first = next((s for s in leg.stations[1:] if symbols.tex(s) != own), None)
        if first is None:
            return self._words.next_step
        x = self.inline(first, symbols)
        carried = self._quantities.values[first].op.name == "carry"
        return self._words.also_next_step.format(x=x) if carried else x

    def _up_to_the_loss(self, name: str, symbols: Symbols) -> tuple[str, ...]:
        """How a quantity enters the loss."""
        found = self._ways.up_to_the_loss(target(name))[:_MOST_DEFINITIONS]
        return tuple(text for one in found if (text := self._equation(one, symbols)))

    def _equation(self, name: str, symbols: Symbols) -> str:
        """How a value is computed; empty for what is given or a copy of what looks the same."""
        definition = self._ways.definition(name)
        if definition is None:
            return ""
        tex, shown = symbols.tex(name), show(definition, symbols)
        return "" if tex == shown else f"{tex} = {shown}"

    def paths(
        self, name: str, legs: Sequence[Leg], symbols: Symbols, known: Collection[str]
    ) -> Draft:
        """Which paths, what of them is known, and the chain rule in names; see `Leg.symbolic`.

        known: derivatives that the student has.
        """
        if len(legs) == 1 and legs[0].is_direct:
            return Draft("paths", ())
        paths = [f"${path}$" for leg in legs if (path := self._path(name, leg, symbols))]
        word = self._words.path if len(paths) == 1 else self._words.paths
        said = [word.format(paths=self._listed(paths))] if paths else []
        said += self._ends_known(legs, symbols, known)
        said = said or [self._words.as_formula]
        right = " + ".join(leg.symbolic(symbols) for leg in legs)
        return Draft("paths", tuple(said), (f"{symbols.tex(name)} = {right}",))

    def _path(self, name: str, leg: Leg, symbols: Symbols) -> str:
        """`w_{21} -> h_1 -> ... -> L`; empty where all stations look the same."""
        stations = list(dict.fromkeys(symbols.tex(one) for one in leg.stations))
        if len(stations) < 2 and not leg.is_direct:
            return ""
        rest = [] if leg.is_direct else self._rest(leg.stations[-1], symbols)
        first = self._variable(name, symbols)
        return r" \to ".join([first, *stations[1:], *rest, self._loss])

    def _rest(self, station: str, symbols: Symbols) -> list[str]:
        """What lies between a quantity and the loss, in short."""
        above = self._ways.up_to_the_loss(station)
        shown = list(dict.fromkeys(map(symbols.tex, above)))
        shown = [one for one in shown if one != self._loss]
        return shown if len(shown) < 2 else [r"\dots"]

    def _ends_known(
        self, legs: Sequence[Leg], symbols: Symbols, known: Collection[str]
    ) -> Iterator[str]:
        """Which derivatives that the ways begin with the student has."""
        ends = dict.fromkeys(leg.via for leg in legs if leg.via is not None and leg.via in known)
        planted = self._plan.template.planted
        if planted is not None and planted.quantity in ends:
            x = self.inline(planted.quantity, symbols)
            yield self._words.mended.format(x=x, n=planted.wrong + 1)
            del ends[planted.quantity]
        if ends:
            names = dict.fromkeys(self.inline(one, symbols) for one in ends)
            yield self._words.known.format(known=self._listed(list(names)))

    def equations(self, legs: Sequence[Leg], symbols: Symbols) -> Draft:
        """How the quantities on the way are computed."""
        if len(legs) == 1 and legs[0].is_direct:
            return Draft("local", ())
        stations = dict.fromkeys(one for leg in legs for one in leg.stations[1:])
        if any(leg.is_direct for leg in legs):
            stations[self._quantities.loss] = None
        found = dict.fromkeys(self._equation(one, symbols) for one in stations)
        equations = tuple(text for text in found if text)
        if not equations:
            return Draft("local", ())
        word = self._words.equation if len(equations) == 1 else self._words.equations
        return Draft("local", (word,), equations, optional=True)

    def locals(self, legs: Sequence[Leg], symbols: Symbols) -> Draft:
        """The local derivatives on all ways."""
        indirect = [leg for leg in legs if not leg.is_direct]
        factors = [one for leg in indirect for one in leg.factors if one.symbol]
        texts = dict.fromkeys(self._local(one, symbols) for one in factors)
        slopes = [slope for one in factors for slope in slopes_of(one.node, symbols)]
        word = self._words.locals if len(texts) > 1 else self._words.local
        return Draft("local", (word,) if texts else (), tuple(texts), _once(slopes))

    def kinks(self, slopes: Sequence[Slope]) -> Iterator[str]:
        """What slopes are on either side of their kinks."""
        for one in slopes:
            small = {"leaky_relu'": show(one.node.args[-1], self._plan.symbols), "sign": "-1"}
            low = small.get(one.node.op.name, "0")
            right = one.decided[1] if len(one.decided) == 2 else "0"
            yield self._words.kink.format(slope=one.tex, z=one.decided[0], right=right, low=low)

    def _local(self, factor: Factor, symbols: Symbols) -> str:
        """`dh/dz = tanh'(z) = 1 - h^2`."""
        forms = (factor.node, spelled_slopes(factor.node))
        shown = dict.fromkeys(show(node, symbols) for node in forms)
        return " = ".join([factor.symbol, *shown])

    def rules(self, name: str, symbols: Symbols) -> Draft:
        """Rules of differentiation on a direct way to the loss."""
        above = self._ways.up_to_the_loss(target(name))
        formulas = [f for one in above if (f := self._ways.definition(one)) is not None]
        rules = rules_on_the_way(formulas, {target(name), *above})
        if rules:
            return Draft("local", (self._words.rules,), rules)
        x = self.inline(target(name), symbols)
        return Draft("local", (self._words.factor_rule.format(x=x),))

    def directly(self, name: str, leg: Leg, symbols: Symbols) -> Draft:
        """The derivative of a loss that a quantity stands in itself."""
        text = f"{symbols.tex(name)} = {show(leg.formula, symbols)}"
        return Draft("local", (self._words.whole,), (text,), slopes_of(leg.formula, symbols))

    def inline(self, name: str, symbols: Symbols | None = None) -> str:
        """A name as it stands in a sentence."""
        return f"${slashed((symbols or self._plan.symbols).tex(name))}$"

    @property
    def _loss(self) -> str:
        return self._plan.symbols.tex(self._quantities.loss)


def _once(slopes: Sequence[Slope]) -> tuple[Slope, ...]:
    return tuple({slope.tex: slope for slope in slopes}.values())
