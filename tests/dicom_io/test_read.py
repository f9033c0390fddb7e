"""Reading pictures back: our own and other makers'."""

from __future__ import annotations

import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from pydicom import dcmread, examples
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless
from xxhash import xxh3_64_intdigest

from acquisition.cine import Clip, FileRange
from devices.source import PixelFormat
from dicom_io import OpenedClip, OpenedImage, encode_clip, encode_still
from dicom_io.errors import CannotOpen, NoSuchFrame, NotDicom, NotUltrasound, UnreadablePixels
from tests.dicom_io.material import EQUIPMENT, SCALE, SERIES, STUDY, clip, jpeg_clip, picture, times_ns, write


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    (item,) = encode_clip(jpeg_clip(tmp_path, 6), STUDY, SERIES, EQUIPMENT, scales=[SCALE], scratch=tmp_path)
    return write(item, tmp_path)


def rewritten(path: Path, change) -> Path:  # type: ignore[no-untyped-def]
    dataset = dcmread(path)
    change(dataset)
    dataset.save_as(path)
    return path


def test_a_frame_is_the_decoded_jpeg_and_has_its_time(stored: Path) -> None:
    with OpenedImage(stored) as image:
        assert image.number_of_frames == 6
        assert image.timing == "vector"
        assert image.timestamps_s[0] == 0
        assert image.timestamps_s[5] == pytest.approx(5 / 30, abs=0.004)
        for index in (5, 0, 3):
            ours = image.frame(index)
            assert (ours == simplejpeg.decode_jpeg(image.frame_bytes(index), "BGR")).all()
        assert image.started_at is not None
        assert image.started_at.isoformat() == "2026-11-24T09:30:15.250000+01:00"


def test_a_buffer_is_used_again(stored: Path) -> None:
    out = np.empty((240, 320, 3), np.uint8)
    with OpenedImage(stored) as image:
        got = image.frame(2, out)
        assert np.shares_memory(got, out)
        assert (out == image.frame(2)).all()


def test_the_scale_comes_back(stored: Path) -> None:
    with OpenedImage(stored) as image:
        (scale,) = image.scales
    assert scale.box == SCALE.box
    assert scale.mm_per_pixel_x == pytest.approx(SCALE.mm_per_pixel_x)
    assert scale.mm_per_pixel_y == pytest.approx(SCALE.mm_per_pixel_y)
    assert scale.source == "dicom-region"
    assert scale.relative_uncertainty == pytest.approx(SCALE.relative_uncertainty)


def test_regions_that_make_no_sense_are_no_scale(stored: Path) -> None:
    def spoil(dataset) -> None:  # type: ignore[no-untyped-def]
        region = dataset.SequenceOfUltrasoundRegions[0]
        region.RegionLocationMinX0 = 5000

    with OpenedImage(rewritten(stored, spoil)) as image:
        assert image.scales == ()


def test_many_threads_read_at_once(stored: Path) -> None:
    with OpenedImage(stored) as image, ThreadPoolExecutor(4) as pool:
        expected = [image.frame(i) for i in range(6)]
        numbers = [i % 6 for i in range(60)]
        for number, got in zip(numbers, pool.map(image.frame, numbers), strict=True):
            assert (got == expected[number]).all()


@pytest.mark.parametrize("index", [-1, 6])
def test_a_frame_that_is_not_there(stored: Path, index: int) -> None:
    with OpenedImage(stored) as image, pytest.raises(NoSuchFrame, match="has 6 frames"):
        image.frame(index)


@pytest.mark.parametrize("pixel_format", [PixelFormat.GREY, PixelFormat.BGR24, PixelFormat.YUYV])
def test_raw_pictures_are_decoded_as_pydicom_does(tmp_path: Path, pixel_format: PixelFormat) -> None:
    rgb = picture(64, 48)
    grey = rgb[:, :, 0]
    payload = {
        PixelFormat.GREY: grey.tobytes(),
        PixelFormat.BGR24: rgb[:, :, ::-1].tobytes(),
        PixelFormat.YUYV: np.stack([grey, np.where(np.arange(64) % 2, 90, 150) * np.ones((48, 1))], axis=2)
        .astype(np.uint8)
        .tobytes(),
    }[pixel_format]
    source = clip(tmp_path / "s", [payload], 64, 48, pixel_format)
    path = write(encode_still(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path), tmp_path)
    theirs = pixel_array(path)
    with OpenedImage(path) as image:
        ours = image.frame(0)
    expected = np.repeat(theirs[:, :, None], 3, axis=2) if theirs.ndim == 2 else theirs[:, :, ::-1]
    assert np.abs(ours.astype(int) - expected).max() <= 2


def test_without_a_table_the_items_are_walked(stored: Path) -> None:
    with OpenedImage(stored) as image:
        frames = [image.frame_bytes(i) for i in range(6)]

    def without(dataset) -> None:  # type: ignore[no-untyped-def]
        dataset.PixelData = encapsulate(frames, has_bot=False)

    with OpenedImage(rewritten(stored, without)) as image:
        assert [image.frame_bytes(i) for i in range(6)] == frames


def test_several_fragments_a_frame_are_joined(stored: Path) -> None:
    with OpenedImage(stored) as image:
        frames = [image.frame_bytes(i) for i in range(6)]
    for table in (True, False):

        def broken_up(dataset, table: bool = table) -> None:  # type: ignore[no-untyped-def]
            dataset.PixelData = encapsulate(frames, fragments_per_frame=3, has_bot=table)

        with OpenedImage(rewritten(stored, broken_up)) as image:
            assert [image.frame_bytes(i) for i in range(6)] == frames


def test_a_table_that_lies_is_not_believed(stored: Path) -> None:
    with OpenedImage(stored) as image:
        frames = [image.frame_bytes(i) for i in range(6)]
    raw = bytearray(stored.read_bytes())
    at = raw.index(b"\xe0\x7f\x10\x00OB") + 12 + 8
    struct.pack_into("<I", raw, at + 4 * 5, 999)
    stored.write_bytes(raw)
    with OpenedImage(stored) as image:
        assert [image.frame_bytes(i) for i in range(6)] == frames


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless])
def test_other_encodings(stored: Path, syntax: str) -> None:
    with OpenedImage(stored) as image:
        expected = image.frame(4)

    def decoded(dataset) -> None:  # type: ignore[no-untyped-def]
        dataset.decompress()
        if syntax == RLELossless:
            dataset.compress(RLELossless)
        dataset.file_meta.TransferSyntaxUID = syntax

    dataset = dcmread(stored)
    decoded(dataset)
    dataset.save_as(
        stored,
        implicit_vr=syntax == ImplicitVRLittleEndian,
        little_endian=True,
    )
    with OpenedImage(stored) as image:
        assert image.number_of_frames == 6
        assert np.abs(image.frame(4).astype(int) - expected).mean() < 1.5


def test_time_without_a_vector(stored: Path) -> None:
    def with_time(dataset) -> None:  # type: ignore[no-untyped-def]
        del dataset.FrameTimeVector
        dataset.FrameTime = 40

    with OpenedImage(rewritten(stored, with_time)) as image:
        assert image.timing == "frame time" and image.timestamps_s[5] == pytest.approx(0.2)

    def with_rate(dataset) -> None:  # type: ignore[no-untyped-def]
        del dataset.FrameTime
        dataset.RecommendedDisplayFrameRate = 10

    with OpenedImage(rewritten(stored, with_rate)) as image:
        assert image.timing == "rate" and image.timestamps_s[5] == pytest.approx(0.5)

    def with_nothing(dataset) -> None:  # type: ignore[no-untyped-def]
        del dataset.RecommendedDisplayFrameRate, dataset.CineRate

    with OpenedImage(rewritten(stored, with_nothing)) as image:
        assert image.timing == "assumed"


def test_parts_of_other_clips_are_not_one(stored: Path, tmp_path: Path) -> None:
    other = encode_still(
        jpeg_clip(tmp_path / "o", 1, 64, 48), STUDY, SERIES, EQUIPMENT, scratch=tmp_path
    )  # fmt: skip
    with pytest.raises(NotUltrasound, match="not the parts of one clip"):
        OpenedClip([stored, write(other, tmp_path)])


@pytest.mark.requirement("N1")
def test_a_picture_made_smaller_after_its_region_was_written_has_no_scale() -> None:
    """pydicom's SonoSite example: a region up to column 595 in a picture of 320; its millimetres would be half too small."""
    with OpenedImage(str(examples.get_path("ybr_color"))) as image:
        assert image.scales == ()


# Bad input


def test_a_file_that_is_not_dicom(tmp_path: Path) -> None:
    path = tmp_path / "notes.dcm"
    path.write_bytes(b"not a DICOM file " * 50)
    with pytest.raises(NotDicom, match=r"notes\.dcm is not a DICOM file"):
        OpenedImage(path)
    path.write_bytes(b"")
    with pytest.raises(NotDicom):
        OpenedImage(path)


def test_a_dicom_file_that_is_not_ultrasound() -> None:
    ct = get_testdata_file("CT_small.dcm")
    with pytest.raises(NotUltrasound, match=r"no ultrasound picture \(CT Image Storage\)"):
        OpenedImage(str(ct))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match=r"gone\.dcm cannot be opened \(No such file"):
        OpenedImage(tmp_path / "gone.dcm")
    with pytest.raises(CannotOpen, match="Is a directory"):
        OpenedImage(tmp_path)


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom on values that are cut
def test_a_file_cut_anywhere_gives_one_of_our_errors(stored: Path) -> None:
    whole = stored.read_bytes()
    refused = 0
    for end in [*range(0, 3000, 7), *range(3000, len(whole), len(whole) // 40)]:
        stored.write_bytes(whole[:end])
        try:
            with OpenedImage(stored) as image:
                for index in range(image.number_of_frames):
                    image.frame(index)
        except (NotDicom, NotUltrasound, UnreadablePixels):
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("frames", [7, 10**9])
def test_more_frames_told_than_there_are(stored: Path, frames: int) -> None:
    def boast(dataset) -> None:  # type: ignore[no-untyped-def]
        dataset.NumberOfFrames = frames

    with pytest.raises(UnreadablePixels, match=f"tells {frames} frames"):
        OpenedImage(rewritten(stored, boast))


def test_an_offset_table_longer_than_the_file(stored: Path) -> None:
    raw = bytearray(stored.read_bytes())
    at = raw.index(b"\xe0\x7f\x10\x00OB") + 12
    struct.pack_into("<I", raw, at + 4, 0xFFFFFFF0)
    stored.write_bytes(raw)
    with pytest.raises(UnreadablePixels, match="longer than the file"):
        OpenedImage(stored)


def test_a_frame_that_cannot_be_decoded_is_told_with_its_number(stored: Path) -> None:
    raw = bytearray(stored.read_bytes())
    with OpenedImage(stored) as image:
        at = raw.index(image.frame_bytes(3))
    raw[at + 2 : at + 40] = b"\x00" * 38
    stored.write_bytes(raw)
    with OpenedImage(stored) as image:
        image.frame(2)
        with pytest.raises(UnreadablePixels, match=r"Frame 3 of .* cannot be decoded"):
            image.frame(3)


# Other makers' files


def test_pydicoms_real_examples() -> None:
    with OpenedImage(str(examples.get_path("ybr_color"))) as image:
        assert image.number_of_frames == 30
        assert image.frame(29).shape == (240, 320, 3)
        assert image.timestamps_s[29] > 0.9
    with OpenedImage(str(examples.get_path("rgb_color"))) as image:
        blue, _, red = image.frame(0)[80:100, 60:140].reshape(-1, 3).mean(0)
        assert red > blue + 50  # the power Doppler is orange


@pytest.mark.parametrize("name", ["examples_palette.dcm", "examples_jpeg2k.dcm"])
def test_palettes_and_jpeg_2000(name: str) -> None:
    path = str(get_testdata_file(name))
    with OpenedImage(path) as image:
        ours = image.frame(0)
    dataset = dcmread(path)
    theirs = pixel_array(dataset)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        theirs = apply_color_lut(theirs, dataset) >> 8
    assert (ours[:, :, ::-1] == theirs).all()


def test_big_endian_files_are_refused_with_a_way_on() -> None:
    with pytest.raises(
        UnreadablePixels, match="Explicit VR Big Endian, which cannot be read a frame at a time: convert"
    ):
        OpenedImage(str(get_testdata_file("ExplVR_BigEnd.dcm")))


def test_grey_of_sixteen_bits_and_grey_upside_down(stored: Path) -> None:
    dataset = dcmread(stored)
    levels = np.linspace(0, 4095, 240 * 320).astype("<u2")
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    del dataset.FrameTimeVector, dataset.PlanarConfiguration
    dataset.NumberOfFrames, dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, 1, "MONOCHROME1"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelData = levels.tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.save_as(stored)
    with OpenedImage(stored) as image:
        pixels = image.frame(0)
    assert (pixels[0, 0].tolist(), pixels[-1, -1].tolist()) == ([255] * 3, [0] * 3)


@pytest.mark.skipif(
    sys.platform == "win32", reason="needs a file system with sparse files, which NTFS is not by itself"
)
def test_a_frame_beyond_four_gibibytes(tmp_path: Path) -> None:
    """5000 frames of a megabyte, all but the ends of each a hole in the file."""
    size, count = 1_000_001, 5000
    payload = jpeg_clip(tmp_path, 1).payload(0)
    few = jpeg_clip(tmp_path, 1)
    times = times_ns(count)
    spool = tmp_path / "sparse.items"
    with spool.open("wb") as file:
        for index in range(count):
            at = index * (size + 9)
            file.seek(at)
            file.write(struct.pack("<HHI", 0xFFFE, 0xE000, size + 1) + payload)
            file.seek(at + 8 + size - 2)
            file.write(b"\xff\xd9\x00")
    checksum = xxh3_64_intdigest(payload.ljust(size - 2, b"\0") + b"\xff\xd9")
    common = few.frames[0]._replace(path=spool, length=size, checksum=checksum)
    frames = [common._replace(index=i, offset=i * (size + 9) + 8, timestamp_ns=times[i]) for i in range(count)]
    (item,) = encode_clip(Clip(few.stream, frames), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    head, body, end = item.parts
    assert isinstance(head, bytes)
    assert isinstance(end, bytes)
    assert isinstance(body, FileRange)
    assert body.length > 2**32
    with spool.open("r+b") as file:  # the same file with its header before it would be a copy of holes: shift by hand
        stored = tmp_path / "large.dcm"
        with stored.open("wb") as out:
            out.write(head)
            for index in (0, count // 2, count - 1):
                file.seek(index * (size + 9))
                out.seek(len(head) + index * (size + 9))
                out.write(file.read(size + 9))
            out.seek(len(head) + body.length)
            out.write(end)
    with OpenedImage(stored) as image:
        assert len(image.header.ExtendedOffsetTable) == 8 * count
        for index in (0, count // 2, count - 1):
            assert image.frame_bytes(index).startswith(payload)


def test_without_pread_as_on_windows(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenedImage(stored) as image:
        expected = [image.frame_bytes(i) for i in range(6)]
    monkeypatch.delattr("os.pread")
    with OpenedImage(stored) as image, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(image.frame_bytes, range(6))) == expected


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom on headers that break the standard
@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("esaote-elbow-nerve.dcm", (555, 800, 3)),
        ("philips-epiq7-aorta.dcm", (768, 1024, 3)),
        ("sonoque_anechoic-3mm-3mm.dcm", (1455, 2083, 3)),
    ],
)
def test_real_probes_files(screens: Path, name: str, shape: tuple[int, ...]) -> None:
    with OpenedImage(screens / name) as image:
        pixels = image.frame(0)
        assert pixels.shape == shape
        assert pixels.std() > 5
        assert len(image.scales) == 1


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_scale_of_a_real_probes_file(screens: Path) -> None:
    with OpenedImage(screens / "sonoque_anechoic-3mm-3mm.dcm") as image:
        assert image.scales[0].mm_per_pixel_x == pytest.approx(0.0291, rel=0.01)


def test_a_time_vector_of_one_value_does_not_keep_a_clip_shut(stored: Path) -> None:
    """Some makers write a single interval where one for each frame belongs: it is no vector, the rate speaks."""

    def single(dataset: Dataset) -> None:
        dataset.FrameTimeVector = "33.3"

    with OpenedImage(rewritten(stored, single)) as image:
        assert image.timing == "rate" and image.number_of_frames == 6
        assert image.timestamps_s[5] == pytest.approx(5 / 30, abs=0.01)
