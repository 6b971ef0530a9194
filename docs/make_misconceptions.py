"""Writes docs/misconceptions.md: every mistake that the grader names, from the table behind it.

python docs/make_misconceptions.py > docs/misconceptions.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from examgen.misconceptions import DECLARED, ELSEWHERE, TABLE

HEAD = """\
# Misconceptions

The mistakes that `grader` names, with the sentence that a student reads; *x* and the like stand for
the question's own symbols. Each mistake is a rule that patches the question's graph, and the
evaluator gives the wrong answers it leads to. A rule is tried at all places of the graph together,
at all steps of one quantity, and at each place alone. What changes nothing in a question is left
out of it, and `examgen check` tells which of the rest can be told from the key.

By its name a mistake gets part of the points: `partial_marks: {ascent: 0.5}` in a template. A
template may declare mistakes of its own under `mistakes:`; see [templates.md](templates.md).

| | name | what the student does | where | what the student is told |
|---|---|---|---|---|
"""

OWN = """
What these are in a graph only its author knows; declared under these names in `mistakes:`, they
have the same number everywhere. Other names are numbered OWN01, OWN02, ... in each template.

| | name | what the student does |
|---|---|---|
"""

ABSENT = """
Known from exams too, but not named here:

| | mistake | why not |
|---|---|---|
"""

DOES = {
    "skip_path_forgotten": ("leaves out the gradient through the skip connection", "skips"),
    "main_path_forgotten": ("follows only the skip connection", "skips"),
    "gradient_overwritten": ("overwrites one use's gradient with another's",
                             "what is used more than once"),
    "first_path_only": ("counts one of the paths only", "what is used more than once"),
    "paths_multiplied": ("multiplies the paths", "what is used more than once"),
    "paths_averaged": ("averages the paths", "what is used more than once"),
    "head_forgotten": ("leaves out a term of the loss, or all but one", "losses of several terms"),
    "message_total_confusion": (
        "takes what arrives from the next step for the total derivative, or the other way round",
        "states over time",
    ),
    "relu_deriv_ignored": ("takes the derivative of ReLU for 1", "ReLU, leaky ReLU"),
    "act_deriv_ignored": ("takes the derivative of the activation for 1", "activations"),
    "act_value_for_deriv": ("multiplies by the activation's value", "activations"),
    "deriv_at_output": ("takes the derivative at the output", "sigmoid, tanh"),
    "sigmoid_prime_z(1-z)": ("puts the input z into the rule: z (1 - z)", "sigmoid"),
    "tanh_prime_1-tanh": ("takes 1 - tanh for the derivative", "tanh"),
    "tanh_prime_as_sigmoid": ("takes tanh (1 - tanh) for the derivative", "tanh"),
    "relu_deriv_wrong_variable": (
        "takes ReLU' at another unit's or step's input, or turned round", "ReLU"
    ),
    "loss_factor_dropped": ("drops the 2 of the squared error", "squared errors without 1/2"),
    "loss_factor_added": ("adds a factor 2", "squared errors with 1/2"),
    "loss_sign": ("takes target minus output", "squared errors"),
    "bce_sign": ("negates the derivative by the output", "binary cross-entropy"),
    "bce_second_term_sign": ("gives the second term a minus", "binary cross-entropy"),
    "softmax_ce_no_onehot": ("gives the output instead of output minus label",
                             "softmax with cross-entropy"),
    "softmax_diag_only": ("leaves out the other logits' terms", "softmax"),
    "batch_sum_vs_mean": ("differentiates a mean as a sum, or a sum as a mean",
                          "losses of several terms"),
    "own_factor_in_product": ("differentiates a product to the factor itself", "products"),
    "weight_factor_dropped": ("does not multiply by the weight on the way back", "weights"),
    "upstream_dropped": ("gives the local derivative only", "any quantity"),
    "transposed_index": ("exchanges rows and columns", "square matrices of weights"),
    "bias_gradient_times_input": ("multiplies by an input, or gives 0", "biases"),
    "updated_weight_upstream": ("goes back through weights already updated", "updates"),
    "last_step_only": ("counts the last step only", "weights shared over time"),
    "first_step_only": ("counts the first step only", "weights shared over time"),
    "time_mean": ("averages over the steps", "weights shared over time"),
    "truncated_bptt": ("takes a state for a constant of the next step", "states over time"),
    "time_index_off_by_one": ("uses the value of the step before or after", "two steps or more"),
    "cell_hidden_mixed": ("takes one state for another", "cells of two states"),
    "gate_convention_swapped": ("exchanges z and 1 - z", "gates that mix: GRU"),
    "wrong_parameter": ("gives the gradient of a neighbour", "any two quantities of a kind"),
    "ascent": ("adds the step", "updates"),
    "lr_dropped": ("does not multiply by the learning rate", "updates"),
    "increment_reported": ("gives the step, not the new value", "updates"),
    "activation_skipped_forward": ("does not apply the activation", "activations"),
    "bias_dropped_forward": ("leaves out a bias", "biases"),
    "wrong_bias": ("uses a neighbour's bias", "two biases or more"),
    "activation_scope": ("puts the next layer's product and bias inside the activation",
                         "hidden units"),
    "skip_dropped_forward": ("does not add the skip connection", "skips"),
    "hprev_dropped_forward": ("takes the state of the step before for 0", "states over time"),
    "relu_abs": ("drops the sign instead of cutting to 0", "ReLU"),
    "conv_kernel_flip": ("turns the kernel round", "convolutions"),
    "maxpool_gradient_to_all": ("sends the gradient to every cell", "maxima of quantities"),
    "weight_decay_forgotten": ("leaves out the gradient of the penalty",
                               "losses with squares of weights"),
    "path_forgotten": ("leaves out one of several paths", "three paths or more"),
    "loss_half_forgotten_forward": ("computes the loss without its 1/2",
                                    "squared errors with 1/2"),
}  # fmt: skip
"""What the student does, and where in a graph it can occur, by the name of the mistake."""

DECLARES = {
    "adam_no_bias_correction": "takes the moments of Adam as they are, too small at first",
    "momentum_ema_vs_classic": "takes the other definition of momentum, with or without 1 - beta",
    "dropout_mask_ignored": "leaves the mask, or 1/keep, out of one of the passes",
    "batchnorm_stats_constant": "takes mean and variance of a batch for constants",
}

UNNAMED = {
    "MC52": "early rounding",
    "MC53": "a slip in arithmetic",
}


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_rows()) + OWN + "".join(_declared()) + ABSENT + "".join(_absent())


def _rows() -> Iterator[str]:
    for row in TABLE:
        does, where = DOES[row.name]
        yield f"| {row.id} | `{row.name}` | {does} | {where} | {_shown(row.en)} |\n"


def _declared() -> Iterator[str]:
    for name, number in sorted(DECLARED.items(), key=lambda one: one[1]):
        yield f"| {number} | `{name}` | {DECLARES[name]} |\n"


def _absent() -> Iterator[str]:
    for number, why in ELSEWHERE.items():
        yield f"| {number} | {UNNAMED[number]} | {why} |\n"


def _shown(sentence: str) -> str:
    """The sentence as Markdown: mathematics as it is typed, blanks by their letters, said of one.

    >>> _shown(r"The bias {b} is [[\\\\frac12|1/2]].")
    'The bias *b* is `1/2`.'
    >>> _shown("{b:# is|# are} the mean of {k:both|all #|all} steps")
    '*b* is the mean of all *k* steps'
    """
    typed = re.sub(r"\[\[.*?\|(.*?)\]\]", r"`\1`", sentence)
    return re.sub(r"\{(\w+)(?::([^{}]*))?\}", _said, typed)


def _said(blank: re.Match[str]) -> str:
    """What is said of one quantity; of a number the form with the number."""
    forms = (blank[2] if blank[2] is not None else "#").split("|")
    return forms[len(forms) == _FORMS_OF_A_NUMBER].replace("#", f"*{blank[1]}*")


_FORMS_OF_A_NUMBER = 3


if __name__ == "__main__":
    print(page(), end="")
