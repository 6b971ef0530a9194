"""Practice in a terminal: a question, its answers line by line, what is said of them."""

from grader.practice.terminal.here import talk_here
from grader.practice.terminal.talk import Talk

__all__ = ["Talk", "talk_here"]
