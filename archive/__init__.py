"""The archive: keeps DICOM objects. Files are the truth, a ledger of digests proves them, an index makes them quick to find.

    with Archive("/data/clinic") as archive:
        path = archive.put(encoded_object)      # durable when it returns
        for study in archive.studies(limit=100):
            print(study.date, archive.objects(study.study_instance_uid))
        assert archive.verify().ok

It knows nothing of what the findings mean. Its folder may be copied; the copy verifies.
"""

from archive.checkpoint import Checkpoint, Continuation, Inclusion, SignedCheckpoint
from archive.errors import (
    AlreadyStored,
    ArchiveDenied,
    ArchiveError,
    ArchiveFull,
    NotFound,
    NotStorable,
    ProofUnreadable,
    SourceHarmed,
    UnderHold,
)
from archive.holds import Hold
from archive.index import ObjectRow, StudyRow
from archive.ledger import LedgerPlace
from archive.store import Archive
from archive.verify import Problem, Verification

__all__ = [
    "AlreadyStored",
    "Archive",
    "ArchiveDenied",
    "ArchiveError",
    "ArchiveFull",
    "Checkpoint",
    "Continuation",
    "Hold",
    "Inclusion",
    "LedgerPlace",
    "NotFound",
    "NotStorable",
    "ObjectRow",
    "Problem",
    "ProofUnreadable",
    "SignedCheckpoint",
    "SourceHarmed",
    "StudyRow",
    "UnderHold",
    "Verification",
]
