"""Questions to begin with: one working file a topology and language, with comments."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.files import write_atomically
from examgen.text import Language

LONGEST_ID = 60
SCHEMA = "examgen.schema.json"
"""The file that editors complete and explain questions from."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
_PLACEHOLDER = "my-question"


def topologies() -> list[str]:
    """The topologies there is a question for."""
    entries = files("examgen.starters").joinpath("en").iterdir()
    return sorted(e.name.removesuffix(".yaml") for e in entries if e.name.endswith(".yaml"))


def starter(question: str, topology: str, language: Language = "en") -> str:
    """The text of a question of that id to begin with.

    Raises ExamgenError for an id that no question can have, and for an unknown topology.
    """
    if not _ID.fullmatch(question) or len(question) > LONGEST_ID:
        raise ExamgenError(
            f"found the id '{question[:LONGEST_ID]}', expected at most {LONGEST_ID} lower-case "
            "letters, digits and hyphens, such as my-question"
        )
    if topology not in topologies():
        near = suggestion(topology, topologies())
        raise ExamgenError(f"'{topology}' is no topology{near}")
    path = files("examgen.starters").joinpath(language, f"{topology}.yaml")
    return path.read_text(encoding="utf-8").replace(_PLACEHOLDER, question, 1)


def write_starter(
    question: str,
    topology: str,
    path: Path,
    language: Language = "en",
    schema: str = "",
) -> Path:
    """Write a question to begin with, and return where it is; a file that is there is kept.

    path: the file, or the folder that a file named after the id goes to. schema: a JSON Schema to
    write beside it, anew where there is one; the first line then tells editors of it. Raises
    ExamgenError.
    """
    text = starter(question, topology, language)
    if path.is_dir():
        path = path / f"{question}.yaml"
    if path.suffix not in (".yaml", ".yml"):
        raise ExamgenError(Problem("expected a name that ends in .yaml", file=str(path)))
    hint = f"# yaml-language-server: $schema={SCHEMA}\n" if schema else ""
    _write_new(path, hint + text)
    if schema:
        write_atomically(path.parent / SCHEMA, schema)
    return path


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; two that try at once do not both succeed."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise ExamgenError(Problem("is there already, and is kept", file=str(path))) from None
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise ExamgenError(Problem(message, file=str(path))) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
