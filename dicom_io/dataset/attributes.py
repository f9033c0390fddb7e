"""The attributes of a data set, read by hand: explicit VR, little endian, up to the pixel data (PS3.5, 7.1.2 and 7.5).

A report of a long encounter has a hundred thousand attributes, and pydicom makes objects of each, which takes seconds. Here
an item is the places of its values in the file's bytes, and a value is made when it is asked for; short sequences that say
the same (codes) are taken apart once. `Attributes` answers as pydicom's Dataset does to `keyword in item`,
`item.get(keyword)` and `item.Keyword`, with plain Python values, so that one reader serves both.

What is stored in another way, or is strange or damaged, is refused (`CannotTell`): pydicom reads it, and its word on it holds
(`parse.read_with`).
"""

from __future__ import annotations

import os
import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from dicom_io.dataset.raw_items import in_dictionary
from dicom_io.dataset.tags import TAGS
from dicom_io.dataset.values import DECODERS, EMPTY_TEXT
from dicom_io.dataset.values import CannotTell as CannotTell

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

AnyItem: TypeAlias = "Dataset | Attributes"  #: a data set or an item, read by pydicom or here
Code = tuple[str, str]
#: Where a value ends, where it begins (40 bits each), and whether its length took four bytes (the last bit), as one number:
#: Python's collector visits every tuple again and again, and a report has a hundred thousand values.
Place = int

_WIDE: Final = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_NARROW: Final = frozenset(
    (b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS", b"ST",
     b"TM", b"UI", b"UL", b"US")
)  # fmt: skip
_ITEM: Final = b"\xfe\xff\x00\xe0"
_ITEM_ENDS: Final = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00"
_SEQUENCE_ENDS: Final = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
_UNDEFINED: Final = 0xFFFFFFFF
_PIXELS: Final = frozenset((b"\xe0\x7f\x08\x00", b"\xe0\x7f\x09\x00", b"\xe0\x7f\x10\x00"))
_META: Final = b"\x02\x00"
_PREAMBLE: Final = 128
_CHARACTER_SET: Final = b"\x08\x00\x05\x00"
#: Stored as explicit VR little endian, but for the pixel data: all but these (implicit; deflated; big endian).
_OTHERWISE: Final = frozenset(("1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"))
_ENCODINGS: Final = {"": "latin-1", "ISO_IR 6": "latin-1", "ISO_IR 100": "latin-1", "ISO_IR 192": "utf-8"}
_DEEPEST: Final = 64
_ALIKE_BYTES: Final = 256  #: sequences up to this length are kept, because the same codes come again and again
_FIRST_BYTES: Final = 1 << 16
_MOST_BYTES: Final = 1 << 28
_LONGEST_HEAD: Final = 12  # of an element: tag, VR, length
_MISSING: Final = object()
_SHIFT: Final = 41
_AT: Final = (1 << 40) - 1

_narrow: Final = struct.Struct("<H").unpack_from
_wide: Final = struct.Struct("<I").unpack_from


class _Kept:
    """What all items of one file share: its bytes, and the short sequences that were met."""

    __slots__ = ("alike", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.alike: dict[tuple[bytes, str], list[Attributes]] = {}


class Attributes:
    """A data set or an item. What an attribute holds is a str (UID, code, text, person's name), int, float, bytes or list of
    items; a list where there are several values; an empty str (text) or None (the rest) where there is none.
    """

    __slots__ = ("_code", "_depth", "_encoding", "_kept", "_places", "_sequences", "file_meta", "pixels_at")

    file_meta: Attributes  #: of a whole file only
    pixels_at: int  #: of a whole file only: where the pixel data's tag stands, or the file's end

    def __init__(self, kept: _Kept, places: dict[bytes, Place], encoding: str, depth: int) -> None:
        self._kept = kept
        self._places = places
        self._encoding = encoding
        self._depth = depth
        self._sequences: dict[bytes, list[Attributes]] | None = None
        self._code: Code | None = None

    def __contains__(self, keyword: str) -> bool:
        return _tag(keyword)[0] in self._places

    def get(self, keyword: str, default: Any = None) -> Any:
        """The value of an attribute; `default` where the attribute is not there. Raises ValueError where it is damaged."""
        tag, known_vr = _tag(keyword)
        place = self._places.get(tag)
        if place is None:
            return default
        start, end = place >> 1 & _AT, place >> _SHIFT
        data = self._kept.data
        vr = data[start - 8 : start - 6] if place & 1 else data[start - 4 : start - 2]
        if vr == b"SQ" or (vr == b"UN" and known_vr == b"SQ"):
            sequences = self._sequences
            if sequences is None:
                sequences = self._sequences = {}
            elif tag in sequences:
                return sequences[tag]
            found = sequences[tag] = self._items(start, end)
            return found
        if vr == b"UN":
            vr = known_vr
        if start == end:
            return "" if vr in EMPTY_TEXT else None
        return DECODERS[vr](data[start:end], self._encoding)

    def __getattr__(self, keyword: str) -> Any:
        value = self.get(keyword, _MISSING)
        if value is _MISSING:
            raise AttributeError(f"there is no {keyword}")
        return value

    @property
    def code(self) -> Code:
        """Scheme and value, of an item that is a code. Raises AttributeError."""
        if self._code is None:
            self._code = str(self.CodingSchemeDesignator), str(self.CodeValue)
        return self._code

    def _items(self, start: int, end: int) -> list[Attributes]:
        """The items of a sequence of defined length."""
        kept = self._kept
        if end - start <= _ALIKE_BYTES:
            alike = kept.data[start:end], self._encoding
            found = kept.alike.get(alike)
            if found is None:
                found = _sequence(kept, start, end, self._encoding, self._depth + 1)
                kept.alike[alike] = found
            return found
        return _sequence(kept, start, end, self._encoding, self._depth + 1)


def read_attributes(path: Path) -> Attributes:
    """The data set of a file up to its pixel data. Raises OSError, CannotTell, struct.error, UnicodeError."""
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        wanted = _FIRST_BYTES
        data = file.read(wanted)
        while True:
            try:
                return attributes_of(data, size)
            except _MoreWanted as error:
                wanted = max(len(data) * 8, error.up_to)
                if wanted > _MOST_BYTES:
                    raise CannotTell("too much before the pixel data") from error
                more = file.read(min(wanted, size) - len(data))
                if not more:
                    raise CannotTell("the end is missing") from error
                data += more


class _MoreWanted(Exception):
    def __init__(self, up_to: int) -> None:
        super().__init__()
        self.up_to = up_to


def attributes_of(data: bytes, size: int | None = None) -> Attributes:
    """The data set that the first bytes of a file of `size` bytes hold. Raises CannotTell, struct.error, UnicodeError."""
    whole = len(data) if size is None else size
    if data[_PREAMBLE : _PREAMBLE + 4] != b"DICM":
        raise CannotTell("no preamble")
    kept = _Kept(data)
    meta, at = _file_level(kept, _PREAMBLE + 4, whole, meta=True)
    file_meta = Attributes(kept, meta, "latin-1", 0)
    syntax = file_meta.get("TransferSyntaxUID")
    if not isinstance(syntax, str) or not syntax or syntax in _OTHERWISE:
        raise CannotTell("another transfer syntax")
    places, at = _file_level(kept, at, whole, meta=False)
    found = Attributes(kept, places, _encoding(data, places, "latin-1"), 0)
    found.file_meta, found.pixels_at = file_meta, at
    return found


def _file_level(kept: _Kept, at: int, size: int, *, meta: bool) -> tuple[dict[bytes, Place], int]:
    """The meta information, or the data set up to its pixel data or the file's end."""
    data, end = kept.data, len(kept.data)
    places: dict[bytes, Place] = {}
    while at < size:
        if at + _LONGEST_HEAD > end and end < size:
            raise _MoreWanted(at + _LONGEST_HEAD)
        tag = data[at : at + 4]
        if tag in _PIXELS or (meta and tag[:2] != _META):
            break
        try:
            place, at = _element(data, at, end, 0)
        except (CannotTell, struct.error) as error:
            if end < size:
                raise _MoreWanted(end + 1) from error
            raise
        if at > end:
            if at > size:
                raise CannotTell("the end is missing")
            raise _MoreWanted(at)
        places[tag] = place
    return places, at


def _item_level(kept: _Kept, at: int, end: int, encoding: str, depth: int) -> Attributes:
    data = kept.data
    places: dict[bytes, Place] = {}
    while at < end:
        tag = data[at : at + 4]
        if data[at + 4 : at + 6] in _NARROW:  # most are, and this is run a hundred thousand times
            start = at + 8
            at = start + _narrow(data, at + 6)[0]
            places[tag] = at << _SHIFT | start << 1
        else:
            places[tag], at = _element(data, at, end, depth)
        if at > end:
            raise CannotTell("a value is longer than its item")
    return Attributes(kept, places, _encoding(data, places, encoding), depth)


def _element(data: bytes, at: int, end: int, depth: int) -> tuple[Place, int]:
    """The place of the value of the element that begins at `at`, and where the next element begins."""
    vr = data[at + 4 : at + 6]
    if vr in _NARROW:
        at += 8
        stop = at + _narrow(data, at - 2)[0]
        return stop << _SHIFT | at << 1, stop
    if vr not in _WIDE:
        raise CannotTell("no value representation")
    at += 12
    length = _wide(data, at - 4)[0]
    if length != _UNDEFINED:
        return (at + length) << _SHIFT | at << 1 | 1, at + length
    if vr != b"SQ":
        raise CannotTell("a value without a length")
    stop = _end_of_items(data, at, end, depth + 1)
    return stop << _SHIFT | at << 1 | 1, stop + 8


def _sequence(kept: _Kept, at: int, end: int, encoding: str, depth: int) -> list[Attributes]:
    """The items between two places."""
    if depth > _DEEPEST:
        raise CannotTell("too deep")
    data = kept.data
    found = []
    while at < end:
        if data[at : at + 4] != _ITEM:
            raise CannotTell("no item where one should be")
        length = _wide(data, at + 4)[0]
        at += 8
        if length == _UNDEFINED:
            stop = _end_of_elements(data, at, end, depth)
            following = stop + 8
        else:
            stop = following = at + length
        if following > end:
            raise CannotTell("an item is longer than its sequence")
        found.append(_item_level(kept, at, stop, encoding, depth))
        at = following
    return found


def _end_of_items(data: bytes, at: int, end: int, depth: int) -> int:
    """Where a sequence without a length ends: the place of its delimiter."""
    if depth > _DEEPEST:
        raise CannotTell("too deep")
    while data[at : at + 8] != _SEQUENCE_ENDS:
        if data[at : at + 4] != _ITEM:
            raise CannotTell("no item where one should be")
        length = _wide(data, at + 4)[0]
        at = _end_of_elements(data, at + 8, end, depth) + 8 if length == _UNDEFINED else at + 8 + length
        if at > end:
            raise CannotTell("a sequence does not end")
    return at


def _end_of_elements(data: bytes, at: int, end: int, depth: int) -> int:
    """Where an item without a length ends: the place of its delimiter."""
    while data[at : at + 8] != _ITEM_ENDS:
        at = _element(data, at, end, depth)[1]
        if at > end:
            raise CannotTell("an item does not end")
    return at


def _encoding(data: bytes, places: dict[bytes, Place], otherwise: str) -> str:
    """Python's name for the character set that a data set or item states; that of what it stands in where it states none."""
    place = places.get(_CHARACTER_SET)
    if place is None:
        return otherwise
    start, end = place >> 1 & _AT, place >> _SHIFT
    encoding = _ENCODINGS.get(data[start:end].decode("latin-1").strip(" \0"))
    if encoding is None:
        raise CannotTell("another character set")
    return encoding


@cache
def _tag(keyword: str) -> tuple[bytes, bytes]:
    """Tag and VR of a keyword, as they stand in a file. Raises KeyError where the standard has no such keyword."""
    known = TAGS.get(keyword)
    if known is None:
        known = in_dictionary(keyword)
    number, vr = known
    return struct.pack("<HH", number >> 16, number & 0xFFFF), vr.encode()
