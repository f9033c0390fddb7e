"""C-STORE and C-ECHO against DCMTK's storescp: the bytes that arrive are those that went, whatever the network does."""

from __future__ import annotations

import itertools
import resource
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive, ObjectRow
from dicom_io.errors import NetworkError, NotLetIn, Refused, Unreachable
from dicom_io.network import Node, Patience, associate, echo, object_file, parse_address, proposals, store
from dicom_io.network.kinds import kinds_taken
from tests.archive.objects import content, ultrasound
from tests.network.proxy import Fault, Proxy
from tests.network.servers import Storescp, data_set_of, free_port, storescp
from workstation.network.sending import send_objects

HASTY = Patience(connect_s=2, associate_s=0.4, answer_s=0.4)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storescp]:
    with storescp(tmp_path_factory.mktemp("storescp")) as running:
        yield running


@pytest.fixture
def empty(server: Storescp) -> Storescp:
    """The server with nothing stored."""
    shutil.rmtree(server.folder)
    server.folder.mkdir()
    return server


def study(folder: Path, count: int, size: int = 64) -> list[ObjectRow]:
    """A study of stills in an archive."""
    first = ultrasound(size=size)
    with Archive(folder / "archive") as archive:
        archive.put(first)
        for number in range(1, count):
            archive.put(
                ultrasound(
                    first.study_instance_uid, first.series_instance_uid, number=number + 1, size=size, seed=number
                )
            )
        return archive.objects(first.study_instance_uid)


def through(proxy: Proxy) -> Node:
    return parse_address(f"STORESCP@127.0.0.1:{proxy.port}")


@pytest.mark.parametrize("takes", [4096, 16384, 131072])
def test_what_arrives_is_what_went(tmp_path: Path, takes: int) -> None:
    rows = study(tmp_path, 5, size=700)
    with storescp(tmp_path, "-pdu", takes) as running:
        assert all(sent.ok for sent in send_objects(running.node, rows))
        assert running.data_sets() == {row.sop_instance_uid: data_set_of(row.file) for row in rows}


def test_memory_does_not_grow_with_the_file(tmp_path: Path, empty: Storescp) -> None:
    data = content(ultrasound(size=64))
    path = tmp_path / "large.dcm"
    with path.open("wb") as file:  # a last element of 150 MB, which nobody looks into
        file.write(data + b"\x09\x70\x10\x00OB\0\0" + (150_000_000).to_bytes(4, "little"))
        file.truncate(file.tell() + 150_000_000)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    one = object_file(path)
    with associate(empty.node, proposals([one])) as association:
        assert store(association, one).ok
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 20_000
    (stored,) = empty.folder.iterdir()
    assert object_file(stored).length == one.length


def test_echo_answers(server: Storescp) -> None:
    answer = echo(server.node)
    assert answer.implementation.startswith("OFFIS_DCMTK") and 0 < answer.answered_ms < 5000


def test_a_rejected_kind_is_named_and_the_others_go(tmp_path: Path) -> None:
    rows = study(tmp_path, 2)
    other = ultrasound()
    path = tmp_path / "jpeg.dcm"
    path.write_bytes(content(other).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0"))
    rows.append(ObjectRow(path, other.sop_class_uid, other.sop_instance_uid, 1, "1.2.840.10008.1.2.5"))
    with storescp(tmp_path, takes="+xe") as running:
        sent = send_objects(running.node, rows)
        assert [one.ok for one in sent] == [True, True, False]
        assert "Ultrasound Image Storage in RLE Lossless" in sent[2].what and sent[2].status is None
        assert {kind.transfer_syntax for kind in kinds_taken(running.node) if kind.taken} == {"1.2.840.10008.1.2.1"}


def test_who_does_not_listen_or_does_not_know_us_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        echo(parse_address(f"NOBODY@127.0.0.1:{free_port()}"))
    with pytest.raises(Unreachable, match="no host"):
        echo(parse_address("NOBODY@nowhere.invalid:104"))
    with storescp(tmp_path, "--refuse") as refusing, pytest.raises(NotLetIn, match="no reason"):
        echo(refusing.node)


def test_an_answer_that_says_no_is_told(tmp_path: Path) -> None:
    """A server whose disk is full answers A700: a failure that may pass."""
    from pynetdicom import AE, evt

    full = AE("FULL")
    full.add_supported_context("1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.1.2.1")
    full.add_supported_context("1.2.840.10008.1.1")
    port = free_port()
    scp = full.start_server(
        ("127.0.0.1", port), block=False,
        evt_handlers=[(evt.EVT_C_STORE, lambda event: 0xA700), (evt.EVT_C_ECHO, lambda event: 0x0122)],
    )  # fmt: skip
    assert scp is not None
    try:
        node = parse_address(f"FULL@127.0.0.1:{port}")
        (sent,) = send_objects(node, study(tmp_path, 1))
        assert not sent.ok and sent.status == 0xA700 and "no room" in sent.what
        with pytest.raises(Refused, match="0122"):
            echo(node)
    finally:
        scp.shutdown()


def test_whatever_the_network_does_each_object_is_there_or_told_as_failed(tmp_path: Path, empty: Storescp) -> None:
    """The connection is closed, reset or falls silent at the beginning, in the middle and at the end of every message."""
    rows = study(tmp_path, 2)
    with Proxy(empty.port) as proxy:
        assert all(sent.ok for sent in send_objects(through(proxy), rows))
        up, down = proxy.passed["up"], proxy.passed["down"]
    truth = {row.sop_instance_uid: data_set_of(row.file) for row in rows}
    assert empty.data_sets() == truth
    places = {"up": _places(up), "down": _places(down)}
    for kind, way in itertools.product(("close", "reset", "silence"), ("up", "down")):
        for after in places[way] if kind != "silence" else places[way][::4]:
            for left in empty.folder.iterdir():
                left.unlink(missing_ok=True)  # the server may still be taking away what broke off
            began_s = time.monotonic()
            with Proxy(empty.port, Fault(kind, way, after)) as proxy:  # type: ignore[arg-type]
                sent = send_objects(through(proxy), rows, HASTY)
            assert time.monotonic() - began_s < 5, (kind, way, after)
            there = empty.data_sets()
            for one in sent:
                assert one.what or one.ok
                if one.ok:
                    assert there[one.sop_instance_uid] == truth[one.sop_instance_uid], (kind, way, after)


def _places(total: int) -> list[int]:
    """Bytes after which a fault comes: the very first ones, and twelve more over all that goes."""
    return sorted({0, 1, 6, 7, *(total * part // 12 for part in range(1, 12)), total - 11, total - 1})


def test_any_byte_of_the_answers_changed_is_noticed_or_harmless(tmp_path: Path, empty: Storescp) -> None:
    rows = study(tmp_path, 1)
    with Proxy(empty.port) as proxy:
        send_objects(through(proxy), rows)
        down = proxy.passed["down"]
    for after in range(0, down, 5):
        with Proxy(empty.port, Fault("flip", "down", after)) as proxy:
            (sent,) = send_objects(through(proxy), rows, HASTY)
        assert sent.ok or sent.what.endswith("."), after


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x02\0\xff\xff\xff\xff", b"\x02\0\0\0\0\4abcd", b"\x09\0\0\0\0\0",
     b"\x03\0\0\0\0\4\0\1\1\7", b"\x03\0\0\0\0\0", b"\x07\0\0\0\0\4\0\0\2\6", b"\x07\0\0\0\0\0", b"\x04\0\0\0\0\0"],
)  # fmt: skip
def test_what_does_not_speak_dicom_gets_a_sentence(answer: bytes) -> None:
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            client, _ = listening.accept()
            with client:
                client.recv(65536)
                client.sendall(answer)

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(NetworkError, match=r"[.!]$"):
            echo(parse_address(f"ANY@127.0.0.1:{listening.getsockname()[1]}"), HASTY)
        thread.join(5)
