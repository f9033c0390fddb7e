"""Where a caption stands: beside its shape, off the captions before it and off what others mark. No Qt.

Columns and rows in any unit, rows downwards; the canvas asks in screen pixels, burned-in copies in the picture's own.
"""

from __future__ import annotations

from typing import NamedTuple

from annotation.canvas.hit import AnyShape
from annotation.shapes import Polyline

AWAY_PX = 8.0  #: between a shape and its caption
_APART_PX = 2.0  #: between captions one below the other


class Box(NamedTuple):
    """An upright box."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share any place."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Whether it lies in the other one wholly."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def grown(self, by: float) -> Box:
        """Larger by so much on each side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def box_of(shape: AnyShape) -> Box:
    """The box that a shape's caption stands beside: its own, for an open line the end on the right."""
    x0, y0, x1, y1 = shape.box
    if isinstance(shape, Polyline) and not shape.closed:
        y0 = y1 = max(shape.vertices)[1]
    return Box(x0, y0, x1, y1)


def free_place(wide: float, high: float, beside: Box, room: Box, taken: list[Box]) -> Box:
    """A place for a caption: right of the box, left, above or below, where nothing else stands; inside the room.

    Captions of lines without height (layers) stand on the right alone, one below the other, in the order of the layers.
    """
    across, down = (beside.left + beside.right) / 2, (beside.top + beside.bottom) / 2
    corners = [
        (beside.right + AWAY_PX, down - high / 2),
        (beside.left - AWAY_PX - wide, down - high / 2),
        (across - wide / 2, beside.top - AWAY_PX - high),
        (across - wide / 2, beside.bottom + AWAY_PX),
    ]
    tries = [Box(left, top, left + wide, top + high) for left, top in corners]
    for plate in tries if beside.bottom > beside.top else tries[:1]:
        if plate.within(room) and not any(plate.meets(other) for other in taken):
            return plate
    left, top = max(min(corners[0][0], room.right - wide), room.left), corners[0][1]
    for other in sorted(taken, key=lambda box: box.top):
        if Box(left, top, left + wide, top + high).meets(other):
            top = other.bottom + _APART_PX
    top = min(max(top, room.top), room.bottom - high)
    return Box(left, top, left + wide, top + high)
