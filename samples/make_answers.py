"""Writes answers.csv: what a class of thirty might hand in, made from the key of the sample exam.

Usage: examgen build samples/exam.yaml --roster samples/roster.csv -o out
       python samples/make_answers.py out/instructor/key.csv samples/answers.csv
"""

from __future__ import annotations

import csv
import random
import sys
from fractions import Fraction
from pathlib import Path

SLIPS = (
    lambda text: str(-float(text)),  # a sign lost
    lambda text: str(round(float(text) * 2, 4)),  # a factor 2 too many
    lambda text: str(round(float(text) + 0.5, 4)),
    lambda text: "",
)
FAULTS = (0.02, 0.05, 0.1, 0.1, 0.2, 0.3, 0.45)
SPELLINGS = (
    lambda text: text.replace("-", "\N{MINUS SIGN}"),
    lambda text: f" {text}",
    lambda text: text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text,
    lambda text: str(Fraction(text)),
)


def main(key: Path, out: Path) -> None:
    """Spoil a part of the right answers, spell others differently, and mix up some rows."""
    chance = random.Random(2027)
    with key.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows = [[row[0], *_sheet(row[1:], chance)] for row in rows]
    absent = rows.pop(17)
    rows[4][3] = "1,234"  # a thousands mark, or a decimal comma?
    rows[9][2] = "about 3"
    rows.append([absent[0].removeprefix("1"), *absent[1:]])  # a digit of the id is missing
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _sheet(key: list[str], chance: random.Random) -> list[str]:
    """The answers of one student, who makes more or fewer faults than others."""
    fault = chance.choice(FAULTS)
    return [_handed_in(text, fault, chance) for text in key]


def _handed_in(text: str, fault: float, chance: random.Random) -> str:
    faulty = chance.random() < fault
    try:
        float(text)
    except ValueError:  # a formula, or nothing asked
        return text.rpartition("*")[0] if faulty else text
    if faulty:
        return chance.choice(SLIPS)(text)
    return chance.choice(SPELLINGS)(text) if chance.random() < 0.3 else text


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
