"""What is read off one screen: settings with their text, place and confidence, and the text that identifies a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Box = tuple[int, int, int, int]
Value = float | str | tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """One setting as printed. `box` [x0, y0, x1, y1] holds label and value, `value_box` the value alone, in pixels.

    `confidence`, 0 to 1, is the OCR engine's for the worst part; `unit` is the unit of `value`, `printed_unit` the one
    that stands behind the number or in its label (empty where none does).
    """

    value: Value
    text: str
    box: Box
    confidence: float
    unit: str | None = None
    value_box: Box = (0, 0, 0, 0)
    printed_unit: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        value: Any = self.value
        if isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        return {
            "value": value,
            "text": self.text,
            "box": list(self.box),
            "confidence": round(self.confidence, 3),
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class IdentifyingText:
    """Text on the screen that may tell who the patient is, and why it is thought so. Never to be logged."""

    text: str = field(repr=False)
    box: Box
    confidence: float
    why: str

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "text": self.text,
            "box": list(self.box),
            "confidence": round(self.confidence, 3),
            "why": self.why,
            "identifying": True,
        }


@dataclass(frozen=True, slots=True)
class ScreenReadings:
    """All that was read off one screen; `settings` by the keys of the read-screen contract."""

    settings: Mapping[str, Reading] = field(default_factory=dict)
    identifying: Sequence[IdentifyingText] = ()

    def __bool__(self) -> bool:
        """Whether any setting was read."""
        return bool(self.settings)

    def document(self) -> dict[str, Any]:
        """As JSON has it: each setting by its key, and `patient_text` where there is any."""
        answer: dict[str, Any] = {key: reading.document() for key, reading in self.settings.items()}
        if self.identifying:
            answer["patient_text"] = [one.document() for one in self.identifying]
        return answer
