"""What the labels measure at each station, in the visits of the record: layers' thickness, lumens under pressure. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from annotation import Document
from procedure import Encounter, Protocol
from procedure.answers import Estimate, Sight
from procedure.compression import compressions
from procedure.stations import Seen, StationVisit
from procedure.thickness import thicknesses
from workstation.studies.visit import Capture


def with_measures(
    record: Encounter, document: Document, captures: Mapping[str, Capture], protocols: Mapping[str, Protocol]
) -> Encounter:
    """The record with what `document` measures on the `captures` of each visit, by key; other visits stay as they are.

    A layer whose own and next boundary are drawn was seen: it stands among the structures, until its lines are gone again.
    """
    visits = tuple(
        _measured(visit, document, captures, protocols)
        if any(uid in captures for uid in visit.image_uids) and not visit.skipped_because
        else visit
        for visit in record.visits
    )
    return record if visits == record.visits else replace(record, visits=visits)


def _measured(
    visit: StationVisit, document: Document, captures: Mapping[str, Capture], protocols: Mapping[str, Protocol]
) -> StationVisit:
    protocol = protocols.get(visit.station_id.rpartition("-")[0])
    station = protocol.station(visit.station_id) if protocol is not None else None
    found: dict[str, Estimate] = {}
    for uid in visit.image_uids:
        capture = captures.get(uid)
        if protocol is None or capture is None or capture.kind != "still":
            continue
        scale = capture.scales[0] if len(capture.scales) == 1 else None
        found = thicknesses(document, uid, 0, protocol.layers, scale) | found
    shrunk = tuple(one for uid in visit.image_uids if uid in captures for one in compressions(document, uid))
    kept = tuple(one for one in visit.compressions if one.image_uid not in captures)
    asked = station.look_for if station is not None else ()
    return replace(visit, seen=_with_thickness(visit.seen, found, asked), compressions=(*kept, *shrunk))


def _with_thickness(seen: tuple[Seen, ...], found: Mapping[str, Estimate], asked: tuple[str, ...]) -> tuple[Seen, ...]:
    told = []
    for one in seen:
        ours = one.thickness_mm is not None and one.structure not in asked and not one.text
        if one.structure in found or not ours:
            told.append(replace(one, thickness_mm=found.get(one.structure)))
    there = {one.structure for one in told}
    more = (Seen(structure=s, sight=Sight.SEEN, thickness_mm=t) for s, t in found.items() if s not in there)
    return (*told, *more)
