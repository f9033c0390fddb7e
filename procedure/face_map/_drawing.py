"""The map as SVG: three views of the face with their marks, and the key to colours and marks.

Colour is never the only sign: each class of depth has its own shape, each state of a station its own ring. Marks that would
lie on each other are moved apart, with a thin line to the place that they belong to. All text in the SVG is digits and plain
letters; words of the record stand beside the map.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from procedure.coverage import Status
from procedure.face_map._face import PUPIL_RADIUS_MM, lines, pupils, smooth_path
from procedure.face_map._marks import DEPTHS, Mark, MarkKind
from procedure.face_map._places import VIEWS, Place2, View, projected

_VIEW_WIDTH, _VIEW_HEIGHT = 205.0, 250.0
_TOP = 112.0  # the nasion's distance from a view's upper edge
_MIDDLE: Final = {View.FRONT: 102.5, View.LEFT_OBLIQUE: 103.0, View.RIGHT_OBLIQUE: 102.0}
MAP_SIZE: Final = (3 * _VIEW_WIDTH, _VIEW_HEIGHT)  #: width, height of the map in its own units
KEY_SIZE: Final = (3 * _VIEW_WIDTH, 62.0)  #: width, height of the key
_APART = 10.5  # the least distance between two marks' middles
_FONT: Final = 'font-family="Noto Sans, DejaVu Sans, Arial, sans-serif"'

#: Colour and outline of each class of depth, the last for 'deeper', and one for 'not measured'.
_COLOURS: Final = ("#a50f15", "#d95f02", "#8a7a00", "#1b7837", "#2b5597")
_UNKNOWN_COLOUR: Final = "#666666"
_PATH_COLOUR: Final = "#1f3f77"


def map_svg(marks: Sequence[Mark]) -> str:
    """The three views with the marks that have a place."""
    width, height = MAP_SIZE
    parts = [_open(width, height)]
    for column, view in enumerate(VIEWS):
        parts.append(f'<g transform="translate({column * _VIEW_WIDTH:.1f} 0)">')
        parts += _face(view)
        parts += _marks(view, marks)
        parts.append(
            f'<text x="{_VIEW_WIDTH / 2:.1f}" y="246" font-size="9" text-anchor="middle" {_FONT}>{view}</text>'
        )
        parts.append("</g>")
    parts.append(_sides())
    return "".join([*parts, "</svg>"])


def _sides() -> str:
    """Which side is which in the front view: the patient's left is at the right."""
    texts = (("R", _VIEW_WIDTH + 8), ("L", 2 * _VIEW_WIDTH - 8))
    return "".join(
        f'<text x="{x:.1f}" y="20" font-size="12" font-weight="bold" text-anchor="middle" {_FONT}>{letter}</text>'
        for letter, x in texts
    )


def key_svg() -> str:
    """What colours and marks mean."""
    width, height = KEY_SIZE
    parts = [_open(width, height)]
    depths = [f"to {end:g} mm" for end in DEPTHS] + [f"over {DEPTHS[-1]:g} mm", "not measured"]
    parts.append(_words(0, 12, "Vessel, depth from the skin:", bold=True))
    for place, words in enumerate(depths):
        depth = place if place <= len(DEPTHS) else None
        x = 150 + place * 76
        parts += [*_shape(MarkKind.VESSEL, (x, 9), depth=depth), _words(x + 9, 12, words)]
    parts.append(_words(0, 33, "Station:", bold=True))
    stations = (
        (150, Status.DONE, "scanned"),
        (226, Status.PARTIAL, "scanned in part"),
        (340, Status.SKIPPED, "skipped with a reason"),
        (478, Status.MISSING, "not scanned"),
    )
    for x, status, words in stations:
        parts += [*_shape(MarkKind.STATION, (x, 30), status=status), _words(x + 9, 33, words)]
    parts.append(_words(0, 54, "Treatment:", bold=True))
    treatment = (
        (150, MarkKind.PATH, "planned path, dotted: not scanned"),
        (340, MarkKind.DEPOSIT, "planned deposit"),
        (478, MarkKind.INJECTION, "injection"),
    )
    for x, kind, words in treatment:
        parts += [*_shape(kind, (x, 51)), _words(x + 9, 54, words)]
    return "".join([*parts, "</svg>"])


def _open(width: float, height: float) -> str:
    box = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'


def _words(x: float, y: float, words: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="9"{weight} {_FONT}>{words}</text>'


def _on_paper(place: Place2, view: View) -> Place2:
    return place[0] + _MIDDLE[view], place[1] + _TOP


def _face(view: View) -> Iterator[str]:
    data = "".join(smooth_path([_on_paper(place, view) for place in curve]) for curve in lines(view))
    yield f'<path d="{data}" fill="none" stroke="#8c8c8c" stroke-width="0.9" stroke-linecap="round"/>'
    for middle in pupils(view):
        x, y = _on_paper(middle, view)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{PUPIL_RADIUS_MM}" fill="none" stroke="#8c8c8c" stroke-width="0.8"/>'


def placed_marks(marks: Sequence[Mark]) -> Iterator[tuple[Mark, Place2]]:
    """Where each mark's middle is on the map that `map_svg` draws, [x, y] in its units; one place for each view."""
    for column, view in enumerate(VIEWS):
        for mark, _, (x, y) in _placed(view, marks):
            yield mark, (x + column * _VIEW_WIDTH, y)


def _placed(view: View, marks: Sequence[Mark]) -> Iterator[tuple[Mark, Place2, Place2]]:
    """Each mark that the view shows: its true place and where it is drawn, so that none lies on another."""
    taken: list[Place2] = []
    for mark in sorted(marks, key=lambda mark: mark.kind is not MarkKind.STATION):
        flat = mark.place.in_view(view) if mark.place is not None else None
        if flat is None:
            continue
        true = _on_paper(flat, view)
        place = _free(true, taken)
        taken.append(place)
        yield mark, true, place


def _marks(view: View, marks: Sequence[Mark]) -> Iterator[str]:
    for mark, true, place in _placed(view, marks):
        yield from _path(view, mark)
        if math.dist(true, place) > 1:
            yield (
                f'<line x1="{true[0]:.1f}" y1="{true[1]:.1f}" x2="{place[0]:.1f}" y2="{place[1]:.1f}" '
                'stroke="#444444" stroke-width="0.4"/>'
            )
        yield from _shape(mark.kind, place, depth=mark.depth_class, status=mark.status)
        yield _number(mark, place)
        if mark.beside:
            yield f'<text x="{place[0] + 6.6:.1f}" y="{place[1] + 7.4:.1f}" font-size="5.6" {_FONT}>{mark.beside}</text>'


def _path(view: View, mark: Mark) -> Iterator[str]:
    """The course of a path as drawn: whole where a scanned station is near, dotted where nobody scanned; a dot at its end."""
    shown = mark.place is not None and mark.place.in_view(view) is not None
    places = [_inside(_on_paper(projected(place, view), view)) for place in mark.course if shown]
    if not places:
        return

    def line(begins: float, ends: float) -> str:
        first, last = round(begins * (len(places) - 1)), round(ends * (len(places) - 1))
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places[first : last + 1])

    drawn = f'stroke="{_PATH_COLOUR}" fill="none"'
    yield f'<path d="{line(0, 1)}" {drawn} stroke-width="1.4" stroke-dasharray="1.2 2"/>'
    for begins, ends in mark.stretches:
        yield f'<path d="{line(begins, ends)}" {drawn} stroke-width="1.8"/>'
    x, y = places[-1]
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="{_PATH_COLOUR}"/>'


def _inside(place: Place2) -> Place2:
    """A place, kept within its view."""
    return min(max(place[0], 2.0), _VIEW_WIDTH - 2.0), min(max(place[1], 2.0), _VIEW_HEIGHT - 12.0)


def view_at(place: Place2) -> tuple[View, Place2] | None:
    """The view under [x, y] of the map, and where that is in it, millimetres from the nasion; None beside the map."""
    column = int(place[0] // _VIEW_WIDTH)
    if not (0 <= column < len(VIEWS) and 0 <= place[1] <= _VIEW_HEIGHT):
        return None
    view = VIEWS[column]
    return view, (place[0] - column * _VIEW_WIDTH - _MIDDLE[view], place[1] - _TOP)


def _free(true: Place2, taken: Sequence[Place2]) -> Place2:
    """The nearest place on a spiral around `true` where no mark lies yet, inside the view."""
    for step in range(400):
        turn, away = step * 2.4, 1.9 * math.sqrt(step)
        x = min(max(true[0] + away * math.cos(turn), 7.0), _VIEW_WIDTH - 7.0)
        y = min(max(true[1] + away * math.sin(turn), 7.0), _VIEW_HEIGHT - 17.0)
        if all(math.dist((x, y), other) >= _APART for other in taken):
            return x, y
    return true  # a face full of marks: they lie on each other, and their lines of words tell them apart


def _number(mark: Mark, place: Place2) -> str:
    dark = mark.kind is not MarkKind.VESSEL
    size = 6.4 if len(mark.number) < 2 else 5.2 if len(mark.number) < 3 else 4.2
    return (
        f'<text x="{place[0]:.1f}" y="{place[1] + size * 0.36:.1f}" font-size="{size}" font-weight="bold" '
        f'text-anchor="middle" fill="{"#111111" if dark else "#ffffff"}" {_FONT}>{mark.number}</text>'
    )


def _shape(kind: MarkKind, place: Place2, *, depth: int | None = None, status: Status | None = None) -> Iterator[str]:
    x, y = place
    at = f'cx="{x:.1f}" cy="{y:.1f}"'
    match kind:
        case MarkKind.STATION:
            dash = _DASHES.get(status, "")
            yield f'<circle {at} r="4.9" fill="#ffffff" stroke="#111111" stroke-width="1"{dash}/>'
            if status is Status.SKIPPED:
                line = f"M{x - 4.9:.1f} {y + 4.9:.1f}L{x + 4.9:.1f} {y - 4.9:.1f}"
                yield f'<path d="{line}" stroke="#111111" stroke-width="0.7"/>'
        case MarkKind.VESSEL:
            colour = _UNKNOWN_COLOUR if depth is None else _COLOURS[depth]
            yield _outline(x, y, depth, colour)
        case MarkKind.PATH:
            yield (
                f'<path d="M{x - 6:.1f} {y - 4:.1f}H{x + 2:.1f}L{x + 6.5:.1f} {y:.1f}L{x + 2:.1f} {y + 4:.1f}H{x - 6:.1f}Z" '
                f'fill="#d9e8fb" stroke="{_PATH_COLOUR}" stroke-width="0.8"/>'
            )
        case MarkKind.DEPOSIT:
            top, low = f"{x:.1f} {y - 7.5:.1f}", f"{y + 1:.1f}"
            drop = f"M{top}Q{x + 8:.1f} {low} {x:.1f} {y + 6:.1f}Q{x - 8:.1f} {low} {top}Z"
            yield f'<path d="{drop}" fill="#e6f4d7" stroke="#3c5a14" stroke-width="0.9"/>'
        case MarkKind.INJECTION:
            yield f'<polygon points="{_corners(x, y, 6.4, 8, 22.5)}" fill="#f9dcee" stroke="#7a1456" stroke-width="0.9"/>'


#: A station's ring: whole for one that was scanned.
_DASHES: Final[dict[Status | None, str]] = {
    Status.PARTIAL: ' stroke-dasharray="4 1.5"',
    Status.MISSING: ' stroke-dasharray="1 1.6"',
}
#: Corners of each class's mark and the turn of the first corner; 0 corners is a circle.
_CORNERS: Final = ((0, 0.0), (3, -90.0), (4, -45.0), (4, -90.0), (5, -90.0))


def _outline(x: float, y: float, depth: int | None, colour: str) -> str:
    drawn = f'fill="{colour}" stroke="#111111" stroke-width="0.6"'
    if depth is None:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {drawn} stroke-dasharray="1.2 1.2"/>'
    corners, turn = _CORNERS[depth]
    if not corners:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {drawn}/>'
    radius = 7.0 if corners == 3 else 6.2
    return f'<polygon points="{_corners(x, y, radius, corners, turn)}" {drawn}/>'


def _corners(x: float, y: float, radius: float, corners: int, turn: float) -> str:
    angles = [math.radians(turn + 360 * corner / corners) for corner in range(corners)]
    return " ".join(f"{x + radius * math.cos(angle):.1f},{y + radius * math.sin(angle):.1f}" for angle in angles)
