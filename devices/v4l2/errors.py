"""What the kernel's error numbers mean for a person with a camera in the hand."""

from __future__ import annotations

import errno

from devices.errors import BandwidthExceeded, DeviceBusy, DeviceDenied, DeviceError, DeviceLost, FormatNotSupported

_GONE = (
    errno.ENODEV,
    errno.ENXIO,
    errno.ENOENT,
    errno.EIO,
    errno.EPIPE,
    errno.EPROTO,
    errno.ESHUTDOWN,
    errno.ETIMEDOUT,
)


def explain(error: OSError, name: str, *, starting: bool) -> DeviceError:
    """The device error for an OSError of a video node; `starting`: it came while the stream was being set up."""
    number = error.errno
    if number == errno.EBUSY:
        return DeviceBusy(f"{name} is in use by another program; close that program and try again.")
    if number in (errno.EACCES, errno.EPERM):
        return DeviceDenied(
            f"This user may not open {name}; add the user to the group 'video' (sudo usermod -aG video $USER) and log "
            "in again."
        )
    if number == errno.ENOSPC:  # the kernel's word for a full USB bus is the one for a full disk
        return BandwidthExceeded(
            f"The USB bus has no bandwidth left for the stream of {name} (the disk is not full); use a port of another "
            "USB controller, unplug other cameras from this one, or choose MJPEG, a smaller size or a lower rate."
        )
    if starting and number == errno.EINVAL:
        return FormatNotSupported(
            f"{name} refuses the stream that was asked for; choose another size, rate or encoding."
        )
    if starting and number == errno.ENOMEM:
        return FormatNotSupported(f"There is no memory for the buffers of {name}; close other programs.")
    if number in _GONE:
        return DeviceLost(f"{name} went away or does not answer; check its cable and plug it in again.")
    return DeviceLost(f"{name} failed ({error.strerror}); unplug it, plug it in again and try once more.")
