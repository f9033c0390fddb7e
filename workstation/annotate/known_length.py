"""Beside the canvas: how long the selected distance is in truth, where the picture does not tell its scale."""

from __future__ import annotations

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QCheckBox, QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workstation.languages import tr

_LONGEST_MM = 300.0
_USUAL_MM = 10.0


class KnownLength(QWidget):
    """Shown where a scale can be given, or one that a person gave can be taken away; hidden otherwise."""

    given = pyqtSignal(float)  #: mm
    unwanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setProperty("role", "quiet")
        self.length = QDoubleSpinBox()
        self.length.setRange(0.5, _LONGEST_MM)
        self.length.setDecimals(1)
        self.length.setValue(_USUAL_MM)
        self.length.setSuffix(" mm")
        self.length.setAccessibleName(tr("True length of the selected distance"))
        self.set = QPushButton(tr("Set scale"))
        self.set.setToolTip(tr("The selected distance is this long in truth: lengths on this picture are then in mm."))
        self.set.clicked.connect(lambda: self.given.emit(self.length.value()))
        self.remember = QCheckBox(tr("Remember for this probe and depth"))
        self.remember.setChecked(True)
        self.remember.setToolTip(tr("Later pictures whose ruler or stated depth is the same take this scale."))
        self.take_away = QPushButton(tr("Take scale away"))
        self.take_away.setToolTip(tr("The scale that was given is wrong: lengths are in pixels again."))
        self.take_away.clicked.connect(self.unwanted)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.length, 1)
        row.addWidget(self.set, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.says)
        column.addLayout(row)
        column.addWidget(self.remember)
        column.addWidget(self.take_away)
        self.show_nothing()

    def show_nothing(self) -> None:
        """The picture tells its scale itself, or nothing is shown."""
        self.hide()

    def show_reading(self) -> None:
        """The picture came a moment ago, and its screen is being read for its scale."""
        self.says.setText(tr("The scale is being read off the screen; lengths are in pixels until then."))
        for widget in (self.length, self.set, self.remember, self.take_away):
            widget.hide()
        self.show()

    def show_asked(self, *, distance: bool) -> None:
        """The picture has no scale; `distance`: one is selected whose true length may be told."""
        self.says.setText(
            tr("How long is this in truth?")
            if distance
            else tr("No scale on this picture. Draw a distance whose length you know (D), and tell it here.")
        )
        for widget in (self.length, self.set, self.remember):
            widget.setVisible(distance)
        self.take_away.hide()
        self.show()

    def show_given(self, scale_text: str) -> None:
        """A person gave the scale: it is told, and can be taken away."""
        self.says.setText(scale_text)
        for widget in (self.length, self.set, self.remember):
            widget.hide()
        self.take_away.show()
        self.show()

    def show_looking(self, looking: bool) -> None:
        """Whether the scale is being worked out."""
        self.set.setEnabled(not looking)
        self.take_away.setEnabled(not looking)
