"""The workplace's certificate for digital signatures in DICOM objects: made here, or the clinic's own.

`signature-key.pem` (RSA, mode 0600) and `signature-certificate.pem` in the configuration folder. Where they are, each object
that this workplace makes is signed before it is first stored; where they are not, nothing is signed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from annotation.autosave import write_durably
from workstation.proof.keys import KeyUnusable, check_mode
from workstation.settings import settings_path

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

    from dicom_io.signatures.signing import Signer

_BITS = 2048
_YEARS = 10


def certificate_path() -> Path:
    """The certificate, which goes into each signed object; also what dcmsign is given as trusted."""
    return settings_path().with_name("signature-certificate.pem")


def _key_path() -> Path:
    return settings_path().with_name("signature-key.pem")


def set_up_signatures(name: str, key_file: Path | None = None, certificate_file: Path | None = None) -> Certificate:
    """Signs from now on: with the clinic's key and certificate where they are given, else with new ones of that name.

    Raises KeyUnusable where they are not an RSA key and its certificate, or a key is there already.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if _key_path().exists():
        raise KeyUnusable(
            f"This workplace signs already: move {_key_path()} away first if another key is to sign from now on."
        )
    if key_file is not None and certificate_file is not None:
        key, certificate = _read(key_file, certificate_file)
    else:
        key = generate_private_key(65537, _BITS)
        certificate = _self_signed(name, key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    try:
        _key_path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(certificate.public_bytes(Encoding.PEM).decode(), certificate_path())
        write_durably(pem, _key_path(), mode=0o600)
    except OSError as error:
        raise KeyUnusable(f"The key cannot be kept in {_key_path().parent}: {error.strerror}.") from error
    return certificate


def workplace_signer() -> Signer | None:
    """Who signs here; None where signatures were not set up. Raises KeyUnusable where key or certificate cannot be used."""
    if not _key_path().exists():
        return None
    return _signer(_key_path(), certificate_path(), _key_path().stat().st_mtime_ns)


@cache
def _signer(key_file: Path, certificate_file: Path, _changed: int) -> Signer:
    from dicom_io.signatures.signing import Signer

    try:
        check_mode(key_file)
    except OSError as error:
        raise KeyUnusable(f"The signature key {key_file} cannot be read: {error.strerror}.") from error
    return Signer(*_read(key_file, certificate_file))


def _read(key_file: Path, certificate_file: Path) -> tuple[RSAPrivateKey, Certificate]:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        certificate = load_pem_x509_certificate(certificate_file.read_bytes())
    except OSError as error:
        raise KeyUnusable(f"{error.filename} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise KeyUnusable(
            f"{key_file} and {certificate_file} have to be a PEM key without passphrase and a PEM certificate."
        ) from error
    if not isinstance(key, RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise KeyUnusable(f"{certificate_file} is not the certificate of the RSA key {key_file}.")
    if certificate.not_valid_before_utc >= _now().replace(microsecond=0):
        # The second in which it begins does not count: dcmsign holds a signature of that second to be too early.
        raise KeyUnusable(
            f"{certificate_file} is valid from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M:%S} UTC: nothing is signed"
            " with it before. If that time has passed, set this machine's clock."
        )
    if certificate.not_valid_after_utc < _now():
        raise KeyUnusable(
            f"{certificate_file} expired on {certificate.not_valid_after_utc:%Y-%m-%d}: nothing is signed with it."
        )
    return key, certificate


def _now() -> datetime:
    return datetime.now(UTC)


def _self_signed(name: str, key: RSAPrivateKey) -> Certificate:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import (
        BasicConstraints,
        CertificateBuilder,
        KeyUsage,
        Name,
        NameAttribute,
        random_serial_number,
    )
    from cryptography.x509.oid import NameOID

    try:
        who = Name([NameAttribute(NameOID.COMMON_NAME, name)])
    except ValueError as error:
        raise KeyUnusable("The name in a certificate has 1 to 64 characters.") from error
    now = _now()
    usage = KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        CertificateBuilder(subject_name=who, issuer_name=who, public_key=key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
