"""Starts the reviewer's window."""

from __future__ import annotations

from workstation.admission import ReaderLock
from workstation.judging.control import JudgingControl
from workstation.judging.loading import Task
from workstation.people import Gate, acting
from workstation.qt_program import qt_program, show_in_room, told_and_stopped
from workstation.settings import load_settings, settings_path


def main(task: Task) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    app = qt_program()
    control = JudgingControl(task)
    lock = _lock(control, task)

    def tell(kind: str) -> None:
        control.window.panel.tell(f"The program met a fault of its own ({kind}).", trouble=True)

    with told_and_stopped(tell, app.quit):
        show_in_room(control.window, app)
        control.begin()
        if lock is not None:
            lock.begin()
        try:
            return int(app.exec_())
        finally:
            if lock is not None:
                lock.end()
            control.end()


def _lock(control: JudgingControl, task: Task) -> ReaderLock | None:
    """Where sign-in is set up, the reader whom the command let in is asked again after a while. Raises SettingsUnreadable."""
    reader = acting()
    if reader is None:
        return None
    idle_s = load_settings(settings_path()).idle_lock_minutes * 60.0
    return ReaderLock(control.window, control.work, Gate(task.records), reader, idle_s, control)
