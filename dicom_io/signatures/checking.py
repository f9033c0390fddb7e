"""Checks the signatures in a file by the keys in their own certificates, and says what of it was changed since."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info

from acquisition.cine import FileRange
from dicom_io.dataset.lenient import read_dataset
from dicom_io.dataset.parse import damage_as
from dicom_io.dataset.raw_items import element, item, sequence
from dicom_io.errors import NotDicom
from dicom_io.signatures.mac_stream import (
    MAC_PARAMETERS,
    PIXEL_DATA,
    SIGNATURES,
    Reader,
    can_be_signed,
    data_set_start,
    elements,
)
from dicom_io.signatures.profiles import CONTENT_TREE, DOCUMENT, digested, is_content, is_readable

if TYPE_CHECKING:
    from hashlib import _Hash

    from pydicom.dataset import Dataset

Verdict = Literal["unsigned", "intact", "identity changed", "changed"]


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What the signatures in a file say. `signers` are the names in their certificates, which nobody has vouched for here.

    `added` are attributes (as 'gggg,eeee') that no signature covers and that could have been.
    """

    verdict: Verdict
    signers: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The verdict in words."""
        return {
            "unsigned": "not signed",
            "intact": "signed, every attribute and the content intact",
            "identity changed": "pixels and report intact, identity or other attributes changed",
            "changed": "changed since it was signed",
        }[self.verdict]


def check_signatures(path: Path) -> SignatureCheck:
    """Checks all signatures in a DICOM file by the keys in their own certificates. Raises NotDicom, OSError.

    Whether a certificate is the clinic's is another question, which dcmsign answers with the authority's certificate.
    """
    try:
        with damage_as(lambda error: NotDicom(f"it is damaged: {type(error).__name__}")):
            transfer_syntax = str(read_file_meta_info(path).TransferSyntaxUID)
            if not is_readable(transfer_syntax):
                raise NotDicom("signatures are not checked in its transfer syntax (only in explicit VR little endian)")
            return _check(path, _signature_elements(path), transfer_syntax)
    except InvalidDicomError as error:
        raise NotDicom("it is no DICOM file") from error


def _signature_elements(path: Path) -> Dataset:
    """The two sequences that hold signatures, out of a file that is whole."""
    raw = b""
    with ExitStack() as stack:
        reader = Reader([FileRange(path, 0, path.stat().st_size)], stack)
        data_set_start(reader)
        file = stack.enter_context(path.open("rb"))
        for tag, start, _, pieces in elements(reader):
            for _piece in pieces:
                pass
            if tag in (MAC_PARAMETERS, SIGNATURES):
                file.seek(start)
                raw += file.read(reader.at - start)
    return read_dataset(io.BytesIO(raw), is_implicit_VR=False, is_little_endian=True)


def _check(path: Path, dataset: Dataset, transfer_syntax: str) -> SignatureCheck:
    signed = list(dataset.get("DigitalSignaturesSequence") or [])
    if not signed:
        return SignatureCheck("unsigned")
    tags = {
        int(each.MACIDNumber): {int(tag) for tag in _several(each.DataElementsSigned)}
        for each in dataset.get("MACParametersSequence") or []
    }
    for each in dataset.get("MACParametersSequence") or []:
        if each.MACAlgorithm != "SHA256" or each.MACCalculationTransferSyntaxUID != transfer_syntax:
            raise NotDicom(
                f"its signature's digest ({str(each.MACAlgorithm)[:16]!r}) is of a kind that is not checked here"
            )
    digests = [(each, sha256()) for each in signed]
    covered: set[int] = set().union(*tags.values())
    present: set[int] = set()
    added: list[int] = []
    with ExitStack() as stack:
        reader = Reader([FileRange(path, 0, path.stat().st_size)], stack)
        data_set_start(reader)
        for tag, _, vr, pieces in elements(reader):
            present.add(tag)
            if can_be_signed(tag, vr) and tag not in covered:
                added.append(tag)
            into = [digest for each, digest in digests if tag in tags.get(int(each.MACIDNumber), ())]
            for piece in pieces:
                for digest in into:
                    digest.update(piece)
    holds = {int(each.MACIDNumber): _holds(each, digest) for each, digest in digests}
    good = {number for number, well in holds.items() if well and tags.get(number, {0}) <= present}
    return SignatureCheck(
        _verdict(tags, set(holds), good, present, added),
        tuple(dict.fromkeys(_signer(each) for each in signed)),
        tuple(f"{tag >> 16:04x},{tag & 0xFFFF:04x}" for tag in added),
    )


def _verdict(
    tags: dict[int, set[int]], signed: set[int], good: set[int], present: set[int], added: Sequence[int]
) -> Verdict:
    """`tags` are what each MAC ID covers, `signed` those with a signature, `good` those whose signature holds."""
    if good == signed == set(tags) and not added:
        return "intact"
    shown: set[int] = set().union(*(tags[number] for number in good))
    content = {tag for tag in present if tag in (PIXEL_DATA, CONTENT_TREE, DOCUMENT)}
    broken_inside = any(tags.get(number, set()) <= shown for number in signed - good)
    if not good or not content <= shown or broken_inside or any(is_content(tag) or _is_overlay(tag) for tag in added):
        return "changed"
    return "identity changed"


def _is_overlay(tag: int) -> bool:
    """Planes that are drawn over a picture (60xx, and the retired 50xx)."""
    return tag >> 24 in (0x60, 0x50)


def _holds(signature: Dataset, digest: _Hash) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import load_der_x509_certificate

    try:
        for piece in _said(signature):
            digest.update(piece)
        key = load_der_x509_certificate(_unpadded(signature.CertificateOfSigner)).public_key()
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(signature.Signature, digest.digest(), PKCS1v15(), Prehashed(SHA256()))
    except (InvalidSignature, ValueError, AttributeError, TypeError, struct.error):
        return False
    return True


def _said(signature: Dataset) -> Iterable[bytes]:
    """What a signature digests of itself: all but the certificate, itself, and time stamps put on it later."""
    words = ("MACIDNumber", "DigitalSignatureUID", "DigitalSignatureDateTime", "CertificateType")
    for word in words:
        yield element(word, getattr(signature, word))
    for each in signature.get("DigitalSignaturePurposeCodeSequence") or []:
        purpose = item(*(element(one.keyword, one.value) for one in each))
        yield from digested(sequence("DigitalSignaturePurposeCodeSequence", [purpose]))


def _signer(signature: Dataset) -> str:
    from cryptography.x509 import load_der_x509_certificate

    try:
        certificate = load_der_x509_certificate(_unpadded(signature.CertificateOfSigner))
    except (ValueError, AttributeError, struct.error):
        return "a certificate that cannot be read"
    return certificate.subject.rfc4514_string()


def _unpadded(der: bytes) -> bytes:
    """A certificate without the byte that makes its length even."""
    (length,) = struct.unpack_from(">H", der, 2) if der[1:2] == b"\x82" else (len(der) - 4,)
    return der[: length + 4]


def _several(value: int | Sequence[int]) -> Sequence[int]:
    return [value] if isinstance(value, int) else value
