"""Hints: the derivation of an answer, told step by step."""

from grader.practice.hints.steps import hints

__all__ = ["hints"]
