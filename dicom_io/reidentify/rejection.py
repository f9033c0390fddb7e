"""Rejection notes: Key Object Selections that say which objects of a study are not to be used, and why (IHE RAD, IOCM).

Nothing is erased by one. Who reads it leaves the named objects out of lists: our archive does, and so do PACS that know IHE's
Imaging Object Change Management profile, which has these titles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from dicom_io.coding import codes
from dicom_io.coding.concept import Concept
from dicom_io.composite import content_items as items
from dicom_io.composite.identity import is_image, same_patient_and_study
from dicom_io.composite.sr_document import person_name
from dicom_io.context import Phase, Series, Study, derived_uid
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.plain_dataset import as_pydicom
from dicom_io.documents.key_objects import DESCRIPTION, KEY_OBJECT_SELECTION, key_object_document, reference
from dicom_io.encoded import EncodedObject, Instance
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

PATIENT_SAFETY: Final = Concept("113037", "DCM", "Rejected for Patient Safety Reasons")
WRONG_WORKLIST_ENTRY: Final = Concept("113038", "DCM", "Incorrect Modality Worklist Entry")
_QUALITY: Final = Concept("113001", "DCM", "Rejected for Quality Reasons")
_TITLES: Final = {(c.scheme, c.value) for c in (_QUALITY, PATIENT_SAFETY, WRONG_WORKLIST_ENTRY)}
_NUMBER: Final = 9000


def encode_rejection(
    objects: Sequence[Instance],
    like: Dataset,
    study: Study,
    title: Concept,
    *,
    reason: str,
    by: str,
    sop_instance_uid: str,
    software_version: str = "",
) -> EncodedObject:
    """A note of `by` that `objects`, all of one study, are rejected for `reason`. `title` is one of the titles above.

    `like` is the header of one of them, `study` what it says: the note belongs to the same patient and study as they do, in
    the very words that they have.
    """
    from pydicom.uid import UID

    from dicom_io.reidentify.images import header_as_it_is

    series = Series(Phase.POST, number=_NUMBER, series_instance_uid=derived_uid(sop_instance_uid, "series"))
    observer = [items.code(codes.OBSERVER_TYPE, codes.PERSON), items.person(codes.OBSERVER_NAME, person_name(by))]
    for item in observer:
        item.RelationshipType = "HAS OBS CONTEXT"
    named = [reference("IMAGE" if is_image(one.sop_class_uid) else "COMPOSITE", one) for one in objects]
    content = [*observer, items.text(DESCRIPTION, reason), *named]
    made = key_object_document(title, content, objects, study, series, sop_instance_uid, software_version)
    dataset = as_pydicom(made)
    dataset.SeriesDescription = "rejection note"
    same_patient_and_study(dataset, like)
    dataset.StudyInstanceUID = study.study_instance_uid
    head = header_as_it_is(dataset, UID(EXPLICIT_VR_LITTLE_ENDIAN))
    return encoded(dataset, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))


def rejected_by(dataset: AnyItem) -> tuple[str, ...]:
    """The objects (SOP Instance UIDs) of its own study that an object rejects; none where it is no rejection note."""
    if dataset.get("SOPClassUID") != KEY_OBJECT_SELECTION or items.name_of(dataset) not in _TITLES:
        return ()
    return tuple(
        str(named.ReferencedSOPInstanceUID)
        for study in dataset.get("CurrentRequestedProcedureEvidenceSequence") or []
        if study.StudyInstanceUID == dataset.StudyInstanceUID
        for series in study.ReferencedSeriesSequence
        for named in series.ReferencedSOPSequence
    )
