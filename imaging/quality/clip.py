"""A clip's quality: stretches of frames of one kind, and the hints of most of its frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from imaging.pictures import Picture
from imaging.quality.hints import Hint
from imaging.quality.watch import FrameQuality, QualityWatch


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames `first` to `last` (both count) of which the same is known; `hints` by name."""

    first: int
    last: int
    signal: str
    frozen: bool
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClipQuality:
    """`repeated` counts frames that show the same picture as the one before; rates in 1/s are medians, None where the clip
    is too short; `hints` has for each name the one with the middle measure, and `share` the part of frames that had it."""

    frames: int
    stretches: tuple[Stretch, ...]
    repeated: int
    stream_fps: float | None
    picture_fps: float | None
    hints: tuple[tuple[Hint, float], ...]


def quality_of(pictures: Iterable[Picture], watch: QualityWatch | None = None) -> ClipQuality:
    """Look at every frame of a clip (a picture is a clip of one frame)."""
    watch = watch or QualityWatch()
    stretches: list[Stretch] = []
    seen: list[FrameQuality] = []
    for picture in pictures:
        frame = watch.add(picture.bgr, picture.time_s)
        seen.append(frame)
        names = tuple(sorted(hint.name for hint in frame.hints))
        last = stretches[-1] if stretches else None
        if last is not None and (last.signal, last.frozen, last.hints) == (frame.signal, frame.frozen, names):
            stretches[-1] = Stretch(last.first, picture.frame, last.signal, last.frozen, names)
        else:
            stretches.append(Stretch(picture.frame, picture.frame, frame.signal, frame.frozen, names))
    by_name: dict[str, list[Hint]] = {}
    for frame in seen:
        for hint in frame.hints:
            by_name.setdefault(hint.name, []).append(hint)
    hints = [
        (sorted(found, key=lambda hint: hint.measure)[len(found) // 2], len(found) / len(seen))
        for found in by_name.values()
    ]
    return ClipQuality(
        len(seen),
        tuple(stretches),
        sum(frame.repeated for frame in seen),
        _middle([frame.stream_fps for frame in seen]),
        _middle([frame.picture_fps for frame in seen if not frame.frozen]),
        tuple(sorted(hints, key=lambda one: -one[1])),
    )


def _middle(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
