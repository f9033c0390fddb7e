"""Text on the screen of a 1080p clip covered (decision 0012): processor time of a frame, beside decoding and encoding.

    python -m benchmarks.cover_text [--frames 200] [--rounds 3]

cover: two boxes, one in the first and one in the last rows, so that the walk goes over the whole picture; the JPEG comes
out with every other block as it was. again: OpenCV decodes, blackens and encodes at quality 90, which changes every pixel.
proof: both pictures decoded and every pixel outside the boxes compared, as `archive deidentify` does it after covering. The
machine code is made before. On one core. Goal: a 30 s clip is covered at least as fast as it plays. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

import numpy as np

from benchmarks.material import FPS, HEIGHT, WIDTH, jpegs
from benchmarks.measuring import Row, figures, ratios, report, rounds, timed

CASES = ["again", "cover", "proof"]
BOXES = [(16, 8, 400, 40), (WIDTH - 400, HEIGHT - 40, WIDTH - 16, HEIGHT - 8)]


def work_of(case: str) -> Callable[[bytes], object]:
    """What is done with a frame."""
    import simplejpeg

    from devices.cv import cv2
    from dicom_io.deidentify.jpeg_cover import cover
    from dicom_io.deidentify.pictures import same_outside

    def again(data: bytes) -> object:
        picture = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
        for x0, y0, x1, y1 in BOXES:
            picture[y0:y1, x0:x1] = 0
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])

    kept = [np.empty((HEIGHT, WIDTH, 3), np.uint8) for _ in range(2)]

    def proof(data: bytes) -> object:
        # The same bytes twice: what it costs does not depend on what is black in them.
        before, after = (simplejpeg.decode_jpeg(data, "BGR", buffer=one) for one in kept)
        return same_outside(before, after, BOXES)

    return {"again": again, "cover": lambda data: cover(data, BOXES), "proof": proof}[case]


def one_case(case: str, count: int) -> Row:
    """Processor time of a frame, ms, and frames a second of it."""
    frames, work = list(jpegs(count)), work_of(case)
    work(frames[0])

    def all_of_them() -> None:
        for data in frames:
            work(data)

    each_s = timed(all_of_them)["cpu_s"] / count
    return {"ms": each_s * 1000, "frames_per_s": 1 / each_s, "times_as_fast_as_it_plays": 1 / each_s / FPS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        print(json.dumps(one_case(options.case, options.frames)))
        return
    rows = rounds("benchmarks.cover_text", CASES, options.rounds, "--frames", str(options.frames))
    report("cover_text", {"rows": figures(rows), "times_again": ratios(rows, "again", "ms")})


if __name__ == "__main__":
    main()
