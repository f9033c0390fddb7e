"""Other people's programs on the objects that show labels: dciodvfy, DCMTK, highdicom, Orthanc."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from annotation import Document
from devices.cv import cv2
from dicom_io import EncodedObject, OpenedImage, Series, encode_report, new_uid
from dicom_io.documents.selection import encode_selection
from dicom_io.drawing.masks import mask_of
from dicom_io.labels.annotated_copy import encode_annotated_copy
from dicom_io.labels.labelled import LabelSeries
from dicom_io.labels.presentation import encode_presentation
from dicom_io.labels.segmentation import encode_segmentation, read_segmentation
from tests.dicom_io.labelled_material import COLUMNS, LAYER_ORDER, REPORT_UID, ROWS, Stored, stored_clip, stored_still
from tests.dicom_io.material import SERIES, STUDY, write
from tests.interop.conftest import Orthanc
from tests.interop.own_checks import check_copy, check_presentation, check_segmentation, check_selection
from tests.interop.tools import errors_of_dciodvfy, run

Objects = dict[str, Path]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stored]:
    folder = tmp_path_factory.mktemp("pictures")
    return {"still": stored_still(folder), "clip": stored_clip(folder)}


@pytest.fixture(scope="module")
def shown(pictures: dict[str, Stored], tmp_path_factory: pytest.TempPathFactory) -> Objects:
    """Kind and picture to the object's file."""
    folder = tmp_path_factory.mktemp("labels")
    series = {kind: kind.series(REPORT_UID, SERIES) for kind in LabelSeries}
    made: dict[str, EncodedObject] = {}
    copies: list[EncodedObject] = []
    for name, stored in pictures.items():
        areas = encode_segmentation(
            *(stored.frames, STUDY, series[LabelSeries.SEGMENTATION]),
            report_uid=REPORT_UID,
            layer_order=LAYER_ORDER,
            software_version="0.1.0",
        )
        assert areas is not None
        made[f"segmentation of a {name}"] = areas
        made[f"presentation of a {name}"] = encode_presentation(
            stored.frames, STUDY, series[LabelSeries.PRESENTATION], report_uid=REPORT_UID, software_version="0.1.0"
        )
        for labelled in stored.frames:
            copies.append(
                encode_annotated_copy(
                    *(labelled, STUDY, series[LabelSeries.ANNOTATED_COPY]),
                    report_uid=REPORT_UID,
                    instance_number=len(copies) + 1,
                )
            )
            made[f"copy of {name} {labelled.frame}"] = copies[-1]
    frames = [labelled for stored in pictures.values() for labelled in stored.frames]
    made["report"] = encode_report(
        Document(findings=tuple(f for labelled in frames for f in labelled.findings)),
        *(STUDY, Series(SERIES.phase, 1000, new_uid()), [stored.item for stored in pictures.values()]),
        sop_instance_uid=REPORT_UID,
    )
    made["selection"] = encode_selection(
        *(frames, copies, made["report"], STUDY, series[LabelSeries.SELECTION]), software_version="0.1.0"
    )
    return {name: write(item, folder) for name, item in made.items()}


@pytest.mark.requirement("S20")
def test_dciodvfy_finds_no_error(shown: Objects) -> None:
    assert {name: errors for name, path in shown.items() if (errors := errors_of_dciodvfy(path))} == {}


def test_what_dciodvfy_does_not_see_is_right_too(shown: Objects, pictures: dict[str, Stored]) -> None:
    for name, stored in pictures.items():
        check_segmentation(shown[f"segmentation of a {name}"], stored.path)
        check_presentation(shown[f"presentation of a {name}"], stored.path)
        for labelled in stored.frames:
            check_copy(shown[f"copy of {name} {labelled.frame}"], stored.path)
    known = {path.stem for path in shown.values()} | {stored.path.stem for stored in pictures.values()}
    check_selection(shown["selection"], known)


def test_dcmdump_reads_each_to_its_end(shown: Objects) -> None:
    for path in shown.values():
        assert path.stem in run("dcmdump", path).stdout


def test_the_objects_agree_on_patient_study_and_series(shown: Objects, pictures: dict[str, Stored]) -> None:
    done = run("dcentvfy", *shown.values(), *(stored.path for stored in pictures.values()))
    assert "Error" not in done.stdout + done.stderr


@pytest.mark.requirement("S20")
def test_highdicom_finds_each_label_on_its_own_frame(shown: Objects, pictures: dict[str, Stored]) -> None:
    from highdicom import seg

    clip = pictures["clip"]
    theirs = seg.segread(shown["segmentation of a clip"])
    numbers = list(range(1, 13))
    pixels = theirs.get_pixels_by_source_frame(clip.item.sop_instance_uid, numbers)
    there = {(labelled.frame, f.tracking_uid) for labelled in clip.frames for f in labelled.findings}
    for segment in theirs.segment_numbers:
        uid = theirs.get_segment_description(segment).tracking_uid
        on = np.flatnonzero(pixels[:, :, :, segment - 1].any(axis=(1, 2)))
        assert on.tolist() == [frame for frame in range(12) if (frame, uid) in there]
    for labelled, of_frame in zip(clip.frames, pixels, strict=True):
        for label in labelled.findings:
            if label.kind != "vessel":
                continue
            found = theirs.get_segment_numbers(tracking_uid=label.tracking_uid)
            mask = mask_of(label.shape, COLUMNS, ROWS)  # type: ignore[arg-type]
            assert len(found) == (1 if mask.pixels else 0)
            for segment in found:
                assert np.count_nonzero(of_frame[:, :, segment - 1]) == mask.pixels


def test_highdicom_reads_the_areas_of_a_still(shown: Objects, pictures: dict[str, Stored]) -> None:
    from highdicom import seg

    path = shown["segmentation of a still"]
    pixels = seg.segread(path).get_pixels_by_source_instance([pictures["still"].item.sop_instance_uid])
    ours = read_segmentation(path)
    assert [(pixels[0, :, :, n] == s.bits).all() for n, s in enumerate(ours)] == [True] * 3


def test_dcmtk_draws_each_copy_as_we_do(shown: Objects, tmp_path: Path) -> None:
    for name in ("copy of still 0", "copy of clip 3"):
        run("dcmj2pnm", shown[name], tmp_path / "drawn.ppm")
        theirs = cv2.imread(str(tmp_path / "drawn.ppm"))
        with OpenedImage(shown[name]) as image:
            ours = image.frame(0)
        assert theirs is not None and theirs.shape == ours.shape
        assert np.abs(theirs.astype(int) - ours).mean() < 3


def test_dcmdump_reads_the_captions_in_every_script(shown: Objects) -> None:
    told = run("dcmdump", "+L", shown["presentation of a still"]).stdout
    for words in ("Ωμέγα 血管 Žíla", "وريد الوجه", "facial artery  1.7 ± 0.2 mm"):
        assert words in told


def test_dsrdump_reads_the_selection(shown: Objects) -> None:
    done = run("dsrdump", shown["selection"])
    assert "Of Interest" in done.stdout and "E: " not in done.stderr
    assert done.stdout.count("contains IMAGE") == 2 + 13
    assert done.stdout.count("contains COMPOSITE") == 1


def test_orthanc_stores_each_and_gives_the_same_bytes_back(orthanc: Orthanc, shown: Objects) -> None:
    for name, path in shown.items():
        answer = json.loads(orthanc.rest("/instances", path.read_bytes()))
        assert answer["Status"] in ("Success", "AlreadyStored"), name
        assert orthanc.rest(f"/instances/{answer['ID']}/file") == path.read_bytes(), name


SEGMENTATION_FAULTS = {
    "a frame of a picture that is not its source": lambda d: setattr(
        d.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0].SourceImageSequence[0],
        "ReferencedSOPInstanceUID",
        "2.25.9",
    ),
    "a frame that the picture has not": lambda d: setattr(
        d.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0].SourceImageSequence[0],
        "ReferencedFrameNumber",
        13,
    ),
    "one bit too few": lambda d: setattr(d, "PixelData", d.PixelData[:-2]),
    "another size than its picture": lambda d: setattr(d, "Columns", 160),
    "one tracking UID for two segments": lambda d: setattr(
        d.SegmentSequence[1], "TrackingUID", d.SegmentSequence[0].TrackingUID
    ),
    "an empty frame": lambda d: setattr(
        d, "PixelData", bytes(COLUMNS * ROWS // 8) + d.PixelData[COLUMNS * ROWS // 8 :]
    ),
}


@pytest.mark.parametrize("fault", SEGMENTATION_FAULTS)
def test_our_own_checks_of_segmentations_see_what_dciodvfy_does_not(
    shown: Objects, pictures: dict[str, Stored], tmp_path: Path, fault: str
) -> None:
    dataset = dcmread(shown["segmentation of a clip"])
    SEGMENTATION_FAULTS[fault](dataset)
    path = tmp_path / "wrong.dcm"
    dataset.save_as(path)
    with pytest.raises(AssertionError):
        check_segmentation(path, pictures["clip"].path)


def _first_reference(dataset: Dataset) -> Dataset:
    return cast(Dataset, dataset.GraphicAnnotationSequence[0].ReferencedImageSequence[0])


OTHER_FAULTS = {
    "a drawing on a frame that is not there": lambda d: setattr(_first_reference(d), "ReferencedFrameNumber", 99),
    "a drawing on another picture": lambda d: setattr(_first_reference(d), "ReferencedSOPInstanceUID", "2.25.9"),
    "a drawing beyond the picture": lambda d: setattr(
        d.GraphicAnnotationSequence[0].GraphicObjectSequence[0],
        "GraphicData",
        [0.0, 0.0, 5000.0, 1.0, 2.0, 2.0, 3.0, 3.0],
    ),
    "a display profile": lambda d: setattr(d, "ICCProfile", d.ICCProfile.replace(b"scnr", b"mntr")),
    "a copy of another frame than it can be": lambda d: setattr(d.SourceImageSequence[0], "ReferencedFrameNumber", 13),
    "a copy that calls itself clean": lambda d: setattr(d, "BurnedInAnnotation", "NO"),
    "a copy that lost less": lambda d: setattr(d, "LossyImageCompressionRatio", [8, 3]),
}


@pytest.mark.parametrize("fault", OTHER_FAULTS)
def test_our_own_checks_of_the_others_see_what_dciodvfy_does_not(
    shown: Objects, pictures: dict[str, Stored], tmp_path: Path, fault: str
) -> None:
    copy = "a copy" in fault
    dataset = dcmread(shown["copy of clip 3" if copy else "presentation of a clip"])
    OTHER_FAULTS[fault](dataset)
    path = tmp_path / "wrong.dcm"
    dataset.save_as(path)
    with pytest.raises(AssertionError):
        (check_copy if copy else check_presentation)(path, pictures["clip"].path)
