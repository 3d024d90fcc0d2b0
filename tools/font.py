"""Cuts STIX Two Math down to what the pages print: `python tools/font.py FROM` writes docs/assets/fonts.

FROM is the whole font, `files/stix-two-math-latin-400-normal.woff2` of version 5.3.0 of the npm package
`@fontsource/stix-two-math` (SIL Open Font License 1.1). Needs the extra `font`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

TO = Path(__file__).parent.parent / "docs" / "assets" / "fonts" / "stix-two-math.woff2"

OPERATORS = "±·×÷−∓∗∘√∝∞∂∇∈∉∋∏∑∫∀∃∅¬∧∨∩∪≈≃≡≠≤≥≪≫≺≻∼⊂⊃⊆⊇⊕⊖⊗⊙⊤⊥∣∥⋅⋮⋯⋱…←→↔↦⇐⇒⇔≔⁣⁢⁡"
FENCES = "⌈⌉⌊⌋⟨⟩‖⟦⟧"
ACCENTS = "ˆ˜¯˙¨ˇ→⏞⏟‾_^~\u0302\u0303\u0304\u0307\u20d7"
PRIMES = "′″‴"
LETTERS = "ℓℒℝℕℤℚℂℰℱℋℐℳℬℛ"


def alphabets() -> set[int]:
    """Mathematical italic, bold, bold italic; script and blackboard capitals; Greek italic and upright."""
    italic = set(range(0x1D434, 0x1D468)) | {0x210E}
    bold = set(range(0x1D400, 0x1D434)) | set(range(0x1D468, 0x1D49C)) | set(range(0x1D7CE, 0x1D7D8))
    script = set(range(0x1D49C, 0x1D4B6))
    greek = set(range(0x0391, 0x03A2)) | set(range(0x03A3, 0x03AA)) | set(range(0x03B1, 0x03CA)) | {0x3D1, 0x3D5, 0x3F5}
    greek_italic = set(range(0x1D6E2, 0x1D71C))
    return italic | bold | script | greek | greek_italic | {0x1D7D9, 0x1D538, 0x1D53C, 0x1D540}


def main(source: str) -> None:
    """Write the subset and print its size in bytes."""
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["ssty", "kern", "ccmp", "mark", "flac", "dtls"]
    options.hinting = False
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    font = load_font(source, options)
    subsetter = Subsetter(options)
    written = set(map(ord, OPERATORS + FENCES + ACCENTS + PRIMES + LETTERS))
    subsetter.populate(unicodes=set(range(0x20, 0x7F)) | {0xA0, 0xFE00} | written | alphabets())
    subsetter.subset(font)
    save_font(font, str(TO), options)
    sys.stdout.write(f"{TO.name}: {TO.stat().st_size} bytes, {len(font.getGlyphOrder())} glyphs\n")


if __name__ == "__main__":
    main(sys.argv[1])
