"""What can be chosen where a field names something else: a region, a station, an image, a vessel, a product. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from annotation import Document, Finding, Line
from annotation.canvas.captions import caption
from annotation.vocabulary import LANDMARKS, LAYERS, REGIONS
from procedure import Encounter, Protocol, telling
from procedure.face_map import vessel_name
from procedure.images import ImageRef, KeptImage
from procedure.pathway import DOSE_PROFILES
from procedure.plan import Place, PlannedPath
from procedure.record import Field
from procedure.words import BONY_LANDMARKS

_PLACES: Final = frozenset({"site", "place"})
_MOST_SAID: Final = 3  # beside each other at 1280 pixels
Option = tuple[Any, str]  #: a value and its words


@dataclass(frozen=True, slots=True)
class Choices:
    """The encounter as it stands, the labels on its pictures, and the protocols: what a field may name."""

    record: Encounter
    document: Document
    protocols: Mapping[str, Protocol]

    def options(self, field: Field) -> tuple[Option, ...] | None:
        """The values that a field may take, in words; None where it is typed, or is a word of a closed list."""
        if field.base is ImageRef:
            return tuple((ImageRef(image_uid=i.image_uid), image_words(n, i)) for n, i in self._images())
        if field.base is PlannedPath:
            return tuple(self._paths())
        made = _BY_NAME.get(field.name)
        return None if made is None else tuple(made(self))

    def said(self, field: Field) -> tuple[str, ...]:
        """Where something was done, in words that stand in the record already, the last said first; the sites after them."""
        if field.name not in _PLACES or field.base is not str:
            return ()
        record = self.record
        told = [dose.site for event in record.complications for dose in event.doses]
        told += [one.site for one in record.injections]
        sites = [telling.site(site.region, site.side) for site in record.sites]
        return tuple(dict.fromkeys([*filter(None, reversed(told)), *sites]))[:_MOST_SAID]

    def _images(self) -> Iterator[tuple[int, KeptImage]]:
        yield from enumerate(self.record.images, 1)

    def image_uids(self) -> Iterator[Option]:
        """The images of the encounter."""
        for number, image in self._images():
            yield image.image_uid, image_words(number, image)

    def vessels(self) -> Iterator[Option]:
        """The mapped vessels."""
        for vessel in self.record.vessels:
            yield vessel.tracking_uid, vessel_name(vessel)

    def findings(self) -> Iterator[Option]:
        """Whatever a person labelled, each thing once; mapped vessels first."""
        told = dict(self.vessels())
        yield from told.items()
        for finding in self.document.findings:
            if finding.status == "confirmed" and finding.tracking_uid not in told:
                told[finding.tracking_uid] = caption(finding) or finding.kind
                yield finding.tracking_uid, told[finding.tracking_uid]

    def stations(self) -> Iterator[Option]:
        """The stations of the sites' protocols."""
        for region in dict.fromkeys(site.region for site in self.record.sites):
            protocol = self.protocols.get(region)
            for station in protocol.stations if protocol else ():
                yield station.id, f"{station.id}  {station.place}"

    def structures(self) -> Iterator[Option]:
        """What the sites' protocols look for."""
        seen: dict[str, str] = {}
        for region in dict.fromkeys(site.region for site in self.record.sites):
            protocol = self.protocols.get(region)
            for station in protocol.stations if protocol else ():
                for one in station.look_for:
                    seen.setdefault(one, protocol.structures.get(one, telling.structure(one)) if protocol else one)
        yield from seen.items()

    def products(self) -> Iterator[Option]:
        """The packs of the encounter."""
        for product in self.record.products:
            yield product.product_id, " ".join(part for part in (product.brand, product.lot) if part)

    def plans(self) -> Iterator[Option]:
        """The plans of the encounter."""
        for plan in self.record.plans:
            yield plan.plan_id, f"{plan.plan_id}: {telling.site(plan.region, plan.side)}"

    def prescribers(self) -> Iterator[Option]:
        """Who takes part."""
        for person in self.record.people:
            yield person.name, f"{person.name}, {telling.word(person.role)}"

    def _paths(self) -> Iterator[Option]:
        """Each line that was drawn on a picture of the encounter may be the way of the instrument."""
        numbers = {image.image_uid: n for n, image in self._images()}
        for finding in self.document.findings:
            line = finding.shape
            if isinstance(line, Line) and finding.image in numbers and finding.status == "confirmed":
                path = PlannedPath(
                    image=ImageRef(image_uid=finding.image, frame=finding.frame),
                    entry=Place(column=line.start[0], row=line.start[1]),
                    target=Place(column=line.end[0], row=line.end[1]),
                )
                yield path, f"line on picture {numbers[finding.image]}: {_line_words(finding)}"


def image_words(number: int, image: KeptImage) -> str:
    """An image in a list: its number, station, side, phase and mode."""
    parts = [
        image.station_id or "no station",
        telling.word(image.side) if image.side else "",
        telling.word(image.phase),
        telling.word(image.mode) if image.mode else "",
        telling.word(image.kind),
    ]
    return f"{number}  " + ", ".join(part for part in parts if part)


def _line_words(finding: Finding) -> str:
    return caption(finding) or finding.kind


def _terms(terms: Any) -> Callable[[Choices], Iterator[Option]]:
    return lambda _choices: iter([(term.id, term.name) for term in terms])


def _landmarks(_choices: Choices) -> Iterator[Option]:
    yield from BONY_LANDMARKS.items()
    yield from ((term.id, term.name) for term in LANDMARKS)


_BY_NAME: Final[dict[str, Callable[[Choices], Iterator[Option]]]] = {
    "region": _terms(REGIONS),
    "layer": _terms(LAYERS),
    "landmark": _landmarks,
    "station_id": Choices.stations,
    "structure": Choices.structures,
    "product_id": Choices.products,
    "plan_id": Choices.plans,
    "prescriber": Choices.prescribers,
    "profile_id": lambda _choices: ((p.profile_id, f"{p.name} ({p.source})") for p in DOSE_PROFILES),
    "image_uid": Choices.image_uids,
    "image_uids": Choices.image_uids,
    "best_image_uid": Choices.image_uids,
    "images_remade": Choices.image_uids,
    "tracking_uid": Choices.findings,
    "finding_uids": Choices.findings,
    "vessel_uid": Choices.vessels,
    "nearest_vessel_uid": Choices.vessels,
}
