"""Practice in one HTML file that needs no server: its questions, and the marking, as data."""

from grader.practice.offline.export import Exported, export_practice

__all__ = ["Exported", "export_practice"]
