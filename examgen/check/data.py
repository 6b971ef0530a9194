"""Reports as data for other programs: JSON with keys that stay, the same bytes for the same input.

    version     of these keys: a change of meaning is a new number
    passed      whether nothing fails
    reports     one a question, for an exam file one more on the exam (id "exam")
      id, title, verdict (pass, warn, fail), variants, structures
      findings        name, verdict, seen, why, advice
      acceptance      by structure: rate, room, conditions (condition, failed of judged)
      guessable       by slot: the most frequent answer, its share, bound, asked, different, borne
      separation      by structure: slots, mistakes, outside (a row a mistake, a share a slot, null
                      where it does not depend on it), never (kind: why), groups (by part: slots,
                      applicable, detected, identified, possible: the same of what can show,
                      bars, floors of what can show, mistakes, alike)
      effort          by component: least, median, most, limits, outside, apart
      distributions   by given and answer: quantiles (0, 1/4, 1/2, 3/4, 1), different, negative,
                      counts

How long drawing took is left out, since it is never the same twice. Shares are numbers from 0 to 1.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from examgen.check.distributions import Distribution
from examgen.check.draws import Room
from examgen.check.findings import Finding, Verdict
from examgen.check.guessing import BOUND, Guess
from examgen.check.report import Report
from examgen.check.separation import Group, Separation
from examgen.check.telling import BARS, median, possible
from examgen.check.work import Spread

VERSION = 1


def reports_json(reports: Sequence[Report]) -> str:
    """All reports as one JSON document, with a line break at its end."""
    document = {
        "version": VERSION,
        "passed": all(report.verdict is not Verdict.FAIL for report in reports),
        "reports": [_report(report) for report in reports],
    }
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _report(report: Report) -> dict[str, Any]:
    figures = report.figures
    return {
        "id": report.id,
        "title": report.title,
        "verdict": report.verdict,
        "variants": report.variants,
        "structures": list(report.structures),
        "findings": [_finding(finding) for finding in report.findings],
        "acceptance": [_room(one) for one in figures.rooms],
        "guessable": [_guess(one) for one in figures.guesses],
        "separation": [_separation(one) for one in figures.separations],
        "effort": [_spread(one) for one in figures.spreads],
        "distributions": [_distribution(one) for one in figures.distributions],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "verdict": finding.verdict,
        "seen": finding.seen,
        "why": finding.why,
        "advice": finding.advice,
    }


def _room(one: Room) -> dict[str, Any]:
    return {
        "structure": one.structure,
        "rate": _number(one.rate),
        "room": one.capacity,
        "conditions": [
            {"condition": bite.condition, "failed": bite.failed, "judged": bite.judged}
            for bite in one.bites
        ],
    }


def _guess(one: Guess) -> dict[str, Any]:
    return {
        "slot": one.slot,
        "answer": one.answer,
        "share": _number(one.share),
        "bound": BOUND,
        "asked": one.asked,
        "different": one.distinct,
        "borne": one.excuse,
    }


def _separation(one: Separation) -> dict[str, Any]:
    return {
        "structure": one.structure,
        "slots": list(one.slots),
        "mistakes": list(one.mistakes),
        "outside": [[_number(share) for share in row] for row in one.table.tolist()],
        "never": one.never,
        "groups": [_group(group) for group in one.groups],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "part": group.part,
        "slots": list(group.slots),
        "detected": _number(median(group, "detected")),
        "identified": _number(median(group, "identified")),
        "possible": {name: _number(possible(group, name)) for name in BARS},
        "bars": {name: bar for name, (bar, _) in BARS.items()},
        "floors": {name: floor for name, (_, floor) in BARS.items()},
        "applicable": group.count,
        "mistakes": {name: _number(share) for name, share in group.seen},
        "alike": [list(names) for names in group.alike],
    }


def _spread(one: Spread) -> dict[str, Any]:
    return {
        "component": one.component,
        "least": _number(one.least),
        "median": _number(one.median),
        "most": _number(one.most),
        "limits": None if one.limits is None else [_number(edge) for edge in one.limits],
        "outside": _number(one.outside),
        "apart": list(one.apart),
    }


def _distribution(one: Distribution) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "variants": one.variants,
        "quantiles": [
            _number(value) for value in (one.least, one.lower, one.median, one.upper, one.most)
        ],
        "different": one.distinct,
        "negative": _number(one.negative),
        "counts": list(one.counts),
    }


def _number(value: float) -> float | int | None:
    """To ten digits, so that the last bits of a library do not show; no number is null."""
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.10g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded
