"""What is kept beside a stream's frames: its device (stream.json), what is pinned (state.json), for whom (saving.json).

`stream.json` names the device and never a patient. The intent is the owner's own: whoever saves the frames writes into
it what must survive a crash so that saving can be finished, once, under the same identifiers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from acquisition.cine import StreamDescription
from acquisition.durable import read_json_object, write_small
from devices.source import DeviceInfo, Kind, PixelFormat, StreamFormat

STREAM_FILE, STATE_FILE, INTENT_FILE = "stream.json", "state.json", "saving.json"
FORMAT = "sonofill-spool-1"

StateName = Literal["open", "kept"]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Format(_Strict):
    pixel_format: PixelFormat
    width: int
    height: int
    fps: float


class _Device(_Strict):
    id: str
    name: str
    kind: Kind
    vendor_id: str | None
    product_id: str | None
    serial: str | None
    port_path: str | None
    identity_rule: str
    formats: tuple[_Format, ...]
    profile: str | None
    manufacturer: str | None
    spacing_mm: tuple[float, float] | None = None


class _Stream(_Strict):
    format: Literal["sonofill-spool-1"]
    stream_id: str
    device: _Device
    pixel_format: PixelFormat
    width: int
    height: int
    nominal_fps: float
    utc_ns: int
    monotonic_ns: int
    note: str = ""


class State(_Strict):
    """Where a stream stands: 'open' while it is written, 'kept' when it ended in order and must be saved or discarded.

    `pins` are the ranges (first and last index; -1: to the end) that somebody wanted to keep.
    """

    state: StateName = "open"
    pins: tuple[tuple[int, int], ...] = ()


_AS_JSON = TypeAdapter(StreamDescription)


def write_description(folder: Path, description: StreamDescription) -> None:
    """Write stream.json. Raises OSError."""
    facts = {"format": FORMAT, **_AS_JSON.dump_python(description, mode="json")}
    write_small(folder / STREAM_FILE, json.dumps(facts, indent=1, ensure_ascii=False))


def read_description(folder: Path) -> StreamDescription | None:
    """What stream.json says; None where it is missing, damaged or of another format."""
    try:
        found = _Stream.model_validate_json((folder / STREAM_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    facts = found.device.model_dump(exclude={"formats"})
    formats = tuple(StreamFormat(f.pixel_format, f.width, f.height, f.fps) for f in found.device.formats)
    return StreamDescription(
        stream_id=found.stream_id,
        device=DeviceInfo(**facts, formats=formats),
        pixel_format=found.pixel_format,
        width=found.width,
        height=found.height,
        nominal_fps=found.nominal_fps,
        utc_ns=found.utc_ns,
        monotonic_ns=found.monotonic_ns,
        note=found.note,
    )


def write_state(folder: Path, state: State) -> None:
    """Write state.json. Raises OSError."""
    write_small(folder / STATE_FILE, state.model_dump_json())


def read_state(folder: Path) -> State:
    """What state.json says; an open stream without pins where it is missing or damaged."""
    try:
        return State.model_validate_json((folder / STATE_FILE).read_bytes())
    except (OSError, ValidationError):
        return State()


def write_intent(folder: Path, intent: dict[str, Any]) -> None:
    """Write saving.json. Raises OSError."""
    write_small(folder / INTENT_FILE, json.dumps(intent, ensure_ascii=False))


def read_intent(folder: Path) -> dict[str, Any] | None:
    """What was written as intent; None where nothing was, or the file is damaged."""
    return read_json_object(folder / INTENT_FILE)
