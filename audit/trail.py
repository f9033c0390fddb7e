"""The audit trail: who did what with which studies, as the standard's audit messages (PS3.15, A.5), one in each ledger line.

A message names the account of the operating system, the host and the studies by their UIDs; no patient's name and no id,
though A.5.3 asks for the patient too. What is not there yet: sign-in, so an account is whoever sat there; and a message for
each act, so far those by which records leave.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from audit.errors import AuditError

_SOURCE_TYPE: Final = ("1", "End-user display device")
_STUDY_UID: Final = ("110180", "Study Instance UID")


class TrailAct(Enum):
    """Events of A.5.3, each with its code, its meaning, and the action (C create, R read, E execute)."""

    EXPORT = ("110106", "Export", "R")
    IMPORT = ("110107", "Import", "C")
    ACCESSED = ("110103", "DICOM Instances Accessed", "R")
    TRAIL_USED = ("110101", "Audit Log Used", "R")

    @property
    def code(self) -> str:
        """The code in scheme DCM."""
        return str(self.value[0])

    @property
    def meaning(self) -> str:
        """The code's meaning."""
        return str(self.value[1])


class TrailUnreadable(AuditError):
    """A message is none of the standard's audit messages."""


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One event. `ok` is its outcome; `to` where records went, in words (a folder is not named by its path)."""

    act: TrailAct
    at: datetime
    by: str
    host: str
    studies: tuple[str, ...] = ()
    to: str = ""
    ok: bool = True


def message_of(event: TrailEvent) -> str:
    """The event as an AuditMessage of A.5.1, on one line."""
    root = ET.Element("AuditMessage")
    identified = ET.SubElement(
        root,
        "EventIdentification",
        EventActionCode=str(event.act.value[2]),
        EventDateTime=event.at.isoformat(timespec="milliseconds"),
        EventOutcomeIndicator="0" if event.ok else "4",
    )
    _coded(identified, "EventID", event.act.code, event.act.meaning)
    ET.SubElement(
        root,
        "ActiveParticipant",
        UserID=event.by,
        UserIsRequestor="true",
        NetworkAccessPointID=event.host,
        NetworkAccessPointTypeCode="1",
    )
    if event.to:
        medium = ET.SubElement(root, "ActiveParticipant", UserID=event.to, UserIsRequestor="false")
        _coded(medium, "RoleIDCode", "110154", "Destination Media")
    source = ET.SubElement(root, "AuditSourceIdentification", AuditSourceID=event.host)
    _coded(source, "AuditSourceTypeCode", *_SOURCE_TYPE)
    for study in event.studies:
        named = ET.SubElement(
            root,
            "ParticipantObjectIdentification",
            ParticipantObjectID=study,
            ParticipantObjectTypeCode="2",
            ParticipantObjectTypeCodeRole="3",
        )
        _coded(named, "ParticipantObjectIDTypeCode", *_STUDY_UID)
    return ET.tostring(root, encoding="unicode")


def _coded(above: ET.Element, name: str, code: str, meaning: str) -> None:
    ET.SubElement(above, name, {"csd-code": code, "codeSystemName": "DCM", "originalText": meaning})


def read_message(text: str) -> TrailEvent:
    """The event of a message that `message_of` wrote. Raises TrailUnreadable."""
    try:
        root = ET.fromstring(text)
        identified = _one(root, "EventIdentification")
        code = _one(identified, "EventID").attrib["csd-code"]
        who, *others = root.findall("ActiveParticipant")
        return TrailEvent(
            next(act for act in TrailAct if act.code == code),
            datetime.fromisoformat(identified.attrib["EventDateTime"]),
            who.attrib["UserID"],
            who.attrib["NetworkAccessPointID"],
            tuple(each.attrib["ParticipantObjectID"] for each in root.findall("ParticipantObjectIdentification")),
            others[0].attrib["UserID"] if others else "",
            identified.attrib["EventOutcomeIndicator"] == "0",
        )
    except (ET.ParseError, KeyError, ValueError, StopIteration) as error:
        raise TrailUnreadable(f"A line of the trail is no audit message of this program ({error!r}).") from error


def _one(above: ET.Element, name: str) -> ET.Element:
    found: Sequence[ET.Element] = above.findall(name)
    if len(found) != 1:
        raise ValueError(f"{name} stands there {len(found)} times")
    return found[0]
