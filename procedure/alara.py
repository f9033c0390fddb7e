"""ALARA: what the exposure log says against the limits, the eye's being stricter (S16; clinical reference 1.8).

Limits of the device by region: FDA Track 3, MI <= 1.9 and TI <= 6.0, at the eye MI <= 0.23 and TI <= 1.0 (sources S61, S66,
S97). Time by thermal index: BMUS as the stricter of two (conflict X16; S63): up to 1.0 no limit, then 120, 60, 15, 4 min.
Above 3.0 the table ends, so no time is given. This is a reminder: it never stops a scan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from procedure.settings import Exposure

MI_LIMIT: Final = 1.9
TI_LIMIT: Final = 6.0
EYE_MI_LIMIT: Final = 0.23
EYE_TI_LIMIT: Final = 1.0
#: (thermal index up to, minutes), BMUS as printed in source S63
MINUTES_BY_THERMAL_INDEX: Final = ((1.5, 120.0), (2.0, 60.0), (2.5, 15.0), (3.0, 4.0))
NEAR: Final = 0.8  # a reminder begins at this part of a limit (our choice)


@dataclass(frozen=True, slots=True)
class ExposureNote:
    """One reminder about a station's exposure: `over` a limit, or near it."""

    station_id: str
    over: bool
    text: str


def minutes_allowed(thermal_index: float) -> float | None:
    """The time that BMUS gives for a thermal index, in minutes; None up to 1.0 (no limit). Above 3.0 it is 0."""
    if thermal_index <= 1.0:
        return None
    return next((minutes for limit, minutes in MINUTES_BY_THERMAL_INDEX if thermal_index <= limit), 0.0)


def exposure_notes(log: Iterable[Exposure], eye_stations: Iterable[str]) -> tuple[ExposureNote, ...]:
    """Reminders for a log, station by station in its order. `eye_stations` are the ids where the eye's limits hold."""
    near_eye = frozenset(eye_stations)
    notes: list[ExposureNote] = []
    minutes: dict[str, float] = {}
    highest: dict[str, float] = {}
    for entry in log:
        eye = entry.station_id in near_eye
        mi_limit, ti_limit = (EYE_MI_LIMIT, EYE_TI_LIMIT) if eye else (MI_LIMIT, TI_LIMIT)
        where = f"{entry.station_id}{', near the eye' if eye else ''}"
        for name, value, limit in (
            ("mechanical index", entry.mechanical_index, mi_limit),
            ("thermal index", entry.thermal_index, ti_limit),
        ):
            if value is None:
                notes.append(ExposureNote(entry.station_id, False, f"{where}: the {name} was not recorded."))
            elif value >= NEAR * limit:
                side = "above" if value > limit else "near"
                notes.append(
                    ExposureNote(entry.station_id, value > limit, f"{where}: {name} {value:g} is {side} {limit:g}.")
                )
        if eye and entry.eye_preset is not True:
            notes.append(ExposureNote(entry.station_id, False, f"{where}: the eye preset is not recorded as used."))
        minutes[entry.station_id] = minutes.get(entry.station_id, 0.0) + entry.seconds / 60
        highest[entry.station_id] = max(highest.get(entry.station_id, 0.0), entry.thermal_index or 0.0)
    for station_id, spent in minutes.items():
        allowed = minutes_allowed(highest[station_id])
        if allowed is not None and spent >= NEAR * allowed:
            told = f"{station_id}: {spent:.1f} min at a thermal index of {highest[station_id]:g}"
            notes.append(ExposureNote(station_id, spent > allowed, f"{told}; BMUS gives {allowed:g} min (source S63)."))
    return tuple(notes)
