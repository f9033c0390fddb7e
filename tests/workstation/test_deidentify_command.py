"""`archive deidentify` from files to files: no name in a byte, on a picture, in a file's name or in what is printed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import simplejpeg
from PIL import Image, ImageDraw, ImageFont
from pydicom import dcmread

from archive import Archive
from devices.source import PixelFormat
from dicom_io import OpenedImage, encode_clip, encode_still
from dicom_io.deidentify import Pseudonyms, key_in
from dicom_io.picture.camera_picture import camera_picture
from mock_devices import Examination, View
from procedure.demonstration import demonstration
from tests.archive.objects import ultrasound
from tests.dicom_io.material import EQUIPMENT, SCALE, SERIES, STUDY, clip, write
from tests.dicom_io.test_photograph import jpeg, stored
from tests.interop.tools import errors_of_dciodvfy, run
from tests.workstation.test_network_commands import document
from workstation.cli import main

COLUMNS, ROWS, FRAMES, LATE = 640, 480, 6, 3
TISSUE = slice(95, 330), slice(90, 520)
FONT = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 20)
Rgb = npt.NDArray[np.uint8]


def screens() -> list[Rgb]:
    """A simulated probe's screen, which says 'SIM^PATIENT'; a patient's text on it, from the fourth frame on another name."""
    probe = Examination("nlf", "fa", seed=7, size=(COLUMNS, ROWS), style=4)
    made = []
    for number, (picture, _) in enumerate(probe.clip(View(1, "b"), FRAMES / probe.fps)):
        image = Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))
        draw = ImageDraw.Draw(image)
        draw.text((20, 400), "ŽIŽKOVÁ, Anna  ID: P-17", font=FONT, fill=(235, 235, 235))
        if number >= LATE:
            draw.text((380, 440), "Dr. Kowalski", font=FONT, fill=(235, 235, 235))
        made.append(np.asarray(image))
    return made


@dataclass(frozen=True)
class Ran:
    folder: Path
    out: Path
    document: dict[str, Any]
    said: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A clip on which another name appears late, and a still that is stored without loss; de-identified once."""
    folder = tmp_path_factory.mktemp("made")
    source = folder / "Zizkova_Anna"
    source.mkdir()
    frames = screens()
    moving = clip(folder / "c", [bytes(simplejpeg.encode_jpeg(f, 92, "RGB", "422")) for f in frames], COLUMNS, ROWS)
    (item,) = encode_clip(moving, STUDY, SERIES, EQUIPMENT, scales=[SCALE], scratch=folder)
    write(item, source)
    raw = clip(folder / "s", [frames[0][:, :, ::-1].tobytes()], COLUMNS, ROWS, PixelFormat.BGR24)
    write(encode_still(raw, STUDY, SERIES, EQUIPMENT, instance_number=2, scratch=folder), source)
    (source / "Zizkova.txt").write_text("no DICOM")
    return _run(source, folder / "out", folder / "key")


def _run(source: Path, out: Path, key: Path, *more: str) -> Ran:
    import contextlib
    import io

    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        status = main(["archive", "deidentify", str(source), "--out", str(out), "--key", str(key), "--json", *more])
    assert status == 0, complained.getvalue()
    return Ran(source, out, json.loads(said.getvalue()), said.getvalue() + complained.getvalue())


@cache
def _rapidocr() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


def _words(rgb: Rgb) -> str:
    """What RapidOCR's own pipeline, none of our code, reads on a picture."""
    found = _rapidocr()(np.ascontiguousarray(rgb[:, :, ::-1]))
    return " ".join(found.txts or ()).casefold()


@pytest.mark.requirement("N14")
def test_nothing_tells_of_the_patient(ran: Ran) -> None:
    files = [Path(name) for name in ran.document["files"]]
    assert len(files) == 2
    assert ran.document["pixels"]["verified_clean"]
    assert not ran.document["left_out"]
    for path in files:
        assert path.is_file()
        assert not errors_of_dciodvfy(path)
        raw = path.read_bytes()
        for name in ("Žižkov", "Анна", "山田", "Ångström", "P-17", "19900203"):
            assert name.encode() not in raw, name
        assert "zizkova" not in str(path.relative_to(ran.out)).casefold()
        header = dcmread(path, stop_before_pixels=True)
        assert header.BurnedInAnnotation == "NO"
        assert [c.CodeValue for c in header.DeidentificationMethodCodeSequence][:1] == ["113100"]
        assert "113101" in [c.CodeValue for c in header.DeidentificationMethodCodeSequence]
    assert "ižkov" not in ran.said.replace(str(ran.folder.parent), "")
    assert len({dcmread(path, stop_before_pixels=True).PatientID for path in files}) == 1


@pytest.mark.requirement("N14")
def test_an_ocr_that_is_not_ours_reads_no_name_and_the_settings_still(ran: Ran) -> None:
    for path in map(Path, ran.document["files"]):
        with OpenedImage(path) as image:
            for number in {0, image.number_of_frames - 1}:
                words = _words(image.frame(number)[:, :, ::-1])
                for name in ("anna", "kov", "p-17", "dr.", "patient"):
                    assert name not in words, words
                assert "gain" in words, "what a setting says stays"
    (before,) = [p for p in ran.folder.glob("*.dcm") if dcmread(p, stop_before_pixels=True).get("NumberOfFrames")]
    with OpenedImage(before) as image:
        words = _words(image.frame(FRAMES - 1)[:, :, ::-1])
        assert "anna" in words, "the same reader finds it where it is"
        assert "kowalski" in words


@pytest.mark.requirement("N14")
def test_no_pixel_outside_the_boxes_is_another(ran: Ran) -> None:
    told = {one["sop_instance_uid"]: one["boxes"] for one in ran.document["pixels"]["boxes"]}
    by_frames = {}
    for path in ran.folder.glob("*.dcm"):
        image = OpenedImage(path)
        by_frames[image.number_of_frames] = image
    for path in map(Path, ran.document["files"]):
        with OpenedImage(path) as after:
            before = by_frames[after.number_of_frames]
            kept = np.ones((ROWS, COLUMNS), np.bool_)
            for x0, y0, x1, y1 in told[path.stem]:
                kept[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = False
            assert kept[TISSUE].mean() > 0.97, "tissue is covered"
            for number in range(after.number_of_frames):
                assert np.array_equal(before.frame(number)[kept], after.frame(number)[kept])
    for image in by_frames.values():
        image.close()


@pytest.mark.requirement("N14")
def test_a_photograph_goes_along_only_where_somebody_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    stored(camera_picture(jpeg(tmp_path / "face.jpg")), source)
    words = ["archive", "deidentify", str(source), "--key", str(tmp_path / "key"), "--json", "--out"]
    assert main([*words, str(tmp_path / "without")]) == 1, "nothing could be written"
    assert "a face can be known" in capsys.readouterr().err
    assert main([*words, str(tmp_path / "with"), "--photographs"]) == 0
    ran = capsys.readouterr()
    told = json.loads(ran.out)
    assert told["photographs"] == 1 and "whoever knows the face" in ran.err
    (path,) = map(Path, told["files"])
    assert dcmread(path).RecognizableVisualFeatures == "YES"
    raw = path.read_bytes()
    for secret in (b"Secret Street", b"SERIAL-77", b"Somebody", b"Exif"):
        assert secret not in raw
    assert not errors_of_dciodvfy(path)


@pytest.mark.requirement("N14")
def test_a_record_is_printed_from_the_copy_and_tells_of_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encounter = demonstration("normal")
    encounter = replace(encounter, patient=replace(encounter.patient, name="Zwettlova^Eva"))
    source = tmp_path / "source"
    source.mkdir()
    write(document(encounter), source)
    words = ["archive", "deidentify", str(source), "--key", str(tmp_path / "key"), "--json", "--print"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0, capsys.readouterr().err
    (pdf,) = map(Path, json.loads(capsys.readouterr().out)["printed"])
    text = run("pdftotext", "-layout", pdf, "-").stdout
    assert "ANON-" in text
    for name in ("Zwettlova", encounter.patient.patient_id, *(signature.by for signature in encounter.signatures)):
        assert name not in text, name


@pytest.mark.requirement("N14")
def test_the_key_leads_back_and_nothing_else_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = ultrasound()
    with Archive(tmp_path / "archive") as kept:
        kept.put(first)
    key, other = tmp_path / "key", tmp_path / "other"
    pseudonyms = Pseudonyms(key_in(key)[0])
    key_in(other)
    given = [
        pseudonyms.patient("P1"),
        pseudonyms.uid(first.study_instance_uid),
        pseudonyms.uid(first.sop_instance_uid),
    ]
    words = ["archive", "reidentify", *given, "--archive", str(tmp_path / "archive"), "--json", "--key"]
    assert main([*words, str(key)]) == 0
    found = json.loads(capsys.readouterr().out)["found"]
    assert [(one["given"], one["patient_id"], one["study_instance_uid"]) for one in found] == [
        (word, "P1", first.study_instance_uid) for word in given
    ]
    assert [one["sop_instance_uid"] for one in found] == ["", "", first.sop_instance_uid]
    assert main([*words, str(other)]) == 1
    assert json.loads(capsys.readouterr().out) == {"found": [], "unknown": given}
    assert main([*words, str(tmp_path / "none")]) == 1
    assert "There is no key" in capsys.readouterr().err
    assert not (tmp_path / "none").exists(), "a question makes no key"


@pytest.mark.parametrize(
    "where", ["key in the folder", "folder not empty", "folder with the originals", "nothing there"]
)
def test_what_would_do_harm_is_refused(where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out, key = tmp_path / "source", tmp_path / "out", tmp_path / "key"
    for folder in (source, out):
        folder.mkdir()
    (source / "a.dcm").write_bytes(b"x")
    match where:
        case "key in the folder":
            key = out / "key"
        case "folder not empty":
            (out / "other").write_text("x")
        case "folder with the originals":
            out = tmp_path
        case _:
            (source / "a.dcm").unlink()
    assert main(["archive", "deidentify", str(source), "--out", str(out), "--key", str(key)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("sonofill: ")
    assert said.count("\n") == 1
    assert not key.exists() or where == "folder not empty"
