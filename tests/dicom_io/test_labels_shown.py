"""Presentation states, burned-in copies, the selection: what is said comes back on its own frame, and nothing is hidden."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from pydicom import dcmread

from annotation import Finding
from annotation.colours import colour_of, rgb
from annotation.shapes import Ellipse
from dicom_io import EncodedObject, OpenedImage
from dicom_io.documents.selection import encode_selection, read_selection
from dicom_io.drawing.captioned import captions_of
from dicom_io.drawing.graphics import graphic_of, shape_of
from dicom_io.errors import NotAPresentation, NotASelection
from dicom_io.labels.annotated_copy import encode_annotated_copy
from dicom_io.labels.labelled import CopiedFrom, LabelledFrame, LabelSeries, copied_from
from dicom_io.labels.presentation import encode_presentation, read_presentation
from tests.annotation.strategies import findings
from tests.dicom_io.labelled_material import (
    COLUMNS,
    REPORT_UID,
    ROWS,
    Stored,
    finding,
    stored_clip,
    stored_still,
    vessels_and_layers,
)
from tests.dicom_io.material import SERIES, STUDY, clip, picture, write, yuyv

REPORT = EncodedObject(REPORT_UID, "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.1.2.1",
                       STUDY.study_instance_uid, "2.25.5", 0, ())  # fmt: skip


def copy_of(labelled: LabelledFrame, folder: Path, number: int = 1) -> Path:
    series = LabelSeries.ANNOTATED_COPY.series(REPORT_UID, SERIES)
    made = encode_annotated_copy(labelled, STUDY, series, report_uid=REPORT_UID, instance_number=number)
    return write(made, folder)


@pytest.fixture(scope="module")
def labelled_clip(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return stored_clip(tmp_path_factory.mktemp("clip"))


@given(findings())
@settings(max_examples=50)
def test_any_shape_survives_as_a_graphic(label: Finding) -> None:
    kind, points = graphic_of(label.shape)
    flat = [float(np.float32(value)) for place in points for value in place]
    assert shape_of(kind, flat, distance=label.kind == "distance") == label.shape


def test_shapes_and_captions_come_back_on_their_frames(labelled_clip: Stored, tmp_path: Path) -> None:
    series = LabelSeries.PRESENTATION.series(REPORT_UID, SERIES)
    made = encode_presentation(labelled_clip.frames, STUDY, series, report_uid=REPORT_UID)
    found = read_presentation(write(made, tmp_path))
    said = [f for labelled in labelled_clip.frames for f in labelled.findings]
    assert [(d.image, d.frame, d.shape, d.tracking_uid) for d in found] == [
        (f.image, f.frame, f.shape, f.tracking_uid) for f in said
    ]
    assert any(d.text == "وريد الوجه (vein)  8.3 ± 0.3 mm" for d in found)
    assert {d.layer for d in found} == {"VESSELS", "LAYERS", "POINTS", "DISTANCES"}
    with pytest.raises(NotAPresentation):
        read_presentation(labelled_clip.path)


def test_each_copy_names_its_source_and_frame_and_shows_its_label_there(labelled_clip: Stored, tmp_path: Path) -> None:
    for number, labelled in enumerate(labelled_clip.frames, start=1):
        path = copy_of(labelled, tmp_path, number)
        with OpenedImage(path) as image, OpenedImage(labelled_clip.path) as source:
            assert copied_from(image.header) == CopiedFrom(labelled_clip.item.sop_instance_uid, labelled.frame)
            assert image.scales == source.scales
            burned, plain = image.frame(0), source.frame(labelled.frame)
            assert burned.shape[0] > ROWS and burned.shape[1] == COLUMNS
        # Its own artery moves by ten columns a frame: drawn in its colour at the left end of its long axis.
        label = labelled.findings[0]
        assert isinstance(label.shape, Ellipse)
        column, row = label.shape.major[0]
        drawn = burned[round(row - 0.5), round(column - 0.5)].astype(int)[::-1]
        assert np.abs(drawn - rgb(colour_of(label))).max() < 90
        if len(labelled.findings) == 1:  # away from shape and caption the picture is the source's
            away = np.abs(burned[180:ROWS].astype(int) - plain[180:ROWS]).mean()
            assert away < 6


def test_a_copy_of_any_source_looks_like_its_source(tmp_path: Path) -> None:
    from devices.source import PixelFormat

    sources = {
        "yuyv": clip(tmp_path / "y", [yuyv(COLUMNS, ROWS)], COLUMNS, ROWS, PixelFormat.YUYV),
        "grey": clip(tmp_path / "g", [picture(COLUMNS, ROWS)[:, :, 0].tobytes()], COLUMNS, ROWS, PixelFormat.GREY),
        "bgr": clip(tmp_path / "b", [picture(COLUMNS, ROWS)[:, :, ::-1].tobytes()], COLUMNS, ROWS, PixelFormat.BGR24),
    }
    for name, source in sources.items():
        (tmp_path / name).mkdir()
        stored = stored_still(tmp_path / name, source)
        bare = replace(stored.frames[0], findings=stored.frames[0].findings[:1])
        path = copy_of(bare, tmp_path / name)
        with OpenedImage(path) as image, OpenedImage(stored.path) as original:
            blurred = [p[180:ROWS].reshape(-1, 10, COLUMNS // 10, 10, 3).mean(axis=(1, 3)) for p in (
                image.frame(0), original.frame(0))]  # fmt: skip
        assert np.abs(blurred[0] - blurred[1]).mean() < 4, name
        assert dcmread(path).UltrasoundColorDataPresent == (0 if name == "grey" else 1)


def test_what_a_copy_says_of_itself(tmp_path: Path) -> None:
    still = stored_still(tmp_path)
    odd = finding(kind="vessel", vessel_kind="vein", name="धमनी", shape=Ellipse.around((60, 60), (9, 5)))
    labelled = replace(still.frames[0], findings=(*still.frames[0].findings, odd),
                       equipment=replace(still.frames[0].equipment, simulated=True))  # fmt: skip
    header = dcmread(copy_of(labelled, tmp_path))
    assert list(header.ImageType[:2]) == ["DERIVED", "SECONDARY"] and header.BurnedInAnnotation == "YES"
    assert "Simulated picture, of no person." in header.ImageComments
    assert "Copy of a still with labels burned in, not the original." in header.ImageComments
    assert "Signs that no typeface here has" in header.ImageComments
    assert list(header.LossyImageCompressionMethod) == ["ISO_10918_1"] * 2
    assert len(header.LossyImageCompressionRatio) == 2


def test_no_caption_covers_another(tmp_path: Path) -> None:
    def crowd(n: int) -> list[Finding]:
        return [f for _ in range(n) for f in vessels_and_layers()]

    for many in (1, 2):
        captions = captions_of(crowd(many), COLUMNS, ROWS)
        plates = [c.plate for c in captions]
        covered = [(a, b) for i, a in enumerate(plates) for b in plates[i + 1 :] if a.meets(b)]
        assert not covered
        assert len([c for c in captions if c.number]) == len({c.number for c in captions if c.number})


def test_the_selection_names_frames_copies_and_report(labelled_clip: Stored, tmp_path: Path) -> None:
    series = LabelSeries.ANNOTATED_COPY.series(REPORT_UID, SERIES)
    some = labelled_clip.frames[2:4]
    copies = [
        encode_annotated_copy(f, STUDY, series, report_uid=REPORT_UID, instance_number=n) for n, f in enumerate(some, 1)
    ]
    made = encode_selection(some, copies, REPORT, STUDY, LabelSeries.SELECTION.series(REPORT_UID, SERIES))
    found = read_selection(write(made, tmp_path))
    assert found.title == "DCM 113000" and "assessor" in found.words
    assert [(s.sop_instance_uid, s.frames) for s in found.selected] == [
        (labelled_clip.item.sop_instance_uid, (2, 3)),
        *((copy.sop_instance_uid, ()) for copy in copies),
        (REPORT_UID, ()),
    ]
    with pytest.raises(NotASelection):
        read_selection(labelled_clip.path)
