"""Hints lead to the answer step by step, and none but the last one tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from conftest import of_the_bank
from tex_arithmetic import doubt_of, pieces, value_of

from examgen.bank import bank_ids
from examgen.errors import ExamgenError
from examgen.slots import Slot
from examgen.solution.outline import places
from examgen.solution.plan import Plan
from examgen.solution.words import WORDS as SOLUTION_WORDS
from examgen.template import Template
from examgen.text import Language
from examgen.typeset import plain, plain_text
from examgen.variant import Variants, fixed_variant
from grader.practice.hints import hints, not_told_before
from grader.practice.hints.words import WORDS
from grader.practice.hints.working import narrowed
from grader.practice.told import told
from grader.practice.values import Hint

MOST_STRUCTURES = 2
ROWS = 3
NUMBER = re.compile(r"-?\d+(?:\.\d+)?( \\cdot 10\^\{-?\d+\})?|-?\\frac\{\d+\}\{\d+\}")
every_question = pytest.mark.parametrize("name", bank_ids())


@dataclass(frozen=True)
class Asked:
    """A slot of a structure, with the hints to it in some variants."""

    variants: Variants
    slot: Slot
    label: str
    own: bool
    rows: tuple[tuple[Hint, ...], ...]
    german: tuple[Hint, ...]

    @property
    def steps(self) -> tuple[Hint, ...]:
        """Those of the first variant, without the author's own."""
        return self.rows[0][self.own :]


@cache
def drawn(name: str) -> tuple[Variants, ...]:
    """Some variants of each structure of a question."""
    return tuple(some_of(template) for template in of_the_bank(name)[:MOST_STRUCTURES])


def some_of(template: Template) -> Variants:
    """A few variants."""
    return Variants(template, template.sampler(11).draw(range(ROWS)))


@cache
def all_of(name: str) -> tuple[Asked, ...]:
    """The hints to all slots of a question."""
    return tuple(
        Asked(
            variants,
            slot,
            f"{name} {slot.id}",
            part.hint is not None,
            tuple(hints(variants, row, slot, "en") for row in range(ROWS)),
            hints(variants, 0, slot, "de"),
        )
        for variants in drawn(name)
        for part in variants.template.parts
        for slot in part.slots
    )


def hints_to(
    name: str, slot: str, language: Language = "en", row: int = 0, *, alone: bool = False
) -> tuple[Hint, ...]:
    """The hints to a slot of the first structure, the author's own left out.

    alone: whether its part is all that is on the screen, else the whole question is.
    """
    variants = drawn(name)[0]
    slots = variants.template.slots
    asked = next(one for one in slots if one.id == slot)
    shown = () if alone else [one.id for one in slots]
    found = hints(variants, row, asked, language, shown)
    return tuple(hint for hint in found if hint.kind != "author")


def said(some: tuple[Hint, ...]) -> str:
    """Hints as a terminal shows them."""
    lines = []
    for hint in some:
        lines += [f"[{hint.kind}] {plain_text(hint.text)}", *map(plain, hint.formulas)]
    return "\n".join(lines)


# --- over the whole bank -------------------------------------------------------------------------


@every_question
def test_the_last_step_alone_answers(name: str) -> None:
    """A derivation has an end, and it is at the end."""
    for asked in all_of(name):
        for row in (*asked.rows, asked.german):
            assert [hint.answers for hint in row] == [False] * (len(row) - 1) + [True], asked.label
            assert row[-1].kind == "answer"


@every_question
def test_there_are_some_steps_and_not_too_many(name: str) -> None:
    """Three to eight besides the author's own; two only where nothing is to be computed."""
    for asked in all_of(name):
        bare = len(pieces(asked.steps[-1].formulas[-1])) > 2 if asked.steps[-1].formulas else False
        least = 2 if bare else 3
        assert least <= len(asked.steps) <= 8, (asked.label, len(asked.steps))


def ends(hint: Hint) -> Iterator[str]:
    """What the chains of a hint end with."""
    return (pieces(formula)[-1][1].strip() for formula in hint.formulas)


@every_question
def test_no_early_step_has_the_number(name: str) -> None:
    """A number that is the answer in one variant may be an accident; in all of them it is not."""
    for asked in all_of(name):
        if asked.slot.kind == "formula" or asked.slot.quantity == "wrong_line":
            continue
        for place in range(len(asked.rows[0]) - 1):
            told = [told_by(row[place], row[-1], asked, n) for n, row in enumerate(asked.rows)]
            assert not all(told), (asked.label, asked.rows[0][place])


def told_by(hint: Hint, last: Hint, asked: Asked, row: int) -> bool:
    """Whether the answer, with all its decimals or as it is asked for, stands in a hint.

    The value of a quantity that it is computed from does not count, though the function may be
    ReLU and leave it as it is: that this is so is the step to be made.
    """
    answers = {*ends(last), asked.variants.printed(asked.slot, row)}
    computed = asked.rows[row][-2].kind == "numbers"
    numbers = set[str]() if computed else {found[0] for found in NUMBER.finditer(hint.text)}
    label = pieces(last.formulas[-1])[0][1]
    chains = [pieces(formula) for formula in hint.formulas]
    told = {chain[-1][1].strip() for chain in chains if not computed or chain[0][1] == label}
    return bool(answers & {*told, *numbers})


@every_question
def test_no_early_step_has_the_formula(name: str) -> None:
    """The right side of the answer stands in no chain for what is asked."""
    for asked in all_of(name):
        if asked.slot.kind == "number":
            continue
        for row in (*asked.rows, asked.german):
            (_, label), *_, (_, formula) = pieces(row[-1].formulas[0])
            chains = [pieces(text) for hint in row[:-1] for text in hint.formulas]
            early = {one for chain in chains if chain[0][1] == label for _, one in chain[1:]}
            assert formula not in early, (asked.label, formula)


@every_question
def test_every_number_is_what_stands_before_it(name: str) -> None:
    """Chains with a value at the end are computed anew, by an evaluator of TeX."""
    for asked in all_of(name):
        for row, some in enumerate(asked.rows):
            for hint in some:
                for formula in hint.formulas:
                    assert_true(formula, asked.variants, row)


def assert_true(formula: str, variants: Variants, row: int) -> None:
    """That neighbours in a chain that are made of numbers alone are equal."""
    parts = [part for _, part in pieces(formula)]
    values = [value_of(part) for part in parts if is_number(part)]
    digits = places(variants.template)
    doubts = [doubt_of(part, digits) for part in parts if is_number(part)]
    for one, other in pairwise(values):
        near = sum(doubts) + 1e-8 * max(1, abs(one))
        assert abs(one - other) <= near, formula


def is_number(part: str) -> bool:
    """Whether a formula has no names in it."""
    bare = re.sub(r"\\(operatorname\{\w+\}'?|mathbb\{1\}|[a-z]+)|\^", "", part)
    return (
        not re.search(r"[A-Za-z_]", bare)
        and r"\partial" not in part
        and any(map(str.isdigit, part))
        and not re.search(r"\\(eta|beta|gamma|theta|lambda|varepsilon|mu|hat|tilde)\b", part)
    )


@every_question
def test_the_numbers_put_in_give_the_answer(name: str) -> None:
    """The step before the last evaluates to the key."""
    seen = 0
    for asked in all_of(name):
        if asked.slot.kind == "formula" or asked.slot.quantity == "wrong_line":
            continue
        key, digits = asked.variants.expected(asked.slot), places(asked.variants.template)
        for row, some in enumerate(asked.rows):
            if some[-2].kind == "numbers":
                (formula,) = some[-2].formulas[-1:]
                inserted = pieces(formula)[-1][1]
                near = doubt_of(inserted, digits) + 1e-8 * max(1, abs(key[row]))
                assert abs(value_of(inserted) - key[row]) <= near, (asked.label, formula)
                seen += 1
            end = next(ends(some[-1]))
            assert abs(value_of(end) - key[row]) <= doubt_of(end, digits) + 1e-8
    assert seen


@every_question
def test_sentences_are_whole(name: str) -> None:
    """They end in a stop, or a colon where formulas follow, and nothing is left to be filled in."""
    for asked in all_of(name):
        for hint in (*asked.rows[0][asked.own :], *asked.german[asked.own :]):
            assert hint.text.endswith(":" if hint.formulas else (".", "“", "”")), hint
            assert hint.text[0].isupper() or hint.text[0] == "$", hint
            prose = "x".join(hint.text.partition("“")[0].partition("„")[0].split("$")[::2])
            assert not re.search(r"[{}]|  |\.\.|,\.|:.*:|\bone (path|step)s?\b|None", prose), hint
            assert prose.count(":") <= 1


@every_question
def test_every_step_says_something_of_its_own(name: str) -> None:
    """No step twice, no `z = z`, no derivative of a quantity with respect to itself."""
    for asked in all_of(name):
        texts = [(hint.text, hint.formulas) for hint in asked.steps]
        assert len(set(texts)) == len(texts), asked.label
        for hint in asked.steps:
            assert len(set(hint.formulas)) == len(hint.formulas)
            for formula in hint.formulas:
                parts = [part for _, part in pieces(formula)]
                assert len(set(parts)) == len(parts) >= 2, (asked.label, formula)
                assert not re.search(r"\\partial (\S+)\}\{\\partial \1\}", formula), formula


@every_question
def test_all_can_be_set(name: str) -> None:
    """Prose and formulas are in what the typesetter knows."""
    for asked in all_of(name):
        for hint in (*asked.rows[0], *asked.german):
            assert plain_text(hint.text)
            assert all(map(plain, hint.formulas))


@every_question
def test_languages_differ_in_words_alone(name: str) -> None:
    """The formulas of the German hints are those of the English ones."""
    for asked in all_of(name):
        english, german = asked.rows[0], asked.german
        assert [hint.formulas for hint in english] == [hint.formulas for hint in german]
        assert [hint.kind for hint in english] == [hint.kind for hint in german]
        assert english[-1].text != german[-1].text


# --- single ones ---------------------------------------------------------------------------------


def joined(words: str | tuple[str, ...]) -> str:
    """A sentence, or all of its forms."""
    return words if isinstance(words, str) else " ".join(words)


def test_the_words_of_both_languages_have_the_same_places() -> None:
    """What is put into a sentence is put into its translation."""
    for field, text in vars(WORDS["en"]).items():
        places = [
            sorted(re.findall(r"\{(\w+)\}", joined(one)))
            for one in (text, getattr(WORDS["de"], field))
        ]
        assert places[0] == places[1], field
    assert set(WORDS) == set(SOLUTION_WORDS)


def test_a_fork_is_derived_from_rule_to_formula() -> None:
    """What a stuck student reads of dL/dh_3 on the 2-2-2 network, step by step."""
    assert said(hints_to("mlp-2-2-2", "derive_dL_dh_to_out")) == (
        "[rule] h₃ feeds o₁ and o₂. So two paths lead from h₃ to L, and what they contribute is "
        "added up.\n"
        "[paths] Follow the paths h₃ → o₁ → L₁ → L and h₃ → o₂ → L₂ → L:\n"
        "∂L/∂h₃ = ∂L/∂o₁ ⋅ ∂o₁/∂h₃ + ∂L/∂o₂ ⋅ ∂o₂/∂h₃\n"
        "[local] For the local derivatives look at these equations:\n"
        "o₁ = h₃ ⋅ w₃₁ + h₄ ⋅ w₄₁ + b₃\n"
        "o₂ = h₃ ⋅ w₃₂ + h₄ ⋅ w₄₂ + b₄\n"
        "[local] The local derivatives are:\n"
        "∂o₁/∂h₃ = w₃₁\n"
        "∂o₂/∂h₃ = w₃₂\n"
        "[answer] Together this gives the formula:\n"
        "∂L/∂h₃ = ∂L/∂o₁ ⋅ w₃₁ + ∂L/∂o₂ ⋅ w₃₂"
    )


def test_german_hints_speak_as_the_questions_do() -> None:
    """Students are addressed by Sie."""
    text = said(hints_to("residual-two-sigmoids", "derive_dL_dx", "de"))
    assert text.startswith(
        "[rule] x geht in z und o ein. Also führen zwei Wege von x zu L, und ihre Beiträge "
        "addieren sich.\n[paths] Folgen Sie den Wegen x → z → ⋯ → L und x → o → ŷ → L:\n"
    )
    assert not re.search(r"\b(du|dein|dir)\b", " ".join(map(joined, vars(WORDS["de"]).values())))


def test_a_number_nobody_asked_for_is_derived_before_it_is_put_in() -> None:
    """dL/dh_3 is asked as a formula only, so the number of dL/dw_21 needs it first."""
    steps = hints_to("mlp-2-2-2", "dL_dw_case_from_to_unit")
    assert [hint.kind for hint in steps] == [
        "rule", "paths", "numbers", "local", "numbers", "answer",
    ]  # fmt: skip
    assert steps[0].text.startswith("The formula for this derivative was asked above.")
    assert plain(steps[2].formulas[0]).startswith("∂L/∂h₃ = ∂L/∂o₁ ⋅ w₃₁ + ∂L/∂o₂ ⋅ w₃₂ = ")
    assert re.search(r"Since .*h_1.* (>|<) 0.*ReLU", steps[3].text)


def test_what_an_earlier_slot_asked_is_not_derived_again() -> None:
    """It is named, and it is on the screen, be it as what was asked or as what is told."""
    steps = hints_to("elman-tanh-three-steps", "dL_d_asked_w_2")
    assert steps[1].text.endswith(r"You already have $\partial L/\partial h_2$:")
    assert not any(hint.text.startswith("For this we first need") for hint in steps)


def test_what_a_later_slot_asks_is_not_known() -> None:
    """dL/dh_1 is asked before dL/dh_2, though it rests upon it: its number is not put in."""
    steps = hints_to("elman-relu", "dL_dh_1")
    formulas = [text for hint in steps if hint.kind == "numbers" for text in hint.formulas]
    assert formulas
    assert not any(r"\partial h_2}" in text for text in formulas)


def test_shared_weights_add_up_over_the_steps() -> None:
    """That every step contributes, each contribution, and the sum."""
    steps = hints_to("elman-relu", "dL_dw_hh")
    text = said(steps)
    assert "Every step uses the same wₕₕ. So each of the two steps contributes" in text
    contributions = [n for n, hint in enumerate(steps) if "^{(1)}} =" in "".join(hint.formulas)]
    total = next(n for n, hint in enumerate(steps) if hint.text == "Put in the numbers:")
    assert contributions
    assert contributions[0] < total == len(steps) - 2


def test_a_weight_in_one_step_is_told_from_the_weight() -> None:
    """The loss depends on w as step 2 uses it through one path, on w itself through two."""
    rule = hints_to("modified-recurrent-cell", "dL_dw_2")[0]
    assert "depends on $w^{(2)}$ only through $o_2$" in rule.text


def test_an_update_goes_against_the_gradient() -> None:
    """Rule, numbers, answer, since the gradient is known."""
    steps = hints_to("mlp-2-2-2", "w_case_from_to_unit_new")
    assert [hint.kind for hint in steps] == ["rule", "numbers", "answer"]
    assert plain(steps[0].formulas[0]) == "w₂₁′ = w₂₁ − η ⋅ ∂L/∂w₂₁"


def test_the_gradient_of_an_update_is_derived_where_it_is_not_known() -> None:
    """With its paths and its local derivatives, in eight steps at most."""
    steps = hints_to("error-spotting", "w21_new")
    assert len(steps) <= 8
    assert {"rule", "paths", "local", "numbers"} <= {hint.kind for hint in steps}
    assert any("tanh′" in plain(text) for hint in steps for text in hint.formulas)


def test_textbook_forms_of_slopes() -> None:
    """With the value of the function where that has a name."""
    forms = [
        plain(text)
        for name, slot in (
            ("residual-two-sigmoids", "derive_dL_dz"),
            ("mlp-tanh", "derive_dL_dz_asked_unit"),
            ("mlp-2-2-2", "derive_dL_dh_to_unit"),
        )
        for hint in hints_to(name, slot)
        if hint.kind == "local"
        for text in hint.formulas
    ]
    assert "∂s/∂z = σ′(z) = s ⋅ (1 − s)" in forms
    assert any(re.search(r"= tanh′\(z.\) = 1 − h.²$", form) for form in forms)
    kinks = said(hints_to("mlp-2-2-2", "derive_dL_dh_to_unit"))
    assert "ReLU′(h₁) is 1 where h₁ > 0, and 0 where h₁ < 0. The local derivative is:" in kinks


def test_simple_forms_are_explained_once_and_then_used() -> None:
    """The formula p - y is derived where it is asked, and taken over for the number."""
    asked = said(hints_to("softmax-cross-entropy", "derive_dL_dz_1"))
    assert "To simplify we use" in asked
    number = hints_to("softmax-cross-entropy", "dL_dz_1")
    assert number[0].text == "The formula for it, which was asked above, is a simple one:"
    assert plain(number[0].formulas[0]) == "∂L/∂z₁ = p₁ − 1"


def test_a_formula_that_is_not_on_the_screen_is_derived() -> None:
    """Whoever is asked this part alone was never asked for it."""
    number = hints_to("softmax-cross-entropy", "dL_dz_1", alone=True)
    assert "To simplify we use" in said(number)
    assert "above" not in said(number)
    steps = hints_to("mlp-2-2-2", "dL_dw_case_from_to_unit", alone=True)
    assert "above" not in said(steps)
    assert any(hint.text.startswith("For the local derivative") for hint in steps)


@every_question
def test_parts_are_not_named(name: str) -> None:
    """The one that asked for something may not be on the screen; what it asked for is named."""
    for asked in all_of(name):
        for hint in (*asked.steps, *asked.german):
            assert not re.search(r"\b(part|Teil) \(", hint.text), (asked.label, hint.text)


@every_question
def test_what_is_said_to_be_known_is_on_the_screen(name: str) -> None:
    """It is told with the part, or asked in it before."""
    for asked in all_of(name):
        quantities = asked.variants.template.quantities
        tex = {plain(quantities.symbols.tex(one)) for one in known_with(asked)}
        for hint in asked.steps:
            for listed in re.findall("You already have ([^.:]*)", hint.text):
                spoken = {plain(one) for one in listed.split("$")[1::2]}
                assert spoken <= tex, (asked.label, spoken)


def known_with(asked: Asked) -> set[str]:
    """The quantities that a student has before a slot whose part is asked alone."""
    template = asked.variants.template
    part = next(part for part in template.parts if asked.slot in part.slots)
    found = told(template.space.once(Plan, template), part.slots)
    here = part.slots[: part.slots.index(asked.slot)]
    names = {template.quantities.name(one.quantity) for one in (*found.slots, *here)}
    return names | set(found.values)


def test_the_author_comes_first() -> None:
    """With the numbers of the variant, and in the language asked for."""
    variants = drawn("mlp-2-2-2")[0]
    slot = next(one for one in variants.template.slots if one.id == "derive_dL_dh_to_out")
    assert hints(variants, 0, slot, "en")[0] == Hint(
        "author", "$h_3$ reaches the loss through both outputs."
    )
    assert hints(variants, 0, slot, "de")[0].text.startswith("$h_3$ erreicht")


def test_the_author_is_told_once_in_a_part() -> None:
    """With the first of its answers that hints are shown for, and all the others afterwards."""
    variants = drawn("mlp-2-2-2")[0]
    part = next(one for one in variants.template.parts if one.hint and len(one.slots) > 1)
    first, second = part.slots[:2]
    for slot, helped, whole in [
        (first, (), True),
        (second, (), True),
        (second, (first.id,), False),
        (second, (second.id,), True),
        (first, (first.id, second.id), True),
    ]:
        steps = hints(variants, 0, slot, "en")
        shown = not_told_before(steps, part, slot, helped)
        assert shown == (steps if whole else steps[1:]), (slot.id, helped)
        assert shown[-1].answers


def test_the_answer_is_rounded_as_asked() -> None:
    """Where the worked number has more decimals; it stands below with all of them."""
    *_, answer = hints_to("residual-two-sigmoids", "yhat")
    variants = drawn("residual-two-sigmoids")[0]
    slot = next(one for one in variants.template.slots if one.id == "yhat")
    shown = variants.printed(slot, 0)
    assert answer.text == f"Rounded to {slot.decimals} decimals this gives ${shown}$:"
    digits = pieces(answer.formulas[0])[-1][1]
    assert abs(Fraction(digits) - Fraction(shown)) <= Fraction(1, 2 * 10**slot.decimals)
    *_, exact = hints_to("mlp-2-2-2", "h1")
    assert exact.text == "This gives:"


def test_what_merely_equals_another_number_keeps_it_to_the_end() -> None:
    """g_1 is dL/dw, whose numbers are put in and not yet computed."""
    *steps, answer = hints_to("adam-two-steps", "g_1")
    assert plain(answer.formulas[0]).startswith("g₁ = ∂L₁/∂w₀ = ")
    value = pieces(answer.formulas[0])[-1][1]
    assert value not in {end for hint in steps for end in ends(hint)}
    assert steps[-1].kind == "numbers"


# --- the wrong line of a working -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["error-spotting", "error-spotting-rnn"])
def test_the_wrong_line_is_narrowed_down(name: str) -> None:
    """To two or three lines with the wrong one among them, which the last hint alone names."""
    for variants in drawn(name):
        planted = variants.template.planted
        assert planted is not None
        slot = variants.template.slots[0]
        _, _, should, *among, answer = hints(variants, 0, slot, "en")
        assert len(should.formulas) == len(planted.names)
        left = [hint.formulas for hint in among]
        right = should.formulas[planted.wrong]
        assert len(left[-1]) in (2, 3)
        assert all(right in some for some in left)
        assert answer.text.startswith(f"Line {planted.wrong + 1} is the first wrong one.")


@pytest.mark.parametrize("count", range(2, 41))
def test_all_lines_left_are_equally_suspicious(count: int) -> None:
    """What is left does not tell where in it the wrong line is: it is the same for all in it."""
    for wrong in range(count):
        spans = list(narrowed(wrong, count))
        for first, last in spans:
            assert first <= wrong < last
            assert last - first >= 2
            others = [list(narrowed(other, count)) for other in range(first, last)]
            assert all((first, last) in some for some in others)


def test_the_right_value_comes_from_the_lines_above() -> None:
    """They are right, so they are known."""
    variants = drawn("error-spotting")[0]
    slot = variants.template.slots[1]
    text = said(hints(variants, 0, slot, "en")[1:])
    assert re.match(r"\[rule\] Line \d+ is to compute \S+, from the numbers of the question", text)
    assert "[numbers] Put in the numbers:" in text


@pytest.mark.parametrize(("language", "word"), [("en", "line"), ("de", "Zeile")])
def test_a_mended_number_is_told_from_the_printed_one(language: Language, word: str) -> None:
    """The way goes on from the right value; the wrong one is printed under the same name."""
    for template in of_the_bank("error-spotting"):
        planted = template.planted
        if planted is not None and planted.quantity == "dL/dyhat":
            steps = hints(some_of(template), 0, template.slots[-1], language)
            assert f"{word} {planted.wrong + 1}" in said(steps)
            assert "You already have" not in said(steps)
            return
    raise AssertionError("no such mistake")


# --- numbers -------------------------------------------------------------------------------------


def test_hints_need_a_finite_number() -> None:
    """As worked answers do: a value that is none is said, not shown."""
    template = of_the_bank("batch-norm-backward")[0]
    zero = {name: Fraction(0) for name in template.grids}
    variants = fixed_variant(template, zero)
    slot = next(one for one in template.slots if one.id == "dL_dv")
    with pytest.raises(ExamgenError, match="has no finite value"):
        hints(variants, 0, slot, "en")
