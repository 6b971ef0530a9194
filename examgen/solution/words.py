"""The sentences of worked answers, in English and German; mathematics stands between dollars.

They have no stop: the last one before formulas ends in a colon, those before it in a full stop.
Formulas have neither stop nor comma, since it would be copied, and typed, as part of a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

_ENDS = (".", ":", "“", "”")


@dataclass(frozen=True)
class Words:
    """What a worked answer says; {x}, {via} and the like are formulas with their dollars."""

    conjunction: str
    counts: Sequence[str]
    forward: str
    forward_in_time: str
    insert: str
    then: str
    missing: str
    begins: str
    known: str
    are_known: str
    again: str
    last: str
    is_nothing: str
    only: str
    chain: str
    paths: str
    paths_too: str
    through: str
    directly: str
    next_step: str
    steps_add: str
    uses_add: str
    uses_too: str
    contributions: str
    together: str
    message: str
    within: str
    slope: str
    with_slope: str
    simplify: str
    derived: str
    unchanged: str
    descent: str
    case: str
    also: str
    mistake: str
    leads_to: str
    rightly: str

    def listed(self, things: Sequence[str]) -> str:
        """`a, b and c`."""
        if len(things) < 2:
            return "".join(things)
        return f"{', '.join(things[:-1])} {self.conjunction} {things[-1]}"

    def lead(self, sentences: Sequence[str]) -> str:
        """Sentences before formulas: the last ends in a colon, the others in a full stop."""
        marks = [*"." * (len(sentences) - 1), ":"]
        return " ".join(
            text if text.endswith(_ENDS) else text + mark
            for text, mark in zip(sentences, marks, strict=False)
        )

    def count(self, number: int) -> str:
        """A small number as a word."""
        return self.counts[number] if number < len(self.counts) else str(number)


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words(
            conjunction="and",
            counts=("no", "one", "two", "three", "four", "five", "six"),
            forward="Forward pass",
            forward_in_time="Forward pass, step by step",
            insert="Putting in the numbers gives",
            then="With this we get",
            missing="From the forward pass we also need",
            begins="The backward pass begins at ${loss}$",
            known="With {known} from part ({part})",
            are_known="From part ({part}) we know {known}",
            again="As in part ({part})",
            last="No later step uses {x}",
            is_nothing="No later step uses {x}, so {derivative}",
            only="Because ${loss}$ depends on {x} only through {via}, the chain rule gives",
            chain="The chain rule gives",
            paths="{count} paths lead from {x} to ${loss}$, {via}; their contributions add up",
            paths_too="The paths from {x} lead {via}",
            through="through {x}",
            directly="directly",
            next_step="{x}, which the next step uses",
            steps_add="Every step uses {x}, so the contributions of the {count} steps add up",
            uses_add="There are {count} uses of {x}, and their contributions add up",
            uses_too="Likewise for {x}",
            contributions="The contributions to {x} are",
            together="Together",
            message="Step {step} uses {x}, and sends back",
            within="Within the step",
            slope="The slope is {slope}",
            with_slope="With the slope {slope}",
            simplify="To simplify we use {facts}",
            derived="With the result of part ({part})",
            unchanged="Since {partial}, the derivative passes through unchanged",
            descent="One step of gradient descent gives",
            case="Since {condition}, we have {slope}",
            also="{first} and {second}",
            rightly="Line {n} should read",
            mistake="Line {n} is the first wrong one. To its author we would say: “{sentence}”",
            leads_to="This gives {numbers}",
        ),
        "de": Words(
            conjunction="und",
            counts=("null", "eine", "zwei", "drei", "vier", "fünf", "sechs"),
            forward="Vorwärtsdurchlauf",
            forward_in_time="Vorwärtsdurchlauf, Schritt für Schritt",
            insert="Einsetzen der Zahlen ergibt",
            then="Damit ergibt sich",
            missing="Aus dem Vorwärtsdurchlauf fehlt noch",
            begins="Der Rückwärtsdurchlauf beginnt bei ${loss}$",
            known="Mit {known} aus Teil ({part})",
            are_known="Aus Teil ({part}) kennen wir {known}",
            again="Wie in Teil ({part})",
            last="Kein späterer Schritt verwendet {x}",
            is_nothing="Kein späterer Schritt verwendet {x}, also ist {derivative}",
            only="Da ${loss}$ von {x} nur über {via} abhängt, ergibt die Kettenregel",
            chain="Die Kettenregel ergibt",
            paths="{count} Wege führen von {x} zu ${loss}$, {via}; ihre Beiträge addieren sich",
            paths_too="Von {x} führen die Wege {via}",
            through="über {x}",
            directly="direkt",
            next_step="{x}, das der nächste Schritt verwendet",
            steps_add=(
                "Jeder Schritt verwendet {x}, daher addieren sich die Beiträge der {count} Schritte"
            ),
            uses_add="Es gibt {count} Stellen mit {x}, und ihre Beiträge addieren sich",
            uses_too="Ebenso für {x}",
            contributions="Die Beiträge zu {x} sind",
            together="Zusammen",
            message="Schritt {step} verwendet {x} und gibt zurück",
            within="Innerhalb des Schritts",
            slope="Es gilt {slope}",
            with_slope="Mit {slope}",
            simplify="Zum Vereinfachen verwenden wir {facts}",
            derived="Mit dem Ergebnis von Teil ({part})",
            unchanged="Wegen {partial} wird die Ableitung unverändert weitergegeben",
            descent="Ein Schritt des Gradientenabstiegs ergibt",
            case="Wegen {condition} ist {slope}",
            also="{first} und {second}",
            rightly="Richtig lautet Zeile {n}",
            mistake=(
                "Zeile {n} ist die erste falsche. Wer sie schrieb, bekäme zu lesen: „{sentence}“"
            ),
            leads_to="Das ergibt {numbers}",
        ),
    }
)
"""By language."""
