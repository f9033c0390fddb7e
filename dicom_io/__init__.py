"""DICOM: to and from the standard. Knows nothing of which study lies on which disk.

    encode_clip, encode_still      frames of the spool as Ultrasound (Multi-frame) Images, as parts to be written
    encode_report, read_report     findings as a TID 1500 report, and back
    encode_encounter, read_encounter   the whole encounter as an Enhanced SR of coded content, and back
    check_told                     whether what was told of a visit can stand in an object, before it is recorded
    OpenedImage, OpenedClip        pictures out of a file, or out of the several files of one long clip

The rooms, each seeing those before it alone (an import contract):

    dataset      attributes read and written by hand; the edge to pydicom
    coding       the codes of the vocabulary
    composite    what objects of different kinds have in common
    drawing      labels as shapes, letters and areas
    picture      stills, clips and photographs           signatures    two for each object
    report       labels as a TID 1500 report             encounter     the whole encounter as coded content
    labels       segmentation, presentation state and annotated copy, for programs that read no reports
    documents    printed documents, key object selections    network   DIMSE services
    web          DICOMweb        deidentify    copies that tell of nobody        reidentify    under the right patient
"""

from dicom_io.coding.findings import code_of
from dicom_io.context import Equipment, Patient, Phase, Series, Study, new_uid
from dicom_io.encoded import EncodedObject, Part, StoredObject
from dicom_io.encounter.record import StoredEncounter, encode_encounter, read_encounter
from dicom_io.encounter.told import check_told
from dicom_io.errors import DicomError
from dicom_io.picture.clip import encode_clip
from dicom_io.picture.opened import OpenedClip, OpenedImage
from dicom_io.picture.still import encode_still
from dicom_io.report.read import read_report
from dicom_io.report.write import confirmed, encode_report

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
