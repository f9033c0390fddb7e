from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from procedure import Encounter
from procedure.answers import Answer, Estimate, Side, Sight
from procedure.as_json import from_json, to_json
from procedure.changes import changes_of
from procedure.complication import Complication, Dose, Measure, Route, Sign, SignSeen, Suspicion
from procedure.coverage import coverage
from procedure.demonstration import SCENARIOS, demonstration
from procedure.missing import missing
from procedure.people import Clock, ClockSource
from procedure.phase import Phase
from procedure.protocol_files import built_in
from procedure.questions import Question, questions
from procedure.stations import Pressure
from procedure.steps import finalise
from procedure.timeline import not_done, timeline
from tests.procedure.strategies import encounters

PROTOCOLS = built_in()
Change = Callable[[Encounter], Encounter]


def ids(encounter: Encounter) -> list[str]:
    return [question.id for question in questions(encounter, PROTOCOLS)]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_demonstrations_leave_no_question(scenario: str) -> None:
    assert questions(demonstration(scenario), PROTOCOLS) == ()


@pytest.mark.requirement("S15")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(encounters())
def test_any_encounter_can_be_asked_about_and_stays_as_it_is(encounter: Encounter) -> None:
    """Nothing that the types allow breaks a rule's code: a record can always be kept (X8)."""
    before = to_json(encounter)
    asked = questions(encounter, PROTOCOLS)
    assert all(question.text.endswith((".", "?")) and question.id for question in asked)
    assert asked == questions(encounter, PROTOCOLS)
    assert all(blank.text.endswith(".") for blank in missing(encounter, PROTOCOLS))
    coverage(encounter, PROTOCOLS)
    for event in encounter.complications:
        assert len(timeline(event)) >= 1 + len(event.doses)
        not_done(event)
    for vessel in encounter.vessels:
        changes_of(vessel)
    assert to_json(encounter) == before


def _first(encounter: Encounter, name: str, **changes: Any) -> Encounter:
    first, *rest = getattr(encounter, name)
    whole: dict[str, Any] = {name: (replace(first, **changes), *rest)}
    return replace(encounter, **whole)


def _dose(**changes: Any) -> Change:
    def change(encounter: Encounter) -> Encounter:
        event = encounter.complications[0]
        dose = replace(event.doses[0], **changes)
        return replace(encounter, complications=(replace(event, doses=(dose, *event.doses[1:])),))

    return change


def _sign(**changes: Any) -> Change:
    def change(encounter: Encounter) -> Encounter:
        event = encounter.complications[0]
        signs = tuple(replace(s, **changes) if s.sign is Sign.LUMEN_MATERIAL else s for s in event.signs)
        return replace(encounter, complications=(replace(event, signs=signs),))

    return change


def _settings(**changes: Any) -> Change:
    def change(encounter: Encounter) -> Encounter:
        place = next(i for i, image in enumerate(encounter.images) if image.settings)
        image = encounter.images[place]
        assert image.settings is not None
        changed = replace(image, settings=replace(image.settings, **changes))
        return replace(encounter, images=(*encounter.images[:place], changed, *encounter.images[place + 1 :]))

    return change


def _depth(value: float) -> Change:
    def change(encounter: Encounter) -> Encounter:
        vessel = encounter.vessels[0]
        seen = replace(vessel.observations[0], depth_mm=Estimate(value, 0.2))
        return _first(encounter, "vessels", observations=(seen, *vessel.observations[1:]))

    return change


def _clock(**changes: Any) -> Change:
    return lambda encounter: replace(encounter, clock=Clock(**changes))


def _on(name: str, **changes: Any) -> Change:
    return lambda encounter: _first(encounter, name, **changes)


LATE = datetime(2026, 3, 2, 20, tzinfo=UTC)
OLD = date(2020, 1, 1)

QUESTIONED: list[tuple[Change, str, str]] = [
    (_dose(dose_iu=15_000_000.0), "value-dose-iu", "complications[0].doses[0].dose_iu"),
    (_dose(dose_iu=-5.0), "value-dose-iu", "complications[0].doses[0].dose_iu"),
    (_depth(-3.0), "value-depth-mm", "vessels[0].observations[0].depth_mm.value"),
    (_on("injections", depth_mm=-3.0), "value-depth-mm", "injections[0].depth_mm"),
    (_on("injections", volume_ml=400.0), "value-volume-ml", "injections[0].volume_ml"),
    (_on("injections", tip_unseen_frames=91), "frames-unseen", "injections[0].tip_unseen_frames"),
    (_on("reassessments", pain_0_10=11), "value-pain-0-10", "reassessments[0].pain_0_10"),
    (_settings(mechanical_index=16.0), "value-mechanical-index", "images[1].settings.mechanical_index"),
    (_on("consents", at=LATE), "consent-late", "consents"),
    (_on("consents", given=Answer.NO), "consent", "consents"),
    (_on("consents", withdrawn_at=datetime(2026, 3, 2, 9, 32, tzinfo=UTC)), "consent-withdrawn", "injections[0].at"),
    (_on("consents", wording="Filler."), "residual-risk", "consents[0].wording"),
    (_on("plans", signed_at=LATE), "plan-late", "plans[0].signed_at"),
    (_on("aseptic_steps", at=LATE), "asepsis-late", "aseptic_steps[0].at"),
    (_on("products", expiry=OLD), "expired", "products[0].expiry"),
    (_dose(expiry=OLD), "expired", "complications[0].doses[0].expiry"),
    (_dose(at=LATE - timedelta(days=1)), "before-sign", "complications[0].doses[0].at"),
    (_on("injections", at=LATE - timedelta(days=9)), "before-start", "injections[0].at"),
    (_on("injections", product_id="no"), "no-product", "injections[0].product_id"),
    (_on("injections", plan_id="no"), "no-plan", "injections[0].plan_id"),
    (_on("injections", nearest_vessel_uid="2.25.5"), "no-vessel", "injections[0].nearest_vessel_uid"),
    (_on("visits", best_image_uid="2.25.5"), "no-image", "visits[0].best_image_uid"),
    (_on("sites", region="knee"), "no-region", "sites[0].region"),
    (_on("vessels", term="aorta"), "no-term", "vessels[0].term"),
    (_on("images", phase=Phase.POST), "phase-time", "images[0].phase"),
    (_clock(), "clock", "clock"),
    (_clock(source=ClockSource.NETWORK, synchronised=True, offset_s=90.0), "clock", "clock.offset_s"),
    (lambda e: replace(e, images=(*e.images, e.images[0])), "twice", "images"),
    (lambda e: replace(e, patient=replace(e.patient, birth_date=date(1850, 1, 1))), "birth-date", "patient.birth_date"),
    (lambda e: replace(e, patient=replace(e.patient, birth_date=date(2010, 3, 3))), "under-age", "patient.birth_date"),
    (_on("vessels", region="chin"), "X1", "plans[0].depth_mm"),
    (lambda e: replace(e, visits=tuple(replace(v, fold_side=None) for v in e.visits)), "X2", "visits[1].fold_side"),
    (
        lambda e: replace(e, visits=tuple(replace(v, pressure=Pressure.FIRM) for v in e.visits)),
        "X3",
        "vessels[0].observations[0].depth_mm",
    ),
    (_sign(lumen_echogenicity=None), "X4", "complications[0].signs[5].lumen_echogenicity"),
    (_on("plans", technique="slowly, in the safe zone"), "X5", "plans[0].technique"),
    (_settings(frequency_mhz=12.0), "X6", "images[1].settings.frequency_mhz"),
    (_settings(frequency_mhz=5.0), "X6", "images[1].settings.frequency_mhz"),
    (_on("visits", doppler_used=Answer.NO), "X7", "visits[0].doppler_reason"),
    (_on("plans", reasons=()), "X10", "plans[0].instrument"),
    (_on("vessels", named_by="the program"), "X12", "vessels[0].named_by"),
    (_dose(prescriber=""), "X13", "complications[0].doses[0].prescriber"),
    (_on("consents", frequency_told="1 in 1000"), "X17", "consents[0].frequency_source"),
]


@pytest.mark.parametrize(
    ("change", "question", "where"), QUESTIONED, ids=[f"{q}-{i}" for i, (_, q, _) in enumerate(QUESTIONED)]
)
def test_what_looks_wrong_is_asked_about_and_kept(change: Change, question: str, where: str) -> None:
    """An impossible value is neither refused nor swallowed: it is stored as said, and there is a question."""
    changed = change(_rescue())
    assert from_json(to_json(changed)) == changed
    asked = [(q.id, q.where) for q in questions(changed, PROTOCOLS)]
    assert (question, where) in asked


def _rescue() -> Encounter:
    return demonstration("occlusion-rescue")


@pytest.mark.requirement("S16")
def test_x16_near_the_eye_the_stricter_limit_is_asked_about() -> None:
    encounter = _rescue()
    image = next(image for image in encounter.images if image.settings)
    near = replace(encounter, images=(*encounter.images, replace(image, image_uid="2.25.9", station_id="tear-1")))
    assert "X16" in ids(near)
    exposure = replace(encounter.exposures[0], station_id="glab-2")
    assert "X16" in ids(replace(encounter, exposures=(*encounter.exposures, exposure)))


@pytest.mark.requirement("S6")
def test_x15_transfer_comes_first() -> None:
    encounter = demonstration("normal")
    moment = encounter.started_at + timedelta(hours=1)
    eye = SignSeen(sign=Sign.EYE, sight=Sight.SEEN, at=moment, by="Demo operator", side=Side.LEFT)
    event = Complication(suspicion=Suspicion.VISUAL, noticed_at=moment, noticed_by="Demo operator", signs=(eye,))
    assert ids(encounter.with_added(complications=event)) == ["X15"]
    given = Measure(at=moment, by="Demo operator", what="injection", route=Route.RETROBULBAR)
    asked = questions(encounter.with_added(complications=replace(event, measures=(given,))), PROTOCOLS)
    assert [q.where for q in asked] == ["complications[0].escalations", "complications[0].measures[0].route"]


@pytest.mark.requirement("S15")
def test_x8_a_dose_is_recorded_before_anything_else() -> None:
    """No ultrasound, no consent, no patient, no plan: the dose stands in the record and the record can be made final."""
    moment = datetime(2026, 1, 1, 0, 1, tzinfo=UTC)
    empty = Encounter(
        encounter_uid="2.25.3",
        simulated=True,
        started_at=moment,
        clock=Clock(),
        patient=replace(_rescue().patient, patient_id=""),
    )
    dose = Dose(at=moment, by="someone", dose_iu=1500.0, site="lip")
    event = Complication(suspicion=Suspicion.OCCLUSION, noticed_at=moment, noticed_by="someone", doses=(dose,))
    final = finalise(empty.with_added(complications=event), "someone", moment)
    assert final.complications[0].doses == (dose,)
    rows = [row.what for row in not_done(event)]
    assert any(what.startswith("Confirmation, doppler: not recorded") for what in rows)
    assert any(what.startswith("Re-check by Doppler after 1500 IU at lip: not recorded") for what in rows)


def test_questions_are_plain_values() -> None:
    assert Question("a", "b", "c?") == Question("a", "b", "c?")
