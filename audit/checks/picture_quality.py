"""The quality of pictures, as far as a record tells: what was set, what was measured, what the program noticed.

Whether a picture is good is seen by a person. A hint of the program (`KeptImage.hints`) sends a person to the picture;
without one a picture is not thereby a good one.
"""

from __future__ import annotations

from collections.abc import Iterator

from audit.material import Material, place_of
from audit.verdict import Part, lacking, met, not_asked, undecided
from procedure.images import Mode, PictureHint

_GAIN = (PictureHint.GAIN_HIGH, PictureHint.GAIN_LOW)


def depth_set(material: Material) -> Iterator[Part]:
    """Each picture states its depth; a person looks where the program noticed that depth was wasted."""
    yield from _stated(material, "depth_mm", "depth", (PictureHint.DEPTH_WASTED,))


def focus_set(material: Material) -> Iterator[Part]:
    """Each picture states its focus."""
    yield from _stated(material, "focus_mm", "focus", ())


def gain_set(material: Material) -> Iterator[Part]:
    """Each picture states its gain; a person looks where the program noticed too much or too little of it."""
    yield from _stated(material, "gain", "gain", _GAIN)


def vessels_measured(material: Material) -> Iterator[Part]:
    """Each vessel that was looked at has a depth and a diameter, from a picture that is there."""
    vessels = material.encounter.vessels
    if not vessels:
        yield lacking("No vessel is recorded.")
    for vessel in vessels:
        name = vessel.term or "a vessel"
        measured = [o for o in vessel.observations if o.depth_mm is not None and o.diameter_mm is not None]
        shown = [one for o in measured if o.image and (one := material.seen_in(o.image, f"{name}: depth and diameter"))]
        if shown:
            yield met(f"{name}: depth and diameter are measured.", shown[0])
        elif measured:
            yield lacking(f"{name}: the picture that it was measured on is not there.")
        else:
            yield lacking(f"{name}: depth or diameter is not measured.")


def spectral_traces(material: Material) -> Iterator[Part]:
    """A spectral trace has its peak systolic velocity; whether one was called for, a person says."""
    traces = [image for image in material.scans() if image.mode is Mode.SPECTRAL]
    if not traces:
        yield undecided("There is no spectral trace: whether one was called for, the record does not tell.")
    speeds = [
        o for v in material.encounter.vessels for o in v.observations if o.peak_systolic_velocity_cm_s is not None
    ]
    read = {(o.station_id, o.phase) for o in speeds if o.station_id}
    on = {o.image.image_uid for o in speeds if o.image is not None}
    for image in traces:
        if image.image_uid in on or (image.station_id, image.phase) in read:
            one = material.shown(image.image_uid, f"{place_of(image)}: spectral trace")
            yield met(f"{place_of(image)}: a velocity is read off the trace.", *([one] if one else []))
        else:
            yield lacking(f"{place_of(image)}: no velocity is read off the trace.")


def angle_corrected(material: Material) -> Iterator[Part]:
    """Asked where a velocity was measured; the record keeps no angle, so a person looks at the trace."""
    speeds = [
        o for v in material.encounter.vessels for o in v.observations if o.peak_systolic_velocity_cm_s is not None
    ]
    if speeds:
        yield undecided(
            f"{len(speeds)} velocities are recorded: the record does not tell the angle, look at the traces."
        )
    else:
        yield not_asked("No velocity is recorded.")


def _stated(material: Material, field: str, word: str, hints: tuple[PictureHint, ...]) -> Iterator[Part]:
    pictures = material.scans()
    if not pictures:
        yield lacking("There is no picture from the probe.")
    for image in pictures:
        where = place_of(image)
        noticed = [hint for hint in image.hints if hint in hints]
        if image.settings is None or getattr(image.settings, field) is None:
            yield lacking(f"{where}: the {word} is not stated.")
        elif noticed:
            yield undecided(f"{where}: the program noticed {', '.join(noticed)}: a person has to look.")
        else:
            one = material.shown(image.image_uid, f"{where}: {word} {getattr(image.settings, field):g}")
            yield met(f"{where}: the {word} is stated.", *([one] if one else []))
