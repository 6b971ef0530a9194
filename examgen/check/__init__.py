"""Proving questions before an exam: solvable, distinct, equally hard, telling right from wrong.

Nothing is taken on trust: variants are drawn as for a class, and all that can be said about them is
measured, told with its reason, and judged against stated bounds.
"""

from __future__ import annotations

from examgen.check.examined import check_exam, effort_line, permitted, quick_check
from examgen.check.findings import Finding, Verdict
from examgen.check.report import QUICK, VARIANTS, Report, check

__all__ = [
    "QUICK",
    "VARIANTS",
    "Finding",
    "Report",
    "Verdict",
    "check",
    "check_exam",
    "effort_line",
    "permitted",
    "quick_check",
]
