"""The face map among the steps of an encounter: coverage at a glance, and each station's images in pre, during and post."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from procedure import Encounter, Phase, Protocol, telling
from procedure.coverage import Status, coverage_in
from procedure.face_map import Mark, MarkKind, marks_of
from procedure.images import KeptImage
from workstation.desk import Desk
from workstation.encounter.face_map import FaceMap
from workstation.encounter.map_drawing import MapTool
from workstation.encounter.plan_on_map import PlanOnMap
from workstation.live.panel import heading
from workstation.palette import say_in
from workstation.record.visit_form import Choice

_PHASES = {Phase.PRE: "Before", Phase.DURING: "During", Phase.POST: "After"}


class MapView(QWidget):
    """The map with its lines of words; `station_wanted` and `image_wanted` lead to what stands there."""

    image_wanted = pyqtSignal(str)  #: an image's UID

    name = "map"

    def __init__(self, desk: Desk, protocols: Mapping[str, Protocol], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._protocols = desk, protocols
        self.widget: QWidget = self
        self.phase = Phase.PRE
        self.phases = Choice({phase.value: text for phase, text in _PHASES.items()})
        self.phases.choose(self.phase.value)
        self.phases.changed.connect(self.show_phase)
        self.map = FaceMap()
        self.map.chosen.connect(self.choose)
        self.drawing = PlanOnMap(self.map, desk, protocols, self)
        self.drawing.hint.connect(self._tell)
        self.drawing.tool_changed.connect(self._use_tool)
        self.lines, self.images = QListWidget(), QListWidget()
        self.lines.setAccessibleName("What stands on the map")
        for listed in (self.lines, self.images):
            listed.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.lines.currentRowChanged.connect(self._line_chosen)
        self.images.setAccessibleName("Images of the station")
        self.images.itemActivated.connect(lambda item: self.image_wanted.emit(item.data(Qt.UserRole)))
        self.images.itemClicked.connect(self._image_pressed)
        self.told = QLabel("A map says nothing of what lies between its marks.")
        self.told.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.phases, 3)
        top.addLayout(self.drawing.row, 5)
        below = QHBoxLayout()
        below.setSpacing(12)
        for title, listed in (
            ("Marks", self.lines),
            ("Images of the chosen station", self.images),
            ("Beside the planned path", self.drawing.beside),
        ):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(heading(title))
            column.addWidget(listed)
            below.addLayout(column, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 10, 16, 10)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(self.told)
        page.addWidget(self.drawing.plan_row)
        page.addWidget(self.map, 3)
        page.addLayout(below, 1)
        self.refresh()

    def title(self) -> str:
        """Its line in the list of steps."""
        return "Face map"

    def refresh(self) -> None:
        """The record changed."""
        marks = marks_of(self._desk.encounter.record, self._protocols, self.phase)
        if marks != self.map.marks or self.lines.count() != len(marks):
            self.map.show_marks(marks)
            self.lines.blockSignals(True)
            self.lines.clear()
            for mark in marks:
                item = QListWidgetItem(f"{mark.number}  {mark.text}")
                item.setToolTip(mark.text)
                self.lines.addItem(item)
            self.lines.blockSignals(False)
        self._show_coverage()
        self.drawing.refresh()
        self.choose(self.map.number)

    def _show_coverage(self) -> None:
        """At a glance: how many of its stations each phase has scanned."""
        record = self._desk.encounter.record
        for phase, text in _PHASES.items():
            asked = coverage_in(record, self._protocols, phase)
            done = sum(stop.status is Status.DONE for stop in asked)
            self.phases.rename(phase.value, f"{text}  {done}/{len(asked)}" if asked else text)

    def _use_tool(self, tool: MapTool) -> None:
        """A plan is drawn on the map before the procedure, injections on that of the procedure: turn to it."""
        phase = {MapTool.PATH: Phase.PRE, MapTool.DEPOSIT: Phase.PRE, MapTool.INJECTION: Phase.DURING}.get(tool)
        if phase is not None and phase is not self.phase:
            self.phases.choose(phase.value)
            self.show_phase(phase.value)
        if tool is not MapTool.LOOK:
            self.map.setFocus()

    def _tell(self, text: str, wrong: bool) -> None:
        self.told.setText(text)
        say_in(self.told, "warning" if wrong else "quiet")

    def end(self) -> None:
        """Nothing runs."""

    def show_phase(self, key: str) -> None:
        """Another part of the procedure."""
        self.phase = Phase(key)
        self.refresh()

    def choose(self, number: str) -> None:
        """Choose a mark: it is ringed, its line is marked, and a station's images of every phase are listed."""
        if number != self.map.number:
            self.map.choose(number)
            self.drawing.refresh()
        row = next((n for n, mark in enumerate(self.map.marks) if mark.number == number), -1)
        self.lines.blockSignals(True)
        self.lines.setCurrentRow(row)
        self.lines.blockSignals(False)
        self.images.clear()
        mark = self.map.marks[row] if row >= 0 else None
        if mark is not None and mark.kind is MarkKind.STATION:
            for image in images_at(self._desk.encounter.record, mark):
                item = QListWidgetItem(f"{telling.word(image.phase)}:  {_words(image)}")
                item.setData(Qt.UserRole, image.image_uid)
                self.images.addItem(item)

    def _line_chosen(self, row: int) -> None:
        if row >= 0:
            self.choose(self.map.marks[row].number)

    def _image_pressed(self, item: QListWidgetItem) -> None:
        self.image_wanted.emit(item.data(Qt.UserRole))


def images_at(record: Encounter, mark: Mark) -> list[KeptImage]:
    """The images of a station on its side, those before the procedure first."""
    order = list(Phase)
    found = [i for i in record.images if i.station_id == mark.station_id and i.side is mark.side]
    return sorted(found, key=lambda image: (order.index(image.phase), image.at))


def _words(image: KeptImage) -> str:
    parts = [
        telling.word(image.kind),
        telling.word(image.mode) if image.mode else "",
        telling.word(image.plane) if image.plane else "plane not told",
        f"{image.at:%H:%M:%S}",
    ]
    return ", ".join(part for part in parts if part)
