"""Starts the reviewer's window."""

from __future__ import annotations

from workstation.judging.control import JudgingControl
from workstation.judging.loading import Task
from workstation.qt_program import qt_program, show_in_room, told_and_stopped


def main(task: Task) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    app = qt_program()
    control = JudgingControl(task)

    def tell(kind: str) -> None:
        control.window.panel.tell(f"The program met a fault of its own ({kind}).", trouble=True)

    with told_and_stopped(tell, app.quit):
        show_in_room(control.window, app)
        control.begin()
        try:
            return int(app.exec_())
        finally:
            control.end()
