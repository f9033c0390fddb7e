"""A node: one application entity of the network, by its title and address, and how long we wait for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dicom_io.errors import BadAddress
from dicom_io.network.tls import Tls

OWN_TITLE: Final = "SONOFILL"
_ADDRESS = re.compile(r"(?P<title>[^@]+)@(?:\[(?P<six>[0-9A-Fa-f:.%]+)\]|(?P<host>[^:@\[\]\s]+)):(?P<port>\d{1,5})")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds: for the connection, for the association, and for an answer or for room to send."""

    connect_s: float = 10.0
    associate_s: float = 30.0
    answer_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Node:
    """A server: its AE title, where it listens, the title by which we call it, and how it is secured."""

    ae_title: str
    host: str
    port: int
    calling_title: str = OWN_TITLE
    name: str = ""
    tls: Tls | None = None

    def __post_init__(self) -> None:
        """Raises BadAddress."""
        check_title(self.ae_title)
        check_title(self.calling_title)
        if not 1 <= self.port <= 65535:
            raise BadAddress(
                f"{self.port} is not a port: it is a number from 1 to 65535, for DICOM mostly 104 or 11112."
            )

    @property
    def address(self) -> str:
        """TITLE@HOST:PORT."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.ae_title}@{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.name} ({self.address})" if self.name else self.address


def check_title(title: str) -> str:
    """`title` itself where it may be an AE title (PS3.5, VR AE). Raises BadAddress."""
    if (
        not 1 <= len(title) <= 16
        or title != title.strip()
        or "\\" in title
        or not title.isascii()
        or not title.isprintable()
    ):
        raise BadAddress(f"{title[:40]!r} is not an AE title: it has 1 to 16 ASCII characters, no backslash.")
    return title


def parse_address(text: str, calling_title: str = OWN_TITLE) -> Node:
    """The node of TITLE@HOST:PORT; an IPv6 address stands in brackets. Raises BadAddress."""
    found = _ADDRESS.fullmatch(text.strip())
    if not found:
        raise BadAddress(
            f"{text[:80]!r} is not a server's address: write TITLE@HOST:PORT, such as PACS@192.168.1.20:104."
        )
    return Node(found["title"], found["six"] or found["host"], int(found["port"]), calling_title)
