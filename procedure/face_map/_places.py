"""Places of the schematic face in three dimensions, and how a view projects them.

Millimetres of an average adult face, drawn by us: x from the midline to the patient's left, y from the nasion downwards, z
forwards from the ears. Good enough to tell places apart on a map, not to measure by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import Final

from procedure.answers import Side

Place3 = tuple[float, float, float]
Place2 = tuple[float, float]
_TURN_DEG: Final = 40.0


class View(StrEnum):
    """From where the face is looked at. 'left oblique' shows the patient's left side."""

    RIGHT_OBLIQUE = "right oblique"
    FRONT = "front"
    LEFT_OBLIQUE = "left oblique"


VIEWS: Final = tuple(View)
_TURNS: Final = {View.FRONT: 0.0, View.LEFT_OBLIQUE: _TURN_DEG, View.RIGHT_OBLIQUE: -_TURN_DEG}
#: The sides of the face that a view shows; the midline is in all of them.
_SHOWN: Final = {
    View.FRONT: (Side.RIGHT, Side.LEFT, Side.MIDLINE),
    View.LEFT_OBLIQUE: (Side.LEFT, Side.MIDLINE),
    View.RIGHT_OBLIQUE: (Side.RIGHT, Side.MIDLINE),
}

#: Surface and bony landmarks of the left side (clinical reference 1.3); those on the midline have x = 0.
_LANDMARKS: Final[dict[str, Place3]] = {
    "nasion": (0, 0, 92),
    "rhinion": (0, 26, 102),
    "ala": (17, 46, 98),
    "alar-groove": (17, 49, 93),
    "subnasale": (0, 53, 103),
    "cheilion": (25, 73, 91),
    "modiolus": (33, 75, 85),
    "philtral-column": (5, 61, 106),
    "pogonion": (0, 103, 101),
    "menton": (0, 118, 93),
    "gonion": (55, 84, 22),
    "antegonial-notch": (46, 98, 45),
    "medial-canthus": (16, 8, 80),
    "lateral-canthus": (46, 7, 68),
    "mid-pupil": (31, 6, 84),
    "tragus": (70, 18, 0),
    "zygion": (68, 25, 35),
    "jugale": (58, 30, 55),
    "temporal-crest": (55, -28, 68),
    "malar-point": (46, 36, 72),
    "orbital-rim-sup": (30, -7, 86),
    "orbital-rim-inf": (31, 23, 80),
    "pyriform-rim": (14, 44, 94),
    "zygomatic-arch": (66, 22, 40),
    "zygomatic-body": (46, 34, 72),
    "maxilla": (26, 56, 90),
    "alveolus-maxilla": (12, 62, 102),
    "alveolus-mandib": (12, 86, 100),
    "mandible-border": (30, 106, 78),
    "mandible-ramus": (64, 55, 14),
}
#: Where the probe stands at the stations that come with the program (clinical reference 2.2), left side.
_STATIONS: Final[dict[str, Place3]] = {
    "fore-1": (24, -27, 90),
    "fore-2": (49, -18, 72),
    "glab-1": (0, -3, 92),
    "glab-2": (15, -9, 91),
    "glab-3": (32, -8, 85),
    "temp-1": (64, 14, 45),
    "temp-2": (58, -20, 60),
    "tear-1": (32, 22, 80),
    "tear-2": (18, 19, 84),
    "tear-3": (27, 32, 82),
    "nose-1": (0, 6, 94),
    "nose-2": (0, 27, 103),
    "nose-3": (10, 41, 101),
    "mala-1": (46, 36, 72),
    "mala-2": (56, 46, 50),
    "nlf-1": (20, 48, 93),
    "nlf-2": (27, 61, 90),
    "nlf-3": (35, 74, 84),
    "lipu-1": (0, 62, 105),
    "lipu-2": (15, 66, 101),
    "lipl-1": (13, 81, 100),
    "chin-1": (0, 103, 101),
    "chin-2": (25, 93, 89),
    "jaw-1": (46, 98, 45),
    "prea-1": (66, 38, 12),
}


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place on the face (x, y, z) and its side: the midline's is shown in every view."""

    at: Place3
    side: Side

    def in_view(self, view: View) -> Place2 | None:
        """[x, y] in the view, millimetres from the nasion; None where the view does not show this side."""
        return projected(self.at, view) if self.side in _SHOWN[view] else None


def projected(place: Place3, view: View) -> Place2:
    """A place as a view shows it: [x, y], the patient's left to the right in the front view."""
    turn = math.radians(_TURNS[view])
    x, y, z = place
    return x * math.cos(turn) - z * math.sin(turn), y


def known_places() -> tuple[Place3, ...]:
    """The places of landmarks and stations, left side and midline."""
    return (*_LANDMARKS.values(), *_STATIONS.values())


def place_of_landmark(landmark: str, side: Side | None) -> MapPlace | None:
    """A landmark on a side; None where it is not in the table, or its side is not known and it has two."""
    return _on_side(_LANDMARKS.get(landmark), side)


def place_of_station(station_id: str, landmark: str, side: Side) -> MapPlace | None:
    """A station's place; one that a clinic added stands at its landmark, None where that is not known either."""
    return _on_side(_STATIONS.get(station_id) or _LANDMARKS.get(landmark), side)


def place_of_region(region: str, side: Side) -> MapPlace | None:
    """The middle of a region's stations that lie beside the midline, or on it where it has no others; None without any."""
    own = [at for station, at in _STATIONS.items() if station.rpartition("-")[0] == region]
    beside = [at for at in own if at[0] > 0] if side is not Side.MIDLINE else []
    chosen = beside or own
    if not chosen:
        return None
    x, y, z = (fmean(at[axis] for at in chosen) for axis in range(3))
    return _on_side((x, y, z), side)


def _on_side(at: Place3 | None, side: Side | None) -> MapPlace | None:
    if at is None or (side is None and at[0] != 0):
        return None
    x, y, z = at
    match side:
        case Side.RIGHT:
            return MapPlace((-x, y, z), Side.RIGHT)
        case Side.LEFT:
            return MapPlace((x, y, z), Side.LEFT)
        case _:
            return MapPlace((0.0, y, z), Side.MIDLINE)
