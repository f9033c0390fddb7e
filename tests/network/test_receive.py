"""Our own listening place: studies come in from who is known, byte for byte; the hostile get an answer and nothing more."""

from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydicom import dcmread

from archive import Archive, ObjectRow
from dicom_io import Study, encode_clip
from dicom_io.errors import NetworkError, NotDicom
from dicom_io.network import Node, echo, parse_address
from dicom_io.network.survey import survey
from tests.archive.objects import content, ultrasound
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, jpeg_clip
from tests.interop.tools import run
from tests.network import hostile
from tests.network.servers import data_set_of, free_port
from tests.network.test_store import HASTY, study
from workstation.network.receiving import Receiving
from workstation.network.sending import send_objects

ROOT = Path(__file__).parents[2]


@contextmanager
def receiving(folder: Path, title: str = "SONOFILL") -> Iterator[tuple[Archive, Node]]:
    """A place that lets in CALLER and STORESCU from this machine."""
    with Archive(folder / "received") as archive:
        nodes = [Node("CALLER", "127.0.0.1", 104), Node("STORESCU", "127.0.0.1", 104)]
        place = Receiving(archive, title, nodes, "127.0.0.1", 0, hostile.PATIENCE)
        place.server.start()
        try:
            yield archive, Node(title, "127.0.0.1", place.server.port, "CALLER")
        finally:
            place.close()


def test_a_study_comes_in_as_it_went_and_twice_is_once(tmp_path: Path) -> None:
    rows = study(tmp_path, 3, size=700)
    clip = jpeg_clip(tmp_path / "clip", 3)
    (item,) = encode_clip(
        clip, Study(STUDY.patient, STUDY.started_at, _study_of(rows)), SERIES, EQUIPMENT, scratch=tmp_path
    )
    with Archive(tmp_path / "archive") as ours:
        ours.put(item)
        rows = ours.objects(item.study_instance_uid)
    assert {row.transfer_syntax for row in rows} >= {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.1"}
    with receiving(tmp_path) as (archive, node):
        for _ in range(2):
            assert all(sent.ok and sent.status == 0 for sent in send_objects(node, rows))
        (kept,) = archive.studies()
        mine = {row.sop_instance_uid: data_set_of(row.file) for row in rows}
        assert {row.sop_instance_uid: data_set_of(row.file) for row in archive.objects(kept.study_instance_uid)} == mine
        assert archive.verify().ok
        changed = tmp_path / "changed.dcm"
        data = bytearray(rows[0].file.read_bytes())
        data[-1] ^= 1
        changed.write_bytes(data)
        (sent,) = send_objects(node, [type(rows[0])(changed, *_facts(rows[0]))])
        assert sent.status == 0x0111
        assert data_set_of(archive.path_of(rows[0].sop_instance_uid)) == mine[rows[0].sop_instance_uid]
        assert not list((tmp_path / "received" / "scratch").rglob("*.part"))


def _study_of(rows: list[ObjectRow]) -> str:
    return str(dcmread(rows[0].file, stop_before_pixels=True).StudyInstanceUID)


def _facts(row: object) -> tuple[str, str, int, str]:
    return row.sop_class, row.sop_instance_uid, row.frames, row.transfer_syntax  # type: ignore[attr-defined]


def test_dcmtk_stores_here_and_strangers_do_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = study(tmp_path, 2)
    files = [row.file for row in rows]
    with receiving(tmp_path) as (archive, node), caplog.at_level(logging.DEBUG):
        run("storescu", "-xe", "-aet", "STORESCU", "-aec", "SONOFILL", "127.0.0.1", node.port, *files)
        assert len(archive.objects(archive.studies()[0].study_instance_uid)) == 2
        for title, called in (("STRANGER", "SONOFILL"), ("STORESCU", "OTHER")):
            refused = run("storescu", "-aet", title, "-aec", called, "127.0.0.1", node.port, *files, status=None)
            assert refused.returncode != 0
        with pytest.raises(NetworkError):
            echo(parse_address(f"SONOFILL@127.0.0.1:{node.port}", "NOBODY"), HASTY)
        assert not any(name in caplog.text for name in ("Test^Person", "Test\\^Person"))
        for row in rows:
            assert data_set_of(archive.path_of(row.sop_instance_uid)) == data_set_of(row.file)


def test_what_is_wrong_with_an_object_is_answered(tmp_path: Path) -> None:
    chance = random.Random(1)
    with receiving(tmp_path) as (archive, node):
        good = hostile.Attack(hostile.joined(hostile.head()) + hostile.explicit(0x7FE0, 0x10, b"OW", bytes(64)))
        assert hostile.store(node, good) == 0
        assert hostile.store(node, hostile.Attack(good.data, "9.9")) == 0x0117
        other = hostile.joined(hostile.head(sop_class="1.2.840.10008.5.1.4.1.1.7")) + b""
        assert hostile.store(node, hostile.Attack(other)) == 0xA900
        for uid in hostile.TRICKS:
            bad = hostile.Attack(hostile.joined(hostile.head(uid)), uid if uid.isascii() and "\0" not in uid else "1.2")
            assert hostile.store(node, bad) in (0xC000, 0x0117, None), uid
        assert (
            hostile.store(node, hostile.Attack(hostile.joined(hostile.head() | {0x0040A730: hostile.nested(40, True)})))
            == 0xC000
        )
        for make in hostile.data_sets(chance):
            assert hostile.store(node, make()) != -1
        assert archive.verify().ok and echo(node, HASTY)


def test_a_survey_agrees_with_pydicom_on_what_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "object.dcm"
    item = ultrasound(size=32)
    path.write_bytes(content(item))
    from dicom_io.network import object_file

    found = survey(path, object_file(path).offset, item.transfer_syntax_uid)
    assert found == {
        "class": item.sop_class_uid, "instance": item.sop_instance_uid, "study": item.study_instance_uid,
        "series": item.series_instance_uid,
    }  # fmt: skip
    path.write_bytes(b"")
    with pytest.raises(Exception, match="cannot be read"):
        survey(path, 0, item.transfer_syntax_uid)
    path.write_bytes(bytes(200))
    with pytest.raises(NotDicom):
        survey(path, 0, item.transfer_syntax_uid)


def test_the_hostile_do_no_harm(tmp_path: Path) -> None:
    """The short form of benchmarks/receive_fuzz.py: the program in a process of its own, memory and folder watched."""
    end = attack(tmp_path, seed=20261130, count=120)
    assert end["alive"] and not end["outside"] and float(str(end["grown_mib"])) < 100, end


def attack(folder: Path, seed: int, count: int) -> dict[str, object]:
    """`sonofill receive` under `count` hostile inputs; what became of it."""
    chance = random.Random(seed)
    port = free_port()
    config = folder / "config"
    config.mkdir()
    environment = {**os.environ, "SONOFILL_CONFIG": str(config), "PYTHONPATH": str(ROOT), "HOME": str(folder / "home")}
    sonofill = [sys.executable, "-m", "workstation.cli"]
    subprocess.run(
        [*sonofill, "node", "add", "caller", "CALLER@127.0.0.1:104"],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    words = [
        "receive",
        "--archive",
        str(folder / "archive"),
        "--listen",
        f"127.0.0.1:{port}",
        "--timeout",
        "2",
        "--json",
    ]
    node = Node("SONOFILL", "127.0.0.1", port, "CALLER")
    outside = _all_but(folder / "archive", folder)
    with (folder / "receive.log").open("wb") as log:
        process = subprocess.Popen([*sonofill, *words], env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            until_s = time.monotonic() + 60
            while True:
                try:
                    echo(node, HASTY)
                    break
                except NetworkError:
                    assert process.poll() is None and time.monotonic() < until_s, (folder / "receive.log").read_text()
                    time.sleep(0.1)
            ways = hostile.data_sets(chance)
            hostile.store(node, ways[3]())
            before_mib = _resident_mib(process.pid)
            statuses: dict[str, int] = {}
            for number in range(count):
                if number % 2:
                    hostile.say(port, hostile.pdus(chance, node))
                else:
                    status = hostile.store(node, chance.choice(ways)())
                    key = "ended" if status is None else f"{status:04X}"
                    statuses[key] = statuses.get(key, 0) + 1
            alive = process.poll() is None and bool(echo(node, HASTY))
            grown = _resident_mib(process.pid) - before_mib
        finally:
            process.terminate()
            process.wait(20)
    with Archive(folder / "archive") as archive:
        sound = archive.verify().ok
    text = (folder / "receive.log").read_text()
    return {
        "alive": alive and process.returncode == 0 and sound and "Traceback" not in text,
        "outside": sorted(_all_but(folder / "archive", folder) - outside)
        + [p for p in ("/tmp/sonofill-fuzz",) if Path(p).exists()],
        "grown_mib": round(grown, 1),
        "statuses": statuses,
    }


def _all_but(inside: Path, folder: Path) -> set[str]:
    found = {str(p) for p in folder.rglob("*") if inside not in p.parents and p != inside}
    return {p for p in found if not p.endswith("receive.log")}


def _resident_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise AssertionError
