"""What verdicts, grades and stages are called, whichever face shows them."""

from __future__ import annotations

from collections.abc import Mapping

from examgen.text import Language
from grader.practice.values import Grade, Judged, Stage

VERDICTS: Mapping[Language, Mapping[Judged, str]] = {
    "en": {
        "right": "Right",
        "rounded": "Right, but rounded differently",
        "follows": "Consistent with an earlier slip",
        "mistake": "A known mistake",
        "wrong": "Not right",
        "unreadable": "Cannot be read",
    },
    "de": {
        "right": "Richtig",
        "rounded": "Richtig, aber anders gerundet",
        "follows": "Folgerichtig nach einem früheren Fehler",
        "mistake": "Ein bekannter Fehler",
        "wrong": "Nicht richtig",
        "unreadable": "Nicht lesbar",
    },
}
"""Without a stop: a reason may follow."""

GRADES: Mapping[Language, Mapping[Grade, str]] = {
    "en": {"right": "right at once", "helped": "right, with help", "missed": "missed"},
    "de": {"right": "auf Anhieb richtig", "helped": "richtig, mit Hilfe", "missed": "verfehlt"},
}

STAGES: Mapping[Language, Mapping[Stage, str]] = {
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
        "mastered": "beherrscht",
    },
}
