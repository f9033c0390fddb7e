"""C-STORE beside DCMTK's storescu, to DCMTK's storescp and to Orthanc, and STOW: 200 stills, and the 30 s clip.

    python -m benchmarks.send [--rounds 5] [--stills 200] [--frames 1800] [--only stills|clip] [--receivers orthanc …]

Cases are PAYLOAD/RECEIVER/SENDER. Receivers: `storescp` and `orthanc` with TCP_NODELAY=1 (as DCMTK understands it), and
`storescp-delays` without, which is how they come. storescu has TCP_NODELAY=1 where the receiver has. `ours` is one
association for everything, as `sonofill send` makes it; `outbox` the same through the queue on disk; `stow` the same objects
by STOW-RS to Orthanc's DICOMweb plug-in, without TLS as the others are. Loopback; PDUs of 131072 bytes at the receiver.
`server_cpu_s` is the receiver's own processor time. Goals, as ratios of speeds to storescu's in the same round: at least
0.9, at least 3 to a receiver that delays; STOW's time at most 1.2 of `ours`; memory growing by at most 64 MiB. Starting
Python and importing are in no figure; storescu starts anew.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.material import FRAMES, jpegs, material, spooled
from benchmarks.measuring import Row, figures, quiet, report, rounds, spread, timed, work_folder
from tests.interop.tools import tool
from tests.network.servers import free_port, running
from tests.network.web import plugin

STILLS = 200
RECEIVERS = ("storescp", "storescp-delays", "orthanc")
SENDERS = ("storescu", "ours", "outbox", "stow")
_PDU = 131072


def archived(stills: int, frames: int) -> Path:
    """An archive with the clip in one study and the stills in another; made once, kept in the work folder."""
    from archive import Archive
    from dicom_io import Equipment, Patient, Phase, Series, Study, encode_clip, encode_still

    root = work_folder() / f"send-{stills}-{frames}"
    if (root / "made").exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    equipment = Equipment("Maker", "Probe", "1", "Maker", "Grabber", "2", "0", simulated=True)
    with Archive(root) as archive:
        writer, clip = spooled(archive.spool_root, max(frames, stills))
        now, series = datetime.now(UTC), Series(Phase.PRE)
        for obj in encode_clip(clip, Study(Patient("clip"), now), series, equipment, scratch=root):
            archive.put(obj)
        study, series = Study(Patient("stills"), now), Series(Phase.PRE)
        for number in range(stills):
            still = clip.still(number)
            archive.put(encode_still(still, study, series, equipment, instance_number=number + 1, scratch=root))
        writer.discard()
    (root / "made").touch()
    return root


@dataclass(frozen=True)
class Receiver:
    """A running server: its ports (0: no web), its process, and how many objects it has."""

    port: int
    http: int
    process: subprocess.Popen[bytes]
    stored: Callable[[], int]

    def cpu_s(self) -> float:
        """Processor time of its process and of its children that have ended."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def receiver(kind: str, folder: Path) -> Iterator[Receiver]:
    """A running server."""
    port, http = free_port(), free_port()
    delays = {} if kind.endswith("delays") else {"TCP_NODELAY": "1"}
    if kind.startswith("storescp"):
        out = folder / "stored"
        out.mkdir()
        words = [tool("storescp"), "-q", "-aet", "RECEIVER", "-pdu", _PDU, "+xa", "-od", out, port]
        with running(words, port, folder / "log", **delays) as process:
            yield Receiver(port, 0, process, lambda: len(list(out.iterdir())))
        return
    settings = {
        "Name": "receiver", "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"),
        "Plugins": [str(plugin("libOrthancDicomWeb.so", "orthanc-dicomweb"))],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
        "HttpPort": http, "DicomPort": port, "DicomAet": "RECEIVER", "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False, "DicomAlwaysAllowStore": True, "MaximumPduLength": _PDU,
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(settings))

    def stored() -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{http}/statistics", timeout=30) as answer:
            return int(json.load(answer)["CountInstances"])

    with running([tool("Orthanc"), folder / "orthanc.json"], port, folder / "log", **delays) as process:
        yield Receiver(port, http, process, stored)


def send(sender: str, to: Receiver, archive_root: Path, files: Sequence[Path], delays: bool) -> Callable[[], object]:
    """What is measured."""
    from archive import ObjectRow
    from archive.outbox import Queue, Runner
    from dicom_io.network import object_file, parse_address
    from dicom_io.web import WebServer
    from workstation.network.outgoing import StoreSender
    from workstation.network.sending import send_objects

    if sender == "storescu":
        environment = {key: value for key, value in os.environ.items() if key != "TCP_NODELAY"}
        environment |= {} if delays else {"TCP_NODELAY": "1"}
        words = [tool("storescu"), "-q", "-R", "-xy", "-aec", "RECEIVER", "127.0.0.1", to.port, *files]
        return lambda: subprocess.run([*map(str, words)], check=True, env=environment)
    objects = [object_file(path) for path in files]
    rows = [ObjectRow(o.path, o.sop_class_uid, o.sop_instance_uid, 1, o.transfer_syntax_uid) for o in objects]
    address = f"RECEIVER@127.0.0.1:{to.port}"
    if sender == "outbox":
        for path in archive_root.glob("outbox.*"):
            path.unlink()
        queue = Queue(archive_root)
        queue.add(address, rows, "1.2.3")
        return lambda: _whole(Runner(archive_root, queue, StoreSender()).run().stored, len(rows))
    node = WebServer(f"http://127.0.0.1:{to.http}/dicom-web") if sender == "stow" else parse_address(address)
    return lambda: _whole(sum(sent.ok for sent in send_objects(node, rows)), len(rows))


def _whole(sent: int, asked: int) -> None:
    if sent != asked:
        raise SystemExit(f"{sent} of {asked} were sent")


def case(name: str, stills: int, frames: int) -> Row:
    payload, kind, sender = name.split("/")
    root = archived(stills, frames)
    from archive import Archive

    with Archive(root) as archive:
        (study,) = archive.studies(patient_id=payload)
        files = [row.file for row in archive.objects(study.study_instance_uid)]
    for path in files:  # into the page cache
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 20):
                pass
    folder = Path(tempfile.mkdtemp(prefix="send-", dir=work_folder()))
    try:
        with receiver(kind, folder) as to:
            work = send(sender, to, root, files, kind.endswith("delays"))
            quiet(5)
            before_s = to.cpu_s()
            row = timed(work)
            until_s = time.monotonic() + 10
            while to.stored() != len(files):
                if time.monotonic() > until_s:
                    raise SystemExit(f"the receiver has {to.stored()} of {len(files)}")
                time.sleep(0.05)
            return {**row, "server_cpu_s": to.cpu_s() - before_s}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stills", type=int, default=STILLS)
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--only", choices=["stills", "clip"])
    parser.add_argument("--receivers", nargs="+", choices=RECEIVERS, default=RECEIVERS)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(case(arguments.case, arguments.stills, arguments.frames)))
        return
    material()
    list(jpegs(1))
    archived(arguments.stills, arguments.frames)
    payloads = [arguments.only] if arguments.only else ["stills", "clip"]
    cases = [
        f"{p}/{r}/{s}" for p in payloads for r in arguments.receivers for s in SENDERS if s != "stow" or r == "orthanc"
    ]
    sizes = ("--stills", str(arguments.stills), "--frames", str(arguments.frames))
    rows = rounds("benchmarks.send", cases, arguments.rounds, *sizes)
    speeds = {}
    for name, of_case in rows.items():
        base = rows[name.rsplit("/", 1)[0] + "/storescu"]
        speeds[name] = spread([other["wall_s"] / row["wall_s"] for row, other in zip(of_case, base, strict=True)])
    stow = {
        f"{p} {key}": spread(
            [
                row[key] / other[key]
                for row, other in zip(rows[f"{p}/orthanc/stow"], rows[f"{p}/orthanc/ours"], strict=True)
            ]
        )
        for p in payloads
        for key in ("wall_s", "cpu_s", "server_cpu_s")
        if "orthanc" in arguments.receivers
    }
    report("send", {"speed_ratio_to_storescu": speeds, "stow_as_part_of_ours": stow, "cases": figures(rows)})


if __name__ == "__main__":
    main()
