"""Signs an object before it is first stored, and tells one that is stored from it by all but its signatures."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from acquisition.cine import FileRange
from dicom_io.coding.concept import Concept
from dicom_io.context import new_uid
from dicom_io.dataset.raw_items import element, item, sequence
from dicom_io.encoded import EncodedObject, Part
from dicom_io.errors import NotDicom
from dicom_io.signatures.mac_stream import MAC_PARAMETERS, SIGNATURES, Reader, can_be_signed, data_set_start, elements
from dicom_io.signatures.profiles import ALL_ID, CONTENT_ID, digested, is_content, is_readable

if TYPE_CHECKING:
    from hashlib import _Hash

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

_SOURCE: Final = Concept("14", "ASTM-sigpurpose", "Source Signature")


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
        if not is_readable(obj.transfer_syntax_uid):
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
                    if is_content(tag):
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
        for piece in (*said, *digested(told)):
            digest.update(piece)
        signature = self._key.sign(digest.digest(), PKCS1v15(), Prehashed(SHA256()))
        return item(*said, _bytes(0x04000115, self._certificate), _bytes(0x04000120, signature), told)


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
