"""Reads the cells of answer files, each distinct text once, in one decimal notation a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from grader.arrays import Bools, Codes, Counts, Floats, Indices
from grader.reading.numbers import DecimalSign, Number, read_number
from grader.reading.tabular import Marks, unmarked

BLANK, NUMBER, UNREADABLE, TEXT = range(4)

# A decimal sign for sure: a thousands mark has one to three digits before it, three behind it.
_EVIDENCE = r"^\s*[^\s\w.,]?\s*(0*SIGN\d+|\d+SIGN(\d{1,2}|\d{4,})|\d{4,}SIGN\d+)([^\d.,]|$)"
# What Arrow casts exactly as `read_number` reads it; all else goes to `read_number`.
_PLAIN = r"^-?\d{1,15}(SIGN\d{1,15})?$"


@dataclass(frozen=True)
class CodedCells:
    """Cells as indices into their texts: `codes` is `(submissions, slots)`.

    Texts are distinct; where files have different decimal signs, within those of one sign.
    """

    texts: pa.StringArray
    codes: Codes

    def counts(self, columns: Bools) -> Counts:
        """How often each text stands in the chosen columns, `(texts,)`."""
        counts = np.zeros(len(self.texts), dtype=np.int64)
        for column in np.flatnonzero(columns):
            counts += np.bincount(self.codes[:, column], minlength=len(self.texts))
        return counts


@dataclass(frozen=True)
class Readings:
    """What each distinct text says: its kind, its number (else NaN), and why it is unreadable.

    A text is read as a number, wherever it stands; those that are `faulty` (a date that a
    spreadsheet made, a forged part) are no formula either.
    """

    kinds: NDArray[np.uint8]  # (texts,)
    values: Floats  # (texts,)
    reasons: dict[int, str]
    faulty: frozenset[int] = frozenset()


@dataclass(frozen=True)
class DecimalChoice:
    """The decimal sign of a file, why, and which texts were written with the other one."""

    sign: DecimalSign
    ground: str
    against: Indices


@dataclass(frozen=True)
class Read:
    """Cells, what they say, and the decimal sign of each file."""

    cells: CodedCells
    readings: Readings
    choices: tuple[DecimalChoice, ...]


def code_columns(
    columns: Sequence[pa.ChunkedArray], more: Sequence[str] = ()
) -> tuple[pa.StringArray, list[Codes]]:
    """Dictionary columns as codes `(rows,)` into one array of texts.

    The texts end with those of `more` and an empty one.
    """
    kind = pa.dictionary(pa.int32(), pa.string())
    chunks = [chunk for column in columns for chunk in column.chunks]
    unified = iter(pa.chunked_array(chunks, type=kind).unify_dictionaries().chunks)
    texts, codes = pa.array([], pa.string()), []
    for column in columns:
        parts = [next(unified) for _ in column.chunks]
        texts = parts[0].dictionary if parts else texts
        indices = [part.indices.to_numpy() for part in parts]
        codes.append(np.concatenate(indices) if indices else np.empty(0, dtype=np.int32))
    return pa.concat_arrays([texts, pa.array([*more, ""], pa.string())]), codes


def read_cells(
    cells: CodedCells,
    numeric: Bools,
    file_of: Indices,
    delimiters: Sequence[str],
    forced: DecimalSign | None = None,
) -> Read:
    """Read every cell of a number slot in the notation of its file; the others are blank or text.

    `file_of` `(submissions,)` are indices into `delimiters`, one for each file.
    """
    marks = unmarked(cells.texts)
    choices = _choices(marks, cells.codes[:, numeric], file_of, delimiters, forced)
    comma = np.array([choice.sign == "comma" for choice in choices], dtype=bool)
    codes, texts, signs = cells.codes, marks, np.full(len(marks.texts), comma.any())
    if comma.any() and not comma.all():
        codes, texts = _apart(cells.codes, comma[file_of], marks)
        signs = np.repeat([False, True], len(marks.texts))
        choices = [_apart_choice(choice, len(marks.texts)) for choice in choices]
    apart = CodedCells(texts.texts, codes)
    readings = _read(texts, apart.counts(numeric) > 0, signs & ~texts.is_number)
    return Read(apart, readings, tuple(choices))


def _apart(codes: Codes, comma: Bools, marks: Marks) -> tuple[Codes, Marks]:
    """Each text twice: as files with a decimal point have it, then as those with a comma do."""
    count = len(marks.texts)
    faults = marks.faults | {code + count: fault for code, fault in marks.faults.items()}
    texts = pa.concat_arrays([marks.texts, marks.texts])
    shifted = np.asfortranarray(codes + np.int32(count) * comma[:, None].astype(np.int32))
    return shifted, Marks(texts, np.tile(marks.is_number, 2), faults)


def _apart_choice(choice: DecimalChoice, texts: int) -> DecimalChoice:
    shift = texts if choice.sign == "comma" else 0
    return DecimalChoice(choice.sign, choice.ground, choice.against + shift)


def _choices(
    marks: Marks,
    codes: Codes,
    file_of: Indices,
    delimiters: Sequence[str],
    forced: DecimalSign | None,
) -> list[DecimalChoice]:
    """Decide once for a whole file, from all cells of its number slots, or as forced."""
    votes = ~marks.is_number
    votes[list(marks.faults)] = False
    shown = [votes & _shows(marks.texts, sign) for sign in (",", r"\.")]
    commas, points = (_per_file(shows, codes, file_of, len(delimiters)) for shows in shown)
    against: dict[str, Indices] = {
        "comma": np.flatnonzero(shown[1]),
        "point": np.flatnonzero(shown[0]),
    }
    decided = [
        _decide(comma, point, forced, delimiter)
        for comma, point, delimiter in zip(commas, points, delimiters, strict=True)
    ]
    return [DecimalChoice(sign, ground, against[sign]) for sign, ground in decided]


def _per_file(shows: Bools, codes: Codes, file_of: Indices, files: int) -> list[int]:
    """How many cells of each file show something."""
    if not shows.any():
        return [0] * files
    rows = sum((shows[column] for column in codes.T), np.zeros(len(codes), dtype=np.int64))
    per_file: list[int] = np.bincount(file_of, rows, files).astype(np.int64).tolist()
    return per_file


def _read(texts: Marks, asked: Bools, comma: Bools) -> Readings:
    """Read the texts that are asked for, those marked in `comma` with a decimal comma."""
    blank = pc.equal(pc.utf8_trim_whitespace(texts.texts), "").to_numpy(zero_copy_only=False)
    faulty = list(texts.faults)
    blank[faulty] = False
    kinds = np.where(blank, BLANK, TEXT).astype(np.uint8)
    values, reasons = np.full(len(kinds), np.nan), dict(texts.faults)
    kinds[faulty] = UNREADABLE
    slow = asked & (kinds == TEXT)
    for sign, having in (("point", ~comma), ("comma", comma)):
        plain = slow & having
        if plain.any():
            plain &= _plain(texts.texts, sign)
            kinds[plain] = NUMBER
            values[plain] = _cast(texts.texts.filter(pa.array(plain)), sign)
    for i in np.flatnonzero(slow & (kinds == TEXT)).tolist():
        number = read_number(texts.texts[i].as_py(), "comma" if comma[i] else "point")
        if isinstance(number, Number):
            kinds[i], values[i] = NUMBER, number.value
        elif number is None:
            kinds[i] = BLANK
        else:
            kinds[i], reasons[i] = UNREADABLE, str(number)
    return Readings(kinds, values, reasons, frozenset(faulty))


def _shows(texts: pa.StringArray, sign: Literal[",", r"\."]) -> Bools:
    other = "." if sign == "," else ","
    evident = pc.match_substring_regex(texts, _EVIDENCE.replace("SIGN", sign))
    shows: Bools = pc.and_(evident, pc.invert(pc.match_substring(texts, other))).to_numpy(
        zero_copy_only=False
    )
    return shows


def _decide(
    commas: int, points: int, forced: DecimalSign | None, delimiter: str
) -> tuple[DecimalSign, str]:
    found = f"cells with a decimal comma: {commas:,}, with a point: {points:,}"
    if forced:
        return forced, f"as told; {found}"
    if commas == points:
        sign: DecimalSign = "comma" if delimiter == ";" else "point"
        return sign, f"as usual between '{delimiter}'; {found}"
    return ("comma" if commas > points else "point"), found


def _plain(texts: pa.StringArray, decimal: str) -> Bools:
    pattern = _PLAIN.replace("SIGN", "," if decimal == "comma" else r"\.")
    plain: Bools = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return plain


def _cast(texts: pa.StringArray, decimal: str) -> Floats:
    if decimal == "comma":
        texts = pc.replace_substring(texts, ",", ".")
    values: Floats = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return values
