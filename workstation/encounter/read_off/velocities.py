"""Velocities for a vessel, off a capture with a Doppler spectrum or with colour (S3). No Qt.

A spectrum goes first: it has a scale of velocities. Colour tells the direction and the pulse at the place where the vessel
is labelled, so it needs a label on that capture. Neither says what vessel it is, and no flow seen is never 'not seen'
for the record: that a person answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from annotation import Document, Finding
from imaging.errors import CannotTell
from procedure import Encounter
from procedure.answers import Answer, Estimate, Sight
from procedure.images import ImageRef
from procedure.vessels import Direction, Evidence, Observation, Vessel
from workstation.encounter.read_off.offer import Offer
from workstation.encounter.read_off.pictures import pictures_of
from workstation.studies.visit import Capture

if TYPE_CHECKING:
    from imaging.flow import DopplerFindings, FlowVessel
    from imaging.spectrum import Measured, SpectrumReading

_NUMBERS: Final = (
    ("peak_systolic_velocity_cm_s", "Peak systolic velocity", "cm/s", 1),
    ("end_diastolic_velocity_cm_s", "End-diastolic velocity", "cm/s", 1),
    ("resistance_index", "Resistance index", "", 2),
    ("heart_rate_per_min", "Heart rate", "/min", 0),
)
_PULSATILE: Final = {"artery": Answer.YES, "vein": Answer.NO}
_DIRECTIONS: Final = {"towards": Direction.TOWARDS, "away": Direction.AWAY}


def read(capture: Capture, vessel: Vessel, labels: Document) -> Offer:
    """What `capture` tells of `vessel`. Slow (seconds): for the process aside, so that the offer can be pickled.

    Raises CannotTell where it shows neither a spectrum nor colour, OSError where its frames are gone.
    """
    from imaging.spectrum import measure_clip
    from imaging.text import TextReader

    reader = TextReader()
    try:
        frame, reading = measure_clip(pictures_of(capture), reader)
    except CannotTell as no_spectrum:
        from imaging.flow import analyse

        rate = capture.clip.stream.nominal_fps
        findings = analyse(pictures_of(capture), rate, reader)
        if findings.kind == "none":
            raise CannotTell(f"{no_spectrum} No colour is seen on it either: enter what you saw by hand.") from None
        return _of_colour(capture, vessel, labels, findings)
    return _of_spectrum(capture, vessel, frame, reading)


def _of_spectrum(capture: Capture, vessel: Vessel, frame: int, reading: SpectrumReading) -> Offer:
    answers: dict[str, Any] = {"flow": Sight.SEEN}
    lines = []
    for name, words, unit, digits in _NUMBERS:
        told: Measured | None = getattr(reading, name)
        if told is None:
            lines.append(f"{words}: cannot be told")
            continue
        low, high = told.ci95
        answers[name] = Estimate(round(told.value, digits), round((high - low) / 2, digits + 1))
        numbers = f"{told.value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
        lines.append(f"{words}: {numbers} {unit}".rstrip())
    if reading.kind.name in _PULSATILE:
        answers["pulsatile"] = _PULSATILE[reading.kind.name]
    direction = _side(reading)
    if direction is not None:
        answers["direction"] = direction
    lines.append(f"Suggested: {reading.kind.name}. {reading.kind.reason}")
    angle = "no angle on the screen"
    if reading.angle_deg is not None:
        angle = f"angle {reading.angle_deg:g} degrees"
    source = f"Read off the spectrum: {reading.beats} whole beats, {angle}; speeds as the axis has them."
    return _offer(capture, vessel, frame, answers, (*lines, *reading.remarks, source), source)


def _side(reading: SpectrumReading) -> Direction | None:
    if reading.both_directions:
        return Direction.BOTH
    if reading.axis.inverted is None:
        return None
    return Direction.TOWARDS if reading.envelope.above != reading.axis.inverted else Direction.AWAY


def _of_colour(capture: Capture, vessel: Vessel, labels: Document, findings: DopplerFindings) -> Offer:
    from imaging.flow import NO_SIGNAL

    layout = findings.layout
    limits = layout.limits_cm_s if layout is not None else None
    bar = f"Colour bar: {limits[0]:g} to {limits[1]:g} cm/s" if limits is not None else "Colour bar: not read"
    if findings.no_signal:
        return Offer((bar, NO_SIGNAL))
    own = [f for f in labels.findings if f.image == capture.key and f.tracking_uid == vessel.tracking_uid]
    if not own:
        places = len(findings.vessels)
        seen = f"Flow is seen at {places} place{'' if places == 1 else 's'}"
        return Offer((bar, f"{seen}: label this vessel on the capture, so that it is known which is meant."))
    here = next((found for found in findings.vessels if any(_meets(found, label) for label in own)), None)
    if here is None:
        return Offer((bar, "No flow that lasts is seen where this vessel is labelled.", NO_SIGNAL))
    answers: dict[str, Any] = {"flow": Sight.SEEN}
    if here.direction in _DIRECTIONS:
        answers["direction"] = _DIRECTIONS[here.direction]
    if here.kind in _PULSATILE:
        answers["pulsatile"] = _PULSATILE[here.kind]
    if here.heart_rate_per_min is not None:
        answers["heart_rate_per_min"] = Estimate(round(here.heart_rate_per_min))
    lines = [bar, f"Direction: {here.direction}", f"Suggested: {here.kind}. {here.reason}"]
    source = f"Read off the colours where the vessel is labelled, in {here.frames} frames."
    return _offer(capture, vessel, own[0].frame, answers, (*lines, source), source)


def _meets(flow: FlowVessel, label: Finding) -> bool:
    """Whether the label's middle lies within the flow's bounds."""
    x0, y0, x1, y1 = label.shape.box
    column, row = (x0 + x1) / 2, (y0 + y1) / 2
    left, top, right, bottom = flow.bounds
    return left <= column < right and top <= row < bottom


def _offer(
    capture: Capture, vessel: Vessel, frame: int, answers: Mapping[str, Any], lines: Sequence[str], source: str
) -> Offer:
    return Offer(
        tuple(lines),
        partial(_taken, vessel.tracking_uid, capture, frame, dict(answers), source),
        f"Vessel {vessel.name or vessel.term or ''}: velocities taken over".replace("  ", " "),
    )


def _taken(
    tracking_uid: str,
    capture: Capture,
    frame: int,
    answers: Mapping[str, Any],
    source: str,
    record: Encounter,
    by: str,
    at: datetime,
) -> Encounter:
    return with_answers(record, tracking_uid, capture, frame, answers, by=by, at=at, source=source)


def with_answers(
    record: Encounter,
    tracking_uid: str,
    capture: Capture,
    frame: int,
    answers: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    source: str,
) -> Encounter:
    """The record with `answers` (fields of Observation) at the vessel's look on this capture; a look is begun where none is.

    What is not among the answers stays as a person told it. A vessel that was taken out meanwhile changes nothing.
    """
    known = record.vessel(tracking_uid)
    if known is None:
        return record
    look = next((one for one in known.observations if one.image and one.image.image_uid == capture.key), None)
    if look is None:
        image = next((one for one in record.images if one.image_uid == capture.key), None)
        told = Observation(
            at=at,
            by=by,
            phase=capture.visit.phase,
            station_id=image.station_id if image is not None else "",
            image=ImageRef(image_uid=capture.key, frame=frame),
            evidence=Evidence.DOPPLER,
            text=source,
            **answers,
        )
        looks = (*known.observations, told)
    else:
        evidence = Evidence.BOTH if look.evidence in (Evidence.B_MODE, Evidence.BOTH) else Evidence.DOPPLER
        text = look.text if source in look.text else f"{look.text} {source}".strip()
        told = replace(look, evidence=evidence, text=text, **answers)
        looks = tuple(told if one is look else one for one in known.observations)
    longer = replace(known, observations=looks)
    return replace(record, vessels=tuple(longer if one is known else one for one in record.vessels))
