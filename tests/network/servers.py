"""Other people's DICOM servers, each on a free port of this machine, ended by their own process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from dicom_io.errors import DicomError
from dicom_io.network import Node, object_file, parse_address
from tests.interop.tools import tool


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], limit_s: float = 20) -> None:
    until_s = time.monotonic() + limit_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None, "the server ended at once"
            assert time.monotonic() < until_s, "the server does not answer"
            time.sleep(0.02)


@contextmanager
def running(words: list[object], port: int, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server's process, from when it listens on `port` on."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(word) for word in words], stdout=out, stderr=out, cwd=log.parent, env={**os.environ, **environment}
        )
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@dataclass(frozen=True)
class Storescp:
    """DCMTK's storescp; what it got lies in `folder`, byte for byte (`--bit-preserving`)."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def node(self) -> Node:
        return parse_address(f"STORESCP@127.0.0.1:{self.port}")

    def data_sets(self) -> dict[str, bytes]:
        """SOP Instance UID to the bytes of the data set, of all that was stored."""
        found = {}
        for path in self.folder.iterdir():
            _, _, uid = path.name.partition(".")
            with suppress(DicomError):  # a child that was cut off is about to remove it
                found[uid] = data_set_of(path)
        return found


def data_set_of(path: Path) -> bytes:
    """A DICOM file's bytes behind its meta information."""
    file = object_file(path)
    data = path.read_bytes()[file.offset :]
    assert len(data) == file.length
    return data


@contextmanager
def storescp(
    folder: Path, *options: object, port: int | None = None, takes: str = "+xa", **environment: str
) -> Iterator[Storescp]:
    """A running storescp that takes every transfer syntax, several associations at once."""
    out = folder / "stored"
    out.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    words = [tool("storescp"), "--fork", "-aet", "STORESCP", takes, "--bit-preserving", "-od", out, *options, port]
    with running(words, port, folder / "storescp.log", **environment) as process:
        yield Storescp(port, out, process)


@dataclass(frozen=True)
class Pacs:
    """A running Orthanc: DICOM as ORTHANC on `port`, REST on `http_port`."""

    port: int
    http_port: int
    process: subprocess.Popen[bytes]

    @property
    def node(self) -> Node:
        return parse_address(f"ORTHANC@127.0.0.1:{self.port}")

    def rest(self, path: str, method: str = "GET", data: bytes | None = None) -> bytes:
        with urlopen(Request(f"http://127.0.0.1:{self.http_port}{path}", data, method=method), timeout=20) as answer:
            return bytes(answer.read())

    def find(self, sop_instance_uid: str) -> list[str]:
        """Orthanc's own ids of an object: one where it has it."""
        return [row["ID"] for row in json.loads(self.rest("/tools/lookup", "POST", sop_instance_uid.encode()))]

    def delete(self, sop_instance_uid: str) -> None:
        for found in self.find(sop_instance_uid):
            self.rest(f"/instances/{found}", "DELETE")


@contextmanager
def orthanc(folder: Path, modalities: dict[str, Any], **settings: Any) -> Iterator[Pacs]:
    """A running Orthanc that knows these modalities (name: title, address, port)."""
    port, http_port = int(settings.get("DicomPort") or free_port()), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "Name": "pacs", "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"), "Plugins": [],
        "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "HttpPort": http_port, "DicomPort": port,
        "DicomAet": "ORTHANC", "DicomModalities": modalities, "DicomCheckCalledAet": True, **settings,
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(document))
    with running([tool("Orthanc"), folder / "orthanc.json"], http_port, folder / "orthanc.log") as process:
        wait_for(port, process)
        yield Pacs(port, http_port, process)
