"""What is said before the lines of a worked answer, each thing once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from examgen.differentiate import adjoint_name
from examgen.nodes import Node, constant
from examgen.notation import Symbols
from examgen.planted import Planted
from examgen.printing import SLOPES, show
from examgen.solution.paths import Path, slope_spelled, slopes_in
from examgen.solution.plan import Plan, Work
from examgen.solution.products import Product, local_symbol, slashed, small, target, variable
from examgen.solution.simple import Simple
from examgen.solution.words import Words

_MOST_KNOWN = 3


class Sentences:
    """Leads of lines; it remembers what has been said."""

    def __init__(self, plan: Plan, words: Words, language: str) -> None:
        self._plan = plan
        self._words = words
        self._language = language
        self._symbols = plan.symbols
        self._said: set[str] = set()
        self._shown: Mapping[Node, str] = {}
        self._part = ""
        self._narrow = self._listed = ""
        self._first = True

    def _once(self, topic: str) -> bool:
        """Whether nothing has been said of it; from now on something has."""
        new = topic not in self._said
        self._said.add(topic)
        return new

    # --- forward and after -----------------------------------------------------------------------

    def mistake(self, planted: Planted) -> str:
        """Which line of a working is wrong, and what to tell who made the mistake."""
        sentence = planted.mistake.sentence(self._symbols, self._language, tex=True)
        return self._words.mistake.format(n=planted.wrong + 1, sentence=sentence)

    def again(self, part: str) -> str:
        """Where a number has been computed; a printed working is no part."""
        return self._words.again.format(part=part) if part else ""

    def rightly(self, planted: Planted) -> str:
        """Before the line of a working as it should be."""
        return self._words.rightly.format(n=planted.wrong + 1)

    def forward(self, work: Work) -> str:
        """The lead of the forward pass."""
        if not any(node in work.asked for node in work.forward):
            return self._words.missing if work.forward else ""
        if len(work.forward) < 3 or not self._once("forward"):
            return self._words.insert if self._once("insert") else ""
        in_time = "t" in self._plan.quantities.blueprint.ranges
        return self._words.forward_in_time if in_time else self._words.forward

    def after(self, work: Work) -> str:
        """The lead of updates and of the author's own quantities."""
        updates = self._plan.quantities.updates
        if work.after and all(node.name in updates for node in work.after):
            return self._words.descent
        if work.after and work.backward:
            return self._words.then
        return self._words.insert if work.after and self._once("insert") else ""

    # --- backward --------------------------------------------------------------------------------

    def begin(self, shown: Mapping[Node, str], part: str) -> None:
        """A part begins; shown: what has been computed, and in which part."""
        self._shown, self._part, self._first = dict(shown), part, True
        self._narrow = ""

    def product(self, name: str, product: Product) -> list[str]:
        """Before an adjoint with one path to the loss."""
        before, self._narrow = self._narrow, ""
        leads = [*self._last(name), *self._product(name, product)]
        leads = leads or self._go_on(name, before)
        self._narrow = self._narrow if leads else before
        self._said.add("backward")
        return leads

    def _go_on(self, name: str, before: str) -> list[str]:
        """After a lead that was of one line only, if this line is of another kind."""
        if before == "message":
            return [self._words.within]
        if before == "uses" and self._plan.is_use(name):
            (parameter,) = self._plan.quantities.values[target(name)].args
            x = f"${self._symbols.tex(parameter.name or '')}$"
            self._listed = x
            return [self._words.contributions.format(x=x)]
        return []

    def _product(self, name: str, product: Product) -> list[str]:
        main = self._message(name)
        (way,) = self._plan.ways(name)
        if not main and product.start is None and len(product.factors) == 1:
            main = self._begins()
        elif not main and way.via is not None and not way.passes_on and self._once("only"):
            main = self._only(name, way.via)
        known = [] if product.start is None else [product.start]
        formulas = [factor.node for factor in product.factors]
        return [*self._unchanged(name, main), *self._before(known, formulas, main)]

    def _begins(self) -> str:
        """Before the first line of the backward pass."""
        if "backward" in self._said:
            return ""
        return self._words.begins.format(loss=self._symbols.tex(self._plan.quantities.loss))

    def derived(self, part: str) -> list[str]:
        """Before a derivative whose simple form an earlier part has found."""
        self._said.add("backward")
        self._first = False
        return [self._words.derived.format(part=part)] if part and self._once("derived") else []

    def facts(self, forms: Sequence[Simple], symbols: Symbols) -> list[str]:
        """What simple forms are found with: what comes from above, and what is put in."""
        texts = [self._from_above(*each, symbols) for form in forms for each in form.above]
        texts += [
            " = ".join(small(side, symbols) for side in fact)
            for form in forms
            for fact in form.facts
        ]
        new = [f"${text}$" for text in dict.fromkeys(texts) if text and self._once(text)]
        return [self._words.simplify.format(facts=self._words.listed(new))] if new else []

    def _from_above(self, name: str, node: Node, symbols: Symbols) -> str:
        """A derivative that no slot asks for as a formula."""
        quantities = self._plan.quantities
        asked = [s.quantity for s in self._plan.template.slots if s.kind == "formula"]
        if name in map(quantities.name, asked):
            return ""
        formula = slashed(small(self._plan.formula(quantities.nodes[name]), symbols))
        shown = (slashed(symbols.tex(name)), formula, small(node, symbols))
        return " = ".join(dict.fromkeys(shown))

    def _last(self, name: str) -> list[str]:
        """That nothing comes back from a step after the last one."""
        state = self._plan.last_state(name)
        if state is None or not self._once(f"last {state}"):
            return []
        x = f"${self._symbols.tex(state)}$"
        if not self._symbols.message_first:
            return [self._words.last.format(x=x)]
        zero = slashed(self._symbols.tex(adjoint_name(self._plan.quantities.loss, state)))
        return [self._words.is_nothing.format(x=x, derivative=f"${zero} = 0$")]

    def sum(self, name: str, ways: Sequence[Path], *, new: bool) -> list[str]:
        """Before an adjoint with several paths."""
        before, self._narrow = self._narrow, ""
        main = self._message(name) or self._paths(name, ways, self._symbols) if new else ""
        known = [way.via for way in ways if way.via is not None]
        leads = [*self._last(name), *self._before(known, [way.factor for way in ways], main)]
        leads = leads or self._go_on(name, before)
        self._said.add("backward")
        return leads

    def formula(self, name: str, ways: Sequence[Path], symbols: Symbols) -> list[str]:
        """Before a formula that was asked."""
        if len(ways) > 1:
            alike = " ".join(way.via or "" for way in ways)
            return [self._paths(name, ways, symbols)] if self._once(alike) else []
        return [self._words.chain] if self._once("chain") else []

    def _before(self, known: Sequence[str], formulas: Sequence[Node], main: str) -> list[str]:
        """What is known from earlier parts, what slopes are, and the lead proper."""
        told = self._known(known, alone=not main)
        last = main or told
        self._first = False
        slopes = [
            text for f in formulas for node in slopes_in(f, SLOPES) if (text := self._slope(node))
        ]
        said = [self._words.slope.format(slope=text) for text in slopes]
        if slopes and not last:
            said[-1] = self._words.with_slope.format(slope=slopes[-1])
        return [*([told] if main and told else []), *said, *([last] if last else [])]

    def _known(self, names: Sequence[str], *, alone: bool) -> str:
        if not self._first:
            return ""
        nodes = self._plan.quantities.nodes
        parts = [(name, self._shown.get(nodes[name], "")) for name in dict.fromkeys(names)]
        earlier = [(name, part) for name, part in parts if part not in ("", self._part)]
        if not 0 < len(earlier) <= _MOST_KNOWN or len({part for _, part in earlier}) > 1:
            return ""
        known = self._words.listed([f"${slashed(self._symbols.tex(name))}$" for name, _ in earlier])
        said = self._words.known if alone else self._words.are_known
        return said.format(known=known, part=earlier[0][1])

    def _only(self, name: str, via: str) -> str:
        return self._words.only.format(
            loss=self._symbols.tex(self._plan.quantities.loss),
            x=f"${self._variable(name, self._symbols)}$",
            via=f"${self._symbols.tex(target(via))}$",
        )

    def _paths(self, name: str, ways: Sequence[Path], symbols: Symbols) -> str:
        """That contributions add up: in full the first time."""
        uses = [way.via for way in ways if way.via is not None and self._plan.is_use(way.via)]
        x, count = f"${symbols.tex(target(name))}$", self._words.count(len(ways))
        if len(uses) == len(ways):
            self._narrow = "uses"
            if self._listed == x:
                return self._words.together
            if not self._once("uses"):
                return self._words.uses_too.format(x=x)
            steps = "t" in self._plan.quantities.blueprint.ranges
            said = self._words.steps_add if steps else self._words.uses_add
            return said.format(x=x, count=count)
        said = self._words.paths if self._once("paths") else self._words.paths_too
        loss = symbols.tex(self._plan.quantities.loss)
        via = self._through(ways, symbols)
        return said.format(x=x, count=count.capitalize(), loss=loss, via=via)

    def _through(self, ways: Sequence[Path], symbols: Symbols) -> str:
        """Over which quantities paths lead; one of them may lead over none."""
        over = [self._step(way.via, symbols) for way in ways if way.via is not None]
        through = list(dict.fromkeys(over))
        if ways[-1].via is not None:
            return self._words.through.format(x=self._words.listed(through))
        each = [self._words.through.format(x=x) for x in through]
        return self._words.listed([*each, self._words.directly])

    def _step(self, via: str, symbols: Symbols) -> str:
        x = f"${symbols.tex(target(via))}$"
        return self._words.next_step.format(x=x) if self._plan.is_message(via) else x

    def _message(self, name: str) -> str:
        """Of a derivative that a step sends back."""
        comes_back = any(way.via is not None for way in self._plan.ways(name))
        if not self._plan.is_message(name) or not comes_back or not self._once("message"):
            return ""
        self._narrow = "message"
        step = target(name).rpartition("[")[2].rstrip("]")
        x = f"${self._symbols.tex(target(name))}$"
        return self._words.message.format(step=step, x=x)

    def _slope(self, node: Node) -> str:
        """How the slope of sigmoid or tanh comes from its value; nothing the second time."""
        if not self._once(node.op.name):
            return ""
        written = show(node, self._symbols)
        general = slope_spelled(node.op.name, (node.args[0], constant(0)))
        spelled = show(slope_spelled(node.op.name, node.args), self._symbols)
        chain = dict.fromkeys((written, show(general, self._symbols), spelled))
        return f"${' = '.join(chain)}$"

    def _unchanged(self, name: str, main: str) -> list[str]:
        (way,) = self._plan.ways(name)
        sums = way.via is not None and way.passes_on and not self._plan.is_use(way.via)
        if way.via is None or not sums or main or not self._once("unchanged"):
            return []
        above = self._symbols.tex(target(way.via))
        symbol = local_symbol(above, self._variable(name, self._symbols))
        return [self._words.unchanged.format(partial=f"${slashed(symbol)} = 1$")]

    def _variable(self, name: str, symbols: Symbols) -> str:
        return variable(symbols, self._plan.quantities.loss, name)
