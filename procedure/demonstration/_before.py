"""A simulated encounter before the first puncture: consent, history, kit, asepsis, mapping."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from procedure.answers import Answer, Side, Sight
from procedure.artefacts import Artefact, ArtefactNote, FillerCheck
from procedure.asepsis import BEFORE_PUNCTURE, AsepticEntry, AsepticStep, Doing
from procedure.consent import Consent, ConsentKind, Risk
from procedure.demonstration._story import (
    ARTERY,
    GAIN_LOWERED_AT,
    OPERATOR,
    PRESCRIBER,
    REGION,
    SIDE,
    SUPERVISOR,
    Story,
)
from procedure.encounter import Encounter, Site
from procedure.history import EmergencyKit, History, RefillBaseline, VisionBaseline
from procedure.images import ImageKind, ImageRef, KeptImage, Mode
from procedure.patient import Identity
from procedure.people import Clock, ClockSource, Person, Role
from procedure.phase import Phase
from procedure.protocol import Station
from procedure.settings import SettingChange
from procedure.stations import FoldSide, Pressure, Seen, StationVisit
from procedure.vessels import Observation, Variant, Vessel, VesselType
from procedure.wording import RESIDUAL_RISK


def before(story: Story, scenario: str) -> Encounter:
    """The encounter up to the finished map."""
    started = Encounter(
        encounter_uid=story.uid_of(f"encounter/{scenario}"),
        simulated=True,
        started_at=story.at(0),
        clock=Clock(source=ClockSource.NETWORK, synchronised=True, checked_at=story.at(-1), offset_s=0.01),
        patient=Identity(patient_id="DEMO-0001", name="Demo^Simulated"),
        people=(
            Person(name=OPERATOR, role=Role.TRAINEE, registration_number="DEMO-1"),
            Person(name=SUPERVISOR, role=Role.SUPERVISOR, registration_number="DEMO-2"),
            Person(name=PRESCRIBER, role=Role.PRESCRIBER, registration_number="DEMO-3"),
        ),
        sites=(Site(region=REGION, side=SIDE, protocol_version=story.protocol.version),),
        consents=_consents(story),
        history=_history(story),
        kit=EmergencyKit(
            at=story.at(6),
            by=OPERATOR,
            hyaluronidase_present=Answer.YES,
            hyaluronidase_lot="DEMO-H1",
            hyaluronidase_expiry=date(2030, 1, 31),
            hyaluronidase_iu=4500.0,
            adrenaline_present=Answer.YES,
            emergency_number="000 (simulated)",
            eye_unit="Simulated eye unit",
        ),
        aseptic_steps=_asepsis(story),
    )
    return _mapped(story, started)


def _consents(story: Story) -> tuple[Consent, ...]:
    return (
        Consent(
            kind=ConsentKind.TREATMENT,
            given=Answer.YES,
            at=story.at(1),
            by=OPERATOR,
            wording=f"Simulated consent to filler of the nasolabial fold. {RESIDUAL_RISK}",
            wording_version="demo-1",
            risks_named=tuple(Risk),
            product_information_given=Answer.YES,
            time_to_think=Answer.YES,
        ),
        Consent(
            kind=ConsentKind.PHOTOGRAPHS,
            given=Answer.YES,
            at=story.at(1),
            by=OPERATOR,
            wording="Simulated consent to photographs.",
        ),
    )


def _history(story: Story) -> History:
    return History(
        at=story.at(3),
        by=OPERATOR,
        has_allergies=Answer.NO,
        takes_anticoagulants=Answer.NO,
        had_filler=Answer.NO,
        had_surgery=Answer.NO,
        pregnant=Answer.NO,
        refill=(
            RefillBaseline(place="nasolabial fold", side=Side.LEFT, refill_s=2.0, skin_colour="even"),
            RefillBaseline(place="nasolabial fold", side=Side.RIGHT, refill_s=2.0, skin_colour="even"),
        ),
        vision=VisionBaseline(
            right="reads the chart", left="reads the chart", eye_movement_normal=Answer.YES, pupils_normal=Answer.YES
        ),
    )


def _asepsis(story: Story) -> tuple[AsepticEntry, ...]:
    lots = {AsepticStep.PROBE_COVER: "DEMO-C1", AsepticStep.GEL: "DEMO-G1"}
    return tuple(
        AsepticEntry(step=step, doing=Doing.DONE, at=story.at(7 + 0.3 * place), by=OPERATOR, lot=lots.get(step, ""))
        for place, step in enumerate(BEFORE_PUNCTURE)
    )


def _mapped(story: Story, encounter: Encounter) -> Encounter:
    """Every station of the protocol, each with its pictures and answers; then the artery that was seen."""
    encounter = encounter.with_added(images=story.photograph(Phase.PRE, 4))
    for place, station in enumerate(story.protocol.stations):
        images = story.looked(station, Phase.PRE, 10 + 4 * place)
        if station.id == "nlf-1":
            encounter, images = _gain_lowered(story, encounter, station, images)
        encounter = _scanned(story, encounter, station, 10 + 4 * place, images)
    look = {image.mode: image for image in encounter.images if image.station_id == "nlf-2"}
    seen = story.seen(
        *(Phase.PRE, 15.8, look[Mode.B_MODE]),
        depth_mm=4.8,
        diameter_mm=1.0,
        velocity_cm_s=30.0,
        spectral=look[Mode.SPECTRAL],
    )
    return with_seen(story, encounter, seen)


def _gain_lowered(
    story: Story, encounter: Encounter, station: Station, images: list[KeptImage]
) -> tuple[Encounter, list[KeptImage]]:
    """The first picture has weak echoes in the lumen; the gain is lowered and the picture taken again (S1, S10)."""
    first, *others = images
    again = story.image(station, Phase.PRE, 10.6, again=2)
    before, after = (ImageRef(image_uid=image.image_uid) for image in (first, again))
    gains = [f"{i.settings.gain:g} {i.settings.gain_unit}" for i in (first, again) if i.settings and i.settings.gain]
    change = SettingChange(
        at=story.at(GAIN_LOWERED_AT),
        by=OPERATOR,
        setting="gain",
        before=gains[0],
        after=gains[-1],
        why="weak echoes in the lumen",
    )
    note = ArtefactNote(
        artefact=Artefact.SIDE_LOBE,
        at=story.at(10.4),
        by=OPERATOR,
        station_id=station.id,
        effect="weak echoes inside a lumen, like material",
        adjustment=f"gain lowered from {gains[0]} to {gains[-1]}",
        before=before,
        after=after,
        resolved=Answer.YES,
    )
    return encounter.with_added(setting_changes=change, artefacts=note), [first, again, *others]


def _scanned(
    story: Story, encounter: Encounter, station: Station, minutes: float, images: list[KeptImage]
) -> Encounter:
    for image in images:
        encounter = encounter.with_added(images=image)
    encounter = story.pictures.mapped(encounter, images)
    best = max((image for image in images if image.mode is Mode.B_MODE), key=lambda image: image.at)
    return encounter.with_added(
        visits=StationVisit(
            station_id=station.id,
            side=SIDE,
            phase=Phase.PRE,
            at=story.at(minutes),
            by=OPERATOR,
            seen=_structures(story, station, images),
            compressions=tuple(
                shrunk
                for image in images
                if image.kind is ImageKind.CLIP
                for shrunk in story.pictures.compressions(image)
            ),
            image_uids=tuple(image.image_uid for image in images),
            best_image_uid=best.image_uid,
            doppler_used=Answer.YES,
            doppler_signal=Sight.SEEN,
            fully_swept=Answer.YES,
            pressure=Pressure.STAND_OFF,
            variant=Answer.NO,
            previous_filler=Answer.NO,
            fold_side=FoldSide.LATERAL if station.fold_side else None,
        ),
        exposures=story.exposure(station, minutes, images, 90.0),
    )


def _structures(story: Story, station: Station, images: list[KeptImage]) -> tuple[Seen, ...]:
    """What the station asks for, then each further layer whose thickness its picture tells."""
    pictures = story.pictures
    asked = tuple(
        Seen(
            structure=structure,
            sight=pictures.sight(structure, images),
            thickness_mm=pictures.thickness(structure, images),
        )
        for structure in station.look_for
    )
    layers = tuple(
        Seen(structure=layer, sight=pictures.sight(layer, images), thickness_mm=thickness)
        for layer in story.protocol.layers
        if layer not in station.look_for and (thickness := pictures.thickness(layer, images)) is not None
    )
    return asked + layers


def filler_check(story: Story, name: str, minutes: float) -> FillerCheck:
    """A label 'filler' was held against shadow and anisotropy before it was left to stand (S22)."""
    return FillerCheck(
        tracking_uid=story.uid_of(name),
        at=story.at(minutes),
        by=OPERATOR,
        second_plane=Answer.YES,
        angle_changed=Answer.YES,
        conclusion="seen in both planes and at both angles",
    )


def with_seen(story: Story, encounter: Encounter, seen: Observation) -> Encounter:
    """The encounter with one more look at the story's artery, which is new to it or known already."""
    uid = story.uid_of(ARTERY)
    known = encounter.vessel(uid)
    if known is None:
        begun = Vessel(
            tracking_uid=uid,
            vessel_type=VesselType.ARTERY,
            side=SIDE,
            region=REGION,
            term="fa",
            name="facial artery",
            named_by=OPERATOR,
            variants=(Variant.ENDS_ALAR,),
            observations=(seen,),
        )
        return encounter.with_added(vessels=begun)
    longer = replace(known, observations=(*known.observations, seen))
    return replace(encounter, vessels=tuple(longer if v is known else v for v in encounter.vessels))
