"""From what is printed to a value in the setting's unit, or None where it cannot be that setting.

The limits are the physics and the standards of medical ultrasound, wide: MI at most 1.9 (FDA 510(k) guidance, track 3),
TI at most 6 (the same; IEC 62359 displays from 0.4), centre frequency 1 to 50 MHz, depth 5 to 400 mm. They are there to
refuse what an OCR made up (a lost decimal point, a number of something else), not to judge the machine.
"""

from __future__ import annotations

import re
from typing import Final

from imaging.readout._tokens import Token
from imaging.readout._words import FRAMES_A_SECOND

Normal = tuple[float, str | None]

_INDEX_LIMITS: Final = {
    "mechanical_index": 1.9,
    "thermal_index_soft_tissue": 6.0,
    "thermal_index_bone": 6.0,
    "thermal_index_cranial": 6.0,
}
_DEPTH_MM: Final = (5.0, 400.0)
_FREQUENCY_MHZ: Final = (1.0, 50.0)
_FRAME_RATE_HZ: Final = (1.0, 1000.0)
_DYNAMIC_RANGE_DB: Final = (20.0, 260.0)
_GAIN: Final = (-60.0, 130.0)
_PRF_HZ: Final = (50.0, 30000.0)
_WALL_FILTER_HZ: Final = (5.0, 5000.0)
_FOCUS_MM: Final = (2.0, 300.0)
#: Centimetres of depth times megahertz: at 0.5 dB/cm/MHz, there and back, more is lost in noise.
_DEEPEST_CM_MHZ: Final = 130.0
_SHALLOWEST_CM_MHZ: Final = 5.0


def normal(key: str, number: Token) -> Normal | None:
    """The value in the key's unit and that unit, or None."""
    if number.harmonic and key != "frequency_mhz":
        return None
    if key in _INDEX_LIMITS:
        return _index(number, _INDEX_LIMITS[key])
    return _BY_KEY[key](number) if key in _BY_KEY else None


def possible_together(depth_mm: float, frequency_mhz: float) -> bool:
    """Whether a picture of that depth can be made at that frequency."""
    product = depth_mm / 10 * frequency_mhz
    return _SHALLOWEST_CM_MHZ <= product <= _DEEPEST_CM_MHZ


def _index(number: Token, most: float) -> Normal | None:
    # A point was printed, with one or two figures behind it: '08' has lost it.
    value = abs(number.value)
    if number.unit or number.decimals not in (1, 2) or value > most or len(number.figures) > 4:
        return None
    return value, None


def _length(number: Token, limits: tuple[float, float]) -> Normal | None:
    unit = number.unit.lower()
    if number.sign == "+" or (number.sign and not unit) or (number.figures[:1] == "0" and number.decimals == 0):
        return None
    value = abs(number.value)
    if unit == "cm":
        millimetres = value * 10
    elif unit == "mm":
        millimetres = value
    elif unit:
        return None
    elif number.decimals == 1:  # '3.5' is centimetres: nobody prints tenths of a millimetre without a unit
        millimetres = value * 10
    else:
        return None
    return (round(millimetres, 3), "mm") if limits[0] <= millimetres <= limits[1] else None


def _depth(number: Token) -> Normal | None:
    # Two decimals, or tenths of a millimetre, are a measurement's, not a setting's.
    if number.decimals > 1 and not number.figures.endswith("0"):
        return None
    if number.unit.lower() == "mm" and number.value != round(number.value):
        return None
    if not number.unit and number.decimals == 0 and not number.sign:
        return _bare_depth(number.value)
    return _length(number, _DEPTH_MM)


def _bare_depth(value: float) -> Normal | None:
    """A whole number without a unit: centimetres or millimetres, where only one of them can be."""
    if 2 <= value <= 9:
        return value * 10, "mm"
    if 35 <= value <= 300 and value % 5 == 0:
        return value, "mm"
    return None


def _focus(number: Token) -> Normal | None:
    return _length(number, _FOCUS_MM) if number.unit.lower() in ("cm", "mm") else None


def _gain(number: Token) -> Normal | None:
    if number.unit not in ("", "%", "dB", "DB", "db") or number.decimals > 1:
        return None
    if number.figures.startswith("0") and number.decimals == 0 and len(number.figures) > 2:
        return None
    unit = {"%": "%", "": None}.get(number.unit, "dB")
    return (number.value, unit) if _GAIN[0] <= number.value <= _GAIN[1] else None


def _frequency(number: Token) -> Normal | None:
    megahertz = _is_megahertz(number.unit)
    if number.unit == "M" and number.decimals != 1 and not number.harmonic:
        return None
    if not megahertz and (number.unit or number.decimals == 0):
        return None
    value = abs(number.value)
    if number.sign == "+" or number.decimals > 2 or not _FREQUENCY_MHZ[0] <= value <= _FREQUENCY_MHZ[1]:
        return None
    return value, "MHz"


def _is_megahertz(unit: str) -> bool:
    return unit == "M" or (len(unit) == 3 and unit[0] == "M" and unit[1] in "HN")


def pictures_a_second(unit: str) -> bool:
    """Whether the unit counts pictures: 'fps', 'B/s', 'im/s'."""
    return bool(re.fullmatch(FRAMES_A_SECOND, unit))


def _frame_rate(number: Token) -> Normal | None:
    if not (number.unit.lower() in ("", "hz") or pictures_a_second(number.unit)) or number.sign == "+":
        return None
    value = abs(number.value)
    return (value, "Hz") if _FRAME_RATE_HZ[0] <= value <= _FRAME_RATE_HZ[1] and number.decimals <= 2 else None


def _dynamic_range(number: Token) -> Normal | None:
    if number.unit.lower() not in ("", "db"):
        return None
    value = abs(number.value)
    return (value, "dB") if _DYNAMIC_RANGE_DB[0] <= value <= _DYNAMIC_RANGE_DB[1] else None


def _prf(number: Token) -> Normal | None:
    value = abs(number.value)
    unit = number.unit.lower()
    if unit in ("k", "khz"):
        if number.decimals == 0 and value >= 10:
            return None  # as likely a lost point
        hertz = value * 1000
    elif unit == "hz":
        hertz = value
    elif unit:
        return None
    elif number.decimals == 1 and value < 30:
        hertz = value * 1000
    elif number.decimals == 0 and value >= 100:
        hertz = value
    else:
        return None
    return (round(hertz, 3), "Hz") if _PRF_HZ[0] <= hertz <= _PRF_HZ[1] else None


def _wall_filter(number: Token) -> Normal | None:
    value = abs(number.value)
    unit = number.unit.lower()
    if unit in ("k", "khz"):
        return round(value * 1000, 3), "Hz"
    if unit == "hz" or (not unit and number.decimals == 0 and value >= 20):
        return (value, "Hz") if _WALL_FILTER_HZ[0] <= value <= _WALL_FILTER_HZ[1] else None
    return None


def _power(number: Token) -> Normal | None:
    value = abs(number.value)
    return (value, "%") if number.unit == "%" and value <= 100 else None


_BY_KEY: Final = {
    "depth_mm": _depth,
    "gain": _gain,
    "frequency_mhz": _frequency,
    "frame_rate_hz": _frame_rate,
    "dynamic_range_db": _dynamic_range,
    "focus_mm": _focus,
    "prf_hz": _prf,
    "wall_filter": _wall_filter,
    "acoustic_power_percent": _power,
}
