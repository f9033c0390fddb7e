"""One picture of a device, to know it by; and the question whose answer needs it. No Qt. For worker threads."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from devices.errors import DeviceAmbiguous, DeviceStalled
from devices.registry import DriverRegistry
from devices.source import DeviceInfo, FormatRequest
from workstation.live.decode import LiveDecoder, Pixels

_SETTLE_S = 0.4  # cameras begin dark: their first pictures show nothing
_PATIENCE_S = 5.0
_SLICE_S = 0.2


@dataclass(frozen=True, slots=True)
class Doubt:
    """`wanted_id` was asked for, and any of `candidates`, which are present, may be meant."""

    wanted_id: str
    candidates: tuple[DeviceInfo, ...]


def doubt_about(registry: DriverRegistry, device_id: str) -> Doubt | None:
    """What a person has to decide before `device_id` can be opened; None where it is clear.

    Raises DeviceNotFound, and DeviceAmbiguous where no answer could help: two drivers offer the same id.
    """
    try:
        registry.find(device_id)
    except DeviceAmbiguous as doubt:
        if len(set(doubt.candidates)) < len(doubt.candidates):
            raise
        return Doubt(device_id, tuple(info for info in registry.discover() if info.id in doubt.candidates))
    return None


def first_picture(registry: DriverRegistry, device_id: str, given_up: threading.Event) -> Pixels | None:
    """What the device shows now, (rows, columns, 4), blue first; None where `given_up` was set meanwhile.

    The device is closed again. Raises DeviceError, DeviceStalled where no whole picture came in five seconds.
    """
    decoder = LiveDecoder()
    pixels: Pixels | None = None
    with registry.open(device_id) as source:
        source.start(FormatRequest())
        began = time.monotonic()
        while not given_up.is_set():
            waited_s = time.monotonic() - began
            if waited_s > _PATIENCE_S or (pixels is not None and waited_s > _SETTLE_S):
                break
            try:
                pixels = decoder.decode(source.read(_SLICE_S), (0, 0))
            except (DeviceStalled, ValueError):  # silent for a moment, or cut short: another may come
                continue
    if given_up.is_set():
        return None
    if pixels is None:
        raise DeviceStalled("The device sends no picture.")
    return pixels
