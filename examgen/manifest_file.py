"""The manifest as a file: JSON with a format name, a version and the SHA-256 of its content."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.files import replacing
from examgen.manifest import (
    FormulaKey,
    Manifest,
    NumberKey,
    Question,
    Students,
    TemplateRecord,
    file_of,
)

FORMAT = "examgen-manifest"
VERSION = 3
"""Version 2 has no structures, and is read as it is: what is new in 3 may be absent."""
_BEFORE_CONTENT = b'"content":'
MAX_BYTES = 2**31 - 1  # what one Arrow string holds; a million students need about 400 MB


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write the manifest, readable by its owner only, in one step; the same bytes every time."""
    content = _canonical(_plain(manifest))
    head = f'{{"format":"{FORMAT}","version":{VERSION},"sha256":"{_sha256(content)}","content":'
    with replacing(path, mode=0o600) as temporary, temporary.open("wb") as file:
        file.writelines((head.encode(), content, b"}\n"))


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; `ExamgenError` for what is none, is newer, was cut off or was changed."""
    try:
        raw = _read_bytes(path)
        document = _parse(raw)
        _check_head(document)
        _check_sum(document, raw)
        manifest = _decode(document["content"])
    except ExamgenError as error:
        raise ExamgenError(p.at(file=str(path)) for p in error.problems) from error
    if problems := [problem.at(file=str(path)) for problem in _problems(manifest)]:
        raise ExamgenError(problems)
    return manifest


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)  # a device has no size to ask for
    except OSError as error:
        raise ExamgenError(f"cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise ExamgenError(f"larger than {MAX_BYTES:,} bytes: not a manifest of this program")
    return raw


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        started = raw.lstrip()[:40].startswith(b'{"format":"' + FORMAT.encode())
        if started and not raw.rstrip().endswith(b"}"):
            raise ExamgenError("the manifest is cut off: copy it again from the build") from error
        raise ExamgenError(f"not a manifest: no JSON ({error})") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ExamgenError(f"not a manifest: its format is not '{FORMAT}'")
    return document


def _check_head(document: Mapping[str, Any]) -> None:
    version = document.get("version")
    if not isinstance(version, int):
        raise ExamgenError("the manifest has no version")
    if version > VERSION:
        raise ExamgenError(
            f"written by a newer program: version {version}, this one reads up to {VERSION}"
        )


def _check_sum(document: Mapping[str, Any], raw: bytes) -> None:
    """Compare the checksum, first with the bytes as they stand, since dumping again is slow."""
    declared = document.get("sha256")
    start = raw.find(_BEFORE_CONTENT) + len(_BEFORE_CONTENT)
    if _sha256(memoryview(raw)[start : raw.rfind(b"}")]) == declared:
        return
    if _sha256(_canonical(document.get("content"))) != declared:
        raise ExamgenError(
            "the manifest was changed after it was built: its checksum does not match"
        )


def _decode(content: Any) -> Manifest:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Manifest).validate_python(content)
    except ValidationError as error:
        raise ExamgenError(
            Problem(e["msg"], path=".".join(map(str, e["loc"]))) for e in error.errors()
        ) from error


def _problems(manifest: Manifest) -> Iterator[Problem]:
    yield from _repeated("question", [question.id for question in manifest.questions])
    yield from _repeated("slot", [slot.id for slot in manifest.slots])
    yield from _repeated("student", manifest.students.student)
    for path, length in _column_lengths(manifest):
        if length != len(manifest.students):
            yield Problem(f"{length} values for {len(manifest.students)} students", path=path)
    for question in manifest.questions:
        yield from _question_problems(manifest, question)


def _repeated(kind: str, ids: Sequence[str]) -> Iterator[Problem]:
    if len(set(ids)) < len(ids):
        twice, _ = Counter(ids).most_common(1)[0]
        yield Problem(f"{kind} '{twice}' stands there twice")


def _question_problems(manifest: Manifest, question: Question) -> Iterator[Problem]:
    if question.id not in manifest.asked:
        yield Problem("no column for this question", path=f"asked.{question.id}")
    for template in question.templates:
        if not _is_known(template, manifest.templates):
            hint = suggestion(file_of(template), manifest.templates)
            yield Problem(f"unknown template '{template}'{hint}", path=question.id)
    for slot in question.slots:
        if slot.forms and len(slot.forms) != len(question.templates):
            yield Problem("not one form a template", path=slot.id)
        kind = NumberKey if slot.kind == "number" else FormulaKey
        key = manifest.key.get(slot.id)
        if not isinstance(key, kind):
            yield Problem(f"no {slot.kind} key for this slot", path=f"key.{slot.id}")
        elif isinstance(key, FormulaKey) and len(key.formula) != len(question.templates):
            yield Problem("not one formula a template", path=f"key.{slot.id}")


def _is_known(template: str, templates: Mapping[str, TemplateRecord]) -> bool:
    """Whether there is the file, and in it the structure."""
    file, _, number = template.partition("#")
    if file not in templates:
        return False
    structures = len(templates[file].structures)
    return not number or (number.isdecimal() and 1 <= int(number) <= structures)


def _column_lengths(manifest: Manifest) -> Iterator[tuple[str, int]]:
    for one in fields(Students):
        yield f"students.{one.name}", _length(getattr(manifest.students, one.name))
    for question, asked in manifest.asked.items():
        yield f"asked.{question}", _length(asked)
    for question, columns in manifest.given.items():
        for name, values in columns.items():
            yield f"given.{question}.{name}", _length(values)
    for slot, key in manifest.key.items():
        if isinstance(key, NumberKey):
            yield f"key.{slot}.expected", _length(key.expected)
            yield f"key.{slot}.tolerance", _length(key.tolerance)
    for question, fairness in manifest.fairness.items():
        for name, column in {"score": fairness.score, **fairness.effort}.items():
            if column:
                yield f"fairness.{question}.{name}", _length(column)


def _length(column: str | tuple[str, ...]) -> int:
    if isinstance(column, str):
        return column.count(" ") + 1 if column else 0
    return len(column)


def _plain(value: Any) -> Any:
    """Dataclasses as dictionaries; columns are passed on uncopied."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple) and value and not isinstance(value[0], str):
        return [_plain(item) for item in value]
    return value


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _sha256(content: bytes | memoryview) -> str:
    return hashlib.sha256(content).hexdigest()
