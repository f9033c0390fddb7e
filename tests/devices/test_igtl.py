"""OpenIGTLink: what pyigtl packs is read whole, scales are believed where they can be, bad input ends in words."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from collections.abc import Iterator

import numpy as np
import pyigtl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition import record
from devices.errors import DeviceLost, DeviceNotFound, DeviceStalled, FormatNotSupported, FrameSizeChanged
from devices.igtl.messages import HEADER_BYTES, Message, MessageReader, NotAPicture, NotOpenIGTLink, image_of
from devices.igtl.source import Address, IgtlDriver, IgtlSource, parse_address
from devices.source import FormatRequest, Frame, PixelFormat
from workstation.capture.sources import device_registry, opener
from workstation.probe_screen.equipment import scales_of

PICTURE = np.arange(48, dtype=np.uint8).reshape(1, 6, 8)


def packed(picture: object = PICTURE, spacing: tuple[float, float] = (0.1, 0.2), at: float = 1000.0, version: int = 1,
           device: str = "Image") -> bytes:  # fmt: skip
    message = pyigtl.ImageMessage(picture, np.diag([*spacing, 1.0, 1.0]), timestamp=at, device_name=device)
    message.header_version = version
    if version > 1:
        message.metadata = {"PatientName": "nobody", "depth": "30"}
    data: bytes = message.pack()
    return data


def messages_in(data: bytes, sizes: list[int]) -> list[Message]:
    """As they come in pieces of these sizes, then of any size."""
    file, found, reader = io.BytesIO(data), [], MessageReader()
    for size in [*sizes, len(data)]:
        left = size

        def some(into: memoryview) -> int:
            nonlocal left
            got = file.readinto(into[: max(0, left)])
            left -= got
            return got

        found += list(reader.messages(some))
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=12), st.sampled_from([1, 2]))
def test_messages_are_the_same_in_any_pieces(sizes: list[int], version: int) -> None:
    transform = pyigtl.TransformMessage(np.eye(4), device_name="T", timestamp=5.5)
    data = packed(version=version, at=12.25) + transform.pack() + packed(PICTURE + 1, device="Other")
    first, second, third = messages_in(data, sizes)
    assert (first.kind, first.device, first.sent_ns, first.sound) == ("IMAGE", "Image", 12_250_000_000, True)
    assert (second.kind, second.device, third.device) == ("TRANSFORM", "T", "Other")
    picture = image_of(first.content)
    assert (picture.width, picture.height, picture.data) == (8, 6, PICTURE.tobytes())
    assert picture.pixel_format is PixelFormat.GREY
    assert picture.spacing_mm == pytest.approx((0.1, 0.2))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_no_message_a_wrong_checksum_or_no_picture(data: st.DataObject) -> None:
    whole = bytearray(packed(version=data.draw(st.sampled_from([1, 2]))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        for message in messages_in(bytes(whole[: data.draw(st.integers(0, len(whole)))]), []):
            with contextlib.suppress(NotAPicture):
                picture = image_of(message.content)
                assert len(picture.data) == picture.width * picture.height * (
                    3 if picture.pixel_format == "BGR24" else 1
                )
    except NotOpenIGTLink as error:
        assert str(error)


def test_bytes_that_change_are_noticed_by_the_checksum() -> None:
    whole = bytearray(packed())
    whole[-1] ^= 1
    (message,) = messages_in(bytes(whole), [])
    assert not message.sound


def test_a_claim_of_a_huge_message_is_refused_before_memory_is_taken() -> None:
    header = bytearray(packed()[:HEADER_BYTES])
    header[42:50] = (1 << 40).to_bytes(8, "big")
    with pytest.raises(NotOpenIGTLink, match="announces a message of 1099511627776 bytes"):
        messages_in(bytes(header), [])


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (PICTURE.astype(np.uint16), "uint16"),
        (np.zeros((4, 6, 8), np.uint8), "8 x 6 x 4 samples"),
        (np.zeros((1, 6, 8, 2), np.uint8), "2 values a pixel"),
    ],
)
def test_what_is_no_flat_picture_of_8_bit_is_refused(picture: object, why: str) -> None:
    (message,) = messages_in(packed(picture), [])
    with pytest.raises(NotAPicture, match=why):
        image_of(message.content)


def test_colours_come_as_bgr_and_rows_that_are_counted_last_are_rows() -> None:
    colour = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(1, 6, 8, 3)
    (message,) = messages_in(packed(colour), [])
    picture = image_of(message.content)
    assert picture.pixel_format is PixelFormat.BGR24
    assert picture.data == colour[0, :, :, ::-1].tobytes()
    (message,) = messages_in(packed(np.ascontiguousarray(PICTURE.transpose(1, 2, 0))), [])
    turned = image_of(message.content)
    assert (turned.width, turned.height, turned.data) == (8, 6, PICTURE.tobytes())


@pytest.mark.requirement("N1")
@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.0, 0.1), (float("nan"), 0.1), (0.1, 5.0), (0.001, 0.1)])
def test_a_spacing_that_cannot_be_is_none(spacing: tuple[float, float]) -> None:
    (message,) = messages_in(packed(spacing=spacing), [])
    assert image_of(message.content).spacing_mm is None


@contextlib.contextmanager
def sending(*parts: bytes, then_close: bool = False) -> Iterator[Address]:
    """A listener that sends these bytes to each who connects, in turn, and then waits or closes."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while not ended.is_set():
                    connection, _ = listener.accept()
                    with connection, contextlib.suppress(OSError):
                        for part in parts:
                            connection.sendall(part)
                        if not then_close:
                            while connection.recv(1024):
                                pass

        thread = threading.Thread(target=serve, name="raw sender")
        thread.start()
        try:
            yield Address(*listener.getsockname())
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def several(count: int, **more: object) -> bytes:
    return b"".join(packed(at=1000 + number / 25, **more) for number in range(count))  # type: ignore[arg-type]


def frames_of(source: IgtlSource, count: int) -> list[Frame]:
    return [source.read(2.0) for _ in range(count)]


def test_frames_scale_rate_and_the_senders_clock() -> None:
    with sending(several(6)) as address, IgtlSource(address) as source:
        agreed = source.start()
        assert (agreed.width, agreed.height, agreed.fps) == (8, 6, 25.0)
        assert source.info.spacing_mm == pytest.approx((0.1, 0.2))
        (scale,) = scales_of(source.info, 8, 6)
        assert (scale.source, scale.box) == ("device", (0, 0, 8, 6))
        frames = frames_of(source, 6)
        # pyigtl's own times are numbers of seconds with a fraction of 2^-32: some nanoseconds are lost in them.
        sent_ns = [frame.device_pts_ns for frame in frames]
        assert sent_ns == pytest.approx([1000 * 10**9 + 40_000_000 * n for n in range(6)], abs=200, rel=0)
        with pytest.raises(DeviceStalled):
            source.read(0.0)


def test_a_depth_that_is_set_ends_the_run_and_a_wrong_checksum_is_damage() -> None:
    wrong = bytearray(packed(PICTURE + 5, at=1001.0))
    wrong[-1] ^= 1
    parts = several(5), bytes(wrong), packed(spacing=(0.15, 0.3), at=1002.0)
    with sending(*parts) as address, IgtlSource(address) as source:
        source.start()
        assert not any(frame.damage for frame in frames_of(source, 5))
        assert source.read(2.0).damage == "its checksum is wrong"
        for _ in range(2):
            with pytest.raises(FrameSizeChanged, match="depth was set"):
                source.read(2.0)


def test_other_pictures_of_the_same_sender_are_passed_over() -> None:
    mixed = b"".join(packed(device=name, at=1000 + n) for n in range(6) for name in ("Image", "Other"))
    with sending(mixed) as address, IgtlSource(parse_address(f"{address}/Other")) as source:
        source.start()
        assert len(frames_of(source, 6)) == 6


def test_pictures_of_another_scale_are_not_among_the_first() -> None:
    with sending(several(2), several(3, spacing=(0.15, 0.3))) as address, IgtlSource(address) as source:
        source.start()
        assert len(frames_of(source, 2)) == 2
        with pytest.raises(FrameSizeChanged):
            source.read(2.0)


@pytest.mark.parametrize(
    ("sent", "closed", "error", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n" + b"x" * 60, False, DeviceLost, "no OpenIGTLink"),
        (packed()[:30], True, DeviceLost, "broke"),
        (b"", True, DeviceLost, "broke"),
        (packed(PICTURE.astype(np.float32)), False, FormatNotSupported, "float32"),
    ],
    ids=["http", "short header", "nothing", "floats"],
)
def test_a_start_that_fails_says_why(sent: bytes, closed: bool, error: type[Exception], words: str) -> None:
    with sending(sent, then_close=closed) as address, IgtlSource(address) as source:
        with pytest.raises(error, match=words):
            source.start()
        assert source.stream_format is None


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = Address(*listener.getsockname())
    with IgtlSource(address) as source, pytest.raises(DeviceLost, match="Nobody answers at igtl://127"):
        source.start()


def test_a_broken_connection_is_made_again_and_each_run_is_kept(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with sending(several(10), then_close=True) as address:
        result = record(
            opener(str(address)), tmp_path, seconds=1.0, request=FormatRequest(), reconnect_s=2.0, intent={}
        )
        assert len(result.clips) > 1
        assert all(clip.stream.device.spacing_mm == pytest.approx((0.1, 0.2)) for clip in result.clips)
        assert all(len(clip.frames) == 10 for clip in result.clips[:-1])
        result.release()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("igtl://10.0.0.5", Address("10.0.0.5", 18944)),
        ("igtl://[fe80::1]:99/Image%20A", Address("fe80::1", 99, "Image A")),
    ],
)
def test_addresses(text: str, found: Address) -> None:
    assert parse_address(text) == found
    assert parse_address(str(found)) == found


@pytest.mark.parametrize(
    "text", ["igtl://", "igtl:5", "igtl://h:99999", "igtl://u@h", "igtl://h:0", "http://h", "igtl://h?x"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(DeviceNotFound, match="HOST:PORT"):
        parse_address(text)


def test_the_settings_name_devices_in_the_network(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path))
    (tmp_path / "settings.json").write_text('{"network_devices": ["igtl://10.0.0.5"]}')
    info = device_registry().find("igtl://10.0.0.5:18944")
    assert (info.kind, info.name) == ("network", "Network images of 10.0.0.5")
    assert IgtlDriver([Address("10.0.0.5")]).open(info).info.id == info.id
