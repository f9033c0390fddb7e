"""How fast is the simulated face on one core? Frames a second of new pictures with their truth, and the ratio to a decode.

    python -m benchmarks.simulated_face [frames]

The stream runs at the probe's own rate, so that no frame is a repeated one. Encoding is left out; the ratio is processor
time of one frame to that of decoding the same frame from JPEG (quality 90). Each line begins with the screen style.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import simplejpeg

from devices.cv import cv2
from mock_devices import Clip

_CASES = ("map-jaw-b", "map-nlf-colour", "map-temp-power", "map-nlf-spectral", "injection-ha", "previous-filler")
_TARGET = {(1280, 720): 60.0, (1920, 1080): 30.0}


def measure(scenario: str, size: tuple[int, int], style: int, frames: int) -> tuple[float, float, float]:
    """(seconds to set up, processor seconds of a frame, of a decode)."""
    began = time.process_time()
    probe = Clip(scenario, seed=3, seconds=1.0, fps=30.0, size=size, style=style)
    rate = probe.plan.settings[0].frame_rate_hz
    clip = Clip(scenario, seed=3, seconds=frames / rate, fps=rate, size=size, style=style)
    picture, _ = clip.frame(0)
    ready = time.process_time()
    spent = []
    for number in range(1, frames):
        at = time.process_time()
        picture, told = clip.frame(number)
        spent.append(time.process_time() - at)
        if told["quality"]["repeated"]:
            raise RuntimeError("a repeated frame was measured")
    jpeg = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality=90, colorspace="BGR", colorsubsampling="422")
    at = time.process_time()
    for _ in range(20):
        simplejpeg.decode_jpeg(jpeg, colorspace="BGR")
    decode = (time.process_time() - at) / 20
    return ready - began, float(np.mean(spent)), decode


def main() -> int:
    """The table; 1 unless each rate reaches its target."""
    cv2.setNumThreads(1)
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    met = True
    for size, target in _TARGET.items():
        for style in (0, 2):
            for scenario in _CASES:
                setup, frame, decode = measure(scenario, size, style, frames)
                met = met and 1 / frame >= target
                print(
                    f"{style} {size[0]}x{size[1]} {scenario:18} {1 / frame:6.0f} frames/s (target {target:.0f})  "
                    f"{frame / decode:4.1f} decodes  set up in {setup:.1f} s"
                )
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
