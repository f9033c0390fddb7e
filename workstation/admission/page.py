"""The page that lies over the window while nobody is signed in."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workstation.palette import TARGET_PX

_WIDTH_PX = 420


class SignInPage(QWidget):
    """Name, password, and the one thing that needs neither. Covers all of the window `over`, whatever its size."""

    wanted = pyqtSignal(str, str)  #: account, password
    rescue_wanted = pyqtSignal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        over.installEventFilter(self)
        self.setAutoFillBackground(True)
        self.heading = QLabel("Sign in")
        font = self.heading.font()
        font.setPointSizeF(18)
        self.heading.setFont(font)
        self.meanwhile, self.sentence = QLabel(), QLabel()
        self.meanwhile.setProperty("role", "quiet")
        self.sentence.setProperty("role", "warning")
        for label in (self.meanwhile, self.sentence):
            label.setWordWrap(True)
        self.name, self.password = QComboBox(), QLineEdit()
        self.name.setAccessibleName("Name")
        self.password.setAccessibleName("Password")
        self.password.setEchoMode(QLineEdit.Password)
        self.password.setMaxLength(1024)
        self.enter = QPushButton("Sign in")
        self.enter.setProperty("role", "primary")
        self.rescue = QPushButton("Complication")
        self.rescue.setProperty("role", "rescue")
        self.rescue.setToolTip("Start the log of a suspected complication now, without signing in.  F12")
        for button in (self.enter, self.rescue):
            button.setMinimumHeight(TARGET_PX)
        self.enter.clicked.connect(self._ask)
        self.password.returnPressed.connect(self._ask)
        self.rescue.clicked.connect(self.rescue_wanted)

        form = QFormLayout()
        form.addRow("Name", self.name)
        form.addRow("Password", self.password)
        middle = QWidget()
        middle.setFixedWidth(_WIDTH_PX)
        column = QVBoxLayout(middle)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self.meanwhile)
        column.addLayout(form)
        column.addWidget(self.sentence)
        column.addWidget(self.enter)
        column.addSpacing(28)
        self._hint = QLabel("A suspected complication waits for nobody:")
        self._hint.setProperty("role", "quiet")
        column.addWidget(self._hint)
        column.addWidget(self.rescue)
        row = QHBoxLayout(self)
        row.addWidget(middle, 0, Qt.AlignCenter)
        self.hide()

    def ask(self, meanwhile: str) -> None:
        """Show it, with what goes on behind it; `offer` follows."""
        self.meanwhile.setText(meanwhile)
        self.meanwhile.setVisible(bool(meanwhile))
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.tell("")

    def hide_rescue(self) -> None:
        """In a window that has no log of a complication."""
        self._hint.hide()
        self.rescue.hide()

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        """Who may sign in: accounts with their full names. Who was chosen last stays so."""
        last = self.name.currentData()
        self.name.clear()
        for account, full_name in people:
            self.name.addItem(full_name, account)
        self.name.setCurrentIndex(max(self.name.findData(last), 0))

    def tell(self, sentence: str) -> None:
        """Say what is wrong; the password is typed anew."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.password.clear()
        self.show_busy(False)

    def show_busy(self, busy: bool) -> None:
        """While name and password are compared nothing can be pressed but the emergency."""
        for widget in (self.name, self.password, self.enter):
            widget.setEnabled(not busy)
        self.enter.setText("Looking…" if busy else "Sign in")
        if not busy and self.isVisible():
            self.password.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Resize:
            self.setGeometry(self._over.rect())
        return False

    def _ask(self) -> None:
        account, password = self.name.currentData(), self.password.text()
        if account and password:
            self.show_busy(True)
            self.wanted.emit(str(account), password)
