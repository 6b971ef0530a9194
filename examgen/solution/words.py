"""The sentences of worked answers, in English and German; mathematics stands between dollars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Words:
    """What a worked answer says; {x}, {via} and the like are formulas with their dollars."""

    conjunction: str
    counts: Sequence[str]
    forward: str
    forward_in_time: str
    insert: str
    missing: str
    begins: str
    known: str
    are_known: str
    again: str
    only: str
    chain: str
    paths: str
    directly: str
    next_step: str
    steps_add: str
    uses_add: str
    message: str
    slope: str
    unchanged: str
    descent: str
    case: str
    mistake: str
    rightly: str

    def listed(self, things: Sequence[str]) -> str:
        """`a, b and c`."""
        if len(things) < 2:
            return "".join(things)
        return f"{', '.join(things[:-1])} {self.conjunction} {things[-1]}"

    def count(self, number: int) -> str:
        """A small number as a word."""
        return self.counts[number] if number < len(self.counts) else str(number)


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words(
            conjunction="and",
            counts=("no", "one", "two", "three", "four", "five", "six"),
            forward="Forward pass, each quantity from those before it:",
            forward_in_time="Forward pass, one step after the other:",
            insert="Putting in the numbers gives",
            missing="Of the forward pass we also need",
            begins="The backward pass begins at the loss:",
            known="With {known} from part ({part}):",
            are_known="From part ({part}) we know {known}.",
            again="As in part ({part}):",
            only="Because ${loss}$ depends on {x} only through {via}, the chain rule gives",
            chain="The chain rule gives",
            paths=(
                "{x} reaches the loss along {count} paths, through {via}, so their contributions "
                "add:"
            ),
            directly="directly",
            next_step="{x} in the next step",
            steps_add=(
                "{x} is used at every step, so the contributions of the {count} steps add up:"
            ),
            uses_add="{x} is used in {count} places, so their contributions add up:",
            message="Step {step} uses {x}, and sends back to the step before:",
            slope="The slope is {slope}.",
            unchanged="Since {partial}, the derivative passes through unchanged.",
            descent="One step of gradient descent gives",
            case="Since {condition}, we have {slope}.",
            rightly="Line {n} should read",
            mistake="Line {n} is the first wrong one. To whom it happened: {sentence}",
        ),
        "de": Words(
            conjunction="und",
            counts=("null", "einem", "zwei", "drei", "vier", "fünf", "sechs"),
            forward="Vorwärtsdurchlauf, jede Größe aus den Größen vor ihr:",
            forward_in_time="Vorwärtsdurchlauf, ein Schritt nach dem anderen:",
            insert="Einsetzen der Zahlen ergibt",
            missing="Aus dem Vorwärtsdurchlauf wird außerdem gebraucht:",
            begins="Der Rückwärtsdurchlauf beginnt beim Verlust:",
            known="Mit {known} aus Teil ({part}):",
            are_known="Aus Teil ({part}) ist {known} bekannt.",
            again="Wie in Teil ({part}):",
            only="Da ${loss}$ von {x} nur über {via} abhängt, ergibt die Kettenregel",
            chain="Die Kettenregel ergibt",
            paths=(
                "{x} wirkt auf {count} Wegen auf den Verlust, über {via}; die Beiträge addieren "
                "sich:"
            ),
            directly="direkt",
            next_step="{x} im nächsten Schritt",
            steps_add=(
                "{x} wird in jedem Schritt verwendet; die Beiträge der {count} Schritte addieren "
                "sich:"
            ),
            uses_add="{x} wird an {count} Stellen verwendet; die Beiträge addieren sich:",
            message="Schritt {step} verwendet {x} und gibt an den Schritt davor zurück:",
            slope="Die Steigung ist {slope}.",
            unchanged="Wegen {partial} geht die Ableitung unverändert hindurch.",
            descent="Ein Schritt des Gradientenabstiegs ergibt",
            case="Wegen {condition} ist {slope}.",
            rightly="Richtig lautet Zeile {n}:",
            mistake="Zeile {n} ist die erste falsche. Wem das unterlief: {sentence}",
        ),
    }
)
"""By language."""
