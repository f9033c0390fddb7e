"""Mistakes of treating: the plan, asepsis, the tip, a complication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from benchmarks.confusion.mistakes._shared import (
    BASE,
    EVENT,
    LATE,
    OPEN,
    PUNCTURE,
    RESCUE,
    RESCUED,
    UNKNOWN_UID,
    N,
    P,
    named,
)
from benchmarks.confusion.told import (
    Change,
    all_of,
    each,
    encounter,
    event,
    without,
)
from procedure import Phase
from procedure.answers import Side, Sight
from procedure.asepsis import AFTERWARDS, BEFORE_PUNCTURE, AsepticStep, Doing
from procedure.complication import Confirmation, Sign, StepId
from procedure.images import ImageRef, Mode
from procedure.injections import TipSight
from procedure.plan import PlanItem


def _plans() -> Iterator[Change]:
    yield Change("no plan", encounter(plans=()), {"AC3": N, "AG7": N})
    yield Change("the plan is not signed", each("plans", signed_at=None, signed_by=""), {"AC3": P})
    yield Change("the plan was signed after the puncture", each("plans", signed_at=LATE), {"AC3": P})
    yield Change("the plan names no product", each("plans", product_id=""), {"AC3": P})
    yield Change("the product's G' is not known", each("products", rheology=None), {"AC3": P})
    unsourced = each("products", rheology=lambda old: replace(old, source=""))
    yield Change("the product's G' has no source", unsourced, {"AC3": P})
    yield Change("the plan names no plane", each("plans", plane=None), {"AC3": P, "AG7": P})
    yield Change("the plan names no depth", each("plans", depth_mm=None), {"AC3": P})
    yield Change("the plan names no instrument", each("plans", instrument=None), {"AC3": P})
    yield Change("the plan gives no reasons", each("plans", reasons=()), {"AC3": P, "AG7": N})
    for item in (PlanItem.PRODUCT, PlanItem.DEPTH, PlanItem.TECHNIQUE):
        kept = each("plans", reasons=lambda old, item=item: tuple(r for r in old if r.item is not item))
        yield Change(f"no reason for the {item}", kept, {"AC3": P})
    plane = each("plans", reasons=lambda old: tuple(r for r in old if r.item is not PlanItem.PLANE))
    yield Change("no reason for the plane", plane, {"AG7": P})
    loose = each("plans", reasons=lambda old: tuple(replace(r, finding_uids=(), images=()) for r in old))
    yield Change("reasons that rest on nothing that was found", loose, {"AC3": P, "AG7": N})
    nowhere = (ImageRef(image_uid=UNKNOWN_UID),)
    broken = each(
        "plans", reasons=lambda old: tuple(replace(r, finding_uids=(UNKNOWN_UID,), images=nowhere) for r in old)
    )
    yield Change("reasons that name what is not in the record", broken, {"AC3": P, "AG7": N})
    unmeasured = each("vessels", observations=lambda old: tuple(replace(o, depth_mm=None) for o in old))
    yield Change("the depth of the vessel is not measured", unmeasured, {"AG7": P})
    unlayered = each("vessels", observations=lambda old: tuple(replace(o, layer="", muscle_relation=None) for o in old))
    yield Change("the layer of the vessel is not told", unlayered, {"AG7": P})
    elsewhere = each("injections", lambda i: i is BASE.injections[1] or i is RESCUED.injections[1], region="lipu")
    yield Change(
        "a deposit in a region that was neither scanned nor planned",
        elsewhere,
        {"AC3": P, "AG7": P, "AG5": P, "CM3": P, "CM9": P, "AC1": OPEN, "AC2": OPEN, "AG1": OPEN},
    )
    other_side = each("injections", lambda i: i is BASE.injections[1] or i is RESCUED.injections[1], side=Side.RIGHT)
    yield Change(
        "a deposit on the side that was not scanned",
        other_side,
        {"AC3": P, "AG7": P, "CM3": P, "CM9": P, "AC1": OPEN, "AC2": OPEN, "AG1": OPEN, "AG5": OPEN},
    )


def _asepsis() -> Iterator[Change]:
    for step in AsepticStep:
        yield Change(f"{step} not recorded", _without_step(step), {"AC5": P})
    before = each("aseptic_steps", lambda e: e.step in BEFORE_PUNCTURE, at=LATE)
    yield Change("asepsis recorded after the first puncture", before, {"AC5": P})
    early = each("aseptic_steps", lambda e: e.step in AFTERWARDS, at=PUNCTURE - timedelta(minutes=1))
    yield Change("cover and probe seen to before the injection", early, {"AC5": P})
    undone = each("aseptic_steps", doing=Doing.NOT_DONE, lot="")
    yield Change("asepsis not done", undone, {"AC5": N})
    yield Change("no lots of cover and gel", each("aseptic_steps", lot=""), {"AC5": P})
    bare = each("aseptic_steps", lambda e: e.step is AsepticStep.GEL, doing=Doing.NOT_APPLICABLE, lot="")
    yield Change("sterile gel left out without a reason", bare, {"AC5": P})


def _without_step(step: AsepticStep) -> Any:
    return without("aseptic_steps", lambda entry: entry.step is step)


def _tips() -> Iterator[Change]:
    yield Change("the tip is not told", each("injections", tip=None), {"CM5": N})
    yield Change("the tip was not seen", each("injections", tip=TipSight.NOT_SEEN), {"CM5": N})
    second = each("injections", lambda i: i.at > PUNCTURE, tip=TipSight.NOT_SEEN)
    yield Change("the tip was not seen at the second deposit", second, {"CM5": P})
    yield Change("no picture shows the tip", each("injections", tip_image=None), {"CM5": N})
    mapped = ImageRef(image_uid=named(Phase.PRE, "nlf-2", Mode.B_MODE).image_uid)
    yield Change("the tip's picture is one of the mapping", each("injections", tip_image=mapped), {"CM5": N})
    near = all_of(
        each("injections", tip_image=mapped),
        each("images", lambda i: i.image_uid == mapped.image_uid, at=PUNCTURE - timedelta(minutes=2)),
    )
    yield Change("the tip's picture was taken just before the puncture", near, {"CM5": N})
    beyond = each("injections", tip_image=lambda old: replace(old, frame=900))
    yield Change("the tip's frame is not in its clip", beyond, {"CM5": N})


def _complications() -> Iterator[Change]:
    yield Change("no sign is recorded", event(signs=()), {"AC6": P}, RESCUE)
    unseen = event(signs=lambda old: tuple(replace(s, sight=Sight.NOT_SEEN) for s in old))
    yield Change("no sign was seen", unseen, {"AC6": P}, RESCUE)
    eye = event(signs=lambda old: tuple(replace(s, sight=Sight.SEEN) if s.sign is Sign.EYE else s for s in old))
    yield Change("a change of vision without a step for it", eye, {"AC6": P}, RESCUE)
    bare = event(signs=lambda old: tuple(replace(s, images=()) for s in old))
    yield Change("signs by ultrasound without pictures", bare, {"AC6": P}, RESCUE)
    before = event(signs=lambda old: tuple(replace(s, at=EVENT.noticed_at - timedelta(minutes=3)) for s in old))
    yield Change("signs before the first one was noticed", before, {"AC6": P}, RESCUE)
    yield Change("no step of the management", event(steps=()), {"AC6": P}, RESCUE)
    for step in (StepId.V1, StepId.V2, StepId.V3):
        kept = event(steps=lambda old, step=step: tuple(s for s in old if s.step is not step))
        yield Change(f"{step} not recorded", kept, {"AC6": P}, RESCUE)
    unsaid = event(steps=lambda old: tuple(replace(s, reason="") for s in old))
    yield Change("a step left out without a reason", unsaid, {"AC6": P}, RESCUE)
    for name, empty in (("lot", ""), ("dilution", ""), ("prescriber", ""), ("route", None), ("site", "")):
        doses = event(doses=lambda old, n=name, e=empty: tuple(replace(d, **{n: e}) for d in old))
        yield Change(f"doses without {name}", doses, {"AC6": P}, RESCUE)
    early = event(doses=lambda old: tuple(replace(d, at=EVENT.noticed_at - timedelta(minutes=1)) for d in old))
    yield Change("doses before the first sign", early, {"AC6": P, "AG3": OPEN}, RESCUE)
    nothing = event(confirmation=(), rechecks=())
    yield Change("neither confirmed nor looked at again", nothing, {"AG3": N}, RESCUE)
    yield Change("no confirmation", event(confirmation=()), {"AG3": P}, RESCUE)
    for one in (Confirmation.B_MODE, Confirmation.DOPPLER):
        kept = event(confirmation=lambda old, one=one: tuple(c for c in old if c.step is not one))
        yield Change(f"confirmation without {one}", kept, {"AG3": P}, RESCUE)
    yield Change("confirmation out of order", event(confirmation=_reversed_in_time), {"AG3": P}, RESCUE)
    yield Change("no look after the doses", event(rechecks=()), {"AG3": P}, RESCUE)
    yield Change("no look after the last dose", event(rechecks=lambda old: old[:1]), {"AG3": P}, RESCUE)
    blind = event(rechecks=lambda old: tuple(replace(r, flow=None) for r in old))
    yield Change("looks after the doses without Doppler", blind, {"AG3": P}, RESCUE)


def _reversed_in_time(old: Any) -> Any:
    times = [one.at for one in old]
    return tuple(replace(one, at=at) for one, at in zip(old, reversed(times), strict=True))


def treating() -> Iterator[Change]:
    """Each alone."""
    yield from _plans()
    yield from _asepsis()
    yield from _tips()
    yield from _complications()
