"""A study with its encounter into the archive. Slow, so for a worker thread. No Qt."""

from __future__ import annotations

from archive import Archive
from workstation.encounter.in_hand import Kept
from workstation.studies.encounters import reported_changes, store_encounter
from workstation.studies.study import SavedStudy, StudyInHand


def save_both(archive: Archive, study: StudyInHand, kept: Kept | None) -> SavedStudy:
    """Write the study, and the record of its encounter where there is one (None: nobody told anything of it).

    Raises the archive's errors, and NotEncodable.
    """
    if kept is None:
        return study.save(archive)
    study.changes = reported_changes(kept.record)
    saved = study.save(archive)
    document = store_encounter(archive, kept.record, study.visit.study())
    return SavedStudy(saved.study_instance_uid, (*saved.files, document), saved.already_there)
