"""The face map among the steps of an encounter: coverage at a glance, and each station's images in pre, during and post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt5.QtCore import QByteArray, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt5.QtSvg import QSvgRenderer
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from procedure import Encounter, Phase, Protocol, telling
from procedure.face_map import KEY_SIZE, MAP_SIZE, Mark, MarkKind, key_svg, map_svg, marks_of, placed_marks
from procedure.images import KeptImage
from workstation.desk import Desk
from workstation.live.panel import heading
from workstation.palette import ACCENT
from workstation.record.visit_form import Choice

_PHASES = {Phase.PRE: "Before", Phase.DURING: "During", Phase.POST: "After"}
_REACH = 9.0  # of the map's own units: how near a press has to be to a mark


class FaceMap(QWidget):
    """Paints the map; a press on a mark, or the arrow keys, choose one."""

    chosen = pyqtSignal(str)  #: a mark's number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumSize(360, 200)
        self.setFocusPolicy(Qt.StrongFocus)
        self.setAccessibleName("Face map")
        self._map, self._key = QSvgRenderer(self), QSvgRenderer(self)
        self._key.load(QByteArray(key_svg().encode()))
        self.marks: tuple[Mark, ...] = ()
        self._places: list[tuple[Mark, tuple[float, float]]] = []
        self.number = ""

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks; a chosen one stays chosen where it is still there."""
        if tuple(marks) == self.marks:
            return
        self.marks = tuple(marks)
        self._map.load(QByteArray(map_svg(marks).encode()))
        self._places = list(placed_marks(marks))
        if self.number not in [mark.number for mark in marks]:
            self.number = ""
        self.update()

    def choose(self, number: str) -> None:
        """Mark one mark, by its number."""
        self.number = number
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(900, 420)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.fillRect(self.rect(), QColor("#f7f7f5"))  # the map is drawn for paper: dark lines on a light ground
        area, key = self._area()
        self._map.render(painter, area)
        self._key.render(painter, key)
        painter.setPen(QPen(QColor(ACCENT), 3))
        painter.setBrush(Qt.NoBrush)
        for mark, place in self._places:
            if mark.number == self.number:
                painter.drawEllipse(self._on_screen(place), 9 * self._zoom, 9 * self._zoom)
        if self.hasFocus():
            painter.setPen(QPen(QColor(ACCENT), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area, _ = self._area()
        x, y = (event.x() - area.left()) / self._zoom, (event.y() - area.top()) / self._zoom
        near = [((px - x) ** 2 + (py - y) ** 2, mark.number) for mark, (px, py) in self._places]
        if near and min(near)[0] <= _REACH**2:
            self.chosen.emit(min(near)[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = (event.key() in (Qt.Key_Right, Qt.Key_Down)) - (event.key() in (Qt.Key_Left, Qt.Key_Up))
        numbers = list(dict.fromkeys(mark.number for mark, _ in self._places))
        if not step or not numbers:
            super().keyPressEvent(event)
            return
        place = numbers.index(self.number) + step if self.number in numbers else 0
        self.chosen.emit(numbers[place % len(numbers)])

    def place_of(self, number: str) -> QPointF:
        """Where a mark is on the widget, pixels; KeyError where it is not on the map."""
        for mark, place in self._places:
            if mark.number == number:
                return self._on_screen(place)
        raise KeyError(number)

    @property
    def _zoom(self) -> float:
        wide, high = MAP_SIZE
        return min(self.width() / wide, self.height() / (high + KEY_SIZE[1] + 8))

    def _area(self) -> tuple[QRectF, QRectF]:
        """Where map and key are painted, one below the other in the middle."""
        zoom, (wide, high) = self._zoom, MAP_SIZE
        left, top = (self.width() - wide * zoom) / 2, (self.height() - (high + KEY_SIZE[1] + 8) * zoom) / 2
        key = QRectF(left, top + (high + 8) * zoom, KEY_SIZE[0] * zoom, KEY_SIZE[1] * zoom)
        return QRectF(left, top, wide * zoom, high * zoom), key

    def _on_screen(self, place: tuple[float, float]) -> QPointF:
        area, _ = self._area()
        return QPointF(area.left() + place[0] * self._zoom, area.top() + place[1] * self._zoom)


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
        self.lines, self.images = QListWidget(), QListWidget()
        self.lines.setAccessibleName("What stands on the map")
        for listed in (self.lines, self.images):
            listed.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.lines.currentRowChanged.connect(self._line_chosen)
        self.images.setAccessibleName("Images of the station")
        self.images.itemActivated.connect(lambda item: self.image_wanted.emit(item.data(Qt.UserRole)))
        self.images.itemClicked.connect(self._image_pressed)
        self.told = QLabel("A map says nothing of what lies between its marks.")
        self.told.setProperty("role", "quiet")
        self.told.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.phases, 2)
        top.addWidget(self.told, 3)
        below = QHBoxLayout()
        below.setSpacing(12)
        for title, listed in (("Marks", self.lines), ("Images of the chosen station", self.images)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(heading(title))
            column.addWidget(listed)
            below.addLayout(column, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 10, 16, 10)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(self.map, 2)
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
            self.lines.addItems([f"{mark.number}  {mark.text}" for mark in marks])
            self.lines.blockSignals(False)
        self.choose(self.map.number)

    def end(self) -> None:
        """Nothing runs."""

    def show_phase(self, key: str) -> None:
        """Another part of the procedure."""
        self.phase = Phase(key)
        self.refresh()

    def choose(self, number: str) -> None:
        """Choose a mark: it is ringed, its line is marked, and a station's images of every phase are listed."""
        self.map.choose(number)
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
