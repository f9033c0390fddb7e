"""A virtual screen and an eye on it: which frame of the clip is shown, and when, by the clock of this machine.

The eye knows nothing of the player: it finds the magenta picture, then reads the strip of fields a hundred times a second.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.players.clip import COLUMNS, FIELD_PIXELS, FIELDS, ROWS, STRIP, number_of

WIDTH: Final = 1280
HEIGHT: Final = 800
LOOKS_A_SECOND: Final = 100


class NothingShown(Exception):
    """No picture of the clip came onto the screen."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A frame came onto the screen at `at_s` of the monotonic clock."""

    at_s: float
    frame: int


@contextmanager
def screen() -> Iterator[str]:
    """An X server on a free display; its name."""
    read_end, write_end = os.pipe()
    words = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=(write_end,), stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


def shot(display: str) -> NDArray[np.uint8]:
    """The whole screen as RGB."""
    words = [*_grab(display, WIDTH, HEIGHT, 0, 0, 25), "-frames:v", "1", *_raw("rgb24")]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(HEIGHT, WIDTH, 3)


def find_picture(display: str, patience_s: float) -> tuple[int, int, int, int]:
    """The box of the clip's picture on the screen. Raises NothingShown."""
    give_up_s = time.monotonic() + patience_s
    while time.monotonic() < give_up_s:
        rgb = shot(display).astype(np.int16)
        magenta = (abs(rgb[:, :, 0] - rgb[:, :, 2]) < 40) & (rgb[:, :, 0] - rgb[:, :, 1] > 100)
        columns = np.flatnonzero(magenta.sum(0) > 40)
        rows = np.flatnonzero(magenta.sum(1) > 40)
        if len(columns) > COLUMNS // 4 and len(rows) > ROWS // 4:
            return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
        time.sleep(0.3)
    raise NothingShown("The clip's picture did not come onto the screen.")


def watch(display: str, box: tuple[int, int, int, int], limit_s: float) -> list[Sight]:
    """Each change of the frame shown in `box`, until the clip has begun anew three times, or so many seconds."""
    x0, y0, x1, y1 = box
    across, down = (x1 - x0) / COLUMNS, (y1 - y0) / ROWS
    middles = [round((STRIP[0] + (n + 0.5) * FIELD_PIXELS) * across) for n in range(FIELDS)]
    row = y0 + round((STRIP[1] + 40) * down)
    width = (x1 - x0) // 2 * 2
    words = [*_grab(display, width, 2, x0, row, LOOKS_A_SECOND), "-t", str(limit_s), *_raw("gray")]
    eye = subprocess.Popen(words, stdout=subprocess.PIPE)
    seen: list[Sight] = []
    begun = 0
    assert eye.stdout is not None
    with eye.stdout as pipe:
        while begun < 3 and len(line := pipe.read(width * 2)) == width * 2:
            at_s = time.monotonic()
            frame = number_of([line[column] > 127 for column in middles])
            if frame is not None and (not seen or seen[-1].frame != frame):
                begun += bool(seen) and frame < seen[-1].frame
                seen.append(Sight(at_s, frame))
    eye.kill()
    eye.wait(10)
    return seen


def _grab(display: str, width: int, height: int, x: int, y: int, rate: int) -> list[str]:
    return [
        "ffmpeg", "-nostdin", "-loglevel", "error", "-f", "x11grab", "-draw_mouse", "0", "-framerate", str(rate),
        "-video_size", f"{width}x{height}", "-i", f"{display}+{x},{y}",
    ]  # fmt: skip


def _raw(pixels: str) -> list[str]:
    return ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", pixels, "-flush_packets", "1", "pipe:1"]
