"""The exam on screen: pages of HTML that say what the paper says.

A page is one file: no script, nothing from a network, formulas as MathML, figures as SVG. All pages
of the programs are made from the pieces and the style sheet in `templates/`.
"""

from examgen.html.environment import environment
from examgen.html.pages import exam_page, formula_page, solution_page

__all__ = ["environment", "exam_page", "formula_page", "solution_page"]
