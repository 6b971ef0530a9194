"""The sentences of hints, in English and German; {x}, {via} and the like are formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from examgen.text import Language


@dataclass(frozen=True)
class HintWords:
    """What hints say; without a stop at the end, as formulas may follow."""

    formula: str
    defined: str
    first_others: str
    function: str
    on_the_way: str
    derive_first: str
    derive_all_first: str
    also_first: str
    one_after_the_other: str
    as_formula: str
    direct: str
    direct_by_several: str
    rules: str
    factor_rule: str
    only: str
    feeds: str
    directly: str
    next_step: str
    also_next_step: str
    uses: str
    uses_in_time: str
    last: str
    path: str
    paths: str
    known: str
    mended: str
    asked_before: str
    equations: str
    equation: str
    local: str
    locals: str
    kink: str
    whole: str
    simple: str
    simple_before: str
    descent: str
    numbers: str
    is_new: str
    answer: str
    asked_formula: str
    rounded: tuple[str, str, str]  # to no decimals, to one, to more
    check: str
    should: str
    right_above: str
    among: str
    either: str
    right_line: str


WORDS: Mapping[Language, HintWords] = MappingProxyType(
    {
        "en": HintWords(
            formula="{x} belongs to the forward pass. Its equation is",
            defined="The definition of {x} is",
            first_others="What is new on the right comes from the chain rule as well",
            function="As a reminder",
            on_the_way="From the forward pass we also need",
            derive_first="For this we first need the value of {known}",
            derive_all_first="For this we first need the values of {known}",
            also_first="We also need the value of {known}",
            one_after_the_other="For this we first compute, one after the other",
            as_formula="As a formula",
            direct="{x} enters ${loss}$ directly. Take the derivative of this formula",
            direct_by_several="{x} enters ${loss}$ directly. Take the derivative of these formulas",
            rules="Besides the chain rule this takes",
            factor_rule="A term without {x} is a constant, with derivative 0; of the others the "
            "factor of {x} is left",
            only="${loss}$ depends on {x} only through {via}. So there is a single "
            "path, and along it the local derivatives are multiplied (chain rule)",
            feeds="{x} feeds {users}. So {count} paths lead from {x} to ${loss}$, and what they "
            "contribute is added up",
            directly="directly ${loss}$",
            next_step="the next step",
            also_next_step="the next step (through {x})",
            uses="{x} is used in {count} places. Each use contributes to the derivative, and the "
            "contributions are added up",
            uses_in_time="Every step uses the same {x}. So each of the {count} steps contributes "
            "to the derivative, and the contributions are added up",
            last="No later step uses {x}, so nothing comes back from there",
            path="Follow the path {paths}",
            paths="Follow the paths {paths}",
            known="You already have {known}",
            mended="Take the right value of {x}, not that of line {n}",
            asked_before="The formula for this derivative was asked above",
            equations="For the local derivatives look at these equations",
            equation="For the local derivative look at this equation",
            local="The local derivative is",
            locals="The local derivatives are",
            kink="${slope}$ is 1 where ${z} > {right}$, and ${low}$ where ${z} < {right}$",
            whole="Together this is",
            simple="With this a lot cancels, and what is left is",
            simple_before="The formula for it, which was asked above, is a simple one",
            descent="A step of gradient descent goes against the gradient, with the learning rate "
            "as its factor",
            numbers="Put in the numbers",
            is_new="Put in the numbers; this is what we need next",
            answer="This gives",
            asked_formula="Together this gives the formula",
            rounded=(
                "Rounded to a whole number this gives ${number}$",
                "Rounded to 1 decimal this gives ${number}$",
                "Rounded to {decimals} decimals this gives ${number}$",
            ),
            check="Go through the lines from the top. Compute each one yourself, from "
            "the numbers of the question and the lines above it as they are "
            "printed. The first one that comes out differently is the wrong one",
            should="This is what the lines should compute. Compare the formula, then the "
            "numbers put in, then the result",
            right_above="All lines above line {first} are right",
            among="The first wrong line is among lines {first} to {last}. Recompute these, number "
            "by number",
            either="The first wrong line is line {first} or line {last}. Recompute both, number "
            "by number",
            right_line="Line {n} is to compute {x}, from the numbers of the question and the lines "
            "above it, which are right",
        ),
        "de": HintWords(
            formula="{x} gehört zum Vorwärtsdurchlauf. Die Gleichung dafür ist",
            defined="Die Definition von {x} ist",
            first_others="Was rechts neu ist, kommt ebenfalls aus der Kettenregel",
            function="Zur Erinnerung",
            on_the_way="Aus dem Vorwärtsdurchlauf brauchen wir noch",
            derive_first="Dafür brauchen wir zuerst den Wert von {known}",
            derive_all_first="Dafür brauchen wir zuerst die Werte von {known}",
            also_first="Außerdem brauchen wir den Wert von {known}",
            one_after_the_other="Dafür berechnen wir zuerst der Reihe nach",
            as_formula="Als Formel",
            direct="{x} geht direkt in ${loss}$ ein. Leiten Sie diese Formel ab",
            direct_by_several="{x} geht direkt in ${loss}$ ein. Leiten Sie diese Formeln ab",
            rules="Außer der Kettenregel braucht man dafür",
            factor_rule="Ein Summand ohne {x} ist konstant, seine Ableitung ist 0; von den anderen "
            "bleibt der Faktor vor {x}",
            only="${loss}$ hängt von {x} nur über {via} ab. Es gibt also nur einen Weg, "
            "und entlang dieses Weges werden die lokalen Ableitungen multipliziert "
            "(Kettenregel)",
            feeds="{x} geht in {users} ein. Also führen {count} Wege von {x} zu ${loss}$, und ihre "
            "Beiträge addieren sich",
            directly="direkt in ${loss}$",
            next_step="den nächsten Schritt",
            also_next_step="den nächsten Schritt (über {x})",
            uses="{x} wird an {count} Stellen verwendet. Jede trägt zur Ableitung bei, und die "
            "Beiträge addieren sich",
            uses_in_time="Jeder Schritt verwendet dasselbe {x}. Also trägt jeder der {count} "
            "Schritte zur Ableitung bei, und die Beiträge addieren sich",
            last="Kein späterer Schritt verwendet {x}, von dort kommt also nichts zurück",
            path="Folgen Sie dem Weg {paths}",
            paths="Folgen Sie den Wegen {paths}",
            known="Sie haben {known} schon",
            mended="Nehmen Sie den richtigen Wert von {x}, nicht den aus Zeile {n}",
            asked_before="Die Formel für diese Ableitung war weiter oben gefragt",
            equations="Für die lokalen Ableitungen sehen Sie sich diese Gleichungen an",
            equation="Für die lokale Ableitung sehen Sie sich diese Gleichung an",
            local="Die lokale Ableitung ist",
            locals="Die lokalen Ableitungen sind",
            kink="${slope}$ ist 1, wo ${z} > {right}$, und ${low}$, wo ${z} < {right}$",
            whole="Zusammen ist das",
            simple="Damit kürzt sich vieles, und es bleibt",
            simple_before="Die Formel dafür, die weiter oben gefragt war, ist einfach",
            descent="Ein Schritt des Gradientenabstiegs geht entgegen dem Gradienten, mit der "
            "Lernrate als Faktor",
            numbers="Setzen Sie die Zahlen ein",
            is_new="Setzen Sie die Zahlen ein; das Ergebnis wird gleich gebraucht",
            answer="Das ergibt",
            asked_formula="Zusammen ergibt das die Formel",
            rounded=(
                "Auf eine ganze Zahl gerundet ergibt das ${number}$",
                "Auf 1 Nachkommastelle gerundet ergibt das ${number}$",
                "Auf {decimals} Nachkommastellen gerundet ergibt das ${number}$",
            ),
            check="Gehen Sie die Zeilen von oben durch. Berechnen Sie jede selbst, aus "
            "den Zahlen der Aufgabe und den Zeilen darüber, so wie sie dastehen. "
            "Die erste, bei der etwas anderes herauskommt, ist die falsche",
            should="Das sollen die Zeilen berechnen. Vergleichen Sie die Formel, dann die "
            "eingesetzten Zahlen, dann das Ergebnis",
            right_above="Alle Zeilen über Zeile {first} stimmen",
            among="Die erste falsche Zeile ist unter den Zeilen {first} bis {last}. "
            "Rechnen Sie diese nach, Zahl für Zahl",
            either="Die erste falsche Zeile ist Zeile {first} oder Zeile {last}. Rechnen "
            "Sie beide nach, Zahl für Zahl",
            right_line="Zeile {n} soll {x} berechnen, aus den Zahlen der Aufgabe und den Zeilen "
            "darüber, die stimmen",
        ),
    }
)
"""By language."""
