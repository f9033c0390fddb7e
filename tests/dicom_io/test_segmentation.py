"""Areas of labels: what becomes one, what does not and why, and that each frame's are that frame's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from annotation import Finding, Polyline
from dicom_io.drawing.masks import mask_of
from dicom_io.drawing.segments import areas_of
from dicom_io.errors import NotASegmentation
from dicom_io.labels.labelled import LabelSeries, label_series_uid
from dicom_io.labels.segmentation import encode_segmentation, read_segmentation
from tests.dicom_io.labelled_material import (
    COLUMNS,
    LAYER_ORDER,
    REPORT_UID,
    ROWS,
    Stored,
    finding,
    stored_clip,
    stored_still,
    vessels_and_layers,
)
from tests.dicom_io.material import SERIES, STUDY, write

SEG_SERIES = LabelSeries.SEGMENTATION.series(REPORT_UID, SERIES)


def segmented(stored: Stored, folder: Path) -> Path:
    made = encode_segmentation(stored.frames, STUDY, SEG_SERIES, report_uid=REPORT_UID)
    assert made is not None
    return write(made, folder)


def test_every_area_of_every_frame_comes_back_on_its_own_frame(tmp_path: Path) -> None:
    clip = stored_clip(tmp_path)
    found = read_segmentation(segmented(clip, tmp_path))
    assert {s.frame for s in found} == set(range(12))
    looks = {(f.tracking_uid, f.frame): f for labelled in clip.frames for f in labelled.findings}
    for segment in found:
        label = looks[segment.tracking_uid, segment.frame]
        assert (segment.image, segment.frame, segment.label) == (label.image, label.frame, label.name)
        if label.kind == "vessel":
            assert segment.category == "SCT 91723000"
            mask = mask_of(label.shape, COLUMNS, ROWS)  # type: ignore[arg-type]
            assert np.count_nonzero(segment.bits) == mask.pixels
            rows = slice(mask.first_row, mask.first_row + len(mask.bits))
            assert (segment.bits[rows] == mask.bits).all()
    assert len({(s.tracking_uid, s.frame) for s in found}) == len(found) == 16
    assert [s.frame for s in found if s.tracking_uid == "2.25.123"] == list(range(6)), "one vessel, one segment"


def test_a_clip_does_not_grow_with_frames_that_have_no_label(tmp_path: Path) -> None:
    clip = stored_clip(tmp_path, 4)
    few = encode_segmentation(clip.frames[:1], STUDY, SEG_SERIES, report_uid=REPORT_UID)
    assert few is not None and few.number_of_frames == 1
    assert few.size < COLUMNS * ROWS // 8 + 4000


def test_what_is_no_area_is_told(tmp_path: Path) -> None:
    comments = str(dcmread(segmented(stored_still(tmp_path), tmp_path)).ImageComments)
    assert comments.startswith("Not filled: ")
    assert "وريد الوجه (drawn as a line, which has no area)" in comments
    assert "periosteum (no deeper boundary is drawn below it)" in comments


def test_a_layer_is_not_filled_across_a_layer_that_was_not_drawn() -> None:
    layers = [f for f in vessels_and_layers() if f.kind == "layer"]
    unknown_region = areas_of(layers, COLUMNS, ROWS)
    assert [a.finding.term for a in unknown_region.areas] == ["sfat", "smas"]
    assert [a.words for a in unknown_region.areas][1] == "Down to the boundary of: periosteum"
    cheek = areas_of(layers, COLUMNS, ROWS, LAYER_ORDER)
    assert [a.finding.term for a in cheek.areas] == ["sfat"]
    assert "SMAS (between it and the next boundary is not drawn: muscle, deep fat)" in cheek.left_out
    # Where the SMAS ends before the fat does, the periosteum is the next line below the fat.
    assert any(words.startswith("superficial fat (in part: between it and the next") for words in cheek.left_out)


def test_neighbouring_layers_share_no_pixel_and_leave_no_gap() -> None:
    def layer(row: float, name: str) -> Finding:
        return finding(kind="layer", name=name, shape=Polyline(vertices=((0, row), (COLUMNS, row + 7))))

    found = areas_of([layer(50.3, "b"), layer(20.1, "a"), layer(90.6, "c")], COLUMNS, ROWS).areas
    assert [a.finding.name for a in found] == ["b", "a"]
    upper, lower = found[1].mask, found[0].mask
    assert upper.pixels + lower.pixels == pytest.approx(COLUMNS * 70.5, rel=0.01)


def test_a_picture_without_areas_has_no_segmentation(tmp_path: Path) -> None:
    still = stored_still(tmp_path)
    lines = tuple(f for f in still.frames[0].findings if f.kind in ("point", "distance"))
    only_lines = replace(still.frames[0], findings=lines)
    assert encode_segmentation([only_lines], STUDY, SEG_SERIES, report_uid=REPORT_UID) is None


def test_filler_is_an_area_of_a_substance(tmp_path: Path) -> None:
    still = stored_still(tmp_path)
    filler = finding(kind="filler", name="filler", shape=vessels_and_layers()[0].shape)
    labelled = replace(still.frames[0], findings=(filler,))
    made = encode_segmentation([labelled], STUDY, SEG_SERIES, report_uid=REPORT_UID)
    assert made is not None
    (segment,) = read_segmentation(write(made, tmp_path))
    assert segment.category == "SCT 105590001" and segment.tracking_uid == filler.tracking_uid


def test_uids_follow_from_the_report(tmp_path: Path) -> None:
    still = stored_still(tmp_path)
    once = encode_segmentation(still.frames, STUDY, SEG_SERIES, report_uid=REPORT_UID)
    again = encode_segmentation(still.frames, STUDY, SEG_SERIES, report_uid=REPORT_UID)
    other = encode_segmentation(still.frames, STUDY, SEG_SERIES, report_uid="2.25.78")
    assert once is not None and again is not None and other is not None
    assert once.sop_instance_uid == again.sop_instance_uid != other.sop_instance_uid
    assert once.series_instance_uid == label_series_uid(REPORT_UID, LabelSeries.SEGMENTATION)


def test_another_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    still = stored_still(tmp_path)
    with pytest.raises(NotASegmentation, match="no binary segmentation"):
        read_segmentation(still.path)
    dataset = dcmread(segmented(still, tmp_path))
    dataset.PixelData = dataset.PixelData[:100]
    dataset.save_as(tmp_path / "short.dcm")
    with pytest.raises(NotASegmentation):
        read_segmentation(tmp_path / "short.dcm")
