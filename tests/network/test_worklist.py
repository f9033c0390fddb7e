"""The worklist from DCMTK's wlmscpfs: who is scheduled, in every script; what is broken or old is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID
from pynetdicom import AE, evt

from dicom_io.errors import NetworkError
from dicom_io.network import Node, Patience, worklist
from dicom_io.network.find import MODALITY_WORKLIST, find
from tests.interop.tools import tool
from tests.network.servers import free_port, running
from workstation.network.schedule import Question, ask

HASTY = Patience(connect_s=5, associate_s=5, answer_s=5)
DAY = date(2026, 11, 30)
NAMES = ("Müller^Änne", "Иванова^Анна", "山田^太郎", "Doe^Jane")


def entry(number: int, name: str, **more: Any) -> Dataset:
    """One file of wlmscpfs."""
    data, step = Dataset(), Dataset()
    data.SpecificCharacterSet = "ISO_IR 192"
    data.AccessionNumber, data.ReferringPhysicianName = f"A{number}", ""
    data.PatientName, data.PatientID = name, f"P{number}"
    data.PatientBirthDate, data.PatientSex = "19900203", "F"
    data.StudyInstanceUID = f"1.2.3.{number}"
    data.RequestedProcedureID, data.RequestedProcedureDescription = f"R{number}", "Lip augmentation"
    step.Modality, step.ScheduledStationAETitle = "US", "ROOM2"
    step.ScheduledProcedureStepStartDate, step.ScheduledProcedureStepStartTime = "20261130", f"{8 + number % 10:02}3000"
    step.ScheduledPerformingPhysicianName = "Ångström^Åsa"
    step.ScheduledProcedureStepDescription, step.ScheduledProcedureStepID = "Ultrasound of the lips", f"S{number}"
    for keyword, value in more.items():
        setattr(step if keyword.startswith("Scheduled") or keyword == "Modality" else data, keyword, value)
    data.ScheduledProcedureStepSequence = [step]
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
    data.file_meta.MediaStorageSOPClassUID = UID(MODALITY_WORKLIST)
    data.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.3.9.{number}")
    return data


@contextmanager
def wlmscpfs(folder: Path, entries: list[Dataset], charset: str = "-csk") -> Iterator[Node]:
    place = folder / "lists" / "WORKLIST"
    place.mkdir(parents=True)
    (place / "lockfile").touch()
    for number, data in enumerate(entries):
        dcmwrite(place / f"{number}.wl", data, enforce_file_format=True)
    port = free_port()
    with running(
        [tool("wlmscpfs"), "-dfr", charset, "-dfp", folder / "lists", port],
        port,
        folder / "wlmscpfs.log",
        TCP_NODELAY="1",
    ):
        yield Node("WORKLIST", "127.0.0.1", port)


@pytest.mark.parametrize("charset", ["-csk", "-cs0"])
def test_who_is_scheduled_is_told_in_every_script(tmp_path: Path, charset: str) -> None:
    """Also by a server that does not say in which character set it speaks."""
    entries = [entry(n, name) for n, name in enumerate(NAMES)]
    entries.append(entry(7, "Other^Day", ScheduledProcedureStepStartDate="20261201"))
    entries.append(entry(8, "Other^Modality", Modality="MR"))
    entries.append(entry(9, "No^Step", ScheduledProcedureStepID=""))
    with wlmscpfs(tmp_path, entries, charset) as node:
        found = worklist(node, DAY, patience=HASTY)
        assert [step.patient_name for step in found.steps] == list(NAMES)
        first = found.steps[0]
        assert (first.patient_id, first.birth_date, first.sex, first.accession_number) == (
            "P0",
            "1990-02-03",
            "F",
            "A0",
        )
        assert (first.study_instance_uid, first.step_id, first.start_date, first.start_time) == (
            "1.2.3.0", "S0", "2026-11-30", "08:30:00",
        )  # fmt: skip
        assert (first.station_title, first.physician, first.requested_procedure) == (
            "ROOM2",
            "Ångström^Åsa",
            "Lip augmentation",
        )
        assert (found.broken, found.complete) == (1, True), "an entry without a step's id can be recorded by nobody"
        assert {step.modality for step in worklist(node, DAY, "", patience=HASTY).steps} == {"US", "MR"}
        assert len(worklist(node, None, patience=HASTY).steps) == 5
        assert not worklist(node, DAY, "US", "ROOM1", HASTY).steps
        with pytest.raises(NetworkError):
            find(node, "1.2.840.10008.5.1.4.1.2.2.1", Dataset(), HASTY)


def test_an_old_answer_is_shown_with_its_age_when_the_server_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path / "state"))
    question = Question(DAY, "US", "")
    with wlmscpfs(tmp_path, [entry(1, "Doe^Jane")]) as node:
        told = ask(node, question, HASTY)
        assert told.fresh and len(told.steps) == 1
    away = ask(node, question, HASTY)
    assert not away.fresh and away.steps == told.steps and away.why and away.asked_at
    (kept,) = (tmp_path / "state").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert ask(node, Question(date(2026, 12, 1), "US", ""), HASTY).steps == (), "the answer to another question is none"
    kept.write_text('{"question": {}, "answer"')
    assert ask(node, question, HASTY).steps == ()


def test_broken_entries_among_many_are_counted(tmp_path: Path) -> None:
    """Every hundredth names no patient, and one more no step."""
    made = [entry(1, "Doe^Jane"), entry(1, "Doe^Jane", PatientID=""), entry(1, "Doe^Jane", ScheduledProcedureStepID="")]
    with wlmscpfs(tmp_path, made) as node:
        place = tmp_path / "lists" / "WORKLIST"
        kinds = [(place / f"{n}.wl").read_bytes() for n in range(3)]
        for number in range(3, 500):
            (place / f"{number}.wl").write_bytes(kinds[_kind(number)])
        found = worklist(node, DAY, patience=Patience(5, 5, 60))
        assert (len(found.steps), found.broken, found.complete) == (490, 10, True)
        few = find(node, MODALITY_WORKLIST, _any(), Patience(5, 5, 60), most=20)
        assert len(few.rows) == 20 and not few.complete


def _kind(number: int) -> int:
    return {1: 1, 2: 2}.get(number % 100, 0)


def _any() -> Dataset:
    asked = Dataset()
    asked.PatientID = asked.PatientName = ""
    return asked


def test_a_server_that_fails_is_said(tmp_path: Path) -> None:
    ris = AE("RIS")
    ris.add_supported_context(MODALITY_WORKLIST)
    port = free_port()

    def fails(event: Any) -> Iterator[tuple[int, None]]:
        yield 0xA700, None

    server = ris.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_FIND, fails)])
    assert server is not None
    try:
        with pytest.raises(NetworkError, match="A700H"):
            worklist(Node("RIS", "127.0.0.1", port), DAY, patience=HASTY)
    finally:
        server.shutdown()
