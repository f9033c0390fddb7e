"""What the station guide does: leads through the protocol, and takes what is captured and answered into the record."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal

from procedure import Phase, Protocol
from procedure.answers import Sight
from procedure.coverage import StationCoverage, Status
from procedure.images import Mode, Plane
from procedure.stations import Pressure
from workstation.desk import Desk
from workstation.encounter import scanning
from workstation.encounter.in_hand import now
from workstation.encounter.scanning import Here
from workstation.encounter.station_bar import Guide, StationBar, structure_names
from workstation.studies.visit import Capture

_NEXT_SIGHT = {None: Sight.SEEN, Sight.SEEN: Sight.NOT_SEEN, Sight.NOT_SEEN: None}


class ScanControl(QObject):
    """The station in hand. What is captured while there is none stands in the record without a station."""

    site_told = pyqtSignal(str, str)  #: region and side (R, L, B or empty) were chosen for the visit
    moved = pyqtSignal()  #: another station is in hand, or none

    def __init__(
        self, bar: StationBar, desk: Desk, protocols: Mapping[str, Protocol], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bar, self._desk, self.protocols = bar, desk, protocols
        self.here: Here | None = None
        self._live_since: float | None = None
        self._live_s = 0.0
        bar.site_wanted.connect(self.site_told)
        bar.next_wanted.connect(self.go_on)
        bar.step_wanted.connect(self.step)
        bar.skip_wanted.connect(self.skip)
        bar.sight_wanted.connect(self._sight)
        bar.plane_wanted.connect(lambda key: self._change(plane=Plane(key)))
        bar.mode_wanted.connect(lambda key: self._change(mode=Mode(key)))
        bar.pressure_wanted.connect(self._pressure)

    def use_desk_anew(self) -> None:
        """Another encounter is in hand."""
        self.here = None
        self._live_s, self._live_since = 0.0, self._live_since and time.monotonic()
        self.show()

    def use_visit(self) -> None:
        """The visit was told anew: its phase and site decide which stations there are."""
        visit = self._desk.study.visit
        if self.here is not None and self.here.phase is not visit.phase:
            again = self.stop  # the same station, where the new phase has it
            if again is not None:
                self.go(again)
        self._bar.show_site(visit.region if visit.region in self.protocols else "", visit.laterality)
        if self.stop is None:
            self._leave()
            self.here = None  # what is captured now was not captured at a station of the phase before
            self.go_on()
        self.show()

    def take(self, capture: Capture, here: Here | None) -> None:
        """A capture came; `here` is where the probe was when it was asked for."""
        encounter = self._desk.encounter
        if capture.clip.stream.device.kind == "simulated":
            encounter.simulate()
        if here is None:
            encounter.take(scanning.with_loose_capture(encounter.record, capture, encounter.by))
        else:
            record = scanning.with_capture(encounter.record, here, capture, encounter.by)
            encounter.change(record, f"{here.station_id} {here.side} {here.phase}: {capture.kind}")
        self.show()

    def read(self, capture: Capture) -> None:
        """The screen of a capture that came before was read."""
        encounter = self._desk.encounter
        encounter.take(scanning.with_read(encounter.record, capture))

    def live(self, on: bool) -> None:
        """The picture is live, or it stands: the exposure log counts the time between."""
        if on and self._live_since is None:
            self._live_since = time.monotonic()
        elif not on and self._live_since is not None:
            self._live_s += time.monotonic() - self._live_since
            self._live_since = None

    def go(self, stop: StationCoverage) -> None:
        """Take a station in hand."""
        self._leave()
        before = self.here
        self.here = scanning.at(stop)
        if before is not None:
            self.here = replace(self.here, pressure=before.pressure)
        self._live_s, self._live_since = 0.0, self._live_since and time.monotonic()
        if stop.side.value in ("R", "L"):
            self._desk.tell(laterality=stop.side.value)  # the series of what is captured there
        self.show()
        self.moved.emit()

    def go_on(self) -> None:
        """To the next station that lacks something."""
        stop = scanning.following(self.stops(), self.here)
        if stop is not None:
            self.go(stop)

    def step(self, by: int) -> None:
        """To the station before or after, whether it lacks something or not."""
        stops = self.stops()
        if stops:
            place = next(
                (n for n, s in enumerate(stops) if self.here and (s.station.id, s.side) == self.here.key[:2]), 0
            )
            self.go(stops[(place + by) % len(stops)])

    def skip(self, reason: str) -> None:
        """The station in hand is not scanned."""
        if self.here is None:
            return
        self.answer(f"skipped, {reason}", skipped_because=reason)
        self.go_on()
        self.show()

    @property
    def stop(self) -> StationCoverage | None:
        """The station in hand as the protocol has it; None where none is in hand."""
        here = self.here
        return next((s for s in self.stops() if here and (s.station.id, s.side) == here.key[:2]), None)

    def set_picture(self, *, mode: Mode | None = None, pressure: Pressure | None = None) -> None:
        """How the picture is taken from now on at this station."""
        if self.here is not None:
            self.here = replace(self.here, mode=mode or self.here.mode, pressure=pressure or self.here.pressure)
            self.show()

    def answer(self, what: str, **answers: Any) -> None:
        """Answers of the station in hand; `what` stands in the log."""
        if self.here is None:
            return
        encounter = self._desk.encounter
        record = scanning.answered(encounter.record, self.here, encounter.by, now(), **answers)
        encounter.change(record, f"{self.here.station_id} {self.here.side} {self.here.phase}: {what}")
        self.show()

    def end(self) -> None:
        """Log the exposure of the station in hand."""
        self._leave()

    def show(self) -> None:
        """Show the station in hand as it stands now."""
        stops = self.stops()
        here = self.here
        stop = self.stop
        if stop is None or here is None:
            self.here = None
            self._bar.show_guide(None)
            return
        record = self._desk.encounter.record
        names = structure_names(self.protocols[stop.region], stop)
        self._bar.show_guide(
            Guide(
                stop,
                here,
                number=stops.index(stop) + 1,
                total=len(stops),
                still_open=sum(s.status in (Status.MISSING, Status.PARTIAL) for s in stops),
                structures=tuple((one, name, scanning.seen_at(record, here, one)) for one, name in names),
            )
        )

    def stops(self) -> tuple[StationCoverage, ...]:
        """The stations of the phase that the visit is in."""
        phase: Phase = self._desk.study.visit.phase
        return scanning.course(self._desk.encounter.record, self.protocols, phase)

    def _leave(self) -> None:
        """Leave the station in hand: what was scanned there while the picture was live is a line of the exposure log."""
        here, encounter = self.here, self._desk.encounter
        if self._live_since is not None:
            self._live_s += time.monotonic() - self._live_since
            self._live_since = time.monotonic()
        visit = scanning.visit_of(encounter.record, here) if here is not None else None
        if here is not None and visit is not None and visit.image_uids and self._live_s >= 1 and not encounter.fixed:
            encounter.take(scanning.with_exposure(encounter.record, here, self._live_s, encounter.by, now()))
        self._live_s = 0.0

    def _sight(self, structure: str) -> None:
        if self.here is None:
            return
        encounter = self._desk.encounter
        sight = _NEXT_SIGHT[scanning.seen_at(encounter.record, self.here, structure)]
        record = scanning.with_sight(encounter.record, self.here, structure, sight, encounter.by, now())
        encounter.change(record, f"{self.here.station_id} {self.here.side}: {structure} {sight or 'taken back'}")
        self.show()

    def _pressure(self, key: str) -> None:
        if self.here is None:
            return
        pressure = Pressure(key) if key else None
        if scanning.visit_of(self._desk.encounter.record, self.here) is not None:
            self.answer(f"pressure {pressure or 'taken back'}", pressure=pressure)
        self._change(pressure=pressure)

    def _change(self, **facts: object) -> None:
        if self.here is not None:
            self.here = replace(self.here, **facts)  # type: ignore[arg-type]
            self.show()
