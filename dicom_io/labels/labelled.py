"""Labelled pictures: what the objects that show a report's labels to other programs are made from, and how they are named.

    report ── its labels ──▶ segmentations   vessels and layers as areas
                             presentation states   shapes and captions, drawn over the pictures
                             annotated copies   pictures with the labels burned in
                             selection   the labelled pictures, for an assessor

Each kind has one series for each report, and every UID in it follows from the report's own SOP Instance UID: begun again
after a crash they are the same objects, and which of them a report's version has made can be told from its UID alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from acquisition.cine import Clip
from annotation import Finding, ImageNote
from dicom_io.coding.words import fitted, single_name
from dicom_io.composite.modules import patient_module, series_module, sop_common_module, study_module, workstation_item
from dicom_io.composite.printed import Printed
from dicom_io.context import Equipment, Series, Study, derived_uid
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.encoded import EncodedObject, Instance
from dicom_io.picture.still import US_IMAGE
from imaging.scale import Scale


class LabelSeries(Enum):
    """The kinds of series beside a report: name in UIDs, number, words for lists."""

    SEGMENTATION = ("segmentation", 1010, "vessels and layers as areas")
    PRESENTATION = ("presentation", 1020, "labels over the pictures")
    ANNOTATED_COPY = ("annotated copy", 1030, "copies with labels burned in")
    SELECTION = ("selection", 1040, "labelled pictures for the assessor")

    def series(self, report_uid: str, like: Series) -> Series:
        """The series of this kind beside a report; phase, side and region as in `like`."""
        _name, number, words = self.value
        return Series(
            phase=like.phase,
            number=number,
            series_instance_uid=label_series_uid(report_uid, self),
            laterality=like.laterality,
            region=like.region,
            description=f"{like.phase} {words}",
        )

    def object_uid(self, report_uid: str, *place: object) -> str:
        """The SOP Instance UID of the object of this kind for one picture (and frame)."""
        return derived_uid(report_uid, self.value[0], *place)


def label_series_uid(report_uid: str, kind: LabelSeries) -> str:
    """The Series Instance UID of the objects of one kind that show the labels of the report with this SOP Instance UID."""
    return derived_uid(report_uid, kind.value[0], "series")


@dataclass(frozen=True, slots=True)
class LabelledFrame:
    """One frame of a stored picture with what is said on it. `still` is that frame alone, in the spool."""

    image: EncodedObject
    frame: int  #: from 0, in `image`
    still: Clip
    series: Series  #: of the picture
    equipment: Equipment
    scales: tuple[Scale, ...]
    printed: tuple[Printed, ...]
    findings: tuple[Finding, ...]
    note: ImageNote | None = None

    @property
    def columns(self) -> int:
        """Pixels across."""
        return self.still.stream.width

    @property
    def rows(self) -> int:
        """Pixels down."""
        return self.still.stream.height

    @property
    def frame_number(self) -> int | None:
        """The standard's frame number, from 1; a still has none."""
        return None if self.image.sop_class_uid == US_IMAGE else self.frame + 1


def by_image(frames: Iterable[LabelledFrame]) -> list[tuple[LabelledFrame, ...]]:
    """The labelled frames of each picture, in the order of the pictures and of the frames."""
    found: dict[str, list[LabelledFrame]] = {}
    for labelled in frames:
        found.setdefault(labelled.image.sop_instance_uid, []).append(labelled)
    return [tuple(sorted(group, key=lambda f: f.frame)) for group in found.values()]


def image_reference(image: Instance, frame_numbers: Sequence[int] = ()) -> PlainDataset:
    """A reference to a picture, or to some of its frames (from 1)."""
    item = PlainDataset()
    item.ReferencedSOPClassUID = image.sop_class_uid
    item.ReferencedSOPInstanceUID = image.sop_instance_uid
    if frame_numbers:
        item.ReferencedFrameNumber = list(frame_numbers) if len(frame_numbers) > 1 else frame_numbers[0]
    return item


@dataclass(frozen=True, slots=True)
class CopiedFrom:
    """What a picture is a copy of: the SOP Instance UID, and the frame from 0 where that is a clip."""

    image: str
    frame: int | None


def copied_from(header: AnyItem) -> CopiedFrom | None:
    """What a picture is a copy of, from its header; None for one that is no derived copy of a single frame."""
    kind: Sequence[Any] = header.get("ImageType") or ()
    sources: Iterable[AnyItem] = header.get("SourceImageSequence") or ()
    if list(kind)[:2] != ["DERIVED", "SECONDARY"]:
        return None
    found = [
        CopiedFrom(str(s.get("ReferencedSOPInstanceUID") or ""), _frame(s.get("ReferencedFrameNumber")))
        for s in sources
    ]
    return found[0] if len(found) == 1 and found[0].image else None


def _frame(number: Any) -> int | None:
    return int(number) - 1 if isinstance(number, int) else None


def creator_of(findings: Iterable[Finding]) -> str:
    """Who answers for the labels, as a person's name; empty where several do, because the field takes one."""
    names = {finding.by for finding in findings}
    plain = re.sub(r"[\\=]", " ", names.pop()) if len(names) == 1 else ""
    return single_name(fitted(plain, "PN"))


def workstation_modules(
    dataset: PlainDataset,
    study: Study,
    series: Series,
    modality: str,
    sop_class_uid: str,
    sop_instance_uid: str,
    software_version: str,
) -> None:
    """The modules of an object that this program makes out of pictures: identity, patient, study, series, equipment.

    Body Part Examined is the face: such an object has no side of its own, and without one only an unpaired part is allowed.
    """
    sop_common_module(dataset, sop_class_uid, sop_instance_uid, study)
    patient_module(dataset, study.patient)
    study_module(dataset, study)
    series_module(dataset, study, series, modality)
    program = workstation_item(software_version)
    dataset.Manufacturer = program.Manufacturer
    dataset.ManufacturerModelName = program.ManufacturerModelName
    dataset.DeviceSerialNumber = "none"  # required beside a segmentation; a program has none
    dataset.SoftwareVersions = program.SoftwareVersions or "unknown"
    dataset.BodyPartExamined = "FACE"
