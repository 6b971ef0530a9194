"""The skills: their names, what each of them is, what comes before it.

Nothing is loaded here but words, so that a face can name a skill at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Skill:
    """Something that can be trained.

    name, sentence: by language, what it is called and what it is, in plain text. needs: skills to
    have before. words: what else people call it, in lower case.
    """

    id: str
    name: Mapping[str, str]
    sentence: Mapping[str, str]
    needs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def _skill(
    id_: str, en: tuple[str, str], de: tuple[str, str], needs: str = "", words: str = ""
) -> Skill:
    """A row of the table below; needs: ids with blanks between; words: with commas between."""
    name, sentence = {"en": en[0], "de": de[0]}, {"en": en[1], "de": de[1]}
    others = tuple(word.strip() for word in words.split(",") if word.strip())
    return Skill(id_, name, sentence, tuple(needs.split()), others)


SKILLS: tuple[Skill, ...] = (
    _skill(
        "forward",
        ("Forward pass", "Compute sums of products, such as the input of a unit."),
        ("Vorwärtsdurchlauf", "Summen von Produkten berechnen, etwa die Eingabe einer Einheit."),
        words="weighted sum, affine, gewichtete summe, vorwärtspass",
    ),
    _skill(
        "activation",
        ("Activations", "Apply ReLU, sigmoid or tanh on the way forward."),
        ("Aktivierungen", "Auf dem Weg vorwärts ReLU, Sigmoid oder tanh anwenden."),
        needs="forward",
        words="nonlinearity, nichtlinearität, aktivierungsfunktion, activation function",
    ),
    _skill(
        "loss:squared",
        ("Squared error", "Compute the squared error and its derivative, minding the factor 1/2."),
        ("Quadratischer Fehler",
         "Den quadratischen Fehler und seine Ableitung berechnen, mit Blick auf den Faktor 1/2."),
        needs="forward", words="mse, least squares, mittlerer quadratischer fehler, verlust, loss",
    ),
    _skill(
        "chain",
        ("Chain rule along one path", "Multiply what arrives from above by the local derivative."),
        ("Kettenregel auf einem Pfad",
         "Was von oben ankommt, mit der lokalen Ableitung multiplizieren."),
        needs="forward", words="chain rule, local derivative, lokale ableitung, backpropagation",
    ),
    _skill(
        "slope:relu",
        ("Derivative of ReLU",
         "Let gradients pass where the unit is on, stop or shrink them where it is off."),
        ("Ableitung von ReLU",
         "Gradienten durchlassen, wo die Einheit an ist; sonst aufhalten oder verkleinern."),
        needs="activation chain", words="leaky relu, mask, maske, dead unit",
    ),
    _skill(
        "paths",
        ("Sum over paths", "Add up what comes back over all paths from a quantity to the loss."),
        ("Summe über Pfade",
         "Addieren, was über alle Pfade von einer Größe zum Verlust zurückkommt."),
        needs="chain", words="fan-out, branches, verzweigung, multivariable chain rule",
    ),
    _skill(
        "slope:sigmoid",
        ("Derivative of the sigmoid", "Multiply by s(1 - s), made of the value of the sigmoid."),
        ("Ableitung des Sigmoids",
         "Mit s(1 - s) multiplizieren, gebildet aus dem Wert des Sigmoids."),
        needs="activation chain", words="logistic, logistische funktion",
    ),
    _skill(
        "slope:tanh",
        ("Derivative of tanh", "Multiply by 1 - h², made of the value h of tanh."),
        ("Ableitung von tanh", "Mit 1 - h² multiplizieren, gebildet aus dem Wert h von tanh."),
        needs="activation chain", words="hyperbolic tangent, tangens hyperbolicus",
    ),
    _skill(
        "update:sgd",
        ("Gradient descent step", "Subtract the learning rate times the gradient."),
        ("Schritt des Gradientenabstiegs", "Die Lernrate mal den Gradienten abziehen."),
        needs="chain", words="sgd, learning rate, lernrate, update, aktualisierung",
    ),
    _skill(
        "loss:bce",
        ("Binary cross-entropy",
         "Compute the binary cross-entropy and its derivative, and see what a sigmoid cancels."),
        ("Binäre Kreuzentropie",
         "Die binäre Kreuzentropie und ihre Ableitung berechnen und sehen, was ein Sigmoid kürzt."),
        needs="forward", words="bce, log loss, cross entropy, kreuzentropie, verlust, loss",
    ),
    _skill(
        "loss:softmax",
        ("Softmax and cross-entropy",
         "Turn logits into probabilities, and go back to them: output minus label."),
        ("Softmax und Kreuzentropie",
         "Aus Logits Wahrscheinlichkeiten machen und zurück: Ausgabe minus Label."),
        needs="forward", words="cross entropy, logits, kreuzentropie, verlust, loss",
    ),
    _skill(
        "derive",
        ("Derivatives as formulas",
         "Write a derivative in symbols, over those that are known already."),
        ("Ableitungen als Formeln",
         "Eine Ableitung in Symbolen angeben, mithilfe der schon bekannten."),
        needs="chain", words="symbolic, derivation, symbolisch, herleitung",
    ),
    _skill(
        "shared",
        ("Shared weights", "Add up the contributions of all places that use the same parameter."),
        ("Geteilte Gewichte",
         "Die Beiträge aller Stellen addieren, die denselben Parameter verwenden."),
        needs="paths", words="weight sharing, tied weights, siamese, gemeinsame gewichte",
    ),
    _skill(
        "layer:skip",
        ("Skip connections", "Add the way around to the way through, forward and back."),
        ("Skip-Verbindungen",
         "Den Weg außen herum zum Weg hindurch addieren, vorwärts und zurück."),
        needs="paths", words="residual, shortcut, residualverbindung, resnet",
    ),
    _skill(
        "layer:conv",
        ("Convolution",
         "Slide a kernel over its input; each weight gets gradients from all windows."),
        ("Faltung",
         "Einen Kern über die Eingabe schieben; jedes Gewicht erhält Gradienten aller Fenster."),
        needs="shared", words="kernel, filter, cnn, convolutional, faltungskern",
    ),
    _skill(
        "layer:pool",
        ("Max pooling", "Hand on the largest value, and the gradient to it alone."),
        ("Max-Pooling", "Den größten Wert weitergeben und den Gradienten nur an ihn."),
        needs="chain", words="maximum, pooling",
    ),
    _skill(
        "layer:dropout",
        ("Dropout", "Multiply by the mask and its scale, forward and back."),
        ("Dropout", "Mit Maske und Skalierung multiplizieren, vorwärts und zurück."),
        needs="chain", words="mask, maske, regularization, regularisierung",
    ),
    _skill(
        "layer:norm",
        ("Normalisation",
         "Subtract the mean and divide by the deviation, and go back through both."),
        ("Normalisierung",
         "Den Mittelwert abziehen, durch die Streuung teilen und durch beides zurückgehen."),
        needs="paths",
        words="batch norm, layer norm, normalization, variance, varianz, batch-normalisierung",
    ),
    _skill(
        "layer:attention",
        ("Attention",
         "Scores, softmax weights and their weighted sum, and the way back to keys and values."),
        ("Attention",
         "Scores, Softmax-Gewichte und deren gewichtete Summe und der Weg zurück zu Keys und "
         "Values."),
        needs="paths", words="softmax, transformer, query, key, value, aufmerksamkeit",
    ),
    _skill(
        "loss:other",
        ("Other losses", "Compute a loss that is none of the usual ones, and its derivative."),
        ("Andere Verluste",
         "Einen Verlust, der keiner der üblichen ist, und seine Ableitung berechnen."),
        needs="forward", words="contrastive, margin, hinge, verlust, loss",
    ),
    _skill(
        "slope:other",
        ("Derivatives of other functions",
         "Go back through an absolute value, a root, an exponential and the like."),
        ("Ableitungen anderer Funktionen",
         "Zurück durch Betrag, Wurzel, Exponentialfunktion und Ähnliches gehen."),
        needs="activation chain", words="softplus, absolute value, betrag, exp, log, sqrt",
    ),
    _skill(
        "cell:elman",
        ("Elman cell", "A recurrent cell with one state and one activation, forward and back."),
        ("Elman-Zelle",
         "Eine rekurrente Zelle mit einem Zustand und einer Aktivierung, vorwärts und zurück."),
        needs="forward chain",
        words="rnn, recurrent, rekurrent, simple recurrent network, vanishing gradient",
    ),
    _skill(
        "cell:own",
        ("Recurrent cells of other kinds",
         "Read a recurrent cell off its equations, and go through it forward and back."),
        ("Rekurrente Zellen anderer Art",
         "Eine rekurrente Zelle aus ihren Gleichungen lesen und vorwärts und zurück durchlaufen."),
        needs="forward chain", words="rnn, recurrent, rekurrent, custom cell, eigene zelle",
    ),
    _skill(
        "message",
        ("Message and total derivative",
         "Tell what reaches a state from the next step from all that reaches it."),
        ("Nachricht und totale Ableitung",
         "Unterscheiden, was einen Zustand aus dem nächsten Schritt und was ihn insgesamt "
         "erreicht."),
        needs="paths", words="bptt, backpropagation through time, state, zustand, rnn",
    ),
    _skill(
        "shared:time",
        ("Weights shared over time (BPTT)",
         "Add up the contributions of all steps to the derivative by a weight."),
        ("Gewichte über die Zeit geteilt (BPTT)",
         "Die Beiträge aller Schritte zur Ableitung nach einem Gewicht addieren."),
        needs="shared",
        words="backpropagation through time, weight sharing, unrolled, rnn, geteilte gewichte",
    ),
    _skill(
        "cell:gru",
        ("GRU", "Update and reset gate of a GRU, forward and back."),
        ("GRU", "Update- und Reset-Gate einer GRU, vorwärts und zurück."),
        needs="cell:elman paths", words="gated recurrent unit, gate, rnn, recurrent, rekurrent",
    ),
    _skill(
        "cell:lstm",
        ("LSTM", "Gates, cell state and hidden state of an LSTM, forward and back."),
        ("LSTM", "Gates, Zellzustand und verdeckter Zustand eines LSTM, vorwärts und zurück."),
        needs="cell:elman paths", words="long short-term memory, gate, rnn, recurrent, rekurrent",
    ),
    _skill(
        "update:optimizer",
        ("Optimizer steps", "Steps with momentum, RMSProp, Adam, clipping or weight decay."),
        ("Schritte von Optimierern",
         "Schritte mit Momentum, RMSProp, Adam, Clipping oder Weight Decay."),
        needs="update:sgd", words="optimiser, optimierer, update",
    ),
    _skill(
        "spot",
        ("Finding a mistake", "Find the wrong line in a working, and mend it."),
        ("Einen Fehler finden", "Die falsche Zeile einer Rechnung finden und berichtigen."),
        needs="chain update:sgd", words="error spotting, fehlersuche, debugging",
    ),
)  # fmt: skip
"""All skills, in the order in which they are taught."""

_PLACES = {skill.id: place for place, skill in enumerate(SKILLS)}


def skill(id_: str) -> Skill:
    """A skill by its id. Raises KeyError for what is none."""
    return SKILLS[_PLACES[id_]]


def skill_name(id_: str, language: str) -> str:
    """What a skill is called; the id of one that an older version of the program knew.

    >>> skill_name("paths", "de")
    'Summe über Pfade'
    """
    return skill(id_).name["de" if language == "de" else "en"] if id_ in _PLACES else id_


def taught(ids: Iterable[str]) -> tuple[str, ...]:
    """Skills in the order in which they are taught, each once; last what is none any more."""
    return tuple(sorted(set(ids), key=lambda id_: (_PLACES.get(id_, len(SKILLS)), id_)))
