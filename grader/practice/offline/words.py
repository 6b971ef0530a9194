"""The fixed words of the page, by language; what is said of answers as the grader says it."""

from __future__ import annotations

from collections.abc import Mapping

from examgen.text import Language
from grader.practice.marking import COARSE, DOUBTFUL, ROUNDED, SIGN, SWAPPED, UNNAMED
from grader.practice.offline.grammar import reasons_data
from grader.practice.words import GRADES, STAGES, VERDICTS

Words = Mapping[str, str | tuple[str, ...]]
"""By what they are for; `rounded_to` for no decimals, for one, for more; `swapped` for one other
slot, for two."""

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
        "passed": "Shown",
        "follows_reason": "Follows from the answer to {x}",
        "and": " and ",
        "or": " Or: ",
        "also": "Also fits: {titles}.",
        "out_of_domain": "Earlier answers leave the domain of a function: nothing follows.",
        "degenerate": "An earlier wrong answer makes this one trivial: no follow-through.",
        "figure_marked": "The path of the mistake is marked in the figure.",
        "own": "Your answer",
        "done": "All done.",
        "comes": "What was not right at once and without help comes again: {parts}.",
        "comes_back": "Part {part} comes again: it was not right at once and without help.",
        "whole": "The whole question",
        "known": "Known from earlier parts",
        "next_missed": "What was missed, again",
        "back": "Back to the answer",
        "signs": "Signs to put in",
        "session": "{grade} in this session: {{right}} of {{all}}",
        "parts": "Parts",
        "rule_title": "What comes again",
        "rule": (
            "A part that was not right at once and without help comes again until it is: alone, "
            "with new numbers, after two others. What was missed when the page was last open "
            "comes first."
        ),
        "kept": "Which parts these are is kept in this browser, and nowhere else.",
        "unkept": "This browser keeps nothing of this page: once it is closed, all is forgotten.",
        "forget": "Forget all",
        "forgotten": "All is forgotten.",
        "keys": (
            "Enter checks \N{MIDDLE DOT} ? in an empty field or Alt+H: hint \N{MIDDLE DOT} "
            "Alt+L shows the answer \N{MIDDLE DOT} Alt+N goes on"
        ),
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
        "passed": "Gezeigt",
        "follows_reason": "Folgt aus der Antwort zu {x}",
        "and": " und ",
        "or": " Oder: ",
        "also": "Auch passend: {titles}.",
        "out_of_domain": "Frühere Antworten verlassen den Definitionsbereich: es folgt nichts.",
        "degenerate": "Eine frühere falsche Antwort macht diese trivial: keine Folgepunkte.",
        "figure_marked": "Der Weg des Fehlers ist in der Abbildung hervorgehoben.",
        "own": "Ihre Antwort",
        "done": "Alles erledigt.",
        "comes": "Was nicht auf Anhieb und ohne Hilfe richtig war, kommt wieder: {parts}.",
        "comes_back": "Teil {part} kommt wieder: er war nicht auf Anhieb und ohne Hilfe richtig.",
        "whole": "Die ganze Aufgabe",
        "known": "Bekannt aus früheren Teilen",
        "next_missed": "Verfehltes noch einmal",
        "back": "Zurück zur Antwort",
        "signs": "Zeichen zum Einfügen",
        "session": "{grade} in dieser Sitzung: {{right}} von {{all}}",
        "parts": "Teile",
        "rule_title": "Was wiederkommt",
        "rule": (
            "Ein Teil, der nicht auf Anhieb und ohne Hilfe richtig war, kommt wieder, bis er es "
            "ist: allein, mit neuen Zahlen, nach zwei anderen. Was beim letzten Öffnen der Seite "
            "verfehlt wurde, kommt zuerst."
        ),
        "kept": "Welche Teile das sind, steht in diesem Browser, und sonst nirgends.",
        "unkept": "Dieser Browser speichert nichts von dieser Seite: beim Schließen ist es weg.",
        "forget": "Alles vergessen",
        "forgotten": "Alles ist vergessen.",
        "keys": (
            "Enter prüft \N{MIDDLE DOT} ? im leeren Feld oder Alt+H: Hinweis \N{MIDDLE DOT} "
            "Alt+L zeigt die Antwort \N{MIDDLE DOT} Alt+N geht weiter"
        ),
    },
}


def _judged(language: Language) -> Words:
    """What all faces say of answers; where they set mathematics, the page puts in markup."""
    return {
        **{str(verdict): word for verdict, word in VERDICTS[language].items()},
        "rounded_to": tuple(form.replace("$", "") for form in ROUNDED[language]),
        "coarse": COARSE[language],
        "sign": SIGN[language],
        "swapped": tuple(form.replace("$", "").removesuffix(".") for form in SWAPPED[language]),
        "unnamed": UNNAMED[language],
    }


def _standing(language: Language) -> Words:
    """How it stands, in the words of all faces; JavaScript puts in the numbers."""
    own, stages = _OWN[language], STAGES[language]
    at_once = GRADES[language]["right"]
    counts = (f"{{{stage}}} {stages[stage]}" for stage in ("learned", "learning", "new"))
    return {
        "score": str(own["session"]).format(grade=at_once[:1].upper() + at_once[1:]),
        "standing": f"{own['parts']}: {', '.join(counts)}",
    }


WORDS: Mapping[Language, Words] = {
    language: {**_judged(language), **_standing(language), **own} for language, own in _OWN.items()
}


def reasons(language: Language) -> list[tuple[str, str]]:
    """What readers say, and what is said of an answer that stands alone; the first one counts."""
    return [*DOUBTFUL[language].items(), *reasons_data(language)]
