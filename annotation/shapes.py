"""The shapes that findings have on a picture.

A place is (column, row) in pixels of the picture, floats; 0, 0 is the top left corner of the top left pixel and 0.5, 0.5
its centre, as DICOM counts spatial coordinates. Every coordinate is kept as a number that 32 bit floats can hold, because
that is what a report stores: what is read back is then equal to what was written, to the last bit.
"""

from __future__ import annotations

import math
import struct
from abc import abstractmethod
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

PICTURE_LIMIT_PX = 65535.0  #: rows and columns are 16 bit numbers in DICOM


def as_float32(value: float) -> float:
    """The nearest number that a 32 bit float holds; -0.0 becomes 0.0."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0]) + 0.0


Coordinate = Annotated[float, Field(ge=0, le=PICTURE_LIMIT_PX, allow_inf_nan=False), AfterValidator(as_float32)]
Place = tuple[Coordinate, Coordinate]  #: (column, row), pixels
PlainPlace = tuple[float, float]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    @abstractmethod
    def points(self) -> tuple[Place, ...]:
        """The points that a person may take hold of, in stored order."""

    @abstractmethod
    def with_points(self, points: tuple[PlainPlace, ...]) -> Self:
        """The same sort of shape through other points (as many as `points` has); ValueError where they are none."""

    def moved(self, columns: float, rows: float) -> Self:
        """The shape shifted by so many pixels; ValueError where it would leave the plane's positive quarter."""
        return self.with_points(tuple((c + columns, r + rows) for c, r in self.points))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The smallest upright box around the points: x0, y0, x1, y1 in pixels."""
        columns, rows = [c for c, _ in self.points], [r for _, r in self.points]
        return min(columns), min(rows), max(columns), max(rows)


class Point(_Shape):
    """One place."""

    type: Literal["point"] = "point"
    at: Place

    @property
    def points(self) -> tuple[Place, ...]:
        return (self.at,)

    def with_points(self, points: tuple[PlainPlace, ...]) -> Self:
        (at,) = points
        return type(self)(at=at)


class Line(_Shape):
    """From one place to another: what a caliper spans."""

    type: Literal["line"] = "line"
    start: Place
    end: Place

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.start == self.end:
            raise ValueError("a line has two different ends")
        return self

    @property
    def points(self) -> tuple[Place, ...]:
        return (self.start, self.end)

    def with_points(self, points: tuple[PlainPlace, ...]) -> Self:
        start, end = points
        return type(self)(start=start, end=end)


class Polyline(_Shape):
    """Places joined by straight lines. A closed one is an outline; its first place is not repeated at the end."""

    type: Literal["polyline"] = "polyline"
    vertices: Annotated[tuple[Place, ...], Field(min_length=2)]
    closed: bool = False

    @model_validator(mode="after")
    def _is_a_line(self) -> Self:
        if self.closed and len(self.vertices) < 3:
            raise ValueError("an outline has at least three points")
        if self.vertices[0] == self.vertices[-1]:
            # A report tells an outline from an open line by just this; an open line may not look like one.
            raise ValueError("a polyline does not repeat its first point at its end: say closed instead")
        return self

    @property
    def points(self) -> tuple[Place, ...]:
        return self.vertices

    def with_points(self, points: tuple[PlainPlace, ...]) -> Self:
        return type(self)(vertices=points, closed=self.closed)


class Ellipse(_Shape):
    """An ellipse, kept as the ends of its longer axis and the ends of its shorter one (as a report keeps it).

    Make one with `around`. `centre`, `semi_axes` and `angle_deg` follow from the four points.
    """

    type: Literal["ellipse"] = "ellipse"
    major: tuple[Place, Place]
    minor: tuple[Place, Place]

    @classmethod
    def around(cls, centre: PlainPlace, semi_axes: tuple[float, float], angle_deg: float = 0.0) -> Self:
        """An ellipse from its centre (column, row), two half axes (pixels, any order) and the first one's direction.

        The angle is in degrees from the columns' direction towards the rows' direction (clockwise on the screen).
        ValueError where an axis is shorter than half a pixel or an end lies outside the positive quarter.
        """
        a, b = semi_axes
        if a < b:
            a, b, angle_deg = b, a, angle_deg + 90
        turn = math.radians(angle_deg)
        (x, y), (cos, sin) = centre, (math.cos(turn), math.sin(turn))
        return cls(
            major=((x - a * cos, y - a * sin), (x + a * cos, y + a * sin)),
            minor=((x + b * sin, y - b * cos), (x - b * sin, y + b * cos)),
        )

    @model_validator(mode="after")
    def _is_an_ellipse(self) -> Self:
        (ax, ay), (bx, by) = self.major
        (cx, cy), (dx, dy) = self.minor
        long, short = math.hypot(bx - ax, by - ay), math.hypot(dx - cx, dy - cy)
        slack = 0.02 + 1e-5 * long  # pixels: the rounding of the ends to 32 bits is far below it
        if short < 1 - slack:
            raise ValueError("an ellipse is at least one pixel wide")
        if long < short - slack:
            raise ValueError("the longer axis of an ellipse comes first")
        if math.hypot(ax + bx - cx - dx, ay + by - cy - dy) / 2 > slack:
            raise ValueError("the axes of an ellipse cross in their middle")
        if abs((bx - ax) * (dx - cx) + (by - ay) * (dy - cy)) > slack * (long + short):
            raise ValueError("the axes of an ellipse stand upright on each other")
        return self

    @property
    def points(self) -> tuple[Place, ...]:
        return (*self.major, *self.minor)

    def with_points(self, points: tuple[PlainPlace, ...]) -> Self:
        a, b, c, d = points
        return type(self)(major=(a, b), minor=(c, d))

    @property
    def centre(self) -> PlainPlace:
        """(column, row) of the middle."""
        (ax, ay), (bx, by) = self.major
        return (ax + bx) / 2, (ay + by) / 2

    @property
    def semi_axes(self) -> tuple[float, float]:
        """Half the longer axis and half the shorter one, pixels."""
        long, short = (math.dist(*axis) / 2 for axis in (self.major, self.minor))
        return long, short

    @property
    def angle_deg(self) -> float:
        """Direction of the longer axis, degrees from the columns towards the rows, in [0, 180)."""
        (ax, ay), (bx, by) = self.major
        return math.degrees(math.atan2(by - ay, bx - ax)) % 180

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The smallest upright box around the curve itself: x0, y0, x1, y1 in pixels."""
        (x, y), (a, b) = self.centre, self.semi_axes
        turn = math.radians(self.angle_deg)
        half_x = math.hypot(a * math.cos(turn), b * math.sin(turn))
        half_y = math.hypot(a * math.sin(turn), b * math.cos(turn))
        return x - half_x, y - half_y, x + half_x, y + half_y


Shape = Annotated[Polyline | Ellipse | Point | Line, Field(discriminator="type")]
