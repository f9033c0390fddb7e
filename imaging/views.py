"""The B-mode picture of each frame of a film: where it stands is found once, and again where the screen's layout changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.bmode import BMode, Box, b_mode
from imaging.errors import CannotTell
from imaging.pictures import Picture
from imaging.region import UltrasoundRegion, find_region

Grey = npt.NDArray[np.uint8]

LOOK_AGAIN_EVERY = 150
"""Frames after which the region is looked for again in any case."""
CHANGED = 0.08
"""Part of a thumbnail's pixels outside of the picture that must have changed for the layout to have."""


@dataclass(frozen=True, slots=True)
class View:
    """One frame's B-mode picture, or `reason` why there is none."""

    picture: Picture
    region: UltrasoundRegion | None = field(repr=False)
    b_mode: BMode | None = field(repr=False)
    reason: str | None

    @property
    def box(self) -> Box | None:
        """[x0, y0, x1, y1] of the B-mode picture on the screen."""
        return None if self.b_mode is None else self.b_mode.box


def views(pictures: Iterable[Picture], mm_per_pixel: tuple[float, float] | None = None) -> Iterator[View]:
    """A view of each picture. `mm_per_pixel` [x, y] of the screen's pixels; None: lengths come out in pixels."""
    region: UltrasoundRegion | None = None
    looked = -LOOK_AGAIN_EVERY
    around: Grey = np.zeros((54, 96), np.uint8)
    for number, picture in enumerate(pictures):
        now = _thumbnail(picture)
        if region is None or number - looked >= LOOK_AGAIN_EVERY or _changed(around, now, region, picture):
            region = find_region(picture.bgr) or (region if region is not None and number != 0 else None)
            looked, around = number, now
        if region is None:
            yield View(picture, None, None, "no ultrasound picture is seen")
            continue
        try:
            x0, y0, x1, y1 = region.box
            yield View(picture, region, b_mode(picture.bgr, (x0, y0, x1, y1), mm_per_pixel, region.mask), None)
        except CannotTell as refusal:
            yield View(picture, region, None, str(refusal))


def _thumbnail(picture: Picture) -> Grey:
    return np.asarray(cv2.resize(picture.bgr, (96, 54), interpolation=cv2.INTER_AREA).max(axis=2), np.uint8)


def _changed(
    before: Grey,
    now: Grey,
    region: UltrasoundRegion,
    picture: Picture,
) -> bool:
    """Whether the screen outside of the ultrasound picture looks another."""
    if region.mask.shape != picture.bgr.shape[:2]:
        return True
    outside = cv2.resize(region.mask, (96, 54), interpolation=cv2.INTER_AREA) == 0
    return bool(outside.any()) and float((cv2.absdiff(before, now)[outside] > 40).mean()) > CHANGED
