"""The live picture. It is painted as it comes; where nothing comes for half a second it says STALE and how old it is.

The age runs from the last frame that arrived, whatever the reason. A picture that arrives and does not change is told too:
the probe may be frozen, or its screen mirror may stand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from PyQt5.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QColor, QFont, QHideEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from devices.source import Frame
from workstation.languages import tr
from workstation.live.outlines import paint_outlines
from workstation.live.pump import Pump, Shown
from workstation.palette import ALARM, DONE, QUIET, WARNING
from workstation.watching import Seen

STALE_AFTER_S = 0.5
UNCHANGED_AFTER_S = 2.0  #: a probe that scans has noise: the same bytes again and again are no scan
_CHECK_MS = 100
_FLASH_S = 1.2
_LOST_S = 5.0


def _nothing() -> Seen | None:
    """What is known of a picture that nobody looks at."""
    return None


class LiveView(QWidget):
    """Paints the newest frame of a pump, as large as it fits."""

    pressed = pyqtSignal()  #: the picture was pressed
    first_frame = pyqtSignal()  #: a device that was started has shown its first picture

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumSize(320, 180)
        self.setAccessibleName(tr("Live picture"))
        self.message = tr("Choose a device and press Start.")
        self.frozen = False
        self.simulated = False
        self.no_signal = False  #: a grabber without a signal, as far as can be seen
        self.painted_frames = 0
        self.outlined = True  #: whether what is seen in the picture is drawn over it
        self._pump: Pump | None = None
        self._seen: Callable[[], Seen | None] = _nothing
        self._shown: Shown | None = None
        self._held: Shown | None = None
        self._arrived_at = 0.0
        self._watch = QTimer(self)
        self._watch.setInterval(_CHECK_MS)
        self._watch.timeout.connect(self._look)
        self._said: tuple[str, ...] = ()
        self._changed_at = 0.0
        self._frozen_at = 0.0
        self.clip_s: float | None = None  #: how long a clip has been running; None where none is
        self._lost, self._lost_until = 0, 0.0
        self._flash, self._flash_until = "", 0.0
        self.footed = False  #: whether foot switch and keys capture from this picture, one of two

    def flash(self, text: str) -> None:
        """Show a few words on the picture for a moment: what a foot or a key has just done."""
        self._flash, self._flash_until = text, time.monotonic() + _FLASH_S
        self.update()

    @property
    def flashing(self) -> str:
        """The words that stand on the picture now."""
        return self._flash

    def watch(self, pump: Pump, *, simulated: bool, seen: Callable[[], Seen | None] = _nothing) -> None:
        """Show what this pump brings; the one before must have ended. `seen` tells what is known of its picture."""
        self._seen = seen
        self._pump, self._shown, self._held = pump, None, None
        self.simulated, self.no_signal = simulated, False
        self.clip_s, self._lost, self._lost_until = None, 0, 0.0
        self._arrived_at = self._changed_at = time.monotonic()
        self.message = tr("Waiting for the first picture…")
        pump.arrived.connect(self._take)
        self._tell_size()
        self._watch.start()
        self.update()

    def watch_nothing(self, message: str) -> None:
        """Show no picture but a sentence."""
        self._watch.stop()
        self._seen = _nothing
        self._pump = self._shown = self._held = None
        self.frozen = self.simulated = self.no_signal = False
        self.message = message
        self.update()

    def freeze(self, frozen: bool) -> None:
        """Hold the picture that is on the screen; recording goes on meanwhile."""
        if frozen and self._shown is not None:
            # The pump uses its memory again: what is held is a copy.
            self._held = Shown(self._shown.frame, self._shown.pixels.copy())
        self.frozen = frozen and self._held is not None
        self._frozen_at = time.monotonic()
        if not self.frozen:
            self._held = None
        self.update()

    @property
    def frame(self) -> Frame | None:
        """The frame on the screen; None where there is none."""
        shown = self._held if self.frozen else self._shown
        return shown.frame if shown else None

    @property
    def stale(self) -> bool:
        """Whether the picture is older than it looks: nothing has come for half a second."""
        return self._pump is not None and time.monotonic() - self._arrived_at > STALE_AFTER_S

    def show_lost(self, lost: int) -> None:
        """How many frames did not arrive since the device was opened: told on the picture for a while when it grows."""
        if lost > self._lost:
            self._lost_until = time.monotonic() + _LOST_S
        self._lost = lost

    @property
    def age_s(self) -> float:
        """Seconds since the last frame arrived; 0 where no device is watched."""
        return time.monotonic() - self._arrived_at if self._pump is not None else 0.0

    @property
    def unchanged_s(self) -> float:
        """How long frames have been arriving that are all the same; 0 where the picture changes, or nothing arrives."""
        if self._pump is None or self._shown is None or self.stale:
            return 0.0
        return self._arrived_at - self._changed_at

    @property
    def said(self) -> tuple[str, ...]:
        """What stands on the picture now, from the most to the least pressing."""
        return tuple(text for text, _ in (*self._over(), *self._signs()))

    def _over(self) -> Iterator[tuple[str, str]]:
        """What is written large across the picture: it is not what the probe sees now."""
        if self._pump is None or not self.stale:
            return
        word = tr("STALE") if self._shown is not None else tr("NO PICTURE")
        yield f"{word}  {_seconds(self.age_s)}", ALARM

    def _signs(self) -> Iterator[tuple[str, str]]:
        """The plates at the picture's corner, with their colours."""
        if self.footed:
            yield "FOOT AND KEYS HERE", "#8ec5ff"
        if self.simulated:
            yield tr("SIMULATED"), WARNING
        if self.frozen:
            yield (
                tr("FROZEN  {age}  –  recording goes on").format(age=_seconds(time.monotonic() - self._frozen_at)),
                "#8ec5ff",
            )
        if self.no_signal:
            yield tr("NO SIGNAL"), ALARM
        elif self.unchanged_s >= UNCHANGED_AFTER_S:
            yield tr("SAME PICTURE FOR {age}  –  is the probe frozen?").format(age=_seconds(self.unchanged_s)), WARNING
        if self.clip_s is not None:
            yield f"● CLIP  {_seconds(self.clip_s)}", ALARM
        if time.monotonic() < self._lost_until:
            yield tr("{n} FRAMES LOST").format(n=self._lost), ALARM
        if self._flash:
            yield self._flash, DONE

    def set_footed(self, footed: bool) -> None:
        """Whether foot switch and keys capture from this picture: it is told where there are two."""
        self.footed = footed
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self._held if self.frozen else self._shown
        if shown is None:
            painter.fillRect(event.rect(), QColor("#0a0d10"))
            painter.setPen(QColor(QUIET))
            painter.drawText(self.rect(), int(Qt.AlignCenter | Qt.TextWordWrap), self.message)
        else:
            self._paint_picture(painter, shown)
        if self._pump is not None:
            self._paint_signs(painter)
        painter.end()
        if self._pump is not None:
            self._pump.painted()

    def _paint_picture(self, painter: QPainter, shown: Shown) -> None:
        rows, columns = shown.pixels.shape[:2]
        data: Any = shown.pixels.data  # Qt paints from the decoder's memory, which `shown` holds
        image = QImage(data, columns, rows, shown.pixels.strides[0], QImage.Format_RGB32)
        target = self._target(columns, rows)
        for edge in (
            QRectF(0, 0, self.width(), target.top()),
            QRectF(0, target.bottom(), self.width(), self.height() - target.bottom()),
            QRectF(0, 0, target.left(), self.height()),
            QRectF(target.right(), 0, self.width() - target.right(), self.height()),
        ):
            painter.fillRect(edge, QColor("#0a0d10"))
        painter.setRenderHint(QPainter.SmoothPixmapTransform, target.width() != columns)
        painter.drawImage(target, image)
        seen = self._seen() if self.outlined else None
        if seen is not None:
            paint_outlines(painter, seen, shown.frame, target)
        self.painted_frames += 1

    def _paint_signs(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        top = 12.0
        for text, colour in self._signs():
            top = self._paint_plate(painter, text, colour, top)
        for text, colour in self._over():
            font.setPointSizeF(font.pointSizeF() * 2.4)
            painter.setFont(font)
            wide = painter.fontMetrics().horizontalAdvance(text) + 48
            high = painter.fontMetrics().height() + 16
            plate = QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
            painter.fillRect(plate, QColor(0, 0, 0, 190))
            painter.setPen(QColor(colour))
            painter.drawText(plate, int(Qt.AlignCenter), text)

    def _paint_plate(self, painter: QPainter, text: str, colour: str, top: float) -> float:
        metrics = painter.fontMetrics()
        plate = QRectF(12, top, metrics.horizontalAdvance(text) + 20, metrics.height() + 8)
        painter.fillRect(plate, QColor(0, 0, 0, 170))
        painter.setPen(QColor(colour))
        painter.drawText(plate, int(Qt.AlignCenter), text)
        return plate.bottom() + 6

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_size()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._pump is not None:
            self._arrived_at = self._changed_at = time.monotonic()
            self._watch.start()
            self._pump.painted()

    def hideEvent(self, event: QHideEvent) -> None:
        self._watch.stop()  # a view that is not seen asks for no frames: it paints nothing, so the pump waits
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def _take(self, shown: Shown) -> None:
        if self.sender() is not self._pump:
            return  # a frame of a device that was left meanwhile
        first = self._shown is None
        self._arrived_at = time.monotonic()
        if self._shown is None or shown.frame.data != self._shown.frame.data:
            self._changed_at = self._arrived_at
        self._shown = shown
        if self.frozen and self._pump is not None:
            self._pump.painted()
        else:
            self.update()
        if first:
            self.first_frame.emit()

    def _look(self) -> None:
        if self._flash and time.monotonic() >= self._flash_until:
            self._flash = ""
        said = self.said  # its ages run by tenths and by seconds: it is painted anew when a word or a digit changes
        if said != self._said:
            self._said = said
            self.update()

    def _target(self, columns: int, rows: int) -> QRectF:
        zoom = min(self.width() / columns, self.height() / rows)
        wide, high = columns * zoom, rows * zoom
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)

    def _tell_size(self) -> None:
        if self._pump is not None:
            ratio = self.devicePixelRatioF()
            self._pump.size = (round(self.width() * ratio), round(self.height() * ratio))


def _seconds(seconds: float) -> str:
    """An age that runs: tenths below ten seconds, then seconds, then minutes."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 100 else f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
