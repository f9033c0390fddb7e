"""`python -m tests.workstation.dying_save ARCHIVE DRAFT SPOOL`: saves a draft into copies of an archive, and dies.

In ARCHIVE-n it dies at the n-th call that changes the disk; one time in between, until one comes through. The copies stay.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import dicom_io.report.content  # noqa: F401 (imported once, before the forks)
from acquisition import Clip, leftover_streams
from archive import Archive
from tests.archive.crashing import DEAD, die_at
from workstation.drafts import KeptStudy
from workstation.studies.study import StudyInHand


def restored(draft: Path, spool: Path) -> StudyInHand:
    kept = KeptStudy.model_validate_json(draft.read_bytes())
    study = StudyInHand(kept.visit, document=kept.document, reported=kept.reported, reason=kept.reason)
    streams = {stream.stream_id: stream for stream in leftover_streams(spool)}
    for capture in kept.captures:
        stream = streams[capture.stream_id]
        assert stream.description is not None
        frames = [frame for frame in stream.frames if capture.first <= frame.index <= capture.last]
        study.add_still(Clip(stream.description, frames))
    return study


def sweep(root: Path, act: Callable[[Archive], object], step: int) -> None:
    """Does `act` on copies of an archive, ROOT-1, ROOT-(1 + step)…, dying in each at that call, until one comes through."""
    status, limit = DEAD, 1
    while status == DEAD:
        copy = root.with_name(f"{root.name}-{limit}")
        shutil.copytree(root, copy)
        child = os.fork()
        if child == 0:
            with Archive(copy) as archive:
                die_at(limit)
                act(archive)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        limit += step
    if status:
        sys.exit(f"the child of step {limit} failed")


if __name__ == "__main__":
    sweep(Path(sys.argv[1]), restored(Path(sys.argv[2]), Path(sys.argv[3])).save, step=3)
