"""Which fonts a document is set in, and which signs they have a picture for (docs/decisions/0014-printed-documents.md).

Fonts are taken in a fixed order of preference from those that the computer has; nothing else decides, so that the same
computer sets the same text in the same fonts. A sign that none of them has is told in the document, never dropped.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import typst

#: The first of these that is there sets the Latin text. The last is inside the typesetter.
MAIN: Final = ("Noto Sans", "DejaVu Sans", "Segoe UI", "Arial", "Helvetica Neue", "Libertinus Serif")
_NOTO: Final = (
    *("Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada"),
    *("Malayalam", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan", "Georgian", "Armenian", "Ethiopic"),
)
#: For every other script, in this order: Noto on Linux, then what Windows and macOS bring along.
_SCRIPTS: Final = (
    *(f"Noto Sans {script}" for script in _NOTO),
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans JP",
    "Noto Sans SC",
    "Noto Sans KR",
    "Noto Sans Mongolian",  # it has commas and brackets of Chinese and Japanese too, set for lines that run down
    *("Segoe UI", "Tahoma", "Nirmala UI", "Leelawadee UI", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic"),
    *("Arial Hebrew", "Geeza Pro", "Devanagari Sangam MN", "Thonburi", "Hiragino Sans", "PingFang SC"),
    *("Apple SD Gothic Neo", "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans Symbols2", "Noto Sans Math"),
    "DejaVu Sans",
    "Libertinus Serif",
)
#: What the typesetter's own font has, of which no file can be asked: Latin, Greek, Cyrillic, punctuation.
_INSIDE: Final = (range(0x20, 0x250), range(0x370, 0x500), range(0x2010, 0x2028), range(0x2030, 0x205F))
_JOINERS: Final = frozenset("\u200c\u200d")  # they belong to words of several scripts


@dataclass(frozen=True, slots=True)
class Typeface:
    """The families, best first, and the signs that they cover."""

    families: tuple[str, ...]
    fonts: typst.Fonts = field(repr=False)
    _coverage: tuple[Any, ...] = field(repr=False)

    def has(self, sign: str) -> bool:
        """Whether one of the families has a picture for a sign, or the sign needs none (line ends, joiners)."""
        code = ord(sign)
        return sign in "\n\t" or sign in _JOINERS or any(code in covered for covered in self._coverage)

    def shown(self, text: str, missing: set[str]) -> str:
        """The text with each sign that has no picture, or is invisible, as '[U+1F441]'; those are added to `missing`.

        Signs that turn the direction of writing are told like that too: unseen, they could make a line read otherwise.
        """
        plain = []
        for sign in text.replace("\t", "    "):
            hidden = unicodedata.category(sign) in ("Cf", "Co", "Cn", "Cs") and sign not in _JOINERS
            if hidden or not self.has(sign):
                missing.add(sign)
                plain.append(told(sign))
            else:
                plain.append(sign)
        return "".join(plain)


def told(sign: str) -> str:
    """A sign by its number in Unicode."""
    return f"[U+{ord(sign):04X}]"


@lru_cache(maxsize=1)
def typeface() -> Typeface:
    """The fonts of this computer. Reads their tables of signs once (some tens of milliseconds)."""
    import typst
    import uharfbuzz

    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)
    files: dict[str, tuple[str | None, int]] = {}
    for info in fonts.fonts():
        if info.style == "normal" and (info.weight == 400 or info.family not in files):
            files[info.family] = (info.path, info.index)
    main = next(family for family in MAIN if family in files)
    families = tuple(dict.fromkeys(family for family in (main, *_SCRIPTS) if family in files))
    covered: list[Any] = []
    for family in families:
        path, index = files[family]
        if path is None:
            covered += _INSIDE
        else:
            covered.append(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path), index).unicodes)
    return Typeface(families, fonts, tuple(covered))


#: A word of each script that people's names are written in: what `sonofill doctor` and the tests look for.
SAMPLES: Final = {
    "Latin": "Żółć Müller",
    "Greek": "Ελλάδα",
    "Cyrillic": "Жданов",
    "Arabic": "محمد",
    "Hebrew": "שלום",
    "Devanagari": "क्षत्रिय",
    "Thai": "ภาษาไทย",
    "Japanese": "山田太郎 やまだ",
    "Chinese": "陈小明 陳小明",
    "Korean": "김철수",
}


def scripts_without_font(face: Typeface) -> tuple[str, ...]:
    """The scripts of SAMPLES that this computer cannot print."""
    return tuple(name for name, word in SAMPLES.items() if not all(face.has(sign) for sign in word))
