"""Finds which characters the bundled fonts can draw, by asking the compiler.

``python -m assistant.drafting.rendering.coverage`` writes ``resources/glyphes.txt`` (two minutes).
Run it after a change of fonts or of Typst: PDF/UA-1 refuses a character without a glyph, so a block
of characters that compiles is covered, and one that does not is cut in two.
"""

import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from assistant.drafting.rendering.glyphs import COVERAGE

BLOCK = 0x40
RANGES = (
    (0x20, 0x3100), (0xA640, 0xA800), (0xFB00, 0xFFFF), (0x1D400, 0x1D800), (0x1F000, 0x1FB00),
)  # fmt: skip
_HEAD = '#set document(title: "x")\n#set text(font: ("Libertinus Serif", "DejaVu Sans"))\n'


def _compiles(path: Path, points: list[int]) -> bool:
    import typst

    path.write_text(_HEAD + "".join(f'#box[#"\\u{{{p:x}}}"] ' for p in points), encoding="utf-8")
    fonts = [str(COVERAGE.parent / "polices")]
    try:
        typst.compile(
            str(path), format="pdf", font_paths=fonts, ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )  # fmt: skip
    except RuntimeError:
        return False
    return True


def _covered(path: Path, points: list[int]) -> Iterator[int]:
    if points and _compiles(path, points):
        yield from points
    elif len(points) > 1:
        half = len(points) // 2
        yield from _covered(path, points[:half])
        yield from _covered(path, points[half:])


def _ranges(points: list[int]) -> Iterator[str]:
    start = previous = points[0]
    for point in [*points[1:], -1]:
        if point != previous + 1:
            yield f"{start:X}" if start == previous else f"{start:X}-{previous:X}"
            start = point
        previous = point


def main() -> int:
    """Write the ranges."""
    found = {0x9, 0xA}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.typ"
        for first, last in RANGES:
            for start in range(first, last, BLOCK):
                block = range(start, min(start + BLOCK, last))
                real = [p for p in block if unicodedata.category(chr(p))[0] != "C" or p == 0xAD]
                found |= set(_covered(path, real))
    COVERAGE.write_text("\n".join(_ranges(sorted(found))) + "\n", encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
