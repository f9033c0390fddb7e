"""Draws findings over the picture, in screen pixels: lines keep their width however near the picture is."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from annotation.canvas.captions import caption
from annotation.canvas.hit import AnyShape, outline
from annotation.canvas.placing import Box, box_of, free_place
from annotation.canvas.tools import Draft
from annotation.canvas.viewport import Viewport
from annotation.colours import KINDS, colour_of
from annotation.finding import Finding
from annotation.shapes import Point

_LINE_PX, _HANDLE_PX, _TICK_PX = 2.0, 5.0, 7.0


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
    taken = [_on_screen(view, f.shape).grown(3) for f in findings if f.kind != "layer"]
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
    taken: list[Box],
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
    taken: list[Box],
) -> None:
    if not text:
        return
    metrics = QFontMetricsF(painter.font())
    space = Box(room.left(), room.top(), room.right(), room.bottom())
    wide, high = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
    place = free_place(wide, high, _on_screen(view, shape), space, taken)
    taken.append(place)
    plate = QRectF(place.left, place.top, wide, high)
    painter.setPen(Qt.NoPen)
    painter.setBrush(QColor(0, 0, 0, 165))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(colour)
    painter.drawText(plate, int(Qt.AlignCenter), text)


def _on_screen(view: Viewport, shape: AnyShape) -> Box:
    """The box that a caption stands beside, in screen pixels."""
    box = box_of(shape)
    return Box(*view.to_screen((box.left, box.top)), *view.to_screen((box.right, box.bottom)))
