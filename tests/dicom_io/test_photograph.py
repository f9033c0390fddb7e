"""Photographs: the camera's picture bit-exact or without further loss, and nothing of what the camera notes beside it."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simplejpeg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from pydicom import dcmread

from devices.jpeg.structure import BrokenJpeg
from dicom_io import DicomError, OpenedImage, Phase, Series
from dicom_io.errors import NotAPhotograph, WrongPicture
from dicom_io.picture.bare_jpeg import bare_jpeg
from dicom_io.picture.camera_picture import CameraPicture, camera_picture
from dicom_io.picture.photograph import PHOTOGRAPH, Taken, View, encode_photograph, read_photograph
from tests.dicom_io.material import STUDY, write
from tests.interop.tools import errors_of_dciodvfy, run

#: Signs that must not be found in an object: where the picture was taken, whose camera it was, what is in its thumbnail.
SECRETS = (b"Secret Street", b"SERIAL-77", b"Somebody's phone", b"THUMB", b"http://ns.adobe.com")
TAKEN = Taken(View.OBLIQUE_LEFT, datetime(2026, 3, 2, 9, 34, tzinfo=UTC), "Maker", "Camera 1", burned_in=False)


def scene(columns: int = 64, rows: int = 48) -> Image.Image:
    across, down = np.meshgrid(np.linspace(0, 255, columns), np.linspace(0, 255, rows))
    return Image.fromarray(np.dstack([across, down, (across + down) / 2]).astype(np.uint8))


def exif(orientation: int = 1) -> Image.Exif:
    notes = scene().getexif()
    notes[0x0112] = orientation
    notes[0x010F], notes[0x0110] = "Maker", "Camera 1"
    notes[0x013B] = "Somebody's phone"
    more = notes.get_ifd(0x8769)
    more[0x9003], more[0x9011], more[0xA431] = "2026:03:02 10:34:00", "+01:00", "SERIAL-77"
    gps = notes.get_ifd(0x8825)
    gps[1], gps[2], gps[0x1D] = "N", (52.0, 30.0, 0.0), "Secret Street"
    return notes


def jpeg(path: Path, orientation: int = 1, behind: bytes = b"", **more: Any) -> Path:
    """A camera's JPEG with all that cameras write into it."""
    out = io.BytesIO()
    scene().save(out, "JPEG", quality=90, exif=exif(orientation), comment=b"Secret Street", **more)
    data = out.getvalue()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>Secret Street</x>"
    thumbnail = b"JFXX\0\x10THUMB"
    for number, content in ((0xE1, xmp), (0xE0, thumbnail), (0xEC, b"SERIAL-77")):
        data = data[:2] + bytes((0xFF, number)) + (len(content) + 2).to_bytes(2, "big") + content + data[2:]
    path.write_bytes(data + behind)
    return path


def stored(picture: CameraPicture, folder: Path, **more: Any) -> Path:
    series = Series(Phase.PRE, 1300, "2.25.77", "L", "nlf", "photographs")
    return write(encode_photograph(picture, TAKEN, STUDY, series, sop_instance_uid="2.25.78", **more), folder)


def seen_by_dcmtk(path: Path) -> np.ndarray[Any, Any]:
    out = path.with_suffix(".ppm")
    run("dcmj2pnm", path, out)
    with Image.open(out) as image:
        return np.array(image)


def test_an_upright_jpeg_is_kept_bit_exact_without_the_camera_s_notes(tmp_path: Path) -> None:
    file = jpeg(tmp_path / "IMG_1.jpg", behind=b"\xff\xd8\xff\xe1THUMB")
    picture = camera_picture(file)
    path = stored(picture, tmp_path)
    with OpenedImage(path) as image:
        kept = image.frame_bytes(0)
        assert (image.frame(0) == simplejpeg.decode_jpeg(file.read_bytes(), "BGR")).all()
    at, end = (file.read_bytes().rindex(b"\xff\xda", 0, -9), file.read_bytes().index(b"\xff\xd9", 700) + 2)
    assert kept.endswith(file.read_bytes()[at:end]), "the coded picture, byte for byte"
    whole = path.read_bytes()
    assert not [secret for secret in SECRETS if secret in whole] and b"Exif" not in whole and b"IMG_1" not in whole
    said = dcmread(path)
    assert hashlib.sha256(file.read_bytes()).hexdigest() in said.ImageComments
    assert said.ContributingEquipmentSequence[0].ContributionDescription.startswith("Left out ")
    assert (said.LossyImageCompression, said.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    assert picture.taken_at == datetime(2026, 3, 2, 10, 34, tzinfo=timezone(timedelta(hours=1)))
    assert (picture.maker, picture.model) == ("Maker", "Camera 1")


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_a_turned_picture_stands_upright_and_loses_nothing(tmp_path: Path, orientation: int, kind: str) -> None:
    file = tmp_path / f"turned.{kind}"
    if kind == "jpg":
        jpeg(file, orientation)
        plain = Image.fromarray(simplejpeg.decode_jpeg(file.read_bytes(), "RGB"))
    else:
        plain = scene()
        plain.save(file, exif=exif(orientation))
    plain.getexif()[0x0112] = orientation
    upright = np.array(ImageOps.exif_transpose(plain))
    picture = camera_picture(file)
    with OpenedImage(stored(picture, tmp_path)) as image:
        assert (image.frame(0)[:, :, ::-1] == upright).all()
        assert (image.header.Columns, image.header.Rows) == (upright.shape[1], upright.shape[0])
    assert (dcmread(image.path).pixel_array == upright).all(), "as pydicom decodes it"
    assert not picture.bit_exact and f"orientation {orientation}" in picture.done[-1]


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA"])
def test_a_png_s_pixels_come_back(tmp_path: Path, mode: str) -> None:
    plain = scene().convert(mode)
    plain.save(tmp_path / "a.png")
    path = stored(camera_picture(tmp_path / "a.png"), tmp_path)
    with OpenedImage(path) as image:
        assert (image.frame(0)[:, :, ::-1] == np.array(plain.convert("RGB"))).all()
    assert dcmread(path).LossyImageCompression == "", "no loss is known, and none is denied"


@pytest.mark.parametrize(
    "how", [{"progressive": True}, {"subsampling": 0}, {"subsampling": 2}, {"icc_profile": b"P" * 71}]
)
def test_jpegs_of_every_kind_look_as_they_did(tmp_path: Path, how: dict[str, Any]) -> None:
    file = jpeg(tmp_path / "a.jpg", **how)
    picture = camera_picture(file)
    assert picture.bit_exact == ("progressive" not in how)
    path = stored(picture, tmp_path)
    with OpenedImage(path) as image:
        assert (image.frame(0) == simplejpeg.decode_jpeg(file.read_bytes(), "BGR")).all()
    assert dcmread(path).get("ICCProfile", b"").rstrip(b"\0") == how.get("icc_profile", b"")
    assert errors_of_dciodvfy(path) == []


def test_what_is_said_of_a_photograph_comes_back_and_others_read_it(tmp_path: Path) -> None:
    path = stored(camera_picture(jpeg(tmp_path / "a.jpg")), tmp_path, instance_number=3)
    read = read_photograph(path)
    assert (read.view, read.phase, read.at) == (TAKEN.view, Phase.PRE, TAKEN.at)
    assert (read.maker, read.model, read.burned_in, read.columns, read.rows) == ("Maker", "Camera 1", False, 64, 48)
    said = dcmread(path)
    assert (said.SOPClassUID, said.Modality, said.RecognizableVisualFeatures) == (PHOTOGRAPH, "XC", "YES")
    assert said.AnatomicRegionSequence[0].CodeMeaning == "Skin of nasolabial fold" and said.ImageLaterality == "L"
    assert errors_of_dciodvfy(path) == []
    assert seen_by_dcmtk(path).shape == (48, 64, 3)


def test_dcmtk_shows_a_turned_picture_as_it_was_held(tmp_path: Path) -> None:
    file = jpeg(tmp_path / "a.jpg", orientation=6)
    upright = np.rot90(simplejpeg.decode_jpeg(file.read_bytes(), "RGB"), -1)
    assert (seen_by_dcmtk(stored(camera_picture(file), tmp_path)) == upright).all()


def test_other_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    whole = jpeg(tmp_path / "a.jpg").read_bytes()
    cmyk, deep, clear, plain = (io.BytesIO() for _ in range(4))
    scene().convert("CMYK").save(cmyk, "JPEG")
    Image.fromarray(np.zeros((4, 4), np.uint16)).save(deep, "PNG")
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(clear, "PNG")
    scene().save(plain, "PNG")
    wrong = {
        "is no whole JPEG": whole[: len(whole) // 2],
        "colour components": cmyk.getvalue(),
        "8 bits": deep.getvalue(),
        "transparen": clear.getvalue(),
        "neither a JPEG nor a PNG": b"II*\0",
        "damaged PNG": plain.getvalue()[:90],
    }
    for why, data in wrong.items():
        (tmp_path / "wrong").write_bytes(data)
        with pytest.raises(WrongPicture, match=why):
            camera_picture(tmp_path / "wrong")
    with pytest.raises(DicomError, match="there"):
        camera_picture(tmp_path / "none.jpg")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_is_kept_whole_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(jpeg(tmp_path / "a.jpg", orientation=6).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "b.jpg").write_bytes(bytes(whole))
    try:
        picture = camera_picture(tmp_path / "b.jpg")
    except DicomError:
        return
    with OpenedImage(stored(picture, tmp_path)) as image:
        assert image.frame(0).shape == (picture.rows, picture.columns, 3)
    (tmp_path / "2.25.78.dcm").unlink(missing_ok=True)


@given(st.binary(max_size=200))
def test_no_bytes_are_taken_for_a_jpeg(rest: bytes) -> None:
    with pytest.raises(BrokenJpeg):
        bare_jpeg(b"\xff\xd8" + rest)


def test_another_object_is_no_photograph(tmp_path: Path) -> None:
    path = stored(camera_picture(jpeg(tmp_path / "a.jpg")), tmp_path)
    other = dcmread(path)
    other.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    other.save_as(tmp_path / "other.dcm")
    with pytest.raises(NotAPhotograph):
        read_photograph(tmp_path / "other.dcm")
