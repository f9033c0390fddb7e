"""Small ultrasound images as EncodedObjects, made with pydicom alone."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundImageStorage

from acquisition.cine import FileRange
from dicom_io.context import new_uid
from dicom_io.encoded import EncodedObject


def ultrasound(
    study: str | None = None,
    series: str | None = None,
    sop: str | None = None,
    *,
    patient: str = "P1",
    date: str = "20261123",
    phase: str = "pre",
    number: int = 1,
    size: int = 64,
    seed: int = 0,
) -> EncodedObject:
    """A grey still of `size` x `size`; its pixels follow from `seed`."""
    ds = Dataset()
    ds.SOPClassUID = UltrasoundImageStorage
    ds.SOPInstanceUID = sop or new_uid()
    ds.StudyInstanceUID = study or new_uid()
    ds.SeriesInstanceUID = series or new_uid()
    ds.StudyDate = ds.ContentDate = date
    ds.StudyTime = ds.ContentTime = "101500"
    ds.PatientID, ds.PatientName = patient, "Test^Person"
    ds.PatientBirthDate = ds.PatientSex = ds.AccessionNumber = ds.ReferringPhysicianName = ""
    ds.StudyID = "1"
    ds.Modality, ds.Manufacturer = "US", "Test"
    ds.SeriesNumber, ds.InstanceNumber = 1, number
    ds.SeriesDescription = f"{phase} left cheek"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows = ds.Columns = size
    ds.BitsAllocated = ds.BitsStored = 8
    ds.HighBit, ds.PixelRepresentation = 7, 0
    block = hashlib.sha256(str(seed).encode()).digest()
    ds.PixelData = (block * (size * size // len(block) + 1))[: size * size]
    ds["PixelData"].VR = "OB"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    file = io.BytesIO()
    dcmwrite(file, ds, enforce_file_format=True)
    return EncodedObject(
        sop_instance_uid=ds.SOPInstanceUID,
        sop_class_uid=ds.SOPClassUID,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        study_instance_uid=ds.StudyInstanceUID,
        series_instance_uid=ds.SeriesInstanceUID,
        number_of_frames=1,
        parts=(file.getvalue(),),
    )


def content(obj: EncodedObject) -> bytes:
    """The bytes of the whole file."""
    found = b""
    for part in obj:
        if isinstance(part, bytes):
            found += part
        else:
            with part.path.open("rb") as file:
                file.seek(part.offset)
                found += file.read(part.length)
    return found


def in_ranges(obj: EncodedObject, folder: Path) -> EncodedObject:
    """The same object with all but its head lying in two files of `folder`, at odd offsets."""
    data = content(obj)
    cuts = [0, len(data) // 3, len(data) // 2, len(data)]
    parts: list[bytes | FileRange] = [data[: cuts[1]]]
    for k in (1, 2):
        path = folder / f"segment{k}"
        path.write_bytes(b"x" * (4097 * k) + data[cuts[k] : cuts[k + 1]] + b"behind")
        parts.append(FileRange(path, 4097 * k, cuts[k + 1] - cuts[k]))
    return EncodedObject(
        sop_instance_uid=obj.sop_instance_uid,
        sop_class_uid=obj.sop_class_uid,
        transfer_syntax_uid=obj.transfer_syntax_uid,
        study_instance_uid=obj.study_instance_uid,
        series_instance_uid=obj.series_instance_uid,
        number_of_frames=obj.number_of_frames,
        parts=tuple(parts),
    )
