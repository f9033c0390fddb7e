"""Coverage, blanks, states, exposure, timeline and changes: on the simulated encounters with one thing taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedure import Encounter, StepNotPossible
from procedure.alara import exposure_notes, minutes_allowed
from procedure.answers import Estimate, Side, Sight
from procedure.artefacts import MISTAKEN_FOR, Artefact
from procedure.as_json import digest
from procedure.asepsis import Doing
from procedure.changes import changes_of
from procedure.complication import Complication, Confirmation, StepId, Suspicion
from procedure.coverage import StationCoverage, Status, coverage
from procedure.demonstration import OPERATOR, SCENARIOS, SUPERVISOR, demonstration
from procedure.encounter import Site
from procedure.gaps import gaps
from procedure.images import ImageKind, Rejection, RejectionReason
from procedure.missing import missing
from procedure.pathway import DOSE_PROFILES, OCCLUSION_STEPS, VISUAL_STEPS
from procedure.patient import Identity
from procedure.people import Role
from procedure.phase import Phase
from procedure.protocol_files import built_in
from procedure.settings import Exposure
from procedure.states import State
from procedure.stations import Seen, StationVisit
from procedure.steps import attest, correct, finalise, identify
from procedure.timeline import RowKind, not_done, timeline
from procedure.wording import NOT_SCANNED
from procedure.words import structure_name

PROTOCOLS = built_in()
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def normal() -> Encounter:
    return demonstration("normal")


def rescue() -> Encounter:
    return demonstration("occlusion-rescue")


def blanks(encounter: Encounter) -> list[tuple[str, str]]:
    return [(blank.requirement, blank.text) for blank in missing(encounter, PROTOCOLS)]


def covered(encounter: Encounter, station_id: str, phase: Phase) -> StationCoverage:
    return next(c for c in coverage(encounter, PROTOCOLS) if (c.station.id, c.phase) == (station_id, phase))


@pytest.mark.requirement("S32")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_demonstrations_are_simulated_whole_and_the_same_each_time(scenario: str) -> None:
    encounter = demonstration(scenario)
    assert encounter == demonstration(scenario) and encounter.simulated
    assert encounter.state is State.ATTESTED
    assert all(entry.status is Status.DONE for entry in coverage(encounter, PROTOCOLS))
    assert {Phase.PRE, Phase.DURING, Phase.POST} <= {image.phase for image in encounter.images}
    assert len({image.image_uid for image in encounter.images}) == len(encounter.images)
    left = {requirement for requirement, _ in blanks(encounter)}
    assert left == ({"S33"} if scenario == "normal" else {"S12", "S15", "S33"})
    with pytest.raises(KeyError, match="there is no scenario"):
        demonstration("perfect")


@pytest.mark.requirement("S17")
@pytest.mark.requirement("S13")
def test_a_station_that_was_not_scanned_is_missing_until_a_reason_is_given() -> None:
    encounter = normal()
    for phase in (Phase.PRE, Phase.DURING, Phase.POST):
        without = replace(
            encounter, visits=tuple(v for v in encounter.visits if (v.station_id, v.phase) != ("nlf-2", phase))
        )
        assert covered(without, "nlf-2", phase).status is Status.MISSING
        assert covered(without, "nlf-2", phase).image_id.startswith("nlf-2-L-")
        skipped = StationVisit(
            station_id="nlf-2", side=Side.LEFT, phase=phase, at=NOW, by=OPERATOR, skipped_because="patient moved"
        )
        entry = covered(without.with_added(visits=skipped), "nlf-2", phase)
        assert entry.status is Status.SKIPPED and entry.lacks == ("Skipped: patient moved.",)


@pytest.mark.requirement("S17")
def test_before_anything_is_injected_only_the_map_is_asked_for() -> None:
    mapped = replace(normal(), injections=())
    assert {entry.phase for entry in coverage(mapped, PROTOCOLS)} == {Phase.PRE}


LACKS: list[tuple[str, dict[str, Any], str]] = [
    ("S23", {"previous_filler": None}, "whether earlier filler was seen"),
    ("S23", {"variant": None}, "whether a variant was seen"),
    ("S23", {"fully_swept": None}, "Not recorded as fully swept"),
    ("S24", {"pressure": None}, "how hard the probe was held"),
    ("S26", {"doppler_signal": Sight.NOT_SEEN}, "made ready for slow flow"),
    ("S8", {"doppler_used": None}, "No Doppler is recorded, and no reason why not"),
    ("S7", {"seen": ()}, "Not answered whether it was seen or not: muscle"),
    ("S13", {"image_uids": ()}, "0 of 1 stills in the transverse plane"),
    ("S13", {"best_image_uid": None}, "No image is marked"),
    ("S13", {"fold_side": None}, "on which side of the fold"),
]


@pytest.mark.requirement("S7")
@pytest.mark.requirement("S8")
@pytest.mark.requirement("S13")
@pytest.mark.requirement("S23")
@pytest.mark.requirement("S24")
@pytest.mark.requirement("S26")
@pytest.mark.parametrize(("requirement", "changes", "told"), LACKS)
def test_each_answer_that_stays_blank_is_a_visible_blank(requirement: str, changes: dict[str, Any], told: str) -> None:
    encounter = normal()
    visits = tuple(
        replace(v, **changes) if (v.station_id, v.phase) == ("nlf-2", Phase.PRE) else v for v in encounter.visits
    )
    entry = covered(replace(encounter, visits=visits), "nlf-2", Phase.PRE)
    assert entry.status is Status.PARTIAL
    assert any(told in lack for lack in entry.lacks), entry.lacks


@pytest.mark.requirement("S14")
def test_an_image_without_plane_and_landmark_is_not_mapped() -> None:
    encounter = normal()
    for change in ({"plane": None}, {"landmark": ""}):
        images = tuple(
            image if image.kind is ImageKind.PHOTOGRAPH else replace(image, **change) for image in encounter.images
        )
        bare = replace(encounter, images=images)
        lacks = covered(bare, "nlf-1", Phase.PRE).lacks
        assert any("lack plane or landmark" in lack for lack in lacks)
        assert any("0 of 1 stills" in lack for lack in lacks)
        assert ("S14", "Plane and landmark are not both there.") in blanks(bare)


def test_a_rejected_image_no_longer_counts_and_stays_in_the_record() -> None:
    encounter = normal()
    note = Rejection(reason=RejectionReason.WRONG_PATIENT, at=NOW, by=OPERATOR, replaced_by="2.25.4")
    hidden = replace(encounter, images=tuple(replace(image, rejection=note) for image in encounter.images))
    assert len(hidden.images) == len(encounter.images)
    assert covered(hidden, "nlf-1", Phase.PRE).status is Status.PARTIAL


REMOVED: list[tuple[str, dict[str, Any], str]] = [
    ("S20", {"consents": ()}, "Consent to the treatment is not recorded."),
    ("S20", {"patient": Identity()}, "The patient is not identified yet."),
    ("S20", {"history": None}, "No history is recorded."),
    ("S20", {"people": ()}, "It is not said who treats."),
    ("S6", {"kit": None}, "Not answered whether hyaluronidase is at hand."),
    ("S11", {"aseptic_steps": ()}, "Not recorded: probe cover."),
    ("S16", {"exposures": ()}, "nlf-1: the exposure is not logged."),
    ("S9", {"plans": ()}, "There is no plan for this injection."),
    ("S17", {"reassessments": ()}, "The site was not reassessed after this injection."),
    ("S33", {"follow_ups": ()}, "No follow-up is planned."),
    ("S13", {"sites": ()}, "It is not said where is to be treated."),
]


@pytest.mark.requirement("S11")
@pytest.mark.requirement("S16")
@pytest.mark.requirement("S20")
@pytest.mark.requirement("S33")
@pytest.mark.parametrize(("requirement", "changes", "told"), REMOVED)
def test_what_is_not_there_is_listed_under_its_requirement(
    requirement: str, changes: dict[str, Any], told: str
) -> None:
    assert (requirement, told) in blanks(replace(normal(), **changes))


@pytest.mark.requirement("S5")
@pytest.mark.requirement("S9")
@pytest.mark.requirement("S27")
def test_a_plan_without_links_to_findings_is_incomplete() -> None:
    encounter = normal()
    plan = encounter.plans[0]
    loose = replace(plan, reasons=tuple(replace(r, finding_uids=(), images=()) for r in plan.reasons))
    told = blanks(replace(encounter, plans=(loose,)))
    assert ("S9", "The reason for the depth links to no finding and no image.") in told
    bare = replace(plan, instrument=None, entry_point="", residual_risk="", reasons=(), signed_at=None)
    told = blanks(replace(encounter, plans=(bare,)))
    for blank in (
        ("S5", "The plan does not say the instrument."),
        ("S5", "The plan does not say the entry point."),
        ("S9", "No reason is given for the product."),
        ("S9", "The plan is not signed."),
        ("S27", "The plan does not say that risk remains."),
    ):
        assert blank in told


@pytest.mark.requirement("S1")
@pytest.mark.requirement("S18")
@pytest.mark.requirement("S25")
@pytest.mark.requirement("S28")
@pytest.mark.requirement("S31")
def test_images_injections_and_vessels_say_what_they_lack() -> None:
    encounter = normal()
    vessel = encounter.vessels[0]
    bare = replace(
        encounter,
        images=tuple(replace(image, settings=None) for image in encounter.images),
        injections=tuple(replace(i, tip=None, product_id="", volume_ml=None) for i in encounter.injections),
        vessels=(
            replace(vessel, observations=tuple(replace(o, evidence=None, depth_mm=None) for o in vessel.observations)),
        ),
    )
    told = blanks(bare)
    for blank in (
        ("S1", "Settings are not there: frequency, depth, gain, focus, preset."),
        ("S25", "Not answered whether the tip was seen."),
        ("S31", "Not there: the product."),
        ("S28", "Not there: the vessel's evidence."),
        ("S4", "Not there: the vessel's depth."),
    ):
        assert blank in told


@pytest.mark.requirement("S20")
def test_states_go_their_way_and_no_other() -> None:
    draft = replace(normal(), state=State.DRAFT, signatures=())
    with pytest.raises(StepNotPossible, match="only a final record is attested"):
        attest(draft, SUPERVISOR, NOW)
    with pytest.raises(StepNotPossible, match="is a draft"):
        correct(draft, OPERATOR, NOW, "wrong lot")
    final = finalise(draft, OPERATOR, NOW)
    assert final.state is State.FINAL and final.signatures[-1].registration_number == "DEMO-1"
    with pytest.raises(StepNotPossible, match="is final already"):
        finalise(final, OPERATOR, NOW)
    for who in (OPERATOR, "somebody"):
        with pytest.raises(StepNotPossible, match="Only a supervisor"):
            attest(final, who, NOW)
    by_supervisor = finalise(draft, SUPERVISOR, NOW)
    with pytest.raises(StepNotPossible, match="cannot attest it"):
        attest(by_supervisor, SUPERVISOR, NOW)
    attested = attest(final, SUPERVISOR, NOW)
    assert attested.state is State.ATTESTED and [s.state for s in attested.signatures] == [State.FINAL, State.ATTESTED]


@pytest.mark.requirement("S20")
def test_a_correction_is_a_new_version_that_names_the_one_before() -> None:
    final = normal()
    with pytest.raises(StepNotPossible, match="needs a reason"):
        correct(final, OPERATOR, NOW, "  ")
    second = correct(final, OPERATOR, NOW, "the lot was read wrongly", products=())
    assert (second.version, second.state, second.signatures) == (2, State.DRAFT, ())
    assert second.encounter_uid == final.encounter_uid and second.products == ()
    assert second.earlier_versions[-1].sha256 == digest(final)
    third = correct(finalise(second, OPERATOR, NOW), OPERATOR, NOW, "again")
    assert [version.number for version in third.earlier_versions] == [1, 2]


def test_an_emergency_without_a_name_gets_one_later_and_a_wrong_one_is_put_right() -> None:
    nameless = replace(normal(), state=State.DRAFT, signatures=(), patient=Identity())
    known = identify(nameless, Identity(patient_id="P-7"), OPERATOR, NOW, "told by the companion")
    assert known.patient.patient_id == "P-7" and known.identity_changes[-1].before == Identity()
    assert known.version == nameless.version
    final = finalise(known, OPERATOR, NOW)
    right = identify(final, Identity(patient_id="P-8"), OPERATOR, NOW, "wrong list", images_remade=("2.25.5",))
    assert (right.version, right.state) == (2, State.DRAFT)
    assert right.identity_changes[-1].before.patient_id == "P-7" and right.identity_changes[-1].images_remade
    with pytest.raises(StepNotPossible, match="needs a reason"):
        identify(final, Identity(), OPERATOR, NOW, "")


@pytest.mark.requirement("S16")
def test_the_time_that_a_thermal_index_gives() -> None:
    table = {0.5: None, 1.0: None, 1.01: 120, 1.5: 120, 1.51: 60, 2.0: 60, 2.5: 15, 3.0: 4, 3.01: 0, 6.0: 0}
    assert {index: minutes_allowed(index) for index in table} == table


@pytest.mark.requirement("S16")
@given(st.floats(0, 2.5), st.floats(0, 7), st.floats(0, 20_000), st.booleans())
def test_exposure_is_over_its_limit_exactly_where_it_is(mi: float, ti: float, seconds: float, eye: bool) -> None:
    entry = Exposure(
        at=NOW,
        by=OPERATOR,
        station_id="s",
        seconds=seconds,
        mechanical_index=mi,
        thermal_index=ti,
        eye_preset=True,
    )
    notes = exposure_notes([entry], ["s"] if eye else [])
    allowed = minutes_allowed(ti)
    over = mi > (0.23 if eye else 1.9) or ti > (1.0 if eye else 6.0) or (allowed is not None and seconds / 60 > allowed)
    assert any(note.over for note in notes) == over
    if mi < 0.18 and ti < 0.8:
        assert notes == ()


def test_indices_that_nobody_recorded_are_told() -> None:
    notes = exposure_notes([Exposure(at=NOW, by=OPERATOR, station_id="s", seconds=5.0)], ["s"])
    assert len(notes) == 3 and not any(note.over for note in notes)


@pytest.mark.requirement("N12")
@pytest.mark.requirement("S6")
@pytest.mark.requirement("S12")
@pytest.mark.requirement("S15")
def test_the_timeline_is_in_order_and_shows_what_was_left_out() -> None:
    event = rescue().complications[0]
    rows = timeline(event)
    times = [row.at for row in rows if row.at is not None]
    assert times == sorted(times) and rows[0].kind is RowKind.FIRST_SIGN and rows[0].elapsed_s == 0
    doses = [row for row in rows if row.kind is RowKind.DOSE]
    assert len(doses) == 2 and all("150 IU" in row.what and "around the facial artery" in row.what for row in doses)
    left = [row.what for row in not_done(event)]
    assert "Confirmation, distal: not done; reason: treatment came first" in left
    assert any(what.startswith("V7: not recorded") for what in left)
    assert not any("Re-check by Doppler" in what for what in left)
    unchecked = replace(event, rechecks=event.rechecks[:1])
    assert sum("Re-check by Doppler after 150 IU" in row.what for row in not_done(unchecked)) == 1


@pytest.mark.requirement("S15")
@settings(deadline=None)
@given(st.sets(st.sampled_from(list(Confirmation))), st.sets(st.sampled_from(list(StepId))))
def test_every_step_that_nobody_recorded_is_a_row(confirmed: set[Confirmation], steps: set[StepId]) -> None:
    whole = rescue().complications[0]
    event = replace(
        whole,
        confirmation=tuple(entry for entry in whole.confirmation if entry.step in confirmed),
        steps=tuple(step for step in whole.steps if step.step in steps),
    )
    rows = timeline(event)
    for step in Confirmation:
        assert any(row.what.startswith(f"Confirmation, {step}") for row in rows)
    for text in OCCLUSION_STEPS:
        assert any(row.what.startswith(f"{text.step}:") for row in rows)


def test_a_visual_loss_has_steps_of_its_own() -> None:
    event = Complication(suspicion=Suspicion.VISUAL, noticed_at=NOW, noticed_by=OPERATOR)
    assert [row.what[:2] for row in timeline(event) if row.kind is RowKind.STEP] == [t.step for t in VISUAL_STEPS]
    assert all(row.doing in (None, Doing.DONE) for row in timeline(event))


def test_dose_profiles_bear_their_source_and_no_dose_is_proposed() -> None:
    assert all(profile.source and profile.told for profile in DOSE_PROFILES)
    assert not any("recommend" in (profile.told + profile.note).lower() for profile in DOSE_PROFILES)


@pytest.mark.requirement("S17")
@settings(deadline=None)
@given(st.floats(0.1, 9), st.floats(0.1, 9), st.none() | st.floats(0, 2), st.none() | st.floats(0, 2))
def test_a_change_bears_its_uncertainty(old: float, new: float, one: float | None, other: float | None) -> None:
    vessel = rescue().vessels[0]
    first, second, *_ = vessel.observations
    pair = (replace(first, depth_mm=Estimate(old, one)), replace(second, depth_mm=Estimate(new, other)))
    (change,) = changes_of(replace(vessel, observations=pair))
    depth = next(c for c in change.changes if c.field == "depth_mm")
    assert depth.value == new - old
    if one is None or other is None:
        assert depth.uncertainty is None and depth.beyond_uncertainty is None
    else:
        assert depth.uncertainty == pytest.approx((one**2 + other**2) ** 0.5)
        assert depth.beyond_uncertainty == (abs(new - old) > (one**2 + other**2) ** 0.5)


def test_one_vessel_has_one_uid_through_all_phases() -> None:
    encounter = rescue()
    (vessel,) = encounter.vessels
    phases = [change.after.phase for change in changes_of(vessel)]
    assert phases == [Phase.DURING, Phase.POST, Phase.COMPLICATION, Phase.COMPLICATION]
    assert [change.after.flow for change in changes_of(vessel)][2:] == [Sight.NOT_SEEN, Sight.SEEN]
    assert changes_of(replace(vessel, observations=vessel.observations[1:])) == ()
    named = {dose.vessel_uid for event in encounter.complications for dose in event.doses}
    assert named == {vessel.tracking_uid} and encounter.vessel(vessel.tracking_uid) is vessel
    assert encounter.vessel("2.25.0") is None and encounter.image("2.25.0") is None


@pytest.mark.requirement("S10")
@pytest.mark.requirement("S22")
def test_every_artefact_says_what_it_may_be_mistaken_for() -> None:
    assert set(MISTAKEN_FOR) == set(Artefact)
    assert all(taken and action for taken, action in MISTAKEN_FOR.values())


def test_an_encounter_that_was_cut_off_says_what_is_missing() -> None:
    """Taken away from the end, step by step, nothing breaks, and each step that is gone is told."""
    encounter = normal()
    counted = []
    for name in (
        "reassessments",
        "injections",
        "plans",
        "products",
        "vessels",
        "visits",
        "images",
        "history",
        "consents",
    ):
        counted.append(len(missing(encounter, PROTOCOLS)))
        encounter = replace(encounter, **{name: None if name == "history" else ()})  # type: ignore[arg-type]
    assert counted[0] == 1
    told = blanks(encounter)
    for blank in (
        ("S20", "Consent to the treatment is not recorded."),
        ("S9", "There is no plan for this site: nasolabial fold, pyriform fossa."),
        ("S17", "No injection is recorded."),
        ("S23", "Not scanned, and no reason is given."),
    ):
        assert blank in told


@pytest.mark.requirement("N11")
@pytest.mark.requirement("S26")
def test_what_was_not_scanned_or_not_seen_stands_beside_the_margins() -> None:
    encounter = normal()
    (plan,) = encounter.plans

    def told(record: Encounter) -> list[str]:
        found = [gap.text for gap in gaps(plan, record, PROTOCOLS)]
        assert found.pop() == NOT_SCANNED
        return found

    assert told(encounter) == ["The lateral nasal artery was looked for and not seen."]
    nothing = told(replace(encounter, visits=()))
    assert "The facial artery was not looked for." in nothing
    assert (
        "maxilla at the middle of the fold, transverse, traced up and down: not scanned, and no reason is given."
        in nothing
    )
    later = tuple(v for v in encounter.visits if v.phase is not Phase.PRE)
    assert told(replace(encounter, visits=later)) == nothing, "what was seen later was not known to the plan"
    other = tuple(replace(v, side=Side.RIGHT) for v in encounter.visits)
    assert told(replace(encounter, visits=other)) == nothing
    assert told(replace(encounter, sites=()))[0].startswith("The plan's site is not among")
    site = Site(region="glab", side=Side.MIDLINE, protocol_version="1")
    between = replace(plan, region="glab", side=Side.MIDLINE)
    at_glabella = replace(encounter, sites=(site,), visits=())
    unseen = gaps(between, at_glabella, PROTOCOLS)
    stations = {(station.id, side) for station in PROTOCOLS["glab"].stations for side in station.sides}
    assert {(gap.station_id, gap.side) for gap in unseen if gap.station_id} == stations, (
        "both sides lie beside the midline"
    )
    vessel = PROTOCOLS["glab"].vessels[0]
    looked = [station for station in PROTOCOLS["glab"].stations if vessel in station.look_for]
    seen = tuple(
        replace(
            v,
            station_id=looked[0].id,
            side=Side.RIGHT,
            phase=Phase.PRE,
            seen=(Seen(structure=vessel, sight=Sight.SEEN),),
        )
        for v in encounter.visits[:1]
    )
    name = structure_name(vessel)
    now = [gap.text for gap in gaps(between, replace(at_glabella, visits=seen), PROTOCOLS) if str(name) in gap.text]
    assert now == [f"The {name} was not looked for on the left."]
    first, *_ = gaps(replace(plan, region="knee"), encounter, PROTOCOLS)
    assert first.text.startswith("This region has no protocol")


def test_roles_are_asked_for() -> None:
    encounter = normal()
    trainees = tuple(p for p in encounter.people if p.role is Role.TRAINEE)
    told = blanks(replace(encounter, people=trainees))
    assert ("S20", "A trainee treats, and no supervisor is named.") in told
    assert ("S20", "No prescriber is named.") in told
    assert encounter.first_puncture == encounter.started_at + timedelta(minutes=35)
