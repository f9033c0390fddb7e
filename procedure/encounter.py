"""The encounter: one patient, one treatment, from consent to the last follow-up, as one immutable value.

It names images by their SOP Instance UIDs and vessels by the tracking UIDs of the labels; the labels themselves are
`annotation.Document`s, one for each author. Nothing of it needs a disk, a window or DICOM.

Changing it makes a new value: `with_added` for what happened next, `procedure.steps` for the changes of state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from procedure.answers import Side
from procedure.artefacts import ArtefactNote, FillerCheck
from procedure.asepsis import AsepticEntry
from procedure.complication import Complication
from procedure.consent import Consent
from procedure.face_places import PhotographMark
from procedure.history import EmergencyKit, History
from procedure.images import KeptImage
from procedure.injections import FollowUp, Injection, Reassessment
from procedure.patient import Identity, IdentityChange
from procedure.people import Clock, Person
from procedure.plan import Plan
from procedure.products import Product
from procedure.record import Record, Uid
from procedure.settings import Exposure, SettingChange
from procedure.states import Signature, State, Version
from procedure.stations import StationVisit
from procedure.vessels import Vessel


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Record):
    """One place that is to be treated: a region of 1.3 on one side, with the protocol that is scanned there."""

    region: str
    side: Side
    protocol_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Record):
    """Anything that has no place of its own."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter(Record):
    """The whole record. `encounter_uid` stays the same in every version; `simulated` marks a mock encounter (S32)."""

    encounter_uid: Uid
    simulated: bool
    started_at: datetime
    clock: Clock
    state: State = State.DRAFT
    version: int = 1
    patient: Identity
    people: tuple[Person, ...] = ()
    sites: tuple[Site, ...] = ()
    consents: tuple[Consent, ...] = ()
    history: History | None = None
    kit: EmergencyKit | None = None
    images: tuple[KeptImage, ...] = ()
    visits: tuple[StationVisit, ...] = ()
    vessels: tuple[Vessel, ...] = ()
    setting_changes: tuple[SettingChange, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    artefacts: tuple[ArtefactNote, ...] = ()
    filler_checks: tuple[FillerCheck, ...] = ()
    aseptic_steps: tuple[AsepticEntry, ...] = ()
    products: tuple[Product, ...] = ()
    plans: tuple[Plan, ...] = ()
    injections: tuple[Injection, ...] = ()
    reassessments: tuple[Reassessment, ...] = ()
    complications: tuple[Complication, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    notes: tuple[Note, ...] = ()
    identity_changes: tuple[IdentityChange, ...] = ()
    signatures: tuple[Signature, ...] = ()
    earlier_versions: tuple[Version, ...] = ()
    photograph_marks: tuple[PhotographMark, ...] = ()

    def with_added(self, **parts: Any) -> Self:
        """The encounter with one more of each named part: `with_added(injections=Injection(…), notes=Note(…))`."""
        longer: dict[str, Any] = {name: (*getattr(self, name), part) for name, part in parts.items()}
        return replace(self, **longer)

    @property
    def first_puncture(self) -> datetime | None:
        """When the first injection was recorded; None where there was none."""
        return min((injection.at for injection in self.injections), default=None)

    def image(self, image_uid: str) -> KeptImage | None:
        """The image with this UID; None where the encounter does not list it."""
        return next((image for image in self.images if image.image_uid == image_uid), None)

    def vessel(self, tracking_uid: str) -> Vessel | None:
        """The vessel with this tracking UID; None where the encounter does not list it."""
        return next((vessel for vessel in self.vessels if vessel.tracking_uid == tracking_uid), None)
