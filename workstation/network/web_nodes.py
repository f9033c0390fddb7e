"""Web servers (DICOMweb) among those that this workplace knows; they stand in the same file as the others (`nodes`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from dicom_io.web import WebServer, is_web_address
from workstation.network.secrets import find_secret

if TYPE_CHECKING:
    from collections.abc import Sequence


class KnownWeb(BaseModel):
    """One web server as the file says it. Its password and its key's passphrase are among the secrets."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str
    url: str
    user: str = ""
    has_password: bool = False
    trusted: str = ""
    certificate: str = ""
    key: str = ""
    has_passphrase: bool = False

    def server(self) -> WebServer:
        """The server itself. Raises BadAddress where the file was written by hand, and wrongly; SecretsUnusable."""
        return WebServer(
            self.url,
            self.name,
            self.user,
            find_secret(password_name(self.name)) if self.has_password else "",
            trusted=_file(self.trusted),
            certificate=_file(self.certificate),
            key=_file(self.key),
            key_password=find_secret(f"tls-key {self.name}") if self.has_passphrase else "",
        )


def _file(name: str) -> Path | None:
    return Path(name) if name else None


def password_name(node_name: str) -> str:
    """Under which name the password at a web server is kept."""
    return f"web-password {node_name}"


def web_server_of(told: str, known: Sequence[KnownWeb]) -> WebServer | None:
    """The web server of a name or of an address: a known one, with its user and certificates, or one at that address.

    None where it is neither. Raises BadAddress, SecretsUnusable.
    """
    for one in known:
        if told == one.name or (is_web_address(told) and told.rstrip("/") == one.url.rstrip("/")):
            return one.server()
    return WebServer(told) if is_web_address(told) else None
