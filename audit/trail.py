"""The audit trail: who did what with which studies, as the standard's audit messages (PS3.15, A.5), one in each ledger line.

A message names the person who is signed in, or else the account of the operating system, the host and the studies by their
UIDs; no patient's name and no id, though A.5.3 asks for the patient too: the study leads to it, and the ledger goes into
hands that the records do not (docs/decisions/0021).
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
_ACCOUNT: Final = ("11", "User Identifier")
_URI: Final = ("12", "URI")


class TrailAct(Enum):
    """Events of A.5.3: code, meaning, action (C create, R read, U update, E execute), and a type of the event where one is
    told (scheme, code, meaning). The name, in small letters, is the word for people.
    """

    EXPORTED = ("110106", "Export", "R")
    IMPORTED = ("110107", "Import", "C")
    OPENED = ("110103", "DICOM Instances Accessed", "R")
    CHANGED = ("110103", "DICOM Instances Accessed", "U")
    VERIFIED = ("110103", "DICOM Instances Accessed", "R", ("99SONOFILL", "VERIFIED", "Compared with the ledger"))
    TRAIL_USED = ("110101", "Audit Log Used", "R")
    SIGNED_IN = ("110114", "User Authentication", "E", ("DCM", "110122", "Login"))
    SIGNED_OUT = ("110114", "User Authentication", "E", ("DCM", "110123", "Logout"))
    REFUSED = ("110113", "Security Alert", "E", ("DCM", "110132", "Use of Restricted Function"))
    EMERGENCY = ("110113", "Security Alert", "E", ("DCM", "110127", "Emergency Override Started"))
    ACCOUNTS_CHANGED = ("110113", "Security Alert", "E", ("DCM", "110137", "User Security Attributes Changed"))

    @property
    def code(self) -> str:
        """The code of the EventID in scheme DCM."""
        return str(self.value[0])

    @property
    def meaning(self) -> str:
        """The code's meaning."""
        return str(self.value[1])

    @property
    def action(self) -> str:
        """The action."""
        return str(self.value[2])

    @property
    def type(self) -> tuple[str, str, str] | None:
        """Scheme, code and meaning of the EventTypeCode; None where there is none."""
        return self.value[3] if len(self.value) > 3 else None

    @property
    def word(self) -> str:
        """What was done, in a word or two."""
        return self.name.lower().replace("_", " ")


class TrailUnreadable(AuditError):
    """A message is none of the standard's audit messages."""


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One event. `ok` is its outcome, `why` what came in between; `to` where records went, in words (a folder is not named by
    its path). `account` is that of the operating system, where `by` is another name; `about` the account that was changed
    or the act that was refused.
    """

    act: TrailAct
    at: datetime
    by: str
    host: str
    studies: tuple[str, ...] = ()
    to: str = ""
    ok: bool = True
    account: str = ""
    about: str = ""
    why: str = ""


def message_of(event: TrailEvent) -> str:
    """The event as an AuditMessage of A.5.1, on one line."""
    root = ET.Element("AuditMessage")
    identified = ET.SubElement(
        root,
        "EventIdentification",
        EventActionCode=event.act.action,
        EventDateTime=event.at.isoformat(timespec="milliseconds"),
        EventOutcomeIndicator="0" if event.ok else "4",
    )
    _coded(identified, "EventID", event.act.code, event.act.meaning)
    if event.act.type is not None:
        scheme, code, meaning = event.act.type
        _coded(identified, "EventTypeCode", code, meaning, scheme)
    if event.why:
        ET.SubElement(identified, "EventOutcomeDescription").text = event.why
    who = ET.SubElement(
        root,
        "ActiveParticipant",
        UserID=event.by,
        UserIsRequestor="true",
        NetworkAccessPointID=event.host,
        NetworkAccessPointTypeCode="1",
    )
    if event.account:
        who.set("AlternativeUserID", event.account)
    if event.to:
        medium = ET.SubElement(root, "ActiveParticipant", UserID=event.to, UserIsRequestor="false")
        _coded(medium, "RoleIDCode", "110154", "Destination Media")
    source = ET.SubElement(root, "AuditSourceIdentification", AuditSourceID=event.host)
    _coded(source, "AuditSourceTypeCode", *_SOURCE_TYPE)
    for study in event.studies:
        _object(root, study, "3", _STUDY_UID)
    if event.about:
        kind = _ACCOUNT if event.act is TrailAct.ACCOUNTS_CHANGED else _URI
        _object(root, event.about, "13", kind, "RFC-3881")
    return ET.tostring(root, encoding="unicode")


def _object(root: ET.Element, told: str, role: str, kind: tuple[str, str], scheme: str = "DCM") -> None:
    """A participating object of type 2 (system); role 3 is a report or study, 13 a security resource."""
    named = ET.SubElement(
        root,
        "ParticipantObjectIdentification",
        ParticipantObjectID=told,
        ParticipantObjectTypeCode="2",
        ParticipantObjectTypeCodeRole=role,
    )
    _coded(named, "ParticipantObjectIDTypeCode", *kind, scheme)


def _coded(above: ET.Element, name: str, code: str, meaning: str, scheme: str = "DCM") -> None:
    ET.SubElement(above, name, {"csd-code": code, "codeSystemName": scheme, "originalText": meaning})


def read_message(text: str) -> TrailEvent:
    """The event of a message that `message_of` wrote. Raises TrailUnreadable."""
    try:
        root = ET.fromstring(text)
        identified = _one(root, "EventIdentification")
        typed = identified.find("EventTypeCode")
        told = (
            _one(identified, "EventID").attrib["csd-code"],
            identified.attrib["EventActionCode"],
            None if typed is None else typed.attrib["csd-code"],
        )
        who, *others = root.findall("ActiveParticipant")
        objects = root.findall("ParticipantObjectIdentification")
        return TrailEvent(
            next(act for act in TrailAct if (act.code, act.action, act.type and act.type[1]) == told),
            datetime.fromisoformat(identified.attrib["EventDateTime"]),
            who.attrib["UserID"],
            who.attrib["NetworkAccessPointID"],
            tuple(each.attrib["ParticipantObjectID"] for each in objects if _role(each) == "3"),
            others[0].attrib["UserID"] if others else "",
            identified.attrib["EventOutcomeIndicator"] == "0",
            who.attrib.get("AlternativeUserID", ""),
            next((each.attrib["ParticipantObjectID"] for each in objects if _role(each) == "13"), ""),
            identified.findtext("EventOutcomeDescription") or "",
        )
    except (ET.ParseError, KeyError, ValueError, StopIteration) as error:
        raise TrailUnreadable(f"A line of the trail is no audit message of this program ({error!r}).") from error


def _role(each: ET.Element) -> str:
    return each.attrib["ParticipantObjectTypeCodeRole"]


def _one(above: ET.Element, name: str) -> ET.Element:
    found: Sequence[ET.Element] = above.findall(name)
    if len(found) != 1:
        raise ValueError(f"{name} stands there {len(found)} times")
    return found[0]
