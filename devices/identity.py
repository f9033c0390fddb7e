"""Who a USB device is: the rule that decides, as pure functions.

The commonest HDMI grabbers have no serial number, and some webcams share one. So:

1. A serial number that only one device bears, among those present and those remembered, decides (`serial`). Then the
   port does not matter.
2. Otherwise the USB port decides (`port`): vendor, product and the port's path, such as `1-1.2`.
3. Where a remembered device is not at its port and others stand elsewhere that could be it, nobody guesses:
   `DeviceAmbiguous` lists them, both pictures are shown, and what the person answers is remembered (`asked`).

A device that was once seen *beside* another one is not that other one: this is what `seen_with` holds. A device with more
than one picture (colour and infrared, say) has one id for each; the second one's port path ends in `:2`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import quote

from devices.errors import DeviceAmbiguous, DeviceNotFound
from devices.source import DeviceInfo

_KINDS = ("uvc", "capture")


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device that was seen once. `seen_with` are the ids of devices of its model that were present beside it."""

    id: str
    vendor_id: str
    product_id: str
    serial: str | None
    port_path: str | None
    rule: str
    seen_with: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of devices: those seen, by id, and what a person answered: wanted id to the chosen one."""

    devices: Mapping[str, KnownDevice] = field(default_factory=lambda: MappingProxyType({}))
    chosen: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def identify(present: Sequence[DeviceInfo], memory: Memory | None = None) -> list[DeviceInfo]:
    """Give each USB device its id and the rule that decided, in the order given; other devices stay as they are."""
    memory = memory or Memory()
    return [_identified(info, present, memory) if _is_usb(info) else info for info in present]


def remember(present: Iterable[DeviceInfo], memory: Memory) -> Memory:
    """The memory after these identified devices were seen together."""
    seen = [info for info in present if _is_usb(info)]
    devices = dict(memory.devices)
    for info in seen:
        beside = {other.id for other in seen if other.id != info.id and _model(other) == _model(info)}
        before = devices.get(info.id)
        devices[info.id] = KnownDevice(
            id=info.id,
            vendor_id=info.vendor_id or "",
            product_id=info.product_id or "",
            serial=usable_serial(info.serial),
            port_path=info.port_path,
            rule=info.identity_rule,
            seen_with=frozenset(beside) | (before.seen_with if before else frozenset()),
        )
    return replace(memory, devices=devices)


def choose(wanted_id: str, chosen_id: str, memory: Memory) -> Memory:
    """The memory after a person said that `chosen_id` is the device that was asked for as `wanted_id`."""
    return replace(memory, chosen={**memory.chosen, wanted_id: chosen_id})


def resolve(device_id: str, present: Sequence[DeviceInfo], memory: Memory | None = None) -> DeviceInfo:
    """The one present, identified device that is meant by `device_id`.

    Raises DeviceNotFound (it names what is there) and DeviceAmbiguous (its `candidates` could be meant).
    """
    memory = memory or Memory()
    exact = [info for info in present if info.id == device_id]
    answer = memory.chosen.get(device_id)
    chosen = [replace(info, identity_rule="asked") for info in present if info.id == answer]
    if exact and chosen and answer != device_id:
        _doubt(device_id, [*exact, *chosen], "one is at its place and another was chosen for it before")
    if chosen:
        return chosen[0]
    if len(exact) > 1:
        _doubt(device_id, exact, "two drivers offer it")
    if exact:
        return exact[0]
    known = memory.devices.get(device_id)
    candidates = [info for info in present if known is not None and _could_be(info, known)]
    if candidates:
        _doubt(device_id, candidates, "it is not where it was, and it cannot be told from others of its kind")
    there = ", ".join(f"{info.id} ({info.name})" for info in present) or "none"
    raise DeviceNotFound(f"No device {device_id!r} is connected; plug it in or choose one of those present: {there}.")


def usable_serial(serial: str | None) -> str | None:
    """The serial number without blanks around it; None where nothing is left."""
    return (serial or "").strip(" \t\r\n\0") or None


def _identified(info: DeviceInfo, present: Sequence[DeviceInfo], memory: Memory) -> DeviceInfo:
    serial = usable_serial(info.serial)
    model = f"{info.id.partition(':')[0]}:{info.vendor_id}:{info.product_id}"
    port, _, picture = (info.port_path or "").partition(":")
    if serial and _is_unique(serial, info, present, memory):
        number = f":{picture}" if picture else ""
        return replace(info, id=f"{model}:{quote(serial, safe='')}{number}", identity_rule="serial")
    if not port:  # a system that tells no port: the driver's own id is all there is
        return info
    return replace(info, id=f"{model}@{info.port_path}", identity_rule="port")


def _is_unique(serial: str, info: DeviceInfo, present: Sequence[DeviceInfo], memory: Memory) -> bool:
    ports = {
        (other.port_path or "").partition(":")[0]
        for other in present
        if _is_usb(other) and _model(other) == _model(info) and usable_serial(other.serial) == serial
    }
    # A serial that had to give way to the port once was shared, and its other bearer may come back at any time.
    was_shared = any(
        known.serial == serial and known.rule == "port"
        for known in memory.devices.values()
        if (known.vendor_id, known.product_id) == _model(info)
    )
    return len(ports) == 1 and not was_shared


def _could_be(info: DeviceInfo, known: KnownDevice) -> bool:
    return (
        _is_usb(info)
        and _model(info) == (known.vendor_id, known.product_id)
        and usable_serial(info.serial) == known.serial
        and (known.rule == "serial" or info.id not in known.seen_with)
    )


def _is_usb(info: DeviceInfo) -> bool:
    return info.id.partition(":")[0] in _KINDS and bool(info.vendor_id and info.product_id)


def _model(info: DeviceInfo) -> tuple[str, str]:
    return info.vendor_id or "", info.product_id or ""


def _doubt(device_id: str, candidates: Sequence[DeviceInfo], why: str) -> None:
    listed = ", ".join(f"{info.id} ({info.name}, port {info.port_path})" for info in candidates)
    raise DeviceAmbiguous(
        f"Which device is meant by {device_id!r} is in doubt, for {why}; choose one of: {listed}.",
        tuple(info.id for info in candidates),
    )
