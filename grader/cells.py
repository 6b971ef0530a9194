"""Reads the cells of an answer file, each distinct text once, in one decimal notation a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from grader.numbers import Decimal, Number, read_number

BLANK, NUMBER, UNREADABLE, TEXT = range(4)

# A decimal sign for sure: a thousands mark has one to three digits before it, three behind it.
_EVIDENCE = r"^\s*[^\s\w.,]?\s*(0*SIGN\d+|\d+SIGN(\d{1,2}|\d{4,})|\d{4,}SIGN\d+)([^\d.,]|$)"
# What Arrow casts exactly as `read_number` reads it; all else goes to `read_number`.
_PLAIN = r"^-?\d{1,15}(SIGN\d{1,15})?$"


@dataclass(frozen=True)
class CodedCells:
    """Cells as indices into their distinct texts: `codes` is `(rows, slots)`."""

    texts: pa.StringArray
    codes: NDArray[np.int32]

    def counts(self, columns: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How often each text stands in the chosen columns, `(texts,)`."""
        counts = np.zeros(len(self.texts), dtype=np.int64)
        for column in np.flatnonzero(columns):
            counts += np.bincount(self.codes[:, column], minlength=len(self.texts))
        return counts


@dataclass(frozen=True)
class Readings:
    """What each distinct text says: its kind, its number (else NaN), and why it is unreadable."""

    kinds: NDArray[np.uint8]  # (texts,)
    values: NDArray[np.float64]  # (texts,)
    reasons: dict[int, str]


@dataclass(frozen=True)
class DecimalChoice:
    """The decimal sign of a file, why, and which texts were written with the other one."""

    sign: Decimal
    ground: str
    against: NDArray[np.int64]


def code_cells(columns: pa.Table, rows: NDArray[np.int64], places: list[int | None]) -> CodedCells:
    """Cells of the chosen rows; `places` is each slot's column, None (all blank) where missing."""
    chunks = [chunk for column in columns.columns for chunk in column.chunks]
    unified = pa.chunked_array(chunks, type=pa.dictionary(pa.int32(), pa.string()))
    chunks = unified.unify_dictionaries().chunks
    texts = chunks[0].dictionary if chunks else pa.array([], pa.string())
    each = len(chunks) // max(1, columns.num_columns)
    codes = np.full((len(places), len(rows)), len(texts), dtype=np.int32).T
    for slot, place in enumerate(places):
        if place is not None and each:
            indices = pa.chunked_array([c.indices for c in chunks[place * each :][:each]])
            codes[:, slot] = indices.to_numpy()[rows]
    return CodedCells(pa.concat_arrays([texts, pa.array([""])]), codes)


def choose_decimal(
    cells: CodedCells, numeric: NDArray[np.bool_], forced: Decimal | None, delimiter: str
) -> DecimalChoice:
    """Decide once for a whole file, from all cells of its number slots, or as forced."""
    counts = cells.counts(numeric)
    commas, points = (counts * _shows(cells.texts, sign) for sign in (",", r"\."))
    sign, ground = _decide(int(commas.sum()), int(points.sum()), forced, delimiter)
    return DecimalChoice(sign, ground, np.flatnonzero(commas if sign == "point" else points))


def read_cells(cells: CodedCells, numeric: NDArray[np.bool_], decimal: Decimal) -> Readings:
    """Read every text that stands in a number slot; the others are blank or `TEXT`."""
    texts = cells.texts
    blank = pc.equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False)
    kinds = np.where(blank, BLANK, TEXT).astype(np.uint8)
    values, reasons = np.full(len(texts), np.nan), {}
    asked = cells.counts(numeric) > 0
    plain = asked & _plain(texts, decimal)
    kinds[plain], values[plain] = NUMBER, _cast(texts.filter(pa.array(plain)), decimal)
    for i in np.flatnonzero(asked & ~plain & ~blank).tolist():
        number = read_number(texts[i].as_py(), decimal)
        if isinstance(number, Number):
            kinds[i], values[i] = NUMBER, number.value
        elif number is None:
            kinds[i] = BLANK
        else:
            kinds[i], reasons[i] = UNREADABLE, str(number)
    return Readings(kinds, values, reasons)


def _shows(texts: pa.StringArray, sign: Literal[",", r"\."]) -> NDArray[np.bool_]:
    other = "." if sign == "," else ","
    evident = pc.match_substring_regex(texts, _EVIDENCE.replace("SIGN", sign))
    shows: NDArray[np.bool_] = pc.and_(
        evident, pc.invert(pc.match_substring(texts, other))
    ).to_numpy(zero_copy_only=False)
    return shows


def _decide(
    commas: int, points: int, forced: Decimal | None, delimiter: str
) -> tuple[Decimal, str]:
    found = f"cells with a decimal comma: {commas:,}, with a point: {points:,}"
    if forced:
        return forced, f"as told; {found}"
    if commas == points:
        sign: Decimal = "comma" if delimiter == ";" else "point"
        return sign, f"as usual between '{delimiter}'; {found}"
    return ("comma" if commas > points else "point"), found


def _plain(texts: pa.StringArray, decimal: Decimal) -> NDArray[np.bool_]:
    pattern = _PLAIN.replace("SIGN", "," if decimal == "comma" else r"\.")
    plain: NDArray[np.bool_] = pc.match_substring_regex(texts, pattern).to_numpy(
        zero_copy_only=False
    )
    return plain


def _cast(texts: pa.StringArray, decimal: Decimal) -> NDArray[np.float64]:
    if decimal == "comma":
        texts = pc.replace_substring(texts, ",", ".")
    values: NDArray[np.float64] = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return values
