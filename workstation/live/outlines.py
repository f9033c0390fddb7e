"""What was seen in the live picture, drawn over it: thin lines, so that what they stand on is seen too."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPen, QPolygonF

from devices.source import Frame
from workstation.watching import Outline, Seen

#: An outline of an older frame lies beside what it shows: it is not drawn.
OLDEST_S: Final = 0.5

_PENS: Final = {
    "flow": (QColor(120, 255, 170), Qt.SolidLine),
    "colour-box": (QColor(230, 230, 230, 150), Qt.DotLine),
    "picture": (QColor(140, 190, 255, 110), Qt.DotLine),
}


def paint_outlines(painter: QPainter, seen: Seen, frame: Frame, target: QRectF) -> None:
    """Draw what was seen on the frame that is painted into `target`; nothing where it belongs to another moment or size."""
    if abs(frame.timestamp_ns - seen.timestamp_ns) > OLDEST_S * 1e9:
        return
    if (frame.width, frame.height) != (seen.width, seen.height):
        return
    painter.save()
    painter.setRenderHint(QPainter.Antialiasing)
    painter.setBrush(Qt.NoBrush)
    zoom = target.width() / frame.width
    for outline in seen.outlines:
        _paint(painter, outline, target.topLeft(), zoom)
    painter.restore()


def _paint(painter: QPainter, outline: Outline, corner: QPointF, zoom: float) -> None:
    colour, style = _PENS[outline.kind]
    painter.setPen(QPen(colour, 1.5, style))
    # A pixel's middle is a whole number: half a pixel lies between it and the corner that Qt counts from.
    line = QPolygonF([QPointF(corner.x() + (x + 0.5) * zoom, corner.y() + (y + 0.5) * zoom) for x, y in outline.points])
    if outline.closed:
        painter.drawPolygon(line)
    else:
        painter.drawPolyline(line)
    if outline.text and not line.isEmpty():
        painter.drawText(line.boundingRect().topLeft() + QPointF(0, -4), outline.text)
