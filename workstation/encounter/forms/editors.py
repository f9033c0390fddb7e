"""One editor for each sort of value. Each has `value`, which raises FieldWrong where what was typed is none, and `show`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from procedure import telling
from procedure.record import Field
from workstation.encounter.forms.choices import Option
from workstation.live.panel import NameBox

_BLANK = "–"
_LONG_TEXT_PX = 84


class Editor(QWidget):
    """The base. `changed` comes when a person has entered something, not for each letter."""

    changed = pyqtSignal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.words = telling.label(field.name).removesuffix(" id")

    def value(self) -> Any:
        """What stands there; None, "" or () for a blank. Raises FieldWrong."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show a value without a signal."""
        raise NotImplementedError

    @property
    def nothing(self) -> Any:
        """What a blank is in the record."""
        if self.field.many:
            return ()
        return "" if self.field.base is str and not self.field.optional else None

    def _row(self, *widgets: QWidget, below: Sequence[QWidget] = ()) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget)
            widget.setAccessibleName(self.words)
        rows = column(*below)
        rows.insertLayout(0, row)
        self.setLayout(rows)


class LongTextEditor(Editor):
    """Several lines of text; entered when the focus leaves it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.text = QPlainTextEdit()
        self.text.setFixedHeight(_LONG_TEXT_PX)
        self.text.setTabChangesFocus(True)
        self.text.installEventFilter(self)
        self._last = ""
        self._row(self.text)

    def value(self) -> Any:
        return self.text.toPlainText().strip()

    def show_value(self, value: Any) -> None:
        self._last = value or ""
        self.text.setPlainText(self._last)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.text and event.type() == QEvent.FocusOut and self.value() != self._last:
            self._last = self.value()
            self.changed.emit()
        return super().eventFilter(watched, event)


class WordEditor(Editor):
    """A word of a closed list, or yes and no, as buttons; pressing the one that is down makes it blank again."""

    def __init__(self, field: Field, words: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.buttons: dict[Any, QPushButton] = {}
        for value, text in words:
            button = QPushButton(text)
            button.setCheckable(True)
            button.clicked.connect(lambda on, value=value: self._press(value, on))
            self.buttons[value] = button
        self._row(*self.buttons.values())
        for value, text in words:
            self.buttons[value].setAccessibleName(f"{self.words}: {text}")

    def value(self) -> Any:
        chosen = [value for value, button in self.buttons.items() if button.isChecked()]
        return tuple(chosen) if self.field.many else chosen[0] if chosen else None

    def show_value(self, value: Any) -> None:
        down = value if self.field.many else (value,)
        for one, button in self.buttons.items():
            button.setChecked(one in down)

    def _press(self, value: Any, on: bool) -> None:
        if on and not self.field.many:
            self.show_value(value)
        self.changed.emit()


class ListEditor(Editor):
    """One of many: a list that opens, blank first. What is held and no longer offered stays."""

    def __init__(self, field: Field, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = NameBox()
        self._values: list[Any] = [self.nothing]
        self.box.addItem(_BLANK if options else "Nothing to choose from yet")
        for value, text in options:
            self._values.append(value)
            self.box.addItem(text)
        self.box.activated.connect(lambda _i: self.changed.emit())
        self._row(self.box)

    def value(self) -> Any:
        return self._values[self.box.currentIndex()]

    def show_value(self, value: Any) -> None:
        if value is None or value == "":
            value = self.nothing
        if value not in self._values:
            self._values.append(value)
            self.box.addItem(str(value) if isinstance(value, str) else "As recorded")
        self.box.setCurrentIndex(self._values.index(value))


class ManyEditor(Editor):
    """Several of many, each ticked."""

    def __init__(self, field: Field, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.list = QListWidget()
        self._values: list[Any] = []
        self._items: list[QListWidgetItem] = []
        for value, text in options:
            self._add(value, text)
        self._pressed = Qt.Unchecked  # how the line stood under the press
        self._showing = False
        self.list.itemPressed.connect(self._press)
        self.list.itemClicked.connect(self._tick)
        self.list.itemChanged.connect(lambda _item: None if self._showing else self.changed.emit())
        self._row(self.list)
        self._fit()

    def value(self) -> Any:
        return tuple(v for item, v in zip(self._items, self._values, strict=True) if item.checkState() == Qt.Checked)

    def show_value(self, value: Any) -> None:
        self._showing = True
        for one in value:
            if one not in self._values:
                self._add(one, str(one) if isinstance(one, str) else "As recorded")
        for item, one in zip(self._items, self._values, strict=True):
            item.setCheckState(Qt.Checked if one in value else Qt.Unchecked)
        self._showing = False
        self._fit()

    def _press(self, item: QListWidgetItem) -> None:
        self._pressed = item.checkState()

    def _tick(self, item: QListWidgetItem) -> None:
        """A press anywhere on a line ticks it: its box alone is small for a glove. One on the box has ticked it already."""
        if item.checkState() == self._pressed:
            item.setCheckState(Qt.Unchecked if self._pressed == Qt.Checked else Qt.Checked)

    def _add(self, value: Any, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemIsEnabled | Qt.ItemIsUserCheckable | Qt.ItemIsSelectable)
        item.setCheckState(Qt.Unchecked)
        self._values.append(value)
        self._items.append(item)
        self.list.addItem(item)

    def _fit(self) -> None:
        self.list.setFixedHeight(min(max(self.list.count(), 1), 4) * 36 + 6)


class TextsEditor(Editor):
    """Several texts, one on each line."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.text = LongTextEditor(field)
        self.text.text.setPlaceholderText("one on each line")
        self.text.changed.connect(self.changed)
        self._row(self.text)

    def value(self) -> Any:
        return tuple(line.strip() for line in self.text.value().splitlines() if line.strip())

    def show_value(self, value: Any) -> None:
        self.text.show_value("\n".join(value))


def words_of(kind: type[StrEnum]) -> tuple[Option, ...]:
    """The words of a closed list as a person reads them."""
    return tuple((word, _capital(telling.word(word))) for word in kind)


YES_NO = ((True, "Yes"), (False, "No"))


def column(*widgets: QWidget) -> QVBoxLayout:
    """Widgets below each other, close together."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(6)
    for widget in widgets:
        made.addWidget(widget)
    return made


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
