"""STOW-RS (PS3.18, 10.5): objects stored on a server, each as the bytes that it is, several in one request where small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dicom_io.network.store import ObjectFile
from dicom_io.web.connection import WebConnection
from dicom_io.web.json_model import Row, items_in, number_in, rows_of, text_in
from dicom_io.web.multipart import Outgoing

_BATCH_BYTES: Final = 8 << 20
_BATCH_OBJECTS: Final = 50
_LATER: Final = (0x0110, 0xA700)  #: reasons of a failure that may pass
_WARNINGS: Final = {
    0xB000: "it changed some elements",
    0xB006: "it left some elements out",
    0xB007: "it finds that the object does not fit its SOP class",
}
_FAILURES: Final = {
    0xA700: "it has no room for it now",
    0x0110: "it says that it failed",
    0x0111: "it has another object with this UID already",
    0x0122: "it does not take this kind of object",
    0x0124: "it does not allow us to store",
    0xA900: "it finds that the object does not fit its SOP class",
    0xC000: "it cannot read the object",
    0xC122: "it does not take this transfer syntax",
}


@dataclass(frozen=True, slots=True)
class StoredByWeb:
    """The server's answer for one object. `what` is empty where it is plainly stored, else a sentence."""

    sop_instance_uid: str
    ok: bool
    reason: int | None
    what: str

    @property
    def passing(self) -> bool:
        """Whether the server may take it later."""
        return self.reason in _LATER


def batches(files: Sequence[ObjectFile]) -> Iterator[list[ObjectFile]]:
    """The files in groups for one request each: small ones together, large ones alone."""
    group: list[ObjectFile] = []
    size = 0
    for file in files:
        if group and (size + file.length > _BATCH_BYTES or len(group) >= _BATCH_OBJECTS):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.length
    if group:
        yield group


def send(connection: WebConnection, files: Sequence[ObjectFile]) -> list[StoredByWeb]:
    """Store objects by one request and wait for its answer: one for each of `files`, in their order.

    Raises CannotOpen, and NetworkError's kinds, after which none of them is known to be stored.
    """
    body = Outgoing.of([(file.path, file.offset + file.length) for file in files])
    status, text = connection.json(
        "POST", "/studies", body, **{"Content-Type": body.content_type, "Content-Length": str(body.length)}
    )
    if status not in (200, 202, 409):
        raise connection.refusal(status)
    (said,) = rows_of(text, connection.server)[:1] or [{}]
    stored = {text_in(item, "ReferencedSOPInstanceUID"): item for item in items_in(said, "ReferencedSOPSequence")}
    failed = {text_in(item, "ReferencedSOPInstanceUID"): item for item in items_in(said, "FailedSOPSequence")}
    # Some servers name nothing where all went well; then 200 is their word for all of them.
    plainly = status == 200 and not stored and not failed
    return [_answer(connection, file.sop_instance_uid, stored, failed, plainly) for file in files]


def _answer(
    connection: WebConnection, uid: str, stored: dict[str, Row], failed: dict[str, Row], plainly: bool
) -> StoredByWeb:
    server = connection.server
    if uid in failed:
        reason = number_in(failed[uid], "FailureReason")
        why = _FAILURES.get(reason) or _FAILURES.get(reason & 0xFF00) or "it says that it failed"
        return StoredByWeb(uid, False, reason, f"{server} did not store the object: {why} (reason {reason:04X}H).")
    if uid in stored:
        warning = number_in(stored[uid], "WarningReason")
        what = _WARNINGS.get(warning, "it warns") if warning else ""
        return StoredByWeb(uid, True, None, f"{server} stored the object, but {what} ({warning:04X}H)." if what else "")
    if plainly:
        return StoredByWeb(uid, True, None, "")
    return StoredByWeb(uid, False, None, f"{server} does not say what became of the object: it counts as not stored.")
