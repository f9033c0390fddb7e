"""What the pack's code does: it is read, asked about where it has expired or says something else, and fills the open form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QFileDialog, QMessageBox

from devices.registry import DriverRegistry
from devices.source import DeviceInfo
from procedure.errors import FieldWrong, NotGs1
from workstation.encounter.control import EncounterControl
from workstation.encounter.in_hand import now
from workstation.encounter.pack_code.bar import PackCodeBar
from workstation.encounter.pack_code.filling import filling
from workstation.encounter.pack_code.looking import code_at_camera, code_in_picture
from workstation.encounter.sections import Section
from workstation.other_cameras import other_cameras
from workstation.work import Work


class PackCodeControl(QObject):
    """One look at a time. The camera is another one than the probe's: that one is being recorded."""

    def __init__(
        self,
        bar: PackCodeBar,
        page: EncounterControl,
        registry: Callable[[], DriverRegistry],
        open_devices: Callable[[], frozenset[str]],
        parent: QObject | None = None,
    ) -> None:
        """`open_devices` are the ids of the devices that are being recorded."""
        super().__init__(parent)
        self._bar, self._page = bar, page
        self._registry, self._open_devices = registry, open_devices
        self._work = Work(self, threads=1)
        self._enough: Event | None = None
        page.turned.connect(self._turn_to)
        bar.code_told.connect(self.use)
        bar.camera_wanted.connect(self.look)
        bar.picture_wanted.connect(self._choose_picture)

    def use(self, code: str) -> None:
        """Fill what the code says into the open product's form; a new one is begun where none is open."""
        form = self._page.open_form()
        before = {}
        for name, editor in form.editors.items():
            try:
                before[name] = editor.value()
            except FieldWrong:
                before[name] = None
        try:
            found = filling(code, before, today=now().date())
        except NotGs1 as error:
            self._bar.tell(str(error))
            return
        if found.question and not self._sure(found.question):
            self._bar.tell("Nothing was entered.")
            return
        for name, value in found.values.items():
            form.editors[name].show_value(value)
        self._bar.tell(found.told)
        form.editors["lot"].changed.emit()

    def look(self, device_id: str) -> None:
        """Look through a camera until a code is seen; while it looks, stop."""
        if self._enough is not None:
            self._enough.set()
            return
        enough = Event()
        self._look(lambda: code_at_camera(self._registry(), device_id, enough), enough)
        self._bar.tell("Hold the pack's square code before the camera.")

    def look_at(self, path: Path) -> None:
        """Look for the code in a picture's file."""
        if self._enough is None:
            self._look(lambda: code_in_picture(path), Event())

    def end(self) -> None:
        """Look no more."""
        if self._enough is not None:
            self._enough.set()
        self._work.close()

    def _look(self, job: Callable[[], str], enough: Event) -> None:
        self._enough = enough
        self._bar.show_looking(True)

        def came(code: str) -> None:
            self._ended()
            if not self._bar.isHidden():  # else another step is shown, and its form is no product's
                self.use(code)

        def failed(sentence: str) -> None:
            self._ended()
            self._bar.tell("" if enough.is_set() else sentence)

        self._work.ask("pack code", "Looking for the pack's code", job, came, failed)

    def _ended(self) -> None:
        self._enough = None
        self._bar.show_looking(False)

    def _turn_to(self, section: Section | None, _place: int | None) -> None:
        shown = section is not None and section.part == "products"
        if shown and self._bar.isHidden():
            self._bar.tell("")
            self._work.ask("cameras", "", lambda: self._registry().discover(), self._show_cameras)
        elif not shown and self._enough is not None:
            self._enough.set()
        self._bar.setVisible(shown)

    def _show_cameras(self, found: Sequence[DeviceInfo]) -> None:
        self._bar.show_cameras(other_cameras(found, self._open_devices()))

    def _choose_picture(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._bar, "A picture of the pack's code", "", "Pictures (*.jpg *.jpeg *.png)"
        )
        if name:
            self.look_at(Path(name))

    def _sure(self, question: str) -> bool:
        answer = QMessageBox.question(
            self._bar, "sonofill", question, QMessageBox.Yes | QMessageBox.Cancel, QMessageBox.Cancel
        )
        return answer == QMessageBox.Yes
