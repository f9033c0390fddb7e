"""The status strip: what the recording is doing, in numbers, always in sight."""

from __future__ import annotations

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QPainter, QPaintEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workstation.languages import tr
from workstation.live.status import LiveStatus
from workstation.palette import Tone, say_in

_NEARLY_ALL = 0.9  # a picture that repeats now and then is no slower probe


class Sentence(QLabel):
    """One line that takes what room there is; of a longer one the middle, or its end, is left out.

    The tooltip and the accessible description are to have all of it: `show_whole` gives both.
    """

    def __init__(self, parent: QWidget | None = None, *, elide: Qt.TextElideMode = Qt.ElideMiddle) -> None:
        super().__init__(parent)
        self._elide = elide
        # A long sentence must not make the window wider.
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def show_whole(self, text: str, whole: str = "") -> None:
        """Show this line; where the pointer rests, and for a screen reader, `whole` or the line itself without a cut."""
        self.setText(text)
        self.setToolTip(whole or text)
        self.setAccessibleDescription(whole or text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        shown = self.fontMetrics().elidedText(self.text(), self._elide, self.contentsRect().width())
        with QPainter(self) as painter:
            painter.drawText(self.contentsRect(), int(self.alignment()), shown)


class StatusStrip(QWidget):
    """State, frames kept, lost and corrupt, the measured rate, the disk; and what the program is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(22)
        self.state = QLabel(tr("No device"))
        self.kept, self.lost, self.corrupt = QLabel(), QLabel(), QLabel()
        self.rate, self.disk = QLabel(), QLabel()
        for label in (self.state, self.kept, self.lost, self.corrupt, self.rate, self.disk):
            row.addWidget(label)
        self.doing = QLabel()
        say_in(self.doing, "warning")
        row.addWidget(self.doing)
        self.said = Sentence()
        row.addWidget(self.said, 1)
        self.what = QLabel(tr("Documentation aid, not a diagnosis"))
        self.what.setProperty("role", "quiet")
        row.addWidget(self.what)

    def show_counters_only(self) -> None:
        """No sentence and no disk: those stand in the window's own strip."""
        for label in (self.disk, self.doing, self.said, self.what):
            label.hide()

    def show_status(self, status: LiveStatus | None) -> None:
        """Show one look at the recording; None where no device is open."""
        for label in (self.kept, self.lost, self.corrupt, self.rate):
            label.setVisible(status is not None)
        if status is None:
            self._say(self.state, tr("No device"), "quiet")
            return
        if status.no_signal and not status.trouble:
            self._say(self.state, tr("NO SIGNAL"), "alarm")
            self.state.setToolTip(
                tr("The grabber sends a picture of its own: see whether the probe's screen is on and its cable in")
            )
        else:
            self._say(self.state, tr(status.state), "alarm" if status.trouble else "plain")
            self.state.setToolTip("")
        self._say(self.kept, tr("{n} kept").format(n=status.kept), "quiet")
        self._say(self.lost, tr("{n} lost").format(n=status.lost), "alarm" if status.lost else "quiet")
        self._say(self.corrupt, tr("{n} corrupt").format(n=status.corrupt), "warning" if status.corrupt else "quiet")
        self._say(self.rate, _rate(status), "quiet")
        self.show_disk(status.free_bytes)

    def show_disk(self, free_bytes: int | None) -> None:
        """How much room the archive's disk has; None where it does not answer."""
        if free_bytes is None:
            self._say(self.disk, tr("disk does not answer"), "alarm")
            return
        few = free_bytes < 5e9
        self._say(self.disk, tr("{n} GB free").format(n=f"{free_bytes / 1e9:.1f}"), "alarm" if few else "quiet")

    def show_doing(self, doing: str) -> None:
        """What slow work is under way; empty for none."""
        self.doing.setText(f"{doing}…" if doing else "")

    def tell(self, text: str, *, undone: bool = False, whole: str = "") -> None:
        """A short sentence about what was done; it stays until the next one.

        `undone` marks one about what was not done, or has to be done first: success has another colour. `whole` is the
        sentence with nothing shortened, for the tooltip.
        """
        self._say(self.said, text, "warning" if undone else "done")
        self.said.setToolTip(whole or text)

    @staticmethod
    def _say(label: QLabel, text: str, tone: Tone) -> None:
        if label.text() != text:
            label.setText(text)
        say_in(label, tone)


def _rate(status: LiveStatus) -> str:
    """Frames a second; where fewer pictures than frames differ, that too: a 20/s probe in a 60/s stream."""
    if status.fps is None:
        return "– /s"
    seen = status.observed
    if seen is None or seen.no_signal or not seen.picture_fps or not seen.stream_fps:
        return f"{status.fps:.1f} /s"
    if seen.picture_fps > _NEARLY_ALL * seen.stream_fps:
        return f"{status.fps:.1f} /s"
    return tr("picture changes {n}/s of {m}/s").format(n=round(seen.picture_fps), m=round(status.fps))
