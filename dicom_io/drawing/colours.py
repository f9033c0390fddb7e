"""Colours as the standard keeps them: recommended CIELab values (PS3.3, C.10.7.1.1), 16 bit a component."""

from __future__ import annotations

from functools import cache

from annotation import Finding
from annotation.colours import colour_of, rgb

# sRGB to XYZ and the D50 white that CIELab values of the standard are relative to (IEC 61966-2-1, adapted by Bradford).
_TO_XYZ = (
    (0.4360747, 0.3850649, 0.1430804),
    (0.2225045, 0.7168786, 0.0606169),
    (0.0139322, 0.0971045, 0.7141733),
)
_WHITE = (0.9642, 1.0, 0.8249)


def cielab_of(finding: Finding) -> list[int]:
    """The colour that a finding is drawn in."""
    return list(cielab(colour_of(finding)))


@cache
def cielab(colour: str) -> tuple[int, int, int]:
    """L*, a* and b* of '#rrggbb', scaled: L* 0 to 100 and a*, b* -128 to 127 become 0 to 65535."""
    linear = [_linear(value / 255) for value in rgb(colour)]
    xyz = [sum(k * c for k, c in zip(row, linear, strict=True)) for row in _TO_XYZ]
    x, y, z = (_bent(value / white) for value, white in zip(xyz, _WHITE, strict=True))
    lightness, a, b = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    return round(lightness * 65535 / 100), round((a + 128) * 65535 / 255), round((b + 128) * 65535 / 255)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _bent(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
