"""A printed document put into its study, beside the record that it prints: an Encapsulated PDF, never over another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive import Archive
from dicom_io import Phase, Series
from dicom_io.context import derived_uid
from dicom_io.documents.encapsulated import encode_document
from procedure.documents import Printed
from procedure.states import State
from workstation.report.gather import Gathered
from workstation.report.making import KINDS, Made
from workstation.studies.encounters import referred
from workstation.version import VERSION

_SERIES_NUMBER: Final = 1200


class NotStorableYet(Exception):
    """The document cannot be stored with its study; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """Where the document lies. `already`: the same bytes were stored before."""

    sop_instance_uid: str
    path: Path
    already: bool


def store_document(archive: Archive, found: Gathered, made: Made, printed: Printed | None = None) -> StoredDocument:
    """Put a PDF beside the record that it was made from. The same PDF is stored once; a changed record's is another object.

    Raises NotStorableYet for a draft, and the errors of `archive` and `dicom_io`.
    """
    encounter = found.encounter
    if encounter.state is State.DRAFT:
        raise NotStorableYet(
            "The record is a draft, and only a final one is stored as a document: make it final first."
        )
    study = str(found.header.StudyInstanceUID)
    uid = derived_uid(study, "document", encounter.encounter_uid, hashlib.sha256(made.pdf).hexdigest())
    if archive.has(uid):
        return StoredDocument(uid, archive.path_of(uid), already=True)
    used = {file.sop_instance_uid for file in found.sources.files}
    sources = [referred(row) for row in archive.objects(study) if row.sop_instance_uid in used]
    series = Series(
        phase=encounter.images[-1].phase if encounter.images else Phase.PRE,
        number=_SERIES_NUMBER + KINDS.index(made.kind),
        series_instance_uid=derived_uid(study, "documents", encounter.encounter_uid, made.kind),
        description=made.title,
    )
    last = max((signature.at for signature in encounter.signatures), default=encounter.started_at)
    item = encode_document(
        made.pdf,
        made.kind,
        f"{made.title}, version {encounter.version}",
        found.header,
        series,
        sources,
        sop_instance_uid=uid,
        instance_number=encounter.version,
        dated=printed.at if printed is not None and printed.at is not None else last,
        verified=encounter.state is State.ATTESTED,
        software_version=VERSION,
    )
    return StoredDocument(uid, archive.put(item), already=False)
