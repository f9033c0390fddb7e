"""Processor time of recording 1000 frames of 1080p: the spool beside cv2 (decode, encode: the usual path) and plain bytes.

    python -m benchmarks.record_cpu [--rounds 3] [--frames 1000]

The frames come from memory; source and preview are in none of the cases. bytes: write, fsync after each second of film.
ours: `SpoolWriter.append` (checksum, journal, its own syncing). Goal: at most 2 % of cv2, no frame lost. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.material import FPS, description, frame, jpegs, material
from benchmarks.measuring import Row, figures, ratios, report, rounds, timed, work_folder

CASES = ["cv2", "bytes", "ours"]


def plain_bytes(folder: Path, frames: list[bytes]) -> None:
    """The JPEGs as they came."""
    with (folder / "clip.mjpg").open("wb", buffering=0) as file:
        for i, data in enumerate(frames, 1):
            file.write(data)
            if i % FPS == 0:
                os.fsync(file.fileno())
        os.fsync(file.fileno())


def decode_and_encode(folder: Path, frames: list[bytes]) -> None:
    """What programs built on cv2.VideoCapture do: pixels in, pixels out."""
    import numpy as np

    from devices.cv import cv2

    with (folder / "clip.mjpg").open("wb", buffering=0) as file:
        for i, data in enumerate(frames, 1):
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            file.write(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])  # type: ignore[arg-type]
            if i % FPS == 0:
                os.fsync(file.fileno())
        os.fsync(file.fileno())


def into_the_spool(folder: Path, frames: list[bytes]) -> None:
    """As the grab loop does it, as fast as the disk takes it."""
    from acquisition import SpoolWriter

    writer = SpoolWriter.create(folder / "spool", description("benchmark"))
    for i, data in enumerate(frames):
        writer.append(frame(i, data))
    writer.close()
    kept = writer.frames
    if len(kept) != len(frames) or any(f.corrupt for f in kept):
        raise SystemExit("frames were lost")


def one_case(case: str, folder: Path, count: int) -> Row:
    work = {"bytes": plain_bytes, "cv2": decode_and_encode, "ours": into_the_spool}[case]
    frames = list(jpegs(count))
    if case == "cv2":
        import devices.cv  # noqa: F401  the import is not counted
    return timed(lambda: work(folder, frames))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=1000)
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        folder = Path(tempfile.mkdtemp(prefix="record-", dir=work_folder()))
        try:
            print(json.dumps(one_case(arguments.case, folder, arguments.frames)))
        finally:
            shutil.rmtree(folder)
        return
    material()
    rows = rounds("benchmarks.record_cpu", CASES, arguments.rounds, "--frames", str(arguments.frames))
    values = {"cpu_ratio_to_cv2": ratios(rows, "cv2", "cpu_s"), "cases": figures(rows)}
    report("record_cpu", {"frames": arguments.frames, **values})


if __name__ == "__main__":
    main()
