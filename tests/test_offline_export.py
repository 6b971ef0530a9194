"""Exporting practice: whose numbers, how many, how large, and what can be seen in the file."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import of_the_bank
from graded_class import manifest_of
from small_exam import TINY, UNIT

from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.template import Template, parse_templates
from examgen.text import Language
from grader.practice.offline import Exported, export, export_practice
from grader.practice.offline.words import WORDS
from grader.practice.web.words import WEB_WORDS
from grader.practice.words import GRADES, STAGES, VERDICTS

LANGUAGES: tuple[Language, ...] = ("en", "de")


def tiny(text: str = TINY) -> tuple[Template, ...]:
    """The smallest question."""
    return parse_templates(text, "tiny.yaml")


def data_in(exported: Exported) -> dict[str, Any]:
    """What a page holds."""
    found = re.search(r'id="data">(.*?)</script>', exported.path.read_text(encoding="utf-8"))
    assert found is not None
    read: dict[str, Any] = json.loads(gzip.decompress(b64decode(found[1])))
    return read


def numbers_in(exported: Exported) -> list[dict[str, float]]:
    """The givens of every variant of the first question."""
    return [one["givens"] for one in data_in(exported)["sections"][0]["variants"]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Exported]:
    """A question of the bank in either language, with three variants."""
    folder, templates = tmp_path_factory.mktemp("pages"), of_the_bank("mazur-network")[:1]
    return {
        language: export_practice(templates, folder / f"{language}.html", 3, language)
        for language in LANGUAGES
    }


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """And as many variants as are wanted, each with other numbers."""
    pages = [export_practice(tiny(), tmp_path / f"{n}.html", 5) for n in range(2)]
    texts = [one.path.read_bytes() for one in pages]
    assert texts[0] == texts[1]
    assert len(texts[0]) == pages[0].bytes
    assert pages[0].variants == 5
    assert len({str(one) for one in numbers_in(pages[0])}) == 5


def test_numbers_are_drawn_as_for_exams_under_a_key_of_their_own(
    pages: dict[Language, Exported],
) -> None:
    """By the same choice among candidates, but none of seed 0's first exam."""
    template = of_the_bank("mazur-network")[0]
    found = numbers_in(pages["en"])
    drawn = draw_variants(template, 0, range(3), -1).draw
    assert found == [
        {name: float(value) for name, value in drawn.exact(row).items()} for row in range(3)
    ]
    exam = draw_variants(template, 0, range(3)).draw
    assert not any(exam.exact(row) == drawn.exact(other) for row in range(3) for other in range(3))


def test_the_numbers_of_an_exam_are_those_on_its_papers(tmp_path: Path) -> None:
    """One set for each student."""
    manifest = manifest_of(tmp_path / "exam", 6)
    (question,) = manifest.questions
    names = list(manifest.given[question.id])
    found = list(export._of_exam(manifest))
    assert len(found) == 6
    for row, numbers in enumerate(found):
        expected = {name: manifest.givens(question.id, name)[row] for name in names}
        assert dict(numbers) == expected


def test_numbers_of_an_exam_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn under the exam's key the numbers would be the exam's; others come in their place."""
    manifest = manifest_of(tmp_path / "exam", 2)
    monkeypatch.setattr(export, "_SEED", manifest.exam.seed)
    monkeypatch.setattr(export, "PRACTICE", 0)
    taken = [dict(one) for one in export._of_exam(manifest)]
    plain = numbers_in(export_practice(tiny(), tmp_path / "plain.html", 4))
    apart = numbers_in(export_practice(tiny(), tmp_path / "apart.html", 4, apart=manifest))
    assert len([one for one in plain if one in taken]) == 2
    assert [one for one in apart if one in taken] == []
    assert apart[:2] == plain[2:]
    assert len(apart) == 4


def test_a_question_with_few_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as there are, those of the exam not among them; it is said if none is left."""
    manifest = manifest_of(tmp_path / "exam", 1)
    found = numbers_in(export_practice(tiny(UNIT), tmp_path / "all.html"))
    assert sorted(one["y"] for one in found) == [0, 1]
    taken = [frozenset(one.items()) for one in found]
    for count, left in ((1, found[1:]), (2, [])):
        monkeypatch.setattr(export, "_of_exam", lambda _, count=count: taken[:count])
        path = tmp_path / f"{count}.html"
        if left:
            assert numbers_in(export_practice(tiny(UNIT), path, apart=manifest)) == left
        else:
            with pytest.raises(ExamgenError, match="tiny: the exam has all of its numbers"):
                export_practice(tiny(UNIT), path, apart=manifest)
            assert not path.exists()


def test_the_largest_question_is_small_enough(tmp_path: Path) -> None:
    """At most 400 kB with all structures, 35 kB each, and with 20 variants, 3.9 kB each."""
    structure, *others = of_the_bank("lstm-two-steps")
    page = export_practice([structure], tmp_path / "p.html", 1, "de")
    assert page.bytes + 35_000 * len(others) + 3_900 * 19 < 400_000


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    """No variants, too many, no question; and nothing is written."""
    for count in (0, 201):
        with pytest.raises(ExamgenError, match="expected 1 to 200"):
            export_practice(tiny(), tmp_path / "p.html", count)
    with pytest.raises(ExamgenError, match="no question"):
        export_practice([], tmp_path / "p.html")
    assert list(tmp_path.iterdir()) == []


def test_structures_share_the_variants(tmp_path: Path) -> None:
    """As evenly as can be, and in turn."""
    templates = of_the_bank("momentum-two-steps")
    page = export_practice(templates, tmp_path / "p.html", 5)
    places = [one["structure"] for one in data_in(page)["sections"][0]["variants"]]
    assert places == [0, 1, 0, 1, 0]
    assert Counter(places) == {0: 3, 1: 2}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_and_no_address_stands_in_plain_sight(
    language: Language, pages: dict[Language, Exported]
) -> None:
    """What the file says to who looks at its source is how it works, not what is right."""
    template = of_the_bank("mazur-network")[0]
    page = pages[language]
    text = page.path.read_text(encoding="utf-8")
    variants = draw_variants(template, 0, range(1), -1)
    answers = [variants.printed(slot, 0) for slot in template.slots if slot.kind == "number"]
    assert [one for one in answers if len(one) > 4 and one in text] == []
    assert re.findall(r"(?:src|href)\s*=\s*[\"']?https?:", text) == []
    assert "default-src 'none'" in text
    assert "unsafe" not in text
    assert page.bytes < 250_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_all_faces_say_has_the_same_words(language: Language) -> None:
    """One slip gets the same sentence in the file and on the pages of the server."""
    ours, theirs = WORDS[language], WEB_WORDS[language]
    shared = ("known", "figure_marked", "worked", "check", "check_all", "hint", "question", "signs")
    assert [ours[name] for name in shared] == [getattr(theirs, name) for name in shared]
    assert {name: ours[name] for name in VERDICTS[language]} == VERDICTS[language]
    at_once = GRADES[language]["right"]
    assert str(ours["score"]).lower().startswith(at_once.lower())
    for stage in ("learned", "learning", "new"):
        assert f"{{{stage}}} {STAGES[language][stage]}" in str(ours["standing"])
