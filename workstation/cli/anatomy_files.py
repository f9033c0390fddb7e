"""What `layers`, `vessels`, `needle` and `track` share: FILE's B-mode pictures, its scale, and how lengths are written.

A length has its unit in its key: `depth_mm` where there is a scale, `depth_px` where not.
"""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imaging.interval import Interval
    from imaging.views import View


def add_scale_option(parser: argparse.ArgumentParser) -> None:
    """`--mm-per-pixel X[,Y]`."""
    parser.add_argument(
        "--mm-per-pixel",
        type=scale_in_words,
        metavar="X[,Y]",
        help="size of a screen pixel in mm",
    )


def scale_in_words(text: str) -> tuple[float, float]:
    """'0.05' or '0.05,0.06' as [x, y]. Raises argparse.ArgumentTypeError."""
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) not in (1, 2) or not all(math.isfinite(v) and 0 < v < 10 for v in values):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no size of a pixel in mm: write 0.05, or 0.05,0.06 (across, down)"
        )
    return values[0], values[-1]


def views_of(arguments: argparse.Namespace) -> Iterator[View]:
    """The B-mode picture of each frame of FILE, at the scale that is asked for or found."""
    from imaging.pictures import Pictures
    from imaging.views import views

    return views(Pictures(arguments.file), arguments.mm_per_pixel)


def head(arguments: argparse.Namespace, frames: list[dict[str, Any]], view: View | None) -> dict[str, Any]:
    """The document's first keys. Raises CannotTell where no frame has an ultrasound picture."""
    from imaging.errors import CannotTell

    if view is None or view.b_mode is None:
        raise CannotTell("No ultrasound picture is seen in this file.")
    x0, y0, x1, y1 = view.b_mode.box
    scale = arguments.mm_per_pixel
    return {
        "unit": view.b_mode.unit,
        "mm_per_pixel": None if scale is None else list(scale),
        "region": {"x0": x0, "y0": y0, "x1": x1, "y1": y1},
        "note": "Suggestions for a person to confirm. What is not found may still be there.",
        "frames": frames,
    }


def length(name: str, value: Interval | None) -> dict[str, Any]:
    """`{name_mm: {value, ci95}}`, or `name_px`; None where it is not known."""
    if value is None:
        return {f"{name}_mm": None}
    return {
        f"{name}_{value.unit}": {"value": round(value.value, 3), "ci95": [round(value.low, 3), round(value.high, 3)]}
    }


def points(values: Any) -> list[list[float]]:
    """Points (n, 2) as JSON, to a tenth of a pixel."""
    return [[round(float(c), 1), round(float(r), 1)] for c, r in values]
