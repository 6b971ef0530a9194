"""All findings about a question: how one is checked, and what a report on it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from examgen.check.distributions import Distribution, distributions
from examgen.check.draws import (
    Room,
    condition_findings,
    duplicate_findings,
    finite_finding,
    room,
    room_findings,
)
from examgen.check.findings import Finding, Verdict, judged
from examgen.check.guessing import Guess, guess_findings, guesses
from examgen.check.keys import gradient_finding, key_finding
from examgen.check.published import published_findings
from examgen.check.rounding import refusals, rounding_finding, width_finding
from examgen.check.sample import Sample, draw_sample
from examgen.check.separation import Separation, separation
from examgen.check.telling import separation_findings
from examgen.check.work import Spread, spreads, work_findings
from examgen.errors import ExamgenError
from examgen.proofread import template_problems
from examgen.template import Template
from examgen.text import in_language

VARIANTS = 1000
EXAM = "exam"
"""The id of the report on an exam as a whole."""
FILE = "file"
"""The one finding about a file that cannot be read."""
QUICK = 200
"""Variants of a quick check."""


@dataclass(frozen=True)
class Figures:
    """What findings rest on; empty where it came to nothing."""

    rooms: tuple[Room, ...] = ()
    guesses: tuple[Guess, ...] = ()
    separations: tuple[Separation, ...] = ()
    spreads: tuple[Spread, ...] = ()
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True)
class Report:
    """What was found about one question, or about an exam as a whole.

    structures: their names with what they chose. seconds: what drawing took, never the same twice.
    """

    id: str
    title: str
    findings: tuple[Finding, ...]
    structures: tuple[str, ...] = ()
    variants: int = 0
    figures: Figures = Figures()
    seconds: float = field(default=0.0, compare=False)

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The findings with a verdict."""
        return tuple(finding for finding in self.findings if finding.verdict is verdict)

    @property
    def verdict(self) -> Verdict:
        """The worst of all findings."""
        if self.of(Verdict.FAIL):
            return Verdict.FAIL
        return Verdict.WARN if self.of(Verdict.WARN) else Verdict.PASS


def check(templates: Sequence[Template], variants: int = VARIANTS, seed: int = 0) -> Report:
    """Everything about a question, over so many variants of all its structures together.

    templates: the structures of one file. A question that cannot be drawn is a finding, too.
    """
    early = (_texts(templates), *published_findings(templates))
    try:
        samples = draw_sample(templates, variants, seed)
    except ExamgenError as error:
        undrawn = judged("draws", True, str(error), "nothing can be drawn")
        return _titled(templates, (*early, undrawn))
    report = judge(samples, variants, seed)
    return replace(report, findings=(*early, *report.findings))


def judge(samples: Sequence[Sample], wanted: int, seed: int = 0) -> Report:
    """A question by some variants of its structures.

    wanted: how many variants there should be room for. seed: of the honest students.
    """
    rooms = tuple(map(room, samples))
    finite = finite_finding(samples)
    findings = (*room_findings(rooms, wanted), *condition_findings(samples), finite)
    figures = Figures(rooms)
    if finite.holds:
        figures = _figures(rooms, samples)
        findings = (*findings, *_findings(figures, samples, seed))
    report = _titled([sample.template for sample in samples], findings)
    return replace(
        report,
        figures=figures,
        variants=sum(len(sample) for sample in samples),
        seconds=sum(sample.seconds for sample in samples),
    )


def _figures(rooms: tuple[Room, ...], samples: Sequence[Sample]) -> Figures:
    return Figures(
        rooms=rooms,
        guesses=guesses(samples),
        separations=tuple(filter(None, map(separation, samples))),
        spreads=spreads(samples),
        distributions=distributions(samples),
    )


def _findings(figures: Figures, samples: Sequence[Sample], seed: int) -> Iterator[Finding]:
    yield from duplicate_findings(samples)
    yield from guess_findings(figures.guesses)
    yield from separation_findings(figures.separations)
    if not figures.separations and any(sample.slots for sample in samples):
        yield Finding("mistakes", Verdict.WARN, "not judged: the graph is too large")
    yield from work_findings(figures.spreads, samples[0].template.file.effort)
    yield width_finding(samples)
    yield gradient_finding(samples)
    yield key_finding(samples)
    yield rounding_finding(samples, refusals(samples, seed))


def _texts(templates: Sequence[Template]) -> Finding:
    problems = dict.fromkeys(str(p) for one in templates for p in template_problems(one))
    return judged(
        "texts",
        bool(problems),
        "; ".join(problems) or "all can be set",
        "a page with it could not be printed",
        "mend the text or the symbol named",
    )


def _titled(templates: Sequence[Template], findings: tuple[Finding, ...]) -> Report:
    title = in_language(templates[0].file.title, "en")
    return Report(templates[0].id, title, findings, tuple(map(_structure, templates)))


def _structure(template: Template) -> str:
    """A structure with what it chose."""
    chosen = ", ".join(f"{name} = {value}" for name, value in template.choice.items())
    return f"{template.name}: {chosen}" if chosen else template.name
