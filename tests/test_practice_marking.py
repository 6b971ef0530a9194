"""Marking in practice: what the grader would say of the same answers, and what only it can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import numpy as np
import pytest
from small_exam import TINY, students, write_exam

from examgen.answer_key import make_manifest
from examgen.bank import find_template
from examgen.exam import DrawnQuestion, Question, load_exam
from examgen.graph import evaluate
from examgen.misconceptions import Misconception
from examgen.mistakes import mistakes_of
from examgen.solution import expected_formula
from examgen.template import Template, parse_template
from examgen.text import Language
from examgen.variant import Variants, fixed_variant
from grader.classroom import answer, write_answers
from grader.grade import mark
from grader.gradebook import Graded
from grader.marking import graphs as graphs_module
from grader.marking.explanations import Explanations, explanations
from grader.marking.graphs import Graphs
from grader.marking.papers import papers
from grader.marking.verdicts import Reason, Verdict
from grader.practice.marking import SIGN, SWAPPED, UNNAMED, Marker
from grader.practice.posed import pose
from grader.practice.store.codec import feedback_fields, read_feedback
from grader.practice.values import Feedback, Judged, Round, Task
from grader.reading.numbers import DecimalSign

# --- the same as in an exam ----------------------------------------------------------------------

CLASS = 40
QUESTIONS = (
    "modified-recurrent-cell",
    "multi-branch-two-heads",
    "rmsprop-step",
)
SAME: Mapping[Verdict, set[Judged | None]] = {
    Verdict.RIGHT: {"right", "rounded"},
    Verdict.FOLLOWS: {"follows"},
    Verdict.KNOWN_MISTAKE: {"mistake"},
    Verdict.WRONG: {"wrong"},
    Verdict.BLANK: {None},
    Verdict.UNREADABLE: {"unreadable"},
}


LANGUAGES: tuple[Language, Language] = ("de", "en")
ILLEGIBLE = ("about 3", "7 1/2", "3%", "NaN", "2026-01-02", "--2", "1,234", "12:30", "2 or 3", "e5")


def drawn_at_once(question: Question) -> DrawnQuestion:
    """The first draws, not the best of many, for a question with one structure."""
    (template,) = question.templates
    variants = Variants(template, template.sampler(3).draw(range(CLASS)))
    return DrawnQuestion(question, np.zeros(CLASS, np.int64), np.arange(CLASS), (variants,))


@cache
def graded_class(name: str) -> tuple[Graded, tuple[Marker, ...], tuple[Marker, ...]]:
    """A graded class that does all that students do; for each paper a marker in either language."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        exam = load_exam(write_exam(folder, [f"{{use: {name}}}"], {}, language="de"))
        drawn = drawn_at_once(exam.questions[0])
        manifest = make_manifest(exam, (drawn,), students(CLASS))
        (paper,) = papers(manifest, np.arange(CLASS))
        truth = answer(paper, np.random.default_rng(11))
        truth.texts[: len(ILLEGIBLE), 0] = ILLEGIBLE
        write_answers([truth], manifest, folder / "answers.csv")
        graded = mark(folder / "answers.csv", manifest)
    graphs = Graphs(paper.template)
    german, english = (
        tuple(Marker(drawn.variants[0], row, language, graphs=graphs) for row in range(CLASS))
        for language in LANGUAGES
    )
    return graded, german, english


def texts_of(graded: Graded, row: int) -> dict[str, str]:
    """What a student wrote, by the id of the slot in the template."""
    cells = graded.answers.cells
    ids = [slot.id.removeprefix("q1.") for slot in graded.manifest.slots]
    return {
        name: cells.texts[int(c)].as_py() for name, c in zip(ids, cells.codes[row], strict=True)
    }


def said_in_exam(graded: Graded, row: int, column: int) -> Reason:
    """The reason that the grader gives, as what practice makes of it."""
    reason = graded.marks.reasons[int(graded.marks.reason_of[row, column])]
    follows = tuple(slot.removeprefix("q1.") for slot in reason.follows)
    rich = reason.rich[:1].upper() + reason.rich[1:]
    return replace(reason, rich=rich + "." * (rich[-1:] not in ("", ".")), follows=follows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_verdicts_and_reasons_are_those_of_an_exam(name: str) -> None:
    """Whatever a class wrote: right, carried, mistaken, wrong, illegible; numbers and formulas."""
    graded, markers, _ = graded_class(name)
    for row, marker in enumerate(markers):
        texts = texts_of(graded, row)
        found = marker.mark(texts, list(texts))
        for column, slot in enumerate(texts):
            verdict = Verdict(int(graded.marks.verdicts[row, column]))
            one = found.get(slot)
            assert (one.verdict if one else None) in SAME[verdict], (row, slot, texts[slot], one)
            if one and verdict in (Verdict.FOLLOWS, Verdict.KNOWN_MISTAKE, Verdict.WRONG):
                expected = said_in_exam(graded, row, column)
                own = (UNNAMED["de"], SIGN["de"])
                assert one.reason in ((expected.rich,) if expected.rich else own)
                assert one.mistakes == expected.mistakes
                assert one.follows == expected.follows


def test_the_classes_do_all_that_can_be_told_apart() -> None:
    """Each verdict is there many times, so that the comparison says something."""
    seen = np.concatenate([graded_class(name)[0].marks.verdicts.ravel() for name in QUESTIONS])
    for verdict in SAME:
        assert np.count_nonzero(seen == verdict) >= 10, verdict


@pytest.mark.parametrize("name", QUESTIONS)
def test_slot_by_slot_is_as_all_at_once(name: str) -> None:
    """Only what is asked is told, and it is the same."""
    graded, markers, _ = graded_class(name)
    for row in range(0, CLASS, 9):
        texts = texts_of(graded, row)
        together = markers[row].mark(texts, list(texts))
        for slot in texts:
            alone = markers[row].mark(texts, [slot])
            assert alone == {n: one for n, one in together.items() if n == slot}


def test_why_a_text_is_unreadable_is_told_as_in_an_exam() -> None:
    """The note is the reader's reason, the place apart from it; and it is told in German."""
    graded, markers, english = graded_class("modified-recurrent-cell")
    codes, reasons = graded.answers.cells.codes, graded.answers.readings.reasons
    pairs = set()
    for row, column in np.argwhere(graded.marks.verdicts == Verdict.UNREADABLE).tolist():
        slot, code = list(texts_of(graded, row))[column], int(codes[row, column])
        if code in reasons and "this file" not in reasons[code]:
            texts = texts_of(graded, row)
            one = english[row].mark(texts, [slot])[slot]
            assert f"{one.note} (at character {one.column})" == reasons[code]
            pairs.add((one.note, markers[row].mark(texts, [slot])[slot].note))
    assert len(pairs) > 3
    assert all(note != translated for note, translated in pairs)


# --- one small question --------------------------------------------------------------------------

NUMBERS = {"w": 2, "x": 3, "b": 0, "y": 4}
NUMBERS_EXACT = {name: Fraction(value) for name, value in NUMBERS.items()}
"""z = 6, dL/dw = 2 (z - y) x = 12, w' = 2 - 0.1 * 12 = 0.8."""


@cache
def marker(language: Language = "en", decimal: DecimalSign = "point", **numbers: str) -> Marker:
    """A marker of the small question; numbers: in place of the usual ones."""
    template = parse_template(TINY, "tiny.yaml")
    values = NUMBERS_EXACT | {name: Fraction(value) for name, value in numbers.items()}
    return Marker(fixed_variant(template, values), 0, language, decimal)


def told(slot: str, text: str, known: Mapping[str, str] | None = None, **of: Any) -> Feedback:
    """What is said of one response; known: what else was written."""
    return marker(**of).mark({**(known or {}), slot: text}, [slot])[slot]


def slot_ids() -> list[str]:
    """z, the formula, dL/dw, w'."""
    return list(marker()._places)


Z, FORMULA, SLOPE, UPDATE = slot_ids()


@pytest.mark.parametrize("text", ["6", " 6.0000 ", "12/2", "6e0", "z = 6", "+6,0"])
def test_right_is_right_without_a_word(text: str) -> None:
    """However it is written."""
    assert told(Z, text) == Feedback(Z, "right")


def test_a_right_answer_that_is_rounded_otherwise_is_shown_rounded() -> None:
    """A third to four decimals: the last digit may be off by one, and is told."""
    numbers: dict[str, Any] = {"w": "1/3", "x": "1"}
    for text in ("0.3333", "1/3", "0.333333", "0.33334", "0.33333333333", ".3333"):
        assert told(Z, text, **numbers) == Feedback(Z, "right"), text
    one = told(Z, "0.3334", **numbers)
    assert one == Feedback(Z, "rounded", "Rounded to 4 decimals it is $0.3333$.")
    german = told(Z, "0.3334", language="de", **numbers)
    assert german.reason == "Auf 4 Nachkommastellen gerundet ist es $0.3333$."
    assert told(Z, "0.3335", **numbers).verdict == "wrong"


def test_what_is_rounded_too_coarsely_is_told_so() -> None:
    """It is not right, but nobody should look for a mistake that is not there."""
    numbers: dict[str, Any] = {"w": "1/3", "x": "1"}
    one = told(Z, "0.33", **numbers)
    assert (one.verdict, one.coarse) == ("wrong", True)
    assert read_feedback(Z, feedback_fields(one)) == one
    assert "rounded too coarsely: 4 decimals are asked" in one.reason
    assert "zu grob gerundet" in told(Z, "0.33", language="de", **numbers).reason
    assert told(Z, "0.34", **numbers) == Feedback(Z, "wrong", UNNAMED["en"])
    assert told(Z, "0", **numbers).reason == UNNAMED["en"]


def test_half_a_unit_may_be_rounded_either_way() -> None:
    """0.00005 is 0.0001 to four decimals, or 0.0000; more decimals say it outright."""
    numbers: dict[str, Any] = {"w": "0.00005", "x": "1"}
    assert [told(Z, t, **numbers).verdict for t in ("0.0001", "0", "0.00005")] == ["right"] * 3
    assert told(Z, "-0.00001", **numbers).verdict == "rounded"


def test_what_follows_from_a_slip_names_it() -> None:
    """A wrong z, and the derivative from it; a right one after all is right."""
    one = told(SLOPE, "18", {Z: "7"})
    assert one == Feedback(SLOPE, "follows", "Follows from the answer to $z$.", follows=(Z,))
    assert told(SLOPE, "18", {Z: "7"}, language="de").reason == "Folgt aus der Antwort zu $z$."
    assert told(SLOPE, "12", {Z: "7"}).verdict == "right"
    assert told(SLOPE, "18", {Z: "what?"}).verdict == "wrong"


def test_a_known_mistake_is_named_with_its_way() -> None:
    """Ascent instead of descent: the sentence, the name, and where in the graph."""
    one = told(UPDATE, "3.2")
    assert one.verdict == "mistake"
    assert "ascent" in one.mistakes
    assert one.reason.endswith(".")
    assert one.trail
    assert told(UPDATE, "3.2", language="de").reason != one.reason


def test_a_mistake_on_top_of_a_slip_is_named() -> None:
    """Ascent from a derivative that is wrong already."""
    assert "ascent" in told(UPDATE, "3.8", {SLOPE: "18"}).mistakes


def test_no_mistake_is_found_on_the_way_to_a_right_answer() -> None:
    """Half the derivative leads to 1.4; not where the whole of it is there already."""
    assert told(UPDATE, "1.4").verdict == "mistake"
    assert told(UPDATE, "1.4", {SLOPE: "12"}).verdict == "wrong"


def test_what_was_told_is_gone_on_from() -> None:
    """No mistake is looked for in what the round told, but where it was left out, it is."""
    name = "residual-two-sigmoids"
    template = find_template(name)
    variants = Variants(template, template.sampler(3).draw(range(1)))
    checked, slots = Marker(variants), variants.template.slots
    numbers = [slot for slot in slots if slot.kind == "number"]
    known = {slot.id: variants.printed(slot, 0) for slot in numbers[:-1]}
    last, differing = numbers[-1], 0
    for mistake in checked.graphs.mistakes:
        node = mistake.nodes[variants.template.quantities.name(last.quantity)]
        ((value,),) = evaluate([node], variants.draw.floats())
        text = f"{value:.6f}"
        left_out = checked.mark({last.id: text}, [last.id])[last.id]
        passed = checked.mark({**known, last.id: text}, [last.id])[last.id]
        differing += left_out.mistakes != passed.mistakes
    assert differing


def test_a_trivial_answer_after_a_slip_is_wrong_with_a_reason() -> None:
    """Zero follows from a wrong zero: that is no skill shown."""
    text = TINY.replace("L: (z - y)^2", "u: 3*z\n    L: (u - y)^2")
    text = text.replace("answers: z\n    points: 1", "answers: z, u\n    points: [1, 1]")
    checked = Marker(fixed_variant(parse_template(text, "tiny.yaml"), NUMBERS_EXACT))
    one = checked.mark({"z": "0", "u": "0"}, ["u"])["u"]
    assert one.verdict == "wrong"
    assert one.reason == "An earlier wrong answer makes this one trivial: no follow-through."


def test_a_plain_wrong_answer_is_told_that_its_mistake_is_unknown() -> None:
    """Numbers and formulas alike: no answer is wrong without a word."""
    for slot, text in ((Z, "17.123"), (FORMULA, "17*w")):
        assert told(slot, text) == Feedback(slot, "wrong", UNNAMED["en"])
    assert told(Z, "17.123", language="de").reason == UNNAMED["de"]


def test_a_flipped_sign_is_told_where_nothing_else_explains_it() -> None:
    """A mistake that leads there is told instead; zero has no sign to be wrong."""
    assert told(Z, "-6") == Feedback(Z, "wrong", "Only its sign is wrong.")
    assert told(Z, "-6", language="de").reason == "Nur das Vorzeichen ist falsch."
    assert told(SLOPE, "-12").mistakes == ("loss_sign",)
    assert told(Z, "-6.1").reason == UNNAMED["en"]


HALVES = {"w": "5/2"}
"""z = 7.5, dL/dw = 21, w' = 0.4."""


def test_the_answer_to_another_slot_is_told_as_such() -> None:
    """By its symbol, in both languages; it is wrong as before, and so is every other number."""
    for slot, text in ((SLOPE, "7.5"), (UPDATE, "15/2"), (UPDATE, "7,50")):
        one = told(slot, text, **HALVES)
        assert one == Feedback(slot, "wrong", "This is the answer to $z$."), text
    german = told(Z, "21", language="de", **HALVES)
    assert german.reason == r"Das ist die Antwort zu $\frac{\partial L}{\partial w}$."
    for slot, text in ((SLOPE, "-7.5"), (Z, "-21"), (Z, "21.1")):
        assert told(slot, text, **HALVES).reason == UNNAMED["en"]


def test_only_slots_that_are_seen_are_named() -> None:
    """The answer to a part that is not asked here says nothing to who has not met it."""
    template = parse_template(TINY, "tiny.yaml")
    values = NUMBERS_EXACT | {name: Fraction(value) for name, value in HALVES.items()}
    variants = fixed_variant(template, values)
    for seen, said in (((Z, UPDATE), UNNAMED["en"]), ((Z, SLOPE), r"\partial w")):
        one = Marker(variants, seen=seen).mark({Z: "21"}, [Z])[Z]
        assert said in one.reason


def test_the_answer_to_several_slots_names_two() -> None:
    """The first of the paper."""
    equal = "u: 1*z\n    v: 1*z\n    L: (z - y)^2"
    text = TINY.replace("L: (z - y)^2", equal).replace("answers: z\n", "answers: z, u, v\n")
    slots = parse_template(text, "tiny.yaml").slots
    values = NUMBERS_EXACT | {name: Fraction(value) for name, value in HALVES.items()}
    for language, said in (("en", SWAPPED["en"][1]), ("de", SWAPPED["de"][1])):
        checked = Marker(fixed_variant(parse_template(text, "tiny.yaml"), values), 0, language)
        slope = next(slot.id for slot in slots if slot.id.startswith("dL"))
        one = checked.mark({slope: "7.5"}, [slope])[slope]
        assert one.reason == said.format(x="z", y="u")


def test_a_number_of_one_digit_is_nobodys() -> None:
    """0, 1, 6 or 0.4 come about in too many ways: that they are an answer elsewhere says little."""
    assert told(UPDATE, "6").reason == UNNAMED["en"]
    assert told(Z, "0.4", **HALVES).reason == UNNAMED["en"]
    assert told(Z, "12").reason.startswith("This is the answer")


OWN = """\
mistakes:
  uphill:
    replace: {w': w + eta*dL/dw}
    say: {en: Downhill!, de: Bergab!}
parts:"""


def test_the_authors_own_mistake_is_told_first() -> None:
    """Before the rules of the catalogue that lead to the same number, and with its own way."""
    template = parse_template(TINY.replace("parts:", OWN), "tiny.yaml")
    checked = Marker(fixed_variant(template, NUMBERS_EXACT))
    one, plain = checked.mark({UPDATE: "3.2"}, [UPDATE])[UPDATE], told(UPDATE, "3.2")
    assert one.mistakes == ("uphill", *plain.mistakes)
    assert one.reason == f"Downhill! Or: {plain.reason}"


def test_blanks_are_no_attempts() -> None:
    """Neither of numbers nor of formulas."""
    assert marker().mark({Z: "  ", FORMULA: "\t", SLOPE: "12"}, [Z, FORMULA, UPDATE]) == {}


def test_a_slot_that_there_is_not_raises() -> None:
    """Whoever asks for it has another question in mind."""
    with pytest.raises(KeyError):
        marker().mark({}, ["nonsense"])
    with pytest.raises(KeyError):
        marker().mark({"nonsense": "1"}, [])


NOW = datetime(2026, 5, 4, 10)

# --- decimal signs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("6,0", "right"),
        ("6,00", "right"),
        ("6,0001", "rounded"),
        ("z = 6,0", "right"),
        ("-6,5", "wrong"),
        ("0,65", "wrong"),
        ("0,125", "wrong"),
        ("1234,567", "wrong"),
        ("1,234,567", "wrong"),
        ("1,234.5", "wrong"),
        ("1,234", "unreadable"),
        ("-1,234", "unreadable"),
        ("z = 1,234", "unreadable"),
        ("6,", "right"),
        (",", "unreadable"),
        ("6,5.2", "unreadable"),
        ("6,5,4", "unreadable"),
        ("6, 5", "unreadable"),
        ("ca. 6,0", "unreadable"),
    ],
)
def test_a_comma_is_a_decimal_sign_where_it_can_be_nothing_else(text: str, verdict: str) -> None:
    """A text stands alone: no file decides."""
    assert told(Z, text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"), [("6,0", "right"), ("6.0", "right"), ("1.234", "unreadable")]
)
def test_where_the_comma_is_usual_the_point_is_the_other_sign(text: str, verdict: str) -> None:
    """By the same rule."""
    assert told(Z, text, decimal="comma").verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("6,000", "right"), ("6.000", "right"), ("1,234", "wrong"), ("6,000,000", "wrong")],
)
def test_a_comma_that_is_no_mark_between_thousands_is_a_decimal_sign(
    text: str, verdict: str
) -> None:
    """As on a German page; the point stays what it is. In formulas, too."""
    sure = Marker(fixed_variant(parse_template(TINY, "tiny.yaml"), NUMBERS_EXACT), sure="comma")
    assert sure.mark({Z: text}, [Z])[Z].verdict == verdict
    assert sure.mark({FORMULA: "2,000*(z - y)*x"}, [FORMULA])[FORMULA].verdict == "right"


@pytest.mark.parametrize(("language", "verdict"), [("de", "right"), ("en", "unreadable")])
def test_a_round_takes_a_comma_as_its_language_does(language: Language, verdict: str) -> None:
    """In German no comma stands between thousands; and no slot is named that is not asked."""
    template = parse_template(TINY, "tiny.yaml")
    numbers = (("w", "5/2"), ("x", "1/4"), ("b", "1"), ("y", "4"))  # z = 1.625, dL/dw = -1.1875
    task = Task("tiny", template.fingerprint, 0, numbers, (Z,))
    posed, begun = pose(task, template, language, lambda: Graphs(template)), Round(1, task, NOW)
    assert posed.mark(begun, {Z: "1,625"})[Z].verdict == verdict
    assert posed.mark(begun, {Z: "-1.1875"})[Z].reason == UNNAMED[language]


def test_a_doubtful_sign_is_told_without_a_file() -> None:
    """What the readers say of a whole file makes no sense here."""
    english, german = (told(Z, "1,234", language=language) for language in ("en", "de"))
    assert english == Feedback(Z, "unreadable", note=english.note, column=2)
    assert english.note == "a comma: a decimal sign, or a mark between thousands? Write a point"
    assert german.note.startswith("ein Komma: ein Dezimal-")
    point = told(Z, "1.234", decimal="comma")
    assert point.note.startswith("a point: ")


def test_what_else_is_wrong_with_a_text_is_told_in_its_own_sign() -> None:
    """Not that the comma were the trouble."""
    assert told(Z, "0,65 kg").note == "a unit or a word: give the number only"
    assert "no quantity" in told(FORMULA, "0,5*nonsense").note


@pytest.mark.parametrize(
    ("text", "column"),
    [("ca. 1,5", 1), ("ca.1,5", 1), ("z = ca. 1,5", 5), ("etwa 1,234", 1), ("z ist ca. 1.5", 1)],
)
@pytest.mark.parametrize("decimal", ["point", "comma"])
def test_a_word_before_a_number_is_what_is_not_understood(
    text: str, column: int, decimal: DecimalSign
) -> None:
    """Neither its stop nor the comma behind it; the caret stands under the word."""
    one = told(Z, text, decimal=decimal)
    note = "something before the number: give the number only"
    assert one == Feedback(Z, "unreadable", note=note, column=column)
    german = told(Z, text, language="de", decimal=decimal).note
    assert german == "etwas vor der Zahl: nur die Zahl war gefragt"


# --- formulas ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2*(z - y)*x", "right"),
        ("2(z-y)x", "right"),
        ("2,0*(z - y)*x", "right"),
        ("0,5*4*(z - y)*x.", "right"),
        ("z*x*y", "wrong"),
        ("2*(z - y)*x*)", "unreadable"),
        ("1,234*x", "unreadable"),
    ],
)
def test_formulas_are_judged(text: str, verdict: str) -> None:
    """By the grader's own marker, with either decimal sign."""
    assert told(FORMULA, text).verdict == verdict


def test_a_mistaken_formula_is_named_with_its_way() -> None:
    """The factor 2 of the square left out."""
    one = told(FORMULA, "(z - y)*x")
    assert one.verdict == "mistake"
    assert one.mistakes
    assert one.trail


def test_an_unreadable_formula_has_a_place() -> None:
    """In both languages, the place apart from the note."""
    english, german = (told(FORMULA, "2*(z - y", language=one) for one in ("en", "de"))
    assert english.column == german.column == 9
    assert "character" not in english.note
    assert english.note != german.note


@pytest.mark.parametrize("slot", [Z, FORMULA])
@pytest.mark.parametrize("text", ["1" * 10_000, "(" * 100_000, "1,111" * 100_000, "-" * 1_000_000])
def test_hostile_texts_are_refused(slot: str, text: str) -> None:
    """Whatever their length."""
    assert told(slot, text).verdict == "unreadable"


# --- made ahead ----------------------------------------------------------------------------------


def test_after_preparing_nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for any slot; and a marker of other numbers goes on from there."""
    template = parse_template(TINY, "tiny.yaml")
    variants = fixed_variant(template, {name: Fraction(n) for name, n in NUMBERS.items()})
    first = Marker(variants)
    first.prepare()

    def never(*_: object) -> Explanations:
        pytest.fail("built anew")

    for name in ("explanations", "mistakes_of", "FormulaMarker", "upstreams"):
        monkeypatch.setattr(graphs_module, name, never)
    monkeypatch.setattr("grader.marking.upstream.perturbed", never)
    second = Marker(
        fixed_variant(template, {"w": Fraction(1), "x": Fraction(1)}), graphs=first.graphs
    )
    for each in (first, second):
        wrong = {slot.id: "17.5" if slot.kind == "number" else "y" for slot in template.slots}
        assert set(each.mark(wrong, list(wrong))) == set(wrong)


def test_a_number_that_is_right_waits_for_no_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that cannot be read: who answers at once, before all is prepared, is told at once."""
    monkeypatch.setattr(graphs_module, "mistakes_of", lambda _: pytest.fail("made"))
    checked = Marker(fixed_variant(parse_template(TINY, "tiny.yaml"), NUMBERS_EXACT))
    assert checked.mark({Z: "6"}, [Z])[Z].verdict == "right"
    assert checked.mark({Z: "6 or 7"}, [Z])[Z].verdict == "unreadable"


def test_only_what_is_asked_need_be_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is made when it is wanted."""
    made: list[str] = []

    def noted(template: Template, place: int, *others: Any) -> Explanations:
        made.append(template.slots[place].id)
        return explanations(template, place, *others)

    monkeypatch.setattr(graphs_module, "explanations", noted)
    checked = Marker(fixed_variant(parse_template(TINY, "tiny.yaml"), {}))
    checked.prepare([Z])
    assert made == [Z]
    assert checked.mark({SLOPE: "171.3"}, [SLOPE])[SLOPE].verdict == "wrong"


def test_several_threads_may_prepare_and_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """The misconceptions are looked for once, and all are told the same."""
    calls: list[Template] = []

    def counted(template: Template) -> tuple[Misconception, ...]:
        calls.append(template)
        return mistakes_of(template)

    monkeypatch.setattr(graphs_module, "mistakes_of", counted)
    checked = Marker(fixed_variant(parse_template(TINY, "tiny.yaml"), NUMBERS_EXACT))
    said: list[Feedback] = []
    threads = [
        Thread(target=checked.prepare),
        *(
            Thread(target=lambda: said.extend(checked.mark({UPDATE: "3.2"}, [UPDATE]).values()))
            for _ in range(3)
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert said == [told(UPDATE, "3.2")] * 3


def test_the_printed_key_is_right() -> None:
    """Numbers as printed and formulas as expected, for a row among others."""
    template = find_template("multi-branch-two-heads")
    variants = Variants(template, template.sampler(5).draw(range(3)))
    right = {
        slot.id: variants.printed(slot, 2)
        if slot.kind == "number"
        else expected_formula(template, slot)
        for slot in template.slots
    }
    found = Marker(variants, 2, graphs=Graphs(template)).mark(right, list(right))
    assert found == {slot: Feedback(slot, "right") for slot in right}
