"""Where on the schematic face somebody pointed: from a place on a drawn view to a place in the face's own space, and back.

The surface between the named places is filled in by weights of inverse distance (Shepard 1968); it is as schematic as they
are. A view shows its own side of the face: what is pointed at in an oblique view lies on that side or on the midline.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Final

from procedure.answers import Side
from procedure.face_map._places import MapPlace, Place2, Place3, View, known_places, projected
from procedure.face_places import FacePath, FacePlace

_MIDLINE_MM: Final = 4.0  #: nearer to it than this a place is on the midline
_STEP_MM: Final = 0.5
_WIDEST_MM: Final = 72.0
_TOP_MM, _BOTTOM_MM = -75.0, 118.0
_OFF_MM: Final = 6.0  # how far beside the face's edge still counts as on it
_POWER: Final = 3.0


def pointed_at(view: View, place: Place2) -> FacePlace | None:
    """The place that lies under [x, y] of a view, its millimetres from the nasion; None beside the face."""
    u, y = place
    if not (math.isfinite(u) and _TOP_MM <= y <= _BOTTOM_MM):
        return None
    least = 0.0 if view is View.LEFT_OBLIQUE else -_WIDEST_MM
    most = 0.0 if view is View.RIGHT_OBLIQUE else _WIDEST_MM
    columns = [least + step * _STEP_MM for step in range(int((most - least) / _STEP_MM) + 1)]
    surface = [(x, y, _forwards(x, y)) for x in columns]
    off, nearest = min((abs(projected(at, view)[0] - u), at) for at in surface)
    if off > _OFF_MM:
        return None
    x, y, z = nearest
    return FacePlace(x_mm=round(x, 1), y_mm=round(y, 1), z_mm=round(z, 1))


def on_map(place: FacePlace) -> MapPlace:
    """A place that was pointed at as the map has its places."""
    return MapPlace((place.x_mm, place.y_mm, place.z_mm), side_of(place))


def side_of(place: FacePlace) -> Side:
    """The side of the face that a place lies on."""
    if abs(place.x_mm) <= _MIDLINE_MM:
        return Side.MIDLINE
    return Side.LEFT if place.x_mm > 0 else Side.RIGHT


def along(path: FacePath, steps: int) -> tuple[Place3, ...]:
    """Places along a path, on the face's surface and not through it: the ends of `steps` pieces, equally long in x and y."""
    (x0, y0), (x1, y1) = (_kept(place) for place in (path.entry, path.target))
    shares = [step / steps for step in range(steps + 1)]
    flat = [(x0 + share * (x1 - x0), y0 + share * (y1 - y0)) for share in shares]
    return tuple((x, y, _forwards(x, y)) for x, y in flat)


def _kept(place: FacePlace) -> Place2:
    """[x, y] of a place, kept on the face."""
    return min(max(place.x_mm, -_WIDEST_MM), _WIDEST_MM), min(max(place.y_mm, _TOP_MM), _BOTTOM_MM)


@lru_cache(maxsize=1 << 14)
def _forwards(x: float, y: float) -> float:
    """How far forwards the schematic face reaches there."""
    weights = [(math.pow((x - px) ** 2 + (y - py) ** 2 + 1e-6, -_POWER / 2), pz) for px, py, pz in _known()]
    return sum(weight * z for weight, z in weights) / sum(weight for weight, _ in weights)


@cache
def _known() -> tuple[Place3, ...]:
    """The named places, both sides."""
    places = known_places()
    return (*places, *((-x, y, z) for x, y, z in places if x))
