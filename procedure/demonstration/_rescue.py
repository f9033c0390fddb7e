"""A suspected occlusion after the second deposit: signs, confirmation, doses, re-checks, what was left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from procedure.answers import Answer, Sight
from procedure.asepsis import Doing
from procedure.complication import (
    Complication,
    Confirmation,
    Confirmed,
    Dose,
    Measure,
    PathwayStep,
    Recheck,
    Route,
    Sign,
    SignSeen,
    StepId,
    Suspicion,
)
from procedure.demonstration._before import filler_check, with_seen
from procedure.demonstration._story import ARTERY, LUMEN_FILLER, OPERATOR, PRESCRIBER, REGION, SIDE, Story
from procedure.encounter import Encounter
from procedure.images import ImageRef, KeptImage, Mode
from procedure.injections import FollowUp
from procedure.phase import Phase
from procedure.vessels import Echogenicity

_T0 = 49.0  # minutes after the beginning: just after the look that followed the second deposit
_PLACE = "nasolabial fold"


def rescue(story: Story, encounter: Encounter) -> Encounter:
    """The encounter with the event, its pictures, and the artery seen without and later with a signal."""
    station = next(station for station in story.protocol.stations if station.id == "nlf-2")
    first = story.image(station, Phase.COMPLICATION, _T0 + 4)
    empty = story.image(station, Phase.COMPLICATION, _T0 + 5, mode=Mode.COLOUR)
    after = story.image(station, Phase.COMPLICATION, _T0 + 21.5, again=2)
    again = story.image(station, Phase.COMPLICATION, _T0 + 22, mode=Mode.SPECTRAL)
    skin = story.photograph(Phase.COMPLICATION, _T0 + 1.2)
    for image in (skin, first, empty, after, again):
        encounter = encounter.with_added(images=image)
    encounter = story.pictures.mapped(encounter, (first,))
    blocked = story.seen(
        Phase.COMPLICATION, _T0 + 5.3, first, depth_mm=5.0, diameter_mm=1.2, velocity_cm_s=None, flow=Sight.NOT_SEEN
    )
    lumen = replace(
        blocked,
        lumen_echogenicity=Echogenicity.HYPOECHOIC,
        compressible=Answer.NO,
        text="No signal seen at these settings, slow flow tried.",
    )
    flowing = story.seen(
        *(Phase.COMPLICATION, _T0 + 22.8, after), depth_mm=4.9, diameter_mm=1.1, velocity_cm_s=26.0, spectral=again
    )
    encounter = with_seen(story, with_seen(story, encounter, lumen), flowing)
    encounter = encounter.with_added(filler_checks=filler_check(story, LUMEN_FILLER, _T0 + 6))
    encounter = encounter.with_added(exposures=story.exposure(station, _T0 + 4, (first, empty, after, again), 240.0))
    encounter = replace(encounter, follow_ups=tuple(FollowUp(due=story.at(hours * 60)) for hours in (24, 48, 72, 168)))
    return encounter.with_added(complications=_event(story, skin, first, empty, again))


def _event(story: Story, skin: KeptImage, first: KeptImage, empty: KeptImage, again: KeptImage) -> Complication:
    return Complication(
        suspicion=Suspicion.OCCLUSION,
        noticed_at=story.at(_T0),
        noticed_by=OPERATOR,
        territory="left nasolabial fold and ala",
        last_site="middle of the fold",
        signs=_signs(story, skin, first, empty),
        confirmation=_confirmation(story, first, empty),
        steps=_steps(story),
        doses=tuple(_dose(story, minutes, empty) for minutes in (8.0, 14.0)),
        rechecks=_rechecks(story, empty, again),
        measures=(Measure(at=story.at(_T0 + 10), by=OPERATOR, what="massage", result="no change seen"),),
        ended_at=story.at(_T0 + 24),
        outcome="signal seen again, refill 2 s",
    )


def _steps(story: Story) -> tuple[PathwayStep, ...]:
    """V7 and V9 were never recorded: the timeline shows that."""
    done = (
        (StepId.V1, 0.2, "stopped, patient told, help called"),
        (StepId.V2, 1.5, "refill on both sides, territory outlined"),
        (StepId.V3, 4.0, "facial artery scanned, other side too"),
        (StepId.V5, 8.0, "hyaluronidase, allergy asked, adrenaline at hand"),
        (StepId.V6, 20.0, "refill, colour, pain, Doppler"),
        (StepId.V8, 25.0, "written plan and emergency number given"),
    )
    steps = [
        PathwayStep(step=step, doing=Doing.DONE, at=story.at(_T0 + minutes), by=OPERATOR, text=text)
        for step, minutes, text in done
    ]
    reason = "refill above 3 s"
    left_out = PathwayStep(step=StepId.V4, doing=Doing.NOT_DONE, at=story.at(_T0 + 2), by=OPERATOR, reason=reason)
    return (*steps, left_out)


def _signs(story: Story, skin: KeptImage, first: KeptImage, empty: KeptImage) -> tuple[SignSeen, ...]:
    def sign(
        what: Sign,
        minutes: float,
        sight: Sight = Sight.SEEN,
        image: KeptImage | None = None,
        photograph: KeptImage | None = None,
    ) -> SignSeen:
        refs = tuple(ImageRef(image_uid=shown.image_uid) for shown in (image, photograph) if shown is not None)
        bright = Echogenicity.HYPOECHOIC if what is Sign.LUMEN_MATERIAL else None
        return SignSeen(
            sign=what,
            sight=sight,
            at=story.at(_T0 + minutes),
            by=OPERATOR,
            place=_PLACE,
            side=SIDE,
            lumen_echogenicity=bright,
            vessel_uid=story.uid_of(ARTERY) if image is not None else None,
            images=refs,
        )

    return (
        sign(Sign.PALLOR, 0.1),
        sign(Sign.LIVEDO, 1.0, photograph=skin),
        sign(Sign.REFILL, 1.5),
        sign(Sign.PAIN, 1.5),
        sign(Sign.EYE, 1.8, Sight.NOT_SEEN),
        sign(Sign.LUMEN_MATERIAL, 4.0, image=first),
        sign(Sign.NO_FLOW_MAJOR, 5.0, image=empty),
    )


def _confirmation(story: Story, first: KeptImage, empty: KeptImage) -> tuple[Confirmed, ...]:
    """The distal look was left out: the record shows it as left out, and the doses did not wait for it."""
    looked = (
        (Confirmation.SKIN_SIGN, 1.5, "pallor and mottling, refill 5 s", None),
        (Confirmation.B_MODE, 4.0, "hypoechoic material in the lumen, not compressible", first),
        (Confirmation.DOPPLER, 5.0, "no signal seen at these settings, slow flow tried", empty),
        (Confirmation.PROXIMAL, 6.0, "signal seen at the antegonial notch", None),
    )
    done = tuple(
        Confirmed(
            step=step,
            doing=Doing.DONE,
            at=story.at(_T0 + minutes),
            by=OPERATOR,
            text=text,
            images=() if image is None else (ImageRef(image_uid=image.image_uid),),
        )
        for step, minutes, text, image in looked
    )
    left_out = Confirmed(
        step=Confirmation.DISTAL,
        doing=Doing.NOT_DONE,
        at=story.at(_T0 + 7),
        by=OPERATOR,
        reason="treatment came first",
    )
    return (*done, left_out)


def _dose(story: Story, minutes: float, image: KeptImage) -> Dose:
    return Dose(
        at=story.at(_T0 + minutes),
        by=OPERATOR,
        dose_iu=150.0,
        site="around the facial artery at the middle of the fold",
        region=REGION,
        side=SIDE,
        route=Route.PERIVASCULAR,
        volume_ml=0.5,
        dilution="1500 IU in 5 mL saline",
        guided=Answer.YES,
        vessel_uid=story.uid_of(ARTERY),
        prescriber=PRESCRIBER,
        profile_id="targeted",
        brand="Demo enzyme",
        lot="DEMO-H1",
        expiry=date(2030, 1, 31),
        allergy_asked=Answer.YES,
        images=(ImageRef(image_uid=image.image_uid),),
    )


def _rechecks(story: Story, empty: KeptImage, again: KeptImage) -> tuple[Recheck, ...]:
    def look(minutes: float, refill_s: float, colour: str, flow: Sight, image: KeptImage) -> Recheck:
        return Recheck(
            at=story.at(_T0 + minutes),
            by=OPERATOR,
            place=_PLACE,
            side=SIDE,
            refill_s=refill_s,
            skin_colour=colour,
            pain_0_10=3,
            vision_unchanged=Answer.YES,
            vessel_uid=story.uid_of(ARTERY),
            flow=flow,
            slow_flow_tried=Answer.YES,
            images=(ImageRef(image_uid=image.image_uid),),
        )

    return (
        look(12.0, 4.0, "mottled", Sight.NOT_SEEN, empty),
        look(22.0, 2.0, "even", Sight.SEEN, again),
    )
