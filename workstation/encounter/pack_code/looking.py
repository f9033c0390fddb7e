"""A camera or a picture, looked at until a GS1 code is seen. Slow: for a worker thread. No Qt."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event
from typing import Final

from devices.errors import EndOfStream, UnreadableFile
from devices.playback import PlaybackSource
from devices.registry import DriverRegistry
from devices.source import FrameSource
from imaging.pack_codes import pack_codes
from imaging.pictures import decode

LOOK_S: Final = 20.0  #: how long a camera is looked at; a person turns the pack meanwhile
_FRAME_S: Final = 1.0

NOTHING: Final = (
    "No code was seen: hold the pack still, flat and well lit, so that its code fills a third of the picture."
)
OTHER: Final = (
    "The code that was seen is no GS1 code: scan the square one beside the lot, or enter lot and expiry by hand."
)


def code_in_picture(path: Path) -> str:
    """The GS1 code in a picture or film file. Raises UnreadableFile, also where none is seen."""
    with PlaybackSource(path) as source:
        return _look(source, Event())


def code_at_camera(registry: DriverRegistry, device_id: str, enough: Event) -> str:
    """The GS1 code that is held before a camera; its pictures are kept nowhere. `enough` ends it early.

    Raises the errors of devices (busy, gone, silent), and UnreadableFile where no GS1 code is seen.
    """
    with registry.open(device_id) as source:
        return _look(source, enough)


def _look(source: FrameSource, enough: Event) -> str:
    told = NOTHING
    source.start()
    until_s = time.monotonic() + LOOK_S
    while time.monotonic() < until_s and not enough.is_set():
        try:
            frame = source.read(_FRAME_S)
        except EndOfStream:
            break
        assert source.stream_format is not None
        for code in pack_codes(decode(frame.data, source.stream_format)):
            if code.gs1:
                return code.text
            told = OTHER
    raise UnreadableFile(told)
