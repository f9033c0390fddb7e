"""How much a person has to do in the window: presses, keys and seconds, for a vessel through a clip and a whole encounter.

    python -m benchmarks.person_time [--clip-seconds 10]

The same scripted users as in the window's tests, by events alone; each press of the mouse and each key is counted. `window_s`
is how long the window kept them: devices, saves and following, on this machine. `hands_s` is what a trained person's hands
need beside that, by the keystroke-level model (Card, Moran, Newell, CACM 1980;23:396): 1.1 s to point and 0.2 s to press,
0.28 s a key. Looking and thinking, which is the work itself, is in neither. Prints JSON.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.display import display, until, wait
from benchmarks.measuring import report, work_folder

POINT_AND_PRESS_S: Final = 1.1 + 0.2
KEY_S: Final = 0.28


class Counted:
    """Qt's test events, each press and key counted on its way."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.presses = self.keys = 0

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._real, name)

        def counted(*arguments: Any) -> Any:
            if name in ("mouseClick", "mousePress", "mouseDClick"):
                self.presses += 1
            elif name == "keyClick":
                self.keys += 1
            elif name == "keyClicks":
                self.keys += len(arguments[1])
            return act(*arguments)

        return counted

    def of(self, act: Callable[[], None]) -> dict[str, float]:
        """What one piece of work takes."""
        self.presses = self.keys = 0
        began_s = time.perf_counter()
        act()
        hands_s = self.presses * POINT_AND_PRESS_S + self.keys * KEY_S
        return {
            "presses": self.presses,
            "keys": self.keys,
            "window_s": round(time.perf_counter() - began_s, 1),
            "hands_s": round(hands_s, 1),
        }


def label_through_clip(program: Any, seconds: float, counted: Counted) -> dict[str, float]:
    """One vessel on the first frame of a clip, named, followed through it and taken over."""
    from PyQt5.QtCore import QPoint, Qt

    from tests.gui import events
    from tests.gui.using import start

    window = program.window
    start(program)
    window.live_panel.clip.click()
    wait(seconds)
    window.live_panel.clip.click()
    until(lambda: window.live_panel.captures.count() > 0)
    player, panel = window.label_player, window.annotate_panel

    def work() -> None:
        events.press_line(window.live_panel.captures, 0)
        until(lambda: player.canvas.picture is not None)
        counted.keyClick(player.canvas, Qt.Key_E)
        middle = QPoint(player.canvas.width() // 2, player.canvas.height() // 2)
        events.drag(player.canvas, middle, middle + QPoint(40, 30))
        counted.keyClicks(panel.picker.line, "fa")
        counted.keyClick(panel.picker.line, Qt.Key_Return)
        counted.keyClick(player.canvas, Qt.Key_W)
        until(lambda: "Followed on" in window.strip.said.text())
        counted.keyClick(player.canvas, Qt.Key_A, Qt.ShiftModifier)

    told = counted.of(work)
    return told | {"frames": len(player.reel.timestamps_s), "labelled": len(program.desk.history.document.findings)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip-seconds", type=float, default=10.0, help="how long the clip is that is labelled (10)")
    arguments = parser.parse_args()
    with display(), tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        for name in ("STATE", "CONFIG"):
            os.environ[f"SONOFILL_{name}"] = str(Path(folder) / name.lower())
        os.environ["SONOFILL_READ_SCREENS"] = (
            "off"  # as in the tests whose users these are: the profile tells the scale
        )
        from PyQt5.QtTest import QTest
        from PyQt5.QtWidgets import QApplication

        from mock_devices.pedal import SimulatedPedal
        from tests.gui import events, test_whole_encounter
        from workstation.controller import Controller
        from workstation.palette import dress
        from workstation.settings import settings_path

        app = QApplication(["sonofill"])
        dress(app)
        counted = Counted(QTest)
        for module in (events, test_whole_encounter):
            module.QTest = counted  # type: ignore[attr-defined]
        results: dict[str, object] = {}
        with SimulatedPedal() as pedal:
            settings_path().parent.mkdir(parents=True, exist_ok=True)
            settings_path().write_text(f'{{"foot_switch": {{"port": "{pedal.path}"}}}}', "utf-8")

            def with_program(work: Callable[[Any], dict[str, float]], place: str) -> dict[str, float]:
                program = Controller(Path(folder) / place)
                program.window.resize(1280, 720)
                program.window.show()
                program.window.activateWindow()
                program.begin()
                until(lambda: "ready" in program.window.strip.said.text())
                told = work(program)
                program.desk.saved(program.desk.draft())
                program.window.close()
                program.end()
                return told

            results["vessel_through_clip"] = with_program(
                lambda program: label_through_clip(program, arguments.clip_seconds, counted), "clip"
            )
            results["whole_encounter"] = with_program(
                lambda program: counted.of(
                    lambda: test_whole_encounter.test_a_whole_encounter_by_events_alone(program, pedal, "mock:normal")
                ),
                "encounter",
            )
            results["occlusion_rescue"] = with_program(
                lambda program: counted.of(
                    lambda: test_whole_encounter.test_the_occlusion_rescue_by_foot_and_large_buttons_only(
                        program, pedal
                    )
                ),
                "rescue",
            )
    report("person_time", results)


if __name__ == "__main__":
    main()
