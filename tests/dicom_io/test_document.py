"""Encapsulated PDF: the PDF comes back byte for byte, ours and another maker's."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from dicom_io import Phase, Series, encode_encounter
from dicom_io.documents.encapsulated import DOCUMENT_TITLES, DocumentKind, encode_document, read_document
from dicom_io.encoded import EncodedObject, StoredObject
from dicom_io.errors import NotADocument, NotDicom, NotEncodable
from procedure.demonstration import demonstration
from tests.dicom_io.material import SERIES, STUDY, write
from tests.dicom_io.test_encounter import stored

PDF = b"%PDF-1.7\nnot much of a document\n%%EOF\n"
SOURCE = StoredObject("2.25.5", "1.2.840.10008.5.1.4.1.1.88.22", STUDY.study_instance_uid, "2.25.6", 0)
DATED = datetime(2026, 3, 2, 23, 59, 58, tzinfo=UTC)


@cache
def header() -> Dataset:
    """The header of an object of the study: what a document takes its patient and study from."""
    made = encode_encounter(demonstration("normal"), STUDY, SERIES, [], sop_instance_uid="2.25.5")
    return dcmread(BytesIO(b"".join(part for part in made if isinstance(part, bytes))))


def document(pdf: bytes = PDF, kind: DocumentKind = "record", uid: str = "2.25.9") -> EncodedObject:
    return encode_document(
        pdf,
        kind,
        "Record of an encounter, version 2",
        header(),
        Series(Phase.POST, 1200, description="Record of an encounter"),
        [SOURCE],
        sop_instance_uid=uid,
        instance_number=2,
        dated=DATED,
        verified=True,
        software_version="0.1.0",
    )


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300))
def test_the_pdf_comes_back_byte_for_byte(tmp_path: Path, rest: bytes) -> None:
    pdf = b"%PDF-1.7\n" + rest
    assert read_document(write(document(pdf), tmp_path)).pdf == pdf, "even where it ends in a NUL"


@pytest.mark.parametrize("kind", DOCUMENT_TITLES)
def test_what_is_said_of_a_document_comes_back(kind: DocumentKind, tmp_path: Path) -> None:
    path = write(document(kind=kind), tmp_path)
    read = read_document(path)
    assert (read.kind, read.title, read.instance_number) == (kind, "Record of an encounter, version 2", 2)
    assert read.verified and read.sources == ("2.25.5",) and read.sop_instance_uid == "2.25.9"
    dataset = dcmread(path)
    assert dataset.PatientName == STUDY.patient.name and dataset.StudyInstanceUID == STUDY.study_instance_uid
    assert (dataset.ContentDate, dataset.ContentTime[:6]) == ("20260303", "005958"), "in the study's time zone"
    assert dataset.BurnedInAnnotation == "YES" and dataset.Modality == "DOC"


def test_a_document_of_another_maker_is_read(tmp_path: Path) -> None:
    path = write(document(PDF[:-1]), tmp_path)
    dataset = dcmread(path)
    del dataset.EncapsulatedDocumentLength
    dataset.ConceptNameCodeSequence = []
    dataset.save_as(path)
    read = read_document(path)
    assert read.kind is None and read.pdf == PDF[:-1]


def test_what_is_no_pdf_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotEncodable, match="no PDF"):
        document(b"GIF89a")
    with pytest.raises(NotADocument, match="no encapsulated PDF"):
        read_document(stored(demonstration("normal"), tmp_path))
    path = write(document(), tmp_path)
    dataset = dcmread(path)
    dataset.EncapsulatedDocument = b"<html></html> "
    dataset.save_as(path)
    with pytest.raises(NotADocument, match="something else"):
        read_document(path)
    whole = write(document(PDF * 50), tmp_path).read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises((NotADocument, NotDicom)):
            read_document(path)
