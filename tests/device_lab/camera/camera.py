"""The camera itself: answers the host's control requests and streams numbered pictures.

Each MJPEG frame bears its number in a JPEG comment right behind SOI (`frame=<n>`), each YUYV frame in its first eight
bytes, little endian: for tests only. Payload headers carry the picture's time (PTS) and the time of sending (SCR) on the
camera's clock, so that uvcvideo's metadata node has something to tell.
"""

from __future__ import annotations

import struct
import threading
import time
from dataclasses import dataclass, field

from tests.device_lab.camera.descriptors import (
    BUTTON_ENDPOINT,
    FPS,
    MAX_PAYLOAD,
    MJPEG,
    PROCESSING_UNIT,
    STREAM_ENDPOINT,
    YUYV,
    Identity,
    describe,
    interval_100ns,
    u16,
)
from tests.device_lab.camera.schedule import Account, Schedule
from tests.device_lab.camera.usbip import STALL, Plug

Size = tuple[int, int]

_SET_CUR, _GET_LEN, _GET_INFO = 0x01, 0x85, 0x86
_PROBE, _COMMIT = 1, 2
_FID, _EOF, _PTS, _SCR, _EOH = 0x01, 0x02, 0x04, 0x08, 0x80
_BRIGHTNESS = {0x81: 40, 0x82: 0, 0x83: 100, 0x84: 1, 0x87: 50}  # current, lowest, highest, step, default


@dataclass
class Behaviour:
    """What a test wants of the camera; may change while it streams. A 0 means never."""

    drop_every: int = 0
    corrupt_every: int = 0
    stalled: bool = False
    pts: bool = True
    wrong_size: Size | None = None  #: MJPEG pictures of this size, whatever was agreed


@dataclass
class Agreed:
    """What the host committed to."""

    format_index: int = MJPEG
    frame_index: int = 1
    interval: int = field(default_factory=lambda: interval_100ns(30))


class Camera:
    """One camera; plugged and unplugged at will. `clock_hz` is the frequency of its time stamps."""

    def __init__(self, pictures: dict[Size, list[bytes]], identity: Identity, clock_hz: int) -> None:
        self._pictures = pictures
        self._sizes = tuple(pictures)
        self._clock_hz = clock_hz
        self._descriptors = describe(identity, self._sizes, clock_hz)
        self.behaviour = Behaviour()
        self.account = Account()
        self._agreed = Agreed()
        self._probed = Agreed()
        self._brightness = dict(_BRIGHTNESS)
        self._epoch = 0  # counts the streams; what belongs to an older one is not sent any more
        self._number = 0
        self._ramp = b""
        self._plug: Plug | None = None

    # --- the cable and the button ---------------------------------------------------------------------------------

    def plug(self, port: int) -> None:
        self._epoch += 1
        self._plug = Plug(port, self._on_control)
        threading.Thread(target=self._stream, args=(self._plug,), name="pictures", daemon=True).start()

    def unplug(self) -> None:
        plug, self._plug = self._plug, None
        if plug is not None:
            plug.pull()

    def press(self) -> None:
        """Press and release the button (UVC 1.1, table 2-2: status of the streaming interface, event 0)."""
        until_s = time.monotonic() + 2.0  # nobody listens while no node of the camera is open
        for value in (1, 0):
            if self._plug is not None:
                status = bytes([2, 1, 0, value])
                self._plug.send(BUTTON_ENDPOINT, status, whole=16, valid=lambda: time.monotonic() < until_s)

    # --- control requests -----------------------------------------------------------------------------------------

    def _on_control(self, setup: bytes, sent: bytes) -> bytes | int:
        kind, request, value, index, length = struct.unpack("<BBHHH", setup)
        if kind == 0x80 and request == 6:
            return self._descriptor(value >> 8, value & 0xFF, length)
        if kind & 0x60 == 0x20 and index == 1 and value >> 8 in (_PROBE, _COMMIT):
            return self._negotiate(request, value >> 8, sent, length)
        if kind & 0x60 == 0x20 and index == PROCESSING_UNIT << 8 and value >> 8 == 2:
            return self._set_or_get_brightness(request, sent)
        if kind & 0x60 == 0x20:
            return STALL
        if kind == 0x02 and request == 1:  # the host clears the endpoint: its stream has ended
            self._epoch += 1
        if kind == 0x80 and request in (0, 8):
            return b"\x01\x00"[:length]
        return b""

    def _descriptor(self, which: int, number: int, length: int) -> bytes | int:
        if which == 3:
            data = self._descriptors.strings.get(number)
        else:
            data = {1: self._descriptors.device, 2: self._descriptors.configuration}.get(which)
        return STALL if data is None else data[:length]

    def _negotiate(self, request: int, what: int, sent: bytes, length: int) -> bytes | int:
        if request == _SET_CUR:
            self._probed = self._nearest(sent[2], sent[3], struct.unpack("<I", sent[4:8])[0])
            if what == _COMMIT:
                self._agreed = self._probed
                self._epoch += 1
                width, height = self._sizes[self._agreed.frame_index - 1]
                encoding = "MJPEG" if self._agreed.format_index == MJPEG else "YUYV"
                print("commit", encoding, f"{width}x{height}", 10_000_000 // self._agreed.interval, flush=True)
            return b""
        if request == _GET_LEN:
            return u16(34)[:length]
        if request == _GET_INFO:
            return b"\x03"
        agreed = self._agreed if what == _COMMIT else self._probed
        width, height = self._sizes[agreed.frame_index - 1]
        return struct.pack(
            "<HBBIHHHHHIIIBBBB",
            *(0, agreed.format_index, agreed.frame_index, agreed.interval, 0, 0, 0, 0, 0, width * height * 2),
            *(MAX_PAYLOAD, self._clock_hz, 0, 0, 0, 0),
        )[:length]

    def _nearest(self, format_index: int, frame_index: int, interval: int) -> Agreed:
        offered = [interval_100ns(fps) for fps in FPS]
        return Agreed(
            format_index if format_index in (MJPEG, YUYV) else MJPEG,
            frame_index if 1 <= frame_index <= len(self._sizes) else 1,
            min(offered, key=lambda each: abs(each - interval)) if interval else interval_100ns(30),
        )

    def _set_or_get_brightness(self, request: int, sent: bytes) -> bytes | int:
        if request == _SET_CUR:
            self._brightness[0x81] = int.from_bytes(sent[:2], "little")
            return b""
        if request == _GET_LEN:
            return u16(2)
        if request == _GET_INFO:
            return b"\x03"
        return u16(self._brightness[request]) if request in self._brightness else STALL

    # --- the pictures ---------------------------------------------------------------------------------------------

    def _stream(self, plug: Plug) -> None:
        epoch, field_id = -1, 0
        schedule = Schedule(time.monotonic(), 1.0)
        while plug.alive:
            if not plug.wait_for_request(STREAM_ENDPOINT, 0.5):
                continue
            if epoch != self._epoch:
                epoch, field_id = self._epoch, 0
                schedule = Schedule(time.monotonic(), self._agreed.interval / 1e7)
            time.sleep(max(0.0, schedule.due_s - time.monotonic()))
            if self.behaviour.stalled:
                time.sleep(0.02)
                schedule = Schedule(time.monotonic(), schedule.interval_s)
                continue
            number, taken_s = self._number, schedule.due_s
            self._number += 1
            schedule.advance()
            if schedule.too_late(time.monotonic()):
                self.account.skipped.append(number)
            elif _falls_on(number, self.behaviour.drop_every):
                self.account.dropped.append(number)
            else:
                data, corrupted = self._picture(number)
                if self._send(plug, data, taken_s, field_id, epoch):
                    self.account.sent.append(number)
                    if corrupted:
                        self.account.corrupted.append(number)
                field_id ^= 1

    def _picture(self, number: int) -> tuple[bytes, bool]:
        """The picture's bytes, and whether it was cut short on purpose."""
        size = self._sizes[self._agreed.frame_index - 1]
        if self._agreed.format_index == MJPEG:
            pictures = self._pictures[self.behaviour.wrong_size or size]
            jpeg = pictures[number % len(pictures)]
            note = b"frame=%d" % number
            data = jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note + jpeg[2:]
        else:
            width, height = size
            if len(self._ramp) != width * height * 2:
                self._ramp = bytes(v for x in range(width) for v in (x * 255 // width, 128)) * height
            data = struct.pack("<Q", number) + self._ramp[8:]
        if _falls_on(number, self.behaviour.corrupt_every):
            return data[: len(data) // 2], True
        return data, False

    def _send(self, plug: Plug, data: bytes, taken_s: float, field_id: int, epoch: int) -> bool:
        step = MAX_PAYLOAD - 12
        for at in range(0, len(data), step):
            flags = _EOH | field_id | (_EOF if at + step >= len(data) else 0)
            header = self._header(flags, taken_s)
            payload = header + data[at : at + step]
            if not plug.send(STREAM_ENDPOINT, payload, whole=MAX_PAYLOAD, valid=lambda: self._epoch == epoch):
                return False
        return True

    def _header(self, flags: int, taken_s: float) -> bytes:
        if not self.behaviour.pts:
            return bytes([2, flags])
        pts, now = (int(seconds * self._clock_hz) & 0xFFFFFFFF for seconds in (taken_s, time.monotonic()))
        frame_number = int(time.monotonic() * 1000) & 0x7FF  # the bus's millisecond frames
        return struct.pack("<BBIIH", 12, flags | _PTS | _SCR, pts, now, frame_number)


def _falls_on(number: int, every: int) -> bool:
    return every > 0 and number % every == every - 1
