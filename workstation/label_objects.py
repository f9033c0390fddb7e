"""The objects beside a study's report that show its labels to other programs, made from what is in hand. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotation import Document
from dicom_io.context import Series, Study
from dicom_io.encoded import EncodedObject, Instance
from workstation.version import VERSION

if TYPE_CHECKING:
    from dicom_io.labelled import LabelledFrame
    from workstation.study import Capture

Place = Callable[[str | None, int], tuple[str | None, int]]


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture with its series and the objects that hold its frames: one, or the parts of a long clip."""

    capture: Capture
    series: Series
    parts: tuple[EncodedObject, ...]


def label_objects(
    document: Document,
    captures: Sequence[StoredCapture],
    place: Place,
    study: Study,
    report: Instance,
    series: Series,
) -> Iterator[EncodedObject]:
    """The objects of each labelled picture, in the order of capture.

    `document` has the confirmed labels, by the captures' keys; `place` tells where a capture's frame lies in its parts.
    `report` holds the same labels, and `series` is its series. Raises NotEncodable.
    """
    from dicom_io.labelled import LabelSeries, by_image
    from dicom_io.segmentation import encode_segmentation

    uid = report.sop_instance_uid
    frames = list(_labelled(document, captures, place))
    for group in by_image(frames):
        areas = encode_segmentation(
            *(group, study, LabelSeries.SEGMENTATION.series(uid, series)),
            report_uid=uid,
            layer_order=layer_order(group[0].series.region),
            software_version=VERSION,
        )
        if areas is not None:
            yield areas


def layer_order(region: str) -> tuple[str, ...]:
    """The layers that a region has, from the skin inwards, by its protocol; none where no region was told."""
    from procedure.protocol_files import built_in

    protocol = built_in().get(region)
    return protocol.layers if protocol else ()


def _labelled(document: Document, captures: Sequence[StoredCapture], place: Place) -> Iterator[LabelledFrame]:
    from dicom_io.labelled import LabelledFrame
    from workstation.equipment import equipment_of

    moved = document.relocated(place)
    for stored in captures:
        capture = stored.capture
        parts = {part.sop_instance_uid: part for part in stored.parts}
        for number in sorted({f.frame for f in document.findings if f.image == capture.key}):
            image, frame = place(capture.key, number)
            note = moved.note(image, frame)
            yield LabelledFrame(
                image=parts[str(image)],
                frame=frame,
                still=capture.clip.still(number),
                series=stored.series,
                equipment=equipment_of(capture.clip.stream.device),
                scales=capture.scales,
                printed=capture.printed,
                findings=moved.on(image, frame),
                note=note if note.plane or note.landmark else None,
            )
