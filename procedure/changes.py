"""How a vessel changed between two looks at it: diameter, depth, flow, each with its uncertainty (S17; issue 'done' 4).

A difference smaller than its uncertainty is said to be within it: it is then not known whether anything changed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from procedure.answers import Estimate
from procedure.phase import Phase
from procedure.vessels import Observation, Vessel

#: What is compared: the observation's field, its name in words, its unit.
COMPARED = (
    ("depth_mm", "depth from the skin", "mm"),
    ("diameter_mm", "diameter", "mm"),
    ("peak_systolic_velocity_cm_s", "peak systolic velocity", "cm/s"),
    ("resistance_index", "resistance index", ""),
)


@dataclass(frozen=True, slots=True)
class Change:
    """`value` is later minus earlier; its 95 % half-width is `uncertainty`, None where either look has none."""

    field: str
    before: Estimate
    after: Estimate
    value: float
    uncertainty: float | None

    @property
    def beyond_uncertainty(self) -> bool | None:
        """Whether the change is larger than its uncertainty; None where that is not known."""
        return None if self.uncertainty is None else abs(self.value) > self.uncertainty


@dataclass(frozen=True, slots=True)
class VesselChange:
    """One vessel between the last look before the procedure and one later look (S17)."""

    tracking_uid: str
    before: Observation
    after: Observation
    changes: tuple[Change, ...]


def changes_of(vessel: Vessel) -> tuple[VesselChange, ...]:
    """From the last look before the procedure to each later one at the same station, in the order of the record.

    Along its course a vessel has many depths: looks at two stations are not compared. Where a look names no station it is
    compared with the last one before, wherever that was. A look without one before it has nothing to be compared with.
    """
    found = []
    for after in vessel.observations:
        before = [seen for seen in vessel.in_phase(Phase.PRE) if _same_place(seen, after)]
        if before and after.phase is not Phase.PRE:
            found.append(_between(vessel.tracking_uid, before[-1], after))
    return tuple(found)


def _same_place(one: Observation, other: Observation) -> bool:
    return not one.station_id or not other.station_id or one.station_id == other.station_id


def _between(tracking_uid: str, before: Observation, after: Observation) -> VesselChange:
    found = []
    for field, _, _ in COMPARED:
        old: Estimate | None = getattr(before, field)
        new: Estimate | None = getattr(after, field)
        if old is not None and new is not None:
            parts = (old.uncertainty, new.uncertainty)
            unsure = None if None in parts else math.hypot(*(part for part in parts if part is not None))
            found.append(Change(field, old, new, new.value - old.value, unsure))
    return VesselChange(tracking_uid, before, after, tuple(found))
