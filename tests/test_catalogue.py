"""Which parts train what: the bank's file, an author's own questions, topics."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from conftest import of_the_bank

from examgen.bank import bank_ids, find_templates
from examgen.errors import ExamgenError
from examgen.solution.plan import Plan
from grader.practice.skills import SKILLS, skill_name, taught
from grader.practice.skills.catalogue import (
    FILE,
    Catalogue,
    PartEntry,
    bank_catalogue,
    catalogue_of,
    entries,
    read_catalogue,
)
from grader.practice.skills.catalogue_file import as_text, written
from grader.practice.skills.topics import name_words, plain, skills_called
from grader.practice.skills.training import trained

BANK = bank_catalogue()
ORDER = [one.id for one in SKILLS]


@cache
def shipped() -> str:
    """The file as it comes with the program."""
    return files("grader.practice.skills").joinpath(FILE).read_text(encoding="utf-8")


@cache
def from_graphs() -> dict[str, Any]:
    """What the file should say."""
    return written(of_the_bank(name) for name in bank_ids())


# --- the file ---------------------------------------------------------------------------------


def test_the_file_is_what_the_graphs_give() -> None:
    """After a change of the bank or of the rules: python docs/make_catalogue.py > the file."""
    assert shipped() == as_text(from_graphs())


def test_the_file_has_all_skills_and_questions() -> None:
    """In teaching order, and in that of the bank."""
    data = json.loads(shipped())
    assert data["skills"] == ORDER
    assert [row["id"] for row in data["questions"]] == bank_ids()


def test_the_file_is_small_and_can_be_compared() -> None:
    """It is read at every start; a changed part is a changed line."""
    assert len(shipped().encode()) < 32 << 10
    assert max(map(len, shipped().splitlines())) < 1200


@pytest.mark.parametrize("name", ["mlp-2-2-2", "error-spotting", "vanishing-gradient"])
def test_what_is_read_is_what_was_written(name: str) -> None:
    """Every part of every structure, with its skills by slot and its size."""
    expected = [entry for one in of_the_bank(name) for entry in entries(one, name)]
    assert [part for part in BANK.parts if part.question == name] == expected


def test_written_and_read_again_nothing_changes() -> None:
    """Parts that are alike are written once and read as many."""
    data = written([of_the_bank("mlp-2-2-2"), of_the_bank("mlp-tanh")])
    again = read_catalogue(json.loads(as_text(data)))
    assert len(again.parts) > len(data["parts"])
    assert again.questions == ("mlp-2-2-2", "mlp-tanh")


# --- what is offered --------------------------------------------------------------------------


def test_the_bank_offers_every_skill_in_teaching_order() -> None:
    """All skills can be practised with the bank alone."""
    assert list(BANK.skills) == ORDER
    assert BANK.questions == tuple(bank_ids())


@pytest.mark.parametrize("skill", ORDER)
def test_parts_for_a_skill_train_it(skill: str) -> None:
    """Each of them, in one of its slots at least; and all that do are there."""
    found = BANK.parts_for(skill)
    assert found
    for part in found:
        assert any(skill in skills for _, skills in part.slots)
    others = set(BANK.parts) - set(found)
    assert not any(skill in skills for part in others for _, skills in part.slots)


def test_parts_are_whole_and_have_a_size() -> None:
    """The slots of a part as its template has them; at least one thing to work out."""
    template = of_the_bank("mlp-2-2-2")[3]
    for part in template.parts:
        (entry,) = (
            one
            for one in BANK.parts
            if (one.question, one.structure, one.label) == ("mlp-2-2-2", 3, part.label)
        )
        assert [slot for slot, _ in entry.slots] == [slot.id for slot in part.slots]
        assert entry.skills == taught(skill for _, own in entry.slots for skill in own)
    assert all(1 <= part.size <= 60 for part in BANK.parts)
    sizes = {part.label: part.size for part in BANK.parts if part.question == "mlp-2-2-2"}
    assert sizes == {"a": 6, "b": 3, "c": 2, "d": 3, "e": 3, "f": 1}


def test_structures_and_skills_of_a_question() -> None:
    """By question and structure; nothing for what there is not."""
    assert BANK.structures("mlp-2-2-2") == tuple(range(8))
    assert BANK.structures("nothing") == ()
    assert BANK.skills_of("mlp-tanh", 1) == trained(Plan(of_the_bank("mlp-tanh")[1]))
    assert BANK.skills_of("mlp-tanh", 99) == {}
    assert BANK.parts_for("nothing") == ()


def test_an_authors_own_file_goes_by_its_path(tmp_path: Path) -> None:
    """As rounds name it; all of its structures, with the same skills as any other question."""
    path = tmp_path / "own.yaml"
    text = files("question_bank").joinpath("mlp-tanh.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    found = catalogue_of(find_templates(str(path)))
    assert found.questions == (str(path),)
    assert found.structures(str(path)) == (0, 1, 2, 3)
    assert found.skills_of(str(path), 2) == BANK.skills_of("mlp-tanh", 2)


# --- topics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "skills"),
    [
        ("relu", "slope:relu"),
        ("ReLU", "slope:relu"),
        ("leaky relu", "slope:relu"),
        ("slope", "slope:relu slope:sigmoid slope:tanh slope:other"),
        ("slope:tanh", "slope:tanh"),
        ("chain rule", "chain paths"),
        ("Kettenregel", "chain"),
        ("sum over paths", "paths"),
        ("Summe über Pfade", "paths"),
        ("BPTT", "message shared:time"),
        ("backpropagation through time", "message shared:time"),
        ("lernrate", "update:sgd"),
        ("gradientenabstieg", "update:sgd"),
        ("momentum", "update:optimizer"),
        ("Adam", "update:optimizer"),
        ("kreuzentropie", "loss:bce loss:softmax"),
        ("softmax", "loss:softmax layer:attention"),
        ("faltung", "layer:conv"),
        ("batch norm", "layer:norm"),
        ("loss", "loss:squared loss:bce loss:softmax loss:other"),
        ("shared", "shared shared:time"),
        ("derive", "derive"),
        ("rnn", "cell:elman cell:own message shared:time cell:gru cell:lstm"),
    ],
)
def test_a_topic_is_found_by_id_or_words(topic: str, skills: str) -> None:
    """In English and German, however it is capitalised; parts are offered for nothing else."""
    assert BANK.about([topic]).skills == taught(skills.split())


def test_a_topic_may_be_a_question() -> None:
    """With all that it trains, and all of its structures."""
    found = BANK.about(["gru-step"])
    assert found.questions == ("gru-step",)
    assert found.parts == tuple(part for part in BANK.parts if part.question == "gru-step")


def test_a_topic_may_be_a_topology() -> None:
    """All questions of it, and what else is called so."""
    found = BANK.about(["lstm"])
    assert set(found.questions) == {"lstm-intermediate-nodes", "lstm-two-steps"}
    whole = [part for part in found.parts if part.question == "lstm-intermediate-nodes"]
    assert any("update:sgd" in part.skills for part in whole)
    assert {s for part in found.parts_for("cell:lstm") for s in [part.topology]} == {
        "lstm", "recurrent_cell",
    }  # fmt: skip
    assert set(BANK.about(["mlp"]).questions) >= {"mlp-tanh", "mazur-network", "error-spotting"}


def test_several_topics_are_offered_together() -> None:
    """The union, in teaching order, however they are ordered."""
    found = BANK.about(["tanh", "relu", "gru-step"])
    assert found.parts_for("slope:relu")
    assert "gru-step" in found.questions
    assert found.skills == tuple(skill for skill in ORDER if skill in found.skills)
    assert BANK.about(["relu", "tanh"]).skills == ("slope:relu", "slope:tanh")


def test_a_part_keeps_the_skills_of_its_slots() -> None:
    """What a round is graded by does not hang on what was looked for."""
    narrow = BANK.about(["relu"])
    for part in narrow.parts:
        assert part.skills == ("slope:relu",)
        whole = BANK.skills_of(part.question, part.structure)
        assert all(whole[slot] == skills for slot, skills in part.slots)


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("lstmm", "did you mean 'lstm'?"),
        ("mlp-2-2-3", "did you mean 'mlp-2-2-2'?"),
        ("slope:rleu", "did you mean 'slope:relu'?"),
        ("Ketenregel", "did you mean 'kettenregel'?"),
        ("xyzzy", "there is no topic 'xyzzy'; `examgen list` has the questions"),
        ("", "there is no topic ''"),
        ("...", "there is no topic '...'"),
        ("x" * 10_000, "x…'"),
    ],
)
def test_an_unknown_topic_is_refused_with_those_there_are(topic: str, said: str) -> None:
    """One clear sentence, short whatever was written."""
    with pytest.raises(ExamgenError) as caught:
        BANK.about([topic])
    assert said in str(caught.value)
    assert ("update:optimizer" in str(caught.value)) != ("did you mean" in str(caught.value))
    assert len(str(caught.value)) < 500


def test_all_unknown_topics_are_told_at_once() -> None:
    """One problem each; known ones are not told."""
    with pytest.raises(ExamgenError) as caught:
        BANK.about(["relu", "foo1", "foo2"])
    assert len(caught.value.problems) == 2


def test_too_many_topics_are_refused() -> None:
    """There are fewer skills than that."""
    with pytest.raises(ExamgenError, match="found 51 topics, expected 50 at most"):
        BANK.about(["relu"] * 51)


def test_topics_of_an_authors_own_questions() -> None:
    """Only what these offer is known."""
    own = catalogue_of(of_the_bank("mlp-tanh")[:1])
    assert own.about(["tanh"]).skills == ("slope:tanh",)
    with pytest.raises(ExamgenError, match="there is no topic 'lstm'"):
        own.about(["lstm"])
    assert Catalogue(()).skills == ()


@pytest.mark.parametrize("skill", ORDER)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_skill_is_found_by_its_name(skill: str, language: str) -> None:
    """As a face shows it."""
    assert skill in skills_called(plain(skill_name(skill, language)), ORDER)


def test_words_to_suggest_are_those_of_names() -> None:
    """Each once, without signs."""
    words = name_words()
    assert "kettenregel" in words
    assert len(words) == len(set(words))
    assert not any(set(word) & set("(),.:") for word in words)


def test_an_entry_is_a_value() -> None:
    """It can be compared and kept in a set."""
    one = PartEntry("q", 0, "a", (("s", ("chain",)),), ("chain",), 1)
    assert {one, PartEntry("q", 0, "a", (("s", ("chain",)),), ("chain",), 1)} == {one}
