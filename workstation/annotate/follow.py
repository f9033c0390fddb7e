"""A label followed through its clip: suggestions on the other frames, which a person looks at and takes over. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from annotation import Document, Ellipse, Finding
from annotation.canvas.hit import outline
from annotation.measure import measurements
from imaging.scale import Scale
from imaging.tracking import Tracker
from workstation.annotate.suggest import BY
from workstation.reels import Pixels, Reel

Places = npt.NDArray[np.float64]  #: (n, 2) [column, row], pixels
_POINTS: Final = 12  # of an ellipse's outline, that are followed


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a label was followed to: one finding a frame, and why it ended before the clip's ends, a sentence each."""

    findings: tuple[Finding, ...]
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """Followed labels put on their frames, in place of those that still wait there; what a person confirmed stays."""

    findings: tuple[Finding, ...]
    label: str = "follow through the clip"

    def apply(self, document: Document) -> Document:
        new = {(f.tracking_uid, f.image, f.frame) for f in self.findings}
        kept = tuple(
            f for f in document.findings if f.status == "confirmed" or (f.tracking_uid, f.image, f.frame) not in new
        )
        there = {(f.tracking_uid, f.image, f.frame) for f in kept}
        added = tuple(f for f in self.findings if (f.tracking_uid, f.image, f.frame) not in there)
        return Document(findings=(*kept, *added), notes=document.notes)


@dataclass(frozen=True, slots=True)
class EndHere:
    """The label stands on no later frame of its picture; what was confirmed there goes too, and undo brings it back."""

    tracking_uid: str
    image: str | None
    frame: int
    label: str = "label ends here"

    def apply(self, document: Document) -> Document:
        def stays(finding: Finding) -> bool:
            here = (finding.tracking_uid, finding.image) == (self.tracking_uid, self.image)
            return not (here and finding.frame > self.frame)

        return Document(findings=tuple(filter(stays, document.findings)), notes=document.notes)


@dataclass(frozen=True, slots=True)
class ConfirmFollowed:
    """Every look at one label of a picture that still waits is taken over by a person."""

    tracking_uid: str
    image: str | None
    by: str
    at: datetime
    label: str = "confirm a followed label"

    def apply(self, document: Document) -> Document:
        def judged(finding: Finding) -> Finding:
            here = (finding.tracking_uid, finding.image) == (self.tracking_uid, self.image)
            waits = here and finding.status == "suggested"
            return finding.changed(status="confirmed", by=self.by, at=self.at) if waits else finding

        return Document(findings=tuple(map(judged, document.findings)), notes=document.notes)


def followed(reel: Reel, index: int, finding: Finding) -> Followed:
    """The label on frame `index` of the reel, followed to both ends of its clip. Slow. Raises CannotTell, UnreadableFile."""
    ends = _run(reel, finding, range(index, len(reel.timestamps_s)))
    starts = _run(reel, finding, range(index, -1, -1))
    return Followed((*starts.findings, *ends.findings), (*starts.why, *ends.why))


def _run(reel: Reel, finding: Finding, frames: Iterable[int]) -> Followed:
    tracker: Tracker | None = None
    found: list[Finding] = []
    scale = reel.scale
    first = np.asarray(_points(finding), np.float64)
    for index in frames:
        uid, own = reel.place(index)
        if uid != finding.image:
            continue
        picture = _bgr(reel.frame(index))
        if tracker is None:
            tracker = Tracker(picture, first, scale.box if scale is not None else None)
            continue
        at = tracker.advance(picture)
        if at.lost:
            return Followed(tuple(found), (f"Followed to frame {own + 1}: {at.reason}.",))
        try:
            found.append(_moved(finding, first, at.points, own, scale))
        except ValueError:
            return Followed(tuple(found), (f"Followed to frame {own + 1}: the label left the picture.",))
    return Followed(tuple(found))


def _points(finding: Finding) -> list[tuple[float, float]]:
    """The points that are followed: of an ellipse its outline, else the shape's own."""
    shape = finding.shape
    return list(outline(shape, _POINTS)) if isinstance(shape, Ellipse) else list(shape.points)


def _moved(finding: Finding, first: Places, now: Places, frame: int, scale: Scale | None) -> Finding:
    """The label where its points are now; an ellipse keeps its form, is moved and grows or shrinks as its outline does."""
    shape = finding.shape
    if isinstance(shape, Ellipse):
        middle, before = now.mean(axis=0), first.mean(axis=0)
        grown = np.linalg.norm(now - middle, axis=1).mean() / np.linalg.norm(first - before, axis=1).mean()
        (x, y), (a, b) = shape.centre, shape.semi_axes
        (ax, ay), (bx, by) = shape.major
        moved = Ellipse.around(
            (x + float(middle[0] - before[0]), y + float(middle[1] - before[1])),
            (a * float(grown), b * float(grown)),
            math.degrees(math.atan2(by - ay, bx - ax)),
        )
        changed = finding.changed(shape=moved, frame=frame, status="suggested", by=BY, grey=None)
    else:
        places = tuple((float(c), float(r)) for c, r in now)
        changed = finding.changed(shape=shape.with_points(places), frame=frame, status="suggested", by=BY, grey=None)
    return changed.changed(measurements=measurements(changed.shape, scale))


def _bgr(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
