r"""Formula answers: `dL_dyhat*w + dL_dh`, `∂L/∂ŷ · σ'(z)`, `\frac{\partial L}{\partial o_t} w`.

`FormulaMarker(template, slot).mark(text)` reads a text by a whitelist (nothing is ever run as code)
and compares it with the derivative asked for at random points of the question's graph.
"""

from grader.reading.numbers import Unreadable
from grader.symbolic.marker import FormulaMarker, Right, Wrong

__all__ = ["FormulaMarker", "Right", "Unreadable", "Wrong"]
