"""The encounter in hand: one record that grows while it happens, with a log of its changes. No Qt.

Each change makes a new value of the record, says who made it and what it was, and is told to whoever listens. What is stored
in the archive is never overwritten: the next save makes the next version, whose reason is the log since then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from dicom_io.context import derived_uid
from procedure import Encounter
from procedure.answers import Side
from procedure.encounter import Site
from procedure.patient import Identity
from procedure.people import Clock, Person, Role
from procedure.states import State
from procedure.steps import attest, continued, correct, finalise
from procedure.walk import leaves
from workstation.studies.visit import UNNAMED, Visit

_LONGEST_REASON = 900  # a reason is a text of one DICOM element; the whole log stays beside the draft
_SIDES = {"R": (Side.RIGHT,), "L": (Side.LEFT,), "B": (Side.RIGHT, Side.LEFT)}


class Change(BaseModel):
    """One line of the log of changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    by: str
    what: str


def now() -> datetime:
    """This moment by the clinic's clock, to the second, with its offset."""
    return datetime.now().astimezone().replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Kept:
    """The record as it stood at one moment, for a thread that saves or keeps it."""

    record: Encounter
    changes: tuple[Change, ...]


class EncounterInHand:
    """Used from the window's thread alone. `touched` says whether a person told anything that is not in the visit."""

    def __init__(self, visit: Visit, simulated: bool = False) -> None:
        self.record = Encounter(
            encounter_uid=derived_uid(visit.study_instance_uid, "encounter in hand"),
            simulated=simulated,
            started_at=now(),
            clock=Clock(),
            patient=_identity(visit),
            people=_people((), visit.operator),
        )
        self.changes: tuple[Change, ...] = ()
        self.touched = False
        self._stored: Encounter | None = None
        self._stored_changes = 0
        self._by = visit.operator
        self._listeners: list[Callable[[], None]] = []

    @property
    def by(self) -> str:
        """Who tells; a record needs a name at each entry."""
        return self._by or "not told"

    @property
    def stored(self) -> Encounter | None:
        """The version that is in the archive; None before the first save."""
        return self._stored

    @property
    def fixed(self) -> bool:
        """Whether the record is final: it is then changed by a correction only."""
        return self.record.state is not State.DRAFT

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def change(self, record: Encounter, what: str, *, at: datetime | None = None) -> None:
        """The record is this one from now on. A final one becomes the draft of its next version, `what` being the reason."""
        if record == self.record:
            return
        moment = at or now()
        if self.fixed and record.state == self.record.state:
            told = {name: getattr(record, name) for name in _parts(record, self.record)}
            record = correct(self.record, self.by, moment, what, **told)
        self.record = record
        self.touched = True
        self.changes = (*self.changes, Change(at=moment, by=self.by, what=what))
        self._tell()

    def take(self, record: Encounter) -> None:
        """The record is this one from now on, by what the program itself noted: nobody told anything."""
        if record != self.record and not self.fixed:
            self.record = record
            self._tell()

    def add(self, what: str, **parts: Any) -> None:
        """One more of each named part, as `Encounter.with_added`."""
        self.change(self.record.with_added(**parts), what)

    def finalise(self) -> None:
        """Make the draft final. Raises StepNotPossible."""
        self.change(finalise(self.record, self.by, now()), "Made final")

    def attest(self, supervisor: str) -> None:
        """Attest the final record. Raises StepNotPossible."""
        self.change(attest(self.record, supervisor, now()), f"Attested by {supervisor}")

    def tell_visit(self, visit: Visit) -> None:
        """The visit was told anew: patient, operator. This is no change of the log, the visit is kept by itself."""
        before, self._by = self._by, visit.operator
        if self.fixed:
            return
        others = self.record.people if before == self._by else _without(self.record, before)
        self.record = replace(
            self.record, patient=_identity(visit, self.record.patient), people=_people(others, visit.operator)
        )

    def choose_sites(self, region: str, laterality: str, version: str) -> None:
        """Where is to be treated: one site for each side, the midline where no side is told.

        Sites at which nothing was done yet give way to it.
        """
        if not region:
            return
        wanted = [
            Site(region=region, side=side, protocol_version=version) for side in _SIDES.get(laterality, (Side.MIDLINE,))
        ]
        kept = [site for site in self.record.sites if _used(self.record, site)]
        sites = (*kept, *(s for s in wanted if (s.region, s.side) not in [(k.region, k.side) for k in kept]))
        if sites != self.record.sites:
            named = ", ".join(f"{site.region} {site.side}" for site in sites)
            self.change(replace(self.record, sites=sites), f"Sites: {named}")

    def simulate(self) -> None:
        """Something of it came from the simulated probe: the whole record is marked as simulated."""
        if not self.record.simulated:
            self.record = replace(self.record, simulated=True)
            self._tell()

    def keep(self) -> Kept:
        """The record as it stands."""
        return Kept(self.record, self.changes)

    def to_store(self) -> Kept:
        """The record as it goes to the archive: the next version where an earlier one is there. Raises StepNotPossible."""
        if self._stored is None:
            return self.keep()
        since = self.changes[self._stored_changes :]
        record = continued(self.record, self._stored, self.by, now(), reason_of(since))
        return Kept(record, self.changes)

    def saved(self, kept: Kept) -> None:
        """That version is in the archive now; what was told since stays."""
        self._stored, self._stored_changes = kept.record, len(kept.changes)
        self.record = replace(
            self.record,
            version=max(kept.record.version, self.record.version),
            earlier_versions=max(kept.record.earlier_versions, self.record.earlier_versions, key=len),
        )

    def restore(self, kept: Kept, *, stored: bool = False) -> None:
        """Go on with a record that was kept, or read back from the archive."""
        self.record, self.changes, self.touched = kept.record, kept.changes, True
        if stored:
            self._stored, self._stored_changes = kept.record, len(kept.changes)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def reason_of(changes: Sequence[Change]) -> str:
    """Why there is another version: the changes in their order, each once, as far as they fit."""
    said = "; ".join(dict.fromkeys(change.what for change in changes)) or "The visit was told anew"
    return said if len(said) <= _LONGEST_REASON else f"{said[:_LONGEST_REASON].rstrip()} …"


def _identity(visit: Visit, before: Identity | None = None) -> Identity:
    known = before or Identity()
    patient_id = "" if visit.patient_id == UNNAMED else visit.patient_id.strip()
    return replace(known, patient_id=patient_id, name=visit.patient_name.strip())


def _people(people: tuple[Person, ...], operator: str) -> tuple[Person, ...]:
    """The operator of the visit is among those who take part; an earlier operator who did something stays."""
    name = operator.strip()
    if not name or any(person.name == name for person in people):
        return people
    return (*people, Person(name=name, role=Role.OPERATOR))


def _without(record: Encounter, name: str) -> tuple[Person, ...]:
    """Who takes part, without somebody who was the operator for a while and did nothing: the one who is logged in, say."""
    did_nothing = all(value != name or where.startswith("people[") for where, _, value in leaves(record))
    alone = Person(name=name, role=Role.OPERATOR)  # told nothing more of: a person who was entered by hand stays
    return tuple(person for person in record.people if not (did_nothing and person == alone))


def _used(record: Encounter, site: Site) -> bool:
    """Whether anything was done or planned at a site."""
    scanned = any(visit.station_id.rpartition("-")[0] == site.region for visit in record.visits)
    planned = [(plan.region, plan.side) for plan in record.plans]
    injected = [(injection.region, injection.side) for injection in record.injections]
    return scanned or (site.region, site.side) in (*planned, *injected)


def _parts(new: Encounter, old: Encounter) -> list[str]:
    """The names of what differs, without what a correction sets itself."""
    own = ("state", "version", "signatures", "earlier_versions")
    return [name for name in Encounter.__slots__ if name not in own and getattr(new, name) != getattr(old, name)]
