"""The smallest elements of MathML: names, numbers, signs and spaces.

Core knows `mathvariant="normal"` only, so bold and other letters are those of Unicode's
mathematical alphabets.
"""

from __future__ import annotations

import re
from html import escape

from examgen.typeset.alphabets import lettered
from examgen.typeset.tree import Atom

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """Text that stands for itself in HTML and XML; what neither may hold is shown as such."""
    return escape(_NO_XML.sub("\ufffd", text))


def blank(em: float) -> str:
    """Space of a width in em; MathML Core has no negative space."""
    return f'<mspace width="{em:.4f}em"></mspace>' if em > 0 else ""


def em(width: float) -> str:
    """A width as an attribute."""
    return f"{width:.4f}em" if width else "0"


def mo(text: str, **attributes: str) -> str:
    """A sign with its attributes."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<mo{written}>{escaped(text)}</mo>"


def identifier(tree: Atom) -> str:
    """A browser slants a single letter unless told not to, and no longer word.

    Firefox sets an upright identifier off from what follows it, as in sin x: a sign that is no
    letter, as in ∂L, is an operator with no space of its own.
    """
    if len(tree.text) == 1 and not tree.text.isalnum():
        return mo(letters(tree), stretchy="false", lspace="0", rspace="0")
    upright = tree.style == "upright" or "Α" <= tree.text <= "Ω"
    normal = ' mathvariant="normal"' if len(tree.text) == 1 and upright else ""
    return f"<mi{normal}>{escaped(letters(tree))}</mi>"


def letters(tree: Atom) -> str:
    """Blanks stay, at the edges too; bold and italic words in letters of their own."""
    text = tree.text.replace(" ", "\N{NO-BREAK SPACE}")
    if tree.style in ("bold", "bold italic") or (tree.style == "italic" and len(text) > 1):
        return lettered(text, tree.style)
    return text
