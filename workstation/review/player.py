"""A canvas with a slider: shows a reel frame by frame, or plays it at the speed at which it was taken."""

from __future__ import annotations

import bisect
import time

from PyQt5.QtCore import Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QHideEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from annotation.canvas.board import Board
from annotation.canvas.view import Canvas
from workstation.languages import tr
from workstation.reels import Pixels, Reel
from workstation.work import Work

_LEAST_MS = 5


class Player(QWidget):
    """Frames are read and decoded in a worker thread, one at a time; where that is too slow, frames are left out."""

    frame_shown = pyqtSignal(int)  #: the frame (from 0) that is on the canvas now

    def __init__(self, board: Board, work: Work, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas(board)
        self.reel: Reel | None = None
        self._work = work
        self._topic = f"frame of player {id(self)}"
        self._wanted: int | None = None
        self._busy = False
        self._generation = 0
        self._select: str | None = None
        self._played_from = (0.0, 0.0)  # wall time and the clip's time at that moment, s
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setTimerType(Qt.PreciseTimer)
        self._clock.timeout.connect(self._play_on)

        self.canvas.setAccessibleName(tr("Picture with labels"))
        self.play = QPushButton(tr("Play"))
        self.play.setCheckable(True)
        self.play.setFixedWidth(96)
        self.play.clicked.connect(self._play_pressed)
        self.slider = QSlider(Qt.Horizontal)
        self.slider.setAccessibleName(tr("Frame"))
        self.slider.valueChanged.connect(self._slid)
        self.where = QLabel()
        self.where.setMinimumWidth(176)
        self.where.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        row = QHBoxLayout()
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(14)
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        row.addWidget(self.where)
        self._row = row
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)
        self.show_reel(None)

    def add_in_front(self, widget: QWidget) -> None:
        """Put a widget before the play button."""
        self._row.insertWidget(0, widget)

    def turn_to(self, index: int, *, select: str | None = None) -> None:
        """Turn to a frame (from 0) and, once it is shown, select a finding on it."""
        self.stop()
        self._select = select
        self.slider.setValue(index)
        self._want(index)

    def show_reel(self, reel: Reel | None) -> None:
        """Show another reel from its first frame; None for an empty canvas."""
        self.stop()
        self.reel = reel
        self._generation += 1
        self._busy, self._wanted = False, None
        count = len(reel.timestamps_s) if reel else 0
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(count - 1, 0))
        self.slider.setValue(0)
        self.slider.blockSignals(False)
        for widget in (self.slider, self.play):
            widget.setEnabled(count > 1)
        if reel is None:
            self.canvas.show_nothing()
            self.where.setText("")
        else:
            self._want(0)

    def use_scale_of(self, reel: Reel) -> None:
        """The reel that is shown has come to have the scale of this one, whose pictures are the same.

        The frame, what is selected and what is being drawn stay as they are, and playing goes on.
        """
        self.reel = reel
        board = self.canvas.board
        if board.image == reel.place(board.frame)[0]:
            board.show(board.image, board.frame, board.size, reel.scale)

    @property
    def index(self) -> int:
        """The frame (from 0) that the slider stands on."""
        return int(self.slider.value())

    def stop(self) -> None:
        """End playing."""
        self._clock.stop()
        self.play.setChecked(False)
        self.play.setText(tr("Play"))

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)

    def _play_pressed(self, on: bool) -> None:
        if not on or self.reel is None:
            self.stop()
            return
        if self.index == self.slider.maximum():
            self.slider.setValue(0)
        self.play.setText(tr("Pause"))
        self._played_from = (time.monotonic(), self.reel.timestamps_s[self.index])
        self._play_on()

    def _play_on(self) -> None:
        """Turn to the frame whose time it is, and wake again when the next one is due."""
        if self.reel is None:
            return
        times = self.reel.timestamps_s
        now = self._played_from[1] + time.monotonic() - self._played_from[0]
        due = min(max(bisect.bisect_right(times, now + 1e-3) - 1, 0), len(times) - 1)
        if due != self.index:
            self.slider.setValue(due)
        if due == len(times) - 1:
            self.stop()
        else:
            self._clock.start(max(round((times[due + 1] - now) * 1000), _LEAST_MS))

    def _slid(self, index: int) -> None:
        if self._clock.isActive() and self.slider.isSliderDown() and self.reel is not None:
            self._played_from = (time.monotonic(), self.reel.timestamps_s[index])
        self._want(index)

    def _want(self, index: int) -> None:
        """Ask for a frame; while one is on its way only the newest wish is kept."""
        reel = self.reel
        if reel is None:
            return
        self._tell_where(index)
        if self._busy:
            self._wanted = index
            return
        self._busy, self._wanted = True, None
        generation = self._generation
        self._work.ask(
            self._topic,
            "",
            lambda: reel.frame(index),
            lambda pixels: self._came(generation, index, pixels),
            lambda sentence: self._failed(generation, sentence),
        )

    def _came(self, generation: int, index: int, pixels: Pixels) -> None:
        if generation != self._generation or self.reel is None:
            return
        self._busy = False
        image, frame = self.reel.place(index)
        self.canvas.show_picture(pixels, image, frame, self.reel.scale)
        if self._select is not None and index == self.index:
            self.canvas.board.select(self._select)
            self._select = None
        self.frame_shown.emit(index)
        if self._wanted is not None:
            self._want(self._wanted)

    def _failed(self, generation: int, sentence: str) -> None:
        if generation == self._generation:
            self._busy = False
            self.stop()
            self._work.failed.emit(sentence)

    def _tell_where(self, index: int) -> None:
        if self.reel is not None:
            count = len(self.reel.timestamps_s)
            self.where.setText(
                tr("{n} of {m}").format(n=index + 1, m=count) + f"   {self.reel.timestamps_s[index]:.2f} s"
            )
