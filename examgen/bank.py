"""The question bank: one YAML file a question, installed with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from examgen.errors import ExamgenError, suggestion
from examgen.files import read_text
from examgen.template import MOST_BYTES, Template, parse_template, parse_templates


def bank_ids() -> list[str]:
    """Ids of all questions of the bank, in order."""
    entries = files("question_bank").iterdir()
    return sorted(e.name.removesuffix(".yaml") for e in entries if e.name.endswith(".yaml"))


def find_template(written: str, folder: Path | None = None, structure: int = 0) -> Template:
    """A structure of a template by its id in the bank, or of a file (`.yaml`) below `folder`.

    Raises ExamgenError for an unknown id, naming the nearest one, and for a faulty file.
    """
    return parse_template(*_text(written, folder), structure)


def find_templates(written: str, folder: Path | None = None) -> tuple[Template, ...]:
    """All structures of a template; found and refused as `find_template` does."""
    return parse_templates(*_text(written, folder))


def is_file(written: str) -> bool:
    """Whether what was written names a file, and no question of the bank."""
    return written.endswith((".yaml", ".yml")) or "/" in written


def _text(written: str, folder: Path | None) -> tuple[str, str]:
    """The text of a template, and what to call it in problems."""
    if is_file(written):
        path = (folder or Path()) / written
        return read_text(path, MOST_BYTES), str(path)
    known = bank_ids()
    if written not in known:
        near = suggestion(written, known)
        raise ExamgenError(
            f"there is no question '{written}' in the bank{near}; a file of yours ends in .yaml"
        )
    text = files("question_bank").joinpath(f"{written}.yaml").read_text(encoding="utf-8")
    return text, f"question_bank/{written}.yaml"
