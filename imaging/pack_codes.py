"""GS1 codes on a pack, read out of a picture by zxing-cpp: DataMatrix above all, QR and linear codes too.

What a code says is read by `procedure.gs1`; here it is only found and turned into text.
"""

from __future__ import annotations

from dataclasses import dataclass

from imaging.pictures import Bgr


@dataclass(frozen=True, slots=True)
class PackCode:
    """One code in a picture. `text` keeps GS1's separator (0x1D); `gs1` says whether the code itself says that it is GS1."""

    text: str
    gs1: bool
    centre: tuple[float, float]  #: [column, row] in pixels


def pack_codes(picture: Bgr) -> tuple[PackCode, ...]:
    """The codes that are seen, GS1 codes first, then from top to bottom; tens of milliseconds for a camera's picture."""
    import zxingcpp

    # Plain: the text as it is in the code. The default puts brackets around identifiers and drops the separators.
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    codes = [
        PackCode(code.text, code.content_type == zxingcpp.ContentType.GS1, _centre(code.position))
        for code in found
        if code.valid
    ]
    return tuple(sorted(codes, key=lambda code: (not code.gs1, code.centre[1], code.centre[0])))


def _centre(position: object) -> tuple[float, float]:
    corners = [getattr(position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    return sum(corner.x for corner in corners) / 4, sum(corner.y for corner in corners) / 4
