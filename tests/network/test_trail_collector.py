"""The audit trail to a real rsyslog over TLS: nothing lost while it is away, nothing for who has no certificate."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive
from audit.trail import TrailAct, TrailEvent, message_of
from dicom_io.errors import NetworkError, NotSecure, Unreachable
from dicom_io.network import Tls
from tests.archive.objects import ultrasound
from tests.interop.tools import tool
from tests.network.authority import Authority, authority
from tests.network.servers import free_port, running
from workstation.cli import main
from workstation.network.collector import send_trail, waiting
from workstation.network.syslog import SyslogMessage, deliver
from workstation.settings import CollectorSettings

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Rsyslog:
    """How a collector is set, and where it writes what it gets, a line each."""

    folder: Path
    port: int
    tls: Tls

    @property
    def lines(self) -> list[str]:
        file = self.folder / "got.log"
        return file.read_text().splitlines() if file.exists() else []

    @contextmanager
    def running(self) -> Iterator[None]:
        """It writes all that it has when it is told to end."""
        self.folder.mkdir(exist_ok=True)
        config = self.folder / "rsyslog.conf"
        config.write_text(
            f"""
            global(workDirectory="{self.folder}" maxMessageSize="64k" defaultNetstreamDriver="gtls"
              defaultNetstreamDriverCAFile="{self.tls.trusted}" defaultNetstreamDriverCertFile="{self.tls.certificate}"
              defaultNetstreamDriverKeyFile="{self.tls.key}")
            module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
            input(type="imtcp" address="127.0.0.1" port="{self.port}")
            template(name="raw" type="string" string="%rawmsg%\\n")
            action(type="omfile" file="{self.folder}/got.log" template="raw")
            """
        )
        program = self.folder / "rsyslogd"  # a copy: Ubuntu's AppArmor lets the one in its place read /etc alone
        shutil.copy(tool("rsyslogd"), program)
        words = [program, "-n", "-f", config, "-i", self.folder / "pid"]
        with running(words, self.port, self.folder / "rsyslog.out"):
            yield


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def collectors(ours: Authority) -> Tls:
    return ours.sign("collector")


@pytest.fixture
def rsyslog(tmp_path: Path, collectors: Tls) -> Rsyslog:
    return Rsyslog(tmp_path / "rsyslog", free_port(), collectors)


@pytest.fixture(scope="module")
def client(ours: Authority) -> Tls:
    return ours.sign("workstation")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "a") as kept:
        kept.put(ultrasound(study="1.2.3"))
        yield kept


def tell(archive: Archive, number: int) -> None:
    for n in range(number):
        archive.tell(message_of(TrailEvent(TrailAct.OPENED, MOMENT, f"åsa{n}", "desk-1", ("1.2.3",))))


def settings(rsyslog: Rsyslog, tls: Tls) -> CollectorSettings:
    return CollectorSettings(
        host="127.0.0.1",
        port=rsyslog.port,
        trusted=str(tls.trusted),
        certificate=str(tls.certificate),
        key=str(tls.key),
    )


def numbers(rsyslog: Rsyslog) -> list[int]:
    return [int(found[1]) for line in rsyslog.lines if (found := re.search(r'sequenceId="(\d+)"', line))]


@pytest.mark.requirement("S20")
def test_what_waited_while_it_was_away_arrives_once_and_whole(archive: Archive, rsyslog: Rsyslog, client: Tls) -> None:
    collector = settings(rsyslog, client)
    tell(archive, 3)
    with pytest.raises(Unreachable, match="waits"):
        send_trail(archive, collector)
    assert waiting(archive, collector) == 3
    with rsyslog.running():
        assert send_trail(archive, collector).sent == 3
        tell(archive, 2)
        assert send_trail(archive, collector).sent == 2
        assert send_trail(archive, collector).sent == 0
    with pytest.raises(NetworkError):
        tell(archive, 1)
        send_trail(archive, collector)
    with rsyslog.running():
        assert send_trail(archive, collector).sent == 1
    assert numbers(rsyslog) == [2, 3, 4, 5, 6, 7], "the lines of the ledger"
    head, _, message = rsyslog.lines[0].partition("<AuditMessage")
    assert re.fullmatch(
        r'<85>1 2026-03-02T09:30:00\.000\+00:00 desk-1 sonofill \d+ DICOM\+RFC3881 \[meta sequenceId="2"\] \ufeff?',
        head,
    )
    assert ET.fromstring("<AuditMessage" + message).find("ActiveParticipant").attrib["UserID"] == "åsa0"  # type: ignore[union-attr]


def test_who_has_no_trusted_certificate_is_told_and_gives_nothing_away(
    tmp_path: Path, archive: Archive, rsyslog: Rsyslog, client: Tls, ours: Authority
) -> None:
    stranger = authority(tmp_path / "stranger", "stranger").sign("stranger")
    tell(archive, 1)
    with rsyslog.running():
        with pytest.raises(NotSecure, match="certificate that is trusted"):  # we do not trust it
            send_trail(archive, settings(rsyslog, stranger))
        with pytest.raises(NetworkError):  # it does not trust us
            send_trail(archive, settings(rsyslog, replace(stranger, trusted=ours.certificate)))
        assert waiting(archive, settings(rsyslog, client)) == 1
    assert rsyslog.lines == []


def test_a_collector_that_breaks_off_has_taken_nothing(archive: Archive, client: Tls, collectors: Tls) -> None:
    """It reads a part and is killed with the rest unread: its system resets the connection, and all of it is sent again."""
    import socket
    import ssl
    import threading

    from dicom_io.network.tls import called_context

    context = called_context(collectors)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take_a_little() -> None:
            plain, _ = server.accept()
            with context.wrap_socket(plain, server_side=True) as secured:
                secured.recv(10)
                # the socket is closed here with bytes that nobody read

        thread = threading.Thread(target=take_a_little)
        thread.start()
        many = [SyslogMessage(MOMENT, "desk-1", n, "x" * 2000) for n in range(2000)]
        with pytest.raises((NetworkError, ssl.SSLError)) as raised:
            deliver("127.0.0.1", server.getsockname()[1], client, many)
        assert isinstance(raised.value, NetworkError)
        thread.join()


def test_a_rolled_back_ledger_is_sent_from_its_beginning(archive: Archive, rsyslog: Rsyslog, client: Tls) -> None:
    collector = settings(rsyslog, client)
    tell(archive, 2)
    with rsyslog.running():
        send_trail(archive, collector)
        ledger = archive.root / "ledger.jsonl"
        ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:2]))
        assert send_trail(archive, collector).sent == 1
    assert numbers(rsyslog) == [2, 3, 2]


def test_the_command(
    archive: Archive, rsyslog: Rsyslog, client: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    words = ["trail", "send", "--archive", str(archive.root), "--json"]
    assert main(words) == 1 and "No collector is set" in capsys.readouterr().err
    (tmp_path / "config").mkdir()
    told = {"trail_collector": settings(rsyslog, client).model_dump()}
    (tmp_path / "config" / "settings.json").write_text(json.dumps(told))
    tell(archive, 1)
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)["waiting"] == 1
    with rsyslog.running():
        assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["sent"] == 1
    out = tmp_path / "trail.xml"
    assert main(["trail", "export", "--out", str(out), "--archive", str(archive.root)]) == 0
    assert out.read_text().startswith("<AuditMessage>") and "desk-1" in rsyslog.lines[0]
