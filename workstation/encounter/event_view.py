"""A suspected complication as it happens: the running clock, the pathway's next step, every entry one press away.

Nothing here waits for anything and nothing is filled in for the person; what was not recorded stays in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from procedure import telling, wording
from procedure.complication import Suspicion
from procedure.pathway import DOSE_PROFILES
from workstation.encounter.forms.area import FormArea
from workstation.encounter.forms.form import RecordForm
from workstation.live.panel import heading
from workstation.palette import colour, say_in

#: What may be entered: the part of the event, and its button.
ENTRIES = (
    ("signs", "Sign"),
    ("confirmation", "Confirmation"),
    ("doses", "Dose given"),
    ("rechecks", "Re-check"),
    ("measures", "Measure"),
    ("escalations", "Call"),
)
_STEPS_PX = 330


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the pathway: its id, when and what, and how it stands ('', 'done', 'not done'…)."""

    step: str
    when: str
    action: str
    state: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One row of the timeline: the time since the first sign (blank where nobody recorded it), and what."""

    elapsed: str
    what: str


class EventView(QWidget):
    """Shows one event; emits what the person enters."""

    start_wanted = pyqtSignal()
    suspicion_wanted = pyqtSignal(str)
    step_wanted = pyqtSignal(str, bool)  #: a step of the pathway; done, or left out
    entry_wanted = pyqtSignal(str)  #: a part of the event to enter
    keep_wanted = pyqtSignal()
    drop_wanted = pyqtSignal()
    end_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clock = QLabel()
        self.clock.setStyleSheet("font-size: 22pt; font-weight: bold")
        say_in(self.clock, "alarm")
        self.say = QLabel(wording.COMPLICATION)
        self.say.setWordWrap(True)
        self.start = QPushButton("Start: something looks wrong")
        self.start.setProperty("role", "recording")
        self.start.clicked.connect(self.start_wanted)
        self.finish = QPushButton("It is over…")
        self.finish.clicked.connect(self.end_wanted)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self.clock)
        head.addWidget(self.say, 1)
        head.addWidget(self.start)
        head.addWidget(self.finish)
        kinds = QHBoxLayout()
        kinds.setSpacing(6)
        self.suspicions: dict[str, QPushButton] = {}
        for one in Suspicion:
            button = QPushButton(telling.word(one).capitalize())
            button.setCheckable(True)
            button.clicked.connect(lambda _on, one=one: self.suspicion_wanted.emit(one.value))
            self.suspicions[one.value] = button
            kinds.addWidget(button, 1)

        self.steps = QListWidget()
        self.steps.setAccessibleName("Steps of the pathway")
        self.steps.setWordWrap(True)
        self.done, self.left_out = QPushButton("Done now"), QPushButton("Left out")
        self.done.setProperty("role", "primary")
        self.done.clicked.connect(lambda: self._step(True))
        self.left_out.clicked.connect(lambda: self._step(False))
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.done, 1)
        below.addWidget(self.left_out, 1)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(heading("Pathway: the next step is marked ▶"))
        left.addWidget(self.steps, 1)
        left.addLayout(below)
        steps = QWidget()
        steps.setFixedWidth(_STEPS_PX)
        steps.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)

        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        self.entries: dict[str, QPushButton] = {}
        for part, text in ENTRIES:
            button = QPushButton(f"+ {text}")
            button.clicked.connect(lambda _on, part=part: self.entry_wanted.emit(part))
            self.entries[part] = button
            buttons.addWidget(button, 1)
        self.rows = QListWidget()
        self.rows.setAccessibleName("Timeline")
        self.rows.setWordWrap(True)
        for listed in (self.steps, self.rows):
            listed.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.area = FormArea()
        self.wrong, self.reference = QLabel(), QLabel()
        say_in(self.wrong, "warning")
        self.reference.setWordWrap(True)
        self.reference.setProperty("role", "quiet")
        self.keep, self.drop = QPushButton("Keep entry"), QPushButton("Cancel")
        self.keep.setProperty("role", "primary")
        self.keep.clicked.connect(self.keep_wanted)
        self.drop.clicked.connect(self.drop_wanted)
        kept = QHBoxLayout()
        kept.setSpacing(8)
        kept.addWidget(self.wrong, 1)
        kept.addWidget(self.drop)
        kept.addWidget(self.keep)
        self.entry = QWidget()
        entering = QVBoxLayout(self.entry)
        entering.setContentsMargins(0, 0, 0, 0)
        entering.setSpacing(6)
        entering.addWidget(self.reference)
        entering.addWidget(self.area, 1)
        entering.addLayout(kept)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addLayout(buttons)
        right.addWidget(self.entry, 3)
        right.addWidget(self.rows, 2)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(steps)
        both.addLayout(right, 1)
        self.body = QWidget()
        body = QVBoxLayout(self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addLayout(kinds)
        body.addLayout(both, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.body, 1)
        column.addStretch(0)
        self.show_entry(None, "")

    def show_event(self, running: bool, suspicion: str, *, vision: bool, ended: bool) -> None:
        """Whether there is an event, what is suspected, and whether vision is concerned."""
        self.start.setVisible(not running)
        self.finish.setVisible(running and not ended)
        self.clock.setVisible(running)
        self.body.setVisible(running)
        for key, button in self.suspicions.items():
            button.setChecked(key == suspicion)
        self.say.setText(f"<b>{wording.VISION}</b><br>{wording.COMPLICATION}" if vision else wording.COMPLICATION)
        say_in(self.say, "alarm" if vision else "quiet")

    def show_clock(self, text: str) -> None:
        """The time since the first sign; never a time that is left."""
        self.clock.setText(text)

    def show_steps(self, steps: Sequence[StepLine]) -> None:
        """The pathway; the first step without an entry is marked and chosen, unless another one was."""
        chosen = self.steps.currentRow()
        self.steps.clear()
        following = next((n for n, step in enumerate(steps) if not step.state), -1)
        for number, step in enumerate(steps):
            sign = "▶" if number == following else {"": "○", "done": "●"}.get(step.state, "⊘")
            state = f"   ({step.state})" if step.state not in ("", "done") else ""
            item = QListWidgetItem(f"{sign} {step.step}, {step.when}{state}\n{step.action}")
            item.setData(Qt.UserRole, step.step)
            self.steps.addItem(item)
        open_one = 0 <= chosen < len(steps) and not steps[chosen].state
        self.steps.setCurrentRow(chosen if open_one else following)
        self.done.setEnabled(bool(steps))
        self.left_out.setEnabled(bool(steps))

    def show_rows(self, rows: Sequence[TimeLine]) -> None:
        """The timeline, newest entry first; what nobody recorded yet stands above it: it is what comes next."""
        self.rows.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.elapsed or '○'}   {row.what}")
            item.setFlags(Qt.ItemIsEnabled)
            if not row.elapsed:
                item.setForeground(QColor(colour("warning")))
            self.rows.addItem(item)

    @property
    def form(self) -> RecordForm | None:
        """The form of the entry that is open; None where none is."""
        return self.area.form

    def show_entry(self, form: RecordForm | None, part: str) -> None:
        """The form of one entry; None where none is open."""
        self.area.show_form(form)
        self.entry.setVisible(form is not None)
        told = [wording.DOSES, *(f"{p.name}: {p.told} {p.interval}. {p.note} ({p.source})" for p in DOSE_PROFILES)]
        self.reference.setText("<br>".join(told))
        self.reference.setVisible(part == "doses")
        self.tell("")

    def tell(self, text: str) -> None:
        """What the open entry still needs; empty for nothing."""
        self.wrong.setText(text)

    def _step(self, done: bool) -> None:
        item = self.steps.currentItem()
        if item is not None:
            self.step_wanted.emit(item.data(Qt.UserRole), done)
