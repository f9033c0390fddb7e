"""The recipe of docs/deploy, started by hand: its orthanc.json on PostgreSQL behind its nginx.conf, and started again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dicom_io.errors import NetworkError
from dicom_io.network import Patience, echo, object_file
from dicom_io.network.node import Node
from dicom_io.web import WebConnection, WebServer, bring_study, studies_of
from tests.conftest import ROOT
from tests.interop.tools import tool
from tests.network.authority import Authority, authority
from tests.network.servers import data_set_of, free_port, running, wait_for
from tests.network.test_store import study
from tests.network.web import plugin
from workstation.network.sending import send_objects

RECIPE = ROOT / "docs" / "deploy"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def postgres() -> Iterator[int]:
    """A PostgreSQL of its own; it does not run as root, so there it runs as its own user."""
    with ExitStack() as stack:
        yield _postgres(stack)


def _postgres(stack: ExitStack) -> int:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(tool("initdb")).parent]
    user: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sonofill-postgres-")))
    if user:
        shutil.chown(folder, "postgres")  # pytest's own folders are closed to others
    words = [programs[-1] / "initdb", "-D", folder / "db", "-U", "orthanc", "-A", "trust", "--no-sync", "-E", "UTF8"]
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, timeout=60, check=False, cwd="/", **user)
    assert done.returncode == 0, done.stderr
    port = free_port()
    serve = [programs[-1] / "postgres", "-D", folder / "db", "-p", port, "-k", "", "-c", "fsync=off", "-h", "127.0.0.1"]
    log = stack.enter_context((folder / "log").open("wb"))
    process = subprocess.Popen([*map(str, serve)], stdout=log, stderr=log, cwd="/", **user)
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    wait_for(port, process)
    create = [programs[-1] / "createdb", "-h", "127.0.0.1", "-p", port, "-U", "orthanc", "orthanc"]
    subprocess.run([*map(str, create)], check=True, timeout=30, capture_output=True)
    return port


@contextmanager
def clinic(folder: Path, ours: Authority, database: int) -> Iterator[tuple[WebServer, Node]]:
    """The recipe's Orthanc and nginx, with its paths, names and ports as they are on this machine."""
    server = ours.sign("server")
    http, dicom, web = free_port(), free_port(), free_port()
    document = json.loads((RECIPE / "orthanc.json").read_text())
    document |= {
        "StorageDirectory": str(folder / "objects"), "IndexDirectory": str(folder / "objects"), "HttpPort": http,
        "DicomPort": dicom, "RegisteredUsers": {"room1": "a password"}, "DicomTlsCertificate": str(server.certificate),
        "DicomTlsPrivateKey": str(server.key), "DicomTlsTrustedCertificates": str(server.trusted),
        "DicomModalities": {"room1": {"AET": "ROOM1", "Host": "127.0.0.1", "Port": 11112, "UseDicomTls": True}},
        "Plugins": [
            str(plugin("libOrthancDicomWeb.so", "orthanc-dicomweb")),
            str(plugin("libOrthancPostgreSQLIndex.so", "orthanc-postgresql")),
        ],
    }  # fmt: skip
    document["PostgreSQL"] |= {"Host": "127.0.0.1", "Port": database, "Password": "unused"}
    (folder / "orthanc.json").write_text(json.dumps(document))
    text = (RECIPE / "nginx.conf").read_text()
    for old, new in (
        ("/etc/nginx/tls/server.crt", str(server.certificate)), ("/etc/nginx/tls/server.key", str(server.key)),
        ("listen 443 ssl", f"listen 127.0.0.1:{web} ssl"), ("http://orthanc:8042", f"http://127.0.0.1:{http}"),
        ("http {", "http { " + " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _TEMPORARY)),
    ):  # fmt: skip
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "nginx.conf").write_text(text)
    own = f"daemon off; pid {folder}/nginx.pid;"
    nginx = [tool("nginx"), "-e", folder / "nginx.log", "-c", folder / "nginx.conf", "-g", own]
    with ExitStack() as stack:
        process = stack.enter_context(running([tool("Orthanc"), folder / "orthanc.json"], http, folder / "orthanc.log"))
        wait_for(dicom, process)
        stack.enter_context(running(nginx, web, folder / "nginx.log"))
        url = f"https://127.0.0.1:{web}/dicom-web"
        yield (
            WebServer(url, user="room1", password="a password", trusted=ours.certificate),
            Node("ORTHANC", "127.0.0.1", dicom, "ROOM1", tls=ours.sign("room1")),
        )


def test_the_recipe_keeps_studies_for_who_is_known_alone(tmp_path: Path) -> None:
    ours = authority(tmp_path / "authority")
    rows = study(tmp_path, 3)
    uid = rows[0].file.parent.parent.name
    hasty = Patience(connect_s=3, associate_s=3, answer_s=3)
    with postgres() as database:
        with clinic(tmp_path, ours, database) as (server, node):
            assert all(sent.ok for sent in send_objects(server, rows[:2]))
            assert all(sent.ok for sent in send_objects(node, rows[2:]))
            for wrong in (replace(server, password="guessed"), replace(server, user="", password="")):
                with WebConnection(wrong, hasty) as connection, pytest.raises(NetworkError):
                    studies_of(connection)
            for stranger in (replace(node, tls=None), replace(node, calling_title="OTHER")):
                with pytest.raises(NetworkError):
                    echo(stranger, hasty)
        # Ended, and started again: the index is in PostgreSQL, the objects in their folder.
        assert not list((tmp_path / "objects").glob("index*")), "no index of Orthanc's own"
        with clinic(tmp_path, ours, database) as (server, _), WebConnection(server) as connection:
            folder = tmp_path / "back"
            folder.mkdir()
            came = {object_file(path).sop_instance_uid: path for path in bring_study(connection, uid, folder)}
            assert {one: data_set_of(path) for one, path in came.items()} == {
                row.sop_instance_uid: data_set_of(row.file) for row in rows
            }
            # What came by the web is the same file; C-STORE carries the data set alone.
            assert all(came[row.sop_instance_uid].read_bytes() == row.file.read_bytes() for row in rows[:2])
