"""Structured reports made again under another patient: the encounter's record, and reports that are on pictures of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset

from dicom_io.coding import codes
from dicom_io.composite import content_items as items
from dicom_io.composite.identity import study_of
from dicom_io.composite.sr_document import authored, references
from dicom_io.context import Phase, Series, derived_uid
from dicom_io.dataset.parse import damage_as, parse
from dicom_io.dataset.plain_dataset import PlainDataset, as_pydicom
from dicom_io.dataset.timing import date_text, time_text
from dicom_io.encoded import EncodedObject, Instance
from dicom_io.encounter.record import encode_encounter, read_encounter
from dicom_io.errors import NotReidentifiable
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header
from dicom_io.reidentify.images import Rightful, remade, with_new_uids
from procedure.patient import Identity, Sex
from procedure.steps import identify
from procedure.walk import with_uids

_GROUP: Final = ("DCM", "125007")
_EVIDENCE: Final = ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")


def reidentified_encounter(
    path: Path, rightful: Rightful, uids: Mapping[str, str], images: Sequence[EncodedObject], before: Instance
) -> EncodedObject:
    """The record of an encounter under its rightful patient: a new version, with a reason, where it was final.

    `images` are the study's objects as they are made again; `before` is the document that the new one names as the earlier
    version. What it says of the wrong patient is reduced to the id. Raises as `read_encounter`, and NotEncodable.
    """
    stored = read_encounter(path)
    dataset, _ = parse(path)
    old = stored.encounter
    patient = rightful.patient
    identity = Identity(
        patient_id=patient.patient_id,
        name=patient.name,
        birth_date=patient.birth_date,
        sex=Sex(patient.sex) if patient.sex else None,
    )
    remade_images = tuple(uids[image.image_uid] for image in old.images if image.image_uid in uids)
    new = identify(with_uids(old, uids), identity, rightful.by, rightful.at, rightful.reason, remade_images)
    known = tuple(replace(c, before=Identity(patient_id=c.before.patient_id)) for c in new.identity_changes)
    study = study_of(dataset)
    phase, _, words = str(dataset.get("SeriesDescription") or "").partition(" ")
    return encode_encounter(
        replace(new, identity_changes=known),
        replace(study, patient=patient, study_instance_uid=uids[study.study_instance_uid], accession_number=""),
        Series(
            phase=Phase(phase) if phase in set(Phase) else Phase.PRE,
            number=int(dataset.get("SeriesNumber") or 1),
            series_instance_uid=uids[str(dataset.SeriesInstanceUID)],
            description=words or phase,
        ),
        images,
        sop_instance_uid=uids[str(dataset.SOPInstanceUID)],
        predecessors=(before,),
        json_copy=stored.json_agrees is not None,
        software_version=rightful.software_version,
    )


def moved_part(path: Path, rightful: Rightful, uids: Mapping[str, str], moved: frozenset[str]) -> EncodedObject:
    """What a report says on the pictures `moved` alone, under the rightful patient. Raises as `reidentified`.

    NotReidentifiable where the report is not built of measurement groups, each on its own pictures.
    """
    dataset, _ = parse(path)
    with damage_as(_cannot(path)):
        _keep(path, dataset, lambda uid: uid in moved)
    return remade(path, dataset, rightful, uids, ())


def remaining_part(path: Path, rightful: Rightful, moved: frozenset[str], before: Instance) -> EncodedObject:
    """What the same report says on the other pictures: a new version of it, under the patient that it has."""
    dataset, _ = parse(path)
    with damage_as(_cannot(path)):
        _keep(path, dataset, lambda uid: uid not in moved)
        own = {before.sop_instance_uid, before.series_instance_uid}
        with_new_uids(dataset, {uid: derived_uid(uid, "without", *sorted(moved)) for uid in own})
        reason = as_pydicom(items.as_modifier(items.text(codes.CORRECTION_REASON, rightful.reason)))
        kept = [i for i in dataset.ContentSequence if items.name_of(i) != items.key(codes.CORRECTION_REASON)]
        dataset.ContentSequence = [reason, *kept]
        corrected = PlainDataset()
        corrected.PredecessorDocumentsSequence = references([before])
        authored(corrected, "", rightful.by, rightful.at)
        codes.declare_private_scheme(corrected, also=True)  # the reason's code is of it
        dataset.update(as_pydicom(corrected))
        dataset.ContentDate, dataset.ContentTime = date_text(rightful.at), time_text(rightful.at)
        dataset.VerificationFlag = "UNVERIFIED"
        dataset.pop("VerifyingObserverSequence", None)
        dataset.pop("DigitalSignaturesSequence", None)
        head = file_header(dataset, EXPLICIT_VR_LITTLE_ENDIAN)
    return encoded(dataset, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))


def _cannot(path: Path) -> Callable[[Exception], NotReidentifiable]:
    return lambda error: NotReidentifiable(f"The report {path} cannot be parted ({error}): reassign the whole study.")


def _keep(path: Path, dataset: Dataset, wanted: Callable[[str], bool]) -> None:
    """Takes out the measurement groups and the evidence on pictures that are not wanted."""
    for container in list(_containers(dataset)):
        content = [item for item in container.ContentSequence if not _is_of(item, wanted)]
        if content:
            container.ContentSequence = content
        else:
            del container.ContentSequence
    for sequence in _EVIDENCE:
        for study in dataset.get(sequence) or []:
            for series in study.ReferencedSeriesSequence:
                series.ReferencedSOPSequence = [
                    r for r in series.ReferencedSOPSequence if wanted(str(r.ReferencedSOPInstanceUID))
                ]
            study.ReferencedSeriesSequence = [s for s in study.ReferencedSeriesSequence if s.ReferencedSOPSequence]
        left = [study for study in dataset.get(sequence) or [] if study.ReferencedSeriesSequence]
        if left:
            setattr(dataset, sequence, left)
        else:
            dataset.pop(sequence, None)
    if any(not wanted(uid) for uid in _named(dataset)):
        raise NotReidentifiable(f"The report {path} speaks of several pictures at once: reassign the whole study.")


def _is_of(item: Dataset, wanted: Callable[[str], bool]) -> bool:
    """Whether an item is a measurement group, or a picture of the image library, that is not wanted."""
    named = list(_named(item))
    whole = items.name_of(item) == _GROUP or item.get("ValueType") == "IMAGE"
    return whole and bool(named) and not any(wanted(uid) for uid in named)


def _containers(dataset: Dataset) -> Iterator[Dataset]:
    """The containers with content that are not measurement groups themselves, the inner ones first."""
    for item in dataset.get("ContentSequence") or []:
        if item.get("ValueType") == "CONTAINER" and items.name_of(item) != _GROUP:
            yield from _containers(item)
    if "ContentSequence" in dataset:
        yield dataset


def _named(dataset: Dataset) -> Iterator[str]:
    """The objects that the content refers to."""
    for item in dataset.get("ContentSequence") or []:
        for reference in item.get("ReferencedSOPSequence") or []:
            yield str(reference.ReferencedSOPInstanceUID)
        yield from _named(item)
