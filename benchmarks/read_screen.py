"""The settings on a 1920x1080 screen: reading a new one, and seeing that nothing changed, beside one decode of its JPEG.

    python -m benchmarks.read_screen [--rounds 3]

decode: simplejpeg into a kept buffer. new: `ScreenReader.read`, the engine loaded before. unchanged: `ReadoutWatch.see` of a
frame that prints the same (another frame of the clip: tissue moves, JPEG's noise is another). On one core; processor time of
the thread. Goals: at most 3 s, at most 10 ms. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.measuring import Row, figures, ratios, report, rounds

CASES = ["decode", "new", "unchanged"]
_SEEDS = (11, 12, 13)
_CALLS = {"decode": 30, "new": 1, "unchanged": 30}


def frames_of(seed: int) -> list[bytes]:
    """Two frames of a simulated screen as the device sends them."""
    from devices.cv import cv2
    from mock_devices import simulate

    style = 1 + seed % 4
    pictures = simulate("map-nlf-colour", seed=seed, seconds=0.1, fps=20.0, size=(1920, 1080), style=style)
    return [
        bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]) for picture, _ in list(pictures)[:2]
    ]


def work_of(case: str, jpegs: Sequence[bytes]) -> Callable[[], object]:
    """What is timed."""
    import simplejpeg

    from imaging.readout import ReadoutWatch, ScreenReader

    first, second = (np.asarray(simplejpeg.decode_jpeg(jpeg, "BGR"), np.uint8) for jpeg in jpegs)
    if case == "decode":
        buffer = np.empty_like(first)
        return lambda: simplejpeg.decode_jpeg(jpegs[0], "BGR", buffer=buffer)
    reader = ScreenReader()
    reader.read(np.ascontiguousarray(first[:120, :240]))  # the engine is loaded once a program
    if case == "new":
        return lambda: reader.read(first)
    watch = ReadoutWatch(reader)
    watch.see(0, first)
    return lambda: watch.see(1, second)


def one_case(case: str) -> Row:
    """Median processor time of a call, in ms, and the longest over the screens' medians."""
    medians = []
    for seed in _SEEDS:
        work = work_of(case, frames_of(seed))
        times = []
        for _ in range(_CALLS[case]):
            began_s = time.thread_time()
            work()
            times.append(time.thread_time() - began_s)
        medians.append(statistics.median(times) * 1000)
    return {"ms": statistics.median(medians), "longest_ms": max(medians)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        print(json.dumps(one_case(options.case)))
        return
    rows = rounds("benchmarks.read_screen", CASES, options.rounds)
    report("read_screen", {"cases": figures(rows), "times_of_one_decode": ratios(rows, "decode", "ms")})


if __name__ == "__main__":
    main()
