"""Frames over the network by OpenIGTLink: hand-held probes and programs (PLUS, Slicer) that send their pictures as IMAGE.

The sender sends and counts nothing, so a frame that it leaves out shows in its time stamps alone. Those are its own clock
(`device_pts_ns`); a frame's time is that of its arrival. Where the header tells millimetres per pixel, `info.spacing_mm` has
them from the start on; when they change, as with the probe's depth, the stream ends as for another size of picture, so that
each clip has one scale. A picture whose checksum is wrong is given as damaged.

The link is neither encrypted nor does it ask who listens: for a network of its own (docs/how-to/connect-a-device.md).
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import itertools
import select
import socket
import statistics
import threading
import time
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from devices.errors import DeviceError, DeviceLost, DeviceNotFound, DeviceStalled, FormatNotSupported, FrameSizeChanged
from devices.igtl.messages import ImageContent, Message, MessageReader, NotAPicture, NotOpenIGTLink, image_of
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, StreamFormat, choose_format

SCHEME: Final = "igtl"
PORT: Final = 18944  #: the one that the protocol's programs use
_CONNECT_S: Final = 3.0
_FIRST_PICTURE_S: Final = 5.0
_SLICE_S: Final = 0.25  #: so long, at most, does a reader not notice that it was closed
_MEASURED: Final = 4  #: pictures by whose times the rate is told; they are not lost
_UNTOLD_FPS: Final = 30.0
_MOST_FPS: Final = 500.0
_SAME_SPACING: Final = 1e-3  #: relative: floats of 32 bit differ less


@dataclass(frozen=True, slots=True)
class Address:
    """Where a sender is, and which of its pictures is meant (None: the first that comes)."""

    host: str
    port: int = PORT
    stream: str | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{SCHEME}://{host}:{self.port}" + (f"/{urllib.parse.quote(self.stream)}" if self.stream else "")


def parse_address(text: str) -> Address:
    """`igtl://HOST[:PORT][/STREAM]`. Raises DeviceNotFound."""
    try:
        parts = urllib.parse.urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme != SCHEME or parts.username or parts.query or parts.fragment or port == 0:
        raise DeviceNotFound(f"{text!r} is no address of a device in the network: write igtl://HOST:PORT.")
    return Address(host, port or PORT, urllib.parse.unquote(parts.path.strip("/")) or None)


class IgtlDriver:
    """Lists the senders that the settings name. It does not knock at their doors: many serve one listener at a time."""

    name = SCHEME

    def __init__(self, addresses: Sequence[Address] = ()) -> None:
        self._addresses = tuple(addresses)

    def discover(self) -> list[DeviceInfo]:
        """The senders of the settings, whether they are on or not."""
        return [_info(address) for address in self._addresses]

    def open(self, info: DeviceInfo) -> FrameSource:
        """A closed source. Raises DeviceNotFound."""
        return IgtlSource(parse_address(info.id))


def _info(address: Address) -> DeviceInfo:
    name = f"Network images of {address.host}" + (f", {address.stream}" if address.stream else "")
    return DeviceInfo(str(address), name, "network", identity_rule="name")


class IgtlSource(FrameSource):
    """One listener of one sender. `start` connects and waits for the first pictures, which alone tell size and rate."""

    def __init__(self, address: Address) -> None:
        super().__init__(_info(address))
        self._address = address
        self._turn = threading.Lock()  # held while the connection is read, so that close never pulls it away
        self._closing = threading.Event()
        self._socket: socket.socket | None = None
        self._reader = MessageReader()
        self._waiting: collections.deque[Frame] = collections.deque()
        self._failure: DeviceError | None = None
        self._stream: str | None = address.stream
        self._last_sent_ns = 0

    @property
    def delivers(self) -> str:
        """One sentence for the user: what comes from this device."""
        scale = "with the scale that they state" if self.info.spacing_mm else "without a scale"
        return f"Decoded pictures over OpenIGTLink, {scale}. The times are those of arrival."

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        self._closing = threading.Event()
        self._reader, self._failure, self._last_sent_ns = MessageReader(), None, 0
        self._waiting.clear()
        self._stream = self._address.stream
        self.info = dataclasses.replace(self.info, spacing_mm=None, formats=())
        try:
            self._socket = socket.create_connection((self._address.host, self._address.port), _CONNECT_S)
            self._socket.setblocking(False)
            agreed = choose_format((self._first_format(),), request)
        except DeviceError:
            self._disconnect()
            raise
        except OSError as error:
            self._disconnect()
            why = error.strerror or str(error)
            raise DeviceLost(
                f"Nobody answers at {self._address} ({why}): check that it sends, the address, and the network."
            ) from error
        self.info = dataclasses.replace(self.info, formats=(agreed,))
        return agreed

    def _first_format(self) -> StreamFormat:
        """What comes, told by the first pictures. Raises DeviceStalled, DeviceLost, FormatNotSupported."""
        until = time.monotonic() + _FIRST_PICTURE_S
        message: Message | None = None
        while message is None or not message.sound or self._stream not in (None, message.device):
            if time.monotonic() >= until:
                raise DeviceStalled(
                    f"{self._address} answers and sends no picture: start its stream; an unfrozen probe sends."
                )
            message = self._next_image(until)
        try:
            first = image_of(message.content)
        except NotAPicture as error:
            raise FormatNotSupported(f"The picture {message.device!r} of {self._address} {error}.") from error
        self._stream = message.device
        self.info = dataclasses.replace(self.info, spacing_mm=first.spacing_mm)
        agreed = StreamFormat(first.pixel_format, first.width, first.height, _UNTOLD_FPS)
        self._waiting.append(self._frame(message, agreed, first))
        with contextlib.suppress(DeviceError):  # whatever ends it is told by the read that comes to it
            while len(self._waiting) < _MEASURED and self._failure is None and time.monotonic() < until:
                following = self._next_image(until)
                if following is not None:
                    self._take(following, agreed)
        return dataclasses.replace(agreed, fps=_rate(list(self._waiting)))

    def _do_read(self, timeout_s: float) -> Frame:
        closing, agreed = self._closing, self.stream_format
        until = time.monotonic() + timeout_s
        while True:
            if closing.is_set() or agreed is None:
                raise DeviceLost("The connection was closed while it was being read.")
            if self._waiting:
                return self._waiting.popleft()
            if self._failure is not None:
                raise self._failure
            message = self._next_image(until)
            if message is not None:
                self._take(message, agreed)
            elif time.monotonic() >= until:
                raise DeviceStalled("The device is connected and sends no picture: is it frozen, or asleep?")

    def _take(self, message: Message, agreed: StreamFormat) -> None:
        """Puts the message's picture behind those that wait, or notes why there will be no further one."""
        if message.device != self._stream or self._failure is not None:
            return
        picture: ImageContent | None = None
        damage: str | None = None if message.sound else "its checksum is wrong"
        try:
            picture = image_of(message.content)
        except NotAPicture as error:
            damage = damage or f"it {error}"
        if picture is not None and damage is None:
            came = (picture.pixel_format, picture.width, picture.height)
            if came != (agreed.pixel_format, agreed.width, agreed.height):
                self._failure = FrameSizeChanged(
                    f"The pictures change from {agreed.width}x{agreed.height} to {picture.width}x{picture.height}.",
                    *(picture.width, picture.height),
                )
                return
            if not _same(picture.spacing_mm, self.info.spacing_mm):
                self._failure = FrameSizeChanged(
                    "The size of a pixel changes: the depth was set.", picture.width, picture.height
                )
                return
        self._waiting.append(self._frame(message, agreed, picture, damage))

    def _frame(
        self, message: Message, agreed: StreamFormat, picture: ImageContent | None, damage: str | None = None
    ) -> Frame:
        data = picture.data if picture else bytes(message.content)
        sent_ns = message.sent_ns if message.sent_ns > self._last_sent_ns else None
        self._last_sent_ns = max(self._last_sent_ns, message.sent_ns)
        return Frame(
            data,
            agreed.pixel_format,
            agreed.width,
            agreed.height,
            time.monotonic_ns(),
            device_pts_ns=sent_ns,
            damage=damage,
        )

    def _next_image(self, until: float) -> Message | None:
        """The next IMAGE message; None when it is later than `until`, or nothing came in a short while."""
        with self._turn:
            connection = self._socket
            if connection is None or self._closing.is_set():
                raise DeviceLost("The connection was closed while it was being read.")
            try:
                for message in self._reader.messages(lambda into: _received(connection, into)):
                    if message.kind == "IMAGE":
                        return message
                    if time.monotonic() >= until:
                        return None
                wait_s = min(max(0.0, until - time.monotonic()), _SLICE_S)
                select.select([connection], [], [], wait_s)
            except NotOpenIGTLink as error:
                raise DeviceLost(f"What {self._address} sends is no OpenIGTLink: {error}.") from error
            except (OSError, ValueError) as error:
                raise DeviceLost(f"The connection to {self._address} broke: it is tried again.") from error
        return None

    def _do_stop(self) -> None:
        self._closing.set()
        self._disconnect()

    def _disconnect(self) -> None:
        with self._turn:
            connection, self._socket = self._socket, None
            if connection is not None:
                connection.close()
            self._waiting.clear()


def _received(connection: socket.socket, into: memoryview) -> int:
    """How many bytes came; 0 where none are there now. Raises OSError where the other side has closed."""
    try:
        count = connection.recv_into(into)
    except BlockingIOError:
        return 0
    if not count:
        raise ConnectionResetError("closed by the sender")
    return count


def _same(a: tuple[float, float] | None, b: tuple[float, float] | None) -> bool:
    if a is None or b is None:
        return a is b
    return all(abs(one / other - 1) <= _SAME_SPACING for one, other in zip(a, b, strict=True))


def _rate(frames: Sequence[Frame]) -> float:
    """Whole pictures a second, by the sender's clock where it has one, else by their arrival."""
    times = [frame.device_pts_ns for frame in frames]
    told = [one for one in times if one is not None]
    if len(told) < len(times) or len(told) < 2:
        told = [frame.timestamp_ns for frame in frames]
    intervals = [b - a for a, b in itertools.pairwise(told) if b > a]
    if not intervals:
        return _UNTOLD_FPS
    return float(max(1, min(_MOST_FPS, round(1e9 / statistics.median(intervals)))))
