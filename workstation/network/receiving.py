"""Studies that others send to this workplace: into the archive, from who is known alone. No Qt."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from acquisition.cine import FileRange
from archive import AlreadyStored, Archive, ArchiveDenied, ArchiveError, ArchiveFull, NotStorable
from archive.outbox import Queue, reported
from dicom_io import EncodedObject
from dicom_io.network import (
    KnownCallers,
    Node,
    Patience,
    Received,
    Report,
    Server,
    Tls,
    commitment_offers,
    report_handler,
    storage_offers,
    store_handler,
)
from dicom_io.network import command as dimse
from dicom_io.network.receive import DUPLICATE, NO_ROOM, NOT_UNDERSTOOD

log = logging.getLogger(__name__)


class Receiving:
    """A listening place for an archive: studies to keep, and reports of commitment for its outbox."""

    def __init__(
        self,
        archive: Archive,
        title: str,
        nodes: list[Node],
        host: str = "",
        port: int = 0,
        patience: Patience | None = None,
        tls: Tls | None = None,
    ) -> None:
        self._archive = archive
        self._queue = Queue(archive.root)
        self._open = ExitStack()
        scratch = self._open.enter_context(archive.scratch())
        self._lock = threading.Lock()
        self.studies: Counter[str] = Counter()
        self.refused = 0
        self.store = store_handler(scratch, self._keep)
        self.server = Server(
            title,
            KnownCallers(nodes),
            {**storage_offers(), **commitment_offers()},
            {
                dimse.C_STORE: self.store,
                dimse.N_EVENT_REPORT: report_handler(self._take),
            },
            host=host,
            port=port,
            patience=patience,
            tls=tls,
        )

    def close(self) -> None:
        """End the open associations; what was answered is in the archive."""
        self.server.stop()
        self._open.close()
        self._queue.close()

    def _keep(self, received: Received) -> int:
        status = self._put(received)
        with self._lock:
            if status == 0:
                self.studies[received.study_instance_uid] += 1
            else:
                self.refused += 1
        return status

    def _put(self, received: Received) -> int:
        try:
            self._archive.put(_as_object(received))
        except AlreadyStored:
            log.warning("Object %s came with other content than it is stored with.", received.sop_instance_uid)
            return DUPLICATE
        except NotStorable:
            return NOT_UNDERSTOOD
        except (ArchiveFull, ArchiveDenied, ArchiveError) as error:
            log.warning("An object cannot be kept: %s", error)
            return NO_ROOM
        return 0

    def _take(self, report: Report) -> bool:
        return reported(self._queue, report.transaction_uid, report.committed, report.failed)


def _as_object(received: Received) -> EncodedObject:
    path: Path = received.path
    return EncodedObject(
        sop_instance_uid=received.sop_instance_uid,
        sop_class_uid=received.sop_class_uid,
        transfer_syntax_uid=received.transfer_syntax_uid,
        study_instance_uid=received.study_instance_uid,
        series_instance_uid=received.series_instance_uid,
        number_of_frames=1,
        parts=(FileRange(path, 0, path.stat().st_size),),
    )
