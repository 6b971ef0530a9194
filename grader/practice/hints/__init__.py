"""Hints: the derivation of an answer, told step by step."""

from grader.practice.hints.steps import hints, not_told_before

__all__ = ["hints", "not_told_before"]
