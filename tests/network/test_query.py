"""Query and retrieve: with Orthanc (a JPEG clip comes back as JPEG) and DCMTK's dcmqrscp; MPPS with pynetdicom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.encaps import generate_frames
from pynetdicom import AE, evt

from archive import Archive
from dicom_io import encode_clip, new_uid
from dicom_io.errors import NetworkError, Refused
from dicom_io.network import Node, Patience, studies_there
from dicom_io.network.mpps import PERFORMED_STEP, Step, begin_step, end_step
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, jpeg_clip
from tests.interop.tools import tool
from tests.network.servers import Pacs, free_port, orthanc, running
from tests.network.test_store import study
from workstation.network.retrieving import retrieve
from workstation.network.sending import send_objects

HASTY = Patience(connect_s=5, associate_s=5, answer_s=10)


@contextmanager
def dcmqrscp(folder: Path, listen: int) -> Iterator[Node]:
    """DCMTK's archive, which knows us at `listen`."""
    (folder / "db").mkdir(parents=True)
    port = free_port()
    (folder / "dcmqrscp.cfg").write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
        f"HostTable BEGIN\nus = (SONOFILL, 127.0.0.1, {listen})\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"
        f"AETable BEGIN\nDCMQR {folder / 'db'} RW (500, 1024mb) ANY\nAETable END\n"
    )
    with running([tool("dcmqrscp"), "-c", folder / "dcmqrscp.cfg"], port, folder / "dcmqrscp.log"):
        yield Node("DCMQR", "127.0.0.1", port)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pacs, int]]:
    listen = free_port()
    settings = {
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "DefaultEncoding": "Utf8",
    }
    modality: list[object] = ["SONOFILL", "127.0.0.1", listen]
    with orthanc(tmp_path_factory.mktemp("orthanc"), {"us": modality}, **settings) as pacs:
        yield pacs, listen


@pytest.mark.parametrize("by", ["get", "move"])
def test_a_clip_comes_back_from_orthanc_as_the_jpeg_that_it_was(
    place: tuple[Pacs, int], tmp_path: Path, by: str
) -> None:
    pacs, listen = place
    uid = STUDY.study_instance_uid
    (item,) = encode_clip(jpeg_clip(tmp_path / "clip", 6), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    with Archive(tmp_path / "ours") as archive:
        archive.put(item)
        rows = archive.objects(uid)
    assert all(sent.ok for sent in send_objects(pacs.node, rows))
    (found,), broken = studies_there(
        pacs.node, patient_id=STUDY.patient.patient_id, study_instance_uid=uid, patience=HASTY
    )
    assert broken == 0 and found.study_instance_uid == uid and found.patient_name == STUDY.patient.name
    with Archive(tmp_path / "back") as archive:
        brought = retrieve(archive, pacs.node, uid, ("127.0.0.1", listen) if by == "move" else None, HASTY)
        assert brought.whole and brought.kept >= 1, brought
        back = dcmread(archive.path_of(item.sop_instance_uid))
        assert archive.verify().ok
    went = dcmread(rows[0].file)
    assert back.file_meta.TransferSyntaxUID == went.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.50"
    frames = [list(generate_frames(d.PixelData, number_of_frames=6)) for d in (went, back)]
    assert frames[0] == frames[1]
    assert {e.tag: e.value for e in went if e.tag.group < 0x7FE0} == {
        e.tag: e.value for e in back if e.tag.group < 0x7FE0
    }


def test_query_and_both_ways_of_bringing_work_with_dcmqrscp(tmp_path: Path) -> None:
    rows = study(tmp_path, 3)
    listen = free_port()
    with dcmqrscp(tmp_path, listen) as node:
        assert all(sent.ok for sent in send_objects(node, rows))
        (found,), _ = studies_there(node, patient_id="P1", patience=HASTY)
        uid = found.study_instance_uid
        assert studies_there(node, patient_name="Nobody*", patience=HASTY) == ([], 0)
        for way, folder in ((None, "get"), (("127.0.0.1", listen), "move")):
            with Archive(tmp_path / folder) as archive:
                assert retrieve(archive, node, uid, way, HASTY).whole
                assert len(archive.objects(uid)) == 3 and archive.verify().ok
        with Archive(tmp_path / "none") as archive:
            nothing = retrieve(archive, node, "1.2.3.4.5", None, HASTY)
            assert not nothing.whole and nothing.kept == 0


def test_a_destination_that_the_server_does_not_know_is_said(place: tuple[Pacs, int], tmp_path: Path) -> None:
    pacs, _ = place
    stranger = Node("ORTHANC", "127.0.0.1", pacs.port, "STRANGER")
    with Archive(tmp_path / "archive") as archive, pytest.raises(NetworkError):
        retrieve(archive, stranger, STUDY.study_instance_uid, ("127.0.0.1", free_port()), HASTY)


def test_a_procedure_is_begun_and_ended_at_the_ris() -> None:
    """None of Orthanc and DCMTK has MPPS: pynetdicom stands for the RIS."""
    told: list[tuple[str, Any]] = []

    def create(event: Any) -> tuple[int, Any]:
        told.append((event.request.AffectedSOPInstanceUID, event.attribute_list))
        return 0x0000, event.attribute_list

    def change(event: Any) -> tuple[int, Any]:
        if event.request.RequestedSOPInstanceUID != told[0][0]:
            return 0x0112, None
        told.append((event.request.RequestedSOPInstanceUID, event.modification_list))
        return 0x0000, event.modification_list

    ris = AE("RIS")
    ris.add_supported_context(PERFORMED_STEP)
    port = free_port()
    handlers = [(evt.EVT_N_CREATE, create), (evt.EVT_N_SET, change)]
    server = ris.start_server(("127.0.0.1", port), block=False, evt_handlers=handlers)  # type: ignore[arg-type]
    assert server is not None
    node = Node("RIS", "127.0.0.1", port)
    uid, at = new_uid(), datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    step = Step(
        "P1", "山田^太郎", "1990-02-03", "F", "1.2.3", "PPS1", at, "Lips", scheduled_step_id="S1", accession_number="A1"
    )
    try:
        begin_step(node, uid, step, HASTY)
        series = {
            "1.2.3.1": [("1.2.840.10008.5.1.4.1.1.6.1", "1.2.3.1.1"), ("1.2.840.10008.5.1.4.1.1.88.33", "1.2.3.1.2")]
        }
        end_step(node, uid, at, series, operator="Doe^Jane", patience=HASTY)
        with pytest.raises(Refused, match="0112"):
            end_step(node, new_uid(), at, {}, completed=False, patience=HASTY)
    finally:
        server.shutdown()
    (_, begun), (_, ended) = told
    assert (begun.PerformedProcedureStepStatus, str(begun.PatientName)) == ("IN PROGRESS", "山田^太郎")
    scheduled = begun.ScheduledStepAttributesSequence[0]
    assert (scheduled.ScheduledProcedureStepID, scheduled.AccessionNumber, scheduled.StudyInstanceUID) == (
        "S1",
        "A1",
        "1.2.3",
    )
    assert ended.PerformedProcedureStepStatus == "COMPLETED"
    made = ended.PerformedSeriesSequence[0]
    assert made.ReferencedImageSequence[0].ReferencedSOPInstanceUID == "1.2.3.1.1"
    assert made.ReferencedNonImageCompositeSOPInstanceSequence[0].ReferencedSOPInstanceUID == "1.2.3.1.2"
