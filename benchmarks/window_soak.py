"""The window for a long time: does it grow, does it lose frames.

    python -m benchmarks.window_soak [--minutes 60]

The whole window on the simulated probe at its true rate. Each minute a still, each five minutes the last 20 s, a label on the
still, the study saved and another one begun. Each ten seconds the resident memory of the program and of its children is
noted, its open files and its threads; the first fifth is left out as warming up. `slope_mib_per_h` is the least-squares slope
with its 95 % interval (by blocks of a minute, since neighbouring samples are alike). Goal: the interval holds 0, no frame
lost. Prints JSON.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.display import display, until, wait
from benchmarks.measuring import report, work_folder

_SAMPLE_S: Final = 10.0
_WARM_UP: Final = 0.2


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the program; memory of it and its children in MiB."""

    at_s: float
    memory_mib: float
    files: int
    threads: int


def look(began_s: float) -> Sample:
    """How the program stands now."""
    import psutil

    own = psutil.Process()
    memory = own.memory_info().rss + sum(child.memory_info().rss for child in own.children(recursive=True))
    return Sample(time.monotonic() - began_s, memory / (1 << 20), own.num_fds(), own.num_threads())


def slope_per_h(at_s: Sequence[float], values: Sequence[float]) -> tuple[float, float, float]:
    """Least-squares slope of `values` in an hour, and its 95 % interval. ValueError for fewer than eight values."""
    count = len(values)
    if count < 8:
        raise ValueError("a slope with an interval needs eight values")
    hours = [s / 3600 for s in at_s]
    middle, mean = sum(hours) / count, sum(values) / count
    spread = sum((h - middle) ** 2 for h in hours)
    slope = sum((h - middle) * (v - mean) for h, v in zip(hours, values, strict=True)) / spread
    rest = sum((v - mean - slope * (h - middle)) ** 2 for h, v in zip(hours, values, strict=True))
    error = math.sqrt(rest / (count - 2) / spread)
    # Student's t at 97.5 %, by Cornish and Fisher's expansion: within 1 % from eight values on.
    free, z = count - 2, 1.959964
    t = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    return slope, slope - t * error, slope + t * error


def blocks(samples: Sequence[Sample], length_s: float = 60.0) -> tuple[list[float], list[float]]:
    """The samples after the warm-up as means of blocks: their times, and their memory."""
    if not samples:
        return [], []
    kept = [sample for sample in samples if sample.at_s >= _WARM_UP * samples[-1].at_s]
    by_block: dict[int, list[Sample]] = {}
    for sample in kept:
        by_block.setdefault(int(sample.at_s // length_s), []).append(sample)
    return (
        [sum(s.at_s for s in block) / len(block) for block in by_block.values()],
        [sum(s.memory_mib for s in block) / len(block) for block in by_block.values()],
    )


def minute_of_work(program: Any, number: int) -> None:
    """What a person does in a minute: a still; each fifth minute a clip and a label, saved, and another study."""
    from annotation import Add, Finding, Point

    desk, panel = program.desk, program.window.live_panel
    before = len(desk.study.captures)
    panel.still.click()
    until(lambda: len(desk.study.captures) > before)
    if number % 5 == 4:
        panel.last.click()
        until(lambda: len(desk.study.captures) > before + 1)
        image = desk.study.captures[-1].key
        desk.history.do(Add(Finding(kind="point", shape=Point(at=(9, 9)), name="tip", image=image, by="soak")))
        program.tell_visit("patient_id", f"SOAK-{number}")
        program.window.save.click()
        until(lambda: desk.stored and not desk.dirty)
        program.new_study()


def measure(minutes: float) -> dict[str, object]:
    """Let the window run."""
    from PyQt5.QtWidgets import QApplication

    from workstation.controller import Controller
    from workstation.palette import dress

    app = QApplication([])
    dress(app)
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        program = Controller(Path(folder) / "archive", device_id="mock:normal")
        program.window.resize(1280, 680)
        program.window.show()
        program.begin()
        until(lambda: program.window.live_view.frame is not None)
        began_s, done = time.monotonic(), 0
        while time.monotonic() - began_s < 60 * minutes:
            wait(_SAMPLE_S)
            samples.append(look(began_s))
            if time.monotonic() - began_s >= 60 * (done + 1):
                minute_of_work(program, done)
                done += 1
        feed = program.live._feed
        status = feed.status() if feed is not None else None
        program.window.may_close = True
        program.window.hide()
        program.end()
    slope, low, high = slope_per_h(*blocks(samples))
    return {
        "minutes": minutes,
        "slope_mib_per_h": [round(x, 2) for x in (slope, low, high)],
        "memory_mib": [round(samples[0].memory_mib, 1), round(samples[-1].memory_mib, 1)],
        "files": [samples[0].files, samples[-1].files],
        "threads": [samples[0].threads, samples[-1].threads],
        "frames": None if status is None else {"kept": status.kept, "lost": status.lost, "corrupt": status.corrupt},
    }


def main() -> None:
    """Parse, find a display, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="at least 10, for a slope with an interval")
    arguments = parser.parse_args()
    if arguments.minutes < 10:
        parser.error("at least 10 minutes: a slope needs eight blocks of a minute after the warm-up")
    with display():
        report("window_soak", measure(arguments.minutes))


if __name__ == "__main__":
    main()
