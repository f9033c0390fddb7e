"""The encounter's page: its steps on the left, the entries and the form of one step beside them, what is blank below."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QShortcut,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.encounter.forms.area import FormArea
from workstation.encounter.forms.form import RecordForm
from workstation.encounter.pack_code.bar import PackCodeBar
from workstation.encounter.read_off.bar import ReadOffBar
from workstation.live.panel import heading
from workstation.palette import say_in

_STEPS_PX = 236


class EncounterPage(QWidget):
    """Emits which step and entry the user wants; shows what it is given."""

    step_wanted = pyqtSignal(int)  #: a place in the list of steps, from 0
    entry_wanted = pyqtSignal(int)  #: a place in the list of the step's entries
    add_wanted = pyqtSignal()
    remove_wanted = pyqtSignal()
    sign_wanted = pyqtSignal()
    attest_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = QListWidget()
        self.steps.setAccessibleName("Steps of the encounter")
        self.steps.setProperty("role", "steps")
        self.steps.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.steps.currentRowChanged.connect(lambda row: self.step_wanted.emit(row) if row >= 0 else None)
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.sign, self.attest = QPushButton("Make final…"), QPushButton("Attest…")
        self.sign.clicked.connect(self.sign_wanted)
        self.attest.clicked.connect(self.attest_wanted)
        side = QWidget()
        side.setFixedWidth(_STEPS_PX)
        side.setProperty("role", "bar")
        side.setAttribute(Qt.WA_StyledBackground)
        left = QVBoxLayout(side)
        left.setContentsMargins(12, 12, 12, 12)
        left.setSpacing(8)
        left.addWidget(heading("Steps   ○ blank   ? asked"))
        left.addWidget(self.steps, 1)
        left.addWidget(self.state)
        signing = QHBoxLayout()
        signing.setSpacing(8)
        signing.addWidget(self.sign)
        signing.addWidget(self.attest)
        left.addLayout(signing)

        self.title, self.hint = heading(""), QLabel()
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "quiet")
        self.entries = QListWidget()
        self.entries.setAccessibleName("Entries of this step")
        self.entries.setMaximumHeight(104)
        self.entries.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.entries.currentRowChanged.connect(lambda row: self.entry_wanted.emit(row) if row >= 0 else None)
        self.add, self.remove = QPushButton("Add"), QPushButton("Take out")
        self.add.setProperty("role", "primary")
        for button, key in ((self.add, "Ctrl+Return"), (self.remove, "Ctrl+Delete")):
            button.setToolTip(key)
            QShortcut(key, self, button.click)
        self.add.clicked.connect(self.add_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.wrong = QLabel()
        say_in(self.wrong, "warning")
        self.area = FormArea()
        self.read_off = ReadOffBar()
        self.pack_code = PackCodeBar()
        self.lacks = QListWidget()
        self.lacks.setAccessibleName("What is blank or asked in this step")
        self.lacks.setMaximumHeight(116)
        self.lacks.setWordWrap(True)
        step = QWidget()
        middle = QVBoxLayout(step)
        middle.setContentsMargins(16, 12, 16, 12)
        middle.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.title)
        top.addWidget(self.wrong, 1)
        top.addWidget(self.remove)
        top.addWidget(self.add)
        middle.addLayout(top)
        middle.addWidget(self.hint)
        middle.addWidget(self.entries)
        middle.addWidget(self.read_off)
        middle.addWidget(self.pack_code)
        middle.addWidget(self.area, 1)
        middle.addWidget(self.lacks)
        self.views = QStackedWidget()
        self.views.addWidget(step)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self.views, 1)

    @property
    def form(self) -> RecordForm | None:
        """The form of the entry that is open; None where none is."""
        return self.area.form

    def add_view(self, view: QWidget) -> int:
        """A view that stands in place of a step's form: the face map, the log, an event. Its place among the views."""
        place: int = self.views.addWidget(view)
        return place

    def show_steps(self, titles: Sequence[str], chosen: int) -> None:
        """The steps with their numbers; the chosen one stays."""
        self.steps.blockSignals(True)
        if self.steps.count() != len(titles):
            self.steps.clear()
            self.steps.addItems(list(titles))
        for place, text in enumerate(titles):
            item = self.steps.item(place)
            if item is not None and item.text() != text:
                item.setText(text)
        self.steps.setCurrentRow(chosen)
        self.steps.blockSignals(False)

    def show_step(self, title: str, hint: str, *, many: bool) -> None:
        """The head of a step."""
        self.views.setCurrentIndex(0)
        self.title.setText(title)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.entries.setVisible(many)
        self.add.setText("Add" if many else "Begin")

    def show_entries(self, lines: Sequence[str], chosen: int) -> None:
        """The entries of the step; `chosen` -1 for none."""
        self.entries.blockSignals(True)
        self.entries.clear()
        self.entries.addItems(list(lines))
        self.entries.setCurrentRow(chosen)
        self.entries.blockSignals(False)

    def show_form(self, form: RecordForm | None) -> None:
        """The form of the entry that is open; None where none is."""
        self.area.show_form(form)
        self.remove.setEnabled(form is not None)
        self.tell("")

    def show_lacks(self, lines: Sequence[str]) -> None:
        """What the step lacks and is asked about, a line each."""
        self.lacks.clear()
        for line in lines:
            item = QListWidgetItem(line)
            item.setFlags(Qt.ItemIsEnabled)
            item.setToolTip(line)
            self.lacks.addItem(item)
        self.lacks.setVisible(bool(lines))

    def show_state(self, text: str, *, may_sign: bool, may_attest: bool) -> None:
        """Draft, final or attested, and which of the two comes next."""
        self.state.setText(text)
        self.sign.setEnabled(may_sign)
        self.attest.setEnabled(may_attest)

    def tell(self, text: str) -> None:
        """What the open entry still needs before it stands in the record; empty for nothing."""
        self.wrong.setText(text)
