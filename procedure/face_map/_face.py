"""The lines of the schematic face, as curves through places of `_places`' space: our own drawing, of nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from procedure.face_map._places import Place2, Place3, View, projected

Curve = tuple[Place3, ...]

#: Lines on the left side; the right side mirrors them. They belong to the face's front and are seen in every view.
_SIDE_LINES: Final[tuple[Curve, ...]] = (
    ((12, -9, 91), (24, -15, 90), (38, -14, 82), (48, -7, 72)),  # brow
    ((16, 8, 80), (22, 2, 84), (31, 0, 85), (40, 2, 78), (46, 7, 68)),  # upper lid
    ((16, 8, 80), (24, 11, 83), (32, 12, 83), (40, 10, 77), (46, 7, 68)),  # lower lid
    ((9, 53, 103), (14, 53, 100), (18, 48, 96), (17, 42, 97), (13, 38, 99)),  # wing of the nose
    ((4, 52, 106), (8, 50, 106), (11, 52, 103)),  # nostril
    ((20, 44, 93), (25, 56, 92), (31, 68, 87), (33, 78, 84)),  # nasolabial fold
    ((0, 66, 106), (5, 63, 106), (14, 67, 102), (25, 73, 91)),  # upper lip
    ((0, 73, 103), (12, 72, 100), (25, 73, 91)),  # mouth
    ((0, 84, 103), (12, 81, 99), (25, 73, 91)),  # lower lip
)
_NOSE_FRONT: Final[Curve] = ((10, -6, 91), (7, 10, 92), (7, 26, 97), (9, 37, 103))  # its side, seen from the front
_NOSE_OBLIQUE: Final[Curve] = (
    (0, -6, 95),
    (0, 4, 93),
    (0, 26, 102),
    (0, 40, 115),
    (0, 46, 118),
    (0, 51, 112),
    (0, 53, 103),
)
_CHIN: Final[Curve] = ((-9, 91, 96), (0, 89, 97), (9, 91, 96))
_EAR: Final[Curve] = (
    (70, 6, -2),
    (77, -4, -8),
    (85, 0, -16),
    (84, 14, -16),
    (77, 26, -10),
    (73, 36, -4),
    (70, 30, 0),
    (70, 18, 0),
)
_HEAD_FRONT: Final[Curve] = (
    (0, -102, 50),
    (36, -93, 45),
    (62, -64, 40),
    (71, -30, 30),
    (72, 0, 25),
    (69, 25, 30),
    (66, 48, 25),
    (59, 72, 24),
    (47, 94, 45),
    (30, 110, 72),
    (14, 117, 90),
    (0, 118, 93),
)
_HEAD_OBLIQUE: Final[Curve] = (  # from the far side's chin over the head to behind its middle
    (0, 118, 93),
    (-14, 114, 92),
    (-30, 97, 84),
    (-40, 75, 78),
    (-51, 48, 66),
    (-54, 30, 62),
    (-48, 10, 70),
    (-52, -8, 74),
    (-50, -35, 74),
    (-38, -70, 66),
    (-10, -97, 50),
    (40, -106, 10),
    (68, -94, -18),
    (84, -68, -36),
    (88, -30, -40),
)
_JAW_OBLIQUE: Final[Curve] = (
    (70, 34, -2),
    (64, 58, 12),
    (56, 83, 21),
    (46, 98, 45),
    (25, 113, 76),
    (10, 118, 91),
    (0, 118, 93),
)
_PUPIL: Final[Place3] = (31, 6, 84)
PUPIL_RADIUS_MM: Final = 4.5


def lines(view: View) -> Iterator[tuple[Place2, ...]]:
    """The drawing's curves in a view, each as places [x, y] that a smooth curve runs through."""
    for curve in _curves(view):
        yield tuple(projected(place, view) for place in curve)


def pupils(view: View) -> tuple[Place2, Place2]:
    """The middles of both pupils."""
    return projected(_PUPIL, view), projected(_mirrored((_PUPIL,))[0], view)


def _curves(view: View) -> Iterator[Curve]:
    for curve in _SIDE_LINES:
        yield curve
        yield _mirrored(curve)
    yield _CHIN
    if view is View.FRONT:
        for curve in (_NOSE_FRONT, _HEAD_FRONT, _EAR):
            yield curve
            yield _mirrored(curve)
        return
    for curve in (_NOSE_OBLIQUE, _HEAD_OBLIQUE, _JAW_OBLIQUE, _EAR):
        yield curve if view is View.LEFT_OBLIQUE else _mirrored(curve)


def _mirrored(curve: Sequence[Place3]) -> Curve:
    return tuple((-x, y, z) for x, y, z in curve)


def smooth_path(places: Sequence[Place2]) -> str:
    """A smooth curve through places as the data of an SVG path (Catmull-Rom as cubic Béziers)."""
    (x0, y0) = places[0]
    data = [f"M{x0:.1f} {y0:.1f}"]
    for number in range(len(places) - 1):
        before = places[max(number - 1, 0)]
        start, end = places[number], places[number + 1]
        after = places[min(number + 2, len(places) - 1)]
        first = tuple(start[axis] + (end[axis] - before[axis]) / 6 for axis in (0, 1))
        second = tuple(end[axis] - (after[axis] - start[axis]) / 6 for axis in (0, 1))
        data.append("C" + " ".join(f"{value:.1f}" for value in (*first, *second, *end)))
    return "".join(data)
