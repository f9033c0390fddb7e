"""Secure connections (PS3.15, B.12: the BCP 195 profile): TLS 1.2 or newer with forward secrecy, certificates on both sides.

Whom we trust is told by a file of certificates for this server, not by the system's list: a hospital has its own authority.
"""

from __future__ import annotations

import os
import ssl
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dicom_io.errors import BadCertificate

#: For TLS 1.2; those of TLS 1.3 all are of this kind (RFC 9325, 4.2).
_SUITES: Final = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM"


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM: `trusted` certificates, our own certificate (with its chain) and its key, 0600.

    `any_name`: the server's certificate need not name the host that we call; it must be from who is trusted still.
    """

    trusted: Path
    certificate: Path
    key: Path
    any_name: bool = False
    key_password: str = field(default="", repr=False)


def calling_context(files: Tls) -> ssl.SSLContext:
    """For connections that we open. Raises BadCertificate."""
    context = _context(files, ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = not files.any_name
    return context


def called_context(files: Tls) -> ssl.SSLContext:
    """For connections that others open to us: who has no trusted certificate gets nothing. Raises BadCertificate."""
    return _context(files, ssl.PROTOCOL_TLS_SERVER)


def _context(files: Tls, protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    check_key_mode(files.key)
    try:
        context.load_verify_locations(files.trusted)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise _unusable(files.trusted, "certificates to trust", error) from error
    try:
        context.load_cert_chain(files.certificate, files.key, lambda: files.key_password)
    except (OSError, ValueError) as error:
        raise _unusable(files.certificate, f"certificate with the key {files.key}", error) from error
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def check_key_mode(key: Path) -> None:
    """A key that others can read is none. Windows has other means."""
    if os.name != "posix":
        return
    try:
        mode = key.stat().st_mode
    except OSError as error:
        raise _unusable(key, "key", error) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadCertificate(f"The key {key} can be read by others: run `chmod 600 {key}` and, better, make a new one.")


def _unusable(path: Path, what: str, error: Exception) -> BadCertificate:
    why = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return BadCertificate(
        f"{path} is not usable as {what} ({why}): check the file, and its key's passphrase where it has one."
    )
