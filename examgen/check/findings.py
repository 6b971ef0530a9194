"""What a check finds: one thing looked at, whether it holds, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a finding counts: what fails must be mended, a warning is for the author to judge."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. name: which. seen: the figures. why: what is behind them, where they
    are no good. advice: what to do about it."""

    name: str
    verdict: Verdict
    seen: str
    why: str = ""
    advice: str = ""

    @property
    def rank(self) -> int:
        """0 for what fails, 1 for warnings, 2 for the rest."""
        return [Verdict.FAIL, Verdict.WARN, Verdict.PASS].index(self.verdict)

    @property
    def holds(self) -> bool:
        """Whether it does not fail."""
        return self.verdict is not Verdict.FAIL


def judged(name: str, fails: bool, seen: str, why: str = "", advice: str = "") -> Finding:
    """A finding that passes or fails; the reasons are told where it fails."""
    if not fails:
        return Finding(name, Verdict.PASS, seen)
    return Finding(name, Verdict.FAIL, seen, why, advice)


def graded(
    name: str, warns: bool, fails: bool, seen: str, why: str = "", advice: str = ""
) -> Finding:
    """A finding that passes, warns or fails."""
    if not (warns or fails):
        return Finding(name, Verdict.PASS, seen)
    return Finding(name, Verdict.FAIL if fails else Verdict.WARN, seen, why, advice)
