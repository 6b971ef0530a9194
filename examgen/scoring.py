"""What a variant is worth: how well it tells mistakes apart, and how pleasant its numbers are.

Which mistakes count is a matter of the template, decided once on scattered draws: those that change
a number and are not invisible by structure. Whoever asks for the score of one variant pays for
that, a tenth of a second, three in a large graph; it is kept with the template.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from examgen.applicable import signatures
from examgen.draws import Candidates
from examgen.effort import fair_space
from examgen.friendly import Friendliness
from examgen.grids import Indices
from examgen.mistakes import mistakes_of
from examgen.nodes import Array
from examgen.sampling import scattered
from examgen.signatures import CHUNK, Signatures
from examgen.space import BLOCK
from examgen.template import Template
from examgen.tolerance import tolerances
from examgen.variant import Variants

DETECTED = 0.5
"""Most of all a wrong answer must not look right."""
IDENTIFIED = 0.4
"""Nearly as much: students are told which mistake they made, not only that there is one."""
FRIENDLY = 0.1
"""Of variants that tell about the same, the one whose numbers are pleasant to compute with."""
SCATTERED = 1024
"""Draws that decide which mistakes show, and which coincide."""
MOST_QUANTITIES = 400
"""In larger graphs mistakes are not judged: finding them takes seconds, and nobody asks so much of
a student. Their variants are chosen by how pleasant their numbers are."""
_FINALISTS = 4


@dataclass(frozen=True)
class Scores:
    """What each variant is worth, (variants,) each, between 0 and 1.

    detected: share of the applicable mistakes, over the parts that show them, which some number of
    the part tells from the key. identified: share of those that are told from each other besides.
    friendly: see `examgen.friendly`. total: what candidates are compared by.
    """

    total: Array
    detected: Array
    identified: Array
    friendly: Array


def score(variants: Variants) -> Scores:
    """The scores of some variants, with the tolerances that their answers will be marked with.

    Where there is nothing to tell, or the graph is too large, everything is told.
    """
    draw, found = variants.draw, []
    for start in range(0, max(1, len(draw)), BLOCK):  # all tolerances at once would be larger
        part = draw.part(slice(start, start + BLOCK))
        found.append(_score(Variants(variants.template, part)))
    return Scores(*(np.concatenate(columns) for columns in zip(*map(_columns, found), strict=True)))


def _columns(scores: Scores) -> tuple[Array, Array, Array, Array]:
    return scores.total, scores.detected, scores.identified, scores.friendly


def _score(variants: Variants) -> Scores:
    template, draw = variants.template, variants.draw
    judge = judge_of(template)
    told = judge.signatures.told(draw, _widths(variants))
    own = draw.grids is template.space.grids
    friendly = (judge.friendliness if own else Friendliness(template, draw.grids))(draw)
    everything = total(told.detected, told.identified, friendly)
    return Scores(everything, told.detected, told.identified, friendly)


def best(template: Template, candidates: Candidates) -> Indices:
    """The row of each variant's best candidate, (variants,), going by the usual tolerances."""
    if candidates.most == 1:
        return candidates.first
    judge = judge_of(template)
    blocks = candidates.blocks(max(1, CHUNK // candidates.most))
    return np.concatenate([start + judge.best(block) for start, block in blocks])


def total(detected: Array, identified: Array, friendly: Array) -> Array:
    """What candidates are compared by."""
    return DETECTED * detected + IDENTIFIED * identified + FRIENDLY * friendly


@dataclass(frozen=True)
class Judge:
    """All that scoring a template's variants takes.

    signatures: of its mistakes. usual: the median tolerance of each slot, (slots,).
    """

    signatures: Signatures
    friendliness: Friendliness
    usual: Array

    def best(self, candidates: Candidates) -> Indices:
        """The row of each variant's best candidate, (variants,), of CHUNK candidates at most.

        Whether mistakes are told from each other, and how pleasant the numbers are, is asked of
        the half that detects most, of four at least: that is most of the work.
        """
        usual = np.broadcast_to(self.usual[:, None], (len(self.usual), len(candidates.draw)))
        sight = self.signatures.sight(candidates.draw, usual)
        detected = sight.detected
        rows = candidates.leading(detected, max(_FINALISTS, -(-candidates.most // 2)))
        friendly = self.friendliness(candidates.draw.part(rows))
        totals = np.full(len(detected), -np.inf)
        totals[rows] = total(detected[rows], sight.part(rows).identified, friendly)
        return candidates.leading(totals, 1)


def judge_of(template: Template) -> Judge:
    """The judge of a template, made once."""
    return template.space.once(_judge, template)


def _judge(template: Template) -> Judge:
    size = len(template.quantities.nodes)
    mistakes = mistakes_of(template) if size <= MOST_QUANTITIES else ()
    draw = scattered(fair_space(template), SCATTERED if mistakes else 1)
    widths = _widths(Variants(template, draw))
    return Judge(
        signatures(template, mistakes, draw, widths),
        Friendliness(template, template.space.grids),
        np.median(widths, axis=1) if len(draw) else np.ones(len(widths)),
    )


def _widths(variants: Variants) -> Array:
    """The tolerance of every number slot, (slots, variants)."""
    rows = list(tolerances(variants).values())
    return np.array(rows).reshape(len(rows), len(variants.draw))
