"""What a still and a clip say about themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from acquisition.cine import Gap
from annotation.vocabulary import REGIONS
from devices.source import PixelFormat
from dicom_io import EncodedObject, Equipment, Phase, Series, encode_clip, encode_still
from dicom_io.errors import FramesUnreadable, NotEncodable, ScratchFailed, WrongPicture, WrongScale
from dicom_io.picture.still import gap_note
from imaging.scale import Scale
from tests.dicom_io.material import EQUIPMENT, SCALE, SERIES, STUDY, clip, jpeg, jpeg_clip, picture, write, yuyv


def read(item: EncodedObject, folder: Path) -> Dataset:
    return dcmread(write(item, folder))


def comments(dataset: Dataset) -> str:
    return str(dataset.ImageComments)


@pytest.mark.requirement("C5")
def test_patient_study_side_region_and_phase(tmp_path: Path) -> None:
    (item,) = encode_clip(jpeg_clip(tmp_path, 3), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    dataset = read(item, tmp_path)
    assert dataset.PatientName == "Žižková^Анна=山田^太郎"
    assert (dataset.PatientID, dataset.PatientBirthDate, dataset.PatientSex) == ("P-17", "19900203", "F")
    assert dataset.OperatorsName == "Ångström^Åsa"
    assert dataset.AcquisitionDateTime == "20261124093015.250000+0100"
    assert dataset.TimezoneOffsetFromUTC == "+0100"
    assert (dataset.StudyDate, dataset.StudyTime) == ("20261124", "093015.250000")
    assert dataset.ImageLaterality == "R"
    (region,) = dataset.AnatomicRegionSequence
    assert region.CodeMeaning == "Skin of nasolabial fold"
    assert region.AnatomicRegionModifierSequence[0].CodeMeaning == "Right"
    assert dataset.StageCodeSequence[0].CodeMeaning == "Before Procedure"
    assert dataset.SeriesDescription == "pre clip"


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("phase", list(Phase))
def test_each_phase_is_told_in_words_and_code(tmp_path: Path, phase: Phase) -> None:
    series = Series(phase, description="left cheek", laterality="L")
    dataset = read(encode_still(jpeg_clip(tmp_path, 1), STUDY, series, EQUIPMENT, scratch=tmp_path), tmp_path)
    assert dataset.SeriesDescription == f"{phase} left cheek"
    (stage,) = dataset.StageCodeSequence
    assert (stage.CodingSchemeDesignator == "99SONOFILL") == (phase in (Phase.COMPLICATION, Phase.FOLLOWUP))
    assert ("CodingSchemeIdentificationSequence" in dataset) == (stage.CodingSchemeDesignator == "99SONOFILL")


@pytest.mark.parametrize("region", [r.id for r in REGIONS])
@pytest.mark.parametrize("side", ["R", ""])
def test_every_region_has_a_code_and_a_body_part_that_fits_its_side(tmp_path: Path, region: str, side: str) -> None:
    series = Series(Phase.PRE, region=region, laterality=side)  # type: ignore[arg-type]
    item = encode_still(jpeg_clip(tmp_path, 1, 64, 48), STUDY, series, EQUIPMENT, scratch=tmp_path)
    dataset = read(item, tmp_path)
    assert len(dataset.AnatomicRegionSequence[0].CodeValue) <= 16
    if not side:
        assert dataset.BodyPartExamined not in ("CHEEK", "ZYGOMA")
        assert "ImageLaterality" not in dataset


def test_a_region_that_the_vocabulary_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotEncodable, match="no region 'elbow'"):
        encode_still(jpeg_clip(tmp_path, 1), STUDY, Series(Phase.PRE, region="elbow"), EQUIPMENT, scratch=tmp_path)


def test_the_probe_made_the_picture_and_the_grabber_and_the_program_contributed(tmp_path: Path) -> None:
    dataset = read(encode_still(jpeg_clip(tmp_path, 1), STUDY, SERIES, EQUIPMENT, scratch=tmp_path), tmp_path)
    assert (dataset.Manufacturer, dataset.ManufacturerModelName) == ("Sonofill", "simulated portable")
    grabber, program = dataset.ContributingEquipmentSequence
    assert (grabber.Manufacturer, grabber.ManufacturerModelName, grabber.DeviceSerialNumber) == (
        "Acme", "HDMI grabber", "G-9",
    )  # fmt: skip
    assert (program.ManufacturerModelName, program.SoftwareVersions) == ("sonofill workstation", "0.1.0")


def test_what_is_not_known_of_a_probe_is_empty_and_not_the_word_unknown(tmp_path: Path) -> None:
    nobody = Equipment("unknown", "unknown", "unknown", "unknown", "grabber", "unknown", "0.1.0", simulated=True)
    dataset = read(encode_still(jpeg_clip(tmp_path, 1), STUDY, SERIES, nobody, scratch=tmp_path), tmp_path)
    assert dataset.Manufacturer == ""
    assert "ManufacturerModelName" not in dataset
    assert "DeviceSerialNumber" not in dataset
    assert "Simulated picture, of no person." in comments(dataset)


def test_inserted_tables_and_cut_bytes_are_said(tmp_path: Path) -> None:
    source = jpeg_clip(tmp_path, 4, inserted_tables=True, trailing_bytes=5)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    words = read(item, tmp_path).ContributingEquipmentSequence[1].ContributionDescription
    assert words == (
        "Inserted the standard Huffman tables into 4 of 4 frames that lacked them; "
        "Cut off 20 bytes after the end of the picture in 4 frames; the pictures are unchanged"
    )


@pytest.mark.requirement("N3")
def test_missing_frames_are_said_with_their_places(tmp_path: Path) -> None:
    gaps = (Gap("sequence", 1, 0.1, 2), Gap("sequence", 2, 0.2, 1), Gap("corrupt", -1, 0, 1), Gap("unplugged", 3, 1, 0))
    (item,) = encode_clip(jpeg_clip(tmp_path, 4, gaps=gaps), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    words = comments(read(item, tmp_path))
    assert "Frames lost on the way from the device: 3 (2 after frame 2, 1 after frame 3)." in words
    assert "Frames broken and left out: 1 (1 after frame 0)." in words
    assert "The device was unplugged." in words


def test_ten_thousand_gaps_stay_within_a_long_text(tmp_path: Path) -> None:
    gaps = tuple(Gap("sequence", i, i / 30, 1) for i in range(10_000))
    assert len(gap_note(gaps)) <= 10240
    (item,) = encode_clip(jpeg_clip(tmp_path, 2, gaps=gaps), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    words = comments(read(item, tmp_path))
    assert "Frames lost on the way from the device: 10000 (" in words
    assert len(words) <= 10240


def test_regions_are_in_centimetres_and_their_corners_inside(tmp_path: Path) -> None:
    second = Scale(0.1, 0.1, (300, 0, 320, 240), "screen-ruler", 0.05)
    item = encode_still(
        jpeg_clip(tmp_path, 1), STUDY, SERIES, EQUIPMENT, scales=[SCALE, second], scratch=tmp_path
    )  # fmt: skip
    dataset = read(item, tmp_path)
    one, two = dataset.SequenceOfUltrasoundRegions
    assert one.PhysicalDeltaX == pytest.approx(0.008)
    assert one.PhysicalDeltaY == pytest.approx(0.0079)
    assert [one[f"RegionLocation{c}"].value for c in ("MinX0", "MinY0", "MaxX1", "MaxY1")] == [100, 20, 299, 219]
    assert (two.RegionLocationMaxX1, two.RegionLocationMaxY1) == (319, 239)
    assert "Scale: profile, ±3 % (95 %); screen-ruler, ±5 % (95 %)." in comments(dataset)
    assert "PixelSpacing" not in dataset


def test_without_a_scale_there_is_no_region_and_the_comment_says_so(tmp_path: Path) -> None:
    dataset = read(encode_still(jpeg_clip(tmp_path, 1), STUDY, SERIES, EQUIPMENT, scratch=tmp_path), tmp_path)
    assert "SequenceOfUltrasoundRegions" not in dataset
    assert "Scale: not known." in comments(dataset)


def test_a_scale_beyond_the_picture_is_refused(tmp_path: Path) -> None:
    beyond = replace(SCALE, box=(0, 0, 321, 240))
    with pytest.raises(WrongScale, match=r"\[0, 0, 321, 240\] reaches beyond the picture of 320x240"):
        encode_still(jpeg_clip(tmp_path, 1), STUDY, SERIES, EQUIPMENT, scales=[beyond], scratch=tmp_path)


def test_a_colour_jpeg_is_lossy_by_its_own_size_and_stays_an_original(tmp_path: Path) -> None:
    source = jpeg_clip(tmp_path, 5)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    dataset = read(item, tmp_path)
    assert dataset.PhotometricInterpretation == "YBR_FULL_422"
    assert (dataset.LossyImageCompression, dataset.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    stored = sum(frame.length for frame in source.frames)
    assert float(dataset.LossyImageCompressionRatio) == pytest.approx(320 * 240 * 3 * 5 / stored, abs=1e-4)
    assert list(dataset.ImageType)[:2] == ["ORIGINAL", "PRIMARY"]
    assert dataset.UltrasoundColorDataPresent == 1


@pytest.mark.parametrize(
    ("pixel_format", "grey", "photometric", "lossy"),
    [
        (PixelFormat.YUYV, False, "YBR_FULL", None),
        (PixelFormat.YUYV, True, "MONOCHROME2", None),
        (PixelFormat.GREY, True, "MONOCHROME2", None),
        (PixelFormat.BGR24, False, "RGB", "01"),
    ],
)
def test_raw_pictures(
    tmp_path: Path, pixel_format: PixelFormat, grey: bool, photometric: str, lossy: str | None
) -> None:
    payload = {
        PixelFormat.YUYV: yuyv(64, 48, grey=grey),
        PixelFormat.GREY: picture(64, 48)[:, :, 0].tobytes(),
        PixelFormat.BGR24: picture(64, 48).tobytes(),
    }[pixel_format]
    source = clip(tmp_path / "s", [payload, payload], 64, 48, pixel_format)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    dataset = read(item, tmp_path)
    assert item.transfer_syntax_uid == "1.2.840.10008.1.2.5"
    assert dataset.PhotometricInterpretation == photometric
    assert dataset.get("PlanarConfiguration") == (None if grey else 1)
    assert dataset.get("LossyImageCompression") == lossy
    assert dataset.UltrasoundColorDataPresent == (not grey)


def test_one_coloured_sample_in_a_long_grey_clip_keeps_the_colour(tmp_path: Path) -> None:
    frames = [bytearray(yuyv(64, 48, i, grey=True)) for i in range(4)]
    frames[3][-1] = 129
    source = clip(tmp_path / "s", [bytes(f) for f in frames], 64, 48, PixelFormat.YUYV)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    assert read(item, tmp_path).PhotometricInterpretation == "YBR_FULL"


@pytest.mark.parametrize(
    ("payload", "pixel_format", "why"),
    [
        (b"no picture", PixelFormat.MJPEG, "not a whole JPEG"),
        (jpeg(320, 240)[:5000], PixelFormat.MJPEG, "cut short"),
        (jpeg(64, 48), PixelFormat.MJPEG, "64x48 pixels, not 320x240"),
        (b"\x00" * 99, PixelFormat.YUYV, "153600 bytes, this one 99"),
        (b"\x00" * 99, PixelFormat.GREY, "76800 bytes, this one 99"),
    ],
)
def test_frames_that_are_no_pictures_are_refused(
    tmp_path: Path, payload: bytes, pixel_format: PixelFormat, why: str
) -> None:
    source = clip(tmp_path / "s", [payload], 320, 240, pixel_format)
    with pytest.raises(WrongPicture, match=why):
        encode_still(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)


def test_a_jpeg_without_tables_is_refused_because_others_could_not_decode_it(tmp_path: Path) -> None:
    data = jpeg(64, 48)
    at = data.index(b"\xff\xc4")
    while data[at : at + 2] == b"\xff\xc4":
        data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
    source = clip(tmp_path / "s", [data], 64, 48)
    with pytest.raises(WrongPicture, match="Huffman tables"):
        encode_still(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)


def test_a_recording_that_is_gone_is_told(tmp_path: Path) -> None:
    for source in (jpeg_clip(tmp_path / "a", 1), clip(tmp_path / "b", [yuyv(64, 48)], 64, 48, PixelFormat.YUYV)):
        source.frames[0].path.unlink()
        with pytest.raises(FramesUnreadable, match=r"000000\.items cannot be read \(No such file"):
            encode_still(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)


def test_a_scratch_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    source = clip(tmp_path / "s", [yuyv(64, 48)], 64, 48, PixelFormat.YUYV)
    with pytest.raises(ScratchFailed, match="cannot take the pictures"):
        encode_still(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path / "nowhere")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
def test_a_full_scratch_disk_is_told(tmp_path: Path) -> None:
    source = clip(tmp_path / "s", [yuyv(64, 48)], 64, 48, PixelFormat.YUYV)
    (tmp_path / "2.25.1.items").symlink_to("/dev/full")
    with pytest.raises(ScratchFailed, match="No space left"):
        encode_still(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path, sop_instance_uid="2.25.1")


def test_a_still_of_two_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotEncodable, match="has 2"):
        encode_still(jpeg_clip(tmp_path, 2), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
