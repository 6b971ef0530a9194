"""The question bank: one YAML file a question, installed with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from examgen.errors import ExamgenError, suggestion
from examgen.template import Template, load_template, parse_template


def bank_ids() -> list[str]:
    """Ids of all questions of the bank, in order."""
    entries = files("question_bank").iterdir()
    return sorted(e.name.removesuffix(".yaml") for e in entries if e.name.endswith(".yaml"))


def find_template(written: str, folder: Path | None = None) -> Template:
    """A template by its id in the bank, or from a file (`.yaml`), relative to `folder`.

    Raises ExamgenError for an unknown id, naming the nearest one, and for a faulty file.
    """
    if written.endswith((".yaml", ".yml")) or "/" in written:
        return load_template((folder or Path()) / written)
    known = bank_ids()
    if written not in known:
        near = suggestion(written, known)
        raise ExamgenError(
            f"there is no question '{written}' in the bank{near}; a file of yours ends in .yaml"
        )
    text = files("question_bank").joinpath(f"{written}.yaml").read_text(encoding="utf-8")
    return parse_template(text, f"question_bank/{written}.yaml")
