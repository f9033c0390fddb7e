"""Free room on the glass, cut up like paper: each piece is used once, so nothing lies over anything else."""

from __future__ import annotations

from dataclasses import dataclass

from mock_devices.contract import Box


@dataclass(slots=True)
class Space:
    """A box in whole pixels that gets smaller as pieces are cut from its sides."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Columns that are left."""
        return max(0, self.x1 - self.x0)

    @property
    def height(self) -> int:
        """Rows that are left."""
        return max(0, self.y1 - self.y0)

    @property
    def box(self) -> Box:
        """What is left."""
        return (self.x0, self.y0, max(self.x0, self.x1), max(self.y0, self.y1))

    def left(self, pixels: float) -> Space:
        """Cut a piece from the left side."""
        cut = min(self.width, max(0, round(pixels)))
        self.x0 += cut
        return Space(self.x0 - cut, self.y0, self.x0, self.y1)

    def right(self, pixels: float) -> Space:
        """Cut a piece from the right side."""
        cut = min(self.width, max(0, round(pixels)))
        self.x1 -= cut
        return Space(self.x1, self.y0, self.x1 + cut, self.y1)

    def top(self, pixels: float) -> Space:
        """Cut a piece from the top."""
        cut = min(self.height, max(0, round(pixels)))
        self.y0 += cut
        return Space(self.x0, self.y0 - cut, self.x1, self.y0)

    def bottom(self, pixels: float) -> Space:
        """Cut a piece from the bottom."""
        cut = min(self.height, max(0, round(pixels)))
        self.y1 -= cut
        return Space(self.x0, self.y1, self.x1, self.y1 + cut)

    def side(self, right: bool, pixels: float) -> Space:
        """Cut from the right side or from the left."""
        return self.right(pixels) if right else self.left(pixels)

    def inset(self, pixels: float) -> Space:
        """The same with a margin all round; this one stays."""
        cut = round(pixels)
        return Space(self.x0 + cut, self.y0 + cut, max(self.x0 + cut, self.x1 - cut), max(self.y0 + cut, self.y1 - cut))


def overlap(a: Box, b: Box, gap: int = 0) -> bool:
    """Whether two boxes share a pixel, or come nearer than `gap` pixels."""
    return a[0] < b[2] + gap and b[0] < a[2] + gap and a[1] < b[3] + gap and b[1] < a[3] + gap
