"""A real PACS takes what we write, by both of its doors, and gives the same bytes back."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest
import simplejpeg
from pydicom import dcmread
from pydicom.encaps import generate_frames

from devices.cv import cv2
from dicom_io import encode_clip
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, jpeg_clip, sha256, write
from tests.interop.conftest import Orthanc, Written
from tests.interop.tools import run

Objects = dict[str, Written]


@pytest.mark.requirement("C5")
def test_every_object_goes_in_by_rest_and_comes_back_the_same(orthanc: Orthanc, objects: Objects) -> None:
    for name, made in objects.items():
        answer = json.loads(orthanc.rest("/instances", made.path.read_bytes()))
        assert answer["Status"] in ("Success", "AlreadyStored"), name
        assert orthanc.rest(f"/instances/{answer['ID']}/file") == made.path.read_bytes(), name


@pytest.mark.requirement("C5")
def test_storescu_sends_clips_stills_and_report_and_the_frames_stay_the_same(
    orthanc: Orthanc, objects: Objects
) -> None:
    for name, proposed in (
        ("clip 4:2:0 JPEG", "-xy"),
        ("still grey JPEG", "-xy"),
        ("clip YUYV", "-xr"),
        ("report", "-xe"),
    ):
        made = objects[name]
        answer = json.loads(orthanc.rest("/tools/lookup", made.item.sop_instance_uid.encode()))
        for found in answer:  # the test above may have stored it
            _delete(orthanc, str(found["ID"]))
        run("storescu", "-R", proposed, "-aec", "ORTHANC", "127.0.0.1", orthanc.dicom_port, made.path)
        kept = dcmread(io.BytesIO(orthanc.rest(f"/instances/{orthanc.find(made.item.sop_instance_uid)}/file")))
        assert kept.file_meta.TransferSyntaxUID == made.item.transfer_syntax_uid
        if made.clip is not None:
            sent = dcmread(made.path)
            frames = [
                list(generate_frames(d.PixelData, number_of_frames=made.item.number_of_frames)) for d in (sent, kept)
            ]
            assert [sha256(f) for f in frames[0]] == [sha256(f) for f in frames[1]], name


def test_orthanc_draws_the_frames(orthanc: Orthanc, objects: Objects) -> None:
    made = objects["clip colour JPEG"]
    assert made.clip is not None
    orthanc.rest("/instances", made.path.read_bytes())
    instance = orthanc.find(made.item.sop_instance_uid)
    frames = json.loads(orthanc.rest(f"/instances/{instance}/frames"))
    assert len(frames) == made.item.number_of_frames
    assert orthanc.rest(f"/instances/{instance}/frames/7/raw").rstrip(b"\x00") == made.clip.payload(7)
    png = np.frombuffer(orthanc.rest(f"/instances/{instance}/frames/7/preview"), np.uint8)
    theirs = cv2.imdecode(png, cv2.IMREAD_COLOR)
    ours = simplejpeg.decode_jpeg(made.clip.payload(7), "BGR")
    assert theirs is not None
    assert theirs.shape == ours.shape
    assert np.abs(theirs.astype(int) - ours).mean() < 3


@pytest.mark.requirement("C5")
def test_ten_seconds_last_ten_seconds_in_orthanc_in_dcmtk_and_in_pydicom(orthanc: Orthanc, tmp_path: Path) -> None:
    source = jpeg_clip(tmp_path, 300, 64, 48)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    path = write(item, tmp_path)
    orthanc.rest("/instances", path.read_bytes())
    instance = orthanc.find(item.sop_instance_uid)
    tags = json.loads(orthanc.rest(f"/instances/{instance}/simplified-tags"))
    dumped = run("dcmdump", "+L", path).stdout
    dataset = dcmread(path)
    frames = {
        "Orthanc": int(tags["NumberOfFrames"]),
        "DCMTK": int(re.search(r"\(0028,0008\) IS \[(\d+)", dumped)[1]),  # type: ignore[index]
        "pydicom": int(dataset.NumberOfFrames),
    }
    steps_ms = {
        "Orthanc": orthanc.rest(f"/instances/{instance}/content/0018-1065").decode().rstrip("\0 ").split("\\"),
        "DCMTK": re.search(r"\(0018,1065\) DS \[([^\]]+)", dumped)[1].split("\\"),  # type: ignore[index]
        "pydicom": list(dataset.FrameTimeVector),
    }
    for player, steps in steps_ms.items():
        # The last frame is shown for one mean interval.
        lasts_s = sum(map(float, steps)) / 1000 * frames[player] / (frames[player] - 1)
        assert lasts_s == pytest.approx(10, abs=0.01), player
    for rate in (tags["RecommendedDisplayFrameRate"], tags["CineRate"]):  # what a player without the vector goes by
        assert frames["Orthanc"] / float(rate) == pytest.approx(10, abs=0.01)
    assert float(tags["EffectiveDuration"]) == pytest.approx(10, abs=0.01)


def test_orthanc_shows_the_patient_in_every_script(orthanc: Orthanc, objects: Objects) -> None:
    made = objects["report"]
    orthanc.rest("/instances", made.path.read_bytes())
    tags = json.loads(orthanc.rest(f"/instances/{orthanc.find(made.item.sop_instance_uid)}/simplified-tags"))
    assert tags["PatientName"] == "Žižková^Анна=山田^太郎"


def test_orthanc_refuses_what_is_no_dicom_file(orthanc: Orthanc) -> None:
    with pytest.raises(HTTPError):
        orthanc.rest("/instances", b"no DICOM file at all")


def _delete(orthanc: Orthanc, instance: str) -> None:
    with urlopen(Request(f"{orthanc.url}/instances/{instance}", method="DELETE"), timeout=20):
        pass
