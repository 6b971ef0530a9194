"""The readers in JavaScript, in a real browser, against those in Python: every case there is."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from chromium import chromium
from formula_spellings import CASES as SPELLINGS
from formula_spellings import CELL, LSTM
from hostile_formulas import HEAVY, HOSTILE
from number_cases import BLANKS, SECTIONS
from playwright.sync_api import Page
from test_numbers import documented
from test_symbolic import slot_of, template_of

from examgen.expression import Apply, Expression, Literal, Reference, walk
from examgen.vocabulary import vocabulary
from grader.feedback.unread import in_language
from grader.practice.offline.grammar import (
    SCRIPTS,
    _exported,
    grammar_data,
    reader_script,
    reasons_data,
)
from grader.practice.offline.names import names_data, slot_names
from grader.reading.numbers import DecimalSign, Number, Unreadable, read_number
from grader.symbolic.evaluation import evaluate
from grader.symbolic.names import Names
from grader.symbolic.points import Points, draw_points
from grader.symbolic.reader import Formula, read_formula

HARNESS = """
(data) => {
  const { grammar, reasons, numbers, slots, formulas } = JSON.parse(data);
  Reading.load(grammar);
  const shown = (value) => (Object.is(value, -0) ? "-0" : String(value));
  const told = ({ reason, column }) => [reason, column, Reading.inLanguage(reason, reasons)];
  const number = ([text, decimal]) => {
    const read = Reading.readNumber(text, decimal);
    if (read.kind === "number") return [shown(read.value), read.plain];
    return read.kind === "blank" ? null : told(read);
  };
  const tree = (part) =>
    part.kind === "number" ? Reading.exact.printed(part.exact)
    : part.kind === "name" ? [part.name, part.column]
    : [part.function, part.depth, part.args.map(tree)];
  const points = ([name, row]) => [name, Float64Array.from(row, Number)];
  const known = slots.map(({ names, values }) => ({
    names: Reading.namesOf(names),
    values: new Map(Object.entries(values).map(points)),
  }));
  const parts = (side) => Array.from(Reading.walk(side), (one) => one.name ?? one.function ?? "");
  const measured = (side, { values }) => {
    const { value, magnitude } = Reading.evaluateFormula(side, values, POINTS);
    return [...value, ...magnitude].map(shown);
  };
  const formula = ([slot, text, decimal]) => {
    const read = Reading.readFormula(text, known[slot].names, decimal);
    if (read.kind === "unreadable") return told(read);
    if (read.kind === "blank") return null;
    const { sides } = read;
    const values = sides.map((one) => measured(one, known[slot]));
    return { sides: sides.map(tree), parts: sides.map(parts), values };
  };
  return JSON.stringify({ numbers: numbers.map(number), formulas: formulas.map(formula) });
}
"""
POINTS = 12
SLOW = ["1", "1 ", "1,111", "10", "1'", "(", "'\"", "\\frac{", "a_{", "a[", "w", "d/", "<p>1"]
ODD = [
    "𝟏.𝟓𝟎",
    "😀 2,5",
    "x😀=1,5",
    "<b>😀</b>1",
    "&#8722;&nope;1",
    "&#1;5",
    "&ngE;5",
    "1&NewLine;",
    "w = 2§",
    f"  1.{'0' * 98}  ",
]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page of Debian's Chromium with the reader in it."""
    with chromium() as browser:
        found = browser.new_page()
        found.add_script_tag(content=reader_script())
        yield found


# --- one slot's names and points -----------------------------------------------------------------


def written(value: float) -> str:
    """A float64 as JavaScript spells it."""
    return repr(float(value)).replace("inf", "Infinity").replace("nan", "NaN")


@dataclass(frozen=True)
class Asked:
    """What a formula slot may speak of, and its quantities at a few points."""

    names: Names
    points: dict[str, np.ndarray[Any, np.dtype[np.float64]]]

    @property
    def data(self) -> dict[str, Any]:
        """As the harness takes it."""
        values = {name: list(map(written, row)) for name, row in self.points.items()}
        return {"names": names_data(self.names), "values": values}


@cache
def asked(name: str, slot: str) -> Asked:
    """A formula slot of the bank."""
    template = template_of(name)
    one = slot_of(template, slot)
    words, quantities = vocabulary(template, one), template.quantities
    points = draw_points(quantities, words.asked, words.names, template.wholes)
    chosen = np.linspace(0, len(points) - 1, POINTS).astype(int)
    few = Points(
        {key: row[chosen] for key, row in points.values.items()},
        points.expected[chosen],
        points.smooth[chosen],
    )
    return Asked(slot_names(template, one, points), dict(few.values))


# --- what Python reads ---------------------------------------------------------------------------


def told(read: Unreadable) -> list[Any]:
    """A reason, its place, and the reason in German."""
    return [read.reason, read.column, in_language(read.reason, "de")]


def number(text: str, decimal: DecimalSign) -> list[Any] | None:
    """What the number reader says."""
    read = read_number(text, decimal)
    if isinstance(read, Number):
        return [read.value, read.plain]
    return None if read is None else told(read)


def tree(part: Expression) -> Any:
    """An expression as nested lists."""
    if isinstance(part, Literal):
        return str(part.value)
    if isinstance(part, Reference):
        return [part.name, part.column]
    return [part.function, part.depth, list(map(tree, part.args))]


def part_name(part: Expression) -> str:
    """A quantity's name, or a function's."""
    if isinstance(part, Apply):
        return part.function
    return part.name if isinstance(part, Reference) else ""


def formula(slot: Asked, text: str, decimal: DecimalSign) -> Formula | list[Any] | None:
    """What the formula reader says."""
    read = read_formula(text, slot.names, decimal)
    return told(read) if isinstance(read, Unreadable) else read


# --- in one call ---------------------------------------------------------------------------------


def compared(
    page: Page,
    numbers: list[tuple[str, DecimalSign]],
    formulas: list[tuple[tuple[str, str], str, DecimalSign]],
) -> list[Any]:
    """All texts on which the two readers do not agree, with what they say."""
    slots = list(dict.fromkeys(slot for slot, _, _ in formulas))
    data = {
        "grammar": grammar_data(),
        "reasons": reasons_data("de"),
        "numbers": numbers,
        "slots": [asked(*slot).data for slot in slots],
        "formulas": [(slots.index(slot), text, decimal) for slot, text, decimal in formulas],
    }
    harness = HARNESS.replace("POINTS", str(POINTS))
    found = json.loads(page.evaluate(harness, json.dumps(data)))
    wrong: list[Any] = []
    for (text, decimal), theirs in zip(numbers, found["numbers"], strict=True):
        if not same_number(number(text, decimal), theirs):
            wrong.append((text, decimal, number(text, decimal), theirs))
    for (slot, text, decimal), theirs in zip(formulas, found["formulas"], strict=True):
        ours = formula(asked(*slot), text, decimal)
        if not same_formula(ours, theirs, asked(*slot)):
            wrong.append((slot, text, decimal, ours, theirs))
    return wrong


def same_number(ours: list[Any] | None, theirs: list[Any] | None) -> bool:
    """Values bit for bit."""
    if ours is None or theirs is None or isinstance(ours[0], str):
        return ours == theirs
    return repr(ours[0]) == repr(float(theirs[0])) and ours[1] == theirs[1]


def same_formula(ours: Formula | list[Any] | None, theirs: Any, slot: Asked) -> bool:
    """Trees node for node; values and magnitudes within rounding."""
    if not isinstance(ours, Formula) or not isinstance(theirs, dict):
        return bool(ours == theirs)
    if theirs["parts"] != [list(map(part_name, walk(side))) for side in ours.sides]:
        return False
    if theirs["sides"] != list(map(tree, ours.sides)):
        return False
    return all(map(same_values, ours.sides, theirs["values"], [slot] * len(ours.sides)))


def same_values(side: Expression, theirs: list[str], slot: Asked) -> bool:
    """The other mathematics library may round the last bits otherwise."""
    found = evaluate(side, slot.points)
    value, magnitude = (np.broadcast_to(one, POINTS) for one in (found.value, found.magnitude))
    ours, other = np.concatenate([value, magnitude]), np.array(list(map(float, theirs)))
    with np.errstate(all="ignore"):
        near = np.abs(other - ours) <= 1e-13 * np.tile(magnitude, 2)
    alike = (other == ours) | (np.isnan(other) & np.isnan(ours))
    return bool((near & np.isfinite(ours) | alike).all())


ODD_FORMULAS = [
    *("w^(1/0)", "w^(0/2)", "w^(3/2)", "w^(1/3)", "w^-(1/2)", "2**w", "w^2^2", "➀w", "፩"),
    *("w\x1c+\x0bx", "LeakyReLU(w)", "LReLU'(w, 0.5)", "lrelu(w,1,2)", "max(w)", "1_{w>0}x"),
    *("sgn(w) + abs(x) - |y|", "softplus(w) + exp(x) - ln(y^2)", "sqrt(x^2)", "min(w, x; y)"),
    *("sigma'(w) tanh'(x)", "e^w", "relu'(w) [w >= 0] (x<=y) (x<y)", "tanh^2(w)", "w..", "wwww"),
    *("sigma^{-1}(w)", "sigma''(w)", "ReLU^\\prime(w)", "w/0", "0/0 + w", "ln(0)", "sqrt(-1)*w"),
    *("1000000.000000000000001", "0.0000009", "w_{😀}"),
    *("w = x = y = w = x = y = w = x", "w = x = y = w = x = y = w = x = w"),
    *("dL/dyhatt", "dL/dyhat_tttttttttttttttttttttt", "(x + 1)^3/w^-3 - (x w)^(1/2)"),
    *("w_x", "w_{x}", r"\hat{yw}", "dL/dhyat", "yaht_t", "xth", "wtanh(x)", "2wsigma(x)"),
    *("wh", "xwh", "dexp(w)", "expprime(w)", "log1(w)", "sigma1(w)", "dsigma(w)", "sigmaprime(w)"),
    *("w⁽", "wₐ₍", "w⁺", "w_(" + "a" * 77 + ")", "w_(" + "a" * 78 + ")", "w_(" + "a" * 79 + ")"),
]  # fmt: skip
"""What the other tables leave out."""


def quotients() -> list[str]:
    """Fractions whose nearest float64 a division of two rounded numbers often misses, and ties."""
    draw = random.Random(1)
    rough = [f"{draw.randrange(10**40)}/{draw.randrange(1, 10**n)}" for n in range(1, 41)]
    ties = [
        f"{(2**53 + 2 * k + 1) * 2**n}/{2**m}" for k in (0, 1) for n in (0, 40) for m in (1, 60)
    ]
    beyond = f"{(2**53 + 1) * 10**20 + 1}/{10**20}"  # a tie, but for its last digit
    return [*rough, *ties, beyond, f"1/{10**90}", f"{10**90}/3", "0/7", "-0/7"]


NUMBERS: list[tuple[str, DecimalSign]] = [
    *((case[0], section.decimal) for section in SECTIONS for case in section.cases),
    *((case[0], "comma") for section in SECTIONS for case in section.cases),
    *((text, "point") for text in BLANKS),
    *((text, decimal) for decimal, text, _ in documented()),
    *((piece * (100 // len(piece) - 1) + end, "point") for piece in SLOW for end in ("", "!", "=")),
    *((text, decimal) for text in ODD for decimal in ("point", "comma")),
    *((text, "point") for text in quotients()),
]  # fmt: skip
FORMULAS: list[tuple[tuple[str, str], str, DecimalSign]] = [
    *(((name, slot), text, "point") for name, slot, text, _ in SPELLINGS),
    *(((CELL, "dL_ds_t"), text, "point") for text in [*HOSTILE, *HEAVY, *ODD_FORMULAS]),
    *(((LSTM, "dL_db_t"), text, "comma") for text in [*HOSTILE, *HEAVY]),
]


def test_both_read_all_cases_alike(page: Page) -> None:
    """Numbers bit for bit, formulas node for node, reasons word for word, places exactly."""
    assert len(NUMBERS) + len(FORMULAS) > 2000
    assert compared(page, NUMBERS, FORMULAS) == []


def test_an_entity_is_no_markup_in_the_page(page: Page) -> None:
    """What a student writes is decoded as text: nothing of it becomes an element or is loaded."""
    heard: list[str] = []
    page.on("request", lambda sent: heard.append(sent.url))
    hostile = "&lt;img src=x onerror=document.title=1&gt;&#60;script&#62;&lt;/title&gt;<b>"
    assert compared(page, [(hostile, "point"), (f"<p>{hostile}", "comma")], []) == []
    assert (heard, page.title(), page.query_selector("img")) == ([], "", None)


# --- what is exported ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("python", "source", "flags"),
    [
        (re.compile("(?P<a>x) #y"), "(?<a>x) #y", "u"),
        (re.compile(r"x\ +  # why", re.VERBOSE), "x +", "u"),
        (re.compile("[^\\W\\d_].", re.DOTALL), "[\\p{L}\\p{Nl}\\p{No}][^]", "u"),
        (re.compile("pi[a-z]", re.IGNORECASE), "p[iıİ][a-zıİ]", "iu"),
        (re.compile(r"\{,\}[\\&\"]-x{2,3}"), r"\{,\}[\\&" + '"]-x{2,3}', "u"),
    ],
)
def test_patterns_are_spelled_in_javascript(
    python: re.Pattern[str], source: str, flags: str
) -> None:
    """Named groups, comments, blanks, letters, the dot, and the Turkish i."""
    assert _exported(python) == (source, flags)


@pytest.mark.parametrize("foreign", [r"\D", r"[\S]", r"\Ax", r"[^\W]"])
def test_what_is_not_translated_is_refused(foreign: str) -> None:
    """A pattern that somebody adds is either exported rightly or not at all."""
    with pytest.raises(AssertionError, match="is not exported"):
        _exported(re.compile(foreign))


def test_the_script_can_stand_in_a_page() -> None:
    """Nothing in it ends the element that it stands in, and it asks for nothing from elsewhere."""
    script = reader_script()
    assert not re.search(r"</script|<!--|\b(?:import|eval|fetch|innerHTML)\b|https?:", script)
    assert script.count("globalThis.Reading);") == len(SCRIPTS)


def test_only_german_is_another_language() -> None:
    """English needs no table."""
    assert reasons_data("en") == []
    assert ("two signs", "zwei Vorzeichen") in reasons_data("de")
