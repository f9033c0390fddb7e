"""An object made again under another patient: new UIDs, the same pixel data byte for byte.

The header is written anew; what lies behind it is handed on as a range of the old file, so that memory does not grow with the
object. Every reference to an object that is made again too leads to the new one; tracking UIDs stay. What the new object
keeps of its past are the old UIDs and patient id, by which the hidden object can be found; the other person's name is that
person's own.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydicom import config, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from acquisition.cine import FileRange
from dicom_io.coding.concept import Concept
from dicom_io.coding.words import fitted, single_name
from dicom_io.composite.identity import give_to
from dicom_io.composite.modules import workstation_item
from dicom_io.context import Patient
from dicom_io.dataset.lenient import dcmread, read_dataset
from dicom_io.dataset.parse import damage_as, opened, parse
from dicom_io.dataset.plain_dataset import as_pydicom
from dicom_io.dataset.timing import moment_text
from dicom_io.encoded import EncodedObject, Instance, Part
from dicom_io.errors import NotReidentifiable
from dicom_io.picture.encapsulate import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLEMENTATION_CLASS_UID,
    IMPLEMENTATION_VERSION,
    encoded,
)

_MODIFYING_EQUIPMENT: Final = Concept("109103", "DCM", "Modifying Equipment")
_PDF_AND_OTHERS: Final = "1.2.840.10008.5.1.4.1.1.104."
_WELL_KNOWN: Final = "1.2.840.10008."
_KEPT: Final = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_MOST_BEHIND: Final = 1 << 24
_ITEM: Final = (0xFFFE, 0xE000)
_DELIMITER: Final = (0xFFFE, 0xE0DD)
_UNDEFINED: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Rightful:
    """Whose the object is, who says so when, and why it was another's; `software_version` is this program's."""

    patient: Patient
    by: str
    at: datetime
    reason: str
    software_version: str = ""


def reidentified(
    path: Path, rightful: Rightful, uids: Mapping[str, str], known_as: Instance | None = None
) -> EncodedObject:
    """The object in `path` under its rightful patient; `uids` gives the new UID for each that changes, its own among them.

    `known_as` says by which UIDs it is known, where its own may be missing or none. Raises CannotOpen, NotDicom,
    NotEncodable; NotReidentifiable where the name of the wrong patient stands in what cannot be written anew (an
    encapsulated document), and where the header is too odd to be written again.
    """
    dataset, pixels_at = parse(path, stop_before_pixels=True)
    refuse_documents(path, dataset)
    with damage_as(_odd(path)):
        syntax = UID(str(dataset.file_meta.get("TransferSyntaxUID", EXPLICIT_VR_LITTLE_ENDIAN)))
        tail: tuple[Part, ...]
        if syntax == DeflatedExplicitVRLittleEndian:
            syntax, dataset, tail = UID(EXPLICIT_VR_LITTLE_ENDIAN), dcmread(path), ()  # small: reports, segmentations
        else:
            tail = tuple(_behind(path, pixels_at, syntax))
        if known_as is not None:
            dataset.StudyInstanceUID = known_as.study_instance_uid
            dataset.SeriesInstanceUID = known_as.series_instance_uid
            dataset.SOPInstanceUID = known_as.sop_instance_uid
            if "SOPClassUID" not in dataset:
                dataset.SOPClassUID = known_as.sop_class_uid
    return remade(path, dataset, rightful, uids, tail, str(syntax))


def _odd(path: Path) -> Callable[[Exception], NotReidentifiable]:
    return lambda error: NotReidentifiable(
        f"The header of {path} cannot be written again ({error}): it stays as it is."
    )


def remade(
    path: Path,
    dataset: Dataset,
    rightful: Rightful,
    uids: Mapping[str, str],
    tail: tuple[Part, ...],
    transfer_syntax_uid: str = EXPLICIT_VR_LITTLE_ENDIAN,
) -> EncodedObject:
    """The object of this header and what follows it, under its rightful patient; `path` is for messages."""
    with damage_as(_odd(path)):
        old = {k: str(dataset.get(k) or "") for k in _KEPT}
        give_to(dataset, rightful.patient)
        with_new_uids(dataset, uids)
        _tell(dataset, old, rightful)
        head = header_as_it_is(dataset, UID(transfer_syntax_uid))
        return encoded(dataset, transfer_syntax_uid, int(dataset.get("NumberOfFrames") or 0), (head, *tail))


def refuse_documents(path: Path, dataset: Dataset) -> None:
    """Raises NotReidentifiable for an encapsulated document: its pages name the patient."""
    if str(dataset.get("SOPClassUID") or "").startswith(_PDF_AND_OTHERS):
        raise NotReidentifiable(
            f"The document in {path} names the patient on its pages: make it anew from the record of the right patient."
        )


def with_new_uids(dataset: Dataset, uids: Mapping[str, str]) -> None:
    """Puts the new UID for each old one, at every depth. The standard's own UIDs never change."""
    for element in dataset.iterall():
        if element.VR == "UI" and element.value:
            several = element.value if element.VM > 1 else [element.value]
            new = [
                uids.get(str(uid), str(uid)) if not str(uid).startswith(_WELL_KNOWN) else str(uid) for uid in several
            ]
            element.value = new if element.VM > 1 else new[0]


def _tell(dataset: Dataset, old: Mapping[str, str], rightful: Rightful) -> None:
    """That it was made again, by whom, when and why (SOP Common, C.12.1); signatures of the old bytes prove nothing now."""
    for keyword in ("DigitalSignaturesSequence", "MACParametersSequence"):
        if keyword in dataset:
            del dataset[keyword]
    before = Dataset()
    for (
        keyword,
        value,
    ) in old.items():  # the id and UIDs, by which the hidden object can be found; the name is another's
        setattr(before, keyword, value)
    item = Dataset()
    item.ModifiedAttributesSequence = [before]
    item.AttributeModificationDateTime = moment_text(rightful.at)
    item.ModifyingSystem = "sonofill"
    item.SourceOfPreviousValues = ""
    item.ReasonForTheAttributeModification = "CORRECT"
    dataset.OriginalAttributesSequence = [*dataset.get("OriginalAttributesSequence", []), item]
    program = workstation_item(rightful.software_version or "unknown")
    program.PurposeOfReferenceCodeSequence = [_MODIFYING_EQUIPMENT.item()]
    program.OperatorsName = single_name(fitted(rightful.by.replace("=", " "), "PN"))
    program.ContributionDateTime = moment_text(rightful.at)
    program.ContributionDescription = "".join(
        c if c.isprintable() else " " for c in f"Made again under the right patient: {rightful.reason}"
    )[:1024]
    dataset.ContributingEquipmentSequence = [*dataset.get("ContributingEquipmentSequence", []), as_pydicom(program)]


def header_as_it_is(dataset: Dataset, syntax: UID) -> bytes:
    """Preamble, meta information and data set, in the transfer syntax of what follows. Odd values are written as they are."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    dataset.file_meta = meta
    buffer = io.BytesIO()
    asked = config.settings.writing_validation_mode
    config.settings.writing_validation_mode = config.IGNORE
    try:
        dcmwrite(
            buffer,
            dataset,
            enforce_file_format=True,
            implicit_vr=syntax.is_implicit_VR,
            little_endian=syntax != ExplicitVRBigEndian,
        )
    finally:
        config.settings.writing_validation_mode = asked
    return buffer.getvalue()


def _behind(path: Path, at: int, syntax: UID) -> Iterator[Part]:
    """What follows the header in the file from `at`, as it is, but for signatures: they are of the old header."""
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        end = _end_of_pixels(file, at, size, syntax) if at < size else size
        if end > at:
            yield FileRange(path, at, end - at)
        if end < size:
            if size - end > _MOST_BEHIND:
                raise NotReidentifiable(f"What lies behind the pixel data of {path} is too long: it stays as it is.")
            file.seek(end)
            rest = read_dataset(io.BytesIO(file.read(size - end)), syntax.is_implicit_VR, syntax.is_little_endian)
            rest.pop("DigitalSignaturesSequence", None)
            buffer = DicomBytesIO()
            buffer.is_implicit_VR, buffer.is_little_endian = syntax.is_implicit_VR, syntax.is_little_endian
            write_dataset(buffer, rest)
            yield buffer.getvalue()


def _end_of_pixels(file: io.FileIO, at: int, size: int, syntax: UID) -> int:
    """Where the pixel data that begins at `at` ends; the end of the file where that cannot be told."""
    order = "<" if syntax.is_little_endian else ">"
    file.seek(at)
    head = file.read(12)
    length_at = 4 if syntax.is_implicit_VR else 8
    if len(head) < 12:
        return size
    (length,) = struct.unpack_from(f"{order}I", head, length_at)
    place = at + length_at + 4
    if length != _UNDEFINED:
        return min(place + int(length), size)
    while True:
        file.seek(place)
        item = file.read(8)
        if len(item) < 8:
            return size
        group, element, length = struct.unpack(f"{order}HHI", item)
        place += 8
        if (group, element) == _DELIMITER:
            return place
        if (group, element) != _ITEM or place + length > size:
            return size
        place += length
