"""Stations of the protocol in the encounter in hand: which is next, and what is captured, seen and answered there. No Qt.

Each function answers the record as it is after that; nothing is judged here, `procedure.coverage` says what is lacking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from procedure import Encounter, Phase, Protocol
from procedure.answers import Answer, Side, Sight
from procedure.coverage import StationCoverage, Status, coverage_in
from procedure.images import ImageKind, KeptImage, Mode, PictureHint, Plane
from procedure.settings import Exposure, Settings, SettingsSource
from procedure.stations import Pressure, Seen, StationVisit
from workstation.studies.visit import Capture

_SETTINGS = frozenset(field.name for field in fields(Settings))
_OPEN = (Status.MISSING, Status.PARTIAL)


@dataclass(frozen=True, slots=True)
class Here:
    """Where the probe is: a station on one side in one phase, and what is shown there, as the person says it."""

    station_id: str
    side: Side
    phase: Phase
    landmark: str
    plane: Plane
    mode: Mode = Mode.B_MODE
    pressure: Pressure | None = None

    @property
    def key(self) -> tuple[str, Side, Phase]:
        """What a visit of the station is told by."""
        return self.station_id, self.side, self.phase


def at(stop: StationCoverage) -> Here:
    """At a station of the protocol, in its first plane."""
    return Here(stop.station.id, stop.side, stop.phase, stop.station.landmark, stop.station.planes[0])


def course(record: Encounter, protocols: Mapping[str, Protocol], phase: Phase) -> tuple[StationCoverage, ...]:
    """The stations of a phase in their order."""
    return coverage_in(record, protocols, phase)


def following(stops: Sequence[StationCoverage], here: Here | None) -> StationCoverage | None:
    """The next station that is still open, after this one and then from the beginning; None where none is."""
    place = next((n for n, stop in enumerate(stops) if here and (stop.station.id, stop.side) == here.key[:2]), -1)
    ahead = [*stops[place + 1 :], *stops[: place + 1]]
    return next((stop for stop in ahead if stop.status in _OPEN), None)


def visit_of(record: Encounter, here: Here) -> StationVisit | None:
    """What is recorded of a station; the last visit where there are several, None where there is none."""
    found = [visit for visit in record.visits if (visit.station_id, visit.side, visit.phase) == here.key]
    return found[-1] if found else None


def with_capture(record: Encounter, here: Here, capture: Capture, by: str) -> Encounter:
    """A clip or still was captured at the station: it stands in the record with its plane, landmark and settings."""
    clip = capture.clip
    taken = clip.started_at.astimezone().replace(microsecond=0)
    still = capture.kind == "still"
    image = KeptImage(
        image_uid=capture.key,
        kind=ImageKind.STILL if still else ImageKind.CLIP,
        at=taken,
        by=by,
        phase=here.phase,
        station_id=here.station_id,
        side=here.side,
        mode=here.mode,
        plane=here.plane,
        landmark=here.landmark,
        frames=len(clip.frames),
        seconds=None if still else round(clip.duration_s, 3),
        settings=settings_of(capture),
        hints=hints_of(capture),
    )
    record = record.with_added(images=image)
    doppler: dict[str, Any] = {} if here.mode is Mode.B_MODE else {"doppler_used": Answer.YES}
    if here.pressure is not None:
        doppler["pressure"] = here.pressure
    visit = visit_of(record, here)
    best = visit.best_image_uid if visit is not None and visit.best_image_uid else capture.key if still else None
    uids = (*(visit.image_uids if visit else ()), capture.key)
    return answered(record, here, by, taken, image_uids=uids, best_image_uid=best, skipped_because="", **doppler)


def with_loose_capture(record: Encounter, capture: Capture, by: str) -> Encounter:
    """A clip or still that belongs to no station: it stands in the record all the same."""
    clip = capture.clip
    still = capture.kind == "still"
    return record.with_added(
        images=KeptImage(
            image_uid=capture.key,
            kind=ImageKind.STILL if still else ImageKind.CLIP,
            at=clip.started_at.astimezone().replace(microsecond=0),
            by=by,
            phase=capture.visit.phase,
            frames=len(clip.frames),
            seconds=None if still else round(clip.duration_s, 3),
            settings=settings_of(capture),
            hints=hints_of(capture),
        )
    )


def hints_of(capture: Capture) -> tuple[PictureHint, ...]:
    """What was noticed of the capture's pictures, as the record has it."""
    return tuple(PictureHint(name) for name in capture.hints)


def settings_of(capture: Capture) -> Settings | None:
    """What the probe's screen printed, as the record has it; None where nothing was read."""
    told: dict[str, Any] = {one.key: one.value for one in capture.printed if one.key in _SETTINGS}
    if not told:
        return None
    if "gain" in told:
        told["gain_unit"] = next((one.unit or "" for one in capture.printed if one.key == "gain"), "")
    simulated = capture.clip.stream.device.kind == "simulated"
    return Settings(source=SettingsSource.SIMULATED if simulated else SettingsSource.READ_OFF, **told)


def answered(record: Encounter, here: Here, by: str, moment: datetime, **answers: Any) -> Encounter:
    """Answers of a station's visit; the visit begins with the first of them."""
    known = visit_of(record, here)
    if known is None:
        begun = StationVisit(station_id=here.station_id, side=here.side, phase=here.phase, at=moment, by=by, **answers)
        return record.with_added(visits=begun)
    told = replace(known, **answers)
    return replace(record, visits=tuple(told if visit is known else visit for visit in record.visits))


def seen_at(record: Encounter, here: Here, structure: str) -> Sight | None:
    """What was answered of a structure at the station; None where nothing was."""
    visit = visit_of(record, here)
    seen = visit.seen if visit is not None else ()
    return next((one.sight for one in seen if one.structure == structure), None)


def with_sight(
    record: Encounter, here: Here, structure: str, sight: Sight | None, by: str, moment: datetime
) -> Encounter:
    """The answer whether a structure was seen; None takes the answer back."""
    visit = visit_of(record, here)
    others = tuple(one for one in (visit.seen if visit else ()) if one.structure != structure)
    seen = others if sight is None else (*others, Seen(structure=structure, sight=sight))
    return answered(record, here, by, moment, seen=seen)


def with_exposure(record: Encounter, here: Here, seconds: float, by: str, moment: datetime) -> Encounter:
    """One line of the exposure log: how long the picture was live at the station, with the indices that were read there."""
    images = [image for image in record.images if (image.station_id, image.side, image.phase) == here.key]
    mechanical, thermal = _indices(images)
    return record.with_added(
        exposures=Exposure(
            at=moment,
            by=by,
            station_id=here.station_id,
            seconds=round(seconds, 1),
            mechanical_index=mechanical,
            thermal_index=thermal,
            image_uid=images[0].image_uid if images else None,
        )
    )


def with_read(record: Encounter, capture: Capture) -> Encounter:
    """The screen of a capture that stands in the record was read: its image has the settings and hints from now on.

    So has the exposure log the indices, where the probe had left the station before they were read.
    """
    images = tuple(
        replace(image, settings=settings_of(capture) or image.settings, hints=hints_of(capture))
        if image.image_uid == capture.key
        else image
        for image in record.images
    )
    by_uid = {image.image_uid: image for image in images}

    def told(exposure: Exposure) -> Exposure:
        first = by_uid.get(exposure.image_uid or "")
        read = by_uid.get(capture.key)
        if first is None or read is None or _station(first) != _station(read) or read.at > exposure.at:
            return exposure
        mechanical, thermal = _indices([i for i in images if _station(i) == _station(read) and i.at <= exposure.at])
        return replace(exposure, mechanical_index=mechanical, thermal_index=thermal)

    return replace(record, images=images, exposures=tuple(told(exposure) for exposure in record.exposures))


def _station(image: KeptImage) -> tuple[str | None, Side | None, Phase]:
    return image.station_id, image.side, image.phase


def _indices(images: Sequence[KeptImage]) -> tuple[float | None, float | None]:
    """The highest mechanical and the highest thermal index that stood on the screens of the images; None where none did."""
    printed = [image.settings for image in images if image.settings is not None]
    thermal = [
        index
        for said in printed
        for index in (said.thermal_index_soft_tissue, said.thermal_index_bone, said.thermal_index_cranial)
        if index is not None
    ]
    return max((s.mechanical_index for s in printed if s.mechanical_index is not None), default=None), max(
        thermal, default=None
    )
