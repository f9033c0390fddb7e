"""A protocol: the ordered stations of one region, from a bony landmark (S13, S14, S29, S30; clinical reference 1.3, 2.2).

Protocols are data: `protocols/*.toml` here, and a clinic's own folder beside them (`procedure.protocol_files`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from procedure.answers import Side
from procedure.images import Mode, Plane
from procedure.phase import Phase


@dataclass(frozen=True, slots=True)
class Station:
    """One place of the probe.

    `place` is how the probe gets there from the `landmark` (a bony landmark's id). `look_for` are structures that must be
    seen or explicitly not seen; `doppler` the modes that are asked for, none where empty. `phases` are those in which the
    station is saved. `stills` are asked for in each plane, `seconds` of clip altogether. `light_pressure` asks for no
    pressure. `fold_side` asks on which side of the fold an artery runs.
    """

    id: str
    landmark: str
    place: str
    planes: tuple[Plane, ...]
    look_for: tuple[str, ...]
    sides: tuple[Side, ...]
    phases: tuple[Phase, ...]
    doppler: tuple[Mode, ...] = ()
    stills: int = 1
    seconds: float = 0.0
    eye_limits: bool = False
    light_pressure: bool = False
    fold_side: bool = False

    def image_id(self, side: Side, phase: Phase) -> str:
        """The image's id, '<region>-<n>-<L|R|M>-<PRE|DUR|POST|COMP>' (2.2)."""
        return f"{self.id}-{side}-{_SHORT[phase]}"


_SHORT = {
    Phase.PRE: "PRE",
    Phase.DURING: "DUR",
    Phase.POST: "POST",
    Phase.COMPLICATION: "COMP",
    Phase.FOLLOWUP: "FUP",
}


@dataclass(frozen=True, slots=True)
class Protocol:
    """The stations of one region in their order. `layers` are those that the region has, from the skin inwards (S7).

    `source` says where the list comes from and how far it was checked; `structures` are names that this file adds.
    `reviewed_by` is the clinician who answers for the stations (name, role, day); blank where nobody has reviewed them.
    """

    region: str
    name: str
    version: str
    source: str
    layers: tuple[str, ...]
    vessels: tuple[str, ...]
    stations: tuple[Station, ...]
    warnings: tuple[str, ...] = ()
    structures: dict[str, str] = field(default_factory=dict)
    reviewed_by: str = ""

    @property
    def review(self) -> str:
        """Who has reviewed the stations; a blank in words."""
        return self.reviewed_by or "nobody yet"

    def station(self, station_id: str) -> Station | None:
        """The station with this id; None where the protocol has none."""
        return next((station for station in self.stations if station.id == station_id), None)
