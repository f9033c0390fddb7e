"""The colours that labels are drawn in, on the canvas and in the objects that other programs show. No Qt.

Told apart in lightness too, and never the only sign: the caption says the kind.
"""

from __future__ import annotations

from annotation.finding import Finding, Kind, VesselKind

VESSELS: dict[VesselKind, str] = {"artery": "#ff6b6b", "vein": "#6ea8ff", "unknown": "#e0b3ff"}
KINDS: dict[Kind, str] = {
    "vessel": "#e0b3ff",
    "layer": "#63e6be",
    "filler": "#ffa94d",
    "tip": "#f783ac",
    "point": "#ffd43b",
    "distance": "#ffffff",
}


def colour_of(finding: Finding) -> str:
    """The colour of a finding, '#rrggbb' (sRGB)."""
    return VESSELS[finding.vessel_kind] if finding.vessel_kind else KINDS[finding.kind]


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of '#rrggbb', each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
