"""A typed record about objects of another study as an Enhanced SR, and back: a review of a record, an author's answer.

The content is made by the encounter's rule (`encounter_content`). What the document is about lies in another study, so it is
named as Pertinent Other Evidence (PS3.3, C.17.2): the document can be stored, sent and shown without touching it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Generic, TypeVar

from dicom_io.coding.codes import DEVICE, OBSERVER_TYPE
from dicom_io.coding.concept import Concept, private
from dicom_io.coding.words import fitted
from dicom_io.composite import content_items as items
from dicom_io.composite.sr_document import Attestation, authored, document_modules, flags, named_by, references
from dicom_io.context import Series, Study
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import damage_as, read_with
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.timing import zone_of
from dicom_io.encoded import EncodedObject, Instance, Picture
from dicom_io.encounter.content import Within, content_of, record_of
from dicom_io.errors import NotAReport
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, IMPLEMENTATION_CLASS_UID, encoded, file_header
from procedure import ProcedureError
from procedure.record import Record

ENHANCED_SR: Final = "1.2.840.10008.5.1.4.1.1.88.22"
PINNED_AT: Final = private("PINNED_AT", "Place in the picture")
_DEVICE_UID: Final = Concept("121012", "DCM", "Device Observer UID")
_DEVICE_NAME: Final = Concept("121013", "DCM", "Device Observer Name")
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class TypedDocument(Generic[R]):
    """A record as it was read, the document's own UID, and those of the documents that it takes the place of."""

    record: R
    sop_instance_uid: str
    predecessors: tuple[str, ...] = ()


def encode_typed(
    record: Record,
    title: Concept,
    study: Study,
    series: Series,
    *,
    sop_instance_uid: str,
    by: str,
    at: datetime,
    evidence: Sequence[Instance] = (),
    pictures: Iterable[Picture] = (),
    predecessors: Sequence[Instance] = (),
    software_version: str = "",
) -> EncodedObject:
    """The record as a document of `study`, its own, verified by the person `by` who signed it at `at`.

    `evidence` are the objects of other studies that it is about; those of its `pictures` that the content names are added. A
    part of the record with `image`, `column` and `row` is a point on that frame too, so that other viewers find it.
    """
    by_uid = {picture.sop_instance_uid: picture for picture in pictures}
    content = [*observing_device(), *content_of(record, Within(by_uid, zone_of(study.started_at)))]
    for item in content:
        _add_place(item)
    dataset = PlainDataset()
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [title.item()]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.ContentSequence = content
    dataset.InstanceNumber = 1 + len(predecessors)
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.PerformedProcedureCodeSequence = []
    flags(dataset, complete=True, attested=Attestation(by, at))
    authored(dataset, by, by, at)
    about = {item.sop_instance_uid: item for item in evidence}
    about |= {uid: by_uid[uid] for uid in images_named(content)}
    if about:
        dataset.PertinentOtherEvidenceSequence = references(about.values())
    if predecessors:
        dataset.PredecessorDocumentsSequence = references(predecessors)
    document_modules(dataset, study, series, ENHANCED_SR, sop_instance_uid, software_version)
    dataset.SeriesDescription = fitted(series.description, "LO")  # of no phase of the procedure
    head = file_header(dataset, EXPLICIT_VR_LITTLE_ENDIAN)
    return encoded(dataset, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))


def read_typed(path: Path, kind: type[R], title: Concept) -> TypedDocument[R]:
    """The record of a file. Raises CannotOpen, NotDicom; NotAReport where it is not one of this kind, or cannot be read."""

    def read(dataset: AnyItem) -> TypedDocument[R]:
        if items.name_of(dataset) != items.key(title):
            raise NotAReport(f"{path} is no document of this kind: {title.meaning.lower()}.")

        def unreadable(error: Exception) -> NotAReport:
            return NotAReport(f"{path} cannot be read as it says ({title.meaning.lower()}): {error}.")

        with damage_as(unreadable):
            zone = items.zone_of_text(str(dataset.get("TimezoneOffsetFromUTC") or "+0000"))
            try:
                record = record_of(kind, list(dataset.ContentSequence), zone)
            except ProcedureError as error:
                raise unreadable(error) from error
            before = named_by(dataset, "PredecessorDocumentsSequence")
            return TypedDocument(record, str(dataset.SOPInstanceUID), before)

    return read_with(path, read)


def observing_device() -> list[PlainDataset]:
    """The program, as the device that recorded (TID 1002, 1004); the persons stand at what they did."""
    return [
        items.as_context(items.code(OBSERVER_TYPE, DEVICE)),
        items.as_context(items.uid(_DEVICE_UID, str(IMPLEMENTATION_CLASS_UID))),
        items.as_context(items.text(_DEVICE_NAME, "sonofill")),
    ]


def images_named(content: Sequence[PlainDataset]) -> Iterator[str]:
    """The SOP Instance UIDs of the images that items refer to, at every depth."""
    for item in content:
        if item.ValueType == "IMAGE":
            yield str(item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)
        yield from images_named(item.get("ContentSequence") or [])


def _add_place(item: PlainDataset) -> None:
    """Gives a container that holds an image, a column and a row the same place as a coordinate on that image."""
    below = list(item.get("ContentSequence") or [])
    image = next((one for one in below if one.ValueType == "IMAGE"), None)
    numbers = {items.name_of(one)[1]: items.number_value(one) for one in below if one.ValueType == "NUM"}
    if image is None or not {"COLUMN", "ROW"} <= numbers.keys():
        return
    selected = PlainDataset()
    selected.RelationshipType = "SELECTED FROM"
    selected.ValueType = "IMAGE"
    selected.ReferencedSOPSequence = image.ReferencedSOPSequence
    place = PlainDataset()
    place.RelationshipType = "CONTAINS"
    place.ValueType = "SCOORD"
    place.ConceptNameCodeSequence = [PINNED_AT.item()]
    place.GraphicType = "POINT"
    place.GraphicData = [numbers["COLUMN"], numbers["ROW"]]
    place.ContentSequence = [selected]
    item.ContentSequence = [*below, place]
