"""Reading and marking in the browser: as in Python, word for word, on every vector of one table."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import Any

import numpy as np
import pytest
from chromium import chromium
from conftest import of_the_bank
from make_vectors import REFRESH, read_both, read_table, variant_of, verdicts
from playwright.sync_api import Page

from examgen.graph import record
from examgen.html.formulas import prose
from examgen.nodes import COPY, Node, constant, given
from examgen.ops import OPS
from examgen.paper import variant_sheet
from examgen.text import Language
from examgen.variant import Variants
from grader.marking.graphs import Graphs
from grader.practice.marking import SWAPPED, Marker
from grader.practice.offline.content import Pieces, key_data, mistakes_data
from grader.practice.offline.formulas import Pools
from grader.practice.offline.grammar import grammar_data, reader_script
from grader.practice.offline.nodes import NodeTable
from grader.practice.offline.page import MARKING, scripts
from grader.practice.offline.program import Program, program
from grader.practice.offline.texts import Texts, numbered
from grader.practice.offline.words import WORDS, reasons
from grader.practice.values import Feedback

TABLE = read_table()
Question = tuple[str, int]
QUESTIONS = tuple(dict.fromkeys((one["question"], one["structure"]) for one in TABLE.rounds))
LANGUAGES: tuple[Language, ...] = ("en", "de")
TOLD = ("page.js", "say.js", "kept.js", "answer.js", "standing.js")
GERMAN_EACH = 6
"""Every sixth round's sentences are compared in German, too, and all of exchanged answers."""

MARK = """(data) => {
  const [program, table, pools, rounds, pages] = JSON.parse(data);
  const marker = new Marker(program, new Graph(table), pools);
  const speaker = ([data, program, shown]) =>
    new Sentences({ ...data, texts: joined(data.lines, data.texts) }, program, shown);
  const spoken = pages.map(speaker);
  const said = (one) => spoken.map((sentences) => [sentences.note(one), sentences.of(one)]);
  const told = ([slot, one]) => {
    const { verdict, mistakes, follows, column } = one;
    return [slot, [[verdict, mistakes, follows, column], said({ ...one, slot })]];
  };
  return JSON.stringify(rounds.map(([variant, responses]) => {
    const found = marker.mark(variant, responses, Object.keys(responses));
    return Object.fromEntries(Object.entries(found).map(told));
  }));
}"""
READ = """(data) => {
  const shown = (value) => (Object.is(value, -0) ? "-0" : String(value));
  const told = (read) => {
    if (read.kind === "number") return [shown(read.value), read.plain];
    return read.kind === "blank" ? null : [read.reason, read.column];
  };
  return JSON.stringify(JSON.parse(data).map(([text, decimal, sure]) => [
    told(Reading.readNumber(text, decimal)),
    told(readAlone(text, decimal, sure)),
  ]));
}"""


@pytest.fixture(name="page", scope="module")
def marking_page() -> Iterator[Page]:
    """A page with the marker in it."""
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(content=f"{reader_script()}\n{scripts((*MARKING, *TOLD))}")
        page.evaluate("grammar => Reading.load(grammar)", grammar_data())
        yield page


def told_by(page: Page, script: str, data: Any) -> Any:
    """What a script gives for some data; both go as text, which is a tenth of the work."""
    return json.loads(page.evaluate(script, json.dumps(data)))


def of(question: Question) -> list[dict[str, Any]]:
    """The rounds about a question."""
    return [one for one in TABLE.rounds if (one["question"], one["structure"]) == question]


@cache
def graphs_of(question: Question) -> Graphs:
    """What is costly about a question, once."""
    return Graphs(of_the_bank(question[0])[question[1]])


@cache
def markers_of(question: Question, language: Language) -> dict[str, Marker]:
    """A marker for each variant that the table has of a question, by its numbers."""
    variants = {str(one["numbers"]): one for one in of(question)}
    graphs = graphs_of(question)
    return {
        key: Marker(variant_of(one), language=language, graphs=graphs)
        for key, one in variants.items()
    }


def marker_of(one: dict[str, Any], language: Language = "en") -> Marker:
    """The marker for a round."""
    return markers_of((one["question"], one["structure"]), language)[str(one["numbers"])]


SAID: dict[tuple[int, Language], dict[str, Feedback]] = {}


def said_of(one: dict[str, Any], language: Language = "en") -> dict[str, Feedback]:
    """What the marker in Python says of a round, worked out once."""
    if (id(one), language) not in SAID:
        responses = one["responses"]
        SAID[id(one), language] = marker_of(one, language).mark(responses, tuple(responses))
    return SAID[id(one), language]


def test_the_table_is_large_and_has_all_verdicts() -> None:
    """Hundreds of responses to a dozen questions and more, each verdict often."""
    found = Counter(said[0] for one in TABLE.rounds for said in one["marked"].values())
    assert sum(found.values()) >= 500
    assert len({one["question"] for one in TABLE.rounds}) >= 12
    assert set(found) == {"right", "rounded", "follows", "mistake", "wrong", "unreadable"}
    assert min(found.values()) >= 20
    assert len(TABLE.readings) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_exchanged_answers_are_in_the_table(language: Language) -> None:
    """Of every question; whose answer a number is, is told of one slot and of two.

    With the other sign it is told only where it is right so, for a slot with that very number.
    """
    begun, told = SWAPPED[language][0].partition("$")[0], {"moved": set(), "negated": set()}
    for one in TABLE.rounds:
        for slot, said in said_of(one, language).items() if "exchanged" in one else ():
            if said.reason.startswith(begun):
                told[one["exchanged"]].add((one["question"], slot, said.reason.count("$") // 2))
                assert is_right_somewhere(one, slot)
    assert len({question for question, *_ in told["moved"]}) > len(QUESTIONS) // 2
    assert {slots for *_, slots in told["moved"]} == {1, 2}
    assert len(told["negated"]) < len(told["moved"]) / 5


def is_right_somewhere(one: dict[str, Any], slot: str) -> bool:
    """Whether a response is the key, as rounded, to any other slot."""
    variants = variant_of(one)
    others = (other for other in variants.template.slots if other.id != slot)
    keys = {variants.printed(other, 0) for other in others if other.kind == "number"}
    return one["responses"][slot] in keys


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_table_is_true(question: Question) -> None:
    """The marker in Python gives what stands in the table."""
    for one in of(question):
        assert verdicts(said_of(one)) == one["marked"], REFRESH


def test_the_readings_are_true() -> None:
    """The reader in Python gives what stands in the table."""
    assert [read_both(text, sign) for text, sign, *_ in TABLE.readings] == TABLE.readings, REFRESH


def test_the_browser_reads_alike(page: Page) -> None:
    """The same values bit for bit, the same reasons at the same columns: in a file, and alone."""
    found = told_by(page, READ, [one[:2] for one in TABLE.readings])
    pairs = zip(TABLE.readings, found, strict=True)
    assert [(one, theirs) for one, theirs in pairs if not alike(one[2:], theirs)] == []


def test_the_browser_reads_a_sure_comma_alike(page: Page) -> None:
    """Where a comma is no mark between thousands, as on a German page."""
    texts = [text for text, sign, *_ in TABLE.readings if sign == "point" and "," in text]
    ours = [read_both(text, "point", "comma") for text in texts]
    found = told_by(page, READ, [(text, "point", "comma") for text in texts])
    pairs = zip(ours, found, strict=True)
    assert [(one, theirs) for one, theirs in pairs if not alike(one[2:], theirs)] == []
    assert any(one not in TABLE.readings for one in ours)


def alike(ours: list[Any], theirs: list[Any]) -> bool:
    """Whether two pairs of readings are the same; values come as JavaScript spells them."""
    return all(map(same_reading, ours, theirs))


def same_reading(ours: list[Any] | None, theirs: list[Any] | None) -> bool:
    """Whether two readings are the same."""
    if ours is None or theirs is None or isinstance(ours[0], str):
        return ours == theirs
    value, plainly = theirs
    return bool(ours[1] == plainly) and repr(float(ours[0])) == repr(float(value))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_browser_marks_alike(question: Question, page: Page) -> None:
    """The marker in JavaScript gives what stands in the table, in the sentences of Python's."""
    rounds, template = of(question), of_the_bank(question[0])[question[1]]
    table, pools = NodeTable(), Pools()
    known = program(template, graphs_of(question).mistakes, table, pools)
    variants = {str(one["numbers"]): variant_of(one) for one in rounds}
    keys = {numbers: key_data(variant, 0) for numbers, variant in variants.items()}
    pages = [page_of(next(iter(variants.values())), known, language) for language in LANGUAGES]
    asked = [(keys[str(one["numbers"])], one["responses"]) for one in rounds]
    found = told_by(page, MARK, [known.data, table.written(), pools.written(), asked, pages])
    marks = [{slot: said[0] for slot, said in answer.items()} for answer in found]
    assert marks == [one["marked"] for one in rounds]
    for which, language in enumerate(LANGUAGES):
        each = GERMAN_EACH if language == "de" else 1
        for number, (one, answer) in enumerate(zip(rounds, found, strict=True)):
            if number % each and "exchanged" not in one:
                continue
            theirs = {slot: texts_of(*said[1][which]) for slot, said in answer.items()}
            assert theirs == sentences(one, language)


def page_of(variants: Variants, known: Program, language: Language) -> list[Any]:
    """What sentences are made of on a page: its words and texts, the program, the slots' names."""
    template, texts = variants.template, Texts()
    told = mistakes_data(template, known.known, texts, language)
    boxes = {
        box.id: box for part in variant_sheet(variants, 0, language).parts for box in part.slots
    }
    shown = numbered([Pieces(language).box(boxes[slot.id]) for slot in template.slots], texts)
    data = {"words": WORDS[language], "reasons": reasons(language), **texts.written()}
    return [data, {**known.data, **told}, shown]


def sentences(one: dict[str, Any], language: Language) -> dict[str, tuple[str, str]]:
    """Of each response of a round what the marker in Python says: the note, and the reason."""
    found = said_of(one, language)
    return {slot: texts_of(said.note, prose(said.reason)) for slot, said in found.items()}


def texts_of(note: str, html: str) -> tuple[str, str]:
    """A note, which is text, and the text of HTML."""
    return note, unescape(re.sub(r"<[^>]*>", "", html))


# --- what comes again ----------------------------------------------------------------------------

COMES = """(went) => {
  const standing = new Standing(["a", "b", "c", "d"], null, true);
  const due = went.map(([part, grade]) => {
    if (grade === "aside") standing.defer(part);
    else standing.note(part, grade);
    return standing.due;
  });
  const later = new Standing(standing.parts, JSON.parse(JSON.stringify(standing.kept)), false);
  return [due, standing.stages, later.due, later.stages];
}"""
ASKED = "(variants) => [...partsOf([{variants}]).keys()]"
GRADED = "(answers) => answers.map((one) => gradeOf(one))"


def test_a_part_comes_again_after_two_others(page: Page) -> None:
    """Until it is right unaided; one that is put aside waits anew; in a new sitting it is first."""
    went = [
        *(("a", "missed"), ("b", "right"), ("c", "helped")),  # a may come
        *(("a", "missed"), ("d", "right")),  # c may come
        *(("c", "right"), ("a", "aside"), ("b", "right"), ("d", "missed")),  # a may come
    ]
    due, stages, first, later = page.evaluate(COMES, went)
    assert due == [None, None, "a", None, "c", "a", None, None, "a"]
    assert stages == later == {"learned": 2, "learning": 2, "new": 0}
    assert first == "a"
    twice = [*(("a", "missed"), ("b", "missed"), ("a", "missed")), ("c", "right"), ("d", "right")]
    due, _, first, _ = page.evaluate(COMES, twice)
    assert due[-1] == first == "b"  # which waits longer
    aside = [
        *twice[:2],
        ("c", "right"),
        ("d", "right"),
        ("a", "aside"),
        ("c", "right"),
        ("d", "right"),
    ]
    due, *_ = page.evaluate(COMES, aside)
    assert due == [None, None, "a", "a", "b", "b", "b"]  # not what was put aside


def test_the_first_answers_say_how_a_part_went(page: Page) -> None:
    """Missed at the first that is wrong or shown, else once all is settled: helped, or right.

    A heading over others asks nothing, so there is nothing to say of it.
    """
    good, helped = ({"first": "rounded", "settled": True, "hints": hints} for hints in (0, 1))
    blank = {"first": None, "settled": False, "hints": 2}
    mended = {"first": "wrong", "settled": True, "hints": 0}
    shown = {"first": "passed", "settled": True, "hints": 0}
    headed = {"parts": [{"id": "b", "slots": []}, {"id": "b.i", "slots": ["h"]}]}
    assert page.evaluate(ASKED, [headed]) == ["0.b.i"]
    parts = [[good], [good, helped], [good, blank], [blank, mended], [good, shown], []]
    assert page.evaluate(GRADED, parts) == ["right", "helped", None, "missed", "missed", None]


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
