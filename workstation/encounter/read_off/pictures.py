"""The frames of a capture, decoded one at a time, for whoever measures on them. No Qt."""

from __future__ import annotations

from collections.abc import Iterator

from imaging.pictures import Picture
from workstation.probe_screen.scales import picture_of
from workstation.studies.visit import Capture


def pictures_of(capture: Capture) -> Iterator[Picture]:
    """Every frame that can be decoded, under its own number and time; a damaged one is left out.

    Raises OSError where the spool is gone.
    """
    clip = capture.clip
    start_ns = clip.frames[0].timestamp_ns
    for number, frame in enumerate(clip.frames):
        bgr = picture_of(clip, number)
        if bgr is not None:
            yield Picture(number, (frame.timestamp_ns - start_ns) / 1e9, bgr)
