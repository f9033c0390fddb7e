"""The process beside the picture: takes a frame, looks, answers; ends when nobody is there to answer to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Final

from workstation.aside import settle
from workstation.watching.said import Seen
from workstation.watching.turns import Analysis, Turns

#: Above the recorder, the window and everything else that was started normally.
_NICENESS: Final = 10


def serve(pipe: Connection, make: Callable[[], Sequence[Analysis]]) -> None:
    """Answer each frame (see `beside.Sent`) with what is seen, or None where it was not looked at, till the pipe closes."""
    settle(_NICENESS)
    turns = Turns(make())
    try:
        # Whoever held the other end is gone: there is nobody to work for.
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            while True:
                pipe.send(_answer(turns, pipe.recv()))
    finally:
        turns.close()
        pipe.close()


def _answer(turns: Turns, sent: tuple[int, bytes, str, int, int, int]) -> Seen | None:
    from devices.errors import UnreadableFile
    from devices.source import PixelFormat, StreamFormat
    from imaging.pictures import Picture, decode

    number, data, pixel_format, width, height, timestamp_ns = sent
    if not turns.due():
        return None
    try:
        bgr = decode(data, StreamFormat(PixelFormat(pixel_format), width, height, 0.0))
    except UnreadableFile:
        return None  # the recorder counts it as corrupt; here it is only not looked at
    return turns.look(Picture(number, timestamp_ns / 1e9, bgr), timestamp_ns)
