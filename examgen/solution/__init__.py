"""Worked solutions: from the graph of a question what a good teaching assistant writes."""

from examgen.solution.chains import chain
from examgen.solution.expected import (
    answer_node,
    expected_formula,
    over_names,
    slot_label,
    symbols_of,
    with_wholes,
    without_symbol,
    written_out,
)
from examgen.solution.notes import notes
from examgen.solution.worked import Arrival, arrivals, cases, outline_of, worked_parts

__all__ = [
    "Arrival",
    "answer_node",
    "arrivals",
    "cases",
    "chain",
    "expected_formula",
    "notes",
    "outline_of",
    "over_names",
    "slot_label",
    "symbols_of",
    "with_wholes",
    "without_symbol",
    "worked_parts",
    "written_out",
]
