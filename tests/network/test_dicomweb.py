"""DICOMweb with a real Orthanc over TLS: the bytes that come back are those that went; who is not known gets nothing."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, ObjectRow
from archive.outbox import Queue, destination_states
from archive.outbox.run import Runner
from dicom_io.errors import (
    BadAddress,
    ConnectionLost,
    NetworkError,
    NotLetIn,
    NotSecure,
    Refused,
    Unreachable,
    WrongAnswer,
)
from dicom_io.network import Patience, object_file
from dicom_io.web import WebConnection, WebServer, bring_study, objects_of, send, studies_of
from dicom_io.web.multipart import Outgoing, written_parts
from tests.network.authority import authority
from tests.network.proxy import Fault, Kind, Proxy
from tests.network.servers import free_port
from tests.network.test_store import study
from tests.network.web import PASSWORD, USER, WebPacs, web_pacs
from workstation.cli import main
from workstation.network.nodes import add_web
from workstation.network.outgoing import StoreSender
from workstation.network.remote import RemoteArchive
from workstation.network.secrets import keep_secret
from workstation.network.sending import send_objects
from workstation.network.web_nodes import KnownWeb, password_name

HASTY = Patience(connect_s=2, associate_s=2, answer_s=2)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebPacs]:
    with web_pacs(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, web: WebPacs) -> list[ObjectRow]:
    """A study of this workplace that is on the server."""
    made = study(tmp_path_factory.mktemp("made"), 4)
    assert all(sent.ok and not sent.what for sent in send_objects(web.server, made))
    return made


def uid_of(rows: list[ObjectRow]) -> str:
    return rows[0].file.parent.parent.name


@pytest.mark.requirement("C5")
def test_the_bytes_that_come_back_are_those_that_went(web: WebPacs, rows: list[ObjectRow], tmp_path: Path) -> None:
    with WebConnection(web.server) as connection:
        came = {object_file(path).sop_instance_uid: path.read_bytes()
                for path in bring_study(connection, uid_of(rows), tmp_path)}  # fmt: skip
        assert came == {row.sop_instance_uid: row.file.read_bytes() for row in rows}
        found, broken = studies_of(connection, study_instance_uid=uid_of(rows))
        assert [(one.there.patient_id, one.objects) for one in found] == [("P1", 4)] and not broken
        assert not studies_of(connection, patient_id="nobody")[0]
        with pytest.raises(Refused, match="404"):
            list(bring_study(connection, "1.2.3.4", tmp_path))
    assert all(sent.ok for sent in send_objects(web.server, rows)), "the same again is no error"


@pytest.mark.requirement("C5")
def test_a_distant_archive_is_asked_as_one_here(
    web: WebPacs, rows: list[ObjectRow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))

    def told(*words: object, status: int = 0) -> Any:
        capsys.readouterr()
        assert main([*map(str, words), "--json"]) == status, capsys.readouterr().err
        out = capsys.readouterr()
        assert PASSWORD not in out.out + out.err
        return json.loads(out.out)

    url, uid, local = web.server.address, uid_of(rows), rows[0].file.parents[3]
    known = told("node", "add", "web", url, "--user", USER, "--tls-trust", web.authority.certificate)
    assert known == {"name": "web", "url": url, "user": USER, "tls": True}
    assert told("node", "test", "web")["ok"]
    # By its address too the known user and certificates count.
    listed = told("archive", "list", "--archive", url)
    assert uid in [row["study_instance_uid"] for row in listed]
    shown = told("archive", "show", uid[:20], "--archive", url)
    assert len(shown["objects"]) == 4 and all(
        one["file"].startswith(f"{url}/studies/{uid}/") for one in shown["objects"]
    )
    assert uid in [row["study_instance_uid"] for row in told("query", "--archive", url)["studies"]]
    verified = told("archive", "verify", "--archive", url, "--against", local)
    assert verified == {"ok": True, "problems": [], "notes": []}
    assert told("retrieve", uid, "--from", "web", "--archive", tmp_path / "here")["ok"]
    with Archive(tmp_path / "here") as kept:
        assert [row.file.read_bytes() for row in kept.objects(uid)] == [row.file.read_bytes() for row in rows]
    # What writes stays here.
    assert main(["archive", "reindex", "--archive", url]) == 2
    assert told("node", "remove", "web") == {"removed": "web"}
    assert (
        not (tmp_path / "config" / "secrets.json").exists()
        or PASSWORD not in (tmp_path / "config" / "secrets.json").read_text()
    )


def test_verifying_finds_what_changed_and_what_is_missing(web: WebPacs, tmp_path: Path) -> None:
    rows = study(tmp_path, 3)
    with Archive(tmp_path / "archive") as local:
        assert all(sent.ok for sent in send_objects(web.server, rows[:2]))
        found = RemoteArchive(web.server).verify(local)
        assert [(one.kind, one.object) for one in found.problems] == [("missing", rows[2].sop_instance_uid)]
        # Another object under the same UID, as a server has it that changes what it stores.
        data = bytearray(rows[2].file.read_bytes())
        data[-1] ^= 1
        (tmp_path / "changed.dcm").write_bytes(data)
        with WebConnection(web.server) as connection:
            (answer,) = send(connection, [object_file(tmp_path / "changed.dcm")])
        assert answer.ok
        found = RemoteArchive(web.server).verify(local)
        assert [(one.kind, one.object) for one in found.problems] == [("changed", rows[2].sop_instance_uid)]
        for row in rows:
            local_copy = row.file.read_bytes()
            assert local_copy, "nothing here was touched"


def test_what_came_by_c_store_is_compared_by_its_data_sets(web: WebPacs, tmp_path: Path) -> None:
    rows = study(tmp_path, 2)
    assert all(sent.ok for sent in send_objects(web.pacs.node, rows))
    with Archive(tmp_path / "archive") as local:
        found = RemoteArchive(web.server).verify(local)
    assert found.ok, found.problems
    assert any(note.startswith("2 objects have file meta information") for note in found.notes), found.notes


@pytest.mark.parametrize("kind", ["close", "reset", "silence"])
def test_over_a_bad_network_each_object_is_there_once_and_none_is_believed(
    kind: Kind, web: WebPacs, tmp_path: Path
) -> None:
    """Cut anywhere, on the way up or down: what is called stored is there, and what is sent again is there once."""
    rows = study(tmp_path, 2)
    behind = replace(web.server, url=f"http://127.0.0.1:{web.pacs.http_port}/dicom-web", trusted=None)
    short = Patience(connect_s=1, associate_s=1, answer_s=0.5)
    places: list[tuple[Literal["up", "down"], int]] = [("up", 1), ("up", 900), ("up", 5000), ("down", 1), ("down", 200)]
    with WebConnection(behind) as connection:
        for way, after in places:
            with Proxy(web.pacs.http_port, Fault(kind, way, after)) as proxy:
                sent = send_objects(replace(behind, url=f"http://127.0.0.1:{proxy.port}/dicom-web"), rows, short)
            assert len(sent) == 2 and all(one.ok or one.what.endswith(".") for one in sent)
            there = (
                objects_of(connection, uid_of(rows))
                if studies_of(connection, study_instance_uid=uid_of(rows))[0]
                else []
            )
            assert {one.sop_instance_uid for one in sent if one.ok} <= set(there), (way, after)
        assert all(one.ok for one in send_objects(behind, rows))
        assert sorted(objects_of(connection, uid_of(rows))) == sorted(row.sop_instance_uid for row in rows)
        came = sorted(path.read_bytes() for path in bring_study(connection, uid_of(rows), tmp_path))
    assert came == sorted(row.file.read_bytes() for row in rows)


def test_the_outbox_sends_by_web_and_waits_for_who_is_not_there(
    web: WebPacs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    server, gone = web.server, f"http://127.0.0.1:{free_port()}/dicom-web"
    add_web(KnownWeb(name="web", url=server.url, user=USER, has_password=True, trusted=str(server.trusted)))
    keep_secret(password_name("web"), PASSWORD)
    rows = study(tmp_path, 3)
    with Archive(tmp_path / "archive") as kept:
        queue = Queue(kept.root)
        for destination in ("web", gone):
            queue.add(destination, rows, uid_of(rows))
        tally = Runner(kept.root, queue, StoreSender(HASTY)).run()
        states = {state.destination: state for state in destination_states(queue, time.time())}
        queue.close()
    assert tally.stored == 3
    assert states["web"].sent == 3
    assert states[gone].waiting == 3 and "cannot be reached" in states[gone].why
    with WebConnection(server) as connection:
        assert sorted(objects_of(connection, uid_of(rows))) == sorted(row.sop_instance_uid for row in rows)


def test_who_is_not_known_gets_nothing(web: WebPacs, tmp_path: Path) -> None:
    stranger = authority(tmp_path / "stranger", "stranger")
    wrong: list[tuple[WebServer, type[NetworkError]]] = [
        (replace(web.server, password="guessed"), NotLetIn),
        (replace(web.server, user="", password=""), NotLetIn),
        (replace(web.server, trusted=stranger.certificate), NotSecure),
        (replace(web.server, trusted=None), NotSecure),
        (WebServer(web.server.url.replace("https", "http")), NetworkError),
        (WebServer(f"http://127.0.0.1:{free_port()}/x"), Unreachable),
        (WebServer(f"http://127.0.0.1:{web.pacs.port}/x"), NetworkError),  # where DICOM is spoken
        (replace(web.server, url=web.server.url.replace("dicom-web", "elsewhere")), NetworkError),
    ]
    for server, kind in wrong:
        with WebConnection(server, HASTY) as connection, pytest.raises(kind) as said:
            studies_of(connection)
        assert str(said.value).endswith(".") and PASSWORD not in str(said.value)


@pytest.mark.parametrize(
    "url", ["https://", "ftp://x/y", "https://a b/c", "https://u:p@host/", "https://host:0/", "https://host:99999/",
            "https://host/?x=1", "dicom-web"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        WebServer(url)
    with pytest.raises(BadAddress):
        WebServer("http://pacs.example.org/dicom-web", user="u", password="p")


@settings(max_examples=30, deadline=None)
@given(
    parts=st.lists(st.binary(max_size=300).filter(lambda part: b"--edge" not in part), max_size=4),
    cuts=st.integers(1, 40),
    prefix=st.sampled_from([b"", b"\r\n", b"preamble\r\n"]),
)
def test_a_body_of_many_parts_is_read_however_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], cuts: int, prefix: bytes
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    body = prefix + b"".join(b"--edge\r\nContent-Type: application/dicom\r\n\r\n" + part + b"\r\n" for part in parts)
    body += b"--edge--\r\n"
    pieces = [body[at : at + cuts] for at in range(0, len(body), cuts)]
    read = [path.read_bytes() for path in written_parts(pieces, "edge", folder, "It", 1 << 20)]
    assert read == parts
    if parts:
        with pytest.raises(WrongAnswer, match="ends in the middle"):
            list(written_parts([body[:-9]], "edge", folder, "It", 1 << 20))
        with pytest.raises(WrongAnswer, match="MB"):
            list(written_parts(pieces, "edge", folder, "It", len(body) // 2))


def test_memory_does_not_grow_with_the_file(tmp_path: Path, rows: list[ObjectRow]) -> None:
    path = tmp_path / "large.dcm"
    with path.open("wb") as file:  # a last element of 40 MB, which nobody looks into
        file.write(rows[0].file.read_bytes())
        file.write(b"\x09\x70\x10\x00OB\0\0" + (40_000_000).to_bytes(4, "little"))
        file.write(bytes(40_000_000))
    body = Outgoing.of([(path, path.stat().st_size)])
    tracemalloc.start()
    try:
        sent = sum(map(len, body))
        (back,) = written_parts(iter(body), body.boundary, tmp_path, "It", 1 << 30)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert sent == body.length
    assert back.read_bytes() == path.read_bytes()


def test_a_file_that_changes_on_the_way_ends_the_sending(tmp_path: Path, web: WebPacs, rows: list[ObjectRow]) -> None:
    copy = tmp_path / "copy.dcm"
    copy.write_bytes(rows[0].file.read_bytes())
    planned = object_file(copy)
    copy.write_bytes(rows[0].file.read_bytes()[:-100])
    with WebConnection(web.server, HASTY) as connection:
        with pytest.raises(Exception, match="has changed"):
            send(connection, [planned])
        assert studies_of(connection)[0], "and the next request goes through"


def test_a_server_that_breaks_off_is_told(tmp_path: Path) -> None:
    """Wrong answers by a server of our own: too much, too little, nonsense."""
    from tests.network.web_answers import answering

    cases: list[tuple[bytes, type[NetworkError], str]] = [
        (b"", ConnectionLost, "broke"),
        (b"nonsense\r\n\r\n", NetworkError, "[.]$"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[", ConnectionLost, "broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", WrongAnswer, "not JSON"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            Refused,
            "somewhere else",
        ),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", NotLetIn, "later"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\nxx", NetworkError, "[.]$"),
    ]
    for answer, kind, words in cases:
        with (
            answering(answer) as port,
            WebConnection(WebServer(f"http://127.0.0.1:{port}"), HASTY) as connection,
            pytest.raises(kind, match=words),
        ):
            studies_of(connection)
    text = b'[{"0020000D": {"Value": ["1.2"]}}, {"0020000D": 3}, {}, 7]'
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)
    with answering(whole) as port, WebConnection(WebServer(f"http://127.0.0.1:{port}"), HASTY) as connection:
        found, broken = studies_of(connection)
    assert [one.there.study_instance_uid for one in found] == ["1.2"] and broken == 2
