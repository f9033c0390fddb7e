"""Which images of a station stand beside each other, and how large a millimetre is drawn. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imaging.scale import Scale
from procedure import Encounter, Phase, telling
from procedure.answers import Side
from procedure.images import KeptImage

PHASES = (Phase.PRE, Phase.DURING, Phase.POST)
#: Where the scale is not known a picture is drawn as if it were this wide; it says so.
_UNKNOWN_MM_PER_PX = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """A station on one side."""

    station_id: str
    side: Side | None

    @property
    def words(self) -> str:
        """As a list shows it."""
        return ", ".join(part for part in (self.station_id, telling.word(self.side) if self.side else "") if part)


def places(record: Encounter) -> tuple[Place, ...]:
    """The stations that have images, those with images of several phases first, else in the order of the record."""
    found = dict.fromkeys(Place(i.station_id, i.side) for i in record.images if i.station_id)
    return tuple(sorted(found, key=lambda place: -sum(bool(images_of(record, place, phase)) for phase in PHASES)))


def images_of(record: Encounter, place: Place, phase: Phase) -> tuple[KeptImage, ...]:
    """The images of a station in one phase that no rejection note hides; the one that stands for the station first.

    What was looked at again in a complication or at a follow-up stands with 'post': it came after.
    """
    phases = (Phase.POST, Phase.COMPLICATION, Phase.FOLLOWUP) if phase is Phase.POST else (phase,)
    best = {visit.best_image_uid for visit in record.visits}
    found = [
        image
        for image in record.images
        if (image.station_id, image.side) == (place.station_id, place.side)
        and image.phase in phases
        and image.rejection is None
    ]
    return tuple(sorted(found, key=lambda image: (image.image_uid not in best, image.phase != phase, image.at)))


def box_of(scale: Scale | None, width: int, height: int) -> tuple[int, int, int, int]:
    """What of a picture is drawn, [x0, y0, x1, y1] in pixels: the calibrated area, all of it where there is none."""
    return (0, 0, width, height) if scale is None else scale.box


def size_mm(scale: Scale | None, width: int, height: int) -> tuple[float, float]:
    """Width and height of what is drawn, mm."""
    x0, y0, x1, y1 = box_of(scale, width, height)
    if scale is None:
        return (x1 - x0) * _UNKNOWN_MM_PER_PX, (y1 - y0) * _UNKNOWN_MM_PER_PX
    return (x1 - x0) * scale.mm_per_pixel_x, (y1 - y0) * scale.mm_per_pixel_y


def same_zoom(sizes_mm: Sequence[tuple[float, float]], room_px: tuple[int, int]) -> float:
    """Pixels of the screen for one millimetre, so that each of these pictures fits into its room."""
    return min((min(room_px[0] / wide, room_px[1] / high) for wide, high in sizes_mm), default=1.0)
