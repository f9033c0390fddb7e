"""What the DICOM files of an encounter give a document beside the encounter itself: pictures, labels, digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotation import Finding, ImageNote
from imaging.scale import Scale


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame (from 0) of an image, ready to be printed: `data` is a JPEG as it is stored, or a PNG.

    `scales` are the calibrated areas of the picture; none where lengths are in pixels.
    """

    image_uid: str
    frame: int
    data: bytes = field(repr=False)
    width_px: int
    height_px: int
    scales: tuple[Scale, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One DICOM file: what it is in words, its SOP Instance UID, its size and its SHA-256 (hex) as it lies there."""

    sop_instance_uid: str
    what: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sources:
    """`findings` and `notes` are the labels, of everyone who labelled. `pictures` by SOP Instance UID, each image's frames in
    their order. `troubles` are sentences: what could not be read. `rejected` are objects that a rejection note hides: their
    pictures are not printed.
    """

    files: tuple[SourceFile, ...] = ()
    pictures: Mapping[str, tuple[Picture, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    notes: tuple[ImageNote, ...] = ()
    troubles: tuple[str, ...] = ()
    rejected: frozenset[str] = frozenset()

    def on(self, picture: Picture) -> tuple[Finding, ...]:
        """The labels on one picture; two people's stand side by side."""
        return tuple(f for f in self.findings if (f.image, f.frame) == (picture.image_uid, picture.frame))

    def notes_on(self, picture: Picture) -> tuple[ImageNote, ...]:
        """What was said of one picture as a whole."""
        return tuple(n for n in self.notes if (n.image, n.frame) == (picture.image_uid, picture.frame))

    def has(self, image_uid: str) -> bool:
        """Whether the file of an image is there."""
        return any(file.sop_instance_uid == image_uid for file in self.files)
