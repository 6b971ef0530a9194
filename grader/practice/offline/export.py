"""Exports practice: templates to one file, with numbers that are in no exam."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import numpy as np

from examgen.diagrams import diagram
from examgen.drawing import capacity, draw_variants
from examgen.errors import ExamgenError
from examgen.files import write_atomically
from examgen.manifest import Manifest
from examgen.mistakes import mistakes_of
from examgen.template import Template
from examgen.text import Language, in_language
from examgen.typeset import plain_text
from examgen.variant import Variants
from grader.practice.offline.alone import alone_data
from grader.practice.offline.content import mistakes_data, variants_data
from grader.practice.offline.figures import marked_figures
from grader.practice.offline.formulas import Pools
from grader.practice.offline.grammar import grammar_data
from grader.practice.offline.nodes import NodeTable
from grader.practice.offline.page import practice_page
from grader.practice.offline.program import program
from grader.practice.offline.texts import Texts, Tree, numbered
from grader.practice.offline.words import WORDS, reasons

PRACTICE = -1
"""The `use` that practice draws under; those of exams count from zero."""
_SEED = 0
MOST_VARIANTS = 200

Numbers = frozenset[tuple[str, float]]
"""The givens of one variant."""


@dataclass(frozen=True)
class Exported:
    """What was written: where, how many bytes, with how many variants in all."""

    path: Path
    bytes: int
    variants: int


def export_practice(
    templates: Sequence[Template],
    path: Path,
    variants: int = 20,
    language: Language = "en",
    apart: Manifest | None = None,
) -> Exported:
    """Write some templates as a page that works from anywhere without a network.

    templates: structures of one file go together, and its variants are spread over them. variants:
    of each file. apart: an exam whose numbers are left out besides; drawn under a key of their own,
    they would coincide with it only where a question has few. The same input gives the same bytes.
    Raises ExamgenError where no variant is left, or more are wanted than `MOST_VARIANTS`.
    """
    if not 1 <= variants <= MOST_VARIANTS:
        raise ExamgenError(f"found {variants} variants, expected 1 to {MOST_VARIANTS}")
    by_file: dict[str, list[Template]] = {}
    for template in templates:
        by_file.setdefault(template.id, []).append(template)
    if not by_file:
        raise ExamgenError("there is no question to practise")
    taken = frozenset() if apart is None else frozenset(_of_exam(apart))
    drawn = [_drawn(structures, variants, taken) for structures in by_file.values()]
    page = _page(drawn, language)
    write_atomically(path, page)
    count = sum(len(one.draw) for section in drawn for one in section)
    return Exported(path, len(page.encode()), count)


def _page(drawn: Sequence[Sequence[Variants]], language: Language) -> str:
    """The page with a section for each file."""
    texts, pools = Texts(), Pools()
    sections = [_section(some, texts, pools, language) for some in drawn]
    titles = [_title(some, language) for some in drawn]
    data = {
        "words": WORDS[language],
        "sections": sections,
        **texts.written(),
        "pools": pools.written(),
        "grammar": grammar_data(),
        "reasons": reasons(language),
    }
    title = titles[0] if len(titles) == 1 else str(WORDS[language]["practice"])
    return practice_page(data, title, language)


def _title(drawn: Sequence[Variants], language: Language) -> str:
    return plain_text(in_language(drawn[0].template.file.title, language))


def _drawn(
    structures: Sequence[Template], count: int, taken: Collection[Numbers]
) -> list[Variants]:
    """The variants of each structure that has any, as evenly as can be."""
    shares = [len(range(place, count, len(structures))) for place in range(len(structures))]
    pairs = zip(structures, shares, strict=True)
    found = [
        one for structure, share in pairs if share and (one := _apart(structure, share, taken))
    ]
    if not found:
        raise ExamgenError(f"{structures[0].id}: the exam has all of its numbers")
    return found


def _apart(template: Template, count: int, taken: Collection[Numbers]) -> Variants | None:
    """So many variants of a template, fewer where it has no more, none of them among the taken."""
    most = capacity(template)
    first = min(count, most)
    variants = draw_variants(template, _SEED, range(first), PRACTICE)
    kept = _free(variants, taken)
    while len(kept) < count and first < most:
        first = min(first + count, most)
        variants = draw_variants(template, _SEED, range(first), PRACTICE)
        kept = _free(variants, taken)
    rows = np.array(kept[:count], np.int64)
    return Variants(template, variants.draw.part(rows)) if len(rows) else None


def _free(variants: Variants, taken: Collection[Numbers]) -> list[int]:
    """The rows of the variants that are not taken."""
    columns = variants.draw.floats()
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    numbers = (frozenset(zip(columns, row, strict=True)) for row in rows)
    return [place for place, one in enumerate(numbers) if one not in taken]


def _of_exam(manifest: Manifest) -> Iterator[Numbers]:
    """The numbers of every paper's every question."""
    for question in manifest.questions:
        given = manifest.given.get(question.id, {})
        names = [name for name, stored in given.items() if isinstance(stored, str)]
        columns = [manifest.givens(question.id, name).tolist() for name in names]
        for row in zip(*columns, strict=True):
            yield frozenset(pair for pair in zip(names, row, strict=True) if not isnan(pair[1]))


# --- a section of the page -----------------------------------------------------------------------


def _section(
    drawn: Sequence[Variants], texts: Texts, pools: Pools, language: Language
) -> Mapping[str, object]:
    """The variants of one file, its structures in turn; a program marks each structure."""
    table = NodeTable()
    trees = (variants_data(one, place, language) for place, one in enumerate(drawn))
    return {
        "title": _title(drawn, language),
        "variants": _in_turn(trees, texts),
        "alone": _in_turn((alone_data(one, language) for one in drawn), texts),
        "programs": [_program(one.template, table, texts, pools, language) for one in drawn],
        "graph": table.written(),
    }


def _in_turn(trees: Iterable[Sequence[Tree]], texts: Texts) -> list[Tree]:
    """The first of each structure's trees, the second of each and so on, with numbered texts."""
    found = [numbered(some, texts) for some in trees]
    longest = max(map(len, found))
    return [some[row] for row in range(longest) for some in found if row < len(some)]


def _program(
    template: Template, table: NodeTable, texts: Texts, pools: Pools, language: Language
) -> Mapping[str, object]:
    made = program(template, mistakes_of(template), table, pools)
    told = mistakes_data(template, made.known, texts, language)
    drawn = diagram(template.quantities, language, template.file.figure)
    figures = marked_figures(template, drawn, made.known, texts.number, language) if drawn else {}
    return {**made.data, **told, "figures": figures}
