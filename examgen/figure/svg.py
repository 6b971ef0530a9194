"""A figure as SVG: the same scene as on paper, complete in itself.

Type is drawn as outlines, defined once a glyph, so no page needs our fonts; every line and shade is
made of the surrounding colour of text, so that it can be dark on light or light on dark; only what
is marked has a colour of its own. In SVG y runs down.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from examgen.figure.geometry import Point
from examgen.figure.paths import Path
from examgen.figure.primitives import (
    HALO,
    LINE,
    MARKED_LINE,
    Disc,
    Head,
    Label,
    Panel,
    Primitive,
    Scene,
    Stroke,
)
from examgen.typeset import Face, Rule, Run
from examgen.typeset.fonts import advance, outline

PIXELS = 4 / 3  # to the point
EM = 1000  # units of an outline
DASHES = "2.4 1.8"
ACCENT = "#c2410c"  # of what is marked: 5.2 to 1 on white, 3.6 to 1 on #111
FAINT = 0.3  # of a halo
MARK = "\0"  # stands for the prefix of ids until the content is known


def svg(scene: Scene, prefix: str = "") -> str:
    """The figure as one element, 4/3 of a pixel to the point.

    prefix: of its ids, for a page that shows the same figure twice; by default a hash of it.
    """
    drawn = _content(scene)
    return drawn.replace(MARK, prefix or f"f{sha256(drawn.encode()).hexdigest()[:10]}")


def _content(scene: Scene) -> str:
    defined: dict[tuple[Face, int], str] = {}
    body = "".join(_Writer(scene.height, defined).drawn(scene))
    glyphs = "".join(f'<path id="{name}" d="{outline(*of)}"/>' for of, name in defined.items())
    size = f'width="{scene.width * PIXELS:.1f}" height="{scene.height * PIXELS:.1f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(scene.width)} '
        f'{_n(scene.height)}" {size} role="img"{_said(scene.alternative)}'
        f'<defs>{glyphs}</defs><g fill="none" stroke="currentColor" stroke-width="{LINE}" '
        f'stroke-linejoin="round">{body}</g></svg>'
    )


def _said(alternative: str) -> str:
    """The rest of the opening tag, and the text alternative: its first sentence is the title."""
    if not alternative:
        return ">"
    title, _, rest = alternative.partition(". ")
    names, description = f"{MARK}t", ""
    if rest:
        names, description = f"{MARK}t {MARK}d", f'<desc id="{MARK}d">{_escaped(rest)}</desc>'
    return f' aria-labelledby="{names}"><title id="{MARK}t">{_escaped(title)}</title>{description}'


def _escaped(text: str) -> str:
    kept = (char for char in text if char >= " " or char in "\t\n")  # XML has no others
    return "".join(kept).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Writer:
    """Elements of a scene of some height; glyphs are given names as they come."""

    def __init__(self, height: float, defined: dict[tuple[Face, int], str]) -> None:
        self.height, self.defined = height, defined

    def drawn(self, scene: Scene) -> Iterator[str]:
        for primitive in scene.ink:
            if isinstance(primitive, Label):
                yield from self._type(primitive)
            else:
                yield self._shape(primitive)

    def _shape(self, primitive: Primitive) -> str:
        if isinstance(primitive, Stroke):
            dashes = f' stroke-dasharray="{DASHES}"' if primitive.dashed else ""
            return f'<path d="{self._path(primitive.path)}"{dashes}{_emphasis(primitive)}/>'
        if isinstance(primitive, Disc):
            x, y = self._place((primitive.x, primitive.y))
            rest = f"{_fill(primitive)}{_emphasis(primitive)}"
            return f'<circle cx="{x}" cy="{y}" r="{_n(primitive.radius)}"{rest}/>'
        if isinstance(primitive, Panel):
            return self._panel(primitive)
        assert isinstance(primitive, Head), f"bug: no element for {primitive}"
        corners = " ".join(self._pair(corner) for corner in primitive.corners)
        tone = f' class="mark" color="{ACCENT}"' if primitive.emphasis == "marked" else ""
        return f'<polygon points="{corners}" fill="currentColor" stroke="none"{tone}/>'

    def _panel(self, panel: Panel) -> str:
        x, y = self._place((panel.area.left, panel.area.top))
        size = f'width="{_n(panel.area.width)}" height="{_n(panel.area.height)}"'
        rest = f"{_fill(panel)}{_emphasis(panel)}"
        return f'<rect x="{x}" y="{y}" {size} rx="{_n(panel.radius)}"{rest}/>'

    def _type(self, label: Label) -> Iterator[str]:
        runs = [self._run(run, label) for run in label.box.runs]
        rules = [self._rule(rule, label) for rule in label.box.rules]
        yield f'<g fill="currentColor" stroke="none">{"".join(runs + rules)}</g>'

    def _run(self, run: Run, label: Label) -> str:
        """The glyphs of a run, in units of its outlines from its reference point."""
        x, y = self._place((label.x + run.x, label.baseline + run.y))
        scale = f"{run.size / EM:.5f}".rstrip("0")
        uses = "".join(self._glyph(run.face, glyph, at) for glyph, at in _advanced(run))
        return f'<g transform="translate({x} {y}) scale({scale} -{scale})">{uses}</g>'

    def _glyph(self, face: Face, glyph: int, x: float) -> str:
        name = self.defined.setdefault((face, glyph), f"{MARK}{len(self.defined)}")
        return f'<use href="#{name}" x="{x:.0f}"/>' if x else f'<use href="#{name}"/>'

    def _rule(self, rule: Rule, label: Label) -> str:
        x, y = self._place((label.x + rule.x, label.baseline + rule.y + rule.height))
        return f'<rect x="{x}" y="{y}" width="{_n(rule.width)}" height="{_n(rule.height)}"/>'

    def _path(self, path: Path) -> str:
        pieces = (
            f"{'L' if len(piece) == 1 else 'C'}{' '.join(map(self._pair, piece))}"
            for piece in path.pieces
        )
        return "".join([f"M{self._pair(path.start)}", *pieces])

    def _pair(self, point: Point) -> str:
        return ",".join(self._place(point))

    def _place(self, point: Point) -> tuple[str, str]:
        return _n(point[0]), _n(self.height - point[1])


def _advanced(run: Run) -> Iterator[tuple[int, float]]:
    """The glyphs of a run, and how far each lies from its start."""
    x = 0.0
    for i, glyph in enumerate(run.glyphs):
        yield glyph, x
        x += EM * (advance(run.face, glyph) + (run.kerns[i] if i < len(run.kerns) else 0.0))


def _fill(shape: Disc | Panel) -> str:
    """A shade of the surrounding colour; nothing lies under a shape that it would have to hide."""
    grey = shape.grey
    if grey == 1.0 or shape.emphasis == "halo":
        return ""
    strength = "" if grey == 0.0 else f' fill-opacity="{1 - grey:.2g}"'
    return f' fill="currentColor"{strength}'


def _emphasis(line: Stroke | Disc | Panel) -> str:
    """What makes a line stand out, by its width and by a colour that a page may change: `.mark`."""
    if line.emphasis == "none":
        return ""
    halo = line.emphasis == "halo"
    tone = f' class="mark" color="{ACCENT}" stroke="currentColor"'
    faint = f' stroke-opacity="{FAINT}" stroke-linecap="round"' if halo else ""
    return f'{tone} stroke-width="{HALO if halo else MARKED_LINE}"{faint}'


def _n(length: float) -> str:
    """A length with two decimals at most."""
    return f"{length:.2f}".rstrip("0").rstrip(".")
