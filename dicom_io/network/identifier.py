"""Data sets that travel with commands: what is asked for, what is answered. Looked over before anything parses them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag
from pynetdicom.dsutils import encode as _encode

from dicom_io.dataset.lenient import read_dataset
from dicom_io.dataset.parse import damage_as
from dicom_io.errors import DicomError, NotDicom, WrongAnswer
from dicom_io.network.survey import walk

_TEXT_VRS: Final = {"PN", "LO", "SH", "ST", "LT", "UC", "UT"}
#: Specific Character Set as an element of its own, by whether it is in implicit VR.
_NAMED: Final = {
    True: b"\x08\0\x05\0\x0a\0\0\0ISO_IR 192",
    False: b"\x08\0\x05\0CS\x0a\0ISO_IR 192",
}

IMPLICIT: Final = "1.2.840.10008.1.2"
EXPLICIT: Final = "1.2.840.10008.1.2.1"


def encoded(dataset: Dataset, transfer_syntax_uid: str = IMPLICIT) -> bytes:
    """The data set's bytes, little endian."""
    data = _encode(dataset, transfer_syntax_uid == IMPLICIT, True)
    if data is None:  # pynetdicom logs why, and says no more
        raise ValueError("the data set cannot be encoded")
    return data


def decoded(data: bytes, transfer_syntax_uid: str) -> Dataset:
    """The data set of a peer's bytes. Raises WrongAnswer where they are none."""
    implicit = transfer_syntax_uid == IMPLICIT
    try:
        walk(data, 0, implicit)
    except NotDicom as error:
        raise _nonsense(error) from error
    with damage_as(_nonsense):
        found = read_dataset(io.BytesIO(data), is_implicit_VR=implicit, is_little_endian=True)
        if "SpecificCharacterSet" not in found and _is_unicode(found):
            found = read_dataset(io.BytesIO(_NAMED[implicit] + data), is_implicit_VR=implicit, is_little_endian=True)
        return found


def _is_unicode(dataset: Dataset) -> bool:
    """Whether there is text that is not ASCII, and all of it is UTF-8.

    We ask in UTF-8, and some answer in it without saying so (DCMTK's wlmscpfs as it comes). It would be read as Latin-1, and
    a wrong name copied into a study.
    """
    high = [value for value in _texts(dataset) if not value.isascii()]
    try:
        for value in high:
            value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(high)


def _texts(dataset: Dataset) -> Iterator[bytes]:
    """The bytes of every text in a data set that was just read, in its sequences too."""
    for tag in list(dataset.keys()):
        raw = dataset.get_item(tag)
        kind = raw.VR or _vr_of(tag)
        if kind == "SQ":
            for item in dataset[tag].value:
                yield from _texts(item)
        elif kind in _TEXT_VRS and isinstance(raw.value, bytes):
            yield raw.value


def _vr_of(tag: BaseTag) -> str:
    """The standard's VR of an element; empty for what it does not know."""
    return dictionary_VR(tag) if dictionary_has_tag(tag) else ""


def _nonsense(error: Exception) -> DicomError:
    return WrongAnswer(f"A data set came that cannot be read ({error}): it is not taken.")
