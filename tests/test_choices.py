"""Choices: what `choose:` offers is written out for every combination, with lines and languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from examgen.choices import MOST_STRUCTURES, Choices, read_choices
from examgen.errors import ExamgenError
from examgen.strict_yaml import Data, load
from examgen.structures import shared_slots
from examgen.template import document, parse_template, parse_templates

NET = """\
id: net
title: {en: A net, de: Ein Netz}
choose:
  activation: [relu, tanh]
  unit:
    - {w: w1, x: x1, word: {en: first, de: erste}}
    - {w: w2, x: x2, word: {en: second, de: zweite}}
graph:
  topology: formulas
  formulas:
    z: w1*x1 + w2*x2
    h: <activation>(z)
  loss: (h - y)^2
sample:
  x1: {choose: [1, 2, 3]}
  x2: {choose: [1, 2, 3]}
  w*: {choose: [0.25, 0.5, 0.75, 1]}
  y: {choose: [1, 2, 3]}
  eta: 0.1
require: [abs(dL/d<unit.w>) > 0.01, 0<z]
parts:
  - ask: Compute $h$ of the <unit.word> input.
    answers: h
    points: 1
  - ask: {en: 'The <unit.word> weight.', de: Das <unit.word> Gewicht.}
    answers: dL/d<unit.w>, <unit.w>'
    derive: dL/d<unit.x>
    points: [1, 1, 2]
"""


def choices(text: str) -> Choices:
    """The choices of a document."""
    return read_choices(load(text, "q.yaml"))


def written(text: str, number: int = 0) -> Data:
    """One structure of a document."""
    return choices(text).structure(number).located.data


def problems(text: str, read: Callable[[str, str], object] = parse_templates) -> list[str]:
    """What is wrong with a template, a line each, the file's name left out."""
    with pytest.raises(ExamgenError) as refused:
        read(text, "q.yaml")
    return [str(problem).removeprefix("q.yaml:") for problem in refused.value.problems]


def replaced(old: str, new: str) -> str:
    """The net with one thing changed."""
    assert NET.count(old) == 1
    return NET.replace(old, new)


def test_every_combination_is_a_template() -> None:
    """With the id of the file, its own name and what it chooses; the last name runs fastest."""
    templates = parse_templates(NET, "net.yaml")
    assert [one.name for one in templates] == ["net#1", "net#2", "net#3", "net#4"]
    assert {one.id for one in templates} == {"net"}
    assert [tuple(one.choice.values()) for one in templates] == [
        ("relu", "w1"),
        ("relu", "w2"),
        ("tanh", "w1"),
        ("tanh", "w2"),
    ]
    assert parse_template(NET, "net.yaml", 2).choice == templates[2].choice
    assert len({one.fingerprint for one in templates}) == 4


def test_a_file_without_choices_is_one_structure() -> None:
    """Which goes by the id alone."""
    text = NET.replace("<activation>", "relu").replace("<unit.", "<").replace("<w>", "w1")
    text = text.replace("<x>", "x1").replace("<word>", "first")
    (only,) = parse_templates(text[: text.index("choose")] + text[text.index("graph") :], "n.yaml")
    assert (only.name, only.structures, dict(only.choice)) == ("net", 1, {})


def test_slots_go_by_the_names_as_written() -> None:
    """So all structures share their columns."""
    ids = {tuple(slot.id for slot in one.slots) for one in parse_templates(NET, "net.yaml")}
    assert ids == {("h", "dL_d_unit_w", "unit_w_new", "derive_dL_d_unit_x")}


def test_texts_are_in_their_language() -> None:
    """An alternative in two languages makes a plain text one of two languages."""
    second = parse_template(NET, "net.yaml", 1)
    first, other = (part.ask for part in second.parts)
    assert first == {
        "en": "Compute $h$ of the second input.",
        "de": "Compute $h$ of the zweite input.",
    }
    assert other == {"en": "The second weight.", "de": "Das zweite Gewicht."}


@pytest.mark.parametrize(
    ("offer", "place", "data"),
    [
        ("[2, 3]", "<n>", 2),
        ("[2, 3]", "steps <n>", "steps 2"),
        ("[0.25, 3]", "x*<n>", "x*0.25"),
        ("[true, false]", "<n>", True),
        ("[[1, 2], [3]]", "<n>", [1, 2]),
        ("[[1, 2], [3]]", "[<n>, 4]", [[1, 2], 4]),
        ("[{a: 1, b: x}, {a: 2, b: y}]", "<n>", {"a": 1, "b": "x"}),
        ("[{a: 1, b: x}, {a: 2, b: y}]", "<n.b>", "x"),
        ("[{en: one, de: eins}, two]", "<n>", {"en": "one", "de": "eins"}),
        ("[{en: one, de: eins}, two]", "{de: <n>}", {"de": "eins"}),
        ("[{en: one}, two]", "{de: The <n>}", {"de": "The one"}),
        ("[a, b]", "{<n>_1: 1}", {"a_1": 1}),
    ],
)
def test_a_reference_stands_for_its_alternative(offer: str, place: str, data: Data) -> None:
    """Alone with its own type, inside of a text as text, in keys, too."""
    found = written(f"choose: {{n: {offer}}}\nhere: {place}\n")
    assert isinstance(found, dict)
    assert found["here"] == data


@pytest.mark.parametrize("text", ["h1 < 4", "a<b", "0<z and z<n1", "x <n> y > z", "a<b>c", "<n.>"])
def test_comparisons_are_none(text: str) -> None:
    """`<` and `>` mean a choice only right around the name of one."""
    found = written(f"choose: {{name: [1, 2]}}\nuse: <name>\nhere: '{text}'\n")
    assert isinstance(found, dict)
    assert found["here"] == text


def test_every_place_has_its_line_in_the_file() -> None:
    """What a choice puts there stands where it is used."""
    text = "choose:\n  n: [[1, 2], [3, 4]]\n  k: [a, b]\nhere:\n  <k>x:\n    <n>\n"
    located = choices(text).structure(3).located
    assert located.data == {
        "choose": {"n": [[1, 2], [3, 4]], "k": ["a", "b"]},
        "here": {"bx": [3, 4]},
    }
    assert located.line(("here", "bx")) == 5
    assert located.line(("here", "bx", 1)) == 5
    assert ("here", "bx", 1) in located.lines
    assert located.line(("here",)) == 4
    assert document(parse_template(NET, "net.yaml", 3)).line(("sample", "y")) == 18


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "[relu, tanh]",
            "[]",
            "4: choose.activation: expected two alternatives or more, found none",
        ),
        ("[relu, tanh]", "[relu]", "expected two alternatives or more, found 1"),
        ("[relu, tanh]", "relu", "4: choose.activation: expected a list of alternatives"),
        ("[relu, tanh]", "[relu, tanh, relu]", "the alternative relu is there twice"),
        ("[relu, tanh]", "[relu, <unit>]", "alternative 2 speaks of a choice: write it out"),
        ("[relu, tanh]", "[relu, ~]", "4: choose.activation: alternative 2 is empty"),
        ("x: x2, word", "y: x2, word", "5: choose.unit: the alternatives have different fields"),
        (
            "  activation: [",
            "  sigma: [1, 2]\n  activation: [",
            "4: choose.sigma: nothing speaks of <sigma>",
        ),
        (
            "<activation>(z)",
            "<actvation>(z)",
            "<actvation> is no choice (did you mean 'activation'?)",
        ),
        ("<activation>(z)", "<foo>(z)", "<foo> is no choice; there is <activation>, <unit>"),
        (
            "the <unit.word> input",
            "the <unit.wrd> input",
            "'unit' has no field 'wrd' (did you mean 'word'?)",
        ),
        (
            "the <unit.word> input",
            "the <activation.x> input",
            "the alternatives of 'activation' have no fields",
        ),
        (
            "the <unit.word> input",
            "the <unit> input",
            "22: parts[0].ask: <unit> is several fields: it fits no text",
        ),
        (
            "answers: h\n",
            "answers: h\n    <unit.word>: 1\n",
            "<unit.word> is a text in several languages",
        ),
        ("  x1: {", "  w<unit.w>: 1\n  ww1: 1\n  x1: {", "with unit = w1: 'ww1' is given twice"),
        ("activation: [relu, tanh]", "a-b: [relu, tanh]", "'a-b' is no name"),
    ],
)
def test_a_faulty_offer_is_told(old: str, new: str, expected: str) -> None:
    """With the line of the file, and what was meant."""
    assert any(expected in problem for problem in problems(replaced(old, new)))
    assert any(expected in problem for problem in problems(replaced(old, new), parse_template))


def test_no_names_to_choose_for_are_told() -> None:
    """A list or nothing at all."""
    for offer, message in (
        ("[1, 2]", "expected names, each with a list"),
        ("{}", "expected names"),
    ):
        with pytest.raises(ExamgenError, match=f"^q.yaml:1: choose: {message}"):
            choices(f"choose: {offer}\n")


def test_too_many_structures_are_told() -> None:
    """Sixty-four are enough for a class."""
    names = "abcdefg"
    offers = "".join(f"  {name}: [1, 2]\n" for name in names[:6])
    uses = "".join(f"{name}{name}: <{name}>\n" for name in names)
    assert len(choices(f"choose:\n{offers}{uses[:-8]}")) == MOST_STRUCTURES == 64
    with pytest.raises(ExamgenError, match="128 combinations, expected at most 64"):
        choices(f"choose:\n{offers}  g: [1, 2]\n{uses}")


def test_alternatives_do_not_make_a_file_grow_without_bound() -> None:
    """A long text used a thousand times."""
    text = f"choose: {{n: [{'a' * 10_000}, b]}}\nhere: '{'<n>' * 1000}'\n"
    with pytest.raises(ExamgenError, match="2: here: the alternatives make this file larger"):
        choices(text).structure(0)


def test_what_is_wrong_in_all_structures_is_told_once() -> None:
    """Without a word on choices; what is wrong in some says in which."""
    assert problems(replaced("y: {choose: [1, 2, 3]}", "y: {chose: [1]}"))[0].startswith(
        "18: sample.y"
    )
    found = problems(replaced("[relu, tanh]", "[relu, tanhh]"))
    assert found == [
        "12: graph.formulas.h: with activation = tanhh: column 1: 'tanhh' is no function"
        " (did you mean 'tanh'?)"
    ]
    found = problems(replaced("answers: dL/d<unit.w>,", "answers: dL/dq<unit.w>,"))
    assert len(found) == 1
    assert found[0].startswith(
        "26: parts[1].answers: with unit = w1: there is no quantity 'dL/dqw1'"
    )


def test_structures_that_share_no_column_are_told() -> None:
    """A part worth other points, a number here and a formula there, another total."""
    text = replaced("    points: 1\n", "    points: <n>\n").replace(
        "choose:\n", "choose:\n  n: [1, 2]\n"
    )
    assert problems(text) == [
        "22: parts: with n = 2, activation = relu, unit = w1: (a) is worth 2 points, before 1"
    ]
    text = replaced("    answers: h\n", "    <kind>: h\n    follow_through: <n>\n").replace(
        "choose:\n", "choose:\n  kind: [answers, derive]\n  n: [0.5, 1]\n"
    )
    (found,) = problems(text)
    assert "the slot h has follow_through: 1, partial_marks: {}, in another" in found


def test_a_slot_may_be_asked_in_some_structures_only() -> None:
    """It has a column of its own, after the slot that it follows there."""
    text = replaced("answers: h\n", "answers: <what>\n")
    text = text.replace("choose:\n", "choose:\n  what: ['z', 'z, h']\n")
    templates = parse_templates(text, "net.yaml")
    columns = shared_slots([one.parts for one in templates])
    assert list(columns)[:3] == ["what", "what_2", "dL_d_unit_w"]
    assert [slot is not None for slot in columns["what_2"]] == [False] * 4 + [True] * 4


def test_a_published_instance_belongs_to_its_choice() -> None:
    """One that names none belongs to all."""
    given = "given: {x1: 1, x2: 1, w1: 1, w2: 1, y: 1, eta: 0.1}"
    text = f"{NET}published:\n  - {{source: A, choice: {{unit: w2}}, {given}}}\n"
    text += f"  - {{source: B, {given}}}\n"
    sources = [[i.source for i in one.file.instances] for one in parse_templates(text, "net.yaml")]
    assert sources == [["B"], ["A", "B"], ["B"], ["A", "B"]]
    (found,) = problems(text.replace("unit: w2}", "unit: w3}"))
    assert found.endswith("published.choice.unit: 'w3' is nothing to choose; there is w1, w2")
    (found,) = problems(text.replace("unit: w2}", "unot: w2}"))
    assert "'unot' is nothing to choose (did you mean 'unit'?)" in found


def test_labels_tell_alternatives_apart() -> None:
    """A mapping goes by its first field; two that read alike are numbered."""
    text = "choose: {n: [{w: a, v: 1}, {w: a, v: 2}, {w: b, v: 1}]}\nhere: <n.v>\n"
    assert choices(text).labels == {"n": ("a (1)", "a (2)", "b")}


def test_a_structure_that_there_is_not_is_refused() -> None:
    """Structures are counted from 1 where people read of them."""
    with pytest.raises(ExamgenError, match="there is no structure 5: the file has 4 structures"):
        parse_template(NET, "net.yaml", 4)
