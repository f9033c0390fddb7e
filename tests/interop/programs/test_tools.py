"""What programs of the command line and a PACS make of each object."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.pixels.utils import pixel_array

from devices.cv import cv2
from tests.interop.conftest import Orthanc
from tests.interop.programs.material import FRAMES, LABELLED, PATIENT, PDF, TIMES_S, Study
from tests.interop.programs.pictures import same_pictures
from tests.interop.programs.table import Told
from tests.interop.tools import errors_of_dciodvfy, run

Table = Callable[[str, str], Told]
PICTURES = ("still", "split screen", "clip", "copy with labels", "photograph")
REPORTS = ("report", "selection", "rejection note", "record")


def version_of(name: str, option: str = "--version") -> str:
    """The first number with dots in what a program says of itself."""
    done = run(name, option, status=None)
    found = re.search(r"\d+(\.\w+)+", done.stdout + done.stderr)
    return found[0] if found else ""


def times_are(vector_ms: Iterable[float]) -> bool:
    """Whether the steps between frames are the clip's, to the 0.1 ms that the standard's attribute is written in."""
    return np.allclose(np.cumsum(list(vector_ms)) / 1000, TIMES_S, atol=1e-4)


@pytest.mark.requirement("S20")
def test_dcmtk(table: Table, study: Study, tmp_path: Path) -> None:
    told = table("DCMTK", version_of("dcmdump"))
    for thing, path in study.files.items():
        dumped = run("dcmdump", "+L", path).stdout
        opened = path.stem in dumped
        if thing in PICTURES:
            run("dcmj2pnm", "+Fa", path, tmp_path / thing)
            opened &= same_pictures(path, _drawn(tmp_path, thing))
        elif thing in REPORTS:
            opened &= "E: " not in run("dsrdump", path).stderr and "<html" in run("dsr2html", path).stdout
        elif thing == "PDF":
            run("dcm2pdf", path, tmp_path / "out.pdf")
            opened &= (tmp_path / "out.pdf").read_bytes() == PDF
        told.saw(thing, "opens", opened)
        told.saw(thing, "text", all(name in dumped for name in {PATIENT, *study.names_in(thing)}))
        if thing == "clip":
            vector = re.search(r"\(0018,1065\) DS \[([^]]*)\]", dumped)
            told.saw(thing, "time", vector and times_are(map(float, vector[1].split("\\"))))
    said = run("dsrdump", "+Pl", "+Pu", study.files["report"]).stdout
    _, *groups = said.split('"Measurement Group")')
    assert len(groups) == len(study.labels)
    told.saw("report", "length", [_values(g) for g in groups] == [_measured(f) for f in study.labels])
    told.saw("report", "labels", [_place(g) for g in groups] == [study.place_of(f) for f in study.labels])
    selected = re.findall(
        r'IMAGE:=\(USm image,"([^"]+)",([\d,]+)\)', run("dsrdump", "+Pl", "+Pu", study.files["selection"]).stdout
    )
    told.saw("selection", "labels", selected == [(study.clip, ",".join(str(n + 1) for n in LABELLED))])


def _drawn(folder: Path, stem: str) -> list[NDArray[np.uint8]]:
    """The frames that dcmj2pnm wrote, in order."""
    number = re.compile(r"\.(\d+)\.p.m$")
    files = [
        (int(found[1]), path)
        for path in folder.iterdir()
        if path.name.startswith(stem) and (found := number.search(path.name))
    ]
    return [np.asarray(cv2.imread(str(path)), np.uint8) for _, path in sorted(files)]


def _values(group: str) -> set[tuple[str, str]]:
    """The numbers with their units that stand first in a group of dsrdump's: the measurements, not their uncertainties."""
    return set(re.findall(r'<contains NUM:.*="([\d.]+)" \(([^,]+),', group))


def _measured(finding: Any) -> set[tuple[str, str]]:
    units = {"px": "{pixels}", "px2": "{pixels}2"}
    return {(f"{m.value:g}", units.get(m.unit, m.unit)) for m in finding.measurements}


def _place(group: str) -> tuple[str, int | None]:
    found = re.search(r'"Source"\)=\(USm? image,"([^"]+)"(?:,(\d+))?\)', group)
    assert found is not None, group
    return found[1], int(found[2]) if found[2] else None


@pytest.mark.requirement("S20")
def test_dciodvfy(table: Table, study: Study) -> None:
    """It reads an object as the standard has it, and shows none of it. dcentvfy compares all of a study."""
    told = table("dciodvfy", version_of("dciodvfy", "-version"))
    for thing, path in study.files.items():
        told.saw(thing, "opens", errors_of_dciodvfy(path) == [])
    done = run("dcentvfy", *study.files.values(), *study.copies)
    assert "Error" not in done.stdout + done.stderr


def test_gdcm(table: Table, study: Study, tmp_path: Path) -> None:
    told = table("GDCM", version_of("gdcmdump"))
    for thing, path in study.files.items():
        dumped = run("gdcmdump", path).stdout
        opened = path.stem in dumped
        if thing in PICTURES:
            run("gdcmconv", "--raw", path, tmp_path / "raw.dcm")
            frames = pixel_array(tmp_path / "raw.dcm", raw=False)
            opened &= same_pictures(path, frames[..., ::-1].reshape(-1, *frames.shape[-3:]))
        told.saw(thing, "opens", opened)
        told.saw(thing, "text", PATIENT in dumped, "gdcmdump prints no letters but ASCII of a name")
        if thing == "clip":
            vector = re.search(r"\(0018,1065\) DS \[([\d.\\]+)", dumped)
            told.saw(thing, "time", vector and times_are(float(ms) for ms in vector[1].split("\\")))


@pytest.mark.requirement("C5")
def test_orthanc(table: Table, study: Study, orthanc: Orthanc) -> None:
    told = table("Orthanc", version_of("Orthanc"))
    for thing, path in study.files.items():
        number = json.loads(orthanc.rest("/instances", path.read_bytes()))["ID"]
        opened = orthanc.rest(f"/instances/{number}/file") == path.read_bytes()
        if thing in PICTURES:
            count = FRAMES if thing == "clip" else 1
            drawn = (orthanc.rest(f"/instances/{number}/frames/{n}/preview") for n in range(count))
            opened &= same_pictures(
                path, (np.asarray(cv2.imdecode(np.frombuffer(d, np.uint8), cv2.IMREAD_COLOR), np.uint8) for d in drawn)
            )
        elif thing == "PDF":
            opened &= orthanc.rest(f"/instances/{number}/pdf") == PDF
        told.saw(thing, "opens", opened)
        tags = json.loads(orthanc.rest(f"/instances/{number}/simplified-tags"))
        words = json.dumps(tags, ensure_ascii=False)
        told.saw(thing, "text", all(name in words for name in {PATIENT, *study.names_in(thing)}))
        if thing == "clip":
            told.saw(thing, "time", times_are(map(float, tags["FrameTimeVector"].split("\\"))))
