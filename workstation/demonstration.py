"""The demonstration in the window: a whole encounter on the simulated probe, step by step, for a person to watch."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, QTimer

from annotation import Add, SetNote
from procedure import Encounter, Phase
from procedure.answers import Side
from procedure.images import Mode
from procedure.stations import Pressure
from workstation.controller import Controller
from workstation.demo import demo_labels, demo_visit, live_story
from workstation.encounter.in_hand import now
from workstation.encounter.scanning import seen_at, with_sight

LOOK_MS = 2500  #: between two steps, so that a person can see each
_CLIP_S = 4
_CHECK_MS = 100

Step = tuple[Callable[[], object], Callable[[], object]]


class Demonstration(QObject):
    """Waits for each step to be done before the next; ends with the saved study open on the review page."""

    def __init__(self, controller: Controller, look_ms: int = LOOK_MS) -> None:
        super().__init__(controller)
        self._c, self._look_ms = controller, look_ms
        self.finished = False
        for field, value in demo_visit().model_dump(mode="json", exclude={"study_instance_uid", "started_at"}).items():
            controller.tell_visit(field, str(value))
        self._say("the simulated probe is recorded, labelled, and the whole encounter told")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        window = controller.window
        self._steps: list[Step] = [
            (lambda: window.live_view.frame is not None, lambda: None),
            (self._always, lambda: self._tell("consent, history and kit", live_story.before, "consents")),
            (self._always, lambda: self._scan(Phase.PRE, "mala-1")),
            (self._always, lambda: self._timer.setInterval(_CLIP_S * 1000)),
            (self._always, lambda: controller.live.save_last(_CLIP_S)),
            (lambda: self._captured(1), self._take),
            (lambda: self._captured(2), self._label),
            (self._always, lambda: self._scan(Phase.PRE, "mala-2")),
            (self._always, self._take),
            (lambda: self._captured(3), self._label),
            (self._always, lambda: self._show("vessels")),
            (self._always, lambda: self._tell("the plan", live_story.planned, "plans")),
            (self._always, lambda: self._scan(Phase.DURING, "mala-1")),
            (self._always, self._take),
            (lambda: self._captured(4), lambda: self._tell("an injection", live_story.injected, "injections")),
            (self._always, lambda: self._scan(Phase.POST, "mala-1")),
            (self._always, self._take),
            (lambda: self._captured(5), self._label),
            (self._always, lambda: self._tell("the reassessment", live_story.looked_again, "reassessments")),
            (self._always, lambda: window.show_page("compare")),
            (self._always, lambda: self._show("map")),
            (lambda: not controller.desk.unread, controller.encounter.page.sign),
            (lambda: controller.desk.stored and not controller.desk.dirty, lambda: window.show_page("review")),
            (self._always, lambda: controller.review.open(controller.desk.study.visit.study_instance_uid)),
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
        self._timer.setInterval(self._look_ms)
        act()
        if self._steps:
            self._timer.start()

    @staticmethod
    def _always() -> bool:
        return True

    def _captured(self, number: int) -> bool:
        return len(self._c.desk.study.captures) >= number and not self._c.desk.unread

    def _tell(self, what: str, told: Callable[..., Encounter], part: str) -> None:
        """Tell a part of the story, and show it on its page."""
        encounter = self._c.desk.encounter
        encounter.change(told(encounter.record, now()), f"Demonstration: {what}")
        self._show(part)
        self._say(what)

    def _show(self, part: str) -> None:
        controller = self._c
        controller.encounter.show_part(part)
        section = controller.encounter.page.section
        if section is not None and section.many:
            controller.encounter.page.open_entry(0)

    def _scan(self, phase: Phase, station_id: str) -> None:
        """Hold the probe at a station, and answer what has to be seen there."""
        controller = self._c
        controller.tell_visit("phase", phase.value)
        controller.window.show_page("scan")
        scan = controller.encounter.scan
        scan.go(next(s for s in scan.stops() if s.station.id == station_id and s.side is Side.LEFT))
        scan.set_picture(mode=Mode.COLOUR, pressure=Pressure.STAND_OFF)
        self._say(f"station {station_id}")

    def _take(self) -> None:
        self._c.live.still()

    def _label(self) -> None:
        """The simulated probe's own truth as labels, each one a command that can be undone; then the station's answers."""
        controller = self._c
        desk, window = controller.desk, controller.window
        labelled = {finding.image for finding in desk.history.document.findings}
        window.show_page("label")
        controller.labels.show_capture(len(desk.study.captures) - 1)
        document = demo_labels([capture for capture in desk.study.captures if capture.key not in labelled])
        for finding in document.findings:
            desk.history.do(Add(finding))
        for note in document.notes:
            desk.history.do(SetNote(note))
        self._answer({finding.term for finding in document.findings})

    def _answer(self, seen: set[str | None]) -> None:
        """What was labelled was seen; the rest of what the station looks for was not."""
        encounter, scan = self._c.desk.encounter, self._c.encounter.scan
        here, stop = scan.here, scan.stop
        if here is None or stop is None:
            return
        record = live_story.by_doppler(encounter.record)
        for structure in stop.station.look_for if here.phase is Phase.PRE else ():
            if seen_at(record, here, structure) is None:
                record = with_sight(record, here, structure, live_story.sight(structure in seen), encounter.by, now())
        encounter.take(record)
        scan.answer("answered", **live_story.answers(here.phase))

    def _say(self, what: str) -> None:
        self._c.window.tell(f"Demonstration: {what}.")

    def _done(self) -> None:
        self.finished = True
        self._c.window.tell("Demonstration done: this study was read back from its files.")
