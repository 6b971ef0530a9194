"""How well the grader marks: an artificial class for every question of the bank, as a table.

Usage: python bench/bench_marking.py [--students 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from examgen.bank import bank_ids
from grader.simulate import Outcome, class_of, simulate

COLUMNS: dict[str, Callable[[Outcome], str]] = {
    "question": lambda one: one.template,
    "honest numbers": lambda one: f"{one.honest:,}",
    "marked wrong": lambda one: f"{one.honest_wrong:,}",
    "right formulas": lambda one: f"{one.formulas:,}",
    "refused": lambda one: f"{one.formulas_wrong:,}",
    "mistaken answers": lambda one: f"{one.mistaken:,}",
    "accepted": lambda one: f"{one.mistaken_right:,}",
    "follow an earlier one": lambda one: f"{one.mistaken_follows:,}",
    "named": lambda one: f"{one.share_named:.2%}",
    "names each": lambda one: f"{one.names_each:.2f}",
    "slips accepted": lambda one: f"{one.slips_right:,} of {one.slips:,}",
    "carried errors credited": lambda one: f"{one.credited:,} of {one.carried:,}",
    "trivial": lambda one: f"{one.trivial:,}",
}


def main() -> None:
    """Print a row a question of the bank."""
    arguments = _arguments()
    print("| " + " | ".join(COLUMNS) + " |")
    print("| --- |" + " ---: |" * (len(COLUMNS) - 1))
    for question in bank_ids():
        for outcome in _outcomes(question, arguments.students, arguments.seed):
            row = " | ".join(show(outcome) for show in COLUMNS.values())
            print(f"| {row} |", flush=True)


def _outcomes(question: str, students: int, seed: int) -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        exam = Path(folder) / "exam.yaml"
        exam.write_text(f"title: Bench\nseed: 1\nquestions: [{{use: {question}}}]\n")
        return list(simulate(class_of(exam, students), seed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
