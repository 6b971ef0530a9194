"""Reports as one page: what matters first, all figures below it, folded.

No script, no file beside it, nothing from a network. Pictures are a dozen rectangles each, set by
the page itself, so that they take its colours, light or dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Template

from examgen.check.findings import Verdict
from examgen.check.guessing import BOUND
from examgen.check.report import EXAM, Report
from examgen.check.summary import sentence
from examgen.check.telling import BARS, grouped, median, possible
from examgen.check.wording import percent, plural, short
from examgen.files import write_atomically
from examgen.html.environment import environment


def write_page(reports: Sequence[Report], path: Path) -> None:
    """Write the reports as one HTML file."""
    write_atomically(path, page(reports))


def page(reports: Sequence[Report]) -> str:
    """The reports as an HTML document."""
    return _template().render(
        language="en",
        reports=reports,
        heading=_heading(reports),
        sentence=sentence(reports),
        verdict=max((r.verdict for r in reports), key=list(Verdict).index, default=Verdict.PASS),
        counts={verdict: sum(len(r.of(verdict)) for r in reports) for verdict in Verdict},
        rows=[_row(report) for report in reports],
        bound=BOUND,
        limits=BARS,
    )


def _heading(reports: Sequence[Report]) -> str:
    if reports[-1].id == EXAM:
        return f"Check of the exam: {reports[-1].title}"
    if len(reports) > 1:
        return f"Check of {len(reports)} questions"
    return f"Check of {reports[0].id}"


def _row(report: Report) -> dict[str, float | None]:
    """What the table of all questions shows of one; None for what there is not."""
    figures = report.figures
    groups = [group for one in figures.separations for group in one.groups if group.count]
    return {
        "accepted": min((room.rate for room in figures.rooms), default=None),
        "room": sum(room.capacity for room in figures.rooms) if figures.rooms else None,
        "guessed": max((guess.share for guess in figures.guesses), default=None),
        "detected": min((median(group, "detected") for group in groups), default=None),
        "identified": min((median(group, "identified") for group in groups), default=None),
    }


@cache
def _template() -> Template:
    made = environment("examgen.check")
    made.filters |= {
        "percent": percent,
        "plural": plural,
        "number": lambda value: short(value).replace("-", "\N{MINUS SIGN}"),
        "median": median,
        "possible": possible,
        "grouped": grouped,
        "tenth": lambda share: int(10 * share),
    }
    return made.get_template("check.html.j2")
