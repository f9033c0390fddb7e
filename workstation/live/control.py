"""What the live page does: opens a device, shows it, and cuts clips and stills from the recording."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from acquisition import Clip, Mark, SpoolLimits
from devices.errors import DeviceNotFound
from devices.registry import DriverRegistry
from devices.source import DeviceInfo
from workstation.aside import Aside
from workstation.desk import Desk, title_of
from workstation.languages import tr
from workstation.live.alike import Asking
from workstation.live.device_panel import DevicePanel
from workstation.live.feed import Feed
from workstation.live.first_picture import Doubt, doubt_about
from workstation.live.pump import Pump
from workstation.live.reading import ScreenReading
from workstation.live.status import LiveStatus
from workstation.live.strip import StatusStrip
from workstation.live.taken import Taken, nothing, taken_of
from workstation.live.view import LiveView
from workstation.studies.visit import Visit
from workstation.work import Work

_STATUS_MS = 500


class LiveControl(QObject):
    """One device at a time. Everything slow is done by `work`, and what the pixels say by the process `aside`."""

    captured = pyqtSignal()  #: a clip or still came into the study
    took = pyqtSignal(object, object)  #: before that, for each of them: the Capture, and `where` it was asked for
    read = pyqtSignal(object)  #: later, for each of them: the Capture with what its screen tells
    showing = pyqtSignal(bool)  #: whether the picture is live: not where it is frozen, or no device is open
    notice = pyqtSignal(str)  #: a sentence for the user
    opened = pyqtSignal(object)  #: a device was opened, or is back after it was gone: its DeviceInfo
    closed = pyqtSignal()  #: it was given back

    def __init__(
        self,
        view: LiveView,
        panel: DevicePanel,
        strip: StatusStrip,
        desk: Desk,
        work: Work,
        aside: Aside,
        registry: Callable[[], DriverRegistry],
        parent: QObject | None = None,
        *,
        name: str = "",
    ) -> None:
        """`name` tells the work of one device from that of another that is recorded at the same time."""
        super().__init__(parent)
        self._name = name
        #: The id of the device that another control has open, empty for none: it cannot be opened twice.
        self.taken: Callable[[], str] = str
        self._view, self._panel, self._strip = view, panel, strip
        self._desk, self._work = desk, work
        self._registry_of = registry
        self._registry: DriverRegistry | None = None
        self._feed: Feed | None = None
        self._pump: Pump | None = None
        #: Where the probe is now; asked when a capture is asked for, and given back with it by `took`.
        self.where: Callable[[], object] = nothing
        #: Texts that named a patient on the screen of what was captured in this study; never to be logged.
        self.named: set[str] = set()
        #: How much of what nobody captured is kept; holds from the next opening of a device.
        self.limits = SpoolLimits()
        self._reading = ScreenReading(desk, aside, self)
        self._reading.read.connect(self.read)
        self._reading.notice.connect(self.notice)
        self._opening = False
        self._clip_from_s: float | None = None
        self._mark: Mark | None = None
        self._told = ""
        self._asked_status = False
        self.asking = Asking(work, self.known_registry, self)
        self.asking.answered.connect(self._answered)
        self.asking.declined.connect(self._declined)
        self._gone = False
        self._ticks = QTimer(self)
        self._ticks.setInterval(_STATUS_MS)
        self._ticks.timeout.connect(self._tick)
        panel.refresh_wanted.connect(self.refresh)
        panel.start_wanted.connect(self.start)
        panel.stop_wanted.connect(self.stop)
        panel.freeze_wanted.connect(self._freeze)
        panel.still_wanted.connect(lambda: self.still())
        panel.clip_wanted.connect(self.clip)
        panel.last_wanted.connect(self.save_last)
        strip.show_status(None)

    @property
    def running(self) -> bool:
        """Whether a device is open."""
        return self._feed is not None

    def refresh(self) -> None:
        """Look which devices there are."""
        self._work.ask(f"devices{self._name}", "Looking for devices", self._discover, self._panel.show_devices)
        if self._feed is not None and self._gone:  # what it waits for may be among several alike now
            wanted = self._feed.device.id
            self._work.ask(f"doubt{self._name}", "", lambda: self._doubt(wanted), self._ask_back)

    def start(self, device_id: str) -> None:
        """Open a device and begin to record into the spool."""
        if self._opening or self._feed is not None:
            return
        if device_id == self.taken():
            self._view.watch_nothing("This device is shown beside already: choose another one.")
            return
        self._opening = True
        self._panel.run.setEnabled(False)
        self._view.watch_nothing(tr("Opening the device…"))
        root, visit, request = self._desk.archive_root, self._desk.study.visit, self._panel.request_for(device_id)
        limits = self.limits

        def opened() -> Feed | Doubt:
            doubt = doubt_about(self.known_registry(), device_id)
            if doubt is not None:
                return doubt
            feed = Feed(self.known_registry(), device_id, root, visit, request, limits)
            feed.start()
            return feed

        self._work.ask(f"device{self._name}", "Opening the device", opened, self._opened, self._not_opened)

    def stop(self) -> None:
        """End the recording and give the device back; what was captured stays."""
        self.asking.end()
        if self._feed is None:
            return
        self.clip(False)
        feed, pump = self._feed, self._pump
        self._feed = self._pump = None
        self._ticks.stop()
        self.showing.emit(False)
        self.closed.emit()
        self._view.watch_nothing(tr("Choose a device and press Start."))
        self._panel.show_running(False)
        self._panel.facts.show_facts(())
        self._strip.show_status(None)

        def stopped() -> None:
            if pump is not None:
                pump.end()
            feed.stop()

        self._work.ask(f"device{self._name}", "Closing the device", stopped, lambda _none: self.refresh())

    def end(self) -> None:
        """Stop, and read no further screen. Harmless twice."""
        self.stop()
        self._reading.end()

    def tell(self, visit: Visit) -> None:
        """The visit is told anew: it is kept beside the frames."""
        if self._feed is not None:
            self._feed.tell(visit)

    def still(self, at_ns: int | None = None) -> None:
        """Take a picture into the study: the one on the screen, held there where it is frozen.

        `at_ns` (clock of `time.monotonic_ns`) asks for the picture of that moment instead. While another page is in front
        the picture on the Scan page stands still, so then it is the newest one, or that of the moment.
        """
        feed, frame = self._feed, self._view.frame
        if self._view.isVisible() and (self._view.frozen or at_ns is None):
            at_ns = frame.timestamp_ns if frame is not None else None
        elif at_ns is None:
            at_ns = time.monotonic_ns()
        if feed is not None and at_ns is not None:
            self._cut("Taking a still", partial(feed.still, at_ns), still=True)

    @property
    def device_id(self) -> str:
        """The id of the device that is open; empty where none is."""
        return self._feed.device.id if self._feed is not None else ""

    @property
    def clipping(self) -> bool:
        """Whether a clip was begun and is not ended yet."""
        return self._mark is not None

    def clip(self, begin: bool) -> None:
        """Begin a clip now, or end it and take it into the study."""
        feed = self._feed
        if feed is None:
            return
        if begin and self._mark is None:
            self._clip_from_s, self._mark = time.monotonic(), feed.begin_clip()
            self._panel.show_clip(0)
            self._view.clip_s = 0.0
        elif not begin and self._mark is not None:
            mark, self._mark, self._clip_from_s = self._mark, None, None
            self._panel.show_clip(None)
            self._view.clip_s = None
            self._cut("Taking the clip", partial(feed.end_clip, mark), still=False)

    def save_last(self, seconds: int) -> None:
        """Take the last seconds into the study: what has already happened."""
        if self._feed is not None:
            self._cut(f"Taking the last {seconds} s", partial(self._feed.last, float(seconds)), still=False)

    def show_captures(self) -> None:
        """List what is in the study in hand."""
        self._panel.show_captures([title_of(n, c, tr) for n, c in enumerate(self._desk.study.captures, start=1)])

    def _cut(self, doing: str, job: Callable[[], list[Clip]], *, still: bool) -> None:
        feed, study, where = self._feed, self._desk.study, self.where()
        seen = feed.seen() if feed is not None else None
        self.named |= set(seen.personal) if seen is not None else set()

        def taken(whole: Clip) -> list[Taken]:
            """Its pieces; a still is one, at once."""
            return taken_of(whole, [whole] if still else self._reading.pieces_of(whole))

        def cut() -> list[Taken]:
            return [piece for clip in job() for piece in taken(clip)]

        def cut_out(clips: list[Taken]) -> None:
            if feed is not None and study is self._desk.study:  # it may have been put away meanwhile
                self._cut_out(feed, clips, where, still=still)

        # A topic of its own for each: two presses are two captures, and neither answer makes the other stale.
        self._work.ask(f"cut {time.monotonic_ns()}", doing, cut, cut_out)

    def _cut_out(self, feed: Feed, clips: list[Taken], where: object, *, still: bool) -> None:
        for taken in clips:
            release = partial(feed.release, taken.whole) if taken.whole is not None else nothing
            capture = self._desk.add_unread(taken.clip, still=still, release=release)
            self.took.emit(capture, where)
            if capture.unread:  # not where the same picture was taken once more
                self._reading.add(capture)
        if clips:
            self.show_captures()
            self.captured.emit()
        else:
            self.notice.emit(tr("Nothing was captured: no whole picture came in that time."))

    def _opened(self, feed: Feed | Doubt) -> None:
        self._opening = False
        if isinstance(feed, Doubt):
            self._panel.run.setEnabled(True)
            self._view.watch_nothing(tr("Which device is meant has to be told first."))
            self.asking.ask(feed, self._view.window())
            return
        self._feed, self._gone = feed, False
        feed.tell(self._desk.study.visit)  # it may have been told anew while the device was opened
        self._pump = Pump(feed, self)
        self._view.watch(self._pump, simulated=feed.device.kind == "simulated", seen=feed.seen)
        self._pump.start()
        self._panel.run.setEnabled(True)
        self._panel.choose(feed.device.id)
        self._panel.show_running(True)
        self._ticks.start()
        self._reading.warm_up()
        self.showing.emit(True)
        self.opened.emit(feed.device)

    def _not_opened(self, sentence: str) -> None:
        self._opening = False
        self._panel.run.setEnabled(True)
        self._view.watch_nothing(sentence)
        self._work.failed.emit(sentence)

    def _answered(self, wanted_id: str, chosen_id: str) -> None:
        """A person said which device it is: remember it, then open it."""
        self.stop()  # a recording that waits for a device elsewhere does not take this one up
        registry = self.known_registry()
        self._work.ask(
            f"answer{self._name}",
            "Remembering the device",
            lambda: registry.choose(wanted_id, chosen_id),
            lambda _info: self.start(wanted_id),
            self._not_opened,
        )

    def _declined(self) -> None:
        if self._feed is None:
            self._view.watch_nothing(tr("Choose a device and press Start."))

    def _doubt(self, device_id: str) -> Doubt | None:
        try:
            return doubt_about(self.known_registry(), device_id)
        except DeviceNotFound:  # still gone: nothing to decide
            return None

    def _ask_back(self, doubt: Doubt | None) -> None:
        if doubt is not None and self._feed is not None and self._gone:
            self.asking.ask(doubt, self._view.window())

    def _freeze(self, on: bool) -> None:
        self._view.freeze(on)
        self._panel.freeze.setChecked(self._view.frozen)
        self.showing.emit(not self._view.frozen)

    def _tick(self) -> None:
        if self._clip_from_s is not None:
            self._view.clip_s = time.monotonic() - self._clip_from_s
            self._panel.show_clip(self._view.clip_s)
        if self._feed is not None:
            seen = self._feed.seen()
            self._panel.facts.show_facts(seen.facts if seen is not None else ())
        if self._feed is not None and not self._asked_status:
            self._asked_status = True
            self._work.ask(f"status{self._name}", "", self._feed.status, self._show_status, self._no_status)

    def _no_status(self, sentence: str) -> None:
        """A look at the recording failed: it is said once, and the next one is asked for."""
        self._asked_status = False
        if sentence != self._told:
            self._told = sentence
            self._work.failed.emit(sentence)

    def _show_status(self, status: LiveStatus) -> None:
        self._asked_status = False
        if self._feed is None:
            return
        self._strip.show_status(status)
        self._view.no_signal = status.no_signal
        self._view.show_lost(status.lost)
        was_gone, self._gone = self._gone, status.gone
        if was_gone and not status.gone and not status.ended:
            self.opened.emit(self._feed.device)
        if status.why and status.why != self._told:
            self._work.failed.emit(status.why)
        self._told = status.why
        if status.ended:
            self.stop()
            self._view.watch_nothing(status.why or tr("The device has ended its stream."))

    def known_registry(self) -> DriverRegistry:
        """The devices of this program; made when it is first asked for."""
        if self._registry is None:
            self._registry = self._registry_of()
        return self._registry

    def _discover(self) -> list[DeviceInfo]:
        return self.known_registry().discover()
