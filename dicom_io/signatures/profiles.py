"""Digital signatures of DICOM (PS3.15, annex C): put in before an object is first stored, checked by DCMTK's dcmsign too.

Each object is signed twice. One signature (the creator's, PS3.15 C.2) covers every attribute and the pixels; the other covers
the pictures and the report apart from whose they are. So when an archive puts a name right, the first one fails and the
second holds: the content is intact, the identity was changed.

dcmsign does not notice an attribute that was added where the creator's profile does not ask for it, nor that one of several
signatures was taken out. `checking` tells both.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

from dicom_io.signatures.mac_stream import Reader, elements

ALL_ID, CONTENT_ID = 1, 2  #: MAC ID numbers: all attributes; pictures and report
#: Groups that hold pictures, regions, segments, drawings and documents; besides: what the object is, and a report's tree.
_CONTENT_GROUPS: Final = frozenset((0x0018, 0x0028, 0x0042, 0x0062, 0x0066, 0x0070, 0x5200, 0x7FE0))
CONTENT_TREE: Final = 0x0040A730  #: a report's
DOCUMENT: Final = 0x00420011  #: an encapsulated one
_CONTENT_TAGS: Final = frozenset((0x00080016, 0x00080018, 0x0040A040, 0x0040A043, CONTENT_TREE))


def is_readable(transfer_syntax: str) -> bool:
    """Whether objects of a transfer syntax are signed here: explicit VR little endian, encapsulated or not."""
    return transfer_syntax == "1.2.840.10008.1.2.1" or (
        transfer_syntax.startswith(("1.2.840.10008.1.2.4.", "1.2.840.10008.1.2.5"))
    )


def is_content(tag: int) -> bool:
    """Whether an attribute is of the pictures or the report, and not of whose they are."""
    return tag >> 16 in _CONTENT_GROUPS or tag in _CONTENT_TAGS


def digested(raw: bytes) -> list[bytes]:
    """What is digested of elements that are bytes already."""
    with ExitStack() as stack:
        return [piece for _, _, _, pieces in elements(Reader([raw], stack)) for piece in pieces]
