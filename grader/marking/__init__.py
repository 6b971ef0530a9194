"""Verdicts, the reasons for them, and points: from answers to marks."""
