"""Labels of the live simulated probe ('mock:normal'): its own truth, for the demonstration in the window."""

from __future__ import annotations

from collections.abc import Iterator

from annotation import Document, Ellipse, Finding, ImageNote, Line, Polyline, measurements
from imaging.scale import Scale
from mock_devices import FrameTruth, truth
from procedure.demonstration import OPERATOR
from workstation.demo.drawing import corner
from workstation.studies.visit import Capture

FOLLOWED_FRAMES = 5  # frames of the clip on which the artery is outlined, evenly spread


def demo_labels(captures: list[Capture]) -> Document:
    """Labels for every capture of the simulated probe: all of a still, the artery through a clip."""
    findings: list[Finding] = []
    notes: list[ImageNote] = []
    for capture in captures:
        clip = capture.clip
        (scale,) = capture.scales
        step = max(1, len(clip.frames) // FOLLOWED_FRAMES)
        frames = [0] if capture.kind == "still" else range(0, len(clip.frames), step)
        for frame in frames:
            number = clip.frames[frame].sequence
            if number is None:
                continue
            seen = truth(number, clip.stream.width, clip.stream.height, clip.stream.nominal_fps)
            notes.append(ImageNote(image=capture.key, frame=frame, plane="transverse", landmark="malar-point"))
            drawn = list(_draw(seen, scale, capture.key, frame))
            findings += drawn if capture.kind == "still" else [f for f in drawn if f.vessel_kind == "artery"]
    return Document(findings=tuple(findings), notes=tuple(notes))


def _draw(seen: FrameTruth, scale: Scale, image: str, frame: int) -> Iterator[Finding]:
    for layer in seen.layers:
        line = Polyline(vertices=tuple(corner(p) for p in layer.points[::4]))
        yield _finding("layer", layer.id, layer.name, line, scale, image, frame)
    skin = seen.layers[0].points
    for vessel in seen.vessels:
        x, y = corner(vessel.centre)
        outline = Ellipse.around((x, y), vessel.radius_px)
        yield _finding("vessel", vessel.id, vessel.name, outline, scale, image, frame, vessel.kind)
        above = corner(min(skin, key=lambda p: abs(p[0] - vessel.centre[0])))
        depth = Line(start=(x, above[1]), end=(x, y))
        yield _finding("distance", vessel.id, f"skin to {vessel.name}", depth, scale, image, frame)


def _finding(
    kind: str,
    term: str,
    name: str,
    shape: Polyline | Ellipse | Line,
    scale: Scale,
    image: str,
    frame: int,
    vessel_kind: str | None = None,
) -> Finding:
    return Finding.model_validate(
        {
            "kind": kind,
            "term": term,
            "name": name,
            "shape": shape,
            "image": image,
            "frame": frame,
            "by": OPERATOR,
            "vessel_kind": vessel_kind,
            "measurements": measurements(shape, scale),
        }
    )
