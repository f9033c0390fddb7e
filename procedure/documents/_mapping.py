"""What was looked at: stations with their coverage, the map, vessels, settings, exposure, artefacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procedure import telling
from procedure.alara import exposure_notes
from procedure.answers import Sight
from procedure.coverage import Status, coverage
from procedure.documents._names import Names, cell
from procedure.documents.blocks import Blank, Block, Cell, Drawing, Facts, Heading, Table, Text, Tone
from procedure.encounter import Encounter, Site
from procedure.face_map import MarkKind, key_svg, map_svg, marks_of, vessel_name
from procedure.phase import Phase
from procedure.protocol import Protocol
from procedure.stations import Seen, StationVisit
from procedure.vessels import Observation
from procedure.wording import MEASURED, NO_SIGNAL, NOT_SCANNED

Protocols = Mapping[str, Protocol]


def stations(encounter: Encounter, protocols: Protocols, names: Names) -> Iterator[Block]:
    """Sites, coverage of their stations phase by phase, then what was answered at each visit."""
    yield Heading("Stations and coverage")
    rows = tuple(
        (telling.region(site.region), telling.word(site.side), cell(site.protocol_version), _reviewed(site, protocols))
        for site in encounter.sites
    )
    yield Table(("site to be treated", "side", "version of the protocol", "stations reviewed by"), (4, 1, 2, 3), rows)
    for region in dict.fromkeys(site.region for site in encounter.sites if _other_version(site, protocols)):
        here = protocols[region].version
        yield Text(
            f"{telling.region(region)}: the coverage is told against version {here} of the protocol, the one that holds "
            "where this was printed; the record was made with another.",
            Tone.NOTICE,
        )
    for phase in Phase:
        asked = [entry for entry in coverage(encounter, protocols) if entry.phase is phase]
        if asked:
            yield Heading(f"Coverage: {telling.word(phase)}", 2)
            yield Table(
                ("station", "place", "side", "status", "what it lacks"),
                (1.2, 3.2, 1, 1.2, 4),
                tuple(
                    (
                        e.station.id,
                        e.station.place,
                        telling.word(e.side),
                        _STATUS[e.status],
                        " ".join(e.lacks) or "nothing",
                    )
                    for e in asked
                ),
            )
    yield Text(NOT_SCANNED, Tone.NOTICE)
    yield Heading("Visits of the stations", 2)
    visits = tuple(_visit(visit, names) for visit in encounter.visits)
    yield Table(("station", "when, by whom", "structures", "answers"), (1.5, 2, 3, 4.5), visits)
    if any(visit.doppler_signal is Sight.NOT_SEEN for visit in encounter.visits):
        yield Text(NO_SIGNAL, Tone.NOTICE)


_STATUS = {
    Status.DONE: "scanned",
    Status.PARTIAL: "in part",
    Status.SKIPPED: "skipped",
    Status.MISSING: "not scanned",
}


def _visit(visit: StationVisit, names: Names) -> tuple[Cell, ...]:
    seen = "; ".join(map(_structure, visit.seen))
    head = f"{visit.station_id}, {telling.word(visit.side)}, {telling.word(visit.phase)}"
    told = names.rest(visit, {"station_id", "side", "phase", "at", "by", "seen"})
    return head, _when(visit.at, visit.by), cell(seen), cell(told)


def _structure(look: Seen) -> str:
    """A structure with its answer, a layer with the thickness that was measured."""
    thick = f", {telling.estimate('thickness_mm', look.thickness_mm)} thick" if look.thickness_mm is not None else ""
    words = f" ({look.text})" if look.text else ""
    return f"{telling.structure(look.structure)}: {telling.word(look.sight)}{thick}{words}"


def _when(at: object, by: str) -> str:
    return f"{telling.value('at', at)}\n{by}" if by else telling.value("at", at)


def _other_version(site: Site, protocols: Protocols) -> bool:
    protocol = protocols.get(site.region)
    return protocol is not None and bool(site.protocol_version) and protocol.version != site.protocol_version


def _reviewed(site: Site, protocols: Protocols) -> Cell:
    """Which clinician answers for the stations: a blank until one does."""
    protocol = protocols.get(site.region)
    known = protocol is not None and not _other_version(site, protocols)
    return cell(protocol.reviewed_by) if protocol is not None and known else Blank.NOT_RECORDED


def vessel_map(encounter: Encounter, protocols: Protocols, path_words: Mapping[int, str]) -> Iterator[Block]:
    """A map for each phase that has something on it, with a line of words for each of its marks."""
    yield Heading("Map of the face")
    yield Text(
        "The face is schematic and of nobody. A mark stands at its station, not at a measured place, and the map says "
        f"nothing of what lies between marks. {NOT_SCANNED}",
        Tone.SMALL,
    )
    yield Drawing(key_svg(), 0.8)
    drawn = False
    for phase in Phase:
        marks = marks_of(encounter, protocols, phase, path_words)
        if not marks:
            continue
        drawn = True
        yield Heading(f"Map: {telling.word(phase)}", 2)
        yield Drawing(map_svg(marks), 0.8)
        rows = tuple((m.number, m.text + ("" if m.place else " (it has no place on the map)")) for m in marks)
        yield Table(("mark", "what it stands for"), (1, 11), rows)
        if any(mark.kind is MarkKind.PATH for mark in marks):
            yield Text("A margin speaks of mapped vessels only.", Tone.SMALL)
    if not drawn:
        yield Text("Nothing was mapped.", Tone.NOTICE)


def photograph_marks(encounter: Encounter, names: Names) -> Iterator[Block]:
    """What was placed on photographs; nothing where nothing was."""
    if not encounter.photograph_marks:
        return
    yield Heading("Places on photographs")
    yield Text("Where somebody pointed, in pixels of the photograph. Nothing is measured on it.", Tone.SMALL)
    rows = tuple(
        (
            names.image(mark.photograph_uid),
            telling.word(mark.pointed),
            f"column {telling.value('column', mark.column)}, row {telling.value('row', mark.row)}",
            _when(mark.at, mark.by),
            cell(names.rest(mark, {"photograph_uid", "pointed", "column", "row", "at", "by"})),
        )
        for mark in encounter.photograph_marks
    )
    yield Table(("photograph", "what", "where", "when, by whom", "further"), (3, 2, 2, 2.5, 3), rows)


def vessels(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Each vessel with every look at it."""
    yield Heading("Vessels")
    yield Text(MEASURED, Tone.SMALL)
    if not encounter.vessels:
        yield Text("No vessel is recorded. That does not say that there is none.", Tone.NOTICE)
    unseen = False
    skip = {"observations", "tracking_uid"}
    for place, vessel in enumerate(encounter.vessels, start=1):
        yield Heading(f"Vessel {place}: {vessel_name(vessel)}", 2)
        yield Facts((("tracking UID", vessel.tracking_uid), *names.facts(vessel, skip, {"variant_text"}).rows))
        rows = tuple(_look(seen, names) for seen in sorted(vessel.observations, key=lambda seen: seen.at))
        columns = ("phase, when, by whom", "where", "depth from the skin", "diameter", "Doppler signal", "further")
        yield Table(columns, (2.2, 2, 1.5, 1.5, 1.3, 3.5), rows)
        unseen = unseen or any(seen.flow is Sight.NOT_SEEN for seen in vessel.observations)
    if unseen:
        yield Text(NO_SIGNAL, Tone.NOTICE)


def _look(seen: Observation, names: Names) -> tuple[Cell, ...]:
    shown = names.image(seen.image.image_uid, seen.image.frame) if seen.image else ""
    where = "; ".join(part for part in (seen.station_id and f"station {seen.station_id}", shown) if part)
    skip = {"phase", "at", "by", "station_id", "image", "depth_mm", "diameter_mm", "flow"}
    return (
        f"{telling.word(seen.phase)}\n{_when(seen.at, seen.by)}",
        cell(where),
        telling.value("depth_mm", seen.depth_mm) if seen.depth_mm else Blank.NOT_RECORDED,
        telling.value("diameter_mm", seen.diameter_mm) if seen.diameter_mm else Blank.NOT_RECORDED,
        Blank.NOT_RECORDED if seen.flow is None else telling.word(seen.flow),
        names.rest(seen, skip),
    )


def settings(encounter: Encounter, protocols: Protocols, names: Names) -> Iterator[Block]:
    """Changes of settings, and the log of exposure with its reminders. The settings themselves stand with the images."""
    yield Heading("Changes of settings")
    rows = tuple(
        (_when(c.at, c.by), telling.label(c.setting) if c.setting else "", cell(c.before), cell(c.after), cell(c.why))
        for c in encounter.setting_changes
    )
    yield Table(("when, by whom", "setting", "before", "after", "why"), (2.5, 2, 2, 2, 4), rows)
    yield Heading("Exposure (ALARA)")
    exposures = tuple(
        (
            _when(entry.at, entry.by),
            cell(entry.station_id),
            telling.value("seconds", entry.seconds),
            names.rest(entry, {"at", "by", "station_id", "seconds"}),
        )
        for entry in encounter.exposures
    )
    yield Table(("when, by whom", "station", "exposure", "further"), (2.5, 2, 1.5, 6), exposures)
    eyes = [station.id for protocol in protocols.values() for station in protocol.stations if station.eye_limits]
    for note in exposure_notes(encounter.exposures, eyes):
        yield Text(note.text, Tone.ITEM)


def artefacts(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Artefacts with what was done about them, and how labels 'filler' were held against them."""
    yield Heading("Artefacts")
    rows = tuple(
        (
            _when(note.at, note.by),
            telling.word(note.artefact),
            cell(note.effect),
            cell(note.adjustment),
            names.rest(note, {"at", "by", "artefact", "effect", "adjustment"}),
        )
        for note in encounter.artefacts
    )
    yield Table(("when, by whom", "artefact", "effect", "adjustment", "further"), (2.5, 2, 3, 3, 3), rows)
    checks = tuple(
        (_when(check.at, check.by), names.finding(check.tracking_uid), names.rest(check, {"at", "by", "tracking_uid"}))
        for check in encounter.filler_checks
    )
    if checks:
        yield Heading("Filler held against artefacts", 2)
        yield Table(("when, by whom", "finding", "further"), (2.5, 4, 6), checks)
