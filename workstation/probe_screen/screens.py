"""What the screen of a capture says of it: its scale and its settings, read off its own frames. No Qt.

Slow (two to five seconds for a new screen on one core): for a worker thread.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from typing import Final

import numpy as np

from acquisition.cine import Clip
from dicom_io.composite.printed import Printed
from imaging.pictures import Bgr
from imaging.scale import Scale
from workstation.probe_screen.equipment import scales_of
from workstation.probe_screen.hints import hints_on
from workstation.probe_screen.scales import picture_of, scales_of_clip

#: What the OCR must be sure of before a value goes into a record unasked. A second reading has confirmed it by then.
_SURE: Final = 0.9
_KEPT: Final = 8  #: captures whose settings are remembered
_READ: Final[dict[tuple[bytes, ...], tuple[Printed, ...]]] = {}
_TURN: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Told:
    """The calibrated areas of a capture's pictures and the settings printed on them; empty where the screen tells none.

    `hints` are the names of what was noticed of the pictures' quality.
    """

    scales: tuple[Scale, ...] = ()
    printed: tuple[Printed, ...] = ()
    hints: tuple[str, ...] = ()


def screens_are_read() -> bool:
    """Whether screens are read at all: SONOFILL_READ_SCREENS may say "off"."""
    return os.environ.get("SONOFILL_READ_SCREENS") != "off"


def warm_up() -> None:
    """Load now what the first screen would load."""
    from imaging.text import TextReader

    TextReader().line(np.zeros((24, 160, 3), np.uint8), (0, 0, 160, 24))


def told_by(clip: Clip) -> Told:
    """All of it, as the screen of this clip or still tells them.

    Where SONOFILL_READ_SCREENS is "off" (a slow machine) no screen is read: only the device's profile tells a scale.
    """
    if not screens_are_read():
        return Told(scales_of(clip.stream.device, clip.stream.width, clip.stream.height))
    return Told(scales_of_clip(clip), printed_on(clip), hints_on(clip))


def printed_on(clip: Clip) -> tuple[Printed, ...]:
    """The settings that the first frame states and the last frame states still: one header speaks for all frames.

    A setting that changed on the way, or that the OCR is not sure of, is left out. What was read of the same two frames
    before (a still out of a clip, a draft opened again) is not read again.
    """
    ends = [clip.payload(0), clip.payload(len(clip.frames) - 1)]
    key = tuple(hashlib.blake2b(end, digest_size=16).digest() for end in ends)
    with _TURN:
        if key not in _READ:
            if len(_READ) >= _KEPT:
                _READ.pop(next(iter(_READ)))
            _READ[key] = _printed_on(picture_of(clip, 0), picture_of(clip, len(clip.frames) - 1))
        return _READ[key]


def _printed_on(first: Bgr | None, last: Bgr | None) -> tuple[Printed, ...]:
    from imaging.readout import ReadoutWatch

    if first is None:
        return ()
    watch = ReadoutWatch()
    watch.see(0, first)
    begun = watch.readings.settings
    if last is not None and last.shape == first.shape and not np.array_equal(first, last):
        # A change counts once it has stayed; the last frame is shown until it has.
        for number in (1, 2):
            watch.see(number, last)
    ended = watch.readings.settings
    return tuple(
        Printed(key, reading.value, reading.unit)
        for key, reading in sorted(begun.items())
        if isinstance(reading.value, float)
        and reading.confidence >= _SURE
        and key in ended
        and ended[key].value == reading.value
    )
