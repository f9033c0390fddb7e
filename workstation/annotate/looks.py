"""How the selected thing looked, as the person judges it; of filler also whether it was held against artefacts (S2, S22)."""

from __future__ import annotations

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from annotation import Finding
from procedure.artefacts import FillerCheck
from workstation.record.visit_form import Choice

_WITH_AREA = ("vessel", "layer", "filler")
_ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Unsure"}
ASKED = "Filler, or shadow or anisotropy? Look in a second plane and at another angle, and say what you did."


class Looks(QWidget):
    """Emits what the person says; shows what was said."""

    brightness_told = pyqtSignal(str)  #: a word of `annotation.finding.Echogenicity`
    check_told = pyqtSignal(str, str)  #: a field of FillerCheck, and an Answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.brightness = Choice(
            {"anechoic": "Black", "hypoechoic": "Dark", "isoechoic": "Equal", "hyperechoic": "Bright"}
        )
        self.brightness.setToolTip(
            "How bright it looks: anechoic, hypoechoic, isoechoic, hyperechoic. The same again takes it back."
        )
        self.brightness.setAccessibleName("Echogenicity")
        self.brightness.changed.connect(self.brightness_told)
        column.addWidget(self.brightness)
        self.question = QLabel(ASKED)
        self.question.setWordWrap(True)
        column.addWidget(self.question)
        self.checks: dict[str, Choice] = {}
        self._lines: list[QWidget] = [self.question]
        for field, words in (("second_plane", "Seen in a second plane?"), ("angle_changed", "And at another angle?")):
            label, choice = QLabel(words), Choice(_ANSWERS)
            choice.setAccessibleName(words)
            choice.changed.connect(lambda answer, field=field: self.check_told.emit(field, answer))
            self.checks[field] = choice
            for line in (label, choice):
                column.addWidget(line)
                self._lines.append(line)
        self.show_finding(None, None)

    def show_finding(self, finding: Finding | None, check: FillerCheck | None) -> None:
        """Ask of the selected finding; `check` is what was answered of it, None where nothing was."""
        self.brightness.setVisible(finding is not None and finding.kind in _WITH_AREA)
        self.brightness.choose((finding.echogenicity or "") if finding is not None else "")
        filler = finding is not None and finding.kind == "filler" and finding.status == "confirmed"
        for line in self._lines:
            line.setVisible(filler)
        for field, choice in self.checks.items():
            choice.choose(str(getattr(check, field) or "") if check is not None else "")
