"""Below a step's entries: which capture is to be read for the open entry, what was read, take over or leave."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workstation.live.panel import NameBox


class ReadOffBar(QWidget):
    """Emits what the user wants; shows what it is given."""

    read_wanted = pyqtSignal(int)  #: a place in the list of captures, from 0
    take_wanted = pyqtSignal()
    leave_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.captures = NameBox()
        self.captures.setAccessibleName("Which capture is read")
        self.read = QPushButton("Read")
        self.take, self.leave = QPushButton("Take over"), QPushButton("Leave")
        self.take.setProperty("role", "primary")
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextSelectableByMouse)
        self.read.clicked.connect(lambda: self.read_wanted.emit(self.captures.currentIndex()))
        self.take.clicked.connect(self.take_wanted)
        self.leave.clicked.connect(self.leave_wanted)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.captures, 1)
        row.addWidget(self.read)
        row.addWidget(self.take)
        row.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.told)
        self.show_offer(())
        self.hide()

    def show_captures(self, titles: Sequence[str], doing: str) -> None:
        """The captures that can be read, and what reading them gives; the chosen one stays, else the newest is chosen."""
        before = self.captures.currentIndex()
        if titles != [self.captures.itemText(n) for n in range(self.captures.count())]:
            self.captures.clear()
            self.captures.addItems(list(titles))
            self.captures.setCurrentIndex(before if 0 <= before < len(titles) else len(titles) - 1)
        self.read.setText(doing)
        self.read.setEnabled(bool(titles))
        self.read.setToolTip("" if titles else "Nothing was captured yet in the study in hand.")

    def show_busy(self, doing: str) -> None:
        """It is being read; empty: not any more."""
        self.read.setEnabled(not doing and self.captures.count() > 0)
        if doing:
            self.show_offer((doing,))

    def show_offer(self, lines: Sequence[str], *, takeable: bool = False) -> None:
        """What was read, a sentence a line; no line: nothing."""
        self.told.setText("\n".join(lines))
        self.told.setVisible(bool(lines))
        self.take.setVisible(takeable)
        self.leave.setVisible(takeable)
