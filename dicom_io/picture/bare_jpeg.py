"""A camera's JPEG without what it tells of itself: the picture's own segments alone, byte for byte (ITU-T T.81, B.1.1).

Cameras write where a picture was taken, by whose device and when (EXIF, XMP, IPTC), and small copies of it that may show more
than the picture does (thumbnails, further pictures behind the first). None of that is needed to decode it. What is left out
is told by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from devices.jpeg.structure import BrokenJpeg

_KEPT_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
_ICC: Final = b"ICC_PROFILE\0"
_ADOBE: Final = b"Adobe"
_JFIF: Final = b"JFIF\0"
_JFIF_BYTES: Final = 14  # of a JFIF segment without a thumbnail
_BASELINE: Final = 0xC0
#: What an application segment holds, by its number and how its content begins.
_NAMES: Final = (
    (0xE1, b"Exif", "EXIF"),
    (0xE1, b"http://ns.adobe.com/x", "XMP"),
    (0xE2, b"MPF\0", "a list of further pictures"),
    (0xED, b"Photoshop", "IPTC"),
    (0xE0, b"JF", "a thumbnail"),
    (0xFE, b"", "a comment"),
)


@dataclass(frozen=True, slots=True)
class BareJpeg:
    """`data` is the picture; `left_out` names what is not in it; `icc_profile` describes its colours, empty where none does.

    `baseline` says that it is sequential, of 8 bits, with Huffman coding, as DICOM's JPEG Baseline wants it; `rgb` that its
    components are red, green and blue and not brightness and colour.
    """

    data: bytes
    components: int
    baseline: bool
    rgb: bool
    icc_profile: bytes = b""
    left_out: tuple[str, ...] = ()


def bare_jpeg(data: bytes) -> BareJpeg:
    """The first picture in `data`. Raises BrokenJpeg where it is cut short or its headers make no sense."""
    kept, left_out = [b"\xff\xd8"], dict[str, None]()
    profile: dict[int, bytes] = {}
    frame = adobe = b""
    baseline, end = False, 0
    for marker, start, stop in _segments(data):
        content = data[start + 4 : stop]
        end = stop
        if marker in _KEPT_FRAMES:
            frame, baseline = content, marker == _BASELINE and content[:1] == b"\x08"
        elif marker == 0xE2 and content.startswith(_ICC):
            profile[content[len(_ICC)]] = content[len(_ICC) + 2 :]
            continue
        elif marker == 0xEE and content.startswith(_ADOBE):
            adobe = content
        elif marker == 0xE0 and content.startswith(_JFIF) and len(content) == _JFIF_BYTES:
            pass
        elif 0xE0 <= marker <= 0xEF or marker == 0xFE:
            left_out[_name(marker, content)] = None
            continue
        elif marker not in _TABLES and marker not in (0xDA, 0xD9):
            raise BrokenJpeg("its headers are damaged")
        kept.append(data[start:stop])
    if len(frame) < 6:
        raise BrokenJpeg("its size is missing")
    if data[end:].strip(b"\0"):
        left_out["what lies behind the picture"] = None
    components = frame[5]
    letters = frame[6 : 6 + 3 * components : 3] == b"RGB"
    rgb = components == 3 and (adobe[11:12] == b"\0" if adobe else letters)
    icc = b"".join(profile[number] for number in sorted(profile))
    return BareJpeg(b"".join(kept), components, baseline, rgb, icc, tuple(left_out))


def _name(marker: int, content: bytes) -> str:
    known = (name for number, begins, name in _NAMES if marker == number and content.startswith(begins))
    return next(known, f"a segment of the camera's own (APP{marker - 0xE0})")


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each segment up to the end of the picture: its marker, where it begins and ends; a scan with its coded data."""
    if data[:2] != b"\xff\xd8":
        raise BrokenJpeg("it does not begin with a JPEG start marker")
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if len(data) < at + 2:
            raise BrokenJpeg("its end is missing: the picture was cut short")
        if data[at] != 0xFF:
            raise BrokenJpeg("its headers are damaged")
        marker = data[at + 1]
        if marker == 0xD9:
            yield marker, at, at + 2
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        stop = at + 2 + length
        if length < 2 or stop > len(data):
            raise BrokenJpeg("its end is missing: the picture was cut short")
        if marker == 0xDA:
            stop = _end_of_scan(data, stop)
        yield marker, at, stop
        at = stop


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the coded data ends: at the next marker that is neither a stuffed FF nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise BrokenJpeg("its end is missing: the picture was cut short")
        after = data[at + 1]
        if after == 0x00 or 0xD0 <= after <= 0xD7:
            at += 2
        elif after == 0xFF:
            at += 1
        else:
            return at
