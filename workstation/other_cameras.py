"""Cameras besides the probe: for the face, or for a product's pack. No Qt."""

from __future__ import annotations

from collections.abc import Container, Iterable

from devices.source import DeviceInfo


def other_cameras(found: Iterable[DeviceInfo], recorded_ids: Container[str]) -> list[DeviceInfo]:
    """Those that can be looked through while these devices are recorded."""
    return [device for device in found if device.kind in ("uvc", "capture") and device.id not in recorded_ids]
