"""`sonofill protocol`: which stations a region is scanned by, and whether a clinic's own file keeps the rules."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.terminal import Failure, print_json

if TYPE_CHECKING:
    from procedure.protocol import Protocol, Station


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("protocol", help="the scanning protocols: their stations, and checking a clinic's own")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="the protocols by region")
    shown = actions.add_parser("show", help="the stations of one region")
    shown.add_argument("region", metavar="REGION", help="id of a region, as 'list' shows it")
    checked = actions.add_parser("check", help="whether a file is a protocol")
    checked.add_argument("file", type=Path, metavar="FILE")
    for action, run in ((listed, run_list), (shown, run_show), (checked, run_check)):
        action.add_argument("--json", action="store_true", help="one JSON document")
        action.set_defaults(run=run)
    for action in (listed, shown):
        action.add_argument(
            "--folder",
            type=Path,
            metavar="DIR",
            help="the clinic's own protocols, in place of ours (default: `protocols` beside the settings)",
        )


def run_list(arguments: argparse.Namespace) -> int:
    """Every protocol on one line."""
    found = _held(arguments.folder)
    if arguments.json:
        print_json([_head(protocol) for protocol in found.values()])
        return 0
    for protocol in found.values():
        many = len(protocol.stations)
        stations = f"{many} station{'s' if many > 1 else ''}"
        print(
            f"{protocol.region:5} {protocol.name}: {stations}, version {protocol.version}, reviewed by: {protocol.review}"
        )
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """One protocol, station by station. Raises Failure for a region without one."""
    found = _held(arguments.folder)
    protocol = found.get(arguments.region)
    if protocol is None:
        raise Failure(f"There is no protocol for the region {arguments.region!r}: choose one of {', '.join(found)}.")
    if arguments.json:
        print_json(_whole(protocol))
        return 0
    _say(protocol)
    return 0


def _held(folder: Path | None) -> dict[str, Protocol]:
    from procedure.protocol_files import protocols
    from workstation.studies.clinic_protocols import held_protocols

    return held_protocols() if folder is None else protocols(folder)


def run_check(arguments: argparse.Namespace) -> int:
    """Read a file; what breaks a rule is the command's one error line."""
    from procedure.protocol_files import read_protocol

    protocol = read_protocol(arguments.file)
    if arguments.json:
        print_json({"ok": True, **_whole(protocol)})
        return 0
    print(f"{arguments.file}: a protocol for {protocol.name}, with {len(protocol.stations)} stations.")
    print(f"  reviewed by: {protocol.review}")
    return 0


def _head(protocol: Protocol) -> dict[str, Any]:
    return {
        "region": protocol.region,
        "name": protocol.name,
        "version": protocol.version,
        "reviewed_by": protocol.reviewed_by,
        "stations": [station.id for station in protocol.stations],
    }


def _whole(protocol: Protocol) -> dict[str, Any]:
    return {
        **_head(protocol),
        "source": protocol.source,
        "layers": list(protocol.layers),
        "vessels": list(protocol.vessels),
        "warnings": list(protocol.warnings),
        "structures": protocol.structures,
        "stations": [_station(station) for station in protocol.stations],
    }


def _station(station: Station) -> dict[str, Any]:
    return {
        "id": station.id,
        "landmark": station.landmark,
        "place": station.place,
        "planes": [str(plane) for plane in station.planes],
        "look_for": list(station.look_for),
        "sides": [str(side) for side in station.sides],
        "phases": [str(phase) for phase in station.phases],
        "doppler": [str(mode) for mode in station.doppler],
        "stills": station.stills,
        "seconds": station.seconds,
        "eye_limits": station.eye_limits,
        "light_pressure": station.light_pressure,
        "fold_side": station.fold_side,
    }


def _say(protocol: Protocol) -> None:
    from procedure.words import structure_name

    def names(words: tuple[str, ...]) -> str:
        return ", ".join(structure_name(word) or protocol.structures.get(word, word) for word in words)

    print(f"{protocol.name} (version {protocol.version})")
    print(f"  {protocol.source}.")
    print(f"  reviewed by: {protocol.review}")
    print(f"  layers: {names(protocol.layers)}")
    print(f"  vessels to look for: {names(protocol.vessels)}")
    for warning in protocol.warnings:
        print(f"  note: {warning}")
    for station in protocol.stations:
        print(f"{station.id}: {station.place}")
        print(
            f"  sides {', '.join(station.sides)}; keep in {', '.join(station.phases)}; planes {', '.join(station.planes)}"
        )
        print(f"  seen or explicitly not seen: {names(station.look_for)}")
        asked = (
            f"Doppler: {', '.join(station.doppler)}, or the reason why not"
            if station.doppler
            else "no Doppler is asked for"
        )
        clip = f", and {station.seconds:g} s of clip" if station.seconds else ""
        print(f"  {asked}; {station.stills} still(s) in each plane{clip}")
        for told, holds in (
            ("the eye's limits hold: ask for the eye preset", station.eye_limits),
            ("no pressure", station.light_pressure),
            ("say on which side of the fold an artery was seen", station.fold_side),
        ):
            if holds:
                print(f"  {told}")
