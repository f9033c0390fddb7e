"""What is expected where: order and depth of boundaries, per region, each number with its source.

Numbers of clinical.md 3.1 (source ids as there; [U] general knowledge, unverified): cohort means of small studies. They only
weigh candidates; a boundary is reported where the picture shows one, never where it is expected alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["up", "down", "line", "rise", "fall", "bone"]
"""What a boundary looks like going down: "up" dark to bright, "down" bright to dark, "line" a bright line, "bone" a bright
line with a shadow behind. Below the skin: "rise" and "fall" are steps with a bright line on them."""


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

_SKIN = (Expected("der-u", 0.2, 0.05, "down", "S30"), Expected("der-l", 0.6, 0.2, "up", "U"))


def _line(layer: str, depth_mm: float, spread_mm: float, source: str) -> Expected:
    return Expected(layer, depth_mm, spread_mm, "line", source)


def _fat(depth_mm: float, spread_mm: float) -> Expected:
    return Expected("sfat", depth_mm, spread_mm, "down", "S30")


def _bone(depth_mm: float, spread_mm: float, source: str = "U") -> Expected:
    return Expected("perio", depth_mm, spread_mm, "bone", source)


REGIONS: dict[str, tuple[Expected, ...]] = {
    "fore": (
        *_SKIN,
        _fat(1.25, 0.3),
        _line("smas", 2.3, 0.4, "U"),
        _line("musc", 2.6, 0.4, "S34"),
        _line("subsmas", 4.0, 0.6, "U"),
        _bone(5.0, 0.8),
    ),
    "glab": (*_SKIN, _fat(1.25, 0.3), _line("musc", 2.75, 0.4, "U"), _line("dfat", 5.2, 0.8, "U"), _bone(6.0, 0.9)),
    "temp": (
        *_SKIN,
        _fat(1.1, 0.3),
        _line("smas", 3.5, 0.6, "S32"),
        _line("subsmas", 3.9, 0.6, "S39"),
        _line("dtf", 4.6, 0.8, "S39"),
        _line("dfat", 5.0, 0.8, "S39"),
        _line("musc", 7.2, 1.2, "U"),
        _bone(15.0, 3.0),
    ),
    "tear": (*_SKIN, _fat(0.85, 0.2), _line("musc", 1.3, 0.25, "U"), _line("dfat", 2.9, 0.6, "U"), _bone(5.8, 1.0)),
    "nose": (
        *_SKIN,
        _fat(1.15, 0.25),
        _line("smas", 1.75, 0.25, "U"),
        _line("musc", 2.0, 0.3, "U"),
        _line("dfat", 2.9, 0.5, "U"),
        _bone(3.4, 0.9, "S35"),
    ),
    "mala": (
        *_SKIN,
        _fat(1.25, 0.3),
        _line("smas", 5.0, 0.7, "U"),
        _line("musc", 5.4, 0.7, "U"),
        _line("dfat", 6.5, 0.9, "U"),
        _bone(9.8, 1.4),
    ),
    "nlf": (
        *_SKIN,
        _fat(1.15, 0.25),
        _line("smas", 5.3, 0.7, "S31"),
        _line("musc", 5.7, 0.7, "U"),
        _line("dfat", 8.8, 1.0, "U"),
        _bone(11.8, 1.3),
    ),
    "lipu": (
        *_SKIN,
        _fat(1.0, 0.25),
        _line("musc", 2.5, 0.5, "U"),
        Expected("mucosa", 7.2, 0.9, "rise", "S1"),
        _bone(10.0, 1.2),
    ),
    "lipl": (
        *_SKIN,
        _fat(1.0, 0.25),
        _line("musc", 2.6, 0.5, "U"),
        Expected("mucosa", 7.8, 0.9, "rise", "S1"),
        _bone(10.6, 1.2),
    ),
    "chin": (
        *_SKIN,
        _fat(1.15, 0.25),
        _line("smas", 5.0, 0.7, "S32"),
        _line("musc", 5.3, 0.7, "S37"),
        _line("dfat", 10.4, 1.1, "U"),
        _bone(11.3, 1.2),
    ),
    "jaw": (
        *_SKIN,
        _fat(1.2, 0.3),
        _line("smas", 4.82, 0.9, "S33"),
        _line("musc", 5.2, 0.9, "U"),
        _line("dfat", 9.4, 1.2, "U"),
        _bone(11.7, 1.6),
    ),
    "prea": (
        *_SKIN,
        _fat(1.15, 0.25),
        _line("smas", 4.1, 0.6, "S33"),
        _line("gland", 4.6, 0.6, "U"),
        Expected("musc", 10.2, 1.6, "fall", "U"),
        _bone(20.5, 2.5),
    ),
}

ANYWHERE: tuple[Expected, ...] = (
    Expected("der-u", 0.2, 0.06, "down", "S30"),
    Expected("der-l", 0.6, 0.2, "up", "U"),
    Expected("sfat", 1.15, 0.35, "down", "S30"),
    Expected("perio", 9.0, 6.0, "bone", "U"),
)
"""What is looked for by name where the region is not known: the skin's own layers and bone."""
