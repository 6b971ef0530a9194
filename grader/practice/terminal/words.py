"""What the terminal says, in the languages of practice."""

from __future__ import annotations

from collections.abc import Mapping

from grader.practice.values import Grade, Judged

SIGNS: Mapping[Judged, tuple[str, str]] = {
    "right": ("✓", "bold green"),
    "rounded": ("≈", "bold green"),
    "follows": ("→", "bold magenta"),
    "mistake": ("×", "bold red"),
    "wrong": ("×", "bold red"),
    "unreadable": ("?", "bold"),
}
"""How a verdict looks: a sign, which says it without colour too, and a style."""

GRADE_SIGNS: Mapping[Grade, tuple[str, str]] = {
    "right": ("✓", "green"),
    "helped": ("~", "magenta"),
    "missed": ("×", "red"),
}

GRADE_WORDS: Mapping[str, Mapping[Grade, str]] = {
    "en": {"right": "", "helped": "not at once", "missed": "missed"},
    "de": {"right": "", "helped": "nicht auf Anhieb", "missed": "verfehlt"},
}
"""What the sign of a grade means, where it does not speak for itself."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "given": "Given",
        "known": "Known from the parts before",
        "figure": "figure",
        "trains": "Trains: {skill}",
        "mixed": "Mixed practice: as in an exam, the skill is not named.",
        "keys": "Type an answer, or: ? (hint)  skip (this answer)  next (question)  quit  help",
        "help": "Answers are numbers (-0.25, 1/3, 2e-3) or, where a part says so, formulas.",
        "hint": "Hint {n}/{all}",
        "expected": "It is {answer}.",
        "left": "Left as it is: what follows goes on from your answer.",
        "whole": "All answers first; an empty line leaves one open.",
        "solution": "How it goes",
        "yours": "you wrote {response}",
        "went": "What this trained",
        "all_right": "All right at once.",
        "more": "Enter: next question   quit: enough for today",
        "limit": "Rounds today: {rounds}. That is the day's limit; sleep does the rest.",
        "nothing": "Nothing is due. Rounds today: {rounds}.",
        "due": "Next: {when}.",
        "ahead": "Enter: go on all the same   quit: enough for today",
        "bye": "Everything is kept. Rounds today: {rounds} of {limit}.",
        "skill": "skill",
        "stage": "stage",
        "recall": "known by now",
        "not_begun": "Not begun",
        "today": "Rounds today: {rounds} of {limit}.",
        "meant": "For the command type `{word}`.",
        "rounds": "rounds",
        "missed": "missed",
        "next_due": "due",
        "now": "now",
        "mistakes": "Mistakes that were named most often",
        "exam": "Exam on {day}.",
        "coming": "Due in the coming days",
        "left_open": "Left open.",
        "miss": "Try again, or: ? (hint)  skip",
        "no_command": "Neither an answer nor a command. Did you mean `{word}`?",
        "answer_first": "Hints come once all answers are given. An empty line leaves one open.",
        "more_again": "Enter: the same with new numbers   quit: enough for today",
        "resumed": "Left open last time; what you answered is kept.",
    },
    "de": {
        "given": "Gegeben",
        "known": "Bekannt aus den Teilen davor",
        "figure": "Abbildung",
        "trains": "Übt: {skill}",
        "mixed": "Gemischtes Üben: wie in der Prüfung wird die Fertigkeit nicht genannt.",
        "keys": "Antwort oder: ? (Hinweis)  skip (diese Antwort)  next (Frage)  quit  help",
        "help": "Antworten sind Zahlen (-0.25, 1/3, 2e-3) oder, wo ein Teil es sagt, Formeln.",
        "hint": "Hinweis {n}/{all}",
        "expected": "Es ist {answer}.",
        "left": "Es bleibt dabei: was folgt, geht von Ihrer Antwort aus.",
        "whole": "Erst alle Antworten; eine leere Zeile lässt eine offen.",
        "solution": "So geht es",
        "yours": "Sie schrieben {response}",
        "went": "Was das geübt hat",
        "all_right": "Alles auf Anhieb richtig.",
        "more": "Enter: nächste Frage   quit: genug für heute",
        "limit": "Runden heute: {rounds}. Mehr sind nicht vorgesehen, den Rest macht der Schlaf.",
        "nothing": "Nichts ist fällig. Runden heute: {rounds}.",
        "due": "Weiter: {when}.",
        "ahead": "Enter: trotzdem weiter   quit: genug für heute",
        "bye": "Alles ist gespeichert. Runden heute: {rounds} von {limit}.",
        "skill": "Fertigkeit",
        "stage": "Stand",
        "recall": "sitzt noch",
        "not_begun": "Nicht begonnen",
        "today": "Runden heute: {rounds} von {limit}.",
        "meant": "Den Befehl gibt `{word}`.",
        "rounds": "Runden",
        "missed": "verfehlt",
        "next_due": "fällig",
        "now": "jetzt",
        "mistakes": "Am häufigsten benannte Fehler",
        "exam": "Prüfung am {day}.",
        "coming": "Fällig in den nächsten Tagen",
        "left_open": "Bleibt offen.",
        "miss": "Noch ein Versuch, oder: ? (Hinweis)  skip",
        "no_command": "Weder Antwort noch Befehl. Meinten Sie `{word}`?",
        "answer_first": "Hinweise gibt es nach allen Antworten. Eine leere Zeile lässt eine offen.",
        "more_again": "Enter: dasselbe mit neuen Zahlen   quit: genug für heute",
        "resumed": "Vom letzten Mal noch offen; Ihre Antworten sind da.",
    },
}

HELP: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("?, show", "the next step of the derivation; free, and noted"),
        ("solution", "all its steps"),
        ("skip", "go on without this answer"),
        ("next", "put the question aside for another one"),
        ("again", "print the question again"),
        ("quit", "stop; everything is kept (Ctrl-C and Ctrl-D, too)"),
    ),
    "de": (
        ("?, show", "der nächste Schritt der Herleitung; kostet nichts, wird vermerkt"),
        ("solution", "alle ihre Schritte"),
        ("skip", "ohne diese Antwort weiter"),
        ("next", "diese Frage weglegen, eine andere nehmen"),
        ("again", "die Frage noch einmal zeigen"),
        ("quit", "aufhören; alles bleibt gespeichert (auch bei Strg-C und Strg-D)"),
    ),
}
"""The commands, and what they do."""
