"""Mistakes of looking: labels, planes and landmarks, Doppler, how it was scanned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from annotation import Ellipse
from benchmarks.confusion.mistakes._shared import (
    BASE,
    DOPPLER,
    LATE,
    NA,
    NORMAL,
    OPEN,
    PUNCTURE,
    RESCUE,
    N,
    P,
    during,
    named,
    on,
    pre,
    settings,
)
from benchmarks.confusion.told import (
    LAYERS,
    Change,
    Told,
    Truth,
    all_of,
    each,
    encounter,
    event,
    labels,
    without,
)
from procedure import Phase
from procedure.answers import Answer, Side, Sight
from procedure.images import Mode
from procedure.products import Material as Filler
from procedure.stations import PreviousFiller, Seen


def _labels() -> Iterator[Change]:
    for term, name in LAYERS:
        yield Change(f"{name} is labelled nowhere", _without_layer(term), {"AC1": P})
    yield Change("nothing is labelled", labels(lambda _f: False), {"AC1": N, "CM2": NA})
    yield Change("every label is a suggestion that nobody confirmed", labels(status="suggested"), {"AC1": N, "CM2": NA})
    yield Change("the vessel is a suggestion that nobody confirmed", _suggested_vessel, {"AC1": P})
    yield Change("no vessel is labelled, none is told as not seen", labels(lambda f: f.kind != "vessel"), {"AC1": P})
    after = frozenset(i.image_uid for i in BASE.images if i.phase is Phase.POST)
    yield Change("labels on pictures of after the injection only", labels(lambda f: f.image in after), {"AC1": P})
    yield Change("a label reaches out of its picture", _reaching_out, {"AC1": P})


def _without_layer(term: str) -> Any:
    return labels(lambda finding: finding.term != term)


def _suggested_vessel(told: Told) -> Told:
    marked = (f.changed(status="suggested") if f.kind == "vessel" else f for f in told.findings)
    return replace(told, findings=tuple(marked))


def _reaching_out(told: Told) -> Told:
    first = next(f for f in told.findings if f.kind == "vessel")
    out = first.changed(shape=Ellipse.around((318.0, 120.0), (12.0, 9.0)))
    return replace(told, findings=tuple(out if f is first else f for f in told.findings))


def _places() -> Iterator[Change]:
    yield Change("no picture has a plane", each("images", plane=None), {"AC1": P, "AG2": N})
    yield Change("no picture has a landmark", each("images", landmark=""), {"AC1": P, "AG2": N, "CM1": N})
    one = named(Phase.PRE, "nlf-3", Mode.B_MODE).image_uid
    yield Change(
        "a labelled picture has no landmark",
        each("images", lambda i: i.image_uid == one, landmark=""),
        {"AC1": P, "AG2": P},
    )
    station = each("images", lambda i: i.station_id == "nlf-3", landmark="")
    yield Change("a station without its landmark", station, {"AC1": P, "AG2": P, "CM1": P})
    colour = named(Phase.DURING, "nlf-2", Mode.COLOUR).image_uid
    yield Change("a picture without its plane", each("images", lambda i: i.image_uid == colour, plane=None), {"AG2": P})
    wrong_side = all_of(
        each("images", side=Side.RIGHT), each("visits", side=Side.RIGHT), each("vessels", side=Side.RIGHT)
    )
    yield Change(
        "the other side was scanned",
        wrong_side,
        {"AC1": P, "AC2": P, "AG1": N, "AG5": N, "CM3": N, "CM9": N, "AC3": OPEN, "AG7": OPEN},
        NORMAL,
    )


def _doppler() -> Iterator[Change]:
    unused = each("visits", on(Phase.PRE), doppler_used=Answer.NO, doppler_signal=None)
    grey = each("images", lambda i: pre(i), mode=Mode.B_MODE)
    yield Change("no Doppler before, and no reason", all_of(unused, grey), {"AC2": P, "CM8": N})
    said = each("visits", on(Phase.PRE), doppler_reason="the probe has none")
    yield Change("no Doppler before, with the reason", all_of(unused, grey, said), {"AC2": P, "CM8": Truth.MET})
    blind = each("visits", on(Phase.PRE), seen=())
    yield Change(
        "no Doppler before with the reason, and nothing looked for in B-mode",
        all_of(unused, grey, said, blind),
        {"AC2": P, "CM8": P},
    )
    layers = each("visits", on(Phase.PRE), seen=(Seen(structure="musc", sight=Sight.SEEN),))
    yield Change(
        "no Doppler before with the reason, and no vessel looked for in B-mode",
        all_of(unused, grey, said, layers),
        {"AC2": P, "CM8": P},
    )
    yield Change("no Doppler during", each("images", during, mode=Mode.B_MODE), {"AC2": P})
    late = each("images", lambda i: pre(i) and i.mode in DOPPLER, at=LATE)
    yield Change("Doppler of 'before' taken after the first puncture", late, {"AC2": P, "AG5": P})
    for name in ("wall_filter_hz", "gain"):
        change = each("images", lambda i: i.mode in DOPPLER, settings=settings(**{name: None}))
        truth = {"AC2": P} | ({"AG6": P} if name == "gain" else {})
        yield Change(f"Doppler pictures do not state {name}", change, truth)
    scale = each("images", lambda i: i.mode in DOPPLER, settings=settings(colour_scale_cm_s=None, prf_hz=None))
    yield Change("Doppler pictures do not state the scale", scale, {"AC2": P})
    stations = each("visits", on(Phase.PRE, "nlf-1"), seen=())
    yield Change("nobody looked for the angular artery", stations, {"AC2": P})
    silent = all_of(
        each("visits", on(Phase.PRE, "nlf-1"), doppler_signal=Sight.NOT_SEEN, slow_flow_tried=None),
        each("images", lambda i: i.station_id == "nlf-1" and pre(i) and i.mode in DOPPLER, mode=Mode.COLOUR),
    )
    yield Change("no signal seen, and nothing else tried", silent, {"CM6": P})
    fast = all_of(silent, each("visits", on(Phase.PRE, "nlf-1"), slow_flow_tried=Answer.NO))
    yield Change("no signal seen, and slow flow not tried", fast, {"CM6": P})
    rechecks = event(rechecks=lambda old: tuple(replace(r, slow_flow_tried=None) for r in old))
    yield Change("no signal at a re-check, and nothing else tried", rechecks, {"CM6": P}, RESCUE)


def _scanning() -> Iterator[Change]:
    yield Change("no artefact is recorded", encounter(artefacts=()), {"AC4": N})
    yield Change("no picture after the adjustment", each("artefacts", after=None), {"AC4": N})
    same = each("artefacts", after=BASE.artefacts[0].before, adjustment="")
    yield Change("the artefact's pair is one picture", same, {"AC4": N})
    alike = each("images", lambda i: i.station_id == "nlf-1", settings=settings(gain=48.0))
    yield Change("no setting differs in the artefact's pair", alike, {"AC4": N})
    yield Change(
        "the first station was not scanned", without("visits", on(Phase.PRE, "nlf-1")), {"AG1": P, "AC2": P, "CM3": P}
    )
    reversed_ = each("visits", on(Phase.PRE, "nlf-1"), at=PUNCTURE - timedelta(minutes=2))
    first = each("visits", on(Phase.PRE, "nlf-2"), at=PUNCTURE - timedelta(minutes=20))
    yield Change("the scan begins away from the landmark", all_of(reversed_, first), {"AG1": P})
    yield Change("a station left out without a reason", without("visits", on(Phase.PRE, "nlf-3")), {"AG1": P, "CM3": P})
    yield Change("no station was swept whole", each("visits", on(Phase.PRE), fully_swept=Answer.NO), {"CM3": N})
    yield Change("it is not told whether stations were swept", each("visits", fully_swept=None), {"CM3": N})
    yield Change("one station not swept whole", each("visits", on(Phase.PRE, "nlf-2"), fully_swept=None), {"CM3": P})
    yield Change("earlier filler not asked after", each("visits", previous_filler=None), {"CM3": N})
    bare = without("images", lambda i: pre(i) and i.station_id == "nlf-3" and i.mode is Mode.COLOUR)
    yield Change("a station with one still and no clip", bare, {"CM3": P})
    late = all_of(each("visits", on(Phase.PRE), at=LATE), each("images", pre, at=LATE))
    yield Change("scanned after the first puncture", late, {"AC1": OPEN, "AC2": P, "AG5": P, "CM3": N, "CM9": N})
    yield Change("pressure not told", each("visits", pressure=None), {"CM4": N})
    yield Change("pressure not told at a station", each("visits", on(Phase.PRE, "nlf-2"), pressure=None), {"CM4": P})
    filler = PreviousFiller(material=Filler.HA, tracking_uid="2.25.77")
    found = each("visits", on(Phase.PRE, "nlf-2"), previous_filler=Answer.YES, filler_found=(filler,))
    yield Change("earlier filler not held against artefacts", found, {"CM2": P})
    yield Change("no filler held against artefacts", encounter(filler_checks=()), {"CM2": N})
    blank = each("filler_checks", second_plane=None)
    yield Change("the second plane of the filler not answered", blank, {"CM2": N})


def mapping() -> Iterator[Change]:
    """Each alone."""
    yield from _labels()
    yield from _places()
    yield from _doppler()
    yield from _scanning()
