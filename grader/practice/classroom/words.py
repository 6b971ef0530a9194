"""The words and numbers of a class's report, by language."""

from __future__ import annotations

from collections.abc import Mapping

from examgen.text import Language
from grader.reporting import wording

CLASS_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Practice of the class",
        "everything": "all skills",
        "more_sets": "{count} more",
        "one_student": "1 student",
        "many_students": "{count} students",
        "in_short": "In short",
        "shared": "shared",
        "of_roster": "of {count} on the roster",
        "not_on_it": "{count} not on it",
        "begun": "have begun",
        "nobody": "Nobody’s share counts.",
        "only_one": "Only 1 student shared.",
        "only_many": "Only {count} students shared.",
        "few": "With fewer than {few}, single students can be recognised in every figure of this "
        "page: do not show it to others.",
        "sum": "Files: {all} = {used} used + {unused} not used",
        "listed": "listed below",
        "caveat": "Students shared this by themselves; who did not share may have practised all "
        "the same. Nothing proves that a share is unchanged: it is no ground for marks.",
        "more": "{count} more: {where}.",
        "skill": "Skill",
        "skills": "Skills",
        "skills_said": "How many students are how far, in teaching order. Learned: right without "
        "hints. Mastered: right on a later day, too, without being told which skill it takes. "
        "Missed: share of the rounds that went wrong.",
        "no_skills": "No skill was shared.",
        "rounds": "Rounds",
        "missed": "Missed",
        "mistake": "Mistake",
        "mistakes": "Known mistakes",
        "mistakes_said": "Wrong answers that were exactly what a known mistake leads to; first "
        "what most students did.",
        "more_mistakes": "each was made by as few students as the last of these, or fewer",
        "no_mistakes": "No answer was what a known mistake leads to.",
        "students": "Students",
        "answers": "Answers",
        "weeks": "Activity by week",
        "weeks_said": "Weeks in which anybody practised, up to the day on which each student "
        "shared: the last ones may still grow.",
        "week": "Week from",
        "more_weeks": "earlier weeks",
        "no_weeks": "Nobody has practised yet.",
        "clean": "nothing missed",
        "rest": "something missed",
        "rounds_clean": "with nothing missed",
        "student": "Student",
        "students_said": "By the name that each gave. Skills: how many are how far. Clean: share "
        "of the rounds with nothing missed.",
        "clean_share": "Clean",
        "days": "Days",
        "last_day": "Last day",
        "shared_on": "Shared",
        "more_students": "all are in practice.csv",
        "no_students": "There is no share that can be used.",
        "absent": "On the roster, but nothing shared",
        "more_absent": "whoever is not in practice.csv",
        "no_absent": "Everybody shared.",
        "unknown": "Shared, but not on the roster",
        "more_unknown": "rows of practice.csv with an empty ‘roster’",
        "unused": "Files that are not used",
        "file": "File",
        "why": "Why",
        "more_unused": "they are not listed anywhere else",
    },
    "de": {
        "title": "Übungsstand des Kurses",
        "everything": "alle Fertigkeiten",
        "more_sets": "{count} weitere",
        "one_student": "1 Person",
        "many_students": "{count} Personen",
        "in_short": "Überblick",
        "shared": "Lernstände",
        "of_roster": "von {count} auf der Kursliste",
        "not_on_it": "{count} nicht darauf",
        "begun": "haben begonnen",
        "nobody": "Kein Lernstand zählt.",
        "only_one": "Es liegt nur ein Lernstand vor.",
        "only_many": "Es liegen nur {count} Lernstände vor.",
        "few": "Bei weniger als {few} lassen sich in jeder Zahl dieser Seite einzelne Personen "
        "erkennen: Zeigen Sie sie niemandem sonst.",
        "sum": "Dateien: {all} = {used} verwendet + {unused} nicht verwendet",
        "listed": "unten aufgeführt",
        "caveat": "Die Studierenden haben ihren Lernstand freiwillig weitergegeben; wer das nicht "
        "getan hat, kann trotzdem geübt haben. Nichts belegt, dass eine Datei unverändert ist: "
        "Noten lassen sich darauf nicht stützen.",
        "more": "{count} weitere: {where}.",
        "skill": "Fertigkeit",
        "skills": "Fertigkeiten",
        "skills_said": "Wie viele Studierende wie weit sind, in der Reihenfolge der Lehre. "
        "Gelernt: richtig ohne Hinweise. Beherrscht: auch an einem späteren Tag richtig, ohne "
        "Angabe, welche Fertigkeit gefragt ist. Verfehlt: Anteil der misslungenen Runden.",
        "no_skills": "Kein Lernstand nennt eine Fertigkeit.",
        "rounds": "Runden",
        "missed": "Verfehlt",
        "mistake": "Fehler",
        "mistakes": "Bekannte Fehler",
        "mistakes_said": "Falsche Antworten, die genau das Ergebnis eines bekannten Fehlers sind; "
        "zuerst, was den meisten unterlaufen ist.",
        "more_mistakes": "jeder ist höchstens so vielen unterlaufen wie der letzte hier",
        "no_mistakes": "Keine Antwort war das Ergebnis eines bekannten Fehlers.",
        "students": "Studierende",
        "answers": "Antworten",
        "weeks": "Aktivität nach Wochen",
        "weeks_said": "Wochen, in denen jemand geübt hat, jeweils bis zum Tag des Lernstands: die "
        "letzten können noch wachsen.",
        "week": "Woche ab",
        "more_weeks": "frühere Wochen",
        "no_weeks": "Bisher hat niemand geübt.",
        "clean": "ohne Fehler",
        "rest": "mit Fehlern",
        "rounds_clean": "ohne Fehler",
        "student": "Name",
        "students_said": "Unter dem selbst angegebenen Namen. Fertigkeiten: wie viele wie weit "
        "sind. Fehlerfrei: Anteil der Runden ohne Fehler.",
        "clean_share": "Fehlerfrei",
        "days": "Tage",
        "last_day": "Zuletzt",
        "shared_on": "Stand vom",
        "more_students": "alle stehen in practice.csv",
        "no_students": "Kein Lernstand ist verwendbar.",
        "absent": "Auf der Kursliste, aber ohne Lernstand",
        "more_absent": "wer nicht in practice.csv steht",
        "no_absent": "Alle haben ihren Lernstand weitergegeben.",
        "unknown": "Lernstand, aber nicht auf der Kursliste",
        "more_unknown": "Zeilen von practice.csv mit leerem ‚roster‘",
        "unused": "Nicht verwendete Dateien",
        "file": "Datei",
        "why": "Grund",
        "more_unused": "sie sind sonst nirgends aufgeführt",
    },
}
"""What is put in stands in braces."""

REASONS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "faulty": "{said}",
        "later": "a later share counts: {said}",
        "same": "the same share is in {said}",
    },
    "de": {
        "faulty": "{said}",
        "later": "es zählt ein späterer Lernstand: {said}",
        "same": "derselbe Lernstand steht in {said}",
    },
}
"""Why a file does not count; said: what is wrong with it, or the file that counts instead."""

_POINTS = str.maketrans(",.", ".,")


def count(number: int, language: Language) -> str:
    """A number with its thousands apart.

    >>> count(1200, "en"), count(1200, "de")
    ('1,200', '1.200')
    """
    return _written(f"{number:,}", language)


def percent(part: int, whole: int, language: Language) -> str:
    r"""A part of a whole in per cent, a dash where there is none.

    >>> percent(7, 97, "en"), percent(7, 97, "de"), percent(0, 0, "de")
    ('7.2\xa0%', '7,2\xa0%', '–')
    """
    return _written(wording.percent(part / whole), language) if whole else "–"


def _written(number: str, language: Language) -> str:
    """A number that is written as in English, in a language."""
    return number.translate(_POINTS) if language == "de" else number
