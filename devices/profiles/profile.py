"""What a profile may say. Boxes are [x0, y0, x1, y1], x1 and y1 exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_Fraction = Annotated[float, Field(ge=0, le=1)]
_Pixel = Annotated[int, Field(ge=0)]
#: The scales and depths of ultrasound pictures, with room to spare.
_MmPerPixel = Annotated[float, Field(gt=0.001, lt=2, allow_inf_nan=False)]
_DepthMm = Annotated[float, Field(ge=2, le=400, allow_inf_nan=False)]
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class ScreenGeometry:
    """Where the ultrasound picture stands on a screen of one size, and how large its pixels are.

    `box` is in pixels. `relative_uncertainty` is half the width of the 95 % interval, as a part of the scale.
    """

    box: tuple[int, int, int, int]
    mm_per_pixel_x: float
    mm_per_pixel_y: float
    relative_uncertainty: float


class AnySize(_Strict):
    """A screen that looks the same at every size: `box` in parts of width and height, `depth_mm` over its height.

    The pixels are square.
    """

    box: tuple[_Fraction, _Fraction, _Fraction, _Fraction]
    depth_mm: _DepthMm
    relative_uncertainty: Annotated[float, Field(gt=0, lt=0.5)]
    source: _Text

    @model_validator(mode="after")
    def _has_a_box(self) -> Self:
        x0, y0, x1, y1 = self.box
        if not (x0 < x1 and y0 < y1):
            raise ValueError("box is empty: it is [x0, y0, x1, y1] with x0 < x1 and y0 < y1")
        return self

    def geometry(self, width: int, height: int) -> ScreenGeometry | None:
        """The geometry on a screen of this size; None where it is too small for the box."""
        x0, x1 = (round(self.box[i] * width) for i in (0, 2))
        y0, y1 = (round(self.box[i] * height) for i in (1, 3))
        if x1 <= x0 or y1 <= y0:
            return None
        scale = self.depth_mm / (y1 - y0)
        return ScreenGeometry((x0, y0, x1, y1), scale, scale, self.relative_uncertainty)


class OneSize(_Strict):
    """A screen of one size in pixels at one depth setting (`depth_mm`): `box` and `mm_per_pixel` ([x, y]) as measured."""

    width: Annotated[int, Field(ge=16, le=16384)]
    height: Annotated[int, Field(ge=16, le=16384)]
    box: tuple[_Pixel, _Pixel, _Pixel, _Pixel]
    mm_per_pixel: tuple[_MmPerPixel, _MmPerPixel]
    depth_mm: _DepthMm
    relative_uncertainty: Annotated[float, Field(gt=0, lt=0.5)]
    source: _Text

    @model_validator(mode="after")
    def _box_is_in_the_picture(self) -> Self:
        x0, y0, x1, y1 = self.box
        if not (x0 < x1 <= self.width and y0 < y1 <= self.height):
            raise ValueError(f"box is not inside the picture: it is [x0, y0, x1, y1] within {self.width}x{self.height}")
        return self

    def geometry(self, width: int, height: int) -> ScreenGeometry | None:
        """The geometry; None where the screen has another size."""
        if (width, height) != (self.width, self.height):
            return None
        return ScreenGeometry(self.box, *self.mm_per_pixel, self.relative_uncertainty)


class ScreenProfile(_Strict):
    """One probe's screen: who made the probe, and the geometry for each size and depth that somebody measured."""

    maker: _Text
    model: _Text
    screen: Annotated[tuple[AnySize | OneSize, ...], Field(min_length=1)]

    def scale_for(self, width: int, height: int, depth_mm: float | None = None) -> ScreenGeometry | None:
        """The geometry of a screen of this size in pixels, at this depth setting where it is known.

        None where the profile does not know the size, or knows it at several depths and was told none of them: a
        scale is found or refused, never guessed. A measured size goes before a rule for all sizes.
        """
        for kind in (OneSize, AnySize):
            fits = [
                geometry
                for screen in self.screen
                if isinstance(screen, kind) and (depth_mm is None or abs(screen.depth_mm - depth_mm) < 0.05)
                for geometry in [screen.geometry(width, height)]
                if geometry is not None
            ]
            if fits:
                return fits[0] if len(fits) == 1 else None
        return None
