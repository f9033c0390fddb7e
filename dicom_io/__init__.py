"""DICOM: to and from the standard. Knows nothing of which study lies on which disk.

    encode_clip, encode_still      frames of the spool as Ultrasound (Multi-frame) Images, as parts to be written
    encode_report, read_report     findings as a TID 1500 report, and back
    encode_encounter, read_encounter   the whole encounter as an Enhanced SR of coded content, and back
    encode_segmentation, encode_presentation, encode_annotated_copy, encode_selection   a report's labels for other programs,
        each in the module of its name beside its reader; `labelled` says what they have in common
    encode_document, read_document     a printed document (PDF) in the study; in `document`
    encode_photograph, read_photograph   a camera's picture of the face; in `photograph`
    check_told                     whether what was told of a visit can stand in an object, before it is recorded
    OpenedImage, OpenedClip        pictures out of a file, or out of the several files of one long clip

What every object says stands in `modules`; stills, and what clips share with them, in `image`; clips in `multiframe`; the
report's content in `report_content`; codes in `codes`. Data sets are read by hand in `attributes` and made in
`plain_dataset`; `parse` is the edge to pydicom, which reads all else.
"""

from dicom_io.context import Equipment, Patient, Phase, Series, Study, new_uid
from dicom_io.encoded import EncodedObject, Part, StoredObject
from dicom_io.encounter import StoredEncounter, encode_encounter, read_encounter
from dicom_io.errors import DicomError
from dicom_io.finding_codes import code_of
from dicom_io.image import encode_still
from dicom_io.multiframe import encode_clip
from dicom_io.read import OpenedClip, OpenedImage
from dicom_io.read_report import read_report
from dicom_io.report import confirmed, encode_report
from dicom_io.told import check_told

__all__ = [
    "DicomError",
    "EncodedObject",
    "Equipment",
    "OpenedClip",
    "OpenedImage",
    "Part",
    "Patient",
    "Phase",
    "Series",
    "StoredEncounter",
    "StoredObject",
    "Study",
    "check_told",
    "code_of",
    "confirmed",
    "encode_clip",
    "encode_encounter",
    "encode_report",
    "encode_still",
    "new_uid",
    "read_encounter",
    "read_report",
]
