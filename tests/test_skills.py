"""Which skills a question trains, told from its graph."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from conftest import of_the_bank

from examgen.bank import bank_ids
from examgen.solution.plan import Plan
from examgen.template import Template, parse_template
from grader.practice.skills import SKILLS, Skill, skill, skill_name, taught
from grader.practice.skills.steps import own_steps, work
from grader.practice.skills.training import trained

HEAD = "id: own\ntitle: Own\nstem: Own.\n"
KNOWN = {one.id for one in SKILLS}


def skills_of(template: Template) -> dict[str, tuple[str, ...]]:
    """What each slot trains."""
    return trained(Plan(template))


def own(graph: str, answers: str, more: str = "") -> dict[str, tuple[str, ...]]:
    """The skills of a template whose givens are all drawn alike."""
    parts = f"parts:\n  - ask: Compute.\n    points: 1\n    {answers}\n"
    return skills_of(parse_template(f"{HEAD}graph:\n{graph}\nsample:\n{more}\n{parts}", "own.yaml"))


def drawn(*names: str) -> str:
    """Givens that are drawn from a few numbers."""
    return "\n".join(f"  '{name}': {{choose: [-0.5, 0.5, 2]}}" for name in names)


# --- the table --------------------------------------------------------------------------------


def test_skills_are_taught_after_what_they_build_upon() -> None:
    """Ids are there once, and prerequisites come before."""
    ids = [one.id for one in SKILLS]
    assert len(set(ids)) == len(ids)
    for place, one in enumerate(SKILLS):
        assert set(one.needs) <= set(ids[:place])


@pytest.mark.parametrize("one", SKILLS, ids=lambda one: one.id)
def test_a_skill_is_told_in_two_languages(one: Skill) -> None:
    """Short names, sentences with a full stop, plain text; sentences are translated."""
    for language in ("en", "de"):
        name, sentence = skill_name(one.id, language), one.sentence[language]
        assert 2 < len(name) <= 42
        assert sentence.endswith(".")
        assert not set("$\\<>{}") & set(name + sentence)
        assert 20 < len(sentence) < 110
    assert one.sentence["en"] != one.sentence["de"]


def test_names_are_told_apart() -> None:
    """No two skills have the same name or sentence."""
    for language in ("en", "de"):
        assert len({skill_name(one.id, language) for one in SKILLS}) == len(SKILLS)
        assert len({one.sentence[language] for one in SKILLS}) == len(SKILLS)


def test_a_skill_that_is_none_any_more_goes_by_its_id() -> None:
    """Progress may speak of skills that another version of the program had."""
    assert skill_name("cell:hopfield", "de") == "cell:hopfield"
    assert taught(["cell:hopfield", "paths", "forward"]) == ("forward", "paths", "cell:hopfield")
    assert skill("paths").id == "paths"


def test_naming_a_skill_loads_no_graphs() -> None:
    """Faces start without numpy, pydantic and templates."""
    code = (
        "import sys\n"
        "import grader.practice.skills.catalogue, grader.practice.skills.grades\n"
        "grader.practice.skills.catalogue.bank_catalogue()\n"
        "print([m for m in ('numpy', 'pydantic', 'yaml', 'examgen.template') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- the bank ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", bank_ids())
def test_every_slot_of_the_bank_trains_something(name: str) -> None:
    """In every structure, known skills in teaching order, for the slots in paper order."""
    for template in of_the_bank(name):
        found = skills_of(template)
        assert list(found) == [slot.id for slot in template.slots]
        for skills in found.values():
            assert skills
            assert set(skills) <= KNOWN
            assert skills == taught(skills)


def test_no_skill_is_trained_by_everything_and_each_by_something() -> None:
    """A skill that every part trains tells nothing; one that none trains cannot be practised."""
    counted: Counter[str] = Counter()
    parts = 0
    for name in bank_ids():
        template = of_the_bank(name)[0]
        found = skills_of(template)
        for part in template.parts:
            counted.update({skill for slot in part.slots for skill in found[slot.id]})
            parts += 1
    assert set(counted) == KNOWN
    assert max(counted.values()) < 0.6 * parts
    assert min(counted.values()) >= 1


EXPECTED = """
mlp-2-2-2                h1                         forward
mlp-2-2-2                h3                         activation
mlp-2-2-2                L                          loss:squared
mlp-2-2-2                dL_do1                     loss:squared
mlp-2-2-2                derive_dL_dh_to_out        paths derive
mlp-2-2-2                derive_dL_dh_to_unit       slope:relu derive
mlp-2-2-2                dL_dw_case_from_to_unit    chain slope:relu paths
mlp-2-2-2                w_case_from_to_unit_new    update:sgd
mlp-leaky-relu           dL_dz_negative_unit        slope:relu
mlp-tanh                 dL_dz_asked_unit           slope:tanh
mlp-sigmoid-bce          L                          loss:bce
mlp-sigmoid-bce          dL_dz3                     loss:bce
mazur-network            dL_dnet_o1                 loss:squared slope:sigmoid
softmax-cross-entropy    p_1                        loss:softmax
softmax-cross-entropy    derive_dL_dz_1             loss:softmax derive
softmax-cross-entropy    dL_dx_input                paths
elman-relu               h_2                        forward activation cell:elman
elman-relu               yhat_1                     forward activation
elman-relu               derive_dL_dh_t             paths derive cell:elman message
elman-relu               dL_dh_2                    chain
elman-relu               dL_dw_xh                   shared:time
elman-relu               w_hh_new                   update:sgd
elman-tanh-three-steps   derive_dL_dh_t             chain derive cell:elman
recurrent-cell-bce       dL_dyhat_1                 loss:bce
recurrent-cell-bce       derive_dL_do_t             chain derive cell:own
modified-recurrent-cell  yhat_1                     forward layer:skip
modified-recurrent-cell  derive_dL_dh_prev          paths derive layer:skip cell:own message
lstm-two-steps           C_1                        forward activation cell:lstm
lstm-two-steps           derive_dL_dC_1             chain slope:tanh paths derive message cell:lstm
lstm-intermediate-nodes  derive_dL_db_t             paths derive cell:lstm
gru-step                 dL_dh_0                    slope:sigmoid slope:tanh paths cell:gru
gru-step                 derive_dL_dz_1             chain derive cell:gru
residual-two-sigmoids    derive_dL_dx               paths derive layer:skip
residual-two-sigmoids    derive_dL_ds               chain derive
scalar-circuit-fan-out   df_dq                      paths
scalar-circuit-fan-out   f                          forward
siamese-shared-weights   dL_dw_n                    shared
siamese-shared-weights   dL_dD                      slope:relu loss:other
tied-autoencoder         dL_dw_1                    shared
tied-autoencoder         dL_db                      chain
convolution-1d           z_1                        forward layer:conv
convolution-1d           derive_dL_dw_tap           derive shared layer:conv
convolution-1d           dL_dx_3                    paths layer:conv
convolution-1d           dL_dyhat                   loss:squared
max-pooling              p_1                        layer:pool
max-pooling              dL_dp_1                    chain
dropout-mask             derive_dL_dh_unit_asked    chain derive layer:dropout
dropout-mask             dL_dv_unit_asked           chain
dropout-mask             yhat_test                  forward layer:dropout
batch-norm-backward      xhat_1                     layer:norm
batch-norm-backward      dL_dgamma                  shared layer:norm
layer-norm               g_k__new                   update:sgd
attention-two-tokens     s_1_1                      forward layer:attention
attention-two-tokens     dL_dv_j                    loss:squared paths layer:attention
adam-two-steps           g_2                        chain
adam-two-steps           vhat_2                     update:optimizer
momentum-two-steps       yhat_2                     forward
momentum-two-steps       g_2                        chain loss:squared
momentum-two-steps       w_2                        update:optimizer
clipping-and-weight-decay n                         update:optimizer
rmsprop-step             w_1_new                    update:optimizer
vanishing-gradient       k_1                        chain slope:tanh
error-spotting           wrong_line                 spot
error-spotting           right_value                forward spot
"""
ROWS = [line.split(None, 2) for line in EXPECTED.strip().splitlines()]


@pytest.mark.parametrize(("name", "slot", "skills"), ROWS, ids=lambda text: text)
def test_slots_train_what_a_teacher_would_say(name: str, slot: str, skills: str) -> None:
    """Read off the questions by hand, of their first structures."""
    assert skills_of(of_the_bank(name)[0])[slot] == taught(skills.split())


def test_structures_differ_in_what_they_train() -> None:
    """The planted mistake decides what has to be found and mended."""
    found = {skills_of(template)["right_value"] for template in of_the_bank("error-spotting")}
    assert len(found) >= 5
    assert all("spot" in skills for skills in found)


def test_a_later_slot_does_not_train_what_came_before() -> None:
    """Steps end at what was asked; an update is one step once its gradient is."""
    template = of_the_bank("mlp-2-2-2")[0]
    steps = own_steps(Plan(template))
    assert [node.name for node in steps["w_case_from_to_unit_new"]] == ["w21'"]
    assert [node.name for node in steps["h3"]] == ["h3"]
    assert {node.name for node in steps["dL_dw_case_from_to_unit"]} == {
        "dL/dw21", "dL/dh1", "dL/dh3",
    }  # fmt: skip


def test_work_is_what_a_part_alone_leaves_to_do() -> None:
    """The gates of the forward pass are told; the way back through them is the work."""
    template = of_the_bank("lstm-two-steps")[0]
    steps = own_steps(Plan(template))
    parts = {part.label: part for part in template.parts}
    assert [work(steps, parts[label]) for label in "abcde"] == [22, 4, 2, 10, 7]


# --- graphs of one's own ----------------------------------------------------------------------

GATED = """  topology: recurrent_cell
  steps: 2
  state: {q: q_0}
  step:
    k[t]: sigmoid(a*v[t] + b*q[t-1])
    m[t]: tanh(c*v[t] + d*q[t-1])
    q[t]: k[t]*q[t-1] + (1 - k[t])*m[t]
  loss: (q[2] - y)^2"""


def test_a_cell_is_known_by_what_it_does() -> None:
    """A GRU without its topology and without its usual names."""
    givens = drawn("v[*]", "q_0", "a", "b", "c", "d", "y")
    found = own(GATED, "answers: q[1], dL/dq[1], dL/da", givens)
    assert found["q_1"] == ("forward", "activation", "cell:gru")
    assert {"paths", "cell:gru"} <= set(found["dL_dq_1"])
    assert "shared:time" in found["dL_da"]


def test_two_kinds_of_states_make_an_lstm() -> None:
    """The same cell with a state of its own that is handed on beside it."""
    graph = GATED.replace("{q: q_0}", "{q: q_0, C: C_0}").replace(
        "k[t]*q[t-1]", "C[t]\n    C[t]: k[t]*C[t-1]"
    )
    givens = drawn("v[*]", "q_0", "C_0", "a", "b", "c", "d", "y")
    assert "cell:lstm" in own(graph, "answers: C[1]", givens)["C_1"]


def test_an_elman_cell_may_have_several_units() -> None:
    """Every unit is a state of its own, all of one kind."""
    graph = "  topology: elman\n  steps: 2\n  hidden: 2\n  loss: squared_error"
    found = own(graph, "answers: 'h1[1], dL/dh2[1]'", drawn("x*", "w*", "h*", "y*", "eta"))
    assert "cell:elman" in found["h1_1"]
    assert {"message", "paths", "slope:tanh"} <= set(found["dL_dh2_1"])


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        ("relu(z)", "slope:relu"),
        ("leaky_relu(z, 0.1)", "slope:relu"),
        ("sigmoid(z)", "slope:sigmoid"),
        ("tanh(z)", "slope:tanh"),
        ("softplus(z)", "slope:other"),
        ("abs(z)", "slope:other"),
        ("exp(z)", "slope:other"),
    ],
)
def test_each_function_has_the_skill_of_its_derivative(formula: str, slope: str) -> None:
    """And its derivative by a weight goes on from there with the chain rule alone."""
    graph = f"  topology: formulas\n  formulas:\n    z: w*x\n    h: {formula}\n    L: (h - y)^2"
    found = own(graph, "answers: h, dL/dh, dL/dz, dL/dw", drawn("x", "w", "y"))
    assert slope in found["dL_dz"]
    assert [one for one in found["dL_dz"] if one.startswith("slope")] == [slope]
    assert found["dL_dh"] == ("loss:squared",)
    assert found["dL_dw"] == ("chain",)


@pytest.mark.parametrize(
    ("loss", "kind"),
    [
        ("squared_error(p, y)", "loss:squared"),
        ("half_squared_error(p, y)", "loss:squared"),
        ("bce(p, y)", "loss:bce"),
        ("-y*log(p)", "loss:softmax"),
        ("relu(1 - p*y)", "loss:other"),
        ("p*y", None),
    ],
)
def test_a_loss_is_known_by_its_formula(loss: str, kind: str | None) -> None:
    """Its value and its derivative by the output train it; a product is none."""
    graph = f"  topology: formulas\n  formulas:\n    z: w*x\n    p: sigmoid(z)\n    L: {loss}"
    found = own(graph, "answers: p, L, dL/dp", drawn("x", "w", "y"))
    losses = [{one for one in found[s] if one.startswith("loss")} for s in ("L", "dL_dp")]
    assert losses == [{kind} if kind else set()] * 2


def test_a_softmax_inside_is_attention_and_at_the_end_a_loss() -> None:
    """The same op, told apart by what reads it."""
    inside = """  topology: formulas
  index: {k: 2}
  formulas:
    s[k]: q*c[k]
    p[k]: softmax(s[k], s[*])
    o: p[1]*v[1] + p[2]*v[2]
    L: (o - y)^2"""
    found = own(inside, "answers: s[1], p[1], o, dL/ds[1]", drawn("q", "c[*]", "v[*]", "y"))
    assert all("layer:attention" in skills for skills in found.values())
    end = inside.replace("(o - y)^2", "-log(p[1])").replace("    o: p[1]*v[1] + p[2]*v[2]\n", "")
    found = own(end, "answers: s[1], p[1], L, dL/ds[1]", drawn("q", "c[*]"))
    assert not any("layer:attention" in skills for skills in found.values())
    assert found["dL_ds_1"] == ("loss:softmax",)


def test_dividing_by_a_root_of_its_own_squares_is_normalisation() -> None:
    """Without a mean, too; dividing by another root is none."""
    graph = """  topology: formulas
  formulas:
    r: sqrt((a^2 + c^2)/2)
    p: g*a/r
    L: (p - y)^2"""
    found = own(graph, "answers: r, p, dL/dg, dL/da", drawn("a", "c", "g", "y"))
    assert all("layer:norm" in skills for skills in found.values())
    found = own(graph.replace("(a^2 + c^2)", "(b^2 + c^2)"), "answers: p", drawn(*"abcgy"))
    assert "layer:norm" not in found["p"]


def test_a_weight_that_is_one_is_no_mask() -> None:
    """A mask multiplies something computed, and is no data."""
    graph = """  topology: formulas
  formulas:
    h: tanh(w*x)
    d: m*h
    L: (d - y)^2"""
    mask = "  w: 1\n  m: {choose: [0, 1]}\n"
    found = own(graph, "answers: h, d, dL/dh", mask + drawn("x", "y"))
    assert "layer:dropout" not in found["h"]
    assert "layer:dropout" in found["d"]
    assert "layer:dropout" in found["dL_dh"]


def test_a_formula_trains_its_derivation_and_its_own_step() -> None:
    """Values are letters in it, so that nothing of the forward pass is trained."""
    graph = "  topology: formulas\n  formulas:\n    z: w*x\n    h: tanh(z)\n    L: (h - y)^2"
    found = own(graph, "derive: dL/dz", drawn("x", "w", "y"))
    assert found == {"derive_dL_dz": ("slope:tanh", "derive")}
    found = own(graph, "derive: dL/dw\n    using: []", drawn("x", "w", "y"))
    assert found["derive_dL_dw"] == ("loss:squared", "chain", "slope:tanh", "derive")


def test_a_step_is_plain_descent_however_it_is_written() -> None:
    """As `w'` or under a name of the author's; with more in it, it is another optimizer's."""
    graph = """  topology: formulas
  formulas:
    L: (w*x - y)^2
  derived:
    g: dL/dw
    v: w - eta*g
    u: w - eta*(g + w)"""
    found = own(graph, "answers: g, v, u, w'", drawn("x", "w", "y", "eta"))
    assert [found[slot] for slot in ("v", "w_new")] == [("update:sgd",)] * 2
    assert found["u"] == ("update:optimizer",)


def test_an_answer_that_was_there_before_trains_something_all_the_same() -> None:
    """A copy of a value is of the forward pass, a derivative of the chain rule."""
    graph = "  topology: formulas\n  formulas:\n    h: w*x\n    p: h\n    L: v - p"
    found = own(graph, "answers: h, p, dL/dp, dL/dh", drawn("x", "w", "v"))
    assert found["p"] == ("forward",)
    assert found["dL_dp"] == ("chain",)
    assert found["dL_dh"] == ("chain",)


def test_a_given_read_at_several_places_is_shared_only_if_it_is_learned() -> None:
    """An input that is read twice has two paths, a weight is shared."""
    graph = "  topology: formulas\n  formulas:\n    p: w*x\n    o: w*p + x\n    L: (o - y)^2"
    found = own(graph, "answers: dL/dw, dL/dx", drawn("x", "w", "y"))
    assert "shared" in found["dL_dw"]
    assert "paths" in found["dL_dx"]
    assert "shared" not in found["dL_dx"]


@pytest.mark.parametrize("name", ["elman-relu", "attention-two-tokens"])
def test_skills_are_the_same_every_time(name: str) -> None:
    """Nothing hangs on the order of a set."""
    template = of_the_bank(name)[0]
    assert skills_of(template) == skills_of(template)
