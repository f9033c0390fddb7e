"""What a person says about one place of one picture, and about the picture as a whole."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from annotation.grey import GreyLevel
from annotation.measure import Measured
from annotation.shapes import Ellipse, Line, Point, Polyline, Shape
from annotation.vocabulary import has_term, term

Kind = Literal["vessel", "layer", "filler", "tip", "point", "distance"]
Status = Literal["suggested", "confirmed"]
VesselKind = Literal["artery", "vein", "unknown"]
#: From dark to bright, as a person judges it (clinical reference 1.2).
Echogenicity = Literal["anechoic", "hypoechoic", "isoechoic", "hyperechoic"]

Uid = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+$", max_length=64)]


def _one_line(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise ValueError("it is one line of text without spaces at its ends")
    return text


# 64 characters is what a DICOM code meaning and a person's name component hold.
Text = Annotated[str, Field(max_length=64), AfterValidator(_one_line)]
Moment = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]

_SHAPES: dict[Kind, tuple[type, ...]] = {
    "vessel": (Polyline, Ellipse),
    "layer": (Polyline,),
    "point": (Point,),
    "filler": (Polyline, Ellipse),
    "tip": (Point,),
    "distance": (Line,),
}
_TERMS: dict[Kind, tuple[str, ...]] = {
    "vessel": ("artery", "vein"),
    "layer": ("layer",),
    "point": ("artery", "vein", "layer", "landmark"),
    "filler": (),
    "tip": (),
    "distance": ("artery", "vein", "layer", "landmark"),
}


def new_tracking_uid() -> str:
    """A UID under 2.25 (a random UUID), which follows a thing through all frames, phases and versions."""
    return f"2.25.{uuid.uuid4().int}"


class Finding(BaseModel):
    """One vessel, layer boundary, deposit of filler, instrument's tip, point or distance.

    `tracking_uid` is that of the thing itself: a vessel keeps it on every frame and in every phase that it is labelled in.
    `term` is an id of the vocabulary, or None where the person gave a name of their own or none; `name` is what is
    shown. `image` is the SOP Instance UID of the picture, None where it is not known yet; `frame` counts from 0.
    `by` and `at` (kept in UTC) say who answers for the finding as it stands, and since when. Only a vessel has a
    `vessel_kind`; `echogenicity` is how bright the thing looked to the person, None where nobody said. `measurements` were
    taken from this shape when it was drawn (`annotation.measure`); a finding with another shape is another finding's worth
    of numbers, so `reshaped` asks for them anew. `grey` is the display grey of its pixels, measured when it is saved.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tracking_uid: Uid = Field(default_factory=new_tracking_uid)
    kind: Kind
    term: str | None = None
    name: Text = ""
    shape: Shape
    image: Uid | None = None
    frame: Annotated[int, Field(ge=0)] = 0
    by: Text
    at: Moment = Field(default_factory=lambda: datetime.now(UTC))
    status: Status = "confirmed"
    vessel_kind: VesselKind | None = None
    echogenicity: Echogenicity | None = None
    measurements: tuple[Measured, ...] = ()
    grey: GreyLevel | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not isinstance(self.shape, _SHAPES[self.kind]):
            raise ValueError(f"a {self.kind} is not drawn as a {self.shape.type}")
        if self.kind == "layer" and isinstance(self.shape, Polyline) and self.shape.closed:
            raise ValueError("a layer is drawn as a boundary line, not as an outline")
        if self.kind == "filler" and isinstance(self.shape, Polyline) and not self.shape.closed:
            raise ValueError("filler is drawn as an outline, not as a line")
        if (self.kind == "vessel") != (self.vessel_kind is not None):
            raise ValueError("a vessel is an artery, a vein or of unknown kind; nothing else has a vessel kind")
        if self.term is not None:
            if not has_term(self.term):
                raise ValueError(f"the vocabulary has no term {self.term!r}")
            if term(self.term).kind not in _TERMS[self.kind]:
                raise ValueError(f"{term(self.term).name!r} does not name a {self.kind}")
            if not self.name:
                raise ValueError("a finding with a term has a name: the term's own, or the person's")
        return self

    def changed(self, **changes: object) -> Self:
        """The finding with some fields changed, checked as a whole; pydantic's ValidationError where they do not fit."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(fields | changes)

    def reshaped(
        self, shape: Polyline | Ellipse | Point | Line, measurements: tuple[Measured, ...], by: str, at: datetime
    ) -> Self:
        """The finding with another shape, what was measured on it, and who changed it when."""
        return self.changed(shape=shape, measurements=measurements, by=by, at=at, grey=None)


class ImageNote(BaseModel):
    """What holds for one frame of a picture: how the probe stood (`plane`) and over what (`landmark`), vocabulary ids."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    image: Uid | None = None
    frame: Annotated[int, Field(ge=0)] = 0
    plane: str | None = None
    landmark: str | None = None

    @model_validator(mode="after")
    def _known_words(self) -> Self:
        for word, kind in ((self.plane, "plane"), (self.landmark, "landmark")):
            if word is not None and not (has_term(word) and term(word).kind == kind):
                raise ValueError(f"the vocabulary has no {kind} {word!r}")
        return self
