"""The fixed words of the page, by language; what is said of answers as the grader says it."""

from __future__ import annotations

from collections.abc import Mapping

from examgen.text import Language
from grader.practice.marking import COARSE, DOUBTFUL, ROUNDED
from grader.practice.offline.grammar import reasons_data
from grader.practice.words import VERDICTS

Words = Mapping[str, str | tuple[str, ...]]
"""By what they are for; `rounded_to` for no decimals, for one, for more."""

_OWN: Mapping[Language, Words] = {
    "en": {
        "practice": "Practice",
        "noscript": (
            "This page marks your answers itself, and needs JavaScript for that. If this sentence "
            "stays, save the file on your computer and open it there in a current browser."
        ),
        "old": "This browser is too old for this page. Any current one will do.",
        "question": "Question",
        "numbers": "Numbers",
        "of": "{n} of {all}",
        "next": "New numbers",
        "check": "Check",
        "check_all": "Check all",
        "hint": "Hint",
        "more": "Next step",
        "show": "Show answer",
        "worked": "Worked solution",
        "score": "Right at once in this session: {right} of {all}",
        "passed": "Shown",
        "follows_reason": "Follows from the answer to {x}",
        "and": " and ",
        "or": " Or: ",
        "also": "Also fits: {names}.",
        "out_of_domain": "Earlier answers leave the domain of a function: nothing follows.",
        "degenerate": "An earlier wrong answer makes this one trivial: no follow-through.",
        "nothing_known": "It follows from none of your answers, and is no mistake that is known.",
        "figure_marked": "The path of the mistake is marked in the figure.",
        "own": "Your answer",
        "done": "All done. Go on with new numbers.",
    },
    "de": {
        "practice": "Übung",
        "noscript": (
            "Diese Seite bewertet Ihre Antworten selbst und braucht dafür JavaScript. Bleibt "
            "dieser Satz stehen, öffnen Sie die Datei in einem aktuellen Browser von Ihrem Rechner."
        ),
        "old": "Dieser Browser ist zu alt für diese Seite. Jeder aktuelle genügt.",
        "question": "Aufgabe",
        "numbers": "Zahlen",
        "of": "{n} von {all}",
        "next": "Neue Zahlen",
        "check": "Prüfen",
        "check_all": "Alle prüfen",
        "hint": "Hinweis",
        "more": "Nächster Schritt",
        "show": "Antwort zeigen",
        "worked": "Lösungsweg",
        "score": "Auf Anhieb richtig in dieser Sitzung: {right} von {all}",
        "passed": "Gezeigt",
        "follows_reason": "Folgt aus der Antwort zu {x}",
        "and": " und ",
        "or": " Oder: ",
        "also": "Auch passend: {names}.",
        "out_of_domain": "Frühere Antworten verlassen den Definitionsbereich: es folgt nichts.",
        "degenerate": "Eine frühere falsche Antwort macht diese trivial: keine Folgepunkte.",
        "nothing_known": "Sie folgt aus keiner Ihrer Antworten und ist kein bekannter Fehler.",
        "figure_marked": "Der Weg des Fehlers ist in der Abbildung hervorgehoben.",
        "own": "Ihre Antwort",
        "done": "Alles erledigt. Weiter mit neuen Zahlen.",
    },
}


def _judged(language: Language) -> Words:
    """What all faces say of answers; where they set mathematics, the page puts in markup."""
    return {
        **{str(verdict): word for verdict, word in VERDICTS[language].items()},
        "rounded_to": tuple(form.replace("$", "") for form in ROUNDED[language]),
        "coarse": COARSE[language],
    }


WORDS: Mapping[Language, Words] = {
    language: {**_judged(language), **own} for language, own in _OWN.items()
}


def reasons(language: Language) -> list[tuple[str, str]]:
    """What readers say, and what is said of an answer that stands alone; the first one counts."""
    return [*DOUBTFUL[language].items(), *reasons_data(language)]
