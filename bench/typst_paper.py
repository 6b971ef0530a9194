"""A question and its worked solution as typst source: the same content for the peer to set."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from examgen.sheet import Diagram, Edge, ExamSheet, PartSheet, QuestionSheet, Solution, WorkedPart
from examgen.typeset.parse import parse
from examgen.typeset.prose import pieces
from examgen.typeset.tree import (
    Accent,
    Atom,
    Braced,
    Bracket,
    Fenced,
    Fraction,
    Grid,
    Root,
    Row,
    Scripts,
    Space,
    Styled,
    Tree,
)

PREAMBLE = """\
#set document(title: "{title}")
#set page(paper: "a4", margin: (x: 58pt, top: 54pt, bottom: 62pt), numbering: "1 / 1")
#set text(font: "STIX Two Text", size: 10.5pt, lang: "en")
#set par(justify: true)
#show math.equation: set text(font: "STIX Two Math")
"""
GRID = 62.0  # points between the vertices of a figure

_MARKS = {
    "\u0302": "hat", "\u0303": "tilde", "\u0304": "macron", "\u0307": "dot",
    "\u0308": "dot.double", "\u20d7": "arrow",
}  # fmt: skip


def typst_source(sheet: ExamSheet, solution: Solution) -> str:
    """The paper of one student, then the worked answers on a new page."""
    parts = [PREAMBLE.format(title=sheet.title), f"= {_prose(sheet.title)}"]
    parts.append(f"{_escaped(sheet.name)} #h(1fr) {_escaped(sheet.code)}")
    for question in sheet.questions:
        parts += _question(question)
    parts.append("#pagebreak()")
    for question, worked in zip(sheet.questions, solution.worked, strict=True):
        parts += [_heading(question), _givens(question)]
        parts += [text for part in worked for text in _worked(part)]
    return "\n\n".join(parts)


def _question(question: QuestionSheet) -> Iterator[str]:
    yield _heading(question)
    yield from map(_prose, question.stem)
    yield _aligned(question.equations)
    if question.diagram is not None:
        yield f"#align(center)[{_figure(question.diagram)}]"
    yield _givens(question)
    if question.conventions:
        bullets = "\n".join(f"- {_prose(text)}" for text in question.conventions)
        yield f"#block(fill: luma(244), inset: 8pt, width: 100%)[{bullets}]"
    for part in question.parts:
        yield from _part(part)


def _heading(question: QuestionSheet) -> str:
    return f"== {question.number}. {_prose(question.title)} #h(1fr) {question.points}"


def _part(part: PartSheet) -> Iterator[str]:
    yield f"({part.label}) {_prose(part.ask)} #h(1fr) {part.points}"
    if part.note:
        yield f"#text(8.5pt)[{_prose(part.note)}]"
    wide = all(slot.kind == "number" for slot in part.slots)
    boxes = ", ".join(
        "box(stroke: 0.6pt, radius: 2pt, inset: 8pt, width: 100%, height: 27pt)"
        f"[{_inline(slot.label)} =]"
        for slot in part.slots
    )
    yield f"#grid(columns: {3 if wide else 1}, gutter: 7pt, {boxes})"


def _worked(part: WorkedPart) -> Iterator[str]:
    yield f"({part.label})"
    for step in part.steps:
        if step.text:
            yield _prose(step.text)
        yield _aligned(step.formulas)


def _givens(question: QuestionSheet) -> str:
    cells = [f"[{_inline(symbol)}]" for symbol, _ in question.givens]
    cells += [f"[{_inline(number)}]" for _, number in question.givens]
    columns = len(question.givens)
    table = f"#table(columns: {columns}, stroke: none, inset: 3pt, {', '.join(cells)})"
    return f"#align(center)[#text(8pt)[{table}]]"


def _aligned(formulas: tuple[str, ...]) -> str:
    rows = []
    for tex in formulas:
        items = parse(tex).items
        at = next(
            (i for i, item in enumerate(items) if isinstance(item, Atom) and item.cls == "rel"), 0
        )
        rows.append(f"{_row(items[:at])} & {_row(items[at:])}")
    broken = " \\ ".join(rows)
    return f"$ {broken} $" if rows else ""


def _prose(text: str) -> str:
    return "".join(_inline(p.text) if p.math else _escaped(p.text) for p in pieces(text))


def _inline(tex: str) -> str:
    return f"${typst_math(tex)}$"


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\#$*_`<>@[]~/=-+'\"" else char for char in text)


def _figure(diagram: Diagram) -> str:
    """Circles, arrows and labels at their places; a diagram without places is laid on a circle."""
    places = _places(diagram)
    width = max(x for x, _ in places.values()) + 40.0
    height = max(y for _, y in places.values()) + 40.0
    drawn = [_arrow(edge, places) for edge in diagram.edges]
    for vertex in diagram.vertices:
        x, y = places[vertex.id]
        fill = "luma(235)" if vertex.shaded else "white"
        label = _inline(vertex.label) if vertex.label else ""
        drawn.append(
            f"#place(top + left, dx: {x - 11:.1f}pt, dy: {y - 11:.1f}pt, "
            f"circle(radius: 11pt, stroke: 0.7pt, fill: {fill})[#align(center + horizon)[{label}]])"
        )
    return f"#box(width: {width:.1f}pt, height: {height:.1f}pt)[{''.join(drawn)}]"


def _places(diagram: Diagram) -> dict[str, tuple[float, float]]:
    count = len(diagram.vertices)
    if all(v.column is not None and v.row is not None for v in diagram.vertices):
        return {
            v.id: (20 + GRID * (v.column or 0), 20 + GRID * (v.row or 0)) for v in diagram.vertices
        }
    angle = 2 * math.pi / max(1, count)
    return {
        v.id: (130 + 110 * math.cos(i * angle), 130 + 110 * math.sin(i * angle))
        for i, v in enumerate(diagram.vertices)
    }


def _arrow(edge: Edge, places: dict[str, tuple[float, float]]) -> str:
    (ax, ay), (bx, by) = places[edge.source], places[edge.target]
    length = math.hypot(bx - ax, by - ay) or 1.0
    ux, uy = (bx - ax) / length, (by - ay) / length
    sx, sy, ex, ey = ax + 11 * ux, ay + 11 * uy, bx - 11 * ux, by - 11 * uy
    head = (
        f"#place(top + left, polygon(fill: black, ({ex:.1f}pt, {ey:.1f}pt), "
        f"({ex - 5 * ux - 2 * uy:.1f}pt, {ey - 5 * uy + 2 * ux:.1f}pt), "
        f"({ex - 5 * ux + 2 * uy:.1f}pt, {ey - 5 * uy - 2 * ux:.1f}pt)))"
    )
    line = (
        f"#place(top + left, line(start: ({sx:.1f}pt, {sy:.1f}pt), "
        f"end: ({ex:.1f}pt, {ey:.1f}pt), stroke: 0.7pt))"
    )
    label = (
        f"#place(top + left, dx: {(ax + bx) / 2 - 6:.1f}pt, dy: {(ay + by) / 2 - 10:.1f}pt, "
        f"[#text(8.7pt)[{_inline(edge.label)}]])"
        if edge.label
        else ""
    )
    return line + head + label


# --- mathematics --------------------------------------------------------------------------------


def typst_math(tex: str) -> str:
    """A formula in typst's own language."""
    return _row(parse(tex).items)


def _row(items: tuple[Tree, ...]) -> str:
    return " ".join(map(_math, items))


def _math(tree: Tree) -> str:
    return _WRITERS[type(tree)](tree)


def _atom(tree: Atom) -> str:
    text = tree.text.replace("\\", "\\\\").replace('"', '\\"')
    quoted = f'"{text}"'
    if tree.cls == "op" and tree.style != "math":
        return f"op({quoted})"
    if tree.style == "math" and len(tree.text) == 1 and not tree.text.isalnum():
        return f"\\{tree.text}" if tree.text in "()[]{}|,;:/_^#$&'\"" else tree.text
    if tree.style == "math":
        return tree.text if len(tree.text) == 1 or tree.text[0].isdigit() else f"italic({quoted})"
    style = {"bold": "bold(upright(%s))", "bold italic": "bold(%s)", "italic": "italic(%s)"}
    return style.get(tree.style, "upright(%s)") % (quoted if len(text) > 1 else text)


def _scripts(tree: Scripts) -> str:
    base = _math(tree.base) or '""'
    parts = [f"b: {_math(tree.sub)}"] if tree.sub is not None else []
    primes = "′" * tree.primes
    above = " ".join(filter(None, (primes, _math(tree.sup) if tree.sup is not None else "")))
    parts += [f"t: {above}"] if above else []
    if tree.limits != "never":
        base = f"limits({base})" if tree.limits == "always" else base
    return f"attach({base}, {', '.join(parts)})" if parts else base


def _fraction(tree: Fraction) -> str:
    inner = f"frac({_math(tree.over)}, {_math(tree.under)})"
    style = {None: "%s", True: "display(%s)", False: "inline(%s)"}[tree.display]
    return style % inner


def _accent(tree: Accent) -> str:
    return f"accent({_math(tree.base)}, {_MARKS[tree.mark]})"


def _root(tree: Root) -> str:
    if tree.degree is not None:
        return f"root({_math(tree.degree)}, {_math(tree.body)})"
    return f"sqrt({_math(tree.body)})"


def _fenced(tree: Fenced) -> str:
    left, right = (f"\\{c}" if c in "()[]{}|/" else c for c in (tree.left, tree.right))
    return f"lr({left} {_math(tree.body)} {right})"


def _braced(tree: Braced) -> str:
    label = f", {_math(tree.label)}" if tree.label is not None else ""
    return f"{'overbrace' if tree.over else 'underbrace'}({_math(tree.body)}{label})"


def _grid(tree: Grid) -> str:
    rows = "; ".join(", ".join(map(_math, row)) for row in tree.rows)
    if tree.kind == "cases":
        return f"cases({', '.join(' & '.join(map(_math, row)) for row in tree.rows)})"
    return f"mat(delim: #none, {rows})"


_WRITERS: dict[type, Callable[..., str]] = {
    Atom: _atom,
    Space: lambda tree: f"#h({tree.em}em)",
    Row: lambda tree: f"{_row(tree.items)}" if len(tree.items) == 1 else _row(tree.items),
    Scripts: _scripts,
    Fraction: _fraction,
    Accent: _accent,
    Root: _root,
    Fenced: _fenced,
    Bracket: lambda tree: f"lr(\\{tree.char}, size: {60 * tree.step}%)",
    Braced: _braced,
    Styled: lambda tree: f"{'display' if tree.display else 'inline'}({_math(tree.body)})",
    Grid: _grid,
}
