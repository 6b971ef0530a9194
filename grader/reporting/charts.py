"""Pictures of a class as SVG to stand inside a page: the same bytes for the same numbers.

matplotlib draws; its import takes half a second and waits until a picture is wanted. Letters stay
text, in the font of the page. What is in a picture must be said in words beside it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.arrays import Counts, Floats
from grader.marking.verdicts import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


WIDTH = 7.0  # inches: the text of an A4 page
_INK = "#1b2733"
_FAINT = "#8a949e"
_BAR = "#3b6ea5"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "examgen",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.linewidth": 0.7,
    "text.parse_math": False,
}
_NOTHING = {"Date": None, "Creator": None, "Format": None, "Type": None}

# In the order of the bars: from what earned points to what nobody could mark. Light and dark
# alternate, so that the parts stay apart on a grey print and for every kind of colour vision.
COLOURS = {
    Verdict.RIGHT: "#1f6f5c",
    Verdict.GIVEN_TO_ALL: "#a9d3c4",
    Verdict.BY_HAND: "#5b8c85",
    Verdict.FOLLOWS: "#8fcbb1",
    Verdict.KNOWN_MISTAKE: "#f0b95b",
    Verdict.WRONG: "#b5452f",
    Verdict.BLANK: "#dfe3e6",
    Verdict.UNREADABLE: "#6d5a8c",
    Verdict.NEEDS_A_HUMAN: "#b9cbe4",
}
_ON_DARK = {Verdict.RIGHT, Verdict.BY_HAND, Verdict.WRONG, Verdict.UNREADABLE}
_LEAST_LABELLED = 0.055  # of the width: a narrower part has no room for its number


def histogram(counts: Counts, edges: Floats, mean: float, median: float, unit: str) -> str:
    """How many students reached what: `counts` `(bins,)` between `edges` `(bins + 1,)`."""
    with _canvas(2.6) as (figure, axes):
        axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=_BAR, ec="white", lw=1.0)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(0, max(1, int(counts.max())) * 1.18)
        _mark(axes, mean, f"mean {mean:.1f}", "-", left=mean < median)
        _mark(axes, median, f"median {median:.1f}", (0, (4, 2)), left=mean >= median)
        axes.set_xlabel(unit)
        axes.set_ylabel("students")
        axes.locator_params("y", nbins=5, integer=True)
        axes.spines[["top", "right"]].set_visible(False)
        return _svg(figure, "histogram")


def verdict_bars(name: str, labels: Sequence[str], counts: Counts) -> str:
    """A bar for each slot, cut by verdict: `counts` is `(slots, verdicts)`; empty where no answer.

    name: makes the ids of this picture its own among those of the page.
    """
    shown = [verdict for verdict in COLOURS if counts[:, verdict].any()]
    asked = np.maximum(counts[:, shown].sum(axis=1), 1)
    start = np.zeros(len(labels))
    with _canvas(0.12 + 0.22 * len(labels)) as (figure, axes):
        for verdict in shown:
            share = counts[:, verdict] / asked
            axes.barh(
                np.arange(len(labels)), share, 0.76, start, color=COLOURS[verdict], ec="white",
                lw=0.6,
            )  # fmt: skip
            _label_parts(axes, verdict, counts[:, verdict], share, start)
            start += share
        _finish_bars(axes, labels)
        return _svg(figure, name)


@contextmanager
def _canvas(height: float) -> Iterator[tuple[Figure, Axes]]:
    """A figure to draw on in the style of these pictures, whatever the user's own settings."""
    from matplotlib import style
    from matplotlib.figure import Figure

    with style.context(["default", _STYLE]):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, figure.subplots()


def _mark(axes: Axes, place: float, text: str, style: Any, *, left: bool) -> None:
    """A vertical line with its name at the top, on the side where the other line is not."""
    axes.axvline(place, color=_INK, lw=1.0, ls=style, ymax=0.9)
    axes.annotate(
        text, (place, 1), (-3 if left else 3, -2), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="right" if left else "left", va="top",
    )  # fmt: skip


def _label_parts(
    axes: Axes, verdict: Verdict, counts: Counts, share: Floats, start: Floats
) -> None:
    colour = "white" if verdict in _ON_DARK else _INK
    for place in np.flatnonzero(share >= _LEAST_LABELLED).tolist():
        middle = start[place] + share[place] / 2
        axes.text(
            middle, place, f"{counts[place]}", color=colour, fontsize=7.5,
            ha="center", va="center",
        )  # fmt: skip


def _finish_bars(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(np.arange(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _svg(figure: Figure, name: str) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata=_NOTHING, transparent=True)
    return _inline(text.getvalue(), name)


def _inline(document: str, name: str) -> str:
    """An SVG document as an element of a page: no head, no style for all, ids of its own."""
    svg = document[document.index("<svg") :].strip()
    svg = re.sub(r"<(metadata|style)\b.*?</\1>\s*", "", svg, flags=re.DOTALL)
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', svg))

    def own(match: re.Match[str]) -> str:
        return f' id="{name}-{match[1]}"' if match[1] in used else ""

    svg = re.sub(r' id="([^"]*)"', own, svg)
    return re.sub(r'(url\(|href=")#', rf"\1#{name}-", svg)
