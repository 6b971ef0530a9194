"""What all tests share: a question of the bank is read once a process, and so drawn from once.

The readers are replaced here, before any test or module that imports them is; so each test has the
same immutable templates, whichever tests ran before it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from examgen import bank
from examgen.bank import bank_ids, find_template, find_templates
from examgen.template import Template, parse_template

# How busy the machine is tells nothing, and what is red is red again; a wider search is
# `pytest --hypothesis-profile=wider`.
settings.register_profile("wider", deadline=None, max_examples=1000)
settings.register_profile("untimed", deadline=None, derandomize=True)
settings.load_profile("untimed")
gc.set_threshold(100_000, 20, 50)  # the bank, once read, is not searched for garbage all the time


@cache
def of_the_bank(name: str) -> tuple[Template, ...]:
    """The structures of a question of the bank; what is worked out about them stays with them."""
    return find_templates(name)


def once_a_process(written: str, folder: Path | None = None) -> tuple[Template, ...]:
    """As `find_templates`; files of an author's own are read anew."""
    return of_the_bank(written) if written in bank_ids() else find_templates(written, folder)


def one_once_a_process(written: str, folder: Path | None = None, structure: int = 0) -> Template:
    """As `find_template`; files of an author's own, and what there is not, are read anew."""
    if written in bank_ids() and 0 <= structure < len(of_the_bank(written)):
        return of_the_bank(written)[structure]
    return find_template(written, folder, structure)


bank.find_template, bank.find_templates = one_once_a_process, once_a_process


def read_of_manifest(text: str, file: str, structure: int = 0) -> Template:
    """As `parse_template`; a question of the bank is the one that was drawn from."""
    if file in bank_ids() and text == of_the_bank(file)[0].text:
        return one_once_a_process(file, structure=structure)
    return parse_template(text, file, structure)


@pytest.fixture(autouse=True, scope="session")
def manifests_read_once() -> Iterator[None]:
    """The grader reads no question of the bank again, however many tests grade answers to it."""
    from grader.marking import papers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "parse_template", read_of_manifest)
        yield
