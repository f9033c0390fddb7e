"""One frame after another: is it ultrasound, is it new, does it move, does the probe press, what does the picture tell.

`devices.observe` sees a stream's repeated frames and flat pictures on the whole screen, from the encoded frame. Here the
question is the ultrasound region of a decoded picture: a clock or a cursor goes on while the tissue stands still.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.quality.ground import lower_edge
from imaging.quality.hints import Hint, hints_of, sureness
from imaging.quality.pressing import Pressing
from imaging.quality.scene import Scene, Signal
from imaging.quality.tissue import tissue_of
from imaging.region import UltrasoundRegion

Grey = npt.NDArray[np.uint8]

_WIDE: Final = 320  #: columns of the reduced region
#: Mean grey levels by which re-encoding the same digital picture changes the reduced one. Noise never repeats: a live probe
#: that is held still changes it by twice that and more (0.11 on the stillest simulated one that was seen). A repeated
#: picture that came over an analogue cable changes as much, and is taken for new.
_SAME_MEAN: Final = 0.06
_SAME_LEVELS: Final = 4
_SAME_PART: Final = 0.004  #: of the region that may change by more: a blinking cursor, a pointer
_FROZEN_S: Final = 1.0
_LOOK_S: Final = 0.15  #: how often gain, contact, depth and pressure are looked at: they do not change faster
_SUDDEN: Final = 0.03  #: part of the region's width that the picture moves from frame to frame
_USUAL: Final = 12  #: pictures whose movement says what is usual here
_KNOWN: Final = 4  #: of them, that must have been measured
_TIMES: Final = 3.0  #: of the usual movement: what moves all the time is a trace that runs or a hand that sweeps
_BETTER: Final = 0.85  #: of the difference without it, which a shift has to leave
_TILES: Final = (3, 4)  #: rows and columns of tiles that are asked, each by itself, whether they moved as the whole did
_AGREE: Final = 0.7  #: part of those that have something to tell, which has to say yes
_TELLING: Final = 2.0  #: mean grey levels by which a tile changes without the shift, for it to tell anything
_PRESSED: Final = 0.08  #: part by which the tissue is thinner than it was
_WINDOW_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class FrameQuality:
    """What is known after one more frame. `motion_px` is the whole picture's movement since the last new one, in pixels of
    the frame [columns, rows], None where it cannot be told; `thinner` the part by which the tissue is thinner than at its
    thickest in the last seconds; `picture_fps` the different pictures a second."""

    time_s: float
    signal: Signal
    repeated: bool
    frozen: bool
    motion_px: tuple[float, float] | None
    stream_fps: float | None
    picture_fps: float | None
    hints: tuple[Hint, ...]
    thinner: float | None = None


class QualityWatch:
    """Looks at frames in order. A frame costs a few milliseconds; the frame on which a region is first looked for, or looked
    for again because the picture was cut, some tens more, so a caller with a frame budget gives the `region` that it has.
    A frame of another size begins anew."""

    def __init__(self, region: UltrasoundRegion | None = None) -> None:
        self._given = region
        self._begin()

    def _begin(self) -> None:
        self._scene = Scene(self._given)
        self._signal: Signal = "no-ultrasound"
        self._region: UltrasoundRegion | None = None
        self._end = 0  #: row (exclusive) where the region's picture ends
        self._inside: npt.NDArray[np.bool_] | None = None
        self._window: npt.NDArray[np.float32] | None = None
        self._small: Grey | None = None
        self._shape: tuple[int, ...] | None = None
        self._still_since_s = 0.0
        self._times: deque[float] = deque()
        self._changes: deque[float] = deque()
        self._hints: tuple[Hint, ...] = ()
        self._still: list[Hint] = []
        self._looked_s = -1e9
        self._pressing = Pressing()
        self._thinner: float | None = None
        self._moved: deque[float] = deque(maxlen=_USUAL)

    def add(self, bgr: Bgr, time_s: float) -> FrameQuality:
        """Look at one more frame, (rows, columns, 3); `time_s` grows from frame to frame."""
        if self._shape is not None and bgr.shape != self._shape:
            self._begin()
        self._shape = bgr.shape
        went_on = self._signal == "ultrasound"
        signal = self._signal = self._scene.add(bgr, time_s)
        if self._region is not self._scene.region:
            self._region, self._inside, self._small = self._scene.region, None, None
            self._end = lower_edge(bgr, self._region) if self._region is not None else 0
            self._pressing, self._looked_s = Pressing(), -1e9
            self._moved.clear()
        small = self._reduced(bgr)
        before = self._small
        repeated = before is not None and before.shape == small.shape and _same(small, before)
        # A spectral trace that runs on beside a still picture is a live probe, a clock's digits are none.
        repeated = repeated and not self._scene.runs_beside
        motion: tuple[float, float] | None = None
        if not repeated:
            # From a menu to the picture, or from one depth to another, is a cut and no movement.
            if signal == "ultrasound" and went_on and before is not None and before.shape == small.shape:
                motion = self._motion(before[::2, ::2], small[::2, ::2])
            self._small, self._still_since_s = small, time_s
            self._changes.append(time_s)
        self._times.append(time_s)
        for times in (self._times, self._changes):
            while times and time_s - times[0] > _WINDOW_S:
                times.popleft()
        if signal != "ultrasound":
            self._hints, self._thinner, self._looked_s = (), None, -1e9
        elif repeated:
            self._hints = tuple(hint for hint in self._hints if hint.name != "motion")  # it moved a picture ago
        else:
            self._hints = self._seen(small, motion, time_s)
        return FrameQuality(
            time_s,
            signal,
            repeated,
            signal == "ultrasound" and repeated and time_s - self._still_since_s > _FROZEN_S,
            motion,
            _rate(self._times, time_s),
            _rate(self._changes, time_s),
            self._hints,
            self._thinner,
        )

    def _box(self, bgr: Bgr) -> tuple[int, int, int, int]:
        """The region's box, down to where the picture ends; the whole frame without one."""
        if self._region is None:
            return 0, 0, int(bgr.shape[1]), int(bgr.shape[0])
        x0, y0, x1, _ = self._region.box
        return x0, y0, x1, self._end

    def _reduced(self, bgr: Bgr) -> Grey:
        """The region as grey, at most 320 columns wide. Every second pixel is enough to average speckle, and half the cost;
        nothing is lost for these questions in green alone."""
        x0, y0, x1, y1 = self._box(bgr)
        scale = max(1.0, (x1 - x0) / _WIDE)
        every = 2 if scale >= 2 else 1
        part = np.ascontiguousarray(bgr[y0:y1:every, x0:x1:every, 1])
        size = (max(8, round((x1 - x0) / scale)), max(8, round((y1 - y0) / scale)))
        return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _motion(self, before: Grey, after: Grey) -> tuple[float, float] | None:
        """The shift of the whole picture by phase correlation (Kuglin and Hines 1975), in pixels of the frame."""
        if self._region is None:
            return None
        if self._window is None or self._window.shape != after.shape:
            self._window = cv2.createHanningWindow((after.shape[1], after.shape[0]), cv2.CV_32F)
        (dx, dy), answer = cv2.phaseCorrelate(before.astype(np.float32), after.astype(np.float32), self._window)
        if answer < 0.15 or not _explains(before, after, round(dx), round(dy)):
            return None
        per_pixel = self._region.width / after.shape[1]
        return dx * per_pixel, dy * per_pixel

    def _seen(self, small: Grey, motion: tuple[float, float] | None, time_s: float) -> tuple[Hint, ...]:
        region = self._region
        if region is None or self._shape is None:
            return ()
        if self._inside is None or self._inside.shape != small.shape:
            self._inside = self._outline(region, small)
        if time_s - self._looked_s >= _LOOK_S:
            self._looked_s = time_s
            tissue = tissue_of(small, self._inside)
            self._still = [] if tissue is None else hints_of(tissue, small, self._inside)
            self._thinner = None
            if tissue is not None and not any(hint.name == "contact-loss" for hint in self._still):
                self._thinner = self._pressing.add(small, (int(0.12 * tissue.rows), tissue.rows), time_s)
        hints = list(self._still)
        if self._thinner is not None and self._thinner > _PRESSED:
            sentence = (
                f"The tissue is {self._thinner:.0%} thinner than before: the probe presses, and veins close under it."
            )
            hints.append(Hint("pressure", self._thinner, sureness(self._thinner, _PRESSED), sentence))
        if motion is not None:
            moved = float(np.hypot(*motion))
            usual = float(np.median(self._moved)) if len(self._moved) >= _KNOWN else float("inf")
            self._moved.append(moved)
            if moved > max(_SUDDEN * region.width, _TIMES * usual):
                sentence = f"The picture jumps by {moved:.0f} pixels from one frame to the next."
                hints.append(Hint("motion", moved, sureness(moved, _SUDDEN * region.width), sentence))
        return tuple(hints)

    def _outline(self, region: UltrasoundRegion, small: Grey) -> npt.NDArray[np.bool_]:
        """The region's outline at reduced size; below its last echo a linear picture goes on, a fan is taken to end."""
        x0, y0, x1, y1 = region.box
        mask = region.mask[y0 : self._end, x0:x1].copy()
        if region.kind == "linear":
            mask[y1 - y0 :] = 255
        size = (small.shape[1], small.shape[0])
        return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) > 0)


def _explains(before: Grey, after: Grey, dx: int, dy: int) -> bool:
    """Whether most parts of the picture are more alike after this shift than before it.

    Layers alone do not tell a shift along them; and what moves in one part (a needle, a flash of colour, a pulsing wall)
    is no movement of the probe, however plain it is.
    """
    if dx == 0 and dy == 0:
        return True
    rows, columns = before.shape
    if abs(dx) >= columns // 2 or abs(dy) >= rows // 2:
        return False
    old = before[max(0, -dy) : rows - max(0, dy), max(0, -dx) : columns - max(0, dx)]
    new = after[max(0, dy) : rows + min(0, dy), max(0, dx) : columns + min(0, dx)]
    still = after[max(0, -dy) : rows - max(0, dy), max(0, -dx) : columns - max(0, dx)]
    moved, stayed = cv2.absdiff(old, new), cv2.absdiff(old, still)
    if not float(moved.mean()) < _BETTER * float(stayed.mean()):
        return False
    # A tile's mean is a pixel of the picture reduced by areas.
    size = _TILES[1], _TILES[0]
    each = [cv2.resize(apart.astype(np.float32), size, interpolation=cv2.INTER_AREA) for apart in (moved, stayed)]
    tells = each[1] > _TELLING
    return bool(tells.sum() >= 3 and float((each[0] < _BETTER * each[1])[tells].mean()) >= _AGREE)


def _same(a: Grey, b: Grey) -> bool:
    """Whether nothing but re-encoding, or something as small as a cursor, changed."""
    apart = cv2.absdiff(a, b)
    much = apart > _SAME_LEVELS
    return float(much.mean()) <= _SAME_PART and float(apart[~much].mean()) <= _SAME_MEAN


def _rate(times: deque[float], now_s: float) -> float | None:
    """Events a second over the last two seconds; None before one second has passed or with fewer than two."""
    if not times or now_s - times[0] < 1.0:
        return None
    if len(times) < 2 or now_s - times[-1] > _FROZEN_S:
        return 0.0
    return (len(times) - 1) / (times[-1] - times[0])
