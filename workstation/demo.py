"""The main job without hardware: a whole pre-scan from the simulated probe, labelled, saved and read back.

The labels are the simulated probe's own truth, drawn as a person would draw it and confirmed by 'Demo operator'. The
probe's screen and every object say that it is simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acquisition import record
from annotation import Document, Ellipse, Finding, ImageNote, Line, Polyline, measurements
from archive import Archive, ObjectRow
from devices.source import FormatRequest
from dicom_io.context import Phase
from imaging.scale import Scale
from mock_devices import FrameTruth, truth
from workstation.reading import LABEL_CLASSES, REPORT_CLASSES, is_copy
from workstation.sources import opener
from workstation.study import Capture, SavedStudy, StudyInHand, Visit

DEVICE = "mock:normal"
OPERATOR = "Demo operator"
PATIENT_ID = "DEMO-0001"
PATIENT_NAME = "Demo^Simulated"
REGION = "mala"  # the simulated site is a cheek
FOLLOWED_FRAMES = 5  # frames of the clip on which the artery is outlined, evenly spread
_PIXEL_MIDDLE = 0.5  # the truth counts a pixel's middle as whole, findings count its corner

ProgressCallback = Callable[[float, float], None]


class DemoFailed(Exception):
    """What was read back is not what was saved; the message says where."""


@dataclass(frozen=True, slots=True)
class DemoStudy:
    """What the demonstration made."""

    saved: SavedStudy
    frames: int
    labels: int

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill demo --json`."""
        return {
            "study_instance_uid": self.saved.study_instance_uid,
            "files": [str(path) for path in self.saved.files],
            "frames": self.frames,
            "labels": self.labels,
            "simulated": True,
            "read_back": True,
        }


def demo_visit() -> Visit:
    """The visit of the simulated patient."""
    return Visit.begin(
        PATIENT_ID,
        patient_name=PATIENT_NAME,
        phase=Phase.PRE,
        laterality="L",
        region=REGION,
        operator=OPERATOR,
    )


def run_demo(archive_root: Path, seconds: float, progress: ProgressCallback | None = None) -> DemoStudy:
    """Record, label, save, read back. Raises DemoFailed, and the errors of the rooms."""
    visit = demo_visit()
    with Archive(archive_root) as archive:
        result = record(
            opener(DEVICE),
            archive.spool_root,
            seconds=seconds,
            request=FormatRequest(),
            progress=progress,
            intent=visit.model_dump(mode="json"),
        )
        study = StudyInHand(visit)
        for clip in result.clips:
            study.add_clip(clip)
            for index in (0, len(clip.frames) // 2):
                study.add_still(clip.still(index))
        study.document = demo_labels(study.captures)
        saved = study.save(archive)
        _read_back(archive.objects(saved.study_instance_uid), study)
        result.release()
    return DemoStudy(saved, result.frames_saved, len(study.document.findings))


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
        line = Polyline(vertices=tuple(_corner(p) for p in layer.points[::4]))
        yield _finding("layer", layer.id, layer.name, line, scale, image, frame)
    skin = seen.layers[0].points
    for vessel in seen.vessels:
        x, y = _corner(vessel.centre)
        outline = Ellipse.around((x, y), vessel.radius_px)
        yield _finding("vessel", vessel.id, vessel.name, outline, scale, image, frame, vessel.kind)
        above = _corner(min(skin, key=lambda p: abs(p[0] - vessel.centre[0])))
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


def _corner(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] + _PIXEL_MIDDLE, point[1] + _PIXEL_MIDDLE


def _read_back(objects: list[ObjectRow], study: StudyInHand) -> None:
    """Open every object anew and compare it with what was meant to be in it."""
    from dicom_io import OpenedImage, read_report

    sent = [capture.clip.payload(i) for capture in study.captures for i in range(len(capture.clip.frames))]
    kept: list[bytes] = []
    documents: list[Document] = []
    for item in objects:
        if item.sop_class in REPORT_CLASSES:
            documents.append(read_report(item.file))
            continue
        if item.sop_class in LABEL_CLASSES or is_copy(item):
            continue
        with OpenedImage(item.file) as image:
            kept += [image.frame_bytes(i) for i in range(image.number_of_frames)]
    if sorted(kept) != sorted(sent):
        raise DemoFailed("The frames in the saved files are not those that the probe sent: please report this fault.")
    if [d.findings for d in documents] != [study.document.findings]:
        raise DemoFailed("The labels in the saved report are not those that were drawn: please report this fault.")
