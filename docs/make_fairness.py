"""Writes docs/fairness.md: what every question of the bank reaches over many variants.

python docs/make_fairness.py > docs/fairness.md
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Literal

from examgen.bank import bank_ids, find_templates
from examgen.check import Report, Verdict, check
from examgen.check.guessing import BOUND
from examgen.check.telling import BARS, median
from examgen.check.wording import percent
from examgen.check.work import work_line

VARIANTS = 10_000

HEAD = f"""\
# Fairness

What `examgen check ID --variants {VARIANTS}` sees of every question of the bank, seed 0.

- **accepted**: of the candidates drawn from the grids; **room**: so many variants at most.
- **twice**: variants that print the same numbers as another one.
- **detected**, **identified**: by part, the share of the mistakes that apply there which the median
  variant tells from the right answer (three tolerances), and from each other besides; in the
  structure where it is least, over its first 1,000 variants. The bars are
  {percent(BARS["detected"][0])} and {percent(BARS["identified"][0])}; (!) is below.
- **guessable**: the most frequent right answer of any slot; the bound is {percent(BOUND)}.
- **effort**: what the template holds equal, or in a band, over all variants.
- **seconds**: drawing and checking {VARIANTS:,} variants in a running program.

| question | structures | accepted | room | twice | detected | identified | guessable | effort | s |
|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Print the page."""
    reports = [_timed(name) for name in bank_ids()]
    print(HEAD + "\n".join(_row(report, seconds) for report, seconds in reports))
    print("\n".join(_notes([report for report, _ in reports])))


def _timed(name: str) -> tuple[Report, float]:
    start = time.perf_counter()
    report = check(find_templates(name), VARIANTS)
    seconds = time.perf_counter() - start
    print(f"{name}: {report.verdict}, {seconds:.1f} s", file=sys.stderr)
    return report, seconds


def _row(report: Report, seconds: float) -> str:
    figures = report.figures
    worst = max(figures.guesses, key=lambda guess: guess.share)
    (twice,) = (f.seen.split()[0] for f in report.findings if f.name == "duplicates")
    cells = [
        report.id,
        str(len(report.structures)),
        percent(min(room.rate for room in figures.rooms)),
        f"{sum(room.capacity for room in figures.rooms):,}",
        "0" if twice == "none" else twice,
        _told(report, "detected"),
        _told(report, "identified"),
        f"{percent(worst.share)} at {worst.slot}" + " (!)" * (worst.share > BOUND),
        work_line(figures.spreads),
        f"{seconds:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _told(report: Report, name: Literal["detected", "identified"]) -> str:
    """Of each part, in the structure where it is least."""
    least: dict[str, float] = {}
    for one in report.figures.separations:
        for group in one.groups:
            least[group.part] = min(median(group, name), least.get(group.part, 1.0))
    bar, _ = BARS[name]
    return ", ".join(
        f"{part} {percent(share)}" + " (!)" * (share < bar) for part, share in least.items()
    )


def _notes(reports: list[Report]) -> Iterator[str]:
    """What is guessable by structure, what is never told, what coincides, what fails."""
    yield "\n## Guessable by structure\n"
    yield from list(_borne(reports)) or ["None."]
    yield "\n## Never told from a right answer\n"
    for report in reports:
        never = {n: why for one in report.figures.separations for n, why in one.never.items()}
        for why in sorted(set(never.values())):
            names = ", ".join(f"`{name}`" for name, reason in never.items() if reason == why)
            yield f"- {report.id}: {why}: {names}"
    yield "\n## Mistakes that coincide in every variant\n"
    for report in reports:
        yield from _alike(report)
    yield "\n## What fails, and warnings\n"
    yield from [
        f"- {report.id}: {finding.verdict}: {finding.name}: {finding.seen}"
        for report in reports
        for finding in (*report.of(Verdict.FAIL), *report.of(Verdict.WARN))
    ] or ["None."]


def _borne(reports: list[Report]) -> Iterator[str]:
    for report in reports:
        for guess in report.figures.guesses:
            if guess.is_borne:
                share = percent(guess.share)
                yield f"- {report.id}: {guess.slot}, '{guess.answer}' in {share}: {guess.excuse}"


def _alike(report: Report) -> Iterator[str]:
    """By part; a question with several structures, those of the first."""
    for one in report.figures.separations[:1]:
        for group in one.groups:
            if group.alike:
                told = "; ".join(" = ".join(f"`{n}`" for n in names) for names in group.alike)
                yield f"- {one.structure}, part {group.part}: {told}"


if __name__ == "__main__":
    main()
