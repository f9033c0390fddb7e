"""Entering without a keyboard: a row of large digits below a number, and words said before below a text."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

_RUB_OUT = "⌫"
_NAMES = {_RUB_OUT: "rub out", ".": "point"}
_KEY_PX = 46


class DigitPad(QWidget):
    """Types into `line` as a keyboard would; `done` comes with its last button. A point only where `point` is set."""

    done = pyqtSignal()

    def __init__(self, line: QLineEdit, words: str, *, point: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.keys: dict[str, QPushButton] = {}
        for key in [*"1234567890", *("." if point else ""), _RUB_OUT]:
            button = QPushButton(key)
            button.setAccessibleName(f"{words}: {_NAMES.get(key, key)}")
            button.setFocusPolicy(
                Qt.NoFocus
            )  # the line keeps the focus: nothing is taken over before the number is whole
            button.setMinimumWidth(_KEY_PX)
            button.setStyleSheet("padding: 4px 2px")
            button.clicked.connect(lambda _on, key=key: self._type(key))
            self.keys[key] = button
            row.addWidget(button)
        self.enter = QPushButton("Done")
        self.enter.setAccessibleName(f"{words}: done")
        self.enter.clicked.connect(self.done)
        row.addWidget(self.enter)
        row.addStretch(1)

    def _type(self, key: str) -> None:
        if key == _RUB_OUT:
            self._line.backspace()
        else:
            self._line.insert(key)


class SaidBefore(QWidget):
    """Words that stand in the encounter already, a large button each; `said` gives them."""

    said = pyqtSignal(str)

    def __init__(self, words: str, texts: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.buttons: dict[str, QPushButton] = {}
        for text in texts:
            button = QPushButton(text)
            button.setAccessibleName(f"{words}: {text}")
            button.setToolTip(text)
            button.clicked.connect(lambda _on, text=text: self.said.emit(text))
            self.buttons[text] = button
            row.addWidget(button)
        row.addStretch(1)
