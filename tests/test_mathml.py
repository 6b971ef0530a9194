"""Formulas for the browser: well formed, of MathML Core, and true to the tree they come from."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache

import pytest
from bank_draws import template_of
from formulas import formulas
from hypothesis import given

from examgen.bank import bank_ids
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.paper import variant_sheet
from examgen.solution import worked_parts
from examgen.text import Text, in_language
from examgen.typeset.mathml import breakable, escaped, mathml
from examgen.typeset.plain import plain
from examgen.typeset.prose import pieces
from examgen.typeset.speech import speech
from examgen.typeset.symbols import ACCENTS, FUNCTIONS, SYMBOLS, WIDE

CORE = {
    "math", "mfrac", "msub", "msup", "msubsup", "munder", "mover", "munderover", "msqrt", "mrow",
    "mo", "mi", "mn", "mtext", "mspace", "mroot", "mstyle", "mtable", "mtr", "mtd", "mpadded",
}  # fmt: skip
ARGUMENTS = {
    "mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
    "mroot": 2,
}  # fmt: skip


def checked(markup: str) -> ET.Element:
    """The element, after a look at its names and at how many arguments each has."""
    root = ET.fromstring(markup)
    for element in root.iter():
        assert element.tag in CORE, element.tag
        assert len(element) == ARGUMENTS.get(element.tag, len(element)), markup
        leaf = element.tag in {"mo", "mi", "mn", "mtext", "mspace"}
        assert not (leaf and len(element)), markup
        assert leaf or not (element.text or "").strip(), markup
    return root


def outline(element: ET.Element) -> str:
    """An element without its attributes: `mfrac(mn:1 mn:2)`."""
    inner = " ".join(outline(child) for child in element)
    return f"{element.tag}({inner})" if len(element) else f"{element.tag}:{element.text or ''}"


@pytest.mark.parametrize(
    ("tex", "structure"),
    [
        ("w_1", "msub(mi:w mn:1)"),
        ("w_{12}^2", "msubsup(mi:w mn:12 mn:2)"),
        ("w'", "mrow(mi:w mo:′)"),
        ("w'_{21}", "msubsup(mi:w mn:21 mpadded(mo:′))"),
        ("w''_1", "msubsup(mi:w mn:1 mpadded(mo:′′))"),
        ("w'_1^2", "msubsup(mi:w mn:1 mrow(mpadded(mo:′) mn:2))"),
        ("f'^2", "msup(mrow(mi:f mo:′) mn:2)"),
        (r"\frac{\partial L}{2}", "mfrac(mrow(mo:∂ mi:L) mn:2)"),
        (r"\hat y_1", "msub(mover(mi:y mo:^) mn:1)"),
        (r"\sqrt{x+1}", "msqrt(mrow(mi:x mo:+ mn:1))"),
        (r"\sum_{t}^2 x", "munderover(mo:∑ mi:t mn:2) mspace: mi:x"),
        (r"\max_i x", "munder(mo:max mi:i) mspace: mi:x"),
        (r"\left(\frac12\right)", "mrow(mo:( mfrac(mn:1 mn:2) mo:))"),
        (r"\mathrm{ReLU}(z)", "mi:ReLU mo:( mi:z mo:)"),
        (r"x\text{ if }", "mi:x mtext:\u00a0if\u00a0"),
        (r"\mathbf{W}\,0.5", "mi:𝐖 mspace: mn:0.5"),
        ("-1", "mo:− mn:1"),
        ("a=-1", "mi:a mo:= mo:− mn:1"),
        (r"a,\frac12", "mi:a mo:, mfrac(mn:1 mn:2)"),
        (r"\sqrt[3]{x}", "mroot(mi:x mn:3)"),
        (r"\int_0^1 x", "msubsup(mo:∫ mn:0 mn:1) mspace: mi:x"),
        (r"\underbrace{a}_b", "munder(munder(mi:a mo:⏟) mi:b)"),
        (r"\overbrace{a}^b", "mover(mover(mi:a mo:⏞) mi:b)"),
        (r"a\overset{b}{=}c", "mi:a mspace: mover(mo:= mi:b) mspace: mi:c"),
        (r"\left(a\middle|b\right)", "mrow(mo:( mrow(mi:a mo:| mi:b) mo:))"),
        (r"\displaystyle\frac12", "mstyle(mfrac(mn:1 mn:2))"),
        (r"2\frac12", "mn:2 mfrac(mn:1 mn:2)"),
        (r"\begin{matrix}a & b\end{matrix}", "mtable(mtr(mtd(mi:a) mtd(mi:b)))"),
        (r"\begin{cases}a\\b\end{cases}", "mrow(mo:{ mtable(mtr(mtd(mi:a)) mtr(mtd(mi:b))))"),
        (r"\begin{aligned}a&=b\end{aligned}", "mtable(mtr(mtd(mi:a) mtd(mo:= mi:b)))"),
        (r"\mathbb{1}\boldsymbol{\theta}", "mi:𝟙 mi:𝜽"),
        ("x^{}", "msup(mi:x mrow:)"),
        (r"{}_1", "msub(mrow: mn:1)"),
    ],
)
def test_structure(tex: str, structure: str) -> None:
    """Each construct becomes the element that MathML has for it."""
    root = checked(mathml(tex))
    assert " ".join(outline(child) for child in root) == structure


def signs(markup: str) -> dict[str, dict[str, str]]:
    """The attributes of each operator by its character."""
    return {str(e.text): dict(e.attrib) for e in ET.fromstring(markup).iter("mo")}


def test_spaces_are_those_of_the_paper() -> None:
    """A minus before its number stands close, one between numbers apart, all closer in scripts."""
    close = {"form": "prefix", "lspace": "0", "rspace": "0"}
    assert signs(mathml("a=-1"))["−"] == close
    assert signs(mathml("(-1)"))["−"] == close
    assert signs(mathml("a-1"))["−"] == {}
    assert signs(mathml("x_{t-1}"))["−"] == {"form": "infix", "lspace": "0", "rspace": "0"}
    assert signs(mathml(r"a \circ b"))["∘"]["lspace"] == "0.2222em"


def test_only_brackets_that_grow_are_stretched() -> None:
    """And bars know whether they open or close."""
    assert signs(mathml("(a)"))["("]["stretchy"] == "false"
    assert signs(mathml(r"\left(-1^2\right)"))["("] == {"form": "prefix", "stretchy": "false"}
    assert signs(mathml(r"\left(1+\frac12\right)"))["("] == {"form": "prefix", "stretchy": "true"}
    bars = [e.attrib["form"] for e in ET.fromstring(mathml(r"\left|a\right|")).iter("mo")]
    assert bars == ["prefix", "postfix"]


def test_single_upright_letters_are_told_to_be() -> None:
    """A browser slants a letter that stands alone: capital Greek and roman ones say no."""
    letters = {
        str(e.text): e.attrib.get("mathvariant")
        for e in ET.fromstring(mathml(r"\Sigma\sigma\mathrm{d}x\partial")).iter("mi")
    }
    upright = {"Σ": "normal", "σ": None, "d": "normal", "x": None}
    assert letters == upright


def attributes(tex: str, tag: str) -> list[dict[str, str]]:
    """Those of each element of a kind."""
    return [dict(element.attrib) for element in checked(mathml(tex)).iter(tag)]


def test_styles_are_those_asked_for() -> None:
    """Fractions of a fixed size, limits that may move or not, and parts in display style."""
    shown, text = ({"displaystyle": d, "scriptlevel": "0"} for d in ("true", "false"))
    assert attributes(r"\dfrac12\tfrac12\frac12", "mfrac") == [shown, text, {}]
    assert attributes(r"\textstyle\sum", "mstyle") == [text]
    assert signs(mathml(r"\sum_i"))["∑"] == {"movablelimits": "true"}
    assert signs(mathml(r"\sum\limits_i"))["∑"] == {"movablelimits": "false"}
    assert attributes(r"\begin{aligned}a\end{aligned}", "mtable") == [{"displaystyle": "true"}]
    assert attributes(r"x_{\substack{a}}", "mtable") == [{}]
    assert attributes(r"\begin{smallmatrix}a\end{smallmatrix}", "mtable") == [{"scriptlevel": "+1"}]


def test_brackets_have_the_size_asked_for() -> None:
    """From 1.2 em in steps of 0.6 em, as in plain TeX."""
    for name, size in (("big", 1.2), ("Big", 1.8), ("bigg", 2.4), ("Bigg", 3.0)):
        sizes = signs(mathml(f"\\{name}("))["("]
        assert (sizes["minsize"], sizes["maxsize"]) == (f"{size}em", f"{size}em")


def test_cells_are_aligned_as_their_column_says() -> None:
    """By styles, for Core has no attribute for it; the signs of aligned lines meet their left."""
    spec = [cell["style"] for cell in attributes(r"\begin{array}{lcr}a&b&c\end{array}", "mtd")]
    assert [style.partition(";")[0] for style in spec] == [
        "text-align:-webkit-left", "text-align:-webkit-center", "text-align:-webkit-right",
    ]  # fmt: skip
    assert spec[1].endswith("padding:0 0.5000em 0 0.5000em")
    aligned = attributes(r"\begin{aligned}a&=b\end{aligned}", "mtd")
    assert [cell["style"].partition(";")[2] for cell in aligned] == ["padding:0 0 0 0"] * 2
    relation = signs(mathml(r"\begin{aligned}&=b\end{aligned}"))["="]
    assert relation == {"form": "infix", "lspace": "0.2778em", "rspace": "0.2778em"}


def test_parts_of_fractions_in_lines_are_tight() -> None:
    """In a line they are script letters, in a display they are not, as on paper."""
    tight = {"form": "infix", "lspace": "0", "rspace": "0"}
    assert signs(mathml(r"\frac{a+b}{2}"))["+"] == tight
    assert signs(mathml(r"\frac{a+b}{2}", display=True))["+"] == {}
    assert signs(mathml(r"\dfrac{a+b}{2}"))["+"] == {}


@given(formulas())
def test_any_formula_is_well_formed(tex: str) -> None:
    """Whatever is put together from the constructs is Core, whole and cut for line breaks."""
    checked(mathml(tex))
    checked(mathml(tex, display=True))
    assert ET.fromstring(f"<div>{breakable(tex)}</div>").tag == "div"


@pytest.mark.parametrize("name", [*SYMBOLS, *FUNCTIONS])
def test_every_command_converts(name: str) -> None:
    """Alone, as a base, as an argument, and in the middle of a formula."""
    command = f"\\{name} "
    for tex in (command, f"x{command}y", f"{command}_1", f"x^{{{command}}}"):
        assert checked(mathml(tex)).tag == "math"


@pytest.mark.parametrize("name", ACCENTS)
def test_every_accent_converts(name: str) -> None:
    """Only the wide forms grow with their base."""
    for base in ("y", "yz"):
        root = checked(mathml(f"\\{name}{{{base}}}"))
        assert root[0].tag == ("munder" if name == "underline" else "mover")
        assert root[0][1].attrib == {"stretchy": str(name in WIDE).lower()}


def test_long_chains_may_be_broken() -> None:
    """Before relations; where a link is long, before its sums too, but in no bracket."""
    terms = " + ".join(f"a_{i} \\cdot (b_{i} + c)" for i in range(5))
    pieces = [
        checked(f"{part}</math>") for part in breakable(f"y = {terms} = 2").split("</math>")[:-1]
    ]
    starts = [str(next(iter(piece.itertext()))) for piece in pieces]
    assert starts == ["y", "=", "+", "+", "+", "+", "="]
    assert signs(breakable("= 2"))["="]["form"] == "infix"
    assert breakable("x").count("<math") == 1


def test_nothing_is_lost_when_a_chain_is_cut() -> None:
    """The pieces hold the characters of the whole, in order."""
    tex = r"y = \frac{a}{b} \cdot c + d - e \cdot f + g + h - k \cdot l = \left(m + n\right)"
    whole = "".join(ET.fromstring(mathml(tex)).itertext())
    cut = ET.fromstring(f"<div>{breakable(tex)}</div>")
    assert "".join("".join(cut.itertext()).split()) == whole


# --- the bank -------------------------------------------------------------------------------------


@cache
def prose_of(template_id: str) -> tuple[str, ...]:
    """All that the template writes, in both languages, and its worked answers, each text once."""
    return tuple(dict.fromkeys(filter(None, _prose(template_id))))


def _prose(template_id: str) -> Iterator[str]:
    template = template_of(template_id)
    written: list[Text] = [template.file.title, template.file.stem, *template.file.conventions]
    written += [text for part in template.parts for text in (part.ask, part.hint) if text]
    variants = draw_variants(template, 7, [0])
    for language in ("en", "de"):
        yield from (in_language(text, language) for text in written)
        sheet = variant_sheet(variants, 0, language)
        yield from (f"${tex}$" for tex in sheet.equations)
        yield from (f"${tex} = {number}$" for tex, number in sheet.givens)
        yield from (f"${slot.label}$" for part in sheet.parts for slot in part.slots)
    for part in worked_parts(variants, 0):
        for step in part.steps:
            yield step.text
            yield from (f"${formula}$" for formula in step.formulas)


def html_prose(text: str) -> str:
    """Prose with each of its formulas as one element."""
    return "".join(mathml(p.text) if p.math else escaped(p.text) for p in pieces(text))


@pytest.mark.parametrize("template_id", bank_ids())
def test_all_of_the_bank_converts(template_id: str) -> None:
    """Prose, equations, labels and worked answers give well-formed Core, a line, and words."""
    texts = prose_of(template_id)
    assert len(texts) > 20
    for text in texts:
        root = ET.fromstring(f"<div>{html_prose(text)}</div>")
        assert all(
            checked(ET.tostring(m, "unicode").strip()) is not None for m in root if not m.tail
        )
        if text[0] == text[-1] == "$" and text.count("$") == 2:
            ET.fromstring(f"<div>{breakable(text[1:-1])}</div>")
    for tex in {piece.text for text in texts for piece in pieces(text) if piece.math}:
        assert plain(tex)
        assert all(re.fullmatch(r"[\w ,.;:%-]+", speech(tex, lang)) for lang in ("en", "de")), tex


# --- hostile text ---------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script> & \"x\" 'y' ]]> <!-- \x00\x08\ud800\uffff"


def test_markup_in_text_stands_for_itself() -> None:
    """Characters that HTML and XML cannot hold are shown as missing; the rest comes back."""
    shown = "".join(
        ET.fromstring(f'<p title="{escaped(HOSTILE)}">{escaped(HOSTILE)}</p>').itertext()
    )
    assert shown == HOSTILE.replace("\x00\x08\ud800\uffff", "\ufffd" * 4)
    assert "<script" not in escaped(HOSTILE)


@pytest.mark.parametrize(
    "tex",
    ["<script>", r"\text{<img src=x onerror=y>}", r"\mathrm{\text{</math>}}", "\"'>", "a\x00b"],
)
def test_markup_in_formulas_stands_for_itself(tex: str) -> None:
    """A formula is no way into the page either."""
    root = checked(mathml(tex))
    assert root.tag == "math"
    assert ET.fromstring(f"<div>{breakable(tex)}</div>").tag == "div"


@pytest.mark.parametrize("tex", [r"\href{x}{y}", "x^", "{", "a$b", "x" * 5000, "{" * 40 + "}" * 40])
def test_what_the_paper_refuses_is_refused(tex: str) -> None:
    """The same parser, so the same bounds and the same words."""
    with pytest.raises(ExamgenError):
        mathml(tex)
