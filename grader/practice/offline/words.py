"""The fixed words of the page, by language; what is said of answers as the grader says it."""

from __future__ import annotations

from collections.abc import Mapping

from examgen.text import Language
from grader.practice.marking import DOUBTFUL
from grader.practice.offline.grammar import reasons_data

Words = Mapping[str, str | tuple[str, ...]]
"""By what they are for; `rounded_to` for no decimals, for one, for more."""

WORDS: Mapping[Language, Words] = {
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
        "right": "Right",
        "rounded": "Right",
        "follows": "Right as a consequence",
        "mistake": "Not yet",
        "wrong": "Not yet",
        "unreadable": "Cannot be read",
        "passed": "Shown",
        "rounded_to": (
            "Right. Rounded to a whole number it is {number}.",
            "Right. Rounded to 1 decimal it is {number}.",
            "Right. Rounded to {places} decimals it is {number}.",
        ),
        "coarse": (
            "It is right as far as it goes, but rounded too coarsely: {places} decimals are asked."
        ),
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
        "right": "Richtig",
        "rounded": "Richtig",
        "follows": "Richtig als Folge",
        "mistake": "Noch nicht",
        "wrong": "Noch nicht",
        "unreadable": "Nicht lesbar",
        "passed": "Gezeigt",
        "rounded_to": (
            "Richtig. Auf eine ganze Zahl gerundet ist es {number}.",
            "Richtig. Auf 1 Nachkommastelle gerundet ist es {number}.",
            "Richtig. Auf {places} Nachkommastellen gerundet ist es {number}.",
        ),
        "coarse": (
            "So weit stimmt es, ist aber zu grob gerundet: {places} Nachkommastellen sind gefragt."
        ),
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


def reasons(language: Language) -> list[tuple[str, str]]:
    """What readers say, and what is said of an answer that stands alone; the first one counts."""
    return [*DOUBTFUL[language].items(), *reasons_data(language)]
