"""Every kind of object that the program writes, once; and a real PACS."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from acquisition.cine import Clip, Gap
from annotation import Document, Ellipse, Finding, ImageNote, Line, Point, Polyline, measurements
from devices.source import PixelFormat
from dicom_io import EncodedObject, Phase, Series, encode_clip, encode_report, encode_still, new_uid
from tests.dicom_io.material import (
    EQUIPMENT,
    SCALE,
    SERIES,
    STUDY,
    clip,
    jpeg,
    jpeg_clip,
    picture,
    write,
    yuyv,
)
from tests.dicom_io.test_printed import PRINTED
from tests.interop.tools import tool

COLUMNS, ROWS = 320, 240


@dataclass(frozen=True)
class Written:
    """An object, its file, and the clip that it was made of (a report has none)."""

    item: EncodedObject
    path: Path
    clip: Clip | None = None


def _image(item: EncodedObject, source: Clip, folder: Path) -> Written:
    return Written(item, write(item, folder), source)


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """Name to object: clips and stills of every pixel format, one in parts, and a report on two of them."""
    folder = tmp_path_factory.mktemp("objects")
    gaps = (Gap("sequence", 3, 0.13, 2), Gap("corrupt", 5, 0.2, 1), Gap("time", 7, 0.3, 1))
    clips = {
        "colour JPEG": jpeg_clip(folder / "jpeg", 12, gaps=gaps, frames_per_segment=5),
        "grey JPEG": clip(
            folder / "grey-jpeg", [jpeg(COLUMNS, ROWS, i, "Gray") for i in range(3)], COLUMNS, ROWS, inserted_tables=True
        ),
        "4:2:0 JPEG": clip(folder / "420", [jpeg(COLUMNS, ROWS, i, "420") for i in range(3)], COLUMNS, ROWS),
        "YUYV": clip(
            folder / "yuyv", [yuyv(COLUMNS, ROWS, i) for i in range(3)], COLUMNS, ROWS, PixelFormat.YUYV
        ),
        "grey YUYV": clip(
            folder / "gyuyv", [yuyv(COLUMNS, ROWS, i, grey=True) for i in range(3)], COLUMNS, ROWS, PixelFormat.YUYV
        ),
        "GREY": clip(
            folder / "grey", [picture(COLUMNS, ROWS, i)[:, :, 0].tobytes() for i in range(3)], COLUMNS, ROWS,
            PixelFormat.GREY,
        ),
        "BGR24": clip(
            folder / "bgr", [picture(COLUMNS, ROWS, i)[:, :, ::-1].tobytes() for i in range(3)], COLUMNS, ROWS,
            PixelFormat.BGR24,
        ),
    }  # fmt: skip
    made: dict[str, Written] = {}
    for number, (name, source) in enumerate(clips.items(), start=1):
        phase = list(Phase)[number % 5]
        region, side = [("nlf", "R"), ("mala", ""), ("", ""), ("tear", "B"), ("glab", "L"), ("nose", ""), ("jaw", "")][
            number - 1
        ]
        series = Series(phase, number=number, laterality=side, region=region, description=f"{phase} clip")  # type: ignore[arg-type]
        scales = [SCALE] if number % 2 else []
        printed = PRINTED if number % 2 else []
        (item,) = encode_clip(source, STUDY, series, EQUIPMENT, scales=scales, printed=printed, scratch=folder)
        made[f"clip {name}"] = _image(item, source, folder)
        still = source.still(1)
        item = encode_still(
            *(still, STUDY, series, EQUIPMENT), scales=scales, printed=printed, instance_number=2, scratch=folder
        )
        made[f"still {name}"] = _image(item, still, folder)
    long = jpeg_clip(folder / "long", 12)
    parts = encode_clip(long, STUDY, SERIES, EQUIPMENT, scales=[SCALE], scratch=folder, longest_vector_characters=30)
    made |= {f"part {n}": _image(part, long, folder) for n, part in enumerate(parts)}
    one = jpeg_clip(folder / "one", 1)
    (item,) = encode_clip(one, STUDY, SERIES, EQUIPMENT, scratch=folder)
    made["clip of one frame"] = _image(item, one, folder)
    images = [made["clip colour JPEG"].item, made["still colour JPEG"].item]
    document = report_document(*(image.sop_instance_uid for image in images))
    report = encode_report(
        document,
        STUDY,
        Series(Phase.PRE, number=1000, description="pre labels"),
        images,
        scales={images[0].sop_instance_uid: [SCALE]},
        sop_instance_uid=new_uid(),
        software_version="0.1.0",
    )
    made["report"] = Written(report, write(report, folder))
    return made


def report_document(clip_uid: str, still_uid: str) -> Document:
    """One finding of each kind and shape, in scripts that are not Latin, and two notes."""

    def found(**facts: object) -> Finding:
        taken = measurements(facts["shape"], SCALE if facts.get("scale", True) else None)  # type: ignore[arg-type]
        facts.pop("scale", None)
        return Finding.model_validate({"by": "Åsa Лена 山田", "image": clip_uid, "measurements": taken, **facts})

    return Document(
        findings=(
            found(kind="vessel", vessel_kind="artery", term="fa", name="facial artery", frame=3,
                  shape=Ellipse.around((150.3, 100.7), (20, 11), 30)),
            found(kind="vessel", vessel_kind="unknown", name="Ωμέγα 血管 Žíla", frame=9,
                  shape=Polyline(vertices=((101.1, 50.2), (150, 60), (120, 90)), closed=True)),
            found(kind="vessel", vessel_kind="vein", name="", by=r"a\b=c^", scale=False,
                  shape=Polyline(vertices=((101.1, 50.2), (150, 60), (120, 90)))),
            found(kind="layer", term="smas", name="SMAS", shape=Polyline(vertices=((0.1, 0.2), (150, 60), (120, 90)))),
            found(kind="point", term="gonion", name="gonion", shape=Point(at=(150, 60))),
            found(kind="distance", image=still_uid, shape=Line(start=(150, 60), end=(170.33, 80))),
            found(kind="distance", status="suggested", shape=Line(start=(150, 60), end=(17, 80))),
        ),
        notes=(
            ImageNote(image=clip_uid, frame=2, plane="transverse", landmark="antegonial-notch"),
            ImageNote(image=still_uid, plane="oblique"),
        ),
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass(frozen=True)
class Orthanc:
    """A running Orthanc: REST on `url`, DICOM on `dicom_port` as 'ORTHANC'."""

    url: str
    dicom_port: int

    def rest(self, path: str, data: bytes | None = None) -> bytes:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=data), timeout=20) as answer:
            return bytes(answer.read())

    def find(self, sop_instance_uid: str) -> str:
        """Orthanc's own id of an instance."""
        (found,) = json.loads(self.rest("/tools/lookup", sop_instance_uid.encode()))
        return str(found["ID"])


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    program = tool("Orthanc")
    folder = tmp_path_factory.mktemp("orthanc")
    http_port, dicom_port = free_port(), free_port()
    settings = {
        "Name": "sonofill-test",
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "Plugins": [],
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "HttpPort": http_port,
        "HttpServerEnabled": True,
        "DicomServerEnabled": True,
        "DicomPort": dicom_port,
        "DicomAet": "ORTHANC",
        "DicomAlwaysAllowStore": True,
        "DicomCheckCalledAet": False,
    }
    (folder / "orthanc.json").write_text(json.dumps(settings))
    log = (folder / "log").open("wb")
    process = subprocess.Popen([program, str(folder / "orthanc.json")], stdout=log, stderr=log, cwd=folder)
    server = Orthanc(f"http://127.0.0.1:{http_port}", dicom_port)
    try:
        give_up = time.monotonic() + 30
        while True:
            try:
                server.rest("/system")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < give_up, (folder / "log").read_text()
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(20)
        log.close()
