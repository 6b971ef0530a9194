"""Writes the hints of a template without their numbers: what is said, step by step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from examgen.notation import Symbols
from examgen.planted import RIGHT_VALUE, WRONG_LINE
from examgen.printing import define, show
from examgen.slots import Slot
from examgen.solution import symbols_of
from examgen.solution.lines import Line, line
from examgen.solution.outline import Outline
from examgen.solution.plan import Plan
from examgen.solution.sentences import Sentences
from examgen.solution.words import WORDS as SOLUTION_WORDS
from examgen.text import Language
from grader.practice.hints.chains import ChainHints
from grader.practice.hints.derivation import Derivations, Leg, joined
from grader.practice.hints.drafts import Draft, Ends, shortened
from grader.practice.hints.earlier import is_among, numbers_before
from grader.practice.hints.textbook import functions_in
from grader.practice.hints.words import WORDS
from grader.practice.hints.working import wrong_line

_MOST_STEPS = 2
"""So many quantities on the way get a step each; more are computed in one."""


class HintAuthor:
    """Knows of one template what each slot's derivation is made of."""

    def __init__(self, plan: Plan, outline: Outline, language: Language) -> None:
        self.plan = plan
        self._outline = outline
        self._language = language
        self._words = WORDS[language]
        self._listed = SOLUTION_WORDS[language].listed
        self._quantities = plan.quantities
        self._symbols = plan.symbols
        self._ways = Derivations(plan)
        self._say = ChainHints(self._ways, language)
        self._made: dict[tuple[str, frozenset[str]], tuple[Draft, ...]] = {}

    def drafts(self, slot: Slot, above: frozenset[str]) -> tuple[Draft, ...]:
        """The steps of a slot; written once. above: the slots above it that ask for formulas."""
        key = (slot.id, above)
        if key not in self._made:
            steps = self._steps(slot, above)
            some = [step for step in steps if step.says_something]
            self._made[key] = shortened(some, self._words.one_after_the_other)
        return self._made[key]

    def _steps(self, slot: Slot, above: Collection[str]) -> Iterator[Draft]:
        if slot.kind == "formula":
            return self._formula(slot)
        return (
            wrong_line(self.plan, self._language)
            if slot.quantity == WRONG_LINE
            else self._number(slot, above)
        )

    # --- numbers ---------------------------------------------------------------------------------

    def _number(self, slot: Slot, above: Collection[str]) -> Iterator[Draft]:
        name, known = self.plan.target(slot).name or "", numbers_before(self.plan, slot)
        planted = self.plan.template.planted
        if planted is not None and slot.quantity == RIGHT_VALUE:
            name = planted.quantity
            x = self._say.inline(name)
            yield Draft("rule", (self._words.right_line.format(x=x, n=planted.wrong + 1),))
        same = self._ways.same(name, known)
        for draft in self._explained(name, known, above):
            yield draft.without_values(same)
        whole = self._line(name, known)
        if not self._is_bare(name, known):
            yield Draft("numbers", (self._words.numbers,), (Ends(whole, "open"),))
        yield Draft("answer", (self._words.answer,), (Ends(whole, "value"),), answers=True)

    def _is_bare(self, name: str, known: Collection[str]) -> bool:
        """Whether a number is that of another quantity, so that there is nothing to compute."""
        return not self._ways.formula(name, known).args

    def _explained(
        self, name: str, known: Collection[str], above: Collection[str]
    ) -> Iterator[Draft]:
        """All up to the numbers put in."""
        if name in self.plan.simple:
            yield from self._simple(name, known, above)
        elif name in self._quantities.adjoints:
            yield from self._adjoint(name, known, above)
        else:
            yield from self._value(name, known, above)

    def _adjoint(
        self, name: str, known: Collection[str], above: Collection[str]
    ) -> Iterator[Draft]:
        legs = self._ways.legs(name, known)
        symbols = self._symbols
        before = is_among(self.plan, name, above)
        yield self._say.rule(name, legs, symbols, asked_before=before)
        yield self._say.paths(name, legs, symbols, known)
        yield from self._needs(self._ways.needed(name, known), known)
        if not before:
            yield self._say.equations(legs, symbols)
        if legs[0].is_direct and len(legs) == 1:
            yield self._say.rules(name, symbols)
            yield self._say.directly(name, legs[0], symbols)
        else:
            yield self._say.locals(legs, symbols)

    def _value(self, name: str, known: Collection[str], above: Collection[str]) -> Iterator[Draft]:
        """A value of the forward pass, an update, or a quantity of the author's own."""
        formula = self._ways.formula(name, known)
        tex = self._symbols.tex(name)
        yield Draft("rule", (self._introduction(name),), (f"{tex} = {self._defined(name)}",))
        spoken = [one for one in self._ways.speaks_of(formula) if one not in known]
        adjoints = [one for one in spoken if one in self._quantities.adjoints]
        needed = self._ways.needed(name, known)
        told: set[str] = set()
        if len(adjoints) == 1:
            yield from self._explained(adjoints[0], known, above)
            told = {adjoints[0], *self._ways.needed(adjoints[0], known)}
            value = Ends(self._line(adjoints[0], known), "whole")
            yield Draft("numbers", (self._words.is_new,), (value,))
        yield from self._needs([one for one in needed if one not in told], known)
        if reminders := functions_in(formula):
            yield Draft("rule", (self._words.function,), reminders)

    def _introduction(self, name: str) -> str:
        if name in self._quantities.updates:
            return self._words.descent
        word = self._words.formula if name in self._quantities.values else self._words.defined
        return word.format(x=self._say.inline(name))

    def _defined(self, name: str) -> str:
        return define(self.plan.shortest(self._quantities.nodes[name]), self._symbols)

    # --- on the way ------------------------------------------------------------------------------

    def _needs(self, names: Sequence[str], known: Collection[str]) -> Iterator[Draft]:
        """What has to be computed first: the forward pass at once, derivatives one by one."""
        values = [name for name in names if name in self._quantities.values]
        others = [name for name in names if name not in self._quantities.values]
        if values:
            yield self._computed(values, self._words.on_the_way, known)
        if len(others) > _MOST_STEPS:
            listed = self._listed([self._say.inline(name) for name in others])
            yield self._computed(others, self._words.derive_all_first.format(known=listed), known)
            return
        word = self._words.derive_first
        for name in others:
            draft = self._computed([name], word.format(known=self._say.inline(name)), known)
            yield replace(draft, texts=(*draft.texts, *self._because(name, known)))
            word = self._words.also_first

    def _because(self, name: str, known: Collection[str]) -> Iterator[str]:
        """Why a derivative on the way is a sum, if it is one."""
        if self._is_chain(name) and len(legs := self._ways.legs(name, known)) > 1:
            yield self._say.reason(name, legs, self._symbols)

    def _computed(self, names: Sequence[str], said: str, known: Collection[str]) -> Draft:
        lines = [self._line(name, known) for name in names]
        slopes = tuple(chain.from_iterable(one.slopes for one in lines))
        return Draft("numbers", (said,), tuple(Ends(one, "whole") for one in lines), slopes)

    def _line(self, name: str, known: Collection[str]) -> Line:
        """`name = formula = numbers = value`."""
        formula = self._ways.formula(name, known)
        shown = self._chain(name, known) if self._is_chain(name) else self._defined(name)
        return line(name, (self._symbols.tex(name), shown), formula, self._symbols)

    def _is_chain(self, name: str) -> bool:
        return name in self._quantities.adjoints and name not in self.plan.simple

    def _chain(self, name: str, known: Collection[str]) -> str:
        return show(joined(self._ways.legs(name, known)), self._symbols)

    # --- simple forms ----------------------------------------------------------------------------

    def _simple(self, name: str, known: Collection[str], above: Collection[str]) -> Iterator[Draft]:
        """The number of p - y: from the formula, which is derived if no part has asked it."""
        form = f"{self._symbols.tex(name)} = {show(self.plan.simple[name].node, self._symbols)}"
        if is_among(self.plan, name, above):
            yield Draft("rule", (self._words.simple_before,), (form,))
        else:
            legs = self._ways.legs(name, known)
            yield from self._simplified(name, legs, self._symbols)
            yield Draft("local", (self._words.simple,), (form,))
        yield from self._needs(self._ways.needed(name, known), known)

    def _simplified(self, name: str, legs: Sequence[Leg], symbols: Symbols) -> Iterator[Draft]:
        """Up to the simple form."""
        simple = self.plan.simple[name]
        yield self._say.rule(name, legs, symbols)
        yield self._say.paths(name, legs, symbols, ())
        yield self._say.equations(legs, symbols)
        yield self._say.locals(legs, symbols)
        sentences = Sentences(self.plan, SOLUTION_WORDS[self._language], self._language)
        last = show(simple.node, symbols)
        steps = [s for s in dict.fromkeys(show(one, symbols) for one in simple.steps) if s != last]
        facts = sentences.facts([simple], symbols)
        if steps or facts:
            simpler = (" = ".join([symbols.tex(name), *steps]),) if steps else ()
            yield Draft("local", tuple(facts), simpler)

    # --- formulas --------------------------------------------------------------------------------

    def _formula(self, slot: Slot) -> Iterator[Draft]:
        name = self._quantities.name(slot.quantity)
        symbols = symbols_of(self.plan.template, slot)
        yield from self._derived(name, slot, symbols)
        own = self._own_line(slot)
        ends = (own.pieces[0], own.pieces[-1])
        yield Draft("answer", (self._words.asked_formula,), (" = ".join(ends),), answers=True)

    def _derived(self, name: str, slot: Slot, symbols: Symbols) -> Iterator[Draft]:
        if name not in self._quantities.adjoints:
            return
        legs = self._ways.asked_legs(slot)
        if name in self.plan.simple and slot.using is None:
            yield from self._simplified(name, legs, symbols)
            return
        yield self._say.rule(name, legs, symbols)
        if len(legs) == 1 and legs[0].is_direct:
            yield self._say.rules(name, symbols)
            return
        yield self._say.paths(name, legs, symbols, ())
        if introduced := self._introduced(slot):
            yield Draft("local", (self._words.first_others,), introduced)
        yield self._say.equations(legs, symbols)
        local = self._say.locals(legs, symbols)
        yield replace(local, texts=(*self._say.kinks(local.slopes), *local.texts), slopes=())

    def _lines_of(self, slot: Slot) -> tuple[Line, ...]:
        """The lines of the slot's part in the worked answer."""
        found = zip(self.plan.template.parts, self._outline.parts, strict=True)
        groups = next(groups for part, groups in found if slot in part.slots)
        return tuple(one for group in groups for one in group.lines)

    def _own_line(self, slot: Slot) -> Line:
        return next(one for one in self._lines_of(slot) if slot.id in one.arrives)

    def _introduced(self, slot: Slot) -> tuple[str, ...]:
        """The derivatives that a formula begins with and that nobody has spoken of before."""
        found: list[str] = []
        for one in self._lines_of(slot):
            if slot.id in one.arrives:
                break
            found = [] if one.arrives else found
            if one.name is None and slot.id in one.answers:
                found.append(" = ".join(dict.fromkeys(one.pieces)))
        return tuple(found)
