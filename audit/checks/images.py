"""The set of pictures: one of each phase, with plane and landmark, whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from audit.material import Material, on_side, place_of
from audit.verdict import Part, lacking, met, not_asked
from procedure import Phase, telling
from procedure.encounter import Site
from procedure.images import KeptImage

_WORDS = {Phase.PRE: "before", Phase.DURING: "during", Phase.POST: "after"}


def image_set(material: Material) -> Iterator[Part]:
    """Each treated region has a picture of before, during and after the procedure, in this order of time."""
    if not material.treated:
        yield lacking("It is not said where is to be treated.")
    for site in material.treated:
        region = f"{telling.site(site.region, site.side)}"
        sets = {phase: _of(material, phase, site) for phase in _WORDS}
        for phase, pictures in sets.items():
            shown = [one for i in pictures if (one := material.shown(i.image_uid, place_of(i))) is not None]
            if shown:
                yield met(f"{region}: a picture of {_WORDS[phase]} the procedure.", shown[0])
            else:
                yield lacking(f"{region}: no picture of {_WORDS[phase]} the procedure.")
        yield from _in_order(material, region, sets)


def _in_order(material: Material, region: str, sets: dict[Phase, list[KeptImage]]) -> Iterator[Part]:
    puncture, last = material.first_puncture, material.last_injection
    if puncture is None or last is None:
        return
    late = [image for image in sets[Phase.PRE] if image.at >= puncture]
    early = [i for i in sets[Phase.DURING] if i.at + timedelta(seconds=i.seconds or 0.0) < puncture]
    early += [image for image in sets[Phase.POST] if image.at < last]
    for image in late + early:
        yield lacking(f"{region}: the time of {place_of(image)} does not fit its phase ({telling.moment(image.at)}).")


def plane_and_landmark(material: Material) -> Iterator[Part]:
    """Each picture from the probe has both its plane and its landmark."""
    pictures = material.scans()
    if not pictures:
        yield lacking("There is no picture from the probe.")
    for image in pictures:
        if image.plane is None or not image.landmark:
            lacks = " and ".join(
                word
                for word, there in (("plane", image.plane is not None), ("landmark", bool(image.landmark)))
                if not there
            )
            yield lacking(f"{place_of(image)}: no {lacks}.")
        else:
            one = material.shown(image.image_uid, f"{image.plane} plane, {telling.landmark(image.landmark)}")
            yield met(
                f"{place_of(image)}: {image.plane} plane, {telling.landmark(image.landmark)}.", *([one] if one else [])
            )


def regions_scanned(material: Material) -> Iterator[Part]:
    """Each injected region was scanned before, or every station of it was skipped with a reason."""
    injected = list(dict.fromkeys((i.region, i.side) for i in material.encounter.injections))
    if not injected:
        yield not_asked("Nothing was injected.")
    for region, side in injected:
        protocol = material.protocols.get(region)
        stations = {station.id for station in protocol.stations} if protocol is not None else set()
        begun = min(i.at for i in material.encounter.injections if (i.region, i.side) == (region, side))
        pictures = [i for i in _of(material, Phase.PRE, Site(region=region, side=side)) if i.at < begun]
        shown = [one for image in pictures if (one := material.shown(image.image_uid, place_of(image))) is not None]
        skipped = [v for v in material.encounter.visits if v.phase is Phase.PRE and v.station_id in stations]
        if shown:
            yield met(f"{telling.site(region, side)}: scanned before the injection.", shown[0])
        elif skipped and all(visit.skipped_because for visit in skipped):
            said = material.told(f"{telling.region(region)}: {skipped[0].skipped_because}", skipped[0].at)
            yield met(f"{telling.site(region, side)}: the reason why it was not scanned is given.", said)
        else:
            yield lacking(f"{telling.site(region, side)}: injected, with no picture of before and no reason.")


def images_whole(material: Material) -> Iterator[Part]:
    """Every picture that the record names is among the files, and every file could be read."""
    named = [image for image in material.encounter.images if image.rejection is None]
    if not named:
        yield lacking("The record names no picture.")
    gone = [image for image in named if material.picture(image.image_uid) is None]
    for image in gone:
        yield lacking(f"A picture that the record names is not among the files: {place_of(image)}, {image.image_uid}.")
    for sentence in material.unread:
        yield lacking(sentence)
    if named and not gone and not material.unread:
        first = material.shown(named[0].image_uid, "the first of the pictures")
        yield met(f"All {len(named)} pictures that the record names are there.", *([first] if first else []))


def _of(material: Material, phase: Phase, site: Site) -> list[KeptImage]:
    """Pictures of one phase at a place's stations; by the stations' names where the region has no protocol."""
    named = f"{site.region}-"
    return [
        image
        for image in material.scans(phase)
        if material.is_at(image.station_id, image.side, site)
        or (site.region not in material.protocols and image.station_id.startswith(named) and on_side(image.side, site))
    ]
