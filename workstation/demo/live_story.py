"""What is told of the encounter in the demonstration in the window: the story of `procedure.demonstration`, told live.

The live simulated probe shows a cheek, so the story's treatment is told of a cheek, and its times are those at which the
window tells them. Its findings are the ones that were labelled on the pictures just taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from procedure import Encounter
from procedure.answers import Answer, Sight
from procedure.asepsis import BEFORE_PUNCTURE, AsepticEntry
from procedure.demonstration import demonstration
from procedure.images import ImageRef
from procedure.injections import FollowUp, Injection, Reassessment, TipSight
from procedure.phase import Phase
from procedure.plan import Plan
from procedure.vessels import Evidence

REGION = "mala"  #: the live simulated probe shows a cheek
_ENTRY = "below and lateral to the zygomatic body"


@cache
def _story() -> Encounter:
    return demonstration("normal")


def before(record: Encounter, at: datetime) -> Encounter:
    """Who takes part, consent, history, kit, and asepsis up to the puncture."""
    story = _story()
    history, kit = story.history, story.kit
    assert history is not None and kit is not None
    return replace(
        record,
        clock=story.clock,
        people=story.people,
        consents=tuple(replace(c, at=at, wording=_here(c.wording)) for c in story.consents),
        history=replace(history, at=at, refill=tuple(replace(r, place="cheek") for r in history.refill)),
        kit=replace(kit, at=at),
        aseptic_steps=_steps(BEFORE_PUNCTURE, at),
        products=story.products,
    )


def planned(record: Encounter, at: datetime) -> Encounter:
    """The plan; each reason names the vessels that were labelled and the picture that they are on."""
    mapped = next(image for image in record.images if image.phase is Phase.PRE)
    seen = tuple(vessel.tracking_uid for vessel in record.vessels)
    plan: Plan = replace(
        _story().plans[0],
        region=REGION,
        at=at,
        entry_point=_ENTRY,
        path=None,
        reasons=tuple(
            replace(r, finding_uids=seen, images=(ImageRef(image_uid=mapped.image_uid),))
            for r in _story().plans[0].reasons
        ),
        signed_at=at,
    )
    return record.with_added(plans=plan)


def injected(record: Encounter, at: datetime) -> Encounter:
    """One deposit, with the picture that was taken meanwhile; the live probe shows no needle, and so it is told."""
    during = [image for image in record.images if image.phase is Phase.DURING]
    injection: Injection = replace(
        _story().injections[0],
        at=at,
        region=REGION,
        site="middle of the cheek",
        entry_point=_ENTRY,
        tip=TipSight.NOT_SEEN,
        tip_image=None,
        tip_frames=None,
        tip_unseen_frames=None,
        nearest_vessel_uid=None,
        image_uids=tuple(image.image_uid for image in during),
    )
    return record.with_added(injections=injection)


def looked_again(record: Encounter, at: datetime) -> Encounter:
    """The reassessment, the steps afterwards, and the follow-up that is planned."""
    after = [image for image in record.images if image.phase is Phase.POST]
    check: Reassessment = replace(
        _story().reassessments[0],
        at=at,
        region=REGION,
        deposit=Sight.NOT_SEEN,
        deposit_in_plane=None,
        image_uids=tuple(image.image_uid for image in after),
    )
    later = [step for step in dict.fromkeys(e.step for e in _story().aseptic_steps) if step not in BEFORE_PUNCTURE]
    record = record.with_added(reassessments=check, follow_ups=FollowUp(due=at + timedelta(days=14)))
    return replace(record, aseptic_steps=(*record.aseptic_steps, *_steps(later, at)))


def by_doppler(record: Encounter) -> Encounter:
    """The live picture has its colour on: what was labelled was seen in B-mode and by its flow."""
    vessels = tuple(
        replace(v, observations=tuple(replace(o, evidence=Evidence.BOTH, flow=Sight.SEEN) for o in v.observations))
        for v in record.vessels
    )
    return replace(record, vessels=vessels)


def answers(phase: Phase) -> dict[str, object]:
    """What is answered at a station beside what was captured there."""
    told: dict[str, object] = {"doppler_signal": Sight.SEEN, "fully_swept": Answer.YES}
    return told | ({"variant": Answer.NO, "previous_filler": Answer.NO} if phase is Phase.PRE else {})


def sight(seen: bool) -> Sight:
    """Of a structure that had to be looked for."""
    return Sight.SEEN if seen else Sight.NOT_SEEN


def _steps(steps: Iterable[object], at: datetime) -> tuple[AsepticEntry, ...]:
    wanted = set(steps)
    return tuple(replace(entry, at=at) for entry in _story().aseptic_steps if entry.step in wanted)


def _here(text: str) -> str:
    return text.replace("nasolabial fold", "cheek")
