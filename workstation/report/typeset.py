"""From a document's blocks to the bytes of a PDF/A-2b, by Typst (docs/decisions/0014-printed-documents.md).

What a record says reaches the typesetter as data, never as program text. Words that are wider than their column get places
where they may break. A sign without a picture is told by its number, and the document ends with the list of them.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from procedure.documents import Blank, Block, Drawing, Facts, Figure, Figures, Heading, Page, Table, Text, Tone
from workstation.report.fonts import Typeface, told, typeface
from workstation.report.overlay import overlay_svg

_STANDARD: Final = "a-2b"
_PAGE_MM: Final = 180.0  # what a line may be long: A4 less the margins of pages.typ
_GUTTER_MM: Final = 5.0
_LABEL_SHARE: Final = 0.28  # of the page's width, in lists of facts
_TALLEST_MM: Final = 58.0
_MM_PER_PT: Final = 0.3528
_TALL: Final = 16  # lines: taller rows and legends may be parted between pages
_UNSHOWN: Final = re.compile(r"the text `(\".*?\")` (?:could not be displayed|uses|contains)", re.DOTALL)
_TRIES: Final = 40


class NotPrintable(Exception):
    """The document cannot be set; the message says why and what to do."""


class TooLong(NotPrintable):
    """A document of one page that does not fit on one."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """The PDF, how many pages it has, and the signs without a picture: they stand in it by their numbers."""

    pdf: bytes
    pages: int
    unshown: tuple[str, ...]


def typeset(page: Page) -> Typeset:
    """The document as PDF; the same document gives the same bytes on the same computer. Raises NotPrintable, TooLong."""
    face = typeface()
    barred: set[str] = set()
    for _ in range(_TRIES):
        missing: set[str] = set()
        try:
            return _set(page, face, barred, missing)
        except _SignsWithout as found:
            if found.signs <= barred:
                break
            barred |= found.signs
    raise NotPrintable(
        "The document holds text that cannot be printed here: install more fonts (docs/how-to/print-a-record.md)."
    )


class _SignsWithout(Exception):
    """The typesetter found no picture for some signs, though the fonts' tables named one."""

    def __init__(self, signs: set[str]) -> None:
        super().__init__()
        self.signs = signs


def _set(page: Page, face: Typeface, barred: set[str], missing: set[str]) -> Typeset:
    import typst

    def shown(text: str) -> str:
        plain = "".join(told(sign) if sign in barred else sign for sign in text)
        missing.update(barred & set(text))
        return face.shown(plain, missing)

    with tempfile.TemporaryDirectory(prefix="sonofill-report-") as name:
        folder = Path(name)
        blocks = [_plain(block, number, folder, shown) for number, block in enumerate(page.blocks)]
        if missing:
            blocks += [_plain(block, 0, folder, str) for block in _unshown(missing)]
        document = {
            "title": page.title,
            "running": _breakable(shown(page.running), 130, 7),
            "foot": _breakable(shown(page.foot), 150, 7),
            "one_page": page.one_page,
            "fonts": list(face.families),
            "blocks": blocks,
        }
        (folder / "page.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        layout = resources.files("workstation.report").joinpath("pages.typ").read_bytes()
        (folder / "pages.typ").write_bytes(layout)
        try:
            compiler = typst.Compiler(folder / "pages.typ", root=folder, font_paths=face.fonts)
            moment = int(page.dated.timestamp())
            pdf = compiler.compile(format="pdf", pdf_standards=[_STANDARD], timestamp=moment)
            pages = int(compiler.query("<pages>", field="value", one=True))
        except typst.TypstError as error:
            raise _meant(error) from error
    assert isinstance(pdf, bytes)
    return Typeset(_even(pdf), pages, tuple(sorted(missing)))


def _even(pdf: bytes) -> bytes:
    """The PDF with one line end behind its last mark (ISO 19005-2, 6.1.3), such that its length is even.

    DICOM pads an odd value with a NUL, and not every program that takes a PDF out of an object knows where to cut.
    """
    return pdf.rstrip(b"\r\n") + (b"\r\n" if len(pdf.rstrip(b"\r\n")) % 2 == 0 else b"\n")


def _meant(error: Exception) -> Exception:
    text = str(error)
    signs = {sign for found in _UNSHOWN.findall(text) for sign in _unquoted(found)} - set(" \n")
    if signs:
        return _SignsWithout(signs)
    if "more than one page" in text:
        return TooLong("The document does not fit on one page: print the whole record.")
    return NotPrintable(f"The document cannot be set: {' '.join(text.split())}. Please report this fault.")


def _unquoted(text: str) -> str:
    """A text as the typesetter's messages quote it, back to the text."""
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found.group(1), 16)), text.strip('"'))
    return plain.replace('\\"', '"').replace("\\\\", "\\")


def _unshown(missing: set[str]) -> Iterator[Block]:
    """The list of signs without a picture: what they are called, so that a reader can find them."""
    yield Heading("Signs that could not be printed")
    yield Text(
        "For these signs this computer has no font, or they are invisible. They stand in the text by their numbers.",
        Tone.NOTICE,
    )
    rows = tuple((told(sign), unicodedata.name(sign, "without a name").lower()) for sign in sorted(missing))
    yield Table(("sign", "what Unicode calls it"), (1.0, 5.0), rows)


def _plain(block: Block, number: int, folder: Path, shown: Any) -> dict[str, Any]:
    """A block as plain JSON values; its pictures are laid into the folder."""
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": _breakable(shown(block.text), _PAGE_MM, 11)}
        case Text():
            return {"kind": "text", "tone": str(block.tone), "text": _breakable(shown(block.text), _PAGE_MM - 12, 9)}
        case Facts():
            sides = (_PAGE_MM * _LABEL_SHARE, _PAGE_MM * (1 - _LABEL_SHARE) - 3)
            return {
                "kind": "facts",
                "rows": [
                    [_breakable(shown(label), sides[0], 8.6), _cell(told_there, sides[1], 8.6, shown)]
                    for label, told_there in block.rows
                ],
            }
        case Table():
            widths = [_PAGE_MM * width / sum(block.widths) - 2.2 for width in block.widths]
            return {
                "kind": "table",
                "widths": list(block.widths),
                "empty": _cell(block.empty, _PAGE_MM, 8, shown),
                "columns": [_breakable(shown(c), w, 8) for c, w in zip(block.columns, widths, strict=True)],
                "rows": [
                    {
                        "cells": [_cell(c, w, 7.7, shown) for c, w in zip(row, widths, strict=True)],
                        "tall": any(_lines(c, w, 7.7) > _TALL for c, w in zip(row, widths, strict=True)),
                    }
                    for row in block.rows
                ],
            }
        case Drawing():
            (folder / f"drawing-{number}.svg").write_text(block.svg, encoding="utf-8")
            return {"kind": "drawing", "file": f"drawing-{number}.svg", "share": block.share}
        case Figures():
            wide = (_PAGE_MM - _GUTTER_MM * (block.columns - 1)) / block.columns
            figures = [
                _figure(figure, f"{number}-{place}", wide, folder, shown) for place, figure in enumerate(block.figures)
            ]
            return {"kind": "figures", "columns": block.columns, "figures": figures}


def _figure(figure: Figure, name: str, wide_mm: float, folder: Path, shown: Any) -> dict[str, Any]:
    picture = figure.picture
    plain: dict[str, Any] = {
        "caption": _breakable(shown(figure.caption), wide_mm, 7.2),
        "lines": [_breakable(shown(line), wide_mm, 7.2) for line in figure.lines],
        "tall": sum(_lines(line, wide_mm, 7.2) for line in figure.lines) > _TALL,
        "file": None,
        "overlay": None,
        "width_mm": wide_mm,
        "height_mm": 0.0,
    }
    if picture is not None:
        ratio = picture.height_px / picture.width_px
        width = min(wide_mm, _TALLEST_MM / ratio)
        ending = "jpg" if picture.data[:2] == b"\xff\xd8" else "png"
        (folder / f"picture-{name}.{ending}").write_bytes(picture.data)
        plain |= {"file": f"picture-{name}.{ending}", "width_mm": width, "height_mm": width * ratio}
        if figure.labels:
            svg = overlay_svg(figure.labels, picture.width_px, picture.height_px)
            (folder / f"overlay-{name}.svg").write_text(svg, encoding="utf-8")
            plain["overlay"] = f"overlay-{name}.svg"
    return plain


def _cell(told_there: str | Blank, wide_mm: float, size_pt: float, shown: Any) -> str | dict[str, str]:
    if isinstance(told_there, Blank):
        return {"blank": str(told_there)}
    return _breakable(shown(told_there), wide_mm, size_pt)


_WORD: Final = re.compile(r"[^\s​]+")
_BREAK: Final = "\u200b"


def _breakable(text: str, wide_mm: float, size_pt: float) -> str:
    """The text with places to break in words that are wider than the column, between signs that stand by themselves."""
    room = wide_mm / (size_pt * _MM_PER_PT)  # in ems

    def broken(found: re.Match[str]) -> str:
        word = found.group()
        if sum(map(_ems, word)) <= room * 0.95:
            return word
        parts = [word[0]]
        for before, sign in pairwise(word):
            joined = unicodedata.category(sign)[0] == "M" or sign in "\u200c\u200d" or before == "\u200d"
            parts.append(sign if joined or unicodedata.combining(before) == 9 else _BREAK + sign)
        return "".join(parts)

    return _WORD.sub(broken, text)


def _lines(text: str, wide_mm: float, size_pt: float) -> int:
    """About how many lines a text takes: what is tall may be parted between pages, the rest is kept together."""
    room = wide_mm / (size_pt * _MM_PER_PT)
    return sum(1 + int(sum(map(_ems, line)) / room) for line in str(text).split("\n"))


def _ems(sign: str) -> float:
    """About how wide a sign is, in ems: rather more than Noto Sans has it."""
    if unicodedata.category(sign)[0] == "M":
        return 0.1
    if ord(sign) > 0x24F or sign in "mwMW@%—…":
        return 1.1
    return 0.8 if sign.isupper() else 0.65
