"""The steps of an encounter on its page: which part of the record each one fills, and what is still blank in it. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from procedure import Encounter, Protocol, telling, wording
from procedure.artefacts import ArtefactNote, FillerCheck
from procedure.asepsis import AsepticEntry
from procedure.consent import Consent
from procedure.encounter import Note, Site
from procedure.history import EmergencyKit, History
from procedure.injections import FollowUp, Injection, Reassessment
from procedure.missing import Missing, missing
from procedure.people import Person
from procedure.plan import Plan
from procedure.products import Product
from procedure.questions import Question, questions
from procedure.record import Record, fields_of
from procedure.settings import Exposure, SettingChange
from procedure.stations import StationVisit
from procedure.vessels import Vessel


@dataclass(frozen=True, slots=True)
class Section:
    """One step: `part` is the encounter's field, `kind` its record; `hidden` fields are set by the program."""

    part: str
    title: str
    kind: type[Record]
    many: bool = True
    hidden: tuple[str, ...] = ()
    hint: str = ""


SECTIONS: Final = (
    Section("people", "People", Person),
    Section("sites", "Sites", Site, hidden=("protocol_version",)),
    Section("consents", "Consent", Consent, hint=wording.RESIDUAL_RISK),
    Section("history", "History", History, many=False),
    Section("kit", "Emergency kit", EmergencyKit, many=False),
    Section("aseptic_steps", "Asepsis", AsepticEntry),
    Section("visits", "Stations", StationVisit, hint=wording.NO_SIGNAL),
    Section("vessels", "Vessels", Vessel, hidden=("tracking_uid",), hint=wording.MEASURED),
    Section("products", "Products", Product, hidden=("product_id",)),
    Section(
        *("plans", "Plan", Plan),
        hidden=("plan_id", "face_path", "deposits"),
        hint=f"{wording.RESIDUAL_RISK} {wording.NOT_SCANNED}",
    ),
    Section("injections", "Injections", Injection, hidden=("on_face",)),
    Section("reassessments", "Reassessment", Reassessment),
    Section("follow_ups", "Follow-up", FollowUp),
    Section("notes", "Notes", Note),
    Section("artefacts", "Artefacts", ArtefactNote),
    Section("filler_checks", "Filler checks", FillerCheck),
    Section("setting_changes", "Settings changed", SettingChange),
    Section("exposures", "Exposure", Exposure),
)


def entries_of(record: Encounter, section: Section) -> tuple[Record, ...]:
    """The entries of a step, in the order of the record."""
    held = getattr(record, section.part)
    if section.many:
        return tuple(held)
    return () if held is None else (held,)


def with_entry(record: Encounter, section: Section, place: int, entry: Record | None) -> Encounter:
    """The record with another entry at a place, one more at its end, or (None) without it."""
    changes: dict[str, Any] = {section.part: entry}
    if not section.many:
        return replace(record, **changes)
    held = list(getattr(record, section.part))
    if entry is None:
        del held[place]
    elif place < len(held):
        held[place] = entry
    else:
        held.append(entry)
    changes[section.part] = tuple(held)
    return replace(record, **changes)


def beginning(record: Encounter, section: Section) -> dict[str, Any]:
    """What a new entry begins with beside the moment and its author: its own id, the one site, the wording."""
    values: dict[str, Any] = {}
    if section.part == "products":
        values["product_id"] = free_id("product", {product.product_id for product in record.products})
    if section.part == "plans":
        values["plan_id"] = free_id("plan", {plan.plan_id for plan in record.plans})
        values["residual_risk"] = wording.RESIDUAL_RISK
    if section.part == "consents":
        values["wording"] = wording.RESIDUAL_RISK
    if section.part in ("plans", "injections", "reassessments", "vessels") and len(record.sites) == 1:
        values["region"], values["side"] = record.sites[0].region, record.sites[0].side
    return values


def line_of(entry: Record, number: int) -> str:
    """An entry in a list: its number and what is filled in, the chief things first."""
    uids = [field.name for field in fields_of(type(entry)) if field.is_uid]
    told = [text for _, text in telling.facts(entry, (*_LATE, *uids))]
    return f"{number}  " + "  ·  ".join(told[:8])


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record stands: what each step lacks and is asked about, by its part, and both in all."""

    lacks: Mapping[str, tuple[Missing, ...]]
    asks: Mapping[str, tuple[Question, ...]]

    @property
    def blanks(self) -> int:
        """How many things are lacking in all."""
        return sum(map(len, self.lacks.values()))


def standing(record: Encounter, protocols: Mapping[str, Protocol]) -> Standing:
    """What is lacking and what is asked, sorted to the steps."""
    lacks: dict[str, list[Missing]] = {}
    asks: dict[str, list[Question]] = {}
    for blank in missing(record, protocols):
        lacks.setdefault(_part(blank.where), []).append(blank)
    for question in questions(record, protocols):
        asks.setdefault(_part(question.where), []).append(question)
    return Standing({k: tuple(v) for k, v in lacks.items()}, {k: tuple(v) for k, v in asks.items()})


#: What is told in the form only: it is long, or the same in each entry.
_LATE: Final = (
    *("at", "by", "wording", "wording_version", "residual_risk", "observations", "seen", "reasons", "path"),
    *("face_path", "deposits", "on_face"),
)
_PARTS: Final = frozenset(section.part for section in SECTIONS)


def _part(where: str) -> str:
    """The step that a place of the record belongs to; a station's image id belongs to the stations."""
    head = where.partition(".")[0].partition("[")[0]
    if head == "patient":
        return "people"
    if head in _PARTS or head in ("complications", "images"):
        return head
    return "visits"


def titles(standing_now: Standing, record: Encounter) -> Sequence[str]:
    """The steps in a list, each with its number of entries and of blanks."""
    lines = []
    for section in SECTIONS:
        entries, blanks = len(entries_of(record, section)), len(standing_now.lacks.get(section.part, ()))
        asked = len(standing_now.asks.get(section.part, ()))
        signs = "  ".join(
            part
            for part in (f"{entries}" if entries else "", f"○ {blanks}" if blanks else "", "?" * bool(asked))
            if part
        )
        lines.append(f"{section.title}   {signs}".rstrip())
    return lines


def free_id(stem: str, taken: set[str]) -> str:
    """The first of stem-1, stem-2… that the record does not use yet."""
    return next(name for number in range(1, len(taken) + 2) if (name := f"{stem}-{number}") not in taken)
