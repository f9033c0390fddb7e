"""FHIR's Appointment resources with their Patient (R4 or R5), as facts of a day's list. No Qt.

Which of a patient's identifiers is meant matters more than anything else here: a medical record number (type MR) goes before
the others, then the one in usual or official use; what is old or temporary is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

_NOT_TO_COME: Final = ("cancelled", "noshow", "entered-in-error")
_IDENTIFIER_USES: Final = ("usual", "official", "", "secondary")
_NAME_USES: Final = ("official", "usual", "", "temp")
_RECORD_NUMBER: Final = "MR"  #: HL7 table 0203


def resources_in(document: Any) -> list[Mapping[str, Any]]:
    """The resources of a Bundle, or of a bare list, those of an entry with the entry's own address as `fullUrl`."""
    entries = document.get("entry") if isinstance(document, dict) else document
    found: list[Mapping[str, Any]] = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            resource = entry.get("resource", entry)
            if isinstance(resource, dict):
                found.append({**resource, "fullUrl": entry.get("fullUrl")})
    return found


def has_appointments(resources: Sequence[Mapping[str, Any]]) -> bool:
    """Whether there is any Appointment among them."""
    return any(one.get("resourceType") == "Appointment" for one in resources)


def appointments_in(resources: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """The facts of each appointment that was not called off; nothing (`{}`) for one that is damaged."""
    people: dict[str, Mapping[str, Any]] = {}
    for one in resources:
        if one.get("resourceType") == "Patient":
            people |= {str(name): one for name in (one.get("fullUrl"), f"Patient/{one.get('id')}") if name}
    for one in resources:
        if one.get("resourceType") == "Appointment" and one.get("status") not in _NOT_TO_COME:
            try:
                yield _facts(one, people)
            except (TypeError, AttributeError, LookupError, ValueError):
                yield {}


def _facts(one: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    actors = [each.get("actor", {}) for each in one.get("participant", ())]
    if isinstance(one.get("subject"), dict):  # R5 names the patient there
        actors.insert(0, one["subject"])
    found = [person for actor in actors if (person := _person(str(actor.get("reference")), people)) is not None]
    person = found[0] if found else {}
    doctor = next((a.get("display", "") for a in actors if "Practitioner/" in str(a.get("reference"))), "")
    name = _best(person.get("name") or (), _NAME_USES, "family")
    begun = datetime.fromisoformat(str(one["start"]))
    if begun.tzinfo is not None:
        begun = begun.astimezone()  # the clinic's own day and hour
    kinds = [*one.get("serviceType", ()), *one.get("reasonCode", ())]
    words = [str(each.get("text") or (each.get("concept") or {}).get("text") or "") for each in kinds]
    return {
        "patient_id": _record_number(person.get("identifier") or ()),
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


def _person(reference: str, people: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Whom a reference names: as it stands, or by the end of an absolute address, without a version."""
    plain = reference.partition("/_history/")[0]
    return people.get(plain) or people.get("/".join(plain.split("/")[-2:]))


def _record_number(identifiers: Sequence[Mapping[str, Any]]) -> str:
    numbers = [
        one
        for one in identifiers
        if any(code.get("code") == _RECORD_NUMBER for code in (one.get("type") or {}).get("coding") or ())
    ]
    best = _best(numbers, _IDENTIFIER_USES, "value") or _best(identifiers, _IDENTIFIER_USES, "value")
    return str(best.get("value") or "")


def _best(several: Sequence[Mapping[str, Any]], uses: Sequence[str], needed: str) -> Mapping[str, Any]:
    """The first one of the use that goes before the others, among those that have what is needed; empty where none has."""
    able = [one for one in several if one.get(needed) and (one.get("use") or "") in uses]
    return min(able, key=lambda one: uses.index(one.get("use") or ""), default={})
