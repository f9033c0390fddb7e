"""Starts the window."""

from __future__ import annotations

from pathlib import Path

from workstation.at_start import keep_lasting
from workstation.controller import Controller
from workstation.demonstration import Demonstration
from workstation.qt_program import qt_program, show_in_room, told_and_stopped
from workstation.settings import SettingsUnreadable, load_settings, settings_path


def main(archive: Path, device_id: str | None = None, demo: bool = False) -> int:
    """Open the window on the archive in folder `archive` and stay until it is closed; returns the exit status.

    `device_id` is started at once. `demo` shows a whole pre-scan from the simulated probe, as `sonofill demo` does.
    Raises the archive's errors where the folder cannot be used.
    """
    app = qt_program(_language())
    controller = Controller(archive, device_id="mock:normal" if demo and device_id is None else device_id)

    keep_lasting()

    def tell(kind: str) -> None:
        controller.window.tell(
            f"The program met a fault of its own ({kind}). Recording goes on; save the study, then start anew.",
            trouble=True,
        )

    with told_and_stopped(tell, controller.window.close):
        show_in_room(controller.window, app)
        controller.begin()
        demonstration = Demonstration(controller) if demo else None
        if not demo:
            controller.guide.show_first_time()
        try:
            return int(app.exec_())
        finally:
            if demonstration is not None:
                demonstration.end()
            controller.end()


def _language() -> str:
    """What the settings say; English where they cannot be read, which the window tells."""
    try:
        return load_settings(settings_path()).language
    except SettingsUnreadable:
        return "en"
