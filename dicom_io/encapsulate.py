"""Pixel data from the spool: a header, a table of offsets, and the frames' items just as they lie on the disk.

Below 4 GiB the Basic Offset Table is filled, because most viewers know it alone; above, the Extended Offset Table says where
the frames are and the Basic one is empty (both together are an error of the standard). One fragment a frame always.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from pydicom import dcmwrite
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import UID

from acquisition.cine import ITEM_HEADER_BYTES
from dicom_io.encoded import EncodedObject, Part
from dicom_io.raw_items import sequence

EXPLICIT_VR_LITTLE_ENDIAN: Final = "1.2.840.10008.1.2.1"
IMPLEMENTATION_CLASS_UID: Final = UID("2.25.240127741519446029366219349617306842083")
IMPLEMENTATION_VERSION: Final = "SONOFILL_1"

_ITEM: Final = b"\xfe\xff\x00\xe0"
_SEQUENCE_DELIMITER: Final = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
_PIXEL_DATA: Final = b"\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff"
_LARGEST_BASIC_OFFSET: Final = 0xFFFFFFFF
_BEYOND_ALL: Final = 0xFFFFFFFF


def file_header(dataset: Dataset, transfer_syntax_uid: str, sequences: Mapping[str, Sequence[bytes]] = {}) -> bytes:
    """The bytes of a DICOM file up to the end of `dataset`, in explicit VR little endian.

    `sequences` (by keyword) are items that are bytes already (`dicom_io.raw_items`); they stand among the data set's own
    elements in the order of the tags.
    """
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    dataset.file_meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    dataset.file_meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    bulk = sorted((tag, keyword) for keyword in sequences if (tag := tag_for_keyword(keyword)) is not None)
    ends = [*(tag for tag, _ in bulk), _BEYOND_ALL]
    first = _between(dataset, 0, ends[0]) if bulk else dataset
    first.file_meta = dataset.file_meta
    buffer = io.BytesIO()
    dcmwrite(buffer, first, enforce_file_format=True, implicit_vr=False, little_endian=True)
    made = [buffer.getvalue()]
    for (tag, keyword), end in zip(bulk, ends[1:], strict=True):
        made += [sequence(keyword, sequences[keyword]), _plain(_between(dataset, tag + 1, end))]
    return b"".join(made)


def _between(dataset: Dataset, first: int, end: int) -> Dataset:
    """The elements with tags from `first` up to and without `end`."""
    part = Dataset()
    part.update({found.tag: found for found in dataset if first <= found.tag < end})
    return part


def _plain(dataset: Dataset) -> bytes:
    """The elements alone, with UTF-8 text."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, dataset, parent_encoding="utf8")
    return buffer.getvalue()


def encapsulated(
    dataset: Dataset,
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


def encoded(dataset: Dataset, transfer_syntax_uid: str, frames: int, parts: tuple[Part, ...]) -> EncodedObject:
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
