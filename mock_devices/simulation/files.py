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

    They have their names only when both are whole: broken off, it leaves none of them, and those that were there before.
    OSError where the folder cannot be written, ValueError where the clip would be too long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    video, document = folder / "clip.avi", folder / "truth.json"
    unfinished = [path.with_name(f".{path.name}.unfinished") for path in (video, document)]
    told = clip.header()
    try:
        with AviWriter(unfinished[0], clip.size, clip.fps) as writer:
            for number, (picture, truth) in enumerate(clip):
                doppler = {key: value for key, value in truth["doppler"].items() if key != "mask"}
                told["frames"].append(truth | {"doppler": doppler})
                writer.add(encode(picture, PixelFormat.MJPEG, number))
                if progress is not None:
                    progress(number + 1, clip.frames)
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
        unfinished[1].write_text(text, "utf-8")
        unfinished[1].replace(document)
        unfinished[0].replace(video)
    finally:
        for path in unfinished:
            path.unlink(missing_ok=True)
    return video, document
