"""The fixed words of the pages, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from examgen.text import Language


@dataclass(frozen=True)
class WebWords:
    """Every word of the pages that belongs to no question; braces stand for what is put in."""

    practice: str
    progress: str
    start: str
    invite: str
    today: str  # {rounds}, {limit}
    rests: Mapping[str, str]
    due: str  # {day}
    more: str
    known: str
    trains: str
    mixed: str
    answers: str
    whole: str
    single: str
    check: str
    check_all: str
    hint: str
    hints: str
    leave: str
    skip: str
    yours: str
    earlier: str
    expected: str
    left: str
    shown: str
    later: str
    column: str  # {column}
    at_end: str
    summary: str  # {good}, {all}
    notes: Mapping[str, str]
    ended: str
    all_right: str
    early: str
    missed: str
    again: str
    trained: str
    next: str
    worked: str
    own: str
    figure_marked: str
    question: str
    answer: str
    signs: str
    keys: str
    keys_end: str
    skill: str
    skills: str
    stage: str
    next_due: str
    now: str
    recall: str
    rounds: str
    rounds_missed: str
    no_skills: str
    days: str
    days_said: str  # {days}, {rounds}, {clean}
    no_days: str
    day: str
    clean: str
    with_misses: str
    ahead: str
    ahead_said: str  # {skills}, {days}
    no_ahead: str
    mistakes: str
    times: str  # {times}
    no_mistakes: str
    exam: str  # {day}
    exam_day: str
    keep: str
    kept: str
    download: str
    errors: Mapping[int, str]
    sorry: str


WEB_WORDS: dict[Language, WebWords] = {
    "en": WebWords(
        practice="Practice",
        progress="Progress",
        start="Start",
        invite="One question at a time, with numbers of your own. "
        "Take your time: hints are free, and a slip costs nothing.",
        today="Today: {rounds} of {limit} rounds",
        rests={
            "limit": "That was all for today. What you did sits better after a night’s sleep.",
            "new": "Enough new things for one day, and nothing else is due. More comes tomorrow.",
            "done": "Nothing is due at the moment.",
            "pause": "What you missed comes back after a pause.",
        },
        due="The next skill is due on {day}.",
        more="One more all the same",
        known="Known from earlier parts",
        trains="Trains",
        mixed="Mixed: which skill it takes is for you to see.",
        answers="Your answers",
        whole="All answers at once",
        single="One answer at a time",
        check="Check",
        check_all="Check all",
        hint="Hint",
        hints="Hints",
        leave="Leave it",
        skip="Skip this question",
        yours="Your answer",
        earlier="Before",
        expected="Expected",
        left="left open",
        shown="shown in the hints",
        later="comes later",
        column="Reading ended at character {column}.",
        at_end="Reading ended at the end.",
        summary="{good} of {all} answers are done. Try the others again, or leave them.",
        notes={
            "blank": "Nothing was written, so nothing was checked.",
            "ended": "This round had ended already; here is how it stands.",
            "settled": "That answer was done already; here is how it stands.",
        },
        ended="Done",
        all_right="Everything right.",
        early="This question was ended before all of it was answered.",
        missed="Worked solution with your own steps",
        again="What was missed comes back with new numbers.",
        trained="What was trained",
        next="Next question",
        worked="Worked solution",
        own="You",
        figure_marked="The path of the mistake is marked in the figure.",
        question="Question",
        answer="Answer",
        signs="Signs to put in",
        keys="<kbd>Enter</kbd> checks · <kbd>?</kbd> in an empty field or <kbd>Alt</kbd>+"
        "<kbd>H</kbd>: hint · <kbd>Alt</kbd>+<kbd>L</kbd> leaves it",
        keys_end="<kbd>Enter</kbd> or <kbd>Alt</kbd>+<kbd>N</kbd>: next question",
        skill="Skill",
        skills="Skills",
        stage="Stage",
        next_due="Due",
        now="now",
        recall="Would be right now",
        rounds="Rounds",
        rounds_missed="missed",
        no_skills="Skills appear here once the first round is done.",
        days="Days",
        days_said="Rounds: {rounds}, on days: {days}, with nothing missed: {clean}.",
        no_days="No rounds yet.",
        day="Day",
        clean="nothing missed",
        with_misses="something missed",
        ahead="What is coming",
        ahead_said="Skills due in the next {days} days: {skills}.",
        no_ahead="Nothing is planned yet.",
        mistakes="Most frequent mistakes",
        times="{times} ×",
        no_mistakes="No known mistake so far.",
        exam="Exam on {day}",
        exam_day="Day of the exam",
        keep="Save",
        kept="All of this is kept in one file on this computer, and nowhere else.",
        download="Download all that is kept of you",
        errors={
            400: "That request makes no sense here.",
            403: "This page belongs to whoever started the practice: "
            "open the address that the program printed.",
            404: "There is no such page, or its question has changed since.",
            405: "That is not possible at this address.",
            413: "That is too much for an answer.",
            415: "Only forms of these pages are read.",
            500: "The program itself failed here; what you answered before is kept.",
            503: "The practice has been ended in the terminal.",
        },
        sorry="Not here",
    ),
    "de": WebWords(
        practice="Üben",
        progress="Fortschritt",
        start="Beginnen",
        invite="Eine Aufgabe nach der anderen, mit Ihren eigenen Zahlen. "
        "Lassen Sie sich Zeit: Hinweise sind frei, und ein Fehler kostet nichts.",
        today="Heute: {rounds} von {limit} Runden",
        rests={
            "limit": "Das war alles für heute. Nach einer Nacht sitzt das Geübte besser.",
            "new": "Genug Neues für einen Tag, und sonst ist nichts fällig. Morgen geht es weiter.",
            "done": "Im Augenblick ist nichts fällig.",
            "pause": "Was Sie verfehlt haben, kommt nach einer Pause wieder.",
        },
        due="Die nächste Fertigkeit ist am {day} fällig.",
        more="Trotzdem noch eine",
        known="Bekannt aus früheren Teilen",
        trains="Übt",
        mixed="Gemischt: welche Fertigkeit es braucht, sehen Sie selbst.",
        answers="Ihre Antworten",
        whole="Alle Antworten auf einmal",
        single="Eine Antwort nach der anderen",
        check="Prüfen",
        check_all="Alle prüfen",
        hint="Hinweis",
        hints="Hinweise",
        leave="So lassen",
        skip="Diese Aufgabe überspringen",
        yours="Ihre Antwort",
        earlier="Vorher",
        expected="Erwartet",
        left="offen gelassen",
        shown="in den Hinweisen gezeigt",
        later="kommt später",
        column="Gelesen wurde bis Zeichen {column}.",
        at_end="Gelesen wurde bis zum Ende.",
        summary="{good} von {all} Antworten sind erledigt. "
        "Versuchen Sie die anderen noch einmal, oder lassen Sie sie so.",
        notes={
            "blank": "Es stand nichts da, also wurde nichts geprüft.",
            "ended": "Diese Runde war schon zu Ende; so steht sie jetzt.",
            "settled": "Diese Antwort war schon erledigt; so steht sie jetzt.",
        },
        ended="Fertig",
        all_right="Alles richtig.",
        early="Diese Aufgabe wurde beendet, bevor alles beantwortet war.",
        missed="Lösungsweg mit Ihren eigenen Schritten",
        again="Was verfehlt wurde, kommt mit neuen Zahlen wieder.",
        trained="Was geübt wurde",
        next="Nächste Aufgabe",
        worked="Lösungsweg",
        own="Sie",
        figure_marked="Der Weg des Fehlers ist in der Abbildung hervorgehoben.",
        question="Aufgabe",
        answer="Antwort",
        signs="Zeichen zum Einfügen",
        keys="<kbd>Enter</kbd> prüft · <kbd>?</kbd> im leeren Feld oder <kbd>Alt</kbd>+"
        "<kbd>H</kbd>: Hinweis · <kbd>Alt</kbd>+<kbd>L</kbd> lässt es so",
        keys_end="<kbd>Enter</kbd> oder <kbd>Alt</kbd>+<kbd>N</kbd>: nächste Aufgabe",
        skill="Fertigkeit",
        skills="Fertigkeiten",
        stage="Stufe",
        next_due="Fällig",
        now="jetzt",
        recall="Gelänge jetzt",
        rounds="Runden",
        rounds_missed="verfehlt",
        no_skills="Nach der ersten Runde stehen hier Fertigkeiten.",
        days="Tage",
        days_said="Runden: {rounds}, an Tagen: {days}, ohne Fehler: {clean}.",
        no_days="Noch keine Runden.",
        day="Tag",
        clean="ohne Fehler",
        with_misses="mit Fehlern",
        ahead="Was kommt",
        ahead_said="In den nächsten {days} Tagen fällige Fertigkeiten: {skills}.",
        no_ahead="Noch ist nichts geplant.",
        mistakes="Häufigste Fehler",
        times="{times} ×",
        no_mistakes="Bisher kein bekannter Fehler.",
        exam="Prüfung am {day}",
        exam_day="Tag der Prüfung",
        keep="Speichern",
        kept="All das steht in einer Datei auf diesem Rechner, und sonst nirgends.",
        download="Alles über Sie Gespeicherte herunterladen",
        errors={
            400: "Diese Anfrage ergibt hier keinen Sinn.",
            403: "Diese Seite gehört der Person, die das Üben begonnen hat: "
            "öffnen Sie die Adresse, die das Programm ausgegeben hat.",
            404: "Diese Seite gibt es nicht, oder ihre Aufgabe hat sich seither geändert.",
            405: "Das ist unter dieser Adresse nicht möglich.",
            413: "Das ist zu viel für eine Antwort.",
            415: "Gelesen werden nur Formulare dieser Seiten.",
            500: "Hier ist das Programm selbst gescheitert; "
            "was Sie davor beantwortet haben, ist gesichert.",
            503: "Das Üben wurde im Terminal beendet.",
        },
        sorry="Hier nicht",
    ),
}
