"""Digital signatures of DICOM (PS3.15, annex C): put in before an object is first stored, checked by DCMTK's dcmsign too.

Each object is signed twice. One signature (the creator's, PS3.15 C.2) covers every attribute and the pixels; the other covers
the pictures and the report apart from whose they are. So when an archive puts a name right, the first one fails and the
second holds: the content is intact, the identity was changed.

dcmsign does not notice an attribute that was added where the creator's profile does not ask for it, nor that one of several
signatures was taken out. `check_signatures` tells both.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info

from acquisition.cine import FileRange
from dicom_io.coding.concept import Concept
from dicom_io.context import new_uid
from dicom_io.dataset.lenient import read_dataset
from dicom_io.dataset.parse import damage_as
from dicom_io.dataset.raw_items import element, item, sequence
from dicom_io.encoded import EncodedObject, Part
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

if TYPE_CHECKING:
    from hashlib import _Hash

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate
    from pydicom.dataset import Dataset

ALL_ID, CONTENT_ID = 1, 2  #: MAC ID numbers: all attributes; pictures and report
_SOURCE: Final = Concept("14", "ASTM-sigpurpose", "Source Signature")
#: Groups that hold pictures, regions, segments, drawings and documents; besides: what the object is, and a report's tree.
_CONTENT_GROUPS: Final = frozenset((0x0018, 0x0028, 0x0042, 0x0062, 0x0066, 0x0070, 0x5200, 0x7FE0))
_CONTENT_TREE: Final = 0x0040A730
_DOCUMENT: Final = 0x00420011
_CONTENT_TAGS: Final = frozenset((0x00080016, 0x00080018, 0x0040A040, 0x0040A043, _CONTENT_TREE))

Verdict = Literal["unsigned", "intact", "identity changed", "changed"]


class Signer:
    """Signs objects with an RSA key; `certificate` goes into each object, so that its name is read there."""

    def __init__(self, key: RSAPrivateKey, certificate: Certificate) -> None:
        from cryptography.hazmat.primitives.serialization import Encoding

        self._key = key
        self._certificate = certificate.public_bytes(Encoding.DER)

    def sign(self, obj: EncodedObject) -> EncodedObject:
        """The object with both signatures; one that has signatures, or cannot be signed as it is encoded, is handed back.

        Raises NotDicom where its bytes are no data set.
        """
        if not _is_readable(obj.transfer_syntax_uid):
            return obj
        every, content = sha256(), sha256()
        every_tags: list[int] = []
        content_tags: list[int] = []
        before_mac = end = obj.size
        with ExitStack() as stack:
            reader = Reader(obj.parts, stack)
            data_set_start(reader)
            for tag, start, vr, pieces in elements(reader):
                if tag in (MAC_PARAMETERS, SIGNATURES):
                    return obj
                before_mac = min(before_mac, start) if tag > MAC_PARAMETERS else before_mac
                end = min(end, start) if tag > SIGNATURES else end
                into = []
                if can_be_signed(tag, vr):
                    every_tags.append(tag)
                    into.append(every)
                    if _is_content(tag):
                        content_tags.append(tag)
                        into.append(content)
                for piece in pieces:
                    for digest in into:
                        digest.update(piece)
        parameters = sequence(
            "MACParametersSequence",
            [_parameters(obj, number, tags) for number, tags in ((ALL_ID, every_tags), (CONTENT_ID, content_tags))],
        )
        signatures = sequence(
            "DigitalSignaturesSequence", [self._signature(ALL_ID, every), self._signature(CONTENT_ID, content)]
        )
        parts = _inserted(_inserted(obj.parts, end, signatures), before_mac, parameters)
        return replace(obj, parts=tuple(parts))

    def as_stored(self, obj: EncodedObject, stored: Path) -> EncodedObject:
        """The object as it is stored, with its signatures, where it is the same but for them; else as it was given."""
        try:
            known = unsigned(stored)
            same = _digest(known) == _digest(obj.parts)
        except (NotDicom, OSError):
            return obj
        return replace(obj, parts=(FileRange(stored, 0, stored.stat().st_size),)) if same else obj

    def _signature(self, number: int, digest: _Hash) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        from cryptography.hazmat.primitives.hashes import SHA256

        now = datetime.now(UTC).strftime("%Y%m%d%H%M%S.%f+0000")
        purpose = item(
            element("CodeValue", _SOURCE.value),
            element("CodingSchemeDesignator", _SOURCE.scheme),
            element("CodeMeaning", _SOURCE.meaning),
        )
        said = [
            element("MACIDNumber", number),
            element("DigitalSignatureUID", new_uid()),
            element("DigitalSignatureDateTime", now),
            element("CertificateType", "X509_1993_SIG"),
        ]
        told = sequence("DigitalSignaturePurposeCodeSequence", [purpose])
        for piece in (*said, *_digested(told)):
            digest.update(piece)
        signature = self._key.sign(digest.digest(), PKCS1v15(), Prehashed(SHA256()))
        return item(*said, _bytes(0x04000115, self._certificate), _bytes(0x04000120, signature), told)


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
            if not _is_readable(transfer_syntax):
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
    content = {tag for tag in present if tag in (PIXEL_DATA, _CONTENT_TREE, _DOCUMENT)}
    broken_inside = any(tags.get(number, set()) <= shown for number in signed - good)
    if not good or not content <= shown or broken_inside or any(_is_content(tag) or _is_overlay(tag) for tag in added):
        return "changed"
    return "identity changed"


def _is_overlay(tag: int) -> bool:
    """Planes that are drawn over a picture (60xx, and the retired 50xx)."""
    return tag >> 24 in (0x60, 0x50)


def unsigned(path: Path) -> list[Part]:
    """A file but for its signatures: byte for byte what was signed. Raises NotDicom, OSError."""
    kept: list[Part] = []
    begin = 0
    with ExitStack() as stack:
        reader = Reader([FileRange(path, 0, path.stat().st_size)], stack)
        data_set_start(reader)
        for tag, start, _, pieces in elements(reader):
            for _ in pieces:
                pass
            if tag in (MAC_PARAMETERS, SIGNATURES):
                kept.append(FileRange(path, begin, start - begin))
                begin = reader.at
        kept.append(FileRange(path, begin, reader.size - begin))
    return kept


def _digest(parts: Sequence[Part]) -> bytes:
    found = sha256()
    with ExitStack() as stack:
        reader = Reader(parts, stack)
        for piece in reader.pieces(reader.size):
            found.update(piece)
    return found.digest()


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
        yield from _digested(sequence("DigitalSignaturePurposeCodeSequence", [purpose]))


def _digested(raw: bytes) -> list[bytes]:
    with ExitStack() as stack:
        return [piece for _, _, _, pieces in elements(Reader([raw], stack)) for piece in pieces]


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


def _is_readable(transfer_syntax: str) -> bool:
    """Explicit VR little endian, encapsulated or not."""
    return transfer_syntax == "1.2.840.10008.1.2.1" or (
        transfer_syntax.startswith(("1.2.840.10008.1.2.4.", "1.2.840.10008.1.2.5"))
    )


def _is_content(tag: int) -> bool:
    return tag >> 16 in _CONTENT_GROUPS or tag in _CONTENT_TAGS


def _parameters(obj: EncodedObject, number: int, tags: Sequence[int]) -> bytes:
    signed = b"".join(struct.pack("<HH", tag >> 16, tag & 0xFFFF) for tag in tags)
    return item(
        element("MACIDNumber", number),
        element("MACCalculationTransferSyntaxUID", obj.transfer_syntax_uid),
        element("MACAlgorithm", "SHA256"),
        struct.pack("<HH2sH", 0x0400, 0x0020, b"AT", len(signed)) + signed,
    )


def _bytes(tag: int, value: bytes) -> bytes:
    value += b"\0" * (len(value) & 1)
    return struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, b"OB", 0, len(value)) + value


def _inserted(parts: Sequence[Part], at: int, new: bytes) -> list[Part]:
    """The parts with `new` put in at an offset of the whole."""
    made: list[Part] = []
    for part in parts:
        size = len(part) if isinstance(part, bytes) else part.length
        if 0 <= at < size:
            before, after = _cut(part, at)
            made += [*before, new, *after]
        else:
            made.append(part)
        at -= size
    return made if at != 0 else [*made, new]


def _cut(part: Part, at: int) -> tuple[list[Part], list[Part]]:
    if isinstance(part, bytes):
        return ([part[:at]] if at else []), [part[at:]]
    after: list[Part] = [replace(part, offset=part.offset + at, length=part.length - at)]
    return ([replace(part, length=at)] if at else []), after
