"""What is judged: one encounter with the labels of its reports and its pictures, all of it read from DICOM files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from annotation import Finding
from audit.verdict import Evidence
from procedure import Encounter, Phase, Protocol, telling
from procedure.answers import Side
from procedure.encounter import Site
from procedure.images import ImageKind, ImageRef, KeptImage
from procedure.stations import StationVisit


def place_of(image: KeptImage) -> str:
    """A picture in words: its station and phase."""
    return f"{image.station_id or 'a picture without a station'}, {telling.word(image.phase)}"


def on_side(side: Side | None, site: Site) -> bool:
    """Whether a picture or visit is on a site's side; one of no told side is at any site."""
    return side is None or site.side.takes(side)


@dataclass(frozen=True, slots=True)
class Label:
    """One confirmed finding, and the report that it stands in."""

    finding: Finding
    report: Path


@dataclass(frozen=True, slots=True)
class PictureFile:
    """One picture of the study: its file, its frames and its size in pixels."""

    file: Path
    frames: int
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Material:
    """`record` is the file of the encounter; `pictures` are by SOP Instance UID; `unread` are sentences on damaged files."""

    encounter: Encounter
    record: Path
    protocols: Mapping[str, Protocol]
    labels: tuple[Label, ...] = ()
    pictures: Mapping[str, PictureFile] | None = None
    unread: tuple[str, ...] = ()

    def told(self, what: str, at: datetime | None = None) -> Evidence:
        """Something that the encounter's document says, with its time where it has one."""
        return Evidence(self.record, None, what if at is None else f"{what} ({telling.moment(at)})")

    def picture(self, image_uid: str) -> PictureFile | None:
        """The file of a picture; None where it is not among the files."""
        return (self.pictures or {}).get(image_uid)

    def shown(self, image_uid: str, what: str, frame: int = 0) -> Evidence | None:
        """A picture as evidence; None where its file, or that frame of it, is not there."""
        picture = self.picture(image_uid)
        return Evidence(picture.file, frame, what) if picture is not None and 0 <= frame < picture.frames else None

    def seen_in(self, image: ImageRef, what: str) -> Evidence | None:
        """One frame of a picture as evidence; None where it is not there."""
        return self.shown(image.image_uid, what, image.frame)

    @property
    def first_puncture(self) -> datetime | None:
        """When the first injection was recorded."""
        return self.encounter.first_puncture

    @property
    def last_injection(self) -> datetime | None:
        """When the last injection was recorded."""
        return max((injection.at for injection in self.encounter.injections), default=None)

    def scans(self, phase: Phase | None = None) -> tuple[KeptImage, ...]:
        """Stills and clips from the probe (of one phase) that no rejection note hides."""
        return tuple(
            image
            for image in self.encounter.images
            if image.kind is not ImageKind.PHOTOGRAPH
            and image.rejection is None
            and (phase is None or image.phase is phase)
        )

    @property
    def treated(self) -> tuple[Site, ...]:
        """Where was to be treated, and where was injected beside: each place once."""
        planned = {(site.region, site.side): site for site in self.encounter.sites}
        injected = {(i.region, i.side): Site(region=i.region, side=i.side) for i in self.encounter.injections}
        # A site on the midline takes in both sides.
        wide = {region for region, side in planned if side is Side.MIDLINE}
        return (*planned.values(), *(s for at, s in injected.items() if at not in planned and s.region not in wide))

    def visits(self, phase: Phase, site: Site | None = None) -> tuple[StationVisit, ...]:
        """The visits of stations that were scanned in one phase (at one site), in the order of time."""
        found = [
            visit
            for visit in self.encounter.visits
            if visit.phase is phase
            and not visit.skipped_because
            and (site is None or self.is_at(visit.station_id, visit.side, site))
        ]
        return tuple(sorted(found, key=lambda visit: visit.at))

    def is_at(self, station_id: str, side: Side | None, site: Site) -> bool:
        """Whether a station belongs to the protocol of a site's region, and a picture or visit of it to the site's side."""
        protocol = self.protocols.get(site.region)
        if protocol is None or protocol.station(station_id) is None:
            return False
        return on_side(side, site)

    def labels_on(self, images: Iterable[KeptImage]) -> tuple[Label, ...]:
        """The confirmed findings on some pictures, in the order of the reports."""
        uids = {image.image_uid for image in images}
        return tuple(label for label in self.labels if label.finding.image in uids)
