"""What can be trained: the skills in teaching order, and which of them a question trains.

Skills are told from the graph of a question, never from its file. Looking at a graph loads all that
a template needs; naming a skill loads nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.practice.skills.words import SKILLS, Skill, skill, skill_name, skill_sentence, taught

if TYPE_CHECKING:
    from examgen.template import Template

__all__ = ["SKILLS", "Skill", "skill", "skill_name", "skill_sentence", "skills_of", "taught"]


def skills_of(template: Template) -> dict[str, tuple[str, ...]]:
    """The skills that each slot trains, by slot in paper order, in teaching order each.

    A slot trains what its own step needs: what was asked before it is known.
    """
    from examgen.solution.plan import Plan
    from grader.practice.skills.training import trained

    return trained(Plan(template))
