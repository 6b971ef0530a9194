"""What the terminal says, in the languages of practice."""

from __future__ import annotations

from collections.abc import Mapping

from grader.practice.values import Grade, Judged, Stage

SIGNS: Mapping[Judged, tuple[str, str]] = {
    "right": ("✓", "bold green"),
    "rounded": ("≈", "bold green"),
    "follows": ("→", "bold yellow"),
    "mistake": ("×", "bold red"),
    "wrong": ("×", "bold red"),
    "unreadable": ("?", "bold magenta"),
}
"""How a verdict looks: a sign, which says it without colour too, and a style."""

GRADES: Mapping[Grade, tuple[str, str]] = {
    "right": ("✓", "green"),
    "helped": ("~", "yellow"),
    "missed": ("×", "red"),
}

VERDICTS: Mapping[str, Mapping[Judged, str]] = {
    "en": {
        "right": "Right.",
        "rounded": "Right, but rounded otherwise.",
        "follows": "Consistent with an earlier slip.",
        "mistake": "Not right.",
        "wrong": "Not right.",
        "unreadable": "This cannot be read:",
    },
    "de": {
        "right": "Richtig.",
        "rounded": "Richtig, aber anders gerundet.",
        "follows": "Folgerichtig nach einem früheren Fehler.",
        "mistake": "Nicht richtig.",
        "wrong": "Nicht richtig.",
        "unreadable": "Das ist nicht lesbar:",
    },
}

STAGES: Mapping[str, Mapping[Stage, str]] = {
    "en": {
        "new": "not begun",
        "learning": "learning",
        "learned": "learned",
        "mastered": "mastered",
    },
    "de": {
        "new": "nicht begonnen",
        "learning": "im Lernen",
        "learned": "gelernt",
        "mastered": "sicher",
    },
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "given": "Given",
        "known": "Known from the parts before",
        "figure": "figure",
        "trains": "Trains: {skill}",
        "mixed": "Mixed practice: which skill it takes is for you to see.",
        "keys": "?  next hint    skip  leave this answer    next  another question    "
        "quit  for today",
        "help": "Type a number or a formula. `?` or `show` reveals the next step, `solution` all "
        "of them, `again` prints the question, `skip` leaves this answer, `next` the question, "
        "`quit` ends; everything is kept.",
        "hint": "Hint {n}",
        "expected": "It is {answer}.",
        "left": "Left: what follows is marked from what you wrote.",
        "whole": "All answers first; an empty line leaves one open.",
        "solution": "How it goes",
        "yours": "you wrote {response}",
        "went": "What this trained",
        "all_right": "All right at once.",
        "more": "Enter: next question    quit: enough for today",
        "limit": "{rounds} rounds today: that is the limit you set, and sleep does the rest.",
        "nothing": "Nothing is due. Rounds today: {rounds}.",
        "due": "Next: {when}.",
        "ahead": "Enter: go on all the same    quit: enough for today",
        "bye": "Everything is kept. Rounds today: {rounds} of {limit}.",
        "skill": "skill",
        "stage": "stage",
        "recall": "you would know it now",
        "rounds": "rounds",
        "missed": "missed",
        "next_due": "due",
        "now": "now",
        "mistakes": "Mistakes that were named most often",
        "exam": "Exam on {day}.",
        "coming": "Due in the coming days",
    },
    "de": {
        "given": "Gegeben",
        "known": "Bekannt aus den Teilen davor",
        "figure": "Abbildung",
        "trains": "Übt: {skill}",
        "mixed": "Gemischtes Üben: welche Fertigkeit es braucht, sehen Sie selbst.",
        "keys": "?  nächster Hinweis    skip  Antwort auslassen    next  andere Frage    "
        "quit  für heute",
        "help": "Tippen Sie eine Zahl oder eine Formel. `?` oder `show` zeigt den nächsten "
        "Schritt, `solution` alle, `again` die Frage noch einmal, `skip` lässt diese Antwort aus, "
        "`next` die Frage, `quit` hört auf; alles bleibt gespeichert.",
        "hint": "Hinweis {n}",
        "expected": "Es ist {answer}.",
        "left": "Ausgelassen: was folgt, wird von Ihrer Antwort aus bewertet.",
        "whole": "Erst alle Antworten; eine leere Zeile lässt eine offen.",
        "solution": "So geht es",
        "yours": "Sie schrieben {response}",
        "went": "Was das geübt hat",
        "all_right": "Alles auf Anhieb richtig.",
        "more": "Enter: nächste Frage    quit: genug für heute",
        "limit": "{rounds} Runden heute: das ist Ihre Grenze, den Rest macht der Schlaf.",
        "nothing": "Nichts ist fällig. Runden heute: {rounds}.",
        "due": "Weiter: {when}.",
        "ahead": "Enter: trotzdem weiter    quit: genug für heute",
        "bye": "Alles ist gespeichert. Runden heute: {rounds} von {limit}.",
        "skill": "Fertigkeit",
        "stage": "Stand",
        "recall": "Sie könnten es jetzt",
        "rounds": "Runden",
        "missed": "verfehlt",
        "next_due": "fällig",
        "now": "jetzt",
        "mistakes": "Am häufigsten benannte Fehler",
        "exam": "Prüfung am {day}.",
        "coming": "Fällig in den nächsten Tagen",
    },
}
