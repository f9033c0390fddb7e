"""What looks like a mistake and is none: a reason in place of a scan, a second consent, a name in another script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from benchmarks.confusion.mistakes import LATE
from benchmarks.confusion.told import Change, Told, Truth, all_of, each, encounter, labels, whole, without
from procedure import Phase
from procedure.answers import Answer, Sight
from procedure.artefacts import FillerCheck
from procedure.asepsis import AsepticStep, Doing
from procedure.demonstration import OPERATOR
from procedure.injections import TipSight
from procedure.patient import Identity
from procedure.products import Material as Filler
from procedure.stations import PreviousFiller, StationVisit

_BASE = whole("normal").encounter
_FILLER = PreviousFiller(material=Filler.HA, tracking_uid="2.25.77")


def variants() -> tuple[Change, ...]:
    """Records that are whole in another way."""
    return tuple(_variants())


def _variants() -> Iterator[Change]:
    yield Change("everything done", lambda told: told)
    yield Change("a station left out with its reason", _skipped)
    unused = each("visits", _at_first, doppler_used=Answer.NO, doppler_reason="glove torn, probe changed")
    yield Change("Doppler left out at one station, with its reason", unused, {"CM8": Truth.MET, "AC2": Truth.OPEN})
    silent = each("visits", _at_first, doppler_signal=Sight.NOT_SEEN, slow_flow_tried=Answer.YES)
    yield Change("no signal seen, and slow flow tried", silent)
    second = each("visits", lambda v: v.phase is Phase.PRE and v.station_id == "nlf-2", doppler_signal=Sight.NOT_SEEN)
    yield Change("no signal seen in colour, and a trace taken", second)
    found = each("visits", _at_first, previous_filler=Answer.YES, filler_found=(_FILLER,))
    yield Change("earlier filler, held against artefacts", all_of(found, _checked))
    field = each(
        "aseptic_steps",
        lambda e: e.step is AsepticStep.FIELD,
        doing=Doing.NOT_APPLICABLE,
        reason="one puncture, no field used here",
    )
    yield Change("an aseptic step that does not apply, with its reason", field)
    low = each("images", settings=lambda old: replace(old, frequency_mhz=12.0) if old else None)
    yield Change("12 MHz", low)
    yield Change("the tip seen in part", each("injections", tip=TipSight.PARTLY))
    yield Change("a patient named in another script", _renamed)
    yield Change("consent given, withdrawn, and given again", _given_again)
    yield Change("consent refused first, and given later", _refused_first)
    last = each("plans", signed_at=LATE - timedelta(seconds=61))
    yield Change("the plan signed a second before the puncture", last)
    unlabelled = all_of(
        labels(lambda f: f.kind != "vessel"),
        each("visits", _at_first, doppler_signal=Sight.NOT_SEEN, slow_flow_tried=Answer.YES),
    )
    yield Change("no vessel labelled, and told that no signal was seen", unlabelled)
    nothing = all_of(
        encounter(injections=(), reassessments=(), follow_ups=(), filler_checks=()),
        without("images", lambda i: i.phase in (Phase.DURING, Phase.POST)),
        without("visits", lambda v: v.phase in (Phase.DURING, Phase.POST)),
        labels(lambda f: f.image in {i.image_uid for i in _BASE.images if i.phase is Phase.PRE}),
    )
    away = dict.fromkeys(("AC5", "CM2", "CM5", "CM9"), Truth.NOT_APPLICABLE)
    yield Change(
        "scanned and planned, and nothing injected",
        nothing,
        away | {"AG5": Truth.PARTIAL, "AG4": Truth.OPEN, "AG8": Truth.MET},
        ("normal",),
    )


def _at_first(visit: StationVisit) -> bool:
    return visit.phase is Phase.PRE and visit.station_id == "nlf-1"


def _skipped(told: Told) -> Told:
    def left_out(visit: StationVisit) -> StationVisit:
        if visit.station_id != "nlf-3":
            return visit
        return StationVisit(
            station_id=visit.station_id,
            side=visit.side,
            phase=visit.phase,
            at=visit.at,
            by=visit.by,
            skipped_because="a dressing lies there",
        )

    visits = tuple(left_out(visit) for visit in told.encounter.visits)
    return replace(told, encounter=replace(told.encounter, visits=visits))


def _checked(told: Told) -> Told:
    check = FillerCheck(
        tracking_uid="2.25.77",
        at=_BASE.visits[0].at,
        by=OPERATOR,
        second_plane=Answer.YES,
        angle_changed=Answer.NO,
        conclusion="filler, not shadow",
    )
    return replace(told, encounter=told.encounter.with_added(filler_checks=check))


def _renamed(told: Told) -> Told:
    name = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    return encounter(patient=Identity(patient_id="P-0002", name=name))(told)


def _given_again(told: Told) -> Told:
    first = next(c for c in told.encounter.consents if c.kind == "treatment")
    withdrawn = replace(first, withdrawn_at=first.at + timedelta(minutes=2))
    again = replace(first, at=first.at + timedelta(minutes=4))
    return encounter(consents=(withdrawn, again))(told)


def _refused_first(told: Told) -> Told:
    first = next(c for c in told.encounter.consents if c.kind == "treatment")
    refused = replace(first, given=Answer.NO)
    return encounter(consents=(refused, replace(first, at=first.at + timedelta(minutes=4))))(told)
