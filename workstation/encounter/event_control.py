"""What the view of an event does: starts it with one press, times every entry, and shows what was not recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QInputDialog, QWidget

from procedure import Protocol
from procedure.asepsis import Doing
from procedure.complication import (
    Complication,
    Confirmed,
    Dose,
    Escalation,
    Measure,
    PathwayStep,
    Recheck,
    SignSeen,
    StepId,
    Suspicion,
)
from procedure.documents import concerns_vision, elapsed
from procedure.errors import FieldWrong
from procedure.pathway import STEPS
from procedure.record import Record
from procedure.timeline import RowKind, not_done, timeline
from workstation.desk import Desk
from workstation.encounter.event_view import ENTRIES, EventView, StepLine, TimeLine
from workstation.encounter.forms.choices import Choices
from workstation.encounter.forms.form import RecordForm, starting_values
from workstation.encounter.in_hand import now

KINDS: dict[str, type[Record]] = {
    "signs": SignSeen,
    "confirmation": Confirmed,
    "doses": Dose,
    "rechecks": Recheck,
    "measures": Measure,
    "escalations": Escalation,
}
_ENTERED = dict(ENTRIES)
_TICK_MS = 1000


class EventControl(QObject):
    """The newest event of the encounter. Its clock runs from the first sign until somebody writes that it is over."""

    started = pyqtSignal()  #: an event was started: what is captured from now on belongs to it

    name = "complications"

    def __init__(self, desk: Desk, protocols: Mapping[str, Protocol], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._protocols = desk, protocols
        self.view = EventView()
        self.widget: QWidget = self.view
        self._part = ""
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._tick)
        self.view.start_wanted.connect(self.start)
        self.view.suspicion_wanted.connect(self.suspect)
        self.view.step_wanted.connect(self.step)
        self.view.entry_wanted.connect(self.enter)
        self.view.keep_wanted.connect(self.keep)
        self.view.drop_wanted.connect(lambda: self.view.show_entry(None, ""))
        self.view.end_wanted.connect(self._ask_outcome)
        self.refresh()

    @property
    def newest(self) -> Complication | None:
        """The newest event; None where there was none."""
        events = self._desk.encounter.record.complications
        return events[-1] if events else None

    @property
    def running(self) -> bool:
        """Whether an event was started and is not over."""
        return self.newest is not None and self.newest.ended_at is None

    def start(self) -> None:
        """Start an event now; where one runs it stays the one. It is put right later: a suspicion is no finding."""
        if self.running:
            return
        encounter = self._desk.encounter
        event = Complication(suspicion=Suspicion.OCCLUSION, noticed_at=now(), noticed_by=encounter.by)
        encounter.add("Suspected complication: started", complications=event)
        self.started.emit()

    def suspect(self, key: str) -> None:
        """Something else is suspected."""
        event = self.newest
        if event is not None and event.suspicion != key:
            self._change(replace(event, suspicion=Suspicion(key)), f"suspected {key}")
        self.refresh()

    def step(self, step_id: str, done: bool) -> None:
        """A step of the pathway was done now, or is left out."""
        event, encounter = self.newest, self._desk.encounter
        if event is None:
            return
        doing = Doing.DONE if done else Doing.NOT_DONE
        entry = PathwayStep(step=StepId(step_id), doing=doing, at=now(), by=encounter.by)
        self._change(replace(event, steps=(*event.steps, entry)), f"{step_id} {doing}")

    def enter(self, part: str) -> None:
        """Begin an entry; it is timed from this moment, and the moment can be put right."""
        encounter = self._desk.encounter
        self._part = part
        form = RecordForm(KINDS[part], Choices(encounter.record, self._desk.history.document, self._protocols))
        form.show_record(None, starting_values(KINDS[part], encounter.by))
        self.view.show_entry(form, part)

    def keep(self) -> None:
        """Take the open entry into the event."""
        event, form = self.newest, self.view.form
        if event is None or form is None:
            return
        try:
            entry = form.record()
        except FieldWrong as error:
            self.view.tell(str(error))
            return
        held = getattr(event, self._part)
        self.view.show_entry(None, "")
        longer: dict[str, Any] = {self._part: (*held, entry)}
        self._change(replace(event, **longer), f"{_ENTERED[self._part]} entered")

    def finish(self, outcome: str) -> None:
        """The person in charge writes that it is over."""
        event = self.newest
        if event is not None:
            self._change(replace(event, ended_at=now(), outcome=outcome), "over")

    def title(self) -> str:
        """Its line in the list of steps."""
        events = self._desk.encounter.record.complications
        return f"Complication   {len(events) or ''}".rstrip()

    def refresh(self) -> None:
        """The record changed."""
        event = self.newest
        self.view.show_event(
            event is not None,
            event.suspicion.value if event is not None else "",
            vision=event is not None and concerns_vision(event),
            ended=event is not None and event.ended_at is not None,
        )
        if event is None:
            self._ticks.stop()
            return
        self._tick()
        if self.running and not self._ticks.isActive():
            self._ticks.start()
        elif not self.running:
            self._ticks.stop()
        known = {entry.step: entry.doing.replace("-", " ") for entry in event.steps}
        suspicion = Suspicion.VISUAL if concerns_vision(event) else event.suspicion
        self.view.show_steps(
            [StepLine(s.step, s.when, s.action, known.get(s.step, "")) for s in STEPS.get(suspicion, ())]
        )
        recorded = [row for row in timeline(event) if row.at is not None]
        open_rows = [row for row in not_done(event) if row.at is None and row.kind is not RowKind.STEP]
        lines = [TimeLine("", row.what) for row in open_rows]
        lines += [TimeLine(elapsed(row.elapsed_s), row.what) for row in reversed(recorded)]
        self.view.show_rows(lines)

    def end(self) -> None:
        """The window closes."""
        self._ticks.stop()

    def _change(self, event: Complication, what: str) -> None:
        encounter = self._desk.encounter
        earlier = encounter.record.complications[:-1]
        encounter.change(replace(encounter.record, complications=(*earlier, event)), f"Complication: {what}")

    def _tick(self) -> None:
        event = self.newest
        if event is not None:
            until: datetime = event.ended_at or now()
            self.view.show_clock(f"{elapsed((until - event.noticed_at).total_seconds())} since the first sign")

    def _ask_outcome(self) -> None:
        outcome, given = QInputDialog.getText(self.view, "It is over", "How did it end? In words:")
        if given:
            self.finish(outcome.strip())
