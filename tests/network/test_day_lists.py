"""A day's list from a practice program's own export: CSV, calendar, FHIR; what names nobody is counted."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.cli import main
from workstation.network.day_lists import NoDayList, read_day_list

DAY = date(2026, 11, 30)
CSV = """Patient ID;Name;DOB;Gender;Date;Time;Treatment;Doctor
4711;Žižková^Anna;1990-02-03;F;30.11.2026;14:30;Nasolabial fold;Dr. Åsa
4712;Novak, Eva;03.02.1985;w;2026-11-30;9:15;;
4713;Plain;;;2026-12-01;10:00;;
;Nobody;;;2026-11-30;10:00;;
4714;Later;;;next week;10:00;;
"""
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:a-1@clinic
DTSTART;TZID=Europe/Vienna:20261130T143000
SUMMARY:Žižková\\, Anna - Nasolabial fold
DESCRIPTION:Patient ID: 4711\\nBorn: 1990-02-03\\nSex: F
END:VEVENT
BEGIN:VEVENT
UID:a-2@clinic
DTSTART:20261130T091500
SUMMARY:Novak^Eva
DESCRIPTION:MRN: 4712
END:VEVENT
BEGIN:VEVENT
UID:a-3@clinic
DTSTART:20261130T120000
SUMMARY:Lunch
END:VEVENT
BEGIN:VEVENT
UID:a-4@clinic
DTSTART:20261130T120000
STATUS:CANCELLED
SUMMARY:Gone^Away
DESCRIPTION:MRN: 4799
END:VEVENT
BEGIN:VEVENT
UID:a-5@clinic
DTSTART:20261101T120000
RRULE:FREQ=DAILY
SUMMARY:Every^Day
DESCRIPTION:MRN: 4798
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def fhir() -> dict[str, Any]:
    def appointment(number: str, patient: str, start: str, **more: Any) -> dict[str, Any]:
        actors = [{"actor": {"reference": f"Patient/{patient}"}},
                  {"actor": {"reference": "Practitioner/1", "display": "Dr. Åsa"}}]  # fmt: skip
        return {"resource": {"resourceType": "Appointment", "id": number, "status": "booked", "start": start,
                             "participant": actors, **more}}  # fmt: skip

    def patient(key: str, number: str, family: str, given: str) -> dict[str, Any]:
        return {"resource": {"resourceType": "Patient", "id": key, "identifier": [{"value": number}],
                             "name": [{"family": family, "given": [given]}], "birthDate": "1990-02-03",
                             "gender": "female"}}  # fmt: skip

    return {
        "resourceType": "Bundle",
        "entry": [
            patient("p1", "4711", "Žižková", "Anna"),
            patient("p2", "4712", "Novak", "Eva"),
            appointment("1", "p1", "2026-11-30T14:30:00+01:00", description="Nasolabial fold"),
            appointment("2", "p2", "2026-11-30T09:15:00+01:00"),
            appointment("3", "nobody", "2026-11-30T10:00:00+01:00"),
            appointment("4", "p1", "2026-11-30T11:00:00+01:00", status="cancelled"),
            {"resource": {"resourceType": "Appointment", "status": "booked", "start": 5}},
        ],
    }


@pytest.fixture(autouse=True)
def _vienna(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clinic's clock that is not UTC."""
    import time

    monkeypatch.setenv("TZ", "Europe/Vienna")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "text", "kind", "broken"),
    [("day.csv", CSV, "csv", 2), ("day.ics", ICS, "calendar", 2), ("day.json", json.dumps(fhir()), "fhir", 2)],
)
def test_the_same_day_from_each_form(
    name: str, text: str, kind: str, broken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    assert main(["worklist", "--from", str(path), "--date", "2026-11-30", "--json"]) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert (told["file"], told["kind"], told["broken"], told["fresh"]) == (str(path), kind, broken, True)
    eva, anna = told["steps"]
    assert (anna["patient_id"], anna["patient_name"], anna["start_time"]) == ("4711", "Žižková^Anna", "14:30:00")
    assert (anna["birth_date"], anna["sex"], anna["step"]) == ("1990-02-03", "F", "Nasolabial fold")
    assert (eva["patient_id"], eva["patient_name"], eva["start_time"]) == ("4712", "Novak^Eva", "09:15:00")
    assert anna["study_instance_uid"] != eva["study_instance_uid"]
    again = read_day_list(path, DAY).worklist.steps
    assert [s.study_instance_uid for s in again] == [eva["study_instance_uid"], anna["study_instance_uid"]]
    assert str(broken) in captured.err
    assert "Novak" not in captured.err


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Patient ID,Name,Start\n1,Novak^Eva,2026-11-30T09:30\n", [("1", "09:30:00")]),
        ("MRN,Name,Date\n1,Novak^Eva,2026-11-30 09:30\n", [("1", "09:30:00")]),
        ("MRN,Name,Date,Time\n1,Novak^Eva,2026-11-30,9:30 PM\n2,A^B,11/30/2026,9:00\n", [("1", "21:30:00")]),
        ("MRN,Name,Date\n1,Nov\x00ak,2026-11-30\n2,\x1b[31mRed,2026-11-30\n3,Sound,2026-11-30\n", [("3", "")]),
    ],
    ids=["start", "both", "afternoon", "control signs"],
)
def test_what_practice_programs_write(text: str, names: list[tuple[str, str]], tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text(text, encoding="utf-8")
    found = read_day_list(path, DAY).worklist
    assert [(step.patient_id, step.start_time) for step in found.steps] == names
    assert len(found.steps) + found.broken == text.count("\n") - 1


def test_of_several_identifiers_and_names_the_one_that_holds_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "day.json"
    document = fhir()
    eva = document["entry"][1]["resource"]
    record = {"use": "secondary", "type": {"coding": [{"code": "MR"}]}, "value": "4712"}
    names = [{"use": "nickname", "given": ["Evi"]}, {"use": "official", "family": "Novak", "given": ["Eva"]}]
    for identifiers in (
        [{"use": "old", "value": "1"}, {"use": "official", "value": "2"}, {"use": "usual", "value": "4712"}],
        [{"use": "usual", "value": "social security"}, record],
        [{"use": "temp", "value": "3"}, {"value": "4712"}],
    ):
        eva["identifier"], eva["name"] = identifiers, names
        path.write_text(json.dumps(document))
        assert [s.patient_id for s in read_day_list(path, DAY).worklist.steps] == ["4712", "4711"], identifiers
        assert read_day_list(path, DAY).worklist.steps[0].patient_name == "Novak^Eva"


@pytest.mark.parametrize("reference", ["https://fhir.example/R4/Patient/p2", "Patient/p2/_history/3", "urn:uuid:eva"])
def test_patients_are_found_by_any_kind_of_reference(reference: str, tmp_path: Path) -> None:
    document = fhir()
    document["entry"][1]["fullUrl"] = "urn:uuid:eva"
    for place in ("participant", "subject"):
        again = json.loads(json.dumps(document))
        one = again["entry"][3]["resource"]
        one["participant"] = [{"actor": {"reference": reference}}] if place == "participant" else []
        one |= {"subject": {"reference": reference}} if place == "subject" else {}
        (tmp_path / "day.json").write_text(json.dumps(again))
        assert [s.patient_id for s in read_day_list(tmp_path / "day.json", DAY).worklist.steps] == ["4712", "4711"]


def test_several_calendars_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "day.ics").write_bytes((ICS + ICS.replace("MRN: 4712", "MRN: 4715")).encode())
    found = read_day_list(tmp_path / "day.ics", DAY).worklist
    assert {step.patient_id for step in found.steps} == {"4711", "4712", "4715"}


def test_a_file_that_is_not_there_is_no_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worklist", "--from", str(tmp_path / "day.csv")]) == 1
    assert "There is no file" in capsys.readouterr().err


def test_a_list_of_yesterday_says_how_old_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "day.csv"
    path.write_text(CSV, encoding="utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert main(["worklist", "--from", str(path), "--date", "all"]) == 0
    captured = capsys.readouterr()
    assert "written" in captured.err
    assert "4713" in captured.out


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a;b\n1;2\n",
        CSV.encode("cp1250", "replace"),
        b"{",
        b'{"resourceType": "Bundle"}',
        b"[1, 2]",
        b"BEGIN:VCALENDAR\r\nBEGIN:",
        ICS.replace("END:VCALENDAR", "").encode(),
        (ICS + ICS.replace("END:VCALENDAR", "")).encode(),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert main(["worklist", "--from", str(path)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(path) in said


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([CSV.encode(), ICS.encode(), json.dumps(fhir()).encode()]),
    st.integers(0, 10**6),
    st.binary(max_size=3),
)
def test_a_damaged_list_is_read_or_refused(data: bytes, place: int, with_bytes: bytes) -> None:
    import tempfile

    place %= len(data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data[:place] + with_bytes + data[place + 1 :])
        try:
            assert read_day_list(path, None).worklist.complete
        except NoDayList as error:
            assert "\n" not in str(error)
