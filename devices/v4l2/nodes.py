"""The video nodes of a Linux machine and the USB devices behind them, read from sysfs.

A UVC camera brings a capture node and, for each, a metadata node that cannot capture. Which is which only the driver
tells (VIDIOC_QUERYCAP), so each node is opened for a moment; a node that this user may not open is taken for a capture
node when it is the first of its device.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from linuxpy.video import device as v4l2

log = logging.getLogger(__name__)

_CLASS = Path("/sys/class/video4linux")
_VC_HEADER = 1  # UVC 1.1, table 3-3
_CS_INTERFACE = 0x24
_VIDEO_CONTROL = (0x0E, 0x01)


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A USB device as sysfs shows it; `folder` is its place there, `port_path` such as '1-1.2'."""

    folder: Path
    vendor_id: str
    product_id: str
    serial: str | None
    manufacturer: str | None
    product: str | None
    port_path: str


@dataclass(frozen=True, slots=True)
class VideoNode:
    """A /dev/videoN that captures, with its metadata node where it has one. `device` is its parent's place in sysfs."""

    path: Path
    name: str
    index: int
    device: Path
    usb: UsbDevice | None
    metadata: Path | None = None
    picture: int = 1  #: counts the pictures of one USB device from 1

    @property
    def port_path(self) -> str:
        """The USB port (a second picture of one device ends in ':2'), or the bus place of what is not USB."""
        place = self.usb.port_path if self.usb else self.device.name
        return place if self.picture == 1 else f"{place}:{self.picture}"


def capture_nodes() -> list[VideoNode]:
    """The nodes that capture, in the order of their numbers."""
    nodes = [(node, _capabilities(node)) for node in sorted(_nodes(), key=lambda each: _number(each.path))]
    captures: list[VideoNode] = []
    for node, capabilities in nodes:
        if capabilities is None:
            if node.index != 0:
                continue
        elif not (capabilities & v4l2.Capability.VIDEO_CAPTURE and capabilities & v4l2.Capability.STREAMING):
            continue
        before = sum(1 for other in captures if other.device == node.device)
        captures.append(replace(node, metadata=_metadata_of(node, nodes), picture=before + 1))
    return captures


def clock_frequency_hz(usb: UsbDevice) -> int | None:
    """The rate of the camera's presentation clock: dwClockFrequency of its video control header; None without one.

    UVC 1.5 calls the field deprecated, and cameras still fill it; the kernel converts time stamps with the same number.
    """
    try:
        data = (usb.folder / "descriptors").read_bytes()
    except OSError:
        return None
    return parse_clock_frequency_hz(data)


def parse_clock_frequency_hz(descriptors: bytes) -> int | None:
    """dwClockFrequency in a USB device's descriptors (device and configuration, as the `descriptors` file holds them)."""
    at, interface = 0, (0, 0)
    while at + 2 <= len(descriptors):
        length = descriptors[at]
        one = descriptors[at : at + length]
        if length < 2 or len(one) < length:
            return None
        if one[1] == 4 and length >= 9:
            interface = (one[5], one[6])
        elif (
            one[1] == _CS_INTERFACE and one[2:3] == bytes([_VC_HEADER]) and interface == _VIDEO_CONTROL and length >= 11
        ):
            return int.from_bytes(one[7:11], "little") or None
        at += length
    return None


def usb_device_of(folder: Path) -> UsbDevice | None:
    """The USB device that the sysfs folder belongs to; None where it is on another bus."""
    for each in (folder, *folder.parents):
        if (each / "idVendor").is_file():
            vendor, product = _text(each / "idVendor"), _text(each / "idProduct")
            if vendor is None or product is None:  # it went away while we read
                return None
            return UsbDevice(
                folder=each,
                vendor_id=vendor.lower(),
                product_id=product.lower(),
                serial=_text(each / "serial"),
                manufacturer=_text(each / "manufacturer"),
                product=_text(each / "product"),
                port_path=each.name,
            )
    return None


def _nodes() -> Iterator[VideoNode]:
    try:
        entries = list(_CLASS.iterdir())
    except FileNotFoundError:  # no video driver is loaded
        return
    for entry in entries:
        if not entry.name.startswith("video"):
            continue
        device, index = (entry / "device").resolve(), _text(entry / "index")
        if index is None or not device.exists():  # it went away while we looked
            continue
        yield VideoNode(
            Path("/dev") / entry.name, _text(entry / "name") or "", int(index), device, usb_device_of(device)
        )


def _capabilities(node: VideoNode) -> int | None:
    try:
        with v4l2.Device(str(node.path)) as device:
            return int(v4l2.read_capabilities(device).device_caps)
    except OSError as error:
        log.debug("%s does not say what it can: %s", node.path, error)
        return None


def _metadata_of(node: VideoNode, nodes: list[tuple[VideoNode, int | None]]) -> Path | None:
    """The metadata node that follows this capture node within the same device, before its next capture node."""
    siblings = sorted((each for each in nodes if each[0].device == node.device), key=lambda each: each[0].index)
    for sibling, capabilities in siblings:
        if sibling.index > node.index and capabilities is not None:
            if capabilities & v4l2.Capability.META_CAPTURE:
                return sibling.path
            if capabilities & v4l2.Capability.VIDEO_CAPTURE:
                return None
    return None


def _number(path: Path) -> int:
    digits = path.name.removeprefix("video")
    return int(digits) if digits.isdigit() else -1


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", errors="replace").strip() or None
    except OSError:
        return None
