"""The demonstration in the window: the same pre-scan as `sonofill demo --headless`, step by step, for a person to watch."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, QTimer

from annotation import Add, SetNote
from workstation.controller import Controller
from workstation.demo import demo_labels, demo_visit

_LOOK_MS = 2500  #: between two steps, so that a person can see each
_CLIP_S = 4
_CHECK_MS = 100


class Demonstration(QObject):
    """Waits for each step to be done before the next; ends with the saved study open on the review page."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._c = controller
        self.finished = False
        for field, value in demo_visit().model_dump(mode="json", exclude={"study_instance_uid", "started_at"}).items():
            controller.tell_visit(field, str(value))
        controller.window.tell("Demonstration: the simulated probe is recorded, labelled and saved.")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        self._steps: list[tuple[Callable[[], object], Callable[[], object]]] = [
            (lambda: controller.window.live_view.frame is not None, lambda: None),
            (lambda: True, lambda: self._timer.setInterval(_CLIP_S * 1000)),
            (lambda: True, lambda: controller.live.save_last(_CLIP_S)),
            (lambda: controller.desk.study.captures, controller.live.still),
            (lambda: len(controller.desk.study.captures) > 1, self._label),
            (lambda: True, controller.save),
            (lambda: controller.desk.stored, lambda: controller.window.show_page("review")),
            (lambda: True, lambda: controller.review.open(controller.desk.study.visit.study_instance_uid)),
            (lambda: controller.review.opened is not None, self._done),
        ]
        self._timer.start(_CHECK_MS)

    def end(self) -> None:
        """Take no further step."""
        self._timer.stop()

    def _step(self) -> None:
        """Do the next step if what it waits for is there; look again soon otherwise."""
        ready, act = self._steps[0]
        if not ready():
            self._timer.start(_CHECK_MS)
            return
        self._steps.pop(0)
        self._timer.setInterval(_LOOK_MS)
        act()
        if self._steps:
            self._timer.start()

    def _label(self) -> None:
        """The simulated probe's own truth as labels, each one a command that can be undone."""
        controller = self._c
        controller.window.show_page("label")
        controller.labels.show_capture(len(controller.desk.study.captures) - 1)
        document = demo_labels(controller.desk.study.captures)
        for finding in document.findings:
            controller.desk.history.do(Add(finding))
        for note in document.notes:
            controller.desk.history.do(SetNote(note))

    def _done(self) -> None:
        self.finished = True
        self._c.window.tell("Demonstration done: this study was read back from its files.")
