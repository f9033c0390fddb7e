"""One picture of a comparison, drawn at a given size of a millimetre, its labels over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt5.QtWidgets import QSizePolicy, QWidget

from annotation import Ellipse, Finding, Point, Polyline
from annotation.canvas.captions import caption
from annotation.colours import colour_of
from imaging.registration import Registration
from imaging.scale import Scale
from workstation.compare.columns import box_of, size_mm
from workstation.palette import DONE, QUIET, WARNING
from workstation.reels import Pixels

_TICK_MM = 5


@dataclass(frozen=True, slots=True)
class Compared:
    """One frame with its scale and what is labelled on it; `title` stands above it."""

    title: str
    pixels: Pixels
    scale: Scale | None
    findings: tuple[Finding, ...] = ()
    laid: Registration | None = None
    note: str = ""  #: what is said of laying it over the first one

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of what is drawn, mm."""
        rows, columns = self.pixels.shape[:2]
        return size_mm(self.scale, columns, rows)


class MmPicture(QWidget):
    """Paints a picture so that one millimetre is `px_per_mm` wide; a ruler at its left edge shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumSize(200, 160)
        self.shown: Compared | None = None
        self.px_per_mm = 1.0
        self.empty_text = "No picture"

    def show_picture(self, shown: Compared | None, px_per_mm: float) -> None:
        """Show a picture; None for none."""
        self.shown, self.px_per_mm = shown, px_per_mm
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#0a0d10"))
        if self.shown is None:
            painter.setPen(QColor(QUIET))
            painter.drawText(self.rect(), int(Qt.AlignCenter | Qt.TextWordWrap), self.empty_text)
        else:
            self._paint(painter, self.shown)
        painter.end()

    def _paint(self, painter: QPainter, shown: Compared) -> None:
        rows, columns = shown.pixels.shape[:2]
        x0, y0, x1, y1 = box_of(shown.scale, columns, rows)
        x1, y1 = min(x1, columns), min(y1, rows)
        part = np.ascontiguousarray(shown.pixels[y0:y1, x0:x1])
        colour = part.ndim == 3
        image = QImage(
            part.tobytes(),
            x1 - x0,
            y1 - y0,
            part.strides[0],
            QImage.Format_BGR888 if colour else QImage.Format_Grayscale8,
        )
        wide, high = (side * self.px_per_mm for side in shown.size_mm)
        target = QRectF((self.width() - wide) / 2, 0, wide, high)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.save()
        painter.setClipRect(target)
        if shown.laid is not None:
            (right_mm, down_mm), corner = shown.laid.shift_mm, target.topLeft()
            painter.translate(corner + QPointF(right_mm, down_mm) * self.px_per_mm)
            painter.rotate(shown.laid.turn_deg)
            painter.translate(-corner)
        painter.drawImage(target, image)
        captions: list[QRectF] = []
        for finding in shown.findings:
            _paint_finding(painter, finding, target, (x0, y0), wide / (x1 - x0), high / (y1 - y0))
        for finding in shown.findings:
            if finding.kind in ("vessel", "filler"):
                left, top, _, _ = finding.shape.box
                at = target.topLeft() + QPointF((left - x0) * wide / (x1 - x0), (top - y0) * high / (y1 - y0))
                _paint_caption(painter, finding, at, captions)
        painter.restore()
        if shown.note:
            painter.setPen(QColor(DONE if shown.laid is not None else WARNING))
            below = QRectF(8, self.height() - 64, self.width() - 16, 60)
            painter.drawText(below, int(Qt.AlignBottom | Qt.TextWordWrap), shown.note)
        if shown.scale is None:
            painter.setPen(QColor(WARNING))
            painter.drawText(
                target.adjusted(8, 8, -8, -8),
                int(Qt.AlignTop | Qt.TextWordWrap),
                "No scale: not to the same millimetre",
            )
        else:
            self._paint_ruler(painter, target, shown.size_mm[1])

    def _paint_ruler(self, painter: QPainter, target: QRectF, high_mm: float) -> None:
        painter.setPen(QPen(QColor("#ffffff"), 1))
        for mm in range(0, int(high_mm) + 1, _TICK_MM):
            y = target.top() + mm * self.px_per_mm
            painter.drawLine(QPointF(target.left(), y), QPointF(target.left() + 8, y))
            if mm:
                painter.drawText(QPointF(target.left() + 11, y + 4), f"{mm} mm" if mm == _TICK_MM else str(mm))


def _paint_finding(
    painter: QPainter, finding: Finding, target: QRectF, corner: tuple[int, int], across: float, down: float
) -> None:
    """A label as on its picture; `across` and `down` are screen pixels for each pixel of the picture."""

    def place(point: tuple[float, float]) -> QPointF:
        return QPointF(target.left() + (point[0] - corner[0]) * across, target.top() + (point[1] - corner[1]) * down)

    shape = finding.shape
    painter.setPen(QPen(QColor(colour_of(finding)), 1.6, Qt.SolidLine if finding.status == "confirmed" else Qt.DotLine))
    painter.setBrush(Qt.NoBrush)
    if isinstance(shape, Ellipse):
        painter.save()
        painter.translate(place(shape.centre))
        painter.rotate(shape.angle_deg)
        painter.drawEllipse(QPointF(0, 0), shape.semi_axes[0] * across, shape.semi_axes[1] * down)
        painter.restore()
    else:
        line = QPolygonF([place(point) for point in shape.points])
        if isinstance(shape, Polyline) and shape.closed:
            painter.drawPolygon(line)
        elif isinstance(shape, Point):
            painter.drawEllipse(line.first(), 4, 4)
        else:
            painter.drawPolyline(line)


def _paint_caption(painter: QPainter, finding: Finding, at: QPointF, taken: list[QRectF]) -> None:
    """Write what a label is above it, higher where another caption stands already."""
    text, metrics = caption(finding), painter.fontMetrics()
    box = QRectF(at.x(), at.y() - metrics.height() - 2, metrics.horizontalAdvance(text), metrics.height())
    while any(box.intersects(other) for other in taken):
        box.translate(0, -metrics.height())
    taken.append(box)
    painter.setPen(QColor(colour_of(finding)))
    painter.drawText(box, int(Qt.AlignLeft | Qt.AlignVCenter | Qt.TextDontClip), text)


def fit(pictures: Sequence[Compared | None]) -> list[tuple[float, float]]:
    """The sizes of the pictures that are there, mm."""
    return [picture.size_mm for picture in pictures if picture is not None]
