"""Write a simulated clip into a folder: `clip.avi` and `truth.json`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from devices.source import PixelFormat
from mock_devices.encoding import encode
from mock_devices.simulation.avi import AviWriter
from mock_devices.simulation.clip import Clip


def write_simulation(
    clip: Clip, folder: Path, progress: Callable[[float, float], None] | None = None
) -> tuple[Path, Path]:
    """The two files' paths. The mask of colour, which the Python truth has, is left out of the JSON document.

    OSError where the folder cannot be written, ValueError where the clip would be too long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    video, document = folder / "clip.avi", folder / "truth.json"
    told = clip.header()
    with AviWriter(video, clip.size, clip.fps) as writer:
        for number, (picture, truth) in enumerate(clip):
            doppler = {key: value for key, value in truth["doppler"].items() if key != "mask"}
            told["frames"].append(truth | {"doppler": doppler})
            writer.add(encode(picture, PixelFormat.MJPEG, number))
            if progress is not None:
                progress(number + 1, clip.frames)
    document.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return video, document
