"""The words of text alternatives, in the languages of an exam."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "graph": "Computational graph; every arrow leads from what is used to what is computed.",
        "step": "Computational graph of one step t.",
        "quantities": "The quantities and what each is computed from, by an arrow each.",
        "data": "Data: {names}.",
        "parameters": "Parameters: {names}.",
        "states": "State: {old} enters and {new} leaves.",
        "computed": "{name} equals {formula}",
        "from": "{name} from {sources}",
        "network": "Layered network from left to right.",
        "inputs": "Inputs: {names}.",
        "layer": "Layer {number}: {units}.",
        "unit": "{name} takes {sources}",
        "weighted": "{name} times {weight}",
        "bias": "bias {name}",
        "activated": "{name} equals {function} of {pre}",
        "activation": "and applies {function}",
        "recurrent": "Recurrent network: on the left the cell with its loop, on the right the same "
        "unrolled over {steps} steps, with the same weights at every step.",
        "at_step": "Step {step}: {arrows}.",
        "arrow": "{source} leads to {target}",
        "by": "{source} leads by {weight} to {target}",
        "left_out": "The steps between are left out.",
        "marked": "Marked in the figure: {ways}.",
        "lstm": "LSTM cell with the lane of the cell state above and that of the hidden state "
        "below.",
        "gru": "GRU cell with the lane of the hidden state above and the gates below.",
    },
    "de": {
        "graph": "Berechnungsgraph; jeder Pfeil führt von dem, was gebraucht wird, zu dem, was "
        "berechnet wird.",
        "step": "Berechnungsgraph eines Schritts t.",
        "quantities": "Die Größen und woraus jede berechnet wird, durch je einen Pfeil.",
        "data": "Daten: {names}.",
        "parameters": "Parameter: {names}.",
        "states": "Zustand: {old} kommt herein und {new} geht hinaus.",
        "computed": "{name} gleich {formula}",
        "from": "{name} aus {sources}",
        "network": "Netz in Schichten von links nach rechts.",
        "inputs": "Eingaben: {names}.",
        "layer": "Schicht {number}: {units}.",
        "unit": "{name} erhält {sources}",
        "weighted": "{name} mal {weight}",
        "bias": "Bias {name}",
        "activated": "{name} gleich {function} von {pre}",
        "activation": "und wendet {function} an",
        "recurrent": "Rekurrentes Netz: links die Zelle mit ihrer Schleife, rechts dieselbe über "
        "{steps} Schritte entfaltet, mit denselben Gewichten in jedem Schritt.",
        "at_step": "Schritt {step}: {arrows}.",
        "arrow": "{source} führt zu {target}",
        "by": "{source} führt über {weight} zu {target}",
        "left_out": "Die Schritte dazwischen sind ausgelassen.",
        "marked": "In der Abbildung hervorgehoben: {ways}.",
        "lstm": "LSTM-Zelle mit einer Bahn für den Zellzustand oben und einer für den verborgenen "
        "Zustand unten.",
        "gru": "GRU-Zelle mit der Bahn des verborgenen Zustands oben und den Gattern unten.",
    },
}  # fmt: skip


def word(language: str, key: str, **values: object) -> str:
    """A sentence or a phrase of an alternative."""
    return WORDS[language][key].format(**values)
