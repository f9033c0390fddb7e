"""How the selected thing looked, as the person judges it; of filler also whether it was held against artefacts (S2, S22)."""

from __future__ import annotations

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from annotation import Finding
from procedure.artefacts import FillerCheck
from workstation.languages import tr
from workstation.record.visit_form import Choice

_WITH_AREA = ("vessel", "layer", "filler")
_BRIGHTNESS = {
    "": "Brightness?",
    "anechoic": "Anechoic",
    "hypoechoic": "Hypoechoic",
    "isoechoic": "Isoechoic",
    "hyperechoic": "Hyperechoic",
}
_CHECKS = {"second_plane": "Second plane?", "angle_changed": "Other angle?"}
_ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Unsure"}
ASKED = "Filler, or shadow or anisotropy? Look in a second plane and at another angle, and say what you did."


class Brightness(QComboBox):
    """From black to bright, in the clinical words; blank where nobody said."""

    told = pyqtSignal(str)  #: a word of `annotation.finding.Echogenicity`; empty: nothing is said

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for word, name in _BRIGHTNESS.items():
            self.addItem(tr(name), word)
        self.setAccessibleName(tr("Echogenicity"))
        self.setToolTip(tr("How bright it looks to you. Saving puts the screen's own grey beside your word."))
        self.activated.connect(lambda _place: self.told.emit(self.currentData()))

    def show_finding(self, finding: Finding | None) -> None:
        """Ask of the selected finding, where it has an area."""
        self.setVisible(finding is not None and finding.kind in _WITH_AREA)
        self.setCurrentIndex(self.findData((finding.echogenicity or "") if finding is not None else ""))


class FillerQuestion(QWidget):
    """Whether filler was looked at in a second plane and at another angle; hidden for anything else."""

    told = pyqtSignal(str, str)  #: a field of FillerCheck, and an Answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(tr(ASKED))
        rows = QGridLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.setColumnStretch(1, 1)
        self.checks: dict[str, Choice] = {}
        for row, (field, words) in enumerate(_CHECKS.items()):
            choice = Choice({key: tr(word) for key, word in _ANSWERS.items()})
            choice.setAccessibleName(tr(words))
            choice.changed.connect(lambda answer, field=field: self.told.emit(field, answer))
            self.checks[field] = choice
            rows.addWidget(QLabel(tr(words)), row, 0)
            rows.addWidget(choice, row, 1)
        self.hide()

    def show_finding(self, finding: Finding | None, check: FillerCheck | None) -> None:
        """Ask of the selected finding; `check` is what was answered of it, None where nothing was."""
        self.setVisible(finding is not None and finding.kind == "filler" and finding.status == "confirmed")
        for field, choice in self.checks.items():
            choice.choose(str(getattr(check, field) or "") if check is not None else "")
