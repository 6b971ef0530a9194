"""Templates of HTML pages with mathematics: escaped by default, filters for prose and formulas."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from examgen.html.figures import figure
from examgen.html.formulas import chain, expected, is_wide, is_worded, named, prose, room
from examgen.render.style import part_label
from examgen.render.words import counted, in_margin
from examgen.typeset import plain_text
from examgen.typeset.mathml import breakable, escaped, mathml

_SHARED = "examgen.html"
_SELDOM = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@cache
def environment(package: str = _SHARED) -> Environment:
    """The templates of a package, and under them the shared ones, with filters for what stands on
    papers."""
    packages = dict.fromkeys((package, _SHARED))
    made = Environment(
        loader=ChoiceLoader([PackageLoader(one) for one in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "prose": prose,
        "math": lambda tex: Markup(mathml(tex)),
        "display": lambda tex: Markup(breakable(tex)),
        "chain": chain,
        "is_wide": is_wide,
        "is_worded": is_worded,
        "expected": expected,
        "room": room,
        "verbatim": verbatim,
        "plain": plain_text,
        "named": named,
        "part": part_label,
        "counted": counted,
        "in_margin": in_margin,
        "figure": figure,
        "drawn": Markup,
    }
    made.globals["font"] = font
    return made


def style_sheet() -> str:
    """What all pages look like."""
    return environment().get_template("base.css").render()


@cache
def font() -> Markup:
    """The letters of formulas as a rule of a style sheet that needs no other file."""
    data = (files(_SHARED) / "fonts" / "STIXTwoMath-Web.woff2").read_bytes()
    source = f'url("data:font/woff2;base64,{b64encode(data).decode()}") format("woff2")'
    local = 'local("STIX Two Math"), local("STIXTwoMath-Regular")'
    return Markup(f'@font-face {{ font-family: "Examgen Math"; src: {local}, {source}; }}')


def verbatim(text: str) -> Markup:
    """Text that stands for itself; what would turn the direction of letters is shown as such."""
    return Markup(escaped("".join("\ufffd" if char in _SELDOM else char for char in text)))
