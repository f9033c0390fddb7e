"""The step of an encounter in which stations and sites are placed on the patient's own photograph."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from procedure import Protocol, telling
from procedure.answers import Side
from procedure.coverage import coverage
from procedure.face_places import Pointed
from workstation.desk import Desk
from workstation.encounter.in_hand import now
from workstation.encounter.on_photograph.canvas import PhotographCanvas
from workstation.encounter.on_photograph.marking import (
    mark_words,
    marks_on,
    photograph_words,
    photographs,
    read_photograph_pixels,
    with_mark,
    without_mark,
)
from workstation.live.panel import NameBox, heading
from workstation.record.visit_form import Choice
from workstation.reels import Pixels
from workstation.work import Work

_LOOK = "look"
_TOOLS = {
    _LOOK: "Look",
    Pointed.STATION.value: "Station",
    Pointed.ENTRY.value: "Entry point",
    Pointed.INJECTION.value: "Injection site",
    Pointed.SIGN.value: "Sign",
}
_HINT = "A mark says where somebody pointed on this photograph; nothing is measured on it."


class PhotographView(QWidget):
    """Which photograph, what a press places, and the list of marks."""

    name = "photographs"

    def __init__(
        self, desk: Desk, work: Work, protocols: Mapping[str, Protocol], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._work, self._protocols = desk, work, protocols
        self.widget: QWidget = self
        self._read: dict[str, Pixels] = {}
        self._shown = ""
        self.which, self.station = NameBox(), NameBox()
        self.which.setAccessibleName("Photograph that is shown")
        self.station.setAccessibleName("Station that is placed")
        self.which.activated.connect(lambda _i: self.show_photograph(str(self.which.currentData() or "")))
        self.tools = Choice(_TOOLS)
        self.tools.choose(_LOOK)
        self.tools.changed.connect(self._use_tool)
        self.off = QPushButton("Take off")
        self.off.setToolTip("Takes the chosen mark off the photograph")
        self.off.clicked.connect(self._take_off)
        self.canvas = PhotographCanvas()
        self.canvas.pointed.connect(self._place)
        self.canvas.chosen.connect(self._choose)
        self.marks = QListWidget()
        self.marks.setAccessibleName("Marks on the photograph")
        self.marks.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.marks.currentRowChanged.connect(self._choose)
        self.told = QLabel(_HINT)
        self.told.setWordWrap(True)
        self.told.setProperty("role", "quiet")
        self._tool = _LOOK
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.which, 2)
        top.addWidget(self.tools, 5)
        top.addWidget(self.station, 2)
        top.addWidget(self.off)
        side = QVBoxLayout()
        side.setSpacing(6)
        side.addWidget(heading("Marks"))
        side.addWidget(self.marks, 1)
        side.addWidget(self.told)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self.canvas, 3)
        both.addLayout(side, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 10, 16, 10)
        page.setSpacing(8)
        page.addLayout(top)
        page.addLayout(both, 1)
        self._use_tool(_LOOK)
        self.refresh()

    def title(self) -> str:
        """Its line in the list of steps."""
        number = len(photographs(self._desk.encounter.record))
        return f"Photographs   {number or ''}".rstrip()

    def refresh(self) -> None:
        """The record changed."""
        found = photographs(self._desk.encounter.record)
        uids = [image.image_uid for image in found]
        if uids != [self.which.itemData(n) for n in range(self.which.count())]:
            self.which.clear()
            for image in found:
                self.which.addItem(photograph_words(image), image.image_uid)
            self.which.setEnabled(bool(found))
            self.show_photograph(self._shown if self._shown in uids else uids[-1] if uids else "")
        self._offer_stations()
        self._show_marks()

    def end(self) -> None:
        """Nothing runs."""

    def show_photograph(self, uid: str) -> None:
        """Show one photograph; it is read in a thread of its own the first time."""
        self._shown = uid
        self.which.setCurrentIndex(self.which.findData(uid))
        self.canvas.show_photograph(self._read.get(uid))
        self._show_marks()
        if not uid or uid in self._read:
            return
        root, study = self._desk.archive_root, self._desk.study.visit.study_instance_uid

        def came(read: dict[str, Pixels]) -> None:
            self._read = read  # one at a time: they are large
            if self._shown in read:
                self.canvas.show_photograph(read[self._shown])

        self._work.ask(
            "photograph shown",
            "Reading the photograph",
            lambda: read_photograph_pixels(root, study, [uid]),
            came,
            self.told.setText,
        )

    def _offer_stations(self) -> None:
        asked = dict.fromkeys(
            (entry.station.id, entry.side) for entry in coverage(self._desk.encounter.record, self._protocols)
        )
        held = [self.station.itemData(n) for n in range(self.station.count())]
        if list(asked) != held:
            self.station.clear()
            for station_id, side in asked:
                self.station.addItem(f"{station_id}, {telling.word(side)}", (station_id, side))

    def _use_tool(self, key: str) -> None:
        self._tool = key
        self.canvas.placing = key != _LOOK
        self.canvas.setCursor(Qt.CrossCursor if self.canvas.placing else Qt.ArrowCursor)
        self.station.setEnabled(key == Pointed.STATION.value)
        if self.canvas.placing:
            self.canvas.setFocus()

    def _place(self, column: float, row: float) -> None:
        pointed = Pointed(self._tool)
        station: tuple[str, Side] | None = self.station.currentData()
        if pointed is Pointed.STATION and station is None:
            self.told.setText("Choose the region to be treated first: its protocol names the stations.")
            return
        encounter = self._desk.encounter
        record = with_mark(encounter.record, self._shown, (column, row), pointed, station, encounter.by, now())
        what = station[0] if pointed is Pointed.STATION and station else telling.word(pointed)
        encounter.change(record, f"Photograph: {what} placed")
        self._choose(len(marks_on(record, self._shown)) - 1)
        if pointed is Pointed.STATION and self.station.currentIndex() + 1 < self.station.count():
            self.station.setCurrentIndex(self.station.currentIndex() + 1)  # the next one is the next press

    def _take_off(self) -> None:
        held = marks_on(self._desk.encounter.record, self._shown)
        row = self.marks.currentRow()
        if 0 <= row < len(held):
            encounter = self._desk.encounter
            encounter.change(without_mark(encounter.record, held[row]), "Photograph: mark taken off")

    def _show_marks(self) -> None:
        held = marks_on(self._desk.encounter.record, self._shown)
        lines = [mark_words(number, mark) for number, mark in enumerate(held, start=1)]
        row = self.marks.currentRow()
        if lines != [self.marks.item(n).text() for n in range(self.marks.count())]:  # type: ignore[union-attr]
            self.marks.blockSignals(True)
            self.marks.clear()
            self.marks.addItems(lines)
            self.marks.setCurrentRow(row if row < len(lines) else -1)
            self.marks.blockSignals(False)
        self.canvas.show_marks(held, self.marks.currentRow())
        self.off.setEnabled(bool(held))

    def _choose(self, row: int) -> None:
        if self.marks.currentRow() != row:
            self.marks.setCurrentRow(row)
        self.canvas.show_marks(marks_on(self._desk.encounter.record, self._shown), row)
