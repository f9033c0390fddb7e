"""The rows of the settings' dialogue, a page for each matter. A page shows settings and tells what its fields say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from devices.source import DeviceInfo
from procedure.people import Role
from workstation.palette import TARGET_PX
from workstation.settings.model import ACTIONS, FootSwitchSettings, PedalKind, Settings

LANGUAGES: Final = {"en": "English", "de": "Deutsch"}
_THEMES: Final = {"dark": "Dark", "light": "Light"}


def _choice(options: Mapping[Any, str]) -> QComboBox:
    box = QComboBox()
    for key, text in options.items():
        box.addItem(text, key)
    return box


def _choose(box: QComboBox, key: str) -> None:
    box.setCurrentIndex(max(box.findData(key), 0))


def _number(least: int, most: int, unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setSuffix(f" {unit}" if unit else "")
    return box


def _seconds(least: float, most: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(least, most)
    box.setSingleStep(0.05)
    box.setSuffix(" s")
    return box


class Page(QWidget):
    """Rows of a name and a field, and a note below them."""

    title = ""

    def __init__(self, rows: Sequence[tuple[str, QWidget]], note: str) -> None:
        super().__init__()
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(10)
        for text, field in rows:
            field.setAccessibleName(text)
            name = QLabel(text)
            name.setMinimumHeight(TARGET_PX)
            form.addRow(name, field)
        said = QLabel(note)
        said.setWordWrap(True)
        said.setProperty("role", "quiet")
        self.column = QVBoxLayout(self)
        self.column.addLayout(form)
        self.column.addSpacing(8)
        self.column.addWidget(said)
        self.column.addStretch(1)

    def show_settings(self, settings: Settings) -> None:
        """Fill the fields."""
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        """The fields of `Settings` that this page sets, as plain values."""
        raise NotImplementedError


class RecordingPage(Page):
    """Which device starts with the window, how far back a press saves, and how much is kept."""

    title = "Recording"

    def __init__(self) -> None:
        self.device = QComboBox()
        self.last_s = _number(2, 300, "s")
        self.minutes, self.gibibytes = _number(1, 240, "min"), _number(1, 1024, "GiB")
        super().__init__(
            (
                ("Start with the window", self.device),
                ("'Save last' goes back", self.last_s),
                ("Keep what was not captured for", self.minutes),
                ("and at most", self.gibibytes),
            ),
            "While a device is open everything is recorded; what nobody captured goes when it is older, or more, than this. "
            "A new bound holds from the next time that a device is opened.",
        )
        self.show_devices(())

    def show_devices(self, found: Sequence[DeviceInfo]) -> None:
        """Fill the list of devices; what is chosen stays, though it may be away."""
        before = self.device.currentData()
        self.device.clear()
        self.device.addItem("No device", "")
        for info in found:
            self.device.addItem(f"{info.name} ({info.id})", info.id)
        if before:
            self._choose_device(before)

    def _choose_device(self, device_id: str) -> None:
        if device_id and self.device.findData(device_id) < 0:
            self.device.addItem(f"{device_id} (not plugged in)", device_id)
        _choose(self.device, device_id)

    def show_settings(self, settings: Settings) -> None:
        self._choose_device(settings.device)
        self.last_s.setValue(settings.last_s)
        self.minutes.setValue(settings.spool.minutes)
        self.gibibytes.setValue(settings.spool.gibibytes)

    def told(self) -> dict[str, Any]:
        return {
            "device": self.device.currentData(),
            "last_s": self.last_s.value(),
            "spool": {"minutes": self.minutes.value(), "gibibytes": self.gibibytes.value()},
        }


class PressesPage(Page):
    """What a short, double and long press do, and where the foot switch is."""

    title = "Foot and keys"

    def __init__(self) -> None:
        self.presses = {kind: _choice(ACTIONS) for kind in ("short", "double", "long")}
        self.port = QLineEdit()
        self.port.setPlaceholderText("none")
        self.protocol = _choice({kind: kind for kind in get_args(PedalKind)})
        self.baud = _number(300, 921600, "baud")
        self.long_s, self.double_s = _seconds(0.3, 3.0), _seconds(0.0, 1.0)
        super().__init__(
            (
                ("Short press, F7", self.presses["short"]),
                ("Double press, F8", self.presses["double"]),
                ("Long press, F9", self.presses["long"]),
                ("Serial port of the foot switch", self.port),
                ("What it sends", self.protocol),
                ("Speed", self.baud),
                ("A press is long from", self.long_s),
                ("A double press within", self.double_s),
            ),
            "Pedals that act as a keyboard need no port: let them send F7, F8, F9. The button of a camera is a short press.",
        )

    def show_settings(self, settings: Settings) -> None:
        for kind, box in self.presses.items():
            _choose(box, getattr(settings.presses, kind))
        switch = settings.foot_switch
        self.port.setText(switch.port if switch is not None else "")
        fields = switch or FootSwitchSettings(port="-")
        _choose(self.protocol, fields.protocol)
        self.baud.setValue(fields.baud)
        self.long_s.setValue(fields.long_s)
        self.double_s.setValue(fields.double_s)

    def told(self) -> dict[str, Any]:
        switch = {
            "port": self.port.text().strip(),
            "protocol": self.protocol.currentData(),
            "baud": self.baud.value(),
            "long_s": round(self.long_s.value(), 3),
            "double_s": round(self.double_s.value(), 3),
        }
        return {
            "presses": {kind: box.currentData() for kind, box in self.presses.items()},
            "foot_switch": switch if switch["port"] else None,
        }


class LooksPage(Page):
    """Light or dark, the language, and how a press is answered."""

    title = "Window"

    def __init__(self) -> None:
        self.theme, self.language = _choice(_THEMES), _choice(LANGUAGES)
        self.flash = QCheckBox("words on the picture")
        self.sound = QCheckBox("a sound")
        super().__init__(
            (
                ("Colours", self.theme),
                ("Language", self.language),
                ("A press is answered by", self.flash),
                ("and by", self.sound),
            ),
            "Pictures look the same in both colours. Another language holds from the next start; the pages Scan and Label "
            "are translated, the others and the anatomy's names are in English.",
        )

    def show_settings(self, settings: Settings) -> None:
        _choose(self.theme, settings.theme)
        _choose(self.language, settings.language)
        self.flash.setChecked(settings.flash)
        self.sound.setChecked(settings.sound)

    def told(self) -> dict[str, Any]:
        return {
            "theme": self.theme.currentData(),
            "language": self.language.currentData(),
            "flash": self.flash.isChecked(),
            "sound": self.sound.isChecked(),
        }


class PeoplePage(Page):
    """Who works here, and who of them does now."""

    title = "People"

    def __init__(self) -> None:
        self.operator = QComboBox()
        self.idle_lock_minutes = _number(1, 240, "min")
        super().__init__(
            (("Works here now", self.operator), ("Where sign-in is set up, lock after", self.idle_lock_minutes)),
            "Names that are offered as operator on the Patient page. They are no accounts and protect nothing: those are the "
            "archive's.",
        )
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName("People")
        self.table.setHorizontalHeaderLabels(["Name", "Role", "Registration number"])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.Stretch)
        self.table.verticalHeader().hide()
        self.table.itemChanged.connect(lambda _item: self._offer(self.operator.currentData()))
        self.add, self.take_out = QPushButton("Add somebody"), QPushButton("Take out the selected one")
        self.add.clicked.connect(lambda: self._add("", Role.OPERATOR, ""))
        self.take_out.clicked.connect(self._take_out)
        for place, widget in enumerate((self.table, self.add, self.take_out)):
            self.column.insertWidget(place, widget)

    def show_settings(self, settings: Settings) -> None:
        self.table.setRowCount(0)
        for person in settings.people:
            self._add(person.name, person.role, person.registration_number)
        self._offer(settings.operator)
        self.idle_lock_minutes.setValue(settings.idle_lock_minutes)

    def told(self) -> dict[str, Any]:
        people: list[dict[str, str]] = []
        for row in range(self.table.rowCount()):
            role: Any = self.table.cellWidget(row, 1)  # the box that `_add` put there
            name, number = self._text(row, 0), self._text(row, 2)
            if name or number:
                people.append({"name": name, "role": role.currentData(), "registration_number": number})
        return {
            "people": people,
            "operator": self.operator.currentData(),
            "idle_lock_minutes": self.idle_lock_minutes.value(),
        }

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _add(self, name: str, role: Role, number: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        roles = _choice({one.value: one.value for one in Role})
        roles.setAccessibleName("Role")
        _choose(roles, role.value)
        self.table.setItem(row, 0, QTableWidgetItem(name))
        self.table.setCellWidget(row, 1, roles)
        self.table.setItem(row, 2, QTableWidgetItem(number))
        self.table.setRowHeight(row, 48)
        if not name:
            self.table.editItem(self.table.item(row, 0))

    def _take_out(self) -> None:
        self.table.removeRow(self.table.currentRow())
        self._offer(self.operator.currentData())

    def _offer(self, chosen: str) -> None:
        self.operator.clear()
        self.operator.addItem("who is logged in to the computer", "")
        for row in range(self.table.rowCount()):
            if self._text(row, 0):
                self.operator.addItem(self._text(row, 0), self._text(row, 0))
        _choose(self.operator, chosen)
