"""What can be trained: the skills in teaching order, and which of them a question trains.

Skills are told from the graph of a question, never from its file. Looking at a graph loads all that
a template needs; naming a skill loads nothing.
"""

from grader.practice.skills.words import SKILLS, Skill, skill, skill_name, taught

__all__ = ["SKILLS", "Skill", "skill", "skill_name", "taught"]
