"""Data sets that travel with commands: what is asked for, what is answered. Looked over before anything parses them."""

from __future__ import annotations

import io
from typing import Final

from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pynetdicom.dsutils import encode as _encode

from dicom_io.errors import DicomError, NotDicom, WrongAnswer
from dicom_io.network.survey import walk
from dicom_io.parse import damage_as

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
        return read_dataset(io.BytesIO(data), is_implicit_VR=implicit, is_little_endian=True)


def _nonsense(error: Exception) -> DicomError:
    return WrongAnswer(f"A data set came that cannot be read ({error}): it is not taken.")
