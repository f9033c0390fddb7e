"""Is the picture still there? A cut to a menu, a photograph, a screen saver or nothing is seen on the frame that brings it.

The region at a few hundred pixels is compared with the last picture that was ultrasound. Tissue that moves stays alike; a
cut does not. Only then is the whole screen searched again, which costs more than a frame's budget and is rare.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from devices.observe import is_flat
from imaging.pictures import Bgr
from imaging.region import UltrasoundRegion, find_region

Signal = Literal["ultrasound", "no-ultrasound", "no-signal"]
Grey = npt.NDArray[np.uint8]

_ALIKE: Final = 0.55  #: correlation with the last picture that was ultrasound, from which on nothing was cut
_COARSE: Final = (48, 32)
_AGAIN_S: Final = 0.5  #: how often the screen is searched while there is no picture
_SCREEN: Final = 120  #: columns of the whole screen at which it is looked whether anything is on it
_SAME_LEVELS: Final = 6
_SAME_PART: Final = 0.985  #: of the screen beside the picture that stays where only the picture changed
_RUNS_LEVELS: Final = 2
_TALL: Final = 0.08  #: of the screen's height, from which on what changes is no clock and no cursor
_GROUND: Final = 0.93  #: part of the screen that is one level where a box with words stands on a colour
_BLANK: Final = 0.9998  #: and where nothing is written on it
_COLOURED: Final = 40  #: levels between the channels of a grabber's blue
_SAME_PLACE: Final = 0.7  #: intersection over union
#: Grey by its square root: dark echoes are seen, and nothing even becomes uneven.
_LIFTED: Final = np.round(np.sqrt(np.arange(256) / 255) * 255).astype(np.uint8)


class Scene:
    """Which region there is, and whether it still shows ultrasound. `region` is None where none is known."""

    def __init__(self, given: UltrasoundRegion | None) -> None:
        self._given = given
        self.region = given
        self._like: npt.NDArray[np.float32] | None = None
        self._beside: Grey | None = None
        self._before: Grey | None = None
        self._searched_s = -1e9
        self._signal: Signal = "no-ultrasound"
        self.runs_beside = False  #: whether something large, as a spectral trace, changed beside the picture

    def add(self, bgr: Bgr, time_s: float) -> Signal:
        """What this frame shows. Finds the region anew where the picture was cut."""
        screen = _small_screen(bgr)
        self.runs_beside = self._before is not None and self._runs(screen, self._before, bgr)
        self._before = screen
        even = float(np.mean(np.abs(screen.astype(np.int16) - int(np.median(screen))) <= 8))
        coloured = float(np.ptp(np.median(bgr[::16, ::16].reshape(-1, 3), axis=0))) > _COLOURED
        if is_flat(screen) or (coloured and even > _GROUND):
            # A grabber's own picture is of a colour, or has nothing on it; a screen saver has something on black.
            self._signal = "no-signal" if coloured or even > _BLANK else "no-ultrasound"
            return self._signal
        if self.region is not None and self._goes_on(bgr, screen):
            self._signal = "ultrasound"
        elif self._signal == "ultrasound" or time_s - self._searched_s >= _AGAIN_S:
            self._searched_s = time_s
            self._search(bgr, screen)
        return self._signal

    def _runs(self, screen: Grey, before: Grey, bgr: Bgr) -> bool:
        if screen.shape != before.shape:
            return False
        changed = (cv2.absdiff(screen, before) > _RUNS_LEVELS) & self._outside(screen, bgr)
        if not changed.any():
            return False
        _, _, boxes, _ = cv2.connectedComponentsWithStats(changed.astype(np.uint8))
        return bool(boxes[1:, cv2.CC_STAT_HEIGHT].max() >= _TALL * screen.shape[0])

    def _goes_on(self, bgr: Bgr, screen: Grey) -> bool:
        """Whether the region looks as it did, or changed alone: a lifted probe darkens the picture, not the screen."""
        if self._like is None:
            return False
        seen = self._coarse(bgr)
        if _correlation(seen, self._like) >= _ALIKE:
            self._like, self._beside = seen, screen
            return True
        darker = float(seen.mean()) < 0.7 * float(self._like.mean())
        beside = self._beside
        return darker and beside is not None and _alike(screen, beside, self._outside(screen, bgr)) > _SAME_PART

    def _search(self, bgr: Bgr, screen: Grey) -> None:
        found = find_region(bgr)
        if found is None:
            found = find_region(np.asarray(cv2.LUT(bgr, _LIFTED), np.uint8))  # gain far too low leaves little to see
        if found is None:
            self._signal = "no-ultrasound"
            return
        self._signal = "ultrasound"
        known = self.region
        if known is None or (self._given is None and _overlap(found, known) <= _SAME_PLACE):
            self.region = found
        self._like, self._beside = self._coarse(bgr), screen

    def _coarse(self, bgr: Bgr) -> npt.NDArray[np.float32]:
        region = self.region
        if region is None:
            raise ValueError("there is no region to look at")
        x0, y0, x1, y1 = region.box
        every_row, every_column = max(1, (y1 - y0) // 128), max(1, (x1 - x0) // 192)
        part = np.ascontiguousarray(bgr[y0:y1:every_row, x0:x1:every_column, 1])
        return np.asarray(cv2.resize(part, _COARSE, interpolation=cv2.INTER_AREA), np.float32)

    def _outside(self, screen: Grey, bgr: Bgr) -> npt.NDArray[np.bool_]:
        """Which cells of the small screen lie beside the region, with a margin for its ruler."""
        outside = np.ones(screen.shape, bool)
        if self.region is not None:
            x0, y0, x1, y1 = self.region.box
            down, across = screen.shape[0] / bgr.shape[0], screen.shape[1] / bgr.shape[1]
            low = max(y1, self.region.panel[1])
            rows = slice(max(0, int(y0 * down) - 3), int(low * down) + 4)
            outside[rows, max(0, int(x0 * across) - 3) : int(x1 * across) + 4] = False
        return outside


def _small_screen(bgr: Bgr) -> Grey:
    every = max(1, bgr.shape[1] // (4 * _SCREEN))
    part = np.ascontiguousarray(bgr[::every, ::every, 1])
    size = (_SCREEN, max(2, round(_SCREEN * bgr.shape[0] / bgr.shape[1])))
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)


def _alike(a: Grey, b: Grey, where: npt.NDArray[np.bool_] | None = None) -> float:
    """The part of the cells that are the same."""
    if a.shape != b.shape:
        return 0.0
    same = cv2.absdiff(a, b) <= _SAME_LEVELS
    if where is not None:
        same = same[where]
    return float(same.mean()) if same.size else 0.0


def _correlation(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    a, b = a - a.mean(), b - b.mean()
    power = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / power if power > 0 else 0.0


def _overlap(a: UltrasoundRegion, b: UltrasoundRegion) -> float:
    """Intersection over union of two boxes."""
    across = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    down = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return both / (a.width * a.height + b.width * b.height - both)
