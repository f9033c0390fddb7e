"""One frame after another: is it ultrasound, is it new, does it move, and what its still picture tells.

`devices.observe` sees a stream's repeated frames and flat pictures on the whole screen, from the encoded frame. Here the
question is the ultrasound region of a decoded picture: a clock or a cursor goes on while the tissue stands still.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from devices.observe import is_flat
from imaging.pictures import Bgr
from imaging.quality.hints import Hint, still_hints
from imaging.region import UltrasoundRegion, find_region

Signal = Literal["ultrasound", "no-ultrasound", "no-signal"]
Grey = npt.NDArray[np.uint8]

_WIDE: Final = 320  #: columns of the reduced region
#: Grey levels by which re-encoding changes the reduced picture; electronic noise of a live probe changes it by more.
_SAME_MEAN: Final = 0.25
_SAME_MOST: Final = 6
_FROZEN_S: Final = 1.0
_LOOK_AGAIN_S: Final = 2.0  #: how often a region is looked for while there is none
_SUDDEN: Final = 0.03  #: part of the region's width that the picture moves from frame to frame
_WINDOW_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class FrameQuality:
    """What is known after one more frame. `motion_px` is the whole picture's movement since the last new one, in pixels of
    the frame [columns, rows], None where it cannot be told; `picture_fps` the different pictures a second."""

    time_s: float
    signal: Signal
    repeated: bool
    frozen: bool
    motion_px: tuple[float, float] | None
    stream_fps: float | None
    picture_fps: float | None
    hints: tuple[Hint, ...]


class QualityWatch:
    """Looks at frames in order. A frame costs some milliseconds once the region is known; finding it costs more, so a caller
    with a frame budget gives the `region` that it has. A frame of another size begins anew."""

    def __init__(self, region: UltrasoundRegion | None = None) -> None:
        self._given = region
        self._begin()

    def _begin(self) -> None:
        self._region: UltrasoundRegion | None = self._given
        self._inside: npt.NDArray[np.bool_] | None = None
        self._small: Grey | None = None
        self._shape: tuple[int, ...] | None = None
        self._still_since_s = 0.0
        self._looked_s = -1e9
        self._times: deque[float] = deque()
        self._changes: deque[float] = deque()
        self._hints: tuple[Hint, ...] = ()

    def add(self, bgr: Bgr, time_s: float) -> FrameQuality:
        """Look at one more frame, (rows, columns, 3); `time_s` grows from frame to frame."""
        if self._shape is not None and bgr.shape != self._shape:
            self._begin()
        self._shape = bgr.shape
        if self._region is None and time_s - self._looked_s >= _LOOK_AGAIN_S:
            self._looked_s = time_s
            self._region = find_region(bgr)
            self._small = None
        small = self._reduced(bgr)
        first = self._small is None or self._small.shape != small.shape
        repeated = not first and self._small is not None and _same(small, self._small)
        motion: tuple[float, float] | None = None
        if not repeated:
            if not first and self._small is not None and self._region is not None:
                motion = self._motion(self._small, small)
            self._small, self._still_since_s = small, time_s
            self._changes.append(time_s)
        self._times.append(time_s)
        for times in (self._times, self._changes):
            while times and time_s - times[0] > _WINDOW_S:
                times.popleft()
        signal = self._signal(small)
        if not repeated:
            self._hints = self._seen(small, motion) if signal == "ultrasound" else ()
        return FrameQuality(
            time_s,
            signal,
            repeated,
            signal == "ultrasound" and repeated and time_s - self._still_since_s > _FROZEN_S,
            motion,
            _rate(self._times, time_s),
            _rate(self._changes, time_s),
            self._hints,
        )

    def _reduced(self, bgr: Bgr) -> Grey:
        """The region's box (or the whole frame) as grey, at most 320 columns wide."""
        part = bgr
        if self._region is not None:
            x0, y0, x1, y1 = self._region.box
            part = bgr[y0:y1, x0:x1]
        scale = max(1.0, part.shape[1] / _WIDE)
        size = (max(8, round(part.shape[1] / scale)), max(8, round(part.shape[0] / scale)))
        # Nothing is lost for these questions in green alone, and it is the cheapest grey.
        return np.asarray(cv2.resize(np.ascontiguousarray(part[:, :, 1]), size, interpolation=cv2.INTER_AREA), np.uint8)

    def _signal(self, small: Grey) -> Signal:
        if is_flat(small):
            # The region may come back elsewhere.
            self._region = self._given
            return "no-signal"
        return "ultrasound" if self._region is not None else "no-ultrasound"

    def _motion(self, before: Grey, after: Grey) -> tuple[float, float] | None:
        """The shift of the whole picture by phase correlation (Kuglin and Hines 1975), in pixels of the frame."""
        if self._region is None:
            return None
        window = cv2.createHanningWindow((after.shape[1], after.shape[0]), cv2.CV_32F)
        (dx, dy), answer = cv2.phaseCorrelate(before.astype(np.float32), after.astype(np.float32), window)
        if answer < 0.15:
            return None
        x0, y0, x1, y1 = self._region.box
        return dx * (x1 - x0) / after.shape[1], dy * (y1 - y0) / after.shape[0]

    def _seen(self, small: Grey, motion: tuple[float, float] | None) -> tuple[Hint, ...]:
        region = self._region
        if region is None:
            return ()
        if self._inside is None or self._inside.shape != small.shape:
            x0, y0, x1, y1 = region.box
            size = (small.shape[1], small.shape[0])
            self._inside = cv2.resize(region.mask[y0:y1, x0:x1], size, interpolation=cv2.INTER_NEAREST) > 0
        hints = still_hints(small, self._inside)
        if motion is not None:
            moved = float(np.hypot(*motion))
            if moved > _SUDDEN * region.width:
                sentence = f"The picture moves by {moved:.0f} pixels from one frame to the next."
                hints.append(Hint("motion", moved, 0.8, sentence))
        return tuple(hints)


def _same(a: Grey, b: Grey) -> bool:
    apart = cv2.absdiff(a, b)
    return float(apart.mean()) <= _SAME_MEAN and int(apart.max()) <= _SAME_MOST


def _rate(times: deque[float], now_s: float) -> float | None:
    """Events a second over the last two seconds; None before one second has passed or with fewer than two."""
    if not times or now_s - times[0] < 1.0:
        return None
    if len(times) < 2 or now_s - times[-1] > _FROZEN_S:
        return 0.0
    return (len(times) - 1) / (times[-1] - times[0])
