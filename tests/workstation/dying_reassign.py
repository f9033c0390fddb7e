"""`python -m tests.workstation.dying_reassign ARCHIVE STUDY`: gives a study in copies of an archive to P2, and dies."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from dicom_io import Patient
from dicom_io.reidentify.images import Rightful
from tests.workstation.dying_save import sweep
from workstation.studies.reassigning import reassign

TO_P2 = Rightful(Patient("P2", "Right^Name"), "Anna", datetime(2026, 11, 30, 9, tzinfo=UTC), "picked the wrong line")

if __name__ == "__main__":
    sweep(Path(sys.argv[1]), partial(reassign, study=sys.argv[2], chosen=frozenset(), rightful=TO_P2), step=97)
