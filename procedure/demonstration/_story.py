"""Names, times and pictures that the parts of a simulated encounter share."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from procedure.answers import Estimate, Side, Sight
from procedure.images import ImageKind, ImageRef, KeptImage, Mode, Plane
from procedure.phase import Phase
from procedure.protocol import Protocol, Station
from procedure.protocol_files import built_in
from procedure.settings import Settings, SettingsSource
from procedure.vessels import Evidence, Observation, Relation

OPERATOR: Final = "Demo operator"
SUPERVISOR: Final = "Demo supervisor"
PRESCRIBER: Final = "Demo prescriber"
REGION: Final = "nlf"
SIDE: Final = Side.LEFT
ARTERY: Final = "vessel/fa"
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


def derived_uid(name: str) -> str:
    """A UID under 2.25 that follows from a name: the same name has the same UID."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'sonofill/demonstration/{name}').int}"


@dataclass(frozen=True, slots=True)
class Story:
    """When it began, and which UID a name has."""

    started_at: datetime
    uid_of: Callable[[str], str]

    def at(self, minutes: float) -> datetime:
        """A moment, minutes after the beginning."""
        return self.started_at + timedelta(minutes=minutes)

    @property
    def protocol(self) -> Protocol:
        """The protocol of the treated region."""
        return built_in()[REGION]

    def image(self, station: Station, phase: Phase, minutes: float, *, mode: Mode = Mode.B_MODE) -> KeptImage:
        """One still of a station in its first plane. Its name is '<image id>-<plane>-<mode>'."""
        plane = station.planes[0]
        return KeptImage(
            image_uid=self.uid_of(f"{station.image_id(SIDE, phase)}-{plane}-{mode}"),
            kind=ImageKind.STILL,
            at=self.at(minutes),
            by=OPERATOR,
            phase=phase,
            station_id=station.id,
            side=SIDE,
            mode=mode,
            plane=plane,
            landmark=station.landmark,
            settings=SETTINGS,
        )

    def clip(self, station: Station, phase: Phase, minutes: float, seconds: float) -> KeptImage:
        """One clip of a station; its name ends with 'clip'."""
        return KeptImage(
            image_uid=self.uid_of(f"{station.image_id(SIDE, phase)}-clip"),
            kind=ImageKind.CLIP,
            at=self.at(minutes),
            by=OPERATOR,
            phase=phase,
            station_id=station.id,
            side=SIDE,
            mode=Mode.COLOUR,
            plane=Plane.TRANSVERSE,
            landmark=station.landmark,
            frames=round(seconds * 30),
            seconds=seconds,
            settings=SETTINGS,
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
    ) -> Observation:
        """One look at an artery, with the uncertainties that a hand-drawn label has at this scale."""
        fast = velocity_cm_s is not None
        return Observation(
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
