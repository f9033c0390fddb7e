"""A simulated encounter from the plan to the planned follow-up."""

from __future__ import annotations

from datetime import date

from procedure.answers import Answer, Sight
from procedure.asepsis import AFTERWARDS, AsepticEntry, Doing
from procedure.demonstration._before import filler_check, with_seen
from procedure.demonstration._story import ARTERY, DEPOSIT, OPERATOR, REGION, SIDE, Story
from procedure.encounter import Encounter
from procedure.images import ImageRef, KeptImage, Mode
from procedure.injections import FollowUp, Injection, Reassessment, TipSight
from procedure.phase import Phase
from procedure.plan import (
    InjectionPlane,
    Instrument,
    InstrumentType,
    NeedleView,
    Place,
    Plan,
    PlanItem,
    PlannedPath,
    Reason,
)
from procedure.products import Material, Product, Rheology
from procedure.protocol import Station
from procedure.stations import FoldSide, Pressure, StationVisit
from procedure.wording import RESIDUAL_RISK

PRODUCT_ID = "syringe-1"
PLAN_ID = "plan-1"
CANNULA = Instrument(type=InstrumentType.CANNULA, gauge=25, length_mm=38.0, outer_diameter_mm=0.51)
_DEPOSITS_AT = (35.0, 38.0)  # minutes after the beginning
_LOOK_AT = 35.4  # between the two
_INTO_THE_CLIP_MINUTES = 1.05 / 60  # a deposit begins to grow when the tip has come to its place
_WHY = {
    PlanItem.PRODUCT: "Hyaluronic acid: dissolves; G' by the maker's sheet of the simulated product.",
    PlanItem.VOLUME: "Small aliquots, with a look between them.",
    PlanItem.INSTRUMENT: "Cannula: one entry point away from the artery as mapped.",
    PlanItem.ENTRY: "Below and lateral to the artery as mapped.",
    PlanItem.DEPTH: "Below the artery's depth as measured here.",
    PlanItem.PLANE: "The artery was seen in the superficial fat, superficial to the muscle.",
    PlanItem.TECHNIQUE: "In plane, with the tip in view before each deposit.",
}


def treatment(story: Story, encounter: Encounter) -> Encounter:
    """Plan, two deposits, reassessment, the steps afterwards, a follow-up that is planned and not held yet."""
    mapped = next(image for image in encounter.images if image.station_id == "nlf-2" and image.mode is Mode.B_MODE)
    encounter = encounter.with_added(products=_product(), plans=story.pictures.planned(_plan(story, mapped)))
    station = next(station for station in story.protocol.stations if station.id == "nlf-2")
    encounter = _injected(story, encounter, station)
    encounter = _looked_again(story, encounter)
    for place, step in enumerate(AFTERWARDS):
        entry = AsepticEntry(step=step, doing=Doing.DONE, at=story.at(62 + place), by=OPERATOR)
        encounter = encounter.with_added(aseptic_steps=entry)
    return encounter.with_added(follow_ups=FollowUp(due=story.at(14 * 24 * 60)))


def _product() -> Product:
    return Product(
        product_id=PRODUCT_ID,
        brand="Demo Filler",
        maker="Simulated",
        material=Material.HA,
        lot="DEMO-L1",
        expiry=date(2030, 6, 30),
        pack_volume_ml=1.0,
        ha_mg_ml=20.0,
        lidocaine_mg_ml=3.0,
        crosslinker="BDDE",
        rheology=Rheology(source="simulated maker's sheet", g_prime_pa=300.0),
    )


def _plan(story: Story, mapped: KeptImage) -> Plan:
    image = ImageRef(image_uid=mapped.image_uid)
    return Plan(
        plan_id=PLAN_ID,
        region=REGION,
        side=SIDE,
        at=story.at(26),
        by=OPERATOR,
        product_id=PRODUCT_ID,
        volume_ml=0.4,
        instrument=CANNULA,
        needle_view=NeedleView.IN_PLANE,
        entry_point="1 cm below and lateral to the modiolus",
        depth_mm=7.5,
        plane=InjectionPlane.DEEP_FAT,
        technique="retrograde, aliquots of 0.1 mL",
        aspiration=Answer.NO,
        path=PlannedPath(image=image, entry=Place(column=300.0, row=150.0), target=Place(column=520.0, row=300.0)),
        reasons=tuple(
            Reason(item=item, text=text, finding_uids=(story.uid_of(ARTERY),), images=(image,))
            for item, text in _WHY.items()
        ),
        residual_risk=RESIDUAL_RISK,
        signed_at=story.at(28),
        signed_by=OPERATOR,
    )


def _injected(story: Story, encounter: Encounter, station: Station) -> Encounter:
    """Two deposits, each with a clip in which the tip is seen; between them a look at the artery."""
    images = story.looked(station, Phase.DURING, _LOOK_AT, clip=False)
    clips = [
        story.clip(station, Phase.DURING, minutes - _INTO_THE_CLIP_MINUTES, again=number)
        for number, minutes in enumerate(_DEPOSITS_AT, 1)
    ]
    for image in (*images, *clips):
        encounter = encounter.with_added(images=image)
    encounter = story.pictures.mapped(encounter, images)
    seen = story.seen(
        *(Phase.DURING, _LOOK_AT + 1.8, images[0]),
        depth_mm=4.7,
        diameter_mm=1.0,
        velocity_cm_s=29.0,
        spectral=images[-1],
    )
    encounter = with_seen(story, encounter, seen)
    encounter = encounter.with_added(
        visits=_visit(story, station, Phase.DURING, _LOOK_AT, [*images, *clips]),
        exposures=story.exposure(station, _LOOK_AT, [*images, *clips], 150.0),
    )
    for minutes, clip in zip(_DEPOSITS_AT, clips, strict=True):
        injection = story.pictures.injected(_injection(story, minutes, clip), clip)
        encounter = encounter.with_added(injections=injection)
    return encounter


def _injection(story: Story, minutes: float, clip: KeptImage) -> Injection:
    return Injection(
        at=story.at(minutes),
        by=OPERATOR,
        region=REGION,
        side=SIDE,
        site="middle of the fold",
        plan_id=PLAN_ID,
        product_id=PRODUCT_ID,
        volume_ml=0.1,
        instrument=CANNULA,
        entry_point="1 cm below and lateral to the modiolus",
        plane=InjectionPlane.DEEP_FAT,
        depth_mm=7.4,
        needle_view=NeedleView.IN_PLANE,
        aspiration=Answer.NO,
        guided=Answer.YES,
        tip=TipSight.SEEN,
        tip_image=ImageRef(image_uid=clip.image_uid, frame=30),
        tip_frames=90,
        tip_unseen_frames=12,
        nearest_vessel_uid=story.uid_of(ARTERY),
        image_uids=(clip.image_uid,),
    )


def _looked_again(story: Story, encounter: Encounter) -> Encounter:
    for place, station in enumerate(s for s in story.protocol.stations if Phase.POST in s.phases):
        minutes = 42.0 + 2.5 * place
        images = story.looked(station, Phase.POST, minutes)
        for image in images:
            encounter = encounter.with_added(images=image)
        encounter = story.pictures.mapped(encounter, images)
        encounter = encounter.with_added(
            visits=_visit(story, station, Phase.POST, minutes, images),
            exposures=story.exposure(station, minutes, images, 60.0),
        )
    look = {i.mode: i for i in encounter.images if (i.phase, i.station_id) == (Phase.POST, "nlf-2") and not i.seconds}
    seen = story.seen(
        *(Phase.POST, 46.8, look[Mode.B_MODE]),
        depth_mm=5.0,
        diameter_mm=1.0,
        velocity_cm_s=28.0,
        spectral=look[Mode.SPECTRAL],
    )
    face = story.photograph(Phase.POST, 47.5)
    encounter = encounter.with_added(images=face)
    for number in range(1, len(_DEPOSITS_AT) + 1):
        encounter = encounter.with_added(filler_checks=filler_check(story, f"{DEPOSIT}/{number}", 46.0))
    return with_seen(story, encounter, seen).with_added(
        reassessments=Reassessment(
            at=story.at(48),
            by=OPERATOR,
            region=REGION,
            side=SIDE,
            refill_s=2.0,
            skin_colour="even",
            pain_0_10=1,
            vision_unchanged=Answer.YES,
            deposit=Sight.SEEN,
            deposit_in_plane=Answer.YES,
            image_uids=(look[Mode.B_MODE].image_uid, face.image_uid),
        )
    )


def _visit(story: Story, station: Station, phase: Phase, minutes: float, images: list[KeptImage]) -> StationVisit:
    return StationVisit(
        station_id=station.id,
        side=SIDE,
        phase=phase,
        at=story.at(minutes),
        by=OPERATOR,
        image_uids=tuple(image.image_uid for image in images),
        best_image_uid=images[0].image_uid,
        doppler_used=Answer.YES,
        doppler_signal=Sight.SEEN,
        fully_swept=Answer.YES,
        pressure=Pressure.LIGHT,
        fold_side=FoldSide.LATERAL if station.fold_side else None,
    )
