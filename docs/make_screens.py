"""The screens of each view, light and dark, at 1280x720 and 4K: `python docs/make_screens.py [FOLDER]`.

Plays the demonstration of the window on the simulated probe (a few minutes), then takes a picture of each page in both
themes. Those of the 4K screen are at half their size in the files. Needs Xvfb where there is no display.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
SIZES: Final = {"720p": (1280, 720), "4k": (3840, 2160)}
_WIDEST_PX: Final = 1920  #: of a file
_QUALITY: Final = 70


def _views(program: Any) -> dict[str, Any]:
    """What brings each view to the front, by its name."""
    window = program.window

    def page(name: str) -> Any:
        return lambda: window.show_page(name)

    def part(name: str) -> Any:
        return lambda: program.encounter.show_part(name)

    return {
        "patient": page("patient"),
        "scan": page("scan"),
        "label": page("label"),
        "encounter-map": part("map"),
        "encounter-vessels": part("vessels"),
        "encounter-complication": part("complications"),
        "compare": page("compare"),
        "review": page("review"),
    }


def take(folder: Path, name: str, size: tuple[int, int]) -> None:
    """All views on a screen of this size, in both themes, as files of `folder`."""
    from PyQt5.QtCore import Qt

    from benchmarks.display import display, until, wait

    os.environ |= {"SONOFILL_READ_SCREENS": "off", "SONOFILL_CONFIG": str(folder / "none")}
    with display(f"{size[0]}x{size[1]}"), tempfile.TemporaryDirectory() as archive:
        from workstation.controller import Controller
        from workstation.demonstration import Demonstration
        from workstation.palette import THEMES, dress
        from workstation.qt_program import qt_program

        app = qt_program()
        program = Controller(Path(archive), device_id="mock:normal")
        window = program.window
        room = app.primaryScreen().availableSize()  # in Qt's pixels: half of the screen's on a 4K one
        window.resize(room)
        window.show()
        program.begin()
        demonstration = Demonstration(program, look_ms=50)
        until(lambda: demonstration.finished, 900)
        demonstration.end()
        window.strip.tell("")
        for theme in THEMES:
            dress(app, theme)
            for view, show in _views(program).items():
                # Opened anew: how fast the machine that takes pictures draws a probe is no matter of theirs.
                program.live.stop()
                program.live.start("mock:normal")
                until(lambda: program.live.running)
                window.show_page("scan")
                until(lambda: window.live_view.frame is not None)
                window.strip.tell("")
                show()
                wait(0.8)
                picture = window.grab().toImage()
                if picture.width() > _WIDEST_PX:
                    picture = picture.scaledToWidth(_WIDEST_PX, Qt.SmoothTransformation)
                if not picture.save(str(folder / f"{view}-{theme}-{name}.webp"), "webp", _QUALITY):
                    raise SystemExit(f"{view} could not be written to {folder}.")
        program.desk.saved(program.desk.draft())
        window.close()
        program.end()


def main() -> None:
    """Parse, and take each size in a process of its own: a program has one screen."""
    import subprocess

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--size", choices=SIZES, help="this one alone")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.size:
        sys.path.insert(0, str(ROOT))
        take(arguments.folder.resolve(), arguments.size, SIZES[arguments.size])
        return
    for size in SIZES:
        subprocess.run([sys.executable, __file__, str(arguments.folder), "--size", size], check=True)


if __name__ == "__main__":
    main()
