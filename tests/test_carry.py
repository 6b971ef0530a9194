"""Errors carried forward: who goes on rightly from a wrong value earns what follows."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from examgen.bank import bank_ids, find_template
from examgen.drawing import draw_variants
from examgen.graph import topological
from examgen.nodes import CONSTANT, GIVEN, Node
from examgen.rounders import honest, round_off
from examgen.template import Template, parse_template
from examgen.tolerance import tolerances
from examgen.variant import Variants, fixed_variant
from grader.arrays import Bools, Floats
from grader.marking.carry import Carried, Guard, carry
from grader.marking.graphs import Graphs
from grader.marking.numbers import Numbers
from grader.marking.upstream import Reading, Upstream, structure, upstreams
from grader.marking.verdicts import is_right

COUNT = 400
WORKED = Path(__file__).parent / "data" / "worked"


class Sheet:
    """A class's papers of one template, with the right answers; `(rows, slots)`."""

    def __init__(self, variants: Variants) -> None:
        self.template = variants.template
        slots = self.template.slots
        size = len(variants.draw)
        self.graphs, self.givens = Graphs(self.template), variants.draw.floats()
        self.key, self.tolerance = np.full((2, size, len(slots)), np.nan)
        allowed = tolerances(variants)
        for place, slot in enumerate(slots):
            if slot.kind == "number":
                self.key[:, place] = variants.expected(slot)
                self.tolerance[:, place] = allowed[slot.id]

    def place(self, slot: str) -> int:
        """The place of a slot, by its id."""
        return [one.id for one in self.template.slots].index(slot)

    def table(self, answers: Mapping[str, Floats]) -> Floats:
        """Answers by slot id as a table; NaN for what has none."""
        nothing = np.full(len(self.key), np.nan)
        columns = [answers.get(slot.id, nothing) for slot in self.template.slots]
        return np.stack(columns, axis=1)

    def right(self, responses: Floats) -> Bools:
        """Which responses are right by the key."""
        return is_right(responses, self.key, self.tolerance)

    def carry(self, responses: Floats) -> Carried:
        """What is carried."""
        numbers = Numbers(self.givens, responses, self.key, self.tolerance)
        return carry(self.graphs, numbers, numbers.wrong)

    def answers(self, slips: Mapping[str, Floats], share: float = 0.0, seed: int = 0) -> Floats:
        """The answers of students who got some slots wrong, and went on rightly."""
        nodes = {
            self.template.node(self.template.slots[self.place(n)]): v for n, v in slips.items()
        }
        rng = np.random.default_rng(seed)
        return self.table(honest(self.template, self.givens, rng, share=share, slips=nodes))


@cache
def sheet(name: str) -> Sheet:
    """Some papers of a question of the bank."""
    template = find_template(name)
    count = min(COUNT, template.sampler(3).capacity)
    return Sheet(draw_variants(template, 3, range(count)))


def one(text: str, **given: str) -> Sheet:
    """A paper with chosen numbers, of a template that is written as text."""
    values = {name: Fraction(value) for name, value in given.items()}
    return Sheet(fixed_variant(parse_template(text, "text"), values))


def formulas(answers: str, sample: str = '"*": 1', **quantities: str) -> str:
    """A template of some formulas that asks for numbers to two decimals."""
    lines = "".join(f"    {name}: {formula}\n" for name, formula in quantities.items())
    return (
        f"id: t\ntitle: T\ngraph:\n  topology: formulas\n  formulas:\n{lines}"
        f"sample: {{{sample}}}\ndecimals: 2\n"
        f'parts:\n  - {{ask: A., answers: "{answers}", points: 1}}\n'
    )


NUMBERS = [
    (name, slot.id)
    for name in bank_ids()
    for slot in find_template(name).slots
    if slot.kind == "number"
]


# --- slips ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.7])
@pytest.mark.parametrize(("name", "slot"), NUMBERS)
def test_one_slip_is_charged_once(name: str, slot: str, share: float) -> None:
    """Whatever slot is wrong: all wrong answers after it follow, rounded on the way or not."""
    papers = sheet(name)
    place = papers.place(slot)
    rng = np.random.default_rng(place)
    off = rng.choice([-1.0, -0.5, -0.13, 0.13, 0.5, 1.0], len(papers.key))
    slip = round_off(papers.key[:, place] + off, papers.template.slots[place].decimals, rng)
    responses = papers.answers({slot: slip}, share)
    right, found = papers.right(responses), papers.carry(responses)
    later = np.isfinite(responses) & ~right
    later[:, place] = False
    trivial = found.guard == Guard.DEGENERATE
    assert (found.follows | trivial)[later].all()
    assert not found.follows[right].any()
    assert not found.follows[:, place].any()
    assert trivial.sum() <= 0.15 * max(later.sum(), 1)


@pytest.mark.parametrize("name", bank_ids())
def test_right_answers_are_left_alone(name: str) -> None:
    """Nothing is carried where all is right, nor where nothing is answered."""
    papers = sheet(name)
    for responses in (papers.answers({}), np.full_like(papers.key, np.nan)):
        found = papers.carry(responses)
        assert np.isnan(found.expected).all()
        assert not found.follows.any()
        assert not found.guard.any()
        assert found.sources == ((),)
        assert not found.source_of.any()


@pytest.mark.parametrize("name", bank_ids())
def test_wrong_answers_that_do_not_follow_earn_nothing(name: str) -> None:
    """Independent mistakes everywhere; the guard is no verdict on them."""
    papers = sheet(name)
    rng = np.random.default_rng(0)
    responses = papers.key + rng.choice([-1, 1], papers.key.shape) * rng.uniform(
        3, 9, papers.key.shape
    )
    found = papers.carry(responses)
    assert found.follows.mean() < 0.002
    assert np.isfinite(found.expected).any()


# --- the same as one student at a time -----------------------------------------------------------


@cache
def in_order(target: Node) -> tuple[Node, ...]:
    """What a node is computed from, and the node."""
    return tuple(topological([target]))


def by_hand(papers: Sheet, responses: Floats, row: int, place: int) -> float:
    """What follows for one slot of one student: a dictionary of own answers, node by node."""
    template = papers.template
    target = template.node(template.slots[place])
    own = {
        template.node(slot): responses[row, other]
        for other, slot in enumerate(template.slots)
        if slot.kind == "number" and other != place and np.isfinite(responses[row, other])
    }
    values: dict[Node, float] = {}
    for node in in_order(target):
        if node in own and node is not target:
            values[node] = float(own[node])
        elif node.op is GIVEN:
            values[node] = float(papers.givens[node.name or ""][row])
        elif node.op is CONSTANT:
            values[node] = float(node.value or 0)
        else:
            out = np.empty(1)
            with np.errstate(all="ignore"):
                node.op.forward(*(np.array([values[arg]]) for arg in node.args), out=out)
            values[node] = float(out[0])
    return values[target]


@pytest.mark.parametrize("name", bank_ids())
def test_batch_equals_loop(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right, wrong and blank answers mixed: the carried values are those of one student's graph."""
    papers = sheet(name)
    rng = np.random.default_rng(1)
    responses = np.where(rng.random(papers.key.shape) < 0.5, papers.key, papers.key + 0.37)
    responses[rng.random(responses.shape) < 0.2] = np.nan
    monkeypatch.setattr(Upstream, "differs", lambda *_: False)  # the strict reading alone
    found = papers.carry(responses)
    compared = np.argwhere(np.isfinite(found.expected))[:3000]
    # What should stand in a wrong line is another quantity's value: read strictly, nothing follows.
    assert len(compared) > 500 or papers.template.planted is not None
    for row, place in compared:
        value = by_hand(papers, responses, row, place)
        assert found.expected[row, place] == pytest.approx(value, rel=1e-12, abs=1e-12)


def test_one_student_is_as_many() -> None:
    """The answers of others change nothing."""
    papers = sheet("modified-recurrent-cell")
    responses = papers.key + np.random.default_rng(2).choice([0, 0.5], papers.key.shape)
    together = papers.carry(responses)
    for row in range(5):
        mine = slice(row, row + 1)
        givens = {name: values[mine] for name, values in papers.givens.items()}
        numbers = Numbers(givens, responses[mine], papers.key[mine], papers.tolerance[mine])
        alone = carry(Graphs(papers.template), numbers, numbers.wrong)
        for name in ("expected", "tolerance", "follows", "guard"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(together, name)[mine])
        for place in range(responses.shape[1]):
            assert (
                alone.sources[alone.source_of[0, place]]
                == together.sources[together.source_of[row, place]]
            )


def test_only_what_is_asked_about_is_looked_at() -> None:
    """Of two wrong answers that follow, only the one asked about gets what it would anyway."""
    papers = one(CHAIN, x="2")
    responses = np.array([[4.0, 8.0, 10.0, 80.0]])
    numbers = Numbers(papers.givens, responses, papers.key, papers.tolerance)
    found = carry(papers.graphs, numbers, np.array([[False, False, True, False]]))
    assert found.follows.tolist() == [[False, False, True, False]]
    assert sources_of(papers, found, "c") == ["b"]


# --- what is put in ------------------------------------------------------------------------------

CHAIN = formulas("a, b, c, d", a="x + 1", b="a * 2", c="b + x", d="c * b", L="d^2")


def sources_of(papers: Sheet, found: Carried, slot: str, row: int = 0) -> list[str]:
    """The slots that an answer follows."""
    places = found.sources[found.source_of[row, papers.place(slot)]]
    return [papers.template.slots[place].id for place in places]


def test_sources_are_the_nearest_wrong_answers() -> None:
    """Through what is blank, not through what is answered."""
    papers = one(CHAIN, x="2")  # a 3, b 6, c 8, d 48
    found = papers.carry(np.array([[4.0, 8.0, 10.0, 80.0]]))
    assert found.follows.tolist() == [[False, True, True, True]]
    assert sources_of(papers, found, "b") == ["a"]
    assert sources_of(papers, found, "c") == ["b"]
    assert sources_of(papers, found, "d") == ["b", "c"]
    blank = papers.carry(np.array([[4.0, np.nan, 10.0, 80.0]]))
    assert sources_of(papers, blank, "c") == ["a"]
    assert sources_of(papers, blank, "d") == ["a", "c"]
    assert blank.follows.tolist() == [[False, False, True, True]]


def test_sources_lie_behind_answers_that_are_right_within_the_tolerance_only() -> None:
    """b is a part of a, and right to two decimals; c shows that a was wrong."""
    papers = one(formulas("a, b, c", a="x + 1", b="a/4", c="b * 4", L="c^2"), x="2")
    found = papers.carry(np.array([[3.03, 0.7575, 3.03]]))
    assert found.follows.tolist() == [[False, False, True]]
    assert sources_of(papers, found, "c") == ["a"]


def test_each_new_mistake_is_charged() -> None:
    """A second slip is wrong, and what follows from both follows."""
    papers = one(CHAIN, x="2")
    found = papers.carry(np.array([[4.0, 9.0, 11.0, 99.0]]))  # b is not 8
    assert found.follows.tolist() == [[False, False, True, True]]
    assert found.expected[0, 1] == 8
    back = papers.carry(np.array([[4.0, 6.0, 9.0, 54.0]]))  # b is right after all, c is wrong
    assert back.follows.tolist() == [[False, False, False, True]]
    assert np.isnan(back.expected[0, 2]) or back.expected[0, 2] == 8


def test_the_order_on_paper_is_no_matter() -> None:
    """What is computed from is upstream, wherever it is asked."""
    text = formulas("d, c, b, a", a="x + 1", b="a * 2", c="b + x", d="c * b", L="d^2")
    found = one(text, x="2").carry(np.array([[80.0, 10.0, 8.0, 4.0]]))
    assert found.follows.tolist() == [[True, True, True, False]]


def test_the_same_symbol_follows_where_the_state_goes_on() -> None:
    """h_1 wrong: so is h_1 as it enters step 2; but who copied yhat_1 from it earns that."""
    papers = sheet("recurrent-cell-bce")
    slip = np.full(len(papers.key), 0.77)
    responses = papers.answers({"h_1": slip})
    found, right = papers.carry(responses), papers.right(responses)
    for slot in ("yhat_1", "h_2", "yhat_2"):
        place = papers.place(slot)
        wrong = ~right[:, place]
        assert wrong.sum() > 100
        assert found.follows[wrong, place].all()
    assert {tuple(sources_of(papers, found, "yhat_1", row)) for row in range(5)} == {("h_1",)}


def test_equal_quantities_follow_if_the_student_took_them_so() -> None:
    """yhat_1 is asked, the next step needs h_1, which is the same number: both readings earn."""
    papers = sheet("modified-recurrent-cell")
    template = papers.template
    slip = papers.key[:, papers.place("yhat_1")] + 0.5
    for names in (("yhat[1]",), ("yhat[1]", "h[1]")):
        nodes = {template.quantities.node(name): slip for name in names}
        rng = np.random.default_rng(0)
        responses = papers.table(honest(template, papers.givens, rng, slips=nodes))
        found, right = papers.carry(responses), papers.right(responses)
        later = np.isfinite(responses) & ~right
        later[:, papers.place("yhat_1")] = False
        assert (found.follows | (found.guard == Guard.DEGENERATE))[later].all()
        assert found.follows[:, papers.place("dL_do_1")].sum() > 100
    assert found.follows[:, papers.place("s_2")].sum() > 100


def test_of_equal_answers_the_wrong_one_may_go_on() -> None:
    """h_1 is right, its copy yhat_1 wrong: the next step may take either; so if both are wrong."""
    papers = sheet("recurrent-cell-bce")
    first = papers.key[:, papers.place("h_1")]
    for own in (first, first + 0.25):
        responses = papers.answers({"h_1": first + 0.5})
        responses[:, [papers.place("h_1"), papers.place("yhat_1")]] = np.stack(
            [own, first + 0.5], 1
        )
        found = papers.carry(responses)
        assert found.follows[:, papers.place("h_2")].all()


def test_a_sum_goes_on_from_the_part_that_was_asked() -> None:
    """dL/dh_0 is dL/ds + dL/dyhat + dL/dh, and dL/do the sum of the last two."""
    papers = sheet("modified-recurrent-cell")
    wrong = papers.key[:, papers.place("dL_do_1")] + 0.5
    responses = papers.key.copy()
    responses[:, papers.place("dL_do_1")] = wrong
    for again in (wrong, wrong - 0.5):  # dL/ds = dL/do w
        values = wrong * papers.givens["w"] + again
        responses[:, papers.place("dL_dh_0")] = values
        found = papers.carry(responses)
        lost = found.guard[:, papers.place("dL_dh_0")] == Guard.DEGENERATE
        right = papers.right(responses)[:, papers.place("dL_dh_0")]
        assert (found.follows[:, papers.place("dL_dh_0")] | lost | right).all()
        assert found.follows[:, papers.place("dL_dh_0")].sum() > 100


def test_a_mask_is_read_off_the_unit() -> None:
    """Who took a dead unit for a living one lets its gradient pass."""
    text = formulas("h, dL/dh, dL/dw", h="relu(w*x)", L="(h - y)^2")
    papers = one(text, w="-1", x="2", y="1")  # h 0, dL/dh -2, dL/dw 0
    alive = papers.carry(np.array([[2.0, 2.0, 4.0]]))
    assert alive.follows.tolist() == [[False, True, True]]
    assert sources_of(papers, alive, "dL_dw") == ["h", "dL_dh"]
    asked = one(
        text.replace('"h, ', '"z, h, ').replace("    h:", "    z: w*x\n    h:"),
        w="-1",
        x="2",
        y="1",
    )
    dead = asked.carry(np.array([[-2.0, 2.0, 2.0, 4.0]]).repeat(1, axis=0))
    assert not dead.follows[0, 3]  # z was asked, and is negative by the student's own account


def test_a_number_asked_twice_does_not_follow_itself() -> None:
    """The second time it is as wrong as the first."""
    text = formulas("a", a="x + 1", b="a * 2", L="b^2")
    text += '  - {ask: B., answers: "a, b", points: 1}\n'  # within a part it is refused
    found = one(text, x="2").carry(np.array([[4.0, 4.0, 8.0]]))
    assert found.follows.tolist() == [[False, False, True]]


def test_of_two_copies_the_later_one_follows() -> None:
    """Neither is computed from the other, but both from the same number."""
    text = formulas("a, b, c", p="x + 1", a="p", b="p", c="a * b", L="c^2")
    papers = one(text, x="2")
    found = papers.carry(np.array([[4.0, 4.0, 16.0]]))
    assert found.follows.tolist() == [[False, True, True]]
    assert sources_of(papers, found, "b") == ["a"]


# --- guards --------------------------------------------------------------------------------------


def test_out_of_a_domain_nothing_follows() -> None:
    """An output of 1.2 has no cross-entropy; what does not need it is carried on."""
    papers = one(formulas("p, L, dL/dp", p="w*x", L="bce(p, y)"), w="0.5", x="1", y="0")
    found = papers.carry(np.array([[1.2, 5.0, -5.0]]))
    assert found.guard.tolist() == [[0, Guard.OUT_OF_DOMAIN, 0]]
    assert np.isnan(found.expected[0, 1])
    assert found.follows.tolist() == [[False, False, True]]  # 1/(1 - 1.2)
    for value in (1.0, np.inf):
        pole = papers.carry(np.array([[value, 5.0, 5.0]]))
        assert not pole.follows.any()
    assert papers.carry(np.array([[1.0, 5.0, 5.0]])).guard.tolist() == [[0, 1, 1]]


def test_in_the_bank_too() -> None:
    """A state above 1 in the cell with the binary cross-entropy."""
    papers = sheet("recurrent-cell-bce")
    responses = papers.answers({"h_1": np.full(len(papers.key), 1.2)})
    gradient = papers.place("dL_dyhat_1")
    found, right = papers.carry(responses), papers.right(responses)
    assert (found.follows | right)[:, gradient].all()  # 0.6 and 1.2 have the same slope at 0.9
    assert right[:, gradient].mean() < 0.1
    assert np.isfinite(found.expected[:, papers.place("h_2")]).all()


def test_a_dead_unit_makes_the_rest_trivial() -> None:
    """z wrongly negative: all after it is zero, which takes no work, and so earns nothing."""
    text = formulas("z, h, dL/dw", z="w*x", h="relu(z)", L="(h - y)^2")
    papers = one(text, w="1", x="2", y="1")  # z 2, h 2, dL/dw 4
    found = papers.carry(np.array([[-2.0, 0.0, 0.0]]))
    assert not found.follows.any()
    assert found.guard.tolist() == [[0, Guard.DEGENERATE, Guard.DEGENERATE]]
    assert np.isnan(found.expected[0, 1:]).all()
    other = papers.carry(np.array([[-2.0, 1.0, 3.0]]))  # wrong all the same, and not for this
    assert not other.guard.any()


def test_what_no_longer_depends_on_the_student_is_trivial() -> None:
    """The larger of a wrong value and a printed one is the printed one."""
    text = formulas("a, m", a="x + 1", m="max(a, y)", L="m^2")
    papers = one(text, x="5", y="3")
    found = papers.carry(np.array([[1.0, 3.0]]))
    assert found.guard.tolist() == [[0, Guard.DEGENERATE]]
    assert papers.carry(np.array([[4.0, 4.0]])).follows.tolist() == [[False, True]]


def test_a_factor_of_zero_is_trivial_and_a_sum_of_zero_is_not() -> None:
    """What a wrong zero is multiplied by need not be known; what is added up must."""
    text = formulas("a, b, c", a="x + 1", b="a + y", c="b * w", L="c^2")
    papers = one(text, x="2", y="-4", w="3")
    found = papers.carry(np.array([[4.0, 0.0, 0.0]]))
    assert found.follows.tolist() == [[False, True, False]]
    assert found.guard.tolist() == [[0, 0, Guard.DEGENERATE]]


def test_trivial_by_the_wide_reading_too() -> None:
    """p is the same as a, which is zero by the student's account."""
    text = formulas("a, c, d", a="x + 1", p="x + 1", c="a + 1", d="p * c", L="d^2")
    found = one(text, x="2").carry(np.array([[0.0, 1.0, 0.0]]))
    assert found.guard.tolist() == [[0, 0, Guard.DEGENERATE]]
    assert found.follows.tolist() == [[False, True, False]]


def test_where_zero_is_right_zero_is_no_triviality() -> None:
    """A key of zero is not made simpler by a zero."""
    text = formulas("a, b", a="x + 1", b="a * y", L="b^2")
    papers = one(text, x="2", y="0")
    found = papers.carry(np.array([[4.0, 0.0]]))
    assert papers.right(np.array([[4.0, 0.0]])).tolist() == [[False, True]]
    assert not found.guard.any()


# --- tolerances ----------------------------------------------------------------------------------


def test_own_values_are_exact_as_written_and_cut_off_what_was_before() -> None:
    """What arrives is the rounding after the last own answer, and of that answer itself."""
    papers = one(CHAIN, x="2")
    found = papers.carry(np.array([[4.0, 8.0, 11.0, 70.0]]))
    assert found.expected[0, 3] == 88
    # d = c b: half a unit of b times 11, of c times 8, and of d itself; c does not count b again.
    assert found.tolerance[0, 3] == pytest.approx(0.01 + 0.005 * (11 + 8 + 1), rel=0.1)
    far = papers.carry(np.array([[np.nan, 8.0, np.nan, 70.0]]))
    # d = (b + x) b: of b now arrives 10 + 8 times half a unit, of c 8 times.
    assert far.expected[0, 3] == 80
    assert far.tolerance[0, 3] == pytest.approx(0.01 + 0.005 * (10 + 8 + 8), rel=0.1)


def test_an_absurd_value_does_not_make_everything_right() -> None:
    """A tolerance is at most a twentieth of the carried value, or twice that of the key."""
    text = formulas("a, b, c", a="x + 1", b="a * 1000", c="b * 100000 - 300000000 + x", L="c^2")
    papers = one(text, x="2")
    responses = np.array([[4.0, 3000.01, 900.0]])
    found = papers.carry(responses)
    assert found.expected[0, 2] == 1002
    assert found.tolerance[0, 2] == 0.05 * 1002
    assert not found.follows[0, 2]


def test_an_authors_tolerance_is_the_least() -> None:
    """Half a point off is accepted from the key and from what follows alike."""
    text = CHAIN.replace("points: 1", "points: 1, tolerance: 0.5")
    found = one(text, x="2").carry(np.array([[4.0, 8.4, 10.9, 91.0]]))
    assert found.tolerance[0, 1:].tolist() == [0.5] * 3
    assert found.follows.tolist() == [[False, True, True, False]]


# --- worked examples -----------------------------------------------------------------------------


def worked(name: str, answers: str) -> Sheet:
    """A published example that asks for these numbers, with its own numbers given."""
    template: Template = find_template(str(WORKED / f"{name}.yaml"))
    head = template.text[: template.text.index("parts:")]
    instance = template.file.instances[0]
    text = f'{head}parts:\n  - {{ask: A., answers: "{answers}", points: 1, decimals: 6}}\n'
    return one(text, **{name: str(value) for name, value in instance.given.items()})


def test_mazurs_example_with_one_early_slip() -> None:
    """out_h1 is 0.59 and not 0.593: values, gradients and updates follow ever after."""
    weights = ["w5", "w6", "w7", "w8", "w1", "w2", "w3", "w4"]
    names = ["h1", "h2", "o1", "o2", "L", "dL/do1", "dL/dnet_o1", "dL/dh1"]
    names += [f"dL/d{name}" for name in weights] + [f"{name}'" for name in weights]
    papers = worked("p01-mazur", ", ".join(names))
    responses = papers.answers({"h1": np.array([0.49])})
    found, right = papers.carry(responses), papers.right(responses)
    assert not found.follows[0, 0]
    assert found.follows[0, 2:][~right[0, 2:]].all()
    assert {"w5_new", "w1_new", "dL_dw7", "o1", "L"} <= {
        slot.id for place, slot in enumerate(papers.template.slots) if found.follows[0, place]
    }
    assert right[0, papers.place("h2")]
    # o1 from h1; the loss from both outputs; the update from its own gradient alone.
    assert sources_of(papers, found, "o1") == ["h1"]
    assert sources_of(papers, found, "L") == ["o1", "o2"]
    assert sources_of(papers, found, "w5_new") == ["dL_dw5"]


def test_a_gradient_through_time_with_one_early_slip() -> None:
    """s_1 is wrong by one; per-step contributions, messages, their sum and the update follow."""
    papers = sheet("modified-recurrent-cell")
    slip = papers.key[:, papers.place("s_1")] + 1
    responses = papers.answers({"s_1": slip})
    found, right = papers.carry(responses), papers.right(responses)
    for slot in ("o_1", "yhat_2", "dL_dw_1", "dL_dw_2", "dL_dh_1", "dL_dw", "w_new"):
        place = papers.place(slot)
        follows = found.follows[:, place]
        assert follows.sum() > 100
        assert (follows | right[:, place] | (found.guard[:, place] > 0)).all()


# --- structure -----------------------------------------------------------------------------------


def test_equal_formulas_have_equal_numbers() -> None:
    """Copies too; another formula has another number."""
    nodes = find_template("modified-recurrent-cell").quantities.nodes
    numbers = structure(nodes.values())
    assert numbers[nodes["yhat[1]"]] == numbers[nodes["h[1]"]] == numbers[nodes["h_in[2]"]]
    assert numbers[nodes["yhat[1]"]] != numbers[nodes["yhat[2]"]]


@pytest.mark.parametrize("name", [*bank_ids()])
@pytest.mark.parametrize("reading", Reading)
def test_no_slot_follows_from_itself(name: str, reading: Reading) -> None:
    """The slots have an order."""
    upstream = upstreams(find_template(name))[reading]
    assert sorted(upstream.order) == sorted(upstream.asked)
    seen: set[int] = set()
    for place in upstream.order:
        assert seen.issuperset(upstream.parents[place])
        seen.add(place)
