"""Labels of the story's pictures: the simulator's truth, drawn as a person would draw it and confirmed by the operator.

The same structure has the same tracking UID wherever it is labelled: a vessel on all pictures, a layer or a depth on those of
one station.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from annotation import Document, Ellipse, Finding, ImageNote, Line, Point, Polyline, measurements
from annotation.vocabulary import has_term
from imaging.scale import Scale
from procedure.demonstration import DEPOSIT, LUMEN_FILLER, OPERATOR
from procedure.images import ImageKind, Mode
from workstation.demo.recording import Recorded

PIXEL_MIDDLE: Final = 0.5  # the truth counts a pixel's middle as whole, findings count its corner
_FOLLOWED_FRAMES: Final = 5  # frames of a clip that are labelled, evenly spread
_EVERY: Final = 2  # points of a layer's line that are drawn
_LOOKED_AFTER: Final = timedelta(seconds=4)  # how long after a picture its labels were drawn
#: The landmark on the skin over which the probe stands (1.3); the station's own is the bony one.
_SKIN_LANDMARKS: Final = {"nlf-1": "ala", "nlf-2": "alar-groove", "nlf-3": "cheilion"}

PlainPlace = tuple[float, float]


def labels(pictures: Iterable[tuple[str, Recorded]], uid_of: Callable[[str], str]) -> Document:
    """All labels and notes of the pictures, each with the key (SOP Instance UID) of its capture."""
    findings: list[Finding] = []
    notes: list[ImageNote] = []
    for key, recorded in pictures:
        for frame in labelled_frames(recorded):
            drawer = _Drawer(key, frame, recorded, uid_of)
            findings += drawer.findings()
            notes.append(drawer.note())
    return Document(findings=tuple(findings), notes=tuple(notes))


def labelled_frames(recorded: Recorded) -> Sequence[int]:
    """The frames that bear labels: of a still its one, of a clip some."""
    count = len(recorded.clip.frames)
    return (0,) if count == 1 else range(0, count, max(1, count // _FOLLOWED_FRAMES))


class _Drawer:
    """Labels of one frame of one picture."""

    def __init__(self, key: str, frame: int, recorded: Recorded, uid_of: Callable[[str], str]) -> None:
        self._key, self._frame, self._recorded, self._uid_of = key, frame, recorded, uid_of
        self._truth = recorded.truths[frame]
        (self._scale,) = recorded.told.scales
        self._station = recorded.image.station_id
        self._clip = recorded.image.kind is ImageKind.CLIP
        self._lengthwise = recorded.view.lengthwise

    def note(self) -> ImageNote:
        """How the probe stood."""
        plane = self._recorded.image.plane
        landmark = _SKIN_LANDMARKS.get(self._station)
        return ImageNote(image=self._key, frame=self._frame, plane=plane and str(plane), landmark=landmark)

    def findings(self) -> Iterator[Finding]:
        """Layers on B-mode stills; vessels with their depth, and filler, on every still; in a clip the artery and the tip."""
        if self._recorded.image.mode is Mode.B_MODE:
            yield from self._layers()
        for vessel in self._truth["vessels"]:
            if not self._clip or vessel["id"] == "fa":
                yield from self._vessel(vessel)
        if not self._clip:
            yield from self._fillers()
        yield from self._tip()

    def _layers(self) -> Iterator[Finding]:
        for layer in self._truth["layers"]:
            points = _inside([corner(p) for p in layer["points"][::_EVERY]], self._scale)
            if len(points) > 1:
                uid = self._uid_of(f"layer/{self._station}/{layer['id']}")
                yield self._finding(uid, "layer", layer["id"], layer["name"], Polyline(vertices=tuple(points)))

    def _vessel(self, vessel: dict[str, Any]) -> Iterator[Finding]:
        outline = [corner(p) for p in vessel["polygon"]]
        centre = corner(vessel["centre"])
        if not self._scale.contains([*(outline if not self._lengthwise else ()), centre]):
            return
        shape: Ellipse | Polyline
        if self._lengthwise:
            shape = Polyline(vertices=tuple(_inside(outline, self._scale)), closed=True)
        else:
            shape = _ellipse(outline)
        name, term = vessel["name"], vessel["id"]
        drawn = self._finding(self._uid_of(f"vessel/{term}"), "vessel", term, name, shape, vessel["kind"])
        yield drawn.changed(echogenicity="hypoechoic" if vessel["occluded"] else "anechoic")
        skin = min((corner(p) for p in self._truth["skin_line"]), key=lambda p: abs(p[0] - centre[0]))
        depth = Line(start=(centre[0], skin[1]), end=centre)
        yield self._finding(self._uid_of(f"depth/{self._station}/{term}"), "distance", term, f"skin to {name}", depth)

    def _tip(self) -> Iterator[Finding]:
        needle = self._truth["needle"]
        if needle is not None and needle["tip_visible"]:
            name = f"{needle['kind']} tip"
            yield self._finding(self._uid_of("tip"), "tip", None, name, Point(at=corner(needle["tip"])))

    def _fillers(self) -> Iterator[Finding]:
        """The deposits in their order, and what lies in the artery's lumen."""
        numbers = {True: 0, False: 0}
        for deposit in self._truth["filler"]:
            inside = deposit["intravascular"]
            numbers[inside] += 1
            outline = [corner(p) for p in deposit["polygon"]]
            if self._lengthwise or not self._scale.contains(outline):
                continue
            name = LUMEN_FILLER if inside else f"{DEPOSIT}/{numbers[inside]}"
            words = "material in the lumen" if inside else f"deposit {numbers[inside]}"
            finding = self._finding(self._uid_of(name), "filler", None, words, _ellipse(outline))
            yield finding.changed(echogenicity=deposit["echogenicity"])

    def _finding(
        self,
        tracking_uid: str,
        kind: str,
        term: str | None,
        name: str,
        shape: Polyline | Ellipse | Line | Point,
        vessel_kind: str | None = None,
    ) -> Finding:
        return Finding.model_validate(
            {
                "tracking_uid": tracking_uid,
                "kind": kind,
                "term": term if term is not None and has_term(term) else None,
                "name": name,
                "shape": shape,
                "image": self._key,
                "frame": self._frame,
                "by": OPERATOR,
                "at": labelled_at(self._recorded),
                "vessel_kind": vessel_kind,
                "measurements": measurements(shape, self._scale),
            }
        )


def labelled_at(recorded: Recorded) -> datetime:
    """When a picture's labels were drawn, in the story's time."""
    return recorded.image.at + timedelta(seconds=recorded.clip.duration_s) + _LOOKED_AFTER


def corner(point: Sequence[float]) -> PlainPlace:
    """A place of the truth as a place of a finding."""
    return float(point[0]) + PIXEL_MIDDLE, float(point[1]) + PIXEL_MIDDLE


def _inside(points: list[PlainPlace], scale: Scale) -> list[PlainPlace]:
    """The points within the calibrated area, a lengthwise outline cut at its sides."""
    x0, y0, x1, y1 = scale.box
    kept = [(min(max(x, float(x0)), float(x1)), y) for x, y in points if y0 <= y <= y1]
    return [point for place, point in enumerate(kept) if place == 0 or point != kept[place - 1]]


def _ellipse(outline: list[PlainPlace]) -> Ellipse:
    """The ellipse of evenly turning points: their covariance has half the squares of its half axes."""
    points = np.array(outline)
    centre = points.mean(axis=0)
    squares, axes = np.linalg.eigh(np.cov((points - centre).T, bias=True))
    short, long = (float(np.sqrt(2 * square)) for square in squares)
    angle = float(np.degrees(np.arctan2(axes[1, 1], axes[0, 1])))
    return Ellipse.around((float(centre[0]), float(centre[1])), (long, short), angle)
