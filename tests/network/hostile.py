"""What a hostile or broken caller sends: to our own listening place. Used by a test and by `benchmarks/receive_fuzz.py`."""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dicom_io.errors import DicomError
from dicom_io.network import Node, Patience, associate
from dicom_io.network import command as dimse
from dicom_io.network.negotiate import Proposal, request
from tests.archive.objects import content, ultrasound

US: Final = "1.2.840.10008.5.1.4.1.1.6.1"
EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
PATIENCE = Patience(connect_s=5, associate_s=2, answer_s=5)

#: Where a UID should stand.
TRICKS: Final = (
    "../../../../tmp/sonofill-fuzz", "/tmp/sonofill-fuzz", "..", ".", "", "1.2/../../x", "1.2\\..\\x", "1.2\0x", "CON",
    "a" * 300, "1.2.%2e%2e/x", "~root", "$(touch /tmp/sonofill-fuzz)", "1" * 65, "-rf",
)  # fmt: skip


def explicit(group: int, element: int, vr: bytes, value: bytes, length: int | None = None) -> bytes:
    """One element, which may lie about its length."""
    told = len(value) if length is None else length
    if vr in (b"OB", b"SQ", b"UN", b"OW", b"UT"):
        return struct.pack("<HH2sxxI", group, element, vr, told & 0xFFFFFFFF) + value
    return struct.pack("<HH2sH", group, element, vr, told & 0xFFFF) + value


def nested(depth: int, undefined: bool) -> bytes:
    """A sequence in a sequence, `depth` deep."""
    inner = b""
    for _ in range(depth):
        if undefined:
            item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + inner + b"\xfe\xff\x0d\xe0\0\0\0\0"
            inner = explicit(0x0040, 0xA730, b"SQ", item + b"\xfe\xff\xdd\xe0\0\0\0\0", 0xFFFFFFFF)
        else:
            inner = explicit(0x0040, 0xA730, b"SQ", struct.pack("<HHI", 0xFFFE, 0xE000, len(inner)) + inner)
    return inner


def head(uid: str = "1.2.3.4", study: str = "1.2.3", series: str = "1.2.3.1", sop_class: str = US) -> dict[int, bytes]:
    """The elements that an object cannot do without, by tag."""

    def ui(tag: int, text: str) -> bytes:
        value = text.encode("latin-1", "replace")
        return explicit(tag >> 16, tag & 0xFFFF, b"UI", value + b"\0" * (len(value) & 1))

    return {
        0x00080016: ui(0x00080016, sop_class),
        0x00080018: ui(0x00080018, uid),
        0x0020000D: ui(0x0020000D, study),
        0x0020000E: ui(0x0020000E, series),
    }


def joined(elements: dict[int, bytes]) -> bytes:
    return b"".join(elements[tag] for tag in sorted(elements))


@dataclass(frozen=True)
class Attack:
    """A data set under a command's UID; `syntax` what was agreed."""

    data: bytes
    uid: str = "1.2.3.4"
    syntax: str = EXPLICIT


def data_sets(chance: random.Random) -> list[Callable[[], Attack]]:
    """Ways to make a hostile data set; each draws something else every time."""
    whole = content(ultrasound(size=32))[-3000:]
    image = explicit(0x7FE0, 0x0010, b"OW", bytes(64))

    def trick() -> Attack:
        uid, study, series = chance.choice(TRICKS), "1.2.3", "1.2.3.1"
        place = chance.randrange(3)
        if place == 1:
            uid, study = "1.2.3.4", uid
        elif place == 2:
            uid, series = "1.2.3.4", uid
        return Attack(joined(head(uid, study, series)) + image, uid if "\0" not in uid and uid.isascii() else "1.2.3.4")

    def long() -> Attack:
        tag = chance.choice([0x00100010, 0x00400275, 0x00091001])
        vr = chance.choice([b"PN", b"SQ", b"UN", b"OB", b"UT"])
        lie = chance.choice([0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFF, 1 << 20])
        return Attack(joined(head() | {tag: explicit(tag >> 16, tag & 0xFFFF, vr, b"x" * 10, lie)}) + image)

    def deep() -> Attack:
        sequence = nested(chance.choice([10, 40, 500, 5000]), chance.random() < 0.5)
        return Attack(joined(head() | {0x0040A730: sequence}) + image)

    def many() -> Attack:
        empty = b"\xfe\xff\x00\xe0\0\0\0\0" * chance.choice([10, 1000, 1000, 300_000])
        return Attack(joined(head() | {0x00400275: explicit(0x0040, 0x0275, b"SQ", empty)}) + image)

    def group_length() -> Attack:
        lies = {g << 16: explicit(g, 0, b"UL", struct.pack("<I", chance.getrandbits(32))) for g in (0x0008, 0x0020)}
        return Attack(joined(head() | lies) + image)

    def cut() -> Attack:
        data = joined(head()) + image
        return Attack(data[: chance.randrange(len(data))])

    def flipped() -> Attack:
        data = bytearray(joined(head() | {0x00400275: nested(3, True)}) + image)
        for _ in range(chance.randrange(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return Attack(bytes(data), syntax=chance.choice([EXPLICIT, IMPLICIT]))

    def noise() -> Attack:
        return Attack(chance.randbytes(chance.randrange(1, 4000)), syntax=chance.choice([EXPLICIT, IMPLICIT]))

    def shuffled() -> Attack:
        elements = [*head().values(), whole[: chance.randrange(2, 400)]]
        chance.shuffle(elements)
        return Attack(b"".join(elements) + image)

    return [trick, long, deep, many, group_length, cut, flipped, noise, shuffled]


def store(node: Node, attack: Attack) -> int | None:
    """Send it as a C-STORE; the status that came back, None where the association ended."""
    try:
        with associate(node, [Proposal(US, (attack.syntax,))], PATIENCE) as association:
            context = association.context_of(US, attack.syntax)
            command = dimse.request(dimse.C_STORE, 1, data_set=True) | {
                dimse.AFFECTED_CLASS: US,
                dimse.AFFECTED_UID: attack.uid,
                dimse.PRIORITY: 0,
            }
            association.send(context, command, attack.data)
            return int(association.answer_to(1, dimse.C_STORE).command[dimse.STATUS])
    except DicomError:
        return None


def pdus(chance: random.Random, node: Node) -> bytes:
    """Bytes of a conversation that goes wrong on the level of PDUs."""
    asked = request(node, [Proposal(US, (EXPLICIT,)), Proposal("1.2.840.10008.1.1", (IMPLICIT,))])
    command = dimse.encode(dimse.request(dimse.C_ECHO, 1, data_set=False) | {dimse.AFFECTED_CLASS: "1.2.840.10008.1.1"})
    value = struct.pack(">IBB", len(command) + 2, 3, 3) + command
    said = struct.pack(">BxI", 4, len(value)) + value
    changed = bytearray(asked if chance.random() < 0.5 else asked + said)
    first = 0 if chance.random() < 0.3 else min(len(asked), len(changed) - 1)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(first, len(changed))] = chance.choice([0, 1, 0x7F, 0xFF, chance.randrange(256)])
    kind = chance.random()
    if kind < 0.1:
        return chance.randbytes(chance.randrange(1, 300))
    if kind < 0.2:
        return bytes(changed[: chance.randrange(len(changed))])
    if kind < 0.3:
        return asked + struct.pack(">BxI", chance.randrange(256), chance.choice([0, 1, 5, 1 << 16, 1 << 31])) + bytes(8)
    return bytes(changed)


def say(port: int, data: bytes) -> None:
    """Send bytes and look away."""
    with socket.create_connection(("127.0.0.1", port), 5) as caller:
        caller.settimeout(5)
        try:
            caller.sendall(data)
            caller.shutdown(socket.SHUT_WR)
            while caller.recv(65536):
                pass
        except OSError:
            return
