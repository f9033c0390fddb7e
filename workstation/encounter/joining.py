"""Joins what the window shows of the encounter: the guide beside the picture, the page with its steps, the comparison."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal

from annotation import Document
from procedure import Encounter, Phase
from procedure.observing import with_labels
from workstation.aside import Aside
from workstation.compare.page import Comparison
from workstation.desk import Desk, reel_of
from workstation.encounter.control import EncounterControl
from workstation.encounter.event_control import EventControl
from workstation.encounter.map_view import MapView
from workstation.encounter.measured import with_measures
from workstation.encounter.on_photograph.view import PhotographView
from workstation.encounter.pack_code.control import PackCodeControl
from workstation.encounter.read_off.control import ReadOffControl
from workstation.encounter.scan_control import ScanControl
from workstation.encounter.views import ChangesView
from workstation.live.pair import LivePair
from workstation.reels import Reel
from workstation.review.open_study import OpenedStudy
from workstation.studies.clinic_protocols import protocols_or_ours
from workstation.studies.visit import Capture
from workstation.window import MainWindow
from workstation.work import Work


class EncounterRoom(QObject):
    """The encounter in hand, at the window. `trouble`: what is wrong with the clinic's protocols, if anything."""

    changed = pyqtSignal()  #: the record is another one than before: it is to be kept
    save_wanted = pyqtSignal()  #: it was signed: a signature belongs into the archive at once
    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        work: Work,
        aside: Aside,
        live: LivePair,
        tell_visit: Callable[[str, str], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._desk, self._tell_visit = window, desk, tell_visit
        self._protocols, self.trouble = protocols_or_ours()
        window.station_bar.offer(tuple(self._protocols.values()))
        self.scan = ScanControl(window.station_bar, desk, self._protocols, self)
        for control in live.both:
            control.where = lambda: self.scan.here
            control.took.connect(self.scan.take)
            control.read.connect(self._use_read)
        live.showing.connect(self.scan.live)
        self.scan.site_told.connect(self._tell_site)
        self.complication = EventControl(desk, self._protocols, self)
        self.map = MapView(desk, self._protocols)
        self.photographs = PhotographView(desk, work, self._protocols)
        self.map.image_wanted.connect(self.compare_image)
        self.page = EncounterControl(
            *(window.encounter_page, desk, self._protocols),
            (self.map, self.photographs, self.complication, ChangesView(desk)),
            self,
        )
        self.page.notice.connect(self.notice)
        self.page.signed.connect(self.save_wanted)
        self.read_off = ReadOffControl(window.encounter_page.read_off, desk, aside, self)
        self.page.turned.connect(self.read_off.turn_to)
        self.pack_code = PackCodeControl(
            window.encounter_page.pack_code, self.page, live.first.known_registry, lambda: live.device_ids, self
        )
        window.rescue_wanted.connect(self.rescue)
        self.complication.started.connect(lambda: self._tell_visit("phase", Phase.COMPLICATION.value))
        self._opened: OpenedStudy | None = None
        self._stop_listening = desk.encounter.subscribe(self._changed)
        self.page.show_step(0)
        self._show_rescue()

    def rescue(self) -> None:
        """One press, from anywhere: an event is started, or the one that runs is shown."""
        self.complication.start()
        self.show_part("complications")

    def show_part(self, part: str) -> None:
        """Turn to the encounter's page and one step of it."""
        self._window.show_page("encounter")
        self.page.show_part(part)

    def use_visit(self, field: str) -> None:
        """A fact about the visit was told anew."""
        visit, encounter = self._desk.study.visit, self._desk.encounter
        if field in ("region", "laterality"):
            protocol = self._protocols.get(visit.region)
            encounter.choose_sites(visit.region, visit.laterality, protocol.version if protocol else "")
        if field in ("region", "laterality", "phase"):
            self.scan.use_visit()
        self.page.refresh()

    def use_labels(self) -> None:
        """The labels changed: the mapped vessels, and what is measured at the stations, are what they say."""
        encounter, study = self._desk.encounter, self._desk.study
        if not encounter.fixed:
            in_hand = {capture.key: capture for capture in study.captures}
            orders = {region: protocol.layers for region, protocol in self._protocols.items()}
            document = self._desk.history.document
            mapped = with_labels(encounter.record, document, in_hand, orders)
            encounter.take(with_measures(mapped, document, in_hand, self._protocols))

    def _use_read(self, capture: Capture) -> None:
        """The screen of a capture was read: its settings and hints stand in the record, its lengths are in millimetres."""
        self.scan.read(capture)
        self.use_labels()

    def leave(self) -> None:
        """The encounter in hand is put away."""
        self._stop_listening()

    def use_desk_anew(self) -> None:
        """Another encounter is in hand."""
        self._stop_listening = self._desk.encounter.subscribe(self._changed)
        self.scan.use_desk_anew()
        self.scan.use_visit()
        self.page.use_desk_anew()
        self._show_rescue()

    def show_comparison(self) -> None:
        """Compare the encounter in hand; where it has no picture, the study that is open for review."""
        if self._desk.study.captures or self._opened is None:
            self._window.compare_page.compare(self._in_hand())
        else:
            self.compare_opened(self._opened)

    def use_opened(self, opened: OpenedStudy | None) -> None:
        """Another study is open for review."""
        self._opened = opened

    def compare_opened(self, opened: OpenedStudy) -> None:
        """Compare the stations of a stored study."""
        if opened.encounter is not None:
            whose = opened.encounter.patient.patient_id or "nobody who is known"
            self._window.compare_page.compare(
                Comparison(
                    f"Stored study of {whose}", opened.encounter, opened.document, lambda uid: _stored(opened, uid)
                )
            )

    def compare_image(self, image_uid: str) -> None:
        """Turn to an image of the encounter in hand, beside those of its station in the other phases."""
        self._window.show_page("compare")
        self._window.compare_page.show_image(image_uid)

    def end(self) -> None:
        """The window closes."""
        self.scan.end()
        self.page.end()
        self.read_off.end()
        self.pack_code.end()

    def _in_hand(self) -> Comparison:
        record: Encounter = self._desk.encounter.record
        document: Document = self._desk.history.document
        return Comparison("Study in hand", record, document, self._captured)

    def _captured(self, image_uid: str) -> tuple[Reel, int] | None:
        capture = next((one for one in self._desk.study.captures if one.key == image_uid), None)
        if capture is not None:
            return reel_of(capture), 0
        return _stored(self._opened, image_uid) if self._opened is not None else None

    def _tell_site(self, region: str, side: str) -> None:
        """A protocol and a side were chosen beside the live picture: they hold for the visit."""
        if self._tell_visit("region", region):
            self._tell_visit("laterality", side)

    def _changed(self) -> None:
        self.page.refresh()
        self.read_off.show()
        self._show_rescue()
        self.changed.emit()

    def _show_rescue(self) -> None:
        self._window.show_rescue(self.complication.running)


def _stored(opened: OpenedStudy, image_uid: str) -> tuple[Reel, int] | None:
    """The picture of a stored study, and the frame at which the image begins in it."""
    for reel in opened.reels:
        index = reel.index_of(image_uid, 0)
        if index is not None:
            return reel, index
    return None
