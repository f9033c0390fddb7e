"""Pixel data from the spool: a header, a table of offsets, and the frames' items just as they lie on the disk.

Below 4 GiB the Basic Offset Table is filled, because most viewers know it alone; above, the Extended Offset Table says where
the frames are and the Basic one is empty (both together are an error of the standard). One fragment a frame always.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Final

import numpy as np

from acquisition.items import ITEM_HEADER_BYTES
from dicom_io.dataset.plain_dataset import AnyDataset, PlainDataset
from dicom_io.dataset.raw_items import element
from dicom_io.encoded import EncodedObject, Part

EXPLICIT_VR_LITTLE_ENDIAN: Final = "1.2.840.10008.1.2.1"
IMPLEMENTATION_CLASS_UID: Final = "2.25.240127741519446029366219349617306842083"
IMPLEMENTATION_VERSION: Final = "SONOFILL_1"

_ITEM: Final = b"\xfe\xff\x00\xe0"
_SEQUENCE_DELIMITER: Final = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
_PIXEL_DATA: Final = b"\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff"
_LARGEST_BASIC_OFFSET: Final = 0xFFFFFFFF


def file_header(dataset: AnyDataset, transfer_syntax_uid: str) -> bytes:
    """The bytes of a DICOM file up to the end of `dataset`, in explicit VR little endian.

    Where it is pydicom's, its text is UTF-8. Raises ValueError, struct.error where a value does not fit its field.
    """
    if isinstance(dataset, PlainDataset):
        return _meta(dataset, transfer_syntax_uid) + dataset.to_bytes()
    from pydicom import dcmwrite
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID

    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    dataset.file_meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    dataset.file_meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def _meta(dataset: PlainDataset, transfer_syntax_uid: str) -> bytes:
    """Preamble and meta information (PS3.10, 7.1)."""
    meta = PlainDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = transfer_syntax_uid
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    body = meta.to_bytes()
    return b"\0" * 128 + b"DICM" + element("FileMetaInformationGroupLength", len(body)) + body


def frame_item(frame: bytes) -> bytes:
    """One frame that is bytes already as a DICOM item of even length."""
    pad = len(frame) & 1
    return _ITEM + struct.pack("<I", len(frame) + pad) + frame + b"\0" * pad


def encapsulated(
    dataset: AnyDataset,
    transfer_syntax_uid: str,
    lengths: Sequence[int],
    items: Sequence[Part],
    largest_basic_offset: int = _LARGEST_BASIC_OFFSET,
) -> EncodedObject:
    """An object whose frames lie in `items` as DICOM items, in order and without a hole.

    `lengths` are the frames' payloads in bytes without pad byte; `dataset` is all that stands before the pixel data.
    Raises ValueError where lengths and items do not make the same number of bytes.
    """
    sizes = np.asarray(lengths, np.uint64)
    padded = sizes + (sizes & np.uint64(1))
    steps = padded + np.uint64(ITEM_HEADER_BYTES)
    total = int(steps.sum())
    if total != sum(len(i) if isinstance(i, bytes) else i.length for i in items):
        raise ValueError("the ranges of the spool are not the frames' items")
    offsets = np.cumsum(steps) - steps
    if int(offsets[-1]) <= largest_basic_offset:
        table = offsets.astype("<u4").tobytes()
    else:
        table = b""
        dataset.ExtendedOffsetTable = offsets.astype("<u8").tobytes()
        # The padded lengths, as pydicom writes them: the fragment's own length is what a reader finds in the item.
        dataset.ExtendedOffsetTableLengths = padded.astype("<u8").tobytes()
    head = file_header(dataset, transfer_syntax_uid)
    head += _PIXEL_DATA + _ITEM + struct.pack("<I", len(table)) + table
    return encoded(dataset, transfer_syntax_uid, len(sizes), (head, *items, _SEQUENCE_DELIMITER))


def encoded(dataset: AnyDataset, transfer_syntax_uid: str, frames: int, parts: tuple[Part, ...]) -> EncodedObject:
    """The object of these parts, with the identity that stands in the dataset."""
    return EncodedObject(
        sop_instance_uid=str(dataset.SOPInstanceUID),
        sop_class_uid=str(dataset.SOPClassUID),
        transfer_syntax_uid=transfer_syntax_uid,
        study_instance_uid=str(dataset.StudyInstanceUID),
        series_instance_uid=str(dataset.SeriesInstanceUID),
        number_of_frames=frames,
        parts=parts,
    )
