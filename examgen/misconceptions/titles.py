"""Short titles of known mistakes, for lists that are about no question in particular."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, tuple[str, str]] = {
    "skip_path_forgotten": ("skip connection lost", "Skip-Verbindung vergessen"),
    "main_path_forgotten": ("only the skip connection followed", "nur der Skip-Verbindung gefolgt"),
    "path_forgotten": ("a path to the loss lost", "ein Pfad zum Loss vergessen"),
    "gradient_overwritten": ("gradients not added", "Gradienten nicht addiert"),
    "first_path_only": ("only one use counted", "nur eine Verwendung gezählt"),
    "paths_multiplied": ("paths multiplied, not added", "Pfade multipliziert, nicht addiert"),
    "paths_averaged": ("paths averaged, not added", "Pfade gemittelt, nicht addiert"),
    "head_forgotten": ("a term of the loss left out", "ein Term des Loss ausgelassen"),
    "message_total_confusion": (
        "total derivative and message exchanged",
        "ganze Ableitung und Botschaft verwechselt",
    ),
    "relu_deriv_ignored": ("ReLU mask left out", "ReLU-Maske ausgelassen"),
    "act_deriv_ignored": (
        "activation derivative left out",
        "Ableitung der Aktivierung ausgelassen",
    ),
    "act_value_for_deriv": (
        "activation value in place of its derivative",
        "Wert der Aktivierung statt ihrer Ableitung",
    ),
    "deriv_at_output": (
        "activation derivative at the output",
        "Ableitung der Aktivierung an der Ausgabe",
    ),
    "sigmoid_prime_z(1-z)": ("σ′ from z, not from σ(z)", "σ′ aus z statt aus σ(z)"),
    "tanh_prime_1-tanh": ("tanh′ without the square", "tanh′ ohne das Quadrat"),
    "tanh_prime_as_sigmoid": ("tanh derived like a sigmoid", "tanh wie ein Sigmoid abgeleitet"),
    "relu_deriv_wrong_variable": ("ReLU′ at another place", "ReLU′ an anderer Stelle"),
    "loss_factor_dropped": ("factor 2 of the square lost", "Faktor 2 des Quadrats verloren"),
    "loss_factor_added": ("factor of the loss added", "Faktor des Loss hinzugefügt"),
    "loss_half_forgotten_forward": ("½ of the loss forgotten", "½ des Loss vergessen"),
    "loss_sign": ("sign of the loss derivative", "Vorzeichen der Loss-Ableitung"),
    "bce_sign": ("sign of the cross-entropy", "Vorzeichen der Kreuzentropie"),
    "bce_second_term_sign": ("sign of the second term", "Vorzeichen des zweiten Terms"),
    "softmax_ce_no_onehot": ("label not subtracted", "Label nicht abgezogen"),
    "softmax_diag_only": ("cross terms of the softmax", "gemischte Terme des Softmax"),
    "batch_sum_vs_mean": ("sum and mean exchanged", "Summe und Mittel verwechselt"),
    "own_factor_in_product": ("own factor of a product", "eigener Faktor eines Produkts"),
    "weight_factor_dropped": (
        "weight left out on the way back",
        "Gewicht auf dem Rückweg vergessen",
    ),
    "upstream_dropped": ("gradient from above left out", "Gradient von oben vergessen"),
    "transposed_index": ("indices of a weight exchanged", "Indizes eines Gewichts vertauscht"),
    "bias_gradient_times_input": (
        "input in the gradient of a bias",
        "Eingabe im Gradienten eines Bias",
    ),
    "updated_weight_upstream": ("updated weight on the way back", "neues Gewicht auf dem Rückweg"),
    "last_step_only": ("only the last step counted", "nur der letzte Schritt gezählt"),
    "first_step_only": ("only the first step counted", "nur der erste Schritt gezählt"),
    "time_mean": ("steps averaged, not added", "Schritte gemittelt, nicht addiert"),
    "truncated_bptt": ("way back through time cut off", "Rückweg durch die Zeit abgeschnitten"),
    "time_index_off_by_one": ("value of another step", "Wert eines anderen Schritts"),
    "cell_hidden_mixed": ("states of the cell exchanged", "Zustände der Zelle verwechselt"),
    "gate_convention_swapped": ("weights of the gate exchanged", "Gewichte des Gates vertauscht"),
    "wrong_parameter": ("gradient of another parameter", "Gradient eines anderen Parameters"),
    "ascent": ("ascent instead of descent", "Aufstieg statt Abstieg"),
    "lr_dropped": ("learning rate left out", "Lernrate vergessen"),
    "increment_reported": ("change given, not the new value", "Änderung statt neuem Wert"),
    "weight_decay_forgotten": ("weight decay left out", "Weight Decay vergessen"),
    "activation_skipped_forward": ("activation left out forward", "Aktivierung vorwärts vergessen"),
    "activation_scope": ("activation around too much", "Aktivierung um zu viel"),
    "bias_dropped_forward": ("bias left out", "Bias vergessen"),
    "wrong_bias": ("another bias used", "anderer Bias benutzt"),
    "skip_dropped_forward": (
        "skip connection left out forward",
        "Skip-Verbindung vorwärts vergessen",
    ),
    "hprev_dropped_forward": ("state of the step before left out", "vorigen Zustand vergessen"),
    "relu_abs": ("ReLU taken for the absolute value", "ReLU als Betrag gerechnet"),
    "conv_kernel_flip": ("kernel turned round", "Kern gespiegelt"),
    "maxpool_gradient_to_all": (
        "gradient to all cells of a pool",
        "Gradient an alle Zellen des Pools",
    ),
    "adam_no_bias_correction": ("Adam without bias correction", "Adam ohne Bias-Korrektur"),
    "momentum_ema_vs_classic": ("another kind of momentum", "andere Art von Momentum"),
    "dropout_mask_ignored": ("dropout mask left out", "Dropout-Maske vergessen"),
    "batchnorm_stats_constant": (
        "mean and variance held constant",
        "Mittel und Varianz als konstant",
    ),
}
"""English and German, by the mistake's name."""


def mistake_title(name: str, language: str) -> str:
    """A mistake in a few words; an author's own goes by its name."""
    english, german = TITLES.get(name) or (name.replace("_", " "),) * 2
    return german if language == "de" else english
