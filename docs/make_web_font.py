"""Make the small font that pages on screen carry, out of the bundled STIX Two Math.

    python docs/make_web_font.py

Writes to examgen/html/fonts/. The same input gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent / "examgen"
SOURCE = ROOT / "fonts" / "STIXTwoMath-Regular.ttf"
TARGET = ROOT / "html" / "fonts" / "STIXTwoMath-Web.woff2"
RANGES = (
    (0x20, 0x7E),  # Latin
    (0x3B1, 0x3C9),  # Greek
    (0x1D400, 0x1D433),  # bold Latin
    (0x1D434, 0x1D467),  # italic Latin
    (0x1D6FC, 0x1D71B),  # italic Greek
    (0x1D7CE, 0x1D7D7),  # bold digits
    (0x300, 0x30C),  # accents
)
SINGLE = (
    "ΓΔΘΛΞΠΣΥΦΨΩϵϑϕϱϖ°±×÷·⋅∓∗∘⊙⊕⊗∙⋆−∂∇∞∅∝∼≈≠≡≤≥≪≫≔≃∈∉⊂⊆∪∩∧∨¬∀∃∣∥‖→←↔⇒⇔↦⟶…⋯⋮⋱∑∏∫√⟨⟩⌊⌋⌈⌉⏞⏟ˆ˜¯˙¨ˇ‾"
    "′″‴ℎℓℝ𝔼𝟙ıȷ\u00a0\u20d7"
)
PRIMES = "′″‴"


def main() -> None:
    """Write the font file."""
    font = TTFont(SOURCE, recalcTimestamp=False)
    _only_primes(font)
    options = subset.Options(
        layout_features=["ssty"], glyph_names=False, notdef_outline=True, hinting=False
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_codes())
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(TARGET)


def _codes() -> list[int]:
    ranges = [code for a, b in RANGES for code in range(a, b + 1)]
    return sorted({*ranges, *map(ord, SINGLE)})


def _only_primes(font: TTFont) -> None:
    """Small forms of primes stay: those of letters would double the file."""
    kept = {font.getBestCmap()[ord(char)] for char in PRIMES}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            for name in ("mapping", "alternates"):
                if hasattr(inner, name):
                    found = getattr(inner, name)
                    setattr(inner, name, {k: v for k, v in found.items() if k in kept})


if __name__ == "__main__":
    main()
