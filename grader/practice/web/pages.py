"""The pages as HTML: what a student sees of a round, of their progress, and of what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from examgen.html.environment import environment
from examgen.html.figures import figure
from examgen.render.words import WORDS
from examgen.sheet import Diagram
from examgen.text import Language
from examgen.typeset.fonts import MATH, digest
from examgen.typeset.speech import speech
from grader.practice.values import GOOD, Attempt, Judged, Progress, RoundView, SlotView
from grader.practice.web.charts import ahead_chart, day_text, days_chart
from grader.practice.web.files import asset
from grader.practice.web.forms import LONGEST
from grader.practice.web.words import WEB_WORDS
from grader.practice.words import GRADES, STAGES, VERDICTS

SIGNS: dict[Judged, str] = {
    "right": "✓",
    "rounded": "✓",
    "follows": "→",
    "mistake": "✗",
    "wrong": "✗",
    "unreadable": "?",
}
TONES: dict[Judged, str] = {
    "right": "good",
    "rounded": "good",
    "follows": "doubt",
    "mistake": "bad",
    "wrong": "bad",
    "unreadable": "doubt",
}


KEYS = {"number": "\N{MINUS SIGN}/e", "formula": "()*/+\N{MINUS SIGN}'_"}
"""Signs that are far away on a phone's keyboard, by the kind of a slot."""


@dataclass(frozen=True)
class Shown:
    """How a round is shown. whole: with a field for every answer; did: what was done last, such as
    `answer-2`, or `answer-0` for several; note: why nothing was done."""

    whole: bool = False
    did: str = ""
    note: str = ""


@dataclass(frozen=True)
class Pages:
    """Every page in one language. token: what its forms are told by. title: of what is asked."""

    language: Language
    token: str
    title: str = ""

    def home(self, found: Progress, rest: str = "") -> str:
        """The page to begin at. rest: why there is no round now, or empty."""
        today, coming = _due(found)
        rest = "pause" if rest in ("new", "done") and today else rest
        due = day_text(coming, self.language) if coming else ""
        exam = day_text(found.exam, self.language) if found.exam else ""
        shown = {"found": found, "rest": rest, "due": due, "exam": exam, "title": self.title}
        return self._render("home.html.j2", **shown)

    def round(self, view: RoundView, shown: Shown) -> str:
        """A round as far as it has come."""
        shown = replace(shown, whole=shown.whole and not view.ended and len(view.slots) > 1)
        return self._render(
            "round.html.j2",
            view=view,
            shown=shown,
            parts=_parts(view),
            said=self._said(view, shown),
            marked=_marked(view),
            early=not all(slot.settled for slot in view.slots),
            place=_place(view),
        )

    def progress(self, found: Progress) -> str:
        """Where the student stands."""
        return self._render(
            "progress.html.j2",
            found=found,
            days=days_chart(found.days, self.language),
            ahead=ahead_chart(found.ahead, self.language),
            exam=day_text(found.exam, self.language) if found.exam else "",
        )

    def error(self, status: int) -> str:
        """One sentence."""
        errors = WEB_WORDS[self.language].errors
        return self._render("error.html.j2", sentence=errors.get(status, errors[400]))

    def _said(self, view: RoundView, shown: Shown) -> tuple[str, Attempt | None]:
        """What is told of what was done last: a sentence, or what was said of an answer."""
        own = WEB_WORDS[self.language]
        kind, _, place = shown.did.partition("-")
        if shown.note:
            return own.notes[shown.note], None
        if kind != "answer" or (place == "0" and view.ended):
            return "", None
        if place == "0":
            settled = sum(slot.settled for slot in view.slots)
            return own.summary.format(good=settled, all=len(view.slots)), None
        slots = view.slots[int(place) - 1 : int(place)]
        return "", slots[0].last if slots else None

    def _render(self, name: str, **content: object) -> str:
        return (
            _environment()
            .get_template(name)
            .render(
                language=self.language,
                words=WORDS[self.language],
                own=WEB_WORDS[self.language],
                verdicts=VERDICTS[self.language],
                grades=GRADES[self.language],
                stages=STAGES[self.language],
                token=self.token,
                **content,
            )
        )


def _parts(view: RoundView) -> list[tuple[object, list[tuple[int, SlotView]]]]:
    """The parts of the sheet, each with its slots and their places among all, from 1."""
    places = list(enumerate(view.slots, start=1))
    return [
        (part, [(place, one) for place, one in places if one.part == part.label])
        for part in view.sheet.parts
    ]


def _marked(view: RoundView) -> Attempt | None:
    """The response whose mistake the figure shows."""
    diagram = view.sheet.diagram
    if diagram is None or not _has_marks(diagram):
        return None
    with_way = [one.last for one in view.slots if one.last and one.last.feedback.trail]
    return max(with_way, key=lambda one: one.at, default=None)


def _has_marks(diagram: Diagram) -> bool:
    of_vertices = any(one.marked for one in diagram.vertices)
    return of_vertices or any(one.marked for one in diagram.edges)


def _place(view: RoundView) -> int:
    """The place of the slot that is asked, from 1; 0 for none."""
    places = (place for place, one in enumerate(view.slots, 1) if one.slot.id == view.current)
    return next(places, 0)


def _due(found: Progress) -> tuple[bool, date | None]:
    """Whether anything is due today still, and the next day that anything is."""
    today, *others = found.ahead or ((date.min, 0),)
    return today[1] > 0, next((day for day, skills in others if skills), None)


def due(day: datetime | None, found: Progress, language: Language) -> str:
    """When a skill is due, where today is the first of the coming days."""
    if day is None:
        return ""
    if found.ahead and day.astimezone().date() <= found.ahead[0][0]:
        return WEB_WORDS[language].now
    return day_text(day.astimezone().date(), language)


def with_id(diagram: Diagram, prefix: str = "") -> Markup:
    """The figure, to be found by a link."""
    drawn = str(figure(diagram, prefix))
    return Markup(drawn.replace("<figure", '<figure id="figure"', 1))


def refill(slot: SlotView) -> str:
    """What a field begins with: what can be mended in place; a wrong number is better forgotten."""
    last = slot.last
    if last is None or slot.settled:
        return ""
    kept = slot.slot.kind == "formula" or last.feedback.verdict == "unreadable"
    return last.response if kept else ""


def cut_at(response: str, column: int) -> tuple[str, str, str]:
    """A response before, at and after a column (from 1); at its end there is nothing there."""
    at = min(max(column, 1), len(response) + 1) - 1
    return response[:at], response[at : at + 1], response[at + 1 :]


def warm() -> None:
    """Read templates and the letters of figures, so that no student waits for that."""
    for name in ("home", "round", "slots", "progress", "error", "pieces"):
        _environment().get_template(f"{name}.html.j2")
    digest(MATH)


@cache
def _environment() -> Environment:
    made = environment("grader.practice.web")
    made.filters |= {
        "figure": with_id,
        "due": due,
        "spoken": speech,
        "refill": refill,
        "cut_at": cut_at,
    }
    made.globals |= {
        "asset": asset,
        "SIGNS": SIGNS,
        "TONES": TONES,
        "GOOD": GOOD,
        "LONGEST": LONGEST,
        "KEYS": KEYS,
    }
    return made
