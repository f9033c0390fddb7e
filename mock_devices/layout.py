"""Where things stand on the screen, as fractions of its size, so that any size shows the same screen.

The program's own knowledge of this screen is the profile 'simulated-portable'; it is written down there anew, and no
constant is shared with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mock_devices.anatomy import DEPTH_MM

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """The places on a screen of `width` x `height` pixels. Boxes are (x0, y0, x1, y1), the ends not included."""

    width: int
    height: int

    @property
    def box(self) -> Box:
        """The ultrasound picture."""
        return (
            round(0.12 * self.width),
            round(0.08 * self.height),
            round(0.88 * self.width),
            round(0.92 * self.height),
        )

    @property
    def mm_per_pixel(self) -> float:
        """One scale for both directions: the depth over the height of the box."""
        _, y0, _, y1 = self.box
        return DEPTH_MM / (y1 - y0)

    @property
    def width_mm(self) -> float:
        """How much of the tissue fits between the sides of the box."""
        x0, _, x1, _ = self.box
        return (x1 - x0) * self.mm_per_pixel

    @property
    def line(self) -> int:
        """Thickness of a thin line, in pixels."""
        return max(1, round(self.height / 720))

    @property
    def colour_box(self) -> Box:
        """Where colour Doppler is measured; it stands still on the screen."""
        left, top = self.place(-7.0, 7.2)
        right, bottom = self.place(7.0, 13.2)
        return (round(left), round(top), round(right), round(bottom))

    @property
    def ruler_column(self) -> int:
        """The column at which the ruler's ticks begin (they grow to the right)."""
        return self.box[2] + max(2, round(0.006 * self.width))

    @property
    def ruler_rows(self) -> tuple[int, ...]:
        """The row of each tick, one for each millimetre from 0 to the full depth."""
        _, y0, _, _ = self.box
        return tuple(y0 + round(mm / self.mm_per_pixel) for mm in range(round(DEPTH_MM) + 1))

    @property
    def colour_bar(self) -> Box:
        """The bar of velocities, upper half towards the probe."""
        return (
            round(0.945 * self.width),
            round(0.34 * self.height),
            round(0.961 * self.width),
            round(0.62 * self.height),
        )

    @property
    def grey_bar(self) -> Box:
        """The bar of grey values."""
        return (
            round(0.945 * self.width),
            round(0.10 * self.height),
            round(0.961 * self.width),
            round(0.28 * self.height),
        )

    def place(self, x_mm: float, z_mm: float) -> tuple[float, float]:
        """The (column, row) of a place in the tissue; whole numbers are the middles of pixels."""
        x0, y0, x1, _ = self.box
        return (x0 + x1) / 2 - 0.5 + x_mm / self.mm_per_pixel, y0 - 0.5 + z_mm / self.mm_per_pixel
