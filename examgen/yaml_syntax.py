"""What to tell an author about a YAML syntax error: one sentence, and the usual cause of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import yaml

from examgen.errors import Problem

_QUOTES = "put the text in single quotes"


def explain_syntax(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Problem:
    """The parser's error in plain words, with line and column; `lines` are those of the file."""
    message, mark = _explanation(error, lines), _place(error)
    if mark is None:
        return Problem(message)
    return Problem(f"{message} (column {mark.column + 1})", line=mark.line + 1)


def _explanation(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> str:
    for pattern, explain in _CAUSES:
        match = re.match(pattern, error.problem or "")
        if match:
            return explain(error, match, lines)
    return f"this is not YAML: {' '.join(filter(None, (error.context, error.problem)))[:200]}"


def _place(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Where the author has to look: at what was left open, else at what did not fit."""
    if _names_its_beginning(error):
        return error.context_mark or error.problem_mark
    return error.problem_mark or error.context_mark


def _names_its_beginning(error: yaml.MarkedYAMLError) -> bool:
    problem = error.problem or ""
    return (
        problem.startswith("found unexpected")
        or "could not find expected ':'" in problem
        or "<stream end>" in problem
        or (error.context or "").startswith(("while scanning an a", "while parsing a tag"))
    )


Explain = Callable[[yaml.MarkedYAMLError, re.Match[str], Sequence[str]], str]


def _second_colon(error: yaml.MarkedYAMLError, _: re.Match[str], lines: Sequence[str]) -> str:
    before = _before(error, lines)
    if re.search(r":\s", before):
        return f"a second ': ' in one value; {_QUOTES}, or give the second key its own line"
    return "a deeper line under a key that has a value already; mend the indentation"


def _before(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> str:
    """What stands on the problem's line to the left of it."""
    mark = error.problem_mark
    if mark is None or mark.line >= len(lines):
        return ""
    return lines[mark.line][: mark.column]


def _bad_start(_: yaml.MarkedYAMLError, match: re.Match[str], __: Sequence[str]) -> str:
    if match[1] == r"\t":
        return "a tab stands where YAML wants spaces; replace it with spaces"
    return f"a value cannot begin with '{match[1]}'; {_QUOTES}"


def _misfit(error: yaml.MarkedYAMLError, match: re.Match[str], lines: Sequence[str]) -> str:
    found = match[1]
    if found in "]}":
        return f"a '{found}' that closes nothing; {_QUOTES} if it belongs to the text"
    if _before(error, lines).strip():
        return (
            "more text after a value that was complete; text that begins with a quote, '[' or '{' "
            "must stand in quotes as a whole"
        )
    if found == "-":
        return "a list item among keys; give the list a key, or mend the indentation"
    if found == "?":
        return "a key among list items; mend the indentation"
    return "this line is indented unlike the lines above it; align it with them"


def _unclosed(error: yaml.MarkedYAMLError, match: re.Match[str], __: Sequence[str]) -> str:
    closing, found = match[1], match[2]
    if found == "<stream end>":
        return f"a bracket that is never closed: '{closing}' is missing"
    if found == "[":
        return f"'[' inside a value of a [...] or {{...}} list: {_QUOTES}, as in ['yhat[1]', 'w']"
    opened = f" of line {error.context_mark.line + 1}" if error.context_mark else ""
    return f"',' or '{closing}' was expected here; close the bracket{opened}, or {_QUOTES}"


def _reference(error: yaml.MarkedYAMLError, _: re.Match[str], __: Sequence[str]) -> str:
    sign = "*" if "alias" in (error.context or "") else "&"
    return f"a value that begins with '{sign}' is a reference in YAML; {_QUOTES}"


def _escape(_: yaml.MarkedYAMLError, __: re.Match[str], ___: Sequence[str]) -> str:
    return "in double quotes a backslash begins an escape; use single quotes for TeX"


def _tag(_: yaml.MarkedYAMLError, __: re.Match[str], ___: Sequence[str]) -> str:
    return f"a value that begins with '!' is a tag, and tags are not used here; {_QUOTES}"


def _always(message: str) -> Explain:
    return lambda _error, _match, _lines: message


_CAUSES: tuple[tuple[str, Explain], ...] = (
    (r"mapping values are not allowed", _second_colon),
    (
        r"sequence entries are not allowed",
        _always("a list that begins beside its key; begin it on the next line, or use quotes"),
    ),
    (r"mapping keys are not allowed", _always(f"a value cannot begin with '? '; {_QUOTES}")),
    (
        r"could not find expected ':'",
        _always("this line has no ': ' after its key; write 'key: value', or mend the indentation"),
    ),
    (r"found character '(.+)' that cannot start", _bad_start),
    (r"found unexpected end of stream", _always("a quote that is never closed")),
    (r"found unexpected document separator", _always("a quote that is never closed")),
    (r"found unknown escape character|expected escape sequence", _escape),
    (r"expected <block end>, but found '(.+)'", _misfit),
    (r"expected the node content, but found '(.+)'", _always(f"a value is missing; or {_QUOTES}")),
    (r"expected ',' or '(.)', but got '(.+)'", _unclosed),
    (r"expected alphabetic or numeric character", _reference),
    (r"found undefined tag handle|expected '[>!]', but found|expected URI", _tag),
    (
        r"expected chomping or indentation|expected indentation indicator|expected a comment",
        _always("after '|' or '>' the text begins on the next line; to keep the sign use quotes"),
    ),
    (
        r"expected '<document start>'",
        _always("text outside the document: mend the indentation, or the '%' or '...' above"),
    ),
)
