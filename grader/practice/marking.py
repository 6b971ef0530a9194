"""Marks the responses of a round: the grader's own verdicts, for one variant of a question.

Numbers that a round tells are passed as responses, as they are printed: a student goes on from
them. So what follows is computed from them, and a mistake is not looked for on the way to them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, partial

import numpy as np

from examgen.boxes import answer_box
from examgen.errors import visible
from examgen.misconceptions import Misconception
from examgen.text import Language
from examgen.tolerance import tolerances
from examgen.variant import Variants
from grader.arrays import Bools, Floats
from grader.feedback.unread import in_language
from grader.marking.either_sign import read_alone, read_either
from grader.marking.formulas import Judgement, judge_formula
from grader.marking.graphs import Graphs
from grader.marking.judge import Behind, Judge
from grader.marking.numbers import Numbers
from grader.marking.reasons import Sentences
from grader.marking.rounded import is_coarse, is_rounded
from grader.marking.verdicts import Reason, Verdict, is_right
from grader.practice.trails import trail
from grader.practice.values import Feedback, Judged
from grader.reading.numbers import DecimalSign, Number, Unreadable

_VERDICTS: Mapping[Verdict, Judged] = {
    Verdict.RIGHT: "right",
    Verdict.FOLLOWS: "follows",
    Verdict.KNOWN_MISTAKE: "mistake",
    Verdict.WRONG: "wrong",
}

ROUNDED: Mapping[Language, tuple[str, str, str]] = {
    "en": (
        "Rounded to a whole number it is ${number}$.",
        "Rounded to 1 decimal it is ${number}$.",
        "Rounded to {places} decimals it is ${number}$.",
    ),
    "de": (
        "Auf eine ganze Zahl gerundet ist es ${number}$.",
        "Auf 1 Nachkommastelle gerundet ist es ${number}$.",
        "Auf {places} Nachkommastellen gerundet ist es ${number}$.",
    ),
}
"""What a right number is to the decimals asked: to none, to one, to more."""

COARSE: Mapping[Language, str] = {
    "en": "It is right as far as it goes, but rounded too coarsely: {places} decimals are asked.",
    "de": "So weit stimmt es, ist aber zu grob gerundet: {places} Nachkommastellen sind gefragt.",
}

UNNAMED: Mapping[Language, str] = {
    "en": "No known mistake leads to this answer.",
    "de": "Kein bekannter Fehler führt zu dieser Antwort.",
}

SIGN: Mapping[Language, str] = {
    "en": "Only its sign is wrong.",
    "de": "Nur das Vorzeichen ist falsch.",
}

SWAPPED: Mapping[Language, tuple[str, str]] = {
    "en": ("This is the answer to ${x}$.", "This is the answer to ${x}$ and to ${y}$."),
    "de": ("Das ist die Antwort zu ${x}$.", "Das ist die Antwort zu ${x}$ und zu ${y}$."),
}
"""What a wrong number is that is right for another slot, or for two."""

DOUBTFUL: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "a comma, where this file has decimal points": (
            "a comma: a decimal sign, or a mark between thousands? Write a point"
        ),
        "a point, where this file has decimal commas": (
            "a point: a decimal sign, or a mark between thousands? Write a comma"
        ),
    },
    "de": {
        "a comma, where this file has decimal points": (
            "ein Komma: ein Dezimal- oder ein Tausenderzeichen? Schreiben Sie einen Punkt"
        ),
        "a point, where this file has decimal commas": (
            "ein Punkt: ein Dezimal- oder ein Tausenderzeichen? Schreiben Sie ein Komma"
        ),
    },
}
"""What the readers say of a whole file, for one answer."""

Read = Number | Unreadable | None


class Marker:
    """Marks responses to one variant of a template; several threads may use it.

    row: the variant. decimal: the sign that is tried first. graphs: of the same template, where a
    marker of another variant has them: all that is costly is in there. sure: a decimal sign that no
    student sets between thousands. seen: the slots that are asked or told here, None for all.
    """

    def __init__(
        self,
        variants: Variants,
        row: int = 0,
        language: Language = "en",
        decimal: DecimalSign = "point",
        graphs: Graphs | None = None,
        sure: DecimalSign | None = None,
        seen: Collection[str] | None = None,
    ) -> None:
        template = variants.template
        self.graphs = graphs or Graphs(template)
        self._variants = Variants(template, variants.draw.part(np.array([row])))
        self._language = language
        self._decimal, self._sure = decimal, sure
        self._slots = template.slots
        self._places = {slot.id: place for place, slot in enumerate(self._slots)}
        self._seen = [place for slot, place in self._places.items() if seen is None or slot in seen]

    def prepare(self, asked: Sequence[str] | None = None) -> None:
        """Make ahead what takes long: for the slots that are asked, by default for all."""
        _ = self._key
        for slot in self._places if asked is None else asked:
            self.graphs.prepare(self._places[slot])

    def mark(self, responses: Mapping[str, str], asked: Sequence[str]) -> dict[str, Feedback]:
        """What is said of the responses to the slots that are asked, but for blank ones.

        responses: by slot, of all that the student goes on from, those to mark among them; what
        cannot be read counts as not given. Raises KeyError for a slot that there is not.
        """
        texts = {self._places[slot]: text for slot, text in responses.items()}
        read = {place: self._read(text) for place, text in texts.items() if self._is_number(place)}
        places = [self._places[slot] for slot in asked]
        numbers = self._numbers(read)
        behind = self._behind(numbers, [place for place in places if place in read])
        found = [
            self._number(place, read.get(place), numbers, behind)
            if self._is_number(place)
            else self._formula(place, texts.get(place, ""))
            for place in places
        ]
        return {one.slot: one for one in found if one is not None}

    # --- numbers -------------------------------------------------------------------------------

    def _is_number(self, place: int) -> bool:
        return self._slots[place].kind == "number"

    def _read(self, text: str) -> Read:
        return read_alone(text, self._decimal, self._sure)

    def _numbers(self, read: Mapping[int, Read]) -> Numbers:
        """What was read, beside what is right; one row."""
        responses = np.full((1, len(self._slots)), np.nan)
        for place, number in read.items():
            if isinstance(number, Number):
                responses[0, place] = number.value
        return Numbers(self._variants.draw.floats(), responses, *self._key)

    @cached_property
    def _key(self) -> tuple[Floats, Floats]:
        """What is right, and how far from it an answer may lie, `(1, slots)` each."""
        expected, tolerance = np.full((2, 1, len(self._slots)), np.nan)
        widths = tolerances(self._variants)
        for place, slot in enumerate(self._slots):
            if slot.kind == "number":
                expected[:, place] = self._variants.expected(slot) + 0.0  # minus zero is zero
                tolerance[:, place] = widths[slot.id]
        return expected, tolerance

    def _behind(self, numbers: Numbers, places: Sequence[int]) -> Behind | None:
        """What lies behind the wrong numbers among those asked, None where there is none."""
        asked = np.zeros(numbers.wrong.shape, bool)
        asked[:, places] = True
        wrong = numbers.wrong & asked
        return self._judge.look_behind(numbers, wrong) if wrong.any() else None

    def _number(
        self, place: int, read: Read, numbers: Numbers, behind: Behind | None
    ) -> Feedback | None:
        """What is said of a number, None for a blank."""
        if isinstance(read, Unreadable):
            return self._unreadable(place, read.reason, read.column)
        if read is None:
            return None
        if numbers.right[0, place]:
            return self._right(place, read)
        assert behind is not None, "bug: nobody looked behind a wrong number"
        verdict = Verdict(int(behind.verdicts[0, place]))
        reason = behind.reason(0, place)
        if verdict is Verdict.WRONG and not reason.rich:
            return self._unexplained(place, read)
        return self._told(place, verdict, reason, behind.mistakes(0, place))

    def _unexplained(self, place: int, number: Number) -> Feedback:
        """What is said of a wrong number that nothing known leads to."""
        slot = self._slots[place]
        if is_coarse(number, float(self._key[0][0, place]), slot.decimals):
            told = COARSE[self._language].format(places=slot.decimals)
            return Feedback(slot.id, "wrong", told, coarse=True)
        return Feedback(slot.id, "wrong", self._guessed(place, number))

    def _guessed(self, place: int, number: Number) -> str:
        """What a wrong number may be that is not just rounded too coarsely."""
        if self._fits(-number.value)[place]:
            return SIGN[self._language]
        if labels := self._swapped(place, number.value)[:2]:
            x, y = labels[0], labels[-1]
            return SWAPPED[self._language][len(labels) - 1].format(x=x, y=y)
        return UNNAMED[self._language]

    def _swapped(self, place: int, value: float) -> list[str]:
        """The symbols of the other slots that a number is right for, in TeX; of those seen.

        None for a number of a single digit, as 0, 1 or 0.5: these come about in too many ways.
        """
        if value == float(f"{value:.0e}"):
            return []
        fits = self._fits(value)
        labels = dict.fromkeys(self._label(other) for other in self._seen if fits[other])
        return [label for label in labels if label != self._label(place)]

    def _fits(self, value: float) -> Bools:
        """The slots that a number is right for, `(slots,)`."""
        expected, tolerance = self._key
        (fits,) = is_right(np.full_like(expected, value), expected, tolerance)
        return np.asarray(fits, bool)

    def _label(self, place: int) -> str:
        """What stands at the box of an answer, in TeX."""
        return answer_box(self._variants.template, self._slots[place], self._language).label

    def _right(self, place: int, number: Number) -> Feedback:
        """The praise of a right number, with what rounding gives where that is another one."""
        slot, (key, _) = self._slots[place], self._key
        printed = self._variants.printed(slot, 0)
        if is_rounded(number, float(key[0, place]), printed, slot.decimals):
            return Feedback(slot.id, "right")
        words = ROUNDED[self._language][min(slot.decimals, 2)]
        return Feedback(slot.id, "rounded", words.format(places=slot.decimals, number=printed))

    # --- formulas ------------------------------------------------------------------------------

    def _formula(self, place: int, text: str) -> Feedback | None:
        """What is said of a formula, None for a blank."""
        read = partial(judge_formula, self.graphs.formula(place))
        judged = read_either(text, read, _is_no_formula, self._decimal, self._sure)
        if judged.verdict == Verdict.BLANK:
            return None
        if judged.verdict == Verdict.UNREADABLE:
            return self._unreadable(place, judged.unreadable, judged.column)
        return self._told(place, judged.verdict, self._judge.reason(judged), judged.mistakes)

    # --- both ----------------------------------------------------------------------------------

    @property
    def _judge(self) -> Judge:
        template = self._variants.template
        return Judge(self.graphs, Sentences(template, self._language, tuple(self._places)))

    def _told(
        self, place: int, verdict: Verdict, reason: Reason, known: Sequence[Misconception]
    ) -> Feedback:
        """A verdict in words, with the way of the first mistake that was named."""
        slot = self._slots[place]
        unnamed = UNNAMED[self._language] if verdict is Verdict.WRONG else ""
        return Feedback(
            slot.id,
            _VERDICTS[verdict],
            _sentence(reason.rich) or unnamed,
            mistakes=reason.mistakes,
            follows=reason.follows,
            trail=trail(self._variants.template, known[0], slot) if known else (),
        )

    def _unreadable(self, place: int, reason: str, column: int | None) -> Feedback:
        note = DOUBTFUL[self._language].get(reason) or in_language(reason, self._language)
        return Feedback(self._slots[place].id, "unreadable", note=visible(note), column=column)


def _is_no_formula(judged: Judgement) -> bool:
    return judged.verdict == Verdict.UNREADABLE


def _sentence(words: str) -> str:
    """Words as a sentence of their own."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(_ENDS) or not words else '.'}"


_ENDS = (".", "!", "?")
