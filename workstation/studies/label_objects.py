"""The objects beside a study's report that show its labels to other programs, made from what is in hand. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotation import Document
from dicom_io.context import Series, Study
from dicom_io.encoded import EncodedObject, Instance
from workstation.version import VERSION

if TYPE_CHECKING:
    from dicom_io.labels.labelled import LabelledFrame
    from workstation.studies.visit import Capture

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
    """The objects of each labelled picture, in the order of capture, then the selection of them all.

    `document` has the confirmed labels, by the captures' keys; `place` tells where a capture's frame lies in its parts.
    `report` holds the same labels, and `series` is its series. Raises NotEncodable.
    """
    from dicom_io.documents.selection import encode_selection
    from dicom_io.labels.annotated_copy import encode_annotated_copy
    from dicom_io.labels.labelled import LabelSeries, by_image
    from dicom_io.labels.presentation import encode_presentation
    from dicom_io.labels.segmentation import encode_segmentation

    uid = report.sop_instance_uid
    frames = list(_labelled(document, captures, place))
    if not frames:
        return
    in_series = {kind: kind.series(uid, series) for kind in LabelSeries}
    copies: list[EncodedObject] = []
    for group in by_image(frames):
        areas = encode_segmentation(
            *(group, study, in_series[LabelSeries.SEGMENTATION]),
            report_uid=uid,
            layer_order=layer_order(group[0].series.region),
            software_version=VERSION,
        )
        if areas is not None:
            yield areas
        yield encode_presentation(
            *(group, study, in_series[LabelSeries.PRESENTATION]), report_uid=uid, software_version=VERSION
        )
        for labelled in group:
            # Its side and region are its picture's; all else is of the copies' own series.
            own = replace(
                in_series[LabelSeries.ANNOTATED_COPY],
                laterality=labelled.series.laterality,
                region=labelled.series.region,
            )
            copy = encode_annotated_copy(labelled, study, own, report_uid=uid, instance_number=len(copies) + 1)
            copies.append(replace(copy, parts=()))  # its bytes are not needed any more
            yield copy
    yield encode_selection(*(frames, copies, report, study, in_series[LabelSeries.SELECTION]), software_version=VERSION)


def layer_order(region: str) -> tuple[str, ...]:
    """The layers that a region has, from the skin inwards, by its protocol; none where no region was told."""
    from workstation.studies.clinic_protocols import protocols_or_ours

    protocol = protocols_or_ours()[0].get(
        region
    )  # a save does not fail for a protocol; the window told it at its start
    return protocol.layers if protocol else ()


def _labelled(document: Document, captures: Sequence[StoredCapture], place: Place) -> Iterator[LabelledFrame]:
    from dicom_io.labels.labelled import LabelledFrame
    from workstation.probe_screen.equipment import equipment_of

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
