"""The document: all findings and picture notes of one study, as one immutable value.

A change makes a new document (`annotation.commands`); the old one stays as it was, which is what makes undo plain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from annotation.finding import Finding, ImageNote
from annotation.measure import measurements
from imaging.scale import Scale


class DocumentUnreadable(Exception):
    """The text is not a document that this program wrote; the message says where it fails."""


class NoSuchFinding(Exception):
    """The document holds no finding with this tracking UID, or holds it on several frames and none was named."""


#: A frame (from 0) of a picture, by the picture's SOP Instance UID.
FramePlace = tuple[str | None, int]


class Document(BaseModel):
    """Findings in the order they were made, and at most one note for each frame of a picture.

    One thing (a vessel, say) that stands on several frames, or before and after a procedure, has one tracking UID on all of
    them (TID 1500); on one frame it stands once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    findings: tuple[Finding, ...] = ()
    notes: tuple[ImageNote, ...] = ()

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        if len({(f.tracking_uid, f.image, f.frame) for f in self.findings}) != len(self.findings):
            raise ValueError("two findings on one frame have one tracking UID")
        if len({(n.image, n.frame) for n in self.notes}) != len(self.notes):
            raise ValueError("two notes are about one frame")
        return self

    def finding(self, tracking_uid: str, at: FramePlace | None = None) -> Finding:
        """The finding with this tracking UID on the frame `at`; where it stands once only, on whichever frame that is.

        NoSuchFinding where there is none, and where it stands on several frames and not on that one.
        """
        looks = [f for f in self.findings if f.tracking_uid == tracking_uid]
        here = [f for f in looks if (f.image, f.frame) == at]
        if not here and len(looks) != 1:
            told = f"stands on {len(looks)} frames: name one" if looks else "is not in the document"
            raise NoSuchFinding(f"The finding {tracking_uid} {told}.")
        return (here or looks)[0]

    def measured_anew(self, image: str, scale: Scale | None) -> Self:
        """Every finding on `image` measured by `scale` (None: in pixels), since it has only now come to be known.

        Who answers for a finding and since when stays as it is: its shape is.
        """
        findings = tuple(
            f.changed(measurements=measurements(f.shape, scale)) if f.image == image else f for f in self.findings
        )
        return type(self)(findings=findings, notes=self.notes)

    def on(self, image: str | None, frame: int) -> tuple[Finding, ...]:
        """The findings on one frame (from 0) of one picture."""
        return tuple(f for f in self.findings if f.image == image and f.frame == frame)

    def note(self, image: str | None, frame: int) -> ImageNote:
        """The note of one frame (from 0); an empty one where nothing was said."""
        for note in self.notes:
            if note.image == image and note.frame == frame:
                return note
        return ImageNote(image=image, frame=frame)

    def relocated(self, place: Callable[[str | None, int], tuple[str | None, int]]) -> Self:
        """The document about pictures that have got other names: `place` maps (image, frame) to what it is now.

        Saving needs it: a capture gets its SOP Instance UID only when it is written, and a long one becomes several.
        """

        def at(entry: Finding | ImageNote) -> dict[str, object]:
            image, frame = place(entry.image, entry.frame)
            return {"image": image, "frame": frame}

        return type(self)(
            findings=tuple(f.changed(**at(f)) for f in self.findings),
            notes=tuple(ImageNote.model_validate(n.model_dump() | at(n)) for n in self.notes),
        )

    def to_json(self) -> str:
        """The whole document as one JSON text, which `from_json` reads back to an equal document."""
        return self.model_dump_json(indent=1)

    def digest(self) -> str:
        """SHA-256 of the document's JSON, as hex: equal documents have equal digests."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The document of a JSON text; DocumentUnreadable where a field is missing, unknown or of another sort."""
        try:
            return cls.model_validate_json(text, strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole text"
            raise DocumentUnreadable(f"The annotations cannot be read: {where}: {first['msg']}.") from error

    def labels_json(self, codes: Callable[[Finding], str | None]) -> list[dict[str, object]]:
        """The findings as `sonofill archive show --json` lists them; `codes` gives the standard's code of a finding.

        `points` are [column, row] in pixels (an ellipse: the ends of its longer axis, then of its shorter one);
        `value_mm` is the chief measurement where it is a length in millimetres, else None; `frame` counts from 0.
        """
        return [
            {
                "kind": finding.kind,
                "name": finding.name,
                "code": codes(finding),
                "frame": finding.frame,
                "points": [list(place) for place in finding.shape.points],
                "value_mm": next((m.value for m in finding.measurements[:1] if m.unit == "mm"), None),
                "by": finding.by,
                "status": finding.status,
            }
            for finding in self.findings
        ]
