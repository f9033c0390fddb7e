"""The encounter as one DICOM object: an Enhanced SR whose coded content carries the whole typed record, and back.

Reading takes the coded content; the JSON copy, where it is inside, is compared with it and said to agree or not. Findings and
their geometry stand in the measurement reports; this document names the same images and the same tracking UIDs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dicom_io.coding.concept import Concept
from dicom_io.coding.encounter import ENCOUNTER, JSON_COPY, JSON_SHA256
from dicom_io.composite import content_items as items
from dicom_io.composite.identity import same_patient_and_study
from dicom_io.composite.sr_document import Attestation, document_modules, flags, named_by, references
from dicom_io.context import Series, Study
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import damage_as, read_with
from dicom_io.dataset.plain_dataset import AnyDataset, PlainDataset, as_pydicom
from dicom_io.dataset.timing import zone_of
from dicom_io.encoded import EncodedObject, Instance, Picture
from dicom_io.encounter.content import Within, content_of, record_of
from dicom_io.encounter.typed import ENHANCED_SR, images_named, observing_device
from dicom_io.errors import EncounterUnreadable, NotAReport
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header
from procedure import Encounter, ProcedureError
from procedure.as_json import from_json, to_json
from procedure.states import State
from procedure.steps import standing

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


@dataclass(frozen=True, slots=True)
class StoredEncounter:
    """An encounter as it was read. `json_agrees` is None where no JSON copy is inside.

    `predecessors` are the SOP Instance UIDs of the documents that this one corrects.
    """

    encounter: Encounter
    sop_instance_uid: str
    json_agrees: bool | None
    predecessors: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[int, int]:
        """How far the record has come (`procedure.steps.standing`)."""
        return standing(self.encounter)


def encode_encounter(
    encounter: Encounter,
    study: Study,
    series: Series,
    images: Sequence[Picture],
    *,
    sop_instance_uid: str,
    predecessors: Sequence[Instance] = (),
    like: Dataset | None = None,
    json_copy: bool = True,
    software_version: str = "",
) -> EncodedObject:
    """The record as an Enhanced SR. `images` are the study's objects that it may refer to.

    An image that is not among them is named by its UID alone. `predecessors` are the documents of earlier versions;
    `like` is a header of the study where its patient is to be told in the same words. Raises NotEncodable
    where a patient's or study's text cannot stand in its field.
    """
    by_uid = {image.sop_instance_uid: image for image in images}
    dataset = PlainDataset()
    content = [*observing_device(), *content_of(encounter, Within(by_uid, zone_of(study.started_at)))]
    if json_copy:
        canonical = to_json(encounter)
        content += [
            items.text(JSON_COPY, canonical.decode().rstrip("\n")),
            items.text(JSON_SHA256, hashlib.sha256(canonical).hexdigest()),
        ]
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [ENCOUNTER.item()]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.ContentSequence = content
    # A draft, the final record and the attested one are of one version; in a list of the series each has its own number.
    dataset.InstanceNumber = max(encounter.version, 1 + len(predecessors))
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.PerformedProcedureCodeSequence = []
    _flags(dataset, encounter)
    named = [by_uid[uid] for uid in dict.fromkeys(images_named(content))]
    if named:
        dataset.CurrentRequestedProcedureEvidenceSequence = references(named)
    if predecessors:
        dataset.PredecessorDocumentsSequence = references(predecessors)
    document_modules(dataset, study, series, ENHANCED_SR, sop_instance_uid, software_version)
    made: AnyDataset = dataset
    if like is not None:
        made = as_pydicom(dataset)
        same_patient_and_study(made, like)
    head = file_header(made, EXPLICIT_VR_LITTLE_ENDIAN)
    return encoded(made, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))


def read_encounter(path: Path) -> StoredEncounter:
    """The encounter of a file. Raises CannotOpen, NotDicom; NotAReport where it says that it is something else, and
    EncounterUnreadable where it says that it is an encounter and cannot be read as one.
    """
    return read_with(path, lambda dataset: _stored(dataset, path))


def _stored(dataset: AnyItem, path: Path) -> StoredEncounter:
    with damage_as(lambda error: NotAReport(f"{path} is no record of an encounter ({error}).")):
        if items.name_of(dataset) != (ENCOUNTER.scheme, ENCOUNTER.value):
            raise NotAReport(f"{path} is no record of an encounter.")

    def unreadable(error: Exception) -> EncounterUnreadable:
        return EncounterUnreadable(f"{path} is no record of an encounter that this program can read ({error}).")

    with damage_as(unreadable):
        content = list(dataset.ContentSequence)
        try:
            encounter = record_of(
                Encounter, content, items.zone_of_text(str(dataset.get("TimezoneOffsetFromUTC") or "+0000"))
            )
        except ProcedureError as error:
            raise unreadable(error) from error
        before = named_by(dataset, "PredecessorDocumentsSequence")
        return StoredEncounter(encounter, str(dataset.SOPInstanceUID), _json_agrees(content, encounter), before)


def _flags(dataset: PlainDataset, encounter: Encounter) -> None:
    """Complete from final on, verified where a supervisor attested it."""
    attested = [s for s in encounter.signatures if s.state is State.ATTESTED]
    last = attested[-1] if encounter.state is State.ATTESTED and attested else None
    flags(
        dataset,
        complete=encounter.state is not State.DRAFT,
        attested=Attestation(last.by, last.at, last.organization) if last else None,
    )


def _json_agrees(content: Sequence[AnyItem], encounter: Encounter) -> bool | None:
    def texts(concept: Concept) -> list[str]:
        return [str(i.TextValue) for i in content if items.name_of(i) == (concept.scheme, concept.value)]

    copies, digests = texts(JSON_COPY), texts(JSON_SHA256)
    if not copies:
        return None
    canonical = (copies[0] + "\n").encode()
    if digests != [hashlib.sha256(canonical).hexdigest()]:
        return False
    if canonical == to_json(encounter):
        return True
    try:  # another program's JSON may be set in another way
        return from_json(canonical) == encounter
    except ProcedureError:
        return False
