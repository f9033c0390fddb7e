"""One frame at random out of a saved, open clip: ours beside the bare read and decode of that JPEG, and beside pydicom.

    python -m benchmarks.random_frame [--rounds 5] [--frames 600] [--calls 40]

bare: pread at the known place and simplejpeg into a buffer that is kept. ours: `OpenedImage.frame` into such a buffer.
ours_fresh: without one. pydicom: `pixel_array(path, index=i)`. The file is in the page cache. Goal: at most 1.1 times bare.
Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.material import HEIGHT, WIDTH, jpegs, material, spooled
from benchmarks.measuring import Row, figures, ratios, report, rounds, work_folder

CASES = ["bare", "ours", "ours_fresh", "pydicom"]


def save(folder: Path, frames: int) -> Path:
    """The clip in an archive; its file."""
    from archive import Archive
    from dicom_io import Equipment, Patient, Phase, Series, Study, encode_clip

    with Archive(folder / "archive") as archive:
        writer, clip = spooled(archive.spool_root, frames)
        equipment = Equipment("Maker", "Probe", "1", "Maker", "Grabber", "2", "0", simulated=True)
        study, series = Study(Patient("P1"), datetime.now(UTC)), Series(Phase.PRE)
        (obj,) = encode_clip(clip, study, series, equipment, scratch=folder)
        path = archive.put(obj)
        writer.discard()
    return path


def reader(case: str, path: Path, frames: int) -> Callable[[int], object]:
    """What gives frame i of the file at `path`."""
    import simplejpeg

    from dicom_io import OpenedImage

    buffer = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    if case == "bare":
        fd, data, places, at = os.open(path, os.O_RDONLY), path.read_bytes(), [], 0
        for jpeg in jpegs(frames):
            at = data.index(jpeg, at)
            places.append((at, len(jpeg)))
            at += len(jpeg)
        del data
        return lambda i: simplejpeg.decode_jpeg(os.pread(fd, places[i][1], places[i][0]), "BGR", buffer=buffer)
    if case == "pydicom":
        from pydicom.pixels.utils import pixel_array

        return lambda i: pixel_array(path, index=i)
    opened = OpenedImage(path)
    return (lambda i: opened.frame(i, buffer)) if case == "ours" else opened.frame


def one_case(case: str, path: Path, frames: int, calls: int) -> Row:
    """Median time of a call, in ms, over places drawn at random, the same for each case."""
    read = reader(case, path, frames)
    places = [random.Random(7).randrange(frames) for _ in range(calls)]
    kept = read(0)
    times = []
    for i in places:
        began_s = time.perf_counter()
        kept = read(i)
        times.append(time.perf_counter() - began_s)
    del kept
    return {"ms": statistics.median(times) * 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(one_case(arguments.case, arguments.file, arguments.frames, arguments.calls)))
        return
    material()
    folder = Path(tempfile.mkdtemp(prefix="frame-", dir=work_folder()))
    try:
        path = save(folder, arguments.frames)
        more = ["--frames", str(arguments.frames), "--calls", str(arguments.calls), "--file", str(path)]
        rows = rounds("benchmarks.random_frame", CASES, arguments.rounds, *more)
    finally:
        shutil.rmtree(folder)
    values = {"ratio_to_bare": ratios(rows, "bare", "ms"), "cases": figures(rows)}
    report("random_frame", {"frames": arguments.frames, **values})


if __name__ == "__main__":
    main()
