"""F1: the keys, page by page; it stays beside the window, and F1 again puts it away."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workstation.keys.table import KEYS
from workstation.live.panel import heading


class KeysDialog(QDialog):
    """Made once, shown and hidden."""

    guide_wanted = pyqtSignal()  #: the first steps, told once more

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        table = QWidget()
        grid = QGridLayout(table)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        row = 0
        for where, keys in KEYS.items():
            grid.addWidget(heading(where), row, 0, 1, 2)
            row += 1
            for key in keys:
                pressed = QLabel("   ".join(_native(one) for one in key.keys))
                pressed.setAlignment(Qt.AlignRight | Qt.AlignTop)
                does = QLabel(key.does)
                does.setWordWrap(True)
                grid.addWidget(pressed, row, 0)
                grid.addWidget(does, row, 1)
                row += 1
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.NoFrame)
        area.setWidget(table)
        guide = QPushButton("Show the first steps")
        guide.clicked.connect(self.guide_wanted)
        close = QPushButton("Close")
        close.clicked.connect(self.hide)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        below = QHBoxLayout()
        below.addWidget(guide)
        below.addWidget(close)
        column.addLayout(below)
        self.resize(620, 600)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key_F1:
            self.hide()
        else:
            super().keyPressEvent(event)


def _native(key: str) -> str:
    """A key as this system writes it."""
    return str(QKeySequence(key).toString(QKeySequence.NativeText)) or key
