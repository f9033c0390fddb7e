"""A DICOMweb server: where its services begin, how it is secured, and as whom we ask."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dicom_io.errors import BadAddress

_SCHEMES: Final = ("https://", "http://")


def is_web_address(text: str) -> bool:
    """Whether a text is meant to be the address of a web server."""
    return text.casefold().startswith(_SCHEMES)


@dataclass(frozen=True, slots=True)
class WebServer:
    """`url` is the root of the services, such as https://pacs.example.org/dicom-web.

    `trusted` is a file of certificates (PEM) of the authority that we trust; without one it is the system's list.
    `certificate` and `key` are our own, where the server asks for them. With a `user`, the password goes over TLS alone,
    or stays on this machine.
    """

    url: str
    name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    trusted: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    key_password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raises BadAddress."""
        try:
            parts = urlsplit(self.url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), 0
        plain = self.url.isascii() and self.url.isprintable() and " " not in self.url
        if not is_web_address(self.url) or not parts.hostname or port == 0 or not plain:
            raise BadAddress(f"{self.url[:80]!r} is no web address: write https://HOST[:PORT]/PATH of its DICOMweb.")
        if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
            raise BadAddress("A web address has no user, password, ? or # here: give the user with `node add --user`.")
        if self.user and not self.is_secured and not _is_here(parts.hostname):
            raise BadAddress(f"A password does not go over http to {parts.hostname}: have the server speak https.")
        if (self.certificate is None) != (self.key is None):
            raise BadAddress("Our own certificate needs its key, and the key its certificate: name both files.")

    @property
    def is_secured(self) -> bool:
        """Whether it is called by TLS."""
        return self.url.casefold().startswith("https://")

    @property
    def host(self) -> str:
        """Its name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or (443 if self.is_secured else 80)

    @property
    def path(self) -> str:
        """Where its services begin, without a slash at the end."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def address(self) -> str:
        """The URL without a slash at the end."""
        return self.url.rstrip("/")

    def __str__(self) -> str:
        return f"{self.name} ({self.address})" if self.name else self.address


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
