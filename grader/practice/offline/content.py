"""What the page shows of each variant, as fragments of HTML, and what it is marked by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup

from examgen.html.environment import environment
from examgen.html.formulas import expected, prose
from examgen.misconceptions import Misconception
from examgen.misconceptions.titles import mistake_title
from examgen.paper import feedback, variant_sheet
from examgen.printing import define
from examgen.render.style import part_label
from examgen.render.words import WORDS as PAPER_WORDS
from examgen.sheet import AnswerSlot, PartSheet, QuestionSheet, Step
from examgen.slots import Part, Slot
from examgen.solution import Arrival, answer_node, arrivals, symbols_of
from examgen.template import Template
from examgen.text import Language
from examgen.tolerance import tolerances
from examgen.typeset.speech import speech
from examgen.variant import Variants
from grader.marking.graphs import Graphs
from grader.practice.hints import hints
from grader.practice.offline.texts import Texts, Tree, styled_by_data
from grader.practice.offline.words import WORDS
from grader.practice.posed import Posed
from grader.practice.values import Task


def mistakes_data(
    template: Template, known: Sequence[Misconception], texts: Texts, language: Language
) -> dict[str, object]:
    """What to tell who made a mistake: a sentence for each, and a title for each name."""
    told = [one.sentence(template.quantities.symbols, language, True) for one in known]
    return {
        "sentences": [texts.number(styled_by_data(prose(words))) for words in told],
        "titles": {one.name: mistake_title(one.name, language) for one in known},
    }


# --- one template's variants ---------------------------------------------------------------------


@dataclass(frozen=True)
class Pieces:
    """Sets sheets of one language; mathematics outside of prose is read out in it."""

    language: Language

    def macro(self, name: str, *args: object) -> Markup:
        """A piece of a page by its name in the shared templates."""
        pieces = environment().get_template("pieces.html.j2").module
        return Markup(str(getattr(pieces, name)(*args)).strip())

    def posed(self, sheet: QuestionSheet) -> list[Markup]:
        """What is told before the first part: first what is the same in all variants."""
        words = PAPER_WORDS[self.language]
        first = replace(sheet, givens=(), conventions=(), working=())
        last = replace(sheet, stem=(), equations=(), diagram=None, givens=())
        return [
            self.macro("posed", first, words, self.language),
            self.macro("givens", sheet.givens, words.given, self.language),
            self.macro("posed", last, words, self.language),
        ]

    def part(
        self, part: PartSheet, worked: Sequence[Arrival], told: Sequence[str]
    ) -> Mapping[str, Tree]:
        """A part without its slots.

        worked: the steps of its derivation, and the ids of the slots that each arrives at. told:
        paragraphs after them.
        """
        return {
            "id": part.label,
            "label": part_label(part.label),
            "ask": prose(part.ask),
            "note": prose(part.note) if part.note else "",
            "slots": [slot.id for slot in part.slots],
            "worked": [[self.steps([one.step]), *one.slots] for one in worked],
            "told": self.paragraphs(told),
        }

    def box(self, slot: AnswerSlot) -> Mapping[str, Tree]:
        """What stands at the box of an answer."""
        tex = slot.label
        return {
            "label": expected(f"${tex} =$"),
            "name": prose(f"${tex}$"),
            "spoken": speech(tex, self.language),
            "note": slot.hint,
            "length": slot.length,
        }

    def known(self, posed: Posed) -> Mapping[str, Tree]:
        """What is told where a part comes again alone.

        known: a table of it, or nothing. given: the ids of the slots whose answers are in there.
        """
        caption = str(WORDS[self.language]["known"])
        pairs = posed.known
        return {
            "known": self.macro("givens", pairs, caption, self.language) if pairs else "",
            "given": [slot.id for slot in posed.told.slots],
        }

    def steps(self, steps: Sequence[Step]) -> Markup:
        """Steps of a derivation."""
        return self.macro("steps", steps)

    def paragraphs(self, texts: Sequence[str]) -> Markup:
        """Prose."""
        return Markup("").join(Markup("<p>{}</p>").format(prose(text)) for text in texts)


def variants_data(variants: Variants, structure: int, language: Language) -> list[Tree]:
    """Every variant as a tree: its numbers, its key, what is shown.

    structure: which of the programs marks it.
    """
    pieces, keys = Pieces(language), _keys(variants)
    return [
        {"structure": structure, **key, **_shown(variants, row, pieces)}
        for row, key in enumerate(keys)
    ]


def key_data(variants: Variants, row: int) -> Mapping[str, Tree]:
    """What one variant is marked by.

    givens: by name. expected, tolerance, and printed as rounded: by the slot's place, null for
    formulas.
    """
    return list(_keys(variants))[row]


def _keys(variants: Variants) -> Iterator[Mapping[str, Tree]]:
    slots, widths = variants.template.slots, tolerances(variants)
    asked = [slot if slot.kind == "number" else None for slot in slots]
    expected = [slot and (variants.expected(slot) + 0.0).tolist() for slot in asked]
    tolerance = [slot and widths[slot.id].tolist() for slot in asked]
    givens = {name: found.tolist() for name, found in variants.draw.floats().items()}
    for row in range(len(variants.draw)):
        yield {
            "givens": {name: found[row] for name, found in givens.items()},
            "expected": [column and column[row] for column in expected],
            "tolerance": [column and column[row] for column in tolerance],
            "printed": [slot and variants.printed(slot, row) for slot in asked],
        }


def _shown(variants: Variants, row: int, pieces: Pieces) -> Mapping[str, Tree]:
    sheet = variant_sheet(variants, row, pieces.language)
    slots = [slot.id for slot in variants.template.slots]
    worked = arrivals(variants, row, pieces.language, slots)
    told = feedback(variants, row, pieces.language)
    boxes = {box.id: box for part in sheet.parts for box in part.slots}
    alone = {
        part.label: pieces.known(_alone(variants, row, part, pieces.language))
        for part in variants.template.parts
        if part.slots
    }
    return {
        "posed": pieces.posed(sheet),
        "parts": [
            {
                **pieces.part(part, worked[part.label], told.get(part.label, ())),
                **alone.get(part.label, {}),
            }
            for part in sheet.parts
        ],
        "slots": [
            {
                **pieces.box(boxes[slot.id]),
                "answer": expected(_answer(variants, row, slot)),
                "hints": list(_hints(variants, row, slot, pieces)),
            }
            for slot in variants.template.slots
        ],
    }


def _alone(variants: Variants, row: int, part: Part, language: Language) -> Posed:
    """A part as it is asked without the others."""
    template = variants.template
    asked = tuple(slot.id for slot in part.slots)
    task = Task(template.id, template.fingerprint, 0, (), asked)
    one = Variants(template, variants.draw.part(np.array([row])))
    return Posed(task, one, language, lambda: Graphs(template))


def _answer(variants: Variants, row: int, slot: Slot) -> str:
    """The right answer as prose."""
    if slot.kind == "number":
        return f"${variants.printed(slot, row).replace('-', chr(0x2212))}$"
    template = variants.template
    return f"${define(answer_node(template, slot), symbols_of(template, slot))}$"


def _hints(variants: Variants, row: int, slot: Slot, pieces: Pieces) -> Iterator[Tree]:
    """Each step of the derivation, and whether it tells the answer."""
    for hint in hints(variants, row, slot, pieces.language):
        yield [pieces.steps([Step(hint.text, hint.formulas)]), int(hint.answers)]
