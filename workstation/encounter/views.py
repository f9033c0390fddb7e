"""What stands among the steps of an encounter and is no form: the face map, an event, the log of changes."""

from __future__ import annotations

from typing import Protocol

from PyQt5.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from workstation.desk import Desk


class View(Protocol):
    """`name` is what a view is asked for by; `widget` what is shown."""

    name: str
    widget: QWidget

    def title(self) -> str:
        """Its line in the list of steps."""

    def refresh(self) -> None:
        """The record changed."""

    def end(self) -> None:
        """The window closes."""


class ChangesView:
    """The log of changes, newest first."""

    name = "changes"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown = -1
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName("Log of changes")
        self.table.setHorizontalHeaderLabels(["When", "By", "What"])
        self.table.setEditTriggers(QTableWidget.NoEditTriggers)
        self.table.setWordWrap(True)
        vertical, horizontal = self.table.verticalHeader(), self.table.horizontalHeader()
        assert vertical is not None
        assert horizontal is not None
        vertical.hide()
        horizontal.setStretchLastSection(True)
        self.table.setColumnWidth(0, 150)
        self.table.setColumnWidth(1, 150)
        self.widget: QWidget = self.table

    def title(self) -> str:
        return f"Log of changes   {len(self._desk.encounter.changes) or ''}".rstrip()

    def refresh(self) -> None:
        changes = self._desk.encounter.changes
        if len(changes) == self._shown:
            return
        self._shown = len(changes)
        self.table.setRowCount(len(changes))
        for row, change in enumerate(reversed(changes)):
            for column, text in enumerate((f"{change.at:%Y-%m-%d %H:%M:%S}", change.by, change.what)):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def end(self) -> None:
        """Nothing runs."""
