"""Names, times and pictures that the parts of a simulated encounter share."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from procedure.answers import Estimate, Side, Sight
from procedure.demonstration._pictures import Pictures
from procedure.images import ImageKind, ImageRef, KeptImage, Mode, Plane
from procedure.phase import Phase
from procedure.protocol import Protocol, Station
from procedure.protocol_files import built_in
from procedure.settings import Exposure, Settings, SettingsSource
from procedure.vessels import Evidence, Observation, Relation

OPERATOR: Final = "Demo operator"
SUPERVISOR: Final = "Demo supervisor"
PRESCRIBER: Final = "Demo prescriber"
REGION: Final = "nlf"
SIDE: Final = Side.LEFT
ARTERY: Final = "vessel/fa"
DEPOSIT: Final = "filler/deposit"  #: followed by its number, from 1
LUMEN_FILLER: Final = "filler/lumen"
SETTINGS: Final = Settings(
    source=SettingsSource.SIMULATED,
    probe="Simulated portable probe",
    preset="Facial vessels",
    eye_preset=False,
    frequency_mhz=15.0,
    depth_mm=20.0,
    focus_mm=6.0,
    gain=48.0,
    gain_unit="%",
    mechanical_index=0.6,
    thermal_index_soft_tissue=0.3,
    prf_hz=1000.0,
    wall_filter_hz=50.0,
    colour_scale_cm_s=5.0,
)
GAIN_LOWERED_AT: Final = 10.3  #: minutes after the beginning
GAIN_BEFORE: Final = 60.0


def derived_uid(name: str) -> str:
    """A UID under 2.25 that follows from a name: the same name has the same UID."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'sonofill/demonstration/{name}').int}"


@dataclass(frozen=True, slots=True)
class Story:
    """When it began, which UID a name has, and what its pictures show."""

    started_at: datetime
    uid_of: Callable[[str], str]
    pictures: Pictures

    def at(self, minutes: float) -> datetime:
        """A moment, minutes after the beginning, as the clinic's clock shows it then, whatever is done to that clock."""
        moment = (self.started_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(self.started_at.tzinfo)
        return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta(0)), fold=0)

    @property
    def protocol(self) -> Protocol:
        """The protocol of the treated region."""
        return built_in()[REGION]

    def image(
        self, station: Station, phase: Phase, minutes: float, *, mode: Mode = Mode.B_MODE, again: int = 1
    ) -> KeptImage:
        """One still of a station in its first plane, or along the artery.

        Its name is '<image id>-<plane>-<mode>', then '-2', '-3'.
        """
        # A trace needs the artery lengthwise, and that runs obliquely here.
        plane = Plane.OBLIQUE if mode is Mode.SPECTRAL else station.planes[0]
        name = f"{station.image_id(SIDE, phase)}-{plane}-{mode}{_numbered(again)}"
        return self._kept(name, ImageKind.STILL, station, phase, minutes, mode, plane)

    def clip(self, station: Station, phase: Phase, minutes: float, *, again: int = 1) -> KeptImage:
        """One clip of a station, as long as the protocol asks; its name is '<image id>-clip', then '-2', '-3'."""
        name = f"{station.image_id(SIDE, phase)}-clip{_numbered(again)}"
        return self._kept(
            name, ImageKind.CLIP, station, phase, minutes, Mode.COLOUR, station.planes[0], station.seconds
        )

    def photograph(self, phase: Phase, minutes: float) -> KeptImage:
        """A photograph of the face from the front; its name is 'photograph-front-PHASE'."""
        return KeptImage(
            image_uid=self.uid_of(f"photograph-front-{phase.upper()}"),
            kind=ImageKind.PHOTOGRAPH,
            at=self.at(minutes),
            by=OPERATOR,
            phase=phase,
            place="face from the front",
        )

    def _kept(
        self,
        name: str,
        kind: ImageKind,
        station: Station,
        phase: Phase,
        minutes: float,
        mode: Mode,
        plane: Plane,
        seconds: float | None = None,
    ) -> KeptImage:
        return self.pictures.kept(
            KeptImage(
                image_uid=self.uid_of(name),
                kind=kind,
                at=self.at(minutes),
                by=OPERATOR,
                phase=phase,
                station_id=station.id,
                side=SIDE,
                mode=mode,
                plane=plane,
                landmark=station.landmark,
                frames=1 if seconds is None else round(seconds * 30),
                seconds=seconds,
                settings=SETTINGS if minutes >= GAIN_LOWERED_AT else replace(SETTINGS, gain=GAIN_BEFORE),
            )
        )

    def looked(self, station: Station, phase: Phase, minutes: float, *, clip: bool = True) -> list[KeptImage]:
        """A station's stills: B-mode, then each Doppler mode; then its clip where the protocol asks for one."""
        images = [self.image(station, phase, minutes)]
        for place, mode in enumerate(station.doppler):
            images.append(self.image(station, phase, minutes + 1 + 0.5 * place, mode=mode))
        if clip and station.seconds:
            images.append(self.clip(station, phase, minutes + 2.5))
        return images

    def exposure(self, station: Station, minutes: float, images: Sequence[KeptImage], seconds: float) -> Exposure:
        """A line of the exposure log: the highest indices that the station's pictures show."""
        shown = [image.settings for image in images if image.settings is not None]
        thermal = [i for s in shown for i in (s.thermal_index_soft_tissue, s.thermal_index_bone) if i is not None]
        return Exposure(
            at=self.at(minutes),
            by=OPERATOR,
            station_id=station.id,
            seconds=seconds,
            doppler_seconds=round(seconds * 4 / 9),
            mechanical_index=max((s.mechanical_index for s in shown if s.mechanical_index is not None), default=None),
            thermal_index=max(thermal, default=None),
            eye_preset=False,
            image_uid=images[0].image_uid,
        )

    def seen(
        self,
        phase: Phase,
        minutes: float,
        image: KeptImage,
        *,
        depth_mm: float,
        diameter_mm: float,
        velocity_cm_s: float | None,
        flow: Sight = Sight.SEEN,
        spectral: KeptImage | None = None,
    ) -> Observation:
        """One look at the artery, with the uncertainties that a hand-drawn label has at this scale.

        `image` is the picture on which its lumen is labelled, `spectral` the one whose trace tells the velocities.
        """
        fast = velocity_cm_s is not None
        told = Observation(
            at=self.at(minutes),
            by=OPERATOR,
            phase=phase,
            station_id=image.station_id,
            image=ImageRef(image_uid=image.image_uid),
            evidence=Evidence.BOTH if fast else Evidence.B_MODE,
            depth_mm=Estimate(depth_mm, 0.2),
            diameter_mm=Estimate(diameter_mm, 0.1),
            flow=flow,
            peak_systolic_velocity_cm_s=Estimate(velocity_cm_s, 2.0) if velocity_cm_s is not None else None,
            resistance_index=Estimate(0.8, 0.05) if fast else None,
            layer="sfat",
            muscle_relation=Relation.SUPERFICIAL,
        )
        return self.pictures.seen(told, spectral)


def _numbered(again: int) -> str:
    return "" if again == 1 else f"-{again}"
