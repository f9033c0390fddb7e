"""How far labelled lumens shrink in a clip: the cue that the probe pressed (S24; clinical reference, conflict X3)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from annotation import Document, Ellipse, Finding
from procedure.stations import Compression


def compressions(document: Document, image: str) -> tuple[Compression, ...]:
    """For each vessel that is labelled as an ellipse on two frames of the clip or more, how small its lumen became.

    Areas are in pixels of one clip, whose scale is one: no millimetre is needed. A clip says nothing of a lumen that was
    pressed all the time.
    """
    looks: dict[str, list[Finding]] = {}
    for finding in document.findings:
        if finding.kind == "vessel" and finding.status == "confirmed" and finding.image == image:
            looks.setdefault(finding.tracking_uid, []).append(finding)
    found = (_of(uid, image, labels) for uid, labels in looks.items())
    return tuple(one for one in found if one is not None)


def _of(uid: str, image: str, labels: Iterable[Finding]) -> Compression | None:
    areas = {label.frame: _area(label.shape) for label in labels if isinstance(label.shape, Ellipse)}
    if len(areas) < 2:
        return None
    smallest, largest = min(areas, key=areas.__getitem__), max(areas, key=areas.__getitem__)
    return Compression(
        vessel_uid=uid,
        image_uid=image,
        least_percent=round(100 * areas[smallest] / areas[largest], 1),
        largest_frame=largest,
        smallest_frame=smallest,
        frames=len(areas),
    )


def _area(shape: Ellipse) -> float:
    along, beside = shape.semi_axes
    return math.pi * along * beside
