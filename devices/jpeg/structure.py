"""The structure of a JPEG bitstream, without decoding it: is it whole, how large, has it sound Huffman tables.

UVC cameras send MJPEG, whose frames may lack the Huffman tables (the standard's own are meant) and may carry junk
behind the end-of-image marker. A frame that is to stand in a DICOM file must be a complete JPEG: DCMTK cannot decode
one without tables. Entropy-coded data never contains FF D9 (ITU-T T.81, B.1.1.2: FF is followed by 00 or RSTn there), so
the last FF D9 ends the picture and its absence means that the picture was cut short.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_SOI: Final = b"\xff\xd8"
_EOI: Final = b"\xff\xd9"
_HUFFMAN_TABLE_IDS: Final = frozenset((0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13))

# One DHT segment with the four tables of ITU-T T.81 Annex K.3 (in the order 00, 01, 10, 11), marker included.
# SHA-256 61c9136fec639109467111f35241456fa84980e115cecae6273ae323b0d320bc.
STANDARD_HUFFMAN_TABLES: Final = bytes.fromhex(
    "ffc401a20000010501010101010100000000000000000102030405060708090a0b0100030101010101010101010000000000"
    "000102030405060708090a0b100002010303020403050504040000017d010203000411051221314106135161072271143281"
    "91a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758"
    "595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7"
    "b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa110002010204040304"
    "0705040400010277000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125"
    "f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a8283"
    "8485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8"
    "d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa"
)


class BrokenJpeg(ValueError):
    """The bytes are not one whole JPEG picture; the message says what is wrong."""


class JpegLayout(NamedTuple):
    """Where the parts of one JPEG lie (byte offsets into the payload)."""

    width: int
    height: int
    components: int
    scan_offset: int  #: of the SOS marker: where missing Huffman tables are to be inserted
    has_huffman_tables: bool
    end: int  #: one past the EOI marker; what follows is junk
    subsampling: str  #: '4:2:2', '4:2:0', '4:4:4', 'grey' or 'other'


#: Width, height, components, offset of the scan, whether there are Huffman tables, subsampling: as in JpegLayout.
_Headers = tuple[int, int, int, int, bool, str]


def _subsampling(factors: bytes, components: int) -> str:
    """The usual name for the sampling factors (horizontal << 4 | vertical) of the components."""
    if components == 1:
        return "grey"
    if components != 3 or len(factors) != 3 or factors[1:] != b"\x11\x11":
        return "other"
    return {0x21: "4:2:2", 0x22: "4:2:0", 0x11: "4:4:4"}.get(factors[0], "other")


def _huffman_tables_sound(data: bytes, at: int, end: int) -> bool:
    """Whether the tables of a DHT segment fill it, and none has more codes of a length than there can be."""
    while at + 17 <= end <= len(data):
        if data[at] not in _HUFFMAN_TABLE_IDS:
            return False
        counts = data[at + 1 : at + 17]
        free = 1
        for count in counts:
            free = 2 * free - count
            if free < 0:
                return False
        codes = sum(counts)
        if codes > 256 or (data[at] < 0x10 and max(data[at + 17 : at + 17 + codes], default=0) > 15):
            return False  # a DC table's values are numbers of bits
        at += 17 + codes
    return at == end


def _quantization_tables_sound(data: bytes, at: int, end: int) -> bool:
    """Whether the tables of a DQT segment fill it: 64 values of one byte, or of two."""
    while at < end <= len(data):
        if data[at] >> 4 > 1 or data[at] & 15 > 3:
            return False
        at += 65 + 64 * (data[at] >> 4)
    return at == end


#: The headers of the picture seen last, up to its scan, and what they say. A camera's pictures share them all, and comparing
#: 600 bytes takes a tenth of reading them. One assignment, so that threads see either the old pair or the new one.
_seen: tuple[bytes, _Headers] | None = None


def layout(data: bytes) -> JpegLayout:
    """Find the parts of a JPEG. Raises BrokenJpeg where it is cut short or its headers make no sense."""
    global _seen
    if data[:2] != _SOI:
        raise BrokenJpeg("it does not begin with a JPEG start marker")
    end = data.rfind(_EOI)
    if end < 0:
        raise BrokenJpeg("its end is missing: the picture was cut short")
    seen = _seen
    if seen is not None and data.startswith(seen[0]):
        known = seen[1]
    else:
        known = _read_headers(data)
        _seen = data[: known[3] + 4], known
    if end < known[3]:
        raise BrokenJpeg("its end is missing: the picture was cut short")
    width, height, components, scan_offset, tables, subsampling = known
    return JpegLayout(width, height, components, scan_offset, tables, end + 2, subsampling)


def _read_headers(data: bytes) -> _Headers:
    """What stands before the scan, read segment by segment. Nothing behind the scan's length is looked at."""
    at, size, tables = 2, len(data), False
    width = height = components = 0
    subsampling = "other"
    while True:
        if at + 4 > size or data[at] != 0xFF:
            raise BrokenJpeg("its headers are damaged")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        length = data[at + 2] << 8 | data[at + 3]
        if marker == 0xDA:
            break
        if marker == 0xC4:
            tables = True
            if not _huffman_tables_sound(data, at + 4, at + 2 + length):
                raise BrokenJpeg("its Huffman tables are damaged")
        elif marker == 0xDB:
            if not _quantization_tables_sound(data, at + 4, at + 2 + length):
                raise BrokenJpeg("its quantization tables are damaged")
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC8, 0xCC):
            if marker not in (0xC0, 0xC1):
                raise BrokenJpeg("it is not a baseline JPEG")
            if at + 10 > size:
                raise BrokenJpeg("its headers are damaged")
            height = data[at + 5] << 8 | data[at + 6]
            width = data[at + 7] << 8 | data[at + 8]
            components = data[at + 9]
            subsampling = _subsampling(data[at + 11 : at + 8 + 3 * components + 2 : 3], components)
        elif marker in (0xD8, 0xD9) or length < 2:
            raise BrokenJpeg("its headers are damaged")
        at += 2 + length
    if not width or not height:
        raise BrokenJpeg("its size is missing")
    return width, height, components, at, tables, subsampling


def trim(data: bytes, parts: JpegLayout) -> bytes:
    """The picture without what follows its end marker; the same object where nothing follows."""
    return data if parts.end == len(data) else data[: parts.end]


def insert_huffman_tables(data: bytes, parts: JpegLayout) -> bytes:
    """The picture with the standard's Huffman tables before its scan; the same object where it has tables.

    Neither headers nor entropy-coded data change, so that the decoded pixels are the same.
    """
    if parts.has_huffman_tables:
        return data
    return data[: parts.scan_offset] + STANDARD_HUFFMAN_TABLES + data[parts.scan_offset :]
