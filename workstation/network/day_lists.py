"""A day's list where no server tells one: appointments from a CSV file, a calendar file, or FHIR, as a worklist has them.

Most aesthetic clinics have no RIS. Their practice program exports one of these; the identity is copied from it and never
retyped. An entry that names no patient or no time is counted, not guessed. No Qt.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from dicom_io.context import derived_uid
from dicom_io.network import Scheduled, Worklist

_LARGEST: Final = 1 << 26  #: bytes of a file; a day's list has some thousand
_SEXES: Final = {"m": "M", "male": "M", "f": "F", "w": "F", "female": "F", "o": "O", "d": "O", "other": "O"}
_DATES: Final = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y")
_TIMES: Final = ("%H:%M:%S", "%H:%M", "%H%M%S", "%H%M")
#: The columns of a CSV file, each with the names that are taken for it.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "patient_id": ("patient_id", "patientid", "mrn", "id"),
    "patient_name": ("patient_name", "patientname", "name"),
    "family_name": ("family_name", "familyname", "last_name", "lastname", "surname"),
    "given_name": ("given_name", "givenname", "first_name", "firstname"),
    "birth_date": ("birth_date", "birthdate", "date_of_birth", "dob"),
    "sex": ("sex", "gender"),
    "date": ("date", "start_date", "appointment_date"),
    "time": ("time", "start_time", "appointment_time", "start"),
    "procedure": ("procedure", "treatment", "reason", "step"),
    "physician": ("physician", "practitioner", "doctor", "clinician"),
    "accession_number": ("accession_number", "accession"),
    "appointment_id": ("appointment_id", "appointmentid", "step_id"),
}
_LABELLED: Final = re.compile(
    r"^\s*(patient[ _-]?id|mrn|id|born|birth ?date|dob|sex|gender)\s*[:=]\s*(.+?)\s*$", re.I | re.M
)


class NoDayList(Exception):
    """The file is none that a day's list can be read from; the message is one sentence for the user."""


class _Unusable(Exception):
    """An entry that names no patient or no time."""


@dataclass(frozen=True, slots=True)
class DayList:
    """Where the list comes from (`csv`, `calendar` or `fhir`), when the file was written, and what it says."""

    kind: str
    written_at: datetime
    worklist: Worklist


def read_day_list(path: Path, day: date | None) -> DayList:
    """The appointments of `day` (None: any), by the time of day. Raises NoDayList."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise NoDayList(f"{path} cannot be read ({error.strerror}): name another file.") from error
    if len(data) > _LARGEST:
        raise NoDayList(f"{path} is too large for a list of appointments: name another file.")
    kind, entries = _reader(path, data)
    steps, broken = [], 0
    for entry in entries:
        try:
            step = _scheduled(entry)
        except _Unusable:
            broken += 1
            continue
        if day is None or step.start_date == day.isoformat():
            steps.append(step)
    steps.sort(key=lambda step: (step.start_date, step.start_time, step.patient_id))
    return DayList(kind, written, Worklist(tuple(steps), broken, complete=True))


def _reader(path: Path, data: bytes) -> tuple[str, Iterator[dict[str, str]]]:
    start = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:20].upper()
    if start.startswith(b"BEGIN:VCALENDAR"):
        return "calendar", _from_calendar(path, data)
    if start.startswith((b"{", b"[")):
        return "fhir", _from_fhir(path, data)
    return "csv", _from_csv(path, data)


def _from_csv(path: Path, data: bytes) -> Iterator[dict[str, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoDayList(f"{path} is not UTF-8 text: save it as 'CSV UTF-8', or names would come out wrong.") from error
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=max(";,\t", key=head.count))
    try:
        names = [re.sub(r"[^a-z]+", "_", name.strip().casefold()).strip("_") for name in next(rows, [])]
        places = {key: names.index(one) for key, known in COLUMNS.items() for one in reversed(known) if one in names}
        named = "patient_name" in places or "family_name" in places
        if "patient_id" not in places or "date" not in places or not named:
            raise NoDayList(
                f"{path} is no list of appointments: its first line has to name the columns patient_id, patient_name "
                "(or family_name and given_name), date and time."
            )
        for row in rows:
            if any(cell.strip() for cell in row):
                yield {key: row[at].strip() if at < len(row) else "" for key, at in places.items()}
    except csv.Error as error:
        raise NoDayList(f"{path} is no sound CSV file ({error}).") from error


def _from_calendar(path: Path, data: bytes) -> Iterator[dict[str, str]]:
    """Events: 'Family, Given' or 'Family^Given' as the summary (what follows ':' or ' - ' is the treatment), and lines
    such as 'Patient ID: 4711', 'Born: 1990-02-03', 'Sex: F' in the description."""
    from icalendar import Calendar

    try:
        events = list(Calendar.from_ical(data).walk("VEVENT"))
    except (ValueError, IndexError, KeyError) as error:
        raise NoDayList(f"{path} is a damaged calendar file ({type(error).__name__}).") from error
    for event in events:
        try:
            if str(event.get("STATUS") or "").upper() != "CANCELLED":
                yield _event(event)
        except (ValueError, TypeError, AttributeError, LookupError, OverflowError):
            yield {}  # icalendar finds a field damaged when it is looked at


def _event(event: Any) -> dict[str, str]:
    summary, _, treatment = re.sub(r"\s+[-–]\s+", ":", str(event.get("SUMMARY") or "")).partition(":")
    told = {key.casefold(): value for key, value in _LABELLED.findall(str(event.get("DESCRIPTION") or ""))}
    begun = getattr(event.get("DTSTART"), "dt", None)
    if isinstance(begun, datetime) and begun.tzinfo is not None:
        begun = begun.astimezone()  # the clinic's own day and hour
    repeats = event.get("RRULE") is not None
    return {
        "patient_id": _first(told, "patient id", "patient_id", "patient-id", "patientid", "mrn", "id"),
        "patient_name": summary,
        "birth_date": _first(told, "born", "birth date", "birthdate", "dob"),
        "sex": _first(told, "sex", "gender"),
        # Of an event that repeats nobody can tell which one is meant without the exceptions: it is counted.
        "date": begun.strftime("%Y-%m-%d") if isinstance(begun, date) and not repeats else "",
        "time": begun.strftime("%H:%M:%S") if isinstance(begun, datetime) else "",
        "procedure": treatment.strip(),
        "appointment_id": str(event.get("UID") or ""),
    }


def _from_fhir(path: Path, data: bytes) -> Iterator[dict[str, str]]:
    """A Bundle, or a list, of FHIR's Appointment with the Patient resources (R4 or R5) that they refer to."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoDayList(f"{path} is no JSON text ({type(error).__name__}).") from error
    entries = document.get("entry") if isinstance(document, dict) else document
    found = (
        [one.get("resource", one) for one in entries or () if isinstance(one, dict)]
        if isinstance(entries, list)
        else []
    )
    resources = [one for one in found if isinstance(one, dict)]
    if not any(one.get("resourceType") == "Appointment" for one in resources):
        raise NoDayList(f"{path} has no FHIR Appointment: name a Bundle of Appointment and Patient resources.")
    people = {f"Patient/{one.get('id')}": one for one in resources if one.get("resourceType") == "Patient"}
    for one in resources:
        if one.get("resourceType") == "Appointment" and one.get("status") not in (
            "cancelled",
            "noshow",
            "entered-in-error",
        ):
            try:
                yield _appointment(one, people)
            except (TypeError, AttributeError, LookupError, ValueError):
                yield {}


def _appointment(one: dict[str, Any], people: Mapping[str, Any]) -> dict[str, str]:
    actors = [each.get("actor", {}) for each in one.get("participant", ())]
    person: dict[str, Any] = next((people[a["reference"]] for a in actors if a.get("reference") in people), {})
    doctor = next((a.get("display", "") for a in actors if str(a.get("reference")).startswith("Practitioner/")), "")
    name = (person.get("name") or [{}])[0]
    begun = datetime.fromisoformat(str(one["start"]))
    if begun.tzinfo is not None:
        begun = begun.astimezone()
    kinds = [*one.get("serviceType", ()), *one.get("reasonCode", ())]
    words = [str(each.get("text") or (each.get("concept") or {}).get("text") or "") for each in kinds]
    return {
        "patient_id": str((person.get("identifier") or [{}])[0].get("value") or ""),
        "family_name": str(name.get("family") or ""),
        "given_name": " ".join(map(str, name.get("given") or ())),
        "birth_date": str(person.get("birthDate") or ""),
        "sex": str(person.get("gender") or ""),
        "date": begun.strftime("%Y-%m-%d"),
        "time": begun.strftime("%H:%M:%S"),
        "procedure": str(one.get("description") or next(filter(None, words), "")),
        "physician": str(doctor),
        "appointment_id": str(one.get("id") or ""),
    }


def _scheduled(facts: Mapping[str, str]) -> Scheduled:
    """One entry as a worklist has it. Raises _Unusable."""
    patient_id = " ".join(facts.get("patient_id", "").split())
    name = _name(facts)
    day = _moment(facts.get("date", ""), _DATES, "%Y-%m-%d")
    if not patient_id or not name or not day or "\\" in patient_id + name or len(patient_id) > 64 or len(name) > 64:
        raise _Unusable
    time = _moment(facts.get("time", ""), _TIMES, "%H:%M:%S")
    own = facts.get("appointment_id", "")
    uid = derived_uid("appointment", own, patient_id, day, time)
    return Scheduled(
        patient_id=patient_id,
        patient_name=name,
        birth_date=_moment(facts.get("birth_date", ""), _DATES, "%Y-%m-%d"),
        sex=_SEXES.get(facts.get("sex", "").casefold(), ""),
        accession_number=facts.get("accession_number", "")[:16],
        study_instance_uid=uid,
        requested_procedure_id="",
        requested_procedure=facts.get("procedure", "")[:64],
        step_id=own if 0 < len(own) <= 16 else uid[-16:],
        step=facts.get("procedure", "")[:64],
        modality="US",
        station_title="",
        start_date=day,
        start_time=time,
        physician=facts.get("physician", "")[:64],
    )


def _name(facts: Mapping[str, str]) -> str:
    """In DICOM's form, Family^Given."""
    whole = " ".join(facts.get("patient_name", "").split())
    if facts.get("family_name", "").strip():
        family, given = facts["family_name"].strip(), facts.get("given_name", "").strip()
    elif "^" in whole:
        return whole.strip("^")
    elif "," in whole:
        family, _, given = (part.strip() for part in whole.partition(","))
    else:
        family, given = whole, ""  # which part is the family's nobody can tell
    return "^".join(part for part in (family, given) if part)


def _moment(text: str, forms: tuple[str, ...], wanted: str) -> str:
    """A date or time in one of the forms; empty where it is in none."""
    for form in forms:
        try:
            return datetime.strptime(text.strip(), form).strftime(wanted)  # noqa: DTZ007 (the clinic's own clock)
        except ValueError:
            continue
    return ""


def _first(told: Mapping[str, str], *names: str) -> str:
    return next((told[name] for name in names if name in told), "")
