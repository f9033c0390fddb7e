"""Where a drawn vessel lies against the muscle, computed from the drawn layers and not asked from memory (S19, X1).

A layer is drawn as its upper boundary, so a muscle ends where the layer begins that follows it in its region (the order of
the protocol's layers). Where that layer is not drawn under the vessel, the muscle's lower side is not known: a boundary
further down says nothing of it. Without a muscle drawn over the vessel the answer is 'cannot tell'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from annotation import Finding, Polyline
from procedure.vessels import Relation

MUSCLE = "musc"


def muscle_relation(vessel: Finding, layers: Iterable[Finding], order: Sequence[str]) -> Relation:
    """The relation of `vessel` to the muscle among `layers` of the same frame of the same picture.

    `order` are the ids of the region's layers from the skin inwards. CROSSING where a boundary of the muscle runs through
    the lumen; CANNOT_TELL where no muscle is drawn there, or the vessel lies below the upper side of a muscle whose lower
    side is not drawn.
    """
    left, top, right, bottom = vessel.shape.box
    middle = (left + right) / 2
    at_vessel = [
        (row, layer.term)
        for layer in layers
        if layer.kind == "layer"
        and (layer.image, layer.frame) == (vessel.image, vessel.frame)
        and (row := row_at(layer, middle)) is not None
    ]
    following = _next(order, MUSCLE)
    answers = set()
    for upper, term in at_vessel:
        if term == MUSCLE:
            lower = min((row for row, other in at_vessel if row > upper and other == following), default=None)
            answers.add(_against(upper, lower, top, bottom))
    # Two muscles over the vessel that say different things: one word would hide one of them.
    return answers.pop() if len(answers) == 1 else Relation.CANNOT_TELL


def layer_at(vessel: Finding, layers: Iterable[Finding]) -> str:
    """The layer, by its term, whose upper boundary lies next above the middle of the vessel; blank where none is drawn there.

    A layer that nobody drew is not known to be passed: draw all of the region's.
    """
    left, top, right, bottom = vessel.shape.box
    above = [
        (row, layer.term)
        for layer in layers
        if layer.term is not None
        and (row := row_at(layer, (left + right) / 2)) is not None
        and row <= (top + bottom) / 2
    ]
    return max(above)[1] if above else ""


def _next(order: Sequence[str], layer_id: str) -> str | None:
    place = order.index(layer_id) if layer_id in order else len(order)
    return order[place + 1] if place + 1 < len(order) else None


def _against(upper: float, lower: float | None, top: float, bottom: float) -> Relation:
    if bottom <= upper:
        return Relation.SUPERFICIAL
    if top < upper:
        return Relation.CROSSING
    if lower is None:
        return Relation.CANNOT_TELL
    if bottom <= lower:
        return Relation.WITHIN
    return Relation.DEEP if top >= lower else Relation.CROSSING


def row_at(layer: Finding, column: float) -> float | None:
    """The boundary's row at a column, the uppermost where it bends back; None beyond its ends."""
    if not isinstance(layer.shape, Polyline):
        return None
    places = layer.shape.points
    rows = []
    for (x0, y0), (x1, y1) in pairwise(places):
        if min(x0, x1) <= column <= max(x0, x1):
            rows.append(min(y0, y1) if x0 == x1 else y0 + (y1 - y0) * (column - x0) / (x1 - x0))
    return min(rows, default=None)
