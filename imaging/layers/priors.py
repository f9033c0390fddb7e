"""What is expected where: order and depth of boundaries, per region, each number with its source.

Numbers of clinical.md 3.1 (source ids as there; [U] general knowledge, unverified): cohort means of small studies. They only
weigh candidates; a boundary is reported where the picture shows one, never where it is expected alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["up", "down", "line", "bone", "step"]
"""What a boundary looks like going down: "up" dark to bright, "down" bright to dark, "line" a bright line, "bone" a bright
line with a shadow behind, "step" a change of either sign."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Upper boundary of layer `layer` (id of clinical.md 1.2): depth below the skin line, mm, its spread, look and source."""

    layer: str
    depth_mm: float
    spread_mm: float
    kind: Kind
    source: str


NAMES = {
    "epi": "epidermis",
    "der-u": "upper dermis",
    "der-l": "lower dermis",
    "sfat": "superficial fat",
    "smas": "SMAS",
    "subsmas": "sub-SMAS fat",
    "musc": "muscle",
    "dfat": "deep fat",
    "dtf": "deep temporal fascia",
    "perio": "periosteum",
    "mucosa": "mucosa",
    "gland": "gland",
    "cart": "cartilage",
    "unknown": "unknown boundary",
}

_SKIN = (Expected("der-u", 0.2, 0.06, "down", "S30"),)

REGIONS: dict[str, tuple[Expected, ...]] = {
    "fore": (
        *_SKIN,
        Expected("sfat", 1.25, 0.3, "down", "S30"),
        Expected("musc", 2.6, 0.4, "step", "S34"),
        Expected("subsmas", 4.2, 0.6, "step", "U"),
        Expected("perio", 5.2, 0.8, "bone", "U"),
    ),
    "glab": (
        *_SKIN,
        Expected("sfat", 1.25, 0.3, "down", "S30"),
        Expected("musc", 2.75, 0.4, "step", "U"),
        Expected("perio", 6.0, 0.9, "bone", "U"),
    ),
    "temp": (
        *_SKIN,
        Expected("sfat", 1.15, 0.3, "down", "S30"),
        Expected("smas", 3.6, 0.6, "line", "S32"),
        Expected("dtf", 5.5, 1.2, "line", "U"),
        Expected("musc", 7.5, 1.5, "step", "U"),
        Expected("perio", 15.5, 3.0, "bone", "U"),
    ),
    "tear": (
        *_SKIN,
        Expected("sfat", 0.85, 0.2, "down", "S30"),
        Expected("musc", 1.35, 0.3, "step", "U"),
        Expected("dfat", 2.5, 0.6, "step", "U"),
        Expected("perio", 5.5, 1.0, "bone", "U"),
    ),
    "nose": (
        *_SKIN,
        Expected("sfat", 1.15, 0.25, "down", "S30"),
        Expected("musc", 1.75, 0.3, "step", "U"),
        Expected("perio", 3.3, 0.9, "bone", "S35"),
    ),
    "mala": (
        *_SKIN,
        Expected("sfat", 1.3, 0.3, "down", "S30"),
        Expected("smas", 5.4, 0.7, "line", "U"),
        Expected("dfat", 6.5, 1.0, "step", "U"),
        Expected("perio", 10.0, 1.4, "bone", "U"),
    ),
    "nlf": (
        *_SKIN,
        Expected("sfat", 1.2, 0.25, "down", "U"),
        Expected("smas", 5.4, 0.7, "line", "S31"),
        Expected("musc", 5.8, 0.8, "step", "U"),
        Expected("dfat", 9.0, 1.2, "step", "U"),
        Expected("perio", 12.0, 1.4, "bone", "U"),
    ),
    "lipu": (
        *_SKIN,
        Expected("sfat", 1.0, 0.25, "down", "U"),
        Expected("musc", 2.5, 0.5, "step", "U"),
        Expected("mucosa", 9.0, 0.9, "line", "S1"),
    ),
    "chin": (
        *_SKIN,
        Expected("sfat", 1.2, 0.25, "down", "U"),
        Expected("musc", 5.5, 0.8, "step", "S32"),
        Expected("perio", 11.5, 1.3, "bone", "U"),
    ),
    "jaw": (
        *_SKIN,
        Expected("sfat", 1.2, 0.3, "down", "S30"),
        Expected("smas", 4.8, 0.9, "line", "S33"),
        Expected("musc", 5.5, 1.0, "step", "U"),
        Expected("perio", 11.5, 1.6, "bone", "U"),
    ),
    "prea": (
        *_SKIN,
        Expected("sfat", 1.2, 0.25, "down", "U"),
        Expected("smas", 4.25, 0.7, "line", "S33"),
        Expected("gland", 5.0, 0.9, "step", "U"),
        Expected("musc", 10.5, 1.8, "step", "U"),
        Expected("perio", 21.5, 2.5, "bone", "U"),
    ),
}
REGIONS["lipl"] = REGIONS["lipu"]

ANYWHERE: tuple[Expected, ...] = (
    Expected("der-u", 0.2, 0.08, "down", "S30"),
    Expected("sfat", 1.2, 0.4, "down", "S30"),
    Expected("perio", 9.0, 6.0, "bone", "U"),
)
"""What is looked for by name where the region is not known: the skin's own layers and bone."""
