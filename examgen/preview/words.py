"""The fixed words of the preview, by language."""

from __future__ import annotations

from dataclasses import dataclass

from examgen.text import Language


@dataclass(frozen=True)
class PreviewWords:
    """Every word of the page that is not the author's and stands on no paper."""

    another: str
    show: str
    structure: str
    language: str
    problems: str
    stale: str
    empty: str
    key: str
    worked: str
    hint: str
    check: str
    checking: str
    unchecked: str
    verdicts: dict[str, str]
    away: str
    script: str


PREVIEW_WORDS: dict[Language, PreviewWords] = {
    "en": PreviewWords(
        another="Another variant",
        show="Show",
        structure="Structure",
        language="Language",
        problems="What is wrong with the file",
        stale="Below is the question as it was last whole.",
        empty="Once the file is whole, its question stands here.",
        key="Key",
        worked="Steps",
        hint="Hint",
        check="Quick check",
        checking="checking …",
        unchecked="A file is checked once it is whole.",
        verdicts={"pass": "passes", "warn": "passes, with warnings", "fail": "fails"},
        away="The server has ended: this page no longer follows the file.",
        script="Without scripts, reload this page after saving; the quick check is at",
    ),
    "de": PreviewWords(
        another="Andere Variante",
        show="Zeigen",
        structure="Struktur",
        language="Sprache",
        problems="Was an der Datei nicht stimmt",
        stale="Darunter steht die Aufgabe, wie sie zuletzt vollständig war.",
        empty="Sobald die Datei vollständig ist, steht hier ihre Aufgabe.",
        key="Lösung",
        worked="Rechenweg",
        hint="Hinweis",
        check="Schnellprüfung",
        checking="wird geprüft …",
        unchecked="Geprüft wird eine vollständige Datei.",
        verdicts={
            "pass": "bestanden",
            "warn": "bestanden, mit Warnungen",
            "fail": "nicht bestanden",
        },
        away="Der Server ist beendet: diese Seite folgt der Datei nicht mehr.",
        script="Ohne Skripte: nach dem Speichern neu laden; die Schnellprüfung steht unter",
    ),
}
