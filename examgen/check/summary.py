"""Reports on a terminal: a line a finding with the reasons below, and one sentence at the end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from examgen.check.findings import Finding, Verdict
from examgen.check.report import FILE, Report
from examgen.check.wording import listed, plural

WIDTH = 80
_MARKS = {Verdict.PASS: "PASS", Verdict.WARN: "WARN", Verdict.FAIL: "FAIL"}
_NAME = 13


def report_lines(report: Report) -> Iterator[str]:
    """One report; without colours, at most 80 columns wide, the same for the same input."""
    yield from _wrapped(f"{report.id}: {report.title}", "  ")
    if report.variants:
        structures = len(report.structures)
        many = f", {structures} structures" if structures > 1 else ""
        yield f"  {plural(report.variants, 'variant')}{many}"
    for finding in report.findings:
        yield from _finding_lines(finding)


def _finding_lines(finding: Finding) -> Iterator[str]:
    head = f"  {_MARKS[finding.verdict]}  "
    indent = " " * (len(head) + _NAME + 2)
    if finding.name == FILE:  # its problems begin with file and line, to be jumped to
        yield f"{head}{finding.name}"
        yield from finding.seen.splitlines()
    elif len(finding.name) > _NAME:
        yield f"{head}{finding.name}"
        yield from _wrapped(finding.seen, indent, indent)
    else:
        yield from _wrapped(f"{finding.name:<{_NAME}}  {finding.seen}", indent, head)
    if finding.why:
        yield from _wrapped(f"why: {finding.why}", indent, indent)
    if finding.advice:
        yield from _wrapped(f"do:  {finding.advice}", indent + "     ", indent)


def _wrapped(text: str, indent: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )


def sentence(reports: Sequence[Report]) -> str:
    """All reports in one sentence."""
    failing = [report for report in reports if report.verdict is Verdict.FAIL]
    warned = sum(len(report.of(Verdict.WARN)) for report in reports)
    findings = sum(len(report.findings) for report in reports)
    warnings = f", {plural(warned, 'warning')}" if warned else ""
    if not failing:
        return f"PASS: all {plural(findings, 'finding')} hold{warnings}."
    named = (f"{r.id} ({listed([f.name for f in r.of(Verdict.FAIL)], 3)})" for r in failing)
    return f"FAIL: {listed(named, 4)}{warnings}."
