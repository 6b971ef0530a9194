"""The tags of a PDF: what a reader says, in which order, and that a flaw would be found."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
import test_pdf as sample
from pdf_checker import elements, kids, kind, outline, problems, sequences

from examgen.render.blocks import Block, Document, Frame, Mark
from examgen.typeset import formula, layout, row
from examgen.typeset.speech import speech

OUTLINE = """
Document
  H1 Neural Networks
  H2 Question 1
  P The gradient  is known.
    Formula {derivative}
  Table
    TR
      TH
        Formula {w_0}
      TH
        Formula {w_1}
      TH
        Formula {w_2}
    TR
      TD 0.5
      TD 1.5
      TD
  Formula L equals x squared
  Figure x feeds h.
  P
    Figure x feeds h.
  L
    LI
      Lbl •
      LBody First.
    LI
      Lbl •
      LBody Second.
  P
    Form {z_1}
      Formula {z_1}
    Form {z_2} 3 decimals
      Formula {z_2}
  P A paragraph that goes onoverleaf.
"""


def document(*blocks: Block, language: str = "en") -> Document:
    """A page of blocks."""
    return Document((sample.page(*blocks),), 595.0, 842.0, 58.0, 54.0, "Title", language)


def outlined(*documents: Document) -> list[str]:
    """The tree of a file without problems."""
    pdf = sample.written(*documents)
    assert problems(pdf) == []
    return outline(sample.opened(pdf))


def test_everything_is_read_as_what_it_is() -> None:
    """Headings, paragraphs, formulas, tables, figures, lists and boxes, in the order of the ink."""
    texts = {"derivative": sample.DERIVATIVE, **{f"w_{i}": f"w_{i}" for i in range(3)}}
    texts |= {"z_1": "z_1 =", "z_2": "z_2 ="}
    expected = OUTLINE.format(**{name: speech(tex) for name, tex in texts.items()})
    assert outlined(sample.document()) == expected.strip().splitlines()


def test_sequences_follow_each_other_in_the_tree() -> None:
    """On every page the ids of the tree rise: the order of reading is that of the ink."""
    file = sample.opened(sample.written(sample.document()))
    order: list[int] = []

    def below(element: Any) -> None:
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary):
                below(kid)
            else:
                order.append(int(kid))

    below(file.Root.StructTreeRoot)
    assert order == sorted(order)
    assert len(order) > 20


def test_furniture_frames_and_rules_are_not_read_out() -> None:
    """What is no content has no element."""
    pdf = sample.written(document(sample.line(sample.text("Content."))))
    file = sample.opened(pdf)
    texts = sequences(file.pages[0].obj)
    assert texts == {0: "Content.", -1: "page foot"}
    boxed = Block(20.0, (Mark(0.0, 20.0, Frame(50.0, 20.0)), Mark(0.0, 14.0, sample.text("In."))))
    assert outlined(document(boxed)) == ["Document", "  P In."]


def test_a_block_without_ink_leaves_no_element() -> None:
    """White space and an empty table are not announced."""
    assert outlined(
        document(Block(9.0, ()), Block(9.0, (), role="Table"), sample.line(sample.text("a")))
    ) == ["Document", "  P a"]


@pytest.mark.parametrize(("role", "count"), [("P", 1), ("H1", 2)])
def test_only_a_block_of_the_same_role_goes_on(role: Any, count: int) -> None:
    """Further lines belong to the paragraph before; a paragraph never goes on with a heading."""
    first = sample.line(sample.text("one "), role)
    second = sample.line(sample.text("two"), "P", continues=True)
    assert len(outlined(document(first, second))) == 1 + count


def test_a_table_goes_on_in_the_next_block() -> None:
    """Rows of two blocks are rows of one table, though both count from nought."""
    table = sample.table()
    found = outlined(document(table, replace(table, continues=True)))
    assert [line.strip() for line in found].count("TR") == 4
    assert [line.strip() for line in found].count("Table") == 1


def test_heads_beside_numbers_are_heads_of_rows() -> None:
    """A row of heads alone has them over columns, else they stand at the side of their row."""
    side = Block(
        40.0,
        tuple(
            Mark(40.0 * x, 10.0 + 20 * y, sample.text(f"{x}{y}"), "TD" if x and y else "TH", y)
            for y in range(2)
            for x in range(2)
        ),
        role="Table",
    )
    file = sample.opened(sample.written(document(side)))
    scopes = [str(e.A.Scope) for e, _ in elements(file) if kind(e) == "TH"]
    assert scopes == ["/Column", "/Column", "/Row"]


def test_rules_in_a_formula_belong_to_it() -> None:
    """The bar of a fraction is painted inside the formula's marks, a rule by itself is not."""
    tex = r"\frac{a}{b}"
    pdf = sample.written(document(sample.line(formula(layout(tex, 10.0), tex))))
    file = sample.opened(pdf)
    code = file.pages[0].obj.Contents.read_bytes().decode("latin-1")
    assert re.search(r"/Formula<</MCID 0>>BDC.*? re\nf\nEMC", code, re.DOTALL)


def test_a_formula_is_said_in_the_language_of_its_document() -> None:
    """Each document of a file has its own language, and says so where it is not the file's."""
    box = formula(layout("x", 10.0), "x")
    file = sample.opened(
        sample.written(document(sample.line(box)), document(sample.line(box), language="de"))
    )
    roots = [element for element, _ in elements(file) if kind(element) == "Document"]
    assert [str(root.get("/Lang", "")) for root in roots] == ["", "de"]


def test_words_are_found_for_a_formula_that_brings_none() -> None:
    """A displayed formula without an alternative is said as what is set in it."""
    block = sample.line(row([sample.set_formula("a = b")]), "Formula")
    assert outlined(document(block)) == ["Document", f"  Formula {speech('a = b')}"]


# --- the checker finds what is wrong -------------------------------------------------------------


def first(file: pikepdf.Pdf, name: str) -> Any:
    """The first element of a type."""
    return next(element for element, _ in elements(file) if kind(element) == name)


def rewritten(file: pikepdf.Pdf, change: Callable[[bytes], bytes]) -> None:
    """The first page's content changed."""
    contents = file.pages[0].obj.Contents
    contents.write(change(contents.read_bytes()))


def _unmapped(file: pikepdf.Pdf) -> None:
    font = file.pages[0].obj.Resources.Font.F0
    font.ToUnicode.write(
        re.sub(rb"bfchar\n<[^>]*> <[^>]*>", b"bfchar", font.ToUnicode.read_bytes(), count=1)
    )


def _unembedded(file: pikepdf.Pdf) -> None:
    del file.pages[0].obj.Resources.Font.F0.DescendantFonts[0].FontDescriptor["/FontFile2"]


def _deprived(file: pikepdf.Pdf) -> None:
    element = first(file, "P")
    element.K = pikepdf.Array(kids(element)[1:])


def _short(file: pikepdf.Pdf) -> None:
    line = first(file, "TR")
    line.K = pikepdf.Array(kids(line)[1:])


FLAWS: list[tuple[str, Callable[[pikepdf.Pdf], object]]] = [
    ("no language", lambda file: file.Root.__delitem__("/Lang")),
    ("not marked", lambda file: file.Root.__delitem__("/MarkInfo")),
    ("not displayed", lambda file: file.Root.__delitem__("/ViewerPreferences")),
    ("same in both places", lambda file: file.docinfo.__setitem__("/Title", "Other")),
    ("a date", lambda file: file.docinfo.__setitem__("/ModDate", "D:2026")),
    ("without words", lambda file: first(file, "Figure").__delitem__("/Alt")),
    ("without words", lambda file: first(file, "Formula").__delitem__("/Alt")),
    ("without its scope", lambda file: first(file, "TH").__delitem__("/A")),
    ("Form without a role", lambda file: first(file, "Form").__delitem__("/A")),
    ("H3 after level 1", lambda file: first(file, "H2").__setitem__("/S", pikepdf.Name.H3)),
    ("no standard type", lambda file: first(file, "H2").__setitem__("/S", pikepdf.Name.Foo)),
    ("know its parent", lambda file: first(file, "H1").__setitem__("/P", first(file, "H2"))),
    ("0 times in the tree", _deprived),
    ("of [2, 3] cells", _short),
    ("neither tagged", lambda file: rewritten(file, lambda code: b"0 0 9 9 re f\n" + code)),
    ("left open", lambda file: rewritten(file, lambda code: code[: code.rindex(b"EMC")])),
    ("used twice", lambda file: rewritten(file, lambda c: c.replace(b"MCID 1>", b"MCID 0>"))),
    ("order of tabs", lambda file: file.pages[0].obj.__delitem__("/Tabs")),
    ("no character", _unmapped),
    ("not embedded", _unembedded),
]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """The sample's bytes."""
    return sample.written(sample.document())


@pytest.mark.parametrize(("text", "harm"), FLAWS)
def test_flaw_is_found(pdf: bytes, text: str, harm: Callable[[pikepdf.Pdf], object]) -> None:
    """A file with one thing amiss is not passed."""
    file, target = sample.opened(pdf), io.BytesIO()
    harm(file)
    file.save(target)
    found = problems(target.getvalue())
    assert any(text in problem for problem in found), found
