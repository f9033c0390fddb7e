"""Storage commitment with Orthanc, which calls back; and with pynetdicom, which answers on the same association."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset
from pynetdicom import AE, build_role, evt

from archive import ObjectRow
from archive.outbox import Item, Queue, Runner, asked, item_states, reported, to_commit
from dicom_io.errors import DicomError, NetworkError
from dicom_io.network import Node, Patience, Report, associate, echo, parse_address
from dicom_io.network.commit import PUSH_MODEL, read_report
from dicom_io.network.negotiate import Proposal
from tests.network.servers import Pacs, free_port, orthanc
from tests.network.test_store import study
from workstation.network.committing import Committing, commitment_server
from workstation.network.outgoing import StoreSender

IMPLICIT = "1.2.840.10008.1.2"
HASTY = Patience(connect_s=5, associate_s=3, answer_s=3)


@dataclass(frozen=True)
class Place:
    pacs: Pacs
    listen: int


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    listen = free_port()
    with orthanc(tmp_path_factory.mktemp("orthanc"), {"us": ["SONOFILL", "127.0.0.1", listen]}) as pacs:
        yield Place(pacs, listen)


def sent(folder: Path, node: Node, count: int) -> tuple[Queue, list[ObjectRow]]:
    rows = study(folder, count)
    queue = Queue(folder / "archive")
    queue.add(node.address, rows, "1.2.3")
    assert Runner(folder / "archive", queue, StoreSender()).run().stored == count
    return queue, rows


def states(queue: Queue) -> list[str]:
    return [item.state for item in item_states(queue)]


def test_orthanc_commits_to_what_it_has_and_what_it_lost_is_sent_again(place: Place, tmp_path: Path) -> None:
    node = place.pacs.node
    queue, rows = sent(tmp_path, node, 4)
    place.pacs.delete(rows[2].sop_instance_uid)
    committing = Committing(queue, node, node.address, HASTY, ("127.0.0.1", place.listen))
    found = committing.run(None, 20)
    assert (found.asked, found.committed, found.failed, found.open) == (4, 3, 1, 0)
    assert found.why == ("it does not have it (0112H)",)
    assert states(queue) == ["committed", "committed", "waiting", "committed"]
    assert Runner(tmp_path / "archive", queue, StoreSender()).run().stored == 1
    found = Committing(queue, node, node.address, HASTY, ("127.0.0.1", place.listen)).run("1.2.3", 20)
    assert (found.asked, found.committed) == (1, 1) and set(states(queue)) == {"committed"}
    assert all(len(place.pacs.find(row.sop_instance_uid)) == 1 for row in rows)
    assert Committing(queue, node, node.address).run(None, 0).asked == 0
    queue.close()


def test_nobody_brings_a_report_but_who_was_asked(place: Place, tmp_path: Path) -> None:
    """A stranger's address, a stranger's title, a title that is not ours, a transaction that nobody began."""
    taken: list[Report] = []

    def take(report: Report) -> bool:
        taken.append(report)
        return False

    strangers = [Node("ORTHANC", "192.0.2.1", 104)]
    with (
        commitment_server("SONOFILL", strangers, take, "127.0.0.1", 0) as listening,
        pytest.raises(NetworkError, match=r"closed|broke"),
    ):
        echo(parse_address(f"SONOFILL@127.0.0.1:{listening.port}", "ORTHANC"), HASTY)
    known = [Node("ORTHANC", "localhost", 104)]
    with commitment_server("SONOFILL", known, take, "127.0.0.1", 0) as listening:
        here = f"@127.0.0.1:{listening.port}"
        assert echo(parse_address("SONOFILL" + here, "ORTHANC"), HASTY).implementation == "SONOFILL_1"
        with pytest.raises(NetworkError, match="does not know our title STRANGER"):
            echo(parse_address("SONOFILL" + here, "STRANGER"), HASTY)
        with pytest.raises(NetworkError, match="not called OTHER"):
            echo(parse_address("OTHER" + here, "ORTHANC"), HASTY)
        with pytest.raises(NetworkError, match="takes nothing"):
            associate(
                parse_address("SONOFILL" + here, "ORTHANC"), [Proposal("1.2.840.10008.5.1.4.1.1.6.1", (IMPLICIT,))]
            )
        status = _report(listening.port, "1.2.3.4", [("1.2.840.10008.5.1.4.1.1.6.1", "1.2.3")])
        assert status == 0x0110, "nobody asked for it"
        assert [report.transaction_uid for report in taken] == ["1.2.3.4"]


def _report(port: int, transaction: str, objects: list[tuple[str, str]]) -> int:
    """What a PACS does: a report on an association of its own. Returns the status that it gets."""
    ae = AE("ORTHANC")
    ae.add_requested_context(PUSH_MODEL)
    association = ae.associate("127.0.0.1", port, ae_title="SONOFILL", ext_neg=[build_role(PUSH_MODEL, scp_role=True)])
    assert association.is_established
    assert association.accepted_contexts[0].as_scp
    status, _ = association.send_n_event_report(_event(transaction, objects), 1, PUSH_MODEL, "1.2.840.10008.1.20.1.1")
    association.release()
    return int(status.Status)


def _event(transaction: str, objects: list[tuple[str, str]]) -> Dataset:
    event = Dataset()
    event.TransactionUID = transaction
    event.ReferencedSOPSequence = []
    for sop_class, uid in objects:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, uid
        event.ReferencedSOPSequence.append(item)
    return event


def test_a_report_on_the_same_association_is_taken(tmp_path: Path) -> None:
    port = free_port()
    node = parse_address(f"ASKED@127.0.0.1:{port}")
    rows = study(tmp_path, 2)
    queue = Queue(tmp_path / "archive")
    queue.add_sent(node.address, rows, "1.2.3")
    threads = []

    def answer(event: Any) -> tuple[int, None]:
        request = event.action_information
        told = _event(
            request.TransactionUID,
            [(i.ReferencedSOPClassUID, i.ReferencedSOPInstanceUID) for i in request.ReferencedSOPSequence],
        )

        def later() -> None:
            event.assoc.send_n_event_report(told, 1, PUSH_MODEL, "1.2.840.10008.1.20.1.1")

        threads.append(threading.Timer(0.3, later))
        threads[-1].start()
        return 0, None

    scp = AE("ASKED")
    scp.add_supported_context(PUSH_MODEL)
    server = scp.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_N_ACTION, answer)])
    assert server is not None
    try:
        found = Committing(queue, node, node.address, HASTY).run(None, 10)
    finally:
        for thread in threads:
            thread.join()
        server.shutdown()
    assert (found.asked, found.committed, found.open) == (2, 2, 0)
    assert set(states(queue)) == {"committed"}
    queue.close()


def test_a_report_that_comes_days_later_is_taken_once(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    rows = [ObjectRow(tmp_path / f"{n}.dcm", "1.2", f"1.2.{n}", 1, "1.2.1") for n in range(3)]
    queue.add_sent("pacs", rows, "1.2.3")
    items: list[Item] = to_commit(queue, "pacs")
    asked(queue, items, "9.9")
    queue.close()
    queue = Queue(tmp_path)
    assert not reported(queue, "", ["1.2.0"], {})
    assert not reported(queue, "8.8", ["1.2.0"], {})
    assert reported(queue, "9.9", ["1.2.0", "7.7.7"], {"1.2.1": "it does not have it"})
    assert states(queue) == ["committed", "waiting", "sent"]
    assert reported(queue, "9.9", [], {"1.2.0": "it does not have it"})
    assert states(queue) == ["committed", "waiting", "sent"]
    queue.close()


@pytest.mark.parametrize("data", [b"", b"\x08\0\x95\x11\xff\xff\xff\xff", b"\x08\0\x95\x11\x04\0\0\0 1.2", bytes(100)])
def test_a_report_that_is_none_is_not_taken(data: bytes) -> None:
    try:
        read_report(data)
    except DicomError as error:
        assert str(error).endswith(".")
