"""The probe's settings, each change of them, and the log of exposure (S1, S16, S18; clinical reference 1.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.record import Record, Uid


class SettingsSource(StrEnum):
    """Where the numbers came from."""

    READ_OFF = "read-off-screen"
    ENTERED = "entered"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Record):
    """What the probe was set to. What the screen does not print and nobody entered is blank.

    `gain` is the number that the probe shows, whose unit differs from maker to maker (`gain_unit`: dB, %, none).
    """

    source: SettingsSource
    probe: str = ""
    preset: str = ""
    eye_preset: bool | None = None
    frequency_mhz: float | None = None
    depth_mm: float | None = None
    focus_mm: float | None = None
    gain: float | None = None
    gain_unit: str = ""
    dynamic_range_db: float | None = None
    power_percent: float | None = None
    mechanical_index: float | None = None
    thermal_index_soft_tissue: float | None = None
    thermal_index_bone: float | None = None
    thermal_index_cranial: float | None = None
    prf_hz: float | None = None
    wall_filter_hz: float | None = None
    colour_scale_cm_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange(Record):
    """One setting was changed. `setting` is a field's name of `Settings`; values are as they are shown."""

    at: datetime
    by: str
    setting: str
    before: str = ""
    after: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure(Record):
    """How long the probe sent into one station, at which indices: one line of the ALARA log.

    `doppler_seconds` is the part of `seconds` with colour, power or pulsed Doppler on. `image` shows the indices.
    """

    at: datetime
    by: str
    station_id: str
    seconds: float
    doppler_seconds: float | None = None
    mechanical_index: float | None = None
    thermal_index: float | None = None
    eye_preset: bool | None = None
    image_uid: Uid | None = None
