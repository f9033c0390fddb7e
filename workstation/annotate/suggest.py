"""Suggestions of the vision as findings that wait for a person. No Qt: the search runs in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from annotation import Document, Ellipse, Finding, Polyline
from annotation.measure import Measured, measurements
from annotation.vocabulary import term
from workstation.reels import Pixels

if TYPE_CHECKING:
    from imaging.scale import Scale
    from imaging.suggesting import Suggestion

BY: Final = "sonofill vision"  #: who answers for a suggestion: nobody does, until a person accepts it


@dataclass(frozen=True, slots=True)
class Suggest:
    """Suggestions put on one frame, in place of those that still wait there. Nothing that a person confirmed is touched."""

    image: str | None
    frame: int
    findings: tuple[Finding, ...]
    label: str = "suggest labels"

    def apply(self, document: Document) -> Document:
        here = (self.image, self.frame)
        kept = tuple(f for f in document.findings if f.status == "confirmed" or (f.image, f.frame) != here)
        return Document(findings=(*kept, *self.findings), notes=document.notes)


def find(pixels: Pixels, scale: Scale | None, region: str, image: str | None, frame: int) -> Suggest:
    """What the vision suggests on one frame, for `History.do`. Slow. Raises CannotTell where the picture does not tell."""
    import numpy as np

    from imaging.suggesting import suggestions

    bgr = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    size = bgr.shape[1], bgr.shape[0]
    found = suggestions(bgr, scale, region or None)
    return Suggest(image, frame, tuple(_finding(one, scale, image, frame, size) for one in found))


def waiting(document: Document, image: str | None, frame: int) -> Sequence[Finding]:
    """The suggestions on a frame that nobody has judged yet, in their order."""
    return [f for f in document.on(image, frame) if f.status == "suggested"]


def _finding(one: Suggestion, scale: Scale | None, image: str | None, frame: int, size: tuple[int, int]) -> Finding:
    shape = _shape(one, size)
    measured = measurements(shape, scale)
    more: dict[str, Any] = {"vessel_kind": "unknown"} if one.kind == "vessel" else {}
    if one.term is not None:
        more |= {"term": one.term, "name": term(one.term).name}
    return Finding(
        kind=one.kind,
        shape=shape,
        image=image,
        frame=frame,
        by=BY,
        status="suggested",
        measurements=tuple(_as_unsure(m, one) for m in measured),
        **more,
    )


def _as_unsure(measured: Measured, one: Suggestion) -> Measured:
    """A diameter is no surer than the edge that the vision saw, however well a point can be placed."""
    if measured.quantity != "diameter" or measured.unit != one.unit:
        return measured
    return measured.model_copy(update={"uncertainty": max(measured.uncertainty, round(one.unsure, 3))})


def _shape(one: Suggestion, size: tuple[int, int]) -> Ellipse | Polyline:
    if one.ellipse is not None:
        try:
            ellipse = Ellipse.around(*one.ellipse)
        except ValueError:  # it reaches over the picture's edge: its outline is cut there
            ellipse = None
        if ellipse is not None and ellipse.box[2] <= size[0] and ellipse.box[3] <= size[1]:
            return ellipse
    inside = one.points.clip(0, size)
    return Polyline(vertices=tuple((float(c), float(r)) for c, r in inside), closed=one.closed)
