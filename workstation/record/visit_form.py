"""The patient's page: who is scanned, in which part of the procedure, which side and region, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotation.vocabulary import REGIONS
from dicom_io.context import Phase
from workstation.palette import TARGET_PX
from workstation.studies.visit import UNNAMED, Visit

_PHASES = {
    Phase.PRE: "Before",
    Phase.DURING: "During",
    Phase.POST: "After",
    Phase.COMPLICATION: "Complication",
    Phase.FOLLOWUP: "Follow-up",
}
_SIDES = {"": "Not said", "R": "Right", "L": "Left", "B": "Both"}


class Choice(QWidget):
    """A row of buttons of which one is down."""

    changed = pyqtSignal(str)

    def __init__(self, options: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, text in options.items():
            button = QPushButton(text)
            button.setCheckable(True)
            button.clicked.connect(lambda _on, key=key: self.changed.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button, 1)

    def rename(self, key: str, text: str) -> None:
        """Another text on one button."""
        self._buttons[key].setText(text)

    def choose(self, key: str) -> None:
        """Put one button down, without a signal; an unknown key lifts all."""
        self._group.setExclusive(key in self._buttons)
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)


class VisitForm(QWidget):
    """Tells each fact as soon as it is entered."""

    told = pyqtSignal(str, str)  #: name of a field of `Visit`, and its value
    photograph_wanted = pyqtSignal()
    new_study_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.patient_id, self.patient_name, self.operator = QLineEdit(), QLineEdit(), QLineEdit()
        self.patient_id.setPlaceholderText("needed before the study can be saved")
        self.patient_name.setPlaceholderText("Family^Given")
        self.operator.setPlaceholderText("who scans and labels")
        for line in (self.patient_id, self.patient_name, self.operator):
            line.setMaxLength(64)
        self.phase = Choice({phase.value: text for phase, text in _PHASES.items()})
        self.side = Choice(_SIDES)
        self.region = QComboBox()
        self.region.addItem("Not said", "")
        for region in REGIONS:
            self.region.addItem(region.name.capitalize(), region.id)

        self._lines = {"patient_id": self.patient_id, "patient_name": self.patient_name, "operator": self.operator}
        for field, line in self._lines.items():
            line.editingFinished.connect(lambda field=field, line=line: self.told.emit(field, line.text().strip()))
        self.phase.changed.connect(lambda key: self.told.emit("phase", key))
        self.side.changed.connect(lambda key: self.told.emit("laterality", key))
        self.region.activated.connect(lambda _i: self.told.emit("region", str(self.region.currentData())))

        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(16)
        for text, widget in (
            ("Patient id", self.patient_id),
            ("Name", self.patient_name),
            ("Part of the procedure", self.phase),
            ("Side", self.side),
            ("Region", self.region),
            ("Operator", self.operator),
        ):
            label = QLabel(text)
            label.setMinimumHeight(TARGET_PX)
            label.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
            label.setBuddy(widget)
            widget.setAccessibleName(label.text())
            form.addRow(label, widget)
        note = QLabel(
            "What is told here holds for what is captured from now on. Capturing never waits for this form: "
            "the patient may be told before the study is saved."
        )
        note.setWordWrap(True)
        note.setProperty("role", "quiet")
        fresh = QPushButton("New study")
        fresh.clicked.connect(self.new_study_wanted)
        self.photograph = QPushButton("Photograph the face…")
        self.photograph.setToolTip("With a second camera, in the pose of the photograph before")
        self.photograph.clicked.connect(self.photograph_wanted)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(note, 1)
        below.addSpacing(16)
        below.addWidget(self.photograph)
        below.addWidget(fresh)

        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addLayout(form)
        middle.addSpacing(20)
        middle.addLayout(below)
        middle.addStretch(2)
        page = QHBoxLayout(self)
        page.addStretch(1)
        page.addLayout(middle, 4)
        page.addStretch(1)

    def offer_people(self, names: Sequence[str]) -> None:
        """Names that are offered while the operator is typed."""
        completer = QCompleter(list(names), self.operator)
        completer.setCaseSensitivity(Qt.CaseInsensitive)
        self.operator.setCompleter(completer)

    def typed(self) -> dict[str, str]:
        """Fields with what was typed and not told yet: a key that saves takes no focus out of the field."""
        return {field: line.text().strip() for field, line in self._lines.items() if line.isModified()}

    def show_visit(self, visit: Visit, *, patient_fixed: bool) -> None:
        """Show what is told so far; the patient of a stored study cannot be changed."""
        self.patient_id.setText("" if visit.patient_id == UNNAMED else visit.patient_id)
        self.patient_name.setText(visit.patient_name)
        self.operator.setText(visit.operator)
        self.phase.choose(visit.phase.value)
        self.side.choose(visit.laterality)
        self.region.setCurrentIndex(max(self.region.findData(visit.region), 0))
        for line in (self.patient_id, self.patient_name):
            line.setReadOnly(patient_fixed)
            line.setToolTip("The study is saved: begin a new one for another patient." if patient_fixed else "")
