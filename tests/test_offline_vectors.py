"""Marking in the browser: the same verdicts as in Python, on every vector of one shared table."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from conftest import of_the_bank
from make_vectors import REFRESH, marked, read_vectors, variant_of
from playwright.sync_api import Page, sync_playwright

from examgen.graph import record
from examgen.misconceptions import misconceptions
from examgen.nodes import COPY, Node, constant, given
from examgen.ops import OPS
from grader.marking.graphs import Graphs
from grader.practice.marking import Marker
from grader.practice.offline.content import key_data
from grader.practice.offline.formulas import Pools
from grader.practice.offline.grammar import grammar_data, reader_script
from grader.practice.offline.nodes import NodeTable
from grader.practice.offline.page import MARKING, scripts
from grader.practice.offline.program import program

VECTORS = read_vectors()
Question = tuple[str, int]
QUESTIONS = tuple(dict.fromkeys((one["question"], one["structure"]) for one in VECTORS))

MARK = """([program, table, pools, rounds]) => {
  const marker = new Marker(program, new Graph(table), pools);
  return rounds.map(([variant, responses]) => {
    const found = marker.mark(variant, responses, Object.keys(responses));
    const told = ({ verdict, mistakes, follows, column }) => [verdict, mistakes, follows, column];
    return Object.fromEntries(Object.entries(found).map(([slot, one]) => [slot, told(one)]));
  });
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page with the marker in it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("these tests need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(content=f"{reader_script()}\n{scripts(MARKING)}")
        page.evaluate("grammar => Reading.load(grammar)", grammar_data())
        yield page
        browser.close()


def of(question: Question) -> list[dict[str, Any]]:
    """The vectors about a question."""
    return [one for one in VECTORS if (one["question"], one["structure"]) == question]


def test_the_table_is_large_and_has_all_verdicts() -> None:
    """Hundreds of responses to a dozen questions and more, each verdict often."""
    found = Counter(said[0] for one in VECTORS for said in one["marked"].values())
    assert sum(found.values()) >= 500
    assert len({one["question"] for one in VECTORS}) >= 12
    assert set(found) == {"right", "rounded", "follows", "mistake", "wrong", "unreadable"}
    assert min(found.values()) >= 20


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_table_is_true(question: Question) -> None:
    """The marker in Python gives what stands in the table."""
    graphs = Graphs(of_the_bank(question[0])[question[1]])
    markers: dict[str, Marker] = {}
    for vector in of(question):
        key = str(vector["numbers"])
        marker = markers.get(key) or Marker(variant_of(vector), graphs=graphs)
        markers[key] = marker
        assert marked(marker, vector["responses"]) == vector["marked"], REFRESH


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_browser_marks_alike(question: Question, page: Page) -> None:
    """The marker in JavaScript gives what stands in the table."""
    template, table, pools = of_the_bank(question[0])[question[1]], NodeTable(), Pools()
    data = program(template, misconceptions(template.quantities), table, pools).data
    vectors = of(question)
    variants = {str(one["numbers"]): variant_of(one) for one in vectors}
    keys = {numbers: key_data(variant, 0) for numbers, variant in variants.items()}
    rounds = [(keys[str(one["numbers"])], one["responses"]) for one in vectors]
    found = page.evaluate(MARK, [data, table.written(), pools.written(), rounds])
    assert len(found) == len(vectors) > 0
    for vector, answer in zip(vectors, found, strict=True):
        assert answer == vector["marked"]


# --- ops -----------------------------------------------------------------------------------------

VALUES = (-3.0, -1.25, -0.5, -1e-3, 0.0, 1e-3, 0.4, 1.0, 2.0, 3.5, 40.0)
RULES = "Object.fromEntries(Object.entries(FORWARD).map(([name, rule]) => [name, rule.length]))"
EVALUATE = """([table, roots, givens]) => {
  const graph = new Graph(table);
  return givens.map((row) => graph.values(roots, new Map(Object.entries(row))).map(String));
}"""


def test_every_op_has_its_rule(page: Page) -> None:
    """The table in JavaScript is that of examgen.ops, with the same numbers of arguments."""
    leaves = ("constant", "given")
    expected = {name: op.arity for name, op in OPS.items() if name not in leaves}
    assert page.evaluate(RULES) == expected


@pytest.mark.parametrize("name", sorted(OPS.keys() - {"constant", "given", "decimals_over"}))
def test_ops_agree(name: str, page: Page) -> None:
    """The rules give the same on both sides of all kinks, and outside of domains."""
    op = OPS[name]
    rows = [{"a": a, "b": b} for a in VALUES for b in (VALUES if op.arity == 2 else (0.0,))]
    root = op(*(given(letter) for letter in "ab"[: op.arity]))
    places = (table := NodeTable()).add([root])
    answers = page.evaluate(EVALUATE, [table.written(), [places[root]], rows])
    got = np.array([_float(row[0]) for row in answers])
    with np.errstate(all="ignore"):
        columns = {letter: np.array([row[letter] for row in rows]) for letter in "ab"}
        expected = record([root])(columns)[0]
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-300)


def _float(text: str) -> float:
    return float(text.replace("Infinity", "inf"))


def test_marked_nodes_stay_themselves() -> None:
    """Equal nodes are written once, copies not at all, unless an answer may replace them."""
    x = given("x")
    one, other = x + constant(1), x + constant(1)
    copy = Node(COPY, (one,), name="h")
    plain = NodeTable()
    places = plain.add([one, other, copy])
    assert places[one] == places[other] == places[copy]
    marked_ = NodeTable()
    places = marked_.add([one, other, copy], lambda node: node.name or "")
    assert places[one] == places[other] != places[copy]
