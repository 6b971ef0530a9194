"""One structure of a document: every reference replaced, every place with its line in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from examgen.choices.alternatives import (
    LANGUAGES,
    REFERENCE,
    is_text,
    kind_of,
    places_in,
    spoken,
    texts,
    worded,
)
from examgen.choices.offers import FIELD
from examgen.errors import ExamgenError, Problem
from examgen.strict_yaml import MOST_BYTES, Data, KeyPath, Located


class Writer:
    """Writes one structure, and keeps the line of every place, and how much there is to write."""

    def __init__(self, source: Located, chosen: Mapping[str, Data]) -> None:
        self.source = source
        self.chosen = chosen
        self.lines: dict[KeyPath, int] = {}
        self.problems: list[Problem] = []
        self._room = MOST_BYTES

    def write(self, data: Data, old: KeyPath, new: KeyPath, language: str | None) -> Data:
        """The data of one place; `old` is its place in the file, `new` in the structure.

        language: of the text that it belongs to, if it is in one.
        """
        self.lines[new] = self.source.line(old)
        if isinstance(data, dict):
            return self._mapping(data, old, new, language)
        if isinstance(data, list):
            return [
                self.write(value, (*old, number), (*new, number), language)
                for number, value in enumerate(data)
            ]
        return self._text(data, old, new, language) if isinstance(data, str) else data

    def _mapping(
        self, data: Mapping[str, Data], old: KeyPath, new: KeyPath, language: str | None
    ) -> dict[str, Data]:
        written: dict[str, Data] = {}
        for key, value in data.items():
            place = (*old, key)
            if not old and key == FIELD:  # the offer itself
                written[key] = value
                self.lines[(key,)] = self.source.line(place)
                continue
            name = self._filled(key, place, None)
            if name in written:
                self._refuse(place, f"'{name}' is given twice")
            spoken = key if key in LANGUAGES else language
            written[name] = self.write(value, place, (*new, name), spoken)
        return written

    def _text(self, text: str, old: KeyPath, new: KeyPath, language: str | None) -> Data:
        """A text with its references replaced; where their languages differ, one a language."""
        alone = REFERENCE.fullmatch(text)
        if alone and alone[1] in self.chosen:
            return self._alone(self._meant(alone), old, new, language)
        if language is not None:
            return self._filled(text, old, language)
        languages = {
            each: None
            for reference in REFERENCE.finditer(text)
            if is_text(meant := self._meant(reference)) and isinstance(meant, dict)
            for each in meant
        }
        if not languages:
            return self._filled(text, old, None)
        self.lines |= {(*new, each): self.lines[new] for each in languages}
        return {each: self._filled(text, old, each) for each in languages}

    def _alone(self, value: Data, old: KeyPath, new: KeyPath, language: str | None) -> Data:
        """An alternative in a place of its own: itself, or its text in the language there."""
        if language is not None and isinstance(value, dict) and is_text(value):
            value = spoken(value, language)
        inside = list(places_in(value))
        self._spend(sum(map(len, texts(value))) + len(inside), old)
        for place in inside:
            self.lines[(*new, *place)] = self.lines[new]
        return value

    def _filled(self, text: str, old: KeyPath, language: str | None) -> str:
        """A text with the references of it replaced by texts."""

        def words(reference: re.Match[str]) -> str:
            value = self._meant(reference)
            if isinstance(value, dict) and is_text(value) and language is not None:
                value = spoken(value, language)
            if isinstance(value, dict | list):
                self._refuse(old, f"{reference[0]} is {kind_of(value)}: it fits no text")
                return reference[0]
            written = worded(value)
            self._spend(len(written), old)
            return written

        return REFERENCE.sub(words, text)

    def _meant(self, reference: re.Match[str]) -> Data:
        """What a reference stands for; itself where it stands for nothing."""
        name, field = reference[1], reference[2]
        value = self.chosen.get(name, reference[0])
        if field is None or name not in self.chosen:
            return value
        return value.get(field, reference[0]) if isinstance(value, dict) else reference[0]

    def _refuse(self, path: KeyPath, message: str) -> None:
        self.problems.append(self.source.problem(path, message))

    def _spend(self, size: int, path: KeyPath) -> None:
        """Raises ExamgenError where the alternatives make the document too large."""
        self._room -= size
        if self._room < 0:
            message = f"the alternatives make this file larger than {MOST_BYTES >> 10} KiB"
            raise ExamgenError(self.source.problem(path, message))
