"""Injections as they were done, and the reassessment after them (S8, S17, S25; clinical reference 2.1, C9 and C10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.answers import Answer, Side, Sight
from procedure.face_places import FacePlace
from procedure.images import ImageRef
from procedure.plan import InjectionPlane, Instrument, NeedleView
from procedure.record import Record, Uid


class TipSight(StrEnum):
    """Whether the tip was in view when the product came out."""

    SEEN = "seen"
    PARTLY = "partly"
    NOT_SEEN = "not-seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection(Record):
    """One deposit. `product_id` names a pack of the encounter; `plan_id` the plan it follows.

    `tip_unseen_frames` counts the frames of the clip in which the tip was not seen, of `tip_frames` that were looked at
    (S25). A negative aspiration excludes nothing (1.6). `on_face` is where a person put it on the schematic face.
    """

    at: datetime
    by: str
    region: str
    side: Side
    site: str = ""
    plan_id: str = ""
    product_id: str = ""
    volume_ml: float | None = None
    instrument: Instrument | None = None
    entry_point: str = ""
    plane: InjectionPlane | None = None
    depth_mm: float | None = None
    needle_view: NeedleView | None = None
    aspiration: Answer | None = None
    aspiration_s: float | None = None
    guided: Answer | None = None
    tip: TipSight | None = None
    tip_image: ImageRef | None = None
    tip_frames: int | None = None
    tip_unseen_frames: int | None = None
    nearest_vessel_uid: Uid | None = None
    image_uids: tuple[Uid, ...] = ()
    stopped_because: str = ""
    departs_from_plan: str = ""
    on_face: FacePlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassessment(Record):
    """How a site looked afterwards: refill, colour, pain, vision, and whether the deposit is where it was meant to be.

    The same stations are scanned again: their visits and the vessels' observations stand in the encounter.
    """

    at: datetime
    by: str
    region: str
    side: Side
    refill_s: float | None = None
    skin_colour: str = ""
    pain_0_10: int | None = None
    vision_unchanged: Answer | None = None
    deposit: Sight | None = None
    deposit_in_plane: Answer | None = None
    image_uids: tuple[Uid, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Record):
    """One visit after the procedure, planned (`due`) and held (`at`). One that was not held stays visible (S33).

    The stations repeated in it are visits of the encounter with the phase 'followup'. `seen_in_person` matters for a
    suspected late event (V8 of 4.1).
    """

    due: datetime | None = None
    at: datetime | None = None
    by: str = ""
    seen_in_person: Answer | None = None
    outcome: str = ""
    refill_s: float | None = None
    pain_0_10: int | None = None
    wound: str = ""
    image_uids: tuple[Uid, ...] = ()
    text: str = ""
