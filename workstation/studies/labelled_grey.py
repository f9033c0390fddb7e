"""The display grey of a study's labels, taken from the captured frames when the labels are saved (S2). No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from annotation import Document, Finding
from annotation.grey import GreyLevel
from dicom_io.errors import DicomError
from dicom_io.picture.grey_levels import grey_levels
from dicom_io.picture.stored_picture import stored_picture

if TYPE_CHECKING:
    from workstation.studies.visit import Capture


def with_grey(document: Document, captures: Sequence[Capture]) -> Document:
    """The document with the grey of every label that has an area, on frames that can be decoded.

    `document` names its pictures by the captures' keys. What was measured before is measured anew: the shape may be another.
    """
    by_key = {capture.key: capture for capture in captures}
    frames: dict[tuple[str, int], list[Finding]] = {}
    for finding in document.findings:
        if finding.image in by_key:
            frames.setdefault((finding.image, finding.frame), []).append(finding)
    found: dict[int, GreyLevel | None] = {}
    for (key, frame), findings in frames.items():
        found |= _on_frame(by_key[key], frame, findings)
    return Document(findings=tuple(_told(f, found) for f in document.findings), notes=document.notes)


def _told(finding: Finding, found: Mapping[int, GreyLevel | None]) -> Finding:
    grey = found.get(id(finding), finding.grey)
    return finding if grey == finding.grey else finding.changed(grey=grey)


def _on_frame(capture: Capture, frame: int, findings: Sequence[Finding]) -> dict[int, GreyLevel | None]:
    if not 0 <= frame < len(capture.clip.frames):
        return {}
    try:
        picture = stored_picture(capture.clip.piece(frame, frame + 1))
    except DicomError:
        return {}  # saving the picture tells what is wrong with it
    within = capture.scales[0].box if len(capture.scales) == 1 else None
    levels = grey_levels(findings, picture, within)
    return {id(finding): level for finding, level in zip(findings, levels, strict=True)}
