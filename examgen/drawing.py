"""Drawing variants: of the acceptable candidates of each the one with the best score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from examgen.effort import fair_space
from examgen.errors import ExamgenError
from examgen.sampling import Sampler, UnsatisfiableError
from examgen.scoring import best, score
from examgen.template import Template
from examgen.variant import Variants


def draw_variants(
    template: Template, seed: int, numbers: Sequence[int] | NDArray[np.int64], use: int = 0
) -> Variants:
    """The variants with these numbers, each the best of its candidates, with their scores.

    Every variant asks the usual work of the template (`effort:`). Candidates are compared by what
    they score with the usual tolerances; the score told is that with the variant's own. Raises
    ExamgenError where the template cannot give so many.
    """
    try:
        drawn = sampler(template, seed, use).draw(numbers, partial(best, template))
    except UnsatisfiableError as error:
        raise ExamgenError(template.at_condition(str(error), error.condition)) from None
    variants = Variants(template, drawn)
    return replace(variants, scores=score(variants).total)


def sampler(template: Template, seed: int, use: int = 0) -> Sampler:
    """The draws of a template under a seed; `use` tells apart two uses in one exam."""
    key = template.sampler(seed, use).key
    return Sampler(fair_space(template), key, template.file.candidates)


def capacity(template: Template) -> int:
    """The most variants that a template can give; the same for every seed."""
    return sampler(template, 0).capacity
