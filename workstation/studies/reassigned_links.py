"""What each object of a study is about, as far as giving it to another patient has to know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from archive import ObjectRow
from dicom_io import read_encounter
from dicom_io.composite.sr_document import named_by
from dicom_io.dataset.parse import parse
from dicom_io.errors import DicomError
from workstation.studies.reading import ENCOUNTER_CLASS

_SELECTION: Final = "1.2.840.10008.5.1.4.1.1.88.59"
_BESIDE: Final = {
    _SELECTION: "A selection of moved and other pictures: it stays, the moved ones in it are hidden.",
    ENCOUNTER_CLASS: "The record of an encounter that names moved and other pictures: it stays; correct it by hand.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One object. `about` are the objects (SOP Instance UIDs) of its study that it refers to, but for `predecessors`.

    `encounter` is the encounter's UID where it is the record of one, with its `standing`; `header` None where the file
    cannot be read.
    """

    row: ObjectRow
    study: str
    header: Dataset | None
    about: frozenset[str] = frozenset()
    frame_of_reference: str = ""
    encounter: str = ""
    standing: tuple[int, int] = (0, 0)
    predecessors: frozenset[str] = frozenset()

    @property
    def uid(self) -> str:
        """Its SOP Instance UID."""
        return self.row.sop_instance_uid

    @property
    def series(self) -> str:
        """Its Series Instance UID, by the place where it lies."""
        return self.row.file.parent.name

    @property
    def sop_class(self) -> str:
        """Its SOP Class UID."""
        return self.row.sop_class

    @property
    def stays_beside(self) -> str:
        """Why it stays where only some of what it is about moves; empty where it cannot."""
        return _BESIDE.get(self.row.sop_class, "")

    # As dicom_io names what a reference needs.
    sop_instance_uid = uid
    series_instance_uid = series
    sop_class_uid = sop_class

    @property
    def study_instance_uid(self) -> str:
        """Its Study Instance UID."""
        return self.study


def seen(row: ObjectRow, study: str, known: frozenset[str]) -> Seen:
    """An object of a study with the objects `known`; one that cannot be read is about nothing."""
    try:
        header, _ = parse(row.file, stop_before_pixels=True)
    except DicomError:
        return Seen(row, study, None)
    before = frozenset(named_by(header, "PredecessorDocumentsSequence"))
    encounter, standing = "", (0, 0)
    if row.sop_class == ENCOUNTER_CLASS:
        try:
            stored = read_encounter(row.file)
            encounter, standing = stored.encounter.encounter_uid, stored.standing
        except DicomError:
            pass  # another Enhanced SR, made again as any object
    return Seen(
        row,
        study,
        header,
        about=frozenset(_referenced(header)) & known - before - {row.sop_instance_uid},
        frame_of_reference=str(header.get("FrameOfReferenceUID") or ""),
        encounter=encounter,
        standing=standing,
        predecessors=before,
    )


def _referenced(dataset: Dataset) -> Iterator[str]:
    for element in dataset.iterall():
        if element.keyword == "ReferencedSOPInstanceUID":
            yield str(element.value)
