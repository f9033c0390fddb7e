"""How a document speaks of the images, vessels and products of its encounter: by number and name, never by UID alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from procedure import telling
from procedure.documents.blocks import Blank, Cell, Facts
from procedure.encounter import Encounter
from procedure.face_map import vessel_name
from procedure.images import ImageRef, KeptImage
from procedure.record import Field, Record, fields_of

_IMAGE_FIELDS = frozenset({"image_uid", "image_uids", "best_image_uid", "images_remade", "replaced_by"})
#: Fields that need no label in a row: what was done or not, and a remark.
_PLAIN = frozenset({telling.label("doing"), telling.label("text")})


class Names:
    """The numbers of an encounter's images and vessels, from 1 in the order of the record."""

    def __init__(self, encounter: Encounter) -> None:
        self._images = {image.image_uid: place for place, image in enumerate(encounter.images, start=1)}
        self._vessels = {v.tracking_uid: (place, v) for place, v in enumerate(encounter.vessels, start=1)}

    def image(self, image_uid: str, frame: int | None = None) -> str:
        """'image 7, frame 31': frames are counted from 1 for people, as DICOM does."""
        place = self._images.get(image_uid)
        name = f"image {place}" if place else f"an image that the record does not list ({image_uid})"
        return name if frame is None else f"{name}, frame {frame + 1}"

    def finding(self, tracking_uid: str) -> str:
        """A vessel by its number and name, another finding by its UID."""
        place, vessel = self._vessels.get(tracking_uid, (0, None))
        return f"vessel {place}: {vessel_name(vessel)}" if vessel else f"finding {tracking_uid}"

    def images(self, references: Iterable[ImageRef]) -> str:
        """Several frames of images."""
        return "; ".join(self.image(ref.image_uid, ref.frame) for ref in references)

    def tell(self, field: Field, held: object) -> str | None:
        """Images and vessels by number; None for what is told as it is."""
        if isinstance(held, ImageRef):
            return self.image(held.image_uid, held.frame)
        if field.is_uid and isinstance(held, str):
            return self.image(held) if field.name in _IMAGE_FIELDS else self.finding(held)
        return None

    def rest(self, record: Record, skip: Collection[str]) -> str:
        """What the other columns of a row do not say."""
        return "; ".join(
            text if label in _PLAIN else f"{label}: {text}" for label, text in telling.facts(record, skip, self.tell)
        )

    def facts(self, record: Record, skip: Collection[str] = (), quiet: Collection[str] = ()) -> Facts:
        """Every field of a record as a line, a blank one as a blank; fields in `quiet` only where they are filled in."""
        told = {
            field.name: next((text for _, text in telling.facts(record, _others(record, field.name), self.tell)), None)
            for field in fields_of(type(record))
            if field.name not in skip
        }
        return Facts(
            tuple(
                (telling.label(name), Blank.NOT_RECORDED if text is None else text)
                for name, text in told.items()
                if text is not None or name not in quiet
            )
        )


def _others(record: Record, name: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields_of(type(record)) if field.name != name)


def image_name(image: KeptImage) -> str:
    """What an image shows, in a few words."""
    parts = [
        telling.word(image.kind),
        image.station_id,
        telling.word(image.side) if image.side else "",
        telling.word(image.phase),
        telling.word(image.mode) if image.mode else "",
        image.place,
    ]
    return ", ".join(part for part in parts if part)


def cell(text: str) -> Cell:
    """A text, or a visible blank in its place."""
    return text or Blank.NOT_RECORDED
