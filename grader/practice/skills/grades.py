"""How a round went for each skill that it trained.

What is graded is the first response to each slot that could be read: what came after it had been
corrected tells nothing of what was known. A slip is charged to the skill that it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from grader.practice.skills.words import SKILLS, taught
from grader.practice.values import GOOD, Attempt, Grade, Round

_SLOPES = ("slope:relu", "slope:sigmoid", "slope:tanh", "slope:other")
_LOSSES = ("loss:squared", "loss:bce", "loss:softmax", "loss:other")
_CELLS = ("cell:elman", "cell:own", "cell:gru", "cell:lstm")
_SHARED = ("shared", "shared:time")
_SUMS = ("paths", "layer:skip")
_UPDATES = ("update:sgd", "update:optimizer")

ABOUT: Mapping[str, tuple[str, ...]] = {
    # paths
    "skip_path_forgotten": _SUMS,
    "main_path_forgotten": _SUMS,
    "path_forgotten": (*_SUMS, *_SHARED),
    "gradient_overwritten": (*_SUMS, *_SHARED),
    "first_path_only": (*_SUMS, *_SHARED),
    "paths_multiplied": (*_SUMS, *_SHARED),
    "paths_averaged": (*_SUMS, *_SHARED),
    "message_total_confusion": ("message",),
    "last_step_only": _SHARED,
    "first_step_only": _SHARED,
    "time_mean": _SHARED,
    "truncated_bptt": ("message", "shared:time", *_CELLS),
    "updated_weight_upstream": ("chain", "paths"),
    # slopes
    "relu_deriv_ignored": ("slope:relu",),
    "act_deriv_ignored": _SLOPES,
    "act_value_for_deriv": _SLOPES,
    "deriv_at_output": _SLOPES,
    "sigmoid_prime_z(1-z)": ("slope:sigmoid",),
    "tanh_prime_1-tanh": ("slope:tanh",),
    "tanh_prime_as_sigmoid": ("slope:tanh",),
    "relu_deriv_wrong_variable": ("slope:relu",),
    # products
    "own_factor_in_product": ("chain",),
    "weight_factor_dropped": ("chain",),
    "upstream_dropped": ("chain",),
    "bias_gradient_times_input": ("chain",),
    "transposed_index": ("chain", "forward"),
    "wrong_parameter": ("chain", *_UPDATES),
    # losses
    "head_forgotten": (*_LOSSES, "paths"),
    "loss_factor_dropped": ("loss:squared",),
    "loss_factor_added": ("loss:squared",),
    "loss_half_forgotten_forward": ("loss:squared",),
    "loss_sign": ("loss:squared",),
    "bce_sign": ("loss:bce",),
    "bce_second_term_sign": ("loss:bce",),
    "softmax_ce_no_onehot": ("loss:softmax",),
    "softmax_diag_only": ("loss:softmax", "layer:attention"),
    "batch_sum_vs_mean": _LOSSES,
    "weight_decay_forgotten": ("update:optimizer", *_LOSSES),
    # states and cells
    "time_index_off_by_one": ("message", *_CELLS),
    "cell_hidden_mixed": ("cell:lstm", "cell:own"),
    "gate_convention_swapped": ("cell:gru", "cell:own"),
    "hprev_dropped_forward": _CELLS,
    # updates
    "ascent": _UPDATES,
    "lr_dropped": _UPDATES,
    "increment_reported": _UPDATES,
    # forward
    "activation_skipped_forward": ("activation",),
    "activation_scope": ("activation",),
    "relu_abs": ("activation",),
    "bias_dropped_forward": ("forward",),
    "wrong_bias": ("forward",),
    "skip_dropped_forward": ("layer:skip",),
    # layers
    "conv_kernel_flip": ("layer:conv",),
    "maxpool_gradient_to_all": ("layer:pool",),
    # what only authors can tell
    "adam_no_bias_correction": ("update:optimizer",),
    "momentum_ema_vs_classic": ("update:optimizer",),
    "dropout_mask_ignored": ("layer:dropout",),
    "batchnorm_stats_constant": ("layer:norm",),
}
"""The skills that each known mistake is about, as far as the slot trains them."""


def grades(one: Round, skills: Mapping[str, tuple[str, ...]]) -> dict[str, Grade]:
    """How a round went for each skill, in teaching order; the worst of its slots counts.

    skills: what each slot trains. Of a slot that

    - was right at once, rounded or following from an earlier slip too, all skills are right;
      helped, if any hint to it was shown (a slot that is right is settled, so that was before);
    - was wrong at once by known mistakes: those of its skills are missed that the mistakes are
      about; if there is none, those that its skills build upon and the mistakes are about (a factor
      forgotten in a sum over paths is a slip in the chain rule). The others are left to other
      slots. Where nothing of all that is meant, as the next;
    - was wrong at once otherwise, or left without an answer, or answered by its hints: the most
      specific skills are missed, those that no other skill of the slot builds upon; but not those
      that another slot of the round shows to be known, if any are left then;
    - has no answer and was not left: none.

    A skill that no slot but those of slips is missed in is helped, if at least twice as many others
    show it to be known. A slip is wrong by no known mistake, and was mended without hints: to err
    once in a handful of numbers does not say that one cannot do it.
    """
    good = {slot for slot in one.task.asked if _is_good(one.first(slot))}
    shown = {skill for slot in good for skill in skills.get(slot, ())}
    charged = {slot: _missed(one, slot, skills, shown) for slot in one.task.asked}
    missed = {skill for own in charged.values() for skill in own}
    slips = {skill for skill in missed if _are_slips(one, skill, charged, good, skills)}
    helped = {skill for slot in good if one.hints.get(slot) for skill in skills.get(slot, ())}
    found: dict[str, Grade] = dict.fromkeys(shown, "right")
    found |= dict.fromkeys(helped, "helped")
    found |= dict.fromkeys(missed, "missed")
    found |= dict.fromkeys(slips, "helped")
    return {skill: found[skill] for skill in taught(found)}


def _is_good(attempt: Attempt | None) -> bool:
    return attempt is not None and attempt.feedback.verdict in GOOD


def _are_slips(
    one: Round,
    skill: str,
    charged: Mapping[str, Collection[str]],
    good: Iterable[str],
    skills: Mapping[str, tuple[str, ...]],
) -> bool:
    """Whether all that a skill is charged with are slips, and few."""
    wrong = [slot for slot, own in charged.items() if skill in own]
    right = sum(skill in skills.get(slot, ()) for slot in good)
    return all(_is_slip(one, slot) for slot in wrong) and right >= 2 * len(wrong)


def _is_slip(one: Round, slot: str) -> bool:
    """Whether the first answer was wrong by no known mistake, and the last good without hints."""
    first, last = one.first(slot), one.standing(slot)
    wrong = first is not None and first.feedback.verdict == "wrong"
    return wrong and _is_good(last) and not one.hints.get(slot)


def _missed(
    one: Round, slot: str, skills: Mapping[str, tuple[str, ...]], shown: Iterable[str]
) -> set[str]:
    """The skills that a slot shows not to be known. shown: those that slots of the round show."""
    attempt, own = one.first(slot), skills.get(slot, ())
    if _is_good(attempt) or (attempt is None and slot not in one.passed):
        return set()
    names = attempt.feedback.mistakes if attempt is not None else ()
    specific = most_specific(own)
    return _meant(names, own) or specific.difference(shown) or specific


def _meant(names: Iterable[str], own: Iterable[str]) -> set[str]:
    """What some mistakes are about, among the skills of a slot or else what these build upon."""
    about = {skill for name in names for skill in ABOUT.get(name, ())}
    return about.intersection(own) or most_specific(about & _below(own))


def most_specific(skills: Iterable[str]) -> set[str]:
    """Those of some skills that none of the others builds upon.

    >>> sorted(most_specific(["forward", "chain", "slope:relu", "paths"]))
    ['paths', 'slope:relu']
    """
    own = set(skills)
    return own - _below(own)


def _below(skills: Iterable[str]) -> set[str]:
    """All that some skills build upon."""
    return {before for one in skills for before in _before().get(one, ())}


@cache
def _before() -> Mapping[str, frozenset[str]]:
    """For each skill all that it builds upon."""
    found: dict[str, frozenset[str]] = {}
    for skill in SKILLS:
        before = (found[need] for need in skill.needs)
        found[skill.id] = frozenset(skill.needs).union(*before)
    return found
