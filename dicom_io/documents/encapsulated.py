"""A printed document inside a study: Encapsulated PDF, and back (PS3.3 A.45.1, C.24.2).

The PDF lies in the object byte for byte; `EncapsulatedDocumentLength` tells where it ends, because an element's length is
even. It is a rendering: what a record says stands in the structured reports, which `sources` name beside the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydicom.dataset import Dataset

from dicom_io.coding.concept import Concept
from dicom_io.composite.identity import same_patient_and_study, study_of
from dicom_io.composite.modules import (
    patient_module,
    series_description,
    sop_common_module,
    study_module,
    workstation_item,
)
from dicom_io.context import Series
from dicom_io.dataset.parse import damage_as, parse
from dicom_io.dataset.plain_dataset import PlainDataset, as_pydicom
from dicom_io.dataset.timing import date_text, moment_text, time_text, zone_of
from dicom_io.encoded import EncodedObject, Instance
from dicom_io.errors import NotADocument, NotEncodable
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header

ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
DocumentKind = Literal["record", "handover", "patient"]
#: What a document is, as LOINC names kinds of clinical documents.
DOCUMENT_TITLES: Final[dict[DocumentKind, Concept]] = {
    "record": Concept("28570-0", "LN", "Procedure note"),
    "handover": Concept("18761-7", "LN", "Transfer summary note"),
    "patient": Concept("74213-0", "LN", "Discharge instructions"),
}
_MIME: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class StoredPdf:
    """A document as it was read: the PDF without its pad byte. `kind` is None for a document of another maker's kind."""

    pdf: bytes
    title: str
    kind: DocumentKind | None
    sop_instance_uid: str
    instance_number: int
    verified: bool
    sources: tuple[str, ...]


def encode_document(
    pdf: bytes,
    kind: DocumentKind,
    title: str,
    like: Dataset,
    series: Series,
    sources: Sequence[Instance],
    *,
    sop_instance_uid: str,
    instance_number: int = 1,
    dated: datetime,
    verified: bool = False,
    software_version: str = "",
) -> EncodedObject:
    """The PDF as an object of the study whose patient and study `like` tells (a header of that study).

    `sources` are the objects that it was made from; `dated` is the document's own date. Raises NotEncodable where the bytes
    are no PDF.
    """
    if not pdf.startswith(b"%PDF-"):
        raise NotEncodable("The document is no PDF: make it anew.")
    study = study_of(like)
    at = dated.astimezone(zone_of(study.started_at))
    dataset = PlainDataset()
    sop_common_module(dataset, ENCAPSULATED_PDF, sop_instance_uid, study)
    patient_module(dataset, study.patient)
    study_module(dataset, study)
    dataset.Modality = "DOC"
    dataset.SeriesInstanceUID = series.series_instance_uid
    dataset.SeriesNumber = series.number
    dataset.SeriesDescription = series_description(series)
    dataset.Manufacturer = "sonofill"
    if software_version:
        dataset.ContributingEquipmentSequence = [workstation_item(software_version)]
    dataset.ConversionType = "WSD"
    dataset.InstanceNumber = instance_number
    dataset.ContentDate, dataset.ContentTime = date_text(at), time_text(at)
    dataset.AcquisitionDateTime = moment_text(at)
    dataset.BurnedInAnnotation = "YES"  # its pages name the patient
    dataset.DocumentTitle = title
    dataset.ConceptNameCodeSequence = [DOCUMENT_TITLES[kind].item()]
    dataset.VerificationFlag = "VERIFIED" if verified else "UNVERIFIED"
    dataset.SourceInstanceSequence = [_source(source) for source in sources]
    dataset.MIMETypeOfEncapsulatedDocument = _MIME
    dataset.EncapsulatedDocumentLength = len(pdf)
    made = as_pydicom(dataset)
    made.EncapsulatedDocument = pdf + b"\x00" * (len(pdf) & 1)
    same_patient_and_study(made, like)
    head = file_header(made, EXPLICIT_VR_LITTLE_ENDIAN)
    return encoded(made, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))


def _source(source: Instance) -> PlainDataset:
    item = PlainDataset()
    item.ReferencedSOPClassUID = source.sop_class_uid
    item.ReferencedSOPInstanceUID = source.sop_instance_uid
    return item


def read_document(path: Path) -> StoredPdf:
    """The PDF of a file, ours or another maker's. Raises CannotOpen, NotDicom, and NotADocument where it holds no PDF."""
    dataset, _ = parse(path)

    def none(error: Exception) -> NotADocument:
        return NotADocument(f"{path} holds no PDF that can be read ({error}).")

    if dataset.get("SOPClassUID") != ENCAPSULATED_PDF:
        raise NotADocument(f"{path} is no encapsulated PDF: choose another file.")
    with damage_as(none):
        pdf = bytes(dataset.EncapsulatedDocument)
        length = dataset.get("EncapsulatedDocumentLength")
        # Before 2019 nobody had to tell the length: a pad byte is then the NUL behind the PDF's own end.
        pdf = pdf[: int(length)] if length else pdf.removesuffix(b"\x00")
        if not pdf.startswith(b"%PDF-"):
            raise NotADocument(f"{path} holds something else than a PDF.")
        return StoredPdf(
            pdf,
            str(dataset.get("DocumentTitle") or ""),
            _kind(dataset),
            str(dataset.SOPInstanceUID),
            int(dataset.get("InstanceNumber") or 0),
            dataset.get("VerificationFlag") == "VERIFIED",
            tuple(str(item.ReferencedSOPInstanceUID) for item in dataset.get("SourceInstanceSequence") or []),
        )


def _kind(dataset: Dataset) -> DocumentKind | None:
    told = {(str(i.CodingSchemeDesignator), str(i.CodeValue)) for i in dataset.get("ConceptNameCodeSequence") or []}
    return next((kind for kind, code in DOCUMENT_TITLES.items() if (code.scheme, code.value) in told), None)
