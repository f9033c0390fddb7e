"""Draws findings over the picture, in screen pixels: lines keep their width however near the picture is."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from annotation.canvas.captions import caption
from annotation.canvas.hit import AnyShape, outline
from annotation.canvas.tools import Draft
from annotation.canvas.viewport import Viewport
from annotation.colours import KINDS, colour_of
from annotation.finding import Finding
from annotation.shapes import Point, Polyline

_LINE_PX, _HANDLE_PX, _TICK_PX, _AWAY_PX = 2.0, 5.0, 7.0, 8.0


def paint_findings(
    painter: QPainter,
    view: Viewport,
    findings: Iterable[Finding],
    selected: str | None,
    draft: Draft | None,
    room: QRectF,
) -> None:
    """Draw all findings, the selected one last with its points, and what is in the making. Captions stay in `room`."""
    findings = tuple(findings)
    # A caption keeps off the captions before it and off what others mark.
    taken = [_on_screen(view, f.shape).adjusted(-3, -3, 3, 3) for f in findings if f.kind != "layer"]
    hidden = draft.replaces if draft else None
    chosen: Finding | None = None
    for finding in findings:
        if finding.tracking_uid == selected:
            chosen = finding
        elif finding.tracking_uid != hidden:
            _paint_one(painter, view, finding, finding.shape, room, taken)
    if chosen is not None:
        shape = draft.shape if draft and draft.shape and draft.replaces == selected else chosen.shape
        _paint_one(painter, view, chosen, shape, room, taken, handles=True)
    if draft is not None and draft.replaces is None:
        colour = QColor(KINDS[draft.kind])
        if draft.shape is not None:
            _paint_shape(painter, view, draft.shape, colour, dashed=True)
        _paint_handles(painter, view, draft.points, colour)


def _paint_one(
    painter: QPainter,
    view: Viewport,
    finding: Finding,
    shape: AnyShape,
    room: QRectF,
    taken: list[QRectF],
    *,
    handles: bool = False,
) -> None:
    colour = QColor(colour_of(finding))
    _paint_shape(painter, view, shape, colour, dashed=finding.status == "suggested")
    if handles:
        _paint_handles(painter, view, shape.points, colour)
    _paint_caption(painter, view, caption(finding), shape, colour, room, taken)


def _paint_shape(painter: QPainter, view: Viewport, shape: AnyShape, colour: QColor, *, dashed: bool) -> None:
    line = QPolygonF([QPointF(*view.to_screen(place)) for place in outline(shape)])
    # A dark line below the coloured one keeps it readable on bright tissue.
    for pen in (
        QPen(QColor(0, 0, 0, 150), _LINE_PX + 2, Qt.SolidLine, Qt.RoundCap, Qt.RoundJoin),
        QPen(colour, _LINE_PX, Qt.DashLine if dashed else Qt.SolidLine, Qt.RoundCap, Qt.RoundJoin),
    ):
        painter.setPen(pen)
        painter.setBrush(Qt.NoBrush)
        if isinstance(shape, Point):
            at = line[0]
            painter.drawLine(at - QPointF(_TICK_PX, 0), at + QPointF(_TICK_PX, 0))
            painter.drawLine(at - QPointF(0, _TICK_PX), at + QPointF(0, _TICK_PX))
        else:
            painter.drawPolyline(line)


def _paint_handles(painter: QPainter, view: Viewport, points: Iterable[tuple[float, float]], colour: QColor) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
    painter.setBrush(colour)
    for place in points:
        painter.drawEllipse(QPointF(*view.to_screen(place)), _HANDLE_PX, _HANDLE_PX)


def _paint_caption(
    painter: QPainter,
    view: Viewport,
    text: str,
    shape: AnyShape,
    colour: QColor,
    room: QRectF,
    taken: list[QRectF],
) -> None:
    if not text:
        return
    metrics = QFontMetricsF(painter.font())
    plate = _free_place(
        metrics.horizontalAdvance(text) + 12, metrics.height() + 4, _on_screen(view, shape), room, taken
    )
    taken.append(QRectF(plate))
    painter.setPen(Qt.NoPen)
    painter.setBrush(QColor(0, 0, 0, 165))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(colour)
    painter.drawText(plate, int(Qt.AlignCenter), text)


def _on_screen(view: Viewport, shape: AnyShape) -> QRectF:
    """The box that a caption stands beside: the shape's own, for an open line the end on the right."""
    x0, y0, x1, y1 = shape.box
    if isinstance(shape, Polyline) and not shape.closed:
        y0 = y1 = max(shape.vertices)[1]
    return QRectF(QPointF(*view.to_screen((x0, y0))), QPointF(*view.to_screen((x1, y1))))


def _free_place(wide: float, high: float, beside: QRectF, room: QRectF, taken: list[QRectF]) -> QRectF:
    """A place for a caption: right of the box, left, above or below, where nothing else stands; inside the room.

    Captions of lines without height (layers) stand on the right alone, one below the other, in the order of the layers.
    """
    middle = beside.center()
    tries = [
        QRectF(beside.right() + _AWAY_PX, middle.y() - high / 2, wide, high),
        QRectF(beside.left() - _AWAY_PX - wide, middle.y() - high / 2, wide, high),
        QRectF(middle.x() - wide / 2, beside.top() - _AWAY_PX - high, wide, high),
        QRectF(middle.x() - wide / 2, beside.bottom() + _AWAY_PX, wide, high),
    ]
    for plate in tries if beside.height() > 0 else tries[:1]:
        if room.contains(plate) and not any(plate.intersects(other) for other in taken):
            return plate
    plate = tries[0]
    plate.moveLeft(max(min(plate.left(), room.right() - wide), room.left()))
    for other in sorted(taken, key=QRectF.top):
        if plate.intersects(other):
            plate.moveTop(other.bottom() + 2)
    plate.moveTop(min(max(plate.top(), room.top()), room.bottom() - high))
    return plate
