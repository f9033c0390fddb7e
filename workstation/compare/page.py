"""The page that compares: a station, three pictures to the same millimetre, and the table of what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QShortcut,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotation import Document
from imaging.registration import NotRegistered, Registration, register
from procedure import Encounter, Phase, telling
from procedure.documents import change_rows
from procedure.images import KeptImage
from workstation.compare.columns import PHASES, Place, images_of, places, same_zoom
from workstation.compare.picture import Compared, MmPicture, fit
from workstation.live.panel import NameBox, heading
from workstation.reels import Pixels, Reel
from workstation.work import Work

_TITLES = {Phase.PRE: "Before", Phase.DURING: "During", Phase.POST: "After"}
_HEAD = ("Vessel", "Look", "What", "Before", "Later", "Change", "Beyond uncertainty")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: a record, the labels on its pictures, and where its pictures are; `whose` says it in words."""

    whose: str
    record: Encounter
    document: Document
    reel_of: Callable[[str], tuple[Reel, int] | None]


class ComparePage(QWidget):
    """Reads frames in a worker thread. Both the pictures and the table are of one encounter."""

    refresh_wanted = pyqtSignal()

    def __init__(self, work: Work, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._comparison: Comparison | None = None
        self._places: tuple[Place, ...] = ()
        self.whose = QLabel()
        self.whose.setProperty("role", "quiet")
        self.station = NameBox()
        self.station.setAccessibleName("Station that is compared")
        self.station.setMinimumWidth(220)
        self.station.activated.connect(lambda _i: self._show_station())
        self.back, self.on = QPushButton("‹"), QPushButton("›")
        for button, key, by, name in (
            (self.back, "PgUp", -1, "Station before"),
            (self.on, "PgDown", 1, "Station after"),
        ):
            button.setAccessibleName(name)
            button.setToolTip(key)
            button.clicked.connect(lambda _on, by=by: self._step(by))
            QShortcut(key, self, button.click)
        self.choosers: dict[Phase, NameBox] = {}
        self.pictures: dict[Phase, MmPicture] = {}
        self._images: dict[Phase, tuple[KeptImage, ...]] = dict.fromkeys(PHASES, ())
        self._shown: dict[Phase, Compared | None] = dict.fromkeys(PHASES)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(8)
        for phase in PHASES:
            chooser, picture = NameBox(), MmPicture()
            chooser.setAccessibleName(f"Picture {_TITLES[phase].lower()}")
            picture.setAccessibleName(f"{_TITLES[phase]}, to the same millimetre")
            picture.empty_text = f"No picture of this station {_TITLES[phase].lower()} the procedure"
            chooser.activated.connect(lambda _i, phase=phase: self._read(phase))
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(heading(_TITLES[phase]))
            column.addWidget(chooser)
            column.addWidget(picture, 1)
            self._columns.addLayout(column, 1)
            self.choosers[phase], self.pictures[phase] = chooser, picture
        self.table = QTableWidget(0, len(_HEAD))
        self.table.setAccessibleName("Differences since before the procedure")
        self.table.setHorizontalHeaderLabels(list(_HEAD))
        self.table.setEditTriggers(QTableWidget.NoEditTriggers)
        self.table.setMaximumHeight(176)
        self.none = QLabel("Nothing was looked at both before the procedure and later: no difference can be told.")
        self.none.setProperty("role", "quiet")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(QLabel("Station"))
        for widget in (self.back, self.station, self.on):
            top.addWidget(widget)
        self.lay = QPushButton("Lay over the first")
        self.lay.setCheckable(True)
        self.lay.setToolTip(
            "Later pictures are shifted and turned onto the one before, where the tissue allows.  Key R"
        )
        QShortcut("R", self, self.lay.click)
        self.lay.clicked.connect(lambda _on: self._lay())
        top.addWidget(self.lay)
        top.addWidget(self.whose, 1, Qt.AlignRight)
        page = QVBoxLayout(self)
        page.setContentsMargins(14, 10, 14, 10)
        page.setSpacing(8)
        page.addLayout(top)
        page.addLayout(self._columns, 1)
        page.addWidget(self.none)
        page.addWidget(self.table)

    def compare(self, comparison: Comparison) -> None:
        """Compare the stations of this encounter; the one that was chosen stays where it is there."""
        before = self.place
        self._comparison = comparison
        self.whose.setText(comparison.whose)
        self.whose.setToolTip("Whose pictures these are; what is in hand may be of somebody else")
        self._places = places(comparison.record)
        self.station.clear()
        self.station.addItems([place.words for place in self._places])
        if before in self._places:
            self.station.setCurrentIndex(self._places.index(before))
        self._show_station()
        self._show_table(comparison.record)

    @property
    def place(self) -> Place | None:
        """The station that is shown."""
        row = self.station.currentIndex()
        return self._places[row] if 0 <= row < len(self._places) else None

    def show_image(self, image_uid: str) -> None:
        """Turn to the station of an image, and to the image in its column."""
        image = self._comparison.record.image(image_uid) if self._comparison is not None else None
        place = Place(image.station_id, image.side) if image is not None else None
        if place is None or place not in self._places:
            return
        self.station.setCurrentIndex(self._places.index(place))
        self._show_station()
        for phase, images in self._images.items():
            uids = [one.image_uid for one in images]
            if image_uid in uids:
                self.choosers[phase].setCurrentIndex(uids.index(image_uid))
                self._read(phase)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _step(self, by: int) -> None:
        if self._places:
            self.station.setCurrentIndex((self.station.currentIndex() + by) % len(self._places))
            self._show_station()

    def _show_station(self) -> None:
        place, comparison = self.place, self._comparison
        for phase in PHASES:
            chooser = self.choosers[phase]
            images = images_of(comparison.record, place, phase) if comparison is not None and place is not None else ()
            self._images[phase] = images
            chooser.clear()
            chooser.addItems([_words(image) for image in images])
            chooser.setEnabled(bool(images))
            self._read(phase)

    def _read(self, phase: Phase) -> None:
        """Read the chosen picture of a column."""
        row, images, comparison = self.choosers[phase].currentIndex(), self._images[phase], self._comparison
        self._shown[phase] = None
        found = comparison.reel_of(images[row].image_uid) if comparison is not None and 0 <= row < len(images) else None
        if found is None or comparison is None:
            self._fit()
            return
        reel, index = found
        image, document = images[row], comparison.document
        labelled = sorted({f.frame for f in document.findings if f.image == image.image_uid})
        frame = index + (labelled[0] if labelled else 0)

        def shown(pixels: Pixels) -> None:
            uid, own = reel.place(frame)
            findings = tuple(f for f in document.on(uid, own) if f.kind != "layer")
            self._shown[phase] = Compared(_words(image), pixels, reel.scale, findings)
            self._fit()
            self._lay(None if phase is Phase.PRE else phase)

        self._work.ask(f"compare {phase}", "", lambda: reel.frame(frame), shown)

    def _lay(self, only: Phase | None = None) -> None:
        """Lay later pictures (or `only` this one) over the one before the procedure, or draw them as they were taken."""
        first = self._shown[Phase.PRE]
        for phase in PHASES[1:] if only is None else (only,):
            picture = self._shown[phase]
            if picture is None:
                continue
            self._shown[phase] = picture = replace(picture, laid=None, note="")
            if self.lay.isChecked() and first is not None:
                self._work.ask(
                    f"lay {phase}",
                    "Laying pictures over each other",
                    partial(register, first.pixels, first.scale, picture.pixels, picture.scale),
                    partial(self._laid, phase, first, picture),
                )
        self._fit()

    def _laid(self, phase: Phase, first: Compared, picture: Compared, found: Registration | NotRegistered) -> None:
        """A picture was laid over the first one, or cannot be; it may have been turned away from meanwhile."""
        if self._shown[phase] is picture and self._shown[Phase.PRE] is first and self.lay.isChecked():
            laid = found if isinstance(found, Registration) else None
            self._shown[phase] = replace(picture, laid=laid, note=laid_words(found))
            self._fit()

    def _fit(self) -> None:
        """One millimetre is as large in each picture."""
        rooms = [(picture.width(), picture.height()) for picture in self.pictures.values()]
        room = min(wide for wide, _ in rooms), min(high for _, high in rooms)
        zoom = same_zoom(fit(list(self._shown.values())), room)
        for phase, picture in self.pictures.items():
            picture.show_picture(self._shown[phase], zoom)

    def _show_table(self, record: Encounter) -> None:
        rows = change_rows(record)
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                self.table.setItem(number, column, QTableWidgetItem(text.replace("\n", "  ")))
        self.table.resizeColumnsToContents()
        self.table.setVisible(bool(rows))
        self.none.setVisible(not rows)


def laid_words(found: Registration | NotRegistered) -> str:
    """How a picture was laid over the first one and how good that is; why it was not."""
    if isinstance(found, NotRegistered):
        return f"Not registered: {found.why}"
    right, down = found.shift_mm
    return (
        f"REGISTERED: shifted {right:+.1f}, {down:+.1f} mm, turned {found.turn_deg:+.1f}°. Correlation "
        f"{found.correlation:.2f}, overlap {found.overlap:.0%}, closes within {found.inconsistent_mm:.2f} mm."
    )


def _words(image: KeptImage) -> str:
    parts: Sequence[str] = [
        telling.word(image.mode) if image.mode else "",
        telling.word(image.kind),
        telling.word(image.plane) if image.plane else "",
        f"{image.at:%H:%M:%S}",
        "" if image.phase in PHASES else telling.word(image.phase),
    ]
    return ", ".join(part for part in parts if part)
