"""Each criterion on a whole record, and on the same record with the mistake that the criterion is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from audit import Material, State, Verdict, course_rubric, judge
from audit.verdict import combined, lacking, met, not_asked, undecided
from procedure import Phase
from procedure.answers import Answer, Sight
from procedure.artefacts import FillerCheck
from procedure.asepsis import AsepticStep, Doing
from procedure.images import Mode, Rejection, RejectionReason
from procedure.injections import TipSight
from procedure.products import Material as Filler
from procedure.stations import PreviousFiller
from tests.audit.records import material, with_encounter
from tests.procedure.strategies import encounters

GOOD = material("normal")
RESCUED = material("occlusion-rescue")
FILLER = PreviousFiller(material=Filler.HA, tracking_uid="2.25.7")


def verdict(of: Material, criterion: str) -> Verdict:
    return next(j.verdict for j in judge(of, course_rubric()) if j.criterion.id == criterion)


def test_a_whole_record_meets_what_it_is_asked() -> None:
    found = {j.criterion.id: j for j in judge(GOOD, course_rubric())}
    assert len(found) == 23
    not_asked_here = {"AC6", "AG3", "CM2", "CM8"}
    assert {row for row, j in found.items() if j.verdict is Verdict.NOT_APPLICABLE} == not_asked_here
    assert {row: j.missing for row, j in found.items() if j.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE)} == {}
    for judgement in found.values():
        if judgement.verdict is Verdict.MET:
            assert judgement.evidence, "met is never said without a place that shows it"
        if judgement.verdict is Verdict.NOT_APPLICABLE:
            assert judgement.reasons
        assert judgement.criterion.question


def test_the_rescue_is_judged_too() -> None:
    assert verdict(RESCUED, "AC6") is Verdict.MET
    assert verdict(RESCUED, "AG3") is Verdict.MET


def visits(whole: Material, **changes: object) -> Material:
    return with_encounter(whole, visits=tuple(replace(v, **changes) for v in whole.encounter.visits))  # type: ignore[arg-type]


def images(whole: Material, keep: Callable[..., bool] = lambda _image: True, **changes: object) -> Material:
    kept = tuple(replace(i, **changes) for i in whole.encounter.images if keep(i))  # type: ignore[arg-type]
    return with_encounter(whole, images=kept)


def plans(whole: Material, **changes: object) -> Material:
    return with_encounter(whole, plans=tuple(replace(p, **changes) for p in whole.encounter.plans))  # type: ignore[arg-type]


def event(whole: Material, **changes: object) -> Material:
    (one,) = whole.encounter.complications
    return with_encounter(whole, complications=(replace(one, **changes),))  # type: ignore[arg-type]


PUNCTURE = GOOD.encounter.first_puncture
assert PUNCTURE is not None
LATE = PUNCTURE + timedelta(minutes=1)
EARLY = PUNCTURE - timedelta(minutes=1)
CONSENTS = GOOD.encounter.consents
STEPS = GOOD.encounter.aseptic_steps
(EVENT,) = RESCUED.encounter.complications

MISTAKES: list[tuple[str, str, Material]] = [
    ("AC1", "a layer is not labelled", replace(GOOD, labels=GOOD.labels[1:])),
    ("AC1", "nothing is labelled", replace(GOOD, labels=())),
    ("AC1", "labels on a picture that is gone", replace(GOOD, pictures={})),
    ("AC1", "a labelled picture has no plane", images(GOOD, plane=None)),
    ("AC2", "no Doppler before", images(GOOD, lambda i: i.phase is not Phase.PRE or i.mode is Mode.B_MODE)),
    ("AC2", "no Doppler during", images(GOOD, lambda i: i.phase is not Phase.DURING or i.mode is Mode.B_MODE)),
    ("AC2", "no settings", images(GOOD, settings=None)),
    ("AC3", "no plan", with_encounter(GOOD, plans=())),
    ("AC3", "signed after the puncture", plans(GOOD, signed_at=LATE)),
    ("AC3", "not signed", plans(GOOD, signed_at=None)),
    ("AC3", "no reasons", plans(GOOD, reasons=())),
    ("AC3", "no depth", plans(GOOD, depth_mm=None)),
    (
        "AC3",
        "reasons without links",
        plans(GOOD, reasons=tuple(replace(r, finding_uids=(), images=()) for r in GOOD.encounter.plans[0].reasons)),
    ),
    ("AC4", "no artefact", with_encounter(GOOD, artefacts=())),
    (
        "AC4",
        "no pair",
        with_encounter(GOOD, artefacts=tuple(replace(note, after=None) for note in GOOD.encounter.artefacts)),
    ),
    (
        "AC4",
        "nothing changed",
        with_encounter(GOOD, artefacts=tuple(replace(note, after=note.before) for note in GOOD.encounter.artefacts)),
    ),
    *(
        ("AC5", f"{step} not recorded", with_encounter(GOOD, aseptic_steps=tuple(e for e in STEPS if e.step is not step)))
        for step in AsepticStep
    ),
    ("AC5", "all too late", with_encounter(GOOD, aseptic_steps=tuple(replace(e, at=LATE) for e in STEPS))),
    ("AC5", "not done", with_encounter(GOOD, aseptic_steps=tuple(replace(e, doing=Doing.NOT_DONE) for e in STEPS))),
    ("AC5", "no lots", with_encounter(GOOD, aseptic_steps=tuple(replace(e, lot="") for e in STEPS))),
    ("AC6", "no signs", event(RESCUED, signs=())),
    ("AC6", "no steps", event(RESCUED, steps=())),
    ("AC6", "no first step", event(RESCUED, steps=EVENT.steps[1:])),
    ("AC6", "a dose without its lot", event(RESCUED, doses=tuple(replace(d, lot="") for d in EVENT.doses))),
    ("AC6", "no picture", images(RESCUED, lambda i: i.phase is not Phase.COMPLICATION)),
    ("AG1", "the first station last", with_encounter(GOOD, visits=GOOD.encounter.visits[1:])),
    ("AG1", "nothing scanned", with_encounter(GOOD, visits=())),
    ("AG2", "no plane", images(GOOD, plane=None)),
    ("AG2", "no landmark", images(GOOD, landmark="")),
    ("AG3", "no confirmation", event(RESCUED, confirmation=())),
    ("AG3", "out of order", event(RESCUED, confirmation=tuple(
        replace(c, at=EVENT.noticed_at + timedelta(minutes=30 - n)) for n, c in enumerate(EVENT.confirmation)))),
    ("AG3", "no look after a dose", event(RESCUED, rechecks=())),
    ("AG4", "no log", with_encounter(GOOD, exposures=())),
    ("AG4", "no TI", with_encounter(GOOD, exposures=tuple(replace(e, thermal_index=None) for e in GOOD.encounter.exposures))),
    (
        "AG4",
        "above the limit",
        with_encounter(GOOD, exposures=tuple(replace(e, mechanical_index=2.5) for e in GOOD.encounter.exposures)),
    ),
    *(
        ("AG5", f"no pictures of {phase}", images(GOOD, lambda i, phase=phase: i.phase is not phase))
        for phase in (Phase.PRE, Phase.DURING, Phase.POST)
    ),
    ("AG5", "before is after", images(GOOD, at=LATE)),
    ("AG6", "no settings", images(GOOD, settings=None)),
    ("AG6", "nothing adjusted", with_encounter(GOOD, setting_changes=())),
    (
        "AG6",
        "7 MHz",
        with_encounter(
            GOOD,
            images=tuple(
                replace(i, settings=replace(i.settings, frequency_mhz=7.0)) if i.settings else i
                for i in GOOD.encounter.images
            ),
        ),
    ),
    ("AG7", "no vessel named", plans(GOOD, reasons=())),
    (
        "AG7",
        "no depth measured",
        with_encounter(
            GOOD,
            vessels=tuple(
                replace(v, observations=tuple(replace(o, depth_mm=None) for o in v.observations))
                for v in GOOD.encounter.vessels
            ),
        ),
    ),
    ("AG7", "no plane", plans(GOOD, plane=None)),
    ("AG8", "no consent", with_encounter(GOOD, consents=())),
    ("AG8", "consent after the needle", with_encounter(GOOD, consents=tuple(replace(c, at=LATE) for c in CONSENTS))),
    ("AG8", "refused", with_encounter(GOOD, consents=tuple(replace(c, given=Answer.NO) for c in CONSENTS))),
    ("AG8", "pictures gone", replace(GOOD, pictures=dict(list((GOOD.pictures or {}).items())[1:]))),
    ("AG8", "a damaged file", replace(GOOD, unread=("x.dcm is damaged.",))),
    ("AG8", "a clock nobody set", with_encounter(GOOD, clock=replace(GOOD.encounter.clock, synchronised=None))),
    ("CM1", "no landmark", images(GOOD, landmark="")),
    (
        "CM2",
        "filler not looked at again",
        visits(GOOD, previous_filler=Answer.YES, filler_found=(FILLER,)),
    ),
    ("CM3", "not swept", visits(GOOD, fully_swept=None)),
    ("CM3", "earlier filler not answered", visits(GOOD, previous_filler=None)),
    ("CM3", "after the needle", visits(GOOD, at=LATE)),
    ("CM4", "pressure not answered", visits(GOOD, pressure=None)),
    (
        "CM5",
        "tip not answered",
        with_encounter(GOOD, injections=tuple(replace(i, tip=None) for i in GOOD.encounter.injections)),
    ),
    (
        "CM5",
        "tip not seen",
        with_encounter(GOOD, injections=tuple(replace(i, tip=TipSight.NOT_SEEN) for i in GOOD.encounter.injections)),
    ),
    (
        "CM5",
        "no picture of the tip",
        with_encounter(GOOD, injections=tuple(replace(i, tip_image=None) for i in GOOD.encounter.injections)),
    ),
    (
        "CM6",
        "no signal, and nothing else tried",
        images(
            visits(GOOD, doppler_signal=Sight.NOT_SEEN, slow_flow_tried=None), lambda i: i.mode in (Mode.B_MODE, Mode.COLOUR)
        ),
    ),
    ("CM6", "a promise", visits(GOOD, text="The vessel is absent: confirmed not intravascular.")),
    ("CM7", "no words on the risk", with_encounter(GOOD, consents=tuple(replace(c, wording="Consent.") for c in CONSENTS))),
    ("CM7", "a promise", visits(GOOD, text="This is a safe zone.")),
    ("CM8", "no Doppler, no reason", visits(GOOD, doppler_used=Answer.NO)),
    (
        "CM9",
        "injected elsewhere",
        with_encounter(GOOD, injections=tuple(replace(i, region="lipu") for i in GOOD.encounter.injections)),
    ),
]  # fmt: skip


@pytest.mark.requirement("N8")
@pytest.mark.parametrize(("criterion", "mistake", "record"), MISTAKES, ids=[f"{c}: {m}" for c, m, _ in MISTAKES])
def test_no_mistake_is_met(criterion: str, mistake: str, record: Material) -> None:
    judgement = next(j for j in judge(record, course_rubric()) if j.criterion.id == criterion)
    assert judgement.verdict in (Verdict.PARTIAL, Verdict.NOT_MET, Verdict.NEEDS_REVIEWER), mistake
    assert judgement.missing, "what is missing is said"


def test_a_reason_is_as_good_as_a_scan() -> None:
    typed = visits(GOOD, doppler_used=Answer.NO, doppler_reason="the probe's Doppler failed")
    assert verdict(typed, "CM8") is Verdict.MET
    tried = visits(GOOD, doppler_signal=Sight.NOT_SEEN, slow_flow_tried=Answer.YES)
    assert verdict(tried, "CM6") is Verdict.MET


def test_a_filler_that_was_looked_at_again_counts() -> None:
    found = visits(GOOD, previous_filler=Answer.YES, filler_found=(FILLER,))
    check = FillerCheck(
        tracking_uid="2.25.7", at=EARLY, by="AB", second_plane=Answer.YES, angle_changed=Answer.YES, conclusion="filler"
    )
    assert verdict(with_encounter(found, filler_checks=(check,)), "CM2") is Verdict.MET


def test_a_region_without_a_protocol_needs_a_person() -> None:
    unknown = replace(GOOD, protocols={})
    assert verdict(unknown, "AC1") in (Verdict.NEEDS_REVIEWER, Verdict.NOT_MET, Verdict.PARTIAL)
    assert verdict(unknown, "AC2") is not Verdict.MET
    assert verdict(unknown, "AG1") is not Verdict.MET


def test_a_picture_that_a_rejection_note_hides_is_no_evidence() -> None:
    hidden = Rejection(reason=RejectionReason.WRONG_PATIENT, at=EARLY, by="AB")
    record = images(GOOD, rejection=hidden)
    for criterion in ("AC1", "AC2", "AG5", "CM9"):
        assert verdict(record, criterion) in (Verdict.NOT_MET, Verdict.PARTIAL), criterion


def test_parts_make_one_verdict() -> None:
    here, gone, other, unsure = met("a"), lacking("b"), not_asked("c"), undecided("d")
    assert combined([here, other]) is Verdict.MET
    assert combined([here, gone]) is Verdict.PARTIAL
    assert combined([gone, other, unsure]) is Verdict.NOT_MET
    assert combined([other]) is combined([]) is Verdict.NOT_APPLICABLE
    assert combined([here, unsure]) is Verdict.NEEDS_REVIEWER
    assert {part.state for part in (here, gone, other, unsure)} == set(State)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(encounters())
def test_any_record_is_judged_and_nothing_is_met_without_evidence(encounter: object) -> None:
    for judgement in judge(replace(GOOD, encounter=encounter), course_rubric()):  # type: ignore[arg-type]
        if judgement.verdict is Verdict.MET:
            assert judgement.evidence
        if judgement.verdict in (Verdict.PARTIAL, Verdict.NOT_MET, Verdict.NEEDS_REVIEWER):
            assert judgement.missing
