"""How it was scanned: from a landmark, the whole area, artefacts looked at twice, the probe held lightly."""

from __future__ import annotations

from collections.abc import Iterator

from audit.material import Material
from audit.verdict import Evidence, Part, lacking, met, not_asked, undecided
from procedure import Phase, telling
from procedure.answers import Answer
from procedure.coverage import Status, coverage
from procedure.encounter import Site
from procedure.images import ImageKind, KeptImage
from procedure.record import fields_of
from procedure.settings import Settings
from procedure.stations import Pressure, StationVisit


def artefact_pairs(material: Material) -> Iterator[Part]:
    """An artefact is recorded with pictures before and after an adjustment, and at least one setting differs between them."""
    if not material.encounter.artefacts:
        yield lacking("No artefact is recorded with its adjustment.")
    for note in material.encounter.artefacts:
        if note.before is None or note.after is None:
            yield lacking(f"{note.artefact}: the pair of pictures before and after the adjustment is not there.")
            continue
        pair = [
            material.seen_in(note.before, f"{note.artefact}, before"),
            material.seen_in(note.after, f"{note.artefact}, after"),
        ]
        shown = [one for one in pair if one is not None]
        if len(shown) < len(pair):
            yield lacking(f"{note.artefact}: a picture of the pair is not among the files.")
            continue
        first, second = (material.encounter.image(ref.image_uid) for ref in (note.before, note.after))
        changed = _differing(first, second)
        if changed:
            yield met(f"{note.artefact}: {', '.join(changed)} differ between the pictures.", *shown)
        elif note.adjustment:
            yield undecided(
                f"{note.artefact}: no stated setting differs between the pictures; recorded adjustment: {note.adjustment}."
            )
        else:
            yield lacking(f"{note.artefact}: no adjustment is recorded, and no setting differs between the pictures.")


def filler_checked(material: Material) -> Iterator[Part]:
    """Each filler that was found or labelled was looked at in a second plane and at another angle."""
    found = [
        (visit.station_id, f.tracking_uid or "") for visit in material.encounter.visits for f in visit.filler_found
    ]
    known = {uid for _, uid in found}
    labelled = {one.finding.tracking_uid: one.finding for one in material.labels if one.finding.kind == "filler"}
    found += [(finding.name or "filler", uid) for uid, finding in labelled.items() if uid not in known]
    checks = {check.tracking_uid: check for check in material.encounter.filler_checks}
    for where, uid in found:
        check = checks.get(uid)
        if check is not None and check.second_plane is not None and check.angle_changed is not None:
            yield met(
                f"{where}: second plane and angle are answered for the filler.",
                material.told(f"filler looked at again: {check.conclusion or 'no conclusion written'}", check.at),
            )
        else:
            yield lacking(f"{where}: it is not answered whether second plane and angle show the same filler.")
    if not found:
        yield not_asked("No filler is recorded as seen, and none is labelled.")


def scan_from_landmark(material: Material) -> Iterator[Part]:
    """The first station that was scanned at a site starts at a bony landmark of the region's protocol."""
    if not material.encounter.sites:
        yield lacking("It is not said where is to be treated.")
    for site in material.encounter.sites:
        protocol = material.protocols.get(site.region)
        visits = material.visits(Phase.PRE, site)
        if protocol is None:
            yield undecided(f"{telling.region(site.region)}: there is no protocol, so its landmark is not known.")
        elif not visits:
            yield lacking(f"{telling.region(site.region)}: no station was scanned before the procedure.")
        else:
            station = protocol.station(visits[0].station_id)
            first = protocol.stations[0]
            if station is not None and station.landmark == first.landmark:
                name = telling.landmark(first.landmark)
                yield met(
                    f"{telling.region(site.region)}: the scan begins at the {name}.",
                    material.told(f"first station {station.id}", visits[0].at),
                )
            else:
                yield lacking(
                    f"{telling.region(site.region)}: the scan does not begin at the protocol's landmark ({first.landmark})."
                )


def stations_covered(material: Material) -> Iterator[Part]:
    """Every station of before the procedure was scanned, or skipped with a reason."""
    for entry in coverage(material.encounter, material.protocols):
        if entry.phase is not Phase.PRE:
            continue
        where = f"{entry.station.id}, {telling.word(entry.side)}"
        if entry.status is Status.MISSING:
            yield lacking(f"{where}: not scanned, and no reason is given.")
        elif entry.status is Status.SKIPPED:
            yield met(f"{where}: skipped with a reason.", material.told(f"{where}: {' '.join(entry.lacks)}"))
        else:
            yield met(f"{where}: scanned.", *_station_pictures(material, entry.station.id, Phase.PRE))


def landmark_at_stations(material: Material) -> Iterator[Part]:
    """Every scanned station has a landmark on its pictures, or in words."""
    visits = [visit for visit in material.encounter.visits if not visit.skipped_because]
    if not visits:
        yield lacking("No station was scanned.")
    for visit in visits:
        pictures = [image for image in material.scans() if image.image_uid in visit.image_uids and image.landmark]
        where = f"{visit.station_id}, {telling.word(visit.side)}, {telling.word(visit.phase)}"
        if pictures:
            one = material.shown(pictures[0].image_uid, f"landmark: {telling.landmark(pictures[0].landmark)}")
            yield met(f"{where}: the landmark is recorded.", *([one] if one else [material.told(where, visit.at)]))
        else:
            yield lacking(f"{where}: no landmark is recorded.")


def swept_before(material: Material) -> Iterator[Part]:
    """Each station was swept whole, with a clip or two stills, and asked about earlier filler, before the first puncture."""
    puncture = material.first_puncture
    places = material.treated
    visits = [v for v in material.visits(Phase.PRE) if not places or any(_is_at(material, v, site) for site in places)]
    if not visits:
        yield lacking("No station was scanned before the procedure.")
    for entry in coverage(material.encounter, material.protocols):
        if entry.phase is Phase.PRE and entry.status is Status.MISSING:
            yield lacking(f"{entry.station.id}, {telling.word(entry.side)}: not scanned, and no reason is given.")
    for site in material.treated:
        if site not in material.encounter.sites and not any(_is_at(material, visit, site) for visit in visits):
            yield lacking(f"{telling.site(site.region, site.side)}: injected, and no station of it was scanned before.")
    images = {image.image_uid: image for image in material.scans()}
    for visit in visits:
        kept = [images[uid] for uid in visit.image_uids if uid in images]
        enough = any(i.kind is ImageKind.CLIP for i in kept) or sum(i.kind is ImageKind.STILL for i in kept) >= 2
        lacks = [] if visit.fully_swept is Answer.YES else ["not recorded as fully swept"]
        lacks += [] if enough else ["neither a clip nor two stills"]
        lacks += [] if visit.previous_filler is not None else ["not answered whether earlier filler was seen"]
        lacks += ["after the first puncture"] if puncture is not None and visit.at >= puncture else []
        where = f"{visit.station_id}, {telling.word(visit.side)}"
        if lacks:
            yield lacking(f"{where}: {'; '.join(lacks)}.")
        else:
            yield met(
                f"{where}: swept, with pictures and the answer on earlier filler.", material.told(where, visit.at)
            )


def pressure_answered(material: Material) -> Iterator[Part]:
    """At each scanned station it is answered how hard the probe was held; a station that asks for no pressure had none."""
    visits = [visit for visit in material.encounter.visits if not visit.skipped_because]
    if not visits:
        yield lacking("No station was scanned.")
    light = {s.id for protocol in material.protocols.values() for s in protocol.stations if s.light_pressure}
    for visit in visits:
        where = f"{visit.station_id}, {telling.word(visit.side)}, {telling.word(visit.phase)}"
        if visit.pressure is None:
            yield lacking(f"{where}: it is not answered how hard the probe was held.")
        elif visit.pressure is Pressure.FIRM and visit.station_id in light:
            yield lacking(f"{where}: the station asks for no pressure, and the probe was held firmly.")
        else:
            yield met(
                f"{where}: {telling.word(visit.pressure)}.",
                material.told(f"{where}: probe held: {telling.word(visit.pressure)}", visit.at),
            )


def _is_at(material: Material, visit: StationVisit, site: Site) -> bool:
    return material.is_at(visit.station_id, visit.side, site)


def _station_pictures(material: Material, station_id: str, phase: Phase) -> list[Evidence]:
    pictures = [image for image in material.scans(phase) if image.station_id == station_id]
    return [one for image in pictures[:1] if (one := material.shown(image.image_uid, station_id)) is not None]


def _differing(first: KeptImage | None, second: KeptImage | None) -> list[str]:
    """The settings that both pictures state, and state differently."""
    if first is None or second is None or first.settings is None or second.settings is None:
        return []
    changed = []
    for field in fields_of(Settings):
        before, after = getattr(first.settings, field.name), getattr(second.settings, field.name)
        if field.name != "source" and before not in (None, "") and after not in (None, "") and before != after:
            changed.append(field.name.split("_")[0])
    return changed
