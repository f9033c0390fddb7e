"""A study from a server into the archive, by C-GET or WADO-RS on our own connection, or by C-MOVE to us. No Qt."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from archive import Archive
from dicom_io.network import Node, Patience, get_study, move_study
from dicom_io.web import WebServer
from workstation.network.receiving import Receiving
from workstation.network.remote import RemoteArchive


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What the server says, and how many objects of the study were kept meanwhile."""

    study_instance_uid: str
    completed: int
    failed: int
    kept: int

    @property
    def whole(self) -> bool:
        """Whether everything that the server has of it is here."""
        return not self.failed and self.completed == self.kept > 0

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "ok": self.whole}


def retrieve(
    archive: Archive,
    node: Node,
    study_instance_uid: str,
    move_to: tuple[str, int] | None = None,
    patience: Patience | None = None,
) -> Retrieved:
    """Bring the study here: by C-GET, or with `move_to` (host, port) by C-MOVE. Raises NetworkError's kinds."""
    host, port = move_to or ("127.0.0.1", 0)
    receiving = Receiving(archive, node.calling_title, [node], host, port, patience, node.tls)
    try:
        if move_to is None:
            brought = get_study(node, study_instance_uid, receiving.store, patience)
        else:
            receiving.server.start()
            brought = move_study(node, study_instance_uid, node.calling_title, patience)
    finally:
        receiving.close()
    kept = receiving.studies[study_instance_uid]
    return Retrieved(study_instance_uid, brought.completed + brought.warned, brought.failed, kept)


def retrieve_by_web(
    archive: Archive, server: WebServer, study_instance_uid: str, patience: Patience | None = None
) -> tuple[Retrieved, list[str]]:
    """Bring the study here by WADO-RS; and a sentence for each object that could not be kept. Raises NetworkError's kinds."""
    brought = RemoteArchive(server, patience).bring(archive, study_instance_uid)
    failed = len(brought.wrong)
    return Retrieved(study_instance_uid, brought.kept, failed, brought.kept), brought.wrong
