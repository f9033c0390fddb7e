"""Secured connections, certificates on both sides: with DCMTK, Orthanc and pynetdicom; and who gets nothing."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pynetdicom import AE

from archive.outbox import Queue
from dicom_io.errors import BadCertificate, ConnectionLost, NetworkError, NoAnswer, NotSecure
from dicom_io.network import KnownCallers, Node, Patience, Server, Tls, echo
from dicom_io.network.tls import called_context, calling_context
from tests.network.authority import Authority, authority
from tests.network.servers import Storescp, data_set_of, free_port, orthanc, storescp
from tests.network.test_store import study
from workstation.network.committing import Committing
from workstation.network.sending import send_objects

HASTY = Patience(connect_s=5, associate_s=3, answer_s=3)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def client(ours: Authority) -> Tls:
    return ours.sign("workstation")


@pytest.fixture(scope="module")
def server(ours: Authority) -> Tls:
    return ours.sign("server")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, ours: Authority) -> Tls:
    """A certificate of another authority, which trusts ours."""
    return replace(
        authority(tmp_path_factory.mktemp("stranger"), "stranger").sign("stranger"), trusted=ours.certificate
    )


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, server: Tls) -> Iterator[Storescp]:
    words = ("+tls", server.key, server.certificate, "+cf", server.trusted, "-rc")
    with storescp(tmp_path_factory.mktemp("secured"), *words) as running:
        yield running


def at(port: int, tls: Tls | None, title: str = "STORESCP", host: str = "127.0.0.1") -> Node:
    return Node(title, host, port, tls=tls)


def test_a_study_goes_through_to_dcmtk_and_to_orthanc(
    tmp_path: Path, secured: Storescp, client: Tls, server: Tls
) -> None:
    rows = study(tmp_path, 3, size=700)
    assert all(sent.ok for sent in send_objects(at(secured.port, client), rows))
    assert secured.data_sets() == {row.sop_instance_uid: data_set_of(row.file) for row in rows}
    settings = {
        "DicomTlsEnabled": True, "DicomTlsCertificate": str(server.certificate), "DicomTlsPrivateKey": str(server.key),
        "DicomTlsTrustedCertificates": str(server.trusted), "DicomTlsRemoteCertificateRequired": True,
    }  # fmt: skip
    listen = free_port()
    us = {"AET": "SONOFILL", "Host": "127.0.0.1", "Port": listen, "UseDicomTls": True}
    with orthanc(tmp_path / "orthanc", {"us": us}, **settings) as pacs:
        sent = send_objects(at(pacs.port, client, "ORTHANC"), rows)
        assert all(one.ok for one in sent), sent
        assert all(len(pacs.find(row.sop_instance_uid)) == 1 for row in rows)
        with pytest.raises(NetworkError):
            echo(at(pacs.port, None, "ORTHANC"), HASTY)
        node = at(pacs.port, client, "ORTHANC")
        queue = Queue(tmp_path / "archive")
        queue.add_sent(node.address, rows, "1.2.3")
        found = Committing(queue, node, node.address, HASTY, ("127.0.0.1", listen)).run(None, 20)
        queue.close()
        assert (found.asked, found.committed) == (3, 3), "its call back is secured too"


def test_whom_we_do_not_trust_we_do_not_talk_to(secured: Storescp, client: Tls, stranger: Tls, ours: Authority) -> None:
    assert echo(at(secured.port, client), HASTY).implementation.startswith("OFFIS")
    with pytest.raises(NotSecure, match="certificate"):
        echo(at(secured.port, replace(client, trusted=stranger.certificate)), HASTY)
    # 'localhost' is not what its certificate is for: refused, unless that was switched off.
    with pytest.raises(NotSecure, match="localhost"):
        echo(at(secured.port, client, host="localhost"), HASTY)
    echo(at(secured.port, replace(client, any_name=True), host="localhost"), HASTY)


def test_who_has_no_certificate_of_ours_gets_nothing_from_dcmtk(secured: Storescp, stranger: Tls) -> None:
    for tls in (stranger, None):
        with pytest.raises(NetworkError) as caught:
            echo(at(secured.port, tls), HASTY)
        assert isinstance(caught.value, NotSecure | ConnectionLost | NoAnswer), caught.value


def test_our_own_server_lets_in_who_has_a_certificate_and_is_known(client: Tls, server: Tls, stranger: Tls) -> None:
    known = KnownCallers([Node("CALLER", "127.0.0.1", 104)])
    with Server("SONOFILL", known, {}, {}, host="127.0.0.1", patience=HASTY, tls=server) as listening:
        here = Node("SONOFILL", "127.0.0.1", listening.port, "CALLER", tls=client)
        assert echo(here, HASTY).implementation == "SONOFILL_1"
        for caller in (replace(here, tls=stranger), replace(here, tls=None)):
            with pytest.raises(NetworkError):
                echo(caller, HASTY)
        with socket.create_connection(("127.0.0.1", listening.port), 5) as plain:
            plain.sendall(b"\x01\0\0\0\0\xff" + bytes(255))
            with contextlib.suppress(ConnectionResetError):
                assert not plain.recv(1000).startswith((b"\x02", b"\x03")), "no DICOM before the handshake"
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2
        old.set_ciphers("AES128-SHA:AES256-SHA")  # no forward secrecy
        with socket.create_connection(("127.0.0.1", listening.port), 5) as plain, pytest.raises(OSError):
            old.wrap_socket(plain)
        with pytest.raises(NetworkError, match="title NOBODY"):
            echo(replace(here, calling_title="NOBODY"), HASTY)
        assert echo(here, HASTY)


def test_pynetdicom_and_we_talk_both_ways(client: Tls, server: Tls) -> None:
    theirs = AE("THEIRS")
    theirs.add_supported_context("1.2.840.10008.1.1")
    theirs.add_requested_context("1.2.840.10008.1.1")
    port = free_port()
    scp = theirs.start_server(("127.0.0.1", port), block=False, ssl_context=called_context(server))
    assert scp is not None
    try:
        assert echo(at(port, client, "THEIRS"), HASTY).implementation.startswith("PYNETDICOM")
    finally:
        scp.shutdown()
    known = KnownCallers([Node("THEIRS", "127.0.0.1", 104)])
    with Server("SONOFILL", known, {}, {}, host="127.0.0.1", patience=HASTY, tls=server) as listening:
        context = calling_context(client)
        association = theirs.associate(
            "127.0.0.1", listening.port, ae_title="SONOFILL", tls_args=(context, "127.0.0.1")
        )
        assert association.is_established
        assert association.send_c_echo().Status == 0
        association.release()


def test_files_that_cannot_be_used_are_named(tmp_path: Path, client: Tls, ours: Authority) -> None:
    key = tmp_path / "key"
    key.write_bytes(client.key.read_bytes())
    key.chmod(0o644)
    with pytest.raises(BadCertificate, match="chmod 600"):
        calling_context(replace(client, key=key))
    with pytest.raises(BadCertificate, match="missing"):
        calling_context(replace(client, trusted=tmp_path / "missing"))
    locked = ours.sign("locked", password="secret words")
    calling_context(locked)
    with pytest.raises(BadCertificate) as caught:
        calling_context(replace(locked, key_password="wrong"))
    assert "secret words" not in str(caught.value) + repr(locked)
