"""What a scale rests on: the evidence, in words and numbers, and the 95 % interval."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from imaging.region import UltrasoundRegion
from imaging.scale.millimetres import Scale
from imaging.scale.rulers import Ruler


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen: `kind`, what it `says` in words, mm per pixel where it gives one, whether it `agrees`."""

    kind: str
    says: str
    mm_per_pixel: float | None = None
    agrees: bool = True

    def document(self) -> dict[str, Any]:
        """As JSON."""
        value = {} if self.mm_per_pixel is None else {"mm_per_pixel": self.mm_per_pixel}
        return {"kind": self.kind, "says": self.says, **value, "agrees": self.agrees}


@dataclass(frozen=True, slots=True)
class Reading:
    """A scale with what it rests on. `half_x` and `half_y` are half the 95 % intervals, mm per pixel.

    `ruler` is the one that gave the scale (None for a DICOM region's), `unit_known_by` what told a tick's meaning.
    """

    scale: Scale
    half_x: float
    half_y: float
    region: UltrasoundRegion = field(repr=False)
    ruler: Ruler | None = field(repr=False)
    mm_per_tick: float | None
    evidence: tuple[Evidence, ...]
    mirrored: bool = False

    @property
    def anisotropic(self) -> bool:
        return self.scale.mm_per_pixel_x != self.scale.mm_per_pixel_y

    def document(self) -> dict[str, Any]:
        """As the JSON of `sonofill calibrate`; where both directions differ, `ci95` is that of y and `ci95_x` that of x."""
        x, y = self.scale.mm_per_pixel_x, self.scale.mm_per_pixel_y
        x0, y0, x1, y1 = self.scale.box
        across = {"ci95_x": [x - self.half_x, x + self.half_x]} if self.anisotropic else {}
        return {
            "mm_per_pixel": [x, y] if self.anisotropic else y,
            "ci95": [y - self.half_y, y + self.half_y],
            **across,
            "source": self.scale.source,
            "region": {"x0": x0, "y0": y0, "x1": x1, "y1": y1},
            "kind": self.region.kind,
            "mirrored": self.mirrored or self.region.mirrored,
            "evidence": [piece.document() for piece in self.evidence],
        }
