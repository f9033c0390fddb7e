"""What the read-off bar does: reads a capture in a worker thread for the open entry, and takes it over when told to."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject

from procedure.record import Record
from procedure.vessels import Vessel
from workstation.aside import Aside
from workstation.desk import Desk, title_of
from workstation.encounter.in_hand import now
from workstation.encounter.read_off import tip_frames, velocities
from workstation.encounter.read_off.bar import ReadOffBar
from workstation.encounter.read_off.offer import Offer
from workstation.encounter.sections import SECTIONS, Section, entries_of
from workstation.work import Work

_DOING = {"vessels": "Read velocities", "injections": "Count the tip's frames"}


class ReadOffControl(QObject):
    """An offer is of one entry: it is gone when another one is opened, or another step."""

    def __init__(self, bar: ReadOffBar, desk: Desk, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar, self._desk, self._aside = bar, desk, aside
        self._work = Work(self, threads=1)
        self._part = ""
        self._place: int | None = None
        self._offer: Offer | None = None
        self._reading = ""
        bar.read_wanted.connect(self.read)
        bar.take_wanted.connect(self.take)
        bar.leave_wanted.connect(self.leave)

    def turn_to(self, section: Section | None, place: int | None) -> None:
        """Another step or entry is shown; None where none is."""
        part = section.part if section is not None else ""
        if (part, place) != (self._part, self._place):
            self._part, self._place = part, place
            self.leave()
        self.show()

    def show(self) -> None:
        """Show what can be read now: the captures may be more than before."""
        self._bar.setVisible(self._part in _DOING and self._entry is not None)
        titles = [title_of(n, capture) for n, capture in enumerate(self._desk.study.captures, start=1)]
        self._bar.show_captures(titles, _DOING.get(self._part, ""))
        if self._reading:
            self._bar.read.setEnabled(False)

    def read(self, number: int) -> None:
        """Read a capture (its place in the list, from 0) for the open entry."""
        entry, place, captures = self._entry, self._place, self._desk.study.captures
        if entry is None or place is None or not 0 <= number < len(captures):
            return
        capture, labels = captures[number], self._desk.history.document
        job: Callable[[], Offer]
        if isinstance(entry, Vessel):
            vessel = entry
            job = lambda: self._aside.do(velocities.read, capture, vessel, labels, first=True)  # noqa: E731
        else:
            job = lambda: self._aside.do(tip_frames.read, capture, place, labels, first=True)  # noqa: E731
        asked = (self._part, place, self._desk.encounter)

        def came(offer: Offer) -> None:
            self._end_reading()
            if (self._part, self._place, self._desk.encounter) == asked:
                self._offer = offer
                self._bar.show_offer(offer.lines, takeable=offer.take is not None)

        def failed(sentence: str) -> None:
            self._end_reading()
            if (self._part, self._place, self._desk.encounter) == asked:
                self._bar.show_offer((sentence,))

        self._offer = None
        self._reading = f"{_DOING[self._part]} …"
        self._bar.show_busy(self._reading)
        self._work.ask("read off", self._reading, job, came, failed)

    def take(self) -> None:
        """Take what was read into the record."""
        offer, encounter = self._offer, self._desk.encounter
        self.leave()
        if offer is not None and offer.take is not None:
            encounter.change(offer.take(encounter.record, encounter.by, now()), offer.what)

    def leave(self) -> None:
        """Leave it: nothing of it stands in the record."""
        self._offer = None
        self._bar.show_offer(())

    def end(self) -> None:
        """Wait for what is being read; it is not shown any more."""
        self._work.close()

    @property
    def _entry(self) -> Record | None:
        section = next((one for one in SECTIONS if one.part == self._part), None)
        if section is None or self._place is None:
            return None
        entries = entries_of(self._desk.encounter.record, section)
        return entries[self._place] if self._place < len(entries) else None

    def _end_reading(self) -> None:
        self._reading = ""
        self._bar.show_busy("")
        self._bar.show_offer(())
