"""Cameras and grabbers on Linux, through the kernel's Video4Linux drivers: `V4l2Driver` finds them, `V4l2Source` streams.

A frame is what the driver delivered, copied once out of the driver's buffer: its bytes untouched, the driver's monotonic
time stamp, the driver's sequence number. uvcvideo counts the frames that arrived at the host: the number jumps where the
host lost one or where the driver threw a damaged one away (its parameter `nodrop=0`), and it does not where the camera
never sent one. That gap only the camera's own time stamps show: `Frame.device_pts_ns`, from the metadata node.
"""

from __future__ import annotations

import errno
import logging
import mmap
import os
import select
import threading
import time
from typing import Any, Literal

from linuxpy.video import device as v4l2

from devices.errors import DeviceLost, DeviceNotFound, DeviceStalled, FormatNotSupported
from devices.identity import identify, usable_serial
from devices.jpeg_size import SizeWatch
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat, choose_format
from devices.v4l2.controls import CameraControl, list_controls, set_control
from devices.v4l2.device_clock import DeviceClock
from devices.v4l2.errors import explain
from devices.v4l2.formats import BYTES_PER_PIXEL, fourcc_of, read_formats, rounded_fps
from devices.v4l2.metadata import MetadataReader
from devices.v4l2.nodes import VideoNode, capture_nodes, clock_frequency_hz

log = logging.getLogger(__name__)

#: A quarter of a second at 60 frames a second: what a reader may be late without a loss.
BUFFERS = 16

_CAPTURE = v4l2.BufferType.VIDEO_CAPTURE
_MMAP = v4l2.Memory.MMAP


class V4l2Driver:
    """Finds cameras and grabbers on Linux."""

    name = "v4l2"

    def discover(self) -> list[DeviceInfo]:
        """All nodes that can capture in an encoding that we carry; metadata nodes are not among them."""
        found = [info for node in capture_nodes() if (info := _describe(node)) is not None]
        return identify(found)

    def open(self, info: DeviceInfo) -> FrameSource:
        """A closed source. Raises DeviceNotFound where the device is gone."""
        if _locate(info) is None:
            raise DeviceNotFound(f"{info.name} ({info.id}) is not connected any more; plug it in again.")
        return V4l2Source(info)


class V4l2Source(FrameSource):
    """One camera. Each start looks for it afresh, so that it is found again under another /dev/videoN."""

    def __init__(self, info: DeviceInfo) -> None:
        super().__init__(info)
        self._device: Any = None
        self._maps: list[mmap.mmap] = []
        self._agreed: StreamFormat | None = None
        self._sizes: SizeWatch | None = None  # of the stream that goes on
        self._row_bytes = 0
        self._metadata: MetadataReader | None = None
        self._clock: DeviceClock | None = None
        self._in_use = threading.Lock()  # held while the stream is read, set up or taken down
        self._waker = -1  # an eventfd that ends a waiting read when another thread closes

    # --- settings of the camera ----------------------------------------------------------------------------------

    def controls(self) -> list[CameraControl]:
        """The camera's settings, streaming or not. Raises DeviceLost, DeviceDenied."""
        try:
            with v4l2.Device(str(self._node().path)) as device:
                return list_controls(device)
        except OSError as error:
            raise explain(error, self.info.name, starting=False) from error

    def set_control(self, name: str, value: int) -> int:
        """Change a setting; gives the value that the camera took. Raises FormatNotSupported, DeviceLost, DeviceDenied."""
        try:
            with v4l2.Device(str(self._node().path)) as device:
                return set_control(device, name, value)
        except OSError as error:
            raise explain(error, self.info.name, starting=True) from error

    # --- streaming -----------------------------------------------------------------------------------------------

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        with self._in_use:
            try:
                return self._begin(self._node(), request)
            except OSError as error:
                self._release()
                raise explain(error, self.info.name, starting=True) from error
            except FormatNotSupported:
                self._release()
                raise

    def _begin(self, node: VideoNode, request: FormatRequest) -> StreamFormat:
        self._device = device = v4l2.Device(str(node.path))
        device.open()
        wanted = choose_format(read_formats(device), request)
        v4l2.set_format(device, _CAPTURE, wanted.width, wanted.height, fourcc_of(device, wanted.pixel_format))
        now = v4l2.get_raw_format(device, _CAPTURE).fmt.pix
        if (now.width, now.height, now.pixelformat) != (
            *(wanted.width, wanted.height),
            fourcc_of(device, wanted.pixel_format),
        ):
            raise FormatNotSupported(
                f"{self.info.name} offers {wanted} and sets {now.width}x{now.height} instead; choose another size."
            )
        self._row_bytes = int(now.bytesperline)
        agreed = StreamFormat(wanted.pixel_format, wanted.width, wanted.height, self._set_rate(wanted.fps))
        self._map_buffers()
        self._begin_metadata(node)
        v4l2.stream_on(device, _CAPTURE)
        self._waker = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._agreed = agreed
        self._sizes = SizeWatch(self.info.name, agreed.width, agreed.height)
        log.info("%s streams %s.", self.info.id, agreed)
        return agreed

    def _set_rate(self, fps: float) -> float:
        try:
            v4l2.set_fps(self._device, _CAPTURE, fps)
            return rounded_fps(float(v4l2.get_fps(self._device, _CAPTURE))) or fps
        except (OSError, ZeroDivisionError) as error:
            if isinstance(error, OSError) and error.errno not in (errno.EINVAL, errno.ENOTTY):
                raise
            return fps  # a grabber that follows its input: there is no rate to set

    def _map_buffers(self) -> None:
        count = int(v4l2.request_buffers(self._device, _CAPTURE, _MMAP, BUFFERS).count)
        for index in range(count):
            buffer = v4l2.query_buffer(self._device, _CAPTURE, _MMAP, index)
            self._maps.append(v4l2.mmap_from_buffer(self._device, buffer))
            v4l2.enqueue_buffer_raw(self._device, buffer)

    def _begin_metadata(self, node: VideoNode) -> None:
        frequency_hz = clock_frequency_hz(node.usb) if node.usb else None
        if node.metadata is None or frequency_hz is None:
            return
        reader = MetadataReader(node.metadata)
        if reader.start():
            self._metadata, self._clock = reader, DeviceClock(frequency_hz)

    def _do_read(self, timeout_s: float) -> Frame:
        with self._in_use:
            if self._device is None or self._agreed is None:
                raise DeviceLost(f"{self.info.name} was closed.")
            try:
                return self._next_frame(self._agreed, timeout_s)
            except OSError as error:
                raise explain(error, self.info.name, starting=False) from error

    def _next_frame(self, agreed: StreamFormat, timeout_s: float) -> Frame:
        until = time.monotonic() + timeout_s
        poll = select.poll()
        poll.register(self._device.fileno(), select.POLLIN)
        poll.register(self._waker, select.POLLIN)
        while True:
            events = dict(poll.poll(max(0.0, until - time.monotonic()) * 1000))
            if self._waker in events:
                raise DeviceLost(f"{self.info.name} was closed.")
            if events:
                try:
                    return self._dequeue(agreed)
                except BlockingIOError:
                    if not events.get(self._device.fileno(), 0) & select.POLLIN:  # an error that says no more
                        raise DeviceLost(f"{self.info.name} went away; check its cable.") from None
            if time.monotonic() >= until:
                raise DeviceStalled(
                    f"{self.info.name} is connected and sent no picture for {timeout_s:g} s; check that it is switched "
                    "on and shows a picture itself."
                )

    def _dequeue(self, agreed: StreamFormat) -> Frame:
        buffer = v4l2.dequeue_buffer(self._device, _CAPTURE, _MMAP)
        data = self._maps[buffer.index][: buffer.bytesused]
        flags, sequence = int(buffer.flags), int(buffer.sequence)
        timestamp_ns = buffer.timestamp.secs * 1_000_000_000 + buffer.timestamp.usecs * 1_000
        v4l2.enqueue_buffer_raw(self._device, buffer)
        if flags & v4l2.BufferFlag.TIMESTAMP_MASK != v4l2.BufferFlag.TIMESTAMP_MONOTONIC:
            timestamp_ns = time.monotonic_ns()  # the driver's clock is another one: the time of arrival is next best
        data, damage = self._checked(data, agreed)
        if flags & v4l2.BufferFlag.ERROR:
            damage = "the driver marks the frame as damaged"
        return Frame(
            data=data,
            pixel_format=agreed.pixel_format,
            width=agreed.width,
            height=agreed.height,
            timestamp_ns=timestamp_ns,
            sequence=sequence,
            device_pts_ns=self._device_time_ns(sequence, timestamp_ns),
            damage=damage,
        )

    def _checked(self, data: bytes, agreed: StreamFormat) -> tuple[bytes, str | None]:
        """The frame's bytes and what is wrong with them. Raises FrameSizeChanged."""
        if agreed.pixel_format is PixelFormat.MJPEG:
            return data, self._sizes.damage_in(data) if self._sizes else None
        row = agreed.width * BYTES_PER_PIXEL[agreed.pixel_format]
        if self._row_bytes > row and len(data) >= self._row_bytes * (agreed.height - 1) + row:
            step = self._row_bytes
            data = b"".join(data[at : at + row] for at in range(0, step * agreed.height, step))
        expected = row * agreed.height
        if len(data) < expected:
            return data, f"it was cut short: {len(data)} of {expected} bytes came"
        return data[:expected], None

    def _device_time_ns(self, sequence: int, timestamp_ns: int) -> int | None:
        if self._metadata is None or self._clock is None:
            return None
        pts = self._metadata.take(sequence)
        return None if pts is None else self._clock.time_ns(pts, timestamp_ns)

    def _do_stop(self) -> None:
        waker = self._waker
        if waker >= 0:
            os.eventfd_write(waker, 1)
        with self._in_use:
            self._release()

    def _release(self) -> None:
        device, self._device, self._agreed = self._device, None, None
        for each in self._maps:
            each.close()
        self._maps.clear()
        if device is not None:
            device.close()  # ends the stream and frees the buffers, whether the camera is still there or not
        # Only now: uvcvideo (6.1) goes on writing into a metadata buffer that was taken from it while pictures come, and
        # the kernel faults (seen in the device lab, `uvc_video_decode_meta`).
        if self._metadata is not None:
            self._metadata.stop()
            self._metadata = self._clock = None
        if self._waker >= 0:
            os.close(self._waker)
            self._waker = -1

    def _node(self) -> VideoNode:
        node = _locate(self.info)
        if node is None:
            raise DeviceLost(f"{self.info.name} ({self.info.id}) is not connected; plug it in again.")
        return node


def _describe(node: VideoNode) -> DeviceInfo | None:
    """The device behind a node; None where it offers nothing that we carry."""
    formats: tuple[StreamFormat, ...] = ()
    try:
        with v4l2.Device(str(node.path)) as device:
            formats = read_formats(device)
            driver = str(device.info.driver)
        if not formats:
            return None
    except PermissionError:  # it is there: whoever opens it is told what to do
        driver = "uvcvideo" if node.usb else "unknown"
    except OSError as error:
        log.info("%s does not answer and is left out: %s.", node.path, error.strerror)
        return None
    usb = node.usb
    if usb is None:
        place = f"{node.name.replace(' ', '-')}@{node.port_path}"
        return DeviceInfo(f"capture:{place}", node.name, "capture", port_path=node.port_path, formats=formats)
    kind: Literal["uvc", "capture"] = "uvc" if driver == "uvcvideo" else "capture"
    return DeviceInfo(
        id=f"{kind}:{usb.vendor_id}:{usb.product_id}@{node.port_path}",
        name=usb.product or node.name,
        kind=kind,
        vendor_id=usb.vendor_id,
        product_id=usb.product_id,
        serial=usable_serial(usb.serial),
        port_path=node.port_path,
        formats=formats,
        manufacturer=usb.manufacturer,
    )


def _locate(info: DeviceInfo) -> VideoNode | None:
    """The node where this device is now: by its serial number where that decides, by its port otherwise."""
    for node in capture_nodes():
        usb = node.usb
        if usb is None:
            if info.vendor_id is None and node.port_path == info.port_path:
                return node
            continue
        if (usb.vendor_id, usb.product_id, usable_serial(usb.serial)) != (info.vendor_id, info.product_id, info.serial):
            continue
        if info.identity_rule == "serial":
            if node.port_path.partition(":")[2] == (info.port_path or "").partition(":")[2]:
                return node
        elif node.port_path == info.port_path:
            return node
    return None
