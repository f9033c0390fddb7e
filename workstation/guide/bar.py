"""One step of the guide as a sentence above the page; it hides nothing and waits for nobody."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from workstation.languages import tr


class GuideBar(QWidget):
    """Shown while the guide is."""

    next_wanted = pyqtSignal()
    close_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WA_StyledBackground)
        self.setAccessibleName(tr("First steps"))
        self.number = QLabel()
        self.number.setProperty("role", "heading")
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)
        self.next, self.close_guide = QPushButton(tr("Skip this step")), QPushButton(tr("Close the guide"))
        self.next.clicked.connect(self.next_wanted)
        self.close_guide.clicked.connect(self.close_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 14, 6)
        row.setSpacing(14)
        row.addWidget(self.number)
        row.addWidget(self.says, 1)
        row.addWidget(self.next)
        row.addWidget(self.close_guide)
        self.hide()

    def show_step(self, number: int, total: int, says: str) -> None:
        """Step `number` (from 1) of `total`; behind the last one there is nothing to skip."""
        self.number.setText(tr("First steps") + (f"  {number}/{total}" if number <= total else ""))
        self.says.setText(says)
        self.next.setVisible(number <= total)
        self.show()
