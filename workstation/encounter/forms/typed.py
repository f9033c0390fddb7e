"""Editors for what is typed: a text, a number, a day, a moment, and a measured number with its uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from procedure import telling
from procedure.answers import Estimate
from procedure.errors import FieldWrong
from procedure.record import Field
from workstation.encounter.forms.editors import Editor
from workstation.encounter.forms.pad import DigitPad, SaidBefore


class LineEditor(Editor):
    """A line that is typed: a text, a number, a day, a moment. A number has its unit and a pad of large digits beside it.

    `said` are texts that were told before in this encounter: one press enters one again.
    """

    def __init__(self, field: Field, said: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_HINTS.get(field.base, ""))
        self.line.editingFinished.connect(self._done)
        self._last = ""
        beside: list[QWidget] = []
        below: list[QWidget] = []
        unit = telling.unit(field.name)
        if unit and field.base in (int, float):
            beside.append(QLabel(unit))
        if field.base in (int, float):
            self.digits = DigitPad(self.line, self.words, point=field.base is float)
            self.digits.hide()
            self.digits.done.connect(self._put_pad_away)
            self.pad = QPushButton("123")
            self.pad.setToolTip("Large digits: with gloves on, or without a keyboard")
            self.pad.setCheckable(True)
            self.pad.setFocusPolicy(Qt.NoFocus)
            self.pad.clicked.connect(self._show_pad)
            beside.append(self.pad)
            below.append(self.digits)
        if said:
            self.said = SaidBefore(self.words, said)
            self.said.said.connect(self._say)
            below.append(self.said)
        if field.base in (datetime, date):
            self.now = QPushButton("Now" if field.base is datetime else "Today")
            self.now.clicked.connect(self._now)
            beside.append(self.now)
        self._row(self.line, *beside, below=below)
        if field.base in (int, float):
            self.pad.setAccessibleName(f"{self.words}: large digits")

    def value(self) -> Any:
        text = self.line.text().strip()
        if not text:
            return self.nothing
        try:
            return _FROM_TEXT[self.field.base](text)
        except ValueError as error:
            raise FieldWrong(f"{self.words}: {text!r} is not {_SORTS[self.field.base]}.") from error

    def show_value(self, value: Any) -> None:
        self._last = "" if value is None else _as_text(value)
        self.line.setText(self._last)

    def _done(self) -> None:
        if self.line.text() != self._last:
            self._last = self.line.text()
            self.changed.emit()

    def _show_pad(self, on: bool) -> None:
        self.digits.setVisible(on)
        if on:
            self.line.setFocus()
            self.line.selectAll()  # the first digit begins the number anew
        else:
            self._done()

    def _put_pad_away(self) -> None:
        self.pad.setChecked(False)
        self._show_pad(False)

    def _say(self, text: str) -> None:
        self.line.setText(text)
        self._done()

    def _now(self) -> None:
        moment = datetime.now().astimezone().replace(microsecond=0)
        self.show_value(moment if self.field.base is datetime else moment.date())
        self.changed.emit()


class EstimateEditor(Editor):
    """A measured number and half its 95 % interval; blank where the latter is not known."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        number = Field(field.name, float, False, True, False)
        self.number, self.uncertainty = LineEditor(number), LineEditor(Field("±", float, False, True, False))
        for part in (self.number, self.uncertainty):
            part.changed.connect(self.changed)
        self._row(self.number, QLabel("±"), self.uncertainty)

    def value(self) -> Any:
        value = self.number.value()
        return None if value is None else Estimate(value, self.uncertainty.value())

    def show_value(self, value: Any) -> None:
        self.number.show_value(value.value if value else None)
        self.uncertainty.show_value(value.uncertainty if value else None)


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return telling.number(value) if isinstance(value, float) else str(value)


def _moment(text: str) -> datetime:
    """A moment as it is shown, or only an hour of today; without an offset it is the clinic's own clock."""
    if len(text) <= 8:
        text = f"{datetime.now().astimezone().date().isoformat()} {text}"
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.astimezone()


def _number(text: str) -> float:
    return float(text.replace(",", "."))


_FROM_TEXT: dict[type, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: _number,
    date: date.fromisoformat,
    datetime: _moment,
}
_SORTS: dict[type, str] = {str: "a text", int: "a whole number", float: "a number", date: "a day", datetime: "a moment"}
_HINTS: dict[type, str] = {date: "2026-12-31", datetime: "14:05, or 2026-12-31 14:05"}
