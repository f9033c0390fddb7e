"""What a serial foot switch says, byte by byte: the protocols that pedals speak, as decoders without a port.

A decoder is fed whatever arrived, in pieces of any size, and answers with the changes it understood. What it does not
understand it counts (`unknown`): many unknown bytes mean the wrong protocol or the wrong speed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

#: Which pedal (from 1), and whether it went down.
Change = tuple[int, bool]

#: Longer than any protocol's line: what has no line end by then is noise.
_LONGEST_LINE: Final = 64


class PedalProtocol(Protocol):
    """A decoder of one stream of bytes."""

    unknown: int  #: bytes or lines that it did not understand

    def feed(self, data: bytes) -> list[Change]:
        """The changes in these bytes, oldest first."""


class LineProtocol:
    """One line of text for each change, as microcontrollers with a switch send it."""

    def __init__(self, lines: Mapping[bytes, Change]) -> None:
        self.unknown = 0
        self._lines = dict(lines)
        self._rest = b""

    def feed(self, data: bytes) -> list[Change]:
        """The changes in these bytes; LF, CR LF and CR all end a line, empty lines say nothing."""
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            self.unknown += 1
            self._rest = b""
        changes: list[Change] = []
        for line in lines:
            said = line.strip()
            if said in self._lines:
                changes.append(self._lines[said])
            elif said:
                self.unknown += 1
        return changes


class ByteProtocol:
    """One byte for each change: one when the pedal goes down, another when it comes up."""

    def __init__(self, codes: Mapping[int, Change]) -> None:
        self.unknown = 0
        self._codes = dict(codes)

    def feed(self, data: bytes) -> list[Change]:
        """The changes in these bytes."""
        known = [self._codes[code] for code in data if code in self._codes]
        self.unknown += len(data) - len(known)
        return known


class ToggleProtocol:
    """The same byte for down and up; a pedal is up at the start."""

    def __init__(self, codes: Mapping[int, int]) -> None:
        self.unknown = 0
        self._codes = dict(codes)
        self._down: dict[int, bool] = {}

    def feed(self, data: bytes) -> list[Change]:
        """The changes in these bytes."""
        changes: list[Change] = []
        for code in data:
            pedal = self._codes.get(code)
            if pedal is None:
                self.unknown += 1
                continue
            self._down[pedal] = not self._down.get(pedal, False)
            changes.append((pedal, self._down[pedal]))
        return changes


class PulseProtocol:
    """One byte when the pedal goes down and nothing when it comes up: each is a press and a release at once."""

    def __init__(self, codes: Mapping[int, int]) -> None:
        self.unknown = 0
        self._codes = dict(codes)

    def feed(self, data: bytes) -> list[Change]:
        """The changes in these bytes, two for each known one."""
        changes: list[Change] = []
        for code in data:
            pedal = self._codes.get(code)
            if pedal is None:
                self.unknown += 1
            else:
                changes += [(pedal, True), (pedal, False)]
        return changes


#: The protocols by the names of the settings; each call makes a decoder at rest.
PROTOCOLS: Final[Mapping[str, Callable[[], PedalProtocol]]] = {
    # '1' and '0' for one pedal; '1:1', '2:0' for several.
    "lines": lambda: LineProtocol(
        {b"1": (1, True), b"0": (1, False)}
        | {b"%d:%d" % (pedal, down): (pedal, bool(down)) for pedal in (1, 2, 3, 4) for down in (0, 1)}
    ),
    # '1' and '0' for one pedal, without line ends.
    "digits": lambda: ByteProtocol({ord("1"): (1, True), ord("0"): (1, False)}),
    # 'A' down, 'a' up for pedal 1, 'B' and 'b' for pedal 2, and so on.
    "letters": lambda: ByteProtocol(
        {
            ord(letter): (pedal, letter.isupper())
            for pedal, pair in enumerate(("Aa", "Bb", "Cc", "Dd"), 1)
            for letter in pair
        }
    ),
    "toggle": lambda: ToggleProtocol({ord(str(pedal)): pedal for pedal in (1, 2, 3, 4)}),
    "pulse": lambda: PulseProtocol({ord(str(pedal)): pedal for pedal in (1, 2, 3, 4)}),
}
