"""Other people's programs on what we write: dciodvfy judges it, DCMTK dumps and draws it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import pixel_array

from devices.cv import cv2
from devices.source import PixelFormat
from dicom_io import OpenedImage
from tests.dicom_io.material import sha256
from tests.interop.conftest import Written
from tests.interop.own_checks import check_image
from tests.interop.tools import errors_of_dciodvfy, run

Objects = dict[str, Written]


@pytest.mark.requirement("C5")
def test_dciodvfy_finds_no_error_in_any_kind_of_object(objects: Objects) -> None:
    found = {name: errors_of_dciodvfy(made.path) for name, made in objects.items()}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_dciodvfy_is_a_judge_that_does_find_errors(objects: Objects, tmp_path: Path) -> None:
    dataset = dcmread(objects["clip colour JPEG"].path)
    del dataset.BodyPartExamined, dataset.ImageLaterality
    dataset.FrameTime = 33
    dataset.save_as(tmp_path / "wrong.dcm")
    assert len(errors_of_dciodvfy(tmp_path / "wrong.dcm")) >= 2


def test_what_dciodvfy_does_not_see_is_right_too(objects: Objects) -> None:
    for made in objects.values():
        if made.clip is not None:
            check_image(made.path)


def test_dcmdump_reads_every_object_to_its_end(objects: Objects) -> None:
    for made in objects.values():
        assert made.item.sop_instance_uid in run("dcmdump", made.path).stdout


def test_dcmtk_draws_what_was_sent(objects: Objects, tmp_path: Path) -> None:
    for name, made in objects.items():
        if made.clip is None:
            continue
        drawn = tmp_path / f"{name}.ppm"
        last = made.item.number_of_frames
        run("dcmj2pnm", "+F", last, made.path, drawn)
        theirs = cv2.imread(str(drawn))
        with OpenedImage(made.path) as image:
            ours = image.frame(last - 1)
        assert theirs is not None
        assert theirs.shape == ours.shape, name
        # Decoders differ in their inverse transform and in how they spread chroma; a swapped or shifted colour is tens off.
        assert np.abs(theirs.astype(int) - ours).mean() < 3, name


@pytest.mark.requirement("N3")
def test_frames_are_byte_for_byte_what_the_device_sent(objects: Objects) -> None:
    made = objects["clip colour JPEG"]
    assert made.clip is not None
    sent = [made.clip.payload(i) for i in range(len(made.clip.frames))]
    assert {len(data) % 2 for data in sent} == {0, 1}
    dataset = dcmread(made.path)
    stored = list(generate_frames(dataset.PixelData, number_of_frames=len(sent)))
    assert [data + b"\x00" * (len(data) % 2) for data in sent] == stored
    with OpenedImage(made.path) as image:
        assert [sha256(image.frame_bytes(i)) for i in range(len(sent))] == [sha256(data) for data in sent]


@pytest.mark.requirement("N3")
@pytest.mark.parametrize("name", ["clip YUYV", "clip grey YUYV", "clip GREY", "clip BGR24"])
def test_raw_pictures_come_back_byte_for_byte_through_pydicom(objects: Objects, name: str) -> None:
    made = objects[name]
    assert made.clip is not None
    pixels = pixel_array(made.path, raw=True)
    for index in range(len(made.clip.frames)):
        sent = np.frombuffer(made.clip.payload(index), np.uint8)
        frame = pixels[index]
        match made.clip.stream.pixel_format:
            case PixelFormat.YUYV if frame.ndim == 2:
                assert (sent[0::2] == frame.ravel()).all()
                assert (sent[1::2] == 128).all()
            case PixelFormat.YUYV:
                pairs = sent.reshape(frame.shape[0], -1, 4)
                assert (frame[:, 0::2, 0] == pairs[:, :, 0]).all()
                assert (frame[:, 1::2, 0] == pairs[:, :, 2]).all()
                assert (frame[:, 0::2, 1] == pairs[:, :, 1]).all()
                assert (frame[:, 0::2, 2] == pairs[:, :, 3]).all()
            case PixelFormat.BGR24:
                assert (frame[:, :, ::-1].ravel() == sent).all()
            case _:
                assert (frame.ravel() == sent).all()


def test_dcmdump_tells_the_same_time_as_the_clock(objects: Objects) -> None:
    made = objects["clip colour JPEG"]
    assert made.clip is not None
    vector = run("dcmdump", "+L", "+P", "0018,1065", made.path).stdout.split("[")[1].split("]")[0]
    times = made.clip.timestamps_ns
    assert sum(map(float, vector.split("\\"))) == pytest.approx((times[-1] - times[0]) / 1e6, abs=0.11)


def test_dsrdump_reads_the_report_in_every_script(objects: Objects) -> None:
    done = run("dsrdump", objects["report"].path)
    for words in (
        "facial artery",
        "Ωμέγα 血管 Žíla",
        "Åsa Лена 山田",
        "Imaging Measurement Report",
        "CIRCLE",
        "POLYLINE",
    ):
        assert words in done.stdout, words
    assert "E: " not in done.stderr


def test_highdicom_finds_the_findings_in_the_report(objects: Objects) -> None:
    from highdicom import sr

    report = sr.srread(objects["report"].path)
    groups = report.content.get_planar_roi_measurement_groups()
    assert len(groups) == 6
    arteries = report.content.get_planar_roi_measurement_groups(
        finding_type=sr.CodedConcept("23074001", "SCT", "Facial artery")
    )
    assert [group.roi.graphic_type.value for group in arteries] == ["POLYLINE"], "an ellipse as its outline"
    (length,) = groups[5].get_measurements()
    assert (length.value, length.unit.value) == (2.268, "mm")
    assert len(report.content.get_image_measurement_groups()) == 2


FAULTS = {
    "one time too few": lambda d: setattr(d, "FrameTimeVector", list(d.FrameTimeVector)[:-1]),
    "first time not zero": lambda d: setattr(d, "FrameTimeVector", [33, *list(d.FrameTimeVector)[1:]]),
    "a region beyond the picture": lambda d: setattr(d.SequenceOfUltrasoundRegions[0], "RegionLocationMaxX1", 320),
    "millimetres in a field of centimetres": lambda d: setattr(d.SequenceOfUltrasoundRegions[0], "PhysicalDeltaX", 0.8),
    "another unit": lambda d: setattr(d.SequenceOfUltrasoundRegions[0], "PhysicalUnitsXDirection", 99),
    "never lossy": lambda d: setattr(d, "LossyImageCompression", "00"),
    "another ratio": lambda d: setattr(d, "LossyImageCompressionRatio", 3),
    "no start of image": lambda d: setattr(d, "PixelData", d.PixelData.replace(b"\xff\xd8\xff", b"\xff\x00\xff", 1)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_our_own_checks_see_what_dciodvfy_does_not(objects: Objects, tmp_path: Path, fault: str) -> None:
    dataset = dcmread(objects["clip colour JPEG"].path)
    FAULTS[fault](dataset)
    path = tmp_path / "wrong.dcm"
    dataset.save_as(path)
    assert errors_of_dciodvfy(path) == [], "dciodvfy sees it by now"
    with pytest.raises(AssertionError):
        check_image(path)


def test_the_objects_of_a_study_agree_on_patient_study_and_series(objects: Objects) -> None:
    done = run("dcentvfy", *(made.path for made in objects.values()))
    assert "Error" not in done.stdout + done.stderr
