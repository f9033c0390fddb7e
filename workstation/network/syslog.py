"""Syslog over TLS: messages as RFC 5424 writes them, framed as RFC 5425 does, and a delivery of which the end is known.

The protocol has no answer. So a connection ends by our 'close notify', and what was sent counts as taken once the collector
has closed its side without a reset: its system resets a connection of which it has bytes that nobody read. What a collector
has in memory when it dies is its own matter (rsyslog: a disk-assisted queue).
"""

from __future__ import annotations

import os
import socket
import ssl
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dicom_io.errors import ConnectionLost, NotSecure, Unreachable
from dicom_io.network import Tls
from dicom_io.network.tls import calling_context

_PRIORITY: Final = 85  #: facility 10 (security), severity 5 (notice): PS3.15, A.6.1
_MESSAGE_ID: Final = "DICOM+RFC3881"  #: PS3.15, A.6.1
_BOM: Final = b"\xef\xbb\xbf"
_SIOCOUTQ: Final = 0x5411  #: Linux: bytes that the other side's system has not acknowledged
_PAUSE_S: Final = 0.005


@dataclass(frozen=True, slots=True)
class SyslogMessage:
    """One message: `number` is its place in the trail, which a collector sees as the sequence id, so that it finds a gap or
    a message that came twice.
    """

    at: datetime
    host: str
    number: int
    text: str

    def frame(self) -> bytes:
        """As it goes on the wire: its length in octets, a space, the message (RFC 5425, 4.3)."""
        head = (
            f"<{_PRIORITY}>1 {self.at.isoformat(timespec='milliseconds')} {_word(self.host, 255)} sonofill {os.getpid()}"
            f' {_MESSAGE_ID} [meta sequenceId="{self.number % 2**31}"] '
        )
        message = head.encode("ascii") + _BOM + self.text.encode()
        return f"{len(message)} ".encode("ascii") + message


def deliver(
    host: str, port: int, tls: Tls, messages: Sequence[SyslogMessage], *, connect_s: float = 5, answer_s: float = 10
) -> None:
    """Hands messages over on one connection; when this returns the collector has read them all.

    Raises Unreachable (nobody is there), NotSecure (its certificate or ours is not taken), ConnectionLost (how many
    arrived is not known), BadCertificate.
    """
    context = calling_context(tls)
    where = f"The collector {host}:{port}"
    try:
        plain = socket.create_connection((host, port), connect_s)
    except OSError as error:
        raise Unreachable(f"{where} does not answer ({error.strerror or error}): the trail waits here.") from error
    try:
        plain.settimeout(answer_s)
        try:
            secured = context.wrap_socket(plain, server_hostname=host)
        except ssl.SSLError as error:
            raise NotSecure(
                f"{where} does not show a certificate that is trusted, or speaks no TLS ({error.reason})."
            ) from error
        with secured:
            secured.sendall(b"".join(message.frame() for message in messages))
            _wait_for_acknowledgement(secured, answer_s)
            _close(secured)
    except ssl.SSLError as error:  # our certificate is judged after the first bytes (TLS 1.3)
        raise NotSecure(f"{where} ended the connection ({error.reason}): does it trust our certificate?") from error
    except OSError as error:
        raise ConnectionLost(
            f"{where} broke off ({error.strerror or error}): what it has not taken is sent again."
        ) from error
    finally:
        plain.close()


def _wait_for_acknowledgement(secured: ssl.SSLSocket, limit_s: float) -> None:
    """Until the other side's system has every byte; where that cannot be asked, the end of the connection has to do."""
    if sys.platform != "linux":
        return
    import fcntl

    until = time.monotonic() + limit_s
    while struct.unpack("i", fcntl.ioctl(secured.fileno(), _SIOCOUTQ, b"\0" * 4))[0]:
        if time.monotonic() > until:
            raise TimeoutError(None, "it takes nothing")
        time.sleep(_PAUSE_S)


def _close(secured: ssl.SSLSocket) -> None:
    """Says that this was all, and waits until the collector has closed too. Raises OSError where it broke off instead."""
    try:
        secured.unwrap()
    except (ssl.SSLEOFError, ssl.SSLSyscallError):
        pass  # it closed without saying so in TLS, as many do; a reset is another error
    except ssl.SSLError as error:
        if error.reason not in ("APPLICATION_DATA_AFTER_CLOSE_NOTIFY", "UNEXPECTED_EOF_WHILE_READING"):
            raise


def _word(text: str, most: int) -> str:
    """A header's field: printable ASCII without spaces."""
    return "".join(c if 33 <= ord(c) <= 126 else "_" for c in text)[:most] or "-"
