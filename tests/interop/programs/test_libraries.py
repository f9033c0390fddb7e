"""What the Python libraries that others build on make of each object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydicom import __version__ as pydicom_version
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.utils import pixel_array

from tests.interop.programs.material import FRAMES, LABELLED, PATIENT, PDF, Study
from tests.interop.programs.pictures import same_pictures
from tests.interop.programs.table import Told
from tests.interop.programs.test_tools import PICTURES, times_are

Table = Callable[[str, str], Told]


def test_pydicom(table: Table, study: Study) -> None:
    told = table("pydicom", pydicom_version)
    for thing, path in study.files.items():
        dataset = dcmread(path)
        opened = dataset.SOPInstanceUID == path.stem
        if thing in PICTURES:
            frames = pixel_array(dataset)
            opened &= same_pictures(path, frames[..., ::-1].reshape(-1, *frames.shape[-3:]))
        elif thing == "PDF":
            opened &= dataset.EncapsulatedDocument[: dataset.EncapsulatedDocumentLength] == PDF
        told.saw(thing, "opens", opened)
        words = str(dataset)
        told.saw(thing, "text", all(name in words for name in {PATIENT, *study.names_in(thing)}))
        if thing == "clip":
            told.saw(thing, "time", times_are(map(float, dataset.FrameTimeVector)))


@pytest.mark.requirement("S20")
def test_highdicom(table: Table, study: Study) -> None:
    import highdicom
    from highdicom import ko, seg, sr

    told = table("highdicom", highdicom.__version__)
    for thing in PICTURES:
        path = study.files[thing]
        image = highdicom.imread(path)
        frames = (image.get_frame(n + 1)[..., ::-1] for n in range(image.number_of_frames))
        told.saw(thing, "opens", same_pictures(path, frames))
    report = sr.srread(study.files["report"])
    groups = report.content.get_planar_roi_measurement_groups()
    told.saw("report", "opens", len(groups) == len(study.labels))
    read = [{m.value for m in group.get_measurements()} for group in groups]
    told.saw("report", "length", read == [{m.value for m in f.measurements} for f in study.labels])
    places = [_place(group.roi.ContentSequence[0].ReferencedSOPSequence[0]) for group in groups]
    told.saw("report", "labels", places == [study.place_of(f) for f in study.labels])
    told.saw("report", "text", [group.tracking_identifier for group in groups] == [f.name for f in study.labels])
    areas = seg.segread(study.files["segmentation"])
    told.saw("segmentation", "opens", areas.number_of_segments == 4)
    told.saw("segmentation", "labels", _filled(areas, study))
    shown = {areas.get_segment_description(n).segment_label for n in areas.segment_numbers}
    told.saw("segmentation", "text", shown == study.names_in("segmentation"))
    selection = ko.KeyObjectSelectionDocument.from_dataset(dcmread(study.files["selection"]))
    named = [item.ReferencedSOPSequence[0] for item in selection.content.get_references()]
    told.saw("selection", "opens", len(named) == 6)  # the two pictures, their three copies, the report
    (clip,) = (item for item in named if item.ReferencedSOPInstanceUID == study.clip)
    told.saw("selection", "labels", list(clip.ReferencedFrameNumber) == [n + 1 for n in LABELLED])
    told.saw("record", "opens", len(sr.srread(study.files["record"]).ContentSequence) > 50)


def _place(reference: Dataset) -> tuple[str, object]:
    return str(reference.ReferencedSOPInstanceUID), reference.get("ReferencedFrameNumber")


def _filled(areas: Any, study: Study) -> bool:
    """Whether on each frame of the clip just its own vessels are filled."""
    pixels = areas.get_pixels_by_source_frame(
        study.clip, list(range(1, FRAMES + 1)), assert_missing_frames_are_empty=True
    )
    uids = [areas.get_segment_description(n).tracking_uid for n in areas.segment_numbers]
    there = [{uid for uid, on in zip(uids, frame.any(axis=(0, 1)), strict=True) if on} for frame in pixels]
    ours = [{f.tracking_uid for f in study.on("clip", n) if f.kind == "vessel"} for n in range(FRAMES)]
    return there == ours
