"""Files of the archive to a server, one association for all of them; what became of each. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from archive import ObjectRow
from dicom_io.errors import CannotOpen, DicomError, NetworkError, NotAccepted, NotDicom
from dicom_io.network import Node, ObjectFile, Patience, associate, object_file, proposals, store
from dicom_io.web import WebConnection, WebServer, batches, send

Told = Callable[[int, int], None]  #: bytes sent, bytes in all


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one object. `status` is the server's answer, None where it gave none; `what` a sentence, or empty."""

    sop_instance_uid: str
    sop_class: str
    transfer_syntax: str
    ok: bool
    status: int | None
    what: str

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "status": None if self.status is None else f"{self.status:04X}"}


def send_objects(
    node: Node | WebServer, rows: Sequence[ObjectRow], patience: Patience | None = None, told: Told | None = None
) -> list[Sent]:
    """Send each object and wait for every answer; one that fails does not hold the others up.

    Where the association breaks, what was not answered by then has failed, with the same sentence. It never raises
    NetworkError: the sentence stands at each object.
    """
    results: dict[str, Sent] = {}
    files: list[tuple[ObjectRow, ObjectFile]] = []
    for row in rows:
        try:
            files.append((row, object_file(row.file)))
        except (NotDicom, CannotOpen) as error:
            results[row.sop_instance_uid] = _failed(row, error)
    if isinstance(node, WebServer):
        _by_web(node, files, results, patience, told)
        return [results[row.sop_instance_uid] for row in rows]
    total, done = sum(file.length for _, file in files), 0
    try:
        if files:
            with associate(node, proposals([file for _, file in files]), patience) as association:
                for row, file in files:
                    try:
                        answer = store(association, file)
                    except (NotAccepted, CannotOpen) as error:
                        results[row.sop_instance_uid] = _failed(row, error)
                    else:
                        results[row.sop_instance_uid] = _sent(row, answer.ok, answer.status, answer.what)
                    done += file.length
                    if told:
                        told(done, total)
    except NetworkError as error:
        for row, _ in files:
            results.setdefault(row.sop_instance_uid, _failed(row, error))
    return [results[row.sop_instance_uid] for row in rows]


def _by_web(
    server: WebServer,
    files: Sequence[tuple[ObjectRow, ObjectFile]],
    results: dict[str, Sent],
    patience: Patience | None,
    told: Told | None,
) -> None:
    """As by associations: small objects go together, and what was not answered has failed."""
    by_uid = {file.sop_instance_uid: row for row, file in files}
    total, done = sum(file.length for _, file in files), 0
    try:
        with WebConnection(server, patience) as connection:
            for batch in batches([file for _, file in files]):
                for answer in send(connection, batch):
                    row = by_uid[answer.sop_instance_uid]
                    results[row.sop_instance_uid] = _sent(row, answer.ok, answer.reason, answer.what)
                done += sum(file.length for file in batch)
                if told:
                    told(done, total)
    except (NetworkError, CannotOpen) as error:
        for row, _ in files:
            results.setdefault(row.sop_instance_uid, _failed(row, error))


def _sent(row: ObjectRow, ok: bool, status: int | None, what: str) -> Sent:
    return Sent(row.sop_instance_uid, row.sop_class, row.transfer_syntax, ok, status, what)


def _failed(row: ObjectRow, error: DicomError) -> Sent:
    return _sent(row, False, None, str(error))
