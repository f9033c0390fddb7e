"""The label page's two-point calibration: a distance that a person drew and knows gives a picture its millimetres."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PyQt5.QtCore import QObject, pyqtSignal

from annotation import Line
from annotation.canvas import pixels_of
from archive import Archive, NotFound
from imaging.scale import Scale
from workstation.annotate.panel import AnnotatePanel
from workstation.aside import Aside
from workstation.desk import Desk, reel_of
from workstation.probe_screen.two_points import Pointed, forgotten, scale_by_points
from workstation.review.player import Player
from workstation.studies.visit import Capture
from workstation.work import Work

T = TypeVar("T")

_STORED = (
    "This picture is saved already and cannot get another scale: take a new still, and set the scale before saving."
)


class Calibrating(QObject):
    """Asks for a known length where the shown capture has no scale, and sets its scale by it."""

    notice = pyqtSignal(str)  #: a sentence for the user
    calibrated = pyqtSignal()  #: a capture has another scale than before

    def __init__(
        self, player: Player, panel: AnnotatePanel, desk: Desk, aside: Aside, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player, self._panel, self._desk, self._aside = player, panel, desk, aside
        self._work = Work(self, threads=1)
        panel.length_known.connect(self.set_scale)
        panel.scale_unwanted.connect(self.take_away)

    def show(self) -> None:
        """Offer what can be done about the scale of the picture that is shown."""
        row, capture = self._panel.known_length, self._capture
        scale = next(iter(capture.scales), None) if capture is not None else None
        if capture is None:
            row.show_nothing()
        elif capture.unread and scale is None:
            row.show_reading()
        elif scale is None:
            row.show_asked(distance=self._line is not None)
        elif scale.source == "two-point":
            row.show_given(f"Scale by two points: {_in_words(scale)}.")
        else:
            row.show_nothing()

    def set_scale(self, length_mm: float) -> None:
        """The selected distance is `length_mm` long in truth."""
        capture, line, picture = self._capture, self._line, self._player.canvas.picture
        if capture is None or line is None or picture is None:
            return
        pixels, name = (
            pixels_of(picture),
            self._name(capture) if self._panel.known_length.remember.isChecked() else None,
        )
        root, start, end = self._desk.archive_root, line.start, line.end

        def job() -> Pointed | str:
            if _is_stored(root, capture.key):
                return _STORED
            try:
                return self._aside.do(scale_by_points, pixels, start, end, length_mm, name, first=True)
            except ValueError as error:
                return str(error)

        def came(answer: Pointed | str) -> None:
            if isinstance(answer, str):
                self.notice.emit(answer)
                return
            self._use(capture, answer.scale)
            kept = "It is remembered for this probe and depth." if answer.remembered_as else answer.why_not
            self.notice.emit(f"Scale set: {_in_words(answer.scale)}. {kept}".rstrip())

        self._ask("Setting the scale", job, came)

    def take_away(self) -> None:
        """The scale that was given by two points is not to be used, here and later."""
        capture, picture = self._capture, self._player.canvas.picture
        if capture is None or picture is None:
            return
        pixels, root = pixels_of(picture), self._desk.archive_root

        def job() -> str:
            if _is_stored(root, capture.key):
                return _STORED
            self._aside.do(forgotten, pixels, first=True)
            return ""

        def came(refused: str) -> None:
            if not refused:
                self._use(capture, None)
            self.notice.emit(refused or "Lengths on this picture are in pixels again.")

        self._ask("Taking the scale away", job, came)

    def end(self) -> None:
        """Wait for what is being worked out; it is not used any more."""
        self._work.close()

    @property
    def _capture(self) -> Capture | None:
        """The capture that is shown."""
        image = self._player.canvas.board.image
        return next((capture for capture in self._desk.study.captures if capture.key == image), None)

    @property
    def _line(self) -> Line | None:
        """The selected distance."""
        finding = self._player.canvas.board.selected
        return finding.shape if finding is not None and isinstance(finding.shape, Line) else None

    def _ask(self, doing: str, job: Callable[[], T], came: Callable[[T], None]) -> None:
        history = self._desk.history

        def done(answer: T) -> None:
            self._panel.known_length.show_looking(False)
            if history is self._desk.history:  # else another study is in hand
                came(answer)

        def failed(sentence: str) -> None:
            self._panel.known_length.show_looking(False)
            self.notice.emit(sentence)

        self._panel.known_length.show_looking(True)
        self._work.ask("scale", doing, job, done, failed)

    def _use(self, capture: Capture, scale: Scale | None) -> None:
        """The capture's scale is this one; the picture stays on the frame that it is on."""
        self._desk.calibrate(capture.key, scale)
        self.use_scale_of(next(c for c in self._desk.study.captures if c.key == capture.key))
        self.calibrated.emit()

    def use_scale_of(self, capture: Capture) -> None:
        """A capture has come to have a scale, or to have none: where it is shown, it is shown with it."""
        reel = self._player.reel
        if reel is not None and reel.place(0)[0] == capture.key:
            self._player.use_scale_of(reel_of(capture))
        self.show()

    @staticmethod
    def _name(capture: Capture) -> str:
        """What a remembered scale is called: the device, and the moment at which the picture was taken."""
        return f"{capture.clip.stream.device.name}, {capture.clip.started_at:%Y-%m-%d %H:%M:%S}"


def _is_stored(archive_root: Path, key: str) -> bool:
    try:
        with Archive(archive_root, create=False) as archive:
            return archive.has(key)
    except NotFound:
        return False


def _in_words(scale: Scale) -> str:
    return f"{scale.mm_per_pixel_y:.4f} mm per pixel ± {scale.relative_uncertainty:.1%}"
