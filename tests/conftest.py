"""What all tests share: a question of the bank is read once a process, and so drawn from once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from examgen import exam
from examgen.bank import bank_ids, find_templates
from examgen.template import Template

settings.register_profile("untimed", deadline=None)  # how busy the machine is tells nothing
settings.load_profile("untimed")
gc.set_threshold(100_000, 20, 50)  # the bank, once read, is not searched for garbage all the time


@cache
def of_the_bank(name: str) -> tuple[Template, ...]:
    """The structures of a question of the bank; what is worked out about them stays with them."""
    return find_templates(name)


def once_a_process(written: str, folder: Path | None = None) -> tuple[Template, ...]:
    """As `find_templates`; files of an author's own are read anew."""
    return of_the_bank(written) if written in bank_ids() else find_templates(written, folder)


@pytest.fixture(autouse=True, scope="session")
def bank_read_once() -> Iterator[None]:
    """Exams are made of the same templates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exam, "find_templates", once_a_process)
        yield
