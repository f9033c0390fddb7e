"""Names from the vocabulary, found by two typed letters."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotation.vocabulary import Term, find
from workstation.languages import tr


class TermPicker(QWidget):
    """A line to type in and the terms that it may mean. A term is picked by a person, always: Enter or a press."""

    picked = pyqtSignal(object)  #: a Term

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._among: tuple[Term, ...] = ()
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Name, e.g. fv (press N)"))
        self.line.setAccessibleName(tr("Name of the label"))
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Names that fit"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(46)  # the panel has to fit into a small screen
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._pick_current)
        self.list.itemClicked.connect(self._pick)

    def offer(self, among: tuple[Term, ...], chosen: str | None) -> None:
        """Offer these terms; `chosen` is the id of the one that holds now. What was typed is forgotten."""
        if among != self._among or self.line.text():
            self._among = among
            self.line.blockSignals(True)
            self.line.clear()
            self.line.blockSignals(False)
            self._fill("")
        self.setEnabled(bool(among))
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item is not None and item.data(Qt.UserRole).id == chosen:
                self.list.setCurrentItem(item)
                return
        self.list.setCurrentRow(-1)
        self.list.clearSelection()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Up and down in the line walk through the list, so that a hand need not leave the keys.
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.KeyPress:
            step = (event.key() == Qt.Key_Down) - (event.key() == Qt.Key_Up)
            if step and self.list.count():
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def _fill(self, text: str) -> None:
        self.list.clear()
        for found in find(text, self._among) if text.strip() else self._among:
            item = QListWidgetItem(found.name)
            item.setData(Qt.UserRole, found)
            item.setToolTip(f"{found.name} ({found.kind})")
            self.list.addItem(item)
        if text.strip() and self.list.count():
            self.list.setCurrentRow(0)

    def _pick_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._pick(item)

    def _pick(self, item: QListWidgetItem) -> None:
        self.picked.emit(item.data(Qt.UserRole))
