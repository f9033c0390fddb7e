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
from workstation.network.fhir_appointments import appointments_in, has_appointments, resources_in

_LARGEST: Final = 1 << 26  #: bytes of a file; a day's list has some thousand
_SEXES: Final = {"m": "M", "male": "M", "f": "F", "w": "F", "female": "F", "o": "O", "d": "O", "other": "O"}
_DATES: Final = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y")
_TIMES: Final = ("%H:%M:%S", "%H:%M", "%H%M%S", "%H%M", "%I:%M %p", "%I:%M:%S %p")
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

_CALENDAR: Final = re.compile(rb"^BEGIN:VCALENDAR\s*$", re.I | re.M)


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
        if "date" not in places and "time" in places:  # one column for both
            places["date"] = places["time"]
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
        calendars = Calendar.from_ical(data, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
        if len(calendars) != len(_CALENDAR.findall(data)):
            raise ValueError("cut")  # icalendar leaves out what has no end
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
    resources = resources_in(document)
    if not has_appointments(resources):
        raise NoDayList(f"{path} has no FHIR Appointment: name a Bundle of Appointment and Patient resources.")
    yield from appointments_in(resources)


def _scheduled(facts: Mapping[str, str]) -> Scheduled:
    """One entry as a worklist has it. Raises _Unusable."""
    patient_id = " ".join(facts.get("patient_id", "").split())
    name = _name(facts)
    day, time = _day_and_time(facts.get("date", ""), facts.get("time", ""))
    if not patient_id or not name or not day or "\\" in patient_id + name or len(patient_id) > 64 or len(name) > 64:
        raise _Unusable
    if not (patient_id + name).isprintable():  # no sign that steers a screen or ends a text belongs to a name
        raise _Unusable
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


def _day_and_time(day: str, time: str) -> tuple[str, str]:
    """As 2026-11-30 and 09:30:00, each empty where it is in no form that is known; one text may tell both (ISO 8601)."""
    found = _moment(day, _DATES, "%Y-%m-%d")
    if not found and len(day.strip()) > len("2026-11-30"):
        try:
            both = datetime.fromisoformat(day.strip())
        except ValueError:
            return "", ""
        both = both.astimezone() if both.tzinfo is not None else both
        return both.strftime("%Y-%m-%d"), both.strftime("%H:%M:%S")
    return found, _moment(time, _TIMES, "%H:%M:%S")


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
