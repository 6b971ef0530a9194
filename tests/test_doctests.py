"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib.util
import pkgutil
from pathlib import Path

import pytest

import examgen
import grader

MODULES = sorted(
    module.name
    for package in (examgen, grader)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)


def with_examples() -> list[str]:
    """The modules in whose text there is an example."""
    sources = {name: importlib.util.find_spec(name) for name in MODULES}
    return [
        name
        for name, spec in sources.items()
        if spec is not None and ">>> " in Path(spec.origin or "").read_text(encoding="utf-8")
    ]


def test_every_module_can_be_imported() -> None:
    """Also those without examples, and those that no other test imports."""
    assert all(importlib.import_module(name).__doc__ for name in MODULES)


@pytest.mark.parametrize("name", with_examples())
def test_examples_of(name: str) -> None:
    """Every `>>>` of the module gives what it says."""
    module = importlib.import_module(name)
    results = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert results.attempted > results.failed == 0
