"""Practice in a terminal: a question, its answers line by line, what is said of them."""

from grader.practice.terminal.talk import Talk

__all__ = ["Talk"]
