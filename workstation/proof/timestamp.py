"""Time stamps of a checkpoint by an authority outside (RFC 3161): that the ledger's state existed by a time that is not ours.

The answer is kept as the authority gave it (DER, a `.tsr` file), so that others check it by their own tools:
`openssl ts -verify -data checkpoint.txt -in checkpoint.txt.tsr -CAfile authority.pem`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.errors import ProofUnreadable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_LONGEST: Final = 1 << 20  #: bytes of an answer
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class NotStamped(Exception):
    """There is no time stamp that counts; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What an authority said: the time, its policy (an OID), its serial number, and the answer itself."""

    at: datetime
    policy: str
    serial: int
    answer: bytes


def ask_time_stamp(url: str, data: bytes, trusted: Path, *, timeout_s: float = 20) -> TimeStamp:
    """Asks the authority at `url` to stamp `data`, of which it gets the digest alone. Raises NotStamped."""
    import urllib3
    from rfc3161_client import TimestampRequestBuilder

    request = TimestampRequestBuilder().data(data).nonce(nonce=True).cert_request(cert_request=True).build()
    where = f"The time-stamping authority {url}"
    try:
        with urllib3.PoolManager(retries=False, timeout=timeout_s) as pool:
            reply = pool.request(
                "POST",
                url,
                body=request.as_bytes(),
                headers={"Content-Type": _QUERY, "Accept": _REPLY},
                preload_content=False,
            )
            answer = reply.read(_LONGEST + 1)
    except urllib3.exceptions.HTTPError as error:
        raise NotStamped(f"{where} does not answer ({type(error).__name__}).") from error
    if reply.status != 200 or len(answer) > _LONGEST:
        raise NotStamped(f"{where} gave no time stamp (HTTP status {reply.status}).")
    return check_time_stamp(answer, data, trusted, nonce=request.nonce)


def check_time_stamp(answer: bytes, data: bytes, trusted: Path, *, nonce: int | None = None) -> TimeStamp:
    """What an answer says of `data`, by an authority that a certificate of the file `trusted` (PEM) leads to.

    Raises NotStamped where it stamps something else, was changed, or is from nobody who is trusted; ProofUnreadable where it
    is no answer at all.
    """
    from rfc3161_client import PKIStatus, VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        read = decode_timestamp_response(answer)
    except ValueError as error:
        raise ProofUnreadable(
            "This is no answer of a time-stamping authority (RFC 3161, strictly DER: an authority that sends a chain of"
            " certificates out of DER's order, as OpenSSL does, is not read)."
        ) from error
    if read.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
        why = "; ".join(read.status_string)
        raise NotStamped(f"The time-stamping authority refused{f': {why}' if why else ''}.")
    builder = VerifierBuilder()
    for certificate in _certificates(trusted):
        builder = builder.add_root_certificate(certificate)
    if nonce is not None:
        builder = builder.nonce(nonce)
    try:
        builder.build().verify_message(read, data)
    except (VerificationError, ValueError) as error:
        raise NotStamped(f"The time stamp does not hold for this text: {str(error).strip().rstrip('.')}.") from error
    info = read.tst_info
    return TimeStamp(info.gen_time, info.policy.dotted_string, info.serial_number, answer)


def _certificates(trusted: Path) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(trusted.read_bytes())
    except OSError as error:
        raise NotStamped(f"The certificates {trusted} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise NotStamped(f"{trusted} holds no certificates in PEM.") from error
