"""The station guide below the live picture: where to hold the probe, what has to be seen, what is still lacking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QPaintEvent
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QPushButton,
    QShortcut,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from procedure import telling
from procedure.answers import Sight
from procedure.coverage import StationCoverage, Status
from procedure.images import Mode
from procedure.protocol import Protocol
from procedure.stations import Pressure
from workstation.encounter.scanning import Here
from workstation.languages import tr
from workstation.live.panel import NameBox
from workstation.live.strip import Sentence
from workstation.palette import TARGET_PX, say_in

_SIDES = (("", "Midline"), ("R", "Right"), ("L", "Left"), ("B", "Both sides"))
_PRESSURES = {Pressure.STAND_OFF: "Gel stand-off", Pressure.LIGHT: "Light pressure", Pressure.FIRM: "Firm pressure"}
#: Each answer has a sign of its own: colour is never the only one.
_SIGNS = {Sight.SEEN: "●", Sight.NOT_SEEN: "–", None: "○"}
_WORDS = {Sight.SEEN: "seen", Sight.NOT_SEEN: "looked for, not seen", None: "not answered"}
STATUS_SIGNS = {Status.DONE: "●", Status.PARTIAL: "◐", Status.SKIPPED: "⊘", Status.MISSING: "○"}


@dataclass(frozen=True, slots=True)
class Guide:
    """What the bar shows: the station in hand among those of its phase, and what was answered there."""

    stop: StationCoverage
    here: Here
    number: int
    total: int
    still_open: int
    structures: tuple[tuple[str, str, Sight | None], ...]


def structure_names(protocol: Protocol, stop: StationCoverage) -> tuple[tuple[str, str], ...]:
    """Id and name of what the station looks for."""
    return tuple((one, protocol.structures.get(one, telling.structure(one))) for one in stop.station.look_for)


class Chip(QPushButton):
    """A button whose text begins at its left and is cut at its right: the sign of an answer is always in sight."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = option.rect.adjusted(10, 0, -6, 0)
        told, option.text = option.text, ""
        with QStylePainter(self) as painter:
            painter.drawControl(QStyle.CE_PushButton, option)
            text = self.fontMetrics().elidedText(told, Qt.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignLeft | Qt.AlignVCenter), text)


class StationBar(QWidget):
    """Says where the probe goes next; each answer is one press. It never stands in the way of a capture."""

    site_wanted = pyqtSignal(str, str)  #: a region's id and a side: R, L, B, or empty
    next_wanted = pyqtSignal()
    step_wanted = pyqtSignal(int)  #: one station on (1) or back (-1), whether open or not
    skip_wanted = pyqtSignal(str)  #: the reason
    sight_wanted = pyqtSignal(str)  #: a structure's id: its next answer
    plane_wanted = pyqtSignal(str)
    mode_wanted = pyqtSignal(str)
    pressure_wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WA_StyledBackground)
        self.setAccessibleName(tr("Station guide"))
        self.protocol, self.side = NameBox(), NameBox()
        self.protocol.setAccessibleName(tr("Protocol of the region"))
        self.side.setAccessibleName(tr("Side that is to be treated"))
        self.offer(())
        for key, text in _SIDES:
            self.side.addItem(tr(text), key)
        for box in (self.protocol, self.side):
            box.activated.connect(self._site_chosen)
        self.where = Sentence(elide=Qt.ElideRight)
        self.where.setAccessibleName(tr("Station in hand"))
        self.back, self.on = QPushButton("‹"), QPushButton("›")
        self.back.setAccessibleName(tr("Station before"))
        self.on.setAccessibleName(tr("Station after"))
        self.next, self.skip = QPushButton(tr("Next station")), QPushButton(tr("Skip…"))
        for button, key, hint in (
            (self.next, "N", tr("The next station that lacks something.  Key N")),
            (self.skip, "K", tr("This station is not scanned; the reason is kept.  Key K")),
            (self.back, ",", tr("Key {key}").format(key=",")),
            (self.on, ".", tr("Key {key}").format(key=".")),
        ):
            button.setToolTip(hint)
            QShortcut(key, self, button.click)
        self.next.clicked.connect(self.next_wanted)
        self.skip.clicked.connect(self._ask_reason)
        self.back.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.on.clicked.connect(lambda: self.step_wanted.emit(1))
        self.plane, self.mode, self.pressure = NameBox(), NameBox(), NameBox()
        self.plane.setAccessibleName(tr("Plane of the picture"))
        self.mode.setAccessibleName(tr("Mode of the picture"))
        self.pressure.setAccessibleName(tr("How hard the probe is held"))
        for mode in Mode:
            self.mode.addItem(tr(_capital(telling.word(mode))), mode.value)
        self.pressure.addItem(tr("Pressure?"), "")
        for pressure in Pressure:
            self.pressure.addItem(tr(_PRESSURES[pressure]), pressure.value)
        for box, signal in (
            (self.plane, self.plane_wanted),
            (self.mode, self.mode_wanted),
            (self.pressure, self.pressure_wanted),
        ):
            box.activated.connect(lambda _i, box=box, signal=signal: signal.emit(str(box.currentData())))
        self.structures: dict[str, QPushButton] = {}
        self._structure_row = QHBoxLayout()
        self._structure_row.setSpacing(6)
        self.lacks = Sentence(elide=Qt.ElideRight)
        self.lacks.setAccessibleName(tr("What the station lacks"))
        for box, wide_px in ((self.protocol, 170), (self.side, 108)):
            box.setFixedWidth(wide_px)
        for box, wide_px in ((self.plane, 112), (self.mode, 146), (self.pressure, 134)):
            box.setFixedWidth(wide_px)
        self._parts = (self.back, self.on, self.next, self.skip, self.plane, self.mode, self.pressure, self.lacks)

        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(8)
        for widget in (self.protocol, self.side, self.back):
            first.addWidget(widget)
        first.addWidget(self.where, 1)
        for widget in (self.on, self.next, self.skip):
            first.addWidget(widget)
        second.addLayout(self._structure_row, 1)
        for widget in (self.plane, self.mode, self.pressure):
            second.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(6)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.lacks)
        self.show_guide(None)

    def offer(self, protocols: Sequence[Protocol]) -> None:
        """The protocols to choose from, each with who has reviewed its stations."""
        self.protocol.clear()
        self.protocol.addItem(tr("Protocol: none"), "")
        for place, one in enumerate(protocols, 1):
            self.protocol.addItem(one.name, one.region)
            self.protocol.setItemData(place, f"Version {one.version}, reviewed by: {one.review}", Qt.ToolTipRole)

    def show_site(self, region: str, side: str) -> None:
        """The protocol and side that hold now."""
        self.protocol.setCurrentIndex(max(self.protocol.findData(region), 0))
        # The box says for itself who answers for its stations, a blank in words: nobody has to open the list for it.
        told = str(self.protocol.currentData(Qt.ToolTipRole) or "")
        self.protocol.setToolTip(f"{self.protocol.currentText()}. {told}".rstrip())
        self.protocol.setAccessibleDescription(told)
        self.side.setCurrentIndex(max(self.side.findData(side), 0))

    def show_guide(self, guide: Guide | None) -> None:
        """Show a station; None where no protocol is chosen, or it has no station in this phase."""
        for part in self._parts:
            part.setVisible(guide is not None)
        self._show_structures(guide.structures if guide is not None else ())
        if guide is None:
            self.where.show_whole(tr("Choose the protocol of the region: it leads from station to station."))
            return
        stop = guide.stop
        side = telling.word(stop.side)
        self.where.show_whole(
            f"{STATUS_SIGNS[stop.status]} {stop.station.id}, {side}   {stop.station.place}",
            f"Station {guide.number} of {guide.total} of this phase, {guide.still_open} open. From the "
            f"{telling.landmark(stop.station.landmark)}: {stop.station.place}.",
        )
        self.next.setText(tr("Next ({n})").format(n=guide.still_open) if guide.still_open else tr("All looked at"))
        self.next.setEnabled(guide.still_open > 0)
        self._show_planes(guide)
        self.mode.setCurrentIndex(self.mode.findData(guide.here.mode.value))
        self.pressure.setCurrentIndex(self.pressure.findData(guide.here.pressure.value if guide.here.pressure else ""))
        self._show_lacks(stop)

    def _show_planes(self, guide: Guide) -> None:
        planes = [plane.value for plane in guide.stop.station.planes]
        if [self.plane.itemData(n) for n in range(self.plane.count())] != planes:
            self.plane.clear()
            for plane in guide.stop.station.planes:
                self.plane.addItem(telling.word(plane).capitalize(), plane.value)
        self.plane.setCurrentIndex(max(self.plane.findData(guide.here.plane.value), 0))

    def _show_lacks(self, stop: StationCoverage) -> None:
        number = len(stop.lacks)
        head = tr("{n} lacking:  ").format(n=number) if number > 1 else ""
        told = " ".join(stop.lacks) or tr(
            "Nothing that the protocol asks for here is lacking. It says nothing beyond it."
        )
        self.lacks.show_whole(f"{head}{told}", "\n".join(stop.lacks) or told)
        say_in(self.lacks, "warning" if stop.lacks else "quiet")

    def _show_structures(self, structures: Sequence[tuple[str, str, Sight | None]]) -> None:
        if list(self.structures) != [one for one, _, _ in structures]:
            for button in self.structures.values():
                self._structure_row.removeWidget(button)
                button.deleteLater()
            self.structures = {}
            for one, _, _ in structures:
                button = Chip()
                button.setMinimumHeight(TARGET_PX)
                button.setMinimumWidth(60)
                button.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)
                button.clicked.connect(lambda _on, one=one: self.sight_wanted.emit(one))
                self.structures[one] = button
                self._structure_row.addWidget(button, 1)
        for one, name, sight in structures:
            button = self.structures[one]
            button.setText(f"{_SIGNS[sight]} {name}")
            button.setToolTip(
                f"{name}: {_WORDS[sight]}. A press gives the next answer; not seen never means not there."
            )
            button.setAccessibleName(f"{name}: {_WORDS[sight]}")

    def _site_chosen(self) -> None:
        self.site_wanted.emit(str(self.protocol.currentData()), str(self.side.currentData()))

    def _ask_reason(self) -> None:
        reason, given = QInputDialog.getText(
            self, tr("Skip this station"), tr("Why is it not scanned? The reason is kept:")
        )
        if given and reason.strip():
            self.skip_wanted.emit(reason.strip())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
