"""The scale of a picture that does not tell it: from two points whose distance a person knows, and from memory. No Qt.

A scale is remembered in the user's state folder for the probe and the depth that its screen shows (`imaging.scale.remember`),
and is checked against the screen each time it is used. Looking at a screen takes a second: for a worker thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.memory import state_folder
from imaging.errors import CannotTell
from imaging.pictures import Bgr
from imaging.scale import Scale

if TYPE_CHECKING:
    from imaging.scale import Seen

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pointed:
    """A scale by two points. `remembered_as` is the name under which it is kept, or None; then `why_not` says why not."""

    scale: Scale
    remembered_as: str | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A remembered scale whose screen is the same as that of the picture."""

    scale: Scale
    name: str


def scale_by_points(picture: Bgr, a: Place, b: Place, length_mm: float, remember_as: str | None = None) -> Pointed:
    """The scale by which `a` and `b` ([column, row] in pixels of `picture`) are `length_mm` apart.

    It holds inside the ultrasound region, or in the whole picture where none is seen. Raises ValueError where the points or
    the length make none; OSError where it should be remembered and the state folder cannot be written.
    """
    from imaging.scale import Remembered, look, remember, screen_print, two_point_scale

    rows, columns = picture.shape[:2]
    seen: Seen | None = None
    why_not = ""
    try:
        seen = look(picture)
    except CannotTell as refusal:
        why_not = str(refusal)
    box = seen.region.box if seen else (0, 0, columns, rows)
    scale = two_point_scale(a, b, length_mm, box)
    if remember_as is None:
        return Pointed(scale)
    if seen is None:
        return Pointed(scale, None, f"{why_not} It cannot be remembered without one.")
    entry = Remembered(
        remember_as, scale.mm_per_pixel_y, scale.relative_uncertainty, screen_print(seen, (columns, rows))
    )
    try:
        remember(state_folder(), entry)
    except CannotTell as refusal:
        return Pointed(scale, None, str(refusal))
    return Pointed(scale, remember_as)


def recalled(picture: Bgr) -> Recalled | None:
    """The remembered two-point scale whose screen this is; None without one."""
    from imaging.scale import look, recall, recall_all, screen_print

    known = recall_all(state_folder())
    if not known:
        return None
    try:
        seen = look(picture)
    except CannotTell:
        return None
    found = recall(known, screen_print(seen, (picture.shape[1], picture.shape[0])))
    if found is None:
        return None
    scale = Scale(found.mm_per_pixel, found.mm_per_pixel, seen.region.box, "profile", found.relative_uncertainty)
    return Recalled(scale, found.name)


def forgotten(picture: Bgr) -> None:
    """Remember no scale for the screen of this picture any more. OSError where the state folder cannot be written."""
    from imaging.scale import forget

    known = recalled(picture)
    if known is not None:
        forget(state_folder(), known.name)
