"""What a device says of itself, in the terms of the record: the probe, the capturing device, the scale of its screen."""

from __future__ import annotations

from devices.profiles import load
from devices.source import DeviceInfo
from dicom_io.context import Equipment
from dicom_io.picture.calibration import STATED_UNCERTAINTY
from imaging.scale import Scale
from workstation.version import VERSION

UNKNOWN = "unknown"


def equipment_of(device: DeviceInfo) -> Equipment:
    """The probe and the capturing device. A grabber does not know which probe stands behind it: then it is 'unknown'.

    A simulated probe is both.
    """
    profile = load(device.profile) if device.profile else None
    simulated = device.kind == "simulated"
    maker, model = (device.manufacturer or UNKNOWN, device.name) if simulated else (UNKNOWN, UNKNOWN)
    return Equipment(
        probe_manufacturer=profile.maker if profile else maker,
        probe_model=profile.model if profile else model,
        probe_serial=(device.serial or UNKNOWN) if simulated else UNKNOWN,
        capture_manufacturer=device.manufacturer or UNKNOWN,
        capture_model=device.name,
        capture_serial=device.serial or UNKNOWN,
        software_version=VERSION,
        simulated=simulated,
    )


def scales_of(device: DeviceInfo, width: int, height: int) -> tuple[Scale, ...]:
    """The calibrated areas of a device's pictures of one size in pixels: stated with the pictures, or known by a profile."""
    if device.spacing_mm is not None:
        return (Scale(*device.spacing_mm, (0, 0, width, height), "device", STATED_UNCERTAINTY),)
    if not device.profile:
        return ()
    geometry = load(device.profile).scale_for(width, height)
    if geometry is None:
        return ()
    return (
        Scale(
            geometry.mm_per_pixel_x,
            geometry.mm_per_pixel_y,
            geometry.box,
            "profile",
            geometry.relative_uncertainty,
        ),
    )
