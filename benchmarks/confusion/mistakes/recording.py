"""Mistakes of recording: settings and exposure, pictures, consent and the record as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from benchmarks.confusion.mistakes._shared import (
    BASE,
    LATE,
    NA,
    NORMAL,
    PUNCTURE,
    N,
    P,
    blank,
    during,
    named,
    on,
    settings,
)
from benchmarks.confusion.told import (
    Change,
    Told,
    all_of,
    each,
    encounter,
    labels,
    without,
)
from procedure import Phase
from procedure.answers import Answer
from procedure.images import Mode
from procedure.people import ClockSource
from procedure.states import State


def _settings_and_exposure() -> Iterator[Change]:
    yield Change("no exposure is logged", encounter(exposures=()), {"AG4": N})
    yield Change(
        "a station's exposure is not logged", without("exposures", lambda e: e.station_id == "nlf-3"), {"AG4": P}
    )
    for name in ("mechanical_index", "thermal_index"):
        yield Change(f"the log has no {name}", each("exposures", **blank(name)), {"AG4": P})
    yield Change("MI above the limit", each("exposures", mechanical_index=2.4), {"AG4": P})
    yield Change("no settings on any picture", each("images", settings=None), {"AC2": P, "AC4": N, "AG6": P})
    yield Change("no setting was adjusted", encounter(setting_changes=()), {"AG6": P})
    yield Change("a setting adjusted without a reason", each("setting_changes", why=""), {"AG6": P})
    yield Change("7 MHz", each("images", settings=settings(frequency_mhz=7.0)), {"AG6": P})
    for name, empty in (("focus_mm", None), ("preset", ""), ("depth_mm", None)):
        yield Change(f"no picture states {name}", each("images", settings=settings(**{name: empty})), {"AG6": P})
    one = named(Phase.POST, "nlf-1", Mode.B_MODE).image_uid
    yield Change("a picture without settings", each("images", lambda i: i.image_uid == one, settings=None), {"AG6": P})


def _pictures() -> Iterator[Change]:
    after = without("images", lambda i: i.phase is Phase.POST)
    unlabelled = labels(lambda f: f.image in {i.image_uid for i in BASE.images if i.phase is Phase.PRE})
    yield Change(
        "no picture of after the injection", all_of(after, unlabelled), {"AG5": P, "CM1": P, "CM2": NA}, NORMAL
    )
    yield Change("pictures of 'after' from before the last deposit", _early_after, {"AG5": P})
    unseen = without("images", during)
    yield Change("no picture of the injection", unseen, {"AC2": P, "AG5": P, "CM1": P, "CM5": N}, NORMAL)
    gone = named(Phase.POST, "nlf-1", Mode.COLOUR).image_uid
    yield Change("a picture's file is gone", lambda told: replace(told, gone=frozenset({gone})), {"AG8": P})
    yield Change("a picture's file is cut short", lambda told: replace(told, damaged=frozenset({gone})), {"AG8": P})


def _early_after(told: Told) -> Told:
    early = BASE.injections[-1].at - timedelta(seconds=30)
    return each("images", lambda i: i.phase is Phase.POST, at=early)(told)


def _documents() -> Iterator[Change]:
    treatment = without("consents", lambda c: c.kind == "treatment")
    yield Change("no consent", treatment, {"AG8": P, "CM7": P})
    of_treatment = _of_treatment
    yield Change("consent after the first puncture", of_treatment(at=LATE), {"AG8": P})
    yield Change("consent refused", of_treatment(given=Answer.NO), {"AG8": P})
    yield Change("consent not answered", of_treatment(given=None), {"AG8": P})
    yield Change("consent withdrawn", of_treatment(withdrawn_at=PUNCTURE - timedelta(minutes=5)), {"AG8": P})
    yield Change("consent without the version of its wording", of_treatment(wording_version=""), {"AG8": P})
    yield Change("consent does not say that risk remains", of_treatment(wording="I agree."), {"CM7": P})
    yield Change("the plan does not say that risk remains", each("plans", residual_risk=""), {"CM7": P})
    promise = of_treatment(wording=lambda old: f"{old} Ultrasound eliminates the risk.")
    yield Change("consent promises too much", promise, {"CM6": N, "CM7": P})
    safe = each("visits", on(Phase.POST, "nlf-2"), text="No flow: confirmed not intravascular.")
    yield Change("no flow taken as not intravascular", safe, {"CM6": N, "CM7": P})
    yield Change("the record is a draft", encounter(state=State.DRAFT, signatures=()), {"AG8": P})
    yield Change("nobody knows who treats", encounter(people=()), {"AG8": P})
    clock = encounter(clock=replace(BASE.clock, synchronised=False, source=ClockSource.UNKNOWN))
    yield Change("the clock was not synchronised", clock, {"AG8": P})
    yield Change("pictures without an author", each("images", lambda i: i.phase is Phase.POST, by=""), {"AG8": P})
    unknown = encounter(patient=replace(BASE.patient, patient_id="", name=""))
    yield Change("the patient is not identified", unknown, {"AG8": P})


def _of_treatment(**changes: Any) -> Any:
    return each("consents", lambda c: c.kind == "treatment", **changes)


def recording() -> Iterator[Change]:
    """Each alone."""
    yield from _settings_and_exposure()
    yield from _pictures()
    yield from _documents()
