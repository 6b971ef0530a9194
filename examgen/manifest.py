"""The manifest: the one file that says all the grader needs of a built exam.

JSON with a format name, a version and the SHA-256 of its content. It is columnar, so that a class
of a million parses in seconds: numbers stand in columns as `examgen.columns` prints them (`nan`:
not asked of this student), texts in arrays; both run over the students.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from examgen.columns import read_column
from examgen.errors import ExamgenError, Problem, suggestion
from examgen.files import replacing

FORMAT = "examgen-manifest"
VERSION = 2
_BEFORE_CONTENT = b'"content":'
MAX_BYTES = 2**31 - 1  # what one Arrow string holds; a million students need about 400 MB


@dataclass(frozen=True)
class ExamRecord:
    """Which exam this is: its printed head, its seed, and the id that tells two exams apart."""

    id: str
    title: str
    course: str
    date: str
    language: str
    seed: int


@dataclass(frozen=True)
class TemplateRecord:
    """The YAML text a question was drawn from, and its SHA-256."""

    sha256: str
    text: str


@dataclass(frozen=True)
class Slot:
    """One answer slot: its stable id, what it asks for, and what it is worth.

    follow_through: the share of the points for what follows from an earlier wrong answer.
    partial: the share of the points for a known mistake, by the mistake's name.
    """

    id: str
    part: str
    kind: Literal["number", "formula"]
    points: float
    decimals: int | None
    label: str
    quantity: str
    follow_through: float = 1.0
    partial: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Rubric:
    """What holds for the whole exam.

    penalty: the share of its points that a wrong answer costs. round_to: totals are rounded, half
    up, to a multiple of it; None: not at all.
    """

    penalty: float = 0.0
    round_to: float | None = None


@dataclass(frozen=True)
class Question:
    """One question of the paper; `templates` are those that its variants were drawn from."""

    id: str
    title: str
    points: float
    templates: tuple[str, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Students:
    """The roster in paper order, ids verbatim; all columns are equally long."""

    student: tuple[str, ...]
    name: tuple[str, ...]
    group: tuple[str, ...]
    email: tuple[str, ...]
    code: tuple[str, ...]
    variant: str

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True)
class NumberKey:
    """The right number of each student and how far an honest answer may lie, as columns."""

    expected: str
    tolerance: str


@dataclass(frozen=True)
class FormulaKey:
    """The right formula of each template of the question; empty where the template has none."""

    formula: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """All that the grader needs: exam, template texts, slots, roster, drawn numbers and key.

    `asked`, by question id: the column of which of the question's templates each student got.
    `given`, by question id and name: the numbers printed for each student, or a tuple of texts.
    `key`, by slot id.
    """

    exam: ExamRecord
    templates: Mapping[str, TemplateRecord]
    questions: tuple[Question, ...]
    students: Students
    asked: Mapping[str, str]
    given: Mapping[str, Mapping[str, str | tuple[str, ...]]]
    key: Mapping[str, NumberKey | FormulaKey]
    rubric: Rubric = field(default_factory=Rubric)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All slots in paper order."""
        return tuple(slot for question in self.questions for slot in question.slots)

    def expected(self, slot_id: str) -> NDArray[np.float64]:
        """The key of a number slot, `(students,)`; NaN where it was not asked."""
        return read_column(self._number_key(slot_id).expected)

    def tolerance(self, slot_id: str) -> NDArray[np.float64]:
        """How far from the key an answer may lie, `(students,)`."""
        return read_column(self._number_key(slot_id).tolerance)

    def template_of(self, question_id: str) -> NDArray[np.int64]:
        """Each student's template as an index into the question's templates, `(students,)`."""
        return read_column(self.asked[question_id]).astype(np.int64)

    def formulas(self, slot_id: str) -> tuple[str, ...]:
        """The right formulas of a formula slot, one a template of its question."""
        key = self.key[slot_id]
        assert isinstance(key, FormulaKey), f"bug: {slot_id} is no formula slot"
        return key.formula

    def givens(self, question_id: str, name: str) -> NDArray[np.float64]:
        """The printed numbers of one given, `(students,)`; NaN where a student had none."""
        column = self.given[question_id][name]
        assert isinstance(column, str), f"bug: {name} of {question_id} is no number"
        return read_column(column)

    def _number_key(self, slot_id: str) -> NumberKey:
        key = self.key[slot_id]
        assert isinstance(key, NumberKey), f"bug: {slot_id} is no number slot"
        return key


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
        if template not in manifest.templates:
            hint = suggestion(template, manifest.templates)
            yield Problem(f"unknown template '{template}'{hint}", path=question.id)
    for slot in question.slots:
        kind = NumberKey if slot.kind == "number" else FormulaKey
        key = manifest.key.get(slot.id)
        if not isinstance(key, kind):
            yield Problem(f"no {slot.kind} key for this slot", path=f"key.{slot.id}")
        elif isinstance(key, FormulaKey) and len(key.formula) != len(question.templates):
            yield Problem("not one formula a template", path=f"key.{slot.id}")


def _column_lengths(manifest: Manifest) -> Iterator[tuple[str, int]]:
    for column in fields(Students):
        yield f"students.{column.name}", _length(getattr(manifest.students, column.name))
    for question, asked in manifest.asked.items():
        yield f"asked.{question}", _length(asked)
    for question, columns in manifest.given.items():
        for name, values in columns.items():
            yield f"given.{question}.{name}", _length(values)
    for slot, key in manifest.key.items():
        if isinstance(key, NumberKey):
            yield f"key.{slot}.expected", _length(key.expected)
            yield f"key.{slot}.tolerance", _length(key.tolerance)


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
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [_plain(item) for item in value]
    return value


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _sha256(content: bytes | memoryview) -> str:
    return hashlib.sha256(content).hexdigest()
