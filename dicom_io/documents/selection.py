"""The pictures for the assessor: a Key Object Selection of the labelled pictures, their copies and the report, and back.

Titled Of Interest (DCM 113000, CID 7010), because that is the title that viewers mark as key images; what it is for stands in
its description.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dicom_io.coding.concept import Concept
from dicom_io.composite import content_items as items
from dicom_io.context import Series, Study
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import damage_as, read_with
from dicom_io.documents.key_objects import DESCRIPTION, KEY_OBJECT_SELECTION, key_object_document, reference
from dicom_io.encoded import EncodedObject, Instance
from dicom_io.errors import NotASelection
from dicom_io.labels.labelled import LabelledFrame, LabelSeries, by_image
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header

OF_INTEREST: Final = Concept("113000", "DCM", "Of Interest")
_WORDS: Final = (
    "The labelled pictures of this study for the assessor, with the report that holds their labels and with copies that "
    "show them."
)


@dataclass(frozen=True, slots=True)
class Selected:
    """One selected object: its class, and the frames from 0 where only some are meant."""

    sop_instance_uid: str
    sop_class_uid: str
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """What a key object selection says; `title` is 'SCHEME VALUE'."""

    title: str
    words: str
    selected: tuple[Selected, ...]


def encode_selection(
    frames: Sequence[LabelledFrame],
    shown_by: Sequence[EncodedObject],
    report: Instance,
    study: Study,
    series: Series,
    *,
    software_version: str = "",
) -> EncodedObject:
    """The labelled frames, then the copies that show them (`shown_by`), then their report, as an object of `series`."""
    uid = LabelSeries.SELECTION.object_uid(report.sop_instance_uid)
    pictures = [group[0].image for group in by_image(frames)]
    content = [
        items.text(DESCRIPTION, _WORDS),
        *(reference("IMAGE", group[0].image, [f.frame for f in group if f.frame_number]) for group in by_image(frames)),
        *(reference("IMAGE", copy) for copy in shown_by),
        reference("COMPOSITE", report),
    ]
    named = [*pictures, *shown_by, report]
    dataset = key_object_document(OF_INTEREST, content, named, study, series, uid, software_version)
    head = file_header(dataset, EXPLICIT_VR_LITTLE_ENDIAN)
    return encoded(dataset, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))


def read_selection(path: Path) -> Selection:
    """A selection, of whatever title. Raises CannotOpen, NotDicom; NotASelection where it is none."""
    return read_with(path, lambda dataset: _read(dataset, path))


def _read(dataset: AnyItem, path: Path) -> Selection:
    def foreign(error: Exception) -> NotASelection:
        return NotASelection(f"{path} is no selection that this program can read ({error!r}).")

    with damage_as(foreign):
        if dataset.get("SOPClassUID") != KEY_OBJECT_SELECTION:
            raise NotASelection(f"{path} is no key object selection.")
        name = (DESCRIPTION.scheme, DESCRIPTION.value)
        texts = [str(i.TextValue) for i in dataset.ContentSequence if items.name_of(i) == name]
        return Selection(" ".join(items.name_of(dataset)), " ".join(texts), tuple(_selected(dataset)))


def _selected(dataset: AnyItem) -> Iterator[Selected]:
    for item in dataset.ContentSequence:
        if item.ValueType in ("IMAGE", "COMPOSITE", "WAVEFORM"):
            named = item.ReferencedSOPSequence[0]
            numbers: Any = named.get("ReferencedFrameNumber") or []
            yield Selected(
                sop_instance_uid=str(named.ReferencedSOPInstanceUID),
                sop_class_uid=str(named.ReferencedSOPClassUID),
                frames=tuple(int(n) - 1 for n in ([numbers] if isinstance(numbers, int) else numbers)),
            )
