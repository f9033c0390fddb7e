"""What the mistakes share: the whole record, moments of it, and words for a part of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from benchmarks.confusion.told import (
    Truth,
    whole,
)
from procedure import Phase
from procedure.images import ImageKind, KeptImage, Mode
from procedure.settings import Settings

P, N, NA, OPEN = Truth.PARTIAL, Truth.NOT_MET, Truth.NOT_APPLICABLE, Truth.OPEN
RESCUE: Final = ("occlusion-rescue",)
NORMAL: Final = ("normal",)
BASE: Final = whole("normal").encounter
RESCUED: Final = whole("occlusion-rescue").encounter
PUNCTURE: Final = min(injection.at for injection in BASE.injections)
LATE: Final = PUNCTURE + timedelta(minutes=1)
EVENT: Final = RESCUED.complications[0]
DOPPLER: Final = (Mode.COLOUR, Mode.POWER, Mode.SPECTRAL)
PLAN: Final = BASE.plans[0]
UNKNOWN_UID: Final = "2.25.4711"


def pre(image: KeptImage) -> bool:
    return image.phase is Phase.PRE


def during(image: KeptImage) -> bool:
    return image.phase is Phase.DURING


def on(phase: Phase, station: str = "") -> Any:
    return lambda visit: visit.phase is phase and station in ("", visit.station_id)


def named(phase: Phase, station: str, mode: Mode, kind: ImageKind = ImageKind.STILL) -> KeptImage:
    return next(i for i in BASE.images if (i.phase, i.station_id, i.mode, i.kind) == (phase, station, mode, kind))


def blank(name: str) -> dict[str, Any]:
    return {name: None}


def settings(**changes: Any) -> Any:
    return lambda old: replace(old or Settings(source=BASE.images[1].settings.source), **changes)  # type: ignore[union-attr]
