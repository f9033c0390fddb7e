"""The camera's picture with the last pose shining through, so that the face can be turned as it was then."""

from __future__ import annotations

from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QImage, QPainter
from PyQt5.QtWidgets import QWidget

from annotation.canvas.picture import qimage_of
from workstation.live.pump import Shown
from workstation.live.view import LiveView
from workstation.reels import Pixels


class PoseView(LiveView):
    """A live view with a ghost: `share` 0 shows none of it, 1 nothing but it. What is taken is the camera's picture alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Camera's picture")
        self.message = "Choose a camera."
        self.share = 0.35
        self.ghost: QImage | None = None

    def show_ghost(self, pixels: Pixels | None) -> None:
        """The last pose, blue, green, red (rows, columns, 3); None for none."""
        self.ghost = None if pixels is None else qimage_of(pixels)
        self.update()

    def _paint_picture(self, painter: QPainter, shown: Shown) -> None:
        super()._paint_picture(painter, shown)
        if self.ghost is not None and not self.frozen:
            painter.save()
            painter.setOpacity(self.share)
            painter.drawImage(
                self._target(self.ghost.width(), self.ghost.height()), self.ghost, QRectF(self.ghost.rect())
            )
            painter.restore()
