"""A TCP connection that carries DICOM's PDUs (PS3.8, 9.3). Every wait has an end, and no length that a peer tells is believed
beyond what we said we take.

Small answers wait 40 ms where Nagle's algorithm meets a delayed acknowledgement: we send without delay, and acknowledge at
once what we wait for (a receiver that delays its own answer in two parts then sends the second one at once).
"""

from __future__ import annotations

import selectors
import socket
import ssl
import struct
import time
from typing import Final

from dicom_io.errors import ConnectionLost, NoAnswer, NotSecure, Unreachable, WrongAnswer
from dicom_io.network.node import Node, Patience
from dicom_io.network.tls import calling_context

ASSOCIATE_RQ: Final = 0x01
ASSOCIATE_AC: Final = 0x02
ASSOCIATE_RJ: Final = 0x03
P_DATA: Final = 0x04
RELEASE_RQ: Final = 0x05
RELEASE_RP: Final = 0x06
ABORT: Final = 0x07

HEADER_BYTES: Final = 6
#: The longest PDU that we take, told to the peer as our maximum length (PS3.8, D.1). DCMTK sends at most this.
LONGEST_PDU: Final = 131072
_QUICK_ACK: Final = getattr(socket, "TCP_QUICKACK", None)  # Linux alone has it


def connect(node: Node, patience: Patience) -> Wire:
    """A connection to the node. Raises BadCertificate, Unreachable; NotSecure where TLS does not come about."""
    secure = calling_context(node.tls) if node.tls else None
    try:
        plain = socket.create_connection((node.host, node.port), timeout=patience.connect_s)
    except TimeoutError as error:
        raise Unreachable(
            f"{node} does not answer within {patience.connect_s:.0f} s: check the address, the network and the firewall."
        ) from error
    except socket.gaierror as error:
        raise Unreachable(
            f"There is no host {node.host} ({error.strerror}): check the name and the network."
        ) from error
    except OSError as error:
        raise Unreachable(
            f"{node} cannot be reached ({error.strerror or error}): check the address, and that the server is running."
        ) from error
    if secure is None:
        return Wire(plain, str(node))
    try:
        return Wire(secure.wrap_socket(plain, server_hostname=node.host), str(node))
    except OSError as error:  # ssl.SSLError is one
        plain.close()
        raise NotSecure(
            f"No secure connection to {node} comes about ({reason(error)}): check both certificates, and that it speaks TLS."
        ) from error


class Wire:
    """One open connection. Not for several threads at once. `told` names the other side in messages."""

    def __init__(self, connection: socket.socket, told: str) -> None:
        self._socket = connection
        self._told = told
        self._room = bytearray(LONGEST_PDU + HEADER_BYTES)
        self._view = memoryview(self._room)
        self._start = self._end = 0
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes | memoryview, timeout_s: float) -> None:
        """Send all of `data`. Raises ConnectionLost, NoAnswer (the peer takes nothing for so long)."""
        self._socket.settimeout(timeout_s)
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise NoAnswer(f"{self._told} has taken no data for {timeout_s:.0f} s: the work is broken off.") from error
        except OSError as error:
            raise self._lost(error) from error

    def pdu(self, timeout_s: float) -> tuple[int, memoryview]:
        """The next PDU: its type, and its body, which is good until the next call.

        Raises NoAnswer where it is not whole after `timeout_s`; ConnectionLost; WrongAnswer.
        """
        until_s = time.monotonic() + timeout_s
        self._fill(HEADER_BYTES, until_s, timeout_s)
        kind, length = struct.unpack_from(">BxI", self._room, self._start)
        if not ASSOCIATE_RQ <= kind <= ABORT:
            raise WrongAnswer(f"{self._told} does not speak DICOM: check the port.")
        if length > LONGEST_PDU:
            raise WrongAnswer(f"{self._told} sends a PDU of {length} bytes, we take {LONGEST_PDU}: it is not read.")
        self._fill(HEADER_BYTES + length, until_s, timeout_s)
        body = self._view[self._start + HEADER_BYTES : self._start + HEADER_BYTES + length]
        self._start += HEADER_BYTES + length
        return kind, body

    def has_input(self, timeout_s: float) -> bool:
        """Whether something has come, or comes within so many seconds."""
        if self._start < self._end or (isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()):
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(timeout_s))

    def close(self) -> None:
        """Let go of the connection. Harmless when closed."""
        self._socket.close()

    def _fill(self, need: int, until_s: float, timeout_s: float) -> None:
        """Have `need` bytes from `_start` on."""
        if self._start == self._end:
            self._start = self._end = 0
        elif self._start + need > len(self._room):
            rest = self._room[self._start : self._end]
            self._room[: len(rest)] = rest
            self._start, self._end = 0, len(rest)
        while self._end - self._start < need:
            self._socket.settimeout(max(until_s - time.monotonic(), 0.001))
            try:
                if _QUICK_ACK is not None:
                    self._socket.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
                got = self._socket.recv_into(self._view[self._end :])
            except TimeoutError as error:
                raise NoAnswer(
                    f"{self._told} gives no answer for {timeout_s:.0f} s: the work is broken off."
                ) from error
            except OSError as error:
                raise self._lost(error) from error
            if not got:
                raise ConnectionLost(f"{self._told} closed the connection before it answered: try again later.")
            self._end += got

    def _lost(self, error: OSError) -> ConnectionLost:
        return ConnectionLost(f"The connection to {self._told} broke ({reason(error)}): try again later.")


def reason(error: OSError) -> str:
    """Why, in few words."""
    said = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else getattr(error, "reason", None)
    return said or error.strerror or str(error) or type(error).__name__
