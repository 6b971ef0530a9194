"""Every number and every brace of the worked answers, by an oracle that reads what is printed."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from small_exam import TINY
from tex_arithmetic import doubt_of, pieces, value_of

from examgen.bank import bank_ids, find_template
from examgen.drawing import draw_variants
from examgen.notation import decimal
from examgen.sheet import WorkedPart
from examgen.solution import notes, slot_label, worked_parts
from examgen.solution.outline import places
from examgen.solution.printed import printed
from examgen.template import parse_template
from examgen.typeset import plain, plain_text
from examgen.variant import Variants, fixed_variant

every_question = pytest.mark.parametrize("name", bank_ids())
ROWS = range(2)


@cache
def drawn(name: str) -> Variants:
    """Some variants of a question of the bank, not chosen by what they tell apart."""
    template = find_template(name)
    return Variants(template, template.sampler(5).draw(ROWS))


def lines_of(parts: tuple[WorkedPart, ...]) -> list[str]:
    """All formulas of worked answers."""
    return [formula for part in parts for step in part.steps for formula in step.formulas]


@cache
def values_in_tex(name: str, row: int) -> dict[str, float]:
    """Every quantity by its symbol, the longest first."""
    variants = drawn(name)
    symbols = variants.template.quantities.symbols
    named = {symbols.tex(n): float(v) for n, v in variants.quantities(row).items()}
    return dict(sorted(named.items(), key=lambda item: -len(item[0])))


@cache
def chains(name: str) -> list[tuple[Variants, int, str]]:
    """Every line that ends in a number."""
    return [
        (drawn(name), row, line)
        for row in ROWS
        for line in lines_of(worked_parts(drawn(name), row))
        if is_number(pieces(line)[-1][1])
    ]


def is_number(tex: str) -> bool:
    """Whether a piece of a chain is one number."""
    bare = tex.replace(r" \cdot 10^{-", "").rstrip("}")
    return bare.lstrip("-").replace(".", "").isdigit()


@cache
def is_inserted(tex: str) -> bool:
    """Whether a piece of a chain holds numbers only."""
    try:
        value_of(tex)
    except AssertionError:
        return False
    return True


@every_question
def test_every_piece_of_every_chain_has_the_value_of_its_label(name: str) -> None:
    """Symbols and what stands under braces exactly; numbers as nearly as they are printed."""
    checked = 0
    for variants, row, line in chains(name):
        values, digits = values_in_tex(name, row), places(variants.template)
        (_, label), *rest = pieces(line)
        expected = values[label] if label in values else value_of(rest[-1][1])
        for _, piece in rest:
            if is_inserted(piece):
                doubt = doubt_of(piece, digits) * 1.01 + 1e-9 * max(1, abs(expected))
                assert abs(value_of(piece) - expected) <= doubt, line
            else:
                assert value_of(piece, values) == pytest.approx(expected, rel=1e-9, abs=1e-9), line
            checked += 1
    assert checked > len(ROWS)


@every_question
def test_two_neighbours_in_a_chain_agree_as_printed(name: str) -> None:
    """Who types the numbers into a calculator finds the next number, within their rounding."""
    for variants, _, line in chains(name):
        digits = places(variants.template)
        numbers = [piece for _, piece in pieces(line) if is_inserted(piece)]
        for one, other in pairwise(numbers):
            doubt = doubt_of(one, digits) + doubt_of(other, digits)
            assert abs(value_of(one) - value_of(other)) <= 1.01 * doubt + 1e-9, line


@every_question
def test_equals_stands_before_what_is_exact(name: str) -> None:
    """And the approximate sign before what is rounded, an exact zero never among it."""
    for variants, row, line in chains(name):
        label = pieces(line)[0][1]
        symbols = variants.template.quantities.symbols
        known = variants.quantities(row)
        value = next((v for n, v in known.items() if symbols.tex(n) == label), None)
        relation, last = pieces(line)[-1]
        if isinstance(value, Fraction):
            shown = Fraction(last) if "cdot" not in last else value_of(last)
            assert shown == value or relation == r"\approx", line
            assert shown != value or relation == "=" or holds_rounded(line, variants), line
        if relation == r"\approx":
            assert value_of(last) != 0, line
            assert "." in last or value not in (None, value_of(last)), line


def holds_rounded(line: str, variants: Variants) -> bool:
    """Whether a chain puts in a number that was rounded, as its many decimals tell."""
    before = [piece for _, piece in pieces(line)[:-1] if is_inserted(piece)]
    return any(doubt_of(piece, places(variants.template)) for piece in before)


@every_question
def test_every_number_asked_ends_a_line_of_its_part_as_the_key_has_it(name: str) -> None:
    """Once; rounded to the decimals that are asked, it is the key."""
    variants = drawn(name)
    for row in ROWS:
        for part, worked in zip(variants.template.parts, worked_parts(variants, row), strict=True):
            for slot in part.slots:
                if slot.kind == "formula":
                    continue
                label = slot_label(variants.template, slot)
                ends = [
                    pieces(line)[-1][1]
                    for line in lines_of((worked,))
                    if pieces(line)[0][1] == label and is_number(pieces(line)[-1][1])
                ]
                assert len(ends) == 1, (label, ends)
                key = Fraction(variants.printed(slot, row))
                unit = Fraction(1, 10**slot.decimals)
                assert abs(Fraction(value_of(ends[0])) - key) <= unit * Fraction(51, 100)
                exact = Fraction(ends[0]) if "cdot" not in ends[0] else Fraction(0)
                assert decimal(exact, slot.decimals) == decimal(key, slot.decimals)


@every_question
@pytest.mark.parametrize("language", ["en", "de"])
def test_all_of_it_can_be_set_and_nothing_stands_twice(name: str, language: str) -> None:
    """In a part no formula, and no sentence in a question but for leads."""
    for part in worked_parts(drawn(name), 0, language):
        assert part.steps
        formulas = lines_of((part,))
        assert len(set(formulas)) == len(formulas)
        assert all(plain(formula) for formula in formulas)
        assert all(plain_text(step.text) for step in part.steps if step.text)
        assert all(step.text or step.formulas for step in part.steps)
        assert not any("  " in step.text for step in part.steps)


@every_question
def test_words_depend_on_numbers_only_through_their_cases(name: str) -> None:
    """Two variants with the same signs have the same sentences, whatever was drawn."""
    leads = {
        tuple(len(step.formulas) for part in worked_parts(drawn(name), row) for step in part.steps)
        for row in ROWS
    }
    assert len(leads) == 1


# --- what is said --------------------------------------------------------------------------------


def texts(name: str, language: str = "en", row: int = 0) -> str:
    """All sentences of a worked answer."""
    parts = worked_parts(drawn(name), row, language)
    return "\n".join(step.text for part in parts for step in part.steps)


def test_paths_are_named() -> None:
    """Through which quantities, and that what they carry is added."""
    said = texts("mlp-2-2-2")
    assert "Two paths lead from $h_3$ to $L$, through $o_1$ and $o_2$; their contributions" in said
    assert "Zwei Wege führen von $h_3$ zu $L$, über $o_1$ und $o_2$" in texts("mlp-2-2-2", "de")


def test_steps_in_time_add_up() -> None:
    """A shared weight collects what every step contributes; branches are no steps."""
    said = texts("elman-relu")
    assert "Every step uses $w_{xh}$, so the contributions of the two steps add up:" in said
    assert "Likewise for $w_{hh}$:" in said
    assert "There are two uses of $w_1$" in texts("siamese-shared-weights")


def test_the_message_from_the_next_step_is_named() -> None:
    """Where the template asks for it by the state's own name."""
    said = texts("modified-recurrent-cell")
    assert "through $\\hat{y}_t$ and $h_t$, which the next step uses; their" in said
    assert "Step 2 uses $h_1$, and sends back:" in said


@pytest.mark.parametrize(
    ("z", "told"),
    [
        ("-1", r"Since $z = -1 < 0$, we have $\operatorname{ReLU}'\left(z\right) = 0$."),
        ("2", r"Since $z = 2 > 0$, we have $\operatorname{ReLU}'\left(z\right) = 1$."),
    ],
)
def test_the_case_of_a_slope_is_stated(z: str, told: str) -> None:
    """With the number that decides it."""
    text = TINY.replace("(z - y)^2", "(relu(z) - y)^2").replace("derive: dL/dw", "answers: dL/dw")
    given = {"x": Fraction(1), "w": Fraction(z), "b": Fraction(0), "y": Fraction(3)}
    parts = worked_parts(fixed_variant(parse_template(text, "t.yaml"), given), 0)
    assert any(told in step.text for part in parts for step in part.steps)


def test_a_product_starts_from_the_loss_or_from_what_is_known() -> None:
    """Every local derivative under a brace, and intermediate adjoints have no lines."""
    (line,) = [
        line
        for line in lines_of(worked_parts(drawn("residual-two-skips"), 0))
        if line.startswith(r"\frac{\partial L}{\partial m}")
    ]
    assert line.startswith(
        r"\frac{\partial L}{\partial m} = \underbrace{\frac{\partial L}{\partial \hat{y}}}"
        r"_{\hat{y} - y} \cdot \underbrace{\frac{\partial \hat{y}}{\partial m}}_{w_3} = "
    )


def test_copies_are_no_lines_of_their_own() -> None:
    """g = dL/dw is one line with what dL/dw is."""
    lines = lines_of(worked_parts(drawn("clipping-and-weight-decay"), 0))
    labels = [pieces(line)[0][1] for line in lines]
    assert labels.count("g_1") == 1
    derivative = r"\frac{\partial L}{\partial w_1}"
    (line,) = [line for line in lines if line.startswith("g_1 = ")]
    assert pieces(line)[1][1] == derivative
    assert not any(is_number(pieces(x)[-1][1]) for x in lines if x.startswith(derivative))


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "inserted", "end"),
    [
        (Fraction(13, 20), "0.65", "= 0.65"),
        (Fraction(0), "0", "= 0"),
        (0.0, "0", "= 0"),
        (-3e-17, "0", "= 0"),
        (Fraction(1, 10**8), "10^{-8}", "= 10^{-8}"),
        (Fraction(-1, 10**8), "-10^{-8}", "= -10^{-8}"),
        (Fraction(3, 10**8), r"3 \cdot 10^{-8}", r"= 3 \cdot 10^{-8}"),
        (Fraction(-26, 3), r"-\frac{26}{3}", r"= -\frac{26}{3} \approx -8.666667"),
        (Fraction(1, 997), "0.001003", r"\approx 0.001003"),
        (0.1, "0.1", r"\approx 0.1"),
        (-2.9 + 8e-10, "-2.9", r"\approx -2.9"),
        (0.123450004, "0.123450", r"\approx 0.123450"),
        (0.70994997, "0.70994997", r"\approx 0.70994997"),
        (-0.4999999999999999, "-0.5", r"\approx -0.5"),
        (9.9999e-7, r"1.000 \cdot 10^{-6}", r"\approx 1.000 \cdot 10^{-6}"),
        (-0.00001234567, r"-1.235 \cdot 10^{-5}", r"\approx -1.235 \cdot 10^{-5}"),
    ],
)
def test_numbers_are_exact_or_have_all_their_decimals(
    value: Fraction | float, inserted: str, end: str
) -> None:
    """Short fractions stay fractions, small numbers keep their digits, and a zero is a zero."""
    shown = printed(value, 6)
    assert (shown.inserted, shown.end) == (inserted, end)


def test_roots_and_quotients_that_come_out_even_are_exact() -> None:
    """Adam divides by 1 - beta: -1.8 over 0.2 is -9 and not about -9.000000."""
    template = find_template("adam-two-steps")
    lines = lines_of(worked_parts(draw_variants(template, 11, [0]), 0))
    (moment,) = [line for line in lines if line.startswith(r"\hat{m}_1 ")]
    assert moment.endswith(" = -9")
    assert "+ 10^{-8}}" in " ".join(lines)


# --- notes ---------------------------------------------------------------------------------------


def test_notes_tell_mistakes_and_the_numbers_they_lead_to() -> None:
    """In the part where they are made; none repeats the right number."""
    variants = drawn("residual-two-skips")
    told = notes(variants, 0)
    assert any("skip" in text for text in told["c"])
    template = variants.template
    for part in template.parts:
        texts = told[part.label]
        assert len(set(texts)) == len(texts)
        for slot in part.slots:
            if slot.kind == "number":
                right = f"${slot_label(template, slot)} = {variants.printed(slot, 0)}$"
                assert not any(right in text for text in texts)
    assert notes(variants, 0, "de")["c"] != told["c"]


def test_notes_of_the_whole_bank_can_be_set() -> None:
    """Each is one sentence with its numbers; formulas have none."""
    for name in ("mlp-2-2-2", "lstm-two-steps", "error-spotting"):
        for texts in notes(drawn(name), 0).values():
            assert all((plain_text(text) and text.endswith("$.")) or "…" in text for text in texts)
