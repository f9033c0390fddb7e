"""The longest pause of the window's event loop, in each part of a visit on the simulated probe.

    python -m benchmarks.window_pauses [--seconds 10]

A timer of 5 ms beats in the window's thread; a pause is the time between two beats less those 5 ms. While it lasts nobody is
answered: no key, no picture. Everything is done by the window's own buttons, keys and mouse; screens are read as they are for
a user. Goal: no pause above 100 ms on a quiet machine. Prints JSON.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.display import display, until, wait
from benchmarks.measuring import report, work_folder

_BEAT_MS: Final = 5
_STILLS: Final = 10
_LABELS: Final = 20


class Pulse:
    """Beats in the window's thread, and keeps the pauses of the part that is being measured."""

    def __init__(self) -> None:
        from PyQt5.QtCore import Qt, QTimer

        self.pauses_ms: list[float] = []
        self._last_s = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def end(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def part(self, act: Callable[[], None]) -> dict[str, float]:
        """Do a part of the visit: its longest pause and how many were above 50 ms and 100 ms."""
        self.pauses_ms.clear()
        self._last_s = time.perf_counter()
        act()
        wait(0.05)  # the beat after the last pause
        pauses = sorted(self.pauses_ms)
        return {
            "longest_ms": round(pauses[-1], 1),
            "above_50_ms": sum(ms > 50 for ms in pauses),
            "above_100_ms": sum(ms > 100 for ms in pauses),
        }

    def _beat(self) -> None:
        now_s = time.perf_counter()
        self.pauses_ms.append(max(0.0, 1000 * (now_s - self._last_s) - _BEAT_MS))
        self._last_s = now_s


def visit(program: Any, seconds: float) -> dict[str, Callable[[], None]]:
    """The parts of a visit, in their order."""
    from PyQt5.QtCore import QPoint, Qt
    from PyQt5.QtTest import QTest

    window, desk = program.window, program.desk
    panel, canvas = window.live_panel, window.label_player.canvas

    def start() -> None:
        until(lambda: panel.devices.count() > 0)
        panel.choose("mock:normal")
        panel.run.click()
        until(lambda: window.live_view.frame is not None)

    def stills() -> None:
        for number in range(_STILLS):
            panel.still.click()
            wait(0.3)
            until(lambda number=number: len(desk.study.captures) > number)  # type: ignore[misc]

    def clip() -> None:
        panel.last.click()
        until(lambda: len(desk.study.captures) > _STILLS)

    def label() -> None:
        window.show_page("label")
        program.labels.show_capture(0)
        until(lambda: canvas.picture is not None)
        for number in range(_LABELS):
            at = QPoint(60 + 40 * (number % 10), 120 + 120 * (number // 10))
            QTest.keyClick(canvas, "E")
            QTest.mousePress(canvas, Qt.LeftButton, Qt.NoModifier, at)
            QTest.mouseMove(canvas, at + QPoint(12, 12))
            QTest.mouseRelease(canvas, Qt.LeftButton, Qt.NoModifier, at + QPoint(18, 14))
            wait(0.05)

    def play() -> None:
        program.labels.show_capture(_STILLS)
        until(lambda: window.label_player.play.isEnabled())
        window.label_player.play.click()
        wait(seconds)

    def save() -> None:
        program.tell_visit("patient_id", "P-1")
        window.save.click()
        until(lambda: desk.stored and not desk.dirty)

    def pages() -> None:
        for page in ("patient", "scan", "label", "encounter", "compare", "review"):
            window.show_page(page)
            wait(0.3)
        for part in ("map", "complications", "products", "plans"):
            program.encounter.show_part(part)
            wait(0.3)

    def stop() -> None:
        program.live.stop()
        wait(1.0)

    def open_stored() -> None:
        window.show_page("review")
        until(lambda: window.review_panel.studies.count() > 0)
        window.review_panel.studies.setCurrentRow(0)
        window.review_panel.open.click()
        until(lambda: window.review_player.canvas.picture is not None)

    return {
        "start": start,
        "live": lambda: wait(seconds),
        "stills": stills,
        "last_20_s": clip,
        "label": label,
        "play": play,
        "screens_read": lambda: until(lambda: not desk.unread),
        "save": save,
        "pages": pages,
        "open_stored": open_stored,
        "stop": stop,
    }


def measure(seconds: float) -> dict[str, object]:
    """Go through the visit."""
    from PyQt5.QtWidgets import QApplication

    from workstation.controller import Controller
    from workstation.palette import dress

    app = QApplication([])
    dress(app)
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        program = Controller(Path(folder) / "archive")
        program.window.resize(1280, 680)
        program.window.show()
        pulse = Pulse()
        parts = {"begin": pulse.part(program.begin)}
        parts |= {name: pulse.part(act) for name, act in visit(program, seconds).items()}
        pulse.end()
        program.window.may_close = True
        program.window.hide()
        program.end()
    return {"longest_ms": max(part["longest_ms"] for part in parts.values()), "parts": parts}


def main() -> None:
    """Parse, find a display, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of the live picture and of playing")
    arguments = parser.parse_args()
    with display():
        report("window_pauses", measure(arguments.seconds))


if __name__ == "__main__":
    main()
