"""What the index needs of an object. `reading` gets it from a file; nothing here needs pydicom, so listing starts fast."""

from __future__ import annotations

from dataclasses import dataclass

from archive.layout import is_object_name


@dataclass(frozen=True, slots=True)
class Header:
    """`study_date` as YYYY-MM-DD, empty where the object has none; `frames` is 0 for what is not a picture.

    `rejects` are the SOP Instance UIDs of the same study that a rejection note hides; none in any other object.
    """

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    patient_id: str
    study_date: str
    study_time: str
    phase: str
    series_number: int
    instance_number: int
    frames: int
    rejects: tuple[str, ...] = ()


def names_itself(header: Header, file: str) -> bool:
    """Whether an object lies where its own UIDs say."""
    expected = f"studies/{header.study_instance_uid}/{header.series_instance_uid}/{header.sop_instance_uid}.dcm"
    return is_object_name(file) and file == expected
