"""Coverage: which stations were scanned in which phase, and what each of them lacks (S7, S8, S13, S14, S17, S23, S24, S26).

A station that was skipped with a reason is 'skipped'; without a reason, or not visited at all, it is 'missing'. A visited one
is 'partial' as long as one thing is lacking, and each lack is one sentence. Nothing here says that a place was scanned well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from procedure.answers import Answer, Side, Sight
from procedure.encounter import Encounter, Site
from procedure.images import ImageKind, KeptImage, Mode
from procedure.phase import Phase
from procedure.protocol import Protocol, Station
from procedure.stations import Pressure, StationVisit
from procedure.words import structure_name

#: The phases that a treatment has; a station of another phase is asked for where its event took place.
TREATMENT = (Phase.PRE, Phase.DURING, Phase.POST)


class Status(StrEnum):
    """What became of a station."""

    DONE = "done"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class StationCoverage:
    """One station, side and phase. `lacks` are sentences; for a skipped one its reason."""

    region: str
    station: Station
    side: Side
    phase: Phase
    status: Status
    lacks: tuple[str, ...] = ()

    @property
    def image_id(self) -> str:
        """The id of the station's images (2.2)."""
        return self.station.image_id(self.side, self.phase)


def coverage(encounter: Encounter, protocols: Mapping[str, Protocol]) -> tuple[StationCoverage, ...]:
    """Every station that the encounter's sites ask for, in the order of sites, phases and stations.

    A site whose region has no protocol has no stations: `procedure.missing` says so. The phase 'during' is asked for only
    where something was injected, 'post' after that, 'followup' where a follow-up was held.
    """
    return tuple(
        _station(encounter, protocol, station, side, phase)
        for site in encounter.sites
        if (protocol := protocols.get(site.region)) is not None
        for phase in _phases(encounter)
        for station in protocol.stations
        if phase in station.phases or (phase is Phase.FOLLOWUP and Phase.POST in station.phases)
        for side in _sides(site, station)
    )


def coverage_in(encounter: Encounter, protocols: Mapping[str, Protocol], phase: Phase) -> tuple[StationCoverage, ...]:
    """Every station that the encounter's sites have in one phase, whether or not the treatment has come that far.

    In a complication and at a follow-up the stations of 'post' are looked at again, beside those that name the phase.
    """
    again = phase in (Phase.COMPLICATION, Phase.FOLLOWUP)
    return tuple(
        _station(encounter, protocol, station, side, phase)
        for site in encounter.sites
        if (protocol := protocols.get(site.region)) is not None
        for station in protocol.stations
        if phase in station.phases or (again and Phase.POST in station.phases)
        for side in _sides(site, station)
    )


def _phases(encounter: Encounter) -> Iterator[Phase]:
    yield Phase.PRE
    if encounter.injections:
        yield from (Phase.DURING, Phase.POST)
    if any(visit.at is not None for visit in encounter.follow_ups):
        yield Phase.FOLLOWUP


def _sides(site: Site, station: Station) -> tuple[Side, ...]:
    """The sides of a station at a site: a site on the midline takes both sides, a side takes the midline's stations too."""
    return tuple(side for side in station.sides if site.side.takes(side))


def _station(encounter: Encounter, protocol: Protocol, station: Station, side: Side, phase: Phase) -> StationCoverage:
    visits = [v for v in encounter.visits if (v.station_id, v.side, v.phase) == (station.id, side, phase)]
    scanned = [visit for visit in visits if not visit.skipped_because]
    if not scanned:
        if visits:
            reasons = tuple(f"Skipped: {visit.skipped_because}." for visit in visits)
            return StationCoverage(protocol.region, station, side, phase, Status.SKIPPED, reasons)
        return StationCoverage(
            protocol.region, station, side, phase, Status.MISSING, ("Not scanned, and no reason is given.",)
        )
    images = _images(encounter, scanned)
    lacks = tuple(_lacks(protocol, station, phase, scanned, images))
    return StationCoverage(protocol.region, station, side, phase, Status.PARTIAL if lacks else Status.DONE, lacks)


def _images(encounter: Encounter, visits: Sequence[StationVisit]) -> list[KeptImage]:
    """The images of some visits that are not hidden by a rejection note."""
    named = {uid for visit in visits for uid in visit.image_uids}
    return [image for image in encounter.images if image.image_uid in named and image.rejection is None]


def _lacks(
    protocol: Protocol, station: Station, phase: Phase, visits: Sequence[StationVisit], images: Sequence[KeptImage]
) -> Iterator[str]:
    yield from _pictures(station, images)
    if phase is Phase.PRE:
        answered = {seen.structure for visit in visits for seen in visit.seen}
        for structure in station.look_for:
            if structure not in answered:
                name = structure_name(structure) or protocol.structures.get(structure, structure)
                yield f"Not answered whether it was seen or not: {name}."
        yield from _blanks(station, visits)
    yield from _doppler(station, visits, images)
    kept = {image.image_uid for image in images}
    if kept and not any(visit.best_image_uid in kept for visit in visits):
        yield "No image is marked as the one that stands for the station."
    if all(visit.pressure is None for visit in visits):
        yield "Not answered how hard the probe was held."
    elif station.light_pressure and any(visit.pressure is Pressure.FIRM for visit in visits):
        yield "The station asks for no pressure, and the probe was held firmly."


def _pictures(station: Station, images: Sequence[KeptImage]) -> Iterator[str]:
    placed = [image for image in images if image.plane is not None and image.landmark]
    loose = len(images) - len(placed)
    if loose:
        yield f"{loose} of {len(images)} images lack plane or landmark, and do not count as mapped."
    for plane in station.planes:
        stills = sum(image.kind is ImageKind.STILL and image.plane is plane for image in placed)
        if stills < station.stills:
            yield f"{stills} of {station.stills} stills in the {plane} plane."
    seconds = sum(image.seconds or 0.0 for image in placed if image.kind is ImageKind.CLIP)
    if seconds < station.seconds:
        yield f"{seconds:g} of {station.seconds:g} seconds of clip."


def _blanks(station: Station, visits: Sequence[StationVisit]) -> Iterator[str]:
    """Anatomy answers that may not stay blank (S23)."""
    if all(visit.variant is None for visit in visits):
        yield "Not answered whether a variant was seen."
    if all(visit.previous_filler is None for visit in visits):
        yield "Not answered whether earlier filler was seen."
    if any(visit.previous_filler is Answer.YES and not visit.filler_found for visit in visits):
        yield "Earlier filler was seen, and it is not said which."
    if not any(visit.fully_swept is Answer.YES for visit in visits):
        yield "Not recorded as fully swept."
    if station.fold_side and all(visit.fold_side is None for visit in visits):
        yield "Not answered on which side of the fold the artery was seen."


def _doppler(station: Station, visits: Sequence[StationVisit], images: Sequence[KeptImage]) -> Iterator[str]:
    if not station.doppler or any(visit.doppler_reason for visit in visits):
        return
    if not any(visit.doppler_used is Answer.YES for visit in visits):
        yield "No Doppler is recorded, and no reason why not."
        return
    kept = {image.mode for image in images}
    for mode in station.doppler:
        if mode not in kept:
            yield f"No image with {_MODES[mode]} is kept, and no reason is given."
    unseen = [visit for visit in visits if visit.doppler_signal is Sight.NOT_SEEN]
    if any(visit.slow_flow_tried is None for visit in unseen):
        yield "No signal was seen, and it is not answered whether the settings were made ready for slow flow."


_MODES = {Mode.COLOUR: "colour Doppler", Mode.POWER: "power Doppler", Mode.SPECTRAL: "spectral Doppler"}
