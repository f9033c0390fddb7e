"""What does flow cost on a 1080p frame whose layout is known? Milliseconds, and the ratio to a decode of the same frame.

    python -m benchmarks.colour_flow [--frames N] [--seed K]

Each case is a simulated screen of 1920x1080 (JPEG, quality 90, 4:2:2). The layout is found on the first frame; the others
are what is measured: the layout confirmed, flow masked and measured. Both figures are processor time on one thread, the
median of the frames; frames on which the layout had to be found anew are left out and counted. One JSON document is the
last line; the status is 1 unless every case keeps to the target.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import Final

import numpy as np
import simplejpeg

from devices.cv import cv2
from imaging.flow import FlowWatch
from mock_devices import simulate

TARGET_MS: Final = 8.0
CASES: Final = (("map-nlf-colour", 1), ("map-jaw-colour", 2), ("map-lipu-power", 3), ("map-tear-colour", 4))


def measure(scenario: str, style: int, seed: int, frames: int) -> dict[str, float]:
    """One case: first_ms, frame_ms, slowest_ms, decode_ms, ratio, anew, box_px."""
    watch = FlowWatch(None)
    spent: list[float] = []
    decodes: list[float] = []
    first, anew, box_px = 0.0, 0, 0.0
    clip = simulate(scenario, seed=seed, seconds=frames / 18, fps=18.0, size=(1920, 1080), style=style)
    for number, (picture, _) in enumerate(clip):
        data = simplejpeg.encode_jpeg(
            np.ascontiguousarray(picture), quality=90, colorspace="BGR", colorsubsampling="422"
        )
        at = time.process_time()
        frame = simplejpeg.decode_jpeg(data, colorspace="BGR")
        decoded = time.process_time()
        before = watch.layout
        seen = watch.look(frame)
        ended = time.process_time()
        if seen.layout is None:
            raise RuntimeError(
                f"{scenario}, style {style}, seed {seed}: no Doppler layout was found; take another seed"
            )
        if number == 0:
            first, box_px = ended - decoded, seen.layout.inside_px
        elif seen.layout is not before:
            anew += 1
        else:
            spent.append(ended - decoded)
            decodes.append(decoded - at)
    if not spent:
        raise RuntimeError(f"{scenario}, style {style}, seed {seed}: no frame kept the layout of the one before")
    frame_s, decode_s = statistics.median(spent), statistics.median(decodes)
    return {
        "first_ms": 1e3 * first,
        "frame_ms": 1e3 * frame_s,
        "slowest_ms": 1e3 * max(spent),
        "decode_ms": 1e3 * decode_s,
        "ratio": frame_s / decode_s,
        "anew": anew,
        "box_px": box_px,
    }


def main() -> int:
    """Each case to standard error, all as one JSON document at the end."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--frames", type=int, default=40)
    words.add_argument("--seed", type=int, default=3)
    given = words.parse_args()
    cv2.setNumThreads(1)
    rows = {}
    for scenario, style in CASES:
        row = measure(scenario, style, given.seed, given.frames)
        rows[f"{scenario}, style {style}"] = {name: round(value, 2) for name, value in row.items()}
        print(
            f"{scenario:16} style {style}: {row['frame_ms']:.1f} ms a frame (target {TARGET_MS:g}), "
            f"{row['ratio']:.2f} decodes; found in {row['first_ms']:.0f} ms; box of {row['box_px'] / 1e3:.0f} kpx",
            file=sys.stderr,
        )
    met = all(row["frame_ms"] <= TARGET_MS for row in rows.values())
    print(json.dumps({"target_ms": TARGET_MS, "met": met, "cases": rows}))
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
