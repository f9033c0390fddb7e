"""What the probe printed on its screen, as the header's acoustic indices and depth, and as words for a person.

Only what the standard has an attribute for, with the unit that it states, becomes an attribute: mechanical and thermal
indices (0018,5022 to 5027) and the depth of the scan field (0018,5050, millimetres) of the US Image module (PS3.3
C.8.5.6), the transducer's frequency (0018,6030, kilohertz) in the calibrated area (C.8.5.5). Everything that was read
stands in Image Comments too, with where it comes from: an OCR of the screen is no word of the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dicom_io.dataset.plain_dataset import PlainDataset

_INDICES: Final = {
    "mechanical_index": "MechanicalIndex",
    "thermal_index_soft_tissue": "SoftTissueThermalIndex",
    "thermal_index_bone": "BoneThermalIndex",
    "thermal_index_cranial": "CranialThermalIndex",
}
_WORDS: Final = {
    "mechanical_index": "MI",
    "thermal_index_soft_tissue": "TIS",
    "thermal_index_bone": "TIB",
    "thermal_index_cranial": "TIC",
    "depth_mm": "depth",
    "gain": "gain",
    "frequency_mhz": "frequency",
    "frame_rate_hz": "frame rate",
    "dynamic_range_db": "dynamic range",
}
_KILOHERTZ: Final = 1000


@dataclass(frozen=True, slots=True)
class Printed:
    """One setting read off the screen: its key in the read-screen contract, its value, and the value's unit."""

    key: str
    value: float
    unit: str | None = None


def printed_module(dataset: PlainDataset, printed: Sequence[Printed]) -> None:
    """The attributes of the settings; after the calibrated areas, which carry the frequency."""
    for one in printed:
        if one.key in _INDICES:
            setattr(dataset, _INDICES[one.key], f"{one.value:g}")
        elif one.key == "depth_mm" and one.value == round(one.value):
            dataset.DepthOfScanField = round(one.value)
        elif one.key == "frequency_mhz":
            for region in dataset.get("SequenceOfUltrasoundRegions") or []:
                region.TransducerFrequency = round(one.value * _KILOHERTZ)


def printed_note(printed: Sequence[Printed]) -> str:
    """What was read, for a person; empty where nothing was."""
    told = [
        f"{_WORDS[one.key]} {one.value:g}{f' {one.unit}' if one.unit else ''}" for one in printed if one.key in _WORDS
    ]
    return f"Read off the probe's screen: {', '.join(told)}." if told else ""
