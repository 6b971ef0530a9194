"""Imports point one way only: a module imports from what stands above it in this list."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = """
examgen errors sheet marked notation work
files columns yaml_scalars yaml_syntax strict_yaml places validation text roster
typeset

nodes exponentials ops graph differentiate exact perturbation
expression formula functions lowering definitions printing
topology
quantities misconceptions

permutation grids conditions space draws sampling
forms figure_field sample_file part_file template_file exam_file schema starters choices mending
headings slots structures givens declared planted equations diagrams template bank
variant counting effort tolerance rounders
mistakes signatures applicable friendly scoring drawing
exam samples

figure
solution working vocabulary terminal numerals boxes paper proofread formulary
render html
check serving
exam_folder press manifest manifest_file answer_key build preview

grader
arrays tables reading symbolic marking gradebook
differences reporting feedback lms
versions summary grade classroom simulate
practice
"""
"""A package stands for all of its modules. What follows `grader` is in that package. The command
lines are left out: they may import anything, and nothing imports them."""


def ordered_units() -> list[str]:
    """Modules and packages of both programs, lowest first."""
    words = LAYERS.split()
    cut = words.index("grader")
    ours = ["examgen", *(f"examgen.{word}" for word in words[1:cut])]
    return [*ours, "grader", *(f"grader.{word}" for word in words[cut + 1 :])]


def modules() -> dict[str, Path]:
    """Every module of both programs by its name."""
    found = {}
    for package in ("examgen", "grader"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()
UNITS = ordered_units()


def unit(module: str) -> str:
    """The line of LAYERS that a module belongs to: `examgen.topology.mlp` to its package."""
    return ".".join(module.split(".")[:2])


def imports(source: str) -> set[str]:
    """The modules of ours that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they point"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in whole}
    return found & set(MODULES)


GRAPH = {name: imports(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def is_command_line(module: str) -> bool:
    """Whether a module reads arguments, and so may import anything."""
    return module.split(".")[1:2] in (["cli"], ["__main__"])


def wrong_way(graph: dict[str, set[str]]) -> list[str]:
    """Imports that do not point upwards in LAYERS."""
    place = {name: number for number, name in enumerate(UNITS)}
    return [
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        if not is_command_line(name)
        and unit(name) != unit(other)
        and place[unit(other)] >= place[unit(name)]
    ]


def test_every_module_has_its_layer() -> None:
    """A new module is put into LAYERS; one that is gone is taken out."""
    there = {unit(name) for name in MODULES if not is_command_line(name)}
    assert sorted(there) == sorted(UNITS)


def test_imports_point_upwards() -> None:
    """And an import that pointed down would be seen."""
    assert wrong_way(GRAPH) == []
    assert wrong_way({"examgen.nodes": {"examgen.template"}})
    assert wrong_way({"examgen.build": {"grader.grade"}})


def test_no_import_goes_round_in_circles() -> None:
    """Not inside a package either."""
    assert len(list(TopologicalSorter(GRAPH).static_order())) == len(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_imports_a_command_line_and_examgen_no_grader(name: str) -> None:
    """All that the programs do is callable without them; the grader knows the generator only."""
    if not is_command_line(name):
        assert not [other for other in GRAPH[name] if is_command_line(other)]
        assert name.startswith("grader") or not [o for o in GRAPH[name] if o.startswith("grader")]
