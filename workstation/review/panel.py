"""The studies of the archive, and the pictures of the one that is open."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from archive import StudyRow
from workstation.live.panel import PANEL_WIDTH, heading


class ReviewPanel(QWidget):
    """Emits which study and which picture the user wants."""

    refresh_wanted = pyqtSignal()
    study_wanted = pyqtSignal(str)  #: Study Instance UID
    picture_wanted = pyqtSignal(int)  #: place in the list of the study's pictures, from 0
    compare_wanted = pyqtSignal()
    continue_wanted = pyqtSignal()
    label_wanted = pyqtSignal(int)  #: place in the list of the study's labels, from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(PANEL_WIDTH)
        self.studies, self.pictures, self.labels = QListWidget(), QListWidget(), QListWidget()
        for shown, name in ((self.studies, "Studies"), (self.pictures, "Pictures"), (self.labels, "Labels")):
            shown.setAccessibleName(name)
            shown.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.open, self.refresh = QPushButton("Open study"), QPushButton("List again")
        self.open.setProperty("role", "primary")
        self.open.setEnabled(False)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "quiet")
        self.studies.currentRowChanged.connect(lambda row: self.open.setEnabled(row >= 0))
        self.studies.itemActivated.connect(lambda _item: self._open())
        self.open.clicked.connect(self._open)
        self.refresh.clicked.connect(self.refresh_wanted)
        self.pictures.currentRowChanged.connect(self._picture_chosen)
        self.labels.itemClicked.connect(lambda item: self.label_wanted.emit(self.labels.row(item)))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open, 1)
        buttons.addWidget(self.refresh, 1)
        self.compare, self.go_on = QPushButton("Compare"), QPushButton("Go on with it")
        self.compare.setToolTip("The same stations before, during and after, to the same millimetre")
        self.go_on.setToolTip("Take the encounter in hand again: a follow-up, or what was not told yet")
        self.compare.clicked.connect(self.compare_wanted)
        self.go_on.clicked.connect(self.continue_wanted)
        record = QHBoxLayout()
        record.setSpacing(8)
        record.addWidget(self.compare, 1)
        record.addWidget(self.go_on, 1)
        self.show_encounter(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(8)
        column.addWidget(heading("Studies, newest first"))
        column.addWidget(self.studies, 3)
        column.addLayout(buttons)
        column.addLayout(record)
        column.addWidget(heading("Pictures"))
        column.addWidget(self.pictures, 2)
        column.addWidget(heading("Labels (picture:frame)"))
        column.addWidget(self.labels, 2)
        column.addWidget(self.note)
        self.note.hide()

    def show_encounter(self, there: bool) -> None:
        """Whether the open study holds the record of an encounter."""
        self.compare.setEnabled(there)
        self.go_on.setEnabled(there)

    def show_studies(self, rows: Sequence[StudyRow]) -> None:
        """List the studies of the archive."""
        self.studies.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.patient_id}\n{row.date}   {row.phase}   {row.objects} objects")
            item.setData(Qt.UserRole, row.study_instance_uid)
            self.studies.addItem(item)
        self.tell("" if rows else "No studies in this archive yet.")

    def show_pictures(self, titles: Sequence[str], labels: Sequence[str]) -> None:
        """List the pictures and labels of the open study; its first picture is chosen."""
        self.pictures.clear()
        self.pictures.addItems(list(titles))
        self.labels.clear()
        self.labels.addItems(list(labels))
        if titles:
            self.pictures.setCurrentRow(0)

    def choose_picture(self, place: int) -> None:
        """Choose a picture of the open study, by its place in the list."""
        self.pictures.setCurrentRow(place)

    def tell(self, text: str) -> None:
        """A sentence below the lists; empty for none."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _picture_chosen(self, row: int) -> None:
        if row >= 0:
            self.picture_wanted.emit(row)

    def _open(self) -> None:
        item = self.studies.currentItem()
        if item is not None:
            self.study_wanted.emit(item.data(Qt.UserRole))
