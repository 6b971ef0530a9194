"""Make the bundled font files out of the releases of STIX Two.

    python docs/make_fonts.py STIXTwoMath-Regular.ttf FONTSOURCE_FILES

The first argument is STIX Two Math as TrueType, the second the folder `files` of the package
@fontsource/stix-two-text. Writes to examgen/fonts/; then run docs/make_digests.py.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from fontTools import merge, subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent.parent / "examgen" / "fonts"
SUBSETS = ("latin", "latin-ext", "greek", "cyrillic", "vietnamese")
STYLES = {
    "Regular": "400-normal",
    "Italic": "400-italic",
    "Bold": "700-normal",
    "BoldItalic": "700-italic",
}
MATH_BLOCKS = (
    (0x20, 0xFF),  # Latin
    (0x131, 0x131),  # dotless i
    (0x237, 0x237),  # dotless j
    (0x300, 0x338),  # combining marks
    (0x391, 0x3F6),  # Greek
    (0x2010, 0x2057),  # punctuation, primes
    (0x2070, 0x209C),  # small digits, as students type them
    (0x20D0, 0x20F0),  # marks for symbols
    (0x2100, 0x214F),  # letterlike
    (0x2150, 0x215E),  # fractions
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # operators
    (0x2308, 0x230B),  # floor and ceiling
    (0x23B0, 0x23B7),  # long brackets
    (0x23DC, 0x23E1),  # braces over and under
    (0x25A0, 0x25FF),  # shapes
    (0x2713, 0x2713),  # check mark
    (0x27E6, 0x27FF),  # more brackets and long arrows
    (0x2A00, 0x2A0C),  # large operators
    (0x2A7D, 0x2A7E),  # slanted comparisons
    (0x1D400, 0x1D56B),  # bold, italic, script, black letter, double struck
    (0x1D5A0, 0x1D5D3),  # sans serif
    (0x1D6A4, 0x1D755),  # Greek, bold and italic
    (0x1D7CE, 0x1D7E1),  # digits, bold and double struck
)


def main(math: Path, text: Path) -> None:
    """Write the five files."""
    _save(_math(math), FOLDER / "STIXTwoMath-Regular.ttf")
    for style, source in STYLES.items():
        _save(_text(text, source), FOLDER / f"STIXTwoText-{style}.ttf")


def _math(path: Path) -> TTFont:
    """The blocks that formulas draw from, with their variants, parts and small forms."""
    options = subset.Options(
        hinting=False,
        layout_features=["ssty", "dtls", "flac", "kern"],
        drop_tables=["DSIG", "gasp", "GDEF"],
        glyph_names=True,
        name_IDs=["*"],
        notdef_outline=True,
    )
    font = TTFont(path)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for a, b in MATH_BLOCKS for code in range(a, b + 1)])
    subsetter.subset(font)
    return font


def _text(folder: Path, source: str) -> TTFont:
    """The subsets of one style in one file, with kerning and ligatures."""
    paths = [folder / f"stix-two-text-{name}-{source}.woff2" for name in SUBSETS]
    plain = [_unpacked(path) for path in paths]
    font = merge.Merger(merge.Options(drop_tables=["GDEF", "gasp", "STAT", "DSIG"])).merge(plain)
    font["head"].created = TTFont(paths[0])["head"].created  # the merger puts the present time
    options = subset.Options(
        hinting=False, layout_features=["kern", "liga"], glyph_names=True, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(font.getBestCmap()))
    subsetter.subset(font)
    return font


def _unpacked(path: Path) -> BytesIO:
    font, target = TTFont(path), BytesIO()
    font.flavor = None
    font.save(target)
    target.seek(0)
    return target


def _save(font: TTFont, path: Path) -> None:
    _decompose(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(path)


def _decompose(font: TTFont) -> None:
    """Outlines without references to others, so that a glyph can be taken out alone."""
    glyphs, table = font.getGlyphSet(), font["glyf"]
    for name in font.getGlyphOrder():
        if table[name].isComposite():
            pen = TTGlyphPen(None)
            recording = DecomposingRecordingPen(glyphs)
            glyphs[name].draw(recording)
            recording.replay(pen)
            table[name] = pen.glyph()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
